//! `smime ca reset`: start over.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::archive_file;
use crate::commands::Context;
use crate::commands::certificates::{Row, list, list_authorities};
use crate::error::{CommandError, ErrorKind, ExitStatus};
use crate::keystore::{Kind, LOCK_TIMEOUT, ResetPreview};
use crate::report::json::FORMAT;
use crate::stdio::Text;

/// Remove the local CA and all certificates and keys.
///
/// Removes the CA, all users' and third parties' certificates, held ones too, all private keys,
/// the list of trusted CAs, CRLs and revocations, and turns protection off. Keeps the policy and the settings. Mail that
/// was encrypted to the keys cannot be decrypted afterwards.
#[derive(clap::Args)]
#[command(after_help = "Example: smime ca reset --dry-run")]
pub(super) struct Args {
    /// List what would be removed, and remove nothing.
    #[arg(long)]
    dry_run: bool,
    /// Do not ask.
    #[arg(long)]
    yes: bool,
    /// First write everything to FILE, encrypted, for `smime ca restore`.
    ///
    /// Its passphrase comes from the sources for protected files. If it cannot be written, nothing is
    /// removed.
    #[arg(long, value_name = "FILE")]
    backup: Option<PathBuf>,
}

/// The word that has to be typed.
const CONSENT: &str = "reset";

#[derive(Serialize)]
struct Document {
    format: u32,
    removed: bool,
    backup: Option<String>,
    certificates: Vec<Row>,
    trusted: Vec<Row>,
    crls: usize,
    revoked: usize,
}

pub(super) fn run(args: Args, context: &Context) -> Result<ExitStatus, CommandError> {
    let keystore = context.keystore()?;
    let preview = keystore.reset_preview()?;
    if args.dry_run {
        return print(context, &preview, false, None);
    }
    if !args.yes {
        confirm(context, &preview)?;
    }
    let backup = match &args.backup {
        Some(path) => Some((path, archive_file::new_passphrase(context, path)?)),
        None => None,
    };
    let mut writer = keystore.lock(LOCK_TIMEOUT)?;
    if let Some((path, passphrase)) = &backup {
        archive_file::write(path, &writer.archive()?, passphrase)?;
    }
    let removed = writer.reset()?;
    print(context, &removed, true, args.backup.as_deref())
}

fn confirm(context: &Context, preview: &ResetPreview) -> Result<(), CommandError> {
    let question = format!(
        "smime: this removes {}. Type `{CONSENT}` to go on: ",
        summary(preview)
    );
    let answer = context.console().ask(&question);
    match answer.map_err(|error| CommandError::io("cannot read the answer", error))? {
        Some(answer) if answer == CONSENT => Ok(()),
        Some(_) => Err(CommandError::usage("nothing was removed")),
        None => Err(CommandError::new(ErrorKind::Usage, "a reset needs consent")
            .hint("Use --dry-run to see what would be removed, and --yes to remove it.")),
    }
}

pub(super) fn summary(preview: &ResetPreview) -> String {
    let kinds = [
        (preview.count(Kind::Ca), "CA certificate", "CA certificates"),
        (preview.count(Kind::Identity), "identity", "identities"),
        (
            preview.count(Kind::ThirdParty),
            "third-party certificate",
            "third-party certificates",
        ),
        (
            preview.count(Kind::Held),
            "held certificate",
            "held certificates",
        ),
        (preview.trusted.len(), "trusted CA", "trusted CAs"),
        (preview.lists.len(), "CRL", "CRLs"),
        (preview.revocations.len(), "revocation", "revocations"),
    ];
    let mut parts = Vec::new();
    for (count, one, several) in kinds {
        match count {
            0 => {}
            1 => parts.push(format!("1 {one}")),
            count => parts.push(format!("{count} {several}")),
        }
    }
    match parts.is_empty() {
        true => "nothing".to_owned(),
        false => format!("{}, and all private keys", parts.join(", ")),
    }
}

fn print(
    context: &Context,
    preview: &ResetPreview,
    removed: bool,
    backup: Option<&Path>,
) -> Result<ExitStatus, CommandError> {
    let document = Document {
        format: FORMAT,
        removed,
        backup: backup.map(|path| path.to_string_lossy().into_owned()),
        certificates: preview.certificates.iter().map(Row::from).collect(),
        trusted: preview.trusted.iter().map(Row::from).collect(),
        crls: preview.lists.len(),
        revoked: preview.revocations.len(),
    };
    context.print(&document, |text: &mut Text| {
        let what = if removed {
            "removed"
        } else {
            "would be removed"
        };
        text.line(format_args!("{what}: {}", summary(preview)));
        list(&document.certificates, text);
        list_authorities(&document.trusted, text);
        text.line("kept: policy and settings");
        if let Some(path) = &document.backup {
            text.line(format_args!("backup: {path}"));
        }
    })?;
    Ok(ExitStatus::DONE)
}
