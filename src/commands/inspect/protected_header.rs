//! The header fields that a message protects, beside what stands outside (RFC 9788).

use serde::Serialize;

use crate::mail::header_protection::{ComparedField, HeaderProtection, Outside, Scheme};
use crate::report::page::Page;
use crate::smime::inspection::{Inspection, ProtectedHeaderFacts};
use crate::verdict::Outcome;

/// Characters of a value that are shown to people.
const SHOWN: usize = 240;

/// The protected header in the document.
#[derive(Serialize)]
pub(super) struct ProtectedHeaderKeys<'a> {
    part: &'a str,
    scheme: &'static str,
    fields: Vec<FieldKeys<'a>>,
    unprotected: &'a [String],
}

#[derive(Serialize)]
struct FieldKeys<'a> {
    name: &'a str,
    outside_is: &'static str,
    protected: &'a [String],
    outside: &'a [String],
    written_outside: Option<&'a [String]>,
}

impl<'a> From<&'a ProtectedHeaderFacts> for ProtectedHeaderKeys<'a> {
    fn from(facts: &'a ProtectedHeaderFacts) -> ProtectedHeaderKeys<'a> {
        let fields = facts.fields.iter().map(|field| FieldKeys {
            name: &field.name,
            outside_is: match field.state {
                Outside::Same => "same",
                Outside::AsWritten => "as-written",
                Outside::LeftOut => "left-out",
                Outside::Differs => "different",
            },
            protected: &field.protected,
            outside: &field.outside,
            written_outside: field.written.as_deref(),
        });
        ProtectedHeaderKeys {
            part: &facts.part,
            scheme: match facts.scheme {
                Scheme::Hp(HeaderProtection::Clear) => "hp-clear",
                Scheme::Hp(HeaderProtection::Cipher) => "hp-cipher",
                Scheme::Wrapped => "message-rfc822",
                Scheme::ProtectedHeadersV1 => "protected-headers-v1",
            },
            fields: fields.collect(),
            unprotected: &facts.unprotected,
        }
    }
}

/// Shows the protected header, if there is one.
pub(super) fn show(page: &mut Page<'_>, inspection: &Inspection) {
    let Some(facts) = &inspection.protected_header else {
        return;
    };
    let rules = match facts.scheme {
        Scheme::Hp(protection) => format!("hp={} (RFC 9788)", protection.word()),
        Scheme::Wrapped => "a whole message inside (RFC 8551 section 3.1)".to_owned(),
        Scheme::ProtectedHeadersV1 => "protected-headers=v1 (an older draft)".to_owned(),
    };
    let about = format!(": part {}, {rules}", facts.part);
    page.section("protected header", about);
    if inspection.verify != Some(Outcome::Accepted) {
        page.paragraph(
            2,
            "Nobody vouches for these fields, because the message is not accepted.",
        );
    }
    for field in &facts.fields {
        page.fact(2, &field.name, &shortened(&field.protected));
        outside(page, field);
    }
    let unprotected = facts.unprotected.join(", ");
    if !unprotected.is_empty() {
        page.hanging("  not protected: ", 4, &unprotected);
    }
}

/// What stands outside in the place of a field, where it is not the same.
fn outside(page: &mut Page<'_>, field: &ComparedField) {
    let list = |values: &[String]| match values {
        [] => "nothing".to_owned(),
        values => shortened(values),
    };
    let outside = list(&field.outside);
    let told = match (field.state, &field.written) {
        (Outside::Same, _) => return,
        (Outside::AsWritten, _) => format!("outside: {outside} (as its author wrote it)"),
        (Outside::LeftOut, _) => format!("outside: {outside}"),
        (Outside::Differs, None) => format!("outside: {outside} (different)"),
        (Outside::Differs, Some(written)) => {
            let written = list(written);
            format!("outside: {outside} (different; its author wrote: {written})")
        }
    };
    // A field that only stands outside has no line of its own yet.
    let name = match field.protected.is_empty() {
        true => field.name.as_str(),
        false => "",
    };
    page.fact(2, name, &told);
}

/// The values of a field, cut where they are longer than people read.
fn shortened(values: &[String]) -> String {
    let text = values.join(" | ");
    let count = text.chars().count();
    if count <= SHOWN {
        return text;
    }
    let start: String = text.chars().take(SHOWN).collect();
    format!("{start}... ({count} characters)")
}
