//! Finds candidate paths, depth first from the end entity: RFC 4158 in spirit, with budgets.
//!
//! A link is followed if its signature verifies, or can only be verified once the rest of the path is
//! known; a candidate that reaches a trust anchor is
//! validated, and the first one that nothing rejects is the answer. Hostile messages can hold
//! hundreds of CAs with one name, so signatures, steps and length are counted, and no signature is
//! computed twice.

mod candidates;

use std::collections::{HashMap, HashSet};

use self::candidates::{Candidates, identifies, likeliest_first};
use super::certificate::Certificate;
use super::fingerprint::Fingerprint;
use super::issuers::organization;
use super::name::Name;
use super::path::{PathReport, PathRequest};
use super::path_validation::{Budget, Inputs, Judgement, validate};
use super::revocation::{self, Memory};
use super::working_public_key::depends_on_path;
use crate::crypto::key::SignatureError;
use crate::limits;
use crate::reason::Reason;
use crate::verdict::{Check, Finding, Place};

/// Candidates that are described in a report; the rest is counted.
const TRIED_SHOWN: usize = 20;

pub(super) fn search(request: &PathRequest<'_>) -> PathReport {
    search_with(request, &mut Memory::default())
}

/// The same, as part of a larger search that knows something about CRLs already.
pub(super) fn search_with(request: &PathRequest<'_>, memory: &mut Memory) -> PathReport {
    let mut search = Search {
        request,
        memory,
        candidates: Candidates::new(request),
        links: HashMap::new(),
        steps: 0,
        budget: Budget::default(),
        limit: None,
        is_cut: false,
        best: None,
        tried: Vec::new(),
        paths: 0,
        organizations: None,
    };
    let is_anchor = request.issuers.is_anchor(request.certificate);
    search.extend(&mut vec![request.certificate.clone()], is_anchor);
    search.report()
}

/// Whether to look for further candidates.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    Go,
    Stop,
}

/// How near a candidate came, the nearest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Ending {
    Anchor,
    SelfSigned,
    SignatureInvalid,
    IssuerMissing,
}

struct CandidatePath {
    path: Vec<Certificate>,
    judgement: Judgement,
    ending: Ending,
}

impl CandidatePath {
    /// The lesser is the better; among equals the first one found stays.
    fn rank(&self) -> (Ending, usize, usize) {
        let missing = limits::PATH_LENGTH.saturating_sub(self.path.len());
        (self.ending, self.judgement.rejecting(), missing)
    }
}

struct Search<'a> {
    request: &'a PathRequest<'a>,
    /// What is known about CRLs.
    memory: &'a mut Memory,
    candidates: Candidates<'a>,
    /// Results by certificate and issuer key.
    links: HashMap<(Fingerprint, Fingerprint), Result<(), SignatureError>>,
    steps: usize,
    /// What may still be computed.
    budget: Budget,
    /// The budget that was used up.
    limit: Option<&'static str>,
    /// Whether a path was too long to go on.
    is_cut: bool,
    best: Option<CandidatePath>,
    tried: Vec<String>,
    /// How many were judged.
    paths: usize,
    /// Those of the trust anchors, once they are needed.
    organizations: Option<HashSet<String>>,
}

impl<'a> Search<'a> {
    /// Tries every way on from the last certificate of `path`, which may be a trust anchor.
    fn extend(&mut self, path: &mut Vec<Certificate>, is_anchor: bool) -> Next {
        let Some(top) = path.last().cloned() else {
            return Next::Stop;
        };
        if is_anchor {
            let mut judgement = self.validate(path);
            if judgement.rejecting() == 0 {
                self.judge_revocation(path, &mut judgement);
            }
            return self.offer(path, judgement, Ending::Anchor);
        }
        let mut failure: Option<(Certificate, SignatureError)> = None;
        let mut extended = false;
        let named = self.candidates.named(top.issuer());
        for candidate in likeliest_first(&named, &top) {
            let issuer = &candidate.certificate;
            self.steps += 1;
            if self.steps > limits::PATH_STEPS {
                self.limit = Some("candidates looked at");
                break;
            }
            if repeats(path, issuer) {
                continue;
            }
            // Another path may be shorter.
            if path.len() >= limits::PATH_LENGTH {
                self.is_cut = true;
                return Next::Go;
            }
            match self.link(&top, issuer) {
                Some(Ok(())) => {
                    extended = true;
                    path.push(issuer.clone());
                    let next = self.extend(path, candidate.is_anchor);
                    path.pop();
                    if next == Next::Stop {
                        return Next::Stop;
                    }
                }
                // One of the same name that says it has another key is another CA.
                Some(Err(_)) if identifies(&top, issuer) == Some(false) => {}
                Some(Err(error)) => {
                    failure.get_or_insert_with(|| (issuer.clone(), error));
                }
                None => break,
            }
        }
        // Where a budget ended the loop, what would have come is not known.
        if self.limit.is_some() {
            return Next::Stop;
        }
        match extended {
            true => Next::Go,
            false => self.dead_end(path, &top, failure),
        }
    }

    fn validate(&mut self, path: &[Certificate]) -> Judgement {
        let inputs = Inputs {
            time: self.request.time,
            purpose: self.request.purpose,
            sha1: self.request.sha1,
            policies: self.request.policies,
        };
        validate(path, inputs, &mut self.budget)
    }

    /// Section 6.1.3 (a)(3), for every certificate of a path to a trust anchor.
    fn judge_revocation(&mut self, path: &[Certificate], judgement: &mut Judgement) {
        let (check, findings) = revocation::judge(self.request, path, self.memory);
        judgement.revocation_check = check;
        judgement.revocation = findings;
    }

    /// Whether the key of `issuer` made the signature of `certificate`; `None` when the budget is
    /// used up. What the key of `issuer` needs its own path for is left to `validate`.
    fn link(
        &mut self,
        certificate: &Certificate,
        issuer: &Certificate,
    ) -> Option<Result<(), SignatureError>> {
        if depends_on_path(issuer) {
            return Some(Ok(()));
        }
        let ends = (
            certificate.fingerprint(),
            Fingerprint::of(issuer.spki_der()),
        );
        if let Some(known) = self.links.get(&ends) {
            return Some(*known);
        }
        if !self.budget.take_signature() {
            self.limit = Some("signatures checked");
            return None;
        }
        let result = match issuer.public_key() {
            Ok(key) => certificate.verify_signature(&key),
            Err(_) => Err(SignatureError::Unsupported),
        };
        self.links.insert(ends, result);
        Some(result)
    }

    /// A path whose last certificate has no issuer that verifies.
    fn dead_end(
        &mut self,
        path: &[Certificate],
        top: &Certificate,
        failure: Option<(Certificate, SignatureError)>,
    ) -> Next {
        let (ending, finding) = if is_self_signed(top) {
            let finding = Finding::new(Reason::PathSelfSignedUntrusted);
            (Ending::SelfSigned, finding)
        } else if let Some((issuer, error)) = failure {
            (Ending::SignatureInvalid, broken_link(top, &issuer, error))
        } else {
            let finding = self.issuer_missing(path, top);
            (Ending::IssuerMissing, finding)
        };
        let finding = finding
            .at(Place::default().at_certificate(path.len() - 1))
            .with("subject", top.subject())
            .with("issuer", top.issuer());
        let mut judgement = self.validate(path);
        judgement.path.insert(0, finding);
        self.offer(path, judgement, ending)
    }

    /// Tells a CA that is not trusted here from an intermediate that somebody left out.
    ///
    /// Nothing says so for certain. An intermediate it is if the certificate says who issued its
    /// issuer, and that is not the issuer itself; or if a trust anchor is of the same organization;
    /// or if an end entity's certificate says where the issuer's can be fetched, since roots that
    /// issue to end entities themselves have no reason to. The same of an intermediate says
    /// nothing: its missing issuer most often is the root.
    fn issuer_missing(&mut self, path: &[Certificate], top: &Certificate) -> Finding {
        let urls = top.ca_issuers();
        let above = top
            .authority_key_identifier()
            .and_then(|identifier| identifier.issuer);
        let has_issuer = above.is_some_and(|above| above != *top.issuer());
        let namesake = self.namesake(path, top.issuer());
        let intermediate = match &namesake {
            // A root has changed its key, or somebody else took its name.
            Some(namesake) if namesake.is_self_issued() => false,
            _ => {
                has_issuer
                    || (path.len() == 1 && !urls.is_empty())
                    || self.knows_organization(top.issuer())
            }
        };
        let finding = match intermediate {
            true => Finding::new(Reason::PathIntermediateMissing)
                .saying("the issuer's certificate is missing, and it is probably an intermediate"),
            false => Finding::new(Reason::PathIssuerUnknown),
        };
        let finding = match namesake {
            Some(namesake) => finding.with("other-key-of-that-name", namesake.fingerprint()),
            None => finding,
        };
        match urls.is_empty() {
            true => finding,
            false => finding.with("ca-issuers", urls.join(" ")),
        }
    }

    /// A known certificate of the issuer's name, whose key is not the issuer's.
    fn namesake(&mut self, path: &[Certificate], issuer: &Name) -> Option<Certificate> {
        let named = self.candidates.named(issuer);
        let mut others = named.iter().map(|candidate| &candidate.certificate);
        others.find(|other| !repeats(path, other)).cloned()
    }

    /// Whether a trust anchor is of the organization that `name` names.
    fn knows_organization(&mut self, name: &Name) -> bool {
        let issuers = self.request.issuers;
        organization(name).is_some_and(|organization| {
            self.organizations
                .get_or_insert_with(|| issuers.organizations())
                .contains(&organization)
        })
    }

    /// Notes a candidate and keeps it if it is the best so far.
    fn offer(&mut self, path: &[Certificate], judgement: Judgement, ending: Ending) -> Next {
        self.paths += 1;
        if self.tried.len() < TRIED_SHOWN {
            self.tried.push(describe(path, &judgement));
        }
        let candidate = CandidatePath {
            path: path.to_vec(),
            judgement,
            ending,
        };
        let valid = ending == Ending::Anchor && candidate.judgement.rejecting() == 0;
        let better = self
            .best
            .as_ref()
            .is_none_or(|best| candidate.rank() < best.rank());
        if better {
            self.best = Some(candidate);
        }
        if valid {
            return Next::Stop;
        }
        if self.budget.comparisons == 0 {
            self.limit = Some("names compared with constraints");
        } else if self.paths >= limits::PATHS_TRIED {
            self.limit = Some("paths tried");
        }
        match self.limit {
            Some(_) => Next::Stop,
            None => Next::Go,
        }
    }

    fn report(mut self) -> PathReport {
        if self.paths > self.tried.len() {
            let more = self.paths - self.tried.len();
            self.tried.push(format!("and {more} more"));
        }
        let (path, anchored, mut judgement) = match self.best.take() {
            Some(best) => (best.path, best.ending == Ending::Anchor, best.judgement),
            None => {
                let path = vec![self.request.certificate.clone()];
                let judgement = self.validate(&path);
                (path, false, judgement)
            }
        };
        // Of a path that something else rejects, it is worth telling nevertheless.
        if anchored && judgement.revocation_check == Check::NotChecked && judgement.rejecting() > 0
        {
            self.judge_revocation(&path, &mut judgement);
        }
        let valid = anchored && judgement.rejecting() == 0;
        let too_long = self.is_cut.then_some("certificates in one path");
        if let (Some(limit), false) = (self.limit.or(too_long), valid) {
            let told = |finding: &Finding| finding.reason == Reason::PathSearchLimitReached;
            if !judgement.path.iter().any(told) {
                // First: what else is wrong with the candidate might not be with another one.
                let finding = Finding::new(Reason::PathSearchLimitReached).with("limit", limit);
                judgement.path.insert(0, finding);
            }
        }
        PathReport::new(path, anchored, judgement, self.tried)
    }
}

/// Whether a certificate, or its subject with the same key, is in the path already: cross
/// certificates would lead in circles.
fn repeats(path: &[Certificate], next: &Certificate) -> bool {
    path.iter().any(|certificate| {
        certificate.fingerprint() == next.fingerprint()
            || (certificate.spki_der() == next.spki_der()
                && certificate.subject() == next.subject())
    })
}

/// Whether a certificate is self-signed, as far as that can be computed.
fn is_self_signed(certificate: &Certificate) -> bool {
    let unknown = || {
        certificate
            .public_key()
            .is_ok_and(|key| certificate.verify_signature(&key) == Err(SignatureError::Unsupported))
    };
    certificate.is_self_signed() || (certificate.is_self_issued() && unknown())
}

/// Section 6.1.3 (a)(1), for a certificate of which no issuer verifies.
pub(super) fn broken_link(
    top: &Certificate,
    issuer: &Certificate,
    error: SignatureError,
) -> Finding {
    let reason = match error {
        SignatureError::Unsupported => Reason::PathSignatureAlgorithmUnsupported,
        SignatureError::Invalid
        | SignatureError::AlgorithmMismatch
        | SignatureError::ParametersRestricted => Reason::PathSignatureInvalid,
    };
    let algorithm = match top.signature_algorithm() {
        Ok(algorithm) => algorithm.name(),
        Err(unsupported) => unsupported.to_string(),
    };
    Finding::new(reason)
        .with("problem", error)
        .with("signature-algorithm", algorithm)
        .with("issuer-sha256", issuer.fingerprint())
}

/// Subjects from the end entity on, and what rejects.
fn describe(path: &[Certificate], judgement: &Judgement) -> String {
    let subjects: Vec<String> = path
        .iter()
        .map(|certificate| certificate.subject().to_string())
        .collect();
    let mut codes: Vec<&str> = judgement
        .findings()
        .filter(|finding| finding.severity == crate::reason::Severity::Reject)
        .map(|finding| finding.reason.code())
        .collect();
    codes.dedup();
    let outcome = match codes.is_empty() {
        true => "valid".to_owned(),
        false => codes.join(", "),
    };
    format!("{}: {outcome}", subjects.join(" <- "))
}
