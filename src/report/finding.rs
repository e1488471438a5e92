//! A finding for people: its code, rule, facts and what to do.

use crate::reason::Severity;
use crate::report::page::Page;
use crate::stdio::Style;
use crate::verdict::{Finding, Place};

/// How a severity looks.
pub fn style(severity: Severity) -> Style {
    match severity {
        Severity::Reject => Style::Bad,
        Severity::Warning => Style::Odd,
        Severity::Info => Style::Plain,
    }
}

/// Shows a finding; `place` is told behind its code.
pub fn show(page: &mut Page<'_>, indent: usize, finding: &Finding, place: &str) {
    page.text
        .add(format_args!("{:indent$}", ""))
        .styled(style(finding.severity), finding.severity)
        .line(format_args!(" {}{place}", finding.reason));
    let (indent, clause) = (indent + 2, finding.reason.entry().clause);
    page.paragraph(indent, &format!("{} ({clause})", finding.summary()));
    for (key, value) in &finding.detail {
        page.hanging(&format!("{:indent$}{key}: ", ""), indent + 2, value);
    }
    if finding.severity > Severity::Info {
        page.paragraph(indent, &format!("what to do: {}", finding.hint()));
    }
}

/// Findings that weigh at least so much, the heaviest first.
pub fn at_least(findings: &[Finding], least: Severity) -> Vec<&Finding> {
    let mut found: Vec<&Finding> = findings.iter().collect();
    found.retain(|finding| finding.severity >= least);
    found.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    found
}

/// Where a finding belongs, in words to put behind its code.
pub fn place(place: &Place) -> String {
    let mut parts = Vec::new();
    let mut push = |name: &str, index: Option<usize>| {
        parts.extend(index.map(|index| format!("{name} {index}")));
    };
    push("layer", place.layer);
    push("signer", place.signer);
    push("recipient", place.recipient);
    push("certificate", place.certificate);
    parts.extend(place.part.as_ref().map(|part| format!("part {part}")));
    match parts.is_empty() {
        true => String::new(),
        false => format!(" at {}", parts.join(", ")),
    }
}
