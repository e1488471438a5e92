//! `smime decrypt`.

use std::path::{Path, PathBuf};

use crate::commands::Context;
use crate::commands::batch::Without;
use crate::commands::lookup::{Shared, TrustArgs};
use crate::commands::message::{InputArgs, smime_error};
use crate::error::{CommandError, ExitStatus};
use crate::policy::profile::Switch;
use crate::reason::Reason;
use crate::report::Report;
use crate::smime::{
    DecryptRequest, Decryption, Input, SignatureRelease, Verification, VerifyRequest,
};
use crate::verdict::{Finding, Verdict};

/// Decrypt a message.
///
/// Every key that fits is tried, old ones too. What is written is the decrypted entity with the outer
/// header around it; a signature inside is left as it is, unless --verify asks to judge it. All
/// failures of decryption look alike on purpose. A bare CMS object is taken for a message too.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    smime decrypt < encrypted.eml > decrypted.eml\n  \
    smime decrypt --no-keystore --identity me.p12 smime.p7m\n  \
    smime decrypt --output-dir plain archive/*.eml")]
pub(super) struct Args {
    #[command(flatten)]
    input: InputArgs,
    /// Decrypt with the identity in FILE instead of stored ones: PKCS #12, or PEM with key and
    /// certificate.
    #[arg(long, value_name = "FILE")]
    identity: Vec<PathBuf>,
    /// Verify the signature inside as well, and write what was signed.
    #[arg(long)]
    verify: bool,
}

pub(super) fn run(args: Args, context: &Context) -> Result<ExitStatus, CommandError> {
    let plan = args.input.plan(Without::Refused, context)?;
    let read = |path: Option<&Path>, context: &Context| args.input.open(path, context);
    plan.run(
        context,
        read,
        || open(&args, context),
        |input, shared, file| decrypt(input, &args, shared, file),
    )
}

fn open<'c>(args: &Args, context: &'c Context) -> Result<Shared<'c>, CommandError> {
    let mut shared = Shared::open(context, &args.identity, &TrustArgs::default())?;
    shared.profile.extraction = Switch::Off;
    let lookups = &shared.lookups;
    if !lookups.has_identity_files() && !context.has_no_keystore() {
        lookups.require_keystore("With --identity FILE a message is decrypted without one.")?;
    }
    Ok(shared)
}

fn decrypt(
    input: Input,
    args: &Args,
    Shared { lookups, profile }: &Shared<'_>,
    (path, context): (Option<&Path>, &Context),
) -> Result<ExitStatus, CommandError> {
    let failed = |error| smime_error(error, "decrypt", path);
    let (verdict, release) = match args.verify {
        false => {
            let request = DecryptRequest {
                input,
                keys: lookups,
            };
            let Decryption { verdict, release } = crate::smime::decrypt(request).map_err(failed)?;
            (verdict, release)
        }
        true => {
            let verification = crate::smime::verify(VerifyRequest {
                signature: SignatureRelease::Strip,
                ..lookups.verify_request(input, profile)
            });
            let Verification {
                mut verdict,
                mut release,
                encrypted,
                ..
            } = verification.map_err(failed)?;
            if !encrypted {
                add_not_encrypted(&mut verdict);
                release = None;
            }
            (verdict, release)
        }
    };
    context.write_release(release, ("decrypt", path))?;
    context.conclude(Report::of(context.command(), &verdict))
}

fn add_not_encrypted(verdict: &mut Verdict) {
    if !verdict.has(Reason::SmimeNotEncrypted) {
        verdict
            .findings
            .insert(0, Finding::new(Reason::SmimeNotEncrypted));
    }
}
