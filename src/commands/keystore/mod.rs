//! `smime keystore`: care of the keystore as a whole.

mod check;
mod passphrase;

use crate::commands::Context;
use crate::error::{CommandError, ExitStatus};

/// Check the keystore, and change its passphrase.
///
/// What is where in it is described in smime-keystore(5).
#[derive(clap::Args)]
#[command(after_help = "Examples:\n\
    \x20   smime keystore check\n\
    \x20   smime keystore passphrase")]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    Check(check::Args),
    Passphrase(passphrase::Args),
}

pub(super) fn name(args: &Args) -> &'static str {
    match args.command {
        Command::Check(_) => "keystore check",
        Command::Passphrase(_) => "keystore passphrase",
    }
}

pub(super) fn run(args: Args, context: &Context) -> Result<ExitStatus, CommandError> {
    match args.command {
        Command::Check(args) => check::run(args, context),
        Command::Passphrase(args) => passphrase::run(args, context),
    }
}
