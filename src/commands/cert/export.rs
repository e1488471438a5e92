//! `smime cert export`: a certificate for others, or an identity to move or back up.

use zeroize::Zeroizing;

use crate::asn1::pem;
use crate::commands::Context;
use crate::commands::certificate_files::{
    Encoding, refuse_terminal, write_certificates, write_file,
};
use crate::commands::certificates::{Certificates, Row};
use crate::commands::lookup::chain_above;
use crate::commands::selecting::require_any;
use crate::crypto::key::PrivateKey;
use crate::crypto::password::KeyFileCipher;
use crate::error::{CommandError, ErrorKind, ExitStatus};
use crate::keystore::{Keystore, Selector, StoredCertificate, select};
use crate::pki::pkcs12::{Contents, Format, encode};
use crate::pki::{Certificate, Purpose};
use crate::stdio::{Access, Passphrase, escape, input_name};
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
            let octets = pkcs12(&args, context, &keystore, certificate, key.as_ref())?;
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

fn pkcs12(
    args: &Args,
    context: &Context,
    keystore: &Keystore,
    certificate: &Certificate,
    key: Option<&PrivateKey>,
) -> Result<Vec<u8>, CommandError> {
    let format = if args.legacy {
        Format::Legacy
    } else {
        Format::Modern
    };
    if args.legacy {
        context.console().warning(
            "the file is encrypted with triple DES and SHA-1, which is weak; send its passphrase \
             over another channel, and delete the file after import",
        );
    }
    let name = match certificate.addresses().first() {
        Some(address) => address.to_string(),
        None => certificate.subject().to_string(),
    };
    let mut contents = Contents::default();
    match key {
        Some(key) => {
            contents.add_identity(key, certificate, &chain_above(keystore, certificate), &name)
        }
        None => contents.add_certificates(std::slice::from_ref(certificate), &name),
    }
    let passphrase = new_passphrase(context)?;
    encode(&contents, &passphrase, format).map_err(|error| {
        CommandError::new(ErrorKind::Io, "cannot make the PKCS #12 file").caused_by(error)
    })
}

fn pem_with_key(
    context: &Context,
    keystore: &Keystore,
    certificate: &Certificate,
    key: &PrivateKey,
) -> Result<Zeroizing<String>, CommandError> {
    let passphrase = new_passphrase(context)?;
    let encrypted = KeyFileCipher::new(&passphrase).and_then(|cipher| cipher.encrypt(key));
    let encrypted = encrypted.map_err(|error| {
        CommandError::new(ErrorKind::Io, "cannot encrypt the private key").caused_by(error)
    })?;
    let mut text = pem::encode("ENCRYPTED PRIVATE KEY", &encrypted);
    text.push_str(&pem::encode("CERTIFICATE", certificate.der()));
    for issuer in chain_above(keystore, certificate) {
        text.push_str(&pem::encode("CERTIFICATE", issuer.der()));
    }
    Ok(Zeroizing::new(text))
}

fn new_passphrase(context: &Context) -> Result<Passphrase, CommandError> {
    let name = match context.output_path() {
        Some(path) => input_name(Some(path)),
        None => "the file".to_owned(),
    };
    context.passphrases().for_new_file(&name)
}
