//! `smime cert remove`: a certificate, and its private key, go.

use crate::commands::Context;
use crate::commands::certificates::Row;
use crate::commands::selecting::{require_any, require_one};
use crate::error::{CommandError, ErrorKind, ExitStatus};
use crate::keystore::{Kind, LOCK_TIMEOUT, Selector};

/// Remove a certificate, and its private key if there is one.
///
/// Mail that was encrypted to a key that is removed cannot be decrypted any more: see
/// `smime cert export --with-private-key`. Prints the fingerprint of what was removed.
#[derive(clap::Args)]
#[command(after_help = "Example: smime cert remove 3f9a0c1d")]
pub(in crate::commands) struct Args {
    /// An address, or the beginning of a fingerprint; it must name one certificate.
    #[arg(value_name = "SELECTOR")]
    selector: Selector,
}

pub(in crate::commands) fn run(args: Args, context: &Context) -> Result<ExitStatus, CommandError> {
    let keystore = context.keystore()?;
    let writer = keystore.lock(LOCK_TIMEOUT)?;
    let found = require_any(&keystore, &args.selector)?;
    let stored = require_one(found, &args.selector)?;
    let removed = writer.remove(&stored.certificate.fingerprint())?;
    drop(writer);
    let Some(removed) = removed else {
        // It was found and cannot have gone while the keystore is locked: the local CA's own.
        let what = "the certificate of the local CA cannot be removed alone";
        return Err(CommandError::new(ErrorKind::Usage, what)
            .hint("`smime ca reset` removes the CA with all certificates and keys."));
    };
    if removed.kind == Kind::Identity {
        context.console().warning("the private key was removed too");
    }
    context.print_fingerprints(vec![Row::from(&removed)])?;
    Ok(ExitStatus::DONE)
}
