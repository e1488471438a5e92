//! `smime ca init`: the keystore and its local CA.

use std::path::PathBuf;

use super::material::Material;
use crate::address::Address;
use crate::commands::Context;
use crate::commands::certificates::Row;
use crate::commands::issuing::{KeyTypeName, issue_error};
use crate::error::{CommandError, ErrorKind, ExitStatus};
use crate::keystore::{
    KeyProtection, Keystore, KeystoreError, LOCK_TIMEOUT, NewCertificate, Origin, Settings,
    StoredAuthority,
};
use crate::pki::issue::{CaProfile, SubjectName, check_crl_url};
use crate::stdio::Passphrase;

/// Make the keystore and its local CA, and turn protection on.
///
/// Prints the fingerprint of the CA's certificate. The private keys of the keystore are encrypted
/// with a passphrase, from the sources under Passphrases; to have none, say so with
/// --no-passphrase.
#[derive(clap::Args)]
#[command(after_help = "Example: smime ca init --organization \"Example Ltd\" --country GB")]
pub(super) struct Args {
    /// The organization that runs the CA.
    #[arg(long, value_name = "O")]
    organization: Option<String>,
    /// Its country, as two letters.
    #[arg(long, value_name = "CC")]
    country: Option<String>,
    /// Its city or the like.
    #[arg(long, value_name = "L")]
    locality: Option<String>,
    /// Where its operator is reached.
    #[arg(long, value_name = "ADDR")]
    email: Option<Address>,
    /// The name of the CA.
    #[arg(long, value_name = "CN")]
    name: Option<String>,
    /// Take the CA in FILE instead of making one: PKCS #12, or PEM with certificate and key.
    #[arg(long, value_name = "FILE", conflicts_with_all = [
        "organization", "country", "locality", "email", "name", "key_type", "days",
    ])]
    import: Option<PathBuf>,
    /// The type of its key.
    #[arg(long, value_name = "TYPE")]
    key_type: Option<KeyTypeName>,
    /// How many days its certificate is valid.
    #[arg(long, value_name = "N", default_value_t = 3650, value_parser = clap::value_parser!(u32).range(1..))]
    days: u32,
    /// Say in the certificates it issues that its CRL is published at URL.
    #[arg(long, value_name = "URL")]
    crl_url: Option<String>,
    /// Protect private keys by file modes alone.
    #[arg(long)]
    no_passphrase: bool,
    /// Succeed without doing anything if there is a CA.
    #[arg(long)]
    if_missing: bool,
}

pub(super) fn run(args: Args, context: &Context) -> Result<ExitStatus, CommandError> {
    let path = context.keystore_path()?;
    let found = match Keystore::open(&path) {
        Ok(keystore) => Some(keystore),
        Err(KeystoreError::NotFound(_)) => None,
        Err(error) => return Err(error.into()),
    };
    let known = found.as_ref().map(Keystore::authority).transpose()?;
    if let Some(authority) = known.flatten() {
        return exists(&args, context, &authority);
    }
    // Everything that can be refused is refused before anything is made.
    let now = context.now()?;
    let settings = match &found {
        Some(keystore) => keystore.settings()?,
        None => Settings::default(),
    };
    let kind = args
        .key_type
        .map_or(settings.key_type, KeyTypeName::key_type);
    let profile = profile(&args);
    profile.name.to_name().map_err(issue_error)?;
    if let Some(url) = &args.crl_url {
        check_crl_url(url).map_err(issue_error)?;
    }
    let passphrase = passphrase(&args, context)?;
    let material = match &args.import {
        Some(file) => Material::read(context, file, now)?,
        None => Material::make(context, profile, kind)?,
    };

    let keystore = match found {
        Some(keystore) => keystore,
        None => Keystore::create(&path, LOCK_TIMEOUT)?,
    };
    let writer = keystore.lock(LOCK_TIMEOUT)?;
    if let Some(authority) = keystore.authority()? {
        return exists(&args, context, &authority);
    }
    let certificate = material.certificate(&writer, now)?;
    let ring = writer.create_key_set(match &passphrase {
        Some(passphrase) => KeyProtection::Passphrase(passphrase),
        None => KeyProtection::FileModesOnly,
    })?;
    let name = writer.store_key(material.key(), &ring, context.passphrases())?;
    // The CA comes last: then it never lacks what is above it.
    for issuer in material.chain() {
        writer.add_intermediate(&NewCertificate {
            certificate: issuer.clone(),
            addresses: Vec::new(),
            origin: Origin::Imported,
            added: now,
            provenance: None,
            capabilities: None,
        })?;
    }
    writer.create_authority(
        &certificate,
        name,
        material.origin(),
        now,
        args.crl_url.as_deref(),
    )?;
    drop(writer);
    print(context, &keystore.require_authority()?)
}

fn exists(
    args: &Args,
    context: &Context,
    authority: &StoredAuthority,
) -> Result<ExitStatus, CommandError> {
    if args.if_missing {
        return print(context, authority);
    }
    let what = "the keystore has a local CA already";
    Err(CommandError::new(ErrorKind::CannotCreate, what)
        .hint("`smime ca show` shows it; --if-missing keeps it; `smime ca reset` removes it."))
}

fn print(context: &Context, authority: &StoredAuthority) -> Result<ExitStatus, CommandError> {
    context.print_fingerprints(vec![Row::from(&authority.to_stored())])?;
    Ok(ExitStatus::DONE)
}

fn profile(args: &Args) -> CaProfile {
    let common_name = args
        .name
        .clone()
        .unwrap_or_else(|| match &args.organization {
            Some(organization) => format!("{organization} S/MIME CA"),
            None => "Local S/MIME CA".to_owned(),
        });
    CaProfile {
        name: SubjectName {
            country: args.country.clone(),
            locality: args.locality.clone(),
            organization: args.organization.clone(),
            common_name: Some(common_name),
        },
        email: args.email.clone(),
        path_length: Some(0),
        days: args.days,
    }
}

fn passphrase(args: &Args, context: &Context) -> Result<Option<Passphrase>, CommandError> {
    if args.no_passphrase {
        return Ok(None);
    }
    context
        .passphrases()
        .for_new_keystore()?
        .map(Some)
        .ok_or_else(|| {
            let what = "there is no passphrase for the new keystore, and no terminal to ask on";
            CommandError::new(ErrorKind::Denied, what).hint(
                "Use --passphrase-file FILE, or another source of smime(1); or --no-passphrase to \
             protect private keys by file modes alone.",
            )
        })
}
