//! The Authentication-Results field (RFC 8601) with the method `smime` (RFC 7281): written, and known
//! where it claims our name.
//!
//! Only ASCII of the inside of one line is written, in quotes where it is more than a token, so no
//! value can end the field or the line.

use crate::mail::HeaderField;
use crate::mail::lexer::Lexer;

/// The name of the field.
const NAME: &str = "Authentication-Results";

/// Octets of a value beyond which it is left out: a line has at most 998 (RFC 5322 section 2.1.1).
const VALUE: usize = 400;

/// One result of the method `smime`.
#[derive(Clone, Debug, Default)]
pub struct SmimeResult {
    /// The result: `none`, `pass`, `fail`, `policy` or `neutral`.
    pub result: &'static str,
    /// The code of the reason.
    pub reason: Option<&'static str>,
    /// Name and value of properties of the type `body`, such as `smime-identifier`.
    pub properties: Vec<(&'static str, String)>,
}

/// Writes the field with the name `authserv_id` of whoever judged, with CRLF at its line ends.
pub fn encode(authserv_id: &str, results: &[SmimeResult]) -> Vec<u8> {
    let id = value(authserv_id).unwrap_or_else(|| "localhost".to_owned());
    let mut field = format!("{NAME}: {id}");
    for each in results {
        field.push_str(";\r\n smime=");
        field.push_str(each.result);
        if let Some(reason) = each.reason.and_then(value) {
            field.push_str(&format!("\r\n reason={reason}"));
        }
        for (name, text) in &each.properties {
            if let Some(text) = value(text) {
                field.push_str(&format!("\r\n body.{name}={text}"));
            }
        }
    }
    field.push_str("\r\n");
    field.into_bytes()
}

/// A value (RFC 2045 section 5.1): a token or a quoted string; `None` if it has no such form.
fn value(text: &str) -> Option<String> {
    let is_written = |octet: u8| octet == b' ' || octet.is_ascii_graphic();
    if text.is_empty() || text.len() > VALUE || !text.bytes().all(is_written) {
        return None;
    }
    // Where an address may stand, `@` needs no quotes (RFC 8601 section 2.2).
    let is_token =
        |octet: u8| octet.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`{|}~@".contains(&octet);
    if text.bytes().all(is_token) && text.matches('@').count() <= 1 {
        return Some(text.to_owned());
    }
    Some(format!(
        "\"{}\"",
        text.replace('\\', "\\\\").replace('"', "\\\"")
    ))
}

/// Whether the field is one of results that claims to be from `authserv_id`. What cannot be read is
/// taken to claim it where the name stands in it.
pub fn claims(field: &HeaderField<'_>, authserv_id: &str) -> bool {
    if !field.is(NAME) {
        // Some programs end a line at a bare CR, and see another field behind it.
        let raw = field.raw();
        let ends_a_line = |at: usize| raw.get(at + 1).is_some_and(|octet| *octet != b'\n');
        return memchr::memchr_iter(b'\r', raw).any(ends_a_line) && holds(raw, NAME);
    }
    match read_authserv_id(&field.unfolded()) {
        Some(id) => id.trim_end_matches('.').eq_ignore_ascii_case(authserv_id),
        None => holds(field.raw(), authserv_id),
    }
}

fn holds(octets: &[u8], text: &str) -> bool {
    octets
        .windows(text.len().max(1))
        .any(|window| window.eq_ignore_ascii_case(text.as_bytes()))
}

/// The name, as a token or a quoted string, in front of a version, a `;` or the end.
fn read_authserv_id(body: &[u8]) -> Option<String> {
    let mut lexer = Lexer::new(body);
    lexer.skip_cfws().ok()?;
    let id = match lexer.peek()? {
        b'"' => lexer.quoted_string().ok()?,
        _ => lexer
            .take_while(|octet| octet.is_ascii_graphic() && !b"()<>@,;:\\\"/[]?=".contains(&octet))
            .to_vec(),
    };
    lexer.skip_cfws().ok()?;
    lexer.take_while(|octet| octet.is_ascii_digit());
    lexer.skip_cfws().ok()?;
    let is_end = lexer.is_at_end() || lexer.peek() == Some(b';');
    String::from_utf8(id)
        .ok()
        .filter(|id| is_end && !id.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::HeaderFields;

    #[test]
    fn a_field_is_written_that_nothing_can_break_out_of() {
        let of = |properties: &[(&'static str, &str)]| {
            let properties = properties.iter();
            let result = SmimeResult {
                result: "fail",
                reason: Some("cms.message-digest-mismatch"),
                properties: properties
                    .map(|(name, text)| (*name, (*text).to_owned()))
                    .collect(),
            };
            String::from_utf8(encode("mx.example.com", &[result])).unwrap()
        };
        assert_eq!(
            of(&[
                ("smime-identifier", "carol@example.net"),
                ("smime-issuer", "CN=A \"B\" \\ C;\tx"),
                ("smime-issuer", "CN=A \"B\" \\ C; smime=pass"),
            ]),
            "Authentication-Results: mx.example.com;\r\n smime=fail\r\n \
             reason=cms.message-digest-mismatch\r\n body.smime-identifier=carol@example.net\r\n \
             body.smime-issuer=\"CN=A \\\"B\\\" \\\\ C; smime=pass\"\r\n"
        );
        for hostile in ["a\r\nBcc: x", "a\nX: y", "\u{e4}@example.com", "a\0", ""] {
            let field = of(&[("smime-identifier", hostile)]);
            assert!(!field.contains("identifier"), "{field}");
        }
        let long = "a".repeat(2000);
        assert!(!of(&[("smime-identifier", &long)]).contains("identifier"));
    }

    #[test]
    fn a_forged_field_is_known_in_every_spelling() {
        let claims = |text: &str| {
            let header = HeaderFields::new(text.as_bytes().to_vec());
            header
                .fields()
                .any(|field| super::claims(&field, "mx.example.com"))
        };
        for forged in [
            "Authentication-Results: mx.example.com; smime=pass\r\n",
            "authentication-results:MX.Example.COM;smime=pass\r\n",
            "Authentication-Results : mx.example.com 1; none\r\n",
            "Authentication-Results:\r\n (a (nested) one)\r\n mx.example.com\r\n\t; smime=pass\r\n",
            "Authentication-Results: \"mx.example.com\"; smime=pass\r\n",
            "Authentication-Results: \"mx.\\example.com\" 1; smime=pass\r\n",
            "Authentication-Results: mx.example.com.; smime=pass\r\n",
            "Authentication-Results: (open mx.example.com; smime=pass\r\n",
            "Authentication-Results: mx.example.com/1; smime=pass\r\n",
            "Authentication-Results: ; mx.example.com; smime=pass\r\n",
            "X: y\rAuthentication-Results: mx.example.com; smime=pass\r\n",
        ] {
            assert!(claims(forged), "{forged:?}");
        }
        for other in [
            "Authentication-Results: other.example.com; smime=pass\r\n",
            "Authentication-Results: a.mx.example.com; smime=pass\r\n",
            "Authentication-Results: other.example (mx.example.com); none\r\n",
            "X-Authentication-Results: mx.example.com; none\r\n",
            "Subject: mx.example.com\r\n",
        ] {
            assert!(!claims(other), "{other:?}");
        }
    }
}
