//! `smime crl remove`: a CRL is used no longer.

use super::Lists;
use crate::commands::Context;
use crate::commands::certificates::short;
use crate::error::{CommandError, ErrorKind, ExitStatus};
use crate::keystore::{LOCK_TIMEOUT, Selector};
use crate::pki::CertificateList;

/// Remove a stored certificate revocation list.
///
/// Prints the fingerprint of what was removed.
#[derive(clap::Args)]
#[command(after_help = "Example: smime crl remove 3f9a0c1d")]
pub(super) struct Args {
    /// The beginning of its fingerprint, at least 8 hex digits; it must name one CRL.
    #[arg(value_name = "SHA256", value_parser = digits)]
    digits: String,
}

fn digits(text: &str) -> Result<String, String> {
    match text.parse() {
        Ok(Selector::Fingerprint(digits)) => Ok(digits),
        _ => Err("a CRL is named by the first 8 or more digits of its fingerprint".to_owned()),
    }
}

pub(super) fn run(args: Args, context: &Context) -> Result<ExitStatus, CommandError> {
    let keystore = context.keystore()?;
    let writer = keystore.lock(LOCK_TIMEOUT)?;
    let mut found = keystore.lists()?;
    found.retain(|list| list.fingerprint().to_string().starts_with(&args.digits));
    let one = require_one(&found, &args.digits)?;
    writer.remove_list(&one.fingerprint())?;
    drop(writer);
    context.print(&Lists::new(std::iter::once(one)), |text| {
        text.line(one.fingerprint());
    })?;
    Ok(ExitStatus::DONE)
}

fn require_one<'a>(
    found: &'a [CertificateList],
    digits: &str,
) -> Result<&'a CertificateList, CommandError> {
    match found {
        [one] => Ok(one),
        [] => {
            let what = format!("no CRL has a fingerprint that begins with `{digits}`");
            Err(CommandError::new(ErrorKind::NoCertificate, what)
                .hint("`smime crl list` lists the stored CRLs."))
        }
        several => {
            let names = several.iter().map(|one| {
                let sha256 = one.fingerprint().to_string();
                format!("{} ({})", short(&sha256), one.issuer())
            });
            let names = names.collect::<Vec<_>>().join(", ");
            let what = format!("`{digits}` names {} CRLs", several.len());
            Err(CommandError::usage(what).hint(format!("Give more digits: {names}.")))
        }
    }
}
