//! `smime cert`: the certificates of users and correspondents.

mod approve;
mod check;
mod export;
mod from_message;
mod gate;
mod import;
mod issue;
mod judgment;
mod list;
mod protected_file;
mod remove;
mod renew;
mod revoke;
mod show;
mod storing;
mod telling;

use crate::commands::Context;
use crate::error::{CommandError, ExitStatus};

/// Issue, import, export and look after certificates.
///
/// A SELECTOR names stored certificates: an address, or the first 8 or more hex digits of a
/// fingerprint.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n\
    \x20   smime cert issue alice@example.com\n\
    \x20   smime cert import partner.p7b\n\
    \x20   smime cert list --expiring 30")]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    Issue(issue::Args),
    Import(import::Args),
    Export(export::Args),
    Check(check::Args),
    List(list::Args),
    Show(show::Args),
    Renew(renew::Args),
    Revoke(revoke::Args),
    Remove(remove::Args),
    Approve(approve::Args),
}

pub(super) fn name(args: &Args) -> &'static str {
    match args.command {
        Command::Issue(_) => "cert issue",
        Command::Import(_) => "cert import",
        Command::Export(_) => "cert export",
        Command::Check(_) => "cert check",
        Command::List(_) => "cert list",
        Command::Show(_) => "cert show",
        Command::Renew(_) => "cert renew",
        Command::Revoke(_) => "cert revoke",
        Command::Remove(_) => "cert remove",
        Command::Approve(_) => "cert approve",
    }
}

pub(super) fn run(args: Args, context: &Context) -> Result<ExitStatus, CommandError> {
    match args.command {
        Command::Issue(args) => issue::run(args, context),
        Command::Import(args) => import::run(args, context),
        Command::Export(args) => export::run(args, context),
        Command::Check(args) => check::run(args, context),
        Command::List(args) => list::run(args, context),
        Command::Show(args) => show::run(args, context),
        Command::Renew(args) => renew::run(args, context),
        Command::Revoke(args) => revoke::run(args, context),
        Command::Remove(args) => remove::run(args, context),
        Command::Approve(args) => approve::run(args, context),
    }
}
