//! What every command is given beside its own arguments: options, console, clock, secrets.

use std::env;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use crate::commands::{GlobalArgs, Passphrases, TimeChoice};
use crate::error::{CommandError, ErrorKind};
use crate::source::Source;
use crate::stdio::{ColorChoice, Console, Shelf, input_name, open_input, settle};
use crate::time::Time;

/// Everything a command may use of the process.
pub struct Context {
    global: GlobalArgs,
    command: &'static str,
    console: Console,
    passphrases: Arc<Passphrases>,
    /// Set where this is about one of several files.
    pub(super) one_of_several: Option<OneOfSeveral>,
}

/// One of the files of a batch: where its results go.
pub(super) struct OneOfSeveral {
    /// The file, as it was named.
    pub(super) name: String,
    /// Where the message goes; `None` for nowhere.
    output: Option<PathBuf>,
    /// Messages that are complete, for the batch to settle.
    pub(super) shelf: Shelf,
    /// The lines of JSON that are to be written.
    pub(super) documents: Mutex<Vec<u8>>,
}

impl Context {
    /// Makes the context of the command called `command`.
    pub fn new(global: GlobalArgs, command: &'static str) -> Context {
        let progress = !global.no_progress;
        let console = Console::new(global.quiet, global.verbose, global.color, progress);
        let passphrases = Passphrases::new(global.passphrases.clone(), console.progress().clone());
        Context {
            console,
            passphrases: Arc::new(passphrases),
            global,
            command,
            one_of_several: None,
        }
    }

    /// The context of the work on one of several files, whose message goes to `output`. What is told
    /// and reported is kept in it, for the batch to write.
    pub(super) fn about(&self, file: &Path, output: Option<PathBuf>) -> Context {
        Context {
            global: self.global.clone(),
            command: self.command,
            console: self.console.about(input_name(Some(file))),
            passphrases: Arc::clone(&self.passphrases),
            one_of_several: Some(OneOfSeveral {
                name: file.to_string_lossy().into_owned(),
                output,
                shelf: Shelf::default(),
                documents: Mutex::default(),
            }),
        }
    }

    /// The same context, where what is told is kept for whoever has to tell something else first.
    pub(super) fn gathering(&self) -> Context {
        Context {
            global: self.global.clone(),
            command: self.command,
            console: self.console.about(String::new()),
            passphrases: Arc::clone(&self.passphrases),
            one_of_several: None,
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

    /// The time by the clock, or the one that `--time` gives, where no received message claims one.
    ///
    /// # Errors
    /// `--time` names a claim of a message (2).
    pub fn now(&self) -> Result<Time, CommandError> {
        match self.global.time {
            None => Ok(clock()),
            Some(TimeChoice::At(time)) => Ok(time),
            Some(TimeChoice::SigningTime | TimeChoice::Received) => {
                let what = format!(
                    "`smime {}` has no received message here to take a time from",
                    self.command
                );
                Err(CommandError::usage(what)
                    .hint("Give --time as a date, such as 2026-11-24T08:00:00Z."))
            }
        }
    }

    /// Opens the input: a file, or stdin for none and for `-`.
    ///
    /// # Errors
    /// As [`open_input`]; stdin is to give a passphrase as well (2).
    pub fn input(&self, path: Option<&Path>) -> Result<Source, CommandError> {
        let stdin = path.is_none_or(|path| path == Path::new("-"));
        let passphrases = &self.global.passphrases;
        if stdin && [passphrases.passphrase_fd, passphrases.file_passphrase_fd].contains(&Some(0)) {
            let what = "stdin cannot give both the message and a passphrase";
            return Err(CommandError::usage(what)
                .hint("Name the message as FILE, or use another descriptor."));
        }
        if stdin && std::io::IsTerminal::is_terminal(&std::io::stdin()) {
            self.console
                .note("reading from the terminal; end with Ctrl-D");
        }
        let source = open_input(path)?;
        if self.one_of_several.is_none() {
            self.console.progress().follow(&source);
        }
        Ok(source)
    }

    /// When to use color.
    pub(super) fn color_choice(&self) -> ColorChoice {
        self.global.color
    }

    /// The file that `-o` names; in a batch, the place of this file's message.
    pub fn output_path(&self) -> Option<&Path> {
        match &self.one_of_several {
            Some(one) => one.output.as_deref(),
            None => self.global.output.as_deref(),
        }
    }

    /// Puts the message in its place now, for what must not happen without that. Of several files the
    /// batch would do it otherwise, for many together.
    ///
    /// # Errors
    /// The message cannot be written (74).
    pub(super) fn settle(&self) -> Result<(), CommandError> {
        match &self.one_of_several {
            Some(one) => settle(vec![one.shelf.take()]).into_iter().collect(),
            None => Ok(()),
        }
    }

    /// The name of the file, where there are several.
    pub(super) fn file_name(&self) -> Option<&str> {
        self.one_of_several.as_ref().map(|one| one.name.as_str())
    }
}

/// The time by the clock.
pub(super) fn clock() -> Time {
    Time::from(jiff::Timestamp::now())
}

#[cfg(test)]
mod tests {
    use super::*;

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
