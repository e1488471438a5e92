//! Signature algorithms as CMS and certificates name them: RFC 3370, 4055, 4056, 5754, 5758, 8410.
//!
//! This file reads and writes AlgorithmIdentifiers; keys compute and check the signatures.

use const_oid::ObjectIdentifier;
use const_oid::db::{rfc5912, rfc8410};
use der::Sequence;
use der::asn1::{Any, Null};
use spki::AlgorithmIdentifierOwned;

use super::UnsupportedAlgorithm;
use super::digest::DigestAlgorithm;

/// An older identifier for RSA with SHA-1 (OIW), which some Windows programs still write.
const OIW_SHA1_WITH_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.29");

/// A signature algorithm with its parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureAlgorithm {
    /// RSASSA-PKCS1-v1_5.
    RsaPkcs1(DigestAlgorithm),
    /// RSASSA-PSS; the digest also drives the mask generation function MGF1.
    RsaPss {
        /// The digest of the message and of MGF1.
        digest: DigestAlgorithm,
        /// The length of the salt in octets.
        salt_length: usize,
    },
    /// ECDSA.
    Ecdsa(DigestAlgorithm),
    /// DSA. It is named, not computed.
    Dsa(DigestAlgorithm),
    /// Ed25519. It is named, not computed.
    Ed25519,
}

/// ```text
/// RSASSA-PSS-params ::= SEQUENCE {
///     hashAlgorithm     [0] HashAlgorithm    DEFAULT sha1Identifier,
///     maskGenAlgorithm  [1] MaskGenAlgorithm DEFAULT mgf1SHA1Identifier,
///     saltLength        [2] INTEGER          DEFAULT 20,
///     trailerField      [3] INTEGER          DEFAULT 1 }
/// ```
///
/// RFC 4055 section 3.1. The members are optional here rather than defaulted, because some
/// programs write out a default. The `pkcs1` crate's type holds no salt beyond 255 octets.
#[derive(Sequence)]
struct RsaPssParams {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    hash: Option<AlgorithmIdentifierOwned>,
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT", optional = "true")]
    mask_gen: Option<AlgorithmIdentifierOwned>,
    #[asn1(context_specific = "2", tag_mode = "EXPLICIT", optional = "true")]
    salt_length: Option<u32>,
    #[asn1(context_specific = "3", tag_mode = "EXPLICIT", optional = "true")]
    trailer_field: Option<u32>,
}

impl SignatureAlgorithm {
    /// Reads an AlgorithmIdentifier.
    ///
    /// CMS allows identifiers of keys, such as rsaEncryption, where the signature algorithm
    /// belongs; they take `digest`, the digest algorithm of the SignerInfo.
    ///
    /// # Errors
    /// The algorithm, or a parameter of it, is not known here.
    pub fn decode(
        identifier: &AlgorithmIdentifierOwned,
        digest: Option<DigestAlgorithm>,
    ) -> Result<SignatureAlgorithm, UnsupportedAlgorithm> {
        use DigestAlgorithm::{Md5, Sha1, Sha224, Sha256, Sha384, Sha512};
        use SignatureAlgorithm::{Dsa, Ecdsa, Ed25519, RsaPkcs1};
        let unsupported = || UnsupportedAlgorithm::unknown(identifier.oid);
        let given = || digest.ok_or_else(unsupported);
        Ok(match identifier.oid {
            rfc5912::RSA_ENCRYPTION => RsaPkcs1(given()?),
            rfc5912::MD_5_WITH_RSA_ENCRYPTION => RsaPkcs1(Md5),
            rfc5912::SHA_1_WITH_RSA_ENCRYPTION | OIW_SHA1_WITH_RSA => RsaPkcs1(Sha1),
            rfc5912::SHA_224_WITH_RSA_ENCRYPTION => RsaPkcs1(Sha224),
            rfc5912::SHA_256_WITH_RSA_ENCRYPTION => RsaPkcs1(Sha256),
            rfc5912::SHA_384_WITH_RSA_ENCRYPTION => RsaPkcs1(Sha384),
            rfc5912::SHA_512_WITH_RSA_ENCRYPTION => RsaPkcs1(Sha512),
            rfc5912::ID_RSASSA_PSS => decode_pss(identifier)?,
            rfc5912::ID_EC_PUBLIC_KEY => Ecdsa(given()?),
            rfc5912::ECDSA_WITH_SHA_224 => Ecdsa(Sha224),
            rfc5912::ECDSA_WITH_SHA_256 => Ecdsa(Sha256),
            rfc5912::ECDSA_WITH_SHA_384 => Ecdsa(Sha384),
            rfc5912::ECDSA_WITH_SHA_512 => Ecdsa(Sha512),
            oid if oid == ECDSA_WITH_SHA1 => Ecdsa(Sha1),
            rfc5912::ID_DSA => Dsa(given()?),
            rfc5912::DSA_WITH_SHA_1 => Dsa(Sha1),
            rfc5912::DSA_WITH_SHA_224 => Dsa(Sha224),
            rfc5912::DSA_WITH_SHA_256 => Dsa(Sha256),
            rfc8410::ID_ED_25519 => Ed25519,
            _ => return Err(unsupported()),
        })
    }

    /// The AlgorithmIdentifier that CMS and certificates carry.
    ///
    /// RSA has NULL parameters (RFC 3370 section 3.2), the others absent ones (RFC 5758, 8410);
    /// those of PSS are complete, with NULL in the digest identifiers (RFC 4055 section 2.1).
    ///
    /// # Errors
    /// No identifier is assigned to the combination.
    pub fn algorithm_identifier(&self) -> Result<AlgorithmIdentifierOwned, UnsupportedAlgorithm> {
        use DigestAlgorithm::{Md5, Sha1, Sha224, Sha256, Sha384, Sha512};
        let (oid, parameters) = match *self {
            SignatureAlgorithm::RsaPkcs1(digest) => {
                let oid = match digest {
                    Md5 => rfc5912::MD_5_WITH_RSA_ENCRYPTION,
                    Sha1 => rfc5912::SHA_1_WITH_RSA_ENCRYPTION,
                    Sha224 => rfc5912::SHA_224_WITH_RSA_ENCRYPTION,
                    Sha256 => rfc5912::SHA_256_WITH_RSA_ENCRYPTION,
                    Sha384 => rfc5912::SHA_384_WITH_RSA_ENCRYPTION,
                    Sha512 => rfc5912::SHA_512_WITH_RSA_ENCRYPTION,
                };
                (oid, Some(Any::from(Null)))
            }
            SignatureAlgorithm::RsaPss {
                digest,
                salt_length,
            } => {
                let malformed = || UnsupportedAlgorithm::malformed(rfc5912::ID_RSASSA_PSS);
                let parameters = RsaPssParams {
                    hash: Some(digest.algorithm_identifier_with_null()),
                    mask_gen: Some(mgf1_identifier(digest)?),
                    salt_length: Some(u32::try_from(salt_length).map_err(|_| malformed())?),
                    trailer_field: None,
                };
                let parameters = Any::encode_from(&parameters).map_err(|_| malformed())?;
                (rfc5912::ID_RSASSA_PSS, Some(parameters))
            }
            SignatureAlgorithm::Ecdsa(digest) => {
                let oid = match digest {
                    Md5 => return Err(UnsupportedAlgorithm::unknown(digest.oid())),
                    Sha1 => ECDSA_WITH_SHA1,
                    Sha224 => rfc5912::ECDSA_WITH_SHA_224,
                    Sha256 => rfc5912::ECDSA_WITH_SHA_256,
                    Sha384 => rfc5912::ECDSA_WITH_SHA_384,
                    Sha512 => rfc5912::ECDSA_WITH_SHA_512,
                };
                (oid, None)
            }
            SignatureAlgorithm::Dsa(digest) => {
                let oid = match digest {
                    Sha1 => rfc5912::DSA_WITH_SHA_1,
                    Sha224 => rfc5912::DSA_WITH_SHA_224,
                    Sha256 => rfc5912::DSA_WITH_SHA_256,
                    Md5 | Sha384 | Sha512 => {
                        return Err(UnsupportedAlgorithm::unknown(digest.oid()));
                    }
                };
                (oid, None)
            }
            SignatureAlgorithm::Ed25519 => (rfc8410::ID_ED_25519, None),
        };
        Ok(AlgorithmIdentifierOwned { oid, parameters })
    }

    /// The name that reports use, such as `rsa-sha256`.
    pub fn name(&self) -> String {
        match self {
            SignatureAlgorithm::RsaPkcs1(digest) => format!("rsa-{digest}"),
            SignatureAlgorithm::RsaPss { digest, .. } => format!("rsa-pss-{digest}"),
            SignatureAlgorithm::Ecdsa(digest) => format!("ecdsa-{digest}"),
            SignatureAlgorithm::Dsa(digest) => format!("dsa-{digest}"),
            SignatureAlgorithm::Ed25519 => "ed25519".to_owned(),
        }
    }

    /// The digest that the signature is made over. Ed25519 signs the message itself; the SHA-512
    /// given for it is the digest of a CMS message digest attribute (RFC 8419 section 2.3).
    pub fn digest(&self) -> DigestAlgorithm {
        match self {
            SignatureAlgorithm::RsaPkcs1(digest)
            | SignatureAlgorithm::RsaPss { digest, .. }
            | SignatureAlgorithm::Ecdsa(digest)
            | SignatureAlgorithm::Dsa(digest) => *digest,
            SignatureAlgorithm::Ed25519 => DigestAlgorithm::Sha512,
        }
    }
}

/// ecdsa-with-SHA1 (RFC 3279 section 2.2.3).
const ECDSA_WITH_SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.1");

fn decode_pss(
    identifier: &AlgorithmIdentifierOwned,
) -> Result<SignatureAlgorithm, UnsupportedAlgorithm> {
    let malformed = || UnsupportedAlgorithm::malformed(identifier.oid);
    let parameters = match &identifier.parameters {
        Some(any) => any
            .decode_as::<RsaPssParams>()
            .map_err(|_: der::Error| malformed())?,
        // An identifier without parameters belongs to a key, not to a signature.
        None => return Err(malformed()),
    };
    let digest = decode_digest(parameters.hash.as_ref())?;
    if decode_mgf1(parameters.mask_gen.as_ref())? != digest {
        return Err(UnsupportedAlgorithm {
            oid: identifier.oid,
            problem: "RSASSA-PSS with two different digests",
        });
    }
    if parameters.trailer_field.is_some_and(|field| field != 1) {
        return Err(malformed());
    }
    Ok(SignatureAlgorithm::RsaPss {
        digest,
        salt_length: parameters.salt_length.unwrap_or(20) as usize,
    })
}

/// Reads an optional digest identifier of RSASSA-PSS or RSAES-OAEP, whose default is SHA-1.
pub(super) fn decode_digest(
    identifier: Option<&AlgorithmIdentifierOwned>,
) -> Result<DigestAlgorithm, UnsupportedAlgorithm> {
    match identifier {
        None => Ok(DigestAlgorithm::Sha1),
        Some(identifier) => DigestAlgorithm::from_oid(&identifier.oid)
            .ok_or_else(|| UnsupportedAlgorithm::unknown(identifier.oid)),
    }
}

/// Reads an optional mask generation function, whose default is MGF1 with SHA-1.
pub(super) fn decode_mgf1(
    identifier: Option<&AlgorithmIdentifierOwned>,
) -> Result<DigestAlgorithm, UnsupportedAlgorithm> {
    let Some(identifier) = identifier else {
        return Ok(DigestAlgorithm::Sha1);
    };
    if identifier.oid != rfc5912::ID_MGF_1 {
        return Err(UnsupportedAlgorithm::unknown(identifier.oid));
    }
    let inner = identifier
        .parameters
        .as_ref()
        .and_then(|any| any.decode_as::<AlgorithmIdentifierOwned>().ok())
        .ok_or_else(|| UnsupportedAlgorithm::malformed(identifier.oid))?;
    decode_digest(Some(&inner))
}

/// MGF1 with that digest.
pub(super) fn mgf1_identifier(
    digest: DigestAlgorithm,
) -> Result<AlgorithmIdentifierOwned, UnsupportedAlgorithm> {
    let parameters = Any::encode_from(&digest.algorithm_identifier_with_null())
        .map_err(|_| UnsupportedAlgorithm::malformed(rfc5912::ID_MGF_1))?;
    Ok(AlgorithmIdentifierOwned {
        oid: rfc5912::ID_MGF_1,
        parameters: Some(parameters),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::test_hex::hex;
    use der::{Decode, Encode};

    #[test]
    fn identifiers_lead_back() {
        for digest in DigestAlgorithm::ALL {
            for algorithm in [
                SignatureAlgorithm::RsaPkcs1(digest),
                SignatureAlgorithm::RsaPss {
                    digest,
                    salt_length: 478,
                },
                SignatureAlgorithm::Ecdsa(digest),
                SignatureAlgorithm::Dsa(digest),
                SignatureAlgorithm::Ed25519,
            ] {
                if let Ok(identifier) = algorithm.algorithm_identifier() {
                    assert_eq!(SignatureAlgorithm::decode(&identifier, None), Ok(algorithm));
                    assert_eq!(
                        algorithm.digest() == digest,
                        algorithm.name() != "ed25519" || digest == DigestAlgorithm::Sha512
                    );
                }
            }
        }
    }

    #[test]
    fn a_key_identifier_takes_the_digest_of_the_signer_info() {
        let identifier = AlgorithmIdentifierOwned {
            oid: rfc5912::RSA_ENCRYPTION,
            parameters: None,
        };
        assert_eq!(
            SignatureAlgorithm::decode(&identifier, Some(DigestAlgorithm::Sha384)),
            Ok(SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha384))
        );
        assert!(SignatureAlgorithm::decode(&identifier, None).is_err());
    }

    #[test]
    fn pss_defaults_and_openssl_form() {
        let pss = |der: &[u8]| {
            SignatureAlgorithm::decode(&AlgorithmIdentifierOwned::from_der(der).unwrap(), None)
        };
        assert_eq!(
            pss(&hex("300d06092a864886f70d01010a3000")),
            Ok(SignatureAlgorithm::RsaPss {
                digest: DigestAlgorithm::Sha1,
                salt_length: 20
            })
        );
        let sha256 = hex(
            "304106092a864886f70d01010a3034a00f300d06096086480165030402010500\
             a11c301a06092a864886f70d010108300d06096086480165030402010500a203020120",
        );
        let algorithm = SignatureAlgorithm::RsaPss {
            digest: DigestAlgorithm::Sha256,
            salt_length: 32,
        };
        assert_eq!(pss(&sha256), Ok(algorithm));
        let encoded = algorithm.algorithm_identifier().unwrap().to_der().unwrap();
        assert_eq!(encoded, sha256);
        assert_eq!(algorithm.name(), "rsa-pss-sha256");
    }
}
