//! `smime cert show`: all facts of a certificate.

use crate::commands::Context;
use crate::commands::certificates::{Certificates, Row};
use crate::commands::selecting::require_any;
use crate::error::{CommandError, ExitStatus};
use crate::keystore::Selector;

/// Show everything about a certificate.
///
/// Where several fit, shows all of them.
#[derive(clap::Args)]
#[command(after_help = "Example: smime cert show user@example.com")]
pub(in crate::commands) struct Args {
    /// An address, or the beginning of a fingerprint.
    #[arg(value_name = "SELECTOR")]
    selector: Selector,
}

pub(in crate::commands) fn run(args: Args, context: &Context) -> Result<ExitStatus, CommandError> {
    let now = context.now()?;
    let keystore = context.keystore()?;
    let found = require_any(&keystore, &args.selector)?;
    context.warn_of_damage(&keystore);
    let document = Certificates::new(found.iter().map(Row::from).collect());
    context.print(&document, |text| {
        for (index, row) in document.certificates.iter().enumerate() {
            if index > 0 {
                text.end();
            }
            row.describe(now, text);
        }
    })?;
    Ok(ExitStatus::DONE)
}
