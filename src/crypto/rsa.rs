//! RSA keys and their operations: RFC 8017, over the `rsa` crate.
//!
//! Sizes are not judged here, so that old signatures can still be told apart from forged ones; only
//! what would merely waste time is refused ([`limits::RSA_BITS`], public exponents beyond 2^33).
//! Every private operation is blinded.

use ::rsa::pkcs1::RsaPublicKeyRef;
use ::rsa::{BoxedUint, Pkcs1v15Encrypt, Pss};
use der::Decode;
use getrandom::SysRng;
use pkcs8::{EncodePrivateKey, EncodePublicKey};
use zeroize::Zeroizing;

use super::digest::{DigestAlgorithm, with_digest};
use super::key::{KeyError, SignatureError};
use crate::limits;

/// What the subjectPublicKey of an RSA key says.
#[derive(PartialEq)]
pub(super) struct RsaPublicKey {
    pub(super) bits: usize,
    /// Absent when the modulus or exponent is one that is not computed with.
    key: Option<::rsa::PublicKey>,
}

impl RsaPublicKey {
    /// Reads an RSAPublicKey (RFC 8017 appendix A.1.1).
    pub(super) fn decode(der: &[u8]) -> Result<RsaPublicKey, KeyError> {
        let parts =
            RsaPublicKeyRef::from_der(der).map_err(|_| KeyError::Malformed("RSA public key"))?;
        let modulus = parts.modulus.as_bytes();
        let bits = bit_length(modulus);
        let key = if bits <= limits::RSA_BITS {
            integer(modulus)
                .zip(integer(parts.public_exponent.as_bytes()))
                .and_then(|(n, e)| {
                    ::rsa::PublicKey::new_with_size_limits(n, e, 1..=limits::RSA_BITS).ok()
                })
        } else {
            None
        };
        Ok(RsaPublicKey { bits, key })
    }

    fn require_key(&self) -> Result<&::rsa::PublicKey, KeyError> {
        self.key
            .as_ref()
            .ok_or(KeyError::Malformed("RSA modulus or exponent"))
    }

    /// Verifies an RSASSA-PKCS1-v1_5 signature over a digest.
    pub(super) fn verify_pkcs1(
        &self,
        algorithm: DigestAlgorithm,
        digest: &[u8],
        signature: &[u8],
    ) -> Result<(), SignatureError> {
        let key = self.key.as_ref().ok_or(SignatureError::Unsupported)?;
        with_digest!(algorithm, D => key.pkcs1v15_verify_prehash::<D>(digest, signature))
            .map_err(|_| SignatureError::Invalid)
    }

    /// Verifies an RSASSA-PSS signature over a digest.
    pub(super) fn verify_pss(
        &self,
        algorithm: DigestAlgorithm,
        salt_length: usize,
        digest: &[u8],
        signature: &[u8],
    ) -> Result<(), SignatureError> {
        let key = self.key.as_ref().ok_or(SignatureError::Unsupported)?;
        with_digest!(algorithm, D => {
            key.verify(Pss::<D>::new_with_salt(salt_length), digest, signature)
        })
        .map_err(|_| SignatureError::Invalid)
    }

    /// Encrypts with RSAES-PKCS1-v1_5.
    pub(super) fn encrypt_pkcs1(&self, secret: &[u8]) -> Result<Vec<u8>, KeyError> {
        self.require_key()?
            .encrypt(&mut SysRng, Pkcs1v15Encrypt, secret)
            .map_err(operation)
    }

    /// Encrypts with RSAES-OAEP.
    pub(super) fn encrypt_oaep(
        &self,
        digest: DigestAlgorithm,
        mgf: DigestAlgorithm,
        label: &[u8],
        secret: &[u8],
    ) -> Result<Vec<u8>, KeyError> {
        let key = self.require_key()?;
        with_digest!(digest, D => with_digest!(mgf, M => key.encrypt(
            &mut SysRng,
            ::rsa::Oaep::<D, M>::new_with_mgf_hash_and_label(label),
            secret,
        )))
        .map_err(operation)
    }
}

/// An RSA private key. The crate's type clears itself when dropped.
pub(super) struct RsaPrivateKey(::rsa::PrivateKey);

impl RsaPrivateKey {
    /// Makes a key with public exponent 65537.
    pub(super) fn generate(bits: usize) -> Result<RsaPrivateKey, KeyError> {
        ::rsa::PrivateKey::new(&mut SysRng, bits)
            .map(RsaPrivateKey)
            .map_err(operation)
    }

    /// Reads an RSAPrivateKey (RFC 8017 appendix A.1.2).
    pub(super) fn decode(der: &[u8]) -> Result<RsaPrivateKey, KeyError> {
        let malformed = KeyError::Malformed("RSA private key");
        let parts = match ::rsa::pkcs1::RsaPrivateKeyRef::from_der(der) {
            Ok(parts) if bit_length(parts.modulus.as_bytes()) <= limits::RSA_BITS => parts,
            _ => return Err(malformed),
        };
        ::rsa::PrivateKey::try_from(parts)
            .map(RsaPrivateKey)
            .map_err(|_| malformed)
    }

    /// Writes a PrivateKeyInfo (RFC 5958).
    pub(super) fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        self.0
            .to_pkcs8_der()
            .map(|document| document.to_bytes())
            .map_err(|_| KeyError::OperationFailed)
    }

    /// The SubjectPublicKeyInfo of the public half.
    pub(super) fn public_spki(&self) -> Result<Vec<u8>, KeyError> {
        self.0
            .as_public_key()
            .to_public_key_der()
            .map(der::Document::into_vec)
            .map_err(|_| KeyError::OperationFailed)
    }

    /// Signs a digest with RSASSA-PKCS1-v1_5.
    pub(super) fn sign_pkcs1(
        &self,
        algorithm: DigestAlgorithm,
        digest: &[u8],
    ) -> Result<Vec<u8>, KeyError> {
        with_digest!(algorithm, D => {
            self.0.pkcs1v15_sign_prehash_with_rng::<D, _>(&mut SysRng, digest)
        })
        .map_err(operation)
    }

    /// Signs a digest with RSASSA-PSS.
    pub(super) fn sign_pss(
        &self,
        algorithm: DigestAlgorithm,
        salt_length: usize,
        digest: &[u8],
    ) -> Result<Vec<u8>, KeyError> {
        with_digest!(algorithm, D => {
            let scheme = Pss::<D>::new_with_salt(salt_length);
            self.0.sign_with_rng(&mut SysRng, scheme, digest)
        })
        .map_err(operation)
    }

    /// Decrypts RSAES-PKCS1-v1_5. What has no valid padding yields other octets of some length,
    /// always the same for the same input (implicit rejection): so success says nothing, and
    /// `None` comes only from the public facts that the input is not of the size of the modulus or
    /// not below it.
    pub(super) fn decrypt_pkcs1(&self, encrypted: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        self.0
            .pkcs1v15_decrypt_with_rng(&mut SysRng, encrypted)
            .ok()
            .map(Zeroizing::new)
    }

    /// Decrypts RSAES-OAEP.
    pub(super) fn decrypt_oaep(
        &self,
        digest: DigestAlgorithm,
        mgf: DigestAlgorithm,
        label: &[u8],
        encrypted: &[u8],
    ) -> Option<Zeroizing<Vec<u8>>> {
        with_digest!(digest, D => with_digest!(mgf, M => self.0.decrypt_blinded(
            &mut SysRng,
            ::rsa::Oaep::<D, M>::new_with_mgf_hash_and_label(label),
            encrypted,
        )))
        .ok()
        .map(Zeroizing::new)
    }
}

fn operation(error: ::rsa::Error) -> KeyError {
    match error {
        ::rsa::Error::MessageTooLong | ::rsa::Error::ModulusTooSmall => KeyError::KeyTooShort,
        _ => KeyError::OperationFailed,
    }
}

/// The number of bits of a big-endian integer.
fn bit_length(octets: &[u8]) -> usize {
    let zeros = octets.iter().take_while(|octet| **octet == 0).count();
    match octets.get(zeros) {
        Some(first) => (octets.len() - zeros) * 8 - first.leading_zeros() as usize,
        None => 0,
    }
}

fn integer(octets: &[u8]) -> Option<BoxedUint> {
    let bits = u32::try_from(octets.len() * 8).ok()?;
    BoxedUint::from_be_slice(octets, bits).ok()
}
