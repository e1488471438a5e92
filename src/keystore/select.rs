//! Which of several certificates is used (rule 15), and why the others are not.

use std::cmp::Reverse;

use super::record::{Kind, StoredCertificate};
use crate::pki::{Purpose, usable_for, weak_key};
use crate::reason::Reason;
use crate::time::Time;
use crate::verdict::{Finding, rejects};

/// The outcome of a choice.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// What can be used, the best first: valid now, meant for the purpose, newest.
    pub usable: Vec<StoredCertificate>,
    /// What cannot, and why.
    pub passed_over: Vec<PassedOver>,
}

impl Selection {
    /// The certificate to use.
    pub fn best(&self) -> Option<&StoredCertificate> {
        self.usable.first()
    }
}

/// A certificate that cannot be used.
#[derive(Clone, Debug)]
pub struct PassedOver {
    /// The certificate.
    pub stored: StoredCertificate,
    /// Why not.
    pub findings: Vec<Finding>,
}

/// Sorts certificates into those that can be used for `purpose` at `time`, the newest first, and the
/// others with the reasons.
pub fn select(certificates: Vec<StoredCertificate>, purpose: Purpose, time: Time) -> Selection {
    let mut selection = Selection::default();
    for stored in certificates {
        let mut findings = usable_for(&stored.certificate, purpose, time);
        // Import refuses them, but a directory can be written by hand.
        findings.extend(weak_key(&stored.certificate));
        if let Some(revoked) = &stored.revoked {
            findings.push(
                Finding::new(Reason::CrlRevoked)
                    .with("revocation-date", revoked.date)
                    .with("revocation-reason", revoked.reason),
            );
        }
        match stored.kind {
            Kind::Held => findings.push(
                Finding::new(Reason::PinHeld)
                    .saying("the certificate is held until it is approved")
                    .hinting("Run `smime cert approve` if it is to be used."),
            ),
            Kind::Ca => findings.push(Finding::new(Reason::CertIsCa)),
            Kind::Identity | Kind::ThirdParty => {}
        }
        if rejects(&findings) {
            selection.passed_over.push(PassedOver { stored, findings });
        } else {
            selection.usable.push(stored);
        }
    }
    // The last two only make the order the same every time.
    selection.usable.sort_by_key(|stored| {
        let certificate = &stored.certificate;
        Reverse((
            certificate.not_before(),
            certificate.not_after(),
            stored.added,
            certificate.fingerprint(),
        ))
    });
    selection
}
