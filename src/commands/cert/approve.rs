//! `smime cert approve`: a held certificate is taken into use.

use crate::commands::Context;
use crate::commands::certificates::Row;
use crate::commands::selecting::{require_any, require_one};
use crate::error::{CommandError, ErrorKind, ExitStatus};
use crate::keystore::{Kind, LOCK_TIMEOUT, Selector};
use crate::stdio::escape;

/// Approve a held certificate.
///
/// With the setting `rollover hold`, a correspondent's new certificate is held until it is
/// approved. From then on it is trusted for its address. Prints its fingerprint.
#[derive(clap::Args)]
#[command(after_help = "Example: smime cert approve partner@example.com")]
pub(in crate::commands) struct Args {
    /// An address, or the beginning of a fingerprint; it must name one held certificate.
    #[arg(value_name = "SELECTOR")]
    selector: Selector,
}

pub(in crate::commands) fn run(args: Args, context: &Context) -> Result<ExitStatus, CommandError> {
    let keystore = context.keystore()?;
    let writer = keystore.lock(LOCK_TIMEOUT)?;
    let mut found = require_any(&keystore, &args.selector)?;
    found.retain(|stored| stored.kind == Kind::Held);
    let approved = match found.is_empty() {
        true => None,
        false => {
            let one = require_one(found, &args.selector)?;
            writer.approve(&one.certificate.fingerprint())?
        }
    };
    drop(writer);
    let Some(approved) = approved else {
        let selector = escape(&args.selector.to_string()).into_owned();
        let what = format!("no certificate of `{selector}` waits for approval");
        return Err(CommandError::new(ErrorKind::NoCertificate, what)
            .hint("`smime status` lists the certificates that are held."));
    };
    context.print_fingerprints(vec![Row::from(&approved)])?;
    Ok(ExitStatus::DONE)
}
