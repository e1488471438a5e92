//! Every algorithm that a file may be protected with; which are refused, and by what name.

use super::*;
use crate::crypto::content::{ContentCipher, ContentParameters};
use crate::crypto::mac::hmac;
use crate::crypto::password::Pkcs12Cipher;
use crate::limits;
use crate::pki::pkcs12::read::{Mismatch, decode_within};

const PASSPHRASE: &str = "passphrase";

/// The key derivations of PKCS #5, cheap.
fn derivations() -> Vec<KeyDerivation> {
    let pbkdf2 = |prf, key_length| KeyDerivation::Pbkdf2 {
        prf,
        salt: b"salt".to_vec(),
        iterations: 10,
        key_length,
    };
    let mut derivations: Vec<_> = DigestAlgorithm::ALL
        .into_iter()
        .filter(|prf| *prf != DigestAlgorithm::Md5)
        .map(|prf| pbkdf2(prf, None))
        .collect();
    derivations.push(KeyDerivation::Scrypt {
        salt: b"salt".to_vec(),
        log_n: 4,
        r: 8,
        p: 2,
        key_length: None,
    });
    derivations
}

fn schemes() -> Vec<PasswordScheme> {
    let mut schemes = Vec::new();
    for cipher in [
        ContentCipher::Aes128Cbc,
        ContentCipher::Aes192Cbc,
        ContentCipher::Aes256Cbc,
        ContentCipher::TripleDesCbc,
        ContentCipher::Rc2Cbc { bits: 128 },
    ] {
        for derivation in derivations() {
            schemes.push(PasswordScheme::Pbes2 {
                derivation,
                encryption: ContentParameters::generate(cipher, None).unwrap(),
            });
        }
    }
    for cipher in Pkcs12Cipher::ALL {
        schemes.push(PasswordScheme::Pkcs12 {
            cipher,
            salt: b"saltsalt".to_vec(),
            iterations: 10,
        });
    }
    schemes
}

/// Certificates under the scheme in one safe, a key in another, a second key in the open in a third.
fn file(scheme: &PasswordScheme, integrity: Option<Integrity>) -> Vec<u8> {
    let password = Password::new(PASSPHRASE);
    let certificate = CertBag {
        cert_id: pkcs12::PKCS_12_X509_CERT_OID,
        cert_value: OctetString::new(certificate(0).der()).unwrap(),
    };
    let certificates = vec![bag(oid::CERT_BAG, &certificate.to_der().unwrap())];
    let encrypted = EncryptedPrivateKeyInfo {
        encryption_algorithm: scheme.algorithm_identifier().unwrap(),
        encrypted_data: OctetString::new(
            scheme
                .encrypt(&password, &certificates.to_der().unwrap())
                .unwrap(),
        )
        .unwrap(),
    };
    let safes = vec![
        encrypted_data(encrypted).unwrap(),
        safe(&[shrouded(scheme, &password)]),
        safe(&[bag(oid::KEY_BAG, &key_number(1).to_pkcs8().unwrap())]),
    ];
    assemble(safes, integrity.map(|integrity| (integrity, &password))).unwrap()
}

#[test]
fn every_cipher_and_derivation_opens() {
    let schemes = schemes();
    assert_eq!(schemes.len(), 5 * 6 + 4);
    for scheme in schemes {
        for integrity in [None, Some(DigestAlgorithm::Sha256)] {
            let integrity = integrity.map(|digest| Integrity::generate(digest, 10).unwrap());
            let is_protected = integrity.is_some();
            let file = file(&scheme, integrity);
            let read = decode(&file, PASSPHRASE).unwrap_or_else(|e| panic!("{scheme:?}: {e}"));
            assert_eq!(
                (read.keys.len(), read.certificates.len()),
                (2, 1),
                "{scheme:?}"
            );
            for (index, entry) in read.keys.iter().enumerate() {
                assert_eq!(entry.key.public_key(), key_number(index).public_key());
            }
            assert_eq!(reason(decode(&file, "another")), "p12.wrong-passphrase");
            // The ciphertext of the key, whose last block is padding.
            let mut damaged = file.clone();
            let key = key_number(1).to_pkcs8().unwrap();
            let open = file.windows(key.len()).position(|octets| octets == *key);
            damaged[open.unwrap() - 100] ^= 1;
            if is_protected {
                assert_eq!(
                    reason(decode(&damaged, PASSPHRASE)),
                    "p12.mac-invalid",
                    "{scheme:?}"
                );
            }
        }
    }
}

#[test]
fn every_digest_of_an_integrity_code_is_read() {
    let scheme = PasswordScheme::triple_des(10).unwrap();
    for digest in DigestAlgorithm::ALL {
        let whole = file(&scheme, Some(Integrity::generate(digest, 10).unwrap()));
        assert_eq!(decode(&whole, PASSPHRASE).unwrap().keys.len(), 2);
        // The last octet of the code; salt and iterations stand behind it.
        let mut damaged = whole.clone();
        let code = whole.len() - 2 - 16 - 3 - 1;
        damaged[code] ^= 1;
        assert_eq!(reason(decode(&damaged, PASSPHRASE)), "p12.mac-invalid");
    }
}

/// A file with one open key and the integrity of RFC 9579, which OpenSSL 3.4 and later can write.
fn with_pbmac1(digest: DigestAlgorithm, derivation: &KeyDerivation, length: usize) -> Vec<u8> {
    let password = Password::new(PASSPHRASE);
    let key = bag(oid::KEY_BAG, &key_number(0).to_pkcs8().unwrap());
    let safes = vec![safe(&[key])].to_der().unwrap();
    let mac_key = derivation.derive(&password, length).unwrap();
    let code = hmac(digest, &mac_key, &safes);
    let hmac_oid = format!(
        "1.2.840.113549.2.{}",
        match digest {
            DigestAlgorithm::Sha1 => 7,
            DigestAlgorithm::Sha224 => 8,
            DigestAlgorithm::Sha256 => 9,
            DigestAlgorithm::Sha384 => 10,
            DigestAlgorithm::Sha512 => 11,
            DigestAlgorithm::Md5 => 6,
        }
    );
    // PBMAC1-params has the form of PBES2-params: two algorithms.
    let parameters = Pbes2Params {
        kdf: derivation.algorithm_identifier().unwrap(),
        encryption: AlgorithmIdentifierOwned {
            oid: hmac_oid.parse().unwrap(),
            parameters: Some(Any::null()),
        },
    };
    let algorithm = AlgorithmIdentifierOwned {
        oid: "1.2.840.113549.1.5.14".parse().unwrap(),
        parameters: Some(Any::encode_from(&parameters).unwrap()),
    };
    let mac_data = MacData {
        mac: DigestInfo {
            algorithm,
            digest: OctetString::new(code).unwrap(),
        },
        mac_salt: OctetString::new(*b"not used").unwrap(),
        iterations: 1,
    };
    let pfx = Pfx {
        version: Version::V3,
        auth_safe: data(&safes).unwrap(),
        mac_data: Some(mac_data),
    };
    pfx.to_der().unwrap()
}

#[test]
fn pbmac1_is_read() {
    for digest in DigestAlgorithm::ALL.into_iter().skip(1) {
        for prf in DigestAlgorithm::ALL.into_iter().skip(1) {
            for (key_length, length) in [(Some(32), 32), (Some(20), 20), (None, digest.size())] {
                let derivation = KeyDerivation::Pbkdf2 {
                    prf,
                    salt: b"salt".to_vec(),
                    iterations: 10,
                    key_length,
                };
                let file = with_pbmac1(digest, &derivation, length);
                assert_eq!(decode(&file, PASSPHRASE).unwrap().keys.len(), 1);
                assert_eq!(reason(decode(&file, "another")), "p12.wrong-passphrase");
            }
        }
    }
    // A key that is short enough to be guessed (RFC 9579 section 4).
    let short = KeyDerivation::Pbkdf2 {
        prf: DigestAlgorithm::Sha256,
        salt: b"salt".to_vec(),
        iterations: 10,
        key_length: Some(1),
    };
    let file = with_pbmac1(DigestAlgorithm::Sha256, &short, 1);
    assert_eq!(reason(decode(&file, PASSPHRASE)), "p12.encoding-invalid");
}

/// The error of a file with one bag under this algorithm, in hex.
fn refused(algorithm: &str) -> Pkcs12Error {
    let bag = shrouded_bag(Decode::from_der(&hex(algorithm)).unwrap(), &[0; 16]);
    let file = assemble(vec![safe(&[bag])], None).unwrap();
    decode(&file, PASSPHRASE).unwrap_err()
}

#[test]
fn what_is_not_supported_is_named() {
    for (algorithm, name) in [
        (
            "3017060a2a864886f70d010c0101300904010002040000000a",
            "pbe-sha1-rc4-128 (1.2.840.113549.1.12.1.1)",
        ),
        (
            "3017060a2a864886f70d010c0102300904010002040000000a",
            "pbe-sha1-rc4-40 (1.2.840.113549.1.12.1.2)",
        ),
        // pbeWithMD5AndDES-CBC of PKCS #5 version 1.5
        (
            "301606092a864886f70d010503300904010002040000000a",
            "1.2.840.113549.1.5.3",
        ),
        ("3006060428030505", "1.0.3.5.5"),
    ] {
        let error = refused(algorithm);
        assert_eq!(error.reason().code(), "p12.cipher-unsupported");
        assert!(error.to_string().contains(name), "{error}");
    }
    // An integrity code with a digest that is not known: SHA3-256.
    let mut file = file(
        &PasswordScheme::triple_des(10).unwrap(),
        Some(Integrity::generate(DigestAlgorithm::Sha256, 10).unwrap()),
    );
    let sha256 = hex("0609608648016503040201");
    let at = file.windows(11).rposition(|octets| octets == sha256);
    file[at.unwrap() + 10] = 8;
    let error = decode(&file, PASSPHRASE).unwrap_err();
    assert_eq!(error.reason().code(), "p12.cipher-unsupported");
    assert!(
        error.to_string().contains("2.16.840.1.101.3.4.2.8"),
        "{error}"
    );
}

#[test]
fn what_is_too_expensive_is_not_begun() {
    let bounds = |error: &Pkcs12Error| {
        matches!(error, Pkcs12Error::TooExpensive(_))
            && error.reason().code() == "p12.cipher-unsupported"
    };
    // Each bag is within bounds, all together are not; and so it is with forms of the passphrase.
    let derivation = KeyDerivation::pbkdf2(10).unwrap();
    let scheme = PasswordScheme::pbes2(derivation).unwrap();
    let bags = [PASSPHRASE; 3].map(|one| shrouded(&scheme, &Password::new(one)));
    let together = assemble(vec![safe(&bags)], None).unwrap();
    let within = |passphrase, iterations| {
        decode_within(&together, passphrase, iterations, Mismatch::Explained)
    };
    assert_eq!(within(PASSPHRASE, 30).unwrap().keys.len(), 3);
    assert!(bounds(&within(PASSPHRASE, 29).unwrap_err()));
    assert_eq!(reason(within("another", 20)), "p12.wrong-passphrase");
    assert!(bounds(&within("another", 19).unwrap_err()));

    // PBKDF2, and scrypt with more than 64 MiB.
    for derivation in [
        KeyDerivation::pbkdf2(limits::KDF_ITERATIONS + 1).unwrap(),
        KeyDerivation::Scrypt {
            salt: b"salt".to_vec(),
            log_n: 16,
            r: 9,
            p: 1,
            key_length: None,
        },
    ] {
        let scheme = PasswordScheme::pbes2(derivation).unwrap();
        let dear = shrouded_bag(scheme.algorithm_identifier().unwrap(), &[0; 16]);
        let file = assemble(vec![safe(&[dear])], None).unwrap();
        assert!(bounds(&decode(&file, PASSPHRASE).unwrap_err()));
    }
    // pbeWithSHAAnd3-KeyTripleDES-CBC with 2^31 - 1 iterations.
    let error = refused("3017060a2a864886f70d010c0103300904010002047fffffff");
    assert!(bounds(&error), "{error}");
    // An integrity code with as many.
    let cheap = file(
        &PasswordScheme::triple_des(10).unwrap(),
        Some(Integrity::generate(DigestAlgorithm::Sha256, 10).unwrap()),
    );
    let with_iterations = |iterations| {
        let mut pfx = Pfx::from_der(&cheap).unwrap();
        pfx.mac_data.as_mut().unwrap().iterations = iterations;
        decode(&pfx.to_der().unwrap(), PASSPHRASE).unwrap_err()
    };
    assert!(bounds(&with_iterations(i32::MAX)));
    let negative = with_iterations(-1).reason().code();
    assert_eq!(negative, "p12.encoding-invalid");
}
