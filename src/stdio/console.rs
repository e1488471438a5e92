//! What people are told on stderr.

use std::borrow::Cow;
use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
use std::sync::{Mutex, PoisonError};

use crate::error::CommandError;
use crate::stdio::escape::is_hidden;
use crate::stdio::progress::Progress;
use crate::stdio::text::{Style, Text};

/// When to use color.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless NO_COLOR is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl ColorChoice {
    /// Whether to use color on a stream.
    pub fn on(self, stream: &impl IsTerminal) -> bool {
        let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let dumb = || std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        match self {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => stream.is_terminal() && !set("NO_COLOR") && !dumb(),
        }
    }
}

/// Writes to stderr, each line as `smime: …`. What cannot be written there is lost: there is nobody
/// left to tell.
#[derive(Debug)]
pub struct Console {
    quiet: bool,
    verbose: u8,
    color: bool,
    progress: Progress,
    about: Option<About>,
}

/// What a console is about that tells of one of several files.
#[derive(Debug)]
struct About {
    name: String,
    gathered: Mutex<String>,
}

impl Console {
    /// Makes a console. A quiet one leaves out warnings, hints and notes.
    pub fn new(quiet: bool, verbose: u8, color: ColorChoice, progress: bool) -> Console {
        Console {
            quiet,
            verbose,
            color: color.on(&io::stderr()),
            progress: Progress::new(progress && !quiet && io::stderr().is_terminal()),
            about: None,
        }
    }

    /// A console like this one for the file called `name`, one of several: its lines name the file,
    /// and are kept for [`Console::take_gathered`].
    pub fn about(&self, name: String) -> Console {
        Console {
            about: Some(About {
                name,
                gathered: Mutex::default(),
            }),
            progress: self.progress.clone(),
            ..*self
        }
    }

    /// What was told and not yet written.
    pub fn take_gathered(&self) -> String {
        let Some(about) = &self.about else {
            return String::new();
        };
        std::mem::take(
            &mut *about
                .gathered
                .lock()
                .unwrap_or_else(PoisonError::into_inner),
        )
    }

    /// Whether everything that was checked is to be told, not only what is wrong.
    pub fn is_verbose(&self) -> bool {
        self.verbose > 0
    }

    /// Whether only the answer is to be told.
    pub fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// The line that shows how far long work is.
    pub fn progress(&self) -> &Progress {
        &self.progress
    }

    /// Whether stderr has color.
    pub fn has_color(&self) -> bool {
        self.color
    }

    /// Tells an answer: `smime: rejected: …`. Not silenced by quiet.
    pub fn answer(&self, style: Style, word: &str, text: impl Display) {
        self.say(style, word, text);
    }

    /// Warns: `smime: warning: …`.
    pub fn warning(&self, text: impl Display) {
        if !self.quiet {
            self.say(Style::Odd, "warning", text);
        }
    }

    /// Tells what to do: `smime: hint: …`.
    pub fn hint(&self, text: impl Display) {
        if !self.quiet {
            self.say(Style::Head, "hint", text);
        }
    }

    /// Tells what was done: `smime: …`.
    pub fn note(&self, text: impl Display) {
        if !self.quiet {
            let mut line = Text::new(false);
            line.add("smime: ").add(self.named(&text.to_string())).end();
            self.write(line.as_str());
        }
    }

    /// Tells an error with its causes and hints, unless there is nobody to tell. Not silenced by
    /// quiet, except for the hints.
    pub fn error(&self, error: &CommandError) {
        if error.is_quiet() {
            return;
        }
        self.say(Style::Bad, "error", error);
        let mut causes = Text::new(false);
        for cause in error.causes() {
            causes.line(format_args!("  caused by: {cause}"));
        }
        self.write(causes.as_str());
        for hint in error.hints() {
            self.hint(hint);
        }
    }

    /// Writes text that is put together and escaped already.
    pub fn text(&self, text: &Text) {
        self.write(text.as_str());
    }

    fn say(&self, style: Style, word: &str, text: impl Display) {
        let mut line = Text::new(self.color);
        let text = text.to_string();
        line.add("smime: ").styled(style, word).add(": ");
        // A hint belongs to the line before.
        line.add(if style == Style::Head {
            text.into()
        } else {
            self.named(&text)
        });
        self.write(line.end().as_str());
    }

    /// The text with the name of the file it is about, unless that stands in it.
    fn named<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match &self.about {
            Some(about) if !text.contains(&about.name) => format!("{}: {text}", about.name).into(),
            _ => text.into(),
        }
    }

    /// Writes text that is complete and escaped: what other consoles gathered.
    pub fn write(&self, text: &str) {
        match &self.about {
            Some(about) => {
                let mut gathered = about
                    .gathered
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner);
                gathered.push_str(text);
            }
            None => {
                let write = || io::stderr().lock().write_all(text.as_bytes());
                let _ = self.progress.making_room(write);
            }
        }
    }

    /// Asks on the terminal for a typed answer; `None` where there is no terminal to ask on.
    ///
    /// # Errors
    /// The terminal cannot be read.
    pub fn ask(&self, question: &str) -> io::Result<Option<String>> {
        if !can_ask() {
            return Ok(None);
        }
        let question: String = question.chars().filter(|&c| !is_hidden(c)).collect();
        self.write(&question);
        let mut answer = String::new();
        let tty = std::fs::File::open("/dev/tty")?;
        io::BufRead::read_line(&mut io::BufReader::new(tty), &mut answer)?;
        Ok(Some(answer.trim().to_owned()))
    }
}

/// Whether there is a person to ask: a controlling terminal, and one that stdin or stderr shows.
///
/// A terminal alone is not enough: a script that runs under one with both streams elsewhere would
/// hang with a question that nobody sees.
pub(crate) fn can_ask() -> bool {
    (io::stdin().is_terminal() || io::stderr().is_terminal())
        && std::fs::File::open("/dev/tty").is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn color_can_be_forced_either_way() {
        let nowhere = std::fs::File::open("/dev/null").unwrap();
        assert!(ColorChoice::Always.on(&nowhere));
        assert!(!ColorChoice::Never.on(&nowhere));
        assert!(!ColorChoice::Auto.on(&nowhere));
    }
}
