//! What an element shows: whether it is nothing but a copy of protected fields.
//!
//! A mark alone would let an author hide any text from programs that read protected fields, and show
//! it to all the others.

use std::collections::HashSet;

use mail_parser::decoders::charsets::map::charset_decoder;

use crate::mail::header::{decode_text, octets_to_text};
use crate::mail::{HeaderField, HeaderFields};

/// The fields of a header, as an element shows them.
pub(super) struct ShownFields(HashSet<(String, Vec<String>)>);

impl ShownFields {
    /// Those of `header`.
    pub(super) fn of(header: &HeaderFields) -> ShownFields {
        let shown = |field: HeaderField<'_>| {
            let value = words(&decode_text(&field.unfolded()));
            (field.lower_name(), value)
        };
        ShownFields(header.fields().map(shown).collect())
    }

    /// Whether every line of `element`, in the character set and subtype of its part, is one of the
    /// fields with its value. White space counts as one space, and lines may be folded.
    pub(super) fn are_copied_by(&self, element: &[u8], charset: &str, subtype: &str) -> bool {
        let text = match charset_decoder(charset.as_bytes()) {
            Some(decode) => decode(element),
            None => octets_to_text(element).into_owned(),
        };
        let text = match subtype {
            "html" => text_of_html(&text),
            _ => text,
        };
        let mut lines: Vec<String> = Vec::new();
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            match lines.last_mut() {
                Some(last) if line.starts_with([' ', '\t']) => last.push_str(line),
                _ => lines.push(line.to_owned()),
            }
        }
        !lines.is_empty() && lines.iter().all(|line| self.has(line))
    }

    fn has(&self, line: &str) -> bool {
        line.split_once(':').is_some_and(|(name, value)| {
            let name = name.trim().to_ascii_lowercase();
            self.0.contains(&(name, words(value)))
        })
    }
}

/// The words of a text, with control characters as the white space that they are shown as.
fn words(text: &str) -> Vec<String> {
    let text = text.replace(char::is_control, " ");
    text.split_whitespace().map(str::to_owned).collect()
}

/// The text between tags, with the character references that writers of such elements use.
fn text_of_html(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = if rest.starts_with('<') { '>' } else { ';' };
        let Some(length) = rest.find(end).map(|end| end + 1) else {
            break;
        };
        if end == ';' {
            // One that is not known stays as it is, and then the line is no copy.
            match reference(&rest[1..length - 1]) {
                Some(c) => text.push(c),
                None => text.push_str(&rest[..length]),
            }
        }
        rest = &rest[length..];
    }
    text + rest
}

fn reference(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some(' '),
        name => {
            let digits = name.strip_prefix('#')?;
            let code = match digits.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => digits.parse(),
            };
            code.ok().and_then(char::from_u32)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_copy_of_the_fields_is_one() {
        let header = HeaderFields::new(
            b"Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?= &\r\n <all>\r\nTo: b@example.com\r\n".to_vec(),
        );
        let fields = ShownFields::of(&header);
        let copy = |text: &[u8], charset, subtype| fields.are_copied_by(text, charset, subtype);
        let utf8 = |text: &str| copy(text.as_bytes(), "utf-8", "plain");
        assert!(utf8("Subject: Gr\u{fc}\u{df}e & <all>\r\n\r\n"));
        assert!(utf8(
            "subject: Gr\u{fc}\u{df}e\r\n  & <all>\r\nTo:  b@example.com\n\n"
        ));
        assert!(copy(
            b"Subject: Gr\xfc\xdfe & <all>\r\n\r\n",
            "iso-8859-1",
            "plain"
        ));
        for other in [
            "",
            "\r\n",
            "Pay Mallory\r\n\r\n",
            "Subject: Gr\u{fc}\u{df}e\r\n\r\n",
            "Subject: Gr\u{fc}\u{df}e & <all> of you\r\n\r\n",
            "Subject: Gr\u{fc}\u{df}e & <all>\r\nPay Mallory\r\n\r\n",
            "Amount: a thousand\r\n\r\n",
        ] {
            assert!(!utf8(other), "{other:?}");
        }
        let html = |text: &str| copy(text.as_bytes(), "us-ascii", "html");
        let start = "<div class=\"header-protection-legacy-display\"><pre>\r\n";
        let subject = "Subject: Gr&#252;&#xdf;e &amp; &lt;all&gt;";
        assert!(html(&format!("{start}{subject}\r\n</pre></div>\r\n")));
        assert!(!html(&format!("{start}{subject}\r\nPay</pre></div>\r\n")));
        assert!(!html(&format!("{start}<img src=x></pre></div>\r\n")));
        assert!(!html(&format!("{start}{subject} &pay;</pre></div>\r\n")));
        assert!(!html(&format!("{start}{subject} &pay")));
    }
}
