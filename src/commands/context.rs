//! What every command is given beside its own arguments: options, console, clock, secrets.

use std::env;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::commands::{GlobalArgs, Passphrases};
use crate::error::{CommandError, ErrorKind, ExitStatus};
use crate::report::text::Detail;
use crate::report::{Report, json, text};
use crate::source::Source;
use crate::stdio::{Access, Console, Output, Text, open_input};
use crate::time::Time;
use crate::verdict::{Outcome, Verdict};

/// The time at which to judge, as `--time` gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeChoice {
    /// This time.
    At(Time),
    /// The signing time that the message claims.
    SigningTime,
    /// The time of the topmost Received field, which is a claim too.
    Received,
}

impl TimeChoice {
    /// Reads the value of `--time`.
    pub(super) fn parse(text: &str) -> Result<TimeChoice, String> {
        match text {
            "signing-time" => Ok(TimeChoice::SigningTime),
            "received" => Ok(TimeChoice::Received),
            text => Time::parse_rfc3339(text)
                .map(TimeChoice::At)
                .map_err(|error| format!("{error}, nor `signing-time` or `received`")),
        }
    }
}

/// Everything a command may use of the process.
pub struct Context {
    global: GlobalArgs,
    command: &'static str,
    console: Console,
    passphrases: Passphrases,
}

impl Context {
    /// Makes the context of the command called `command`.
    pub fn new(global: GlobalArgs, command: &'static str) -> Context {
        let progress = !global.no_progress;
        Context {
            console: Console::new(global.quiet, global.verbose, global.color, progress),
            passphrases: Passphrases::new(global.passphrases.clone()),
            global,
            command,
        }
    }

    /// The words of the report that name the command, such as `cert list`.
    pub fn command(&self) -> &'static str {
        self.command
    }

    /// Where people are told things.
    pub fn console(&self) -> &Console {
        &self.console
    }

    /// Where passphrases come from.
    pub fn passphrases(&self) -> &Passphrases {
        &self.passphrases
    }

    /// Whether stdout gets a JSON document.
    pub fn is_json(&self) -> bool {
        self.global.json
    }

    /// Whether only files that are named may be used.
    pub fn has_no_keystore(&self) -> bool {
        self.global.no_keystore
    }

    /// The directory of the keystore.
    ///
    /// # Errors
    /// `--no-keystore` was given (2), or neither an option nor the environment names one (78).
    pub fn keystore_path(&self) -> Result<PathBuf, CommandError> {
        if self.global.no_keystore {
            let what = format!("`smime {}` needs a keystore", self.command);
            return Err(CommandError::usage(what).hint("Leave out --no-keystore."));
        }
        if let Some(path) = &self.global.keystore {
            return Ok(path.clone());
        }
        // An empty variable is as good as none: scripts clear variables that way.
        let variable = |name| env::var_os(name).filter(|value| !value.is_empty());
        let data = || variable("XDG_DATA_HOME").map(|data| Path::new(&data).join("smime"));
        let home = || variable("HOME").map(|home| Path::new(&home).join(".local/share/smime"));
        let path = variable("SMIME_KEYSTORE").map(PathBuf::from);
        path.or_else(data).or_else(home).ok_or_else(|| {
            CommandError::new(ErrorKind::Configuration, "no keystore is named")
                .hint("Use -k DIR, or set SMIME_KEYSTORE or HOME.")
        })
    }

    /// When to judge; `None` is now.
    pub fn time_choice(&self) -> Option<TimeChoice> {
        self.global.time
    }

    /// The time by the clock, or the one that `--time` gives, for commands without a message.
    ///
    /// # Errors
    /// `--time` names a claim of a message (2).
    pub fn now(&self) -> Result<Time, CommandError> {
        match self.global.time {
            None => Ok(clock()),
            Some(TimeChoice::At(time)) => Ok(time),
            Some(TimeChoice::SigningTime | TimeChoice::Received) => {
                let what = format!(
                    "`smime {}` reads no message to take a time from",
                    self.command
                );
                Err(CommandError::usage(what).hint("Give --time as a date."))
            }
        }
    }

    /// Opens the input: a file, or stdin for none and for `-`.
    ///
    /// # Errors
    /// As [`open_input`].
    pub fn input(&self, path: Option<&Path>) -> Result<Source, CommandError> {
        let stdin = path.is_none_or(|path| path == Path::new("-"));
        if stdin && std::io::IsTerminal::is_terminal(&std::io::stdin()) {
            self.console
                .note("reading from the terminal; end with Ctrl-D");
        }
        open_input(path)
    }

    /// The file that `-o` names.
    pub fn output_path(&self) -> Option<&Path> {
        self.global.output.as_deref()
    }

    /// Opens the place for the message: `-o FILE`, else stdout. With `--json` and no `-o` there is
    /// none, because stdout belongs to the document.
    ///
    /// # Errors
    /// As [`Output::open`].
    pub fn message_output(&self, access: Access) -> Result<Option<Output>, CommandError> {
        if self.is_json() && self.global.output.is_none() {
            return Ok(None);
        }
        Output::open(self.output_path(), access).map(Some)
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
        let mut output = Output::open(self.output_path(), Access::Shared)?;
        if self.is_json() {
            let octets = encode(document)?;
            output.write_octets(&octets)?;
        } else {
            let on_stdout = self.global.output.is_none();
            let mut lines = Text::new(on_stdout && self.global.color.on(&std::io::stdout()));
            text(&mut lines);
            output.write_octets(lines.as_str().as_bytes())?;
        }
        output.commit()
    }

    /// Puts a document on stdout.
    ///
    /// # Errors
    /// Writing fails.
    pub fn print_document(&self, document: &impl Serialize) -> Result<(), CommandError> {
        let mut stdout = Output::open(None, Access::Shared)?;
        stdout.write_octets(&encode(document)?)?;
        stdout.commit()
    }

    /// Reports a verdict: the document on stdout with `--json`, and the text for people on stderr.
    /// Returns how the process ends. The message itself is written before or after this.
    ///
    /// # Errors
    /// Writing the document fails.
    pub fn conclude(&self, report: &Report<'_>) -> Result<ExitStatus, CommandError> {
        if self.is_json() {
            self.print_document(&json::document(report))?;
        }
        let good = report.outcome == Outcome::Accepted;
        if !(good && self.console.is_quiet()) {
            let detail = match (self.console.is_quiet(), self.console.is_verbose()) {
                (true, _) => Detail::Answer,
                (_, true) => Detail::Full,
                _ => Detail::Brief,
            };
            self.console
                .text(&text::render(report, detail, self.console.has_color()));
        }
        Ok(match report.outcome {
            Outcome::Rejected => ExitStatus::REJECTED,
            _ => ExitStatus::DONE,
        })
    }

    /// Tells an error: on stderr, and with `--json` as a document on stdout, except for wrong usage.
    pub fn report_error(&self, error: &CommandError) {
        if self.is_json() && error.kind() != ErrorKind::Usage && !error.is_quiet() {
            let nothing = Verdict::default();
            let report = Report::failed(self.command, error, &nothing);
            // Where that fails too, stderr is what is left.
            let _ = self.print_document(&json::document(&report));
        }
        self.console.error(error);
    }
}

/// The time by the clock.
pub(super) fn clock() -> Time {
    Time::from(jiff::Timestamp::now())
}

fn encode(document: &impl Serialize) -> Result<Vec<u8>, CommandError> {
    json::encode(document).map_err(|error| {
        CommandError::new(ErrorKind::Bug, "cannot encode the document").caused_by(error)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_a_date_or_a_claim() {
        assert_eq!(TimeChoice::parse("received"), Ok(TimeChoice::Received));
        assert!(matches!(
            TimeChoice::parse("2026-01-01"),
            Ok(TimeChoice::At(_))
        ));
        assert!(TimeChoice::parse("now").is_err());
    }

    #[test]
    fn without_a_keystore_there_is_no_path() {
        let global = GlobalArgs {
            no_keystore: true,
            ..GlobalArgs::default()
        };
        let context = Context::new(global, "cert list");
        assert_eq!(context.keystore_path().unwrap_err().exit_status().code(), 2);
    }
}
