//! The DER of names and extensions that are issued, RFC 5280 sections 4.1.2.4 and 4.2.

use const_oid::{AssociatedOid, ObjectIdentifier};
use der::asn1::{Any, Ia5String, OctetString};
use der::{Decode, Encode, Tag};
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::ext::pkix::certpolicy::{CertificatePolicies, PolicyInformation};
use x509_cert::ext::pkix::crl::dp::DistributionPoint;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName, OtherName};
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, CrlDistributionPoints, SubjectAltName, SubjectKeyIdentifier,
};
use x509_cert::ext::{Criticality, Extension, ToExtension};
use x509_cert::name::{Name, RdnSequence, RelativeDistinguishedName};

use super::profile::{COMMON_NAME_LENGTH, IssueError, SubjectName};
use crate::address::Address;
use crate::asn1::oid;
use crate::crypto::key::PublicKey;
use crate::pki::certificate::Certificate;

/// Makes a name, from the country to the common name.
pub(super) fn encode_name(name: &SubjectName) -> Result<Name, IssueError> {
    // Kind, text, word for errors, the upper bound of RFC 5280 appendix A.1.
    let parts = [
        (oid::COUNTRY_NAME, &name.country, "country", 2),
        (oid::LOCALITY_NAME, &name.locality, "locality", 128),
        (
            oid::ORGANIZATION_NAME,
            &name.organization,
            "organization",
            64,
        ),
        (
            oid::COMMON_NAME,
            &name.common_name,
            "name",
            COMMON_NAME_LENGTH,
        ),
    ];
    let mut names = Vec::new();
    for (oid, text, part, limit) in parts {
        let Some(text) = text else { continue };
        let fail = |why| IssueError::NameInvalid {
            part,
            text: text.clone(),
            why,
        };
        if text.trim().is_empty() {
            return Err(fail("is empty"));
        }
        if text.chars().any(char::is_control) {
            return Err(fail("has a control character"));
        }
        if text.chars().count() > limit {
            return Err(fail("is too long"));
        }
        let tag = if oid == oid::COUNTRY_NAME {
            if text.len() != 2 || !text.bytes().all(|octet| octet.is_ascii_alphabetic()) {
                return Err(fail("is not a code of two letters"));
            }
            Tag::PrintableString
        } else {
            Tag::Utf8String
        };
        let value = Any::new(tag, text.as_bytes())?;
        let attribute = AttributeTypeAndValue { oid, value };
        names.push(RelativeDistinguishedName::try_from(vec![attribute])?);
    }
    Ok(Name::from_der(&RdnSequence::from(names).to_der()?)?)
}

/// The extensions of a certificate to be issued, critical where RFC 5280 wants it.
pub(super) struct ExtensionList<'a> {
    subject: &'a Name,
    extensions: Vec<Extension>,
}

impl ExtensionList<'_> {
    /// None yet, for a certificate of `subject`.
    pub(super) fn new(subject: &Name) -> ExtensionList<'_> {
        ExtensionList {
            subject,
            extensions: Vec::new(),
        }
    }

    /// The DER of Extensions.
    pub(super) fn to_der(&self) -> Result<Vec<u8>, IssueError> {
        Ok(self.extensions.to_der()?)
    }

    /// Adds one.
    pub(super) fn add(
        &mut self,
        value: &(impl AssociatedOid + Criticality + Encode),
    ) -> Result<(), IssueError> {
        let extension = value.to_extension(self.subject, &self.extensions)?;
        self.extensions.push(extension);
        Ok(())
    }
}

/// Section 4.2.1.2.
pub(super) fn subject_key_identifier(key: &PublicKey) -> der::Result<SubjectKeyIdentifier> {
    OctetString::new(key.key_identifier()).map(SubjectKeyIdentifier)
}

/// Section 4.2.1.1: the identifier that the issuer's certificate gives its key.
pub(super) fn authority_key_identifier(
    issuer: &Certificate,
) -> Result<AuthorityKeyIdentifier, IssueError> {
    let identifier = match issuer.subject_key_identifier() {
        Some(identifier) => identifier.to_vec(),
        None => issuer.public_key()?.key_identifier().to_vec(),
    };
    Ok(AuthorityKeyIdentifier {
        key_identifier: Some(OctetString::new(identifier)?),
        ..AuthorityKeyIdentifier::default()
    })
}

/// Section 4.2.1.6, with the mailboxes of RFC 9598 where a local part is not ASCII; each once.
pub(super) fn subject_alt_name<'a>(
    addresses: impl IntoIterator<Item = &'a Address>,
) -> der::Result<SubjectAltName> {
    let mut names = Vec::new();
    for address in addresses {
        let name = general_name(address)?;
        if !names.contains(&name) {
            names.push(name);
        }
    }
    Ok(SubjectAltName(names))
}

/// Section 4.2.1.4: the policies without qualifiers, each once.
pub(super) fn certificate_policies(policies: &[ObjectIdentifier]) -> CertificatePolicies {
    let mut once: Vec<PolicyInformation> = Vec::new();
    for &policy_identifier in policies {
        if !once
            .iter()
            .any(|known| known.policy_identifier == policy_identifier)
        {
            once.push(PolicyInformation {
                policy_identifier,
                policy_qualifiers: None,
            });
        }
    }
    CertificatePolicies(once)
}

/// Section 4.2.1.13: one distribution point with one URL.
pub(super) fn crl_distribution_point(url: &str) -> Result<CrlDistributionPoints, IssueError> {
    let graphic = url.bytes().all(|octet| octet.is_ascii_graphic());
    if !graphic || !url.contains("://") {
        return Err(IssueError::UrlInvalid {
            url: url.to_owned(),
        });
    }
    let name = GeneralName::UniformResourceIdentifier(Ia5String::new(url)?);
    Ok(CrlDistributionPoints(vec![DistributionPoint {
        distribution_point: Some(DistributionPointName::FullName(vec![name])),
        reasons: None,
        crl_issuer: None,
    }]))
}

/// rfc822Name, or SmtpUTF8Mailbox; the domain in A-labels in both (RFC 9598 section 3).
fn general_name(address: &Address) -> der::Result<GeneralName> {
    let text = format!("{}@{}", local_part(address.local()), address.domain());
    Ok(if text.is_ascii() {
        GeneralName::Rfc822Name(Ia5String::new(&text)?)
    } else {
        GeneralName::OtherName(OtherName {
            type_id: oid::SMTP_UTF8_MAILBOX,
            value: Any::new(Tag::Utf8String, text.as_bytes())?,
        })
    })
}

/// The local part as it stands in a mailbox: quoted unless it is a dot-string (RFC 5321
/// section 4.1.2).
fn local_part(local: &str) -> String {
    let atom =
        |c: char| c.is_ascii_alphanumeric() || !c.is_ascii() || "!#$%&'*+-/=?^_`{|}~".contains(c);
    let dot_string = local
        .split('.')
        .all(|part| !part.is_empty() && part.chars().all(atom));
    if dot_string {
        return local.to_owned();
    }
    let mut quoted = String::from("\"");
    for c in local.chars() {
        if matches!(c, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted.push('"');
    quoted
}
