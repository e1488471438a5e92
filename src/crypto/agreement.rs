//! Key agreement: the content-encryption key wrapped under a key that is agreed with a key of an
//! elliptic curve (RFC 5753), by the derivation of ANSI X9.63 or by HKDF (RFC 8418).

use const_oid::ObjectIdentifier;
use const_oid::db::{rfc5753, rfc5912, rfc8410};
use der::asn1::{Any, OctetString};
use der::{Encode, Sequence};
use hkdf::Hkdf;
use spki::AlgorithmIdentifierOwned;
use zeroize::Zeroizing;

use super::UnsupportedAlgorithm;
use super::digest::{DigestAlgorithm, with_digest};
use super::elliptic_curve::EcPrivateKey;
use super::key::{KeyError, PrivateKey, PrivateMaterial, PublicKey, PublicMaterial};
use super::key_wrap::KeyWrap;
use super::random::{self, RandomError};
use super::x25519::X25519PrivateKey;
use crate::asn1::oid;

/// Whether the cofactor of the curve enters the shared secret. That of the NIST curves is 1, so
/// the two differ in name only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// dhSinglePass-stdDH.
    Standard,
    /// dhSinglePass-cofactorDH.
    Cofactor,
}

/// How the key-encryption key comes of the shared secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyDerivation {
    /// The derivation of ANSI X9.63 (RFC 5753 section 7.2), with this digest.
    X963(DigestAlgorithm),
    /// HKDF (RFC 8418 section 2.2), with this digest.
    Hkdf(DigestAlgorithm),
}

/// A key agreement algorithm with its parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyAgreement {
    /// Standard or cofactor Diffie-Hellman.
    pub scheme: Scheme,
    /// The key derivation.
    pub kdf: KeyDerivation,
    /// The key wrap.
    pub wrap: KeyWrap,
    /// The wrap's AlgorithmIdentifier as received: it enters the derivation octet by octet, and
    /// some programs give it NULL parameters where RFC 3565 wants none.
    wrap_identifier: AlgorithmIdentifierOwned,
}

/// A wrapped key and the ephemeral public key that it was agreed with.
#[derive(Clone, Debug)]
pub struct WrappedKey {
    /// The algorithm of an OriginatorPublicKey.
    pub originator_algorithm: AlgorithmIdentifierOwned,
    /// The originator's public point, uncompressed: the publicKey of an OriginatorPublicKey.
    pub originator_point: Vec<u8>,
    /// The encryptedKey of the recipient.
    pub encrypted_key: Vec<u8>,
}

/// ```text
/// ECC-CMS-SharedInfo ::= SEQUENCE {
///     keyInfo         AlgorithmIdentifier,
///     entityUInfo [0] EXPLICIT OCTET STRING OPTIONAL,
///     suppPubInfo [2] EXPLICIT OCTET STRING }
/// ```
///
/// RFC 5753 section 7.2.
#[derive(Sequence)]
struct SharedInfo {
    key_info: AlgorithmIdentifierOwned,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    entity_u_info: Option<OctetString>,
    #[asn1(context_specific = "2", tag_mode = "EXPLICIT")]
    supp_pub_info: OctetString,
}

/// Every scheme with its identifier (RFC 5753 section 7.1.4, RFC 8418 section 2).
const SCHEMES: [(ObjectIdentifier, Scheme, KeyDerivation); 13] = {
    use DigestAlgorithm::{Sha1, Sha224, Sha256, Sha384, Sha512};
    use KeyDerivation::{Hkdf, X963};
    use Scheme::{Cofactor, Standard};
    use rfc5753::*;
    [
        (DH_SINGLE_PASS_STD_DH_SHA_1_KDF_SCHEME, Standard, X963(Sha1)),
        (
            DH_SINGLE_PASS_STD_DH_SHA_224_KDF_SCHEME,
            Standard,
            X963(Sha224),
        ),
        (
            DH_SINGLE_PASS_STD_DH_SHA_256_KDF_SCHEME,
            Standard,
            X963(Sha256),
        ),
        (
            DH_SINGLE_PASS_STD_DH_SHA_384_KDF_SCHEME,
            Standard,
            X963(Sha384),
        ),
        (
            DH_SINGLE_PASS_STD_DH_SHA_512_KDF_SCHEME,
            Standard,
            X963(Sha512),
        ),
        (
            DH_SINGLE_PASS_COFACTOR_DH_SHA_1_KDF_SCHEME,
            Cofactor,
            X963(Sha1),
        ),
        (
            DH_SINGLE_PASS_COFACTOR_DH_SHA_224_KDF_SCHEME,
            Cofactor,
            X963(Sha224),
        ),
        (
            DH_SINGLE_PASS_COFACTOR_DH_SHA_256_KDF_SCHEME,
            Cofactor,
            X963(Sha256),
        ),
        (
            DH_SINGLE_PASS_COFACTOR_DH_SHA_384_KDF_SCHEME,
            Cofactor,
            X963(Sha384),
        ),
        (
            DH_SINGLE_PASS_COFACTOR_DH_SHA_512_KDF_SCHEME,
            Cofactor,
            X963(Sha512),
        ),
        (oid::ECDH_HKDF_SHA256, Standard, Hkdf(Sha256)),
        (oid::ECDH_HKDF_SHA384, Standard, Hkdf(Sha384)),
        (oid::ECDH_HKDF_SHA512, Standard, Hkdf(Sha512)),
    ]
};

impl KeyAgreement {
    /// Standard Diffie-Hellman by a derivation and wrap.
    pub fn standard(kdf: KeyDerivation, wrap: KeyWrap) -> KeyAgreement {
        KeyAgreement {
            scheme: Scheme::Standard,
            kdf,
            wrap,
            wrap_identifier: AlgorithmIdentifierOwned {
                oid: wrap.oid(),
                parameters: None,
            },
        }
    }

    /// The algorithm that we write to wrap a content-encryption key of so many octets:
    /// dhSinglePass-stdDH-sha256kdf for any curve, and the one with HKDF for X25519 (behavior
    /// rule 14).
    pub fn for_recipient(recipient: &PublicKey, octets: usize) -> KeyAgreement {
        let digest = DigestAlgorithm::Sha256;
        let kdf = match recipient.material() {
            PublicMaterial::X25519(_) => KeyDerivation::Hkdf(digest),
            _ => KeyDerivation::X963(digest),
        };
        KeyAgreement::standard(kdf, KeyWrap::for_key_length(octets))
    }

    /// Reads a keyEncryptionAlgorithm.
    ///
    /// # Errors
    /// The scheme or the key wrap is not known here.
    pub fn decode(
        identifier: &AlgorithmIdentifierOwned,
    ) -> Result<KeyAgreement, UnsupportedAlgorithm> {
        let (_, scheme, kdf) = SCHEMES
            .into_iter()
            .find(|(oid, ..)| *oid == identifier.oid)
            .ok_or_else(|| UnsupportedAlgorithm::unknown(identifier.oid))?;
        let wrap_identifier = identifier
            .parameters
            .as_ref()
            .and_then(|any| any.decode_as::<AlgorithmIdentifierOwned>().ok())
            .ok_or_else(|| UnsupportedAlgorithm::malformed(identifier.oid))?;
        let wrap = KeyWrap::from_oid(&wrap_identifier.oid)
            .ok_or_else(|| UnsupportedAlgorithm::unknown(wrap_identifier.oid))?;
        Ok(KeyAgreement {
            scheme,
            kdf,
            wrap,
            wrap_identifier,
        })
    }

    /// The keyEncryptionAlgorithm.
    ///
    /// # Errors
    /// No identifier is assigned to the scheme with that derivation.
    pub fn algorithm_identifier(&self) -> Result<AlgorithmIdentifierOwned, UnsupportedAlgorithm> {
        let oid = self.scheme_oid()?;
        let wrap = Any::encode_from(&self.wrap_identifier)
            .map_err(|_| UnsupportedAlgorithm::malformed(oid))?;
        Ok(AlgorithmIdentifierOwned {
            oid,
            parameters: Some(wrap),
        })
    }

    fn scheme_oid(&self) -> Result<ObjectIdentifier, UnsupportedAlgorithm> {
        let (KeyDerivation::X963(digest) | KeyDerivation::Hkdf(digest)) = self.kdf;
        SCHEMES
            .into_iter()
            .find(|(_, scheme, kdf)| (*scheme, *kdf) == (self.scheme, self.kdf))
            .map(|(oid, ..)| oid)
            .ok_or_else(|| UnsupportedAlgorithm::unknown(digest.oid()))
    }

    /// The name that reports use, such as `ecdh-sha256-aes256-wrap`.
    pub fn name(&self) -> String {
        let scheme = self.scheme_oid().ok();
        let scheme = scheme.and_then(|oid| oid::name(&oid)).unwrap_or("ecdh");
        let wrap = oid::name(&self.wrap.oid()).unwrap_or_default();
        format!("{scheme}-{wrap}")
    }

    /// Wraps a content-encryption key for the holder of a public key, under a fresh ephemeral key.
    ///
    /// # Errors
    /// The key is not on a curve that is known here, or there are no random numbers.
    pub fn wrap_for(
        &self,
        recipient: &PublicKey,
        ukm: Option<&[u8]>,
        secret: &[u8],
    ) -> Result<WrappedKey, KeyError> {
        let (oid, originator_point, shared) = match recipient.material() {
            PublicMaterial::Ec(recipient) => {
                let ephemeral = EcPrivateKey::generate(recipient.curve())?;
                let shared = ephemeral.shared_secret(&recipient.point());
                (rfc5912::ID_EC_PUBLIC_KEY, ephemeral.public_point(), shared)
            }
            PublicMaterial::X25519(recipient) => {
                let ephemeral = X25519PrivateKey::generate()?;
                let shared = ephemeral.shared_secret(recipient.as_bytes());
                (rfc8410::ID_X_25519, ephemeral.public_point(), shared)
            }
            _ => return Err(KeyError::AlgorithmMismatch),
        };
        let encrypted_key = shared
            .and_then(|shared| self.derive(&shared, ukm))
            .and_then(|kek| self.wrap.wrap(&kek, secret))
            .ok_or(KeyError::OperationFailed)?;
        Ok(WrappedKey {
            // Without parameters: a curve is that of the recipient (RFC 5753 section 3.1.1).
            originator_algorithm: AlgorithmIdentifierOwned {
                oid,
                parameters: None,
            },
            originator_point,
            encrypted_key,
        })
    }

    /// Unwraps a content-encryption key of `expected_length` octets.
    ///
    /// Whatever is wrong, the result is a random key of that length, as for key transport: the
    /// failure shows where the content does not decrypt.
    ///
    /// # Errors
    /// The operating system gives no random numbers.
    pub fn unwrap(
        &self,
        key: &PrivateKey,
        originator_point: &[u8],
        ukm: Option<&[u8]>,
        wrapped: &[u8],
        expected_length: usize,
    ) -> Result<Zeroizing<Vec<u8>>, RandomError> {
        let mut substitute = Zeroizing::new(vec![0; expected_length]);
        random::fill(&mut substitute)?;
        let unwrapped = key
            .shared_secret(originator_point)
            .and_then(|shared| self.derive(&shared, ukm))
            .and_then(|kek| self.wrap.unwrap(&kek, wrapped));
        Ok(match unwrapped {
            Some(secret) if secret.len() == expected_length => secret,
            _ => substitute,
        })
    }

    /// Derives the key-encryption key from the shared secret.
    fn derive(&self, shared: &[u8], ukm: Option<&[u8]>) -> Option<Zeroizing<Vec<u8>>> {
        let bits = self.wrap.bits();
        let info = SharedInfo {
            key_info: self.wrap_identifier.clone(),
            entity_u_info: ukm.map(OctetString::new).transpose().ok()?,
            supp_pub_info: OctetString::new(bits.to_be_bytes()).ok()?,
        }
        .to_der()
        .ok()?;
        let mut kek = Zeroizing::new(vec![0; bits as usize / 8]);
        // Keying material of the sender is the salt as well (RFC 8418 section 2.2).
        self.kdf.derive(shared, ukm, &info, &mut kek)?;
        Some(kek)
    }
}

impl KeyDerivation {
    /// Derives a key: by SEC 1 section 3.6.1, which has no salt, or by RFC 5869. `None` when it is
    /// longer than the derivation can make.
    pub fn derive(
        self,
        shared: &[u8],
        salt: Option<&[u8]>,
        info: &[u8],
        key: &mut [u8],
    ) -> Option<()> {
        match self {
            KeyDerivation::X963(digest) => {
                with_digest!(digest, D => ansi_x963_kdf::derive_key_into::<D>(shared, info, key))
                    .ok()
            }
            KeyDerivation::Hkdf(digest) => {
                with_digest!(digest, D => Hkdf::<D>::new(salt, shared).expand(info, key)).ok()
            }
        }
    }
}

impl PrivateKey {
    /// The shared secret with a public key of the other side, on the curve of this one, in the form
    /// that an OriginatorPublicKey has.
    ///
    /// `None` when this key agrees on nothing, or that one is not on its curve or leads to nothing
    /// but zeros.
    pub fn shared_secret(&self, public: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        match self.material() {
            PrivateMaterial::Ec(key) => key.shared_secret(public),
            PrivateMaterial::X25519(key) => key.shared_secret(public),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::key::KeyType;
    use crate::crypto::test_hex::hex;

    #[test]
    fn derivation_of_ansi_x963() {
        // NIST CAVP component test vectors, ANSI X9.63, SHA-256: without and with shared info.
        let x963 = KeyDerivation::X963(DigestAlgorithm::Sha256);
        let mut key = [0; 16];
        let shared = hex("96c05619d56c328ab95fe84b18264b08725b85e33fd34f08");
        x963.derive(&shared, None, &[], &mut key).unwrap();
        assert_eq!(key.to_vec(), hex("443024c3dae66b95e6f5670601558f71"));
        let mut key = [0; 128];
        let shared = hex("22518b10e70f2a3f243810ae3254139efbee04aa57c7af7d");
        let info = hex("75eef81aa3041e33b80971203d2c0c52");
        x963.derive(&shared, None, &info, &mut key).unwrap();
        assert_eq!(
            key[..32].to_vec(),
            hex("c498af77161cc59f2962b9a713e2b215152d139766ce34a776df11866a69bf2e")
        );
    }

    /// RFC 5869 appendix A.1 and A.3.
    #[test]
    fn derivation_of_rfc_5869() {
        let hkdf = KeyDerivation::Hkdf(DigestAlgorithm::Sha256);
        let shared = [0x0b; 22];
        let mut key = [0; 42];
        let info = hex("f0f1f2f3f4f5f6f7f8f9");
        let salt = hex("000102030405060708090a0b0c");
        hkdf.derive(&shared, Some(&salt), &info, &mut key).unwrap();
        let expected =
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865";
        assert_eq!(key.to_vec(), hex(expected));
        hkdf.derive(&shared, None, &[], &mut key).unwrap();
        let expected =
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8";
        assert_eq!(key.to_vec(), hex(expected));
    }

    #[test]
    fn what_is_wrapped_comes_back_and_what_is_damaged_yields_a_random_key() {
        let secret = [9; 32];
        let x25519 = X25519PrivateKey::generate().unwrap();
        let keys = [
            PrivateKey::generate(KeyType::EcP256).unwrap(),
            PrivateKey::generate(KeyType::EcP384).unwrap(),
            PrivateKey::new(PrivateMaterial::X25519(x25519)).unwrap(),
        ];
        for private in keys {
            for (_, scheme, kdf) in SCHEMES {
                for wrap in [KeyWrap::Aes128, KeyWrap::Aes192, KeyWrap::Aes256] {
                    let agreement = KeyAgreement {
                        scheme,
                        ..KeyAgreement::standard(kdf, wrap)
                    };
                    let identifier = agreement.algorithm_identifier().unwrap();
                    assert_eq!(KeyAgreement::decode(&identifier), Ok(agreement.clone()));
                    let ukm = Some(&b"user keying material"[..]);
                    let wrapped = agreement
                        .wrap_for(private.public_key(), ukm, &secret)
                        .unwrap();
                    let unwrap = |point: &[u8], ukm, key: &[u8], length| {
                        agreement
                            .unwrap(&private, point, ukm, key, length)
                            .unwrap()
                            .to_vec()
                    };
                    let (point, key) = (&wrapped.originator_point, &wrapped.encrypted_key);
                    assert_eq!(unwrap(point, ukm, key, 32), secret);
                    assert_ne!(unwrap(point, None, key, 32), secret);
                    assert_ne!(unwrap(&point[1..], ukm, key, 32), secret);
                    assert_ne!(unwrap(point, ukm, &key[1..], 32), secret);
                    assert_eq!(unwrap(point, ukm, key, 16).len(), 16);
                }
            }
        }
    }

    #[test]
    fn what_is_written_has_a_name() {
        let p256 = PrivateKey::generate(KeyType::EcP256).unwrap();
        let agreement = KeyAgreement::for_recipient(p256.public_key(), 32);
        assert_eq!(agreement.name(), "ecdh-sha256-aes256-wrap");
        let x25519 = PrivateMaterial::X25519(X25519PrivateKey::generate().unwrap());
        let x25519 = PrivateKey::new(x25519).unwrap();
        let again = PrivateKey::decode(&x25519.to_pkcs8().unwrap()).unwrap();
        assert_eq!(again.public_key(), x25519.public_key());
        let agreement = KeyAgreement::for_recipient(x25519.public_key(), 16);
        assert_eq!(agreement.name(), "ecdh-hkdf-sha256-aes128-wrap");
    }
}
