//! Certificate revocation lists, RFC 5280 section 5: what a list says, and of whom.
//!
//! Nothing is judged here: whether a list may be believed, `revocation` decides.

mod entries;

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use const_oid::ObjectIdentifier;
use der::Decode;
use spki::AlgorithmIdentifierOwned;

use super::certificate::{CertificateError, range_in};
use super::distribution_point::IssuingDistributionPoint;
use super::extension::{self, AuthorityKeyIdentifier, Extension};
use super::fields::{Fields, tag};
use super::fingerprint::Fingerprint;
use super::name::Name;
use super::oid::Oid;
use super::serial_number::SerialNumber;
use super::validity;
use crate::asn1::oid;
use crate::crypto::UnsupportedAlgorithm;
use crate::crypto::key::{PublicKey, SignatureError, Signed};
use crate::crypto::signature::SignatureAlgorithm;
use crate::limits;
use crate::time::Time;
pub use entries::{RevokedCertificate, RevokedEntry};

/// A CRL. Cloning is cheap.
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
///
/// The octets that were received are kept, and the entries are looked through in them: a list of a
/// hundred thousand entries takes no more memory than its octets.
#[derive(Clone)]
pub struct CertificateList(Arc<Inner>);

struct Inner {
    der: Vec<u8>,
    fingerprint: Fingerprint,
    tbs: Range<usize>,
    signature_algorithm: Range<usize>,
    signature: Range<usize>,
    algorithms_agree: bool,
    issuer: Name,
    this_update: Time,
    next_update: Option<Time>,
    revoked: Range<usize>,
    entries: usize,
    entries_understood: bool,
    extensions: Vec<Extension>,
}

impl CertificateList {
    /// Reads a CRL in DER.
    ///
    /// # Errors
    /// The octets are none, or it is larger than [`limits::OBJECT_SIZE`] or has more entries than
    /// [`limits::CRL_ENTRIES`].
    pub fn decode(der: &[u8]) -> Result<CertificateList, CertificateError> {
        if der.len() > limits::OBJECT_SIZE {
            return Err(CertificateError::TooLarge {
                what: "certificate revocation list",
                limit: limits::OBJECT_SIZE,
            });
        }
        decode(der).map(|inner| CertificateList(Arc::new(inner)))
    }

    /// The octets that were received.
    pub fn der(&self) -> &[u8] {
        &self.0.der
    }

    /// The SHA-256 of the DER.
    pub fn fingerprint(&self) -> Fingerprint {
        self.0.fingerprint
    }

    /// Who issued it.
    pub fn issuer(&self) -> &Name {
        &self.0.issuer
    }

    /// When it was issued.
    pub fn this_update(&self) -> Time {
        self.0.this_update
    }

    /// When the next one is due at the latest.
    pub fn next_update(&self) -> Option<Time> {
        self.0.next_update
    }

    /// How many certificates are on it.
    pub fn entries(&self) -> usize {
        self.0.entries
    }

    /// Its number (section 5.2.3).
    pub fn number(&self) -> Option<SerialNumber> {
        self.integer(oid::CRL_NUMBER)
    }

    /// The number of the CRL that it adds to; `None` for a complete one (section 5.2.4).
    pub fn base_number(&self) -> Option<SerialNumber> {
        self.integer(oid::DELTA_CRL_INDICATOR)
    }

    /// Whether it only tells what has changed since another one.
    pub fn is_delta(&self) -> bool {
        self.find_extension(oid::DELTA_CRL_INDICATOR).is_some()
    }

    /// The octets that tell of which certificates it tells: lists of one issuer with the same scope
    /// replace each other. Deltas have a scope of their own.
    pub fn scope(&self) -> Vec<u8> {
        let mut scope = vec![u8::from(self.is_delta())];
        scope.extend(self.issuing_distribution_point_der().unwrap_or_default());
        scope
    }

    /// How it names its issuer's key.
    pub fn authority_key_identifier(&self) -> Option<AuthorityKeyIdentifier> {
        let extension = self.find_extension(oid::AUTHORITY_KEY_IDENTIFIER)?;
        AuthorityKeyIdentifier::decode(extension.value()).ok()
    }

    /// The algorithm of the signature.
    ///
    /// # Errors
    /// It is not known here.
    pub fn signature_algorithm(&self) -> Result<SignatureAlgorithm, UnsupportedAlgorithm> {
        let der = &self.0.der[self.0.signature_algorithm.clone()];
        let identifier = AlgorithmIdentifierOwned::from_der(der)
            .map_err(|_| UnsupportedAlgorithm::malformed(ObjectIdentifier::new_unwrap("0.0")))?;
        SignatureAlgorithm::decode(&identifier, None)
    }

    /// Verifies the signature over the received TBSCertList with the issuer's key.
    ///
    /// # Errors
    /// It does not match, or cannot be computed. A list whose two algorithm identifiers differ
    /// (section 5.1.1.2) does not match.
    pub fn verify_signature(&self, issuer_key: &PublicKey) -> Result<(), SignatureError> {
        if !self.0.algorithms_agree {
            return Err(SignatureError::Invalid);
        }
        let algorithm = self
            .signature_algorithm()
            .map_err(|_| SignatureError::Unsupported)?;
        let tbs = &self.0.der[self.0.tbs.clone()];
        let signature = &self.0.der[self.0.signature.clone()];
        issuer_key.verify(&algorithm, Signed::Message(tbs), signature)
    }

    /// Finds the entry of the certificate that `issuer` issued with the number `serial`.
    pub fn find_entry(&self, issuer: &Name, serial: &SerialNumber) -> Option<RevokedCertificate> {
        let revoked = &self.0.der[self.0.revoked.clone()];
        entries::find(revoked, &self.0.issuer, issuer, serial)
    }

    /// Every entry, in the order of the list.
    pub fn revoked(&self) -> impl Iterator<Item = RevokedEntry> {
        entries::all(&self.0.der[self.0.revoked.clone()])
    }

    /// In words, of which certificates alone it tells (section 5.2.5); empty if of all of its issuer.
    pub fn restrictions(&self) -> Vec<&'static str> {
        let Some(der) = self.issuing_distribution_point_der() else {
            return Vec::new();
        };
        let Ok(point) = IssuingDistributionPoint::decode(der) else {
            return vec!["of which, cannot be read"];
        };
        let words = [
            (
                point.name.is_some(),
                "those that name its distribution point",
            ),
            (point.only_user_certificates, "those of end entities"),
            (point.only_ca_certificates, "those of CAs"),
            (point.only_attribute_certificates, "attribute certificates"),
            (point.only_some_reasons.is_some(), "some reasons"),
        ];
        let words = words.into_iter().filter(|(holds, _)| *holds);
        words.map(|(_, word)| word).collect()
    }

    /// A critical extension of the list that is not processed: it must not be used (section 5.2).
    pub fn unknown_critical_extension(&self) -> Option<&Oid> {
        let processed = |extension: &Extension| {
            PROCESSED.iter().any(|known| extension.id() == known) && extension.check().is_ok()
        };
        let unknown = |extension: &&Extension| extension.is_critical() && !processed(extension);
        let mut extensions = self.0.extensions.iter();
        extensions.find(unknown).map(Extension::id)
    }

    /// Whether every critical extension of its entries is processed; if not, that a certificate is
    /// not on it says nothing (section 5.3).
    pub fn entries_are_understood(&self) -> bool {
        self.0.entries_understood
    }

    /// The value of its issuingDistributionPoint.
    pub(super) fn issuing_distribution_point_der(&self) -> Option<&[u8]> {
        let extension = self.find_extension(oid::ISSUING_DISTRIBUTION_POINT)?;
        Some(extension.value())
    }

    fn find_extension(&self, id: ObjectIdentifier) -> Option<&Extension> {
        extension::find(&self.0.extensions, id)
    }

    fn integer(&self, id: ObjectIdentifier) -> Option<SerialNumber> {
        let mut value = Fields::new(self.find_extension(id)?.value(), "a CRL number");
        SerialNumber::from_content(value.require(tag::INTEGER).ok()?.value)
    }
}

/// Two are equal if their octets are.
impl PartialEq for CertificateList {
    fn eq(&self, other: &CertificateList) -> bool {
        self.0.der == other.0.der
    }
}

impl Eq for CertificateList {}

impl fmt::Debug for CertificateList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CertificateList")
            .field("issuer", self.issuer())
            .field("this_update", &self.this_update().to_string())
            .field("entries", &self.entries())
            .finish()
    }
}

/// Extensions of the list that are processed (section 5.2).
const PROCESSED: &[ObjectIdentifier] = &[
    oid::AUTHORITY_KEY_IDENTIFIER,
    oid::CRL_NUMBER,
    oid::DELTA_CRL_INDICATOR,
    oid::ISSUING_DISTRIBUTION_POINT,
];

fn decode(der: &[u8]) -> Result<Inner, CertificateError> {
    let what = "the certificate list";
    let mut outer = Fields::inside(der, tag::SEQUENCE, what)?;
    let tbs = outer.require(tag::SEQUENCE)?;
    let signature_algorithm = outer.require(tag::SEQUENCE)?;
    let signature = outer.require(tag::BIT_STRING)?;
    outer.finish()?;
    let malformed = CertificateError::Encoding { what };
    // One that is no whole number of octets fails to verify.
    let signature = match signature.value.split_first() {
        Some((0, octets)) => octets,
        Some((1..=7, octets)) => &octets[..0],
        _ => return Err(malformed),
    };
    let mut fields = Fields::new(tbs.value, what);
    fields.optional(tag::INTEGER)?;
    let inner_algorithm = fields.require(tag::SEQUENCE)?;
    let issuer = Name::decode(fields.require(tag::SEQUENCE)?.raw)?;
    let this_update = fields.next()?.and_then(validity::time);
    let this_update = this_update.ok_or(malformed.clone())?;
    let next_update = match fields.peek() {
        Some(tag::UTC_TIME | tag::GENERALIZED_TIME) => fields.next()?.map(validity::time),
        _ => None,
    };
    let next_update = next_update.map(|time| time.ok_or(malformed)).transpose()?;
    let revoked = fields.optional(tag::SEQUENCE)?;
    let revoked = revoked.map_or(&tbs.value[..0], |field| field.value);
    let extensions = match fields.optional(tag::context_constructed(0))? {
        Some(field) => Extension::decode_all(field.value)?,
        None => Vec::new(),
    };
    fields.finish()?;
    let (entries, entries_understood) = entries::inspect(revoked)?;
    Ok(Inner {
        fingerprint: Fingerprint::of(der),
        tbs: range_in(der, tbs.raw),
        signature_algorithm: range_in(der, signature_algorithm.raw),
        signature: range_in(der, signature),
        algorithms_agree: inner_algorithm.raw == signature_algorithm.raw,
        issuer,
        this_update,
        next_update,
        revoked: range_in(der, revoked),
        entries,
        entries_understood,
        extensions,
        der: der.to_vec(),
    })
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
