//! Private keys in files, encrypted under a passphrase (EncryptedPrivateKeyInfo, RFC 5958).
//!
//! Deriving a key is made expensive on purpose. The key files of one keystore share salt and cost,
//! so that one derivation opens all of them; each has an initialization vector of its own. Every
//! file is complete in itself, and `openssl pkey` reads it.

use der::asn1::OctetString;
use der::{Decode, Encode};
use pkcs12::pbe_params::EncryptedPrivateKeyInfo;
use zeroize::Zeroizing;

use super::scheme::{decrypt, encrypt};
use super::{KeyDerivation, Password, PasswordError, PasswordScheme, Protection};
use crate::crypto::content::{ContentCipher, ContentParameters};
use crate::crypto::key::{KeyError, PrivateKey};

/// The cipher that our key files are written with.
const CIPHER: ContentCipher = ContentCipher::Aes256Cbc;

/// Opens and writes key files that share a salt and cost, with one derivation for all.
pub struct KeyFileCipher {
    derivation: KeyDerivation,
    key: Zeroizing<Vec<u8>>,
}

impl KeyFileCipher {
    /// For new key files: derives a key under a fresh salt.
    ///
    /// # Errors
    /// The operating system gives no random numbers.
    pub fn new(passphrase: &str) -> Result<KeyFileCipher, PasswordError> {
        KeyFileCipher::derive(passphrase, KeyDerivation::scrypt()?)
    }

    /// For key files that exist: derives the key that they were written under. The derivation is
    /// that of any of them ([`derivation_of`](Self::derivation_of)). Whether the passphrase is
    /// right shows with the first file.
    ///
    /// # Errors
    /// The derivation asks for more than is allowed.
    pub fn derive(
        passphrase: &str,
        derivation: KeyDerivation,
    ) -> Result<KeyFileCipher, PasswordError> {
        #[cfg(test)]
        derivations::count(passphrase);
        let key = derivation.derive(&Password::new(passphrase), CIPHER.key_len())?;
        Ok(KeyFileCipher { derivation, key })
    }

    /// The salt and cost of a key file.
    ///
    /// # Errors
    /// The file is damaged, or not of the form that is written here.
    pub fn derivation_of(der: &[u8]) -> Result<KeyDerivation, PasswordError> {
        match decode(der)? {
            (PasswordScheme::Pbes2 { derivation, .. }, _) => Ok(derivation),
            _ => Err(PasswordError::OtherDerivation),
        }
    }

    /// The salt and cost.
    pub fn derivation(&self) -> &KeyDerivation {
        &self.derivation
    }

    /// Writes an EncryptedPrivateKeyInfo.
    ///
    /// # Errors
    /// The operating system gives no random numbers.
    pub fn encrypt(&self, key: &PrivateKey) -> Result<Vec<u8>, PasswordError> {
        let parameters = ContentParameters::generate(CIPHER, None)?;
        let scheme = PasswordScheme::Pbes2 {
            derivation: self.derivation.clone(),
            encryption: parameters.clone(),
        };
        let encrypted = encrypt(parameters, self.key.clone(), &[], &key.to_pkcs8()?)?;
        encode(&scheme, &encrypted)
    }

    /// Reads an EncryptedPrivateKeyInfo with the same salt and cost.
    ///
    /// # Errors
    /// The passphrase was wrong, or the file is damaged or has another salt or cost.
    pub fn decrypt(&self, der: &[u8]) -> Result<PrivateKey, PasswordError> {
        match decode(der)? {
            (
                PasswordScheme::Pbes2 {
                    derivation,
                    encryption,
                },
                encrypted,
            ) if derivation == self.derivation && encryption.cipher == CIPHER => {
                private_key(&decrypt(&encryption, &self.key, &[], &encrypted)?)
            }
            _ => Err(PasswordError::OtherDerivation),
        }
    }
}

/// Reads an EncryptedPrivateKeyInfo that any program wrote.
///
/// # Errors
/// The passphrase is wrong, the file is damaged, its algorithm is not known here or too expensive.
pub fn decrypt_private_key(passphrase: &str, der: &[u8]) -> Result<PrivateKey, PasswordError> {
    let (scheme, encrypted) = decode(der)?;
    private_key(&scheme.decrypt(&Password::new(passphrase), &encrypted)?)
}

/// How an EncryptedPrivateKeyInfo is protected; `None` where it cannot be decoded.
pub fn protection_of(der: &[u8]) -> Option<Protection> {
    let info = EncryptedPrivateKeyInfo::from_der(der).ok()?;
    Some(Protection::of(&info.encryption_algorithm))
}

fn decode(der: &[u8]) -> Result<(PasswordScheme, Vec<u8>), PasswordError> {
    let info = EncryptedPrivateKeyInfo::from_der(der)
        .map_err(|_| PasswordError::Malformed("EncryptedPrivateKeyInfo"))?;
    let scheme = PasswordScheme::decode(&info.encryption_algorithm)?;
    Ok((scheme, info.encrypted_data.as_bytes().to_vec()))
}

fn encode(scheme: &PasswordScheme, encrypted: &[u8]) -> Result<Vec<u8>, PasswordError> {
    let malformed = |_: der::Error| PasswordError::Malformed("EncryptedPrivateKeyInfo");
    EncryptedPrivateKeyInfo {
        encryption_algorithm: scheme.algorithm_identifier()?,
        encrypted_data: OctetString::new(encrypted).map_err(malformed)?,
    }
    .to_der()
    .map_err(malformed)
}

/// Reads what was decrypted. A wrong key can happen on valid padding; then it is no key.
fn private_key(plain: &[u8]) -> Result<PrivateKey, PasswordError> {
    PrivateKey::decode(plain).map_err(|error| match error {
        KeyError::Malformed(_) => PasswordError::WrongPassphrase,
        error => PasswordError::Key(error),
    })
}

/// How often a key was derived for key files, by passphrase, which no two tests have in common.
#[cfg(test)]
pub(crate) mod derivations {
    use std::collections::HashMap;
    use std::sync::Mutex;

    static COUNTS: Mutex<Option<HashMap<String, usize>>> = Mutex::new(None);

    pub(super) fn count(passphrase: &str) {
        let mut counts = COUNTS.lock().unwrap();
        let counts = counts.get_or_insert_default();
        *counts.entry(passphrase.to_owned()).or_default() += 1;
    }

    /// The derivations from this passphrase since it was asked last.
    pub(crate) fn take(passphrase: &str) -> usize {
        let mut counts = COUNTS.lock().unwrap();
        counts
            .get_or_insert_default()
            .remove(passphrase)
            .unwrap_or_default()
    }
}
