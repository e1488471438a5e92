//! The command line: one file per verb, with its arguments, its help and its run.
//!
//! A command takes its arguments and the [`Context`], and returns how the process ends: `Ok` for
//! every verdict that was reached, a [`CommandError`] where none was possible. What is printed for
//! an error is decided here, once.

mod batch;
mod bcc;
mod ca;
mod cert;
mod certificate_checks;
mod certificate_files;
mod certificate_row;
mod certificates;
mod completions;
mod context;
mod crl;
mod decrypt;
#[cfg(test)]
mod derivation_tests;
mod encrypt;
mod extraction;
mod files;
mod global;
mod inspect;
mod issuing;
mod keystore;
mod keystore_error;
mod lookup;
mod memory;
mod message;
mod passphrase;
mod policy;
mod printing;
mod reasons;
mod recipients;
mod revocation;
mod selecting;
mod settings;
mod sign;
mod signing;
mod status;
mod time_choice;
mod trust;
mod verify;

use std::ffi::OsString;
use std::io::Write;

use clap::{CommandFactory, Parser, Subcommand};

pub use context::Context;
pub use global::GlobalArgs;
pub use passphrase::Passphrases;
pub use time_choice::TimeChoice;

use crate::error::{CommandError, ErrorKind, ExitStatus};
use crate::nearest::find_nearest;
use crate::stdio::{Style, Text};

/// Sign, encrypt, decrypt and verify S/MIME mail, and say why a message was rejected.
///
/// Messages are read from a file or from stdin, and written to stdout unless -o names a file.
/// Nothing is written before the verdict. What people are told goes to stderr.
#[derive(Parser)]
#[command(
    name = "smime",
    version,
    max_term_width = 100,
    after_help = "Examples:\n\
        \x20   smime ca init\n\
        \x20   smime cert issue alice@example.com\n\
        \x20   smime sign message.eml -o signed.eml\n\
        \x20   smime verify signed.eml\n\n\
        Exit status: 0 done, 1 rejected, 2 wrong usage, 64 and up as in sysexits.h; see smime(1). \
        The first steps are in smime-tutorial(7)."
)]
pub struct Cli {
    #[command(flatten)]
    global: GlobalArgs,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Sign(sign::Args),
    Encrypt(Box<encrypt::Args>),
    Decrypt(decrypt::Args),
    Verify(verify::Args),
    Inspect(Box<inspect::Args>),
    Policy(policy::Args),
    Ca(ca::Args),
    Cert(cert::Args),
    Trust(trust::Args),
    Crl(crl::Args),
    Keystore(keystore::Args),
    Status(status::Args),
    Settings(settings::Args),
    Reasons(reasons::Args),
    Completions(completions::Args),
}

impl Command {
    /// The words of the report that name the command.
    fn name(&self) -> &'static str {
        match self {
            Command::Sign(_) => "sign",
            Command::Encrypt(_) => "encrypt",
            Command::Decrypt(_) => "decrypt",
            Command::Verify(_) => "verify",
            Command::Inspect(_) => "inspect",
            Command::Policy(args) => args.name(),
            Command::Ca(args) => ca::name(args),
            Command::Cert(args) => cert::name(args),
            Command::Trust(args) => trust::name(args),
            Command::Crl(args) => crl::name(args),
            Command::Keystore(args) => keystore::name(args),
            Command::Status(_) => "status",
            Command::Settings(_) => "settings",
            Command::Reasons(_) => "reasons",
            Command::Completions(_) => "completions",
        }
    }

    fn run(self, context: &Context) -> Result<ExitStatus, CommandError> {
        match self {
            Command::Sign(args) => sign::run(args, context),
            Command::Encrypt(args) => encrypt::run(*args, context),
            Command::Decrypt(args) => decrypt::run(args, context),
            Command::Verify(args) => verify::run(args, context),
            Command::Inspect(args) => inspect::run(*args, context),
            Command::Policy(args) => policy::run(args, context),
            Command::Ca(args) => ca::run(args, context),
            Command::Cert(args) => cert::run(args, context),
            Command::Trust(args) => trust::run(args, context),
            Command::Crl(args) => crl::run(args, context),
            Command::Keystore(args) => keystore::run(args, context),
            Command::Status(args) => status::run(args, context),
            Command::Settings(args) => settings::run(args, context),
            Command::Reasons(args) => reasons::run(args, context),
            Command::Completions(args) => completions::run(args, context),
        }
    }
}

/// Runs the program with `arguments`, the name of the program first.
pub fn run(arguments: Vec<OsString>) -> ExitStatus {
    memory::keep_private();
    let for_mail_server = policy::mail_server::is_meant(&arguments);
    if for_mail_server {
        // Where the system has nothing left for it, the mail is filtered all the same.
        let _ = policy::signals::defer_mail();
    }
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => return refuse(&error, for_mail_server),
    };
    let context = Context::new(cli.global, cli.command.name());
    match cli.command.run(&context) {
        Ok(status) => status,
        Err(error) => {
            context.report_error(&error);
            error.exit_status()
        }
    }
}

/// What is wrong with a word that is none of a list, for parsers of options.
fn not_one_of(word: &str, words: &[&str]) -> String {
    let listed = words.join(", ");
    match find_nearest(word, words.iter().copied()) {
        Some(nearest) => format!("`{word}` is not one of {listed}; did you mean `{nearest}`?"),
        None => format!("`{word}` is not one of {listed}"),
    }
}

/// The definition of the whole command line, for completions and for checks of the man pages.
pub fn definition() -> clap::Command {
    Cli::command()
}

/// Tells that `what` went wrong inside the program, and how to report it.
pub fn report_bug(arguments: &[OsString], what: &str) -> ExitStatus {
    let error = CommandError::new(ErrorKind::Bug, format!("this is a bug in smime: {what}"))
        .hint("Please report it with the command and, if it can be shared, the input.");
    // The arguments that were parsed are gone; what stands in them is not.
    let json = arguments.iter().any(|argument| argument == "--json");
    let context = Context::new(GlobalArgs::for_bug_report(json), "unknown");
    let for_mail_server = policy::mail_server::is_meant(arguments);
    let status = match for_mail_server {
        true => policy::mail_server::status(error.exit_status()),
        false => error.exit_status(),
    };
    if for_mail_server {
        let line = policy::mail_server::first_line(status, &error.summary());
        context.console().write(&line);
    }
    context.report_error(&error);
    status
}

/// Prints help, or what is wrong with the arguments, in the form of all other messages.
fn refuse(error: &clap::Error, for_mail_server: bool) -> ExitStatus {
    use clap::error::ErrorKind as Kind;
    match error.kind() {
        Kind::DisplayHelp | Kind::DisplayVersion => {
            // A reader that went away has seen enough.
            let _ = error.print();
            return ExitStatus::DONE;
        }
        Kind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let _ = error.print();
            return ErrorKind::Usage.into();
        }
        _ => {}
    }
    let mut text = Text::new(false);
    if for_mail_server {
        let rendered = error.render().to_string();
        let what = rendered.lines().next().unwrap_or_default();
        let what = what.strip_prefix("error: ").unwrap_or(what);
        text.add(policy::mail_server::first_line(ErrorKind::Usage.into(), what).trim_end())
            .end();
    }
    for line in error.render().to_string().lines() {
        if let Some(what) = line.strip_prefix("error: ") {
            text.add("smime: ")
                .styled(Style::Bad, "error")
                .add(": ")
                .line(what);
        } else if let Some(tip) = line.strip_prefix("  tip: ") {
            text.line(format_args!("smime: hint: {tip}"));
        } else if !line.is_empty() {
            text.line(line);
        }
    }
    let _ = std::io::stderr().lock().write_all(text.as_str().as_bytes());
    ErrorKind::Usage.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_is_consistent() {
        definition().debug_assert();
    }

    #[test]
    fn options_stand_before_or_after_the_command() {
        for arguments in [["--json", "reasons"], ["reasons", "--json"]] {
            let cli = Cli::try_parse_from(["smime"].into_iter().chain(arguments)).ok();
            assert!(cli.unwrap().global.json);
        }
    }
}
