//! Who signed a CRL, and whether they may: RFC 5280 section 6.3.3 (f) and (g).

use super::CertificateList;
use super::status::{Inquiry, Trouble};
use crate::crypto::digest::Strength;
use crate::crypto::digest::WeakDigests;
use crate::crypto::key::{PublicKey, SignatureError};
use crate::limits;
use crate::pki::certificate::Certificate;
use crate::pki::fingerprint::Fingerprint;
use crate::pki::inspect::Purpose;
use crate::pki::issuers::Issuers;
use crate::pki::name::Name;
use crate::pki::path::PathRequest;
use crate::pki::path_search;
use crate::pki::policy_graph::PolicyInputs;
use crate::pki::working_public_key::working_public_key;
use crate::reason::{Reason, Severity};
use crate::verdict::Finding;

/// Issuers of which one alone is trusted: the path of a CRL's signer has to end in the same trust
/// anchor as that of the certificate in question.
struct OneAnchor<'a> {
    issuers: &'a dyn Issuers,
    anchor: &'a Certificate,
}

impl Issuers for OneAnchor<'_> {
    fn find_by_name(&self, subject: &Name) -> Vec<Certificate> {
        self.issuers.find_by_name(subject)
    }

    fn is_anchor(&self, certificate: &Certificate) -> bool {
        certificate == self.anchor
    }
}

impl Inquiry<'_, '_> {
    /// Finds the certificate whose key signed `list`, and makes sure that it may sign CRLs.
    pub(super) fn signer(&mut self, list: &CertificateList) -> Result<Certificate, Trouble> {
        if let Some(weak) = weak_digest(list, self.request.sha1) {
            return Err(weak);
        }
        let (above, others) = self.candidates(list);
        let mut trouble = Trouble::new(Reason::CrlIssuerNotCrlSigner, list, |finding| {
            finding.saying("the certificate of the CRL's issuer is missing")
        });
        let known = above.len();
        for (index, candidate) in above.into_iter().chain(others).enumerate() {
            match self.verify(list, &candidate) {
                Ok(()) => {}
                Err(invalid) => {
                    trouble = trouble.or(invalid);
                    continue;
                }
            }
            let usages = candidate.key_usage();
            if usages.is_some_and(|usages| !usages.crl_sign()) {
                trouble = trouble.or(Trouble::new(
                    Reason::CrlIssuerNotCrlSigner,
                    list,
                    |finding| finding.with("signer-sha256", candidate.fingerprint()),
                ));
                continue;
            }
            // One of the path above has been validated with it.
            if index < known {
                return Ok(candidate);
            }
            match self.validate_signer(&candidate) {
                Ok(()) => return Ok(candidate),
                Err(problem) => {
                    trouble = trouble.or(Trouble::new(
                        Reason::CrlIssuerNotCrlSigner,
                        list,
                        |finding| {
                            finding
                                .saying("the certificate of the CRL's signer has no valid path")
                                .with("signer-sha256", candidate.fingerprint())
                                .with("problem", problem)
                        },
                    ));
                }
            }
        }
        Err(trouble)
    }

    /// The certificates of the list's issuer: those of the path above the certificate in question,
    /// and all others, the likeliest first.
    fn candidates(&self, list: &CertificateList) -> (Vec<Certificate>, Vec<Certificate>) {
        let above: Vec<Certificate> = self.path[self.depth + 1..]
            .iter()
            .filter(|certificate| certificate.subject() == list.issuer())
            .cloned()
            .collect();
        let mut others = self.request.issuers.find_by_name(list.issuer());
        others.extend_from_slice(self.request.extra);
        let mut seen = std::collections::HashSet::new();
        others.retain(|other| {
            other.subject() == list.issuer()
                && !above.contains(other)
                && seen.insert(other.fingerprint())
        });
        let wanted = list
            .authority_key_identifier()
            .and_then(|identifier| identifier.key_identifier);
        others.sort_by_cached_key(|other| {
            let fits = wanted.as_deref() == other.subject_key_identifier();
            (!fits, other.not_after() < self.request.time)
        });
        (above, others)
    }

    /// Whether the key of `signer` made the signature of `list`.
    pub(super) fn verify(
        &mut self,
        list: &CertificateList,
        signer: &Certificate,
    ) -> Result<(), Trouble> {
        let path = self.path.iter().position(|above| above == signer);
        let path = path.map_or(std::slice::from_ref(signer), |depth| &self.path[depth..]);
        let key = working_public_key(path);
        let spki = key.as_ref().map_or(signer.spki_der(), PublicKey::spki_der);
        let ends = (list.fingerprint(), Fingerprint::of(spki));
        let known = self.memory.signatures.get(&ends).copied();
        let result = match known {
            Some(known) => known,
            None if self.memory.signatures.len() >= limits::CRL_SIGNATURES => {
                return Err(limit("signatures of CRLs checked", list));
            }
            None => {
                let result = match &key {
                    Some(key) => list.verify_signature(key),
                    None => Err(SignatureError::Unsupported),
                };
                self.memory.signatures.insert(ends, result);
                result
            }
        };
        result.map_err(|error| {
            Trouble::new(Reason::CrlSignatureInvalid, list, |finding| {
                finding
                    .with("problem", error)
                    .with("signer-sha256", signer.fingerprint())
            })
        })
    }

    /// Searches the path of a signer to the trust anchor of the certificate in question. The error
    /// says what is wrong with it.
    ///
    /// A signer's own certificate may be covered by the very CRL it signs, or by that of another one
    /// whose certificate it covers; then nobody else could tell, and it counts as long as it is not
    /// on them.
    fn validate_signer(&mut self, signer: &Certificate) -> Result<(), String> {
        let fingerprint = signer.fingerprint();
        if self.memory.pending.contains(&fingerprint) {
            return Ok(());
        }
        let Some(anchor) = self.path.last() else {
            return Err("there is no trust anchor".to_owned());
        };
        let key = (fingerprint, anchor.fingerprint());
        if let Some(known) = self.memory.signers.get(&key) {
            return known.clone();
        }
        if self.memory.pending.len() >= limits::CRL_SIGNER_DEPTH
            || self.memory.searches >= limits::CRL_SIGNER_PATHS
        {
            return Err("too many signers of CRLs depend on one another".to_owned());
        }
        self.memory.searches += 1;
        self.memory.pending.push(fingerprint);
        let issuers = OneAnchor {
            issuers: self.request.issuers,
            anchor,
        };
        let request = PathRequest {
            certificate: signer,
            issuers: &issuers,
            purpose: Purpose::SignLists,
            policies: PolicyInputs::default(),
            ..*self.request
        };
        let report = path_search::search_with(&request, self.memory);
        self.memory.pending.pop();
        let result = match report.trusted {
            true => Ok(()),
            false => Err(report
                .findings
                .iter()
                .filter(|finding| finding.severity == Severity::Reject)
                .map(|finding| finding.reason.code())
                .collect::<Vec<_>>()
                .join(", ")),
        };
        // Below another signer the result may rest on that one being all right.
        if self.memory.pending.is_empty() {
            self.memory.signers.insert(key, result.clone());
        }
        result
    }
}

/// A budget that was used up.
fn limit(what: &'static str, list: &CertificateList) -> Trouble {
    Trouble::new(Reason::CrlUnavailable, list, |finding| {
        finding
            .saying("there are too many CRLs to find out whether the certificate is revoked")
            .with("limit", what)
    })
}

/// A digest that lets anybody make up CRLs.
fn weak_digest(list: &CertificateList, sha1: WeakDigests) -> Option<Trouble> {
    let algorithm = list.signature_algorithm().ok()?;
    let accepted = match algorithm.digest().strength() {
        Strength::Broken => false,
        Strength::Weak => sha1 == WeakDigests::AcceptSha1,
        Strength::Accepted => true,
    };
    let finding = |finding: Finding| {
        finding
            .saying("the CRL is signed with a digest algorithm that is too weak")
            .with("signature-algorithm", algorithm.name())
    };
    (!accepted).then(|| Trouble::new(Reason::PathDigestWeak, list, finding))
}
