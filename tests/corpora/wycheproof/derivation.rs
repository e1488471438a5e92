//! HMAC (RFC 2104), HKDF (RFC 5869) and PBKDF2 (RFC 8018).

use smime::crypto::agreement;
use smime::crypto::digest::DigestAlgorithm;
use smime::crypto::mac::{hmac, verify_hmac};
use smime::crypto::password::{KeyDerivation, Password};

use super::{Decision, Select, check};

#[test]
fn hmac_codes() {
    for (file, digest) in [
        ("hmac_sha1_test.json", DigestAlgorithm::Sha1),
        ("hmac_sha256_test.json", DigestAlgorithm::Sha256),
    ] {
        check(file, &[], |group, case| {
            let (key, data, code) = (case.octets("key"), case.octets("msg"), case.octets("tag"));
            let length = group.number("tagSize") as usize / 8;
            if length == digest.size() {
                return verify_hmac(digest, &key, &data, &code);
            }
            // Codes that are cut are never taken.
            assert!(!verify_hmac(digest, &key, &data, &code));
            hmac(digest, &key, &data)[..length] == code
        });
    }
}

#[test]
fn hkdf_keys() {
    let kdf = agreement::KeyDerivation::Hkdf(DigestAlgorithm::Sha256);
    check("hkdf_sha256_test.json", &[], |_, case| {
        let mut key = vec![0; case.number("size") as usize];
        let (shared, salt) = (case.octets("ikm"), case.octets("salt"));
        kdf.derive(&shared, Some(&salt), &case.octets("info"), &mut key)
            .is_some_and(|()| key == case.octets("okm"))
    });
}

const NO_TEXT: Decision = Decision {
    of: Select::Flagged("NonUtf8"),
    accepted: false,
    why: "a passphrase is text",
};

const TOO_EXPENSIVE: Decision = Decision {
    of: Select::Case(4),
    accepted: false,
    why: "16,777,216 iterations are more than a file may ask for",
};

#[test]
fn pbkdf2_keys() {
    for (file, prf, decisions) in [
        (
            "pbkdf2_hmacsha1_test.json",
            DigestAlgorithm::Sha1,
            &[NO_TEXT, TOO_EXPENSIVE][..],
        ),
        (
            "pbkdf2_hmacsha256_test.json",
            DigestAlgorithm::Sha256,
            &[NO_TEXT][..],
        ),
    ] {
        check(file, decisions, |_, case| {
            let Ok(passphrase) = String::from_utf8(case.octets("password")) else {
                return false;
            };
            let derivation = KeyDerivation::Pbkdf2 {
                prf,
                salt: case.octets("salt"),
                iterations: case.number("iterationCount") as u32,
                key_length: None,
            };
            let length = case.number("dkLen") as usize;
            let key = derivation.derive(&Password::new(&passphrase), length);
            key.is_ok_and(|key| *key == case.octets("dk"))
        });
    }
}
