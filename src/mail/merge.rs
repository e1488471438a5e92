//! The header of a message whose protection was removed: what verifying and decrypting write.

use std::io;

use crate::mail::compose::{is_mime_field, write_lines, write_message_fields};
use crate::mail::{HeaderField, HeaderFields, LineEnding};

/// Puts together the header of the message and that of the protected entity inside; the empty line
/// is added. The entity's body follows as it is.
///
/// First the fields of `outer` that are not the entity's (Content-*, MIME-Version), then those of
/// `inner` that `outer` lacks, then MIME-Version and the Content-* fields of `inner`. All keep
/// their octets but for the line ends; malformed lines are left out.
pub fn merge_header(
    outer: &HeaderFields,
    inner: &HeaderFields,
    line_ending: LineEnding,
) -> Vec<u8> {
    let mut merged = Vec::new();
    // Writing into memory does not fail.
    let _ = write_merged(outer, inner, line_ending, &mut merged);
    merged
}

fn write_merged(
    outer: &HeaderFields,
    inner: &HeaderFields,
    line_ending: LineEnding,
    merged: &mut Vec<u8>,
) -> io::Result<()> {
    write_message_fields(outer, |_| true, line_ending, merged)?;
    let is_new = |field: &HeaderField<'_>| outer.first(field.name()).is_none();
    for field in inner.fields() {
        if !is_mime_field(&field) && is_new(&field) {
            write_lines(field.raw(), line_ending, merged)?;
        }
    }
    write_lines(b"MIME-Version: 1.0\n", line_ending, merged)?;
    for field in inner.fields() {
        if is_mime_field(&field) && !field.is("MIME-Version") {
            write_lines(field.raw(), line_ending, merged)?;
        }
    }
    write_lines(b"\n", line_ending, merged)
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
            let merged = merge_header(&header(outer), &header(inner), line_ending);
            assert_eq!(String::from_utf8(merged).unwrap(), expected);
        }
    }

    #[test]
    fn empty_headers_make_a_mime_header() {
        let empty = HeaderFields::default();
        let merged = merge_header(&empty, &empty, LineEnding::Crlf);
        assert_eq!(merged, b"MIME-Version: 1.0\r\n\r\n");
    }
}
