//! `smime ca export`: the certificate of the local CA, for partners.

use crate::commands::Context;
use crate::commands::certificate_files::{Encoding, write_certificates};
use crate::commands::certificates::{Certificates, Row};
use crate::error::{CommandError, ExitStatus};

/// Write the certificate of the local CA, for partners who are to trust it.
///
/// Never writes its private key.
#[derive(clap::Args)]
#[command(after_help = "Example: smime ca export -o example-ca.pem")]
pub(super) struct Args {
    /// The form of the file.
    #[arg(long, value_name = "FORMAT", default_value = "pem")]
    format: Encoding,
}

pub(super) fn run(args: Args, context: &Context) -> Result<ExitStatus, CommandError> {
    let authority = context.keystore()?.require_authority()?;
    write_certificates(context, &[&authority.certificate], args.format)?;
    let row = Row::from(&authority.to_stored());
    context.print_beside_file(&Certificates::new(vec![row]))?;
    Ok(ExitStatus::DONE)
}
