//! `smime policy`: what happens to a message, shown, explained and done.

mod apply;
mod check;
mod decided;
mod delivery;
mod envelope;
mod explanation;
mod inbound;
mod init;
mod judge;
pub(super) mod listing;
mod log;
pub(super) mod mail_server;
mod outbound;
mod protecting;
mod receiving;
mod show;
pub(super) mod signals;
#[cfg(test)]
mod tests;
mod validate;

use crate::commands::Context;
use crate::error::{CommandError, ErrorKind, ExitStatus};
use crate::keystore::Keystore;
use crate::policy::file::{Policy, PolicyError};
use crate::stdio::escape;

/// Show, explain and apply the policy: what happens to a message.
///
/// The policy is one TOML file in the keystore; see smime-policy(5). Without it the built-in
/// default holds: sign and encrypt what can be, decrypt and verify what can be.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n\
    \x20   smime policy init\n\
    \x20   smime policy check --direction outbound message.eml")]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    Check(check::Args),
    Apply(apply::Args),
    Show(show::Args),
    Init(init::Args),
    Validate(validate::Args),
}

impl Args {
    pub(super) fn name(&self) -> &'static str {
        match self.command {
            Command::Check(_) => "policy check",
            Command::Apply(_) => "policy apply",
            Command::Show(_) => "policy show",
            Command::Init(_) => "policy init",
            Command::Validate(_) => "policy validate",
        }
    }
}

pub(super) fn run(args: Args, context: &Context) -> Result<ExitStatus, CommandError> {
    match args.command {
        Command::Check(args) => check::run(args, context),
        Command::Apply(args) => apply::run(args, context),
        Command::Show(args) => show::run(args, context),
        Command::Init(args) => init::run(args, context),
        Command::Validate(args) => validate::run(args, context),
    }
}

/// The policy in force: the file's, or one without rules, which leaves all to the default.
fn policy_in_force(keystore: &Keystore) -> Result<Policy, CommandError> {
    let path = escape(&keystore.policy_path().to_string_lossy()).into_owned();
    match keystore.policy()? {
        None => Ok(Policy::default()),
        Some(octets) => parse(&octets, &path).map_err(|errors| invalid(&path, &errors)),
    }
}

/// Reads the octets of a policy file called `path`.
///
/// # Errors
/// All that is wrong with it; at least one error.
pub(super) fn parse(octets: &[u8], path: &str) -> Result<Policy, Vec<PolicyError>> {
    match std::str::from_utf8(octets) {
        Ok(text) => Policy::parse(text),
        Err(error) => Err(vec![PolicyError {
            line: octets[..error.valid_up_to()]
                .split(|octet| *octet == b'\n')
                .count(),
            column: 1,
            message: format!("{path} is not UTF-8 text"),
            hint: None,
        }]),
    }
}

/// The first error is the failure, the others are told beside it.
fn invalid(path: &str, errors: &[PolicyError]) -> CommandError {
    let what = match errors.len() {
        1 => format!("the policy file {path} is invalid"),
        count => format!("the policy file {path} is invalid in {count} places"),
    };
    let listed: Vec<String> = errors.iter().map(ToString::to_string).collect();
    let error = CommandError::new(ErrorKind::Configuration, what).caused_by(listed.join("; "));
    let hints = errors.iter().filter_map(|error| {
        error
            .hint
            .as_ref()
            .map(|hint| format!("Line {}: {hint}", error.line))
    });
    hints.take(3).fold(error, CommandError::hint)
}
