//! The report for people.
//!
//! The first line is the answer. Then each layer and signer with its checks, then the findings,
//! each with its code, rule and facts, and last the one next step.

use crate::reason::{Reason, Severity};
use crate::report::Report;
use crate::stdio::{Style, Text};
use crate::verdict::{
    Check, ExtractionOutcome, Finding, Form, Layer, Outcome, Recipient, Signer, Verdict,
};

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

/// The columns of wrapped text.
const WIDTH: usize = 96;

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
        for finding in at_least(verdict, Severity::Warning).filter(told) {
            tell(&mut text, report, Style::Odd, "warning", finding);
        }
        extracted(&mut text, verdict);
        return text;
    }
    message(&mut text, verdict);
    for each in &verdict.layers {
        layer(&mut text, each, detail);
    }
    for each in at_least(verdict, Severity::Info) {
        finding(&mut text, each);
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

fn at_least(verdict: &Verdict, least: Severity) -> impl Iterator<Item = &Finding> {
    let mut findings: Vec<&Finding> = verdict.findings.iter().collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    findings
        .into_iter()
        .filter(move |finding| finding.severity >= least)
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

/// Whom a signer's certificate names.
pub fn whose(signer: &Signer) -> String {
    match (signer.addresses.as_slice(), signer.subject.as_str()) {
        ([], "") => format!("the holder of certificate {}", signer.serial),
        ([], subject) => subject.to_owned(),
        (addresses, _) => addresses.join(", "),
    }
}

fn message(text: &mut Text, verdict: &Verdict) {
    let facts = &verdict.message;
    let mut row = |name: &str, value: &str| {
        if !value.is_empty() {
            text.line(format_args!("  {name:13} {value}"));
        }
    };
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

fn layer(text: &mut Text, layer: &Layer, detail: Detail) {
    let form = match layer.form {
        Form::Clear => "clear",
        Form::Opaque => "opaque",
    };
    let kind = layer.kind.as_str();
    text.add("  ")
        .styled(Style::Head, format_args!("layer {}", layer.index));
    text.add(format_args!(": {kind}, {form}"));
    if let Some(cipher) = &layer.content_cipher {
        text.add(format_args!(", {cipher}"));
    }
    text.end();
    for each in &layer.signers {
        signer(text, each, detail);
    }
    for (index, each) in layer.recipients.iter().enumerate() {
        recipient(text, index, each);
    }
}

fn signer(text: &mut Text, signer: &Signer, detail: Detail) {
    let style = match signer.verdict {
        Outcome::Accepted => Style::Good,
        _ => Style::Bad,
    };
    text.add(format_args!(
        "    signer {}: {}: ",
        signer.index,
        whose(signer)
    ));
    text.styled(style, signer.verdict.as_str()).end();
    let mut row = |name: &str, value: &str| {
        if !value.is_empty() {
            text.line(format_args!("      {name:12} {value}"));
        }
    };
    row("subject", &signer.subject);
    row("issuer", &signer.issuer);
    row("serial", &signer.serial);
    row("sha256", &signer.sha256);
    if let (Some(start), Some(end)) = (signer.not_before, signer.not_after) {
        let (start, end) = (start.to_local_text(), end.to_local_text());
        row("valid", &format!("{start} to {end}"));
    }
    if let Some(time) = signer.signing_time {
        row(
            "signing time",
            &format!("{} (claimed)", time.to_local_text()),
        );
    }
    row(
        "algorithms",
        &format!("{}, digest {}", signer.signature, signer.digest),
    );
    let path: Vec<&str> = signer
        .path
        .iter()
        .map(|step| step.subject.as_str())
        .collect();
    row("path", &path.join(" < "));
    if detail == Detail::Full {
        signer.tried.iter().for_each(|tried| row("tried", tried));
    }
    text.add("      checks      ");
    for (name, check) in signer.checks.iter() {
        let style = match check {
            Check::Pass => Style::Good,
            Check::Fail => Style::Bad,
            Check::NotChecked => Style::Plain,
        };
        text.add(format_args!(" {name} "))
            .styled(style, check.as_str());
    }
    text.end();
}

fn recipient(text: &mut Text, index: usize, recipient: &Recipient) {
    let held = if recipient.held {
        "held here"
    } else {
        "not held here"
    };
    let whom = whom(recipient);
    let algorithm = &recipient.algorithm;
    text.line(format_args!(
        "    recipient {index}: {whom}, {algorithm}, {held}"
    ));
}

/// How a recipient is named.
pub fn whom(recipient: &Recipient) -> String {
    match (
        &recipient.issuer,
        &recipient.serial,
        &recipient.key_identifier,
    ) {
        (Some(issuer), Some(serial), _) => format!("serial {serial} of {issuer}"),
        (_, _, Some(identifier)) => format!("key {identifier}"),
        _ => "not named".to_owned(),
    }
}

/// Tells a finding with its place, rule, facts and what to do.
pub fn finding(text: &mut Text, finding: &Finding) {
    let style = match finding.severity {
        Severity::Reject => Style::Bad,
        Severity::Warning => Style::Odd,
        Severity::Info => Style::Plain,
    };
    text.add("  ").styled(style, finding.severity);
    text.line(format_args!(" {}{}", finding.reason, place(finding)));
    let rule = finding.reason.entry().clause;
    text.paragraph(4, WIDTH, &format!("{} ({rule})", finding.summary()));
    for (key, value) in &finding.detail {
        text.line(format_args!("    {key}: {value}"));
    }
    if finding.severity > Severity::Info {
        text.paragraph(4, WIDTH, &format!("what to do: {}", finding.hint()));
    }
}

fn place(finding: &Finding) -> String {
    let place = &finding.place;
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
        assert!(lines.contains(
            &"      checks       integrity pass signature pass path pass validity pass \
             revocation not-checked identity fail pinning not-checked"
        ));
        assert!(lines.contains(&"  reject smime.from-mismatch at layer 0, signer 0"));
        assert!(lines.contains(&"    from: user@example.com"));
        assert!(lines.contains(&"      subject      CN=Other\\u{202e}"));
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
