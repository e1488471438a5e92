//! Encryption schemes under a passphrase: PBES2, and those of PKCS #12 to read old files and to
//! write files for old programs.

use const_oid::ObjectIdentifier;
use const_oid::db::rfc7292;
use der::Sequence;
use der::asn1::{Any, OctetString};
use pkcs12::pbe_params::Pbes2Params;
use spki::AlgorithmIdentifierOwned;
use zeroize::Zeroizing;

use super::{KeyDerivation, Password, PasswordError, Pkcs12Key, derive_pkcs12};
use crate::crypto::UnsupportedAlgorithm;
use crate::crypto::content::{ContentCipher, ContentParameters, Decryptor, Encryptor};
use crate::crypto::digest::DigestAlgorithm;
use crate::crypto::key::KeyError;
use crate::crypto::random;

const PBES2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.13");

/// An encryption scheme with its parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PasswordScheme {
    /// PBES2 (RFC 8018 section 6.2).
    Pbes2 {
        /// How the key is derived.
        derivation: KeyDerivation,
        /// The cipher and its initialization vector.
        encryption: ContentParameters,
    },
    /// A scheme of PKCS #12 with SHA-1 (RFC 7292 appendix C).
    Pkcs12 {
        /// The cipher.
        cipher: Pkcs12Cipher,
        /// The salt.
        salt: Vec<u8>,
        /// The number of iterations.
        iterations: u32,
    },
}

/// The ciphers of the PKCS #12 schemes, without the stream cipher RC4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pkcs12Cipher {
    /// Triple DES with three keys.
    TripleDes3,
    /// Triple DES with two keys.
    TripleDes2,
    /// RC2 with 128 bits.
    Rc2128,
    /// RC2 with 40 bits.
    Rc240,
}

/// ```text
/// pkcs-12PbeParams ::= SEQUENCE {
///     salt       OCTET STRING,
///     iterations INTEGER }
/// ```
///
/// RFC 7292 appendix C. The number may have all 32 bits here, to be called too great.
#[derive(Sequence)]
struct Pkcs12PbeParams {
    salt: OctetString,
    iterations: u32,
}

impl Pkcs12Cipher {
    /// All of them.
    pub const ALL: [Pkcs12Cipher; 4] = [
        Pkcs12Cipher::TripleDes3,
        Pkcs12Cipher::TripleDes2,
        Pkcs12Cipher::Rc2128,
        Pkcs12Cipher::Rc240,
    ];

    fn oid(self) -> ObjectIdentifier {
        match self {
            Pkcs12Cipher::TripleDes3 => rfc7292::PBE_WITH_SHA_AND_3_KEY_TRIPLE_DES_CBC,
            Pkcs12Cipher::TripleDes2 => rfc7292::PBE_WITH_SHA_AND_2_KEY_TRIPLE_DES_CBC,
            Pkcs12Cipher::Rc2128 => rfc7292::PBE_WITH_SHA_AND_128_BIT_RC_2_CBC,
            Pkcs12Cipher::Rc240 => rfc7292::PBEWITH_SHA_AND_40_BIT_RC_2_CBC,
        }
    }

    /// The cipher itself.
    pub(super) fn cipher(self) -> ContentCipher {
        self.parts().0
    }

    /// The cipher itself and the octets of key that are derived for it.
    fn parts(self) -> (ContentCipher, usize) {
        match self {
            Pkcs12Cipher::TripleDes3 => (ContentCipher::TripleDesCbc, 24),
            Pkcs12Cipher::TripleDes2 => (ContentCipher::TripleDesCbc, 16),
            Pkcs12Cipher::Rc2128 => (ContentCipher::Rc2Cbc { bits: 128 }, 16),
            Pkcs12Cipher::Rc240 => (ContentCipher::Rc2Cbc { bits: 40 }, 5),
        }
    }
}

impl PasswordScheme {
    /// PBES2 with AES-256-CBC and a fresh initialization vector.
    ///
    /// # Errors
    /// The operating system gives no random numbers.
    pub fn pbes2(derivation: KeyDerivation) -> Result<PasswordScheme, PasswordError> {
        Ok(PasswordScheme::Pbes2 {
            derivation,
            encryption: ContentParameters::generate(ContentCipher::Aes256Cbc, None)?,
        })
    }

    /// pbeWithSHAAnd3-KeyTripleDES-CBC with a fresh salt: what every old program reads.
    ///
    /// # Errors
    /// The operating system gives no random numbers.
    pub fn triple_des(iterations: u32) -> Result<PasswordScheme, PasswordError> {
        Ok(PasswordScheme::Pkcs12 {
            cipher: Pkcs12Cipher::TripleDes3,
            salt: random::array::<8>()?.to_vec(),
            iterations,
        })
    }

    /// Reads an encryptionAlgorithm.
    ///
    /// # Errors
    /// The algorithm is not known here, or asks for more than is allowed.
    pub fn decode(identifier: &AlgorithmIdentifierOwned) -> Result<PasswordScheme, PasswordError> {
        let unusable = || UnsupportedAlgorithm::malformed(identifier.oid);
        let malformed = |_: der::Error| unusable();
        let parameters = identifier.parameters.as_ref().ok_or_else(unusable);
        if identifier.oid == PBES2 {
            let parameters: Pbes2Params = parameters?.decode_as().map_err(malformed)?;
            let encryption = ContentCipher::decode(&parameters.encryption)?;
            if encryption.cipher.is_aead() {
                let oid = parameters.encryption.oid;
                return Err(UnsupportedAlgorithm::unknown(oid).into());
            }
            return Ok(PasswordScheme::Pbes2 {
                derivation: KeyDerivation::decode(&parameters.kdf)?,
                encryption,
            });
        }
        let cipher = Pkcs12Cipher::ALL
            .into_iter()
            .find(|cipher| cipher.oid() == identifier.oid)
            .ok_or_else(|| UnsupportedAlgorithm::unknown(identifier.oid))?;
        let parameters: Pkcs12PbeParams = parameters?.decode_as().map_err(malformed)?;
        Ok(PasswordScheme::Pkcs12 {
            cipher,
            salt: parameters.salt.as_bytes().to_vec(),
            iterations: parameters.iterations,
        })
    }

    /// The encryptionAlgorithm.
    ///
    /// # Errors
    /// None for a scheme that was made or decoded here.
    pub fn algorithm_identifier(&self) -> Result<AlgorithmIdentifierOwned, PasswordError> {
        let malformed = |_: der::Error| PasswordError::Malformed("encryption scheme");
        let (oid, parameters) = match self {
            PasswordScheme::Pbes2 {
                derivation,
                encryption,
            } => {
                let parameters = Pbes2Params {
                    kdf: derivation.algorithm_identifier()?,
                    encryption: encryption.algorithm_identifier()?,
                };
                (PBES2, Any::encode_from(&parameters))
            }
            PasswordScheme::Pkcs12 {
                cipher,
                salt,
                iterations,
            } => {
                let parameters = Pkcs12PbeParams {
                    salt: OctetString::new(salt.as_slice()).map_err(malformed)?,
                    iterations: *iterations,
                };
                (cipher.oid(), Any::encode_from(&parameters))
            }
        };
        Ok(AlgorithmIdentifierOwned {
            oid,
            parameters: Some(parameters.map_err(malformed)?),
        })
    }

    /// What opening costs, in iterations.
    pub fn cost(&self) -> u64 {
        match self {
            PasswordScheme::Pbes2 { derivation, .. } => derivation.cost(),
            // Key and initialization vector; a key takes two digests.
            PasswordScheme::Pkcs12 { iterations, .. } => 3 * u64::from(*iterations),
        }
    }

    /// Encrypts.
    ///
    /// # Errors
    /// The derivation asks for more than is allowed.
    pub fn encrypt(&self, password: &Password, plain: &[u8]) -> Result<Vec<u8>, PasswordError> {
        let (parameters, key) = self.cipher_and_key(password)?;
        encrypt(parameters, key, &[], plain)
    }

    /// Decrypts.
    ///
    /// # Errors
    /// The passphrase is wrong or the data is damaged; or the derivation asks for more than is
    /// allowed. Success proves neither: one wrong key in 256 happens on valid padding.
    pub fn decrypt(
        &self,
        password: &Password,
        encrypted: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, PasswordError> {
        let (parameters, key) = self.cipher_and_key(password)?;
        decrypt(&parameters, &key, &[], encrypted)
    }

    fn cipher_and_key(
        &self,
        password: &Password,
    ) -> Result<(ContentParameters, Zeroizing<Vec<u8>>), PasswordError> {
        match self {
            PasswordScheme::Pbes2 {
                derivation,
                encryption,
            } => {
                let key = derivation.derive(password, encryption.cipher.key_len())?;
                Ok((encryption.clone(), key))
            }
            PasswordScheme::Pkcs12 {
                cipher,
                salt,
                iterations,
            } => {
                let (cipher, key_length) = cipher.parts();
                let derive = |purpose, length| {
                    let digest = DigestAlgorithm::Sha1;
                    derive_pkcs12(digest, password, salt, *iterations, purpose, length)
                };
                let mut key = derive(Pkcs12Key::Encryption, key_length)?;
                if key_length < cipher.key_len() {
                    // Two-key triple DES encrypts with its first key again.
                    let mut three = Zeroizing::new(Vec::with_capacity(cipher.key_len()));
                    three.extend_from_slice(&key);
                    three.extend_from_slice(&key[..cipher.key_len() - key_length]);
                    key = three;
                }
                let parameters = ContentParameters {
                    cipher,
                    iv: derive(Pkcs12Key::Iv, cipher.iv_len())?.to_vec(),
                    tag_length: 0,
                };
                Ok((parameters, key))
            }
        }
    }
}

/// Encrypts. Where the cipher makes a tag, it follows the ciphertext and covers `additional_data` too.
pub(super) fn encrypt(
    parameters: ContentParameters,
    key: Zeroizing<Vec<u8>>,
    additional_data: &[u8],
    plain: &[u8],
) -> Result<Vec<u8>, PasswordError> {
    let failed = PasswordError::Key(KeyError::OperationFailed);
    let Ok(mut encryptor) = Encryptor::with_key(parameters, key, additional_data, None) else {
        return Err(failed);
    };
    let mut encrypted = Vec::with_capacity(plain.len() + 16);
    encryptor.update(plain, &mut encrypted);
    let tag = encryptor.finish(&mut encrypted).map_err(|_| failed)?;
    encrypted.extend(tag.unwrap_or_default());
    Ok(encrypted)
}

/// Decrypts what [`encrypt`] has made.
pub(super) fn decrypt(
    parameters: &ContentParameters,
    key: &[u8],
    additional_data: &[u8],
    encrypted: &[u8],
) -> Result<Zeroizing<Vec<u8>>, PasswordError> {
    let wrong = |_| PasswordError::WrongPassphrase;
    let at = encrypted.len().checked_sub(parameters.tag_length);
    let (encrypted, tag) = encrypted.split_at(at.ok_or(PasswordError::WrongPassphrase)?);
    let tag = (!tag.is_empty()).then_some(tag);
    let mut plain = Zeroizing::new(Vec::with_capacity(encrypted.len()));
    let mut decryptor =
        Decryptor::new(parameters, key, additional_data, encrypted.len() as u64).map_err(wrong)?;
    decryptor.update(encrypted, &mut plain);
    decryptor.finish(tag, &mut plain).map_err(wrong)?;
    Ok(plain)
}
