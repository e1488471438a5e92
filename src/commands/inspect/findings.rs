//! Findings at their place.

use crate::report::finding;
use crate::report::page::Page;
use crate::verdict::{Finding, Place};

/// Findings that were not shown yet.
pub(super) struct Findings<'a> {
    waiting: Vec<&'a Finding>,
}

impl<'a> Findings<'a> {
    pub(super) fn new(findings: &'a [Finding]) -> Findings<'a> {
        Findings {
            waiting: findings.iter().collect(),
        }
    }

    /// Shows the findings whose place fits.
    pub(super) fn show(&mut self, page: &mut Page<'_>, indent: usize, at: impl Fn(&Place) -> bool) {
        self.waiting.retain(|finding| {
            let fits = at(&finding.place);
            if fits {
                show(page, indent, finding);
            }
            !fits
        });
    }

    /// Whether none is left.
    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }
}

/// Shows one that stands below what it is about.
pub(super) fn show(page: &mut Page<'_>, indent: usize, one: &Finding) {
    finding::show(page, indent, one, &depth(&one.place));
}

/// Where in a certification path or among recipients it belongs; the rest is seen from what stands
/// above it.
fn depth(place: &Place) -> String {
    let recipient = place
        .recipient
        .map(|index| format!(" at recipient {index}"));
    let certificate = place.certificate.map(|depth| match depth {
        0 => " at its certificate".to_owned(),
        depth => format!(" at certificate {depth} of the path"),
    });
    recipient.into_iter().chain(certificate).collect()
}
