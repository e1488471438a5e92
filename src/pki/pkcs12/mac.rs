//! The integrity of a PKCS #12 file: HMAC under the derivation of RFC 7292 appendix B, or PBMAC1
//! (RFC 9579).

use const_oid::ObjectIdentifier;
use der::Sequence;
use der::asn1::OctetString;
use pkcs12::{DigestInfo, MacData};
use spki::AlgorithmIdentifierOwned;
use zeroize::Zeroizing;

use super::Pkcs12Error;
use crate::crypto::UnsupportedAlgorithm;
use crate::crypto::digest::DigestAlgorithm;
use crate::crypto::mac::{hmac, verify_hmac};
use crate::crypto::password::{
    KeyDerivation, Password, PasswordError, Pkcs12Key, Protection, derive_pkcs12, hmac_digest,
};
use crate::crypto::random;

const PBMAC1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.14");

/// ```text
/// PBMAC1-params ::= SEQUENCE {
///     keyDerivationFunc AlgorithmIdentifier {{PBMAC1-KDFs}},
///     messageAuthScheme AlgorithmIdentifier {{PBMAC1-MACs}} }
/// ```
///
/// RFC 8018 appendix A.5.
#[derive(Sequence)]
struct Pbmac1Params {
    derivation: AlgorithmIdentifierOwned,
    scheme: AlgorithmIdentifierOwned,
}

/// The integrity code of a file, and how its key is derived.
pub(super) struct Integrity {
    digest: DigestAlgorithm,
    derivation: Derivation,
    code: Vec<u8>,
}

enum Derivation {
    Pkcs12 {
        salt: Vec<u8>,
        iterations: u32,
    },
    Pbmac1 {
        derivation: KeyDerivation,
        length: usize,
    },
}

impl Integrity {
    /// What a MacData says.
    pub(super) fn decode(data: MacData) -> Result<Integrity, Pkcs12Error> {
        let algorithm = data.mac.algorithm;
        let (digest, derivation) = if algorithm.oid == PBMAC1 {
            decode_pbmac1(&algorithm)?
        } else {
            let digest = DigestAlgorithm::from_oid(&algorithm.oid).ok_or_else(|| {
                Pkcs12Error::CipherUnsupported(UnsupportedAlgorithm::unknown(algorithm.oid))
            })?;
            let iterations = u32::try_from(data.iterations)
                .map_err(|_| Pkcs12Error::malformed("iteration count"))?;
            let salt = data.mac_salt.as_bytes().to_vec();
            (digest, Derivation::Pkcs12 { salt, iterations })
        };
        Ok(Integrity {
            digest,
            derivation,
            code: data.mac.digest.as_bytes().to_vec(),
        })
    }

    /// What can be told of a MacData, of an unknown algorithm too.
    pub(super) fn describe(data: MacData) -> Protection {
        let algorithm = data.mac.algorithm.oid;
        match Integrity::decode(data) {
            Ok(integrity) => integrity.protection(),
            Err(error) => Protection::unusable(&algorithm, error),
        }
    }

    /// What can be told of it.
    pub(super) fn protection(&self) -> Protection {
        let algorithm = format!("hmac-{}", self.digest.name());
        match &self.derivation {
            Derivation::Pkcs12 { iterations, .. } => {
                Protection::of_pkcs12(algorithm, self.digest, *iterations)
            }
            Derivation::Pbmac1 { derivation, .. } => Protection::derived(algorithm, derivation),
        }
    }

    /// For a file that is written.
    pub(super) fn generate(
        digest: DigestAlgorithm,
        iterations: u32,
    ) -> Result<Integrity, PasswordError> {
        let salt = random::array::<16>()?.to_vec();
        Ok(Integrity {
            digest,
            derivation: Derivation::Pkcs12 { salt, iterations },
            code: Vec::new(),
        })
    }

    /// The cost of one derivation, in iterations.
    pub(super) fn cost(&self) -> u64 {
        match &self.derivation {
            Derivation::Pkcs12 { iterations, .. } => u64::from(*iterations),
            Derivation::Pbmac1 { derivation, .. } => derivation.cost(),
        }
    }

    /// Whether the code is that of `content` under the password.
    pub(super) fn verify(&self, password: &Password, content: &[u8]) -> Result<bool, Pkcs12Error> {
        let key = self.key(password)?;
        Ok(verify_hmac(self.digest, &key, content, &self.code))
    }

    /// Whether two forms of a passphrase make the same key, so that one needs no trying.
    pub(super) fn sees_no_difference(&self, one: &Password, other: &Password) -> bool {
        match self.derivation {
            Derivation::Pkcs12 { .. } => one.is_same_to_pkcs12(other),
            Derivation::Pbmac1 { .. } => one.is_same_to_pkcs5(other),
        }
    }

    /// Computes the code and makes the MacData.
    pub(super) fn seal(self, password: &Password, content: &[u8]) -> Result<MacData, Pkcs12Error> {
        let code = hmac(self.digest, &self.key(password)?, content);
        let (salt, iterations) = match self.derivation {
            Derivation::Pkcs12 { salt, iterations } => (salt, iterations),
            // PBMAC1 is read, never written: hardly anything reads it yet.
            Derivation::Pbmac1 { .. } => return Err(Pkcs12Error::malformed("MacData")),
        };
        Ok(MacData {
            mac: DigestInfo {
                algorithm: self.digest.algorithm_identifier_with_null(),
                digest: OctetString::new(code)?,
            },
            mac_salt: OctetString::new(salt)?,
            iterations: i32::try_from(iterations)
                .map_err(|_| Pkcs12Error::malformed("iteration count"))?,
        })
    }

    fn key(&self, password: &Password) -> Result<Zeroizing<Vec<u8>>, PasswordError> {
        match &self.derivation {
            Derivation::Pkcs12 { salt, iterations } => derive_pkcs12(
                self.digest,
                password,
                salt,
                *iterations,
                Pkcs12Key::Mac,
                self.digest.size(),
            ),
            Derivation::Pbmac1 { derivation, length } => derivation.derive(password, *length),
        }
    }
}

fn decode_pbmac1(
    algorithm: &AlgorithmIdentifierOwned,
) -> Result<(DigestAlgorithm, Derivation), Pkcs12Error> {
    let malformed = || Pkcs12Error::malformed("PBMAC1 parameters");
    let parameters: Pbmac1Params = algorithm
        .parameters
        .as_ref()
        .and_then(|any| any.decode_as().ok())
        .ok_or_else(malformed)?;
    let digest = hmac_digest(&parameters.scheme.oid).map_err(Pkcs12Error::CipherUnsupported)?;
    let derivation = KeyDerivation::decode(&parameters.derivation)?;
    // RFC 9579 section 4 wants the length present and at least 20 octets; OpenSSL writes it.
    let length = derivation.key_length().unwrap_or(digest.size());
    if !(20..=128).contains(&length) {
        return Err(malformed());
    }
    Ok((digest, Derivation::Pbmac1 { derivation, length }))
}
