//! `smime cert revoke`: the local CA takes a certificate back.

use crate::commands::Context;
use crate::commands::certificates::Row;
use crate::commands::issuing::not_issued_here;
use crate::commands::selecting::{require_any, require_one};
use crate::error::{CommandError, ExitStatus};
use crate::keystore::{LOCK_TIMEOUT, Selector};
use crate::pki::RevocationReason;

/// Revoke a certificate that the local CA has issued.
///
/// It is no longer used to sign or to encrypt, and stands on every CRL that `smime ca crl` issues
/// from now on; its private key still decrypts. There is no way back. Prints the fingerprint.
#[derive(clap::Args)]
#[command(after_help = "Example: smime cert revoke 3f9a0c1d --reason key-compromise")]
pub(in crate::commands) struct Args {
    /// An address, or the beginning of a fingerprint; it must name one certificate.
    #[arg(value_name = "SELECTOR")]
    selector: Selector,
    /// Why: unspecified, key-compromise, affiliation-changed, superseded, cessation-of-operation
    /// or privilege-withdrawn.
    #[arg(long, value_name = "R", default_value = "unspecified", value_parser = reason)]
    reason: RevocationReason,
}

/// What a person's certificate is revoked for, for good.
const REASONS: [RevocationReason; 6] = [
    RevocationReason::Unspecified,
    RevocationReason::KeyCompromise,
    RevocationReason::AffiliationChanged,
    RevocationReason::Superseded,
    RevocationReason::CessationOfOperation,
    RevocationReason::PrivilegeWithdrawn,
];

fn reason(word: &str) -> Result<RevocationReason, String> {
    let found = RevocationReason::from_word(word).filter(|reason| REASONS.contains(reason));
    found.ok_or_else(|| crate::commands::not_one_of(word, &REASONS.map(RevocationReason::word)))
}

pub(in crate::commands) fn run(args: Args, context: &Context) -> Result<ExitStatus, CommandError> {
    let now = context.now()?;
    let keystore = context.keystore()?;
    let authority = keystore.require_authority()?;
    let writer = keystore.lock(LOCK_TIMEOUT)?;
    let found = require_any(&keystore, &args.selector)?;
    let mut stored = require_one(found, &args.selector)?;
    let certificate = &stored.certificate;
    if !authority.has_issued(certificate) || *certificate == authority.certificate {
        return Err(not_issued_here("revoke", certificate));
    }
    let is_new = writer.revoke(certificate, args.reason, now)?;
    drop(writer);
    match (&stored.revoked, is_new) {
        (Some(revoked), false) => context.console().warning(format_args!(
            "the certificate was revoked already, at {}, reason {}",
            revoked.date.to_local_text(),
            revoked.reason.word()
        )),
        _ => context
            .console()
            .hint("Issue the next CRL with `smime ca crl`, and publish it."),
    }
    if let Some(again) = keystore.find_by_fingerprint(&certificate.fingerprint())? {
        stored = again;
    }
    context.print_fingerprints(vec![Row::from(&stored)])?;
    Ok(ExitStatus::DONE)
}
