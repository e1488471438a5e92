//! What went wrong when no judgement was possible, and the exit status it ends in.
//!
//! A rejected message is not an error: commands return [`ExitStatus::REJECTED`] for it, after they
//! have printed the report. A [`CommandError`] says what was being done to what, why that failed,
//! and what to do about it. How it is printed is the business of `stdio` and `report`.

use std::error::Error;
use std::fmt;
use std::io;

use crate::source::InputChanged;
use crate::verdict::Verdict;

/// How the process ends.
///
/// The greater of two is the one that counts when several files are worked on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ExitStatus(u8);

impl ExitStatus {
    /// Done; the message was accepted.
    pub const DONE: ExitStatus = ExitStatus(0);
    /// A verdict was reached, and it rejects.
    pub const REJECTED: ExitStatus = ExitStatus(1);

    /// Wrong usage.
    pub const USAGE: ExitStatus = ExitStatus(2);
    /// It may be different when it is tried again.
    pub const TEMPORARY: ExitStatus = ExitStatus(75);

    /// The number for the operating system.
    pub fn code(self) -> u8 {
        self.0
    }
}

impl From<ErrorKind> for ExitStatus {
    fn from(kind: ErrorKind) -> ExitStatus {
        ExitStatus(match kind {
            ErrorKind::Usage => return ExitStatus::USAGE,
            ErrorKind::Data => 65,
            ErrorKind::NoInput => 66,
            ErrorKind::NoCertificate => 67,
            ErrorKind::Bug => 70,
            ErrorKind::CannotCreate => 73,
            ErrorKind::Io => 74,
            ErrorKind::Temporary => return ExitStatus::TEMPORARY,
            ErrorKind::Denied => 77,
            ErrorKind::Configuration => 78,
        })
    }
}

/// The kinds of failure, one for each exit status from 2 on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// Wrong usage (2).
    Usage,
    /// The input cannot be read as any object the command knows (65).
    Data,
    /// An input file is missing or unreadable (66).
    NoInput,
    /// There is no usable certificate or key for an address (67).
    NoCertificate,
    /// A bug in this program (70).
    Bug,
    /// The thing exists already, or the output cannot be created (73).
    CannotCreate,
    /// Reading or writing failed, or the input changed meanwhile (74).
    Io,
    /// The keystore is locked by another process (75).
    Temporary,
    /// A passphrase is missing or wrong, or file modes are too open (77).
    Denied,
    /// There is no keystore, or a settings or policy file is invalid (78).
    Configuration,
}

/// A failure of a command: no judgement was possible.
#[derive(Debug)]
pub struct CommandError {
    kind: ErrorKind,
    context: String,
    source: Option<anyhow::Error>,
    hints: Vec<String>,
    verdict: Option<Box<Verdict>>,
    quiet: bool,
}

impl CommandError {
    /// Makes an error of `kind`; `context` says what failed, in one sentence without a final stop,
    /// such as `cannot open mail.eml`.
    pub fn new(kind: ErrorKind, context: impl Into<String>) -> CommandError {
        CommandError {
            kind,
            context: context.into(),
            source: None,
            hints: Vec::new(),
            verdict: None,
            quiet: false,
        }
    }

    /// Wrong usage (2) that the parser of the arguments cannot see.
    pub fn usage(context: impl Into<String>) -> CommandError {
        CommandError::new(ErrorKind::Usage, context)
    }

    /// An input that cannot be read as any object the command knows (65).
    pub fn data(context: impl Into<String>) -> CommandError {
        CommandError::new(ErrorKind::Data, context)
    }

    /// A failure of reading or writing (74). A broken pipe is told to nobody: whoever read the
    /// output has seen enough. An input that changed while it was read says so.
    pub fn io(context: impl Into<String>, error: io::Error) -> CommandError {
        let changed = error
            .get_ref()
            .is_some_and(|inner| inner.is::<InputChanged>());
        CommandError {
            quiet: error.kind() == io::ErrorKind::BrokenPipe,
            ..CommandError::new(ErrorKind::Io, context).caused_by(error)
        }
        .hint_if(
            changed,
            "What was written so far is not to be used; run the command again when no other program \
             writes to the file.",
        )
    }

    /// The same error with `error` as its cause.
    pub fn caused_by(mut self, error: impl Into<Box<dyn Error + Send + Sync>>) -> CommandError {
        self.source = Some(anyhow::Error::from_boxed(error.into()));
        self
    }

    /// The same error with one more thing to do about it: a sentence with a final stop.
    pub fn hint(mut self, hint: impl Into<String>) -> CommandError {
        self.hints.push(hint.into());
        self
    }

    /// The same error, with the hint if `applies`.
    pub fn hint_if(self, applies: bool, hint: impl Into<String>) -> CommandError {
        if applies { self.hint(hint) } else { self }
    }

    /// The same error with what was found out before; the report shows it.
    pub fn with_verdict(mut self, verdict: Verdict) -> CommandError {
        self.verdict = Some(Box::new(verdict));
        self
    }

    /// What kind of failure it is.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// How the process ends.
    pub fn exit_status(&self) -> ExitStatus {
        self.kind.into()
    }

    /// What to do about it.
    pub fn hints(&self) -> &[String] {
        &self.hints
    }

    /// What was found out before it failed.
    pub fn verdict(&self) -> Option<&Verdict> {
        self.verdict.as_deref()
    }

    /// Whether to end without a word, as a filter does whose reader has gone.
    pub fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// The causes, the nearest first. A cause that only repeats the end of the text before it is left
    /// out, and so is the number that the operating system gives the error.
    pub fn causes(&self) -> Vec<String> {
        let mut causes: Vec<String> = Vec::new();
        for error in self.source.iter().flat_map(anyhow::Error::chain) {
            let mut text = error.to_string();
            if let Some(number) = text.find(" (os error ") {
                text.truncate(number);
            }
            if !causes.last().unwrap_or(&self.context).ends_with(&text) {
                causes.push(text);
            }
        }
        causes
    }

    /// The whole of it on one line: what failed, then the causes.
    pub fn summary(&self) -> String {
        let mut parts = vec![self.context.clone()];
        parts.extend(self.causes());
        parts.join(": ")
    }
}

impl fmt::Display for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.context)
    }
}

impl Error for CommandError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|error| error as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_are_told_in_order_and_once() {
        let error = CommandError::io("cannot read mail.eml", io::Error::other(InputChanged));
        assert_eq!(
            error.summary(),
            "cannot read mail.eml: the input changed while it was read"
        );
        assert_eq!((error.hints().len(), error.exit_status().code()), (1, 74));
    }

    #[test]
    fn numbers_of_the_operating_system_are_left_out() {
        let error = CommandError::io("cannot read", io::Error::from_raw_os_error(2));
        assert_eq!(error.summary(), "cannot read: No such file or directory");
    }

    #[test]
    fn a_reader_that_went_away_is_no_news() {
        let gone = io::Error::from(io::ErrorKind::BrokenPipe);
        assert!(CommandError::io("cannot write", gone).is_quiet());
    }

    #[test]
    fn the_greater_status_counts() {
        let of = |kind: ErrorKind| ExitStatus::from(kind);
        assert!(ExitStatus::DONE < ExitStatus::REJECTED);
        assert_eq!(of(ErrorKind::Data).max(of(ErrorKind::Io)).code(), 74);
    }
}
