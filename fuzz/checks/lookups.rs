//! Identities held as values, in place of a keystore.

use smime::address::Address;
use smime::cms::CertificateIdentifier;
use smime::crypto::key::PrivateKey;
use smime::pki::Identity;
use smime::smime::lookup::{CertificateLookup, KeyLookup, LookupError, StoredCertificate, names};

/// Identities whose keys open messages; nothing is stored for any address.
pub(crate) struct Held(pub(crate) Vec<Identity>);

impl Held {
    fn find(&self, recipient: &CertificateIdentifier) -> Option<&Identity> {
        self.0
            .iter()
            .find(|identity| names(recipient, &identity.certificate))
    }
}

impl KeyLookup for Held {
    fn holds(&self, recipient: &CertificateIdentifier) -> Result<bool, LookupError> {
        Ok(self.find(recipient).is_some())
    }

    fn find_key(
        &self,
        recipient: &CertificateIdentifier,
    ) -> Result<Option<PrivateKey>, LookupError> {
        Ok(self.find(recipient).map(|identity| identity.key.clone()))
    }
}

impl CertificateLookup for Held {
    fn find_by_address(&self, _: &Address) -> Result<Vec<StoredCertificate>, LookupError> {
        Ok(Vec::new())
    }
}
