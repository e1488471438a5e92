//! `smime ca`: the local certification authority.

mod archive_file;
mod crl;
mod export;
mod init;
mod material;
mod reset;
mod restore;
mod show;

use crate::commands::Context;
use crate::error::{CommandError, ExitStatus};

/// Make and manage the local CA.
///
/// The local CA issues the certificates of users. It must exist before anything is protected, even
/// where all certificates in use come from other CAs.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n\
    \x20   smime ca init --organization \"Example Ltd\" --country GB\n\
    \x20   smime ca export -o example-ca.pem")]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    Init(Box<init::Args>),
    Show(show::Args),
    Export(export::Args),
    Crl(crl::Args),
    Reset(reset::Args),
    Restore(restore::Args),
}

pub(super) fn name(args: &Args) -> &'static str {
    match args.command {
        Command::Init(_) => "ca init",
        Command::Show(_) => "ca show",
        Command::Export(_) => "ca export",
        Command::Crl(_) => "ca crl",
        Command::Reset(_) => "ca reset",
        Command::Restore(_) => "ca restore",
    }
}

pub(super) fn run(args: Args, context: &Context) -> Result<ExitStatus, CommandError> {
    match args.command {
        Command::Init(args) => init::run(*args, context),
        Command::Show(args) => show::run(args, context),
        Command::Export(args) => export::run(args, context),
        Command::Crl(args) => crl::run(args, context),
        Command::Reset(args) => reset::run(args, context),
        Command::Restore(args) => restore::run(args, context),
    }
}
