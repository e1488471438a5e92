//! A message with another header: fields dropped, changed or added, and every other octet as it was.
//!
//! For what a gateway does to mail on its way: triggers are taken out of the subject, results are
//! noted at the top. What a field means is not known here.

use std::io::{self, Write};

use crate::mail::compose::write_lines;
use crate::mail::header::{HeaderLine, decode_text};
use crate::mail::header_encoding::encode_unstructured;
use crate::mail::{HeaderField, Scan};
use crate::source::Source;
use crate::spool::Spool;

/// What becomes of a field.
pub enum FieldEdit {
    /// It stays.
    Keep,
    /// It goes.
    Drop,
    /// These octets, lines and line ends included, take its place.
    Replace(Vec<u8>),
}

/// The message `source`, scanned as `scan`, with each field as `edit` says and with the lines
/// `added` at the top, where trace fields stand.
///
/// # Errors
/// Reading or spooling fails.
pub fn edit_header(
    source: &Source,
    scan: &Scan,
    added: &[u8],
    mut edit: impl FnMut(&HeaderField<'_>) -> FieldEdit,
) -> io::Result<Source> {
    let mut edited = Spool::new();
    let header = &scan.root.header;
    let mut added = Some(added);
    for line in header.lines() {
        if let HeaderLine::MailboxSeparator(line) = line {
            edited.write_all(line)?;
            continue;
        }
        if let Some(added) = added.take() {
            write_lines(added, scan.line_ending, &mut edited)?;
        }
        match line {
            HeaderLine::MailboxSeparator(line) | HeaderLine::Malformed(line) => {
                edited.write_all(line)?;
            }
            HeaderLine::Field(field) => match edit(&field) {
                FieldEdit::Keep => edited.write_all(field.raw())?,
                FieldEdit::Drop => {}
                FieldEdit::Replace(lines) => write_lines(&lines, scan.line_ending, &mut edited)?,
            },
        }
    }
    if let Some(added) = added {
        write_lines(added, scan.line_ending, &mut edited)?;
    }
    let rest = scan.root.header_range.start + header.raw().len() as u64;
    io::copy(&mut source.slice(rest..source.len()).reader(), &mut edited)?;
    Ok(Source::from_spool(edited))
}

/// The field without `text`, wherever that stands in it, encoded words (RFC 2047) included; letters
/// are compared without case. `None` if the text is not there.
///
/// An encoded word can hold line ends: what is written has none but those of folding.
pub fn remove_text(field: &HeaderField<'_>, text: &str) -> Option<Vec<u8>> {
    let decoded = decode_text(&field.unfolded());
    let mut value = decoded.trim().to_owned();
    let mut found = false;
    while let Some(range) = find_without_case(&value, text) {
        let (before, after) = (
            value[..range.start].trim_end(),
            value[range.end..].trim_start(),
        );
        let was_apart = before.len() < range.start || after.len() < value.len() - range.end;
        let blank = match was_apart && !before.is_empty() && !after.is_empty() {
            true => " ",
            false => "",
        };
        value = [before, blank, after].concat();
        found = true;
    }
    let visible: String = value
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    found.then(|| encode_unstructured(field.name(), visible.trim()))
}

fn find_without_case(text: &str, wanted: &str) -> Option<std::ops::Range<usize>> {
    // One letter can be several in lower case, so each keeps its place in the text.
    let lower: Vec<(char, usize, usize)> = text
        .char_indices()
        .flat_map(|(at, letter)| {
            letter
                .to_lowercase()
                .map(move |lower| (lower, at, at + letter.len_utf8()))
        })
        .collect();
    let wanted: Vec<char> = wanted.chars().flat_map(char::to_lowercase).collect();
    if wanted.is_empty() {
        return None;
    }
    let found = lower
        .windows(wanted.len())
        .find(|window| window.iter().map(|(letter, ..)| letter).eq(&wanted))?;
    Some(found.first()?.1..found.last()?.2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::{self, HeaderFields};

    fn removed(field: &str, text: &str) -> Option<String> {
        let header = HeaderFields::new(field.as_bytes().to_vec());
        let field = header.first("Subject").unwrap();
        remove_text(&field, text).map(|octets| String::from_utf8(octets).unwrap())
    }

    #[test]
    fn a_text_is_removed_wherever_it_stands() {
        let is = |field: &str, expected: &str| {
            assert_eq!(
                removed(field, "[Encrypt]").as_deref(),
                Some(expected),
                "{field}"
            );
        };
        is("Subject: [encrypt] Figures\r\n", "Subject: Figures\r\n");
        is(
            "Subject: Re: [ENCRYPT] the\r\n figures\r\n",
            "Subject: Re: the figures\r\n",
        );
        is("Subject: Figures[encrypt]\n", "Subject: Figures\r\n");
        is("Subject: a[encrypt]b [encrypt]\n", "Subject: ab\r\n");
        is("Subject: [encrypt]\n", "Subject:\r\n");
        is(
            "Subject: =?utf-8?Q?=5Bencrypt=5D?= Figures\n",
            "Subject: Figures\r\n",
        );
        is(
            "Subject: =?utf-8?B?W2VuY3J5cHRdIEdyw7zDn2U=?=\n",
            "Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r\n",
        );
        is(
            "Subject: =?utf-8?Q?=5Benc?=\n =?utf-8?Q?rypt=5D_x?=\n",
            "Subject: x\r\n",
        );
        assert_eq!(removed("Subject: encrypt\n", "[encrypt]"), None);
    }

    #[test]
    fn what_an_encoded_word_hides_makes_no_field() {
        let field = "Subject: =?utf-8?Q?[x]_a=0D=0ABcc:_b@example.com=00?=\n";
        assert_eq!(
            removed(field, "[x]").unwrap(),
            "Subject: a  Bcc: b@example.com\r\n"
        );
        let twice = "Subject: [x] =?utf-8?Q?=3D=3Futf-8=3FQ=3F=0Aa=3F=3D?=\n";
        let once = removed(twice, "[x]").unwrap();
        let header = HeaderFields::new(once.into_bytes());
        assert_eq!(header.text("Subject").unwrap(), "=?utf-8?Q? a?=");
    }

    #[test]
    fn every_other_octet_stays() {
        let message = b"From a\nA: 1\nbad\nB:\n 2\nC: 3\n\nBody\r\nA: 1\n".to_vec();
        let source = Source::from_bytes(message);
        let scan = mail::scan(&source).unwrap();
        let edited = edit_header(&source, &scan, b"X: 0\r\n", |field| match field.name() {
            "B" => FieldEdit::Drop,
            "C" => FieldEdit::Replace(b"C: 4\r\n 5\r\n".to_vec()),
            _ => FieldEdit::Keep,
        });
        let edited = edited.unwrap().read_all(1000).unwrap().unwrap();
        assert_eq!(
            String::from_utf8(edited).unwrap().replace('\r', "$"),
            "From a\nX: 0\nA: 1\nbad\nC: 4\n 5\n\nBody$\nA: 1\n"
        );
        let same = edit_header(&source, &scan, b"", |_| FieldEdit::Keep).unwrap();
        assert_eq!(same.read_all(1000).unwrap(), source.read_all(1000).unwrap());
    }
}
