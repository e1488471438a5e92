//! Private keys: PKCS #8 (RFC 5958), PKCS #1 (RFC 8017), SEC 1 (RFC 5915), RFC 8410.

use std::fmt;
use std::sync::Arc;

use const_oid::db::{rfc5912, rfc8410};
use der::asn1::{AnyRef, OctetStringRef, UintRef};
use der::{Decode, Reader, SliceReader, Tag, Tagged};
use pkcs8::{PrivateKeyInfoRef, SecretDocument};
use spki::AlgorithmIdentifierRef;
use zeroize::Zeroizing;

use super::{Curve, KeyError, KeyType, PublicKey, Signed};
use crate::crypto::digest::DigestAlgorithm;
use crate::crypto::edwards::Ed25519PrivateKey;
use crate::crypto::elliptic_curve::{EcPrivateKey, named_curve};
use crate::crypto::pss::PssParameters;
use crate::crypto::rsa::RsaPrivateKey;
use crate::crypto::signature::SignatureAlgorithm;
use crate::crypto::x25519::X25519PrivateKey;

/// How an RSA key signs that may be used for both (RFC 8017 section 8).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RsaScheme {
    /// RSASSA-PKCS1-v1_5, which every mail program reads.
    #[default]
    Pkcs1,
    /// RSASSA-PSS.
    Pss,
}

/// A private key. Cloning is cheap and copies no secret; the secret is cleared with the last clone.
#[derive(Clone)]
pub struct PrivateKey(Arc<PrivateKeyParts>);

struct PrivateKeyParts {
    public: PublicKey,
    material: PrivateMaterial,
}

pub(in crate::crypto) enum PrivateMaterial {
    Rsa(RsaPrivateKey),
    /// RSA for RSASSA-PSS alone, and the parameters that it is restricted to (RFC 4055 section 1.2).
    RsaPss(RsaPrivateKey, Option<PssParameters>),
    Ec(EcPrivateKey),
    Ed25519(Ed25519PrivateKey),
    X25519(X25519PrivateKey),
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
            KeyType::EcP224 => PrivateMaterial::Ec(EcPrivateKey::generate(Curve::P224)?),
            KeyType::EcP256 => PrivateMaterial::Ec(EcPrivateKey::generate(Curve::P256)?),
            KeyType::EcP384 => PrivateMaterial::Ec(EcPrivateKey::generate(Curve::P384)?),
            KeyType::EcP521 => PrivateMaterial::Ec(EcPrivateKey::generate(Curve::P521)?),
            KeyType::Ed25519 => PrivateMaterial::Ed25519(Ed25519PrivateKey::generate()?),
        })
    }

    /// Makes an RSA key of any length.
    #[cfg(test)]
    pub(crate) fn generate_rsa(bits: usize) -> PrivateKey {
        let key = RsaPrivateKey::generate_unchecked(bits).unwrap();
        PrivateKey::new(PrivateMaterial::Rsa(key)).unwrap()
    }

    pub(in crate::crypto) fn new(material: PrivateMaterial) -> Result<PrivateKey, KeyError> {
        let spki = match &material {
            PrivateMaterial::Rsa(key) => key.public_spki()?,
            PrivateMaterial::RsaPss(key, restriction) => {
                key.public_pss_spki(restriction.as_ref())?
            }
            PrivateMaterial::Ec(key) => key.public_spki()?,
            PrivateMaterial::Ed25519(key) => key.public_spki()?,
            PrivateMaterial::X25519(key) => key.public_spki()?,
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
            PrivateMaterial::RsaPss(key, restriction) => key.to_pss_pkcs8(restriction.as_ref()),
            PrivateMaterial::Ec(key) => key.to_pkcs8(),
            PrivateMaterial::Ed25519(key) => key.to_pkcs8(),
            PrivateMaterial::X25519(key) => key.to_pkcs8(),
        }
    }

    /// The public half.
    pub fn public_key(&self) -> &PublicKey {
        &self.0.public
    }

    pub(in crate::crypto) fn material(&self) -> &PrivateMaterial {
        &self.0.material
    }

    /// The algorithm to sign with: that of the key with the given digest, or else with SHA-256 for
    /// RSA and with the matching digest for a curve. Ed25519 has a digest of its own.
    pub fn signature_algorithm(&self, digest: Option<DigestAlgorithm>) -> SignatureAlgorithm {
        self.signature_algorithm_by(RsaScheme::default(), digest)
    }

    /// The same, where an RSA key that leaves it open signs by `scheme`.
    pub fn signature_algorithm_by(
        &self,
        scheme: RsaScheme,
        digest: Option<DigestAlgorithm>,
    ) -> SignatureAlgorithm {
        let or_sha256 = digest.unwrap_or(DigestAlgorithm::Sha256);
        match (&self.0.material, scheme) {
            (PrivateMaterial::Rsa(_), RsaScheme::Pkcs1) => SignatureAlgorithm::RsaPkcs1(or_sha256),
            (PrivateMaterial::Rsa(_), RsaScheme::Pss) | (PrivateMaterial::RsaPss(_, None), _) => {
                SignatureAlgorithm::RsaPss(PssParameters::of_digest(or_sha256))
            }
            (PrivateMaterial::RsaPss(_, Some(restriction)), _) => {
                SignatureAlgorithm::RsaPss(restriction.within(digest))
            }
            (PrivateMaterial::Ec(key), _) => {
                SignatureAlgorithm::Ecdsa(digest.unwrap_or(key.curve().digest()))
            }
            // X25519 signs by none, which shows when it is asked to.
            (PrivateMaterial::Ed25519(_) | PrivateMaterial::X25519(_), _) => {
                SignatureAlgorithm::Ed25519
            }
        }
    }

    /// Signs.
    ///
    /// # Errors
    /// The algorithm does not go with the key, the digest is of another length, or the modulus is
    /// too short for it. Ed25519 signs messages, not digests.
    pub fn sign(
        &self,
        algorithm: &SignatureAlgorithm,
        message: Signed<'_>,
    ) -> Result<Vec<u8>, KeyError> {
        if let (PrivateMaterial::Ed25519(key), SignatureAlgorithm::Ed25519) =
            (&self.0.material, algorithm)
        {
            return match message {
                Signed::Message(message) => Ok(key.sign(message)),
                Signed::Digest(_) => Err(KeyError::OperationFailed),
            };
        }
        let digest = message
            .digest(algorithm.digest())
            .ok_or(KeyError::OperationFailed)?;
        match (&self.0.material, algorithm) {
            (PrivateMaterial::Rsa(key), SignatureAlgorithm::RsaPkcs1(algorithm)) => {
                key.sign_pkcs1(*algorithm, &digest)
            }
            (PrivateMaterial::Rsa(key), SignatureAlgorithm::RsaPss(parameters)) => {
                key.sign_pss(parameters, &digest)
            }
            (PrivateMaterial::RsaPss(key, restriction), SignatureAlgorithm::RsaPss(parameters)) => {
                if restriction.is_some_and(|restriction| !restriction.permits(parameters)) {
                    return Err(KeyError::ParametersRestricted);
                }
                key.sign_pss(parameters, &digest)
            }
            (PrivateMaterial::Ec(key), SignatureAlgorithm::Ecdsa(algorithm)) => {
                Ok(key.sign(*algorithm, &digest))
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
        rfc5912::RSA_ENCRYPTION => PrivateMaterial::Rsa(RsaPrivateKey::decode(key)?),
        rfc5912::ID_RSASSA_PSS => PrivateMaterial::RsaPss(
            RsaPrivateKey::decode(key)?,
            PssParameters::decode_restriction(&algorithm)?,
        ),
        rfc8410::ID_X_25519 => PrivateMaterial::X25519(X25519PrivateKey::decode(key)?),
        rfc8410::ID_ED_25519 => PrivateMaterial::Ed25519(Ed25519PrivateKey::decode(key)?),
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

/// Writes a PrivateKeyInfo (RFC 5958) around the privateKey of an algorithm.
pub(in crate::crypto) fn private_key_info(
    algorithm: AlgorithmIdentifierRef<'_>,
    key: &[u8],
) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let failed = |_: der::Error| KeyError::OperationFailed;
    let key = OctetStringRef::new(key).map_err(failed)?;
    let info = PrivateKeyInfoRef::new(algorithm, key);
    let document = SecretDocument::encode_msg(&info).map_err(failed)?;
    Ok(document.to_bytes())
}
