//! `cert`: issuing, listing, showing and removing.

use crate::place::Place;

#[test]
fn one_certificate_serves_all_the_addresses() {
    let place = Place::with_authority();
    let fingerprint = place.issue(&["user@example.com", "info@Example.COM", "--name", "A User"]);
    let listed = place
        .run(["cert", "list", "--json", "--address", "info@example.com"])
        .done()
        .json();
    let one = &listed["certificates"][0];
    assert_eq!(one["sha256"], fingerprint.as_str());
    assert_eq!(
        (&one["kind"], &one["origin"]),
        (&"identity".into(), &"issued".into())
    );
    assert_eq!(
        one["addresses"],
        serde_json::json!(["user@example.com", "info@example.com"])
    );
    assert_eq!(one["subject"], "CN=A User");
    assert_eq!(one["usage"], serde_json::json!(["sign", "encrypt"]));
    assert_eq!(
        (&one["key"], &one["private_key"]),
        (&"ec-p256".into(), &true.into())
    );
    let shown = place.run(["cert", "show", "user@example.com"]).done();
    assert!(
        shown
            .text()
            .contains("\naddresses    user@example.com, info@example.com\n"),
        "{shown:?}"
    );
    let text = place.run(["cert", "list"]).done();
    assert!(
        text.text().starts_with("SHA256            KIND "),
        "{text:?}"
    );
}

#[test]
fn a_usable_certificate_is_enough_if_missing_is_asked_for() {
    let place = Place::with_authority();
    let signs = place.issue(&["user@example.com", "--usage", "sign", "--if-missing"]);
    let both = place.issue(&["user@example.com", "--if-missing"]);
    assert_ne!(signs, both);
    assert_eq!(place.issue(&["user@example.com", "--if-missing"]), both);
    assert_ne!(place.issue(&["user@example.com"]), both);
    let two = place.issue(&["user@example.com", "other@example.com", "--if-missing"]);
    assert_ne!(two, both);
}

#[test]
fn removing_needs_one_name() {
    let place = Place::with_authority();
    let first = place.issue(&["user@example.com"]);
    let second = place.issue(&["user@example.com"]);
    let mut both = [&first[..16], &second[..16]];
    both.sort_unstable();
    let several = format!(
        "smime: error: `user@example.com` names 2 certificates\n\
         smime: hint: Name one by its fingerprint: {} (identity), {} (identity).\n",
        both[0], both[1]
    );
    place
        .run(["cert", "remove", "user@example.com"])
        .ended(2, &several);
    let removed = "smime: warning: the private key was removed too\n";
    let run = place.run(["cert", "remove", &first[..8]]).ended(0, removed);
    assert_eq!(run.text().trim_end(), first);
    let none = format!(
        "smime: error: there is no certificate whose fingerprint begins with {first}\n\
         smime: hint: `smime cert list` lists what is stored.\n"
    );
    place.run(["cert", "show", &first]).ended(67, &none);
    let case = "smime: error: there is no certificate for User@example.com\n\
         smime: hint: There is one for user@example.com; local parts are compared with regard to \
         case.\n";
    place
        .run(["cert", "show", "User@example.com"])
        .ended(67, case);
    let authority = place.run(["ca", "show", "--json"]).done().json();
    let authority = authority["certificates"][0]["sha256"]
        .as_str()
        .unwrap()
        .to_owned();
    let refused = "smime: error: the certificate of the local CA cannot be removed alone\n\
         smime: hint: `smime ca reset` removes the CA with all certificates and keys.\n";
    place.run(["cert", "remove", &authority]).ended(2, refused);
}

#[test]
fn a_certificate_does_not_outlive_its_ca() {
    let place = Place::new();
    let init = "ca init --no-passphrase --key-type ec-p256 --days 30";
    place.run(init.split(' ')).done();
    let issue = "cert issue user@example.com --key-type ec-p256";
    let run = place.run(issue.split(' '));
    assert_eq!(run.status, 0, "{run:?}");
    assert!(
        run.stderr
            .starts_with("smime: warning: the certificate is valid until "),
        "{run:?}"
    );
    let run = place.run(["--time=2100-01-01", "cert", "issue", "user@example.com"]);
    assert_eq!(run.status, 78, "{run:?}");
    assert!(run.stderr.starts_with("smime: error: cannot issue the certificate\n  caused by: the certificate of the CA is valid from "), "{run:?}");
}

#[test]
fn what_is_issued_follows_the_profile_of_public_cas() {
    let place = Place::with_authority();
    place
        .run(["cert", "issue", "user@example.com", "--days", "826"])
        .ended(
            2,
            "smime: error: invalid value '826' for '--days <N>': 826 is not in 1..=825\n\
             For more information, try '--help'.\n",
        );
    place
        .run(["settings", "certificate-policies", "1.2.x"])
        .ended(
            2,
            "smime: error: setting `certificate-policies`: `1.2.x` is not an object identifier\n",
        );
    place.issue(&["user@example.com"]);
    let check = |address: &str, name: &str| {
        let export = ["cert", "export", address, "--format=pem", "-o", name];
        place.run(export).done();
        let json = ["--json", "-v", "cert", "check", name];
        let run = place.run(json).done();
        let findings: serde_json::Value = serde_json::from_str(run.text()).unwrap();
        let findings = findings["findings"].as_array().unwrap().clone();
        let about = |finding: &serde_json::Value| {
            assert_eq!(finding["code"], "cert.profile-deviation");
            finding["summary"].as_str().unwrap().to_owned()
        };
        findings.iter().map(about).collect::<Vec<_>>()
    };
    assert_eq!(
        check("user@example.com", "plain.pem"),
        [
            "it names no certificate policy",
            "it does not say where the CRL of its CA is"
        ]
    );
    place
        .run(["settings", "certificate-policies", "2.23.140.1.5.1.1"])
        .done();
    place.issue(&["other@example.com"]);
    assert_eq!(
        check("other@example.com", "policy.pem"),
        ["it does not say where the CRL of its CA is"]
    );
}

#[test]
fn a_selector_is_an_address_or_a_fingerprint() {
    let place = Place::new();
    let wrong = "smime: error: invalid value '0a1b' for '<SELECTOR>': `0a1b` is neither an address \
         nor the first 8 or more digits of a fingerprint\nFor more information, try '--help'.\n";
    place.run(["cert", "remove", "0a1b"]).ended(2, wrong);
    let nothing = "smime: error: cannot open 0a1b\n  \
         caused by: No such file or directory\n\
         smime: hint: Name a file that is there, or `-` to read from stdin.\n\
         smime: hint: A SELECTOR is an address, or the first 8 or more digits of a fingerprint.\n";
    place.run(["cert", "show", "0a1b"]).ended(66, nothing);
}
