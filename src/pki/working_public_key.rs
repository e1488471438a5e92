//! The working_public_key of RFC 5280 section 6.1: a key as the path to it makes it.
//!
//! A DSA key may leave its domain parameters to its issuer's key (RFC 3279 section 2.3.2). Which
//! they are depends on the path, so they come from that path alone: somebody else's certificate
//! for the same issuer could bring parameters under which any signature verifies.

use super::certificate::Certificate;
use crate::crypto::key::PublicKey;

/// The key of the first certificate of `path`, whose last one is the uppermost; without parameters
/// where the path has none for it.
///
/// `None` when the key is malformed.
pub(super) fn working_public_key(path: &[Certificate]) -> Option<PublicKey> {
    let (certificate, above) = path.split_first()?;
    let key = certificate.public_key().ok()?;
    if !key.lacks_parameters() {
        return Some(key);
    }
    // Section 6.1.4 (e): from the nearest key above with parameters, if all between are of DSA.
    let above = working_public_key(above);
    let inherited = above.and_then(|issuer| key.inheriting(&issuer));
    Some(inherited.unwrap_or(key))
}

/// Whether the signatures of the key of `certificate` can only be verified by way of its path.
pub(super) fn depends_on_path(certificate: &Certificate) -> bool {
    let key = certificate.public_key();
    key.is_ok_and(|key| key.lacks_parameters())
}
