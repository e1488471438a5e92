//! Makes EnvelopedData and AuthEnvelopedData: RFC 5652 section 6, RFC 5083, RFC 5084.
//!
//! A content whose length is known beforehand gives DER; of another one the content is in pieces.
//! Either is written as it is read.

use std::io::{self, Read, Write};

use cms::enveloped_data::{OriginatorIdentifierOrKey, OriginatorPublicKey};
use der::Encode;
use der::asn1::BitString;
use zeroize::Zeroizing;

use super::error::CmsError;
use super::recipient_info::RecipientIdentifier;
use crate::asn1::ber::Tag;
use crate::asn1::oid;
use crate::asn1::write::{DerWriter, Level, StreamWriter, element};
use crate::crypto::agreement::KeyAgreement;
use crate::crypto::content::{ContentCipher, Encryptor};
use crate::crypto::key::{KeyKind, PublicKey};
use crate::crypto::transport::KeyTransport;

/// One recipient to be.
#[derive(Clone, Debug)]
pub struct RecipientSpec<'a> {
    /// How the recipient's certificate is named.
    pub identifier: RecipientIdentifier,
    /// The key of that certificate.
    pub public_key: &'a PublicKey,
    /// The key transport for an RSA key; other keys take key agreement.
    pub transport: KeyTransport,
}

/// Octets read and encrypted at a time.
const PIECE: usize = 64 << 10;

/// Encrypts `content` for all of `recipients` and writes the ContentInfo to `out`: EnvelopedData,
/// or AuthEnvelopedData with a cipher that authenticates.
///
/// The key is fresh, and every recipient of key agreement has an ephemeral key of its own.
///
/// # Errors
/// There is no recipient, a key cannot be encrypted to, the content has not the announced length
/// or is too long for the cipher, or reading or writing fails.
pub fn write_enveloped(
    out: &mut dyn Write,
    recipients: &[RecipientSpec<'_>],
    cipher: ContentCipher,
    content: &mut dyn Read,
    length: Option<u64>,
) -> Result<(), CmsError> {
    if recipients.is_empty() {
        return Err(CmsError::RecipientMissing);
    }
    let mut encryptor = Encryptor::new(cipher, length)?;
    let mut infos = Vec::new();
    for recipient in recipients {
        infos.push(recipient_info(recipient, encryptor.key())?);
    }
    let version = version(cipher, recipients);
    let levels = levels(version, infos, &encryptor)?;
    let encrypted_length = length.and_then(|length| encrypted_length(cipher, length));
    let mut out = StreamWriter::new(out, &levels, Tag::context(0), encrypted_length)?;

    let mut piece = Zeroizing::new(vec![0; PIECE]);
    let mut encrypted = Vec::with_capacity(PIECE + 32);
    let mut total = 0;
    loop {
        let read = match content.read(&mut piece) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            read => read?,
        };
        if read == 0 {
            break;
        }
        total += read as u64;
        encrypted.clear();
        encryptor.update(&piece[..read], &mut encrypted);
        out.write_all(&encrypted)?;
    }
    // Padding would hide a difference of a few octets.
    if length.is_some_and(|length| length != total) {
        return Err(CmsError::LengthDiffers);
    }
    encrypted.clear();
    let tag = encryptor.finish(&mut encrypted)?;
    out.write_all(&encrypted)?;
    let mac = tag.map(|tag| element(Tag::OCTET_STRING, &tag));
    out.finish(&[&[], &[], &mac.unwrap_or_default()])?;
    Ok(())
}

/// The levels around the encrypted content: ContentInfo, its content, the type itself, and the
/// EncryptedContentInfo.
fn levels(
    version: u8,
    recipients: Vec<Vec<u8>>,
    encryptor: &Encryptor,
) -> Result<[Level; 4], CmsError> {
    let parameters = encryptor.parameters();
    let (content_type, after) = match parameters.tag_length {
        0 => (oid::ENVELOPED_DATA, 0),
        length => {
            let mac = element(Tag::OCTET_STRING, &vec![0; length]);
            (oid::AUTH_ENVELOPED_DATA, mac.len() as u64)
        }
    };
    let mut opening = DerWriter::new();
    opening.integer(version).set_of(Tag::SET, recipients);
    let mut inner = DerWriter::new();
    inner
        .oid(&oid::DATA)
        .raw(&parameters.algorithm_identifier()?.to_der()?);
    let level = |tag, before: Vec<u8>, after| Level { tag, before, after };
    Ok([
        level(Tag::SEQUENCE, content_type.to_der()?, 0),
        level(Tag::context(0), Vec::new(), 0),
        level(Tag::SEQUENCE, opening.into_vec(), after),
        level(Tag::SEQUENCE, inner.into_vec(), 0),
    ])
}

/// RFC 5652 section 6.1: 0 when every RecipientInfo is of version 0, which is key transport by
/// issuer and serial number, else 2; AuthEnvelopedData is always 0 (RFC 5083 section 2.1).
fn version(cipher: ContentCipher, recipients: &[RecipientSpec<'_>]) -> u8 {
    let plain = |recipient: &RecipientSpec<'_>| {
        is_rsa(recipient.public_key)
            && matches!(
                recipient.identifier,
                RecipientIdentifier::IssuerSerial { .. }
            )
    };
    match cipher.is_aead() || recipients.iter().all(plain) {
        true => 0,
        false => 2,
    }
}

/// The length of the ciphertext; `None` beyond what a length can say.
fn encrypted_length(cipher: ContentCipher, length: u64) -> Option<u64> {
    if cipher.is_aead() {
        return Some(length);
    }
    // Padding fills the last block, or is one (RFC 5652 section 6.3).
    let block = cipher.iv_len() as u64;
    length.checked_add(block - length % block)
}

fn is_rsa(key: &PublicKey) -> bool {
    matches!(key.kind(), KeyKind::Rsa { .. })
}

fn recipient_info(recipient: &RecipientSpec<'_>, key: &[u8]) -> Result<Vec<u8>, CmsError> {
    let mut out = DerWriter::new();
    let mut rid = recipient.identifier.to_der();
    if is_rsa(recipient.public_key) {
        let version = match &recipient.identifier {
            RecipientIdentifier::IssuerSerial { .. } => 0,
            RecipientIdentifier::KeyIdentifier(_) => 2,
        };
        let algorithm = recipient.transport.algorithm_identifier()?.to_der()?;
        let encrypted_key = recipient.transport.encrypt(recipient.public_key, key)?;
        out.sequence(|fields| {
            fields
                .integer(version)
                .raw(&rid)
                .raw(&algorithm)
                .octet_string(&encrypted_key);
        });
        return Ok(out.into_vec());
    }
    if let RecipientIdentifier::KeyIdentifier(identifier) = &recipient.identifier {
        rid = element(Tag::context(0), &element(Tag::OCTET_STRING, identifier));
    }
    let agreement = KeyAgreement::for_recipient(recipient.public_key, key.len());
    let algorithm = agreement.algorithm_identifier()?.to_der()?;
    let wrapped = agreement.wrap_for(recipient.public_key, None, key)?;
    let originator = OriginatorIdentifierOrKey::OriginatorKey(OriginatorPublicKey {
        algorithm: wrapped.originator_algorithm,
        public_key: BitString::from_bytes(&wrapped.originator_point)?,
    });
    let originator = originator.to_der()?;
    out.nested(Tag::context(1), |fields| {
        fields
            .integer(3)
            .element(Tag::context(0), &originator)
            .raw(&algorithm)
            .sequence(|keys| {
                keys.sequence(|fields| {
                    fields.raw(&rid).octet_string(&wrapped.encrypted_key);
                });
            });
    });
    Ok(out.into_vec())
}

#[cfg(test)]
mod tests;
