//! The status of one certificate: the loop of RFC 5280 section 6.3.3.

use super::scope::covered_reasons;
use super::{CertificateList, Memory, Revocation, RevocationRecord};
use crate::asn1::oid;
use crate::pki::certificate::{Certificate, CertificateError};
use crate::pki::certificate_list::RevokedCertificate;
use crate::pki::distribution_point::DistributionPoint;
use crate::pki::name::Name;
use crate::pki::path::PathRequest;
use crate::pki::revocation_reason::{ReasonFlags, RevocationReason};
use crate::pki::serial_number::SerialNumber;
use crate::reason::Reason;
use crate::verdict::Finding;

/// What is known about a certificate.
pub(super) enum Status {
    /// It is not revoked.
    Good,
    /// It is.
    Revoked(Finding),
    /// Nobody knows; the finding says why not.
    Unknown(Finding),
}

/// Why a CRL that covers a certificate does not count.
pub(super) struct Trouble(Box<Finding>);

impl Trouble {
    pub(super) fn new(
        reason: Reason,
        list: &CertificateList,
        describe: impl FnOnce(Finding) -> Finding,
    ) -> Trouble {
        Trouble(Box::new(describe(facts(Finding::new(reason), list))))
    }

    /// The one that says more: how far a CRL came before something was wrong with it.
    pub(super) fn or(self, other: Trouble) -> Trouble {
        match other.rank() > self.rank() {
            true => other,
            false => self,
        }
    }

    fn rank(&self) -> usize {
        let reason = self.0.reason;
        let missing = !self.0.detail.contains_key("signer-sha256");
        // What was not looked at might have said something else.
        if self.0.detail.contains_key("limit") {
            return 6;
        }
        match reason {
            Reason::CrlUnavailable => 0,
            Reason::CrlIssuerNotCrlSigner if missing => 1,
            Reason::PathDigestWeak => 2,
            Reason::CrlSignatureInvalid => 3,
            Reason::CrlIssuerNotCrlSigner => 4,
            _ => 5,
        }
    }
}

/// The facts that tell one CRL from others.
fn facts(finding: Finding, list: &CertificateList) -> Finding {
    let finding = finding
        .with("crl-issuer", list.issuer())
        .with("this-update", list.this_update());
    let finding = match list.next_update() {
        Some(next) => finding.with("next-update", next),
        None => finding,
    };
    match list.number() {
        Some(number) => finding.with("crl-number", number),
        None => finding,
    }
}

/// The question about one certificate of a path.
pub(super) struct Inquiry<'q, 'r> {
    pub(super) request: &'q PathRequest<'r>,
    pub(super) revocation: Revocation<'r>,
    pub(super) path: &'q [Certificate],
    pub(super) depth: usize,
    pub(super) memory: &'q mut Memory,
}

/// What the CRLs so far have brought.
struct Progress {
    /// reasons_mask
    covered: ReasonFlags,
    trouble: Option<Trouble>,
}

impl Progress {
    fn note(&mut self, trouble: Trouble) {
        self.trouble = Some(match self.trouble.take() {
            Some(earlier) => earlier.or(trouble),
            None => trouble,
        });
    }
}

impl Inquiry<'_, '_> {
    pub(super) fn status(&mut self) -> Status {
        let (certificate, issuer) = (&self.path[self.depth], &self.path[self.depth + 1]);
        match self.revocation.source.find_record(certificate, issuer) {
            Some(RevocationRecord::Good) => return Status::Good,
            Some(RevocationRecord::Revoked(entry)) if self.counts(&entry, None) => {
                let finding = revoked(&entry).with("source", "the records of the local CA");
                return Status::Revoked(finding);
            }
            Some(RevocationRecord::Revoked(_)) => return Status::Good,
            None => {}
        }
        let points = match distribution_points(certificate) {
            Ok(points) => points,
            Err(error) => {
                let finding = Finding::new(Reason::CrlUnavailable)
                    .saying("where the certificate's status is told cannot be read")
                    .with("problem", error);
                return Status::Unknown(finding);
            }
        };
        let mut progress = Progress {
            covered: ReasonFlags::NONE,
            trouble: None,
        };
        for point in &points {
            for list in self.lists_for(point, certificate.issuer()) {
                if let Some(finding) = self.consult(&list, point, certificate, &mut progress) {
                    return Status::Revoked(finding);
                }
                if progress.covered.contains(ReasonFlags::ALL) {
                    return Status::Good;
                }
            }
        }
        Status::Unknown(match progress.trouble {
            Some(trouble) => *trouble.0,
            None => unavailable(certificate, &points, progress.covered),
        })
    }

    fn lists_for(&self, point: &DistributionPoint, issuer: &Name) -> Vec<CertificateList> {
        match &point.crl_issuer {
            None => self.revocation.lists_of(issuer),
            Some(_) => point
                .crl_issuers()
                .flat_map(|name| self.revocation.lists_of(name))
                .collect(),
        }
    }

    /// One turn of the loop: what `list` says of the certificate, if it is revoked.
    fn consult(
        &mut self,
        list: &CertificateList,
        point: &DistributionPoint,
        certificate: &Certificate,
        progress: &mut Progress,
    ) -> Option<Finding> {
        // (c) A delta alone says nothing.
        if list.is_delta() {
            return None;
        }
        // (b), (d)
        let reasons = match covered_reasons(list, point, certificate) {
            Ok(reasons) => reasons?,
            Err(error) => {
                progress.note(not_understood(list, error));
                return None;
            }
        };
        // (e)
        if progress.covered.contains(reasons) {
            return None;
        }
        if let Some(extension) = list.unknown_critical_extension() {
            progress.note(not_understood(list, extension.describe()));
            return None;
        }
        // (f), (g)
        let signer = match self.signer(list) {
            Ok(signer) => signer,
            Err(trouble) => {
                progress.note(trouble);
                return None;
            }
        };
        // (c), (h)
        let delta = self.find_delta(list, &signer, certificate);
        // (i) to (k)
        let of =
            |list: &CertificateList| list.find_entry(certificate.issuer(), certificate.serial());
        let changed = delta.as_ref().and_then(|delta| Some((of(delta)?, delta)));
        let entry = match changed {
            Some((entry, _)) if entry.reason == RevocationReason::RemoveFromCrl => None,
            Some((entry, delta)) => Some((entry, delta)),
            None => of(list).map(|entry| (entry, list)),
        };
        if let Some((entry, list)) = entry
            && self.counts(&entry, Some(list))
        {
            return Some(facts(revoked(&entry), list));
        }
        if delta.is_none() && !self.is_fresh(list, certificate) {
            progress.note(Trouble::new(Reason::CrlStale, list, |finding| {
                finding.with("judged-at", self.request.time)
            }));
        } else if !list.entries_are_understood() {
            progress.note(not_understood(list, "a critical extension of an entry"));
        } else {
            // (l)
            progress.covered = progress.covered.union(reasons);
        }
        None
    }

    /// The newest delta that adds to `list`: of the same issuer, key and scope, with a base that is
    /// not newer than the list, and fresh (sections 5.2.4, 6.3.3 (c)).
    fn find_delta(
        &mut self,
        list: &CertificateList,
        signer: &Certificate,
        certificate: &Certificate,
    ) -> Option<CertificateList> {
        let number = list.number()?;
        let deltas = self.revocation.lists_of(list.issuer());
        deltas.into_iter().find(|delta| {
            let base = delta.base_number();
            let is_at_most = |one: &SerialNumber, other: &SerialNumber| !one.exceeds(other);
            base.is_some_and(|base| is_at_most(&base, &number))
                && delta.number().is_some_and(|own| is_at_most(&number, &own))
                && delta.issuing_distribution_point_der() == list.issuing_distribution_point_der()
                && delta.authority_key_identifier() == list.authority_key_identifier()
                && delta.unknown_critical_extension().is_none()
                && delta.entries_are_understood()
                && self.is_fresh(delta, certificate)
                && self.verify(delta, signer).is_ok()
        })
    }

    /// Whether what `list` does not say is to be relied on at the time of the judgement.
    fn is_fresh(&self, list: &CertificateList, certificate: &Certificate) -> bool {
        let time = self.request.time;
        match list.this_update() <= time {
            true => list.next_update().is_some_and(|next| time <= next),
            // Afterwards it may have been left out of the list.
            false => list.this_update() <= certificate.not_after(),
        }
    }

    /// Whether an entry of `list`, or of a CA's records, revokes at the time of the judgement.
    fn counts(&self, entry: &RevokedCertificate, list: Option<&CertificateList>) -> bool {
        let time = self.request.time;
        let earliest = entry.invalidity_date.unwrap_or(entry.date).min(entry.date);
        entry.reason.is_compromise()
            || earliest <= time
            || list.is_some_and(|list| list.this_update() <= time)
    }
}

/// The distribution points of a certificate, and the one that goes without saying.
fn distribution_points(
    certificate: &Certificate,
) -> Result<Vec<DistributionPoint>, CertificateError> {
    let mut points = match certificate.find_extension(oid::CRL_DISTRIBUTION_POINTS) {
        Some(extension) => DistributionPoint::decode_all(extension.value())?,
        None => Vec::new(),
    };
    points.push(DistributionPoint::implied(certificate.issuer()));
    Ok(points)
}

fn revoked(entry: &RevokedCertificate) -> Finding {
    let finding = Finding::new(Reason::CrlRevoked)
        .with("revocation-date", entry.date)
        .with("revocation-reason", entry.reason);
    match entry.invalidity_date {
        Some(date) => finding.with("invalidity-date", date),
        None => finding,
    }
}

fn not_understood(list: &CertificateList, problem: impl ToString) -> Trouble {
    Trouble::new(Reason::CrlUnavailable, list, |finding| {
        finding
            .saying("a CRL about the certificate holds something that is not understood")
            .with("problem", problem)
    })
}

fn unavailable(
    certificate: &Certificate,
    points: &[DistributionPoint],
    covered: ReasonFlags,
) -> Finding {
    let finding = Finding::new(Reason::CrlUnavailable).with("issuer", certificate.issuer());
    let finding = match covered == ReasonFlags::NONE {
        true => finding,
        false => finding.saying("the CRLs at hand do not cover every reason for revocation"),
    };
    let uris: Vec<&str> = points.iter().flat_map(DistributionPoint::uris).collect();
    match uris.is_empty() {
        true => finding,
        false => finding.with("distribution-points", uris.join(" ")),
    }
}
