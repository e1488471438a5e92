//! The header of an entity inside the signing form: 7bit, short lines, no hazards.

use std::borrow::Cow;

use crate::mail::conformance::is_content_field;
use crate::mail::header_encoding::encode_field;
use crate::mail::header_protection::{HP, PROTECTED_HEADERS};
use crate::mail::parameter_edit::edit_parameters;
use crate::mail::signing_form::plain_lines::LINE;
use crate::mail::{BodyFacts, ContentType, Entity, HeaderField, HeaderFields};

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
pub(crate) struct Unsafe {
    pub(crate) field: String,
    pub(crate) why: &'static str,
}

/// Whether a header survives relays as it is, and is read to its end by every program.
pub(super) fn is_safe_header(entity: &Entity) -> bool {
    let is_obsolete = |field: HeaderField<'_>| field.is_obsolete();
    is_safe(&entity.header_facts) && !entity.header.fields().any(is_obsolete)
}

/// Whether lines survive relays as they are.
pub(super) fn is_safe(facts: &BodyFacts) -> bool {
    facts.is_7bit()
        && facts.longest_line <= LINE as u64
        && facts.trailing_space + facts.from_lines + facts.dot_lines == 0
}

/// What is to be in the header beside what is there.
#[derive(Clone, Copy, Default)]
pub(super) struct Additions<'a> {
    /// The Content-Transfer-Encoding. It keeps its place; where there is none, it follows
    /// Content-Type, or is the last.
    pub(super) encoding: Option<&'a str>,
    /// Parameters of Content-Type, which is added where it is missing.
    pub(super) parameters: &'a [(&'a str, &'a str)],
}

impl Additions<'_> {
    pub(super) fn is_none(&self) -> bool {
        self.encoding.is_none() && self.parameters.is_empty()
    }
}

/// Parameters that say something about the fields beside them, which do not go along.
const STALE: &[&str] = &[HP, PROTECTED_HEADERS];

/// Writes the header without the empty line.
pub(super) fn safe_header(
    entity: &Entity,
    role: Role,
    additions: Additions<'_>,
) -> Result<Vec<u8>, Unsafe> {
    let Additions {
        encoding,
        parameters,
    } = additions;
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
            _ if field.is("Content-Type") => fields.push(content_type(&field, role, parameters)?),
            _ => fields.push(safe_field(&field)?),
        }
        if field.is("Content-Type") {
            after_type = Some(fields.len());
        }
    }
    // Inside a signature or encryption, whoever reads knows an entity by its type.
    if after_type.is_none() && (!parameters.is_empty() || role == Role::Root) {
        let header = HeaderFields::new(default_content_type(&entity.facts).to_vec());
        for field in header.fields() {
            fields.insert(0, content_type(&field, role, parameters)?);
        }
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

/// Writes a Content-Type field with more parameters, and without those that are stale.
fn content_type(
    field: &HeaderField<'_>,
    role: Role,
    parameters: &[(&str, &str)],
) -> Result<Vec<u8>, Unsafe> {
    let is_stale = |name: &&str| {
        ContentType::read(&field.unfolded())
            .0
            .parameter(name)
            .is_some()
    };
    let stale = role == Role::Root && STALE.iter().any(is_stale);
    if parameters.is_empty() && !stale {
        return safe_field(field);
    }
    let remove = if role == Role::Root { STALE } else { &[] };
    let edited = edit_parameters(field, remove, parameters).ok_or_else(|| Unsafe {
        field: field.name().to_owned(),
        why: "its parameters cannot be told apart",
    })?;
    let edited = HeaderFields::new(edited);
    edited
        .fields()
        .map(|field| safe_field(&field))
        .collect::<Result<Vec<_>, _>>()
        .map(|fields| fields.concat())
}

/// What a message without a Content-Type field is (RFC 2045 section 5.2). Octets above 127 are then
/// of a character set that nobody named; RFC 1428 has a name for that.
fn default_content_type(facts: &BodyFacts) -> &'static [u8] {
    if facts.has_8bit() {
        b"Content-Type: text/plain; charset=unknown-8bit\r\n"
    } else {
        b"Content-Type: text/plain; charset=us-ascii\r\n"
    }
}

/// Writes a field with CRLF line ends; one that is safe already stays as it is.
pub(crate) fn safe_field(field: &HeaderField<'_>) -> Result<Vec<u8>, Unsafe> {
    let unsafe_because = |why| Unsafe {
        field: field.name().to_owned(),
        why,
    };
    let raw = match field.current() {
        raw if raw.is_ascii() => raw,
        _ => {
            let why = "a header field has 8-bit octets that cannot be encoded";
            Cow::Owned(encode_field(field).ok_or_else(|| unsafe_because(why))?)
        }
    };
    let mut safe = Vec::with_capacity(raw.len() + 2);
    for (index, line) in raw.split_inclusive(|octet| *octet == b'\n').enumerate() {
        let line = trim_end(line);
        // A line of white space alone would turn into the end of the header.
        if line.is_empty() {
            continue;
        }
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
