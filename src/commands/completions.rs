//! `smime completions`: scripts that complete the command line in a shell.

use clap_complete::aot;

use crate::commands::{Context, definition};
use crate::error::{CommandError, ExitStatus};
use crate::stdio::{Access, Output};

/// Print the completion script for a shell.
///
/// The same scripts are installed with the package.
#[derive(clap::Args)]
#[command(
    after_help = "Example: smime completions bash > ~/.local/share/bash-completion/completions/smime"
)]
pub(super) struct Args {
    /// The shell.
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Shell {
    Bash,
    Zsh,
    Fish,
}

pub(super) fn run(args: Args, context: &Context) -> Result<ExitStatus, CommandError> {
    let mut output = Output::open(context.output_path(), Access::Shared)?;
    output.write_octets(&script(args.shell))?;
    output.commit()?;
    Ok(ExitStatus::DONE)
}

fn script(shell: Shell) -> Vec<u8> {
    let shell = match shell {
        Shell::Bash => aot::Shell::Bash,
        Shell::Zsh => aot::Shell::Zsh,
        Shell::Fish => aot::Shell::Fish,
    };
    let mut script = Vec::new();
    aot::generate(shell, &mut definition(), "smime", &mut script);
    script
}
