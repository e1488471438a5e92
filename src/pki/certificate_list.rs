//! Certificate revocation lists, RFC 5280 section 5: what a list says about itself.
//!
//! Nothing is judged here: neither its signature nor whether a certificate is on it.

use super::certificate::CertificateError;
use super::extension::{self, Extension};
use super::fields::{Fields, tag};
use super::name::Name;
use super::serial_number::SerialNumber;
use super::validity;
use crate::asn1::oid;
use crate::time::Time;

/// The facts of a CRL.
///
/// ```text
/// CertificateList ::= SEQUENCE {
///     tbsCertList TBSCertList, signatureAlgorithm AlgorithmIdentifier, signatureValue BIT STRING }
/// TBSCertList ::= SEQUENCE {
///     version INTEGER OPTIONAL, signature AlgorithmIdentifier, issuer Name,
///     thisUpdate Time, nextUpdate Time OPTIONAL,
///     revokedCertificates SEQUENCE OF SEQUENCE { ... } OPTIONAL,
///     crlExtensions [0] EXPLICIT Extensions OPTIONAL }
/// ```
#[derive(Clone, Debug)]
pub struct CertificateList {
    issuer: Name,
    this_update: Time,
    next_update: Option<Time>,
    entries: usize,
    number: Option<SerialNumber>,
}

impl CertificateList {
    /// Reads a CRL in DER.
    ///
    /// # Errors
    /// The octets are none.
    pub fn decode(der: &[u8]) -> Result<CertificateList, CertificateError> {
        let what = "the certificate list";
        let mut outer = Fields::inside(der, tag::SEQUENCE, what)?;
        let tbs = outer.require(tag::SEQUENCE)?;
        outer.require(tag::SEQUENCE)?;
        outer.require(tag::BIT_STRING)?;
        outer.finish()?;
        let mut fields = Fields::new(tbs.value, what);
        fields.optional(tag::INTEGER)?;
        fields.require(tag::SEQUENCE)?;
        let issuer = Name::decode(fields.require(tag::SEQUENCE)?.raw)?;
        let malformed = CertificateError::Encoding { what };
        let this_update = fields.next()?.and_then(validity::time);
        let this_update = this_update.ok_or(malformed.clone())?;
        let next_update = match fields.peek() {
            Some(tag::UTC_TIME | tag::GENERALIZED_TIME) => fields.next()?.map(validity::time),
            _ => None,
        };
        let next_update = next_update.map(|time| time.ok_or(malformed)).transpose()?;
        let mut entries = 0;
        if let Some(revoked) = fields.optional(tag::SEQUENCE)? {
            let mut revoked = Fields::new(revoked.value, what);
            while revoked.optional(tag::SEQUENCE)?.is_some() {
                entries += 1;
            }
            revoked.finish()?;
        }
        let extensions = match fields.optional(tag::context_constructed(0))? {
            Some(field) => Extension::decode_all(field.value)?,
            None => Vec::new(),
        };
        fields.finish()?;
        let number = extension::find(&extensions, oid::CRL_NUMBER).and_then(|extension| {
            let mut value = Fields::new(extension.value(), what);
            SerialNumber::from_content(value.require(tag::INTEGER).ok()?.value)
        });
        Ok(CertificateList {
            issuer,
            this_update,
            next_update,
            entries,
            number,
        })
    }

    /// Who issued it.
    pub fn issuer(&self) -> &Name {
        &self.issuer
    }

    /// When it was issued.
    pub fn this_update(&self) -> Time {
        self.this_update
    }

    /// When the next one is due at the latest.
    pub fn next_update(&self) -> Option<Time> {
        self.next_update
    }

    /// How many certificates are on it.
    pub fn entries(&self) -> usize {
        self.entries
    }

    /// Its number (section 5.2.3).
    pub fn number(&self) -> Option<&SerialNumber> {
        self.number.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asn1::tag::Tag;
    use crate::asn1::write::{DerWriter, element};
    use crate::pki::test_pki::name;

    fn list(revoked: usize) -> Vec<u8> {
        let mut out = DerWriter::new();
        out.sequence(|list| {
            list.sequence(|tbs| {
                tbs.integer(1).sequence(|algorithm| {
                    algorithm.oid(&oid::SHA256);
                });
                tbs.raw(name("CA").der());
                tbs.raw(&element(Tag::UTC_TIME, b"260101000000Z"));
                tbs.raw(&element(Tag::GENERALIZED_TIME, b"20270101000000Z"));
                tbs.sequence(|all| {
                    for number in 0..revoked {
                        all.sequence(|one| {
                            one.integer(number as u8);
                            one.raw(&element(Tag::UTC_TIME, b"260101000000Z"));
                        });
                    }
                });
                tbs.nested(Tag::context(0), |extensions| {
                    extensions.sequence(|all| {
                        all.sequence(|one| {
                            one.oid(&oid::CRL_NUMBER);
                            one.octet_string(&[2, 1, 7]);
                        });
                    });
                });
            });
            list.sequence(|_| {}).bit_string(&[0]);
        });
        out.into_vec()
    }

    #[test]
    fn a_list_says_when_and_how_many() {
        let der = list(3);
        let found = CertificateList::decode(&der).unwrap();
        assert_eq!(found.issuer(), &name("CA"));
        assert_eq!(found.this_update().to_string(), "2026-01-01T00:00:00Z");
        let next = found.next_update().unwrap();
        assert_eq!(next.to_string(), "2027-01-01T00:00:00Z");
        assert_eq!(found.entries(), 3);
        assert_eq!(found.number().unwrap().to_string(), "07");
        for end in 0..der.len() {
            assert!(CertificateList::decode(&der[..end]).is_err());
        }
    }
}
