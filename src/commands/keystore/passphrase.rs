//! `smime keystore passphrase`: another passphrase for all private keys.

use std::path::PathBuf;

use serde::Serialize;

use crate::commands::Context;
use crate::commands::passphrase::NewPassphraseSources;
use crate::error::{CommandError, ExitStatus};
use crate::keystore::{KeyProtection, LOCK_TIMEOUT};
use crate::report::json::FORMAT;

/// Change the passphrase of all private keys at once.
///
/// The passphrase in force comes from the sources under Passphrases, the new one from an option
/// here, from $SMIME_NEW_PASSPHRASE, or from the terminal, where it is typed twice. A run that is
/// interrupted leaves all keys under the old passphrase, or all under the new one.
#[derive(clap::Args)]
#[command(
    after_help = "Example: smime keystore passphrase --passphrase-file old \
    --new-passphrase-file new"
)]
pub(super) struct Args {
    /// Read the new passphrase from FILE.
    #[arg(long, value_name = "FILE")]
    new_passphrase_file: Option<PathBuf>,
    /// Read the new passphrase from the open file descriptor N.
    #[arg(long, value_name = "N")]
    new_passphrase_fd: Option<u32>,
    /// Have none from now on: protect private keys by file modes alone.
    #[arg(long, conflicts_with_all = ["new_passphrase_file", "new_passphrase_fd"])]
    no_passphrase: bool,
}

#[derive(Serialize)]
struct Document {
    format: u32,
    keys: usize,
    keys_protected: bool,
}

pub(super) fn run(args: Args, context: &Context) -> Result<ExitStatus, CommandError> {
    let keystore = context.keystore()?;
    // A wrong passphrase is told before a new one is asked for.
    let ring = keystore.key_ring()?;
    ring.unlock(context.passphrases())?;
    let new = if args.no_passphrase {
        None
    } else {
        let sources = NewPassphraseSources {
            file: args.new_passphrase_file.as_deref(),
            descriptor: args.new_passphrase_fd,
        };
        Some(context.passphrases().for_changed_keystore(&sources)?)
    };
    let protection = match &new {
        Some(new) => KeyProtection::Passphrase(new),
        None => KeyProtection::FileModesOnly,
    };
    let writer = keystore.lock(LOCK_TIMEOUT)?;
    let document = Document {
        format: FORMAT,
        keys: writer.replace_protection(&ring, context.passphrases(), protection)?,
        keys_protected: new.is_some(),
    };
    context.print(&document, |text| {
        let how = match document.keys_protected {
            true => "protected by the new passphrase",
            false => "protected by file modes alone",
        };
        text.line(format_args!("private keys {how}: {}", document.keys));
    })?;
    Ok(ExitStatus::DONE)
}
