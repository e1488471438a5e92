//! Signature algorithms as CMS and certificates name them: RFC 3370, 4055, 4056, 5754, 5758, 8410.
//!
//! This file reads and writes AlgorithmIdentifiers; keys compute and check the signatures.

use const_oid::db::{rfc5912, rfc8410};
use der::asn1::{Any, Null};
use spki::AlgorithmIdentifierOwned;

use super::UnsupportedAlgorithm;
use super::digest::DigestAlgorithm;
use super::pss::PssParameters;
use crate::asn1::oid;

/// A signature algorithm with its parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureAlgorithm {
    /// RSASSA-PKCS1-v1_5.
    RsaPkcs1(DigestAlgorithm),
    /// RSASSA-PSS.
    RsaPss(PssParameters),
    /// ECDSA.
    Ecdsa(DigestAlgorithm),
    /// DSA. It is verified, not made.
    Dsa(DigestAlgorithm),
    /// Ed25519.
    Ed25519,
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
        use SignatureAlgorithm::{Dsa, Ecdsa, Ed25519, RsaPkcs1, RsaPss};
        let unsupported = || UnsupportedAlgorithm::unknown(identifier.oid);
        let given = || digest.ok_or_else(unsupported);
        Ok(match identifier.oid {
            rfc5912::RSA_ENCRYPTION => RsaPkcs1(given()?),
            rfc5912::MD_5_WITH_RSA_ENCRYPTION => RsaPkcs1(Md5),
            rfc5912::SHA_1_WITH_RSA_ENCRYPTION | oid::SHA1_WITH_RSA_OIW => RsaPkcs1(Sha1),
            rfc5912::SHA_224_WITH_RSA_ENCRYPTION => RsaPkcs1(Sha224),
            rfc5912::SHA_256_WITH_RSA_ENCRYPTION => RsaPkcs1(Sha256),
            rfc5912::SHA_384_WITH_RSA_ENCRYPTION => RsaPkcs1(Sha384),
            rfc5912::SHA_512_WITH_RSA_ENCRYPTION => RsaPkcs1(Sha512),
            rfc5912::ID_RSASSA_PSS => {
                RsaPss(PssParameters::decode(identifier.parameters.as_ref())?)
            }
            rfc5912::ID_EC_PUBLIC_KEY => Ecdsa(given()?),
            rfc5912::ECDSA_WITH_SHA_224 => Ecdsa(Sha224),
            rfc5912::ECDSA_WITH_SHA_256 => Ecdsa(Sha256),
            rfc5912::ECDSA_WITH_SHA_384 => Ecdsa(Sha384),
            rfc5912::ECDSA_WITH_SHA_512 => Ecdsa(Sha512),
            oid::ECDSA_WITH_SHA1 => Ecdsa(Sha1),
            rfc5912::ID_DSA => Dsa(given()?),
            rfc5912::DSA_WITH_SHA_1 => Dsa(Sha1),
            rfc5912::DSA_WITH_SHA_224 => Dsa(Sha224),
            rfc5912::DSA_WITH_SHA_256 => Dsa(Sha256),
            oid::DSA_WITH_SHA384 => Dsa(Sha384),
            oid::DSA_WITH_SHA512 => Dsa(Sha512),
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
            SignatureAlgorithm::RsaPss(parameters) => {
                (rfc5912::ID_RSASSA_PSS, Some(parameters.to_any()?))
            }
            SignatureAlgorithm::Ecdsa(digest) => {
                let oid = match digest {
                    Md5 => return Err(UnsupportedAlgorithm::unknown(digest.oid())),
                    Sha1 => oid::ECDSA_WITH_SHA1,
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
                    Sha384 => oid::DSA_WITH_SHA384,
                    Sha512 => oid::DSA_WITH_SHA512,
                    Md5 => return Err(UnsupportedAlgorithm::unknown(digest.oid())),
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
            SignatureAlgorithm::RsaPss(parameters) => format!("rsa-pss-{}", parameters.digest),
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
            | SignatureAlgorithm::Ecdsa(digest)
            | SignatureAlgorithm::Dsa(digest) => *digest,
            SignatureAlgorithm::RsaPss(parameters) => parameters.digest,
            SignatureAlgorithm::Ed25519 => DigestAlgorithm::Sha512,
        }
    }
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
                SignatureAlgorithm::RsaPss(PssParameters {
                    digest,
                    mgf: DigestAlgorithm::Sha224,
                    salt_length: 478,
                }),
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
            Ok(SignatureAlgorithm::RsaPss(PssParameters::of_digest(
                DigestAlgorithm::Sha1
            )))
        );
        let sha256 = hex(
            "304106092a864886f70d01010a3034a00f300d06096086480165030402010500\
             a11c301a06092a864886f70d010108300d06096086480165030402010500a203020120",
        );
        let algorithm =
            SignatureAlgorithm::RsaPss(PssParameters::of_digest(DigestAlgorithm::Sha256));
        assert_eq!(pss(&sha256), Ok(algorithm));
        let encoded = algorithm.algorithm_identifier().unwrap().to_der().unwrap();
        assert_eq!(encoded, sha256);
        assert_eq!(algorithm.name(), "rsa-pss-sha256");
    }
}
