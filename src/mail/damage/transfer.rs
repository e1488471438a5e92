//! Transfer encodings that were put on, or written anew, on the way.

use super::line_rule::LineRule;
use super::{Damage, Repair, Segment, in_bodies, replaced};
use crate::mail::{Entity, TransferEncoding};

const NAME: &str = "Content-Transfer-Encoding";

/// Which encoded parts were not encoded before.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    /// Those of type text in this encoding.
    Text(&'static str),
    /// All in this encoding.
    All(&'static str),
    /// All in either encoding.
    Both,
}

impl Which {
    fn holds(self, leaf: &Entity) -> bool {
        let encoding = leaf.transfer_encoding.name();
        let is_text = leaf.content_type.type_ == "text";
        leaf.children.is_empty()
            && match self {
                Which::Text(wanted) => is_text && encoding == wanted,
                Which::All(wanted) => encoding == wanted,
                Which::Both => ["quoted-printable", "base64"].contains(&encoding),
            }
    }
}

/// Where the field that names the encoding stood.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Position {
    InPlace,
    AfterType,
    First,
    Last,
    Nowhere,
}

/// 8bit parts that a relay encoded for the next one (RFC 6152 section 3).
pub(super) fn encoded(entity: &Entity) -> Vec<Repair> {
    use Position::{AfterType, First, InPlace, Last, Nowhere};
    let (quoted, base64) = ("quoted-printable", "base64");
    let mut tried: Vec<Vec<Segment>> = Vec::new();
    for which in [
        Which::Text(quoted),
        Which::All(quoted),
        Which::Text(base64),
        Which::All(base64),
        Which::Both,
    ] {
        if !entity.walk().any(|part| which.holds(part)) {
            continue;
        }
        for position in [InPlace, AfterType, First, Last, Nowhere] {
            for label in ["8bit", "8BIT", "8Bit", "binary", "7bit"] {
                for outer in [None, Some("8bit"), Some("8BIT"), Some("binary")] {
                    let segments = decoded(entity, which, position, label, outer);
                    if !tried.contains(&segments) {
                        tried.push(segments);
                    }
                }
            }
        }
    }
    let change = "content that was 8bit was encoded";
    let repair = |segments| Repair::segments(Damage::TransferEncoding, change, segments);
    tried.into_iter().map(repair).collect()
}

fn decoded(
    entity: &Entity,
    which: Which,
    position: Position,
    label: &str,
    outer: Option<&str>,
) -> Vec<Segment> {
    let mut changes = Vec::new();
    for part in entity.walk() {
        if which.holds(part) {
            let header = labelled(part, position, label);
            changes.push((part.header_range.clone(), Segment::Literal(header)));
            let encoding = part.transfer_encoding.clone();
            let body = Segment::Decoded(part.body_range.clone(), encoding);
            changes.push((part.body_range.clone(), body));
        } else if let (Some(outer), true) = (outer, part.is_multipart()) {
            // The label of what is around is changed with it.
            if part.header.first(NAME).is_some() {
                let header = labelled(part, Position::InPlace, outer);
                changes.push((part.header_range.clone(), Segment::Literal(header)));
            }
        }
    }
    replaced(entity, changes)
}

/// The header with another label, and without the fields in which relays tell what they did.
fn labelled(part: &Entity, position: Position, label: &str) -> Vec<u8> {
    let field = format!("{NAME}: {label}\r\n").into_bytes();
    let (mut fields, mut in_place, mut after_type) = (Vec::new(), None, None);
    for each in part.header.fields() {
        if each.is(NAME) {
            in_place = Some(fields.len());
            continue;
        }
        let name = each.name().to_ascii_lowercase();
        if name.starts_with("x-mime-autoconverted") {
            continue;
        }
        fields.push(canonical(each.raw()));
        if each.is("Content-Type") {
            after_type = Some(fields.len());
        }
    }
    let last = fields.len();
    let at = match position {
        Position::InPlace => in_place,
        Position::AfterType => after_type,
        Position::First => Some(0),
        Position::Last => Some(last),
        Position::Nowhere => None,
    };
    if let Some(at) = at {
        fields.insert(at.min(last), field);
    }
    fields.concat()
}

/// A field with its line ends in CRLF.
pub(super) fn canonical(raw: &[u8]) -> Vec<u8> {
    let mut result = Vec::with_capacity(raw.len() + 2);
    for line in raw.split_inclusive(|octet| *octet == b'\n') {
        match line.strip_suffix(b"\n") {
            Some(line) => {
                result.extend_from_slice(line.strip_suffix(b"\r").unwrap_or(line));
                result.extend_from_slice(b"\r\n");
            }
            None => result.extend_from_slice(line),
        }
    }
    result
}

/// Encoded parts whose lines were broken anew.
pub(super) fn rewrapped(entity: &Entity) -> Vec<Repair> {
    let columns = [76, 64, 72, 60, 75, 74, 73, 78, 68, 70, usize::MAX];
    let mut repairs = Vec::new();
    let mut push = |change, encoding: &TransferEncoding, rule| {
        let is_meant = |part: &Entity| part.transfer_encoding == *encoding;
        repairs.extend(in_bodies(
            entity,
            is_meant,
            (Damage::Rewrapped, change),
            rule,
        ));
    };
    let quoted = &TransferEncoding::QuotedPrintable;
    for columns in columns {
        let change = "the lines of base64 were broken anew";
        let rule = LineRule::Base64Lines(columns);
        push(change, &TransferEncoding::Base64, rule);
        let change = "the soft line breaks of quoted-printable were made anew";
        push(change, quoted, LineRule::SoftBreaks(columns));
    }
    for upper in [true, false] {
        let change = "the hex digits of quoted-printable changed their case";
        push(change, quoted, LineRule::Escapes { upper });
    }
    repairs
}

/// Text in which spaces at the end of lines say that a paragraph goes on (RFC 3676).
pub(super) fn flowed(entity: &Entity) -> impl Iterator<Item = Repair> {
    let is_flowed = |part: &Entity| {
        let format = part.content_type.parameter("format").unwrap_or_default();
        format.eq_ignore_ascii_case("flowed")
    };
    let change = "spaces at the end of lines were removed from format=flowed text";
    let damage = (Damage::TrailingSpace, change);
    let least = [0, 50, 60].into_iter();
    least.filter_map(move |least| {
        in_bodies(entity, is_flowed, damage, LineRule::FlowedBlanks(least))
    })
}
