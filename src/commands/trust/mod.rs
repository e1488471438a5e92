//! `smime trust`: the list of trusted CAs beside the local one.

mod add;
mod list;
mod remove;

use crate::commands::Context;
use crate::error::{CommandError, ExitStatus};

/// Manage the list of trusted CAs.
///
/// The local CA is trusted without being on the list.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n\
    \x20   smime trust add partner-ca.pem\n\
    \x20   smime trust list")]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    Add(add::Args),
    List(list::Args),
    Remove(remove::Args),
}

pub(super) fn name(args: &Args) -> &'static str {
    match args.command {
        Command::Add(_) => "trust add",
        Command::List(_) => "trust list",
        Command::Remove(_) => "trust remove",
    }
}

pub(super) fn run(args: Args, context: &Context) -> Result<ExitStatus, CommandError> {
    match args.command {
        Command::Add(args) => add::run(args, context),
        Command::List(args) => list::run(args, context),
        Command::Remove(args) => remove::run(args, context),
    }
}
