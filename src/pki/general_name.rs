//! GeneralName, RFC 5280 section 4.2.1.6, and the internationalized mailbox of RFC 9598.

use core::net::{Ipv4Addr, Ipv6Addr};
use std::fmt::{self, Display};

use super::certificate::CertificateError;
use super::fields::{Field, Fields, tag};
use super::name::Name;
use super::oid::Oid;
use crate::address::Address;
use crate::asn1::{hex, oid};

/// One name of a subjectAltName or a similar extension.
///
/// ```text
/// GeneralName ::= CHOICE {
///     otherName [0] AnotherName,          rfc822Name [1] IA5String,
///     dNSName [2] IA5String,              x400Address [3] ORAddress,
///     directoryName [4] Name,             ediPartyName [5] EDIPartyName,
///     uniformResourceIdentifier [6] IA5String,
///     iPAddress [7] OCTET STRING,         registeredID [8] OBJECT IDENTIFIER }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GeneralName {
    /// A mail address in ASCII.
    Rfc822(String),
    /// A mail address with other characters in its local part.
    SmtpUtf8Mailbox(String),
    /// A host name.
    Dns(String),
    /// A distinguished name.
    Directory(Name),
    /// A URI.
    Uri(String),
    /// An IP address, or with a mask after it a network: as many octets as there are.
    Ip(Vec<u8>),
    /// An otherName of another type.
    Other(Oid),
    /// A name of a kind that is not read here, or one that is malformed: its tag number.
    Unread(u8),
}

impl GeneralName {
    /// Reads one name; what is malformed in itself becomes [`GeneralName::Unread`].
    pub(super) fn decode(field: Field<'_>) -> GeneralName {
        read(field).unwrap_or(GeneralName::Unread(field.tag & 0x1f))
    }

    /// Reads a SEQUENCE OF GeneralName.
    pub(super) fn decode_all(der: &[u8]) -> Result<Vec<GeneralName>, CertificateError> {
        let mut fields = Fields::inside(der, tag::SEQUENCE, "general name")?;
        let mut names = Vec::new();
        while let Some(field) = fields.next()? {
            names.push(GeneralName::decode(field));
        }
        Ok(names)
    }

    /// The mail address, if it is one: with a NUL or another control character it is none.
    pub fn address(&self) -> Option<Address> {
        match self {
            GeneralName::Rfc822(text) | GeneralName::SmtpUtf8Mailbox(text) => {
                Address::parse(text).ok()
            }
            _ => None,
        }
    }
}

fn read(field: Field<'_>) -> Option<GeneralName> {
    const OTHER: u8 = tag::context_constructed(0);
    const RFC822: u8 = tag::context(1);
    const DNS: u8 = tag::context(2);
    const DIRECTORY: u8 = tag::context_constructed(4);
    const URI: u8 = tag::context(6);
    const IP: u8 = tag::context(7);
    match field.tag {
        OTHER => other(field.value),
        RFC822 => ascii(field.value).map(GeneralName::Rfc822),
        DNS => ascii(field.value).map(GeneralName::Dns),
        DIRECTORY => Name::decode(field.value).ok().map(GeneralName::Directory),
        URI => ascii(field.value).map(GeneralName::Uri),
        IP => Some(GeneralName::Ip(field.value.to_vec())),
        _ => None,
    }
}

/// `AnotherName ::= SEQUENCE { type-id OBJECT IDENTIFIER, value [0] EXPLICIT ANY }`
fn other(value: &[u8]) -> Option<GeneralName> {
    let mut fields = Fields::new(value, "other name");
    let kind = Oid::from_content(fields.require(tag::OBJECT_IDENTIFIER).ok()?.value)?;
    let inner = fields.require(tag::context_constructed(0)).ok()?;
    fields.finish().ok()?;
    if kind != oid::SMTP_UTF8_MAILBOX {
        return Some(GeneralName::Other(kind));
    }
    let mut fields = Fields::new(inner.value, "mailbox");
    let text = fields.require(tag::UTF8_STRING).ok()?;
    fields.finish().ok()?;
    let text = std::str::from_utf8(text.value).ok()?;
    Some(GeneralName::SmtpUtf8Mailbox(text.to_owned()))
}

/// An IA5String; octets beyond ASCII make it none.
fn ascii(value: &[u8]) -> Option<String> {
    value
        .is_ascii()
        .then(|| value.iter().copied().map(char::from).collect())
}

/// Kind and value, in the manner of `openssl x509 -text`.
impl fmt::Display for GeneralName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            GeneralName::Rfc822(text) | GeneralName::SmtpUtf8Mailbox(text) => {
                write!(f, "email:{text}")
            }
            GeneralName::Dns(text) => write!(f, "DNS:{text}"),
            GeneralName::Directory(name) => write!(f, "DirName:{name}"),
            GeneralName::Uri(text) => write!(f, "URI:{text}"),
            GeneralName::Ip(octets) => {
                f.write_str("IP:")?;
                match octets.len() {
                    4 | 16 => write_ip(octets, f),
                    8 | 32 => {
                        let (network, mask) = octets.split_at(octets.len() / 2);
                        write_ip(network, f)?;
                        f.write_str("/")?;
                        write_ip(mask, f)
                    }
                    _ => write!(f, "#{}", hex::encode(octets)),
                }
            }
            GeneralName::Other(kind) => write!(f, "otherName:{kind}"),
            GeneralName::Unread(number) => write!(f, "[{number}]"),
        }
    }
}

/// Writes an address of 4 or 16 octets.
fn write_ip(octets: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if let Ok(four) = <[u8; 4]>::try_from(octets) {
        return Ipv4Addr::from(four).fmt(f);
    }
    match <[u8; 16]>::try_from(octets) {
        Ok(sixteen) => Ipv6Addr::from(sixteen).fmt(f),
        Err(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tlv(tag: u8, value: &[u8]) -> Vec<u8> {
        [&[tag, u8::try_from(value.len()).unwrap()], value].concat()
    }

    fn addresses(names: &[Vec<u8>]) -> Vec<String> {
        GeneralName::decode_all(&tlv(0x30, &names.concat()))
            .unwrap()
            .iter()
            .filter_map(GeneralName::address)
            .map(|address| address.to_string())
            .collect()
    }

    fn utf8_mailbox(text: &str) -> Vec<u8> {
        let oid = tlv(6, oid::SMTP_UTF8_MAILBOX.as_bytes());
        let value = tlv(0xa0, &tlv(tag::UTF8_STRING, text.as_bytes()));
        tlv(0xa0, &[oid, value].concat())
    }

    #[test]
    fn both_kinds_of_mailbox_are_addresses() {
        assert_eq!(
            addresses(&[
                tlv(0x82, b"example.com"),
                tlv(0x81, b"a@example.com"),
                utf8_mailbox("jörg@example.com"),
            ]),
            ["a@example.com", "jörg@example.com"]
        );
    }

    #[test]
    fn what_is_malformed_is_no_address_and_spoils_no_other() {
        assert_eq!(
            addresses(&[
                tlv(0x81, b"a@example.com\0.example.org"),
                tlv(0x81, b"a\0@example.com"),
                tlv(0x81, "jörg@example.com".as_bytes()),
                tlv(0x81, b"nobody"),
                tlv(0xa0, b"\x06\x01"),
                tlv(0xa4, b"\x31\x00"),
                utf8_mailbox("a\0@example.com"),
                tlv(0x81, b"b@example.com"),
            ]),
            ["b@example.com"]
        );
        assert!(GeneralName::decode_all(&[0x30, 1, 0x81]).is_err());
    }
}
