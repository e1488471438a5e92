//! `smime cert list`: what is stored.

use crate::address::Address;
use crate::commands::Context;
use crate::commands::certificates::{Certificates, Row, list};
use crate::error::{CommandError, ExitStatus};
use crate::keystore::{Keystore, Kind, StoredCertificate, expiring};

/// List the stored certificates.
///
/// Users' identities come first, then third parties' certificates, held ones and those of CAs.
#[derive(clap::Args)]
#[command(after_help = "Example: smime cert list --expiring 30")]
pub(in crate::commands) struct Args {
    /// Only those for this address.
    #[arg(long, value_name = "ADDRESS")]
    address: Option<Address>,
    /// Only those that are valid and end within this many days.
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(i64).range(0..))]
    expiring: Option<i64>,
}

pub(in crate::commands) fn run(args: Args, context: &Context) -> Result<ExitStatus, CommandError> {
    let now = context.now()?;
    let keystore = context.keystore()?;
    let mut found = find(&args, &keystore)?;
    if let Some(days) = args.expiring {
        found = expiring(&found, now, days);
    } else {
        found.sort_by_cached_key(|stored| {
            let addresses: Vec<String> =
                stored.addresses.iter().map(|own| own.canonical()).collect();
            let newest = std::cmp::Reverse(stored.certificate.not_before());
            (rank(stored.kind), addresses, newest)
        });
    }
    context.warn_of_damage(&keystore);
    let document = Certificates::new(found.iter().map(Row::from).collect());
    context.print(&document, |text| list(&document.certificates, text))?;
    Ok(ExitStatus::DONE)
}

fn find(args: &Args, keystore: &Keystore) -> Result<Vec<StoredCertificate>, CommandError> {
    Ok(match &args.address {
        Some(address) => keystore.find_by_address(address)?.certificates,
        None => keystore.certificates()?,
    })
}

fn rank(kind: Kind) -> usize {
    match kind {
        Kind::Identity => 0,
        Kind::ThirdParty => 1,
        Kind::Held => 2,
        Kind::Ca => 3,
    }
}
