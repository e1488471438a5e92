//! What a command puts on stdout, and what it tells at its end.

use std::sync::PoisonError;

use serde::Serialize;

use crate::commands::Context;
use crate::error::{CommandError, ErrorKind, ExitStatus};
use crate::reason::Severity;
use crate::report::text::Detail;
use crate::report::{Report, json, text};
use crate::stdio::{Access, Output, Style, Text, is_stdout};
use crate::verdict::{Outcome, Verdict};

impl Context {
    /// Opens the place for the message: `-o FILE`, else stdout. With `--json` and no `-o` there is
    /// none, because stdout belongs to the document; in a batch without a directory there is none, and
    /// with one the batch settles the message.
    ///
    /// # Errors
    /// As [`Output::open`] and [`Context::refuse_shared_stdout`].
    pub fn message_output(&self, access: Access) -> Result<Option<Output>, CommandError> {
        self.refuse_shared_stdout()?;
        let is_nowhere = self.is_json() || self.one_of_several.is_some();
        if is_nowhere && self.output_path().is_none() {
            return Ok(None);
        }
        let output = Output::open(self.output_path(), access)?;
        Ok(Some(match &self.one_of_several {
            Some(one) => output.leaving_on(&one.shelf),
            None => output,
        }))
    }

    /// Refuses to put the message and the document both on stdout.
    ///
    /// # Errors
    /// `--json` stands beside `-o -` (2).
    pub fn refuse_shared_stdout(&self) -> Result<(), CommandError> {
        if self.is_json() && self.output_path().is_some_and(is_stdout) {
            let what = "stdout cannot take both the document and the message";
            return Err(CommandError::usage(what).hint("Give -o a file, or leave it out."));
        }
        Ok(())
    }

    /// Writes a result that is all there is to say, to `-o FILE` or stdout: a document with
    /// `--json`, else the text.
    ///
    /// # Errors
    /// Writing fails.
    pub fn print(
        &self,
        document: &impl Serialize,
        text: impl FnOnce(&mut Text),
    ) -> Result<(), CommandError> {
        if !self.is_json() {
            return self.print_text(text);
        }
        let mut output = Output::open(self.output_path(), Access::Shared)?;
        output.write_octets(&encode(document)?)?;
        output.commit()
    }

    /// Puts the document of a command whose result is a file on stdout, if `--json` asks for it.
    ///
    /// # Errors
    /// Writing fails.
    pub(super) fn print_beside_file(&self, document: &impl Serialize) -> Result<(), CommandError> {
        match self.is_json() {
            true => self.print_document(document),
            false => Ok(()),
        }
    }

    /// Puts a document on stdout; in a batch, beside what is told of the file.
    ///
    /// # Errors
    /// Writing fails.
    pub fn print_document(&self, document: &impl Serialize) -> Result<(), CommandError> {
        let octets = encode(document)?;
        match &self.one_of_several {
            Some(one) => {
                let mut documents = one.documents.lock().unwrap_or_else(PoisonError::into_inner);
                documents.extend(octets);
                Ok(())
            }
            None => self.print_octets(&octets),
        }
    }

    /// Puts documents on stdout that were encoded before.
    ///
    /// # Errors
    /// Writing fails.
    pub(super) fn print_octets(&self, octets: &[u8]) -> Result<(), CommandError> {
        if octets.is_empty() {
            return Ok(());
        }
        let mut stdout = Output::open(None, Access::Shared)?;
        stdout.write_octets(octets)?;
        stdout.commit()
    }

    /// The documents of one of several files.
    pub(super) fn take_documents(&self) -> Vec<u8> {
        let Some(one) = &self.one_of_several else {
            return Vec::new();
        };
        std::mem::take(&mut *one.documents.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// How much people want to be told.
    pub(super) fn detail(&self) -> Detail {
        match (self.console().is_quiet(), self.console().is_verbose()) {
            (true, _) => Detail::Answer,
            (_, true) => Detail::Full,
            _ => Detail::Brief,
        }
    }

    /// Reports a verdict: the document on stdout with `--json`, and the text for people on stderr.
    /// Returns how the process ends. The message itself is written before or after this.
    ///
    /// # Errors
    /// Writing the document fails.
    pub fn conclude(&self, report: Report<'_>) -> Result<ExitStatus, CommandError> {
        let report = &report.about(self.file_name());
        if self.is_json() {
            self.print_document(&json::document(report))?;
        }
        let good = report.outcome == Outcome::Accepted;
        if !(good && self.console().is_quiet()) {
            let text = text::render(report, self.detail(), self.console().has_color());
            self.console().text(&text);
        }
        Ok(match report.outcome {
            Outcome::Rejected => ExitStatus::REJECTED,
            _ => ExitStatus::DONE,
        })
    }

    /// Reports a result whose output speaks for itself: warnings on stderr, and the document on stdout
    /// with `--json`. Only of several files each is told.
    ///
    /// # Errors
    /// Writing the document fails.
    pub fn conclude_quietly(&self, report: Report<'_>) -> Result<ExitStatus, CommandError> {
        let report = &report.about(self.file_name());
        if let Some(file) = report.file
            && !self.console().is_quiet()
        {
            let word = report.outcome.as_str();
            self.console().answer(Style::Good, word, file);
        }
        if self.is_json() {
            self.print_document(&json::document(report))?;
        }
        for finding in &report.verdict.findings {
            if finding.severity == Severity::Warning {
                let code = finding.reason;
                self.console()
                    .warning(format_args!("{} [{code}]", finding.summary()));
                self.console().hint(finding.hint());
            } else {
                self.console()
                    .note(format_args!("{} [{}]", finding.summary(), finding.reason));
            }
        }
        Ok(ExitStatus::DONE)
    }

    /// Writes text for people to `-o FILE` or stdout.
    ///
    /// # Errors
    /// Writing fails.
    pub fn print_text(&self, text: impl FnOnce(&mut Text)) -> Result<(), CommandError> {
        let mut output = Output::open(self.output_path(), Access::Shared)?;
        let mut lines = Text::new(self.colors_output());
        text(&mut lines);
        output.write_octets(lines.as_str().as_bytes())?;
        output.commit()
    }

    /// Whether text for people has color where it is written to.
    pub(super) fn colors_output(&self) -> bool {
        self.output_path().is_none() && self.color_choice().on(&std::io::stdout())
    }

    /// Tells an error: on stderr, and with `--json` as a document on stdout, except for wrong usage.
    pub fn report_error(&self, error: &CommandError) {
        let has_document = error.kind() != ErrorKind::Usage || self.one_of_several.is_some();
        if self.is_json() && has_document && !error.is_quiet() {
            let nothing = Verdict::default();
            let report = Report::failed(self.command(), error, &nothing).about(self.file_name());
            // Where that fails too, stderr is what is left.
            let _ = self.print_document(&json::document(&report));
        }
        self.console().error(error);
    }
}

fn encode(document: &impl Serialize) -> Result<Vec<u8>, CommandError> {
    json::encode(document).map_err(|error| {
        CommandError::new(ErrorKind::Bug, "cannot encode the document").caused_by(error)
    })
}
