//! `smime sign`.

use std::path::Path;

use crate::commands::Context;
use crate::commands::batch::{FileArgs, Without};
use crate::commands::lookup::{Shared, TrustArgs};
use crate::commands::message::{smime_error, write_message};
use crate::commands::signing::{SigningArgs, open_signers, protect_headers};
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
    smime sign --no-keystore --identity ci.p12 message.eml -o signed.eml\n  \
    smime sign --output-dir signed outbox/*.eml")]
pub(super) struct Args {
    #[command(flatten)]
    files: FileArgs,
    #[command(flatten)]
    signing: SigningArgs,
    /// Sign the header fields of the message as well (RFC 9788).
    #[arg(long)]
    protect_headers: bool,
}

pub(super) fn run(args: Args, context: &Context) -> Result<ExitStatus, CommandError> {
    let plan = args.files.plan(Without::Refused, context)?;
    let read = |path: Option<&Path>, context: &Context| {
        let source = context.input(path)?;
        PreparedMessage::read(source).map_err(|error| smime_error(error, "sign", path))
    };
    let open = || Shared::open(context, &args.signing.identity, &TrustArgs::default());
    plan.run(context, read, open, |message, shared, file| {
        sign(&message, &args, shared, file)
    })
}

fn sign(
    message: &PreparedMessage,
    args: &Args,
    Shared { lookups, profile }: &Shared<'_>,
    (path, context): (Option<&Path>, &Context),
) -> Result<ExitStatus, CommandError> {
    let signers = open_signers(context, lookups, &args.signing, message)?;
    let request = SignRequest {
        signers: &signers,
        form: match args.signing.opaque {
            true => SignatureForm::Opaque,
            false => SignatureForm::Clear,
        },
        include: args.signing.include.unwrap_or(profile.include),
        digest: args.signing.digest.unwrap_or(profile.digest).fixed(),
        rsa_scheme: args.signing.rsa_scheme(),
        time: context.now()?,
        protect_headers: protect_headers(args.protect_headers, profile),
    };
    let verdict = Verdict {
        message: message.facts(),
        findings: request.warnings(message),
        ..Verdict::default()
    };
    let output = context.message_output(Access::Shared)?;
    write_message(output, |out| message.sign(&request, out), ("sign", path))?;
    context.conclude_quietly(Report::of(context.command(), &verdict))
}
