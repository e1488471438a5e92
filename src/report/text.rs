//! The report for people.
//!
//! The first line is the answer. Then each layer and signer with its checks, then the findings,
//! each with its code, rule and facts, and last the one next step.

use crate::reason::{Reason, Severity};
use crate::report::layers::whose;
use crate::report::page::Page;
use crate::report::{Report, finding, layers};
use crate::stdio::{Style, Text};
use crate::verdict::{ExtractionOutcome, Finding, Layer, Outcome, Verdict};

/// How much to tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// The answer alone.
    Answer,
    /// The answer; all of it only if something is wrong.
    Brief,
    /// All of it.
    Full,
}

/// The columns of names of what the header and the envelope say.
const FIELD_NAMES: usize = 13;

/// Puts the report together, with or without color.
pub fn render(report: &Report<'_>, detail: Detail, color: bool) -> Text {
    let mut text = Text::new(color);
    let verdict = report.verdict;
    let bad = !matches!(report.outcome, Outcome::Accepted | Outcome::NotProcessed);
    answer(&mut text, report);
    if detail == Detail::Answer {
        return text;
    }
    if detail == Detail::Brief && !bad {
        // Mail files on Unix end their lines so; to say it every time would teach to overlook.
        let told = |finding: &&Finding| finding.reason != Reason::MailBareLineFeed;
        let worth_a_word = finding::at_least(&verdict.findings, Severity::Warning);
        for finding in worth_a_word.into_iter().filter(told) {
            tell(&mut text, report, Style::Odd, "warning", finding);
        }
        extracted(&mut text, verdict);
        return text;
    }
    message(&mut Page::with_names(&mut text, FIELD_NAMES), verdict);
    let mut page = Page::new(&mut text);
    for each in &verdict.layers {
        layers::show(&mut page, 2, each, detail);
    }
    for each in finding::at_least(&verdict.findings, Severity::Info) {
        finding::show(&mut page, 2, each, &finding::place(&each.place));
    }
    extracted(&mut text, verdict);
    policy(&mut text, verdict);
    if let Some(passes) = verdict.resend_would_pass {
        let passes = if passes { "yes" } else { "no" };
        text.line(format_args!(
            "  the same message sent again would pass: {passes}"
        ));
    }
    if let Some(decisive) = decisive(&verdict.findings).filter(|_| bad) {
        text.add("smime: ").styled(Style::Head, "hint").add(": ");
        text.line(decisive.hint());
    }
    text
}

/// The finding that the answer names: the first that rejects, in the order they were made.
pub fn decisive(findings: &[Finding]) -> Option<&Finding> {
    let mut findings = findings.iter();
    findings.find(|finding| finding.severity == Severity::Reject)
}

fn tell(text: &mut Text, report: &Report<'_>, style: Style, word: &str, finding: &Finding) {
    text.add("smime: ").styled(style, word).add(": ");
    name(text, report);
    text.line(format_args!("{} [{}]", finding.summary(), finding.reason));
}

/// The name of the file, where there are several.
fn name(text: &mut Text, report: &Report<'_>) {
    if let Some(file) = report.file {
        text.add(file).add(": ");
    }
}

fn answer(text: &mut Text, report: &Report<'_>) {
    let verdict = report.verdict;
    match (report.outcome, decisive(&verdict.findings)) {
        (Outcome::Rejected, Some(decisive)) => tell(text, report, Style::Bad, "rejected", decisive),
        (Outcome::NotProcessed, decisive) => {
            let first = decisive.or(verdict.findings.first());
            match first {
                Some(finding) => tell(text, report, Style::Odd, "not processed", finding),
                None => {
                    text.line("smime: not processed");
                }
            }
        }
        (Outcome::Error, _) => {
            let summary = report
                .error
                .map(|error| error.summary())
                .unwrap_or_default();
            text.add("smime: ")
                .styled(Style::Bad, "error")
                .add(": ")
                .line(summary);
        }
        (Outcome::Accepted | Outcome::Rejected, _) => {
            text.add("smime: ")
                .styled(Style::Good, report.outcome.as_str());
            text.add(":");
            if let Some(file) = report.file {
                text.add(" ").add(file).add(":");
            }
            for (index, layer) in verdict.layers.iter().enumerate() {
                text.add(if index == 0 { " " } else { ", inside it " })
                    .add(headline(layer));
            }
            if verdict.layers.is_empty() {
                text.add(" nothing speaks against it");
            }
            text.end();
        }
    }
}

fn headline(layer: &Layer) -> String {
    let mut line = layer.kind.as_str().to_owned();
    let by: Vec<String> = layer.signers.iter().map(whose).collect();
    if !by.is_empty() {
        line.push_str(&format!(" by {}", by.join(" and ")));
    }
    if let Some(cipher) = &layer.content_cipher {
        line.push_str(&format!(" with {cipher}"));
    }
    line
}

fn message(page: &mut Page<'_>, verdict: &Verdict) {
    let facts = &verdict.message;
    let mut row = |name: &str, value: &str| page.fact(2, name, value);
    row(
        "message-id",
        facts.message_id.as_deref().unwrap_or_default(),
    );
    let date = facts.date.map(|date| date.to_local_text());
    row("date", &date.unwrap_or_default());
    row("subject", facts.subject.as_deref().unwrap_or_default());
    row("from", &facts.header_from.join(", "));
    row("to", &facts.header_to.join(", "));
    match facts.envelope_from.as_deref() {
        Some("") => row("envelope-from", "<>"),
        from => row("envelope-from", from.unwrap_or_default()),
    }
    row("envelope-to", &facts.envelope_to.join(", "));
}

fn extracted(text: &mut Text, verdict: &Verdict) {
    for each in &verdict.extracted {
        let outcome = match each.outcome {
            ExtractionOutcome::Stored => "stored",
            ExtractionOutcome::Known => continue,
            ExtractionOutcome::Held => "held for approval",
            ExtractionOutcome::Refused => "not stored",
        };
        let code = match each.code.as_str() {
            "" => String::new(),
            code => format!(" [{code}]"),
        };
        let sha256 = each.sha256.get(..16).unwrap_or(&each.sha256);
        let address = &each.address;
        text.line(format_args!(
            "smime: certificate {sha256} of {address}: {outcome}{code}"
        ));
    }
}

fn policy(text: &mut Text, verdict: &Verdict) {
    if let Some(policy) = &verdict.policy {
        let actions = match policy.actions.as_slice() {
            [] => "nothing".to_owned(),
            actions => actions.join(", "),
        };
        text.line(format_args!("  rule `{}`: {actions}", policy.rule));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples;

    #[test]
    fn the_answer_comes_first_and_the_next_step_last() {
        let verdict = samples::verdict();
        let text = render(&Report::of("verify", &verdict), Detail::Brief, false);
        let lines: Vec<&str> = text.as_str().lines().collect();
        assert_eq!(
            lines[0],
            "smime: rejected: the From address is not among the addresses of the signer's \
             certificate [smime.from-mismatch]"
        );
        let checks = lines.iter().position(|line| {
            *line == "      checks     integrity pass, signature pass, path pass, validity pass"
        });
        assert_eq!(
            lines[checks.unwrap() + 1],
            "                 revocation not-checked, identity fail, pinning not-checked"
        );
        assert!(lines.contains(&"  reject smime.from-mismatch at layer 0, signer 0"));
        assert!(lines.contains(&"    from: user@example.com"));
        assert!(lines.contains(&"      subject    CN=Other\\u{202e}"));
        assert!(lines[lines.len() - 1].starts_with("smime: hint: Compare the addresses"));
    }

    #[test]
    fn good_news_is_brief() {
        let mut verdict = samples::verdict();
        verdict.findings.pop();
        let lines = |verdict: &Verdict| -> Vec<String> {
            let text = render(&Report::of("verify", verdict), Detail::Brief, false);
            text.as_str().lines().map(str::to_owned).collect()
        };
        // The only warning is about line ends, which is not told of accepted mail.
        assert!(verdict.has(Reason::MailBareLineFeed));
        assert_eq!(
            lines(&verdict),
            ["smime: accepted: signed by other@example.com"]
        );
        verdict
            .findings
            .push(Finding::new(Reason::SmimeSenderDiffers));
        assert!(lines(&verdict)[1].starts_with("smime: warning: "));
        assert_eq!(lines(&verdict).len(), 2);
    }
}
