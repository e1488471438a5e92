//! Which keys there are: the kinds that are generated, the curves, and what a public key says it is.

use std::fmt;

use const_oid::ObjectIdentifier;
use const_oid::db::rfc5912;

use crate::asn1::oid;
use crate::crypto::digest::DigestAlgorithm;

/// The kinds of key that can be generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyType {
    /// RSA with 2048 bits.
    Rsa2048,
    /// RSA with 3072 bits.
    Rsa3072,
    /// RSA with 4096 bits.
    Rsa4096,
    /// NIST P-224.
    EcP224,
    /// NIST P-256.
    EcP256,
    /// NIST P-384.
    EcP384,
    /// NIST P-521.
    EcP521,
    /// Ed25519, which signs and cannot be encrypted to.
    Ed25519,
}

impl KeyType {
    /// Every kind that is offered.
    pub const ALL: [KeyType; 8] = [
        KeyType::Rsa2048,
        KeyType::Rsa3072,
        KeyType::Rsa4096,
        KeyType::EcP224,
        KeyType::EcP256,
        KeyType::EcP384,
        KeyType::EcP521,
        KeyType::Ed25519,
    ];

    /// The name that options use, such as `rsa-3072`.
    pub fn name(self) -> &'static str {
        match self {
            KeyType::Rsa2048 => "rsa-2048",
            KeyType::Rsa3072 => "rsa-3072",
            KeyType::Rsa4096 => "rsa-4096",
            KeyType::EcP224 => "ec-p224",
            KeyType::EcP256 => "ec-p256",
            KeyType::EcP384 => "ec-p384",
            KeyType::EcP521 => "ec-p521",
            KeyType::Ed25519 => "ed25519",
        }
    }

    /// What its public key is.
    pub fn kind(self) -> KeyKind {
        match self {
            KeyType::Rsa2048 => KeyKind::Rsa { bits: 2048 },
            KeyType::Rsa3072 => KeyKind::Rsa { bits: 3072 },
            KeyType::Rsa4096 => KeyKind::Rsa { bits: 4096 },
            KeyType::EcP224 => KeyKind::Ec(Curve::P224),
            KeyType::EcP256 => KeyKind::Ec(Curve::P256),
            KeyType::EcP384 => KeyKind::Ec(Curve::P384),
            KeyType::EcP521 => KeyKind::Ec(Curve::P521),
            KeyType::Ed25519 => KeyKind::Ed25519,
        }
    }

    /// Finds the kind with that name.
    pub fn from_name(name: &str) -> Option<KeyType> {
        KeyType::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// A named elliptic curve (RFC 5480 section 2.1.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Curve {
    /// NIST P-224, secp224r1.
    P224,
    /// NIST P-256, secp256r1.
    P256,
    /// NIST P-384, secp384r1.
    P384,
    /// NIST P-521, secp521r1.
    P521,
}

impl Curve {
    /// Every curve.
    pub const ALL: [Curve; 4] = [Curve::P224, Curve::P256, Curve::P384, Curve::P521];

    /// The length of its order in bits.
    pub fn bits(self) -> usize {
        match self {
            Curve::P224 => 224,
            Curve::P256 => 256,
            Curve::P384 => 384,
            Curve::P521 => 521,
        }
    }

    /// The digest of matching strength, which we sign with.
    pub fn digest(self) -> DigestAlgorithm {
        match self {
            Curve::P224 => DigestAlgorithm::Sha224,
            Curve::P256 => DigestAlgorithm::Sha256,
            Curve::P384 => DigestAlgorithm::Sha384,
            Curve::P521 => DigestAlgorithm::Sha512,
        }
    }

    /// The object identifier.
    pub fn oid(self) -> ObjectIdentifier {
        match self {
            Curve::P224 => rfc5912::SECP_224_R_1,
            Curve::P256 => rfc5912::SECP_256_R_1,
            Curve::P384 => rfc5912::SECP_384_R_1,
            Curve::P521 => rfc5912::SECP_521_R_1,
        }
    }

    /// Finds the curve with that object identifier.
    pub fn from_oid(oid: &ObjectIdentifier) -> Option<Curve> {
        Curve::ALL.into_iter().find(|curve| curve.oid() == *oid)
    }
}

/// What a public key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// RSA.
    Rsa {
        /// The length of the modulus.
        bits: usize,
    },
    /// RSA for RSASSA-PSS alone (RFC 4055 section 1.2).
    RsaPss {
        /// The length of the modulus.
        bits: usize,
    },
    /// A named elliptic curve.
    Ec(Curve),
    /// Ed25519.
    Ed25519,
    /// X25519.
    X25519,
    /// DSA.
    Dsa {
        /// The length of the prime modulus; 0 when it is left to the issuer's key.
        bits: usize,
    },
    /// Another algorithm, or another curve, with this object identifier.
    Unknown(ObjectIdentifier),
}

impl KeyKind {
    /// Whether there are signatures by such a key; of an unknown one that is not known.
    pub fn can_sign(self) -> bool {
        self != KeyKind::X25519
    }

    /// Whether something can be encrypted to such a key; of an unknown one that is not known.
    pub fn can_be_encrypted_to(self) -> bool {
        !matches!(
            self,
            KeyKind::RsaPss { .. } | KeyKind::Ed25519 | KeyKind::Dsa { .. }
        )
    }
}

impl fmt::Display for KeyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeyKind::Rsa { bits } => write!(f, "rsa-{bits}"),
            KeyKind::RsaPss { bits } => write!(f, "rsa-pss-{bits}"),
            KeyKind::Ec(curve) => write!(f, "ec-p{}", curve.bits()),
            KeyKind::Ed25519 => f.write_str("ed25519"),
            KeyKind::X25519 => f.write_str("x25519"),
            KeyKind::Dsa { bits: 0 } => f.write_str("dsa"),
            KeyKind::Dsa { bits } => write!(f, "dsa-{bits}"),
            KeyKind::Unknown(oid) => f.write_str(&oid::describe(oid)),
        }
    }
}
