//! Header fields with raw 8-bit octets, rewritten in ASCII: encoded words (RFC 2047), and extended
//! parameters (RFC 2231).
//!
//! RFC 6532 allows UTF-8 in header fields where every relay announces it. What is signed must not
//! depend on that. Where the octets are not UTF-8, or stand where no encoding is defined, such as
//! in an address, there is no ASCII form.

mod folded;
pub(super) mod parameters;

use crate::mail::HeaderField;
use crate::mail::lexer::{Lexer, is_white_space};

pub(crate) use folded::Folded;
use folded::encoded_words;
use parameters::encode_parameters;

/// How a field body is made up.
enum Form {
    /// Any text.
    Unstructured,
    /// Mailboxes and groups: text in display names and comments.
    Addresses,
    /// A value and parameters.
    Parameters,
    /// No place for text.
    Other,
}

const ADDRESSES: &[&str] = &[
    "From",
    "Sender",
    "Reply-To",
    "To",
    "Cc",
    "Bcc",
    "Resent-From",
    "Resent-Sender",
    "Resent-To",
    "Resent-Cc",
    "Resent-Bcc",
];

const PARAMETERS: &[&str] = &["Content-Type", "Content-Disposition"];

const OTHER: &[&str] = &[
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "Received",
    "Return-Path",
    "Resent-Date",
    "Resent-Message-ID",
    "MIME-Version",
    "Content-ID",
    "Content-Transfer-Encoding",
    "Content-Location",
    "DKIM-Signature",
];

impl Form {
    fn of(name: &str) -> Form {
        let among = |names: &[&str]| names.iter().any(|other| other.eq_ignore_ascii_case(name));
        if among(ADDRESSES) {
            Form::Addresses
        } else if among(PARAMETERS) {
            Form::Parameters
        } else if among(OTHER) {
            Form::Other
        } else {
            Form::Unstructured
        }
    }
}

/// Writes a field in ASCII, with CRLF at its line ends; `None` if it has no such form.
///
/// White space between words stays, but folding is made anew.
pub(crate) fn encode_field(field: &HeaderField<'_>) -> Option<Vec<u8>> {
    let body = field.unfolded();
    let mut folded = Folded::new(field.name());
    match Form::of(field.name()) {
        Form::Unstructured => encode_text(&body, &mut folded)?,
        Form::Addresses => encode_addresses(&body, &mut folded)?,
        Form::Parameters => encode_parameters(&body, &mut folded)?,
        Form::Other => return None,
    }
    Some(folded.finish())
}

/// Writes an unstructured field of text in ASCII, with CRLF at its line ends. The text has no line
/// end and is shown as it is, even where it looks like an encoded word.
pub(crate) fn encode_unstructured(name: &str, text: &str) -> Vec<u8> {
    let mut folded = Folded::new(name);
    if !text.is_empty() {
        folded.blank(b" ");
    }
    // Text is UTF-8, for which there always is a form.
    let _ = match text.contains("=?") {
        true => folded.encoded_words(text.as_bytes()),
        false => encode_text(text.as_bytes(), &mut folded),
    };
    folded.finish()
}

fn encode_text(body: &[u8], folded: &mut Folded) -> Option<()> {
    let mut lexer = Lexer::new(body);
    while !lexer.is_at_end() {
        folded.blank(lexer.take_while(is_white_space));
        let word = lexer.take_while(|octet| !is_white_space(octet));
        if !word.is_ascii() {
            folded.encoded_words(word)?;
        } else if !word.is_empty() {
            folded.word(word);
        }
    }
    Some(())
}

fn encode_addresses(body: &[u8], folded: &mut Folded) -> Option<()> {
    let mut lexer = Lexer::new(body);
    let mut in_angles = false;
    loop {
        folded.blank(lexer.take_while(is_white_space));
        let start = lexer.offset();
        let text = match lexer.peek() {
            None => return Some(()),
            Some(b'"') => lexer.quoted_string().ok()?,
            Some(b'(') => {
                let text = lexer.comment().ok()?;
                folded.set_off_encoded_word();
                folded.word(&encode_comment(
                    &text,
                    lexer.between(start, lexer.offset()),
                )?);
                continue;
            }
            Some(special @ (b'<' | b'>' | b'@' | b',' | b':' | b';')) => {
                in_angles = special == b'<' || (in_angles && special != b'>');
                lexer.advance(1);
                folded.set_off_encoded_word();
                folded.word(&[special]);
                continue;
            }
            Some(_) => {
                lexer.take_while(|octet| !is_white_space(octet) && !b"\"(<>@,:;".contains(&octet))
            }
            .to_vec(),
        };
        let raw = lexer.between(start, lexer.offset());
        if raw.is_ascii() {
            folded.set_off_encoded_word();
            folded.word(raw);
            continue;
        }
        let before = body[..start].trim_ascii_end();
        let after = lexer.rest().trim_ascii_start();
        if in_angles || before.ends_with(b"@") || after.starts_with(b"@") {
            return None;
        }
        folded.encoded_words(&text)?;
    }
}

/// A comment whose `text` is encoded where `raw` is not ASCII; inner comments become text.
fn encode_comment(text: &[u8], raw: &[u8]) -> Option<Vec<u8>> {
    if raw.is_ascii() {
        return Some(raw.to_vec());
    }
    let words = encoded_words(std::str::from_utf8(text).ok()?);
    Some(format!("({})", words.join(" ")).into_bytes())
}

#[cfg(test)]
mod tests {
    use super::folded::COLUMNS;
    use super::*;
    use crate::mail::header::decode_text;
    use crate::mail::{ContentType, HeaderFields};

    fn encode_octets(field: &[u8]) -> Option<String> {
        let header = HeaderFields::new(field.to_vec());
        let encoded = encode_field(&header.fields().next().unwrap())?;
        Some(String::from_utf8(encoded).unwrap())
    }

    fn encode(field: &str) -> Option<String> {
        encode_octets(field.as_bytes())
    }

    #[test]
    fn text_becomes_encoded_words() {
        for (raw, encoded) in [
            (
                "Subject: caf\u{e9}\r\n",
                "Subject: =?utf-8?Q?caf=C3=A9?=\r\n",
            ),
            (
                "Subject: a \u{e9} \u{e8}  b\r\n \u{e9}\r\n",
                "Subject: a =?utf-8?Q?=C3=A9?= =?utf-8?Q?_=C3=A8?=  b =?utf-8?Q?=C3=A9?=\r\n",
            ),
            (
                "X-Any:\u{e9}=?_\n",
                "X-Any: =?utf-8?Q?=C3=A9=3D=3F=5F?=\r\n",
            ),
            ("X-Blank: \u{e9} \t\r\n", "X-Blank: =?utf-8?Q?=C3=A9?=\r\n"),
        ] {
            assert_eq!(encode(raw).as_deref(), Some(encoded));
        }
    }

    #[test]
    fn long_text_is_folded_and_reads_as_before() {
        let text = "\u{436}".repeat(120) + " and " + &"\u{4e2d}\u{6587} ".repeat(30);
        let encoded = encode(&format!("Subject: {text}\r\n")).unwrap();
        for line in encoded.trim_end().split("\r\n") {
            assert!(line.len() <= COLUMNS + 10, "{line}");
        }
        let body = encoded
            .strip_prefix("Subject:")
            .unwrap()
            .replace("\r\n", "");
        assert_eq!(decode_text(body.as_bytes()).trim(), text.trim());
    }

    #[test]
    fn addresses_keep_their_addr_specs() {
        for (raw, encoded) in [
            (
                "To: J\u{f6}rg M\u{fc}ller<j@example.com>, \"\u{c4}, B\" <b@example.com>\r\n",
                "To: =?utf-8?Q?J=C3=B6rg?= =?utf-8?Q?_M=C3=BCller?= <j@example.com>,\r\n \
                 =?utf-8?Q?=C3=84=2C_B?= <b@example.com>\r\n",
            ),
            (
                "From: a@example.com (plain) (d\u{e9} (inner))\r\n",
                "From: a@example.com (plain) (=?utf-8?Q?d=C3=A9_=28inner=29?=)\r\n",
            ),
            (
                "Cc: \u{e9}quipe: a@example.com, b@example.com;\r\n",
                "Cc: =?utf-8?Q?=C3=A9quipe?= : a@example.com, b@example.com;\r\n",
            ),
        ] {
            assert_eq!(encode(raw).as_deref(), Some(encoded));
        }
    }

    #[test]
    fn parameters_become_extended() {
        for (raw, encoded) in [
            (
                "Content-Disposition: attachment;\r\n filename=\"na\u{ef}ve 1.txt\"\r\n",
                "Content-Disposition: attachment; filename*=utf-8''na%C3%AFve%201.txt\r\n",
            ),
            (
                "Content-Type: text/plain; name=\u{e9}; name*=utf-8''%C3%A9; charset=utf-8;\r\n",
                "Content-Type: text/plain; name*=utf-8''%C3%A9; charset=utf-8\r\n",
            ),
            (
                "Content-Type: text/plain; name*=iso-8859-1''\u{e9}\r\n",
                "Content-Type: text/plain; name*=iso-8859-1''%C3%A9\r\n",
            ),
            (
                "Content-Type: text/plain; format=flowed (\u{e9}); x=\"a;b\"\r\n",
                "Content-Type: text/plain; format=flowed; x=\"a;b\"\r\n",
            ),
        ] {
            assert_eq!(encode(raw).as_deref(), Some(encoded));
            let body = encoded.split_once(':').unwrap().1;
            if encoded.contains("text/") {
                assert!(
                    ContentType::parse(body.trim().as_bytes()).is_ok(),
                    "{encoded}"
                );
            }
        }
    }

    #[test]
    fn what_has_no_ascii_form_is_told() {
        for raw in [
            "To: <\u{e9}@example.com>\r\n",
            "To: \u{e9}@example.com\r\n",
            "To: a@b\u{fc}cher.example\r\n",
            "To: \"\u{e9}\" @example.com\r\n",
            "To: \"\u{e9}\r\n",
            "To: (\u{e9}\r\n",
            "Message-ID: <\u{e9}@example.com>\r\n",
            "Content-Type: t\u{e9}xt/plain\r\n",
            "Content-Type: multipart/mixed; boundary=\"\u{e9}\"\r\n",
            "Content-Type: text/plain; charset=\u{e9}\r\n",
            "Content-Type: text/plain; n\u{e9}=x\r\n",
            "Content-Type: text/plain; name=\"\u{e9}\r\n",
            "Content-Type: text/plain; name=x \u{e9}\r\n",
        ] {
            assert_eq!(encode(raw), None, "{raw:?}");
        }
        assert_eq!(encode_octets(b"Subject: caf\xe9\r\n"), None);
        assert_eq!(encode_octets(b"To: caf\xe9 <a@example.com>\r\n"), None);
        assert_eq!(
            encode_octets(b"Content-Type: text/plain; name=caf\xe9\r\n"),
            None
        );
    }
}
