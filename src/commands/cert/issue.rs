//! `smime cert issue`: a key and certificate for a user.

use crate::address::Address;
use crate::commands::Context;
use crate::commands::certificates::Row;
use crate::commands::issuing::{KeyTypeName, issue_error};
use crate::crypto::key::PrivateKey;
use crate::error::{CommandError, ExitStatus};
use crate::keystore::select;
use crate::keystore::{Keystore, Kind, LOCK_TIMEOUT, NewCertificate, Origin, StoredCertificate};
use crate::pki::Purpose;
use crate::pki::issue::{Authority, LeafProfile, SubjectName, Usage, issue};
use crate::time::Time;

/// Issue a certificate to a user.
///
/// Makes one private key and one certificate for all the addresses, signed by the local CA, and
/// prints the fingerprint. Where there is one for an address already, both are kept.
#[derive(clap::Args)]
#[command(after_help = "Example: smime cert issue user@example.com --name \"A User\"")]
pub(in crate::commands) struct Args {
    /// The addresses of the user.
    #[arg(value_name = "ADDRESS", required = true)]
    addresses: Vec<Address>,
    /// The name of the user; else the first address.
    #[arg(long, value_name = "CN")]
    name: Option<String>,
    /// The type of the key.
    #[arg(long, value_name = "TYPE")]
    key_type: Option<KeyTypeName>,
    /// How many days the certificate is valid, at most as long as the CA's.
    #[arg(long, value_name = "N", default_value_t = 730, value_parser = clap::value_parser!(u32).range(1..))]
    days: u32,
    /// What the key is for.
    #[arg(long, value_name = "USAGE", default_value = "both")]
    usage: UsageName,
    /// Succeed without doing anything if there is a usable certificate for all the addresses.
    #[arg(long)]
    if_missing: bool,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum UsageName {
    Sign,
    Encrypt,
    Both,
}

pub(in crate::commands) fn run(args: Args, context: &Context) -> Result<ExitStatus, CommandError> {
    let now = context.now()?;
    let keystore = context.keystore()?;
    if args.if_missing
        && let Some(known) = find_usable(&args, &keystore, now)?
    {
        return print(context, &known);
    }
    let authority = keystore.require_authority()?;
    let settings = keystore.settings()?;
    let kind = args
        .key_type
        .map_or(settings.key_type, KeyTypeName::key_type);
    let ring = keystore.key_ring()?;
    let authority_key = ring.open(&authority.key, context.passphrases())?;
    let key = PrivateKey::generate(kind).map_err(|error| issue_error(error.into()))?;
    let issuer = Authority {
        certificate: &authority.certificate,
        key: &authority_key,
    };
    let writer = keystore.lock(LOCK_TIMEOUT)?;
    let serial = writer.draw_serial()?;
    let profile = profile(&args, &key);
    let certificate = issue(&issuer, &profile, &serial, now).map_err(issue_error)?;
    let new = NewCertificate {
        addresses: certificate.addresses(),
        certificate,
        origin: Origin::Issued,
        added: now,
        provenance: None,
        capabilities: None,
    };
    let name = writer.store_key(&key, &ring, context.passphrases())?;
    writer.add_identity(&new, name)?;
    drop(writer);
    let end = new.certificate.not_after();
    if end < now.plus_days(args.days.into()) {
        let end = end.to_local_text();
        context.console().warning(format_args!(
            "the certificate is valid until {end} only, when that of the CA ends"
        ));
    }
    let fingerprint = new.certificate.fingerprint();
    match keystore.find_by_fingerprint(&fingerprint)? {
        Some(stored) => print(context, &stored),
        None => Err(CommandError::data(format!(
            "certificate {fingerprint} was removed meanwhile"
        ))),
    }
}

fn print(context: &Context, stored: &StoredCertificate) -> Result<ExitStatus, CommandError> {
    context.print_fingerprints(vec![Row::from(stored)])?;
    Ok(ExitStatus::DONE)
}

fn profile(args: &Args, key: &PrivateKey) -> LeafProfile {
    LeafProfile {
        name: SubjectName {
            common_name: args.name.clone(),
            ..SubjectName::default()
        },
        addresses: args.addresses.clone(),
        usage: match args.usage {
            UsageName::Sign => Usage::Sign,
            UsageName::Encrypt => Usage::Encrypt,
            UsageName::Both => Usage::Both,
        },
        days: args.days,
        key: key.public_key().clone(),
        crl_url: None,
    }
}

/// An identity that can be used now for all the addresses and for everything that is asked.
fn find_usable(
    args: &Args,
    keystore: &Keystore,
    now: Time,
) -> Result<Option<StoredCertificate>, CommandError> {
    let Some(first) = args.addresses.first() else {
        return Ok(None);
    };
    let mut known = keystore.find_by_address(first)?.certificates;
    known.retain(|stored| {
        let for_all = |address| stored.addresses.contains(address);
        stored.kind == Kind::Identity && args.addresses.iter().all(for_all)
    });
    let purposes: &[Purpose] = match args.usage {
        UsageName::Sign => &[Purpose::Sign],
        UsageName::Encrypt => &[Purpose::Encrypt],
        UsageName::Both => &[Purpose::Sign, Purpose::Encrypt],
    };
    for purpose in purposes {
        known = select(known, *purpose, now).usable;
    }
    Ok(known.into_iter().next())
}
