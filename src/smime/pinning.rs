//! What is stored for the author, and what a signature with another certificate means (behavior
//! rule 21).
//!
//! A certificate imported by hand is pinned to its address. When its owner signs with one that is
//! not stored, that is a renewal or an impersonation; the rollover mode decides how careful to be.
//! Where only extracted certificates are stored, a trusted path is enough.

use crate::pki::Certificate;
use crate::policy::profile::Rollover;
use crate::reason::Reason;
use crate::smime::extraction::ExtractionPurpose;
use crate::smime::lookup::{Standing, StoredCertificate};
use crate::verdict::{Check, Finding};

/// What the pins say.
pub(super) struct PinJudgement {
    pub(super) check: Check,
    pub(super) finding: Option<Finding>,
    /// What becomes of the signer's certificate.
    pub(super) purpose: ExtractionPurpose,
    pub(super) because: Option<Reason>,
    /// Whether the message would pass if it were sent again; `None` if nothing stands against it.
    pub(super) resend_would_pass: Option<bool>,
}

/// Compares the signer's certificate with what is stored for the author.
///
/// `storable` says that extraction is on, so that a new certificate will be stored.
pub(super) fn compare(
    stored: &[StoredCertificate],
    certificate: &Certificate,
    path_trusted: bool,
    rollover: Rollover,
    storable: bool,
) -> PinJudgement {
    let pinned = stored
        .iter()
        .filter(|stored| stored.standing == Standing::Pinned)
        .max_by_key(|stored| (stored.certificate.not_before(), stored.since));
    let is_stored = stored
        .iter()
        .any(|stored| stored.standing != Standing::Held && stored.certificate == *certificate);
    let settled = |check| PinJudgement {
        check,
        finding: None,
        purpose: ExtractionPurpose::Store,
        because: None,
        resend_would_pass: None,
    };
    let Some(pinned) = pinned else {
        return settled(if is_stored {
            Check::Pass
        } else {
            Check::NotChecked
        });
    };
    if is_stored {
        return settled(Check::Pass);
    }
    let finding = |reason| side_by_side(Finding::new(reason), &pinned.certificate, certificate);
    if !path_trusted {
        return PinJudgement {
            check: Check::Fail,
            finding: Some(finding(Reason::PinMismatchUntrusted)),
            purpose: ExtractionPurpose::Refuse(Reason::PinMismatchUntrusted),
            because: None,
            resend_would_pass: Some(false),
        };
    }
    match rollover {
        Rollover::Accept => PinJudgement {
            check: Check::Pass,
            finding: Some(finding(Reason::PinRolloverAccepted)),
            purpose: ExtractionPurpose::Store,
            because: Some(Reason::PinRolloverAccepted),
            resend_would_pass: None,
        },
        Rollover::Hold => PinJudgement {
            check: Check::Fail,
            finding: Some(finding(Reason::PinHeld)),
            purpose: ExtractionPurpose::Hold,
            because: Some(Reason::PinHeld),
            resend_would_pass: Some(false),
        },
        Rollover::RejectFirst => {
            let mut finding = finding(Reason::PinRolloverFirstMessage);
            if !storable {
                finding = finding
                    .saying("the sender signs with a new certificate, which is trusted and was not stored")
                    .hinting(
                        "Compare the two certificates in the report; if the change is expected, \
                         verify with extraction on, or import the new certificate by hand.",
                    );
            }
            PinJudgement {
                check: Check::Fail,
                finding: Some(finding),
                purpose: ExtractionPurpose::Store,
                because: Some(Reason::PinRolloverFirstMessage),
                resend_would_pass: Some(storable),
            }
        }
    }
}

/// Old and new side by side: issuer, key, addresses, validity.
fn side_by_side(finding: Finding, old: &Certificate, new: &Certificate) -> Finding {
    finding
        .with("old-sha256", old.fingerprint())
        .with("new-sha256", new.fingerprint())
        .with("old-issuer", old.issuer())
        .with("new-issuer", new.issuer())
        .with("old-key", key(old))
        .with("new-key", key(new))
        .with("old-addresses", addresses(old))
        .with("new-addresses", addresses(new))
        .with("old-validity", validity(old))
        .with("new-validity", validity(new))
}

fn key(certificate: &Certificate) -> String {
    certificate
        .public_key()
        .map_or_else(|_| "unreadable".to_owned(), |key| key.describe())
}

fn addresses(certificate: &Certificate) -> String {
    let addresses: Vec<_> = certificate
        .addresses()
        .iter()
        .map(ToString::to_string)
        .collect();
    addresses.join(", ")
}

fn validity(certificate: &Certificate) -> String {
    format!(
        "{} to {}",
        certificate.not_before(),
        certificate.not_after()
    )
}
