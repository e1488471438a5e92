//! Revocation, RFC 5280 section 6.3: is any certificate of a path revoked, and does anybody know?
//!
//! The search asks this of a path that is valid otherwise, so that a revoked certificate leads it to
//! another path. For each certificate `status` looks for CRLs whose scope covers it (`scope`), that
//! are signed by who may sign them (`signer`), and that are fresh.
//!
//! What is judged is one instant, which may lie in the past. A CRL that was issued before it has to be
//! fresh then, and everything on it counts. A CRL that was issued later tells what was the case
//! then by the dates of its entries, as long as the certificate would still be on it; but a key that is
//! known to be compromised counts as revoked from the start, since who holds it can write any date.

mod pool;
mod scope;
mod signer;
mod status;

use std::collections::HashMap;

use super::certificate::Certificate;
use super::certificate_list::{CertificateList, RevokedCertificate};
use super::fingerprint::Fingerprint;
use super::name::Name;
use super::path::PathRequest;
use crate::crypto::key::SignatureError;
use crate::reason::Severity;
use crate::verdict::{Check, Finding, Place};
pub use pool::{ListPool, NoLists};
use status::Status;

/// What happens where nobody knows whether a certificate is revoked. One that is revoked is rejected
/// either way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strictness {
    /// A warning.
    Soft,
    /// The path is rejected.
    Hard,
}

/// What a CA's own records say of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RevocationRecord {
    /// The CA issued it and has not revoked it.
    Good,
    /// The CA has revoked it.
    Revoked(RevokedCertificate),
}

/// Where CRLs come from.
pub trait RevocationSource {
    /// All CRLs, deltas included, whose issuer has that name, in no particular order.
    fn find_lists(&self, issuer: &Name) -> Vec<CertificateList>;

    /// What the CA whose certificate is `issuer` has on record about `certificate`, if its records are
    /// at hand. They take the place of any CRL.
    fn find_record(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
    ) -> Option<RevocationRecord> {
        let _ = (certificate, issuer);
        None
    }
}

/// How to check revocation, part of a [`PathRequest`].
#[derive(Clone, Copy)]
pub struct Revocation<'a> {
    /// What happens where it is not known.
    pub strictness: Strictness,
    /// CRLs that are stored or were given.
    pub source: &'a dyn RevocationSource,
    /// CRLs that came along with the message.
    pub carried: &'a [CertificateList],
}

impl Revocation<'_> {
    /// The CRLs of one issuer, the newest first, each once.
    fn lists_of(&self, issuer: &Name) -> Vec<CertificateList> {
        let mut lists = self.source.find_lists(issuer);
        // An implementation may look up by less than the whole name.
        lists.extend_from_slice(self.carried);
        lists.retain(|list| list.issuer() == issuer);
        // Two of one second are told apart by their numbers (section 5.2.3).
        lists.sort_by_cached_key(|list| {
            let number = list.number().map(|number| {
                let magnitude = number.magnitude();
                (magnitude.len(), magnitude.to_vec())
            });
            std::cmp::Reverse((list.this_update(), number, list.fingerprint()))
        });
        lists.dedup_by_key(|list| list.fingerprint());
        lists
    }

    /// The weight of not knowing.
    fn severity(&self) -> Severity {
        match self.strictness {
            Strictness::Soft => Severity::Warning,
            Strictness::Hard => Severity::Reject,
        }
    }
}

/// What is found out while one path is searched, the paths of signers of CRLs included.
#[derive(Default)]
pub(super) struct Memory {
    /// Results by CRL and key.
    signatures: HashMap<(Fingerprint, Fingerprint), Result<(), SignatureError>>,
    /// What was found out about signers of CRLs, by their certificate and the trust anchor.
    signers: HashMap<(Fingerprint, Fingerprint), Result<(), String>>,
    /// The signers whose paths are being searched, the outermost first.
    pending: Vec<Fingerprint>,
    searches: usize,
}

/// Judges the certificates of a path that ends in a trust anchor, end entity first. The anchor itself is
/// not judged.
///
/// The check passes if every certificate is known not to be revoked; where that is not known and does
/// not reject, it was not made.
pub(super) fn judge(
    request: &PathRequest<'_>,
    path: &[Certificate],
    memory: &mut Memory,
) -> (Check, Vec<Finding>) {
    let Some(revocation) = request.revocation else {
        return (Check::NotChecked, Vec::new());
    };
    let mut findings = Vec::new();
    let mut check = match path.len() {
        0 | 1 => Check::NotChecked,
        _ => Check::Pass,
    };
    // From the anchor on: what a revoked CA says of those below it is not worth telling.
    for depth in (0..path.len().saturating_sub(1)).rev() {
        let certificate = &path[depth];
        let place = |finding: Finding| {
            finding
                .at(Place::default().at_certificate(depth))
                .with("subject", certificate.subject())
                .with("serial", certificate.serial())
        };
        let mut inquiry = status::Inquiry {
            request,
            revocation,
            path,
            depth,
            memory,
        };
        match inquiry.status() {
            Status::Good => {}
            Status::Revoked(finding) => {
                findings.push(place(finding));
                return (Check::Fail, findings);
            }
            Status::Unknown(finding) => {
                findings.push(place(finding).weighing(revocation.severity()));
                check = match revocation.strictness {
                    Strictness::Soft => Check::NotChecked,
                    Strictness::Hard => Check::Fail,
                };
            }
        }
    }
    (check, findings)
}

#[cfg(test)]
mod tests;
