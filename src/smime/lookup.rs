//! What S/MIME needs to look up, as traits.
//!
//! The commands implement them over the keystore and over files, tests over values. So every
//! behavior can be tested without a directory, and only the keys that are needed are unlocked.

use crate::address::Address;
use crate::cms::CertificateIdentifier;
use crate::crypto::key::PrivateKey;
use crate::pki::{Certificate, Name};
use crate::time::Time;

/// A lookup failed: the keystore cannot be read, or a key cannot be unlocked.
///
/// It is no judgement about the message; the command decides what the cause means.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct LookupError(pub Box<dyn std::error::Error + Send + Sync>);

/// Whether `identifier` names `certificate`.
///
/// Issuers are compared octet by octet, and where that fails as names are (RFC 5280 section 7.1):
/// gateways and old programs encode the issuer anew, with other string types than the certificate
/// has.
pub fn names(identifier: &CertificateIdentifier, certificate: &Certificate) -> bool {
    let issuer = certificate.issuer();
    let serial = certificate.serial().as_bytes();
    let key_identifier = certificate.subject_key_identifier();
    if identifier.matches(issuer.der(), serial, key_identifier) {
        return true;
    }
    match identifier {
        CertificateIdentifier::IssuerSerial { issuer_der, .. } => {
            identifier.matches(issuer_der, serial, None)
                && Name::decode(issuer_der).is_ok_and(|named| named == *issuer)
        }
        CertificateIdentifier::KeyIdentifier(_) => false,
    }
}

/// Private keys for decryption.
pub trait KeyLookup {
    /// Whether a key for the recipient is held; unlocks nothing.
    ///
    /// # Errors
    /// The keystore cannot be read.
    fn holds(&self, recipient: &CertificateIdentifier) -> Result<bool, LookupError>;

    /// Finds a certificate of the recipient, so that people see whom the message is for; unlocks
    /// nothing. Where nobody keeps certificates, none is known.
    ///
    /// # Errors
    /// The keystore cannot be read.
    fn find_recipient(
        &self,
        _: &CertificateIdentifier,
    ) -> Result<Option<Certificate>, LookupError> {
        Ok(None)
    }

    /// Finds the private key for the recipient and unlocks it.
    ///
    /// # Errors
    /// The keystore cannot be read, or the key cannot be unlocked.
    fn find_key(
        &self,
        recipient: &CertificateIdentifier,
    ) -> Result<Option<PrivateKey>, LookupError>;
}

/// How a stored certificate came to be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Imported by hand: trusted for itself, and pinned to its address.
    Pinned,
    /// Issued by the local CA, or extracted from verified mail: trusted through its path.
    Ordinary,
    /// Waiting for approval: counts for nothing.
    Held,
}

/// A stored certificate.
#[derive(Clone, Debug)]
pub struct StoredCertificate {
    /// The certificate.
    pub certificate: Certificate,
    /// How it came to be trusted.
    pub standing: Standing,
    /// When it was stored, if that is known.
    pub since: Option<Time>,
}

/// Certificates stored for addresses.
pub trait CertificateLookup {
    /// All certificates stored for the address, in no particular order.
    ///
    /// # Errors
    /// The keystore cannot be read.
    fn find_by_address(&self, address: &Address) -> Result<Vec<StoredCertificate>, LookupError>;
}

/// Holds no key: encrypted layers stay closed.
pub struct NoKeys;

impl KeyLookup for NoKeys {
    fn holds(&self, _: &CertificateIdentifier) -> Result<bool, LookupError> {
        Ok(false)
    }

    fn find_key(&self, _: &CertificateIdentifier) -> Result<Option<PrivateKey>, LookupError> {
        Ok(None)
    }
}
