//! `smime cert issue`: a key and certificate for a user.

use std::path::{Path, PathBuf};

use crate::address::Address;
use crate::commands::Context;
use crate::commands::certificates::Row;
use crate::commands::issuing::{KeyTypeName, LocalAuthority, UsageName, make_key};
use crate::crypto::key::{PrivateKey, PublicKey};
use crate::error::{CommandError, ErrorKind, ExitStatus};
use crate::keystore::select;
use crate::keystore::{Keystore, Kind, LOCK_TIMEOUT, StoredCertificate};
use crate::limits;
use crate::pki::issue::{LEAF_DAYS, LeafProfile, SubjectName, Usage};
use crate::pki::{CertificationRequest, Purpose};
use crate::stdio::{input_name, read_whole};
use crate::time::Time;

/// Issue a certificate to a user.
///
/// Makes one private key and one certificate for all the addresses, signed by the local CA, and
/// prints the fingerprint. Where there is one for an address already, both are kept. With --csr the
/// private key stays where the request was made.
#[derive(clap::Args)]
#[command(after_help = "Example: smime cert issue user@example.com --name \"A User\"")]
pub(in crate::commands) struct Args {
    /// The addresses of the user.
    #[arg(value_name = "ADDRESS", required = true)]
    addresses: Vec<Address>,
    /// The name of the user; else the first address.
    #[arg(long, value_name = "CN")]
    name: Option<String>,
    /// Sign the certification request in FILE (PKCS #10) instead of making a key.
    ///
    /// Of the request only the key counts, not the names in it.
    #[arg(long, value_name = "FILE", conflicts_with = "key_type")]
    csr: Option<PathBuf>,
    /// The type of the key.
    #[arg(long, value_name = "TYPE")]
    key_type: Option<KeyTypeName>,
    /// How many days the certificate is valid: at most 825, and not beyond the CA's own.
    #[arg(long, value_name = "N", default_value_t = 730, value_parser = clap::value_parser!(u32).range(1..=i64::from(LEAF_DAYS)))]
    days: u32,
    /// What the key is for; else everything that it can be used for.
    #[arg(long, value_name = "USAGE")]
    usage: Option<UsageName>,
    /// Succeed without doing anything if there is a usable certificate for all the addresses.
    #[arg(long)]
    if_missing: bool,
}

/// The key that is certified.
enum Key {
    /// It is made here.
    Own(PrivateKey),
    /// It stays elsewhere.
    Requested(PublicKey),
}

impl Key {
    fn requested(&self) -> Option<&PublicKey> {
        match self {
            Key::Own(_) => None,
            Key::Requested(key) => Some(key),
        }
    }

    fn public(&self) -> &PublicKey {
        match self {
            Key::Own(key) => key.public_key(),
            Key::Requested(key) => key,
        }
    }
}

pub(in crate::commands) fn run(args: Args, context: &Context) -> Result<ExitStatus, CommandError> {
    let now = context.now()?;
    let keystore = context.keystore()?;
    let requested = args.csr.as_deref().map(requested_key).transpose()?;
    let kind = match args.key_type {
        Some(name) => name.key_type(),
        None => keystore.settings()?.key_type,
    };
    let key_kind = requested.as_ref().map_or(kind.kind(), PublicKey::kind);
    let usage = UsageName::or_all(args.usage, key_kind);
    if args.if_missing
        && let Some(known) = find_usable(&args, usage, requested.as_ref(), &keystore, now)?
    {
        return print(context, &known);
    }
    let local = LocalAuthority::open(&keystore, context)?;
    let key = match requested {
        Some(key) => Key::Requested(key),
        None => Key::Own(make_key(kind, context)?),
    };
    let writer = keystore.lock(LOCK_TIMEOUT)?;
    // Another run may have made it while this one made a key.
    if args.if_missing
        && let Some(known) = find_usable(&args, usage, key.requested(), &keystore, now)?
    {
        return print(context, &known);
    }
    let profile = profile(&args, usage, key.public());
    let new = local.issue(profile, &writer, context, now)?;
    match &key {
        Key::Own(key) => {
            let name = writer.store_key(key, &local.ring, context.passphrases())?;
            writer.add_identity(&new, name)?;
        }
        Key::Requested(_) => {
            writer.add_third_party(&new)?;
        }
    }
    drop(writer);
    let fingerprint = new.certificate.fingerprint();
    match keystore.find_by_fingerprint(&fingerprint)? {
        Some(stored) => print(context, &stored),
        None => Err(CommandError::new(
            ErrorKind::Io,
            format!("cannot read back certificate {fingerprint}"),
        )),
    }
}

/// The public key of a certification request, whose signature shows that its owner asks.
fn requested_key(path: &Path) -> Result<PublicKey, CommandError> {
    let octets = read_whole(Some(path), limits::BER_ELEMENT)?;
    let request = CertificationRequest::read(&octets);
    let key = request.and_then(|request| request.require_key());
    key.map_err(|error| {
        let name = input_name(Some(path));
        CommandError::data(format!("cannot use the certification request {name}"))
            .caused_by(error)
            .hint("A certification request is PKCS #10, in PEM or DER.")
    })
}

fn print(context: &Context, stored: &StoredCertificate) -> Result<ExitStatus, CommandError> {
    context.print_fingerprints(vec![Row::from(stored)])?;
    Ok(ExitStatus::DONE)
}

fn profile(args: &Args, usage: Usage, key: &PublicKey) -> LeafProfile {
    LeafProfile {
        name: SubjectName {
            common_name: args.name.clone(),
            ..SubjectName::default()
        },
        addresses: args.addresses.clone(),
        usage,
        days: args.days,
        key: key.clone(),
        crl_url: None,
        policies: Vec::new(),
    }
}

/// An identity (or a certificate of the requested key) that can be used now for all the addresses and for everything that is asked.
fn find_usable(
    args: &Args,
    usage: Usage,
    requested: Option<&PublicKey>,
    keystore: &Keystore,
    now: Time,
) -> Result<Option<StoredCertificate>, CommandError> {
    let Some(first) = args.addresses.first() else {
        return Ok(None);
    };
    let mut known = keystore.find_by_address(first)?.certificates;
    known.retain(|stored| {
        let for_all = |address| stored.addresses.contains(address);
        let fits = match requested {
            Some(key) => stored.certificate.public_key().as_ref() == Ok(key),
            None => stored.kind == Kind::Identity,
        };
        fits && args.addresses.iter().all(for_all)
    });
    let purposes: &[Purpose] = match usage {
        Usage::Sign => &[Purpose::Sign],
        Usage::Encrypt => &[Purpose::Encrypt],
        Usage::Both => &[Purpose::Sign, Purpose::Encrypt],
    };
    for purpose in purposes {
        known = select(known, *purpose, now).usable;
    }
    Ok(known.into_iter().next())
}
