//! From a passphrase to a key: PBKDF2 (RFC 8018 section 5.2), scrypt (RFC 7914) and the derivation
//! of PKCS #12 (RFC 7292 appendix B).

use const_oid::ObjectIdentifier;
use const_oid::db::{rfc5753, rfc5911};
use der::Sequence;
use der::asn1::{Any, Null, OctetString};
use spki::AlgorithmIdentifierOwned;
use zeroize::Zeroizing;

use super::{Password, PasswordError};
use crate::crypto::UnsupportedAlgorithm;
use crate::crypto::digest::{DigestAlgorithm, with_digest};
use crate::crypto::random::{self, RandomError};
use crate::limits;

const HMAC_WITH_SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.2.7");
const SCRYPT: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.11591.4.11");

/// How a key is derived from a passphrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyDerivation {
    /// PBKDF2 with HMAC.
    Pbkdf2 {
        /// The digest of the HMAC.
        prf: DigestAlgorithm,
        /// The salt.
        salt: Vec<u8>,
        /// The number of iterations.
        iterations: u32,
        /// The length of the key, where it is said.
        key_length: Option<usize>,
    },
    /// scrypt.
    Scrypt {
        /// The salt.
        salt: Vec<u8>,
        /// The cost N, a power of two, as its logarithm.
        log_n: u8,
        /// The block size r.
        r: u32,
        /// The parallelization p.
        p: u32,
        /// The length of the key, where it is said.
        key_length: Option<usize>,
    },
}

/// ```text
/// PBKDF2-params ::= SEQUENCE {
///     salt           CHOICE { specified OCTET STRING, ... },
///     iterationCount INTEGER (1..MAX),
///     keyLength      INTEGER (1..MAX) OPTIONAL,
///     prf            AlgorithmIdentifier DEFAULT algid-hmacWithSHA1 }
/// ```
///
/// RFC 8018 appendix A.2. The prf is optional here, because some programs write the default out.
#[derive(Sequence)]
struct Pbkdf2Params {
    salt: OctetString,
    iteration_count: u32,
    #[asn1(optional = "true")]
    key_length: Option<u32>,
    #[asn1(optional = "true")]
    prf: Option<AlgorithmIdentifierOwned>,
}

/// ```text
/// scrypt-params ::= SEQUENCE {
///     salt                     OCTET STRING,
///     costParameter            INTEGER (1..MAX),
///     blockSize                INTEGER (1..MAX),
///     parallelizationParameter INTEGER (1..MAX),
///     keyLength                INTEGER (1..MAX) OPTIONAL }
/// ```
///
/// RFC 7914 section 7.1.
#[derive(Sequence)]
struct ScryptParams {
    salt: OctetString,
    cost_parameter: u64,
    block_size: u32,
    parallelization: u32,
    #[asn1(optional = "true")]
    key_length: Option<u32>,
}

impl KeyDerivation {
    /// The derivation of our key files, with a fresh salt: scrypt with N = 2^14, r = 8, p = 1.
    ///
    /// It takes 16 MiB, which makes guessing on special hardware dear, and some 40 ms, once for
    /// all keys. OpenSSL refuses to read more than 32 MiB.
    ///
    /// # Errors
    /// The operating system gives no random numbers.
    pub fn scrypt() -> Result<KeyDerivation, RandomError> {
        Ok(KeyDerivation::Scrypt {
            salt: random::array::<16>()?.to_vec(),
            log_n: 14,
            r: 8,
            p: 1,
            key_length: None,
        })
    }

    /// PBKDF2 with HMAC-SHA-256 and a fresh salt, for files that other programs read.
    ///
    /// # Errors
    /// The operating system gives no random numbers.
    pub fn pbkdf2(iterations: u32) -> Result<KeyDerivation, RandomError> {
        Ok(KeyDerivation::Pbkdf2 {
            prf: DigestAlgorithm::Sha256,
            salt: random::array::<16>()?.to_vec(),
            iterations,
            key_length: None,
        })
    }

    /// Reads a keyDerivationFunc.
    ///
    /// # Errors
    /// The algorithm is not known here, or asks for more than is allowed.
    pub fn decode(identifier: &AlgorithmIdentifierOwned) -> Result<KeyDerivation, PasswordError> {
        let unusable = || UnsupportedAlgorithm::malformed(identifier.oid);
        let malformed = |_: der::Error| unusable();
        let parameters = identifier.parameters.as_ref().ok_or_else(unusable);
        let derivation = match identifier.oid {
            rfc5911::ID_PBKDF_2 => {
                let parameters: Pbkdf2Params = parameters?.decode_as().map_err(malformed)?;
                KeyDerivation::Pbkdf2 {
                    prf: match parameters.prf {
                        None => DigestAlgorithm::Sha1,
                        Some(prf) => hmac_digest(&prf.oid)?,
                    },
                    salt: parameters.salt.as_bytes().to_vec(),
                    iterations: parameters.iteration_count,
                    key_length: parameters.key_length.map(|length| length as usize),
                }
            }
            SCRYPT => {
                let parameters: ScryptParams = parameters?.decode_as().map_err(malformed)?;
                if !parameters.cost_parameter.is_power_of_two() {
                    return Err(unusable().into());
                }
                KeyDerivation::Scrypt {
                    salt: parameters.salt.as_bytes().to_vec(),
                    log_n: parameters.cost_parameter.ilog2() as u8, // below 64
                    r: parameters.block_size,
                    p: parameters.parallelization,
                    key_length: parameters.key_length.map(|length| length as usize),
                }
            }
            oid => return Err(UnsupportedAlgorithm::unknown(oid).into()),
        };
        derivation.check_cost()?;
        Ok(derivation)
    }

    /// The keyDerivationFunc.
    ///
    /// # Errors
    /// None for a derivation that was made or decoded here.
    pub fn algorithm_identifier(&self) -> Result<AlgorithmIdentifierOwned, PasswordError> {
        let malformed = |_: der::Error| PasswordError::Malformed("key derivation");
        let length = |length: &Option<usize>| length.and_then(|length| u32::try_from(length).ok());
        let (oid, parameters) = match self {
            KeyDerivation::Pbkdf2 {
                prf,
                salt,
                iterations,
                key_length,
            } => {
                let parameters = Pbkdf2Params {
                    salt: OctetString::new(salt.as_slice()).map_err(malformed)?,
                    iteration_count: *iterations,
                    key_length: length(key_length),
                    prf: match prf {
                        DigestAlgorithm::Sha1 => None,
                        prf => Some(AlgorithmIdentifierOwned {
                            oid: hmac_oid(*prf)?,
                            parameters: Some(Any::from(Null)),
                        }),
                    },
                };
                (rfc5911::ID_PBKDF_2, Any::encode_from(&parameters))
            }
            KeyDerivation::Scrypt {
                salt,
                log_n,
                r,
                p,
                key_length,
            } => {
                let parameters = ScryptParams {
                    salt: OctetString::new(salt.as_slice()).map_err(malformed)?,
                    cost_parameter: 1 << log_n,
                    block_size: *r,
                    parallelization: *p,
                    key_length: length(key_length),
                };
                (SCRYPT, Any::encode_from(&parameters))
            }
        };
        Ok(AlgorithmIdentifierOwned {
            oid,
            parameters: Some(parameters.map_err(malformed)?),
        })
    }

    /// What a derivation costs, in iterations of PBKDF2; for scrypt the number that takes about as
    /// long.
    pub fn cost(&self) -> u64 {
        match *self {
            KeyDerivation::Pbkdf2 { iterations, .. } => u64::from(iterations),
            KeyDerivation::Scrypt { log_n, r, p, .. } => {
                let blocks = 1u64.checked_shl(u32::from(log_n)).unwrap_or(u64::MAX);
                blocks
                    .saturating_mul(u64::from(r))
                    .saturating_mul(u64::from(p))
            }
        }
    }

    /// The text for people, such as `pbkdf2 with hmac-sha256`.
    pub fn describe(&self) -> String {
        match self {
            KeyDerivation::Pbkdf2 { prf, .. } => format!("pbkdf2 with hmac-{}", prf.name()),
            KeyDerivation::Scrypt { log_n, r, p, .. } => {
                format!("scrypt with N 2^{log_n}, r {r}, p {p}")
            }
        }
    }

    /// The number of iterations; scrypt has no such number.
    pub fn iterations(&self) -> Option<u32> {
        match *self {
            KeyDerivation::Pbkdf2 { iterations, .. } => Some(iterations),
            KeyDerivation::Scrypt { .. } => None,
        }
    }

    /// The length of the key, where it is said.
    pub fn key_length(&self) -> Option<usize> {
        match *self {
            KeyDerivation::Pbkdf2 { key_length, .. } | KeyDerivation::Scrypt { key_length, .. } => {
                key_length
            }
        }
    }

    fn check_cost(&self) -> Result<(), PasswordError> {
        let too_expensive = |what: String| Err(PasswordError::TooExpensive(what));
        match *self {
            KeyDerivation::Pbkdf2 { iterations, .. } if iterations > limits::KDF_ITERATIONS => {
                too_expensive(format!("{iterations} iterations"))
            }
            KeyDerivation::Pbkdf2 { iterations: 0, .. } => {
                Err(UnsupportedAlgorithm::malformed(rfc5911::ID_PBKDF_2).into())
            }
            KeyDerivation::Scrypt { log_n, r, p, .. } => {
                let memory = 128u128 * (1u128 << log_n) * u128::from(r);
                if memory > u128::from(limits::SCRYPT_MEMORY) {
                    too_expensive(format!("{memory} octets of memory"))
                } else if p > limits::SCRYPT_PARALLELIZATION {
                    too_expensive(format!("{p} parallel runs of scrypt"))
                } else {
                    Ok(())
                }
            }
            KeyDerivation::Pbkdf2 { .. } => Ok(()),
        }
    }

    /// Derives a key of `length` octets.
    ///
    /// # Errors
    /// The derivation is made for another length, or asks for more than is allowed.
    pub fn derive(
        &self,
        password: &Password,
        length: usize,
    ) -> Result<Zeroizing<Vec<u8>>, PasswordError> {
        self.check_cost()?;
        let mut key = Zeroizing::new(vec![0; length]);
        match self {
            KeyDerivation::Pbkdf2 {
                key_length: Some(given),
                ..
            }
            | KeyDerivation::Scrypt {
                key_length: Some(given),
                ..
            } if *given != length => {
                return Err(PasswordError::Malformed("key length of the derivation"));
            }
            KeyDerivation::Pbkdf2 {
                prf,
                salt,
                iterations,
                ..
            } => with_digest!(*prf, D => {
                pbkdf2::pbkdf2_hmac::<D>(&password.octets, salt, *iterations, &mut key);
            }),
            KeyDerivation::Scrypt {
                salt, log_n, r, p, ..
            } => {
                let unusable = UnsupportedAlgorithm::malformed(SCRYPT);
                let Ok(parameters) = scrypt::Params::new(*log_n, *r, *p) else {
                    return Err(unusable.into());
                };
                scrypt::scrypt(&password.octets, salt, &parameters, &mut key)
                    .map_err(|_| unusable)?;
            }
        }
        Ok(key)
    }
}

/// What a key of the PKCS #12 derivation is for (RFC 7292 appendix B.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pkcs12Key {
    /// Encryption.
    Encryption,
    /// Initialization vector.
    Iv,
    /// Message authentication.
    Mac,
}

/// The derivation of PKCS #12 (RFC 7292 appendix B.2).
///
/// # Errors
/// It asks for more iterations than are allowed.
pub fn derive_pkcs12(
    digest: DigestAlgorithm,
    password: &Password,
    salt: &[u8],
    iterations: u32,
    purpose: Pkcs12Key,
    length: usize,
) -> Result<Zeroizing<Vec<u8>>, PasswordError> {
    use pkcs12::kdf::{Pkcs12KeyType, derive_key};
    if iterations > limits::KDF_ITERATIONS {
        let what = format!("{iterations} iterations");
        return Err(PasswordError::TooExpensive(what));
    }
    let purpose = match purpose {
        Pkcs12Key::Encryption => Pkcs12KeyType::EncryptionKey,
        Pkcs12Key::Iv => Pkcs12KeyType::Iv,
        Pkcs12Key::Mac => Pkcs12KeyType::Mac,
    };
    let iterations =
        i32::try_from(iterations).map_err(|_| PasswordError::Malformed("iteration count"))?;
    Ok(Zeroizing::new(with_digest!(digest, D => {
        derive_key::<D>(&password.bmp, salt, purpose, iterations, length)
    })))
}

/// The digest of an HMAC identifier, as PBKDF2 and PBMAC1 name it.
///
/// # Errors
/// It is not known here.
pub fn hmac_digest(oid: &ObjectIdentifier) -> Result<DigestAlgorithm, UnsupportedAlgorithm> {
    DigestAlgorithm::ALL
        .into_iter()
        .find(|digest| hmac_oid(*digest).is_ok_and(|known| known == *oid))
        .ok_or_else(|| UnsupportedAlgorithm::unknown(*oid))
}

fn hmac_oid(digest: DigestAlgorithm) -> Result<ObjectIdentifier, UnsupportedAlgorithm> {
    Ok(match digest {
        DigestAlgorithm::Md5 => return Err(UnsupportedAlgorithm::unknown(digest.oid())),
        DigestAlgorithm::Sha1 => HMAC_WITH_SHA1,
        DigestAlgorithm::Sha224 => rfc5753::ID_HMAC_WITH_SHA_224,
        DigestAlgorithm::Sha256 => rfc5753::ID_HMAC_WITH_SHA_256,
        DigestAlgorithm::Sha384 => rfc5753::ID_HMAC_WITH_SHA_384,
        DigestAlgorithm::Sha512 => rfc5753::ID_HMAC_WITH_SHA_512,
    })
}
