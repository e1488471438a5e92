//! The report of a command: one document for programs, one text for people.
//!
//! Both are made of the same [`Report`] and say the same. What is decided stands in the
//! [`Verdict`]; nothing is judged here.

pub mod finding;
pub mod json;
pub mod layers;
pub mod page;
pub mod text;

use crate::error::CommandError;
use crate::verdict::{Outcome, Verdict};

/// What a command has to say about one message or certificate.
#[derive(Clone, Copy)]
pub struct Report<'a> {
    /// The command, such as `verify` or `policy check`.
    pub command: &'a str,
    /// The answer.
    pub outcome: Outcome,
    /// Why there is none.
    pub error: Option<&'a CommandError>,
    /// Everything that was found out.
    pub verdict: &'a Verdict,
    /// The name of the file, where there are several.
    pub file: Option<&'a str>,
}

impl<'a> Report<'a> {
    /// The report of a verdict that was reached.
    pub fn of(command: &'a str, verdict: &'a Verdict) -> Report<'a> {
        Report {
            command,
            outcome: verdict.outcome(),
            error: None,
            verdict,
            file: None,
        }
    }

    /// The report of a message that was passed on as it is.
    pub fn not_processed(command: &'a str, verdict: &'a Verdict) -> Report<'a> {
        Report {
            outcome: Outcome::NotProcessed,
            ..Report::of(command, verdict)
        }
    }

    /// The report of a failure; `nothing` is what was found out where the error has no verdict.
    pub fn failed(command: &'a str, error: &'a CommandError, nothing: &'a Verdict) -> Report<'a> {
        Report {
            command,
            outcome: Outcome::Error,
            error: Some(error),
            verdict: error.verdict().unwrap_or(nothing),
            file: None,
        }
    }

    /// The same report, about the file called `name`.
    pub fn about(self, name: Option<&'a str>) -> Report<'a> {
        Report { file: name, ..self }
    }
}

#[cfg(test)]
pub(crate) mod samples {
    use crate::reason::Reason;
    use crate::time::Time;
    use crate::verdict::*;

    /// A signed message whose sender is not whom the certificate names.
    pub(crate) fn verdict() -> Verdict {
        let step = |subject: &str, digit: &str| PathStep {
            subject: subject.to_owned(),
            sha256: digit.repeat(64),
        };
        let signer = Signer {
            index: 0,
            verdict: Outcome::Rejected,
            addresses: vec!["other@example.com".to_owned()],
            subject: "CN=Other\u{202e}".to_owned(),
            issuer: "CN=Example CA".to_owned(),
            serial: "0a1b".to_owned(),
            sha256: "c".repeat(64),
            not_before: Time::from_civil(2026, 1, 1, 0, 0, 0),
            not_after: Time::from_civil(2028, 1, 1, 0, 0, 0),
            signing_time: None,
            capabilities: Vec::new(),
            digest: "sha256".to_owned(),
            signature: "ecdsa-sha256".to_owned(),
            checks: Checks {
                integrity: Check::Pass,
                signature: Check::Pass,
                path: Check::Pass,
                validity: Check::Pass,
                identity: Check::Fail,
                ..Checks::default()
            },
            path: vec![step("CN=Other", "c"), step("CN=Example CA", "d")],
            tried: vec!["CN=Other <- CN=Example CA: valid".to_owned()],
        };
        Verdict {
            message: MessageFacts {
                message_id: Some("1@example.com".to_owned()),
                header_from: vec!["user@example.com".to_owned()],
                ..MessageFacts::default()
            },
            layers: vec![Layer {
                index: 0,
                kind: LayerKind::Signed,
                form: Form::Clear,
                content_cipher: None,
                signers: vec![signer],
                recipients: Vec::new(),
            }],
            findings: vec![
                Finding::new(Reason::MailBareLineFeed),
                Finding::new(Reason::SmimeFromMismatch)
                    .at(Place::signer(0, 0))
                    .with("from", "user@example.com"),
            ],
            ..Verdict::default()
        }
    }
}
