//! Certificate policies along a path: RFC 5280 section 6.1 with the policy graph of RFC 9618.
//!
//! The tree of RFC 5280 doubles with every certificate that a hostile CA writes; the graph has one
//! node for each policy at each depth. The verdict needs even less of it: nodes are made from those
//! one depth above, and the only thing asked of the others is whether the policy that a node stems
//! from, in the domain of the trust anchor, is one that the user accepts. So a depth is kept as its
//! policies with that one answer each, and the next one takes its place. Pruning is not needed:
//! what has no child is simply not carried over.

use std::collections::BTreeMap;

use super::certificate_policy::PolicyMapping;
use super::oid::Oid;
use crate::asn1::oid;

/// The inputs of RFC 5280 section 6.1.1 (c) and (e) to (g). The default asks for nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct PolicyInputs<'a> {
    /// user-initial-policy-set: the policies that are good enough; none stands for any-policy.
    pub acceptable: &'a [Oid],
    /// initial-explicit-policy: the path must be valid for one of them.
    pub require_explicit: bool,
    /// initial-policy-mapping-inhibit: policies of other CAs do not stand for them.
    pub inhibit_mapping: bool,
    /// initial-any-policy-inhibit: a CA's anyPolicy does not stand for them.
    pub inhibit_any: bool,
}

impl PolicyInputs<'_> {
    /// Whether the user accepts a policy of the trust anchor's domain.
    fn accepts(&self, policy: &Oid) -> bool {
        self.accepts_any() || self.acceptable.contains(policy)
    }

    fn accepts_any(&self) -> bool {
        self.acceptable.is_empty()
            || (self.acceptable.iter()).any(|policy| *policy == oid::ANY_POLICY)
    }
}

/// Whether a certificate's anyPolicy counts, RFC 5280 section 6.1.3 (d)(2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AnyPolicy {
    Counts,
    Inhibited,
}

/// valid_policy_graph: its nodes at the depth reached.
#[derive(Debug)]
pub(super) struct PolicyGraph<'a> {
    inputs: PolicyInputs<'a>,
    /// Whether there is the node anyPolicy.
    any: bool,
    /// The other nodes by valid_policy, or, between certificates, by what expected_policy_set has
    /// in it. The value: whether a policy that the node stems from is one that the user accepts.
    nodes: BTreeMap<Oid, bool>,
}

impl<'a> PolicyGraph<'a> {
    /// Section 6.1.2 (a).
    pub(super) fn new(inputs: PolicyInputs<'a>) -> PolicyGraph<'a> {
        PolicyGraph {
            inputs,
            any: true,
            nodes: BTreeMap::new(),
        }
    }

    /// Whether nothing is left: the graph is NULL.
    pub(super) fn is_null(&self) -> bool {
        !self.any && self.nodes.is_empty()
    }

    /// Section 6.1.3 (d) and (e): goes on to a certificate with these policies.
    pub(super) fn descend(&mut self, policies: &[Oid], any_policy: AnyPolicy) {
        let mut expected = std::mem::take(&mut self.nodes);
        // (d)(1)
        for policy in policies {
            if *policy == oid::ANY_POLICY {
                continue;
            }
            if let Some(accepted) = expected.get(policy) {
                self.nodes.insert(policy.clone(), *accepted);
            } else if self.any {
                let accepted = self.inputs.accepts(policy);
                self.nodes.insert(policy.clone(), accepted);
            }
        }
        // (d)(2)
        let has_any = policies.iter().any(|policy| *policy == oid::ANY_POLICY);
        if has_any && any_policy == AnyPolicy::Counts {
            expected.append(&mut self.nodes);
            self.nodes = expected;
        } else {
            self.any = false;
        }
    }

    /// Section 6.1.4 (b)(1): from here on, the subject's policies stand for the issuer's.
    pub(super) fn map(&mut self, mappings: &[PolicyMapping]) {
        let valid = self.nodes.clone();
        for mapping in mappings {
            self.nodes.remove(&mapping.issuer_domain);
        }
        for mapping in mappings {
            let accepted = match valid.get(&mapping.issuer_domain) {
                Some(accepted) => *accepted,
                None if self.any => self.inputs.accepts(&mapping.issuer_domain),
                None => continue,
            };
            *self
                .nodes
                .entry(mapping.subject_domain.clone())
                .or_default() |= accepted;
        }
    }

    /// Section 6.1.4 (b)(2): where mapping is inhibited, what would be mapped is gone.
    pub(super) fn delete_mapped(&mut self, mappings: &[PolicyMapping]) {
        for mapping in mappings {
            self.nodes.remove(&mapping.issuer_domain);
        }
    }

    /// Section 6.1.5 (g): whether the intersection with what the user accepts is NULL.
    pub(super) fn is_null_for_user(&self) -> bool {
        !self.any && !self.nodes.values().any(|accepted| *accepted)
    }
}
