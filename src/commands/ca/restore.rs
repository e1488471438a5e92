//! `smime ca restore`: what a backup holds, back in place.

use std::path::PathBuf;

use serde::Serialize;

use super::archive_file;
use crate::commands::Context;
use crate::commands::certificates::{Row, list, list_authorities};
use crate::error::{CommandError, ErrorKind, ExitStatus};
use crate::keystore::{Keystore, KeystoreError, LOCK_TIMEOUT};
use crate::report::json::FORMAT;

/// Bring back what `smime ca reset --backup` has written.
///
/// The local CA, all certificates and keys, the list of trusted CAs, CRLs and revocations come back, and
/// protection is as it was. The keystore must hold none of them; where none is, it is made. Settings and
/// policy come from the backup only where there are none. Private keys keep their passphrase; the
/// backup has its own, from the sources for protected files.
#[derive(clap::Args)]
#[command(after_help = "Example: smime ca restore backup-of-keystore")]
pub(super) struct Args {
    /// The backup.
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

#[derive(Serialize)]
struct Document {
    format: u32,
    protection: &'static str,
    certificates: Vec<Row>,
    trusted: Vec<Row>,
    crls: usize,
    revoked: usize,
}

pub(super) fn run(args: Args, context: &Context) -> Result<ExitStatus, CommandError> {
    let path = context.keystore_path()?;
    let archive = archive_file::read(context, &args.file)?;
    let keystore =
        Keystore::restore(&path, &archive, LOCK_TIMEOUT).map_err(|error| match error {
            KeystoreError::Exists { .. } => CommandError::new(
                ErrorKind::CannotCreate,
                format!("{} holds something already", path.display()),
            )
            .hint("`smime ca reset --dry-run` lists what; -k DIR names another keystore."),
            error => error.into(),
        })?;
    let restored = keystore.reset_preview()?;
    context.warn_of_damage(&keystore);
    let document = Document {
        format: FORMAT,
        protection: keystore.protection()?.word(),
        certificates: restored.certificates.iter().map(Row::from).collect(),
        trusted: restored.trusted.iter().map(Row::from).collect(),
        crls: restored.lists.len(),
        revoked: restored.revocations.len(),
    };
    context.print(&document, |text| {
        text.line(format_args!(
            "restored: {}",
            super::reset::summary(&restored)
        ));
        list(&document.certificates, text);
        list_authorities(&document.trusted, text);
    })?;
    Ok(ExitStatus::DONE)
}
