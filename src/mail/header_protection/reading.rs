//! Protected fields as they are read: RFC 9788, and the two forms that programs wrote before it.
//!
//! The older forms are message/rfc822 around the whole content (RFC 8551 section 3.1) and the
//! parameter `protected-headers="v1"` (draft-autocrypt-lamps-protected-headers). Neither says what
//! stood outside, so there an obscured subject is no difference.

use std::collections::{HashMap, HashSet};

use super::{HP, HP_OUTER, HeaderProtection, PROTECTED_HEADERS, is_protected};
use crate::mail::compose::is_mime_field;
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

/// What stands outside in the place of a protected field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outside {
    /// The same; of From, the same address.
    Same,
    /// What its author wrote there for eyes outside, which may be nothing.
    AsWritten,
    /// Nothing, in the place of a field that programs do not show.
    LeftOut,
    /// What nobody protected: it was changed or added on the way.
    Differs,
}

/// A field as it is protected and as it stands outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComparedField {
    /// Its name.
    pub name: String,
    /// How the two compare.
    pub state: Outside,
    /// The protected values.
    pub protected: Vec<String>,
    /// The values outside.
    pub outside: Vec<String>,
    /// The values that its author wrote outside, where the message tells.
    pub written: Option<Vec<String>>,
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

    /// The protected fields, and those outside that can only be the author's, in their order.
    pub fn compared(&self, outer: &HeaderFields) -> Vec<ComparedField> {
        // A header can have thousands of names: each is read once, and not again for each name.
        let mut protected = values_by_name(self.header.fields());
        let mut outside = values_by_name(outer.fields());
        let mut written = self.written();
        let compare = |field: HeaderField<'_>| {
            let name = field.lower_name();
            let protected = protected.remove(&name).unwrap_or_default();
            let outside = outside.remove(&name).unwrap_or_default();
            let written = written.as_mut();
            let written = written.map(|written| written.remove(&name).unwrap_or_default());
            let is_author = field.is("From");
            let is_same = match is_author {
                true => same_author(self.header, outer),
                false => outside == protected,
            };
            let state = match &written {
                _ if is_same => Outside::Same,
                // Nobody may have another author outside, not even the author.
                _ if is_author => Outside::Differs,
                Some(written) if *written == outside => Outside::AsWritten,
                None if self.may_be_obscured(&field) => Outside::AsWritten,
                _ if outside.is_empty() && !is_authors_own(&field) => Outside::LeftOut,
                _ => Outside::Differs,
            };
            ComparedField {
                name: field.name().to_owned(),
                state,
                protected,
                outside,
                written,
            }
        };
        let own = self.header.fields().filter(is_protected);
        let added = outer.fields().filter(is_authors_own);
        let mut seen = HashSet::new();
        own.chain(added)
            .filter(|field| seen.insert(field.lower_name()))
            .map(compare)
            .collect()
    }

    /// The names of the fields outside that are not compared, such as those of its way.
    pub fn unprotected(&self, outer: &HeaderFields) -> Vec<String> {
        let own: HashSet<String> = self.header.fields().map(|f| f.lower_name()).collect();
        let is_compared = |field: &HeaderField<'_>| {
            (is_protected(field) && own.contains(&field.lower_name())) || is_authors_own(field)
        };
        let mut seen = HashSet::new();
        outer
            .fields()
            .filter(|field| !is_mime_field(field) && !is_compared(field))
            .filter(|field| seen.insert(field.lower_name()))
            .map(|field| field.name().to_owned())
            .collect()
    }

    /// What the author wrote outside, by name, where the message tells and can be believed.
    fn written(&self) -> Option<HashMap<String, Vec<String>>> {
        // Whoever passes on what was encrypted could have the subject say what is written for eyes
        // outside.
        let tells = self.message == HeaderProtection::Cipher
            && self.scheme == Scheme::Hp(HeaderProtection::Cipher);
        tells.then(|| {
            let fields = self.header.all(HP_OUTER);
            let written = fields.map(|f| HeaderFields::new(f.unfolded().trim_ascii().to_vec()));
            let written: Vec<HeaderFields> = written.collect();
            values_by_name(written.iter().flat_map(HeaderFields::fields))
        })
    }

    /// Whether the older forms, which do not tell what was written outside, obscure a field.
    fn may_be_obscured(&self, field: &HeaderField<'_>) -> bool {
        matches!(self.scheme, Scheme::Wrapped | Scheme::ProtectedHeadersV1)
            && self.message == HeaderProtection::Cipher
            && field.is("Subject")
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

/// The values of all fields of that name.
fn values(header: &HeaderFields, name: &str) -> Vec<String> {
    header.all(name).map(|field| value(&field)).collect()
}

/// The values of fields by their names in lower case.
fn values_by_name<'h>(
    fields: impl Iterator<Item = HeaderField<'h>>,
) -> HashMap<String, Vec<String>> {
    let mut values = HashMap::<String, Vec<String>>::new();
    for field in fields {
        let same_name = values.entry(field.lower_name()).or_default();
        same_name.push(value(&field));
    }
    values
}

/// The value, decoded; white space counts as one space.
fn value(field: &HeaderField<'_>) -> String {
    let text = decode_text(&field.unfolded());
    text.split_whitespace().collect::<Vec<_>>().join(" ")
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::scan;
    use crate::source::Source;

    fn entity(text: &str) -> Entity {
        scan(&Source::from_bytes(text.as_bytes().to_vec()))
            .unwrap()
            .root
    }

    /// How each field compares, with the name of each.
    fn states(
        payload: &str,
        outer: &str,
        message: HeaderProtection,
    ) -> Option<Vec<(String, Outside)>> {
        let (payload, outer) = (entity(payload), HeaderFields::new(outer.into()));
        let header = ProtectedHeader::find(&payload, &outer, message)?;
        let compared = header.compared(&outer).into_iter();
        Some(compared.map(|field| (field.name, field.state)).collect())
    }

    #[test]
    fn each_field_is_compared_by_the_rules_of_its_form() {
        use HeaderProtection::{Cipher, Clear};
        use Outside::{AsWritten, Differs, LeftOut, Same};
        let fields = "From: A <a@example.com>\nSubject: secret\nX-Mailer: m\n";
        let told = "HP-Outer: From: b@example.com\nHP-Outer: Subject: [...]\n\
            HP-Outer: X-Mailer: m\n";
        let outer = "From: \"B\" <a@example.com>\nSubject: [...]\nCc: c@example.com\n";
        let other = outer.replace("a@", "b@");
        let hp = |word: &str| format!("{fields}{told}Content-Type: text/plain; hp={word}\n\nx");
        let v1 = format!("{fields}Content-Type: text/plain; protected-headers=v1\n\nx");
        let whole = format!("Content-Type: message/rfc822; forwarded=no\n\n{fields}\nx");
        let cases = [
            (hp("cipher"), outer, Cipher, [Same, AsWritten, LeftOut]),
            // What it tells of itself is believed only where it is encrypted, and so labeled.
            (hp("cipher"), outer, Clear, [Same, Differs, LeftOut]),
            (hp("clear"), outer, Cipher, [Same, Differs, LeftOut]),
            // An author outside is never another, whatever is told.
            (hp("cipher"), &other, Cipher, [Differs, AsWritten, LeftOut]),
            (v1.clone(), outer, Cipher, [Same, AsWritten, LeftOut]),
            (v1, outer, Clear, [Same, Differs, LeftOut]),
            (whole.clone(), outer, Cipher, [Same, AsWritten, LeftOut]),
            (whole, outer, Clear, [Same, Differs, LeftOut]),
        ];
        for (payload, outer, message, [from, subject, mailer]) in cases {
            let expected = [
                ("From".to_owned(), from),
                ("Subject".to_owned(), subject),
                ("X-Mailer".to_owned(), mailer),
                ("Cc".to_owned(), Differs),
            ];
            let found = states(&payload, outer, message).unwrap();
            assert_eq!(found, expected, "{payload} {message:?}");
        }
        assert_eq!(states(&hp("other"), outer, Cipher), None);
    }

    #[test]
    fn thousands_of_fields_are_each_read_once() {
        let fields = |template: &str| -> String {
            let field = |n: usize| template.replace('#', &n.to_string());
            (0..4000).map(field).collect()
        };
        let told = fields("X-#: y\nHP-Outer: X-#: z\n");
        let payload = format!("{told}Content-Type: text/plain; hp=cipher\n\nx");
        let outer = fields("X-#: z\nY-#: z\n");
        let (payload, outer) = (entity(&payload), HeaderFields::new(outer.into()));
        let header = ProtectedHeader::find(&payload, &outer, HeaderProtection::Cipher).unwrap();
        let compared = header.compared(&outer);
        assert_eq!(compared.len(), 4000);
        let states = compared.iter().map(|field| field.state);
        assert!(states.into_iter().all(|state| state == Outside::AsWritten));
        assert_eq!(header.unprotected(&outer).len(), 4000);
    }
}
