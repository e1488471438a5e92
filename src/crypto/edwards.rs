//! Ed25519 keys and signatures: RFC 8032, 8410, 8419.
//!
//! Only the pure form is used in CMS and certificates. Keys of small order are refused: under such
//! a key one signature fits many messages.

use std::io::{self, Read};

use const_oid::db::rfc8410;
use der::Decode;
use der::asn1::{BitStringRef, OctetStringRef};
use ed25519_dalek::{Signature, SigningKey, VerifyingKey};
use spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};
use zeroize::Zeroizing;

use super::key::{KeyError, SignatureError};
use super::random;

const ALGORITHM: AlgorithmIdentifierRef<'_> = AlgorithmIdentifierRef {
    oid: rfc8410::ID_ED_25519,
    parameters: None,
};

/// A point of the curve, not of small order.
pub(super) struct Ed25519PublicKey(VerifyingKey);

impl Ed25519PublicKey {
    /// Reads the octets of a subjectPublicKey (RFC 8410 section 4).
    pub(super) fn decode(octets: &[u8]) -> Result<Ed25519PublicKey, KeyError> {
        let malformed = KeyError::Malformed("Ed25519 public key");
        let octets = octets.try_into().map_err(|_| malformed)?;
        match VerifyingKey::from_bytes(octets) {
            Ok(key) if !key.is_weak() => Ok(Ed25519PublicKey(key)),
            _ => Err(malformed),
        }
    }

    /// Verifies a signature over a message.
    pub(super) fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), SignatureError> {
        self.verify_reader(&mut &*message, signature)
            .unwrap_or(Err(SignatureError::Invalid))
    }

    /// Verifies a signature over what `message` gives until its end.
    pub(super) fn verify_reader(
        &self,
        message: &mut dyn Read,
        signature: &[u8],
    ) -> io::Result<Result<(), SignatureError>> {
        let verifier =
            Signature::from_slice(signature).and_then(|signature| self.0.verify_stream(&signature));
        let Ok(mut verifier) = verifier else {
            return Ok(Err(SignatureError::Invalid));
        };
        let mut buffer = vec![0; 64 << 10];
        loop {
            match message.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => verifier.update(&buffer[..read]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(verifier
            .finalize_and_verify()
            .map_err(|_| SignatureError::Invalid))
    }
}

/// A private key. The crate's type clears itself when dropped.
pub(super) struct Ed25519PrivateKey(SigningKey);

impl Ed25519PrivateKey {
    /// Makes a key.
    pub(super) fn generate() -> Result<Ed25519PrivateKey, KeyError> {
        let mut seed = Zeroizing::new([0; 32]);
        random::fill(&mut *seed).map_err(|_| KeyError::OperationFailed)?;
        Ok(Ed25519PrivateKey(SigningKey::from_bytes(&seed)))
    }

    /// Reads a CurvePrivateKey, the OCTET STRING inside the privateKey of PKCS #8 (RFC 8410
    /// section 7).
    pub(super) fn decode(der: &[u8]) -> Result<Ed25519PrivateKey, KeyError> {
        let malformed = KeyError::Malformed("Ed25519 private key");
        let octets = <&OctetStringRef>::from_der(der).map_err(|_| malformed)?;
        let seed = octets.as_bytes().try_into().map_err(|_| malformed)?;
        Ok(Ed25519PrivateKey(SigningKey::from_bytes(seed)))
    }

    /// Writes a PrivateKeyInfo of version 1: OpenSSL 3.0 does not read the public key of version 2.
    pub(super) fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let seed = Zeroizing::new(self.0.to_bytes());
        let mut inner = Zeroizing::new(vec![0x04, 32]);
        inner.extend_from_slice(&*seed);
        super::key::private_key_info(ALGORITHM, &inner)
    }

    /// The SubjectPublicKeyInfo of the public half.
    pub(super) fn public_spki(&self) -> Result<Vec<u8>, KeyError> {
        let public = self.0.verifying_key();
        let spki = SubjectPublicKeyInfoRef {
            algorithm: ALGORITHM,
            subject_public_key: BitStringRef::from_bytes(public.as_bytes())
                .map_err(|_| KeyError::OperationFailed)?,
        };
        der::Encode::to_der(&spki).map_err(|_| KeyError::OperationFailed)
    }

    /// Signs a message.
    pub(super) fn sign(&self, message: &[u8]) -> Vec<u8> {
        use ed25519_dalek::Signer;
        self.0.sign(message).to_bytes().to_vec()
    }
}
