//! The explanation for people.

use super::{CertificateFacts, Explanation, RecipientRow};
use crate::policy::rule::Direction;
use crate::reason::Severity;
use crate::report::page::Page;
use crate::report::text::Detail;
use crate::report::{finding, layers};
use crate::stdio::{Style, Table, Text};
use crate::verdict::Outcome;

impl Explanation {
    /// The text for people.
    pub(in crate::commands::policy) fn render(&self, explain_all: bool, text: &mut Text) {
        let (style, word) = self.answer();
        text.styled(style, word).end();
        let message = &self.verdict.message;
        text.line(format_args!("direction  {}", self.direction.word()));
        text.line(format_args!(
            "from       {}",
            message.header_from.join(", ")
        ));
        if let Some(envelope) = &message.envelope_from {
            text.line(format_args!("envelope   <{envelope}>"));
        }
        if let Some(signer) = &self.signer {
            text.line(format_args!("signer     {}", signer.describe()));
        }
        for recipient in &self.recipients {
            recipient.render(explain_all, self.direction, text);
        }
        self.render_message(explain_all, text);
        if let Some(passes) = self.verdict.resend_would_pass {
            let answer = if passes {
                "would pass"
            } else {
                "would not pass"
            };
            text.line(format_args!(
                "if the same message is sent again, it {answer}"
            ));
        }
    }

    fn answer(&self) -> (Style, &'static str) {
        match self.outcome() {
            Outcome::Rejected => (Style::Bad, "would be rejected"),
            Outcome::NotProcessed => (Style::Plain, "would be passed on as it is"),
            _ => (Style::Good, "would pass"),
        }
    }

    /// What was found in the message: its layers with the checks of each signer, and the findings.
    fn render_message(&self, explain_all: bool, text: &mut Text) {
        let mut page = Page::new(text);
        let detail = match explain_all {
            true => Detail::Full,
            false => Detail::Brief,
        };
        for layer in &self.verdict.layers {
            layers::show(&mut page, 0, layer, detail);
        }
        for one in finding::at_least(&self.verdict.findings, Severity::Info) {
            finding::show(&mut page, 0, one, &finding::place(&one.place));
        }
    }
}

impl CertificateFacts {
    fn describe(&self) -> String {
        match (&self.chosen, &self.not_after) {
            (Some(sha256), Some(not_after)) => format!(
                "{}, {}, until {}",
                &sha256[..16.min(sha256.len())],
                self.origin.unwrap_or_default(),
                not_after.to_local_text()
            ),
            _ => "no usable certificate".to_owned(),
        }
    }
}

impl RecipientRow {
    fn render(&self, explain_all: bool, direction: Direction, text: &mut Text) {
        let style = if self.rejected {
            Style::Bad
        } else {
            Style::Good
        };
        text.styled(Style::Head, format_args!("to {}", self.address))
            .add(": ");
        text.styled(style, self.action.join(" and ")).end();
        text.line(format_args!("    rule         {}", self.rule));
        let shown = self
            .trials
            .iter()
            .filter(|trial| explain_all || trial.matched);
        for trial in shown {
            let word = if trial.matched {
                "matches"
            } else {
                "does not match"
            };
            let line = format!(
                "line {}: `{}` {word}: {}",
                trial.line, trial.name, trial.why
            );
            text.paragraph(17, 80, &line);
        }
        if direction == Direction::Outbound {
            text.line(format_args!(
                "    certificate  {}",
                self.certificate.describe()
            ));
            for (sha256, codes) in &self.certificate.passed_over {
                let short = &sha256[..16.min(sha256.len())];
                text.paragraph(
                    17,
                    80,
                    &format!("passed over {short}: {}", codes.join(", ")),
                );
            }
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
            explanation.answer().1,
            &policy.rule,
            &policy.actions.join(", "),
            decisive.map_or("", |finding| finding.reason.code()),
        ]);
    }
    table.add_to(text);
}
