//! Headers of parts that a gateway wrote anew: other folding, case, quotes and order.

use super::transfer::canonical;
use super::{Damage, Repair, Segment, replaced};
use crate::mail::header::HeaderLine;
use crate::mail::{Entity, HeaderField};

/// How a header may have been written before. Each is kept where nothing is said.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Style {
    folding: Option<Folding>,
    names: Option<Names>,
    quotes: Option<Quotes>,
    values: Option<Values>,
    fields: Option<Fields>,
}

/// The white space before a parameter, and where a field is folded.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Folding {
    /// Each parameter after these octets.
    Before(&'static str),
    /// Not folded; the white space stays.
    Unfolded,
    /// White space that starts a line becomes this.
    Indent(&'static str),
}

/// Letters of field names.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Names {
    /// `Content-Type`.
    Words,
    /// `Content-type`.
    First,
    Lower,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Quotes {
    All,
    None,
    /// The parameter with that name alone.
    Only(&'static str),
}

/// Letters of values.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Values {
    LowerCharset,
    UpperCharset,
    LowerTypes,
    LowerEncoding,
    UpperEncoding,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fields {
    TypeFirst,
    EncodingFirst,
    WithoutVersion,
    WithVersion,
    WithoutExtensions,
}

const FOLDINGS: [Folding; 8] = [
    Folding::Before(" "),
    Folding::Before("\r\n\t"),
    Folding::Before("\r\n "),
    Folding::Before("\r\n        "),
    Folding::Before(""),
    Folding::Unfolded,
    Folding::Indent("\t"),
    Folding::Indent(" "),
];
const NAMES: [Names; 3] = [Names::Words, Names::First, Names::Lower];
const QUOTES: [Quotes; 5] = [
    Quotes::All,
    Quotes::None,
    Quotes::Only("charset"),
    Quotes::Only("boundary"),
    Quotes::Only("name"),
];
const VALUES: [Values; 5] = [
    Values::LowerCharset,
    Values::UpperCharset,
    Values::LowerTypes,
    Values::LowerEncoding,
    Values::UpperEncoding,
];
const FIELDS: [Fields; 5] = [
    Fields::TypeFirst,
    Fields::EncodingFirst,
    Fields::WithoutVersion,
    Fields::WithVersion,
    Fields::WithoutExtensions,
];

/// All headers, written in another style.
pub(super) fn headers(entity: &Entity) -> Vec<Repair> {
    let is_readable = |part: &Entity| {
        let mut lines = part.header.lines();
        lines.all(|line| matches!(line, HeaderLine::Field(_)))
    };
    if !entity.walk().all(is_readable) {
        return Vec::new();
    }
    let mut tried: Vec<Vec<Segment>> = Vec::new();
    for style in styles() {
        let write = |part: &Entity| {
            let header = Segment::Literal(style.header(part));
            (part.header_range.clone(), header)
        };
        let segments = replaced(entity, entity.walk().map(write).collect());
        if !tried.contains(&segments) {
            tried.push(segments);
        }
    }
    let change = "the header of a part was written anew";
    let repair = |segments| Repair::segments(Damage::PartHeader, change, segments);
    tried.into_iter().map(repair).collect()
}

/// One thing that differs, then two.
fn styles() -> Vec<Style> {
    let kept = Style::default();
    let mut single = Vec::new();
    single.extend(FOLDINGS.map(|f| Style {
        folding: Some(f),
        ..kept
    }));
    single.extend(NAMES.map(|n| Style {
        names: Some(n),
        ..kept
    }));
    single.extend(QUOTES.map(|q| Style {
        quotes: Some(q),
        ..kept
    }));
    single.extend(VALUES.map(|v| Style {
        values: Some(v),
        ..kept
    }));
    single.extend(FIELDS.map(|f| Style {
        fields: Some(f),
        ..kept
    }));
    let mut styles = single.clone();
    for (index, first) in single.iter().enumerate() {
        styles.extend(
            single[index + 1..]
                .iter()
                .filter_map(|second| first.with(*second)),
        );
    }
    styles
}

impl Style {
    /// Both, if they speak of different things.
    fn with(self, other: Style) -> Option<Style> {
        let clash = (self.folding.is_some() && other.folding.is_some())
            || (self.names.is_some() && other.names.is_some())
            || (self.quotes.is_some() && other.quotes.is_some())
            || (self.values.is_some() && other.values.is_some())
            || (self.fields.is_some() && other.fields.is_some());
        (!clash).then(|| Style {
            folding: self.folding.or(other.folding),
            names: self.names.or(other.names),
            quotes: self.quotes.or(other.quotes),
            values: self.values.or(other.values),
            fields: self.fields.or(other.fields),
        })
    }

    fn header(self, part: &Entity) -> Vec<u8> {
        let mut fields: Vec<HeaderField<'_>> = part.header.fields().collect();
        let order = |first: &'static str, second: &'static str| {
            move |field: &HeaderField<'_>| match () {
                () if field.is(first) => 0,
                () if field.is(second) => 1,
                () => 2,
            }
        };
        let (type_, encoding) = ("Content-Type", "Content-Transfer-Encoding");
        let mut header = Vec::new();
        match self.fields {
            Some(Fields::TypeFirst) => fields.sort_by_key(order(type_, encoding)),
            Some(Fields::EncodingFirst) => fields.sort_by_key(order(encoding, type_)),
            Some(Fields::WithoutVersion) => fields.retain(|field| !field.is("MIME-Version")),
            Some(Fields::WithVersion) if part.header.first("MIME-Version").is_none() => {
                header.extend_from_slice(b"MIME-Version: 1.0\r\n");
            }
            Some(Fields::WithoutExtensions) => fields.retain(|field| {
                let start = field.name().get(..2).unwrap_or_default();
                !start.eq_ignore_ascii_case("x-")
            }),
            _ => {}
        }
        for field in fields {
            header.extend(self.field(field));
        }
        header
    }

    fn field(self, field: HeaderField<'_>) -> Vec<u8> {
        let raw = canonical(field.raw());
        let length = field.name().len();
        let mut written = self.name(field.name()).into_bytes();
        let body = raw[length..]
            .strip_suffix(b"\r\n")
            .unwrap_or(&raw[length..]);
        let has_parameters = field.is("Content-Type") || field.is("Content-Disposition");
        if has_parameters {
            for (index, item) in items(body).into_iter().enumerate() {
                written.extend(self.item(index, item));
            }
        } else if field.is("Content-Transfer-Encoding") {
            written.extend(match self.values {
                Some(Values::LowerEncoding) => body.to_ascii_lowercase(),
                Some(Values::UpperEncoding) => body.to_ascii_uppercase(),
                _ => body.to_vec(),
            });
        } else {
            written.extend_from_slice(body);
        }
        written.extend_from_slice(b"\r\n");
        match self.folding {
            Some(Folding::Unfolded) => unfold(&written, None),
            Some(Folding::Before(" ")) if !has_parameters => unfold(&written, Some(" ")),
            Some(Folding::Indent(indent)) => unfold(&written, Some(&format!("\r\n{indent}"))),
            _ => written,
        }
    }

    fn name(self, name: &str) -> String {
        let lower = name.to_ascii_lowercase();
        let title = |word: &str| match word {
            "mime" | "id" | "md5" => word.to_ascii_uppercase(),
            _ => upper_first(word),
        };
        match self.names {
            None => name.to_owned(),
            Some(Names::Lower) => lower,
            Some(Names::First) => upper_first(&lower),
            Some(Names::Words) => lower.split('-').map(title).collect::<Vec<_>>().join("-"),
        }
    }

    /// A piece between semicolons, with the semicolon before it and the white space behind that.
    fn item(self, index: usize, item: &[u8]) -> Vec<u8> {
        if index == 0 {
            return match self.values {
                Some(Values::LowerTypes) => item.to_ascii_lowercase(),
                _ => item.to_vec(),
            };
        }
        let text = item[1..].trim_ascii_start();
        let lead = &item[..item.len() - text.len()];
        let mut written = match self.folding {
            Some(Folding::Before(lead)) if !text.is_empty() => format!(";{lead}").into_bytes(),
            _ => lead.to_vec(),
        };
        let Some(equals) = memchr::memchr(b'=', text) else {
            written.extend_from_slice(text);
            return written;
        };
        let (name, value) = (&text[..equals], &text[equals + 1..]);
        written.extend_from_slice(name);
        written.push(b'=');
        written.extend(self.value(&name.to_ascii_lowercase(), value));
        written
    }

    fn value(self, name: &[u8], value: &[u8]) -> Vec<u8> {
        let is_charset = name == b"charset";
        let value = match self.values {
            Some(Values::LowerCharset) if is_charset => value.to_ascii_lowercase(),
            Some(Values::UpperCharset) if is_charset => value.to_ascii_uppercase(),
            _ => value.to_vec(),
        };
        let inner = value
            .strip_prefix(b"\"")
            .and_then(|v| v.strip_suffix(b"\""));
        let quote = match self.quotes {
            None => return value,
            Some(Quotes::All) => true,
            Some(Quotes::None) => false,
            Some(Quotes::Only(only)) => only.as_bytes() == name,
        };
        match (quote, inner) {
            (true, None) => [b"\"", &value[..], b"\""].concat(),
            (false, Some(inner)) => inner.to_vec(),
            _ => value,
        }
    }
}

fn upper_first(word: &str) -> String {
    let (first, rest) = word.split_at(word.len().min(1));
    first.to_ascii_uppercase() + rest
}

/// A field body cut before each semicolon outside quotes.
fn items(body: &[u8]) -> Vec<&[u8]> {
    let (mut items, mut start) = (Vec::new(), 0);
    let (mut quoted, mut escaped) = (false, false);
    for (at, &octet) in body.iter().enumerate() {
        match octet {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b';' if !quoted => {
                items.push(&body[start..at]);
                start = at;
            }
            _ => {}
        }
    }
    items.push(&body[start..]);
    items
}

/// A field with other line ends inside: none, or `indent` in place of line end and white space.
fn unfold(field: &[u8], indent: Option<&str>) -> Vec<u8> {
    let mut written = Vec::with_capacity(field.len());
    for line in field.split_inclusive(|octet| *octet == b'\n') {
        let is_first = written.is_empty();
        let text = line.strip_suffix(b"\r\n").unwrap_or(line);
        match indent.filter(|_| !is_first) {
            Some(indent) => {
                written.extend_from_slice(indent.as_bytes());
                written.extend_from_slice(text.trim_ascii_start());
            }
            None => written.extend_from_slice(text),
        }
    }
    written.extend_from_slice(b"\r\n");
    written
}
