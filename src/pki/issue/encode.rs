//! The DER of names and extensions that are issued, RFC 5280 sections 4.1.2.4 and 4.2.

use const_oid::ObjectIdentifier;

use super::profile::{COMMON_NAME_LENGTH, IssueError, SubjectName};
use crate::address::Address;
use crate::asn1::oid;
use crate::asn1::tag::Tag;
use crate::asn1::write::{DerWriter, element};
use crate::crypto::key::PublicKey;
use crate::pki::certificate::Certificate;
use crate::pki::extension::KeyUsages;

/// Encodes a name, from the country to the common name.
pub(super) fn encode_name(name: &SubjectName) -> Result<Vec<u8>, IssueError> {
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
    let mut encoded = Vec::new();
    for (kind, text, part, limit) in parts {
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
        let tag = if kind == oid::COUNTRY_NAME {
            if text.len() != 2 || !text.bytes().all(|octet| octet.is_ascii_alphabetic()) {
                return Err(fail("is not a code of two letters"));
            }
            Tag::PRINTABLE_STRING
        } else {
            Tag::UTF8_STRING
        };
        let mut attribute = DerWriter::new();
        attribute.sequence(|attribute| {
            attribute.oid(&kind).element(tag, text.as_bytes());
        });
        encoded.extend(element(Tag::SET, &attribute.into_vec()));
    }
    Ok(element(Tag::SEQUENCE, &encoded))
}

/// The extensions of a certificate to be issued, one after the other.
#[derive(Debug, Default)]
pub(super) struct ExtensionList {
    out: DerWriter,
}

impl ExtensionList {
    /// The content of the SEQUENCE.
    pub(super) fn into_der(self) -> Vec<u8> {
        self.out.into_vec()
    }

    fn add(&mut self, id: ObjectIdentifier, critical: bool, value: &[u8]) {
        self.out.sequence(|extension| {
            extension.oid(&id);
            if critical {
                extension.element(Tag::BOOLEAN, &[0xff]);
            }
            extension.octet_string(value);
        });
    }

    /// Section 4.2.1.9, for a CA.
    pub(super) fn basic_constraints(&mut self, path_length: Option<u8>) {
        let mut value = DerWriter::new();
        value.sequence(|constraints| {
            constraints.element(Tag::BOOLEAN, &[0xff]);
            if let Some(length) = path_length {
                constraints.integer(length);
            }
        });
        self.add(oid::BASIC_CONSTRAINTS, true, &value.into_vec());
    }

    /// Section 4.2.1.3.
    pub(super) fn key_usage(&mut self, usages: KeyUsages) {
        self.add(oid::KEY_USAGE, true, &usages.to_der());
    }

    /// Section 4.2.1.12.
    pub(super) fn extended_key_usage(&mut self, purposes: &[ObjectIdentifier]) {
        let mut value = DerWriter::new();
        value.sequence(|list| {
            for purpose in purposes {
                list.oid(purpose);
            }
        });
        self.add(oid::EXTENDED_KEY_USAGE, false, &value.into_vec());
    }

    /// Section 4.2.1.2.
    pub(super) fn subject_key_identifier(&mut self, key: &PublicKey) {
        let value = element(Tag::OCTET_STRING, &key.key_identifier());
        self.add(oid::SUBJECT_KEY_IDENTIFIER, false, &value);
    }

    /// Section 4.2.1.1: the identifier that the issuer's certificate gives its key.
    pub(super) fn authority_key_identifier(
        &mut self,
        issuer: &Certificate,
    ) -> Result<(), IssueError> {
        let identifier = match issuer.subject_key_identifier() {
            Some(identifier) => identifier.to_vec(),
            None => issuer.public_key()?.key_identifier().to_vec(),
        };
        let mut value = DerWriter::new();
        value.sequence(|list| {
            list.element(Tag::context(0).as_primitive(), &identifier);
        });
        self.add(oid::AUTHORITY_KEY_IDENTIFIER, false, &value.into_vec());
        Ok(())
    }

    /// Section 4.2.1.6, with the mailboxes of RFC 9598 where a local part is not ASCII; nothing
    /// without an address.
    pub(super) fn subject_alt_name(&mut self, addresses: &[Address], critical: bool) {
        if addresses.is_empty() {
            return;
        }
        let mut names = Vec::new();
        for address in addresses {
            let name = general_name(address);
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let value = element(Tag::SEQUENCE, &names.concat());
        self.add(oid::SUBJECT_ALT_NAME, critical, &value);
    }

    /// Section 4.2.1.13: one distribution point with one URL.
    pub(super) fn crl_distribution_point(&mut self, url: &str) -> Result<(), IssueError> {
        let graphic = url.bytes().all(|octet| octet.is_ascii_graphic());
        if !graphic || !url.contains("://") {
            return Err(IssueError::UrlInvalid {
                url: url.to_owned(),
            });
        }
        let mut value = DerWriter::new();
        value.sequence(|points| {
            points.sequence(|point| {
                point.nested(Tag::context(0), |name| {
                    name.nested(Tag::context(0), |full_name| {
                        full_name.element(Tag::context(6).as_primitive(), url.as_bytes());
                    });
                });
            });
        });
        self.add(oid::CRL_DISTRIBUTION_POINTS, false, &value.into_vec());
        Ok(())
    }
}

/// rfc822Name, or SmtpUTF8Mailbox; the domain in A-labels in both (RFC 9598 section 3).
fn general_name(address: &Address) -> Vec<u8> {
    let text = format!("{}@{}", local_part(address.local()), address.domain());
    if text.is_ascii() {
        return element(Tag::context(1).as_primitive(), text.as_bytes());
    }
    let mut name = DerWriter::new();
    name.nested(Tag::context(0), |other| {
        other.oid(&oid::SMTP_UTF8_MAILBOX);
        other.nested(Tag::context(0), |value| {
            value.element(Tag::UTF8_STRING, text.as_bytes());
        });
    });
    name.into_vec()
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
