//! The options that every command has.

use std::path::PathBuf;

use clap::Args;

use crate::commands::time_choice::TimeChoice;
use crate::stdio::ColorChoice;

/// Options that stand before or after the command.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Global options")]
pub struct GlobalArgs {
    /// Use the keystore in DIR.
    ///
    /// Default: $SMIME_KEYSTORE, else $XDG_DATA_HOME/smime, else ~/.local/share/smime.
    #[arg(short, long, global = true, value_name = "DIR")]
    pub(super) keystore: Option<PathBuf>,

    /// Use no keystore, only the files that are named.
    #[arg(long, global = true, conflicts_with = "keystore")]
    pub(super) no_keystore: bool,

    /// Judge at this time instead of now.
    ///
    /// An RFC 3339 date or time such as 2026-11-24T08:00:00Z; or `signing-time` or `received`,
    /// which are claims of the message and marked so in the report.
    #[arg(long, global = true, value_name = "TIME", value_parser = TimeChoice::parse)]
    pub(super) time: Option<TimeChoice>,

    /// Write the result to FILE instead of stdout.
    ///
    /// The file appears complete or not at all, and may be the input file.
    #[arg(short, long, global = true, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,

    /// Put one JSON document on stdout instead of the result.
    ///
    /// A message goes to the file that -o names, if one is named.
    #[arg(long, global = true)]
    pub(super) json: bool,

    /// Tell only answers and errors.
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(super) quiet: bool,

    /// Tell everything that was checked.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(super) verbose: u8,

    /// When to use color.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(super) color: ColorChoice,

    /// Show no progress of long work.
    #[arg(long, global = true)]
    pub(super) no_progress: bool,

    #[command(flatten)]
    pub(super) passphrases: PassphraseArgs,
}

/// Where passphrases come from; never from the value of an option.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Passphrases")]
pub(super) struct PassphraseArgs {
    /// Read the passphrase of the keystore from FILE.
    ///
    /// Else from the descriptor of --passphrase-fd, $SMIME_PASSPHRASE, the file named by
    /// $SMIME_PASSPHRASE_FILE, or the terminal. One line end at the end is dropped.
    #[arg(long, global = true, value_name = "FILE")]
    pub(super) passphrase_file: Option<PathBuf>,

    /// Read the passphrase of the keystore from the open file descriptor N.
    #[arg(long, global = true, value_name = "N")]
    pub(super) passphrase_fd: Option<u32>,

    /// Read the passphrase of a protected file from FILE.
    ///
    /// For PKCS #12 and encrypted PEM, read or written. Else from the descriptor of
    /// --file-passphrase-fd, $SMIME_FILE_PASSPHRASE, the terminal, or as for the keystore.
    #[arg(long, global = true, value_name = "FILE")]
    pub(super) file_passphrase_file: Option<PathBuf>,

    /// Read the passphrase of a protected file from the open file descriptor N.
    #[arg(long, global = true, value_name = "N")]
    pub(super) file_passphrase_fd: Option<u32>,
}

impl GlobalArgs {
    /// The options of a run whose own were lost to a bug.
    pub(super) fn for_bug_report(json: bool) -> GlobalArgs {
        GlobalArgs {
            json,
            ..GlobalArgs::default()
        }
    }
}
