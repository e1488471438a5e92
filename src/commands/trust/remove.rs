//! `smime trust remove`: a CA is trusted no longer.

use crate::commands::Context;
use crate::commands::certificates::{Row, short};
use crate::error::{CommandError, ErrorKind, ExitStatus};
use crate::keystore::{LOCK_TIMEOUT, Selector};
use crate::pki::Certificate;
use crate::stdio::escape;

/// Take a CA off the list of trusted CAs.
///
/// Prints the fingerprint of what was removed.
#[derive(clap::Args)]
#[command(after_help = "Example: smime trust remove 3f9a0c1d")]
pub(in crate::commands) struct Args {
    /// The beginning of its fingerprint, or an address in it; it must name one CA.
    #[arg(value_name = "SELECTOR")]
    selector: Selector,
}

pub(in crate::commands) fn run(args: Args, context: &Context) -> Result<ExitStatus, CommandError> {
    let keystore = context.keystore()?;
    let writer = keystore.lock(LOCK_TIMEOUT)?;
    let mut found = keystore.trusted()?;
    found.retain(|certificate| fits(certificate, &args.selector));
    let one = require_one(&found, &args.selector)?;
    writer.distrust(&one.fingerprint())?;
    drop(writer);
    context.print_fingerprints(vec![Row::from(one)])?;
    Ok(ExitStatus::DONE)
}

fn fits(certificate: &Certificate, selector: &Selector) -> bool {
    match selector {
        Selector::Address(address) => certificate.addresses().contains(address),
        Selector::Fingerprint(digits) => certificate.fingerprint().to_string().starts_with(digits),
    }
}

fn require_one<'a>(
    found: &'a [Certificate],
    selector: &Selector,
) -> Result<&'a Certificate, CommandError> {
    let selector = escape(&selector.to_string()).into_owned();
    match found {
        [one] => Ok(one),
        [] => {
            let what = format!("no trusted CA has `{selector}`");
            Err(CommandError::new(ErrorKind::NoCertificate, what)
                .hint("`smime trust list` lists the trusted CAs."))
        }
        several => {
            let names = several.iter().map(|one| {
                let sha256 = one.fingerprint().to_string();
                format!("{} ({})", short(&sha256), one.subject())
            });
            let names = names.collect::<Vec<_>>().join(", ");
            let what = format!("`{selector}` names {} trusted CAs", several.len());
            Err(CommandError::usage(what).hint(format!("Name one by its fingerprint: {names}.")))
        }
    }
}
