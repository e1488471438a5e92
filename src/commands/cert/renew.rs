//! `smime cert renew`: the local CA issues the successor of a certificate.

use std::collections::BTreeSet;

use crate::commands::Context;
use crate::commands::certificates::Row;
use crate::commands::issuing::{LocalAuthority, issue_error, make_key, not_issued_here};
use crate::commands::selecting::require_any;
use crate::error::{CommandError, ExitStatus};
use crate::keystore::{
    Keystore, Kind, LOCK_TIMEOUT, Selector, StoredAuthority, StoredCertificate, Writer, expiring,
};
use crate::pki::KeyUsage;
use crate::pki::issue::{LEAF_DAYS, LeafProfile};
use crate::time::Time;

/// Renew certificates that the local CA has issued.
///
/// The new one is for the same name, addresses, usage and key, and both are kept: the newest is used
/// from then on, and old keys still decrypt old mail. Prints the fingerprints of the new ones.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    smime cert renew user@example.com --rekey\n  \
    smime cert renew --expiring 30")]
pub(in crate::commands) struct Args {
    /// An address, or the beginning of a fingerprint. Of several certificates for an address the
    /// newest of each usage is renewed.
    #[arg(
        value_name = "SELECTOR",
        required_unless_present = "expiring",
        conflicts_with = "expiring"
    )]
    selector: Option<Selector>,
    /// Renew all that are valid, end within this many days, and have no successor yet.
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(i64).range(0..))]
    expiring: Option<i64>,
    /// Make a new key, of the type that the setting `key-type` says.
    #[arg(long)]
    rekey: bool,
    /// How many days the new certificate is valid: at most 825, and not beyond the CA's own.
    #[arg(long, value_name = "N", default_value_t = 730, value_parser = clap::value_parser!(u32).range(1..=i64::from(LEAF_DAYS)))]
    days: u32,
}

pub(in crate::commands) fn run(args: Args, context: &Context) -> Result<ExitStatus, CommandError> {
    let now = context.now()?;
    let keystore = context.keystore()?;
    let mut rows = Vec::new();
    if !renewable(&args, &keystore, now)?.is_empty() {
        let local = LocalAuthority::open(&keystore, context)?;
        let writer = keystore.lock(LOCK_TIMEOUT)?;
        // Another run may have renewed or removed some while this one waited.
        for stored in &renewable(&args, &keystore, now)? {
            rows.push(renew(stored, &args, &local, &writer, context, now)?);
        }
    }
    context.print_fingerprints(rows)?;
    Ok(ExitStatus::DONE)
}

/// What is to be renewed.
fn renewable(
    args: &Args,
    keystore: &Keystore,
    now: Time,
) -> Result<Vec<StoredCertificate>, CommandError> {
    let authority = keystore.require_authority()?;
    let renewable = match (&args.selector, args.expiring) {
        (Some(selector), _) => selected(keystore, &authority, selector)?,
        (None, days) => ending(keystore, &authority, now, days.unwrap_or_default())?,
    };
    if args.rekey
        && let Some(elsewhere) = renewable.iter().find(|stored| stored.key.is_none())
    {
        let subject = elsewhere.certificate.subject();
        let what = format!("the private key of {subject} is elsewhere");
        return Err(CommandError::usage(what)
            .hint("`smime cert issue --csr FILE` certifies the new key that was made there."));
    }
    Ok(renewable)
}

fn renew(
    stored: &StoredCertificate,
    args: &Args,
    local: &LocalAuthority,
    writer: &Writer<'_>,
    context: &Context,
    now: Time,
) -> Result<Row, CommandError> {
    let made = match args.rekey {
        true => Some(make_key(local.settings.key_type, context)?),
        false => None,
    };
    let key = match &made {
        Some(key) => key.public_key().clone(),
        None => {
            let key = stored.certificate.public_key();
            key.map_err(|error| issue_error(error.into()))?
        }
    };
    let profile = LeafProfile::renewing(&stored.certificate, key, args.days);
    let mut new = local.issue(profile, writer, context, now)?;
    new.addresses.clone_from(&stored.addresses);
    let name = match &made {
        Some(key) => Some(writer.store_key(key, &local.ring, context.passphrases())?),
        None => stored.key,
    };
    match name {
        Some(name) => writer.add_identity(&new, name)?,
        None => writer.add_third_party(&new)?,
    };
    Ok(Row::from(&new.certificate))
}

/// The newest certificate of each usage among those that the selector names.
fn selected(
    keystore: &Keystore,
    authority: &StoredAuthority,
    selector: &Selector,
) -> Result<Vec<StoredCertificate>, CommandError> {
    let mut found = require_any(keystore, selector)?;
    let first = found.first().map(|stored| stored.certificate.clone());
    found.retain(|stored| is_renewable(stored, authority));
    if let (true, Some(first)) = (found.is_empty(), first) {
        return Err(not_issued_here("renew", &first));
    }
    found.sort_by_key(|stored| std::cmp::Reverse(stored.certificate.not_before()));
    let mut seen = BTreeSet::new();
    found.retain(|stored| seen.insert(usage(stored)));
    Ok(found)
}

/// Those that end soon, and of which no other for the same addresses and usage ends later.
fn ending(
    keystore: &Keystore,
    authority: &StoredAuthority,
    now: Time,
    days: i64,
) -> Result<Vec<StoredCertificate>, CommandError> {
    let mut all = keystore.certificates()?;
    all.retain(|stored| is_renewable(stored, authority));
    let mut ending = expiring(&all, now, days);
    let limit = now.plus_days(days);
    ending.retain(|stored| {
        let succeeds = |other: &StoredCertificate| {
            let later = other.certificate.not_after() > limit;
            let for_all = |address| other.addresses.contains(address);
            later && usage(other) == usage(stored) && stored.addresses.iter().all(for_all)
        };
        !all.iter().any(succeeds)
    });
    // Of several that end soon, one successor is enough.
    let mut seen = BTreeSet::new();
    ending.sort_by_key(|stored| std::cmp::Reverse(stored.certificate.not_before()));
    ending.retain(|stored| {
        let addresses: BTreeSet<String> = stored
            .addresses
            .iter()
            .map(|address| address.canonical())
            .collect();
        seen.insert((addresses, usage(stored)))
    });
    Ok(ending)
}

fn is_renewable(stored: &StoredCertificate, authority: &StoredAuthority) -> bool {
    matches!(stored.kind, Kind::Identity | Kind::ThirdParty)
        && stored.revoked.is_none()
        && authority.has_issued(&stored.certificate)
}

/// Whether it signs, and whether it is encrypted to.
fn usage(stored: &StoredCertificate) -> (bool, bool) {
    let usages = stored.certificate.key_usage();
    let allows = |any: fn(KeyUsage) -> bool| usages.is_none_or(any);
    (
        allows(|any| any.digital_signature() || any.non_repudiation()),
        allows(|any| any.key_encipherment() || any.key_agreement()),
    )
}
