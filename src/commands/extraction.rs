//! Keeping the certificates of verified mail.

use crate::commands::Context;
use crate::commands::lookup::Lookups;
use crate::error::CommandError;
use crate::keystore::{
    Keystore, KeystoreError, Kind, LOCK_TIMEOUT, NewCertificate, Origin, Outcome, Provenance,
};
use crate::reason::Severity;
use crate::smime::{Extraction, ExtractionPurpose};
use crate::verdict::{Extracted, ExtractionOutcome, Verdict};

/// Stores what a message offers and says what became of each certificate.
///
/// A failure to store is a warning: it never turns acceptance into rejection. Without the store,
/// however, a message that was rejected for a rollover would be rejected for ever, so the verdict
/// must not promise that it passes when it is sent again.
///
/// # Errors
/// The keystore is locked (75) while the verdict promises that a resend will pass.
pub(super) fn store_extractions(
    extractions: Vec<Extraction>,
    verdict: &Verdict,
    lookups: &Lookups<'_>,
    context: &Context,
) -> Result<Vec<Extracted>, CommandError> {
    let Some(keystore) = lookups.keystore() else {
        return Ok(Vec::new());
    };
    let mut extracted = Vec::new();
    for extraction in extractions {
        let outcome = match extraction.purpose {
            ExtractionPurpose::Refuse(reason) => Ok((ExtractionOutcome::Refused, reason.code())),
            ExtractionPurpose::Store | ExtractionPurpose::Hold => {
                let code = extraction.because.map_or("", |reason| reason.code());
                store(keystore, &extraction, verdict).map(|outcome| (outcome, code))
            }
        };
        let (outcome, code) = match outcome {
            Ok(outcome) => outcome,
            Err(error) if verdict.resend_would_pass == Some(true) => return Err(error.into()),
            Err(error) => {
                let address = &extraction.address;
                context.console().warning(format_args!(
                    "the certificate of {address} was not stored: {error}"
                ));
                continue;
            }
        };
        extracted.push(Extracted {
            address: extraction.address,
            sha256: extraction.certificate.fingerprint().to_string(),
            outcome,
            code: code.to_owned(),
        });
    }
    Ok(extracted)
}

fn store(
    keystore: &Keystore,
    extraction: &Extraction,
    verdict: &Verdict,
) -> Result<ExtractionOutcome, KeystoreError> {
    let fingerprint = extraction.certificate.fingerprint();
    // Most mail comes from known senders: then there is nothing to write and no lock to wait for.
    if let Some(known) = keystore.find_by_fingerprint(&fingerprint)? {
        let says_nothing_new = known.addresses.contains(&extraction.address)
            && (extraction.capabilities.is_none() || known.capabilities == extraction.capabilities);
        match known.kind {
            Kind::Identity | Kind::Ca => return Ok(ExtractionOutcome::Known),
            Kind::ThirdParty if says_nothing_new => return Ok(ExtractionOutcome::Known),
            Kind::ThirdParty | Kind::Held => {}
        }
    }
    let rejecting = verdict
        .findings
        .iter()
        .find(|f| f.severity == Severity::Reject);
    let new = NewCertificate {
        certificate: extraction.certificate.clone(),
        addresses: vec![extraction.address.clone()],
        origin: Origin::Extracted,
        added: super::context::clock(),
        provenance: Some(Provenance {
            message_id: verdict.message.message_id.clone(),
            date: verdict.message.date,
            verdict: rejecting
                .map_or("accepted", |finding| finding.reason.code())
                .to_owned(),
        }),
        capabilities: extraction.capabilities.clone(),
    };
    let writer = keystore.lock(LOCK_TIMEOUT)?;
    let (outcome, done) = match extraction.purpose {
        ExtractionPurpose::Hold => (writer.hold(&new)?, ExtractionOutcome::Held),
        _ => (writer.add_third_party(&new)?, ExtractionOutcome::Stored),
    };
    Ok(match outcome {
        Outcome::Known if done == ExtractionOutcome::Stored => ExtractionOutcome::Known,
        _ => done,
    })
}
