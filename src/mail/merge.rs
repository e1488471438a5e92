//! The header of a message whose protection was removed: what verifying and decrypting write.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::io;

use crate::mail::compose::{is_mime_field, write_lines};
use crate::mail::header::HeaderLine;
use crate::mail::header_protection::{
    HP, HP_OUTER, PROTECTED_HEADERS, is_protected, is_superseded, legacy_display,
};
use crate::mail::parameter_edit::edit_parameters;
use crate::mail::{ContentType, HeaderField, HeaderFields, LineEnding};

/// Puts together the header of the message and that of the entity inside; the empty line is added.
/// The entity's body follows as it is.
///
/// First the fields of `outer` that are not the entity's (Content-*, MIME-Version), then those of
/// `inner` that `outer` lacks, then MIME-Version and the Content-* fields of `inner`. Where there
/// are fields that were `protected`, they take the place of those of the same name, and of those
/// outside that can only be the author's. All keep their octets but for the line ends, for white
/// space before the colon, and for parameters that mark what no longer is there; malformed lines are
/// left out.
pub fn merge_header(
    outer: &HeaderFields,
    protected: Option<&HeaderFields>,
    inner: &HeaderFields,
    line_ending: LineEnding,
) -> Vec<u8> {
    let mut merged = Vec::new();
    // Writing into memory does not fail.
    let _ = write_merged(outer, protected, inner, line_ending, &mut merged);
    merged
}

fn write_merged(
    outer: &HeaderFields,
    protected: Option<&HeaderFields>,
    inner: &HeaderFields,
    line_ending: LineEnding,
    merged: &mut Vec<u8>,
) -> io::Result<()> {
    // A header can have thousands of names: fields are found by name without reading it for each.
    let mut protected_by_name = HashMap::<String, Vec<HeaderField<'_>>>::new();
    for field in protected.into_iter().flat_map(HeaderFields::fields) {
        let same_name = protected_by_name.entry(field.lower_name()).or_default();
        same_name.push(field);
    }
    let own = |field: &HeaderField<'_>| {
        is_protected(field) && protected_by_name.contains_key(&field.lower_name())
    };
    let mut replaced = HashSet::new();
    for line in outer.lines() {
        match line {
            HeaderLine::MailboxSeparator(line) => write_lines(line, line_ending, merged)?,
            HeaderLine::Malformed(_) => {}
            HeaderLine::Field(field) if is_mime_field(&field) => {}
            HeaderLine::Field(field) if own(&field) => {
                let name = field.lower_name();
                let fields = protected_by_name.get(&name);
                if replaced.insert(name) {
                    for field in fields.into_iter().flatten() {
                        write_lines(&field.current(), line_ending, merged)?;
                    }
                }
            }
            HeaderLine::Field(field) if protected.is_some() && is_superseded(&field) => {}
            HeaderLine::Field(field) => write_lines(&field.current(), line_ending, merged)?,
        }
    }
    let outer_names: HashSet<String> = outer.fields().map(|field| field.lower_name()).collect();
    let is_new = |field: &HeaderField<'_>| {
        !is_mime_field(field) && !outer_names.contains(&field.lower_name())
    };
    let missing = protected
        .into_iter()
        .flat_map(HeaderFields::fields)
        .filter(is_protected);
    let rest = inner
        .fields()
        .filter(|field| !own(field) && !field.is(HP_OUTER));
    for field in missing.chain(rest).filter(is_new) {
        write_lines(&field.current(), line_ending, merged)?;
    }
    write_lines(b"MIME-Version: 1.0\n", line_ending, merged)?;
    for field in inner.fields() {
        if is_mime_field(&field) && !field.is("MIME-Version") {
            write_lines(&unmarked(&field), line_ending, merged)?;
        }
    }
    write_lines(b"\n", line_ending, merged)
}

/// A Content-* field without the parameters that mark protected fields: those are outside now, and
/// the mark would say of the next payload that it has some.
fn unmarked<'a>(field: &HeaderField<'a>) -> Cow<'a, [u8]> {
    const MARKS: &[&str] = &[HP, PROTECTED_HEADERS, legacy_display::PARAMETER];
    let body = field.unfolded();
    let is_marked = || {
        let (content_type, _) = ContentType::read(&body);
        MARKS
            .iter()
            .any(|name| content_type.parameter(name).is_some())
    };
    match field.is("Content-Type") && is_marked() {
        true => edit_parameters(field, MARKS, &[]).map_or(field.current(), Cow::Owned),
        false => field.current(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outer_fields_come_first_and_the_content_is_the_inner_one() {
        let outer = "From a@example.com Thu Jan  1\r\n\
            Received: a\r\n\tb\r\nfrom: a@example.com\r\nMime-Version: 1.0\r\n\
            Content-Type: multipart/signed\r\nSubject: outer\r\nno field\r\n";
        let inner = "CONTENT-TYPE: text/plain;\n charset=utf-8\nSubject: inner\nX-New: 1\n\
            MIME-Version: 1.0\nX-New: 2\nContent-ID: <a@example.com>";
        let header = |text: &str| HeaderFields::new(text.as_bytes().to_vec());
        let merged = "From a@example.com Thu Jan  1\n\
            Received: a\n\tb\nfrom: a@example.com\nSubject: outer\nX-New: 1\nX-New: 2\n\
            MIME-Version: 1.0\nCONTENT-TYPE: text/plain;\n charset=utf-8\n\
            Content-ID: <a@example.com>\n\n";
        for (line_ending, expected) in [
            (LineEnding::Lf, merged.to_owned()),
            (LineEnding::Crlf, merged.replace('\n', "\r\n")),
        ] {
            let merged = merge_header(&header(outer), None, &header(inner), line_ending);
            assert_eq!(String::from_utf8(merged).unwrap(), expected);
        }
    }

    #[test]
    fn protected_fields_take_the_place_of_those_outside() {
        let header = |text: &str| HeaderFields::new(text.as_bytes().to_vec());
        let outer = header(
            "Received: a\nReceived: b\nSubject: [...]\nCc: added@example.com\nFrom: a@example.com\n\
             X-Two: 3\nsubject: again\nList-Id: c\nContent-Type: a/b\n",
        );
        let inner = header(
            "X-Two: 1\nX-Two: 2\nSubject: Figures\nFrom: A <a@example.com>\nKeywords: k\n\
             Content-Type: text/plain; hp=cipher; charset=utf-8; hp-legacy-display=1\n\
             HP-Outer: Subject: [...]\nReceived: inside\n",
        );
        let merged = merge_header(&outer, Some(&inner), &inner, LineEnding::Lf);
        assert_eq!(
            String::from_utf8(merged).unwrap(),
            "Received: a\nReceived: b\nSubject: Figures\nFrom: A <a@example.com>\nX-Two: 1\n\
             X-Two: 2\nList-Id: c\nKeywords: k\nMIME-Version: 1.0\n\
             Content-Type: text/plain; charset=utf-8\n\n"
        );
    }

    #[test]
    fn empty_headers_make_a_mime_header() {
        let empty = HeaderFields::default();
        let merged = merge_header(&empty, None, &empty, LineEnding::Crlf);
        assert_eq!(merged, b"MIME-Version: 1.0\r\n\r\n");
    }
}
