//! `cert import`, `cert export`, `cert check`, `trust`: between two keystores.

use serde_json::json;

use crate::place::{Place, Run};

const FILE_PASSPHRASE: [(&str, &str); 1] = [("SMIME_FILE_PASSPHRASE", "of the file")];

/// A keystore with an identity, and files exported from it in the place of another.
fn partners() -> (Place, Place, String) {
    let (here, partner) = (Place::with_authority(), Place::new());
    let init = [
        "ca",
        "init",
        "--no-passphrase",
        "--key-type=ec-p256",
        "--name=Partner CA",
    ];
    partner.run(init).done();
    partner.run(["settings", "key-type", "ec-p256"]).done();
    let fingerprint = partner.issue(&["partner@example.com"]);
    for (format, name) in [
        ("pem", "partner.pem"),
        ("der", "partner.der"),
        ("p7c", "partner.p7c"),
    ] {
        let run = partner
            .run(["cert", "export", "partner@example.com", "--format", format])
            .done();
        here.write(name, run.stdout);
    }
    here.write(
        "partner-ca.pem",
        partner.run(["ca", "export"]).done().stdout,
    );
    (here, partner, fingerprint)
}

/// Exports the identity into protected files.
fn protect(here: &Place, partner: &Place) {
    for (options, name) in [
        (&["--with-private-key"][..], "identity.p12"),
        (&["--with-private-key", "--format=pem"], "identity.pem"),
        (&[], "partner.p12"),
    ] {
        let export = ["cert", "export", "partner@example.com"]
            .iter()
            .chain(options);
        let run = partner.run_with(export, &FILE_PASSPHRASE, b"").done();
        here.write(name, run.stdout);
    }
}

fn import(place: &Place, arguments: &[&str]) -> Run {
    let arguments = ["cert", "import"].iter().chain(arguments);
    place.run_with(arguments, &FILE_PASSPHRASE, b"")
}

#[test]
fn a_third_partys_certificate_is_pinned_whatever_file_it_comes_in() {
    let (here, partner, fingerprint) = partners();
    protect(&here, &partner);
    let stored = "smime: partner@example.com: stored: a third party's certificate\n";
    let known = "smime: partner@example.com: stored already: a third party's certificate\n";
    let run = import(&here, &["partner.pem"]).ended(0, stored);
    assert_eq!(run.text().trim_end(), fingerprint);
    for name in ["partner.der", "partner.p7c", "partner.p12"] {
        import(&here, &[name]).ended(0, known);
    }
    let run = import(&here, &["--json", "--quiet", "partner.der"])
        .done()
        .json();
    assert_eq!(run["imported"][0]["outcome"], "known");
    assert_eq!(run["imported"][0]["pinned"], true);
    assert_eq!(run["findings"][0]["code"], "cert.duplicate");
    let listed = here.run(["cert", "list", "--json"]).done().json();
    let listed = &listed["certificates"][0];
    assert_eq!(
        (&listed["kind"], &listed["origin"]),
        (&json!("third-party"), &json!("imported"))
    );
}

#[test]
fn with_its_key_a_certificate_becomes_an_identity() {
    let (here, partner, fingerprint) = partners();
    protect(&here, &partner);
    let identity = "smime: CN=Partner CA: stored: an intermediate, which is not trusted for itself\n\
         smime: partner@example.com: stored: a user's certificate and private key\n";
    let run = import(&here, &["identity.p12"]).ended(0, identity);
    assert_eq!(run.text().trim_end(), fingerprint);
    import(&here, &["-q", "identity.pem"]).done();
    let listed = here.run(["cert", "list", "--json"]).done().json();
    assert_eq!(listed["certificates"][0]["private_key"], true);
    // A round trip: the key that comes out is the one that went in.
    let export = [
        "cert",
        "export",
        "partner@example.com",
        "--with-private-key",
        "-o",
        "again.p12",
    ];
    here.run_with(export, &FILE_PASSPHRASE, b"").done();
    import(&here, &["-q", "again.p12"]).done();
    // So does the local CA with an identity of its own.
    here.issue(&["user@example.com"]);
    let export = [
        "cert",
        "export",
        "user@example.com",
        "--with-private-key",
        "-o",
        "own.p12",
    ];
    here.run_with(export, &FILE_PASSPHRASE, b"").done();
    import(&here, &["-q", "own.p12"]).done();
}

#[test]
fn an_export_holds_no_private_key_unless_it_is_asked_for() {
    use std::os::unix::fs::PermissionsExt;
    let (here, partner, _) = partners();
    protect(&here, &partner);
    let plain = here
        .run(["cert", "show", "partner.pem", "--json"])
        .done()
        .json();
    assert_eq!(
        plain["certificates"][0]["addresses"],
        json!(["partner@example.com"])
    );
    let pem = String::from_utf8(here.read("identity.pem")).unwrap();
    assert!(
        pem.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"),
        "{pem}"
    );

    let export = [
        "cert",
        "export",
        "partner@example.com",
        "--with-private-key",
        "-o",
        "me.p12",
    ];
    let missing = "smime: error: the passphrase of me.p12 is missing, and there is no terminal to \
         ask on\nsmime: hint: Use --file-passphrase-file FILE or --file-passphrase-fd N, or set \
         SMIME_FILE_PASSPHRASE.\n";
    partner.run(export).ended(77, missing);
    assert!(!partner.path("me.p12").exists());
    let instead = "smime: warning: me.p12 is protected with the passphrase of the keystore\n\
         smime: hint: Whoever opens it needs that. Give it one of its own with \
         --file-passphrase-file FILE or SMIME_FILE_PASSPHRASE.\n";
    partner
        .run_with(export, &[("SMIME_PASSPHRASE", "instead")], b"")
        .ended(0, instead);
    let mode = partner
        .path("me.p12")
        .metadata()
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    let legacy = "smime: warning: the file is encrypted with triple DES and SHA-1, which is weak; \
         send its passphrase over another channel, and delete the file after import\n";
    let export = ["cert", "export", "partner@example.com", "--legacy"];
    partner
        .run_with(export, &FILE_PASSPHRASE, b"")
        .ended(0, legacy);

    let no_key = "smime: error: files of that format hold no private key\n\
         smime: hint: Use --format p12 or --format pem.\n";
    let export = [
        "cert",
        "export",
        "partner@example.com",
        "--with-private-key",
        "--format=der",
    ];
    partner.run(export).ended(2, no_key);
    import(&here, &["-q", "partner.pem"]).done();
    let elsewhere = "smime: error: no certificate of `partner@example.com` has its private key \
         here\n";
    here.run([
        "cert",
        "export",
        "partner@example.com",
        "--with-private-key",
    ])
    .ended(67, elsewhere);
}

#[test]
fn an_export_takes_the_newest_valid_certificate() {
    let place = Place::with_authority();
    let first = place.issue(&["user@example.com", "--days", "20"]);
    let later = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24 * 5);
    let second = place.issue(&["user@example.com", "--time", &later.to_string()]);
    let show = |time: &str| {
        let export = [
            "cert",
            "export",
            "user@example.com",
            "--format=pem",
            "--time",
            time,
        ];
        let run = place.run(export);
        place.write("out.pem", &run.stdout);
        let shown = place
            .run(["cert", "show", "out.pem", "--json"])
            .done()
            .json();
        (
            shown["certificates"][0]["sha256"]
                .as_str()
                .unwrap()
                .to_owned(),
            run.stderr,
        )
    };
    let soon = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(1);
    assert_eq!(show(&soon.to_string()).0, first);
    let then = later + jiff::SignedDuration::from_hours(1);
    assert_eq!(show(&then.to_string()).0, second);
    let (fingerprint, stderr) = show("2200-01-01");
    assert_eq!(fingerprint, second);
    assert!(
        stderr.starts_with("smime: warning: the certificate has expired at "),
        "{stderr}"
    );
}

#[test]
fn the_gate_tells_every_reason() {
    let (here, partner, _) = partners();
    protect(&here, &partner);
    let authority = "smime: rejected: CN=Partner CA: the certificate is that of a \
         certification authority [cert.is-ca]\n\
         smime: hint: Use `smime trust add FILE` to trust a CA.\n";
    let run = import(&here, &["--json", "partner-ca.pem"]).ended(1, authority);
    assert_eq!(run.json()["verdict"], "rejected");
    assert_eq!(run.json()["imported"][0]["outcome"], "refused");
    let other = partner.issue(&["other@example.com"]);
    let other = partner
        .run(["cert", "export", &other, "--format=pem"])
        .done()
        .stdout;
    let mut mixed = String::from_utf8(here.read("identity.pem")).unwrap();
    let certificate = mixed.find("-----BEGIN CERTIFICATE").unwrap();
    mixed.truncate(certificate);
    here.write("mixed.pem", mixed + std::str::from_utf8(&other).unwrap());
    let mismatch = "smime: rejected: the private key does not belong to the certificate \
         [cert.key-mismatch]\n\
         smime: hint: Find the key whose public half is in the certificate.\n";
    import(&here, &["mixed.pem"]).ended(1, mismatch);
    assert!(
        here.run(["cert", "list", "--json"]).done().json()["certificates"]
            .as_array()
            .unwrap()
            .len()
            == 1
    );
}

#[test]
fn what_is_no_certificate_is_refused_before_anything_is_stored() {
    let (here, partner, _) = partners();
    protect(&here, &partner);
    here.write("empty", "");
    here.write("noise", [0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 0, 1, 2, 3]);
    for (name, status) in [("empty", 65), ("noise", 65), ("missing", 66), (".", 66)] {
        let run = import(&here, &["--json", "partner.pem", name]);
        assert_eq!(run.status, status, "{run:?}");
        assert_eq!(run.json()["error"]["exit"], status);
        assert!(run.stderr.starts_with("smime: error: cannot "), "{run:?}");
        assert!(
            run.stderr.contains("smime: hint: ") || name == "missing",
            "{run:?}"
        );
    }
    let wrong = "smime: error: cannot open identity.p12 [p12.wrong-passphrase]\n  \
         caused by: the passphrase does not open the PKCS #12 file\n\
         smime: hint: Give the file's own passphrase with `--file-passphrase-file` or \
         `SMIME_FILE_PASSPHRASE`.\n";
    let arguments = ["cert", "import", "partner.pem", "identity.p12"];
    here.run_with(arguments, &[("SMIME_FILE_PASSPHRASE", "wrong")], b"")
        .ended(77, wrong);
    assert_eq!(here.run(["cert", "show", "partner@example.com"]).status, 67);
}

#[test]
fn an_address_can_be_given_to_a_certificate() {
    let (here, _, _) = partners();
    let warning = "smime: warning: the certificate does not hold sales@example.com: mail can be \
         encrypted for that address, but mail from it will not be accepted\n\
         smime: sales@example.com: stored: a third party's certificate\n";
    import(&here, &["partner.pem", "--address", "sales@example.com"]).ended(0, warning);
    here.run(["cert", "show", "sales@example.com"]).done();
    let several = "smime: error: --address fits one certificate, and there are several\n\
         smime: hint: Import the certificates one by one.\n";
    let both = [
        "partner.pem",
        "partner.der",
        "--address",
        "sales@example.com",
    ];
    import(&here, &both).ended(2, several);
}

#[test]
fn the_signer_of_a_message_can_be_imported() {
    let (here, partner, fingerprint) = partners();
    let message = b"From: partner@example.com\nTo: user@example.com\nSubject: x\n\nHello\n";
    partner.write("message.eml", message);
    for form in [
        &["sign", "message.eml"][..],
        &["sign", "--opaque", "message.eml"],
    ] {
        let signed = partner.run(form);
        here.write("signed.eml", &signed.stdout);
        let run = import(&here, &["-q", "signed.eml"]).done();
        assert_eq!(run.text().trim_end(), fingerprint);
    }
    let altered = String::from_utf8(partner.run(["sign", "message.eml"]).stdout).unwrap();
    here.write("altered.eml", altered.replace("Hello", "Hallo"));
    let run = import(&here, &["altered.eml"]);
    assert_eq!(run.status, 1);
    assert!(
        run.stderr.contains("[cms.message-digest-mismatch]"),
        "{run:?}"
    );
    here.write("plain.eml", message);
    assert_eq!(import(&here, &["plain.eml"]).status, 65);
}

#[test]
fn a_ca_is_trusted_until_it_is_removed() {
    let (here, _, _) = partners();
    let run = here.run(["trust", "add", "partner-ca.pem"]).done();
    let fingerprint = run.text().trim_end();
    let again = here
        .run(["trust", "add", "--json", "partner-ca.pem"])
        .done()
        .json();
    assert_eq!(again["trusted"][0]["outcome"], "known");
    let listed = here.run(["trust", "list", "--json"]).done().json();
    assert_eq!(listed["certificates"][0]["sha256"], fingerprint);
    assert!(
        here.run(["trust", "list"])
            .done()
            .text()
            .contains(&fingerprint[..16])
    );
    let person = "smime: rejected: CN=partner@example.com: the certificate is not that of a \
         certification authority [path.issuer-not-ca]\n\
         smime: hint: Use `smime cert import FILE` for the certificate of a person.\n";
    here.run(["trust", "add", "partner.pem"]).ended(1, person);
    let both = [here.read("partner.pem"), here.read("partner-ca.pem")].concat();
    here.write("both.pem", both);
    let passed_over = "smime: warning: CN=partner@example.com: passed over, because it is not the \
         certificate of a CA [path.issuer-not-ca]\n\
         smime: hint: Use `smime cert import FILE` for the certificate of a person.\n";
    let run = here.run(["trust", "add", "both.pem"]).ended(0, passed_over);
    assert_eq!(run.text().trim_end(), fingerprint);
    let mixed = here.run(["trust", "add", "--json", "both.pem"]).json();
    assert_eq!(mixed["verdict"], "accepted");
    let outcome = |index: usize| &mixed["trusted"][index]["outcome"];
    assert_eq!(
        (outcome(0), outcome(1)),
        (&"passed-over".into(), &"known".into())
    );
    // Each file is judged for itself.
    here.run(["trust", "add", "both.pem", "partner.pem"])
        .ended(1, &format!("{passed_over}{person}"));
    let listed = here.run(["trust", "list", "--json"]).json();
    assert_eq!(listed["certificates"].as_array().unwrap().len(), 1);
    let check = [
        "cert",
        "check",
        "partner.pem",
        "--address=partner@example.com",
    ];
    assert!(
        here.run(check)
            .done()
            .text()
            .contains("\nchecks       path pass, validity pass")
    );

    here.run(["trust", "remove", &fingerprint[..8]]).done();
    let untrusted = "smime: rejected: the issuer of a certificate in the path is not known here \
         [path.issuer-unknown]\n\
         smime: hint: Get the CA's certificate from its operator and add it with `smime trust add \
         FILE`.\n";
    here.run(check).ended(1, untrusted);
    let none = format!(
        "smime: error: no trusted CA has `{fingerprint}`\n\
         smime: hint: `smime trust list` lists the trusted CAs.\n"
    );
    here.run(["trust", "remove", fingerprint]).ended(67, &none);
}

#[test]
fn a_check_needs_no_keystore() {
    let (files, _, fingerprint) = partners();
    let place = Place::new();
    for name in ["partner.pem", "partner-ca.pem"] {
        place.write(name, files.read(name));
    }
    let check = ["cert", "check", "partner.pem", "--trust", "partner-ca.pem"];
    let accepted = place.run(check.iter().chain(&["--json"])).done().json();
    assert_eq!(accepted["verdict"], "accepted");
    assert_eq!(accepted["certificate"]["sha256"], fingerprint.as_str());
    assert_eq!(accepted["checks"]["revocation"], "not-checked");
    assert_eq!(accepted["path"].as_array().unwrap().len(), 2);
    let other = "smime: rejected: the certificate does not hold the address that was asked for \
         [cert.address-mismatch]\n\
         smime: hint: Compare the addresses in the detail; have a certificate issued for the \
         address.\n";
    place
        .run(check.iter().chain(&["--address=other@example.com"]))
        .ended(1, other);
    let expired = "smime: rejected: the certificate has expired [cert.expired]\n\
         smime: hint: Renew the certificate; to judge old mail at its own time, use `--time`.\n";
    place
        .run(check.iter().chain(&["--time=2100-01-01"]))
        .ended(1, expired);
    let run = place.run(["cert", "check", "--no-keystore", "partner.pem"]);
    assert_eq!(run.status, 1, "{run:?}");
    let missing = "smime: error: there is no keystore at [PLACE]/store\n\
         smime: hint: `smime -k [PLACE]/store ca init` makes one; smime-tutorial(7) goes \
             through the first steps.\n";
    place
        .run(["cert", "check", "partner.pem"])
        .ended(78, missing);
}

#[test]
fn a_request_leaves_the_key_where_it_is() {
    let place = Place::with_authority();
    // Made with `openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1`.
    place.write("request.pem", include_str!("cert/request.pem"));
    let first = place.issue(&["robot@example.com", "--csr", "request.pem"]);
    let again = place.issue(&["robot@example.com", "--csr", "request.pem", "--if-missing"]);
    assert_eq!(first, again);
    let listed = place.run(["cert", "list", "--json"]).done().json();
    let listed = &listed["certificates"][0];
    assert_eq!(
        (&listed["kind"], &listed["origin"]),
        (&json!("third-party"), &json!("issued"))
    );
    assert_eq!(listed["addresses"], json!(["robot@example.com"]));
    place.write("noise", "noise");
    let run = place.run(["cert", "issue", "robot@example.com", "--csr", "noise"]);
    assert_eq!(run.status, 65, "{run:?}");
}

#[test]
fn a_ca_that_exists_can_be_taken_over() {
    let (here, partner, _) = partners();
    protect(&here, &partner);
    let place = Place::new();
    place.write("identity.p12", here.read("identity.p12"));
    let init = ["ca", "init", "--no-passphrase", "--import"];
    let no_ca = "smime: warning: identity.p12 holds a private key and other users may read it \
         (mode 644)\nsmime: error: cannot take the CA in identity.p12\n  \
         caused by: its certificate is not allowed to issue certificates\n\
         smime: hint: The file has to hold the certificate of one CA and its private key.\n";
    place
        .run_with(init.iter().chain(&["identity.p12"]), &FILE_PASSPHRASE, b"")
        .ended(65, no_ca);
    assert!(!place.path("store").exists());

    let authority = partner.run(["ca", "show", "--json"]).done().json();
    let authority = authority["certificates"][0]["sha256"]
        .as_str()
        .unwrap()
        .to_owned();
    let export = [
        "cert",
        "export",
        &authority,
        "--with-private-key",
        "-o",
        "ca.p12",
    ];
    partner.run_with(export, &FILE_PASSPHRASE, b"").done();
    let file = partner.path("ca.p12");
    let file = file.to_str().unwrap();
    let run = place
        .run_with(init.iter().chain(&[file]), &FILE_PASSPHRASE, b"")
        .done();
    assert_eq!(run.text().trim_end(), authority);
    place.issue(&["user@example.com", "--key-type=ec-p256"]);
}
