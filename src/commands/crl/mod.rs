//! `smime crl`: the stored certificate revocation lists.

mod add;
pub(super) mod judging;
mod list;
mod remove;
pub(super) mod row;

pub(super) use row::Lists;

use crate::commands::Context;
use crate::error::{CommandError, ExitStatus};

/// Manage the stored certificate revocation lists.
///
/// They are used where the setting `revocation` is `soft` or `hard`. What the local CA has revoked
/// is known without one.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n\
    \x20   smime crl add partner.crl\n\
    \x20   smime crl list")]
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
        Command::Add(_) => "crl add",
        Command::List(_) => "crl list",
        Command::Remove(_) => "crl remove",
    }
}

pub(super) fn run(args: Args, context: &Context) -> Result<ExitStatus, CommandError> {
    match args.command {
        Command::Add(args) => add::run(args, context),
        Command::List(args) => list::run(args, context),
        Command::Remove(args) => remove::run(args, context),
    }
}
