//! What the tests of encrypted objects share: keys, recipients, objects and their BER forms.

use std::sync::OnceLock;

use super::content_info::{Object, decode_object};
use super::decryption::DecryptError;
use super::enveloped_data::EnvelopedData;
use super::enveloping::{RecipientSpec, write_enveloped};
use super::recipient_info::RecipientIdentifier;
use crate::asn1::ber::{BerReader, Tag};
use crate::asn1::oid;
use crate::asn1::write::{DerWriter, element};
use crate::crypto::content::ContentCipher;
use crate::crypto::key::{KeyType, PrivateKey};
use crate::crypto::transport::KeyTransport;
use crate::source::Source;

pub(super) struct Keys {
    pub(super) rsa: PrivateKey,
    pub(super) p256: PrivateKey,
    pub(super) p384: PrivateKey,
    /// The curves that fewer programs know.
    pub(super) others: [PrivateKey; 3],
}

pub(super) fn keys() -> &'static Keys {
    static KEYS: OnceLock<Keys> = OnceLock::new();
    KEYS.get_or_init(|| Keys {
        rsa: PrivateKey::generate(KeyType::Rsa2048).unwrap(),
        p256: PrivateKey::generate(KeyType::EcP256).unwrap(),
        p384: PrivateKey::generate(KeyType::EcP384).unwrap(),
        others: [
            PrivateKey::generate(KeyType::EcP224).unwrap(),
            PrivateKey::generate(KeyType::EcP521).unwrap(),
            x25519(),
        ],
    })
}

/// A key that is not generated here, only read.
fn x25519() -> PrivateKey {
    let mut out = DerWriter::new();
    out.sequence(|fields| {
        fields
            .integer(0)
            .sequence(|algorithm| {
                algorithm.oid(&oid::X25519);
            })
            .octet_string(&element(Tag::OCTET_STRING, &[0x77; 32]));
    });
    PrivateKey::decode(&out.into_vec()).unwrap()
}

/// SEQUENCE { SET { SEQUENCE { commonName, "CA" } } }
pub(super) fn issuer() -> Vec<u8> {
    let mut out = DerWriter::new();
    out.sequence(|name| {
        name.nested(Tag::SET, |attributes| {
            attributes.sequence(|attribute| {
                attribute
                    .oid(&oid::COMMON_NAME)
                    .element(Tag::UTF8_STRING, b"CA");
            });
        });
    });
    out.into_vec()
}

pub(super) fn by_serial(serial: u8) -> RecipientIdentifier {
    RecipientIdentifier::IssuerSerial {
        issuer_der: issuer(),
        serial: vec![serial],
    }
}

pub(super) fn spec(key: &PrivateKey, identifier: RecipientIdentifier) -> RecipientSpec<'_> {
    RecipientSpec {
        identifier,
        public_key: key.public_key(),
        transport: KeyTransport::RsaPkcs1,
    }
}

pub(super) fn write(
    recipients: &[RecipientSpec<'_>],
    cipher: ContentCipher,
    content: &[u8],
    length: Option<u64>,
) -> Vec<u8> {
    let mut out = Vec::new();
    write_enveloped(&mut out, recipients, cipher, &mut { content }, length).unwrap();
    out
}

/// A small object for one P-256 key.
pub(super) fn small(cipher: ContentCipher) -> Vec<u8> {
    let recipient = spec(&keys().p256, by_serial(7));
    write(&[recipient], cipher, b"content", Some(7))
}

pub(super) fn decode(octets: &[u8]) -> EnvelopedData {
    match decode_object(&Source::from_bytes(octets.to_vec())).unwrap() {
        Object::EnvelopedData(enveloped) => {
            assert!(!enveloped.is_authenticated());
            *enveloped
        }
        Object::AuthEnvelopedData(enveloped) => {
            assert!(enveloped.is_authenticated());
            *enveloped
        }
        _ => panic!("another type"),
    }
}

pub(super) fn decrypt(
    enveloped: &EnvelopedData,
    index: usize,
    key: &PrivateKey,
) -> Result<Vec<u8>, DecryptError> {
    let mut content = Vec::new();
    enveloped.decrypt(index, key, &mut content)?;
    Ok(content)
}

/// Indefinite and padded lengths throughout, octet strings in nested pieces; implicit ones too,
/// which among the types here are all that is primitive and context-specific.
pub(super) fn scramble(der: &[u8]) -> Vec<u8> {
    let mut reader = BerReader::new(der);
    let mut out = Vec::new();
    while let Some(tag) = reader.peek().unwrap() {
        if tag.constructed {
            reader.enter(tag).unwrap();
            let start = reader.offset() as usize;
            while reader.peek().unwrap().is_some() {
                reader.skip().unwrap();
            }
            let inner = scramble(&der[start..reader.offset() as usize]);
            reader.leave().unwrap();
            tag.encode(&mut out);
            out.push(0x80);
            out.extend(inner);
            out.extend([0, 0]);
        } else if tag.is(Tag::OCTET_STRING) || tag.is(Tag::context(0)) {
            let content = reader
                .octet_string(tag)
                .unwrap()
                .read_all(der.len())
                .unwrap();
            tag.as_constructed().encode(&mut out);
            out.push(0x80);
            for piece in content.chunks(5) {
                out.extend([0x24, 0x80]);
                out.extend(element(Tag::OCTET_STRING, piece));
                out.extend([0, 0]);
            }
            out.extend([0, 0]);
        } else {
            let content = reader
                .octet_string(tag)
                .unwrap()
                .read_all(der.len())
                .unwrap();
            tag.encode(&mut out);
            out.extend([0x84, 0, 0]);
            out.extend((content.len() as u16).to_be_bytes());
            out.extend(content);
        }
    }
    out
}
