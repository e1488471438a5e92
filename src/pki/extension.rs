//! Certificate extensions, RFC 5280 section 4.2: the list, and the values that decide something.
//!
//! A value is decoded when it is asked for. One that cannot be read grants nothing (no usage, no
//! CA) and is named by [`Extension::check`], so that a certificate with a broken extension nobody
//! needs stays readable.
//!
//! The types of `x509-cert` write all of this and read keyUsage. The rest is read by hand: they
//! hold object identifiers of 39 octets and path lengths up to 255, take no TRUE but 0xff, and one
//! name that they do not know spoils the list that it is in.

use std::collections::HashSet;

use const_oid::ObjectIdentifier;
use der::Decode;
pub use x509_cert::ext::pkix::{KeyUsage, KeyUsages};

use super::certificate::CertificateError;
use super::certificate_policy::{
    PolicyConstraints, certificate_policies, inhibit_any_policy, policy_mappings,
};
use super::distribution_point::{DistributionPoint, IssuingDistributionPoint};
use super::fields::{Fields, tag};
use super::general_name::GeneralName;
use super::name::Name;
use super::name_constraints::NameConstraints;
use super::oid::Oid;
use super::serial_number::SerialNumber;
use crate::asn1::oid;

/// One extension.
///
/// ```text
/// Extension ::= SEQUENCE {
///     extnID OBJECT IDENTIFIER, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    id: Oid,
    critical: bool,
    value: Vec<u8>,
}

impl Extension {
    /// Reads `Extensions`, in which no identifier may occur twice (section 4.2).
    pub(super) fn decode_all(der: &[u8]) -> Result<Vec<Extension>, CertificateError> {
        let mut list = Fields::inside(der, tag::SEQUENCE, "extensions")?;
        let mut all = Vec::new();
        let mut seen = HashSet::new();
        while let Some(item) = list.next()? {
            let extension = Extension::decode(item.raw)?;
            if !seen.insert(extension.id.clone()) {
                return Err(CertificateError::DuplicateExtension { id: extension.id });
            }
            all.push(extension);
        }
        Ok(all)
    }

    fn decode(der: &[u8]) -> Result<Extension, CertificateError> {
        let what = "extensions";
        let mut fields = Fields::inside(der, tag::SEQUENCE, what)?;
        let id = fields.require(tag::OBJECT_IDENTIFIER)?;
        let id = Oid::from_content(id.value).ok_or(CertificateError::Encoding { what })?;
        let critical = match fields.optional(tag::BOOLEAN)? {
            Some(field) => boolean(field.value).ok_or(CertificateError::Encoding { what })?,
            None => false,
        };
        let value = fields.require(tag::OCTET_STRING)?.value.to_vec();
        fields.finish()?;
        Ok(Extension {
            id,
            critical,
            value,
        })
    }

    /// What kind of extension it is.
    pub fn id(&self) -> &Oid {
        &self.id
    }

    /// Whether a certificate must be refused by whoever does not process it.
    pub fn is_critical(&self) -> bool {
        self.critical
    }

    /// The DER that the extension's OCTET STRING holds.
    pub fn value(&self) -> &[u8] {
        &self.value
    }

    /// Reads the value, if it is of a kind that is read here.
    ///
    /// # Errors
    /// It is, and cannot be read.
    pub fn check(&self) -> Result<(), CertificateError> {
        match self.id.to_known() {
            Some(oid::KEY_USAGE) => key_usage(&self.value).map(drop),
            Some(oid::BASIC_CONSTRAINTS) => BasicConstraints::decode(&self.value).map(drop),
            Some(oid::EXTENDED_KEY_USAGE) => extended_key_usages(&self.value).map(drop),
            Some(oid::SUBJECT_ALT_NAME) => GeneralName::decode_all(&self.value).map(drop),
            Some(oid::SUBJECT_KEY_IDENTIFIER) => subject_key_identifier(&self.value).map(drop),
            Some(oid::AUTHORITY_KEY_IDENTIFIER) => {
                AuthorityKeyIdentifier::decode(&self.value).map(drop)
            }
            Some(oid::AUTHORITY_INFO_ACCESS) => ca_issuers(&self.value).map(drop),
            Some(oid::CRL_DISTRIBUTION_POINTS) => {
                DistributionPoint::decode_all(&self.value).map(drop)
            }
            Some(oid::ISSUING_DISTRIBUTION_POINT) => {
                IssuingDistributionPoint::decode(&self.value).map(drop)
            }
            Some(oid::NAME_CONSTRAINTS) => NameConstraints::decode(&self.value).map(drop),
            Some(oid::CERTIFICATE_POLICIES) => certificate_policies(&self.value).map(drop),
            Some(oid::POLICY_MAPPINGS) => policy_mappings(&self.value).map(drop),
            Some(oid::POLICY_CONSTRAINTS) => PolicyConstraints::decode(&self.value).map(drop),
            Some(oid::INHIBIT_ANY_POLICY) => inhibit_any_policy(&self.value).map(drop),
            _ => Ok(()),
        }
    }
}

/// X.690 section 11.1 has 0xff for TRUE; other values occur and mean it too.
pub(super) fn boolean(value: &[u8]) -> Option<bool> {
    match value {
        [octet] => Some(*octet != 0),
        _ => None,
    }
}

/// The names that the standard gives the usages in a set, by their numbers.
pub fn usage_names(usages: KeyUsage) -> impl Iterator<Item = &'static str> {
    const NAMES: [(KeyUsages, &str); 9] = [
        (KeyUsages::DigitalSignature, "digitalSignature"),
        (KeyUsages::NonRepudiation, "nonRepudiation"),
        (KeyUsages::KeyEncipherment, "keyEncipherment"),
        (KeyUsages::DataEncipherment, "dataEncipherment"),
        (KeyUsages::KeyAgreement, "keyAgreement"),
        (KeyUsages::KeyCertSign, "keyCertSign"),
        (KeyUsages::CRLSign, "cRLSign"),
        (KeyUsages::EncipherOnly, "encipherOnly"),
        (KeyUsages::DecipherOnly, "decipherOnly"),
    ];
    NAMES
        .into_iter()
        .filter(move |(usage, _)| usages.0.contains(*usage))
        .map(|(_, name)| name)
}

/// Reads KeyUsage, RFC 5280 section 4.2.1.3; trailing zero bits, which DER forbids, do no harm.
pub(super) fn key_usage(der: &[u8]) -> Result<KeyUsage, CertificateError> {
    KeyUsage::from_der(der).map_err(|_| CertificateError::Encoding { what: "keyUsage" })
}

/// Whether the subject is a CA, and how many CAs may follow, RFC 5280 section 4.2.1.9.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BasicConstraints {
    /// The subject may issue certificates.
    pub ca: bool,
    /// The number of intermediate certificates, not self-issued, that may follow.
    pub path_length: Option<u32>,
}

impl BasicConstraints {
    pub(super) fn decode(der: &[u8]) -> Result<BasicConstraints, CertificateError> {
        let what = "basicConstraints";
        let malformed = CertificateError::Encoding { what };
        let mut fields = Fields::inside(der, tag::SEQUENCE, what)?;
        let ca = match fields.optional(tag::BOOLEAN)? {
            Some(field) => boolean(field.value).ok_or(malformed.clone())?,
            None => false,
        };
        let path_length = match fields.optional(tag::INTEGER)? {
            Some(field) => Some(unsigned(field.value).ok_or(malformed)?),
            None => None,
        };
        fields.finish()?;
        Ok(BasicConstraints { ca, path_length })
    }
}

/// A number that is not negative; one beyond 32 bits is the greatest that fits.
pub(super) fn unsigned(content: &[u8]) -> Option<u32> {
    let first = *content.first()?;
    if first & 0x80 != 0 {
        return None;
    }
    let digit = |sum: u32, octet: &u8| sum.checked_mul(256)?.checked_add(u32::from(*octet));
    Some(content.iter().try_fold(0, digit).unwrap_or(u32::MAX))
}

/// Reads `ExtKeyUsageSyntax ::= SEQUENCE SIZE (1..MAX) OF KeyPurposeId`.
pub(super) fn extended_key_usages(der: &[u8]) -> Result<Vec<Oid>, CertificateError> {
    let what = "extKeyUsage";
    let mut fields = Fields::inside(der, tag::SEQUENCE, what)?;
    let mut purposes = Vec::new();
    while let Some(field) = fields.optional(tag::OBJECT_IDENTIFIER)? {
        let purpose = Oid::from_content(field.value);
        purposes.push(purpose.ok_or(CertificateError::Encoding { what })?);
    }
    fields.finish()?;
    Ok(purposes)
}

/// Reads `SubjectKeyIdentifier ::= OCTET STRING`.
pub(super) fn subject_key_identifier(der: &[u8]) -> Result<&[u8], CertificateError> {
    let mut fields = Fields::new(der, "subjectKeyIdentifier");
    let field = fields.require(tag::OCTET_STRING)?;
    fields.finish()?;
    Ok(field.value)
}

/// How the issuer's key is named, RFC 5280 section 4.2.1.1. A hint, never a condition.
///
/// ```text
/// AuthorityKeyIdentifier ::= SEQUENCE {
///     keyIdentifier [0] KeyIdentifier OPTIONAL,
///     authorityCertIssuer [1] GeneralNames OPTIONAL,
///     authorityCertSerialNumber [2] CertificateSerialNumber OPTIONAL }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuthorityKeyIdentifier {
    /// The subject key identifier of the issuer's certificate.
    pub key_identifier: Option<Vec<u8>>,
    /// The issuer of the issuer's certificate.
    pub issuer: Option<Name>,
    /// The serial number of the issuer's certificate.
    pub serial: Option<SerialNumber>,
}

impl AuthorityKeyIdentifier {
    pub(super) fn decode(der: &[u8]) -> Result<AuthorityKeyIdentifier, CertificateError> {
        let mut fields = Fields::inside(der, tag::SEQUENCE, "authorityKeyIdentifier")?;
        let key_identifier = fields.optional(tag::context(0))?;
        let issuer = fields.optional(tag::context_constructed(1))?;
        let serial = fields.optional(tag::context(2))?;
        fields.finish()?;
        let mut directory = None;
        if let Some(field) = issuer {
            let mut names = Fields::new(field.value, "authorityKeyIdentifier");
            while let Some(name) = names.next()? {
                if let GeneralName::Directory(name) = GeneralName::decode(name) {
                    directory = Some(name);
                }
            }
        }
        Ok(AuthorityKeyIdentifier {
            key_identifier: key_identifier.map(|field| field.value.to_vec()),
            issuer: directory,
            serial: serial.and_then(|field| SerialNumber::from_content(field.value)),
        })
    }
}

/// The URLs where AuthorityInfoAccess (RFC 5280 section 4.2.2.1) says the issuer's certificate is.
pub(super) fn ca_issuers(der: &[u8]) -> Result<Vec<String>, CertificateError> {
    let what = "authorityInfoAccess";
    let mut list = Fields::inside(der, tag::SEQUENCE, what)?;
    let mut urls = Vec::new();
    while let Some(item) = list.optional(tag::SEQUENCE)? {
        let mut fields = Fields::new(item.value, what);
        let method = fields.require(tag::OBJECT_IDENTIFIER)?;
        let location = fields.next()?.map(GeneralName::decode);
        fields.finish()?;
        if let Some(GeneralName::Uri(url)) = location
            && method.value == oid::CA_ISSUERS.as_bytes()
        {
            urls.push(url);
        }
    }
    list.finish()?;
    Ok(urls)
}

/// Finds the extension of one kind.
pub(super) fn find(extensions: &[Extension], id: ObjectIdentifier) -> Option<&Extension> {
    extensions.iter().find(|extension| extension.id == id)
}

#[cfg(test)]
mod tests;
