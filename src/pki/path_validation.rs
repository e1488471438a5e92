//! Judges one candidate path, RFC 5280 section 6.1: from the trust anchor to the end entity.
//!
//! Each certificate takes one step that changes the [`State`], in the order and with the variables
//! of the standard. Every step is made even after one has failed, so that all findings are
//! collected. Signatures were verified by the search, which follows no link that does not verify.

use super::certificate::Certificate;
use super::inspect::{self, Purpose};
use crate::crypto::digest::Strength;
use crate::crypto::digest::WeakDigests;
use crate::reason::{Reason, Severity};
use crate::time::Time;
use crate::verdict::{Check, Finding, Place};

/// The inputs of section 6.1.1 that are not the path.
#[derive(Clone, Copy, Debug)]
pub(super) struct Inputs {
    /// (b) the time.
    pub(super) time: Time,
    /// What the end entity's certificate is wanted for.
    pub(super) purpose: Purpose,
    /// Whether SHA-1 signatures count.
    pub(super) sha1: WeakDigests,
}

/// What was found, by the check that it belongs to.
#[derive(Clone, Debug, Default)]
pub(super) struct Judgement {
    /// The path itself.
    pub(super) path: Vec<Finding>,
    /// Dates.
    pub(super) validity: Vec<Finding>,
    /// Usages of the end entity, and extensions that cannot be read.
    pub(super) usage: Vec<Finding>,
    /// Revocation, of a path that reaches a trust anchor.
    pub(super) revocation: Vec<Finding>,
    /// Whether any certificate is revoked; not checked until the search has it checked.
    pub(super) revocation_check: Check,
}

impl Judgement {
    /// All findings.
    pub(super) fn findings(&self) -> impl Iterator<Item = &Finding> {
        let of_path = self.path.iter().chain(&self.validity).chain(&self.usage);
        of_path.chain(&self.revocation)
    }

    /// All findings.
    pub(super) fn into_findings(self) -> Vec<Finding> {
        [self.path, self.validity, self.usage, self.revocation].concat()
    }

    /// How many reject.
    pub(super) fn rejecting(&self) -> usize {
        self.findings()
            .filter(|finding| finding.severity == Severity::Reject)
            .count()
    }
}

/// The state variables of section 6.1.2 that this program has.
struct State {
    inputs: Inputs,
    /// (j) working_issuer_name is compared by the search, which looks issuers up by it.
    /// (k) max_path_length: how many certificates, not self-issued, may still follow.
    max_path_length: Option<u32>,
    judgement: Judgement,
}

/// Judges `path`, end entity first. Its last certificate is the trust anchor, or, in a candidate
/// that reaches none, the one whose issuer was not found; either way its signature is not judged.
pub(super) fn validate(path: &[Certificate], inputs: Inputs) -> Judgement {
    let mut state = State {
        inputs,
        max_path_length: None,
        judgement: Judgement::default(),
    };
    for (depth, certificate) in path.iter().enumerate().rev() {
        let certificate = Step {
            certificate,
            depth,
            is_top: depth + 1 == path.len(),
        };
        state.basic_processing(&certificate);
        if depth == 0 {
            state.wrap_up(&certificate);
        } else {
            state.prepare_for_next(&certificate);
        }
    }
    state.judgement
}

/// One certificate of the path.
struct Step<'a> {
    certificate: &'a Certificate,
    depth: usize,
    is_top: bool,
}

impl Step<'_> {
    /// A finding about this certificate.
    fn place(&self, finding: Finding) -> Finding {
        finding
            .at(Place::default().at_certificate(self.depth))
            .with("subject", self.certificate.subject())
    }

    fn finding(&self, reason: Reason) -> Finding {
        self.place(Finding::new(reason))
    }
}

impl State {
    /// Section 6.1.3.
    fn basic_processing(&mut self, step: &Step<'_>) {
        // (a)(1) The link was verified; what is left is whether its digest is to be trusted.
        if !step.is_top {
            self.digest_strength(step);
        }
        // (a)(2)
        let dates = inspect::dates(step.certificate, self.inputs.time);
        let dates = dates.into_iter().map(|finding| step.place(finding));
        self.judgement.validity.extend(dates);
        // (a)(3) The search has revocation judged, once nothing else rejects. (a)(4) See `max_path_length`.
        let unreadable = inspect::unreadable_extensions(step.certificate).into_iter();
        let unreadable = unreadable.map(|finding| step.place(finding));
        if step.depth == 0 {
            self.judgement.usage.extend(unreadable);
        } else {
            self.judgement.path.extend(unreadable);
        }
    }

    fn digest_strength(&mut self, step: &Step<'_>) {
        let Ok(algorithm) = step.certificate.signature_algorithm() else {
            return;
        };
        let accepted = match algorithm.digest().strength() {
            Strength::Broken => false,
            Strength::Weak => self.inputs.sha1 == WeakDigests::AcceptSha1,
            Strength::Accepted => true,
        };
        if !accepted {
            let finding = step.finding(Reason::PathDigestWeak);
            let finding = finding.with("signature-algorithm", algorithm.name());
            self.judgement.path.push(finding);
        }
    }

    /// Section 6.1.4: whether the certificate may stand above the next one.
    fn prepare_for_next(&mut self, step: &Step<'_>) {
        let certificate = step.certificate;
        // (k) A trust anchor of version 1 or 2 cannot say that it is a CA; that it is one is known
        // from whoever trusted it.
        let permitted = match certificate.version() {
            3 => certificate.is_ca(),
            _ => step.is_top,
        };
        if !permitted {
            self.judgement
                .path
                .push(step.finding(Reason::PathIssuerNotCa));
        }
        // (l) The anchor itself is no certificate of the path.
        if !step.is_top && !certificate.is_self_issued() {
            match &mut self.max_path_length {
                Some(0) => self
                    .judgement
                    .path
                    .push(step.finding(Reason::PathLengthExceeded)),
                Some(length) => *length -= 1,
                None => {}
            }
        }
        // (m) That the anchor's own constraint counts is RFC 5937 section 3.2.
        let constraint = certificate
            .basic_constraints()
            .and_then(|constraints| constraints.path_length);
        if let Some(length) = constraint {
            let shorter = self.max_path_length.is_none_or(|current| length < current);
            if shorter {
                self.max_path_length = Some(length);
            }
        }
        // (n)
        let usages = certificate.key_usage();
        if usages.is_some_and(|usages| !usages.key_cert_sign()) {
            self.judgement
                .path
                .push(step.finding(Reason::PathKeyCertSignMissing));
        }
        // Not of the standard, but what mail programs and RFC 8550 section 4.4.4 agree on: a CA
        // whose extended key usage leaves mail out issues no certificates for mail.
        let mail_usage = inspect::mail_usage(certificate);
        // (o)
        let refused = inspect::critical_extensions(certificate)
            .into_iter()
            .chain(inspect::unprocessed_constraints(certificate))
            .chain(mail_usage)
            .map(|finding| step.place(finding));
        self.judgement.path.extend(refused);
    }

    /// Section 6.1.5, and whether the end entity's certificate can be used for the purpose.
    fn wrap_up(&mut self, step: &Step<'_>) {
        // (f)
        let unknown = inspect::critical_extensions(step.certificate)
            .into_iter()
            .map(|finding| step.place(finding));
        self.judgement.path.extend(unknown);
        let usages = inspect::usages(step.certificate, self.inputs.purpose)
            .into_iter()
            .map(|finding| step.place(finding));
        self.judgement.usage.extend(usages);
    }
}
