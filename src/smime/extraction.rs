//! Which certificates of an accepted message are worth keeping (behavior rule 20).
//!
//! The signer's certificate, and the one that the encryption key preference names (RFC 8551 section
//! 2.5.3). Never a self-signed one, never one that fails the gate of import, never one without a
//! path to a trusted CA: an extracted certificate is not trusted for itself.

use crate::address::Address;
use crate::cms::SignerInfo;
use crate::pki::{self, Certificate, PathRequest, PolicyInputs, Purpose, Role};
use crate::reason::Reason;
use crate::smime::lookup::names;
use crate::smime::signer::{Carried, SignerContext};
use crate::verdict::rejects;

/// What a certificate is kept for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExtractionPurpose {
    /// It is stored.
    Store,
    /// It waits for approval.
    Hold,
    /// It is refused.
    Refuse(Reason),
}

/// A certificate of the message, and what is to become of it.
#[derive(Clone, Debug)]
pub struct Extraction {
    /// The certificate.
    pub certificate: Certificate,
    /// The address it is for: the author's.
    pub address: Address,
    /// What is to become of it.
    pub purpose: ExtractionPurpose,
    /// The S/MIME capabilities that came with it (DER of SMIMECapabilities).
    pub capabilities: Option<Vec<u8>>,
    /// The reason that goes into the report beside an outcome that is no refusal.
    pub because: Option<Reason>,
}

/// The certificates that an accepted signer's message offers.
pub(super) fn extractions(
    context: &SignerContext<'_>,
    info: &SignerInfo,
    certificate: &Certificate,
    carried: &Carried,
    purpose: ExtractionPurpose,
    because: Option<Reason>,
) -> Vec<Extraction> {
    let Some(address) = context.author.address() else {
        return Vec::new();
    };
    let mut candidates = vec![(certificate, Purpose::Sign)];
    let preferred = info.encryption_key_preference().and_then(|identifier| {
        carried
            .certificates
            .iter()
            .find(|carried| names(&identifier, carried))
    });
    if let Some(preferred) = preferred.filter(|preferred| *preferred != certificate) {
        candidates.push((preferred, Purpose::Encrypt));
    }
    candidates
        .into_iter()
        .map(|(certificate, use_)| Extraction {
            certificate: certificate.clone(),
            address: address.clone(),
            purpose: match refusal(context, certificate, address, carried, use_) {
                Some(reason) => ExtractionPurpose::Refuse(reason),
                None => purpose,
            },
            capabilities: info.capabilities_der(),
            because,
        })
        .collect()
}

/// Why a certificate is not taken.
fn refusal(
    context: &SignerContext<'_>,
    certificate: &Certificate,
    address: &Address,
    carried: &Carried,
    purpose: Purpose,
) -> Option<Reason> {
    if certificate.is_self_issued() {
        return Some(Reason::PathSelfSignedUntrusted);
    }
    let findings = pki::inspect(certificate, Role::EndEntity);
    let gate = findings
        .iter()
        .find(|finding| rejects(std::slice::from_ref(*finding)));
    if let Some(finding) = gate {
        return Some(finding.reason);
    }
    if !certificate.addresses().contains(address) {
        return Some(Reason::SmimeFromMismatch);
    }
    let mut extra = carried.certificates.clone();
    extra.extend_from_slice(context.untrusted);
    let report = pki::validate_path(&PathRequest {
        certificate,
        issuers: context.issuers,
        extra: &extra,
        time: context.time,
        purpose,
        sha1: context.sha1,
        revocation: context.revocation(carried),
        policies: PolicyInputs::default(),
    });
    if report.trusted {
        return None;
    }
    let first = report
        .findings
        .iter()
        .find(|finding| rejects(std::slice::from_ref(*finding)));
    Some(first.map_or(Reason::PathIssuerUnknown, |finding| finding.reason))
}
