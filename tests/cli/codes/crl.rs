use crate::crafted::{Crafted, list_by};
use crate::office::MAIL;
use crate::place::Place;

/// A keystore with a user, who has signed a message, and the CA's first CRL.
fn office() -> Place {
    let place = Place::office();
    place.write("message.eml", place.signed(MAIL));
    place.authority_of("store");
    place.run(["ca", "crl", "-o", "first.crl"]).done();
    place
}

#[track_caller]
fn verify_shows(place: &Place, code: &str, options: &str) {
    let line = "verify message.eml --no-keystore --trust store-ca.pem -o content.eml \
                --revocation hard";
    place.shows(code, &format!("{line}{options}"));
}

#[test]
fn revoked() {
    let place = office();
    let revoke = [
        "cert",
        "revoke",
        "alice@example.com",
        "--reason",
        "key-compromise",
    ];
    assert_eq!(place.run(revoke).status, 0);
    place.run(["ca", "crl", "-o", "second.crl"]).done();
    verify_shows(&place, "crl.revoked", " --crl second.crl");
}

#[test]
fn unavailable() {
    verify_shows(&office(), "crl.unavailable", "");
}

#[test]
fn stale() {
    verify_shows(&office(), "crl.stale", " --crl first.crl --time 2027-06-01");
}

#[test]
fn signature_invalid() {
    let place = office();
    let init = [
        "-k",
        "other",
        "ca",
        "init",
        "--no-passphrase",
        "--key-type=ec-p256",
    ];
    assert_eq!(
        place
            .run(init.iter().chain(&["--name", "Example CA"]))
            .status,
        0
    );
    place
        .run(["-k", "other", "ca", "crl", "-o", "other.crl"])
        .done();
    verify_shows(&place, "crl.signature-invalid", " --crl other.crl");
}

#[test]
fn issuer_not_crl_signer() {
    let place = Place::new();
    // keyCertSign alone.
    let root = Crafted::limited_authority("Root", 0, None, &[2, 0x04]);
    place.write("root.pem", root.issued_by("Root", 0));
    let alice = Crafted::person("Alice", 1, "alice@example.com");
    place.write("alice.pem", alice.issued_by("Root", 0));
    place.write("root.crl", list_by("Root", 0));
    let line =
        "cert check alice.pem --no-keystore --trust root.pem --crl root.crl --revocation hard";
    place.shows("crl.issuer-not-crl-signer", line);
}
