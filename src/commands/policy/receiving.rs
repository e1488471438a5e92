//! Inbound copies as they are written: decrypted, without the signature, with the result noted.

use std::fs;
use std::path::Path;

use crate::commands::Context;
use crate::commands::extraction::store_extractions;
use crate::commands::message::smime_error;
use crate::commands::policy::delivery::Copy;
use crate::commands::policy::inbound::InboundCopy;
use crate::commands::policy::judge::Active;
use crate::error::CommandError;
use crate::mail::authentication_results::{self, SmimeResult};
use crate::mail::header_edit::{FieldEdit, edit_header};
use crate::mail::{self, MailError};
use crate::policy::decision::InboundAction;
use crate::policy::rule::Demand;
use crate::report::text::decisive;
use crate::smime::{DecryptRequest, Input, SmimeError, Verification, decrypt};
use crate::source::Source;
use crate::spool::Spool;
use crate::verdict::{Extracted, Outcome, rejects};

/// What is to be written for whom; copies that are rejected are not among them.
///
/// # Errors
/// A lookup fails; reading or spooling fails.
pub(super) fn copies<'d>(
    source: &'d Source,
    copies: &[InboundCopy],
    (active, path): (&Active<'_>, Option<&Path>),
) -> Result<Vec<Copy<'d>>, CommandError> {
    let id = active.authserv_id.clone().unwrap_or_else(host_name);
    let delivered = copies
        .iter()
        .filter(|copy| copy.action != InboundAction::Reject);
    let delivered = delivered.map(|copy| {
        let recipients = copy.recipients.clone();
        let Some(verification) = &copy.verification else {
            return Ok(Copy::unchanged(recipients, source));
        };
        let noted = content(source, copy, verification, active)
            .and_then(|content| note(&content, &id, &results(copy, verification)))
            .map_err(|error| smime_error(error, "apply the policy to", path))?;
        let write = move |out: &mut dyn std::io::Write| {
            std::io::copy(&mut noted.reader(), out)?;
            Ok(source.check_unchanged()?)
        };
        Ok(Copy::written(recipients, Box::new(write)))
    });
    delivered.collect()
}

/// Stores the certificates that the message offers, where its rule has it verified.
///
/// # Errors
/// As [`store_extractions`].
pub(super) fn extract(
    copies: Vec<InboundCopy>,
    active: &Active<'_>,
    context: &Context,
) -> Result<Vec<Extracted>, CommandError> {
    let mut extracted = Vec::new();
    for copy in copies {
        let is_verified = copy.is_verified();
        let Some(verification) = copy.verification.filter(|_| is_verified) else {
            continue;
        };
        for each in store_extractions(
            verification.extractions,
            &verification.verdict,
            &active.lookups,
            context,
        )? {
            if !extracted.contains(&each) {
                extracted.push(each);
            }
        }
    }
    Ok(extracted)
}

/// What the recipient gets. A message that fails, and is not rejected for it, stays as it came:
/// nothing that was decrypted leaves with it.
fn content(
    source: &Source,
    copy: &InboundCopy,
    verification: &Verification,
    active: &Active<'_>,
) -> Result<Source, SmimeError> {
    if rejects(&copy.findings) {
        return Ok(source.clone());
    }
    let mut spool = Spool::new();
    if let Some(release) = verification.release.as_ref().filter(|_| copy.is_verified()) {
        release.write(&mut spool)?;
        return Ok(Source::from_spool(spool));
    }
    if copy.actions.decrypt == Demand::Off || !verification.encrypted {
        return Ok(source.clone());
    }
    let decryption = decrypt(DecryptRequest {
        input: Input::Message(source.clone()),
        keys: &active.lookups,
    })?;
    match decryption.release {
        Some(release) => {
            release.write(&mut spool)?;
            Ok(Source::from_spool(spool))
        }
        // The recipient may hold the key.
        None => Ok(source.clone()),
    }
}

/// Puts the result at the top, and takes out those that claim to be ours. What was signed may hold
/// such fields too, so this is done last.
fn note(content: &Source, id: &str, results: &[SmimeResult]) -> Result<Source, SmimeError> {
    let scan = mail::scan(content).map_err(|error| match error {
        MailError::Io(error) => SmimeError::Io(error),
        error => SmimeError::from(error),
    })?;
    let added = match results.is_empty() {
        true => Vec::new(),
        false => authentication_results::encode(id, results),
    };
    Ok(edit_header(
        content,
        &scan,
        &added,
        |field| match authentication_results::claims(field, id) {
            true => FieldEdit::Drop,
            false => FieldEdit::Keep,
        },
    )?)
}

/// The results of all signers (RFC 7281 section 3); none where nothing was verified.
fn results(copy: &InboundCopy, verification: &Verification) -> Vec<SmimeResult> {
    if !copy.is_verified() {
        return Vec::new();
    }
    let failure = decisive(&copy.findings).map(|finding| finding.reason.code());
    let layers = verification.verdict.layers.iter();
    let signers = layers.flat_map(|layer| &layer.signers);
    let mut results: Vec<SmimeResult> = signers
        .map(|signer| SmimeResult {
            result: match (signer.verdict, failure) {
                (Outcome::Accepted, None) => "pass",
                (Outcome::Accepted, Some(_)) => "policy",
                _ => "fail",
            },
            reason: failure,
            properties: [
                ("smime-identifier", signer.addresses.first()),
                ("smime-serial", Some(&signer.serial)),
                ("smime-issuer", Some(&signer.issuer)),
            ]
            .into_iter()
            .filter_map(|(name, text)| Some((name, text?.clone())))
            .collect(),
        })
        .collect();
    if results.is_empty() {
        results.push(SmimeResult {
            result: match verification.signed {
                true => "neutral",
                false => "none",
            },
            reason: failure,
            properties: Vec::new(),
        });
    }
    results
}

/// The name of this host, where no setting gives another.
fn host_name() -> String {
    let names = ["/proc/sys/kernel/hostname", "/etc/hostname"];
    let mut names = names
        .iter()
        .filter_map(|path| fs::read_to_string(path).ok());
    let name = names.next().unwrap_or_default();
    match name.trim() {
        "" => "localhost".to_owned(),
        name => name.to_owned(),
    }
}
