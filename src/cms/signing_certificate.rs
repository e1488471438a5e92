//! The signing-certificate attributes: which certificate the signer meant.
//!
//! Without them a signature says only which key made it, and somebody could pass another
//! certificate of the same key, or of the same name, off as the signer's. RFC 2634 section 5.4
//! (version 1, SHA-1) and RFC 5035 (version 2, any digest).
//!
//! ```text
//! SigningCertificateV2 ::= SEQUENCE {
//!   certs    SEQUENCE OF ESSCertIDv2,
//!   policies SEQUENCE OF PolicyInformation OPTIONAL }
//! ESSCertIDv2 ::= SEQUENCE {
//!   hashAlgorithm AlgorithmIdentifier DEFAULT {algorithm id-sha256},
//!   certHash      OCTET STRING,
//!   issuerSerial  IssuerSerial OPTIONAL }
//! IssuerSerial ::= SEQUENCE {
//!   issuer       GeneralNames,
//!   serialNumber CertificateSerialNumber }
//! ```
//!
//! Version 1 has ESSCertID, the same without hashAlgorithm.

use der::asn1::{AnyRef, ObjectIdentifier, OctetStringRef};
use der::{Decode, Reader, SliceReader, Tag, TagNumber, Tagged};
use spki::AlgorithmIdentifierOwned;

use super::attributes::Attribute;
use super::identifier::CertificateIdentifier;
use crate::asn1::write::DerWriter;
use crate::asn1::{ber, oid};
use crate::crypto::digest::DigestAlgorithm;

/// The first ESSCertID or ESSCertIDv2: the signer's own certificate. Further ones restrict the
/// certification path (RFC 5035 section 3) and are not looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateHash {
    /// The attribute that it was found in.
    pub attribute: ObjectIdentifier,
    /// The digest algorithm.
    pub hash_algorithm: ObjectIdentifier,
    /// The digest of the certificate's DER.
    pub hash: Vec<u8>,
    /// The certificate by issuer and serial number, where given.
    pub issuer_serial: Option<CertificateIdentifier>,
}

/// How a certificate stands to a signing-certificate attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CertificateMatch {
    /// It is the one that is meant.
    Same,
    /// It is another one.
    Other(&'static str),
    /// The digest algorithm is not supported.
    DigestUnsupported,
}

impl CertificateHash {
    pub(crate) fn decode_v1(der: &[u8]) -> Option<CertificateHash> {
        decode_first(der, oid::SIGNING_CERTIFICATE, DigestAlgorithm::Sha1.oid())
    }

    pub(crate) fn decode_v2(der: &[u8]) -> Option<CertificateHash> {
        decode_first(
            der,
            oid::SIGNING_CERTIFICATE_V2,
            DigestAlgorithm::Sha256.oid(),
        )
    }

    /// Compares with a certificate; `is_named_by` says whether an issuer and serial number are its.
    pub(crate) fn compare(
        &self,
        certificate_der: &[u8],
        is_named_by: &dyn Fn(&CertificateIdentifier) -> bool,
    ) -> CertificateMatch {
        let Some(digest) = DigestAlgorithm::from_oid(&self.hash_algorithm) else {
            return CertificateMatch::DigestUnsupported;
        };
        if digest.digest(certificate_der) != self.hash {
            return CertificateMatch::Other("hash");
        }
        match self.issuer_serial.as_ref().is_none_or(is_named_by) {
            true => CertificateMatch::Same,
            false => CertificateMatch::Other("issuer and serial number"),
        }
    }
}

/// Reads SigningCertificate or SigningCertificateV2.
fn decode_first(
    der: &[u8],
    attribute: ObjectIdentifier,
    default_hash: ObjectIdentifier,
) -> Option<CertificateHash> {
    let mut fields = fields_of(der)?;
    let mut identifiers = fields_of(fields.tlv_bytes().ok()?)?;
    let mut first = fields_of(identifiers.tlv_bytes().ok()?)?;
    let mut hash_algorithm = default_hash;
    // ESSCertID has no algorithm; there a SEQUENCE in its place is malformed.
    if attribute == oid::SIGNING_CERTIFICATE_V2 && Tag::peek(&first).ok()? == Tag::Sequence {
        hash_algorithm = first.decode::<AlgorithmIdentifierOwned>().ok()?.oid;
    }
    let hash: &OctetStringRef = first.decode().ok()?;
    let issuer_serial = if first.is_finished() {
        None
    } else {
        Some(decode_issuer_serial(first.tlv_bytes().ok()?)?)
    };
    first.finish().ok()?;
    Some(CertificateHash {
        attribute,
        hash_algorithm,
        hash: hash.as_bytes().to_vec(),
        issuer_serial,
    })
}

/// Reads IssuerSerial, whose GeneralNames must be one directoryName: the issuer's name.
fn decode_issuer_serial(der: &[u8]) -> Option<CertificateIdentifier> {
    let mut fields = fields_of(der)?;
    let mut names = fields_of(fields.tlv_bytes().ok()?)?;
    let name: AnyRef<'_> = names.decode().ok()?;
    names.finish().ok()?;
    let serial: AnyRef<'_> = fields.decode().ok()?;
    fields.finish().ok()?;
    let well_formed = name.tag() == DIRECTORY_NAME && serial.tag() == Tag::Integer;
    well_formed.then(|| CertificateIdentifier::IssuerSerial {
        issuer_der: name.value().to_vec(),
        serial: serial.value().to_vec(),
    })
}

/// `directoryName [4]` of GeneralName, explicit because Name is a CHOICE.
const DIRECTORY_NAME: Tag = Tag::ContextSpecific {
    constructed: true,
    number: TagNumber(4),
};

/// A reader of the fields of a SEQUENCE.
fn fields_of(der: &[u8]) -> Option<SliceReader<'_>> {
    let sequence = AnyRef::from_der(der).ok()?;
    if sequence.tag() != Tag::Sequence {
        return None;
    }
    SliceReader::new(sequence.value()).ok()
}

impl Attribute {
    /// signing-certificate-v2 for a certificate with that issuer and serial number, with SHA-256,
    /// which DER leaves out as the default.
    pub(crate) fn for_signing_certificate(
        certificate_der: &[u8],
        issuer_der: &[u8],
        serial: &[u8],
    ) -> Attribute {
        let hash = DigestAlgorithm::Sha256.digest(certificate_der);
        let issuer_serial = |fields: &mut DerWriter| {
            fields.sequence(|names| {
                names.element(ber::Tag::context(4), issuer_der);
            });
            fields.element(ber::Tag::INTEGER, serial);
        };
        let mut value = DerWriter::new();
        value.sequence(|fields| {
            fields.sequence(|identifiers| {
                identifiers.sequence(|first| {
                    first.octet_string(&hash).sequence(issuer_serial);
                });
            });
        });
        Attribute::new(oid::SIGNING_CERTIFICATE_V2, value.into_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: [u8; 4] = [0x30, 0x02, 0x31, 0x00];

    /// Enough of a certificate with serial number `serial`.
    fn certificate(serial: u8) -> Vec<u8> {
        let tbs = [&[0x30, 9, 2, 1, serial, 0x30, 0][..], &NAME].concat();
        [&[0x30, tbs.len() as u8], &tbs[..]].concat()
    }

    fn compare(read: &CertificateHash, certificate: &[u8]) -> CertificateMatch {
        read.compare(certificate, &|named| {
            CertificateIdentifier::of_certificate(certificate).as_ref() == Some(named)
        })
    }

    #[test]
    fn ours_names_its_certificate_and_no_other() {
        let attribute = Attribute::for_signing_certificate(&certificate(5), &NAME, &[5]);
        let read = CertificateHash::decode_v2(&attribute.values[0]).unwrap();
        assert_eq!(read.hash_algorithm, DigestAlgorithm::Sha256.oid());
        assert_eq!(compare(&read, &certificate(5)), CertificateMatch::Same);
        assert_eq!(
            compare(&read, &certificate(6)),
            CertificateMatch::Other("hash")
        );

        let attribute = Attribute::for_signing_certificate(&certificate(5), &NAME, &[6]);
        let read = CertificateHash::decode_v2(&attribute.values[0]).unwrap();
        assert_eq!(
            compare(&read, &certificate(5)),
            CertificateMatch::Other("issuer and serial number")
        );
    }

    #[test]
    fn version_1_and_other_digests() {
        let sha1 = DigestAlgorithm::Sha1.digest(&certificate(5));
        let version_1 = [&[0x30, 26, 0x30, 24, 0x30, 22, 4, 20], &sha1[..]].concat();
        let read = CertificateHash::decode_v1(&version_1).unwrap();
        assert_eq!(compare(&read, &certificate(5)), CertificateMatch::Same);
        assert_eq!(
            compare(&read, &certificate(6)),
            CertificateMatch::Other("hash")
        );
        assert_eq!(
            compare(
                &CertificateHash::decode_v2(&version_1).unwrap(),
                &certificate(5)
            ),
            CertificateMatch::Other("hash")
        );

        // An algorithm that is not known, with an empty hash.
        let unknown = [0x30, 11, 0x30, 9, 0x30, 7, 0x30, 3, 6, 1, 0x2a, 4, 0];
        let read = CertificateHash::decode_v2(&unknown).unwrap();
        assert_eq!(
            compare(&read, &certificate(5)),
            CertificateMatch::DigestUnsupported
        );
        assert_eq!(CertificateHash::decode_v1(&unknown), None);
    }

    #[test]
    fn no_certificate_named_is_malformed() {
        assert_eq!(CertificateHash::decode_v2(&[0x30, 0]), None);
        assert_eq!(CertificateHash::decode_v2(&[0x30, 2, 0x30, 0]), None);
    }
}
