//! The header of an entity inside the signing form: 7bit, short lines, no hazards.

use crate::mail::conformance::is_content_field;
use crate::mail::header_encoding::encode_field;
use crate::mail::signing_form::plain_lines::LINE;
use crate::mail::{BodyFacts, Entity, HeaderField};

/// What the entity is a header of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// The message that becomes the inner entity: only its Content-* fields go inside.
    Root,
    /// A body part.
    Part,
    /// A message inside message/rfc822.
    Message,
}

/// A field that has no safe form.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unsafe {
    pub(super) field: String,
    pub(super) why: &'static str,
}

/// Whether lines survive relays as they are.
pub(super) fn is_safe(facts: &BodyFacts) -> bool {
    facts.is_7bit()
        && facts.longest_line <= LINE as u64
        && facts.trailing_space + facts.from_lines + facts.dot_lines == 0
}

/// Writes the header without the empty line, with `encoding` as Content-Transfer-Encoding if one
/// is given.
///
/// That field keeps its place. Where there is none, it follows Content-Type, or is the last.
pub(super) fn safe_header(
    entity: &Entity,
    role: Role,
    encoding: Option<&str>,
) -> Result<Vec<u8>, Unsafe> {
    const NAME: &str = "Content-Transfer-Encoding";
    let encoding_field = encoding.map(|encoding| format!("{NAME}: {encoding}\r\n").into_bytes());
    let goes_inside =
        |field: &HeaderField<'_>| role != Role::Root || is_content_field(field.name());
    let mut fields = Vec::new();
    let (mut after_type, mut has_encoding) = (None, false);
    for field in entity.header.fields().filter(goes_inside) {
        match &encoding_field {
            Some(encoding_field) if field.is(NAME) => {
                fields.push(encoding_field.clone());
                has_encoding = true;
            }
            _ => fields.push(safe_field(&field)?),
        }
        if field.is("Content-Type") {
            after_type = Some(fields.len());
        }
    }
    if role == Role::Root && fields.is_empty() {
        fields.push(default_content_type(&entity.facts).to_vec());
        after_type = Some(1);
    }
    if let Some(encoding_field) = encoding_field
        && !has_encoding
    {
        // RFC 2045 section 4 gives the field no meaning in a message without a version.
        if role == Role::Message && entity.header.first("MIME-Version").is_none() {
            fields.push(b"MIME-Version: 1.0\r\n".to_vec());
        }
        fields.insert(after_type.unwrap_or(fields.len()), encoding_field);
    }
    Ok(fields.concat())
}

/// What a message without any Content-* field is (RFC 2045 section 5.2). Octets above 127 are then
/// of a character set that nobody named; RFC 1428 has a name for that.
fn default_content_type(facts: &BodyFacts) -> &'static [u8] {
    if facts.has_8bit() {
        b"Content-Type: text/plain; charset=unknown-8bit\r\n"
    } else {
        b"Content-Type: text/plain; charset=us-ascii\r\n"
    }
}

/// Writes a field with CRLF line ends; one that is safe already stays as it is.
fn safe_field(field: &HeaderField<'_>) -> Result<Vec<u8>, Unsafe> {
    let unsafe_because = |why| Unsafe {
        field: field.name().to_owned(),
        why,
    };
    let raw = field.raw();
    let encoded;
    let raw = if raw.is_ascii() {
        raw
    } else {
        let why = "a header field has 8-bit octets that cannot be encoded";
        encoded = encode_field(field).ok_or_else(|| unsafe_because(why))?;
        &encoded
    };
    let mut safe = Vec::with_capacity(raw.len() + 2);
    for (index, line) in raw.split_inclusive(|octet| *octet == b'\n').enumerate() {
        let line = trim_end(line);
        // A line of white space alone would turn into the end of the header.
        if line.is_empty() {
            continue;
        }
        let joined;
        let line = if index == 0 && line.starts_with(b"From ") {
            // White space before the colon is obsolete, and behind this name a hazard.
            let colon = memchr::memchr(b':', line).unwrap_or(0);
            joined = [b"From", &line[colon..]].concat();
            &joined
        } else {
            line
        };
        let why = "a header field cannot be folded to 998 octets";
        let name = if index == 0 {
            memchr::memchr(b':', line).unwrap_or(0)
        } else {
            0
        };
        fold(line, name, &mut safe).ok_or_else(|| unsafe_because(why))?;
    }
    Ok(safe)
}

fn trim_end(line: &[u8]) -> &[u8] {
    let blank = |octet: &u8| matches!(octet, b' ' | b'\t' | b'\r' | b'\n');
    let length = line.iter().rposition(|octet| !blank(octet));
    &line[..length.map_or(0, |last| last + 1)]
}

/// Writes a line, broken before white space behind the name where it is too long.
fn fold(line: &[u8], name: usize, safe: &mut Vec<u8>) -> Option<()> {
    let (mut line, mut fixed) = (line, name + 1);
    while line.len() > LINE {
        let blank = |at: usize| matches!(line[at], b' ' | b'\t');
        let mut places = (fixed..=LINE).rev();
        let at = places.find(|&at| blank(at) && !blank(at - 1))?;
        fixed = 1;
        safe.extend_from_slice(&line[..at]);
        safe.extend_from_slice(b"\r\n");
        line = &line[at..];
    }
    safe.extend_from_slice(line);
    safe.extend_from_slice(b"\r\n");
    Some(())
}
