//! Encryption under a passphrase: PBES2 of PKCS #5 (RFC 8018), the schemes of PKCS #12 (RFC 7292
//! appendix C), and key files (EncryptedPrivateKeyInfo, RFC 5958 section 3).
//!
//! What a file asks for is bounded ([`limits::KDF_ITERATIONS`], [`limits::SCRYPT_MEMORY`]). A wrong
//! passphrase and damaged data cannot be told apart here: neither scheme authenticates.
//!
//! [`limits::KDF_ITERATIONS`]: crate::limits::KDF_ITERATIONS
//! [`limits::SCRYPT_MEMORY`]: crate::limits::SCRYPT_MEMORY

mod derivation;
mod key_file;
mod protection;
mod scheme;
pub mod sealed;

pub use derivation::{KeyDerivation, Pkcs12Key, derive_pkcs12, hmac_digest};
#[cfg(test)]
pub(crate) use key_file::derivations;
pub use key_file::{KeyFileCipher, decrypt_private_key, protection_of};
pub use protection::Protection;
pub use scheme::{PasswordScheme, Pkcs12Cipher};

use zeroize::Zeroizing;

use super::UnsupportedAlgorithm;
use super::key::KeyError;
use super::random::RandomError;

/// Why something encrypted under a passphrase does not open.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// The passphrase is wrong, or the data is damaged.
    #[error("the passphrase is wrong, or the encrypted data is damaged")]
    WrongPassphrase,
    /// The encoding is damaged.
    #[error("malformed {0}")]
    Malformed(&'static str),
    /// An algorithm that is not known here.
    #[error(transparent)]
    Unsupported(#[from] UnsupportedAlgorithm),
    /// It asks for more time or memory than is allowed.
    #[error("the key derivation asks for {0}, which is more than is allowed")]
    TooExpensive(String),
    /// The key inside cannot be used.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A key file has another salt or cost than the one that the key was derived for.
    #[error("the key file has another salt or cost than the others")]
    OtherDerivation,
    /// There are no random numbers.
    #[error(transparent)]
    Random(#[from] RandomError),
}

/// A passphrase in the octets that key derivations take.
pub struct Password {
    /// For PBES2: UTF-8, as every current program has it.
    pub(super) octets: Zeroizing<Vec<u8>>,
    /// For the derivation of PKCS #12: a BMPString with its terminator.
    pub(super) bmp: Zeroizing<Vec<u8>>,
}

impl Password {
    /// The usual form: UTF-8 for PBES2, UTF-16 with a terminator for PKCS #12 (RFC 7292 appendix
    /// B.1; characters beyond the BMP as surrogates, as OpenSSL 1.1 and later has them).
    pub fn new(passphrase: &str) -> Password {
        Password {
            octets: Zeroizing::new(passphrase.as_bytes().to_vec()),
            bmp: bmp(passphrase.encode_utf16()),
        }
    }

    /// Every form in which programs have used a passphrase, the usual one first.
    pub fn forms(passphrase: &str) -> Vec<Password> {
        let mut forms = vec![Password::new(passphrase)];
        if passphrase.is_empty() {
            // Absent rather than empty: no terminator. Windows and NSS differ here.
            forms.push(Password {
                octets: Zeroizing::default(),
                bmp: Zeroizing::default(),
            });
        } else {
            if !passphrase.is_ascii() {
                // OpenSSL before 1.1 widened each octet, whatever the character set.
                let octets = passphrase.bytes().map(u16::from);
                forms.push(Password {
                    octets: Zeroizing::new(passphrase.as_bytes().to_vec()),
                    bmp: bmp(octets),
                });
                // OpenSSL gives PBES2 the octets of the terminal, which may speak Latin-1. Widened
                // they are the right characters.
                if let Some(octets) = latin1(passphrase) {
                    forms.push(Password {
                        octets,
                        bmp: bmp(passphrase.encode_utf16()),
                    });
                }
            }
            // NSS before 3.49 gave the BMPString to PBES2 too.
            let bmp = bmp(passphrase.encode_utf16());
            forms.push(Password {
                octets: bmp.clone(),
                bmp,
            });
        }
        forms
    }

    /// Whether the derivation of PKCS #12 makes the same of both.
    pub fn is_same_to_pkcs12(&self, other: &Password) -> bool {
        self.bmp == other.bmp
    }

    /// Whether the derivations of PKCS #5 make the same of both.
    pub fn is_same_to_pkcs5(&self, other: &Password) -> bool {
        self.octets == other.octets
    }
}

/// In ISO 8859-1, where every character is in it.
fn latin1(passphrase: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut octets = Zeroizing::new(Vec::with_capacity(passphrase.len()));
    for character in passphrase.chars() {
        octets.push(u8::try_from(character).ok()?);
    }
    Some(octets)
}

fn bmp(units: impl Iterator<Item = u16>) -> Zeroizing<Vec<u8>> {
    // Room for all at once: growing would leave copies behind.
    let units: Zeroizing<Vec<u16>> = Zeroizing::new(units.collect());
    let mut octets = Zeroizing::new(Vec::with_capacity(2 * units.len() + 2));
    octets.extend(units.iter().flat_map(|unit| unit.to_be_bytes()));
    octets.extend([0, 0]);
    octets
}

#[cfg(test)]
mod tests;
