//! Key agreement: the content-encryption key wrapped under a key that is agreed with an elliptic
//! curve key (RFC 5753), by the derivation of ANSI X9.63 and AES key wrap (RFC 3394, 3565).

use aes_kw::{KeyInit, KwAes128, KwAes192, KwAes256};
use const_oid::ObjectIdentifier;
use const_oid::db::{rfc5753, rfc5911, rfc5912};
use der::asn1::{Any, OctetString};
use der::{Encode, Sequence};
use spki::AlgorithmIdentifierOwned;
use zeroize::Zeroizing;

use super::UnsupportedAlgorithm;
use super::digest::{DigestAlgorithm, with_digest};
use super::elliptic_curve::EcPrivateKey;
use super::key::{KeyError, PrivateKey, PrivateMaterial, PublicKey, PublicMaterial};
use super::random::{self, RandomError};

/// Whether the cofactor of the curve enters the shared secret. That of the NIST curves is 1, so
/// the two differ in name only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// dhSinglePass-stdDH.
    Standard,
    /// dhSinglePass-cofactorDH.
    Cofactor,
}

/// AES key wrap with a key of some length (RFC 3394).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyWrap {
    /// AES-128.
    Aes128,
    /// AES-192.
    Aes192,
    /// AES-256.
    Aes256,
}

/// A key agreement algorithm with its parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyAgreement {
    /// Standard or cofactor Diffie-Hellman.
    pub scheme: Scheme,
    /// The digest of the key derivation.
    pub kdf: DigestAlgorithm,
    /// The key wrap.
    pub wrap: KeyWrap,
    /// The wrap's AlgorithmIdentifier as received: it enters the derivation octet by octet, and
    /// some programs give it NULL parameters where RFC 3565 wants none.
    wrap_identifier: AlgorithmIdentifierOwned,
}

/// A wrapped key and the ephemeral public key that it was agreed with.
#[derive(Clone, Debug)]
pub struct WrappedKey {
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

impl KeyWrap {
    const ALL: [KeyWrap; 3] = [KeyWrap::Aes128, KeyWrap::Aes192, KeyWrap::Aes256];

    fn oid(self) -> ObjectIdentifier {
        match self {
            KeyWrap::Aes128 => rfc5911::ID_AES_128_WRAP,
            KeyWrap::Aes192 => rfc5911::ID_AES_192_WRAP,
            KeyWrap::Aes256 => rfc5911::ID_AES_256_WRAP,
        }
    }

    fn bits(self) -> u32 {
        match self {
            KeyWrap::Aes128 => 128,
            KeyWrap::Aes192 => 192,
            KeyWrap::Aes256 => 256,
        }
    }

    /// Wraps a key whose length is a multiple of 8 octets.
    fn wrap(self, kek: &[u8], secret: &[u8]) -> Option<Vec<u8>> {
        let mut wrapped = vec![0; secret.len() + aes_kw::IV_LEN];
        match self {
            KeyWrap::Aes128 => KwAes128::new_from_slice(kek)
                .ok()?
                .wrap_key(secret, &mut wrapped)
                .ok()?,
            KeyWrap::Aes192 => KwAes192::new_from_slice(kek)
                .ok()?
                .wrap_key(secret, &mut wrapped)
                .ok()?,
            KeyWrap::Aes256 => KwAes256::new_from_slice(kek)
                .ok()?
                .wrap_key(secret, &mut wrapped)
                .ok()?,
        };
        Some(wrapped)
    }

    fn unwrap(self, kek: &[u8], wrapped: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let length = wrapped.len().checked_sub(aes_kw::IV_LEN)?;
        let mut secret = Zeroizing::new(vec![0; length]);
        match self {
            KeyWrap::Aes128 => KwAes128::new_from_slice(kek)
                .ok()?
                .unwrap_key(wrapped, &mut secret)
                .ok()?,
            KeyWrap::Aes192 => KwAes192::new_from_slice(kek)
                .ok()?
                .unwrap_key(wrapped, &mut secret)
                .ok()?,
            KeyWrap::Aes256 => KwAes256::new_from_slice(kek)
                .ok()?
                .unwrap_key(wrapped, &mut secret)
                .ok()?,
        };
        Some(secret)
    }
}

/// Every scheme with its identifier (RFC 5753 section 7.1.4).
const SCHEMES: [(ObjectIdentifier, Scheme, DigestAlgorithm); 10] = {
    use DigestAlgorithm::{Sha1, Sha224, Sha256, Sha384, Sha512};
    use Scheme::{Cofactor, Standard};
    [
        (
            rfc5753::DH_SINGLE_PASS_STD_DH_SHA_1_KDF_SCHEME,
            Standard,
            Sha1,
        ),
        (
            rfc5753::DH_SINGLE_PASS_STD_DH_SHA_224_KDF_SCHEME,
            Standard,
            Sha224,
        ),
        (
            rfc5753::DH_SINGLE_PASS_STD_DH_SHA_256_KDF_SCHEME,
            Standard,
            Sha256,
        ),
        (
            rfc5753::DH_SINGLE_PASS_STD_DH_SHA_384_KDF_SCHEME,
            Standard,
            Sha384,
        ),
        (
            rfc5753::DH_SINGLE_PASS_STD_DH_SHA_512_KDF_SCHEME,
            Standard,
            Sha512,
        ),
        (
            rfc5753::DH_SINGLE_PASS_COFACTOR_DH_SHA_1_KDF_SCHEME,
            Cofactor,
            Sha1,
        ),
        (
            rfc5753::DH_SINGLE_PASS_COFACTOR_DH_SHA_224_KDF_SCHEME,
            Cofactor,
            Sha224,
        ),
        (
            rfc5753::DH_SINGLE_PASS_COFACTOR_DH_SHA_256_KDF_SCHEME,
            Cofactor,
            Sha256,
        ),
        (
            rfc5753::DH_SINGLE_PASS_COFACTOR_DH_SHA_384_KDF_SCHEME,
            Cofactor,
            Sha384,
        ),
        (
            rfc5753::DH_SINGLE_PASS_COFACTOR_DH_SHA_512_KDF_SCHEME,
            Cofactor,
            Sha512,
        ),
    ]
};

impl KeyAgreement {
    /// The algorithm that we write, dhSinglePass-stdDH-sha256kdf for any curve (behaviour rule 14),
    /// with the given wrap.
    pub fn standard(wrap: KeyWrap) -> KeyAgreement {
        KeyAgreement {
            scheme: Scheme::Standard,
            kdf: DigestAlgorithm::Sha256,
            wrap,
            wrap_identifier: AlgorithmIdentifierOwned {
                oid: wrap.oid(),
                parameters: None,
            },
        }
    }

    /// The wrap that suits a content-encryption key of so many octets.
    pub fn for_key_length(octets: usize) -> KeyAgreement {
        KeyAgreement::standard(match octets {
            0..=16 => KeyWrap::Aes128,
            17..=24 => KeyWrap::Aes192,
            _ => KeyWrap::Aes256,
        })
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
        let wrap = KeyWrap::ALL
            .into_iter()
            .find(|wrap| wrap.oid() == wrap_identifier.oid)
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
    /// No identifier is assigned to the derivation's digest.
    pub fn algorithm_identifier(&self) -> Result<AlgorithmIdentifierOwned, UnsupportedAlgorithm> {
        let (oid, ..) = SCHEMES
            .into_iter()
            .find(|(_, scheme, kdf)| (*scheme, *kdf) == (self.scheme, self.kdf))
            .ok_or_else(|| UnsupportedAlgorithm::unknown(self.kdf.oid()))?;
        let wrap = Any::encode_from(&self.wrap_identifier)
            .map_err(|_| UnsupportedAlgorithm::malformed(oid))?;
        Ok(AlgorithmIdentifierOwned {
            oid,
            parameters: Some(wrap),
        })
    }

    /// The name that reports use, such as `ecdh-sha256-aes256-wrap`.
    pub fn name(&self) -> String {
        let scheme = match self.scheme {
            Scheme::Standard => "ecdh",
            Scheme::Cofactor => "ecdh-cofactor",
        };
        format!("{scheme}-{}-aes{}-wrap", self.kdf, self.wrap.bits())
    }

    /// The AlgorithmIdentifier of an OriginatorPublicKey: id-ecPublicKey without parameters, since
    /// the curve is that of the recipient (RFC 5753 section 3.1.1).
    pub fn originator_algorithm() -> AlgorithmIdentifierOwned {
        AlgorithmIdentifierOwned {
            oid: rfc5912::ID_EC_PUBLIC_KEY,
            parameters: None,
        }
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
        let PublicMaterial::Ec(recipient) = recipient.material() else {
            return Err(KeyError::AlgorithmMismatch);
        };
        let ephemeral = EcPrivateKey::generate(recipient.curve())?;
        let shared = ephemeral
            .shared_secret(&recipient.point())
            .ok_or(KeyError::OperationFailed)?;
        let encrypted_key = self
            .derive(&shared, ukm)
            .and_then(|kek| self.wrap.wrap(&kek, secret))
            .ok_or(KeyError::OperationFailed)?;
        Ok(WrappedKey {
            originator_point: ephemeral.public_point(),
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
        let unwrapped = match key.material() {
            PrivateMaterial::Ec(key) => key
                .shared_secret(originator_point)
                .and_then(|shared| self.derive(&shared, ukm))
                .and_then(|kek| self.wrap.unwrap(&kek, wrapped)),
            PrivateMaterial::Rsa(_) => None,
        };
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
        derive_x963(self.kdf, shared, &info, &mut kek)?;
        Some(kek)
    }
}

/// The key derivation of ANSI X9.63 (SEC 1 section 3.6.1).
fn derive_x963(kdf: DigestAlgorithm, shared: &[u8], info: &[u8], key: &mut [u8]) -> Option<()> {
    with_digest!(kdf, D => ansi_x963_kdf::derive_key_into::<D>(shared, info, key)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::key::KeyType;
    use crate::crypto::test_hex::hex;

    #[test]
    fn key_wrap_of_rfc_3394() {
        // Sections 4.1, 4.3 and 4.6.
        let kek = hex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
        let key = hex("00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f");
        let cases = [
            (
                KeyWrap::Aes128,
                16,
                "1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5",
            ),
            (
                KeyWrap::Aes192,
                16,
                "96778b25ae6ca435f92b5b97c050aed2468ab8a17ad84e5d",
            ),
            (
                KeyWrap::Aes256,
                32,
                "28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21",
            ),
        ];
        for (wrap, length, expected) in cases {
            let kek = &kek[..wrap.bits() as usize / 8];
            let wrapped = wrap.wrap(kek, &key[..length]).unwrap();
            assert_eq!(wrapped, hex(expected));
            assert_eq!(*wrap.unwrap(kek, &wrapped).unwrap(), key[..length]);
            let mut damaged = wrapped.clone();
            damaged[3] ^= 1;
            assert!(wrap.unwrap(kek, &damaged).is_none());
            assert!(wrap.unwrap(kek, &wrapped[..7]).is_none());
            assert!(wrap.wrap(kek, &key[..5]).is_none());
        }
    }

    #[test]
    fn derivation_of_ansi_x963() {
        // NIST CAVP component test vectors, ANSI X9.63, SHA-256: without and with shared info.
        let mut key = [0; 16];
        let shared = hex("96c05619d56c328ab95fe84b18264b08725b85e33fd34f08");
        derive_x963(DigestAlgorithm::Sha256, &shared, &[], &mut key).unwrap();
        assert_eq!(key.to_vec(), hex("443024c3dae66b95e6f5670601558f71"));
        let mut key = [0; 128];
        let shared = hex("22518b10e70f2a3f243810ae3254139efbee04aa57c7af7d");
        let info = hex("75eef81aa3041e33b80971203d2c0c52");
        derive_x963(DigestAlgorithm::Sha256, &shared, &info, &mut key).unwrap();
        assert_eq!(
            key[..32].to_vec(),
            hex("c498af77161cc59f2962b9a713e2b215152d139766ce34a776df11866a69bf2e")
        );
    }

    #[test]
    fn what_is_wrapped_comes_back_and_what_is_damaged_yields_a_random_key() {
        let secret = [9; 32];
        for kind in [KeyType::EcP256, KeyType::EcP384] {
            let private = PrivateKey::generate(kind).unwrap();
            for (_, scheme, kdf) in SCHEMES {
                for wrap in KeyWrap::ALL {
                    let agreement = KeyAgreement {
                        scheme,
                        kdf,
                        ..KeyAgreement::standard(wrap)
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
        let agreement = KeyAgreement::for_key_length(32);
        assert_eq!(agreement.name(), "ecdh-sha256-aes256-wrap");
        assert_eq!(KeyAgreement::for_key_length(16).wrap, KeyWrap::Aes128);
    }
}
