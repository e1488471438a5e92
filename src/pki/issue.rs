//! Issues certificates (the self-signed one of a CA, and those of people and systems) and CRLs.
//!
//! The profiles follow RFC 5280 section 4 and RFC 8550 section 4, and hold no more than mail
//! clients need. Serial numbers and the time are handed in: where they come from, and that a number
//! is never used twice, is the caller's business.

mod certificate_list;
mod encode;
mod profile;

use der::Encode;
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage};

pub use certificate_list::{ListProfile, issue_list};
pub use profile::{CaProfile, IssueError, LEAF_DAYS, LeafProfile, SubjectName, Usage};

use self::encode::{
    ExtensionList, authority_key_identifier, certificate_policies, crl_distribution_point,
    encode_name, subject_alt_name, subject_key_identifier,
};
use super::certificate::Certificate;
use super::extension::{KeyUsage, KeyUsages};
use super::name::Name;
use super::serial_number::SerialNumber;
use super::validity;
use crate::asn1::oid;
use crate::asn1::tag::Tag;
use crate::asn1::write::DerWriter;
use crate::crypto::key::{PrivateKey, PublicKey, Signed};
use crate::time::Time;

/// A CA that issues: its certificate and the private key that belongs to it.
#[derive(Clone, Copy, Debug)]
pub struct Authority<'a> {
    /// The certificate.
    pub certificate: &'a Certificate,
    /// The private key.
    pub key: &'a PrivateKey,
}

/// Makes the self-signed certificate of a CA, valid from `now`.
///
/// # Errors
/// The profile cannot be written as a certificate, or the key does not sign.
pub fn self_signed(
    profile: &CaProfile,
    key: &PrivateKey,
    serial: &SerialNumber,
    now: Time,
) -> Result<Certificate, IssueError> {
    let subject = encode_name(&profile.name)?;
    if profile.name.is_empty() {
        return Err(IssueError::NameMissing);
    }
    let mut extensions = ExtensionList::new(&subject);
    extensions.add(&BasicConstraints {
        ca: true,
        path_len_constraint: profile.path_length,
    })?;
    extensions.add(&KeyUsage(KeyUsages::KeyCertSign | KeyUsages::CRLSign))?;
    extensions.add(&subject_key_identifier(key.public_key())?)?;
    if let Some(email) = &profile.email {
        extensions.add(&subject_alt_name([email])?)?;
    }
    let name = subject.to_der()?;
    let parts = Parts {
        serial,
        issuer: &name,
        subject: &name,
        not_before: now,
        not_after: end(now, profile.days),
        public_key: key.public_key(),
        extensions: extensions.to_der()?,
    };
    sign(&parts, key)
}

/// Issues the certificate of a person or system, valid from `now`, and not beyond the CA's own.
///
/// # Errors
/// The authority may not issue at that time, its key is another, or the profile cannot be written
/// as a certificate.
pub fn issue(
    authority: &Authority<'_>,
    profile: &LeafProfile,
    serial: &SerialNumber,
    now: Time,
) -> Result<Certificate, IssueError> {
    authority.check(now)?;
    if profile.addresses.is_empty() {
        return Err(IssueError::AddressMissing);
    }
    let subject = encode_name(&profile.subject())?;
    let mut extensions = ExtensionList::new(&subject);
    extensions.add(&profile.key_usage()?)?;
    extensions.add(&ExtendedKeyUsage(vec![oid::EMAIL_PROTECTION]))?;
    extensions.add(&subject_key_identifier(&profile.key)?)?;
    extensions.add(&authority_key_identifier(authority.certificate)?)?;
    extensions.add(&subject_alt_name(&profile.addresses)?)?;
    if let Some(url) = &profile.crl_url {
        extensions.add(&crl_distribution_point(url)?)?;
    }
    if !profile.policies.is_empty() {
        extensions.add(&certificate_policies(&profile.policies))?;
    }
    let not_after = end(now, profile.days);
    let parts = Parts {
        serial,
        issuer: authority.certificate.subject().der(),
        subject: &subject.to_der()?,
        not_before: now,
        not_after: not_after.min(authority.certificate.not_after()),
        public_key: &profile.key,
        extensions: extensions.to_der()?,
    };
    sign(&parts, authority.key)
}

/// Whether certificates can say that the CA's CRL is at `url`.
///
/// # Errors
/// It is not a URL in ASCII.
pub fn check_crl_url(url: &str) -> Result<(), IssueError> {
    crl_distribution_point(url).map(drop)
}

/// The last second of a validity of so many days: it belongs to it (RFC 5280 section 4.1.2.5).
fn end(start: Time, days: u32) -> Time {
    start.plus_days(days.into()).plus_seconds(-1)
}

impl Authority<'_> {
    /// Whether it may issue at `now`.
    fn check(&self, now: Time) -> Result<(), IssueError> {
        let may_sign = self
            .certificate
            .key_usage()
            .is_none_or(|usages| usages.key_cert_sign());
        if !self.certificate.is_ca() || !may_sign {
            return Err(IssueError::AuthorityNotCa);
        }
        if self.certificate.public_key()? != *self.key.public_key() {
            return Err(IssueError::AuthorityKeyMismatch);
        }
        let (from, until) = (self.certificate.not_before(), self.certificate.not_after());
        if now < from || until < now {
            return Err(IssueError::AuthorityNotValid { from, until });
        }
        Ok(())
    }
}

/// What a certificate is made of.
struct Parts<'a> {
    serial: &'a SerialNumber,
    issuer: &'a [u8],
    subject: &'a [u8],
    not_before: Time,
    not_after: Time,
    public_key: &'a PublicKey,
    extensions: Vec<u8>,
}

fn sign(parts: &Parts<'_>, key: &PrivateKey) -> Result<Certificate, IssueError> {
    if parts.serial.is_negative() {
        return Err(IssueError::SerialNegative);
    }
    if parts.not_after <= parts.not_before {
        return Err(IssueError::ValidityEmpty);
    }
    let algorithm = key.signature_algorithm(None);
    let identifier = algorithm.algorithm_identifier()?;
    let identifier = identifier.to_der()?;

    let mut tbs = DerWriter::new();
    tbs.sequence(|tbs| {
        tbs.nested(Tag::context(0), |version| {
            version.integer(2);
        });
        tbs.element(Tag::INTEGER, parts.serial.as_bytes());
        tbs.raw(&identifier).raw(parts.issuer);
        tbs.sequence(|dates| {
            dates.raw(&validity::encode(parts.not_before));
            dates.raw(&validity::encode(parts.not_after));
        });
        tbs.raw(parts.subject).raw(parts.public_key.spki_der());
        tbs.nested(Tag::context(3), |extensions| {
            extensions.raw(&parts.extensions);
        });
    });
    let tbs = tbs.into_vec();
    let signature = key.sign(&algorithm, Signed::Message(&tbs))?;

    let mut certificate = DerWriter::new();
    certificate.sequence(|certificate| {
        certificate
            .raw(&tbs)
            .raw(&identifier)
            .bit_string(&signature);
    });
    Certificate::decode(&certificate.into_vec()).map_err(|_| IssueError::Encoding)
}

impl SubjectName {
    /// The name as certificates hold it.
    ///
    /// # Errors
    /// A part has a form or length that RFC 5280 appendix A does not allow.
    pub fn to_name(&self) -> Result<Name, IssueError> {
        Name::decode(&encode_name(self)?.to_der()?).map_err(|_| IssueError::Encoding)
    }
}

#[cfg(test)]
mod tests;
