//! `smime decrypt`.

use std::path::PathBuf;

use crate::commands::Context;
use crate::commands::lookup::{Lookups, TrustArgs};
use crate::commands::message::{InputArgs, smime_error};
use crate::error::{CommandError, ExitStatus};
use crate::policy::profile::Switch;
use crate::reason::Reason;
use crate::report::Report;
use crate::smime::{DecryptRequest, Decryption, SignatureRelease, Verification, VerifyRequest};
use crate::verdict::{Finding, Verdict};

/// Decrypt a message.
///
/// Every key that fits is tried, old ones too. What is written is the decrypted entity with the outer
/// header around it; a signature inside is left as it is, unless --verify asks to judge it. All
/// failures of decryption look alike on purpose.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    smime decrypt < encrypted.eml > decrypted.eml\n  \
    smime decrypt --no-keystore --identity me.p12 smime.p7m")]
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
    let path = args.input.file.as_deref();
    let input = args.input.open(context)?;
    let lookups = Lookups::open(context, &args.identity, &TrustArgs::default())?;
    if !lookups.has_identity_files() && !context.has_no_keystore() {
        lookups.require_keystore("With --identity FILE a message is decrypted without one.")?;
    }
    let failed = |error| smime_error(error, "decrypt", path);
    let (verdict, release) = match args.verify {
        false => {
            let request = DecryptRequest {
                input,
                keys: &lookups,
            };
            let Decryption { verdict, release } = crate::smime::decrypt(request).map_err(failed)?;
            (verdict, release)
        }
        true => {
            let mut profile = lookups.profile()?;
            profile.extraction = Switch::Off;
            let verification = crate::smime::verify(VerifyRequest {
                signature: SignatureRelease::Strip,
                ..lookups.verify_request(input, &profile)
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
    context.conclude(&Report::of(context.command(), &verdict))
}

fn add_not_encrypted(verdict: &mut Verdict) {
    if !verdict.has(Reason::SmimeNotEncrypted) {
        verdict
            .findings
            .insert(0, Finding::new(Reason::SmimeNotEncrypted));
    }
}
