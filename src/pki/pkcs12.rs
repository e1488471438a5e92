//! PKCS #12 files: RFC 7292, with the integrity of RFC 9579 when reading.
//!
//! What a file holds, and whether its passphrase opens it. Which key belongs to which certificate
//! is not asked here: programs disagree about localKeyId, public keys do not lie.
//!
//! A wrong passphrase and a damaged file are told apart as far as the format allows. The integrity
//! code depends on the passphrase, so a code that does not match means a wrong passphrase; unless
//! the passphrase does decrypt a part of the file, which then was altered
//! ([`Pkcs12Error::MacInvalid`]). A code that matches over content that does not decrypt means two
//! passphrases, which only the encoding can be blamed for.

mod mac;
mod outline;
mod read;
mod safe;
mod write;

#[cfg(test)]
mod tests;

pub use outline::{Bag, BagKind, Outline, Safe};
pub use read::{PEM_LABEL, decode, decode_if_open, outline};
pub use write::{Format, encode};

use super::certificate::{Certificate, CertificateError};
use crate::asn1::ber::BerError;
use crate::asn1::oid;
use crate::crypto::UnsupportedAlgorithm;
use crate::crypto::key::{KeyError, PrivateKey};
use crate::crypto::password::PasswordError;
use crate::reason::Reason;

/// What a PKCS #12 file holds, in its order.
#[derive(Clone, Debug, Default)]
pub struct Contents {
    /// The certificates.
    pub certificates: Vec<CertificateEntry>,
    /// The private keys.
    pub keys: Vec<KeyEntry>,
    /// Keys and certificates that are there and cannot be used. Never written.
    pub unreadable: Vec<Unreadable>,
    /// How the file is built. Never written.
    pub outline: Outline,
}

/// A certificate with its labels.
#[derive(Clone, Debug)]
pub struct CertificateEntry {
    /// The certificate.
    pub certificate: Certificate,
    /// Its labels.
    pub labels: Labels,
}

/// A private key with its labels.
#[derive(Clone, Debug)]
pub struct KeyEntry {
    /// The key.
    pub key: PrivateKey,
    /// Its labels.
    pub labels: Labels,
}

/// The labels of an entry (RFC 7292 section 4.2, RFC 2985 section 5.5).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels {
    /// The name that programs show.
    pub friendly_name: Option<String>,
    /// What a key and its certificate have in common, in most files.
    pub local_key_id: Option<Vec<u8>>,
}

/// An entry that cannot be used.
#[derive(Clone, Debug)]
pub enum Unreadable {
    /// A certificate that cannot be decoded.
    Certificate(CertificateError),
    /// A key that is damaged, or of an algorithm that is not known here.
    Key(KeyError),
}

impl Contents {
    /// Adds certificates without keys. `name` becomes the friendly name of the first.
    pub fn add_certificates(&mut self, certificates: &[Certificate], name: &str) {
        for (index, certificate) in certificates.iter().enumerate() {
            self.certificates.push(CertificateEntry {
                certificate: certificate.clone(),
                labels: Labels {
                    friendly_name: (index == 0).then(|| name.to_owned()),
                    local_key_id: None,
                },
            });
        }
    }

    /// Adds a private key with its certificate and the chain above it.
    pub fn add_identity(
        &mut self,
        key: &PrivateKey,
        certificate: &Certificate,
        chain: &[Certificate],
        name: &str,
    ) {
        let labels = Labels {
            friendly_name: Some(name.to_owned()),
            // One that differs among the certificates of one key, as Windows expects.
            local_key_id: Some(
                crate::crypto::digest::DigestAlgorithm::Sha1.digest(certificate.der()),
            ),
        };
        self.keys.push(KeyEntry {
            key: key.clone(),
            labels: labels.clone(),
        });
        self.certificates.push(CertificateEntry {
            certificate: certificate.clone(),
            labels,
        });
        for certificate in chain {
            let held = |entry: &CertificateEntry| entry.certificate == *certificate;
            if !self.certificates.iter().any(held) {
                self.certificates.push(CertificateEntry {
                    certificate: certificate.clone(),
                    labels: Labels::default(),
                });
            }
        }
    }
}

/// Why a PKCS #12 file cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum Pkcs12Error {
    /// The passphrase does not open the file.
    #[error("the passphrase does not open the PKCS #12 file")]
    WrongPassphrase,
    /// The passphrase opens the file, whose content was altered.
    #[error("the integrity code of the PKCS #12 file does not match its content")]
    MacInvalid,
    /// The file uses an algorithm that is not known here.
    #[error("the PKCS #12 file uses {} ({})", oid::describe(&.0.oid), .0.problem)]
    CipherUnsupported(UnsupportedAlgorithm),
    /// The file asks for more work than is allowed.
    #[error("the key derivation of the PKCS #12 file asks for {0}, which is more than is allowed")]
    TooExpensive(String),
    /// The file is damaged, or not PKCS #12.
    #[error("the PKCS #12 file cannot be decoded: {0}")]
    EncodingInvalid(String),
    /// The file cannot be written.
    #[error("the PKCS #12 file cannot be made: {0}")]
    Writing(#[source] PasswordError),
}

impl Pkcs12Error {
    /// The reason to report.
    pub fn reason(&self) -> Reason {
        match self {
            Pkcs12Error::WrongPassphrase => Reason::P12WrongPassphrase,
            Pkcs12Error::MacInvalid => Reason::P12MacInvalid,
            Pkcs12Error::CipherUnsupported(_) | Pkcs12Error::TooExpensive(_) => {
                Reason::P12CipherUnsupported
            }
            Pkcs12Error::EncodingInvalid(_) | Pkcs12Error::Writing(_) => Reason::P12EncodingInvalid,
        }
    }

    fn malformed(what: &str) -> Pkcs12Error {
        Pkcs12Error::EncodingInvalid(format!("malformed {what}"))
    }
}

impl From<PasswordError> for Pkcs12Error {
    fn from(error: PasswordError) -> Pkcs12Error {
        match error {
            PasswordError::WrongPassphrase => Pkcs12Error::WrongPassphrase,
            PasswordError::Unsupported(algorithm) => Pkcs12Error::CipherUnsupported(algorithm),
            PasswordError::TooExpensive(what) => Pkcs12Error::TooExpensive(what),
            error => Pkcs12Error::EncodingInvalid(error.to_string()),
        }
    }
}

impl From<BerError> for Pkcs12Error {
    fn from(error: BerError) -> Pkcs12Error {
        Pkcs12Error::EncodingInvalid(error.to_string())
    }
}

impl From<der::Error> for Pkcs12Error {
    fn from(error: der::Error) -> Pkcs12Error {
        Pkcs12Error::EncodingInvalid(error.to_string())
    }
}
