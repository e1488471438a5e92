mod algorithms;
mod damage;

use super::mac::Integrity;
use super::write::{assemble, data, encrypted_data};
use super::*;
use crate::crypto::digest::DigestAlgorithm;
use crate::crypto::password::{KeyDerivation, Password, PasswordScheme};
use crate::crypto::test_hex::hex;
use crate::pki::certificate_file::FileKind;
use crate::pki::test_pki::{Draft, key_number};
use cms::content_info::ContentInfo;
use der::asn1::{Any, OctetString};
use der::{Decode, Encode};
use pkcs12::pbe_params::{EncryptedPrivateKeyInfo, Pbes2Params};
use pkcs12::pfx::{Pfx, Version};
use pkcs12::safe_bag::SafeBag;
use pkcs12::{CertBag, DigestInfo, MacData};
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
            assert_eq!(FileKind::of(&file), FileKind::Pkcs12);
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
    for (passphrase, forms) in [("", 2), ("pässword", 4), ("hasło", 3), ("a", 2)] {
        assert_eq!(Password::forms(passphrase).len(), forms);
        for form in Password::forms(passphrase) {
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
