//! The log of decisions: one line of JSON each, whole lines however many processes write.
//!
//! A line says who, by which rule, what and why. It never holds content, a subject or a secret.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::commands::context::clock;
use crate::commands::policy::decided::MessageArgs;
use crate::commands::policy::explanation::{Explanation, RecipientRow};
use crate::error::{CommandError, ErrorKind};
use crate::report::json;
use crate::stdio::input_name;
use crate::time::Time;
use crate::verdict::Outcome;

/// How long to wait for another writer, which holds the file for the time of one write.
const PATIENCE: Duration = Duration::from_secs(10);

/// Between two attempts to lock the file.
const PAUSE: Duration = Duration::from_millis(10);

/// Letters of a Message-ID that are kept: a line of mail has no more (RFC 5322 section 2.1.1).
const MESSAGE_ID: usize = 998;

/// The file that is appended to. It is opened for each line, so it may be renamed at any time.
pub(super) struct Log<'p> {
    path: &'p Path,
}

#[derive(Serialize)]
struct Line<'a> {
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
            reasons: recipient
                .findings
                .iter()
                .map(|finding| finding.reason.code())
                .collect(),
        }
    }
}

impl<'p> Log<'p> {
    /// The log in the file at `path`, which is made if it is missing.
    pub(super) fn new(path: &'p Path) -> Log<'p> {
        Log { path }
    }

    /// Writes a decision.
    ///
    /// # Errors
    /// The file cannot be opened or written, or is locked for too long.
    pub(super) fn decision(&self, explanation: &Explanation) -> Result<(), CommandError> {
        let verdict = &explanation.verdict;
        let message = &verdict.message;
        let signs = |recipient: &RecipientRow| recipient.action.iter().any(|word| word == "sign");
        let own = explanation.signer.as_ref();
        let own = own.filter(|_| explanation.recipients.iter().any(signs));
        let layers = verdict.layers.iter();
        let signers = layers.flat_map(|layer| &layer.signers);
        let id = message.message_id.as_ref();
        self.append(&Line {
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
            reasons: verdict
                .findings
                .iter()
                .map(|finding| finding.reason.code())
                .collect(),
            resend_would_pass: verdict.resend_would_pass,
        })
    }

    /// Writes that no decision was possible, or that it could not be carried out.
    ///
    /// # Errors
    /// As [`Log::decision`].
    pub(super) fn failure(
        &self,
        error: &CommandError,
        args: &MessageArgs,
    ) -> Result<(), CommandError> {
        self.append(&Line {
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
        })
    }

    fn append(&self, line: &Line<'_>) -> Result<(), CommandError> {
        let name = input_name(Some(self.path));
        let failed = |error| CommandError::io(format!("cannot write the log {name}"), error);
        let octets = json::encode(line).map_err(failed)?;
        let mut file = OpenOptions::new()
            .append(true)
            .create(true)
            .mode(0o600)
            .open(self.path)
            .map_err(failed)?;
        lock(&file).map_err(|error| {
            CommandError::new(ErrorKind::Temporary, format!("cannot lock the log {name}"))
                .caused_by(error)
        })?;
        let end = file.metadata().map_err(failed)?.len();
        file.write_all(&octets).map_err(|error| {
            // A full disk must not leave half a line, to which the next would be joined.
            let _ = file.set_len(end);
            failed(error)
        })
    }
}

/// Locks the file (flock) until it is closed.
fn lock(file: &File) -> io::Result<()> {
    let start = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) if start.elapsed() >= PATIENCE => {
                return Err(io::ErrorKind::WouldBlock.into());
            }
            Err(TryLockError::WouldBlock) => thread::sleep(PAUSE),
        }
    }
}
