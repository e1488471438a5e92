//! Header protection: the fields of a message inside what is signed or encrypted (RFC 9788).
//!
//! The fields stand a second time in the header of the cryptographic payload, whose Content-Type
//! has the parameter `hp`: `clear` if the message is signed only, `cipher` if it is encrypted. Then
//! the fields outside may say less ([`confidentiality`]), and `HP-Outer` fields inside tell what
//! they said when they were written.
//!
//! `protected_fields` makes that header, [`ProtectedHeader`] reads it and two older forms, and
//! [`legacy_display`] knows the copy of obscured fields in the text, for programs that read neither.
//! Whether anybody vouches for what is read is not known here.

pub mod confidentiality;
pub mod legacy_display;
mod reading;

use crate::mail::compose::is_mime_field;
use crate::mail::signing_form::{Unsafe, safe_field};
use crate::mail::{HeaderField, HeaderFields};

use confidentiality::outside;
pub use reading::{ComparedField, Outside, ProtectedHeader, Scheme, is_superseded};

/// The parameter of Content-Type that marks a payload with protected fields (RFC 9788 section
/// 2.1.1).
pub(super) const HP: &str = "hp";

/// The parameter of the older draft with the same purpose.
pub(super) const PROTECTED_HEADERS: &str = "protected-headers";

/// Tells inside an encrypted message what a field said outside (RFC 9788 section 2.2).
pub(super) const HP_OUTER: &str = "HP-Outer";

/// How a header is protected: the values of `hp`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderProtection {
    /// The message is signed only.
    Clear,
    /// The message is encrypted.
    Cipher,
}

impl HeaderProtection {
    /// The value of the parameter.
    pub fn word(self) -> &'static str {
        match self {
            HeaderProtection::Clear => "clear",
            HeaderProtection::Cipher => "cipher",
        }
    }

    fn from_word(word: &str) -> Option<HeaderProtection> {
        match word {
            "clear" => Some(HeaderProtection::Clear),
            "cipher" => Some(HeaderProtection::Cipher),
            _ => None,
        }
    }
}

/// Fields that are about the way of a message and not about the message, or are nobody else's
/// business: they are neither protected nor compared.
const NOT_PROTECTED: &[&str] = &[
    "Bcc",
    "Resent-Bcc",
    "Return-Path",
    "Received",
    "Received-SPF",
    "Delivered-To",
    "X-Original-To",
    "DKIM-Signature",
    "DomainKey-Signature",
    "Authentication-Results",
    "ARC-Seal",
    "ARC-Message-Signature",
    "ARC-Authentication-Results",
    HP_OUTER,
];

/// Whether a field of a message is one that is protected.
pub(super) fn is_protected(field: &HeaderField<'_>) -> bool {
    !is_mime_field(field) && !NOT_PROTECTED.iter().any(|name| field.is(name))
}

/// The fields of a message as they stand in the header of the payload, safe for transport; after
/// them, for an encrypted message, what is left of each outside.
pub(super) fn protected_fields(
    header: &HeaderFields,
    protection: HeaderProtection,
) -> Result<Vec<u8>, Unsafe> {
    let (mut fields, mut outer) = (Vec::new(), Vec::new());
    for field in header.fields().filter(is_protected) {
        let safe = safe_field(&field)?;
        if protection == HeaderProtection::Cipher
            && let Some(outside) = outside(&field)
        {
            let named = [HP_OUTER.as_bytes(), b": ", &outside].concat();
            let named = HeaderFields::new(named);
            for field in named.fields() {
                outer.extend(safe_field(&field)?);
            }
        }
        fields.extend(safe);
    }
    fields.extend(outer);
    Ok(fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_about_the_message_is_protected() {
        let header = HeaderFields::new(
            b"Received: by a\r\nFrom: a@example.com\r\nBcc: c@example.com\r\nSubject: Secret\r\n\
              KEYWORDS: x\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\nHP-Outer: From: b\r\n\
              To: b@example.com,\n c@example.com\nno field\n"
                .to_vec(),
        );
        let fields = "From: a@example.com\r\nSubject: Secret\r\nKEYWORDS: x\r\n\
            To: b@example.com,\r\n c@example.com\r\n";
        let text =
            |protection| String::from_utf8(protected_fields(&header, protection).unwrap()).unwrap();
        assert_eq!(text(HeaderProtection::Clear), fields);
        let outer = "HP-Outer: From: a@example.com\r\nHP-Outer: Subject: [...]\r\n\
            HP-Outer: To: b@example.com,\r\n c@example.com\r\n";
        assert_eq!(text(HeaderProtection::Cipher), format!("{fields}{outer}"));
    }

    #[test]
    fn long_and_raw_fields_are_made_safe() {
        let long = "x ".repeat(492);
        let header = HeaderFields::new(format!("X-Long: {long}y\nX-Raw: \u{e9}\n").into_bytes());
        let fields = protected_fields(&header, HeaderProtection::Cipher).unwrap();
        assert!(fields.is_ascii());
        assert!(
            fields
                .split(|octet| *octet == b'\n')
                .all(|line| line.len() <= 999)
        );
        let fields = HeaderFields::new(fields);
        let outer: Vec<_> = fields.all(HP_OUTER).map(|field| field.value()).collect();
        assert_eq!(outer[0], format!("X-Long: {long}y"));
        assert_eq!(outer[1], "X-Raw: =?utf-8?Q?=C3=A9?=");
        let latin = HeaderFields::new(b"Subject: \xe9\n".to_vec());
        assert!(protected_fields(&latin, HeaderProtection::Clear).is_err());
    }
}
