use super::mac::Integrity;
use super::write::{assemble, data};
use super::*;
use crate::asn1::tag::Tag;
use crate::asn1::write::DerWriter;
use crate::crypto::digest::DigestAlgorithm;
use crate::crypto::password::{KeyDerivation, Password, PasswordScheme};
use crate::crypto::test_hex::hex;
use crate::pki::test_pki::{Draft, key_number};
use der::Encode;

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
fn bag(kind: &oid::ObjectIdentifier, value: &[u8]) -> Vec<u8> {
    let mut bag = DerWriter::new();
    bag.sequence(|bag| {
        bag.oid(kind);
        bag.nested(Tag::context(0), |explicit| {
            explicit.raw(value);
        });
    });
    bag.into_vec()
}

fn safe(bags: &[Vec<u8>]) -> Vec<u8> {
    let mut safe = DerWriter::new();
    safe.sequence(|safe| {
        for bag in bags {
            safe.raw(bag);
        }
    });
    safe.into_vec()
}

fn shrouded(scheme: &PasswordScheme, password: &Password) -> Vec<u8> {
    let key = key_number(0).to_pkcs8().unwrap();
    let mut info = DerWriter::new();
    info.sequence(|info| {
        let algorithm = scheme.algorithm_identifier().unwrap().to_der().unwrap();
        info.raw(&algorithm);
        info.octet_string(&scheme.encrypt(password, &key).unwrap());
    });
    bag(&oid::SHROUDED_KEY_BAG, &info.into_vec())
}

#[test]
fn open_bags_nested_safes_and_other_bags() {
    let key = bag(&oid::KEY_BAG, &key_number(0).to_pkcs8().unwrap());
    let secret = bag(&oid::SECRET_BAG, &safe(&[]));
    let ed25519 = hex("302e020100300506032b657004220420\
         9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
    let unknown_key = bag(&oid::KEY_BAG, &ed25519);
    let mut nested = safe(&[key.clone(), secret, unknown_key]);
    for _ in 1..crate::limits::PKCS12_DEPTH {
        nested = safe(&[bag(&oid::SAFE_CONTENTS_BAG, &nested)]);
    }
    // No integrity code, so any passphrase does.
    let file = assemble(&[data(&safe(&[key])), data(&nested)], None).unwrap();
    let read = decode(&file, "whatever").unwrap();
    assert_eq!((read.keys.len(), read.unreadable.len()), (2, 1));
    let deeper = safe(&[bag(&oid::SAFE_CONTENTS_BAG, &nested)]);
    let file = assemble(&[data(&deeper)], None).unwrap();
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
                let safes = [data(&safe(&[shrouded(&scheme, &form)]))];
                for digest in DigestAlgorithm::ALL {
                    let integrity = Integrity::generate(digest, 10).unwrap();
                    let file = assemble(&safes, Some((integrity, &form))).unwrap();
                    assert_eq!(decode(&file, passphrase).unwrap().keys.len(), 1);
                    assert_eq!(reason(decode(&file, "other")), "p12.wrong-passphrase");
                }
                let file = assemble(&safes, None).unwrap();
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
    let key = bag(&oid::KEY_BAG, &key_number(0).to_pkcs8().unwrap());
    let safes = safe(&[data(&safe(&[key]))]);
    let mac_key = derivation.derive(&password, 32).unwrap();
    let code = crate::crypto::mac::hmac(DigestAlgorithm::Sha256, &mac_key, &safes);
    let derivation = derivation.algorithm_identifier().unwrap().to_der().unwrap();
    let mut pfx = DerWriter::new();
    pfx.sequence(|pfx| {
        pfx.integer(3);
        pfx.raw(&data(&safes));
        pfx.sequence(|mac_data| {
            mac_data.sequence(|mac| {
                mac.sequence(|algorithm| {
                    algorithm.oid(&"1.2.840.113549.1.5.14".parse().unwrap());
                    algorithm.sequence(|parameters| {
                        parameters.raw(&derivation);
                        // hmacWithSHA256
                        parameters.raw(&hex("300c06082a864886f70d02090500"));
                    });
                });
                mac.octet_string(&code);
            });
            mac_data.octet_string(b"not used");
        });
    });
    let file = pfx.into_vec();
    assert_eq!(decode(&file, "passphrase").unwrap().keys.len(), 1);
    assert_eq!(reason(decode(&file, "another")), "p12.wrong-passphrase");
}

#[test]
fn two_passphrases_are_the_fault_of_the_file() {
    let scheme = PasswordScheme::triple_des(10).unwrap();
    let safes = [data(&safe(&[shrouded(&scheme, &Password::new("one"))]))];
    let integrity = Integrity::generate(DigestAlgorithm::Sha256, 10).unwrap();
    let file = assemble(&safes, Some((integrity, &Password::new("two")))).unwrap();
    assert_eq!(reason(decode(&file, "two")), "p12.encoding-invalid");
    assert_eq!(reason(decode(&file, "one")), "p12.mac-invalid");
    assert_eq!(reason(decode(&file, "three")), "p12.wrong-passphrase");
}

#[test]
fn what_is_not_supported_or_too_expensive_is_named() {
    let mut info = DerWriter::new();
    info.sequence(|info| {
        // pbeWithSHAAnd128BitRC4
        info.raw(&hex("3017060a2a864886f70d010c0101300904010002040000000a"));
        info.octet_string(b"encrypted");
    });
    let rc4 = bag(&oid::SHROUDED_KEY_BAG, &info.into_vec());
    let file = assemble(&[data(&safe(&[rc4]))], None).unwrap();
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
    let algorithm = scheme.algorithm_identifier().unwrap().to_der().unwrap();
    let mut info = DerWriter::new();
    info.sequence(|info| {
        info.raw(&algorithm);
        info.octet_string(&[0; 16]);
    });
    let dear = bag(&oid::SHROUDED_KEY_BAG, &info.into_vec());
    let file = assemble(&[data(&safe(&[cheap, dear]))], None).unwrap();
    let error = decode(&file, "passphrase").unwrap_err();
    assert!(matches!(error, Pkcs12Error::TooExpensive(_)));
}
