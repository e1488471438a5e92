//! The answer of `policy check`, for people and as a document.

use serde::Serialize;

use crate::policy::decision::Selection;
use crate::policy::rule::Direction;
use crate::reason::Severity;
use crate::report::{Report, json};
use crate::stdio::{Style, Table, Text};
use crate::time::Time;
use crate::verdict::{Finding, Outcome, PolicyFacts, Verdict};

/// What would happen to a message.
pub(super) struct Explanation {
    direction: Direction,
    pub(super) verdict: Verdict,
    /// The certificate of the sender, for outbound mail.
    pub(super) signer: Option<CertificateFacts>,
    pub(super) recipients: Vec<RecipientRow>,
}

/// What would happen to the copy of one recipient.
#[derive(Serialize)]
pub(super) struct RecipientRow {
    pub(super) address: String,
    pub(super) rule: String,
    #[serde(rename = "rules_tried")]
    pub(super) trials: Vec<RuleRow>,
    #[serde(rename = "actions")]
    pub(super) action: Vec<String>,
    pub(super) rejected: bool,
    pub(super) certificate: CertificateFacts,
    pub(super) findings: Vec<Finding>,
}

/// A rule that was tried.
#[derive(Serialize)]
pub(super) struct RuleRow {
    name: String,
    line: usize,
    matched: bool,
    why: String,
}

impl RuleRow {
    pub(super) fn of(selection: &Selection<'_>) -> Vec<RuleRow> {
        let trials = selection.trials.iter();
        trials
            .map(|(rule, trial)| RuleRow {
                name: rule.name.clone(),
                line: rule.line,
                matched: trial.matched,
                why: trial.why.clone(),
            })
            .collect()
    }
}

/// The certificate that would be used, and those passed over with the codes of the reasons.
#[derive(Default, Serialize)]
pub(super) struct CertificateFacts {
    #[serde(rename = "sha256")]
    pub(super) chosen: Option<String>,
    pub(super) not_after: Option<Time>,
    pub(super) origin: Option<&'static str>,
    #[serde(serialize_with = "passed_over")]
    pub(super) passed_over: Vec<(String, Vec<&'static str>)>,
}

fn passed_over<S: serde::Serializer>(
    rows: &[(String, Vec<&'static str>)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Row<'a> {
        sha256: &'a str,
        codes: &'a [&'static str],
    }
    serializer.collect_seq(rows.iter().map(|(sha256, codes)| Row { sha256, codes }))
}

impl Explanation {
    pub(super) fn new(direction: Direction, verdict: Verdict) -> Explanation {
        Explanation {
            direction,
            verdict,
            signer: None,
            recipients: Vec::new(),
        }
    }

    /// Rejected if any recipient's copy is; not processed if every copy goes on as it came.
    pub(super) fn outcome(&self) -> Outcome {
        if self.recipients.iter().any(|recipient| recipient.rejected) {
            return Outcome::Rejected;
        }
        match self
            .recipients
            .iter()
            .all(|recipient| recipient.action == ["pass"])
        {
            true => Outcome::NotProcessed,
            false => Outcome::Accepted,
        }
    }

    /// Puts the findings, rules and actions of all recipients into the verdict, each once.
    pub(super) fn summarize(&mut self) {
        let mut policy = PolicyFacts::default();
        let mut rules: Vec<&str> = Vec::new();
        for recipient in &self.recipients {
            for finding in &recipient.findings {
                if !self.verdict.findings.contains(finding) {
                    self.verdict.findings.push(finding.clone());
                }
            }
            if !rules.contains(&recipient.rule.as_str()) {
                rules.push(&recipient.rule);
            }
            for action in &recipient.action {
                if !policy.actions.contains(action) {
                    policy.actions.push(action.clone());
                }
            }
        }
        policy.rule = rules.join(", ");
        self.verdict.policy = Some(policy);
    }

    /// The document: the report, with a row for each recipient.
    pub(super) fn document<'a>(&'a self, command: &'a str) -> impl Serialize + 'a {
        #[derive(Serialize)]
        struct Document<'a, R: Serialize> {
            #[serde(flatten)]
            report: R,
            direction: &'static str,
            signer: Option<&'a CertificateFacts>,
            recipients: &'a [RecipientRow],
        }
        let report = Report {
            outcome: self.outcome(),
            ..Report::of(command, &self.verdict)
        };
        Document {
            report: json::document(&report),
            direction: self.direction.word(),
            signer: self.signer.as_ref(),
            recipients: &self.recipients,
        }
    }

    /// The text for people.
    pub(super) fn render(&self, explain_all: bool, text: &mut Text) {
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
        self.render_findings(text);
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

    fn render_findings(&self, text: &mut Text) {
        for finding in &self.verdict.findings {
            let style = match finding.severity {
                Severity::Reject => Style::Bad,
                Severity::Warning => Style::Odd,
                Severity::Info => Style::Plain,
            };
            text.styled(style, finding.severity)
                .add(": ")
                .add(finding.summary());
            text.line(format_args!(" [{}]", finding.reason));
            for (name, value) in &finding.detail {
                text.paragraph(4, 80, &format!("{name}: {value}"));
            }
            if finding.severity > Severity::Info {
                text.paragraph(4, 80, finding.hint());
            }
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
pub(super) fn render_table(rows: &[(String, Explanation)], text: &mut Text) {
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
