//! `smime completions`: scripts that complete the command line in a shell.

use clap_complete::aot;
use serde::Serialize;

use crate::commands::{Context, definition};
use crate::error::{CommandError, ExitStatus};
use crate::report::json::FORMAT;
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

#[derive(Serialize)]
struct Document {
    format: u32,
    script: String,
}

pub(super) fn run(args: Args, context: &Context) -> Result<ExitStatus, CommandError> {
    let script = script(args.shell);
    if context.is_json() {
        let format = FORMAT;
        context.print(&Document { format, script }, |_| {})?;
    } else {
        // No text for people, in which tabs and the like would be escaped.
        let mut output = Output::open(context.output_path(), Access::Shared)?;
        output.write_octets(script.as_bytes())?;
        output.commit()?;
    }
    Ok(ExitStatus::DONE)
}

fn script(shell: Shell) -> String {
    let shell = match shell {
        Shell::Bash => aot::Shell::Bash,
        Shell::Zsh => aot::Shell::Zsh,
        Shell::Fish => aot::Shell::Fish,
    };
    let mut script = Vec::new();
    aot::generate(shell, &mut definition(), "smime", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}
