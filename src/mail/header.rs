//! The header of an entity: its fields in order, with their octets (RFC 5322 section 2.2).
//!
//! Names and field bodies are found here; what a field body means is read by the modules of the
//! fields.

use std::borrow::Cow;

use mail_parser::HeaderValue;
use mail_parser::decoders::charsets::map::charset_decoder;
use mail_parser::parsers::MessageStream;

use crate::mail::address_list::AddressList;
use crate::mail::date::parse_date;
use crate::time::Time;
use crate::verdict::MessageFacts;

/// The header of one entity, as it was received.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeaderFields {
    raw: Vec<u8>,
}

/// One header field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeaderField<'a> {
    name: &'a str,
    raw: &'a [u8],
    colon: usize,
}

/// One unfolded line of a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderLine<'a> {
    /// A field with its continuation lines.
    Field(HeaderField<'a>),
    /// The `From ` line that a mailbox file puts before a message; only as the first line.
    MailboxSeparator(&'a [u8]),
    /// Neither a field nor the continuation of one.
    Malformed(&'a [u8]),
}

impl HeaderFields {
    /// Takes the octets of a header, without the empty line after it.
    pub fn new(raw: Vec<u8>) -> HeaderFields {
        HeaderFields { raw }
    }

    /// The octets as received.
    pub fn raw(&self) -> &[u8] {
        &self.raw
    }

    /// Drops what lies beyond `length` octets.
    pub(crate) fn truncate(&mut self, length: u64) {
        self.raw
            .truncate(usize::try_from(length).unwrap_or(usize::MAX));
    }

    /// Everything in the header, in order.
    pub fn lines(&self) -> impl Iterator<Item = HeaderLine<'_>> {
        let mut rest = &self.raw[..];
        std::iter::from_fn(move || {
            if rest.is_empty() {
                return None;
            }
            let is_first = rest.len() == self.raw.len();
            let (line, after) = rest.split_at(folded_length(rest));
            rest = after;
            Some(match parse_name(line) {
                Some((name, colon)) => HeaderLine::Field(HeaderField {
                    name,
                    raw: line,
                    colon,
                }),
                None if is_first && is_mailbox_separator(line) => {
                    HeaderLine::MailboxSeparator(line)
                }
                None => HeaderLine::Malformed(line),
            })
        })
    }

    /// The fields in order.
    pub fn fields(&self) -> impl Iterator<Item = HeaderField<'_>> {
        self.lines().filter_map(|line| match line {
            HeaderLine::Field(field) => Some(field),
            _ => None,
        })
    }

    /// The first field of that name, which is compared without regard to case.
    pub fn first(&self, name: &str) -> Option<HeaderField<'_>> {
        self.fields().find(|field| field.is(name))
    }

    /// All fields of that name in order.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = HeaderField<'a>> {
        self.fields().filter(move |field| field.is(name))
    }

    /// The first field of that name as text: unfolded, encoded words decoded.
    pub fn text(&self, name: &str) -> Option<String> {
        self.first(name)
            .map(|field| decode_text(&field.unfolded()).trim().to_owned())
    }

    /// The Message-ID without angle brackets.
    pub fn message_id(&self) -> Option<String> {
        let value = self.first("Message-ID")?.value();
        let id = value.trim_start_matches('<').trim_end_matches('>');
        (!id.is_empty()).then(|| id.to_owned())
    }

    /// The Date field.
    pub fn date(&self) -> Option<Time> {
        parse_date(&self.first("Date")?.unfolded())
    }

    /// The time of the topmost Received field: when the last relay says it took the message.
    pub fn received(&self) -> Option<Time> {
        let value = self.first("Received")?.unfolded().into_owned();
        let semicolon = memchr::memrchr(b';', &value)?;
        parse_date(&value[semicolon + 1..])
    }

    /// What the header says about the message; the envelope is left open.
    pub fn facts(&self) -> MessageFacts {
        let texts = |list: AddressList| list.addresses().map(|a| a.as_str().to_owned()).collect();
        MessageFacts {
            message_id: self.message_id(),
            date: self.date(),
            subject: self.text("Subject"),
            header_from: texts(self.address_list(&["From"])),
            header_to: texts(self.address_list(&["To", "Cc"])),
            envelope_from: None,
            envelope_to: Vec::new(),
        }
    }
}

impl<'a> HeaderField<'a> {
    /// The name as it is written.
    pub fn name(&self) -> &'a str {
        self.name
    }

    /// The name in lower case, which all fields of that name have in common.
    pub fn lower_name(&self) -> String {
        self.name.to_ascii_lowercase()
    }

    /// Whether the name is `name`, without regard to case.
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// The whole field as received: name, colon, folded body, line end.
    pub fn raw(&self) -> &'a [u8] {
        self.raw
    }

    /// Whether white space stands before the colon. That is obsolete syntax (RFC 5322 section 4.5),
    /// at which Python's email package and mutt end a header.
    pub fn is_obsolete(&self) -> bool {
        self.colon > self.name.len()
    }

    /// The whole field as it is written by us: as received, without white space before the colon.
    pub fn current(&self) -> Cow<'a, [u8]> {
        match self.is_obsolete() {
            false => Cow::Borrowed(self.raw),
            true => Cow::Owned([self.name.as_bytes(), &self.raw[self.colon..]].concat()),
        }
    }

    /// What follows the colon, still folded, with the last line end.
    pub fn body(&self) -> &'a [u8] {
        &self.raw[self.colon + 1..]
    }

    /// The field body without line ends; the white space that folding left stays.
    pub fn unfolded(&self) -> Cow<'a, [u8]> {
        let body = self.body();
        let inner = strip_line_end(body);
        if memchr::memchr(b'\n', inner).is_none() {
            return Cow::Borrowed(inner);
        }
        let lines = inner.split_inclusive(|octet| *octet == b'\n');
        Cow::Owned(lines.flat_map(strip_line_end).copied().collect())
    }

    /// The field body unfolded, without white space around it, as text.
    pub fn value(&self) -> String {
        octets_to_text(&self.unfolded()).trim().to_owned()
    }
}

/// Octets up to the end of the line and of the lines that continue it.
fn folded_length(octets: &[u8]) -> usize {
    for line_feed in memchr::memchr_iter(b'\n', octets) {
        if !matches!(octets.get(line_feed + 1), Some(b' ' | b'\t')) {
            return line_feed + 1;
        }
    }
    octets.len()
}

/// The name and the offset of the colon. White space before the colon is obsolete syntax (RFC 5322
/// section 4.5) that has to be read.
fn parse_name(line: &[u8]) -> Option<(&str, usize)> {
    let colon = memchr::memchr(b':', line)?;
    let name = line[..colon].trim_ascii_end();
    let legal = line[..colon]
        .iter()
        .all(|octet| *octet != b'\r' && *octet != b'\n')
        && name.iter().all(u8::is_ascii_graphic)
        && !name.is_empty();
    legal.then(|| std::str::from_utf8(name).ok().map(|name| (name, colon)))?
}

/// One line: where a mailbox reader takes it away, a continuation of it would stand first.
fn is_mailbox_separator(line: &[u8]) -> bool {
    line.starts_with(b"From ")
        && memchr::memchr(b'\n', line).is_none_or(|end| end + 1 == line.len())
}

/// Whether the line is a header field, or at the top of a message the `From ` line of a mailbox
/// file.
pub(crate) fn starts_header(line: &[u8]) -> bool {
    parse_name(line).is_some() || line.starts_with(b"From ")
}

fn strip_line_end(line: &[u8]) -> &[u8] {
    match line.strip_suffix(b"\n") {
        Some(line) => line.strip_suffix(b"\r").unwrap_or(line),
        None => line,
    }
}

/// Text of octets that should be UTF-8 (RFC 6532) and else are taken for Windows-1252.
pub(crate) fn octets_to_text(octets: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(octets) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => match charset_decoder(b"windows-1252") {
            Some(decode) => Cow::Owned(decode(octets)),
            None => String::from_utf8_lossy(octets),
        },
    }
}

/// Decodes the encoded words (RFC 2047) of unfolded text.
pub(crate) fn decode_text(octets: &[u8]) -> String {
    let text = octets_to_text(octets);
    if !text.contains("=?") {
        return text.into_owned();
    }
    let line = format!("{}\n", text.replace('\n', " "));
    match MessageStream::new(line.as_bytes()).parse_unstructured() {
        HeaderValue::Text(text) => text.into_owned(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(text: &str) -> HeaderFields {
        HeaderFields::new(text.replace('\n', "\r\n").into_bytes())
    }

    #[test]
    fn fields_keep_their_octets_and_are_unfolded() {
        let header = header("From user\nA: b\n c\n\t d\nSubject :x\nbad line\n more\na:e");
        let fields: Vec<_> = header.fields().collect();
        let names: Vec<_> = fields.iter().map(|field| field.name()).collect();
        assert_eq!(names, ["A", "Subject", "a"]);
        assert_eq!(fields[0].raw(), b"A: b\r\n c\r\n\t d\r\n");
        assert_eq!(&*fields[0].unfolded(), b" b c\t d");
        let obsolete: Vec<_> = fields.iter().map(|field| field.is_obsolete()).collect();
        assert_eq!(obsolete, [false, true, false]);
        assert_eq!(&*fields[0].current(), fields[0].raw());
        assert_eq!(&*fields[1].current(), b"Subject:x\r\n");
        assert_eq!(
            (fields[1].value(), fields[2].value()),
            ("x".to_owned(), "e".to_owned())
        );
        assert_eq!(header.all("a").count(), 2);
        let raw: Vec<u8> = header
            .lines()
            .flat_map(|line| match line {
                HeaderLine::Field(field) => field.raw(),
                HeaderLine::MailboxSeparator(line) | HeaderLine::Malformed(line) => line,
            })
            .copied()
            .collect();
        assert_eq!(raw, header.raw());
        assert!(matches!(
            header.lines().next(),
            Some(HeaderLine::MailboxSeparator(_))
        ));
        assert!(
            header
                .lines()
                .any(|l| l == HeaderLine::Malformed(b"bad line\r\n more\r\n"))
        );
    }

    #[test]
    fn only_the_first_line_can_separate_messages_of_a_mailbox() {
        let separators = |text| {
            let header = header(text);
            let separates = |line| matches!(line, HeaderLine::MailboxSeparator(_));
            header.lines().filter(|line| separates(*line)).count()
        };
        assert_eq!(separators("From a\nA: b\n"), 1);
        assert_eq!(separators("From a"), 1);
        for text in [
            "A: b\nFrom a\n",
            "From a\n b\nA: b\n",
            ">From a\nA: b\n",
            "From: a\n",
        ] {
            assert_eq!(separators(text), 0, "{text}");
        }
        assert_eq!(separators("From a\nFrom a\n"), 1);
    }

    #[test]
    fn names_are_printable_and_on_one_line() {
        for text in [
            ": x\n",
            "a b: x\n",
            "a\n : x\n",
            "\u{e4}: x\n",
            "a\0: x\n",
            " a: x\n",
        ] {
            assert_eq!(header(text).fields().count(), 0, "{text:?}");
        }
    }

    #[test]
    fn facts_of_a_message() {
        let facts = header(
            "Received: from a (b; c) by d; Tue, 24 Nov 2026 10:00:01 +0100\n\
             Received: x; Mon, 1 Jan 2001 00:00:00 +0000\n\
             From: =?utf-8?q?J=C3=B6rg?= <j@example.com>\n\
             To: a@example.com,\n b@example.com\n\
             Cc: c@example.com\n\
             Subject: =?iso-8859-1?Q?Gr=FC=DFe?=\n =?utf-8?B?IMO8YmVy?= alles\n\
             Date: Tue, 24 Nov 2026 08:00:00 -0130 (zone)\n\
             Message-ID: <id@example.com>\n",
        );
        assert_eq!(
            facts.received().unwrap().to_string(),
            "2026-11-24T09:00:01Z"
        );
        let facts = facts.facts();
        assert_eq!(facts.subject.unwrap(), "Gr\u{fc}\u{df}e \u{fc}ber alles");
        assert_eq!(facts.date.unwrap().to_string(), "2026-11-24T09:30:00Z");
        assert_eq!(facts.message_id.unwrap(), "id@example.com");
        assert_eq!(facts.header_from, ["j@example.com"]);
        assert_eq!(
            facts.header_to,
            ["a@example.com", "b@example.com", "c@example.com"]
        );
    }

    #[test]
    fn text_in_other_character_sets_is_shown() {
        let latin = HeaderFields::new(b"Subject: Gr\xfc\xdfe\n".to_vec());
        assert_eq!(latin.text("Subject").unwrap(), "Gr\u{fc}\u{df}e");
        assert_eq!(header("Subject: =?x?\n").text("Subject").unwrap(), "=?x?");
        assert_eq!(header("Subject:\n").text("subject").unwrap(), "");
        assert_eq!(header("A: b\n").text("Subject"), None);
    }
}
