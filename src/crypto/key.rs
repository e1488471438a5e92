//! Public and private keys of every algorithm: RFC 5280 section 4.1.2.7, 5958, 8017, 5915.
//!
//! A public key is read from the SubjectPublicKeyInfo of a certificate and is kept as received. A
//! key of an algorithm that is not computed with still says what it is.

mod kind;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use const_oid::ObjectIdentifier;
use const_oid::db::{rfc5912, rfc8410};
use der::asn1::{AnyRef, OctetStringRef, UintRef};
use der::{Decode, Reader, SliceReader, Tag, Tagged};
use spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};
use zeroize::Zeroizing;

pub use kind::{Curve, KeyKind, KeyType};

use super::digest::DigestAlgorithm;
use super::elliptic_curve::{EcPrivateKey, EcPublicKey, named_curve};
use super::rsa::{RsaPrivateKey, RsaPublicKey};
use super::signature::SignatureAlgorithm;

/// Why a key cannot be read or used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The encoding is damaged, or its numbers make no key.
    #[error("malformed {0}")]
    Malformed(&'static str),
    /// The algorithm or curve is not known here.
    #[error("key algorithm not supported: {0}")]
    Unsupported(ObjectIdentifier),
    /// A key of another algorithm is needed for this.
    #[error("the key is of another algorithm")]
    AlgorithmMismatch,
    /// An RSA modulus has no room for the digest or secret.
    #[error("the key is too short for this operation")]
    KeyTooShort,
    /// The operation failed, most likely for want of random numbers.
    #[error("the key operation failed")]
    OperationFailed,
}

/// Why a signature is not valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// It was not made by this key over this data.
    #[error("the signature does not match")]
    Invalid,
    /// The signature algorithm does not go with the key.
    #[error("the signature algorithm does not go with the key")]
    AlgorithmMismatch,
    /// Algorithm or key are known by name only.
    #[error("the signature algorithm is not supported")]
    Unsupported,
}

/// What is signed: the message, or its digest when that was computed already.
#[derive(Clone, Copy, Debug)]
pub enum Signed<'a> {
    /// The message itself.
    Message(&'a [u8]),
    /// The message's digest by the algorithm of the signature.
    Digest(&'a [u8]),
}

impl<'a> Signed<'a> {
    /// The digest, computed if need be; `None` when the one given has another length.
    fn digest(self, algorithm: DigestAlgorithm) -> Option<Cow<'a, [u8]>> {
        match self {
            Signed::Message(message) => Some(Cow::Owned(algorithm.digest(message))),
            Signed::Digest(digest) if digest.len() == algorithm.size() => {
                Some(Cow::Borrowed(digest))
            }
            Signed::Digest(_) => None,
        }
    }
}

/// A public key. Cloning is cheap. Two are equal when they are the same key, however encoded.
#[derive(Clone)]
pub struct PublicKey(Arc<PublicKeyParts>);

struct PublicKeyParts {
    spki: Vec<u8>,
    identifier: [u8; 20],
    material: PublicMaterial,
}

#[derive(PartialEq)]
pub(super) enum PublicMaterial {
    Rsa(RsaPublicKey),
    /// RSA restricted to RSASSA-PSS by its key identifier (RFC 4055 section 1.2).
    RsaPss(RsaPublicKey),
    Ec(EcPublicKey),
    Other(KeyKind),
}

impl PublicKey {
    /// Reads a SubjectPublicKeyInfo.
    ///
    /// # Errors
    /// The encoding is damaged, or the point is not on its curve. A key of an unknown algorithm is
    /// no error: it is of [`KeyKind::Unknown`].
    pub fn decode(spki_der: &[u8]) -> Result<PublicKey, KeyError> {
        let spki = SubjectPublicKeyInfoRef::from_der(spki_der)
            .map_err(|_| KeyError::Malformed("SubjectPublicKeyInfo"))?;
        let bits = spki
            .subject_public_key
            .as_bytes()
            .ok_or(KeyError::Malformed("SubjectPublicKeyInfo"))?;
        let material = match spki.algorithm.oid {
            rfc5912::RSA_ENCRYPTION => PublicMaterial::Rsa(RsaPublicKey::decode(bits)?),
            rfc5912::ID_RSASSA_PSS => PublicMaterial::RsaPss(RsaPublicKey::decode(bits)?),
            rfc5912::ID_EC_PUBLIC_KEY => match required_curve(&spki.algorithm) {
                Ok(curve) => PublicMaterial::Ec(EcPublicKey::decode(curve, bits)?),
                Err(KeyError::Unsupported(oid)) => PublicMaterial::Other(KeyKind::Unknown(oid)),
                Err(error) => return Err(error),
            },
            rfc8410::ID_ED_25519 => PublicMaterial::Other(KeyKind::Ed25519),
            rfc8410::ID_X_25519 => PublicMaterial::Other(KeyKind::X25519),
            rfc5912::ID_DSA => PublicMaterial::Other(KeyKind::Dsa {
                bits: dsa_bits(spki.algorithm.parameters).unwrap_or(0),
            }),
            oid => PublicMaterial::Other(KeyKind::Unknown(oid)),
        };
        let mut identifier = [0; 20];
        identifier.copy_from_slice(&DigestAlgorithm::Sha1.digest(bits));
        Ok(PublicKey(Arc::new(PublicKeyParts {
            spki: spki_der.to_vec(),
            identifier,
            material,
        })))
    }

    /// The SubjectPublicKeyInfo, as it was received.
    pub fn spki_der(&self) -> &[u8] {
        &self.0.spki
    }

    /// What the key is.
    pub fn kind(&self) -> KeyKind {
        match &self.0.material {
            PublicMaterial::Rsa(key) | PublicMaterial::RsaPss(key) => {
                KeyKind::Rsa { bits: key.bits }
            }
            PublicMaterial::Ec(key) => KeyKind::Ec(key.curve()),
            PublicMaterial::Other(kind) => *kind,
        }
    }

    /// The kind in the words of a report, such as `rsa-3072` or `ec-p256`.
    pub fn describe(&self) -> String {
        self.kind().to_string()
    }

    /// The SHA-1 digest of the subjectPublicKey (RFC 5280 section 4.2.1.2, method 1).
    pub fn key_identifier(&self) -> [u8; 20] {
        self.0.identifier
    }

    pub(super) fn material(&self) -> &PublicMaterial {
        &self.0.material
    }

    /// Verifies a signature.
    ///
    /// # Errors
    /// The signature does not match, or the algorithm cannot be computed with this key.
    pub fn verify(
        &self,
        algorithm: &SignatureAlgorithm,
        message: Signed<'_>,
        signature: &[u8],
    ) -> Result<(), SignatureError> {
        if matches!(
            algorithm,
            SignatureAlgorithm::Dsa(_) | SignatureAlgorithm::Ed25519
        ) {
            return Err(SignatureError::Unsupported);
        }
        let digest = message
            .digest(algorithm.digest())
            .ok_or(SignatureError::Invalid)?;
        match (&self.0.material, *algorithm) {
            (PublicMaterial::Rsa(key), SignatureAlgorithm::RsaPkcs1(algorithm)) => {
                key.verify_pkcs1(algorithm, &digest, signature)
            }
            (
                PublicMaterial::Rsa(key) | PublicMaterial::RsaPss(key),
                SignatureAlgorithm::RsaPss {
                    digest: algorithm,
                    salt_length,
                },
            ) => key.verify_pss(algorithm, salt_length, &digest, signature),
            (PublicMaterial::Ec(key), SignatureAlgorithm::Ecdsa(_)) => {
                key.verify(&digest, signature)
            }
            (PublicMaterial::Other(KeyKind::Unknown(_)), _) => Err(SignatureError::Unsupported),
            _ => Err(SignatureError::AlgorithmMismatch),
        }
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &PublicKey) -> bool {
        match (&self.0.material, &other.0.material) {
            (PublicMaterial::Other(_), _) => self.0.spki == other.0.spki,
            // A modulus that is not computed with is not held.
            (PublicMaterial::Rsa(_) | PublicMaterial::RsaPss(_), _) => {
                self.0.material == other.0.material && self.0.identifier == other.0.identifier
            }
            (mine, other) => mine == other,
        }
    }
}

impl Eq for PublicKey {}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.kind())
    }
}

/// A private key. Cloning is cheap and copies no secret; the secret is cleared with the last clone.
#[derive(Clone)]
pub struct PrivateKey(Arc<PrivateKeyParts>);

struct PrivateKeyParts {
    public: PublicKey,
    material: PrivateMaterial,
}

pub(super) enum PrivateMaterial {
    Rsa(RsaPrivateKey),
    Ec(EcPrivateKey),
}

impl PrivateKey {
    /// Makes a key.
    ///
    /// # Errors
    /// The operating system gives no random numbers.
    pub fn generate(kind: KeyType) -> Result<PrivateKey, KeyError> {
        PrivateKey::new(match kind {
            KeyType::Rsa2048 => PrivateMaterial::Rsa(RsaPrivateKey::generate(2048)?),
            KeyType::Rsa3072 => PrivateMaterial::Rsa(RsaPrivateKey::generate(3072)?),
            KeyType::Rsa4096 => PrivateMaterial::Rsa(RsaPrivateKey::generate(4096)?),
            KeyType::EcP256 => PrivateMaterial::Ec(EcPrivateKey::generate(Curve::P256)?),
            KeyType::EcP384 => PrivateMaterial::Ec(EcPrivateKey::generate(Curve::P384)?),
        })
    }

    pub(super) fn new(material: PrivateMaterial) -> Result<PrivateKey, KeyError> {
        let spki = match &material {
            PrivateMaterial::Rsa(key) => key.public_spki()?,
            PrivateMaterial::Ec(key) => key.public_spki()?,
        };
        Ok(PrivateKey(Arc::new(PrivateKeyParts {
            public: PublicKey::decode(&spki)?,
            material,
        })))
    }

    /// Reads an unencrypted private key in DER: PrivateKeyInfo (PKCS #8, RFC 5958), RSAPrivateKey
    /// (PKCS #1, RFC 8017) or ECPrivateKey (SEC 1, RFC 5915).
    ///
    /// # Errors
    /// The encoding is damaged, the numbers make no key, or the algorithm is not known here.
    pub fn decode(der: &[u8]) -> Result<PrivateKey, KeyError> {
        let malformed = KeyError::Malformed("private key");
        match second_tag(der).map_err(|_| malformed)? {
            Tag::Sequence => decode_pkcs8(der),
            Tag::Integer => PrivateKey::new(PrivateMaterial::Rsa(RsaPrivateKey::decode(der)?)),
            Tag::OctetString => {
                PrivateKey::new(PrivateMaterial::Ec(EcPrivateKey::decode(der, None)?))
            }
            _ => Err(malformed),
        }
    }

    /// Writes a PrivateKeyInfo, unencrypted.
    ///
    /// # Errors
    /// None that is known; the underlying encoders can fail in theory.
    pub fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        match &self.0.material {
            PrivateMaterial::Rsa(key) => key.to_pkcs8(),
            PrivateMaterial::Ec(key) => key.to_pkcs8(),
        }
    }

    /// The public half.
    pub fn public_key(&self) -> &PublicKey {
        &self.0.public
    }

    pub(super) fn material(&self) -> &PrivateMaterial {
        &self.0.material
    }

    /// The algorithm to sign with: that of the key with the given digest, or else with SHA-256 for
    /// RSA and with the matching digest for a curve.
    pub fn signature_algorithm(&self, digest: Option<DigestAlgorithm>) -> SignatureAlgorithm {
        match &self.0.material {
            PrivateMaterial::Rsa(_) => {
                SignatureAlgorithm::RsaPkcs1(digest.unwrap_or(DigestAlgorithm::Sha256))
            }
            PrivateMaterial::Ec(key) => {
                SignatureAlgorithm::Ecdsa(digest.unwrap_or(key.curve().digest()))
            }
        }
    }

    /// Signs.
    ///
    /// # Errors
    /// The algorithm does not go with the key, the digest is of another length, or the modulus is
    /// too short for it.
    pub fn sign(
        &self,
        algorithm: &SignatureAlgorithm,
        message: Signed<'_>,
    ) -> Result<Vec<u8>, KeyError> {
        let digest = message
            .digest(algorithm.digest())
            .ok_or(KeyError::OperationFailed)?;
        match (&self.0.material, *algorithm) {
            (PrivateMaterial::Rsa(key), SignatureAlgorithm::RsaPkcs1(algorithm)) => {
                key.sign_pkcs1(algorithm, &digest)
            }
            (
                PrivateMaterial::Rsa(key),
                SignatureAlgorithm::RsaPss {
                    digest: algorithm,
                    salt_length,
                },
            ) => key.sign_pss(algorithm, salt_length, &digest),
            (PrivateMaterial::Ec(key), SignatureAlgorithm::Ecdsa(algorithm)) => {
                Ok(key.sign(algorithm, &digest))
            }
            _ => Err(KeyError::AlgorithmMismatch),
        }
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey({})", self.0.public.kind())
    }
}

/// The tag of the element after the version: it tells the three forms of private key apart.
fn second_tag(der: &[u8]) -> der::Result<Tag> {
    let outer = AnyRef::from_der(der)?;
    outer.tag().assert_eq(Tag::Sequence)?;
    let mut reader = SliceReader::new(outer.value())?;
    reader.decode::<AnyRef<'_>>()?;
    Tag::peek(&reader)
}

/// Reads a PrivateKeyInfo. Whatever follows the key, attributes and the public key, is passed over:
/// some programs write a public key under the version that has none.
fn decode_pkcs8(der: &[u8]) -> Result<PrivateKey, KeyError> {
    let malformed = |_: der::Error| KeyError::Malformed("PrivateKeyInfo");
    let outer = AnyRef::from_der(der).map_err(malformed)?;
    let mut reader = SliceReader::new(outer.value()).map_err(malformed)?;
    reader.decode::<UintRef<'_>>().map_err(malformed)?;
    let algorithm: AlgorithmIdentifierRef<'_> = reader.decode().map_err(malformed)?;
    let key: &OctetStringRef = reader.decode().map_err(malformed)?;
    let key = key.as_bytes();
    PrivateKey::new(match algorithm.oid {
        rfc5912::RSA_ENCRYPTION | rfc5912::ID_RSASSA_PSS => {
            PrivateMaterial::Rsa(RsaPrivateKey::decode(key)?)
        }
        rfc5912::ID_EC_PUBLIC_KEY => {
            let outer = match algorithm.parameters {
                Some(parameters) if !parameters.is_null() => Some(named_curve(parameters)?),
                _ => None,
            };
            PrivateMaterial::Ec(EcPrivateKey::decode(key, outer)?)
        }
        oid => return Err(KeyError::Unsupported(oid)),
    })
}

fn required_curve(algorithm: &AlgorithmIdentifierRef<'_>) -> Result<Curve, KeyError> {
    let parameters = algorithm
        .parameters
        .ok_or(KeyError::Malformed("elliptic curve parameters"))?;
    named_curve(parameters)
}

/// The length of p in Dss-Parms (RFC 3279 section 2.3.2).
fn dsa_bits(parameters: Option<AnyRef<'_>>) -> Option<usize> {
    let mut reader = SliceReader::new(parameters?.value()).ok()?;
    let prime = reader.decode::<UintRef<'_>>().ok()?;
    let first = prime.as_bytes().first()?;
    Some(prime.as_bytes().len() * 8 - first.leading_zeros() as usize)
}

#[cfg(test)]
mod tests;
