//! How CMS names a certificate without carrying it: by issuer and serial number, or by key.
//!
//! A name in CMS is only a hint for finding the certificate. Whether it is the right one is decided
//! by the signature, or by the key that opens the message.

use der::asn1::AnyRef;
use der::{Decode, Reader, SliceReader, Tag, TagNumber, Tagged};

use crate::asn1::ber;
use crate::asn1::write::element;

/// Names a certificate.
///
/// ```text
/// SignerIdentifier ::= CHOICE {
///   issuerAndSerialNumber IssuerAndSerialNumber,
///   subjectKeyIdentifier [0] SubjectKeyIdentifier }
/// ```
///
/// RFC 5652 section 5.3; RecipientIdentifier (section 6.2.1) has the same form.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum CertificateIdentifier {
    /// By the issuer's name and the number it gave.
    IssuerSerial {
        /// The DER of the Name.
        issuer_der: Vec<u8>,
        /// The content octets of the INTEGER.
        serial: Vec<u8>,
    },
    /// By the subject key identifier.
    KeyIdentifier(Vec<u8>),
}

impl CertificateIdentifier {
    /// The identifier of the certificate `certificate_der`, by issuer and serial number; `None` if
    /// the octets are no certificate.
    ///
    /// Only the first fields of the certificate are looked at.
    pub fn of_certificate(certificate_der: &[u8]) -> Option<CertificateIdentifier> {
        let mut outer = SliceReader::new(certificate_der).ok()?;
        let tbs = content(&mut outer, Tag::Sequence)?;
        let mut tbs =
            SliceReader::new(content(&mut SliceReader::new(tbs).ok()?, Tag::Sequence)?).ok()?;
        let version = Tag::ContextSpecific {
            constructed: true,
            number: TagNumber(0),
        };
        if Tag::peek(&tbs).ok()? == version {
            tbs.tlv_bytes().ok()?;
        }
        let serial = content(&mut tbs, Tag::Integer)?.to_vec();
        tbs.tlv_bytes().ok()?;
        if Tag::peek(&tbs).ok()? != Tag::Sequence {
            return None;
        }
        let issuer_der = tbs.tlv_bytes().ok()?.to_vec();
        Some(CertificateIdentifier::IssuerSerial { issuer_der, serial })
    }

    /// Reads an IssuerAndSerialNumber: `SEQUENCE { issuer Name, serialNumber INTEGER }`.
    pub(crate) fn decode_issuer_serial(der: &[u8]) -> Option<CertificateIdentifier> {
        let sequence = AnyRef::from_der(der).ok()?;
        if sequence.tag() != Tag::Sequence {
            return None;
        }
        CertificateIdentifier::decode_issuer_serial_fields(sequence.value())
    }

    /// Reads the fields of an IssuerAndSerialNumber, whose own tag may be an implicit one.
    pub(crate) fn decode_issuer_serial_fields(fields: &[u8]) -> Option<CertificateIdentifier> {
        let mut fields = SliceReader::new(fields).ok()?;
        if Tag::peek(&fields).ok()? != Tag::Sequence {
            return None;
        }
        let issuer_der = fields.tlv_bytes().ok()?.to_vec();
        let serial = content(&mut fields, Tag::Integer)?.to_vec();
        fields.finish().ok()?;
        Some(CertificateIdentifier::IssuerSerial { issuer_der, serial })
    }

    /// The SignerIdentifier or RecipientIdentifier.
    ///
    /// The types of the `cms` crate hold the issuer decoded, and so do SignerInfo and RecipientInfo
    /// there, which is why those are written and read by hand. They refuse serial numbers of more
    /// than 20 octets, and encoding a name again sorts its sets: who looks for the octets of the
    /// certificate would not find them.
    pub(crate) fn to_der(&self) -> Vec<u8> {
        match self {
            CertificateIdentifier::IssuerSerial { issuer_der, serial } => {
                let serial = element(ber::Tag::INTEGER, serial);
                element(ber::Tag::SEQUENCE, &[&issuer_der[..], &serial].concat())
            }
            CertificateIdentifier::KeyIdentifier(identifier) => {
                element(ber::Tag::context(0).as_primitive(), identifier)
            }
        }
    }

    /// Whether this names the certificate with that issuer (DER of the Name), serial number
    /// (content octets) and subject key identifier.
    ///
    /// Issuers are compared octet by octet; who has the certificate decoded asks
    /// `smime::lookup::names`, which compares names.
    pub fn matches(&self, issuer_der: &[u8], serial: &[u8], key_identifier: Option<&[u8]>) -> bool {
        match self {
            CertificateIdentifier::IssuerSerial {
                issuer_der: issuer,
                serial: number,
            } => issuer == issuer_der && same_serial(number, serial),
            CertificateIdentifier::KeyIdentifier(identifier) => {
                key_identifier == Some(identifier.as_slice())
            }
        }
    }
}

/// Whether two serial numbers are equal, with or without the zero octet that keeps an INTEGER
/// positive: types of other crates cut it off.
fn same_serial(one: &[u8], other: &[u8]) -> bool {
    let trimmed = |octets: &[u8]| {
        let zeros = octets.iter().take_while(|&&octet| octet == 0).count();
        octets[zeros..].to_vec()
    };
    trimmed(one) == trimmed(other)
}

/// The content octets of the next element if it has the tag `tag`.
fn content<'a>(reader: &mut SliceReader<'a>, tag: Tag) -> Option<&'a [u8]> {
    if Tag::peek(reader).ok()? != tag {
        return None;
    }
    Some(AnyRef::decode(reader).ok()?.value())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: [u8; 4] = [0x30, 0x02, 0x31, 0x00];

    #[test]
    fn issuer_and_serial_of_a_certificate() {
        // Certificate { TBSCertificate { [0] 2, serial 00ff, algorithm {}, issuer, … } … }
        let tbs = [
            &[0x30, 19, 0xa0, 3, 2, 1, 2, 2, 2, 0, 0xff, 0x30, 0][..],
            &NAME,
            &[0x30, 0, 0x30, 0],
        ]
        .concat();
        let certificate = [&[0x30, tbs.len() as u8 + 2], &tbs[..], &[0x30, 0]].concat();
        let found = CertificateIdentifier::of_certificate(&certificate).unwrap();
        assert!(found.matches(&NAME, &[0, 0xff], None));
        assert!(found.matches(&NAME, &[0xff], None));
        assert!(!found.matches(&NAME, &[0xfe], None));
        assert!(!found.matches(&[0x30, 0], &[0xff], None));
        for end in 0..certificate.len() {
            assert_eq!(
                CertificateIdentifier::of_certificate(&certificate[..end]),
                None
            );
        }
    }

    #[test]
    fn a_key_identifier_matches_only_itself() {
        let identifier = CertificateIdentifier::KeyIdentifier(vec![1, 2]);
        assert!(identifier.matches(&NAME, &[1], Some(&[1, 2])));
        assert!(!identifier.matches(&NAME, &[1], Some(&[1])));
        assert!(!identifier.matches(&NAME, &[1], None));
    }
}
