//! Public and private keys of every algorithm: RFC 5280 section 4.1.2.7, 5958, 8017, 5915.
//!
//! A public key is read from the SubjectPublicKeyInfo of a certificate and is kept as received. A
//! key of an algorithm that is not computed with still says what it is.

mod kind;
mod private;

use std::borrow::Cow;
use std::fmt;
use std::io::{self, Read};
use std::sync::Arc;

use const_oid::ObjectIdentifier;
use const_oid::db::{rfc5912, rfc8410};
use der::{Decode, Encode};
use spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};

pub use kind::{Curve, KeyKind, KeyType};
pub use private::{PrivateKey, RsaScheme};
pub(super) use private::{PrivateMaterial, private_key_info};

use super::digest::DigestAlgorithm;
use super::dsa::DsaPublicKey;
use super::edwards::Ed25519PublicKey;
use super::elliptic_curve::{EcPublicKey, named_curve};
use super::pss::PssParameters;
use super::rsa::RsaPublicKey;
use super::signature::SignatureAlgorithm;
use super::x25519::X25519PublicKey;

/// Why a key cannot be read or used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The encoding is damaged, or its numbers make no key.
    #[error("malformed {0}")]
    Malformed(&'static str),
    /// The algorithm or curve is not known here.
    #[error("key algorithm not supported: {}", crate::asn1::oid::describe(.0))]
    Unsupported(ObjectIdentifier),
    /// A key of another algorithm is needed for this.
    #[error("the key is of another algorithm")]
    AlgorithmMismatch,
    /// The key is restricted to other parameters of RSASSA-PSS (RFC 4055 section 3.3).
    #[error("the key is restricted to other parameters of RSASSA-PSS")]
    ParametersRestricted,
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
    /// The key is restricted to other parameters of RSASSA-PSS (RFC 4055 section 3.3).
    #[error("the key is restricted to other parameters of RSASSA-PSS")]
    ParametersRestricted,
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
    /// The length of the subjectPublicKey, with which the SubjectPublicKeyInfo ends.
    bits_length: usize,
    material: PublicMaterial,
}

impl PublicKeyParts {
    fn bits(&self) -> &[u8] {
        &self.spki[self.spki.len() - self.bits_length..]
    }
}

pub(super) enum PublicMaterial {
    Rsa(RsaPublicKey),
    /// RSA for RSASSA-PSS alone, and the parameters that it is restricted to (RFC 4055 section 1.2).
    RsaPss(RsaPublicKey, Option<PssParameters>),
    Ec(EcPublicKey),
    Ed25519(Ed25519PublicKey),
    X25519(X25519PublicKey),
    Dsa(DsaPublicKey),
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
            rfc5912::ID_RSASSA_PSS => PublicMaterial::RsaPss(
                RsaPublicKey::decode(bits)?,
                PssParameters::decode_restriction(&spki.algorithm)?,
            ),
            rfc5912::ID_EC_PUBLIC_KEY => match required_curve(&spki.algorithm) {
                Ok(curve) => PublicMaterial::Ec(EcPublicKey::decode(curve, bits)?),
                Err(KeyError::Unsupported(oid)) => PublicMaterial::Other(KeyKind::Unknown(oid)),
                Err(error) => return Err(error),
            },
            rfc8410::ID_ED_25519 => PublicMaterial::Ed25519(Ed25519PublicKey::decode(bits)?),
            rfc8410::ID_X_25519 => PublicMaterial::X25519(X25519PublicKey::decode(bits)?),
            rfc5912::ID_DSA => {
                PublicMaterial::Dsa(DsaPublicKey::decode(spki.algorithm.parameters, bits)?)
            }
            oid => PublicMaterial::Other(KeyKind::Unknown(oid)),
        };
        Ok(PublicKey(Arc::new(PublicKeyParts {
            spki: spki_der.to_vec(),
            bits_length: bits.len(),
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
            PublicMaterial::Rsa(key) => KeyKind::Rsa { bits: key.bits },
            PublicMaterial::RsaPss(key, _) => KeyKind::RsaPss { bits: key.bits },
            PublicMaterial::Ec(key) => KeyKind::Ec(key.curve()),
            PublicMaterial::Ed25519(_) => KeyKind::Ed25519,
            PublicMaterial::X25519(_) => KeyKind::X25519,
            PublicMaterial::Dsa(key) => KeyKind::Dsa { bits: key.bits },
            PublicMaterial::Other(kind) => *kind,
        }
    }

    /// The kind in the words of a report, such as `rsa-3072` or `ec-p256`.
    pub fn describe(&self) -> String {
        self.kind().to_string()
    }

    /// The SHA-1 digest of the subjectPublicKey (RFC 5280 section 4.2.1.2, method 1).
    pub fn key_identifier(&self) -> [u8; 20] {
        let mut identifier = [0; 20];
        identifier.copy_from_slice(&DigestAlgorithm::Sha1.digest(self.0.bits()));
        identifier
    }

    pub(super) fn material(&self) -> &PublicMaterial {
        &self.0.material
    }

    /// Whether the key is one of DSA without its domain parameters: it takes those of its issuer's
    /// key (RFC 3279 section 2.3.2).
    pub fn lacks_parameters(&self) -> bool {
        matches!(&self.0.material, PublicMaterial::Dsa(key) if key.lacks_parameters)
    }

    /// The key with the domain parameters of its issuer's key (RFC 5280 section 6.1.4 (e)).
    ///
    /// `None` when the issuer's key is of another algorithm or has none itself.
    pub fn inheriting(&self, issuer: &PublicKey) -> Option<PublicKey> {
        let is_dsa = matches!(&issuer.0.material, PublicMaterial::Dsa(_));
        if !self.lacks_parameters() || !is_dsa || issuer.lacks_parameters() {
            return None;
        }
        let mut spki = SubjectPublicKeyInfoRef::from_der(&self.0.spki).ok()?;
        spki.algorithm = SubjectPublicKeyInfoRef::from_der(&issuer.0.spki)
            .ok()?
            .algorithm;
        PublicKey::decode(&spki.to_der().ok()?).ok()
    }

    /// Verifies a signature.
    ///
    /// # Errors
    /// The signature does not match, or the algorithm cannot be computed with this key. A digest is
    /// not enough for Ed25519; see [`verify_reader`](Self::verify_reader).
    pub fn verify(
        &self,
        algorithm: &SignatureAlgorithm,
        message: Signed<'_>,
        signature: &[u8],
    ) -> Result<(), SignatureError> {
        if let PublicMaterial::Other(_) = &self.0.material {
            return Err(SignatureError::Unsupported);
        }
        if let (PublicMaterial::Ed25519(key), SignatureAlgorithm::Ed25519) =
            (&self.0.material, algorithm)
        {
            return match message {
                Signed::Message(message) => key.verify(message, signature),
                Signed::Digest(_) => Err(SignatureError::Invalid),
            };
        }
        let digest = message
            .digest(algorithm.digest())
            .ok_or(SignatureError::Invalid)?;
        match (&self.0.material, algorithm) {
            (PublicMaterial::Rsa(key), SignatureAlgorithm::RsaPkcs1(algorithm)) => {
                key.verify_pkcs1(*algorithm, &digest, signature)
            }
            (PublicMaterial::Rsa(key), SignatureAlgorithm::RsaPss(parameters)) => {
                key.verify_pss(parameters, &digest, signature)
            }
            (PublicMaterial::RsaPss(key, restriction), SignatureAlgorithm::RsaPss(parameters)) => {
                if restriction.is_some_and(|restriction| !restriction.permits(parameters)) {
                    return Err(SignatureError::ParametersRestricted);
                }
                key.verify_pss(parameters, &digest, signature)
            }
            (PublicMaterial::Ec(key), SignatureAlgorithm::Ecdsa(_)) => {
                key.verify(&digest, signature)
            }
            (PublicMaterial::Dsa(key), SignatureAlgorithm::Dsa(_)) => {
                key.verify(&digest, signature)
            }
            _ => Err(SignatureError::AlgorithmMismatch),
        }
    }

    /// Verifies an Ed25519 signature over a message that is read as a stream: there is no digest of
    /// it that could be computed before the signature is known (RFC 8032 section 5.1.7).
    ///
    /// # Errors
    /// Reading fails. The inner result is that of [`verify`](Self::verify); another algorithm does
    /// not go with this.
    pub fn verify_reader(
        &self,
        algorithm: &SignatureAlgorithm,
        message: &mut dyn Read,
        signature: &[u8],
    ) -> io::Result<Result<(), SignatureError>> {
        match (&self.0.material, algorithm) {
            (PublicMaterial::Ed25519(key), SignatureAlgorithm::Ed25519) => {
                key.verify_reader(message, signature)
            }
            _ => Ok(Err(SignatureError::AlgorithmMismatch)),
        }
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &PublicKey) -> bool {
        use PublicMaterial::{Ec, Rsa, RsaPss};
        // A modulus that is not computed with is not held.
        let same_bits = self.0.bits() == other.0.bits();
        match (&self.0.material, &other.0.material) {
            (Rsa(mine), Rsa(theirs)) | (RsaPss(mine, _), RsaPss(theirs, _)) => {
                same_bits && mine == theirs
            }
            // A point can be compressed.
            (Ec(mine), Ec(theirs)) => mine == theirs,
            _ => self.0.spki == other.0.spki,
        }
    }
}

impl Eq for PublicKey {}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.kind())
    }
}

fn required_curve(algorithm: &AlgorithmIdentifierRef<'_>) -> Result<Curve, KeyError> {
    let parameters = algorithm
        .parameters
        .ok_or(KeyError::Malformed("elliptic curve parameters"))?;
    named_curve(parameters)
}

#[cfg(test)]
mod tests;
