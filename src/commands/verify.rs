//! `smime verify`.

use std::path::Path;

use crate::address::Address;
use crate::commands::Context;
use crate::commands::batch::Without;
use crate::commands::extraction::store_extractions;
use crate::commands::lookup::{Lookups, Shared, TrustArgs};
use crate::commands::message::{InputArgs, smime_error};
use crate::commands::revocation::RevocationArgs;
use crate::error::{CommandError, ExitStatus};
use crate::policy::profile::{Rollover, Switch};
use crate::report::Report;
use crate::smime::{Input, SignatureRelease, Verification, VerifyRequest};

/// Verify a signed message, and write what was signed.
///
/// Encrypted layers are opened with the keys that are held. Accepted means: the content is what was
/// signed, the signer's certificate is valid and trusted, and the From address is in it. Only then
/// is the content written, with the outer header around it, and the certificates are extracted.
/// Several FILEs without --output-dir are judged only. A bare CMS object is taken for a message too.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    smime verify message.eml -o content.eml\n  \
    smime verify --no-keystore --trust ca.pem --json < message.eml | jq .verdict\n  \
    smime verify archive/*.eml")]
pub(super) struct Args {
    #[command(flatten)]
    input: InputArgs,
    /// Compare the envelope sender with the From field; `<>` is the null sender.
    #[arg(long, value_name = "ADDR")]
    envelope_from: Option<String>,
    /// Expect this author, whatever the From field says.
    #[arg(long, value_name = "ADDR")]
    expect: Option<Address>,
    #[command(flatten)]
    trust: TrustArgs,
    #[command(flatten)]
    revocation: RevocationArgs,
    /// What to do when the sender signs with another certificate than the imported one:
    /// reject-first, accept or hold.
    #[arg(long, value_name = "MODE", value_parser = rollover)]
    rollover: Option<Rollover>,
    /// Leave the signature in what is written.
    #[arg(long)]
    keep_signature: bool,
    /// Extract no certificates.
    #[arg(long)]
    no_extract: bool,
}

fn rollover(word: &str) -> Result<Rollover, String> {
    Rollover::from_word(word).ok_or_else(|| super::not_one_of(word, Rollover::WORDS))
}

pub(super) fn run(args: Args, context: &Context) -> Result<ExitStatus, CommandError> {
    let plan = args.input.plan(Without::Judged, context)?;
    let read = |path: Option<&Path>, context: &Context| args.input.open(path, context);
    plan.run(
        context,
        read,
        || open(&args, context),
        |input, shared, file| verify(input, &args, shared, file),
    )
}

fn open<'c>(args: &Args, context: &'c Context) -> Result<Shared<'c>, CommandError> {
    let mut shared = Shared::open(context, &[], &args.trust)?;
    let Shared { lookups, profile } = &mut shared;
    if !lookups.has_trust_files() && !context.has_no_keystore() {
        lookups.require_keystore("With --trust FILE a message is verified without one.")?;
    }
    lookups.add_lists(args.revocation.lists(context)?);
    profile.revocation = args.revocation.mode(profile.revocation);
    profile.rollover = args.rollover.unwrap_or(profile.rollover);
    if args.no_extract || lookups.keystore().is_none() {
        profile.extraction = Switch::Off;
    }
    Ok(shared)
}

fn verify(
    input: Input,
    args: &Args,
    Shared { lookups, profile }: &Shared<'_>,
    (path, context): (Option<&Path>, &Context),
) -> Result<ExitStatus, CommandError> {
    let envelope_from = args.envelope_from.as_deref().map(bare_address);
    let verification = crate::smime::verify(VerifyRequest {
        expected: args.expect.as_ref(),
        envelope_from,
        signature: match args.keep_signature {
            true => SignatureRelease::Keep,
            false => SignatureRelease::Strip,
        },
        ..lookups.verify_request(input, profile)
    })
    .map_err(|error| smime_error(error, "verify", path))?;
    finish(verification, lookups, context, path)
}

/// The address without angle brackets, as mail servers hand it on either way.
pub(super) fn bare_address(text: &str) -> &str {
    let text = text.trim();
    text.strip_prefix('<')
        .and_then(|text| text.strip_suffix('>'))
        .unwrap_or(text)
}

/// Writes what may be written, stores what is extracted, and reports.
fn finish(
    verification: Verification,
    lookups: &Lookups<'_>,
    context: &Context,
    path: Option<&Path>,
) -> Result<ExitStatus, CommandError> {
    let Verification {
        mut verdict,
        release,
        extractions,
        ..
    } = verification;
    // Content that cannot be written has not been delivered; nothing is stored on its account.
    context.write_release(release, ("verify", path))?;
    if !extractions.is_empty() {
        context.settle()?;
    }
    verdict.extracted = store_extractions(extractions, &verdict, lookups, context)?;
    context.conclude(Report::of(context.command(), &verdict))
}
