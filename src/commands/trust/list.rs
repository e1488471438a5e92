//! `smime trust list`: the trusted CAs.

use crate::commands::Context;
use crate::commands::certificates::{Certificates, Row, list_authorities};
use crate::error::{CommandError, ExitStatus};

/// List the trusted CAs.
#[derive(clap::Args)]
#[command(after_help = "Example: smime trust list")]
pub(in crate::commands) struct Args {}

pub(in crate::commands) fn run(_: Args, context: &Context) -> Result<ExitStatus, CommandError> {
    let keystore = context.keystore()?;
    let mut trusted = keystore.trusted()?;
    trusted.sort_by_cached_key(|certificate| certificate.subject().to_string());
    context.warn_of_damage(&keystore);
    let document = Certificates::new(trusted.iter().map(Row::from).collect());
    context.print(&document, |text| {
        list_authorities(&document.certificates, text)
    })?;
    Ok(ExitStatus::DONE)
}
