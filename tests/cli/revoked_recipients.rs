//! Certificates of recipients that are revoked: neither `encrypt` nor the policy uses them where
//! revocation is checked.

use crate::extraction::to_carol;
use crate::office::MAIL;
use crate::place::Place;

/// The office, with Carol's certificate of the partner's CA imported, the CA trusted, and the
/// partner's CRLs from before and after hers was revoked.
fn place() -> Place {
    let place = Place::office();
    let partner = |arguments: &[&str]| {
        let run = place.run(["-k", "partner"].iter().chain(arguments));
        assert_eq!(run.status, 0, "{run:?}");
    };
    partner(&["ca", "export", "-o", "ca.pem"]);
    let carol = place.certificate_of("partner", "carol@example.net");
    partner(&["ca", "crl", "-o", "1.crl"]);
    partner(&[
        "cert",
        "revoke",
        "carol@example.net",
        "--reason=key-compromise",
    ]);
    partner(&["ca", "crl", "-o", "2.crl"]);
    for arguments in [&["cert", "import", &carol][..], &["trust", "add", "ca.pem"]] {
        let run = place.run(arguments);
        assert_eq!(run.status, 0, "{run:?}");
    }
    place.write("mail.eml", to_carol());
    place
}

impl Place {
    fn set(&self, mode: &str) {
        self.run(["settings", "revocation", mode]).done();
    }

    fn add(&self, list: &str) {
        let run = self.run(["crl", "add", list]);
        assert_eq!(run.status, 0, "{run:?}");
    }
}

const REVOKED: &str = "smime: error: no usable certificate for carol@example.net\n  \
     caused by: the certificate is revoked [crl.revoked]\n\
     smime: hint: Do not rely on the certificate. Its owner needs a new one.\n\
     smime: hint: Import a certificate with `smime cert import`, ask for a signed message, or leave \
     such recipients out with --missing skip.\n";

#[test]
fn encrypt_does_not_use_what_a_crl_says_is_revoked() {
    let place = place();
    let encrypt = ["encrypt", "mail.eml", "-o", "secret.eml"];
    // Not knowing is no hindrance to `soft`.
    for mode in ["off", "soft"] {
        place.set(mode);
        place.run(encrypt).done();
    }
    place.set("hard");
    let run = place.run(encrypt);
    assert_eq!(run.status, 67, "{run:?}");
    assert!(run.stderr.contains("[crl.unavailable]"), "{run:?}");
    place.add("1.crl");
    place.run(encrypt).done();
    place.add("2.crl");
    for mode in ["hard", "soft"] {
        place.set(mode);
        place.run(encrypt).ended(67, REVOKED);
        // A file that is named is no exception.
        let run = place.run(["encrypt", "mail.eml", "--certificate=carol.pem"]);
        assert_eq!((run.status, run.text()), (67, ""), "{run:?}");
        assert!(run.stderr.contains("[crl.revoked]"), "{run:?}");
    }
    let others = MAIL.replace("bob@example.com>", "bob@example.com>, carol@example.net");
    let run = place.filter(&["encrypt", "--missing=skip"], &others);
    assert_eq!(run.status, 0, "{run:?}");
    assert!(run.stderr.contains("carol@example.net"), "{run:?}");
    place.set("off");
    place.run(encrypt).done();
}

/// The issuer of an imported certificate counts for nothing, that of an extracted one does.
#[test]
fn a_revoked_ca_counts_where_the_certificate_is_not_trusted_for_itself() {
    let place = Place::office();
    place.write("mail.eml", to_carol());
    let signed = place.signed_by_carol();
    let authority = place.authority_of("partner");
    place.run(["trust", "add", &authority]);
    let verified = place.filter(&["verify"], &signed);
    assert_eq!(verified.status, 0, "{verified:?}");
    let encrypt = ["encrypt", "mail.eml", "-o", "secret.eml"];
    place.run(encrypt).done();
    place.set("hard");
    let run = place.run(encrypt);
    assert!(run.stderr.contains("[crl.unavailable]"), "{run:?}");
    // Without a path nobody can tell either; `soft` does not ask.
    let list = place.run(["trust", "list", "--json"]).done().json();
    let sha256 = list["certificates"][0]["sha256"]
        .as_str()
        .unwrap()
        .to_owned();
    place.run(["trust", "remove", &sha256]);
    let run = place.run(encrypt);
    assert_eq!(run.status, 67, "{run:?}");
    assert!(run.stderr.contains("[crl.unavailable]"), "{run:?}");
    place.set("soft");
    place.run(encrypt).done();
}

#[test]
fn a_policy_does_not_either() {
    let place = place();
    let rule = "[[rule]]\nname = \"all\"\ndirection = \"outbound\"\nencrypt = \"required\"\n";
    place.write("store/policy.toml", rule);
    let check = [
        "policy",
        "check",
        "--direction=outbound",
        "--json",
        "mail.eml",
    ];
    place.set("soft");
    assert_eq!(place.run(check).status, 0);
    place.add("2.crl");
    let run = place.run(check);
    assert_eq!(run.status, 1, "{run:?}");
    assert!(run.text().contains("crl.revoked"), "{run:?}");
    let apply = ["policy", "apply", "--direction=outbound", "mail.eml"];
    let run = place.run(apply);
    assert_eq!((run.status, run.text()), (1, ""), "{run:?}");
    // What a rule says goes before the setting.
    place.write("store/policy.toml", format!("{rule}revocation = \"off\"\n"));
    assert_eq!(place.run(check).status, 0);
    assert_eq!(place.run(apply).status, 0);
}
