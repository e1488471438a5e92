//! The certificates of a SignedData (RFC 5652 section 5.1), taken out without reading the rest;
//! and what else a DER or BER structure may be.

use super::{FileError, FileKind};
use crate::asn1::ber::{BerError, BerReader};
use crate::asn1::oid;
use crate::asn1::tag::{Class, Tag};
use crate::limits;

/// The certificates, as received. Attribute certificates and other forms are passed over.
///
/// ```text
/// SignedData ::= SEQUENCE {
///     version CMSVersion, digestAlgorithms DigestAlgorithmIdentifiers,
///     encapContentInfo EncapsulatedContentInfo,
///     certificates [0] IMPLICIT CertificateSet OPTIONAL, ... }
/// ```
pub(super) fn certificates(ber: &[u8]) -> Result<Vec<Vec<u8>>, FileError> {
    let mut reader = BerReader::new(ber);
    reader.enter(Tag::SEQUENCE)?;
    let kind: oid::ObjectIdentifier = reader.decode(limits::BER_ELEMENT)?;
    if kind != oid::SIGNED_DATA {
        return Err(FileError::ContentType(kind));
    }
    reader.enter(Tag::context(0))?;
    reader.enter(Tag::SEQUENCE)?;
    for _ in ["version", "digestAlgorithms", "encapContentInfo"] {
        reader.skip()?;
    }
    let mut found = Vec::new();
    if reader.next_is(Tag::context(0))? {
        reader.enter(Tag::context(0))?;
        while let Some(tag) = reader.peek()? {
            if found.len() > limits::FILE_CERTIFICATES {
                break;
            }
            if tag.is(Tag::SEQUENCE) {
                found.push(reader.read_raw(limits::BER_ELEMENT)?);
            } else {
                reader.skip()?;
            }
        }
    }
    Ok(found)
}

/// Tells the structures apart by their first elements; `None` where they are none of them.
///
/// ```text
/// Certificate               SEQUENCE { SEQUENCE { [0] or INTEGER ...
/// ContentInfo               SEQUENCE { OBJECT IDENTIFIER ...
/// PFX                       SEQUENCE { INTEGER 3, SEQUENCE ...
/// PrivateKeyInfo            SEQUENCE { INTEGER 0 or 1, SEQUENCE ...
/// RSAPrivateKey             SEQUENCE { INTEGER, INTEGER ...
/// ECPrivateKey              SEQUENCE { INTEGER, OCTET STRING ...
/// EncryptedPrivateKeyInfo   SEQUENCE { SEQUENCE { OBJECT IDENTIFIER ...
/// ```
pub(super) fn kind_of(octets: &[u8]) -> Option<FileKind> {
    first_elements(octets).ok().flatten()
}

fn first_elements(octets: &[u8]) -> Result<Option<FileKind>, BerError> {
    let mut reader = BerReader::new(octets);
    reader.enter(Tag::SEQUENCE)?;
    let Some(first) = reader.peek()? else {
        return Ok(None);
    };
    if first.is(Tag::OBJECT_IDENTIFIER) {
        return Ok(Some(FileKind::Pkcs7));
    }
    if first.is(Tag::SEQUENCE) {
        reader.enter(Tag::SEQUENCE)?;
        let explicit = |tag: Tag| tag.class == Class::ContextSpecific && tag.number == 0;
        return Ok(match reader.peek()? {
            Some(tag) if tag.is(Tag::OBJECT_IDENTIFIER) => {
                is_encrypted_key(octets).then_some(FileKind::PrivateKey)
            }
            Some(tag) if tag.is(Tag::INTEGER) || explicit(tag) => Some(FileKind::Certificate),
            _ => None,
        });
    }
    if !first.is(Tag::INTEGER) {
        return Ok(None);
    }
    let version: u8 = reader.decode(limits::BER_ELEMENT)?;
    let Some(second) = reader.peek()? else {
        return Ok(None);
    };
    let key = [Tag::SEQUENCE, Tag::INTEGER, Tag::OCTET_STRING];
    Ok(match version {
        3 if second.is(Tag::SEQUENCE) => Some(FileKind::Pkcs12),
        _ if key.iter().any(|tag| second.is(*tag)) => Some(FileKind::PrivateKey),
        _ => None,
    })
}

/// Whether it is an EncryptedPrivateKeyInfo: not a SubjectPublicKeyInfo, which has a BIT STRING.
pub(super) fn is_encrypted_key(der: &[u8]) -> bool {
    let mut reader = BerReader::new(der);
    let mut starts_so = || -> Result<bool, BerError> {
        reader.enter(Tag::SEQUENCE)?;
        if !reader.next_is(Tag::SEQUENCE)? {
            return Ok(false);
        }
        reader.skip()?;
        reader.next_is(Tag::OCTET_STRING)
    };
    starts_so().unwrap_or(false)
}
