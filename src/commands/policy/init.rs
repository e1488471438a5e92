//! `smime policy init`: a policy file to start from.

use serde::Serialize;

use crate::commands::Context;
use crate::error::{CommandError, ExitStatus};
use crate::keystore::LOCK_TIMEOUT;
use crate::policy::file::STARTER;
use crate::report::json::FORMAT;

/// Write a policy file that holds only comments, which show every key.
///
/// It changes nothing until the comment signs are taken away. A policy file that exists is left as
/// it is.
#[derive(clap::Args)]
#[command(after_help = "Example: smime policy init")]
pub(super) struct Args {}

#[derive(Serialize)]
struct Document {
    format: u32,
    file: String,
}

pub(super) fn run(_: Args, context: &Context) -> Result<ExitStatus, CommandError> {
    let keystore = context.keystore()?;
    keystore
        .lock(LOCK_TIMEOUT)?
        .create_policy(STARTER.as_bytes())?;
    let path = keystore.policy_path().to_string_lossy().into_owned();
    context.console().note(format_args!("wrote {path}"));
    context.print_beside_file(&Document {
        format: FORMAT,
        file: path,
    })?;
    Ok(ExitStatus::DONE)
}
