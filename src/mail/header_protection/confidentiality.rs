//! What fields of an encrypted message say outside: the baseline confidentiality policy (RFC 9788
//! section 3.2.1).
//!
//! The policy hides what only the readers need, and nothing that the delivery depends on.

use std::borrow::Cow;

use crate::mail::HeaderField;

/// What stands outside in place of the subject.
pub(super) const OBSCURED: &str = "[...]";

/// The whole field as it stands outside; `None` if it is left out there.
pub(crate) fn outside<'a>(field: &HeaderField<'a>) -> Option<Cow<'a, [u8]>> {
    if field.is("Subject") {
        let obscured = format!("{}: {OBSCURED}\r\n", field.name());
        return Some(Cow::Owned(obscured.into_bytes()));
    }
    let hidden = field.is("Keywords") || field.is("Comments");
    (!hidden).then(|| field.current())
}

/// Whether a field says outside what it says inside.
pub(super) fn is_shown_outside(field: &HeaderField<'_>) -> bool {
    outside(field).is_some_and(|outside| outside == field.current())
}
