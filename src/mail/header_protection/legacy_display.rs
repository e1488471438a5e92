//! The legacy display element: obscured fields shown in the text of the message, for programs that
//! do not read protected fields (RFC 9788 sections 4.5.3, 5.2.2 and 5.2.3).
//!
//! It stands at the start of each main body part, whose Content-Type has the parameter
//! `hp-legacy-display`. Programs that read protected fields leave it out, and so does this one if it
//! is what it should be, a copy of protected fields.

mod shown;

use std::io::{self, Read, Write};
use std::ops::Range;

use self::shown::ShownFields;
use super::confidentiality::is_shown_outside;
use crate::mail::content_type::Disposition;
use crate::mail::header::decode_text;
use crate::mail::parameter_edit::edit_parameters;
use crate::mail::transfer_encoding::{
    Base64Encoder, QuotedPrintableEncoder, decode_body, decode_octets, is_invalid_encoding,
};
use crate::mail::{Entity, HeaderFields, TransferEncoding};
use crate::source::Source;

/// The parameter that marks a part with the element; its value is `1`.
pub(crate) const PARAMETER: &str = "hp-legacy-display";

/// The class of the element in text/html.
const CLASS: &str = "header-protection-legacy-display";

/// Octets of a content in which the element, or the place for it, is looked for.
const LOOK: u64 = 64 << 10;

/// Fields that programs show to their users (RFC 9787 section 1.1.2), as far as the policy hides
/// any.
const USER_FACING: &[&str] = &["Subject", "Keywords", "Comments"];

/// Columns of base64 in body parts (RFC 2045 section 6.8).
const COLUMNS: usize = 76;

/// What is shown: names and decoded values.
pub(crate) struct LegacyDisplay {
    lines: Vec<(String, String)>,
}

/// The element for one part.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Element {
    /// Where in the decoded content it goes.
    pub(crate) at: u64,
    /// The element in the character set of the part.
    pub(crate) octets: Vec<u8>,
    /// The character set that the part has from now on, where it has to be another one.
    pub(crate) charset: Option<&'static str>,
}

impl LegacyDisplay {
    /// What is to be shown of this header; `None` if all that users see stands outside as well.
    pub(crate) fn of(header: &HeaderFields) -> Option<LegacyDisplay> {
        let hidden = header.fields().filter(|field| {
            USER_FACING.iter().any(|name| field.is(name)) && !is_shown_outside(field)
        });
        let line = |text: String| text.replace(char::is_control, " ").trim().to_owned();
        let lines: Vec<_> = hidden
            .map(|field| {
                let value = line(decode_text(&field.unfolded()));
                (field.name().to_owned(), value)
            })
            .collect();
        (!lines.is_empty()).then_some(LegacyDisplay { lines })
    }

    /// The element for a main body part whose decoded content `content` reads; `None` for a
    /// character set in which it cannot be written.
    pub(crate) fn element(
        &self,
        entity: &Entity,
        content: &mut dyn Read,
    ) -> io::Result<Option<Element>> {
        let text: String = self
            .lines
            .iter()
            .map(|(name, value)| format!("{name}: {value}\r\n"))
            .collect();
        let charset = charset(entity);
        if is_wide(&charset) {
            return Ok(None);
        }
        if entity.content_type.subtype == "html" {
            let octets = format!(
                "<div class=\"{CLASS}\"><pre>\r\n{}</pre></div>\r\n",
                html(&text)
            );
            return Ok(Some(Element {
                at: after_body_tag(&start_of(content)?) as u64,
                octets: octets.into_bytes(),
                charset: None,
            }));
        }
        let text = text + "\r\n";
        let is_utf8 = matches!(charset.as_str(), "utf-8" | "utf8");
        let (octets, charset) = match charset.as_str() {
            _ if text.is_ascii() || is_utf8 => (Some(text.into_bytes()), None),
            // ASCII is UTF-8 already.
            "us-ascii" if !entity.facts.has_8bit() => (Some(text.into_bytes()), Some("utf-8")),
            "iso-8859-1" | "windows-1252" => (latin_1(&text), None),
            _ => (None, None),
        };
        Ok(octets.map(|octets| Element {
            at: 0,
            octets,
            charset,
        }))
    }
}

fn charset(entity: &Entity) -> String {
    let charset = entity.content_type.parameter("charset");
    charset.unwrap_or("us-ascii").to_ascii_lowercase()
}

/// Whether an ASCII character has more than one octet, or not its own.
fn is_wide(charset: &str) -> bool {
    let wide = [
        "utf-16",
        "utf16",
        "utf-32",
        "utf32",
        "utf-7",
        "ucs-",
        "iso-10646-ucs",
    ];
    wide.iter().any(|prefix| charset.starts_with(prefix))
}

fn latin_1(text: &str) -> Option<Vec<u8>> {
    let octet = |c: char| {
        u8::try_from(u32::from(c))
            .ok()
            .filter(|octet| !(0x80..0xa0).contains(octet))
    };
    text.chars().map(octet).collect()
}

/// Text in HTML, in ASCII: character references mean the same in every character set.
fn html(text: &str) -> String {
    let escape = |c: char| match c {
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '"' => "&quot;".to_owned(),
        c if c.is_ascii() => c.to_string(),
        c => format!("&#{};", u32::from(c)),
    };
    text.chars().map(escape).collect()
}

fn start_of(content: &mut dyn Read) -> io::Result<Vec<u8>> {
    let mut start = Vec::new();
    content.take(LOOK).read_to_end(&mut start)?;
    Ok(start)
}

/// The offset behind the tag `<body>`; 0 where there is none.
fn after_body_tag(html: &[u8]) -> usize {
    let lower = html.to_ascii_lowercase();
    let tag = find(&lower, b"<body", 0).filter(|at| {
        lower
            .get(at + 5)
            .is_some_and(|octet| !octet.is_ascii_alphanumeric())
    });
    tag.and_then(|tag| find(&lower, b">", tag))
        .map_or(0, |end| end + 1)
}

fn find(octets: &[u8], wanted: &[u8], from: usize) -> Option<usize> {
    memchr::memmem::find(octets.get(from..)?, wanted).map(|at| from + at)
}

/// The parts that are the text of a message (RFC 9787 section 7.1): no attachments, no later
/// parts, nothing that is protected itself.
pub(crate) fn main_bodies(entity: &Entity) -> Vec<&Entity> {
    let disposition = entity.header.first("Content-Disposition");
    if disposition.is_some_and(|field| Disposition::read(&field.unfolded()).kind == "attachment") {
        return Vec::new();
    }
    let content_type = &entity.content_type;
    match (content_type.type_.as_str(), content_type.subtype.as_str()) {
        ("text", "plain" | "html") => vec![entity],
        ("multipart", "signed" | "encrypted") => Vec::new(),
        ("multipart", "alternative") => entity.children.iter().flat_map(main_bodies).collect(),
        ("multipart", _) => entity.children.first().map(main_bodies).unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// A piece of a body out of which elements were taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BodyPiece {
    /// A range of the source as it is.
    Range(Range<u64>),
    /// Other octets.
    Octets(Vec<u8>),
    /// The body in `range`, decoded, without `cut`, and encoded again.
    Recoded {
        /// The encoded body.
        range: Range<u64>,
        /// Its transfer encoding.
        encoding: TransferEncoding,
        /// What of the decoded content is left out.
        cut: Range<u64>,
    },
}

impl BodyPiece {
    /// Writes the piece of `source`.
    ///
    /// # Errors
    /// Reading or writing fails.
    pub fn write(&self, source: &Source, out: &mut dyn Write) -> io::Result<()> {
        match self {
            BodyPiece::Range(range) => {
                io::copy(&mut source.slice(range.clone()).reader(), out)?;
            }
            BodyPiece::Octets(octets) => out.write_all(octets)?,
            BodyPiece::Recoded {
                range,
                encoding,
                cut,
            } => {
                let body = source.slice(range.clone());
                let mut content = decode_octets(&body, encoding);
                let mut before = (&mut content).take(cut.start);
                if *encoding == TransferEncoding::Base64 {
                    let mut encoder = Base64Encoder::new(out, COLUMNS, b"\r\n");
                    io::copy(&mut before, &mut encoder)?;
                    io::copy(
                        &mut (&mut content).take(cut.end - cut.start),
                        &mut io::sink(),
                    )?;
                    io::copy(&mut content, &mut encoder)?;
                    encoder.finish()?;
                } else {
                    let mut encoder = QuotedPrintableEncoder::new(out);
                    io::copy(&mut before, &mut encoder)?;
                    io::copy(
                        &mut (&mut content).take(cut.end - cut.start),
                        &mut io::sink(),
                    )?;
                    io::copy(&mut content, &mut encoder)?;
                    encoder.finish()?;
                }
            }
        }
        Ok(())
    }
}

/// The body of `content` without its legacy display elements, which show fields of `header`; `None`
/// if it has none.
///
/// Parts that are protected themselves, and messages inside, are left as they are.
///
/// # Errors
/// Reading fails.
pub fn body_without(
    content: &Entity,
    source: &Source,
    header: &HeaderFields,
) -> io::Result<Option<Vec<BodyPiece>>> {
    let marked = marked(content);
    if marked.is_empty() {
        return Ok(None);
    }
    let fields = ShownFields::of(header);
    let mut pieces = Vec::new();
    let mut at = content.body_range.start;
    for part in marked {
        let Some(cut) = find_element(part, source, &fields)? else {
            continue;
        };
        if part.range.start >= at {
            pieces.push(BodyPiece::Range(at..part.range.start));
            pieces.push(BodyPiece::Octets(unmarked_header(&part.header)));
            let blank = part.header_range.end..part.body_range.start;
            pieces.push(BodyPiece::Range(blank));
        }
        let body = part.body_range.clone();
        at = body.end;
        if part.transfer_encoding.is_identity() {
            pieces.push(BodyPiece::Range(body.start..body.start + cut.start));
            pieces.push(BodyPiece::Range(body.start + cut.end..body.end));
        } else {
            pieces.push(BodyPiece::Recoded {
                range: body,
                encoding: part.transfer_encoding.clone(),
                cut,
            });
        }
    }
    if pieces.is_empty() {
        return Ok(None);
    }
    pieces.push(BodyPiece::Range(at..content.body_range.end));
    pieces.retain(|piece| !matches!(piece, BodyPiece::Range(range) if range.is_empty()));
    Ok(Some(pieces))
}

/// The parts with the parameter, in order.
fn marked(entity: &Entity) -> Vec<&Entity> {
    let content_type = &entity.content_type;
    match (content_type.type_.as_str(), content_type.subtype.as_str()) {
        ("text", "plain" | "html") if content_type.parameter(PARAMETER) == Some("1") => {
            vec![entity]
        }
        ("multipart", "signed" | "encrypted") => Vec::new(),
        ("multipart", _) => entity.children.iter().flat_map(marked).collect(),
        _ => Vec::new(),
    }
}

/// Where in the decoded content the element is that copies `fields`.
fn find_element(
    part: &Entity,
    source: &Source,
    fields: &ShownFields,
) -> io::Result<Option<Range<u64>>> {
    let charset = charset(part);
    if is_wide(&charset) {
        return Ok(None);
    }
    let start = match start_of(&mut decode_body(source, part)) {
        Ok(start) => start,
        Err(error) if is_invalid_encoding(&error) => return Ok(None),
        Err(error) => return Err(error),
    };
    let subtype = part.content_type.subtype.as_str();
    let found = match subtype {
        "html" => element_in_html(&start),
        // Up to the first line that is blank.
        _ => end_of_blank_line(&start).map(|end| 0..end),
    };
    let found =
        found.filter(|found| fields.are_copied_by(&start[found.clone()], &charset, subtype));
    Ok(found.map(|found| found.start as u64..found.end as u64))
}

fn end_of_blank_line(text: &[u8]) -> Option<usize> {
    let mut end = 0;
    for line in text.split_inclusive(|octet| *octet == b'\n') {
        end += line.len();
        if line.ends_with(b"\n") && line.trim_ascii().is_empty() {
            return Some(end);
        }
    }
    None
}

fn element_in_html(html: &[u8]) -> Option<Range<usize>> {
    let lower = html.to_ascii_lowercase();
    let class = find(&lower, CLASS.as_bytes(), 0)?;
    let start = memchr::memmem::rfind(&lower[..class], b"<div")?;
    // The class has to be inside that very tag.
    if lower[start..class].contains(&b'>') {
        return None;
    }
    let end = find(&lower, b"</div>", class)? + b"</div>".len();
    let line_end = lower[end..]
        .iter()
        .take_while(|octet| matches!(octet, b'\r' | b'\n'));
    let line_end = line_end.take(2).count();
    Some(start..end + line_end)
}

/// The header of a part, which is marked no longer.
fn unmarked_header(header: &HeaderFields) -> Vec<u8> {
    let fields = header.fields().map(|field| {
        let edited = field
            .is("Content-Type")
            .then(|| edit_parameters(&field, &[PARAMETER], &[]))
            .flatten();
        edited.unwrap_or_else(|| field.raw().to_vec())
    });
    fields.collect::<Vec<_>>().concat()
}
