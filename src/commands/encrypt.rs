//! `smime encrypt`.

use std::io::Write;
use std::path::{Path, PathBuf};

use crate::commands::Context;
use crate::commands::batch::{FileArgs, Without};
use crate::commands::bcc::write_copies;
use crate::commands::lookup::{Shared, TrustArgs};
use crate::commands::message::{smime_error, write_message};
use crate::commands::recipients::{RecipientArgs, Recipients, find_recipients};
use crate::commands::signing::{SigningArgs, open_signers, protect_headers};
use crate::error::{CommandError, ExitStatus};
use crate::pki::Certificate;
use crate::policy::profile::CipherChoice;
use crate::reason::Reason;
use crate::report::Report;
use crate::smime::{
    EncryptRequest, PreparedMessage, RecipientCertificate, RsaTransport, SignRequest, SignatureForm,
};
use crate::stdio::Access;
use crate::verdict::{Finding, Verdict};

/// Encrypt a message.
///
/// The recipients are those of To and Cc unless --recipient or --certificate names others. If one
/// has no usable certificate, every such address is named and the status is 67. A Bcc field needs
/// --bcc-dir, because nobody else's copy may tell of a Bcc recipient.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    smime encrypt --sign < message.eml | sendmail -t\n  \
    smime encrypt --no-keystore --certificate partner.p7b message.eml -o encrypted.eml\n  \
    smime encrypt --output-dir encrypted outbox/*.eml")]
pub(super) struct Args {
    #[command(flatten)]
    files: FileArgs,
    #[command(flatten)]
    recipients: RecipientArgs,
    /// Use this cipher: auto, aes-128-cbc, aes-256-cbc, aes-128-gcm or another that is offered.
    ///
    /// `auto` takes AES-256-GCM when every recipient announced it, else AES-256-CBC.
    #[arg(long, value_name = "CIPHER", value_parser = cipher_choice)]
    cipher: Option<CipherChoice>,
    /// Use OAEP for RSA recipients; some mail programs do not read it.
    ///
    /// Without it, OAEP is used for those who announced it.
    #[arg(long)]
    oaep: bool,
    /// Sign first.
    #[arg(long)]
    sign: bool,
    #[command(flatten, next_help_heading = "With --sign")]
    signing: SigningArgs,
    /// Encrypt the header fields of the message as well, and hide the subject outside (RFC 9788).
    #[arg(long)]
    protect_headers: bool,
    /// Write a copy for each Bcc recipient into DIR, as ADDRESS.eml.
    ///
    /// With --output-dir, into a directory in DIR that has the name of the FILE.
    #[arg(long, value_name = "DIR")]
    bcc_dir: Option<PathBuf>,
}

fn cipher_choice(word: &str) -> Result<CipherChoice, String> {
    let words = CipherChoice::words();
    CipherChoice::from_word(word).ok_or_else(|| super::not_one_of(word, &words))
}

pub(super) fn run(args: Args, context: &Context) -> Result<ExitStatus, CommandError> {
    let signing = &args.signing;
    let signs_somehow = !signing.signer.is_empty()
        || !signing.identity.is_empty()
        || signing.opaque
        || signing.digest.is_some()
        || signing.pss
        || signing.include.is_some();
    if signs_somehow && !args.sign {
        return Err(
            CommandError::usage("options about the signature are given, but not --sign")
                .hint("Add --sign, or leave them out."),
        );
    }
    let plan = args.files.plan(Without::Refused, context)?;
    let open = || {
        let shared = Shared::open(context, &signing.identity, &TrustArgs::default())?;
        Ok((shared, args.recipients.read_files(context)?))
    };
    let read = |path: Option<&Path>, context: &Context| read(path, &args, context);
    plan.run(context, read, open, |message, (shared, files), file| {
        encrypt(&message, &args, (shared, files), file)
    })
}

/// Reads the message, whose Bcc recipients need a place for their copies.
fn read(
    path: Option<&Path>,
    args: &Args,
    context: &Context,
) -> Result<PreparedMessage, CommandError> {
    let source = context.input(path)?;
    let message =
        PreparedMessage::read(source).map_err(|error| smime_error(error, "encrypt", path))?;
    let has_bcc_field = message.scan().root.header.first("Bcc").is_some();
    if has_bcc_field && args.bcc_dir.is_none() {
        return Err(CommandError::usage("the message has a Bcc field")
            .hint("Give --bcc-dir DIR for the copies of those recipients, or remove the field."));
    }
    Ok(message)
}

fn encrypt(
    message: &PreparedMessage,
    args: &Args,
    (shared, files): (&Shared<'_>, &Option<Vec<Certificate>>),
    (path, context): (Option<&Path>, &Context),
) -> Result<ExitStatus, CommandError> {
    let Shared { lookups, profile } = shared;
    let signing = &args.signing;
    let signers = match args.sign {
        true => open_signers(context, lookups, signing, message)?,
        false => Vec::new(),
    };
    let protect_headers = protect_headers(args.protect_headers, profile);
    let sign = SignRequest {
        signers: &signers,
        form: match signing.opaque {
            true => SignatureForm::Opaque,
            false => SignatureForm::Clear,
        },
        include: signing.include.unwrap_or(profile.include),
        digest: signing.digest.unwrap_or(profile.digest).fixed(),
        rsa_scheme: signing.rsa_scheme(),
        time: context.now()?,
        protect_headers,
    };
    let bcc = message.scan().root.header.bcc();
    let Recipients {
        chosen,
        bcc,
        findings,
    } = find_recipients(context, (shared, files), &args.recipients, message, &bcc)?;
    let request = EncryptRequest {
        recipients: &chosen,
        cipher: args.cipher.unwrap_or(profile.cipher),
        transport: match args.oaep {
            true => RsaTransport::Oaep,
            false => RsaTransport::AsAnnounced,
        },
        sign: args.sign.then_some(&sign),
        protect_headers,
    };
    let mut verdict = Verdict {
        message: message.facts(),
        findings,
        ..Verdict::default()
    };
    verdict.findings.extend(match args.sign {
        true => sign.warnings(message),
        false => message.findings().to_vec(),
    });
    if !args.sign {
        // To sign and then to encrypt is the usual way round.
        let is_usual = |finding: &Finding| finding.reason == Reason::PolicyAlreadySigned;
        verdict.findings.retain(|finding| !is_usual(finding));
    }
    let output = match chosen.is_empty() {
        true => None,
        false => context.message_output(Access::Shared)?,
    };
    // Copies without the message can be made again; a message that is sent without them cannot.
    if let Some(directory) = &args.bcc_dir {
        let encrypt = |recipients: &[RecipientCertificate], out: &mut dyn Write| {
            message.encrypt(
                &EncryptRequest {
                    recipients,
                    ..request
                },
                out,
            )
        };
        let directory = match context.file_name().map(Path::new).and_then(Path::file_name) {
            Some(name) => &directory.join(name),
            None => directory,
        };
        write_copies(directory, &bcc, encrypt, path)?;
    }
    write_message(
        output,
        |out| message.encrypt(&request, out),
        ("encrypt", path),
    )?;
    if chosen.is_empty() {
        context
            .console()
            .note("there are Bcc recipients only, so nothing but their copies was written");
    }
    context.conclude_quietly(Report::of(context.command(), &verdict))
}
