//! What is wrong with a CRL by itself: its signature, and its dates.

use crate::pki::{Certificate, CertificateList};
use crate::reason::Reason;
use crate::time::Time;
use crate::verdict::Finding;

/// That none of the issuer's known keys made the signature. An issuer that is not known may become so;
/// the signature is verified again when the CRL is used.
pub(in crate::commands) fn signature_finding(
    issuers: &[Certificate],
    list: &CertificateList,
) -> Option<Finding> {
    let is_signer = |key| list.verify_signature(&key).is_ok();
    let signed = issuers
        .iter()
        .any(|issuer| issuer.public_key().is_ok_and(is_signer));
    (!issuers.is_empty() && !signed)
        .then(|| Finding::new(Reason::CrlSignatureInvalid).with("crl-issuer", list.issuer()))
}

/// That it is not in force at that time.
pub(in crate::commands) fn date_finding(list: &CertificateList, now: Time) -> Option<Finding> {
    let is_fresh = list.this_update() <= now && list.next_update().is_some_and(|next| now <= next);
    (!is_fresh).then(|| {
        Finding::new(Reason::CrlStale)
            .with("crl-issuer", list.issuer())
            .with("judged-at", now)
    })
}
