//! X25519 keys and their shared secrets: RFC 7748, 8410.

use const_oid::db::rfc8410;
use der::asn1::{BitStringRef, OctetStringRef};
use der::{Decode, Encode};
use spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

use super::key::{KeyError, private_key_info};
use super::random;

const ALGORITHM: AlgorithmIdentifierRef<'_> = AlgorithmIdentifierRef {
    oid: rfc8410::ID_X_25519,
    parameters: None,
};

/// The u coordinate of a point. Any is one, so what is wrong with it shows in the shared secret.
pub(super) struct X25519PublicKey([u8; 32]);

impl X25519PublicKey {
    /// Reads the octets of a subjectPublicKey (RFC 8410 section 4).
    pub(super) fn decode(octets: &[u8]) -> Result<X25519PublicKey, KeyError> {
        let malformed = |_| KeyError::Malformed("X25519 public key");
        octets.try_into().map(X25519PublicKey).map_err(malformed)
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// A private key. The crate's type clears itself when dropped.
pub(super) struct X25519PrivateKey(StaticSecret);

impl X25519PrivateKey {
    /// Makes a key.
    pub(super) fn generate() -> Result<X25519PrivateKey, KeyError> {
        let mut scalar = Zeroizing::new([0; 32]);
        random::fill(&mut *scalar).map_err(|_| KeyError::OperationFailed)?;
        Ok(X25519PrivateKey(StaticSecret::from(*scalar)))
    }

    /// Reads a CurvePrivateKey, the OCTET STRING inside the privateKey of PKCS #8 (RFC 8410
    /// section 7).
    pub(super) fn decode(der: &[u8]) -> Result<X25519PrivateKey, KeyError> {
        let malformed = KeyError::Malformed("X25519 private key");
        let octets = <&OctetStringRef>::from_der(der).map_err(|_| malformed)?;
        let scalar: [u8; 32] = octets.as_bytes().try_into().map_err(|_| malformed)?;
        Ok(X25519PrivateKey(StaticSecret::from(scalar)))
    }

    /// Writes a PrivateKeyInfo of version 1: OpenSSL 3.0 does not read the public key of version 2.
    pub(super) fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let mut inner = Zeroizing::new(vec![0x04, 32]);
        inner.extend_from_slice(self.0.as_bytes());
        private_key_info(ALGORITHM, &inner)
    }

    /// The SubjectPublicKeyInfo of the public half.
    pub(super) fn public_spki(&self) -> Result<Vec<u8>, KeyError> {
        let public = self.public_point();
        let bits = BitStringRef::from_bytes(&public).map_err(|_| KeyError::OperationFailed)?;
        let spki = SubjectPublicKeyInfoRef {
            algorithm: ALGORITHM,
            subject_public_key: bits,
        };
        spki.to_der().map_err(|_| KeyError::OperationFailed)
    }

    /// The public key.
    pub(super) fn public_point(&self) -> Vec<u8> {
        PublicKey::from(&self.0).as_bytes().to_vec()
    }

    /// The shared secret with a public key of the other side. `None` when that has another length, or
    /// is of small order and leads to nothing but zeros (RFC 7748 section 6.1).
    pub(super) fn shared_secret(&self, public: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let public: [u8; 32] = public.try_into().ok()?;
        let shared = self.0.diffie_hellman(&PublicKey::from(public));
        shared
            .was_contributory()
            .then(|| Zeroizing::new(shared.as_bytes().to_vec()))
    }
}
