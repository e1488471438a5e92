//! Judges one candidate path, RFC 5280 section 6.1: from the trust anchor to the end entity.
//!
//! Each certificate takes one step that changes the [`State`], in the order and with the variables
//! of the standard. Every step is made even after one has failed, so that all findings are
//! collected. Signatures were verified by the search, but for those by keys that inherit parameters.

use super::certificate::Certificate;
use super::certificate_policy::{
    PolicyConstraints, certificate_policies, inhibit_any_policy, policy_mappings,
};
use super::inspect::{self, Purpose};
use super::name_constraints::{NameConstraints, OutOfComparisons, find_name};
use super::oid::Oid;
use super::path_search::broken_link;
use super::policy_graph::{AnyPolicy, PolicyGraph, PolicyInputs};
use super::working_public_key::{depends_on_path, working_public_key};
use crate::asn1::oid;
use crate::crypto::digest::Strength;
use crate::crypto::digest::WeakDigests;
use crate::crypto::key::SignatureError;
use crate::limits;
use crate::reason::{Reason, Severity};
use crate::time::Time;
use crate::verdict::{Check, Finding, Place};

/// The inputs of section 6.1.1 that are not the path.
#[derive(Clone, Copy, Debug)]
pub(super) struct Inputs<'a> {
    /// (b) the time.
    pub(super) time: Time,
    /// What the end entity's certificate is wanted for.
    pub(super) purpose: Purpose,
    /// Whether SHA-1 signatures count.
    pub(super) sha1: WeakDigests,
    /// (c), (e), (f) and (g).
    pub(super) policies: PolicyInputs<'a>,
}

/// What may still be computed while one path is searched.
pub(super) struct Budget {
    /// Comparisons of names with constraints.
    pub(super) comparisons: usize,
    signatures: usize,
}

impl Default for Budget {
    fn default() -> Budget {
        Budget {
            comparisons: limits::NAME_COMPARISONS,
            signatures: limits::PATH_SIGNATURES,
        }
    }
}

impl Budget {
    /// Whether a signature may be verified, which is counted.
    pub(super) fn take_signature(&mut self) -> bool {
        let left = self.signatures.checked_sub(1);
        self.signatures = left.unwrap_or(0);
        left.is_some()
    }
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
struct State<'a> {
    inputs: Inputs<'a>,
    /// (a) valid_policy_graph.
    policies: PolicyGraph<'a>,
    /// (b) and (c) permitted_subtrees and excluded_subtrees, with the CA that put them up. A name
    /// has to be within what each CA permits, which is their intersection.
    name_constraints: Vec<(&'a Certificate, NameConstraints)>,
    /// (d) explicit_policy, (e) inhibit_anyPolicy, (f) policy_mapping: after how many certificates,
    /// not self-issued, a policy is required, anyPolicy does not count, mapping ends.
    explicit_policy: u32,
    inhibit_any_policy: u32,
    policy_mapping: u32,
    /// (j) working_issuer_name is compared by the search, which looks issuers up by it.
    /// (k) max_path_length: how many certificates, not self-issued, may still follow.
    max_path_length: Option<u32>,
    judgement: Judgement,
}

/// In place of n + 1: more certificates than any path has.
const NEVER: u32 = u32::MAX;

/// Judges `path`, end entity first. Its last certificate is the trust anchor, or, in a candidate
/// that reaches none, the one whose issuer was not found; either way its signature is not judged.
/// What is computed is taken from `budget`.
///
/// The anchor is no certificate of the path, but what it demands of the certificates below it
/// counts (RFC 5937): path length, name constraints, and the numbers of policyConstraints and
/// inhibitAnyPolicy. Its own names, policies and mappings do not.
pub(super) fn validate(path: &[Certificate], inputs: Inputs<'_>, budget: &mut Budget) -> Judgement {
    let at_once_if = |input| if input { 0 } else { NEVER };
    let mut state = State {
        inputs,
        policies: PolicyGraph::new(inputs.policies),
        name_constraints: Vec::new(),
        explicit_policy: at_once_if(inputs.policies.require_explicit),
        inhibit_any_policy: at_once_if(inputs.policies.inhibit_any),
        policy_mapping: at_once_if(inputs.policies.inhibit_mapping),
        max_path_length: None,
        judgement: Judgement::default(),
    };
    for (depth, certificate) in path.iter().enumerate().rev() {
        let certificate = Step {
            certificate,
            depth,
            above: &path[depth + 1..],
        };
        state.basic_processing(&certificate, budget);
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
    /// Those from its issuer's on.
    above: &'a [Certificate],
}

impl Step<'_> {
    /// Whether it is the last of the path.
    fn is_top(&self) -> bool {
        self.above.is_empty()
    }

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

impl<'a> State<'a> {
    /// Section 6.1.3.
    fn basic_processing(&mut self, step: &Step<'a>, budget: &mut Budget) {
        // (a)(1) Most links are verified; what is left is whether the digest is to be trusted.
        if !step.is_top() {
            self.inherited_link(step, budget);
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
        // (b), (c)
        if step.depth == 0 || !step.certificate.is_self_issued() {
            self.names(step, &mut budget.comparisons);
        }
        // (d), (e) An end entity that is trusted itself is judged by the policies it names.
        if !step.is_top() || step.depth == 0 {
            self.policies(step);
        }
    }

    fn names(&mut self, step: &Step<'_>, comparisons: &mut usize) {
        let constraints = &self.name_constraints;
        if constraints.is_empty() {
            return;
        }
        let finding = find_name(step.certificate, |name| {
            constraints
                .iter()
                .rev()
                .find_map(|(authority, constraints)| {
                    match constraints.violated_by(name, comparisons) {
                        Ok(None) => None,
                        Ok(Some(violation)) => Some(
                            step.finding(Reason::PathNameConstraintsViolated)
                                .with("name", name)
                                .with("constraint", violation)
                                .with("constrained-by", authority.subject()),
                        ),
                        Err(OutOfComparisons) => Some(
                            step.finding(Reason::PathSearchLimitReached)
                                .with("limit", "names compared with constraints"),
                        ),
                    }
                })
        });
        self.judgement.path.extend(finding);
    }

    fn policies(&mut self, step: &Step<'_>) {
        let own = policies_of(step.certificate).unwrap_or_default();
        let self_issued = step.depth > 0 && step.certificate.is_self_issued();
        let any_policy = match self.inhibit_any_policy > 0 || self_issued {
            true => AnyPolicy::Counts,
            false => AnyPolicy::Inhibited,
        };
        self.policies.descend(&own, any_policy);
        // (f)
        if self.explicit_policy == 0 && self.policies.is_null() {
            self.policy_missing(step);
        }
    }

    /// The first certificate at which no policy is left is the one to name.
    fn policy_missing(&mut self, step: &Step<'_>) {
        let known = |finding: &Finding| finding.reason == Reason::PathPolicyNotAccepted;
        if self.judgement.path.iter().any(known) {
            return;
        }
        let listed = |policies: &[Oid]| match policies {
            [] => oid::describe(&oid::ANY_POLICY),
            policies => {
                let texts: Vec<String> = policies.iter().map(Oid::describe).collect();
                texts.join(", ")
            }
        };
        let own = policies_of(step.certificate);
        let own = own.map_or("none".to_owned(), |own| listed(&own));
        let finding = step
            .finding(Reason::PathPolicyNotAccepted)
            .with("accepted", listed(self.inputs.policies.acceptable))
            .with("certificate-policies", own);
        self.judgement.path.push(finding);
    }

    /// The signature by a key whose parameters are those of a key above it.
    fn inherited_link(&mut self, step: &Step<'_>, budget: &mut Budget) {
        let issuer = &step.above[0];
        if !depends_on_path(issuer) {
            return;
        }
        if !budget.take_signature() {
            let finding = step.finding(Reason::PathSearchLimitReached);
            self.judgement
                .path
                .push(finding.with("limit", "signatures checked"));
            return;
        }
        let result = match working_public_key(step.above) {
            Some(key) => step.certificate.verify_signature(&key),
            None => Err(SignatureError::Unsupported),
        };
        if let Err(error) = result {
            let finding = broken_link(step.certificate, issuer, error);
            self.judgement.path.push(step.place(finding));
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
    fn prepare_for_next(&mut self, step: &Step<'a>) {
        let certificate = step.certificate;
        if !step.is_top() {
            self.map_policies(step);
        }
        // (g)
        let constraints = certificate.find_extension(oid::NAME_CONSTRAINTS);
        let constraints = constraints
            .and_then(|extension| NameConstraints::decode(extension.value()).ok())
            .map(|constraints| (certificate, constraints));
        self.name_constraints.extend(constraints);
        self.count_down(step);
        // (k) A trust anchor of version 1 or 2 cannot say that it is a CA; that it is one is known
        // from whoever trusted it.
        let permitted = match certificate.version() {
            3 => certificate.is_ca(),
            _ => step.is_top(),
        };
        if !permitted {
            self.judgement
                .path
                .push(step.finding(Reason::PathIssuerNotCa));
        }
        // (l) The anchor itself is no certificate of the path.
        if !step.is_top() && !certificate.is_self_issued() {
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
        // What a weak key has signed is worth no more than what is signed with a weak digest.
        let weak = inspect::weak_key(certificate).map(|finding| step.place(finding));
        self.judgement.path.extend(weak);
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
            .chain(mail_usage)
            .map(|finding| step.place(finding));
        self.judgement.path.extend(refused);
    }

    /// (a), (b)
    fn map_policies(&mut self, step: &Step<'_>) {
        let Some(extension) = step.certificate.find_extension(oid::POLICY_MAPPINGS) else {
            return;
        };
        let mappings = policy_mappings(extension.value()).unwrap_or_default();
        let maps_any = mappings.iter().any(|mapping| {
            mapping.issuer_domain == oid::ANY_POLICY || mapping.subject_domain == oid::ANY_POLICY
        });
        if maps_any {
            let finding = step
                .finding(Reason::CertEncodingInvalid)
                .saying("a CA maps anyPolicy, which is not allowed")
                .with("extension", extension.id().describe());
            self.judgement.path.push(finding);
        } else if self.policy_mapping > 0 {
            self.policies.map(&mappings);
        } else {
            self.policies.delete_mapped(&mappings);
        }
    }

    /// (h), (i), (j)
    fn count_down(&mut self, step: &Step<'_>) {
        let certificate = step.certificate;
        let counters = [
            &mut self.explicit_policy,
            &mut self.policy_mapping,
            &mut self.inhibit_any_policy,
        ];
        if !step.is_top() && !certificate.is_self_issued() {
            for counter in counters {
                *counter = counter.saturating_sub(1);
            }
        }
        let lower = |counter: &mut u32, to: Option<u32>| {
            *counter = to.map_or(*counter, |to| to.min(*counter));
        };
        let constraints = policy_constraints(certificate);
        lower(
            &mut self.explicit_policy,
            constraints.require_explicit_policy,
        );
        lower(&mut self.policy_mapping, constraints.inhibit_policy_mapping);
        let inhibit = certificate.find_extension(oid::INHIBIT_ANY_POLICY);
        let inhibit = inhibit.and_then(|extension| inhibit_any_policy(extension.value()).ok());
        lower(&mut self.inhibit_any_policy, inhibit);
    }

    /// Section 6.1.5, and whether the end entity's certificate can be used for the purpose.
    fn wrap_up(&mut self, step: &Step<'_>) {
        // (a), (b)
        let required = policy_constraints(step.certificate).require_explicit_policy == Some(0);
        self.explicit_policy = match required {
            true => 0,
            false => self.explicit_policy.saturating_sub(1),
        };
        // (g)
        if self.explicit_policy == 0 && self.policies.is_null_for_user() {
            self.policy_missing(step);
        }
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

/// The policies that a certificate names; `None` where the extension is absent or cannot be read.
fn policies_of(certificate: &Certificate) -> Option<Vec<Oid>> {
    let extension = certificate.find_extension(oid::CERTIFICATE_POLICIES)?;
    certificate_policies(extension.value()).ok()
}

/// The numbers of policyConstraints; none where the extension is absent or cannot be read.
fn policy_constraints(certificate: &Certificate) -> PolicyConstraints {
    certificate
        .find_extension(oid::POLICY_CONSTRAINTS)
        .and_then(|extension| PolicyConstraints::decode(extension.value()).ok())
        .unwrap_or_default()
}
