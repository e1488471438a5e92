//! Findings at their place.

use crate::reason::Severity;
use crate::stdio::Style;
use crate::verdict::{Finding, Place};

use super::page::Page;

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

/// Shows a finding with its rule, facts and what to do.
pub(super) fn show(page: &mut Page<'_>, indent: usize, finding: &Finding) {
    let style = match finding.severity {
        Severity::Reject => Style::Bad,
        Severity::Warning => Style::Odd,
        Severity::Info => Style::Plain,
    };
    page.text.add(format_args!("{:indent$}", ""));
    page.text.styled(style, finding.severity);
    page.text
        .line(format_args!(" {}{}", finding.reason, depth(&finding.place)));
    let (indent, clause) = (indent + 2, finding.reason.entry().clause);
    page.paragraph(indent, &format!("{} ({clause})", finding.summary()));
    for (key, value) in &finding.detail {
        page.hanging(&format!("{:indent$}{key}: ", ""), indent + 2, value);
    }
    if finding.severity > Severity::Info {
        page.paragraph(indent, &format!("what to do: {}", finding.hint()));
    }
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
