//! Revocation: CRLs that are stored, given, and issued; what the local CA takes back.

use crate::place::{Place, Run};

const MESSAGE: &str = "From: user@example.com\r\nTo: you@example.org\r\nSubject: A subject\r\n\
     MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nA line.\r\n";

/// A keystore with a user, who has signed a message, and the CA's first CRL.
fn office() -> (Place, String) {
    let place = Place::with_authority();
    let sha256 = place.issue(&["user@example.com"]);
    place.write("message.eml", MESSAGE);
    place
        .run(["sign", "message.eml", "-o", "signed.eml"])
        .done();
    place.run(["ca", "export", "-o", "ca.pem"]).done();
    place.run(["ca", "crl", "-o", "1.crl"]).done();
    (place, sha256)
}

impl Place {
    /// Verifies the signed message without a keystore, against the CA's certificate.
    fn judge(&self, options: &[&str]) -> Run {
        let command = ["verify", "--no-keystore", "--trust", "ca.pem", "--json"];
        let input = ["signed.eml", "-o", "content"];
        self.run(command.iter().chain(options).chain(&input))
    }

    fn revoke(&self, selector: &str, reason: &str) {
        let line = ["cert", "revoke", selector, "--reason", reason];
        self.run(line).ended(0, NEXT_STEP);
    }
}

impl Run {
    /// Status, weight and code of what is found about revocation, and the check.
    #[track_caller]
    fn revocation(&self) -> (i32, Vec<String>, String) {
        let document = self.json();
        let findings = document["findings"].as_array().unwrap().iter();
        let word = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        let codes = findings
            .filter(|finding| word(&finding["code"]).starts_with("crl."))
            .map(|finding| format!("{} {}", word(&finding["severity"]), word(&finding["code"])));
        let check = &document["layers"][0]["signers"][0]["checks"]["revocation"];
        (self.status, codes.collect(), word(check))
    }

    #[track_caller]
    fn found(&self, status: i32, codes: &[&str], check: &str) {
        let codes = codes.iter().map(ToString::to_string).collect();
        assert_eq!(self.revocation(), (status, codes, check.to_owned()));
    }
}

const NEXT_STEP: &str = "smime: hint: Issue the next CRL with `smime ca crl`, and publish it.\n";

#[test]
fn nothing_is_checked_unless_that_is_asked_for() {
    let (place, _) = office();
    place.judge(&[]).found(0, &[], "not-checked");
    let soft = place.judge(&["--revocation", "soft"]);
    soft.found(0, &["warning crl.unavailable"], "not-checked");
    let hard = place.judge(&["--revocation", "hard"]);
    hard.found(1, &["reject crl.unavailable"], "fail");
    let crl = ["--crl", "1.crl"];
    place.judge(&crl).found(0, &[], "pass");
    let off = place.judge(&["--crl", "1.crl", "--revocation", "off"]);
    off.found(0, &[], "not-checked");
}

#[test]
fn a_revoked_certificate_is_rejected_by_the_next_crl() {
    let (place, _) = office();
    place.revoke("user@example.com", "superseded");
    place.run(["ca", "crl", "-o", "2.crl"]).done();
    place.judge(&["--crl", "1.crl"]).found(0, &[], "pass");
    for mode in ["soft", "hard"] {
        let run = place.judge(&["--crl", "2.crl", "--revocation", mode]);
        run.found(1, &["reject crl.revoked"], "fail");
    }
    // Of two the newer one counts, whatever the order.
    for files in [["1.crl", "2.crl"], ["2.crl", "1.crl"]] {
        let run = place.judge(&["--crl", files[0], "--crl", files[1]]);
        run.found(1, &["reject crl.revoked"], "fail");
    }
    let check = ["cert", "check", "--trust", "ca.pem", "--crl", "2.crl"];
    let file = place.certificate_of("store", "user@example.com");
    let run = place.run(check.iter().chain(&[file.as_str()]));
    let expected = "smime: rejected: the certificate is revoked [crl.revoked]\n\
         smime: hint: Do not rely on the certificate. Its owner needs a new one.\n";
    let run = run.ended(1, expected);
    assert!(
        run.text()
            .contains("checks       path pass, validity pass, revocation fail\n"),
        "{run:?}"
    );
}

#[test]
fn a_crl_that_is_out_of_date_does_not_clear() {
    let (place, _) = office();
    let later = ["--time", "2027-06-01"];
    let soft = place.judge(&[&later[..], &["--crl", "1.crl"]].concat());
    soft.found(0, &["warning crl.stale"], "not-checked");
    let hard = place.judge(&[&later[..], &["--crl", "1.crl", "--revocation", "hard"]].concat());
    hard.found(1, &["reject crl.stale"], "fail");
}

#[test]
fn a_crl_of_another_ca_of_that_name_is_not_believed() {
    let (place, _) = office();
    // The same default name, another key.
    let other = Place::with_authority();
    let made = other.run(["ca", "crl"]).done();
    place.write("other.crl", &made.stdout);
    let run = place.judge(&["--crl", "other.crl", "--revocation", "hard"]);
    run.found(1, &["reject crl.signature-invalid"], "fail");
    let expected = "smime: rejected: CN=Local S/MIME CA: the signature of the CRL is not valid under \
         its issuer's key [crl.signature-invalid]\n\
         smime: hint: Fetch the CRL again; if the issuer has a new certificate, add it.\n";
    let run = place.run(["crl", "add", "other.crl"]).ended(1, expected);
    assert_eq!(run.text(), "");
    assert_eq!(place.run(["crl", "list"]).done().text(), "");
}

#[test]
fn the_local_ca_knows_what_it_revoked() {
    let (place, sha256) = office();
    place.run(["settings", "revocation", "hard"]).done();
    let verify = ["verify", "--json", "signed.eml", "-o", "content"];
    place.run(verify).found(0, &[], "pass");
    place.revoke(&sha256[..12], "key-compromise");
    place.run(verify).found(1, &["reject crl.revoked"], "fail");
    // A rule of the policy goes before the setting.
    let rule = "[[rule]]\nname = \"lax\"\ndirection = \"inbound\"\nrevocation = \"off\"\n";
    place.write("store/policy.toml", rule);
    let check = ["policy", "check", "--direction", "inbound", "signed.eml"];
    assert_eq!(place.run(check).status, 0);
    place.write("store/policy.toml", rule.replace("off", "soft"));
    assert_eq!(place.run(check).status, 1);
}

#[test]
fn a_revoked_identity_is_chosen_no_more() {
    let (place, sha256) = office();
    place
        .run([
            "encrypt",
            "message.eml",
            "--recipient",
            "user@example.com",
            "-o",
            "secret.eml",
        ])
        .done();
    place.revoke("user@example.com", "cessation-of-operation");
    let expected = "smime: error: no certificate with a private key is there to sign for \
         user@example.com\n  caused by: the certificate is revoked [crl.revoked]\n\
         smime: hint: Do not rely on the certificate. Its owner needs a new one.\n";
    place.run(["sign", "message.eml"]).ended(67, expected);
    let encrypt = ["encrypt", "message.eml", "--recipient", "user@example.com"];
    assert_eq!(place.run(encrypt).status, 67);
    let decrypted = place.run(["decrypt", "secret.eml"]);
    assert_eq!(decrypted.status, 0, "{decrypted:?}");
    let listed = place.run(["cert", "list", "--json"]).done().json();
    let one = &listed["certificates"][0];
    assert_eq!(one["revoked"]["reason"], "cessation-of-operation");
    let listed = place.run(["cert", "list"]).done();
    assert!(listed.text().contains("(revoked)"), "{listed:?}");
    let shown = place.run(["cert", "show", &sha256]).done();
    assert!(shown.text().contains("\nrevoked      20"), "{shown:?}");
    let status = place.run(["status", "--json"]).done().json();
    assert_eq!(
        (&status["revoked"], &status["crls"]),
        (&1.into(), &0.into())
    );
    // A new one takes its place.
    let new = place.issue(&["user@example.com", "--if-missing"]);
    assert_ne!(new, sha256);
    assert_eq!(place.run(["sign", "message.eml"]).status, 0);
}

#[test]
fn revocation_is_for_good_and_for_ones_own() {
    let (place, sha256) = office();
    place.revoke("user@example.com", "superseded");
    let again = [
        "cert",
        "revoke",
        "user@example.com",
        "--reason",
        "key-compromise",
    ];
    let run = place.run(again);
    assert_eq!(run.status, 0);
    assert!(
        run.stderr
            .starts_with("smime: warning: the certificate was revoked already, at 20")
            && run.stderr.ends_with(", reason superseded\n"),
        "{run:?}"
    );
    place.issue(&["user@example.com"]);
    let several = place.run(["cert", "revoke", "user@example.com"]);
    assert_eq!(several.status, 2);
    assert!(
        several
            .stderr
            .starts_with("smime: error: `user@example.com` names 2 certificates\n"),
        "{several:?}"
    );
    assert_eq!(
        place.run(["cert", "revoke", "nobody@example.com"]).status,
        67
    );
    let authority = place.run(["ca", "show", "--json"]).done().json();
    let authority = authority["certificates"][0]["sha256"].as_str().unwrap();
    let own = place.run(["cert", "revoke", authority]);
    assert_eq!(own.status, 2, "{own:?}");
    // Somebody else's.
    let partner = Place::with_authority();
    partner.issue(&["partner@example.org"]);
    let export = ["cert", "export", "partner@example.org", "--format", "pem"];
    place.write("partner.pem", partner.run(export).done().stdout);
    assert_eq!(place.run(["cert", "import", "partner.pem"]).status, 0);
    for verb in ["revoke", "renew"] {
        let expected = format!(
            "smime: error: cannot {verb} the certificate of CN=partner@example.org: the local CA \
             did not issue it\nsmime: hint: Ask who did: CN=Local S/MIME CA.\n"
        );
        place
            .run(["cert", verb, "partner@example.org"])
            .ended(2, &expected);
    }
    // The record outlives the certificate.
    let remove = place.run(["cert", "remove", &sha256]);
    assert_eq!(remove.status, 0);
    place.run(["ca", "crl", "-o", "2.crl"]).done();
    place
        .judge(&["--crl", "2.crl"])
        .found(1, &["reject crl.revoked"], "fail");
}

/// The number of the CRL in a file, by way of the store.
fn number(place: &Place, file: &str) -> u64 {
    place.run(["crl", "add", file]).done();
    let listed = place.run(["crl", "list", "--json"]).done().json();
    let number = listed["crls"][0]["number"].as_str().unwrap();
    u64::from_str_radix(number, 16).unwrap()
}

#[test]
fn numbers_are_not_used_twice_even_after_a_reset() {
    let (place, _) = office();
    assert_eq!(number(&place, "1.crl"), 1);
    place
        .run(["ca", "crl", "--format", "der", "-o", "2.crl"])
        .done();
    assert_eq!(number(&place, "2.crl"), 2);
    place.revoke("user@example.com", "unspecified");
    let preview = place
        .run(["ca", "reset", "--dry-run", "--json"])
        .done()
        .json();
    assert_eq!(
        (&preview["crls"], &preview["revoked"]),
        (&1.into(), &1.into())
    );
    place.run(["ca", "reset", "--yes"]).done();
    let init = ["ca", "init", "--no-passphrase", "--key-type", "ec-p256"];
    place.run(init).done();
    assert_eq!(place.run(["crl", "list"]).done().text(), "");
    place.run(["ca", "crl", "-o", "3.crl"]).done();
    assert_eq!(number(&place, "3.crl"), 3);
    let status = place.run(["status", "--json"]).done().json();
    assert_eq!(status["revoked"], 0);
    // A record that is damaged stops the count rather than starting it again.
    place.write("store/crl-number", "three\n");
    let expected = "smime: error: the keystore file [PLACE]/store/crl-number is damaged: it does not \
         hold the number of the last CRL\n";
    place.run(["ca", "crl"]).ended(78, expected);
}

#[test]
fn a_newer_crl_takes_the_place_of_an_older_one() {
    let (place, _) = office();
    place.run(["ca", "crl", "-o", "2.crl"]).done();
    let outcome = |file: &str| {
        let run = place.run(["-q", "crl", "add", "--json", file]);
        assert_eq!(run.status, 0, "{run:?}");
        let document = run.json();
        document["crls"][0]["outcome"].as_str().unwrap().to_owned()
    };
    assert_eq!(outcome("1.crl"), "stored");
    assert_eq!(outcome("1.crl"), "known");
    assert_eq!(outcome("2.crl"), "replaced");
    assert_eq!(outcome("1.crl"), "older");
    let expected = "smime: warning: CN=Local S/MIME CA: a newer CRL is stored already, and stays\n";
    let run = place.run(["crl", "add", "1.crl"]).ended(0, expected);
    assert_eq!(run.text(), "");
    let listed = place.run(["crl", "list", "--json"]).done().json();
    assert_eq!(listed["crls"].as_array().unwrap().len(), 1);
    assert_eq!(listed["crls"][0]["number"], "02");
    let sha256 = listed["crls"][0]["sha256"].as_str().unwrap();
    let table = place.run(["crl", "list"]).done();
    assert!(
        table
            .text()
            .starts_with("SHA256            NUMBER  ISSUED      NEXT        ENTRIES  ISSUER\n"),
        "{table:?}"
    );
    let removed = place.run(["crl", "remove", &sha256[..8]]).done();
    assert_eq!(removed.text(), format!("{sha256}\n"));
    let expected = format!(
        "smime: error: no CRL has a fingerprint that begins with `{}`\n\
         smime: hint: `smime crl list` lists the stored CRLs.\n",
        &sha256[..8]
    );
    place
        .run(["crl", "remove", &sha256[..8]])
        .ended(67, &expected);
}

#[test]
fn a_crl_of_an_unknown_issuer_is_stored_with_a_warning() {
    let partner = Place::new();
    let init = ["ca", "init", "--no-passphrase", "--key-type", "ec-p256"];
    partner
        .run(init.iter().chain(&["--name", "Partner CA"]))
        .done();
    let made = partner.run(["ca", "crl"]).done();
    let place = Place::with_authority();
    place.write("partner.crl", &made.stdout);
    let expected = "smime: warning: CN=Partner CA: no certificate of this issuer is known, so the \
         signature was not verified\n";
    place.run(["crl", "add", "partner.crl"]).ended(0, expected);
    // What is stored is damaged on the medium: it is passed over, and told.
    let file = std::fs::read_dir(place.path("store"))
        .unwrap()
        .map(|entry| entry.unwrap().path().join("crls"))
        .find(|path| path.exists())
        .and_then(|path| std::fs::read_dir(path).unwrap().next())
        .unwrap()
        .unwrap()
        .path();
    std::fs::write(&file, b"no CRL").unwrap();
    let run = place.run(["crl", "list"]);
    assert_eq!(run.status, 0);
    assert!(
        run.stderr.contains("is damaged and was passed over"),
        "{run:?}"
    );
}

#[test]
fn files_that_hold_no_crl_are_refused() {
    let place = Place::with_authority();
    place.write("garbage", "no CRL");
    let expected = "smime: error: cannot read garbage\n  \
         caused by: not a certificate: the certificate list cannot be decoded\n\
         smime: hint: A CRL is a file in PEM (`X509 CRL`) or DER.\n";
    place.run(["crl", "add", "garbage"]).ended(65, expected);
    place.run(["ca", "export", "-o", "ca.pem"]).done();
    let expected = "smime: error: cannot read ca.pem\n  caused by: it holds no CRL\n\
         smime: hint: A CRL is a file in PEM (`X509 CRL`) or DER.\n";
    place.run(["crl", "add", "ca.pem"]).ended(65, expected);
    assert_eq!(place.run(["crl", "add", "missing"]).status, 66);
    assert_eq!(place.run(["crl", "remove", "short"]).status, 2);
    let unknown = ["verify", "--revocation", "harder", "ca.pem"];
    assert_eq!(place.run(unknown).status, 2);
    let reason = [
        "cert",
        "revoke",
        "user@example.com",
        "--reason",
        "remove-from-crl",
    ];
    assert_eq!(place.run(reason).status, 2);
}

#[test]
fn renewal_keeps_the_key_unless_another_is_asked_for() {
    let place = Place::with_authority();
    let old = place.issue(&["user@example.com", "info@example.com", "--name", "A User"]);
    let renewed = place.run(["cert", "renew", "user@example.com"]).done();
    let renewed = renewed.text().trim_end().to_owned();
    let rekeyed = place.run(["cert", "renew", &renewed, "--rekey"]).done();
    let rekeyed = rekeyed.text().trim_end().to_owned();
    let key = |sha256: &str| {
        let export = ["cert", "export", sha256, "--format", "pem", "-o", "one.pem"];
        place.run(export).done();
        let pem = place.read("one.pem");
        let file = smime::pki::certificate_file::CertificateFile::read(&pem);
        file.certificates[0].spki_der().to_vec()
    };
    assert_eq!(key(&old), key(&renewed));
    assert_ne!(key(&old), key(&rekeyed));
    let listed = place.run(["cert", "list", "--json"]).done().json();
    let rows = listed["certificates"].as_array().unwrap();
    for sha256 in [&old, &renewed, &rekeyed] {
        let row = rows
            .iter()
            .find(|row| row["sha256"] == sha256.as_str())
            .unwrap();
        assert_eq!(row["kind"], "identity");
        assert_eq!(row["subject"], "CN=A User");
        let addresses = serde_json::json!(["user@example.com", "info@example.com"]);
        assert_eq!(row["addresses"], addresses);
    }
}

#[test]
fn what_ends_soon_is_renewed_once() {
    let place = Place::with_authority();
    place.issue(&["soon@example.com", "--days", "10"]);
    place.issue(&["later@example.com"]);
    let revoked = place.issue(&["gone@example.com", "--days", "10"]);
    place.revoke(&revoked, "superseded");
    let renewed = place
        .run(["cert", "renew", "--expiring", "30", "--json"])
        .done()
        .json();
    let rows = renewed["certificates"].as_array().unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(
        rows[0]["addresses"],
        serde_json::json!(["soon@example.com"])
    );
    let again = place.run(["cert", "renew", "--expiring", "30"]).done();
    assert_eq!(again.text(), "");
    assert_eq!(place.run(["cert", "renew"]).status, 2);
    assert_eq!(place.run(["cert", "renew", "gone@example.com"]).status, 2);
}

#[test]
fn the_address_of_the_crl_stands_in_what_is_issued() {
    let place = Place::new();
    let init = [
        "ca",
        "init",
        "--no-passphrase",
        "--key-type",
        "ec-p256",
        "--crl-url",
    ];
    let refused = place.run(init.iter().chain(&["no url"]));
    let expected = "smime: error: cannot issue the certificate\n  \
         caused by: `no url` is not a URL in ASCII\n";
    refused.ended(2, expected);
    assert!(!place.path("store").exists());
    let url = "http://example.com/ca.crl";
    place.run(init.iter().chain(&[url])).done();
    place.issue(&["user@example.com", "--key-type", "ec-p256"]);
    let file = place.certificate_of("store", "user@example.com");
    place.run(["ca", "export", "-o", "ca.pem"]).done();
    let check = ["cert", "check", &file, "--trust", "ca.pem", "--json"];
    let run = place.run(check.iter().chain(&["--revocation", "hard"]));
    let findings = run.json()["findings"].clone();
    let missing = findings
        .as_array()
        .unwrap()
        .iter()
        .find(|finding| finding["code"] == "crl.unavailable")
        .unwrap();
    assert_eq!(missing["detail"]["distribution-points"], url);
}
