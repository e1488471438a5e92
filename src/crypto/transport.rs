//! Key transport: the content-encryption key encrypted to an RSA key (RFC 3370 section 4.2.1,
//! RFC 3560, RFC 4055 section 4).

use const_oid::db::rfc5912;
use der::Sequence;
use der::asn1::{Any, Null, OctetString};
use spki::AlgorithmIdentifierOwned;
use zeroize::Zeroizing;

use super::UnsupportedAlgorithm;
use super::digest::DigestAlgorithm;
use super::key::{KeyError, PrivateKey, PrivateMaterial, PublicKey, PublicMaterial};
use super::random::{self, RandomError};
use super::signature::{decode_digest, decode_mgf1, mgf1_identifier};

/// A key transport algorithm with its parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyTransport {
    /// RSAES-PKCS1-v1_5.
    RsaPkcs1,
    /// RSAES-OAEP.
    RsaOaep {
        /// The digest of the label.
        digest: DigestAlgorithm,
        /// The digest of the mask generation function MGF1.
        mgf: DigestAlgorithm,
        /// The label, nearly always empty.
        label: Vec<u8>,
    },
}

/// ```text
/// RSAES-OAEP-params ::= SEQUENCE {
///     hashFunc    [0] AlgorithmIdentifier DEFAULT sha1Identifier,
///     maskGenFunc [1] AlgorithmIdentifier DEFAULT mgf1SHA1Identifier,
///     pSourceFunc [2] AlgorithmIdentifier DEFAULT pSpecifiedEmptyIdentifier }
/// ```
///
/// RFC 4055 section 4.1. Optional rather than defaulted, because some programs write defaults out.
#[derive(Sequence)]
struct RsaesOaepParams {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    hash: Option<AlgorithmIdentifierOwned>,
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT", optional = "true")]
    mask_gen: Option<AlgorithmIdentifierOwned>,
    #[asn1(context_specific = "2", tag_mode = "EXPLICIT", optional = "true")]
    label: Option<AlgorithmIdentifierOwned>,
}

impl KeyTransport {
    /// RSAES-OAEP as we write it: SHA-256 throughout, no label.
    pub fn oaep() -> KeyTransport {
        KeyTransport::RsaOaep {
            digest: DigestAlgorithm::Sha256,
            mgf: DigestAlgorithm::Sha256,
            label: Vec::new(),
        }
    }

    /// Reads a keyEncryptionAlgorithm.
    ///
    /// # Errors
    /// The algorithm, or a parameter of it, is not known here.
    pub fn decode(
        identifier: &AlgorithmIdentifierOwned,
    ) -> Result<KeyTransport, UnsupportedAlgorithm> {
        match identifier.oid {
            rfc5912::RSA_ENCRYPTION => Ok(KeyTransport::RsaPkcs1),
            rfc5912::ID_RSAES_OAEP => decode_oaep(identifier),
            oid => Err(UnsupportedAlgorithm::unknown(oid)),
        }
    }

    /// The keyEncryptionAlgorithm.
    ///
    /// # Errors
    /// None for the algorithms that [`oaep`](Self::oaep) and [`decode`](Self::decode) give.
    pub fn algorithm_identifier(&self) -> Result<AlgorithmIdentifierOwned, UnsupportedAlgorithm> {
        let malformed = |_| UnsupportedAlgorithm::malformed(rfc5912::ID_RSAES_OAEP);
        match self {
            KeyTransport::RsaPkcs1 => Ok(AlgorithmIdentifierOwned {
                oid: rfc5912::RSA_ENCRYPTION,
                parameters: Some(Any::from(Null)),
            }),
            KeyTransport::RsaOaep { digest, mgf, label } => {
                let label = if label.is_empty() {
                    None
                } else {
                    let label = OctetString::new(label.as_slice()).map_err(malformed)?;
                    Some(AlgorithmIdentifierOwned {
                        oid: rfc5912::ID_P_SPECIFIED,
                        parameters: Some(Any::encode_from(&label).map_err(malformed)?),
                    })
                };
                let parameters = RsaesOaepParams {
                    hash: Some(digest.algorithm_identifier_with_null()),
                    mask_gen: Some(mgf1_identifier(*mgf)?),
                    label,
                };
                Ok(AlgorithmIdentifierOwned {
                    oid: rfc5912::ID_RSAES_OAEP,
                    parameters: Some(Any::encode_from(&parameters).map_err(malformed)?),
                })
            }
        }
    }

    /// The name that reports use: `rsa` or `rsa-oaep`.
    pub fn name(&self) -> &'static str {
        match self {
            KeyTransport::RsaPkcs1 => "rsa",
            KeyTransport::RsaOaep { .. } => "rsa-oaep",
        }
    }

    /// Encrypts a content-encryption key to a public key.
    ///
    /// # Errors
    /// The key is not an RSA key, or too short.
    pub fn encrypt(&self, key: &PublicKey, secret: &[u8]) -> Result<Vec<u8>, KeyError> {
        let PublicMaterial::Rsa(key) = key.material() else {
            return Err(KeyError::AlgorithmMismatch);
        };
        match self {
            KeyTransport::RsaPkcs1 => key.encrypt_pkcs1(secret),
            KeyTransport::RsaOaep { digest, mgf, label } => {
                key.encrypt_oaep(*digest, *mgf, label, secret)
            }
        }
    }
}

fn decode_oaep(
    identifier: &AlgorithmIdentifierOwned,
) -> Result<KeyTransport, UnsupportedAlgorithm> {
    let malformed = |_: der::Error| UnsupportedAlgorithm::malformed(identifier.oid);
    let parameters = match &identifier.parameters {
        Some(any) => any.decode_as::<RsaesOaepParams>().map_err(malformed)?,
        // RFC 4055 section 4.1 wants them present; absent ones can only mean the defaults.
        None => RsaesOaepParams {
            hash: None,
            mask_gen: None,
            label: None,
        },
    };
    let label = match parameters.label {
        None => Vec::new(),
        Some(source) if source.oid == rfc5912::ID_P_SPECIFIED => source
            .parameters
            .ok_or_else(|| UnsupportedAlgorithm::malformed(source.oid))?
            .decode_as::<OctetString>()
            .map_err(malformed)?
            .into_bytes()
            .into(),
        Some(source) => return Err(UnsupportedAlgorithm::unknown(source.oid)),
    };
    Ok(KeyTransport::RsaOaep {
        digest: decode_digest(parameters.hash.as_ref())?,
        mgf: decode_mgf1(parameters.mask_gen.as_ref())?,
        label,
    })
}

impl PrivateKey {
    /// Decrypts a content-encryption key of `expected_length` octets.
    ///
    /// Whatever is wrong with the encrypted key, or with the kind of this key, the result is a
    /// random key of that length: the failure shows where the content does not decrypt, and says
    /// nothing about the padding (RFC 8551 section 2.3, RFC 3218).
    ///
    /// # Errors
    /// The operating system gives no random numbers.
    pub fn decrypt_key_transport(
        &self,
        algorithm: &KeyTransport,
        encrypted: &[u8],
        expected_length: usize,
    ) -> Result<Zeroizing<Vec<u8>>, RandomError> {
        // Drawn in any case, so that its cost tells nothing.
        let mut substitute = Zeroizing::new(vec![0; expected_length]);
        random::fill(&mut substitute)?;
        let decrypted = match (self.material(), algorithm) {
            (PrivateMaterial::Rsa(key), KeyTransport::RsaPkcs1) => key.decrypt_pkcs1(encrypted),
            (PrivateMaterial::Rsa(key), KeyTransport::RsaOaep { digest, mgf, label }) => {
                key.decrypt_oaep(*digest, *mgf, label, encrypted)
            }
            _ => None,
        };
        Ok(match decrypted {
            Some(secret) if secret.len() == expected_length => secret,
            _ => substitute,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::key::KeyType;
    use crate::crypto::test_hex::hex;
    use der::{Decode, Encode};

    fn every_form() -> Vec<KeyTransport> {
        let mut forms = vec![KeyTransport::RsaPkcs1, KeyTransport::oaep()];
        for (digest, mgf) in [
            (DigestAlgorithm::Sha1, DigestAlgorithm::Sha1),
            (DigestAlgorithm::Sha256, DigestAlgorithm::Sha1),
            (DigestAlgorithm::Sha512, DigestAlgorithm::Sha384),
        ] {
            forms.push(KeyTransport::RsaOaep {
                digest,
                mgf,
                label: b"label".to_vec(),
            });
        }
        forms
    }

    #[test]
    fn what_is_encrypted_comes_back_and_what_is_damaged_yields_a_random_key() {
        let private = PrivateKey::generate(KeyType::Rsa2048).unwrap();
        let secret = [7; 32];
        for form in every_form() {
            let mut encrypted = form.encrypt(private.public_key(), &secret).unwrap();
            let decrypt = |encrypted: &[u8], length| {
                private
                    .decrypt_key_transport(&form, encrypted, length)
                    .unwrap()
            };
            assert_eq!(*decrypt(&encrypted, 32), secret);
            // Another length than the cipher's, and a key that was not encrypted at all.
            assert_eq!(decrypt(&encrypted, 16).len(), 16);
            assert_ne!(decrypt(b"", 32), decrypt(b"", 32));
            encrypted[100] ^= 1;
            let damaged = decrypt(&encrypted, 32);
            assert_eq!(damaged.len(), 32);
            assert_ne!(*damaged, secret);
        }
        let curve = PrivateKey::generate(KeyType::EcP256).unwrap();
        let key = curve.decrypt_key_transport(&KeyTransport::RsaPkcs1, b"", 24);
        assert_eq!(key.unwrap().len(), 24);
        assert_eq!(
            KeyTransport::RsaPkcs1.encrypt(curve.public_key(), &secret),
            Err(KeyError::AlgorithmMismatch)
        );
        assert_eq!(
            KeyTransport::oaep().encrypt(private.public_key(), &[0; 200]),
            Err(KeyError::KeyTooShort)
        );
    }

    #[test]
    fn identifiers_lead_back() {
        for form in every_form() {
            let identifier = form.algorithm_identifier().unwrap();
            assert_eq!(KeyTransport::decode(&identifier), Ok(form));
        }
        let defaults =
            AlgorithmIdentifierOwned::from_der(&hex("300d06092a864886f70d0101073000")).unwrap();
        assert_eq!(
            KeyTransport::decode(&defaults),
            Ok(KeyTransport::RsaOaep {
                digest: DigestAlgorithm::Sha1,
                mgf: DigestAlgorithm::Sha1,
                label: Vec::new()
            })
        );
        let der = KeyTransport::RsaPkcs1.algorithm_identifier().unwrap();
        assert_eq!(der.to_der().unwrap(), hex("300d06092a864886f70d0101010500"));
    }
}
