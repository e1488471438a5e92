//! `smime ca crl`: the local CA's certificate revocation list.

use crate::asn1::pem;
use crate::commands::Context;
use crate::commands::certificate_files::{refuse_terminal, write_file};
use crate::commands::crl::Lists;
use crate::commands::issuing::{LocalAuthority, issue_error};
use crate::error::{CommandError, ExitStatus};
use crate::keystore::LOCK_TIMEOUT;
use crate::pki::issue::{ListProfile, issue_list};
use crate::stdio::Access;

/// Issue the certificate revocation list of the local CA.
///
/// It lists all certificates that the CA has revoked. Each has a number, which is never used twice.
/// Publish it where partners get it, and issue the next one before this one is out of date.
#[derive(clap::Args)]
#[command(after_help = "Example: smime ca crl --days 7 --format der -o example-ca.crl")]
pub(super) struct Args {
    /// In how many days the next one is due at the latest.
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=3650))]
    days: u32,
    /// The form of the file.
    #[arg(long, value_name = "FORMAT", default_value = "pem")]
    format: ListEncoding,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum ListEncoding {
    /// Text.
    Pem,
    /// Binary, as it is published at a URL (RFC 5280 section 4.2.1.13).
    Der,
}

pub(super) fn run(args: Args, context: &Context) -> Result<ExitStatus, CommandError> {
    let now = context.now()?;
    if args.format == ListEncoding::Der {
        refuse_terminal(context)?;
    }
    let keystore = context.keystore()?;
    let local = LocalAuthority::open(&keystore, context)?;
    let writer = keystore.lock(LOCK_TIMEOUT)?;
    writer.expect_authority(local.authority().certificate)?;
    let revoked = keystore.revocations()?;
    let revoked = revoked.into_iter().map(|one| (one.serial, one.revoked));
    let profile = ListProfile {
        number: writer.draw_crl_number()?,
        days: args.days,
        revoked: revoked.collect(),
    };
    drop(writer);
    let list = issue_list(&local.authority(), &profile, now).map_err(issue_error)?;
    let octets = match args.format {
        ListEncoding::Pem => pem::encode("X509 CRL", list.der()).into_bytes(),
        ListEncoding::Der => list.der().to_vec(),
    };
    write_file(context, &octets, Access::Shared)?;
    context.print_beside_file(&Lists::new(std::iter::once(&list)))?;
    Ok(ExitStatus::DONE)
}
