//! Distinguished names: decoding, comparison (RFC 5280 section 7.1) and display (RFC 4514).
//!
//! A name keeps the octets it was received in, which is what signatures and issuer-and-serial
//! identifiers are over, and a canonical form that is made once and decides equality.

use std::fmt::{self, Write};
use std::hash::{Hash, Hasher};

use const_oid::ObjectIdentifier;

use super::certificate::CertificateError;
use super::fields::{Field, Fields, tag};
use super::oid::Oid;
use crate::asn1::oid;
use crate::asn1::tag::Tag;
use crate::asn1::write::DerWriter;
use crate::limits;

/// A distinguished name.
///
/// ```text
/// Name ::= CHOICE { rdnSequence RDNSequence }
/// RDNSequence ::= SEQUENCE OF RelativeDistinguishedName
/// RelativeDistinguishedName ::= SET SIZE (1..MAX) OF AttributeTypeAndValue
/// ```
///
/// Two names are equal if their attributes are, in order, where texts compare whatever string type
/// they have, without regard to case and with white space folded (RFC 5280 section 7.1).
#[derive(Clone)]
pub struct Name {
    der: Vec<u8>,
    canonical: Vec<u8>,
    parts: Vec<Vec<Attribute>>,
}

/// One attribute of a name.
#[derive(Clone, Debug)]
pub struct Attribute {
    kind: Oid,
    text: Option<String>,
    value: Vec<u8>,
}

impl Attribute {
    /// The attribute type.
    pub fn kind(&self) -> &Oid {
        &self.kind
    }

    /// The value as text; `None` if it is not a string, or not a valid one of its type.
    pub fn text(&self) -> Option<&str> {
        self.text.as_deref()
    }

    /// The value's whole DER element.
    pub fn value_der(&self) -> &[u8] {
        &self.value
    }

    fn decode(field: Field<'_>) -> Result<Attribute, CertificateError> {
        let mut fields = Fields::new(field.value, "name");
        let kind = fields.require(tag::OBJECT_IDENTIFIER)?;
        let kind =
            Oid::from_content(kind.value).ok_or(CertificateError::Encoding { what: "name" })?;
        let value = fields
            .next()?
            .ok_or(CertificateError::Encoding { what: "name" })?;
        fields.finish()?;
        Ok(Attribute {
            kind,
            text: text_of(value.tag, value.value),
            value: value.raw.to_vec(),
        })
    }

    /// A spelling that two attributes share if and only if they are equal.
    fn canonical(&self) -> Vec<u8> {
        let mut out = Vec::new();
        append(&mut out, self.kind.as_bytes());
        match &self.text {
            Some(text) => {
                out.push(b't');
                append(&mut out, fold(text).as_bytes());
            }
            None => {
                out.push(b'd');
                append(&mut out, &self.value);
            }
        }
        out
    }
}

impl Name {
    /// Reads a DER-encoded name.
    ///
    /// # Errors
    /// It is not one, or it is longer than [`limits::NAME_SIZE`].
    pub fn decode(der: &[u8]) -> Result<Name, CertificateError> {
        if der.len() > limits::NAME_SIZE {
            return Err(CertificateError::TooLarge {
                what: "name",
                limit: limits::NAME_SIZE,
            });
        }
        let mut sequence = Fields::inside(der, tag::SEQUENCE, "name")?;
        let mut parts = Vec::new();
        let mut canonical = Vec::new();
        while let Some(set) = sequence.optional(tag::SET)? {
            let mut fields = Fields::new(set.value, "name");
            let mut part = Vec::new();
            while let Some(field) = fields.optional(tag::SEQUENCE)? {
                part.push(Attribute::decode(field)?);
            }
            fields.finish()?;
            let mut spellings: Vec<Vec<u8>> = part.iter().map(Attribute::canonical).collect();
            spellings.sort();
            append(&mut canonical, &spellings.concat());
            parts.push(part);
        }
        sequence.finish()?;
        Ok(Name {
            der: der.to_vec(),
            canonical,
            parts,
        })
    }

    /// The octets it was received in.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Octets that two names share if and only if they are equal, for use as the key of an index.
    pub fn canonical(&self) -> &[u8] {
        &self.canonical
    }

    /// The name with one more relative distinguished name, of which `content` is the content of the
    /// SET; `None` if that is malformed.
    pub(super) fn with_part(&self, content: &[u8]) -> Option<Name> {
        let mut fields = Fields::inside(&self.der, tag::SEQUENCE, "name").ok()?;
        let mut parts = Vec::new();
        while let Some(part) = fields.next().ok()? {
            parts.extend_from_slice(part.raw);
        }
        let mut name = DerWriter::new();
        name.sequence(|name| {
            name.raw(&parts).element(Tag::SET, content);
        });
        Name::decode(&name.into_vec()).ok()
    }

    /// Whether it has no attribute.
    pub fn is_empty(&self) -> bool {
        self.parts.iter().all(Vec::is_empty)
    }

    /// All attributes, in the order they were received.
    pub fn attributes(&self) -> impl Iterator<Item = &Attribute> {
        self.parts.iter().flatten()
    }

    /// The texts of all attributes of one type.
    pub fn texts(&self, kind: ObjectIdentifier) -> impl Iterator<Item = &str> {
        self.attributes()
            .filter(move |attribute| attribute.kind == kind)
            .filter_map(Attribute::text)
    }

    /// The most specific common name.
    pub fn common_name(&self) -> Option<&str> {
        self.texts(oid::COMMON_NAME).last()
    }

    /// Whether its first relative distinguished names are those of `base`.
    pub(super) fn starts_with(&self, base: &Name) -> bool {
        // Each part has its length before it, so octets that begin alike are parts that are alike.
        self.canonical.starts_with(&base.canonical)
    }

    /// The relative distinguished names, in the order they were received.
    pub fn parts(&self) -> &[Vec<Attribute>] {
        &self.parts
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Name) -> bool {
        self.canonical == other.canonical
    }
}

impl Eq for Name {}

impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.canonical.hash(state);
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Name({:?})", self.to_string())
    }
}

/// The text form of RFC 4514, most specific attribute first.
///
/// Characters that change what a terminal shows are left as they are: escaping them is up to
/// whoever prints.
impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, part) in self.parts.iter().rev().enumerate() {
            if index > 0 {
                f.write_char(',')?;
            }
            for (index, attribute) in part.iter().enumerate() {
                if index > 0 {
                    f.write_char('+')?;
                }
                write_attribute(attribute, f)?;
            }
        }
        Ok(())
    }
}

/// Keywords: the table of RFC 4514 section 3, then the names others show these types under.
const KEYWORDS: &[(&str, ObjectIdentifier)] = &[
    ("CN", oid::COMMON_NAME),
    ("L", oid::LOCALITY_NAME),
    ("ST", oid::STATE_OR_PROVINCE_NAME),
    ("O", oid::ORGANIZATION_NAME),
    ("OU", oid::ORGANIZATIONAL_UNIT_NAME),
    ("C", oid::COUNTRY_NAME),
    ("STREET", oid::STREET_ADDRESS),
    ("DC", oid::DOMAIN_COMPONENT),
    ("UID", oid::USER_ID),
    ("emailAddress", oid::EMAIL_ADDRESS),
    ("SN", oid::SURNAME),
    ("GN", oid::GIVEN_NAME),
    ("serialNumber", oid::SERIAL_NUMBER),
    ("title", oid::TITLE),
    ("organizationIdentifier", oid::ORGANIZATION_IDENTIFIER),
];

fn write_attribute(attribute: &Attribute, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let keyword = KEYWORDS.iter().find(|(_, kind)| attribute.kind == *kind);
    match (keyword, &attribute.text) {
        (Some((keyword, _)), Some(text)) => {
            write!(f, "{keyword}=")?;
            write_escaped(text, f)
        }
        // Section 2.4: without a keyword, or without a text, the value is shown as hex.
        _ => {
            match keyword {
                Some((keyword, _)) => write!(f, "{keyword}=#")?,
                None => write!(f, "{}=#", attribute.kind)?,
            }
            attribute
                .value
                .iter()
                .try_for_each(|octet| write!(f, "{octet:02x}"))
        }
    }
}

/// Escapes as RFC 4514 section 2.4 has it.
fn write_escaped(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let last = text.chars().count().saturating_sub(1);
    for (index, c) in text.chars().enumerate() {
        let special = match c {
            '"' | '+' | ',' | ';' | '<' | '>' | '\\' => true,
            '#' => index == 0,
            ' ' => index == 0 || index == last,
            _ => false,
        };
        match c {
            '\0' => f.write_str("\\00")?,
            c if special => write!(f, "\\{c}")?,
            c => f.write_char(c)?,
        }
    }
    Ok(())
}

/// The text of a string element; `None` if it is none, or malformed.
fn text_of(tag: u8, value: &[u8]) -> Option<String> {
    match tag {
        tag::UTF8_STRING => std::str::from_utf8(value).ok().map(str::to_owned),
        // Octets beyond ASCII occur in both, and mean Latin-1 where anything is meant.
        tag::PRINTABLE_STRING | tag::IA5_STRING | tag::TELETEX_STRING => {
            Some(value.iter().copied().map(char::from).collect())
        }
        tag::BMP_STRING if value.len().is_multiple_of(2) => {
            let units = value
                .chunks_exact(2)
                .map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
            char::decode_utf16(units).collect::<Result<_, _>>().ok()
        }
        tag::UNIVERSAL_STRING if value.len().is_multiple_of(4) => value
            .chunks_exact(4)
            .map(|four| char::from_u32(u32::from_be_bytes([four[0], four[1], four[2], four[3]])))
            .collect(),
        _ => None,
    }
}

/// Case and white space folded: leading and trailing white space removed, inner runs one space.
fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.extend(word.chars().flat_map(char::to_lowercase));
    }
    folded
}

/// Appends with the length before it, so that no two rows of parts run into the same octets.
fn append(out: &mut Vec<u8>, part: &[u8]) {
    out.extend((part.len() as u64).to_be_bytes());
    out.extend(part);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tlv(tag: u8, value: &[u8]) -> Vec<u8> {
        let length = u8::try_from(value.len()).unwrap();
        assert!(length < 0x80);
        [&[tag, length], value].concat()
    }

    fn attribute(oid: &str, tag: u8, value: &[u8]) -> Vec<u8> {
        let oid = ObjectIdentifier::new(oid).unwrap();
        tlv(0x30, &[tlv(6, oid.as_bytes()), tlv(tag, value)].concat())
    }

    fn name(parts: Vec<Vec<Vec<u8>>>) -> Name {
        let sets: Vec<Vec<u8>> = parts.iter().map(|part| tlv(0x31, &part.concat())).collect();
        Name::decode(&tlv(0x30, &sets.concat())).unwrap()
    }

    fn common_name(tag: u8, value: &[u8]) -> Name {
        name(vec![vec![attribute("2.5.4.3", tag, value)]])
    }

    #[test]
    fn texts_compare_without_case_white_space_and_string_type() {
        let plain = common_name(tag::PRINTABLE_STRING, b"Good CA");
        for (tag, value) in [
            (tag::UTF8_STRING, &b"good ca"[..]),
            (tag::PRINTABLE_STRING, b"  GOOD    CA "),
            (tag::BMP_STRING, b"\0G\0o\0o\0d\0 \0C\0A"),
            (
                tag::UNIVERSAL_STRING,
                b"\0\0\0g\0\0\0o\0\0\0o\0\0\0d\0\0\0 \0\0\0c\0\0\0a",
            ),
        ] {
            assert_eq!(plain, common_name(tag, value), "{tag}");
        }
        for (tag, value) in [
            (tag::UTF8_STRING, &b"goodca"[..]),
            (tag::UTF8_STRING, b"good ca\0"),
            (tag::OCTET_STRING, b"Good CA"),
        ] {
            assert_ne!(plain, common_name(tag, value), "{tag}");
        }
        assert_eq!(
            common_name(tag::UTF8_STRING, "JOSÉ".as_bytes()),
            common_name(tag::TELETEX_STRING, b"jos\xe9")
        );
    }

    #[test]
    fn order_matters_between_parts_and_not_within_one() {
        let cn = attribute("2.5.4.3", tag::UTF8_STRING, b"a");
        let ou = attribute("2.5.4.11", tag::UTF8_STRING, b"b");
        let both = name(vec![vec![cn.clone(), ou.clone()]]);
        assert_eq!(both, name(vec![vec![ou.clone(), cn.clone()]]));
        assert_ne!(both, name(vec![vec![cn.clone()], vec![ou.clone()]]));
        assert_ne!(
            name(vec![vec![cn.clone()], vec![ou.clone()]]),
            name(vec![vec![ou.clone()], vec![cn.clone()]])
        );
        assert_eq!(both.to_string(), "CN=a+OU=b");
        assert_eq!(name(vec![vec![ou], vec![cn]]).to_string(), "CN=a,OU=b");
    }

    #[test]
    fn display_escapes_what_rfc4514_does() {
        let show = |value: &str| common_name(tag::UTF8_STRING, value.as_bytes()).to_string();
        assert_eq!(show("a, b"), "CN=a\\, b");
        assert_eq!(show(" #a "), "CN=\\ #a\\ ");
        assert_eq!(show("#a\0"), "CN=\\#a\\00");
        assert_eq!(show("a=\"<é>\""), "CN=a=\\\"\\<é\\>\\\"");
        assert_eq!(common_name(2, &[7]).to_string(), "CN=#020107");
        let other = name(vec![vec![attribute(
            "1.3.6.1.4.1.99999.1",
            tag::UTF8_STRING,
            b"x",
        )]]);
        assert_eq!(other.to_string(), "1.3.6.1.4.1.99999.1=#0c0178");
        let mail = attribute("1.2.840.113549.1.9.1", tag::IA5_STRING, b"a@example.com");
        assert_eq!(
            name(vec![vec![mail]]).to_string(),
            "emailAddress=a@example.com"
        );
    }

    #[test]
    fn malformed_names_are_refused_and_odd_values_kept() {
        assert!(Name::decode(&[0x30, 0x02, 0x31, 0x01]).is_err());
        assert!(Name::decode(&[0x30, 0x02, 0x05, 0x00]).is_err());
        assert!(Name::decode(&[0x30, 0x00, 0x00]).is_err());
        assert!(Name::decode(&[0x30, 0x00]).unwrap().is_empty());
        let odd = common_name(tag::UTF8_STRING, &[0xff]);
        assert_eq!(odd.common_name(), None);
        assert_eq!(odd, common_name(tag::UTF8_STRING, &[0xff]));
        assert_ne!(odd, common_name(tag::UTF8_STRING, &[0xfe]));
        assert_eq!(
            common_name(tag::UTF8_STRING, b"A Person").common_name(),
            Some("A Person")
        );
        let long = vec![0x30; limits::NAME_SIZE + 1];
        assert!(matches!(
            Name::decode(&long),
            Err(CertificateError::TooLarge { .. })
        ));
    }
}
