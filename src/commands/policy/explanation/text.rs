//! The explanation for people.

use super::{CertificateFacts, Explanation, RecipientRow};
use crate::commands::certificates::short;
use crate::policy::rule::Direction;
use crate::reason::Severity;
use crate::report::page::{Page, WIDTH};
use crate::report::text::{Detail, decisive};
use crate::report::{finding, layers};
use crate::stdio::{Style, Table, Text};
use crate::verdict::Outcome;

/// The columns of the names of facts about a recipient.
const NAMES: usize = 12;

/// Where such a fact begins.
const FACT: usize = 4 + NAMES + 1;

impl Explanation {
    /// The text for people.
    pub(in crate::commands::policy) fn render(&self, explain_all: bool, text: &mut Text) {
        let (style, word) = self.answer();
        text.styled(style, word).end();
        let mut page = Page::new(text);
        self.render_addresses(&mut page);
        if let Some(signer) = &self.signer {
            page.fact(0, "signer", &signer.describe());
            signer.render_passed_over(page.names + 1, &mut page);
        }
        for recipient in &self.recipients {
            let mut page = Page::with_names(page.text, NAMES);
            recipient.render(explain_all, self.direction, &mut page);
        }
        self.render_findings(explain_all, &mut page);
        if self.outcome() == Outcome::Rejected {
            let again = match self.verdict.resend_would_pass {
                Some(true) => "the same message would pass",
                _ => "the same message would be rejected again",
            };
            page.fact(0, "resent", again);
            let next = decisive(&self.verdict.findings).map(|decisive| decisive.hint());
            page.fact(0, "next step", next.unwrap_or_default());
        }
    }

    /// The message as it is seen from outside.
    fn render_addresses(&self, page: &mut Page<'_>) {
        let message = &self.verdict.message;
        let id = message.message_id.as_deref();
        page.fact(0, "message-id", id.unwrap_or_default());
        page.fact(0, "direction", self.direction.word());
        page.fact(0, "from", &message.header_from.join(", "));
        page.fact(0, "to", &message.header_to.join(", "));
        let sender = message.envelope_from.as_ref();
        let sender = sender.map(|sender| format!("from <{sender}>"));
        let recipients = match message.envelope_to.as_slice() {
            [] => None,
            recipients => Some(format!("to {}", recipients.join(", "))),
        };
        let envelope: Vec<String> = sender.into_iter().chain(recipients).collect();
        page.fact(0, "envelope", &envelope.join(" "));
    }

    fn answer(&self) -> (Style, &'static str) {
        match self.outcome() {
            Outcome::Rejected => (Style::Bad, "would be rejected"),
            Outcome::NotProcessed => (Style::Plain, "would be passed on as it is"),
            _ => (Style::Good, "would pass"),
        }
    }

    /// What was found in the message: its layers with the checks of each signer, and the findings.
    fn render_findings(&self, explain_all: bool, page: &mut Page<'_>) {
        let detail = match explain_all {
            true => Detail::Full,
            false => Detail::Brief,
        };
        for layer in &self.verdict.layers {
            layers::show(page, 0, layer, detail);
        }
        for one in finding::at_least(&self.verdict.findings, Severity::Info) {
            finding::show(page, 0, one, &finding::place(&one.place));
        }
    }
}

impl CertificateFacts {
    fn describe(&self) -> String {
        match (&self.chosen, &self.not_after) {
            (Some(sha256), Some(not_after)) => format!(
                "{}, {}, until {}",
                short(sha256),
                self.origin.unwrap_or_default(),
                not_after.to_local_text()
            ),
            _ => "no usable certificate".to_owned(),
        }
    }

    /// The certificates that are not used, with the reasons.
    fn render_passed_over(&self, indent: usize, page: &mut Page<'_>) {
        for (sha256, findings) in &self.passed_over {
            let why: Vec<String> = findings
                .iter()
                .map(|finding| format!("{} [{}]", finding.summary(), finding.reason))
                .collect();
            let line = format!("passed over {}: {}", short(sha256), why.join("; "));
            page.paragraph(indent, &line);
        }
    }
}

impl RecipientRow {
    fn render(&self, explain_all: bool, direction: Direction, page: &mut Page<'_>) {
        let style = match self.rejected {
            true => Style::Bad,
            false => Style::Good,
        };
        page.text
            .styled(Style::Head, format_args!("to {}", self.address))
            .add(": ")
            .styled(style, self.action.join(" and "))
            .end();
        page.fact(4, "rule", &self.rule);
        let mut trial = |line: usize, name: &str, how: &str| {
            page.paragraph(FACT, &format!("line {line}: `{name}` {how}"));
        };
        for tried in &self.trials {
            match tried.matched {
                true => trial(tried.line, &tried.name, &format!("matches: {}", tried.why)),
                false if explain_all => {
                    let how = format!("does not match: {}", tried.why);
                    trial(tried.line, &tried.name, &how);
                }
                false => {}
            }
        }
        for (name, line) in self.untried.iter().filter(|_| explain_all) {
            trial(*line, name, "is not tried: a rule before it matches");
        }
        if direction == Direction::Outbound {
            let certificate = self.certificate.describe();
            page.fact(4, "certificate", &certificate);
            self.certificate.render_passed_over(FACT, page);
        }
    }
}

/// One line for each of several messages.
pub(in crate::commands::policy) fn render_table(rows: &[(String, Explanation)], text: &mut Text) {
    let mut table = Table::with_headings(&["FILE", "ANSWER", "RULE", "ACTIONS", "WHY"]);
    for (name, explanation) in rows {
        let policy = explanation.verdict.policy.clone().unwrap_or_default();
        // The last of the greatest, so that the first one found is named.
        let findings = explanation.verdict.findings.iter().rev();
        let decisive = findings.max_by_key(|finding| finding.severity);
        table.row([
            name.as_str(),
            match explanation.outcome() {
                Outcome::Rejected => "reject",
                Outcome::NotProcessed => "as it is",
                _ => "pass",
            },
            &policy.rule,
            &policy.actions.join(", "),
            decisive.map_or("", |finding| finding.reason.code()),
        ]);
    }
    table.fit(2, WIDTH);
    table.add_to(text);
}
