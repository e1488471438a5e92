//! Every type of key that is offered: issued, signed with, and encrypted to where that can be.

use crate::place::Place;

/// A message of `user` to itself.
fn message() -> String {
    "From: user@example.com\r\nTo: user@example.com\r\nSubject: Keys\r\nMIME-Version: 1.0\r\n\
     Content-Type: text/plain\r\n\r\nHello.\r\n"
        .to_owned()
}

/// What `verify` says of the signature of the only layer and signer.
#[track_caller]
fn signature(place: &Place, signed: &str) -> String {
    let document = place.filter(&["verify", "--json"], signed).json();
    assert_eq!(document["verdict"], "accepted", "{document}");
    let signer = &document["layers"][0]["signers"][0];
    let word = |key: &str| signer[key].as_str().unwrap().to_owned();
    format!("{} over {}", word("signature"), word("digest"))
}

/// A key that signs so, and what encryption to it is called; nothing where there is none.
fn key_type(name: &str, expected: &str, encrypted: Option<&str>) {
    let place = Place::with_authority();
    place.issue(&["user@example.com", "--key-type", name]);
    let listed = place.run(["cert", "list", "--json"]).done().json();
    let certificates = listed["certificates"].as_array().unwrap();
    let mut identities = certificates.iter().filter(|row| row["kind"] == "identity");
    let row = identities.next().unwrap();
    assert_eq!(row["key"], name);
    let usage: &[&str] = match encrypted {
        Some(_) => &["sign", "encrypt"],
        None => &["sign"],
    };
    assert_eq!(row["usage"], serde_json::json!(usage));

    for form in [&["sign", "-q"][..], &["sign", "-q", "--opaque"]] {
        let signed = place.filter(form, &message());
        assert_eq!(signed.status, 0, "{signed:?}");
        assert_eq!(signature(&place, signed.text()), expected);
    }
    let run = place.filter(&["encrypt", "-q"], &message());
    let Some(algorithm) = encrypted else {
        assert_eq!(run.status, 67, "{run:?}");
        return;
    };
    assert_eq!(run.status, 0, "{run:?}");
    let document = place.filter(&["decrypt", "--json"], run.text()).json();
    let recipient = &document["layers"][0]["recipients"][0];
    assert_eq!(recipient["algorithm"], algorithm, "{document}");
    assert_eq!(recipient["held"], true);
}

macro_rules! key_types {
    ($($test:ident $name:literal, $signature:literal, $encryption:expr;)*) => {
        $(
            #[test]
            fn $test() {
                key_type($name, $signature, $encryption);
            }
        )*
    };
}

key_types! {
    rsa_2048 "rsa-2048", "rsa-sha256 over sha256", Some("rsa");
    ec_p224 "ec-p224", "ecdsa-sha224 over sha224", Some("ecdh-sha256-aes256-wrap");
    ec_p256 "ec-p256", "ecdsa-sha256 over sha256", Some("ecdh-sha256-aes256-wrap");
    ec_p384 "ec-p384", "ecdsa-sha384 over sha384", Some("ecdh-sha256-aes256-wrap");
    ec_p521 "ec-p521", "ecdsa-sha512 over sha512", Some("ecdh-sha256-aes256-wrap");
    ed25519 "ed25519", "ed25519 over sha512", None;
}

#[test]
fn pss_is_for_rsa_keys_where_it_is_asked_for() {
    let place = Place::with_authority();
    place.issue(&["user@example.com", "--key-type", "rsa-2048"]);
    let sign = |options: &[&str]| {
        let run = place.filter(&[&["sign"], options].concat(), &message());
        run.done().text().to_owned()
    };
    let of = |options: &[&str]| signature(&place, &sign(options));
    assert_eq!(of(&[]), "rsa-sha256 over sha256");
    assert_eq!(of(&["--pss"]), "rsa-pss-sha256 over sha256");
    let options = ["--pss", "--opaque", "--digest", "sha512"];
    assert_eq!(of(&options), "rsa-pss-sha512 over sha512");
    let tampered = sign(&["--pss"]).replace("Hello.", "Hello!");
    assert_eq!(place.filter(&["verify"], &tampered).status, 1);

    let encrypted = place.filter(&["encrypt", "--sign", "--pss"], &message());
    let encrypted = encrypted.done().text().to_owned();
    let document = place.filter(&["verify", "--json"], &encrypted).json();
    let signer = &document["layers"][1]["signers"][0];
    assert_eq!(signer["signature"], "rsa-pss-sha256", "{document}");
    let run = place.filter(&["encrypt", "--pss"], &message());
    assert_eq!(run.status, 2, "{run:?}");

    // A key of another algorithm has one way to sign.
    let place = Place::with_authority();
    place.issue(&["user@example.com"]);
    let signed = place.filter(&["sign", "--pss"], &message()).done();
    let found = signature(&place, signed.text());
    assert_eq!(found, "ecdsa-sha256 over sha256");
}
