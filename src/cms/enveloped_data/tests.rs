//! BER forms, parts that few programs write, damage, and parts passed off as others.

use der::Encode;
use zeroize::Zeroizing;

use super::super::content_info::{Object, decode_object};
use super::super::decryption::DecryptError;
use super::super::recipient_info::{RecipientIdentifier, RecipientKind};
use super::super::test_recipient::*;
use super::*;
use crate::asn1::oid;
use crate::asn1::write::{DerWriter, element};
use crate::crypto::UnsupportedAlgorithm;
use crate::crypto::agreement::KeyAgreement;
use crate::crypto::content::{ContentCipher, ContentParameters, Encryptor};
use crate::crypto::key::{KeyType, PrivateKey};
use crate::crypto::transport::KeyTransport;
use crate::limits;

fn assert_fails(octets: &[u8], key: &PrivateKey) {
    let enveloped = decode(octets);
    match decrypt(&enveloped, 0, key) {
        // Without a tag, about one wrong key in 256 leaves what looks like padding.
        Ok(noise) if !enveloped.is_authenticated() => {
            assert!(noise != b"content" && noise != [7; 100]);
        }
        result => assert!(matches!(result, Err(DecryptError::Failed)), "{result:?}"),
    }
}

#[test]
fn every_truncation_is_an_error() {
    for cipher in [ContentCipher::Aes256Cbc, ContentCipher::Aes256Gcm] {
        let der = small(cipher);
        for octets in [&der, &scramble(&der)] {
            for length in 0..octets.len() {
                let source = Source::from_bytes(octets[..length].to_vec());
                assert!(decode_object(&source).is_err(), "{length}");
            }
        }
    }
}

#[test]
fn nothing_but_padding_may_follow() {
    let der = small(ContentCipher::Aes128Gcm);
    for (tail, fine) in [(&[0u8; 9][..], true), (&[0, 1], false), (b"\r\n", true)] {
        let source = Source::from_bytes([&der, tail].concat());
        assert_eq!(decode_object(&source).is_ok(), fine, "{tail:?}");
    }
}

#[test]
fn any_changed_octet_is_an_error_or_fails_to_decrypt() {
    let der = small(ContentCipher::Aes256Gcm);
    let mut failed = 0;
    for index in 0..der.len() {
        let mut damaged = der.clone();
        damaged[index] ^= 0x01;
        let Ok(object) = decode_object(&Source::from_bytes(damaged)) else {
            continue;
        };
        let Object::AuthEnvelopedData(enveloped) = object else {
            continue;
        };
        match decrypt(&enveloped, 0, &keys().p256) {
            Ok(content) => {
                // What nothing protects: the identifiers of the recipient and of the originator's
                // key, the version, the type.
                assert_eq!(content, b"content", "{index}");
            }
            Err(DecryptError::Failed) => failed += 1,
            Err(_) => {}
        }
    }
    // Nonce, wrapped key, ciphertext and tag; the originator's point.
    assert!(failed > 12 + 40 + 7 + 16 + 60, "{failed}");
}

#[test]
fn all_that_depends_on_secrets_fails_alike() {
    let Keys {
        rsa, p256, p384, ..
    } = keys();
    for cipher in ContentCipher::OFFERED {
        let der = write(&[spec(rsa, by_serial(1))], cipher, &[7; 100], Some(100));
        let other = PrivateKey::generate(KeyType::EcP256).unwrap();
        for key in [p256, p384, &other] {
            assert_fails(&der, key);
        }
        let der = write(&[spec(p256, by_serial(1))], cipher, &[7; 100], Some(100));
        for key in [rsa, p384, &other] {
            assert_fails(&der, key);
        }
        assert!(matches!(
            decrypt(&decode(&der), 1, p256),
            Err(DecryptError::Failed)
        ));
    }
}

/// An object made by hand, so that any part of it can be wrong.
struct Handmade {
    content_type: ObjectIdentifier,
    recipients: Vec<Vec<u8>>,
    parameters: ContentParameters,
    before: Vec<u8>,
    ciphertext: Vec<u8>,
    after: Vec<u8>,
}

impl Handmade {
    /// Encrypted to the RSA key; `key` is what it decrypts to, `attributes` what is authenticated.
    fn new(cipher: ContentCipher, key: &[u8], attributes: &[u8]) -> (Handmade, Vec<u8>) {
        let parameters = ContentParameters::generate(cipher, Some(7)).unwrap();
        let mut encryptor = Encryptor::with_key(
            parameters.clone(),
            Zeroizing::new(vec![1; cipher.key_len()]),
            attributes,
            Some(7),
        )
        .unwrap();
        let mut ciphertext = Vec::new();
        encryptor.update(b"content", &mut ciphertext);
        let tag = encryptor.finish(&mut ciphertext).unwrap();
        let transport = KeyTransport::RsaPkcs1;
        let encrypted = transport.encrypt(keys().rsa.public_key(), key).unwrap();
        let algorithm = transport.algorithm_identifier().unwrap().to_der().unwrap();
        let recipient = ktri(&algorithm, &encrypted);
        let object = Handmade {
            content_type: match tag {
                Some(_) => oid::AUTH_ENVELOPED_DATA,
                None => oid::ENVELOPED_DATA,
            },
            recipients: vec![recipient],
            parameters,
            before: Vec::new(),
            ciphertext,
            after: Vec::new(),
        };
        (object, tag.unwrap_or_default())
    }

    fn encode(&self) -> Vec<u8> {
        let parameters = self.parameters.algorithm_identifier().unwrap();
        let mut out = DerWriter::new();
        out.sequence(|info| {
            info.oid(&self.content_type)
                .nested(Tag::context(0), |content| {
                    content.sequence(|fields| {
                        fields
                            .integer(99)
                            .raw(&self.before)
                            .set_of(Tag::SET, self.recipients.clone())
                            .sequence(|content| {
                                content
                                    .oid(&oid::DATA)
                                    .raw(&parameters.to_der().unwrap())
                                    .element(Tag::context(0).as_primitive(), &self.ciphertext);
                            })
                            .raw(&self.after);
                    });
                });
        });
        out.into_vec()
    }
}

fn ktri(algorithm: &[u8], encrypted: &[u8]) -> Vec<u8> {
    let mut out = DerWriter::new();
    out.sequence(|fields| {
        fields
            .integer(0)
            .sequence(|rid| {
                rid.raw(&issuer()).integer(1);
            })
            .raw(algorithm)
            .octet_string(encrypted);
    });
    out.into_vec()
}

#[test]
fn a_key_of_another_length_fails_like_any_other() {
    for cipher in [ContentCipher::Aes256Cbc, ContentCipher::Aes256Gcm] {
        for length in [0, 16, 31, 33] {
            let (mut object, tag) = Handmade::new(cipher, &vec![1; length], &[]);
            if cipher.is_aead() {
                object.after = element(Tag::OCTET_STRING, &tag);
            }
            assert_fails(&object.encode(), &keys().rsa);
        }
    }
}

#[test]
fn a_tag_that_is_cut_or_missing_fails_to_decrypt() {
    let (mut object, tag) = Handmade::new(ContentCipher::Aes128Gcm, &[1; 16], &[]);
    assert_fails(&object.encode(), &keys().rsa);
    for length in 0..16 {
        object.after = element(Tag::OCTET_STRING, &tag[..length]);
        assert_fails(&object.encode(), &keys().rsa);
    }
    object.after = element(Tag::OCTET_STRING, &[&tag[..], &[0]].concat());
    assert_fails(&object.encode(), &keys().rsa);
    object.after = element(Tag::OCTET_STRING, &tag);
    let content = decrypt(&decode(&object.encode()), 0, &keys().rsa).unwrap();
    assert_eq!(content, b"content");
}

#[test]
fn authenticated_attributes_take_part_in_der_order() {
    let attribute = |value: &[u8]| {
        let mut out = DerWriter::new();
        out.sequence(|fields| {
            fields.oid(&oid::CONTENT_HINT).nested(Tag::SET, |values| {
                values.octet_string(value);
            });
        });
        out.into_vec()
    };
    let (first, second) = (attribute(b"a"), attribute(b"b"));
    let authenticated = element(Tag::SET, &[&first[..], &second].concat());
    let (mut object, tag) = Handmade::new(ContentCipher::Aes256Gcm, &[1; 32], &authenticated);
    let mac = element(Tag::OCTET_STRING, &tag);
    for attributes in [[&first[..], &second], [&second[..], &first]] {
        let attributes = element(Tag::context(1), &attributes.concat());
        let unauthenticated = element(Tag::context(2), &first);
        object.after = [&attributes[..], &mac, &unauthenticated].concat();
        for octets in [object.encode(), scramble(&object.encode())] {
            let enveloped = decode(&octets);
            let content = decrypt(&enveloped, 0, &keys().rsa).unwrap();
            assert_eq!(content, b"content");
            let authentication = enveloped.authentication.unwrap();
            assert_eq!(authentication.attributes.as_ref(), Some(&authenticated));
        }
    }
    object.after = [element(Tag::context(1), &second), mac.clone()].concat();
    assert_fails(&object.encode(), &keys().rsa);
    object.after = mac;
    assert_fails(&object.encode(), &keys().rsa);
}

#[test]
fn what_nothing_protects_is_passed_over() {
    let (mut object, _) = Handmade::new(ContentCipher::Aes192Cbc, &[1; 24], &[]);
    object.before = element(Tag::context(0), &element(Tag::context(0), &[0x30, 0]));
    object.after = element(Tag::context(1), &[0x30, 0]);
    for octets in [object.encode(), scramble(&object.encode())] {
        let content = decrypt(&decode(&octets), 0, &keys().rsa).unwrap();
        assert_eq!(content, b"content");
    }
    object.after = element(Tag::context(2), &[0x30, 0]);
    assert!(decode_object(&Source::from_bytes(object.encode())).is_err());
}

#[test]
fn one_type_passed_off_as_the_other_is_refused() {
    for (cipher, content_type) in [
        (ContentCipher::Aes256Gcm, oid::ENVELOPED_DATA),
        (ContentCipher::Aes256Cbc, oid::AUTH_ENVELOPED_DATA),
    ] {
        let (mut object, _) = Handmade::new(cipher, &[1; 32], &[]);
        object.content_type = content_type;
        let result = decrypt(&decode(&object.encode()), 0, &keys().rsa);
        assert!(matches!(
            result,
            Err(DecryptError::ContentEncryption(UnsupportedAlgorithm { oid, .. }))
                if oid == cipher.oid()
        ));
    }
}

#[test]
fn what_cannot_be_opened_is_named() {
    let (mut object, _) = Handmade::new(ContentCipher::Aes128Cbc, &[1; 16], &[]);
    let identifier = |oid| {
        let mut out = DerWriter::new();
        out.sequence(|algorithm| {
            algorithm.oid(&oid);
        });
        out.into_vec()
    };
    let wrap = identifier(oid::AES_128_WRAP);
    let build = |number, version, head: &[u8], algorithm: &[u8]| {
        let mut out = DerWriter::new();
        out.nested(Tag::context(number), |fields| {
            fields
                .integer(version)
                .raw(head)
                .raw(algorithm)
                .octet_string(&[0; 24]);
        });
        out.into_vec()
    };
    let kek_identifier = element(Tag::SEQUENCE, &element(Tag::OCTET_STRING, b"kek"));
    let derivation = element(Tag::context(0), &identifier(oid::PBKDF2)[2..]);
    let mut kem = DerWriter::new();
    kem.nested(Tag::context(4), |fields| {
        fields.oid(&oid::ORI_KEM).sequence(|_| {});
    });
    let real = object.recipients.remove(0);
    object.recipients = vec![
        build(2, 4, &kek_identifier, &wrap),
        build(3, 0, &derivation, &identifier(oid::PWRI_KEK)),
        build(3, 0, &[], &identifier(oid::PWRI_KEK)),
        kem.into_vec(),
        ktri(&identifier(oid::RSA_KEM), &[]),
        real,
    ];
    for octets in [object.encode(), scramble(&object.encode())] {
        let enveloped = decode(&octets);
        let mut opened = 0;
        let mut facts = Vec::new();
        for (index, recipient) in enveloped.recipients.iter().enumerate() {
            facts.push((recipient.kind(), recipient.algorithm()));
            match decrypt(&enveloped, index, &keys().rsa) {
                Ok(content) => opened += usize::from(content == b"content"),
                Err(DecryptError::KeyManagement(unsupported)) => {
                    assert_eq!(recipient.check_supported(), Err(unsupported));
                }
                Err(other) => panic!("{other}"),
            }
        }
        assert_eq!(opened, 1);
        for expected in [
            (
                RecipientKind::KeyEncryptionKey,
                oid::describe(&oid::AES_128_WRAP),
            ),
            (RecipientKind::Password, oid::describe(&oid::PWRI_KEK)),
            (RecipientKind::Other, oid::describe(&oid::ORI_KEM)),
            (RecipientKind::KeyTransport, oid::describe(&oid::RSA_KEM)),
        ] {
            assert!(facts.contains(&expected), "{facts:?}");
        }
    }
}

/// A KeyAgreeRecipientInfo with what few programs write: keying material, several recipients,
/// one of them named by key.
#[test]
fn key_agreement_in_all_its_parts() {
    let key = &keys().p384;
    let agreement = KeyAgreement::for_recipient(key.public_key(), 16);
    let wrapped = agreement
        .wrap_for(key.public_key(), Some(b"ukm"), &[1; 16])
        .unwrap();
    let build = |originator: Vec<u8>, encrypted_key: &[u8]| {
        let mut out = DerWriter::new();
        out.nested(Tag::context(1), |fields| {
            fields
                .integer(3)
                .element(Tag::context(0), &originator)
                .nested(Tag::context(1), |ukm| {
                    ukm.octet_string(b"ukm");
                })
                .raw(&agreement.algorithm_identifier().unwrap().to_der().unwrap())
                .sequence(|keys| {
                    keys.sequence(|fields| {
                        fields
                            .sequence(|rid| {
                                rid.raw(&issuer()).integer(3);
                            })
                            .octet_string(&[0; 24]);
                    })
                    .sequence(|fields| {
                        fields
                            .nested(Tag::context(0), |rid| {
                                rid.octet_string(&[8; 20])
                                    .element(Tag::GENERALIZED_TIME, b"20260101000000Z")
                                    .sequence(|other| {
                                        other.oid(&oid::FRIENDLY_NAME);
                                    });
                            })
                            .octet_string(encrypted_key);
                    });
                });
        });
        out.into_vec()
    };
    let public_key = {
        let mut out = DerWriter::new();
        out.nested(Tag::context(1), |fields| {
            fields
                .sequence(|algorithm| {
                    algorithm.oid(&oid::EC_PUBLIC_KEY).null();
                })
                .bit_string(&wrapped.originator_point);
        });
        out.into_vec()
    };
    // With a tag no wrong key can pass for the right one.
    let (mut object, tag) = Handmade::new(ContentCipher::Aes128Gcm, &[1; 16], &[]);
    object.after = element(Tag::OCTET_STRING, &tag);
    object.recipients = vec![build(public_key, &wrapped.encrypted_key)];
    for octets in [object.encode(), scramble(&object.encode())] {
        let enveloped = decode(&octets);
        assert_eq!(enveloped.recipients[0].identifiers(), [by_serial(3)]);
        let by_key = RecipientIdentifier::KeyIdentifier(vec![8; 20]);
        assert_eq!(enveloped.recipients[1].identifiers(), [by_key]);
        assert!(matches!(
            decrypt(&enveloped, 0, key),
            Err(DecryptError::Failed)
        ));
        assert_eq!(decrypt(&enveloped, 1, key).unwrap(), b"content");
    }

    let certificate = element(Tag::context(0).as_primitive(), &[1; 20]);
    object.recipients = vec![build(certificate, &wrapped.encrypted_key)];
    let enveloped = decode(&object.encode());
    assert_eq!(enveloped.recipients[0].kind(), RecipientKind::KeyAgreement);
    assert!(matches!(
        decrypt(&enveloped, 1, key),
        Err(DecryptError::KeyManagement(_))
    ));
}

#[test]
fn limits_and_structure_are_held() {
    let (mut object, _) = Handmade::new(ContentCipher::Aes128Cbc, &[1; 16], &[]);
    let one = ktri(
        &element(Tag::SEQUENCE, &element(Tag::OBJECT_IDENTIFIER, &[42, 3, 4])),
        &[],
    );
    object.recipients = vec![one; limits::RECIPIENTS];
    assert_eq!(
        decode(&object.encode()).recipients.len(),
        limits::RECIPIENTS
    );
    object.recipients.push(object.recipients[0].clone());
    let result = decode_object(&Source::from_bytes(object.encode()));
    assert!(matches!(
        result,
        Err(CmsError::TooMany {
            limit: limits::RECIPIENTS,
            ..
        })
    ));
    for malformed in [&[0xa5, 0][..], &[5, 0], &[0x30, 0], &[0xa1, 0], &[0xa4, 0]] {
        object.recipients = vec![malformed.to_vec()];
        assert!(decode_object(&Source::from_bytes(object.encode())).is_err());
    }
}
