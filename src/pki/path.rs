//! Certification paths, RFC 5280 section 6: is there one to a trust anchor, and if not, why not?
//!
//! `path_search` finds candidates, `path_validation` judges each in one pass from the anchor to the
//! end entity, `revocation` asks whether a certificate of a valid path is revoked; this file holds
//! the question and the answer.

use super::certificate::Certificate;
use super::inspect::Purpose;
use super::issuers::Issuers;
use super::path_search;
use super::path_validation::Judgement;
use super::policy_graph::PolicyInputs;
use super::revocation::Revocation;
use super::working_public_key::working_public_key;
use crate::crypto::digest::WeakDigests;
use crate::crypto::key::PublicKey;
use crate::reason::{Reason, Severity};
use crate::time::Time;
use crate::verdict::{Check, Finding, PathStep, rejects};

/// The question.
#[derive(Clone, Copy)]
pub struct PathRequest<'a> {
    /// The end entity's certificate.
    pub certificate: &'a Certificate,
    /// What is known: trust anchors and stored intermediates.
    pub issuers: &'a dyn Issuers,
    /// What came along, such as the certificates in a message. Never trusted by being here.
    pub extra: &'a [Certificate],
    /// The time to judge at.
    pub time: Time,
    /// What the end entity's certificate is wanted for.
    pub purpose: Purpose,
    /// Whether SHA-1 is let through.
    pub sha1: WeakDigests,
    /// Whether and how to check that no certificate of the path is revoked.
    pub revocation: Option<Revocation<'a>>,
    /// The certificate policies that are demanded; the default demands none.
    pub policies: PolicyInputs<'a>,
}

/// The answer.
#[derive(Clone, Debug)]
pub struct PathReport {
    /// The valid path, or the candidate that came nearest: end entity first, and as far as it goes.
    pub path: Vec<Certificate>,
    /// There is a path to a trust anchor, and nothing rejects.
    pub trusted: bool,
    /// The path itself: signatures, names, CAs, constraints, anchor; neither dates nor usages.
    pub path_check: Check,
    /// The dates of every certificate in `path`.
    pub validity_check: Check,
    /// No certificate in `path` is revoked; not checked unless that was asked for.
    pub revocation_check: Check,
    /// What was found in `path`. The place of each names the certificate by its index.
    pub findings: Vec<Finding>,
    /// Each candidate that was tried, and what came of it.
    pub tried: Vec<String>,
}

/// Searches a certification path for a certificate and validates it.
///
/// The findings include what [`usable_for`](super::usable_for) says of the end entity. If there is
/// no valid path, they are those of the best candidate: one that reaches an anchor before one that
/// ends in an untrusted self-signed certificate, that before one with a signature that does not
/// verify, that before one whose issuer is missing.
pub fn validate_path(request: &PathRequest<'_>) -> PathReport {
    path_search::search(request)
}

impl PathReport {
    /// Puts the answer together. Only a path that is `anchored` can be trusted.
    pub(super) fn new(
        path: Vec<Certificate>,
        anchored: bool,
        judgement: Judgement,
        tried: Vec<String>,
    ) -> PathReport {
        let path_check = Check::from(anchored && !rejects(&judgement.path));
        let validity_check = Check::from(!rejects(&judgement.validity));
        let revocation_check = judgement.revocation_check;
        let findings = judgement.into_findings();
        PathReport {
            path,
            trusted: anchored && !rejects(&findings),
            path_check,
            validity_check,
            revocation_check,
            findings,
            tried,
        }
    }

    /// Why the path is not trusted; `None` if it is.
    pub fn refusal(&self) -> Option<Reason> {
        if self.trusted {
            return None;
        }
        let mut findings = self.findings.iter();
        let first = findings.find(|finding| finding.severity == Severity::Reject);
        Some(first.map_or(Reason::PathIssuerUnknown, |finding| finding.reason))
    }

    /// The key of the end entity, with the parameters that it inherits along this path.
    ///
    /// `None` when it is malformed.
    pub fn working_public_key(&self) -> Option<PublicKey> {
        working_public_key(&self.path)
    }

    /// The path in the form of the report.
    pub fn steps(&self) -> Vec<PathStep> {
        self.path
            .iter()
            .map(|certificate| PathStep {
                subject: certificate.subject().to_string(),
                sha256: certificate.fingerprint().to_string(),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests;
