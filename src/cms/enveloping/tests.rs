use cms::authenveloped_data::AuthEnvelopedData;
use cms::content_info::{CmsVersion, ContentInfo};
use cms::enveloped_data::EnvelopedData;
use der::asn1::Any;
use der::{Decode, Encode};

use super::super::decryption::DecryptError;
use super::super::test_recipient::{Keys, by_serial, decode, decrypt, keys, scramble, spec, write};
use super::*;
use crate::asn1::ber::to_der;

#[test]
fn every_cipher_comes_back_for_every_kind_of_recipient() {
    let Keys {
        rsa, p256, p384, ..
    } = keys();
    let by_key = RecipientIdentifier::KeyIdentifier(vec![9; 20]);
    let oaep = RecipientSpec {
        transport: KeyTransport::oaep(),
        ..spec(rsa, by_key.clone())
    };
    let recipients = [
        spec(rsa, by_serial(1)),
        spec(p256, by_serial(2)),
        spec(p384, by_key),
        oaep,
    ];
    for cipher in ContentCipher::OFFERED {
        for size in [0, 1, 15, 16, 17, 70_000] {
            let content: Vec<u8> = (0..size).map(|i| i as u8).collect();
            let der = write(&recipients, cipher, &content, Some(size as u64));
            assert!(to_der(&der).unwrap() == der);
            let mut forms = vec![scramble(&der), der];
            // In CCM mode nothing can be written before the length is known.
            if !cipher.needs_length() {
                forms.push(write(&recipients, cipher, &content, None));
                assert!(forms[2].starts_with(&[0x30, 0x80]));
            }
            for octets in &forms {
                let enveloped = decode(octets);
                assert_eq!(enveloped.is_authenticated(), cipher.is_aead());
                assert_eq!(enveloped.content_type, oid::DATA);
                let parameters = enveloped.content_parameters().unwrap();
                assert_eq!(parameters.cipher, cipher);
                assert_eq!(enveloped.recipients.len(), recipients.len());
                for (index, recipient) in enveloped.recipients.iter().enumerate() {
                    recipient.check_supported().unwrap();
                    let key = match recipient.algorithm().as_str() {
                        "rsa" | "rsa-oaep" => rsa,
                        _ if recipient.identifiers() == [by_serial(2)] => p256,
                        _ => p384,
                    };
                    assert!(
                        decrypt(&enveloped, index, key).unwrap() == content,
                        "{size}"
                    );
                }
            }
        }
    }
}

#[test]
fn recipients_are_described() {
    let Keys { rsa, p256, .. } = keys();
    let recipients = [spec(rsa, by_serial(1)), spec(p256, by_serial(2))];
    let enveloped = decode(&write(&recipients, ContentCipher::Aes128Cbc, b"", None));
    let mut facts: Vec<_> = enveloped
        .recipients
        .iter()
        .map(|r| (r.kind().to_string(), r.algorithm(), r.identifiers()))
        .collect();
    facts.sort_by(|a, b| a.0.cmp(&b.0));
    let agreement = "ecdh-sha256-aes128-wrap".to_owned();
    assert_eq!(
        facts,
        [
            ("key-agreement".to_owned(), agreement, &[by_serial(2)][..]),
            (
                "key-transport".to_owned(),
                "rsa".to_owned(),
                &[by_serial(1)]
            ),
        ]
    );
}

/// The version that the types of the `cms` crate find in an object, and how they write it.
fn reread(der: &[u8]) -> (CmsVersion, Vec<u8>) {
    let mut info = ContentInfo::from_der(der).unwrap();
    let version = if info.content_type == oid::ENVELOPED_DATA {
        let read: EnvelopedData = info.content.decode_as().unwrap();
        info.content = Any::encode_from(&read).unwrap();
        read.version
    } else {
        let read: AuthEnvelopedData = info.content.decode_as().unwrap();
        info.content = Any::encode_from(&read).unwrap();
        read.version
    };
    (version, info.to_der().unwrap())
}

#[test]
fn versions_are_those_of_the_standard() {
    let Keys { rsa, p256, .. } = keys();
    let by_key = RecipientIdentifier::KeyIdentifier(vec![1]);
    for (recipients, cipher, expected) in [
        (vec![spec(rsa, by_serial(1))], ContentCipher::Aes256Cbc, 0),
        (vec![spec(rsa, by_key.clone())], ContentCipher::Aes256Cbc, 2),
        (
            vec![spec(rsa, by_serial(1)), spec(p256, by_serial(1))],
            ContentCipher::Aes256Cbc,
            2,
        ),
        (
            vec![spec(p256, by_serial(1)), spec(p256, by_key)],
            ContentCipher::Aes256Gcm,
            0,
        ),
    ] {
        let der = write(&recipients, cipher, b"x", Some(1));
        let (version, again) = reread(&der);
        assert_eq!(version as u8, expected);
        assert_eq!(again, der);
    }
}

#[test]
fn what_cannot_be_written_is_refused() {
    let mut out = Vec::new();
    let cipher = ContentCipher::Aes256Cbc;
    let result = write_enveloped(&mut out, &[], cipher, &mut &b"x"[..], None);
    assert!(matches!(result, Err(CmsError::RecipientMissing)));
    let recipients = [spec(&keys().p256, by_serial(1))];
    let ccm = ContentCipher::Aes128Ccm;
    let result = write_enveloped(&mut out, &recipients, ccm, &mut &b"x"[..], None);
    assert!(matches!(result, Err(CmsError::Encryption(_))) && out.is_empty());
    for length in [0, 15, 17, 40, u64::MAX - 3, u64::MAX] {
        let content = &mut &[0; 16][..];
        let result = write_enveloped(&mut out, &recipients, cipher, content, Some(length));
        assert!(result.is_err(), "{length}");
    }
}

#[test]
fn every_curve_agrees() {
    let others = &keys().others;
    let recipients: Vec<_> = others
        .iter()
        .enumerate()
        .map(|(number, key)| spec(key, by_serial(number as u8)))
        .collect();
    for cipher in ContentCipher::OFFERED {
        let enveloped = decode(&write(&recipients, cipher, b"content", Some(7)));
        for recipient in 0..enveloped.recipients.len() {
            let named = |number: &usize| {
                enveloped.recipients[recipient].identifiers() == [by_serial(*number as u8)]
            };
            let own = (0..others.len()).find(named).unwrap();
            for (number, key) in others.iter().enumerate() {
                match (decrypt(&enveloped, recipient, key), number == own) {
                    (Ok(content), true) => assert_eq!(content, b"content"),
                    // Without a tag, about one wrong key in 256 leaves what looks like padding.
                    (Ok(content), false) => assert!(!cipher.is_aead() && content != b"content"),
                    (Err(error), is_own) => {
                        assert!(!is_own && matches!(error, DecryptError::Failed), "{error}");
                    }
                }
            }
        }
    }
}

#[test]
fn a_thousand_recipients_of_every_kind() {
    let Keys {
        rsa,
        p256,
        p384,
        others,
    } = keys();
    let kinds = [rsa, p256, p384, &others[0], &others[2]];
    let identifier = |number: u16| {
        let octets = number.to_be_bytes().to_vec();
        match number % 2 {
            0 => RecipientIdentifier::KeyIdentifier(octets),
            _ => RecipientIdentifier::IssuerSerial {
                issuer_der: super::super::test_recipient::issuer(),
                // Positive, and of one length.
                serial: [&[1][..], &octets].concat(),
            },
        }
    };
    let recipients: Vec<_> = (0..1_000)
        .map(|number| RecipientSpec {
            transport: match number % 3 {
                0 => KeyTransport::oaep(),
                _ => KeyTransport::RsaPkcs1,
            },
            ..spec(kinds[usize::from(number) % kinds.len()], identifier(number))
        })
        .collect();
    let der = write(&recipients, ContentCipher::Aes256Gcm, b"content", Some(7));
    let enveloped = decode(&der);
    assert_eq!(enveloped.recipients.len(), 1_000);
    for number in (0..1_000).step_by(37).chain([999]) {
        let mut named = enveloped.recipients.iter();
        let index = named.position(|info| info.identifiers() == [identifier(number)]);
        let key = kinds[usize::from(number) % kinds.len()];
        let content = decrypt(&enveloped, index.unwrap(), key).unwrap();
        assert_eq!(content, b"content");
    }
}
