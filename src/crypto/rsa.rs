//! RSA keys and their operations: RFC 8017, over the `rsa` crate.
//!
//! Sizes are not judged here, so that old signatures can still be told apart from forged ones; only
//! what would merely waste time is refused ([`limits::RSA_BITS`], public exponents beyond 2^33).
//! Every private operation is blinded.

use ::rsa::pkcs1::{EncodeRsaPrivateKey, RsaPublicKeyRef};
use ::rsa::traits::PublicKeyParts;
use ::rsa::{BoxedUint, Pkcs1v15Encrypt, Pss};
use const_oid::db::rfc5912;
use der::referenced::OwnedToRef;
use der::{Decode, Encode};
use getrandom::SysRng;
use pkcs8::{EncodePrivateKey, EncodePublicKey};
use spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoRef};
use zeroize::Zeroizing;

use super::bit_length;
use super::digest::{DigestAlgorithm, with_digest};
use super::key::{KeyError, SignatureError, private_key_info};
use super::pss::PssParameters;
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
        parameters: &PssParameters,
        digest: &[u8],
        signature: &[u8],
    ) -> Result<(), SignatureError> {
        let key = self.key.as_ref().ok_or(SignatureError::Unsupported)?;
        if parameters.mgf != parameters.digest {
            let encoded = self.encoded_message(key, signature);
            let fits = |encoded: Vec<u8>| parameters.verify_encoded(&encoded, self.bits, digest);
            return match encoded.is_some_and(fits) {
                true => Ok(()),
                false => Err(SignatureError::Invalid),
            };
        }
        with_digest!(parameters.digest, D => {
            let scheme = Pss::<D>::new_with_salt(parameters.salt_length);
            key.verify(scheme, digest, signature)
        })
        .map_err(|_| SignatureError::Invalid)
    }

    /// RSAVP1 (RFC 8017 section 5.2.2): what was encoded before it was signed, as long as the
    /// modulus.
    fn encoded_message(&self, key: &::rsa::PublicKey, signature: &[u8]) -> Option<Vec<u8>> {
        let size = self.bits.div_ceil(8);
        if signature.len() != size {
            return None;
        }
        let signature = BoxedUint::from_be_slice(signature, key.n_bits_precision()).ok()?;
        let message = ::rsa::hazmat::rsa_encrypt(key, &signature).ok()?;
        let octets = message.to_be_bytes();
        let start = octets.len().checked_sub(size)?;
        Some(octets[start..].to_vec())
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

    /// The same, of a length that nobody should use.
    #[cfg(test)]
    pub(super) fn generate_unchecked(bits: usize) -> Result<RsaPrivateKey, KeyError> {
        ::rsa::PrivateKey::new_unchecked(&mut SysRng, bits)
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

    /// Writes a PrivateKeyInfo for RSASSA-PSS alone, restricted or not.
    pub(super) fn to_pss_pkcs8(
        &self,
        restriction: Option<&PssParameters>,
    ) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let failed = KeyError::OperationFailed;
        let key = self.0.to_pkcs1_der().map_err(|_| failed)?;
        let algorithm = pss_identifier(restriction)?;
        private_key_info(algorithm.owned_to_ref(), key.as_bytes())
    }

    /// The SubjectPublicKeyInfo of the public half, likewise.
    pub(super) fn public_pss_spki(
        &self,
        restriction: Option<&PssParameters>,
    ) -> Result<Vec<u8>, KeyError> {
        let failed = |_: der::Error| KeyError::OperationFailed;
        let spki = self.public_spki()?;
        let mut spki = SubjectPublicKeyInfoRef::from_der(&spki).map_err(failed)?;
        let algorithm = pss_identifier(restriction)?;
        spki.algorithm = algorithm.owned_to_ref();
        spki.to_der().map_err(failed)
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

    /// Signs a digest with RSASSA-PSS. Two different digests are verified only.
    pub(super) fn sign_pss(
        &self,
        parameters: &PssParameters,
        digest: &[u8],
    ) -> Result<Vec<u8>, KeyError> {
        if parameters.mgf != parameters.digest {
            return Err(KeyError::Unsupported(rfc5912::ID_MGF_1));
        }
        let room = (self.0.as_public_key().n().bit_width() as usize)
            .saturating_sub(1)
            .div_ceil(8);
        let needed = parameters.salt_length.saturating_add(digest.len() + 2);
        if room < needed {
            return Err(KeyError::KeyTooShort);
        }
        with_digest!(parameters.digest, D => {
            let scheme = Pss::<D>::new_with_salt(parameters.salt_length);
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

/// The AlgorithmIdentifier of a key for RSASSA-PSS alone.
fn pss_identifier(
    restriction: Option<&PssParameters>,
) -> Result<AlgorithmIdentifierOwned, KeyError> {
    let parameters = restriction.map(|restriction| restriction.to_any());
    Ok(AlgorithmIdentifierOwned {
        oid: rfc5912::ID_RSASSA_PSS,
        parameters: parameters
            .transpose()
            .map_err(|error| KeyError::Unsupported(error.oid))?,
    })
}

fn operation(error: ::rsa::Error) -> KeyError {
    match error {
        ::rsa::Error::MessageTooLong | ::rsa::Error::ModulusTooSmall => KeyError::KeyTooShort,
        _ => KeyError::OperationFailed,
    }
}

fn integer(octets: &[u8]) -> Option<BoxedUint> {
    let bits = u32::try_from(octets.len() * 8).ok()?;
    BoxedUint::from_be_slice(octets, bits).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_modulus_that_is_too_long_is_not_computed_with() {
        let decode = |bits: usize| {
            let mut modulus = vec![0xff; bits.div_ceil(8)];
            modulus[0] >>= modulus.len() * 8 - bits;
            let key = der::asn1::UintRef::new(&modulus).unwrap();
            let exponent = der::asn1::UintRef::new(&[1, 0, 1]).unwrap();
            let der = RsaPublicKeyRef {
                modulus: key,
                public_exponent: exponent,
            };
            let key = RsaPublicKey::decode(&der::Encode::to_der(&der).unwrap()).unwrap();
            (key.bits, key.require_key().is_ok())
        };
        let most = limits::RSA_BITS;
        assert_eq!(decode(most), (most, true));
        assert_eq!(decode(most + 1), (most + 1, false));
    }

    /// With one digest, what is composed here and what the crate does have to agree.
    #[test]
    fn pss_with_two_digests_is_checked_octet_by_octet() {
        let private = RsaPrivateKey::generate(1033).unwrap();
        let spki = private.public_spki().unwrap();
        let spki = SubjectPublicKeyInfoRef::from_der(&spki).unwrap();
        let public = RsaPublicKey::decode(spki.subject_public_key.as_bytes().unwrap()).unwrap();
        let key = public.key.as_ref().unwrap();
        for (digest, salt_length) in [
            (DigestAlgorithm::Sha1, 0),
            (DigestAlgorithm::Sha256, 32),
            (DigestAlgorithm::Sha384, 79),
        ] {
            let parameters = PssParameters {
                salt_length,
                ..PssParameters::of_digest(digest)
            };
            let hash = digest.digest(b"text");
            let signature = private.sign_pss(&parameters, &hash).unwrap();
            let mut encoded = public.encoded_message(key, &signature).unwrap();
            assert!(parameters.verify_encoded(&encoded, public.bits, &hash));
            assert!(!parameters.verify_encoded(&encoded, public.bits, &digest.digest(b"test")));
            assert!(!parameters.verify_encoded(&encoded[2..], public.bits, &hash));
            assert!(!parameters.verify_encoded(&[], public.bits, &hash));
            for salt_length in [salt_length + 1, salt_length.wrapping_sub(1)] {
                let other = PssParameters {
                    salt_length: salt_length.min(1000),
                    ..parameters
                };
                assert!(!other.verify_encoded(&encoded, public.bits, &hash));
            }
            for mgf in [DigestAlgorithm::Sha224, DigestAlgorithm::Sha512] {
                let other = PssParameters { mgf, ..parameters };
                assert!(!other.verify_encoded(&encoded, public.bits, &hash));
            }
            for at in 0..encoded.len() * 8 {
                encoded[at / 8] ^= 1 << (at % 8);
                assert!(!parameters.verify_encoded(&encoded, public.bits, &hash));
                encoded[at / 8] ^= 1 << (at % 8);
            }
        }
    }
}
