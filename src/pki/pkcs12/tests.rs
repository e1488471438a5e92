use super::mac::Integrity;
use super::write::{assemble, data};
use super::*;
use crate::crypto::digest::DigestAlgorithm;
use crate::crypto::password::{KeyDerivation, Password, PasswordScheme};
use crate::crypto::test_hex::hex;
use crate::pki::test_pki::{Draft, key_number};
use cms::content_info::ContentInfo;
use der::asn1::{Any, OctetString};
use der::{Decode, Encode};
use pkcs12::pbe_params::{EncryptedPrivateKeyInfo, Pbes2Params};
use pkcs12::pfx::{Pfx, Version};
use pkcs12::safe_bag::SafeBag;
use pkcs12::{DigestInfo, MacData};
use spki::AlgorithmIdentifierOwned;

fn certificate(index: usize) -> Certificate {
    Draft::leaf("someone", index).self_signed(index)
}

fn identity() -> Contents {
    let mut contents = Contents::default();
    contents.add_identity(key_number(0), &certificate(0), &[certificate(1)], "Jörg 🔑");
    contents
}

fn reason(result: Result<Contents, Pkcs12Error>) -> &'static str {
    result.unwrap_err().reason().code()
}

#[test]
fn what_is_written_is_read() {
    for format in [Format::Modern, Format::Legacy] {
        for passphrase in ["passphrase", "", "pässword"] {
            let written = identity();
            let file = encode(&written, passphrase, format).unwrap();
            assert!(is_pkcs12(&file));
            let read = decode(&file, passphrase).unwrap();
            assert_eq!(read.keys.len(), 1);
            assert_eq!(read.keys[0].key.public_key(), key_number(0).public_key());
            assert_eq!(read.keys[0].labels, written.keys[0].labels);
            assert_eq!(read.certificates.len(), 2);
            for (read, written) in read.certificates.iter().zip(&written.certificates) {
                assert_eq!(read.certificate, written.certificate);
                assert_eq!(read.labels, written.labels);
            }
            assert!(read.unreadable.is_empty());
            assert_eq!(reason(decode(&file, "another")), "p12.wrong-passphrase");
        }
    }
}

#[test]
fn certificates_alone_are_marked_as_trusted() {
    let mut contents = Contents::default();
    contents.add_certificates(&[certificate(0), certificate(1)], "partner");
    let file = encode(&contents, "passphrase", Format::Legacy).unwrap();
    let read = decode(&file, "passphrase").unwrap();
    assert_eq!((read.certificates.len(), read.keys.len()), (2, 0));
    let name = read.certificates[0].labels.friendly_name.as_deref();
    assert_eq!(name, Some("partner"));
    assert_eq!(read.certificates[1].labels, Labels::default());
}

#[test]
fn altered_files_are_told_from_wrong_passphrases() {
    let file = encode(&identity(), "passphrase", Format::Legacy).unwrap();
    let key = file
        .windows(11)
        .position(|octets| octets == hex("060b2a864886f70d010c0a0102"))
        .or_else(|| {
            let oid = oid::SHROUDED_KEY_BAG.to_der().unwrap();
            file.windows(oid.len()).position(|octets| octets == oid)
        })
        .unwrap();
    // In the key: the certificates decrypt.
    let mut altered = file.clone();
    altered[key + 80] ^= 1;
    assert_eq!(reason(decode(&altered, "passphrase")), "p12.mac-invalid");
    assert_eq!(reason(decode(&altered, "another")), "p12.wrong-passphrase");
    // In the code itself, which stands before the salt and the iteration count at the end.
    let mut altered = file.clone();
    let code = altered.len() - 30;
    altered[code] ^= 1;
    assert_eq!(reason(decode(&altered, "passphrase")), "p12.mac-invalid");
    for cut in [&file[..file.len() - 1], &file[..100], b"", b"text"] {
        assert_eq!(reason(decode(cut, "passphrase")), "p12.encoding-invalid");
    }
}

/// A SafeBag.
fn bag(kind: oid::ObjectIdentifier, value: &[u8]) -> SafeBag {
    SafeBag {
        bag_id: kind,
        bag_value: value.to_vec(),
        bag_attributes: None,
    }
}

/// A safe that is not encrypted.
fn safe(bags: &[SafeBag]) -> ContentInfo {
    data(&bags.to_vec().to_der().unwrap()).unwrap()
}

fn shrouded_bag(algorithm: AlgorithmIdentifierOwned, encrypted: &[u8]) -> SafeBag {
    let info = EncryptedPrivateKeyInfo {
        encryption_algorithm: algorithm,
        encrypted_data: OctetString::new(encrypted).unwrap(),
    };
    bag(oid::SHROUDED_KEY_BAG, &info.to_der().unwrap())
}

fn shrouded(scheme: &PasswordScheme, password: &Password) -> SafeBag {
    let key = key_number(0).to_pkcs8().unwrap();
    let encrypted = scheme.encrypt(password, &key).unwrap();
    shrouded_bag(scheme.algorithm_identifier().unwrap(), &encrypted)
}

#[test]
fn open_bags_nested_safes_and_other_bags() {
    let key = bag(oid::KEY_BAG, &key_number(0).to_pkcs8().unwrap());
    let secret = bag(oid::SECRET_BAG, &[0x30, 0]);
    // The beginning of an Ed448 key.
    let ed448 = hex("3047020100300506032b6571043b0439");
    let unknown_key = bag(oid::KEY_BAG, &[&ed448[..], &[7; 57]].concat());
    let mut nested = vec![key.clone(), secret, unknown_key];
    for _ in 1..crate::limits::PKCS12_DEPTH {
        nested = vec![bag(oid::SAFE_CONTENTS_BAG, &nested.to_der().unwrap())];
    }
    // No integrity code, so any passphrase does.
    let file = assemble(vec![safe(&[key]), safe(&nested)], None).unwrap();
    let read = decode(&file, "whatever").unwrap();
    assert_eq!((read.keys.len(), read.unreadable.len()), (2, 1));
    let deeper = bag(oid::SAFE_CONTENTS_BAG, &nested.to_der().unwrap());
    let file = assemble(vec![safe(&[deeper])], None).unwrap();
    assert_eq!(reason(decode(&file, "")), "p12.encoding-invalid");
}

#[test]
fn absent_passphrases_and_old_character_sets() {
    for (passphrase, forms) in [("", 2), ("pässword", 3)] {
        for form in Password::forms(passphrase).into_iter().take(forms) {
            for scheme in [
                PasswordScheme::triple_des(10).unwrap(),
                PasswordScheme::pbes2(KeyDerivation::pbkdf2(10).unwrap()).unwrap(),
            ] {
                let safes = vec![safe(&[shrouded(&scheme, &form)])];
                for digest in DigestAlgorithm::ALL {
                    let integrity = Integrity::generate(digest, 10).unwrap();
                    let file = assemble(safes.clone(), Some((integrity, &form))).unwrap();
                    assert_eq!(decode(&file, passphrase).unwrap().keys.len(), 1);
                    assert_eq!(reason(decode(&file, "other")), "p12.wrong-passphrase");
                }
                let file = assemble(safes, None).unwrap();
                assert_eq!(decode(&file, passphrase).unwrap().keys.len(), 1);
                assert_eq!(reason(decode(&file, "other")), "p12.wrong-passphrase");
            }
        }
    }
}

/// The integrity of RFC 9579 is read; OpenSSL 3.4 and later can write it.
#[test]
fn pbmac1_is_read() {
    let password = Password::new("passphrase");
    let derivation = KeyDerivation::Pbkdf2 {
        prf: DigestAlgorithm::Sha256,
        salt: b"salt".to_vec(),
        iterations: 10,
        key_length: Some(32),
    };
    let key = bag(oid::KEY_BAG, &key_number(0).to_pkcs8().unwrap());
    let safes = vec![safe(&[key])].to_der().unwrap();
    let mac_key = derivation.derive(&password, 32).unwrap();
    let code = crate::crypto::mac::hmac(DigestAlgorithm::Sha256, &mac_key, &safes);
    // PBMAC1-params has the form of PBES2-params: two algorithms.
    let parameters = Pbes2Params {
        kdf: derivation.algorithm_identifier().unwrap(),
        // hmacWithSHA256
        encryption: Decode::from_der(&hex("300c06082a864886f70d02090500")).unwrap(),
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
    let file = pfx.to_der().unwrap();
    assert_eq!(decode(&file, "passphrase").unwrap().keys.len(), 1);
    assert_eq!(reason(decode(&file, "another")), "p12.wrong-passphrase");
}

#[test]
fn two_passphrases_are_the_fault_of_the_file() {
    let scheme = PasswordScheme::triple_des(10).unwrap();
    let safes = vec![safe(&[shrouded(&scheme, &Password::new("one"))])];
    let integrity = Integrity::generate(DigestAlgorithm::Sha256, 10).unwrap();
    let file = assemble(safes, Some((integrity, &Password::new("two")))).unwrap();
    assert_eq!(reason(decode(&file, "two")), "p12.encoding-invalid");
    assert_eq!(reason(decode(&file, "one")), "p12.mac-invalid");
    assert_eq!(reason(decode(&file, "three")), "p12.wrong-passphrase");
}

#[test]
fn what_is_not_supported_or_too_expensive_is_named() {
    // pbeWithSHAAnd128BitRC4
    let algorithm = hex("3017060a2a864886f70d010c0101300904010002040000000a");
    let rc4 = shrouded_bag(Decode::from_der(&algorithm).unwrap(), b"encrypted");
    let file = assemble(vec![safe(&[rc4])], None).unwrap();
    let error = decode(&file, "passphrase").unwrap_err();
    assert_eq!(error.reason().code(), "p12.cipher-unsupported");
    assert!(error.to_string().contains("1.2.840.113549.1.12.1.1"));

    // Each bag is within bounds, all together are not.
    let derivation = KeyDerivation::pbkdf2(1).unwrap();
    let mut scheme = PasswordScheme::pbes2(derivation).unwrap();
    let cheap = shrouded(&scheme, &Password::new("passphrase"));
    if let PasswordScheme::Pbes2 {
        derivation: KeyDerivation::Pbkdf2 { iterations, .. },
        ..
    } = &mut scheme
    {
        *iterations = crate::limits::KDF_ITERATIONS;
    }
    let dear = shrouded_bag(scheme.algorithm_identifier().unwrap(), &[0; 16]);
    let file = assemble(vec![safe(&[cheap, dear])], None).unwrap();
    let error = decode(&file, "passphrase").unwrap_err();
    assert!(matches!(error, Pkcs12Error::TooExpensive(_)));
}
