//! The value of an element in short.

use const_oid::ObjectIdentifier;

use super::Values;
use crate::asn1::ber::Tag;
use crate::asn1::oid;
use crate::asn1::tag::Class;

/// Octets that are shown as hex before a value is cut.
const OCTETS: usize = 24;

/// Characters of a text that are shown.
const CHARACTERS: usize = 60;

/// The value of a primitive element whose content begins with `content` and has `length` octets;
/// `None` where there is nothing to show, or it must not be shown.
pub(super) fn short(
    tag: Tag,
    content: &[u8],
    length: Option<u64>,
    values: Values,
) -> Option<String> {
    let whole = length == Some(content.len() as u64);
    match tag {
        Tag::BOOLEAN if content.len() == 1 => Some((content[0] != 0).to_string()),
        Tag::OBJECT_IDENTIFIER => {
            let oid = ObjectIdentifier::from_bytes(content).ok();
            Some(oid.map_or_else(|| hex(content, whole), |oid| oid::describe(&oid)))
        }
        Tag::UTC_TIME | Tag::GENERALIZED_TIME => Some(text(&String::from_utf8_lossy(content))),
        Tag::BMP_STRING => {
            let units = content.chunks_exact(2);
            let units: Vec<u16> = units.map(|u| u16::from_be_bytes([u[0], u[1]])).collect();
            Some(text(&String::from_utf16_lossy(&units)))
        }
        tag if tag.is_character_string() => Some(text(&String::from_utf8_lossy(content))),
        Tag::INTEGER | Tag::ENUMERATED if (1..=4).contains(&content.len()) => {
            let sign = if content[0] & 0x80 != 0 { -1 } else { 0 };
            let number = content
                .iter()
                .fold(sign, |number: i64, octet| number << 8 | i64::from(*octet));
            Some(number.to_string())
        }
        _ if content.is_empty() || values == Values::Hidden => None,
        Tag::BIT_STRING => Some(match content {
            [0, octets @ ..] => hex(octets, whole),
            [unused, octets @ ..] => format!("{}, {unused} bits unused", hex(octets, whole)),
            [] => String::new(),
        }),
        // Implicitly tagged names in certificates are text mostly.
        Tag { class, .. } if class != Class::Universal && content.iter().all(is_printable) => {
            Some(text(&String::from_utf8_lossy(content)))
        }
        _ => Some(hex(content, whole)),
    }
}

fn is_printable(octet: &u8) -> bool {
    octet.is_ascii_graphic() || *octet == b' '
}

fn text(text: &str) -> String {
    match text.char_indices().nth(CHARACTERS) {
        Some((end, _)) => format!("`{}...`", &text[..end]),
        None => format!("`{text}`"),
    }
}

fn hex(octets: &[u8], whole: bool) -> String {
    let shown = octets.len().min(OCTETS);
    let mut hex = crate::asn1::hex::encode(&octets[..shown]);
    if shown < octets.len() || !whole {
        hex.push_str("...");
    }
    hex
}
