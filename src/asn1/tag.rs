//! Tags of BER elements (X.690 section 8.1.2).

use std::fmt;

/// The class of a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// Types that ASN.1 itself defines.
    Universal,
    /// Types of one application, practically unused.
    Application,
    /// Fields within their structure, such as `[0]`.
    ContextSpecific,
    /// Types of one organization, practically unused.
    Private,
}

/// The identifier of an element: class, number, and whether it is constructed.
///
/// Equality covers all three; [`Tag::is`] leaves the form of the encoding out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tag {
    /// The class.
    pub class: Class,
    /// The number within the class.
    pub number: u32,
    /// Whether the content consists of elements.
    pub constructed: bool,
}

impl Tag {
    /// BOOLEAN.
    pub const BOOLEAN: Tag = Tag::universal(1);
    /// INTEGER.
    pub const INTEGER: Tag = Tag::universal(2);
    /// BIT STRING, primitive.
    pub const BIT_STRING: Tag = Tag::universal(3);
    /// OCTET STRING, primitive.
    pub const OCTET_STRING: Tag = Tag::universal(4);
    /// NULL.
    pub const NULL: Tag = Tag::universal(5);
    /// OBJECT IDENTIFIER.
    pub const OBJECT_IDENTIFIER: Tag = Tag::universal(6);
    /// ENUMERATED.
    pub const ENUMERATED: Tag = Tag::universal(10);
    /// UTF8String.
    pub const UTF8_STRING: Tag = Tag::universal(12);
    /// SEQUENCE and SEQUENCE OF.
    pub const SEQUENCE: Tag = Tag::universal(16).as_constructed();
    /// SET and SET OF.
    pub const SET: Tag = Tag::universal(17).as_constructed();
    /// PrintableString.
    pub const PRINTABLE_STRING: Tag = Tag::universal(19);
    /// IA5String.
    pub const IA5_STRING: Tag = Tag::universal(22);
    /// UTCTime.
    pub const UTC_TIME: Tag = Tag::universal(23);
    /// GeneralizedTime.
    pub const GENERALIZED_TIME: Tag = Tag::universal(24);
    /// BMPString.
    pub const BMP_STRING: Tag = Tag::universal(30);

    /// The primitive tag of universal type `number`.
    pub const fn universal(number: u32) -> Tag {
        Tag {
            class: Class::Universal,
            number,
            constructed: false,
        }
    }

    /// The constructed tag `[number]`, as explicit tagging and implicit tagging of a SEQUENCE or
    /// SET have it.
    pub const fn context(number: u32) -> Tag {
        Tag {
            class: Class::ContextSpecific,
            number,
            constructed: true,
        }
    }

    /// The same tag, constructed.
    pub const fn as_constructed(self) -> Tag {
        Tag {
            constructed: true,
            ..self
        }
    }

    /// The same tag, primitive.
    pub const fn as_primitive(self) -> Tag {
        Tag {
            constructed: false,
            ..self
        }
    }

    /// Whether class and number are those of `other`.
    pub fn is(self, other: Tag) -> bool {
        self.class == other.class && self.number == other.number
    }

    /// Appends the identifier octets.
    pub fn encode(self, out: &mut Vec<u8>) {
        let class = match self.class {
            Class::Universal => 0x00,
            Class::Application => 0x40,
            Class::ContextSpecific => 0x80,
            Class::Private => 0xc0,
        };
        let first = class | if self.constructed { 0x20 } else { 0 };
        if self.number < 31 {
            out.push(first | self.number as u8);
            return;
        }
        out.push(first | 0x1f);
        let groups = (32 - self.number.leading_zeros()).div_ceil(7);
        for group in (0..groups).rev() {
            let more = if group > 0 { 0x80 } else { 0 };
            out.push(more | (self.number >> (7 * group)) as u8 & 0x7f);
        }
    }

    /// Whether this is a universal string type that is not OCTET STRING or BIT STRING: its segments,
    /// when it is constructed, are OCTET STRINGs (X.690 section 8.23.6).
    pub(crate) fn is_character_string(self) -> bool {
        self.class == Class::Universal && matches!(self.number, 7 | 12 | 18..=28 | 30)
    }

    /// Whether this is a universal type that is never constructed.
    pub(crate) fn is_always_primitive(self) -> bool {
        self.class == Class::Universal && matches!(self.number, 1 | 2 | 5 | 6 | 9 | 10 | 13)
    }

    /// Whether this is a universal type that is always constructed.
    pub(crate) fn is_always_constructed(self) -> bool {
        self.class == Class::Universal && matches!(self.number, 8 | 11 | 16 | 17)
    }
}

/// The notation of ASN.1: `SEQUENCE`, `[0]`, `[APPLICATION 3]`.
impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match (self.class, self.number) {
            (Class::Universal, 1) => "BOOLEAN",
            (Class::Universal, 2) => "INTEGER",
            (Class::Universal, 3) => "BIT STRING",
            (Class::Universal, 4) => "OCTET STRING",
            (Class::Universal, 5) => "NULL",
            (Class::Universal, 6) => "OBJECT IDENTIFIER",
            (Class::Universal, 10) => "ENUMERATED",
            (Class::Universal, 12) => "UTF8String",
            (Class::Universal, 16) => "SEQUENCE",
            (Class::Universal, 17) => "SET",
            (Class::Universal, 18) => "NumericString",
            (Class::Universal, 19) => "PrintableString",
            (Class::Universal, 20) => "TeletexString",
            (Class::Universal, 22) => "IA5String",
            (Class::Universal, 23) => "UTCTime",
            (Class::Universal, 24) => "GeneralizedTime",
            (Class::Universal, 26) => "VisibleString",
            (Class::Universal, 28) => "UniversalString",
            (Class::Universal, 30) => "BMPString",
            (Class::Universal, number) => return write!(f, "[UNIVERSAL {number}]"),
            (Class::Application, number) => return write!(f, "[APPLICATION {number}]"),
            (Class::ContextSpecific, number) => return write!(f, "[{number}]"),
            (Class::Private, number) => return write!(f, "[PRIVATE {number}]"),
        };
        f.write_str(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn high_numbers_take_several_octets() {
        for (number, octets) in [
            (0, &[0xa0][..]),
            (30, &[0xbe]),
            (31, &[0xbf, 31]),
            (127, &[0xbf, 0x7f]),
            (128, &[0xbf, 0x81, 0x00]),
            (u32::MAX, &[0xbf, 0x8f, 0xff, 0xff, 0xff, 0x7f]),
        ] {
            let mut out = Vec::new();
            Tag::context(number).encode(&mut out);
            assert_eq!(out, octets);
        }
    }

    #[test]
    fn notation_is_that_of_asn1() {
        assert_eq!(Tag::SEQUENCE.to_string(), "SEQUENCE");
        assert_eq!(Tag::context(3).to_string(), "[3]");
        assert_eq!(Tag::universal(99).to_string(), "[UNIVERSAL 99]");
        assert!(Tag::OCTET_STRING.is(Tag::OCTET_STRING.as_constructed()));
        assert_ne!(Tag::OCTET_STRING, Tag::OCTET_STRING.as_constructed());
    }
}
