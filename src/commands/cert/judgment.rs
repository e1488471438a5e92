//! What `smime cert check` found out about a certificate: its document, and its page.

use serde::Serialize;

use crate::commands::certificate_checks::CertificateChecks;
use crate::commands::certificates::{FACT_NAMES, Row};
use crate::pki::{Certificate, PathReport};
use crate::reason::Severity;
use crate::report::json::FORMAT;
use crate::report::page::Page;
use crate::report::{finding, layers};
use crate::stdio::{Style, Text};
use crate::time::Time;
use crate::verdict::{Finding, Outcome, PathStep, rejects};

#[derive(Serialize)]
pub(super) struct Judgment {
    format: u32,
    command: &'static str,
    verdict: Outcome,
    certificate: Row,
    checks: CertificateChecks,
    path: Vec<PathStep>,
    pub(super) findings: Vec<Finding>,
    #[serde(skip)]
    tried: Vec<String>,
}

impl Judgment {
    /// Of the path, and with the findings about the path among all.
    pub(super) fn new(
        command: &'static str,
        certificate: &Certificate,
        report: PathReport,
        findings: Vec<Finding>,
    ) -> Judgment {
        Judgment {
            format: FORMAT,
            command,
            verdict: match rejects(&findings) {
                true => Outcome::Rejected,
                false => Outcome::Accepted,
            },
            certificate: Row::from(certificate),
            checks: CertificateChecks::from(&report),
            path: report.steps(),
            findings,
            tried: report.tried,
        }
    }

    /// The answer, the facts, the checks, and the findings.
    pub(super) fn describe(&self, is_verbose: bool, now: Time, text: &mut Text) {
        let (style, answer) = match self.verdict {
            Outcome::Accepted => (Style::Good, "would be accepted"),
            _ => (Style::Bad, "would be rejected"),
        };
        text.styled(style, answer).end();
        self.certificate.describe(now, text);
        let mut page = Page::with_names(text, FACT_NAMES);
        layers::path(&mut page, 0, &self.path);
        if is_verbose {
            for tried in &self.tried {
                page.fact(0, "tried", tried);
            }
        }
        layers::checks(&mut page, 0, self.checks.iter());
        for one in finding::at_least(&self.findings, Severity::Info) {
            finding::show(&mut page, 0, one, &finding::place(&one.place));
        }
    }
}
