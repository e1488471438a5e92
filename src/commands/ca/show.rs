//! `smime ca show`: the facts of the local CA.

use crate::commands::Context;
use crate::commands::certificates::{Certificates, Row};
use crate::error::{CommandError, ExitStatus};

/// Show the certificate of the local CA.
///
/// Tells its name, fingerprint, validity and key.
#[derive(clap::Args)]
#[command(after_help = "Example: smime ca show")]
pub(super) struct Args {}

pub(super) fn run(_: Args, context: &Context) -> Result<ExitStatus, CommandError> {
    let now = context.now()?;
    let authority = context.keystore()?.require_authority()?;
    let row = Row::from(&authority.to_stored());
    let document = Certificates::new(vec![row]);
    context.print(&document, |text| {
        for row in &document.certificates {
            row.describe(now, text);
        }
    })?;
    Ok(ExitStatus::DONE)
}
