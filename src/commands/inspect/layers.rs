//! Signers and recipients with the findings about them.

use crate::report::layers::{recipient, signer};
use crate::report::page::Page;
use crate::report::text::Detail;
use crate::verdict::Layer;

use super::findings::Findings;

/// The signers and recipients of a layer, with the findings about each signer. `part` is that of a
/// layer beside those of the message.
pub(super) fn show(
    page: &mut Page<'_>,
    layer: &Layer,
    part: Option<&str>,
    findings: &mut Findings<'_>,
    detail: Detail,
) {
    for each in &layer.signers {
        signer(page, 2, each, detail);
        page.fact(4, "reads", &each.capabilities.join(", "));
        findings.show(page, 4, |place| {
            place.signer == Some(each.index)
                && place.part.as_deref() == part
                && (part.is_some() || place.layer == Some(layer.index))
        });
    }
    for (index, each) in layer.recipients.iter().enumerate() {
        recipient(page, 2, index, each);
    }
}
