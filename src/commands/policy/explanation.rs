//! The answer of `policy check`, for people and as a document.

mod certificate_facts;
mod text;

use serde::Serialize;

pub(super) use certificate_facts::CertificateFacts;
pub(super) use text::render_table;

use crate::commands::Context;
use crate::policy::decision::Selection;
use crate::policy::rule::Direction;
use crate::report::{Report, json};
use crate::verdict::{Finding, Outcome, PolicyFacts, Verdict};

/// What would happen to a message.
pub(super) struct Explanation {
    pub(super) direction: Direction,
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
    /// Name and line of the rules behind the one that matched.
    #[serde(skip)]
    pub(super) untried: Vec<(String, usize)>,
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

/// Name and line of the rules that were not tried.
pub(super) fn untried(selection: &Selection<'_>) -> Vec<(String, usize)> {
    let rules = selection.untried.iter();
    rules.map(|rule| (rule.name.clone(), rule.line)).collect()
}

/// The codes of findings.
pub(super) fn codes(findings: &[Finding]) -> Vec<&'static str> {
    let codes = findings.iter().map(|finding| finding.reason.code());
    codes.collect()
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

    /// The report, for people and programs.
    pub(super) fn report<'a>(&'a self, context: &'a Context) -> Report<'a> {
        Report {
            outcome: self.outcome(),
            ..Report::of(context.command(), &self.verdict).about(context.file_name())
        }
    }

    /// The document: the report, with a row for each recipient.
    pub(super) fn document<'a>(&'a self, context: &'a Context) -> impl Serialize + 'a {
        #[derive(Serialize)]
        struct Document<'a, R: Serialize> {
            #[serde(flatten)]
            report: R,
            direction: &'static str,
            signer: Option<&'a CertificateFacts>,
            recipients: &'a [RecipientRow],
        }
        let report = self.report(context);
        Document {
            report: json::document(&report),
            direction: self.direction.word(),
            signer: self.signer.as_ref(),
            recipients: &self.recipients,
        }
    }
}
