//! Elliptic curve keys and their operations: FIPS 186-5, SEC 1, RFC 5915 and 5480, over the crates
//! of the four NIST curves.
//!
//! Only named curves are known. Explicit curve parameters are refused: they let whoever chooses the
//! curve choose the key that a signature verifies under.

use std::ops::Add;

use const_oid::ObjectIdentifier;
use const_oid::db::rfc5912;
use der::asn1::{AnyRef, BitStringRef, OctetStringRef};
use der::{Decode, Sequence, Tag, Tagged};
use ecdsa::EcdsaCurve;
use ecdsa::der::{MaxOverhead, MaxSize};
use ecdsa::elliptic_curve::array::ArraySize;
use ecdsa::elliptic_curve::sec1::ToSec1Point;
use ecdsa::elliptic_curve::{
    self, CurveArithmetic, FieldBytes, FieldBytesSize, Generate, PublicKey, SecretKey,
};
use getrandom::SysRng;
use pkcs8::{EncodePrivateKey, EncodePublicKey};
use zeroize::Zeroizing;

use super::digest::{DigestAlgorithm, with_digest};
use super::key::{Curve, KeyError, SignatureError};

/// A point on one of the curves, never the point at infinity.
#[derive(PartialEq)]
pub(super) enum EcPublicKey {
    P224(PublicKey<p224::NistP224>),
    P256(PublicKey<p256::NistP256>),
    P384(PublicKey<p384::NistP384>),
    P521(PublicKey<p521::NistP521>),
}

/// A private scalar. The crate's type clears itself when dropped.
pub(super) enum EcPrivateKey {
    P224(SecretKey<p224::NistP224>),
    P256(SecretKey<p256::NistP256>),
    P384(SecretKey<p384::NistP384>),
    P521(SecretKey<p521::NistP521>),
}

/// Runs an expression with the key of whatever curve.
macro_rules! with_curve {
    ($kind:ident, $value:expr, $key:ident => $body:expr) => {
        match $value {
            $kind::P224($key) => $body,
            $kind::P256($key) => $body,
            $kind::P384($key) => $body,
            $kind::P521($key) => $body,
        }
    };
}

impl EcPublicKey {
    /// Reads a point, compressed or not, and checks that it lies on the curve.
    pub(super) fn decode(curve: Curve, point: &[u8]) -> Result<EcPublicKey, KeyError> {
        let malformed = |_| KeyError::Malformed("elliptic curve point");
        match curve {
            Curve::P224 => PublicKey::from_sec1_bytes(point).map(EcPublicKey::P224),
            Curve::P256 => PublicKey::from_sec1_bytes(point).map(EcPublicKey::P256),
            Curve::P384 => PublicKey::from_sec1_bytes(point).map(EcPublicKey::P384),
            Curve::P521 => PublicKey::from_sec1_bytes(point).map(EcPublicKey::P521),
        }
        .map_err(malformed)
    }

    /// The curve.
    pub(super) fn curve(&self) -> Curve {
        match self {
            EcPublicKey::P224(_) => Curve::P224,
            EcPublicKey::P256(_) => Curve::P256,
            EcPublicKey::P384(_) => Curve::P384,
            EcPublicKey::P521(_) => Curve::P521,
        }
    }

    /// The point, uncompressed.
    pub(super) fn point(&self) -> Vec<u8> {
        with_curve!(EcPublicKey, self, key => key.to_sec1_point(false).as_bytes().to_vec())
    }

    /// Verifies a DER-encoded ECDSA signature over a digest of any length.
    pub(super) fn verify(&self, digest: &[u8], signature: &[u8]) -> Result<(), SignatureError> {
        with_curve!(EcPublicKey, self, key => verify(key, digest, signature))
    }
}

impl EcPrivateKey {
    /// Makes a key.
    pub(super) fn generate(curve: Curve) -> Result<EcPrivateKey, KeyError> {
        let rng = &mut SysRng;
        match curve {
            Curve::P224 => SecretKey::try_generate_from_rng(rng).map(EcPrivateKey::P224),
            Curve::P256 => SecretKey::try_generate_from_rng(rng).map(EcPrivateKey::P256),
            Curve::P384 => SecretKey::try_generate_from_rng(rng).map(EcPrivateKey::P384),
            Curve::P521 => SecretKey::try_generate_from_rng(rng).map(EcPrivateKey::P521),
        }
        .map_err(|_| KeyError::OperationFailed)
    }

    /// Reads an ECPrivateKey. The curve comes from inside, or else from `outer`, the parameters of
    /// the PKCS #8 structure around it.
    pub(super) fn decode(der: &[u8], outer: Option<Curve>) -> Result<EcPrivateKey, KeyError> {
        let malformed = KeyError::Malformed("elliptic curve private key");
        let Ok(parts) = EcPrivateKeyParts::from_der(der) else {
            return Err(malformed);
        };
        let inner = match parts.parameters {
            Some(parameters) => Some(named_curve(parameters)?),
            None => None,
        };
        let curve = match (inner, outer) {
            (Some(inner), Some(outer)) if inner != outer => return Err(malformed),
            (Some(curve), _) | (None, Some(curve)) => curve,
            (None, None) => return Err(malformed),
        };
        let scalar = parts.private_key.as_bytes();
        match curve {
            Curve::P224 => secret(scalar).map(EcPrivateKey::P224),
            Curve::P256 => secret(scalar).map(EcPrivateKey::P256),
            Curve::P384 => secret(scalar).map(EcPrivateKey::P384),
            Curve::P521 => secret(scalar).map(EcPrivateKey::P521),
        }
        .ok_or(malformed)
    }

    /// The curve.
    pub(super) fn curve(&self) -> Curve {
        match self {
            EcPrivateKey::P224(_) => Curve::P224,
            EcPrivateKey::P256(_) => Curve::P256,
            EcPrivateKey::P384(_) => Curve::P384,
            EcPrivateKey::P521(_) => Curve::P521,
        }
    }

    /// Writes a PrivateKeyInfo (RFC 5958).
    pub(super) fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        with_curve!(EcPrivateKey, self, key => key.to_pkcs8_der())
            .map(|document| document.to_bytes())
            .map_err(|_| KeyError::OperationFailed)
    }

    /// The SubjectPublicKeyInfo of the public half, the point uncompressed.
    pub(super) fn public_spki(&self) -> Result<Vec<u8>, KeyError> {
        with_curve!(EcPrivateKey, self, key => key.public_key().to_public_key_der())
            .map(der::Document::into_vec)
            .map_err(|_| KeyError::OperationFailed)
    }

    /// The public point, uncompressed.
    pub(super) fn public_point(&self) -> Vec<u8> {
        with_curve!(EcPrivateKey, self, key => {
            key.public_key().to_sec1_point(false).as_bytes().to_vec()
        })
    }

    /// Signs a digest, deterministically (RFC 6979), so that a weak random number generator
    /// cannot give the key away.
    pub(super) fn sign(&self, algorithm: DigestAlgorithm, digest: &[u8]) -> Vec<u8> {
        with_curve!(EcPrivateKey, self, key => sign(key, algorithm, digest))
    }

    /// The shared secret with a point of the other side: the x coordinate (SEC 1 section 3.3.1).
    /// The cofactor of these curves is 1, so this is both the standard and the cofactor form.
    /// `None` when the point is not on the curve.
    pub(super) fn shared_secret(&self, point: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let shared = match self {
            EcPrivateKey::P224(key) => x_of_product(key, PublicKey::from_sec1_bytes(point).ok()?),
            EcPrivateKey::P256(key) => x_of_product(key, PublicKey::from_sec1_bytes(point).ok()?),
            EcPrivateKey::P384(key) => x_of_product(key, PublicKey::from_sec1_bytes(point).ok()?),
            EcPrivateKey::P521(key) => x_of_product(key, PublicKey::from_sec1_bytes(point).ok()?),
        };
        Some(shared)
    }
}

/// ```text
/// ECPrivateKey ::= SEQUENCE {
///     version        INTEGER { ecPrivkeyVer1(1) },
///     privateKey     OCTET STRING,
///     parameters [0] ECParameters OPTIONAL,
///     publicKey  [1] BIT STRING OPTIONAL }
/// ```
///
/// RFC 5915 section 3.
#[derive(Sequence)]
struct EcPrivateKeyParts<'a> {
    version: u8,
    private_key: &'a OctetStringRef,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    parameters: Option<AnyRef<'a>>,
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT", optional = "true")]
    public_key: Option<BitStringRef<'a>>,
}

/// Reads ECParameters, which must name a curve that is known here (RFC 5480 section 2.1.1). Of an
/// explicit curve only the name of the algorithm is told.
pub(super) fn named_curve(parameters: AnyRef<'_>) -> Result<Curve, KeyError> {
    if parameters.tag() == Tag::Sequence {
        return Err(KeyError::Unsupported(rfc5912::ID_EC_PUBLIC_KEY));
    }
    let oid = parameters
        .decode_as::<ObjectIdentifier>()
        .map_err(|_: der::Error| KeyError::Malformed("elliptic curve parameters"))?;
    Curve::from_oid(&oid).ok_or(KeyError::Unsupported(oid))
}

/// Reads a scalar. Some programs leave out leading zeros and some write one too many.
fn secret<C: elliptic_curve::Curve>(scalar: &[u8]) -> Option<SecretKey<C>> {
    let mut padded = Zeroizing::new(FieldBytes::<C>::default());
    let start = scalar.iter().position(|octet| *octet != 0)?;
    let digits = &scalar[start..];
    let offset = padded.len().checked_sub(digits.len())?;
    padded[offset..].copy_from_slice(digits);
    SecretKey::from_bytes(&padded).ok()
}

fn x_of_product<C: CurveArithmetic>(key: &SecretKey<C>, point: PublicKey<C>) -> Zeroizing<Vec<u8>> {
    let scalar = Zeroizing::new(key.to_nonzero_scalar());
    let shared = elliptic_curve::ecdh::diffie_hellman(*scalar, point.as_affine());
    Zeroizing::new(shared.raw_secret_bytes().to_vec())
}

fn sign<C>(key: &SecretKey<C>, algorithm: DigestAlgorithm, digest: &[u8]) -> Vec<u8>
where
    C: EcdsaCurve + CurveArithmetic,
    MaxSize<C>: ArraySize,
    <FieldBytesSize<C> as Add>::Output: Add<MaxOverhead> + ArraySize,
{
    let scalar = Zeroizing::new(key.to_nonzero_scalar());
    let (signature, _) = with_digest!(algorithm, D => {
        ecdsa::hazmat::sign_prehashed_rfc6979::<C, D>(&scalar, digest, &[])
    });
    signature.to_der().as_bytes().to_vec()
}

fn verify<C>(key: &PublicKey<C>, digest: &[u8], signature: &[u8]) -> Result<(), SignatureError>
where
    C: EcdsaCurve + CurveArithmetic,
    MaxSize<C>: ArraySize,
    <FieldBytesSize<C> as Add>::Output: Add<MaxOverhead> + ArraySize,
{
    ecdsa::Signature::<C>::from_der(signature)
        .and_then(|signature| {
            ecdsa::hazmat::verify_prehashed(&key.to_projective(), digest, &signature)
        })
        .map_err(|_| SignatureError::Invalid)
}
