//! What the setting `revocation` asks of a certification path.

use crate::pki::Strictness;
use crate::policy::profile::RevocationMode;

/// How strictly a mode asks whether certificates are revoked; `None` where it does not.
pub fn strictness(mode: RevocationMode) -> Option<Strictness> {
    match mode {
        RevocationMode::Off => None,
        RevocationMode::Soft => Some(Strictness::Soft),
        RevocationMode::Hard => Some(Strictness::Hard),
    }
}
