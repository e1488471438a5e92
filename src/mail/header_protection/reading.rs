//! Protected fields as they are read: RFC 9788, and the two forms that programs wrote before it.
//!
//! The older forms are message/rfc822 around the whole content (RFC 8551 section 3.1) and the
//! parameter `protected-headers="v1"` (draft-autocrypt-lamps-protected-headers). Neither says what
//! stood outside, so there an obscured subject is no difference.

use super::{HP, HP_OUTER, HeaderProtection, PROTECTED_HEADERS, is_protected};
use crate::mail::header::decode_text;
use crate::mail::{Entity, FromField, HeaderField, HeaderFields};

/// By which rules the fields are protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// RFC 9788.
    Hp(HeaderProtection),
    /// A whole message is the content (RFC 8551 section 3.1).
    Wrapped,
    /// The older draft.
    ProtectedHeadersV1,
}

/// The protected fields of a message.
#[derive(Clone, Debug)]
pub struct ProtectedHeader<'a> {
    /// By which rules.
    pub scheme: Scheme,
    /// The header in which they stand, among others.
    pub header: &'a HeaderFields,
    /// What the message is about: the payload, or what it wraps.
    pub content: &'a Entity,
    /// Whether the message is encrypted.
    message: HeaderProtection,
}

/// A field that says outside what nobody protected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Its name.
    pub name: String,
    /// The protected values.
    pub protected: Vec<String>,
    /// The values outside.
    pub outside: Vec<String>,
}

/// Fields that programs show to their users and that nobody adds on the way: if they are only
/// outside, they are not the author's. (Lists add Sender, and relays a missing Date.)
const AUTHORS_OWN: &[&str] = &["Subject", "To", "Cc", "Reply-To", "Followup-To"];

/// Whether a field outside gives way to protected ones, where there are any.
pub fn is_superseded(field: &HeaderField<'_>) -> bool {
    // What was outside is told inside alone.
    is_authors_own(field) || field.is(HP_OUTER)
}

fn is_authors_own(field: &HeaderField<'_>) -> bool {
    AUTHORS_OWN.iter().any(|name| field.is(name))
}

impl<'a> ProtectedHeader<'a> {
    /// Finds the protected fields of `payload`, the content of the innermost layer of a message
    /// whose header is `outer` and that is protected as `message` says.
    pub fn find(
        payload: &'a Entity,
        outer: &HeaderFields,
        message: HeaderProtection,
    ) -> Option<ProtectedHeader<'a>> {
        let content_type = &payload.content_type;
        let lower = |name| content_type.parameter(name).map(str::to_ascii_lowercase);
        let own = |scheme, content| ProtectedHeader {
            scheme,
            header: &payload.header,
            content,
            message,
        };
        if let Some(word) = lower(HP) {
            // Any other value is none of the standard, and then nothing is protected.
            let protection = HeaderProtection::from_word(&word)?;
            return Some(own(Scheme::Hp(protection), payload));
        }
        if lower(PROTECTED_HEADERS).as_deref() == Some("v1") {
            let content = beside_legacy_display(payload).unwrap_or(payload);
            return Some(own(Scheme::ProtectedHeadersV1, content));
        }
        let inside = payload.children.first();
        let inside = inside.filter(|_| payload.is_embedded_message())?;
        let wraps = match lower("forwarded").as_deref() {
            Some("no") => true,
            // A message that is forwarded as the only content looks the same; it is another one.
            None => same_author(&inside.header, outer) && may_be_same(&inside.header, outer),
            Some(_) => false,
        };
        wraps.then_some(ProtectedHeader {
            scheme: Scheme::Wrapped,
            header: &inside.header,
            content: inside,
            message,
        })
    }

    /// Whether the author is protected.
    pub fn has_author(&self) -> bool {
        self.header.first("From").is_some()
    }

    /// Whether the author outside is the protected one, by address.
    pub fn has_same_author(&self, outer: &HeaderFields) -> bool {
        same_author(self.header, outer)
    }

    /// The other fields that differ outside. From is not among them; fields that are left out
    /// outside count only if programs show them.
    pub fn differences(&self, outer: &HeaderFields) -> Vec<Difference> {
        let mut names: Vec<&str> = Vec::new();
        let own = self.header.fields().filter(is_protected);
        let added = outer.fields().filter(is_authors_own);
        for field in own.chain(added) {
            if !field.is("From") && !names.iter().any(|name| field.is(name)) {
                names.push(field.name());
            }
        }
        let difference = |name: &str| {
            let protected = values(self.header, name);
            let outside = values(outer, name);
            let is_missing =
                outside.is_empty() && !AUTHORS_OWN.iter().any(|n| n.eq_ignore_ascii_case(name));
            let differs = outside != protected && !is_missing && !self.was_outside(name, &outside);
            differs.then(|| Difference {
                name: name.to_owned(),
                protected,
                outside,
            })
        };
        names.into_iter().filter_map(difference).collect()
    }

    /// Whether the author wrote outside what is there now.
    fn was_outside(&self, name: &str, outside: &[String]) -> bool {
        match self.scheme {
            // Whoever passes on what was encrypted could have the subject say what is written for
            // eyes outside.
            Scheme::Hp(_) if self.message == HeaderProtection::Clear => false,
            Scheme::Hp(HeaderProtection::Clear) => false,
            Scheme::Hp(HeaderProtection::Cipher) => {
                let written: Vec<String> = self
                    .header
                    .all(HP_OUTER)
                    .flat_map(|field| {
                        let written = HeaderFields::new(field.unfolded().trim_ascii().to_vec());
                        values(&written, name)
                    })
                    .collect();
                written == outside
            }
            Scheme::Wrapped | Scheme::ProtectedHeadersV1 => {
                self.message == HeaderProtection::Cipher && name.eq_ignore_ascii_case("Subject")
            }
        }
    }
}

/// Whether neither time nor identifier says that the two are headers of different messages.
fn may_be_same(left: &HeaderFields, right: &HeaderFields) -> bool {
    ["Date", "Message-ID"].iter().all(|name| {
        let (left, right) = (values(left, name), values(right, name));
        left.is_empty() || right.is_empty() || left == right
    })
}

fn same_author(left: &HeaderFields, right: &HeaderFields) -> bool {
    match (left.from_field(), right.from_field()) {
        (FromField::One { address: left, .. }, FromField::One { address: right, .. }) => {
            left == right
        }
        _ => false,
    }
}

/// The values of all fields of that name, decoded; white space counts as one space.
fn values(header: &HeaderFields, name: &str) -> Vec<String> {
    let value = |field: HeaderField<'_>| {
        let text = decode_text(&field.unfolded());
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    header.all(name).map(value).collect()
}

/// The content beside the part that shows obscured fields, which the older draft puts before it.
fn beside_legacy_display(payload: &Entity) -> Option<&Entity> {
    let [display, content] = &payload.children[..] else {
        return None;
    };
    let content_type = &display.content_type;
    let is_display = payload.content_type.is("multipart", "mixed")
        && content_type.parameter(PROTECTED_HEADERS) == Some("v1")
        && (content_type.is("text", "plain") || content_type.is("text", "rfc822-headers"));
    is_display.then_some(content)
}
