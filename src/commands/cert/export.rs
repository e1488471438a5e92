//! `smime cert export`: a certificate for others, or an identity to move or back up.

use super::protected_file::{pem_with_key, pkcs12};
use crate::commands::Context;
use crate::commands::certificate_files::{
    Encoding, refuse_terminal, write_certificates, write_file,
};
use crate::commands::certificates::{Certificates, Row};
use crate::commands::selecting::require_any;
use crate::crypto::key::PrivateKey;
use crate::error::{CommandError, ErrorKind, ExitStatus};
use crate::keystore::{Keystore, Selector, StoredCertificate, select};
use crate::pki::Purpose;
use crate::pki::pkcs12::Format;
use crate::stdio::{Access, escape};
use crate::time::Time;

/// Export a certificate, by default without its private key.
///
/// By default writes an encrypted PKCS #12 file that holds the certificate alone, for a third
/// party. Its passphrase comes from the file passphrase sources. Where several certificates fit an
/// address, the newest valid one is taken.
#[derive(clap::Args)]
#[command(
    after_help = "Example: smime cert export user@example.com --with-private-key -o backup.p12"
)]
pub(in crate::commands) struct Args {
    /// An address, or the beginning of a fingerprint.
    #[arg(value_name = "SELECTOR")]
    selector: Selector,
    /// The form of the file.
    #[arg(long, value_name = "FORMAT", default_value = "p12")]
    format: FileFormat,
    /// Export the private key too, encrypted, with the certificates of the CAs above.
    #[arg(long)]
    with_private_key: bool,
    /// Encrypt with triple DES and SHA-1, for old programs that import nothing else.
    #[arg(long)]
    legacy: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum FileFormat {
    /// Encrypted PKCS #12.
    P12,
    /// Text that any program reads.
    Pem,
    /// Binary, the certificate alone.
    Der,
    /// PKCS #7: binary, the certificate alone.
    P7c,
}

pub(in crate::commands) fn run(args: Args, context: &Context) -> Result<ExitStatus, CommandError> {
    check(&args, context)?;
    let now = context.now()?;
    let keystore = context.keystore()?;
    let stored = choose(&args, context, &keystore, now)?;
    let certificate = &stored.certificate;
    let key = match args.with_private_key {
        true => Some(open_key(context, &keystore, &stored)?),
        false => None,
    };
    match (args.format, key) {
        (FileFormat::P12, key) => {
            let format = match args.legacy {
                true => Format::Legacy,
                false => Format::Modern,
            };
            let octets = pkcs12(context, &keystore, certificate, key.as_ref(), format)?;
            let access = if key.is_some() {
                Access::Private
            } else {
                Access::Shared
            };
            write_file(context, &octets, access)?;
        }
        (_, Some(key)) => {
            let text = pem_with_key(context, &keystore, certificate, &key)?;
            write_file(context, text.as_bytes(), Access::Private)?;
        }
        (FileFormat::Der, None) => write_certificates(context, &[certificate], Encoding::Der)?,
        (FileFormat::P7c, None) => write_certificates(context, &[certificate], Encoding::P7c)?,
        (FileFormat::Pem, None) => write_certificates(context, &[certificate], Encoding::Pem)?,
    }
    context.print_beside_file(&Certificates::new(vec![Row::from(&stored)]))?;
    Ok(ExitStatus::DONE)
}

fn check(args: &Args, context: &Context) -> Result<(), CommandError> {
    let holds_keys = matches!(args.format, FileFormat::P12 | FileFormat::Pem);
    if args.with_private_key && !holds_keys {
        return Err(
            CommandError::usage("files of that format hold no private key")
                .hint("Use --format p12 or --format pem."),
        );
    }
    if args.legacy && args.format != FileFormat::P12 {
        return Err(CommandError::usage("--legacy is for PKCS #12 files")
            .hint("Leave out --legacy, or use --format p12."));
    }
    // Before anybody is asked for a passphrase in vain.
    match args.format {
        FileFormat::Pem => Ok(()),
        FileFormat::P12 | FileFormat::Der | FileFormat::P7c => refuse_terminal(context),
    }
}

/// The newest certificate that is valid; where none is, the newest.
fn choose(
    args: &Args,
    context: &Context,
    keystore: &Keystore,
    now: Time,
) -> Result<StoredCertificate, CommandError> {
    let mut found = require_any(keystore, &args.selector)?;
    found.retain(|stored| stored.key.is_some() || !args.with_private_key);
    if found.is_empty() {
        let selector = escape(&args.selector.to_string()).into_owned();
        let what = format!("no certificate of `{selector}` has its private key here");
        return Err(CommandError::new(ErrorKind::NoCertificate, what));
    }
    let selection = select(found, Purpose::Any, now);
    if let Some(best) = selection.best() {
        return Ok(best.clone());
    }
    let mut rest: Vec<StoredCertificate> = selection
        .passed_over
        .into_iter()
        .map(|passed| passed.stored)
        .collect();
    rest.sort_by_key(|stored| stored.certificate.not_before());
    let newest = rest.pop().ok_or_else(|| {
        CommandError::new(
            ErrorKind::NoCertificate,
            "there is no certificate to export",
        )
    })?;
    let end = newest.certificate.not_after();
    if end < now {
        let end = end.to_local_text();
        context
            .console()
            .warning(format_args!("the certificate has expired at {end}"));
    }
    Ok(newest)
}

fn open_key(
    context: &Context,
    keystore: &Keystore,
    stored: &StoredCertificate,
) -> Result<PrivateKey, CommandError> {
    let name = stored.key.as_ref().ok_or_else(|| {
        CommandError::new(ErrorKind::NoCertificate, "the private key is not here")
    })?;
    Ok(keystore.key_ring()?.open(name, context.passphrases())?)
}
