//! `smime sign`.

use std::path::PathBuf;

use crate::commands::Context;
use crate::commands::lookup::{Lookups, TrustArgs};
use crate::commands::message::{smime_error, write_message};
use crate::commands::signing::{SigningArgs, open_signers};
use crate::error::{CommandError, ExitStatus};
use crate::report::Report;
use crate::smime::{PreparedMessage, SignRequest, SignatureForm};
use crate::stdio::Access;
use crate::verdict::Verdict;

/// Sign a message.
///
/// The signer is the From address unless --signer or --identity names another. The output is a
/// complete message, ready for sendmail: multipart/signed, or one CMS object with --opaque. It
/// carries the signer's certificate and not the CA's. A message that does not conform to MIME is
/// refused with status 65.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    smime sign < message.eml | sendmail -t\n  \
    smime sign --no-keystore --identity ci.p12 message.eml -o signed.eml")]
pub(super) struct Args {
    /// The message; `-` or nothing for stdin.
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    #[command(flatten)]
    signing: SigningArgs,
}

pub(super) fn run(args: Args, context: &Context) -> Result<ExitStatus, CommandError> {
    let path = args.file.as_deref();
    let source = context.input(path)?;
    let message =
        PreparedMessage::read(source).map_err(|error| smime_error(error, "sign", path))?;
    let lookups = Lookups::open(context, &args.signing.identity, &TrustArgs::default())?;
    let signers = open_signers(context, &lookups, &args.signing, &message)?;
    let profile = lookups.profile()?;
    let request = SignRequest {
        signers: &signers,
        form: match args.signing.opaque {
            true => SignatureForm::Opaque,
            false => SignatureForm::Clear,
        },
        include: args.signing.include.unwrap_or(profile.include),
        digest: args.signing.digest.unwrap_or(profile.digest).fixed(),
        time: context.now()?,
    };
    let verdict = Verdict {
        message: message.facts(),
        findings: request.warnings(&message),
        ..Verdict::default()
    };
    let output = context.message_output(Access::Shared)?;
    write_message(output, |out| message.sign(&request, out), ("sign", path))?;
    context.conclude_quietly(&Report::of(context.command(), &verdict))
}
