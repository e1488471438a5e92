//! One line of the log: who, by which rule, what and why.

use serde::Serialize;

use crate::commands::context::clock;
use crate::commands::policy::envelope::MessageArgs;
use crate::commands::policy::explanation::{Explanation, RecipientRow, codes};
use crate::error::CommandError;
use crate::report::json;
use crate::time::Time;
use crate::verdict::Outcome;

/// Letters of a Message-ID that are kept: a line of mail has no more (RFC 5322 section 2.1.1).
const MESSAGE_ID: usize = 998;

/// What is written of one message.
#[derive(Serialize)]
pub(super) struct Line<'a> {
    format: u32,
    time: Time,
    direction: &'static str,
    verdict: Outcome,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Failure>,
    message_id: Option<String>,
    envelope_from: Option<&'a str>,
    envelope_to: Vec<String>,
    header_from: &'a [String],
    header_to: &'a [String],
    /// Fingerprints of the certificates that sign, or that signed.
    signers: Vec<&'a str>,
    recipients: Vec<Row<'a>>,
    reasons: Vec<&'static str>,
    resend_would_pass: Option<bool>,
}

#[derive(Serialize)]
struct Failure {
    exit: u8,
    summary: String,
}

#[derive(Serialize)]
struct Row<'a> {
    address: &'a str,
    rule: &'a str,
    actions: &'a [String],
    rejected: bool,
    /// The fingerprint of the certificate that is encrypted to.
    certificate: Option<&'a str>,
    reasons: Vec<&'static str>,
}

impl<'a> Row<'a> {
    fn of(recipient: &'a RecipientRow) -> Row<'a> {
        let encrypts = recipient.action.iter().any(|action| action == "encrypt");
        let certificate = recipient.certificate.chosen.as_deref();
        Row {
            address: &recipient.address,
            rule: &recipient.rule,
            actions: &recipient.action,
            rejected: recipient.rejected,
            certificate: certificate.filter(|_| encrypts),
            reasons: codes(&recipient.findings),
        }
    }
}

impl<'a> Line<'a> {
    /// The line of a decision.
    pub(super) fn of_decision(explanation: &'a Explanation) -> Line<'a> {
        let verdict = &explanation.verdict;
        let message = &verdict.message;
        let signs = |recipient: &RecipientRow| recipient.action.iter().any(|word| word == "sign");
        let own = explanation.signer.as_ref();
        let own = own.filter(|_| explanation.recipients.iter().any(signs));
        let layers = verdict.layers.iter();
        let signers = layers.flat_map(|layer| &layer.signers);
        let id = message.message_id.as_ref();
        Line {
            format: json::FORMAT,
            time: clock(),
            direction: explanation.direction.word(),
            verdict: explanation.outcome(),
            error: None,
            message_id: id.map(|id| id.chars().take(MESSAGE_ID).collect()),
            envelope_from: message.envelope_from.as_deref(),
            envelope_to: message.envelope_to.clone(),
            header_from: &message.header_from,
            header_to: &message.header_to,
            signers: own
                .and_then(|own| own.chosen.as_deref())
                .into_iter()
                .chain(signers.map(|signer| signer.sha256.as_str()))
                .collect(),
            recipients: explanation.recipients.iter().map(Row::of).collect(),
            reasons: codes(&verdict.findings),
            resend_would_pass: verdict.resend_would_pass,
        }
    }

    /// The line of a message about which there is no decision, or one that was not carried out.
    pub(super) fn of_failure(error: &CommandError, args: &'a MessageArgs) -> Line<'a> {
        Line {
            format: json::FORMAT,
            time: clock(),
            direction: args.direction.word(),
            verdict: Outcome::Error,
            error: Some(Failure {
                exit: error.exit_status().code(),
                summary: error.summary(),
            }),
            message_id: None,
            envelope_from: args.sender(),
            envelope_to: args.envelope_to.iter().map(ToString::to_string).collect(),
            header_from: &[],
            header_to: &[],
            signers: Vec::new(),
            recipients: Vec::new(),
            reasons: Vec::new(),
            resend_would_pass: None,
        }
    }
}
