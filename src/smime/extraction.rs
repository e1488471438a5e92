//! Which certificates of an accepted message are worth keeping (behavior rule 20).
//!
//! The signer's certificate, and the one that the encryption key preference names (RFC 8551 section
//! 2.5.3). Never a self-signed one, never one that fails the gate of import, never one without a
//! path to a trusted CA: an extracted certificate is not trusted for itself.

use crate::address::Address;
use crate::cms::SignerInfo;
use crate::pki::{self, Certificate, Purpose, Role};
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

/// The certificates that an accepted signer's message offers. `path_refusal` says why the signer's
/// has no trusted path, as was found when the signer was judged.
pub(super) fn extractions(
    context: &SignerContext<'_>,
    info: &SignerInfo,
    (certificate, path_refusal): (&Certificate, Option<Reason>),
    carried: &Carried,
    purpose: ExtractionPurpose,
    because: Option<Reason>,
) -> Vec<Extraction> {
    let Some(address) = context.author.address() else {
        return Vec::new();
    };
    let refusal = gate(certificate, address).or(path_refusal);
    let mut candidates = vec![(certificate, refusal)];
    let preferred = info.encryption_key_preference().and_then(|identifier| {
        carried
            .certificates
            .iter()
            .find(|carried| names(&identifier, carried))
    });
    if let Some(preferred) = preferred.filter(|preferred| *preferred != certificate) {
        let path = || context.path(preferred, carried, Purpose::Encrypt).refusal();
        candidates.push((preferred, gate(preferred, address).or_else(path)));
    }
    candidates
        .into_iter()
        .map(|(certificate, refusal)| Extraction {
            certificate: certificate.clone(),
            address: address.clone(),
            purpose: refusal.map_or(purpose, ExtractionPurpose::Refuse),
            capabilities: info.capabilities_der(),
            because,
        })
        .collect()
}

/// Why a certificate is not taken, whatever path it has.
fn gate(certificate: &Certificate, address: &Address) -> Option<Reason> {
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
    let is_theirs = certificate.addresses().contains(address);
    (!is_theirs).then_some(Reason::SmimeFromMismatch)
}
