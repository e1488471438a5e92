//! Parameters of RSASSA-PSS, RFC 4055 sections 1.2 and 3.1, and EMSA-PSS with two digests, RFC 8017
//! section 9.1.
//!
//! They stand in two places: beside a signature they say how it was made, beside a key they restrict
//! how it may be used.

use const_oid::db::rfc5912;
use der::Sequence;
use der::asn1::Any;
use spki::{AlgorithmIdentifierOwned, AlgorithmIdentifierRef};

use super::UnsupportedAlgorithm;
use super::digest::DigestAlgorithm;
use super::key::KeyError;
use super::signature::{decode_digest, decode_mgf1, mgf1_identifier};

/// How RSASSA-PSS encodes a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PssParameters {
    /// The digest of the message.
    pub digest: DigestAlgorithm,
    /// The digest of the mask generation function MGF1.
    pub mgf: DigestAlgorithm,
    /// The length of the salt in octets; the least one, beside a key.
    pub salt_length: usize,
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

impl PssParameters {
    /// One digest throughout, and a salt of its length: what is usual (RFC 4055 section 3.1).
    pub fn of_digest(digest: DigestAlgorithm) -> PssParameters {
        PssParameters {
            digest,
            mgf: digest,
            salt_length: digest.size(),
        }
    }

    /// Reads the parameters of a signature's AlgorithmIdentifier. There they must be present: an
    /// identifier without parameters belongs to a key.
    pub(super) fn decode(parameters: Option<&Any>) -> Result<PssParameters, UnsupportedAlgorithm> {
        let malformed = || UnsupportedAlgorithm::malformed(rfc5912::ID_RSASSA_PSS);
        let parameters: RsaPssParams = parameters
            .ok_or_else(malformed)?
            .decode_as()
            .map_err(|_: der::Error| malformed())?;
        if parameters.trailer_field.is_some_and(|field| field != 1) {
            return Err(malformed());
        }
        Ok(PssParameters {
            digest: decode_digest(parameters.hash.as_ref())?,
            mgf: decode_mgf1(parameters.mask_gen.as_ref())?,
            salt_length: parameters.salt_length.unwrap_or(20) as usize,
        })
    }

    /// Reads the parameters of a key's AlgorithmIdentifier: absent where nothing is restricted.
    pub(super) fn decode_restriction(
        algorithm: &AlgorithmIdentifierRef<'_>,
    ) -> Result<Option<PssParameters>, KeyError> {
        let Some(parameters) = algorithm.parameters else {
            return Ok(None);
        };
        PssParameters::decode(Some(&Any::from(parameters)))
            .map(Some)
            .map_err(|error| match error.oid {
                rfc5912::ID_RSASSA_PSS => KeyError::Malformed("RSASSA-PSS parameters"),
                digest => KeyError::Unsupported(digest),
            })
    }

    /// The parameters as they are written: complete, with NULL in the digest identifiers
    /// (RFC 4055 section 2.1).
    pub(super) fn to_any(self) -> Result<Any, UnsupportedAlgorithm> {
        let malformed = || UnsupportedAlgorithm::malformed(rfc5912::ID_RSASSA_PSS);
        let parameters = RsaPssParams {
            hash: Some(self.digest.algorithm_identifier_with_null()),
            mask_gen: Some(mgf1_identifier(self.mgf)?),
            salt_length: Some(u32::try_from(self.salt_length).map_err(|_| malformed())?),
            trailer_field: None,
        };
        Any::encode_from(&parameters).map_err(|_| malformed())
    }

    /// Whether a key that is restricted to these may be used with `signature`: the digests are the
    /// same, and the salt is no shorter (RFC 4055 section 3.3).
    pub fn permits(&self, signature: &PssParameters) -> bool {
        self.digest == signature.digest
            && self.mgf == signature.mgf
            && self.salt_length <= signature.salt_length
    }

    /// What to sign with, with a key that is restricted to these. Another digest may be asked for;
    /// signing with it then fails.
    pub(super) fn within(&self, digest: Option<DigestAlgorithm>) -> PssParameters {
        let digest = digest.unwrap_or(self.digest);
        PssParameters {
            digest,
            mgf: self.mgf,
            salt_length: self.salt_length.max(digest.size()),
        }
    }

    /// EMSA-PSS-VERIFY (RFC 8017 section 9.1.2), for parameters with two digests, which the `rsa`
    /// crate does not have. `encoded` is what the public key made of the signature, as long as the
    /// modulus, which has `modulus_bits` bits.
    ///
    /// Nothing here is secret, so nothing has to take the same time.
    pub(super) fn verify_encoded(
        &self,
        encoded: &[u8],
        modulus_bits: usize,
        digest: &[u8],
    ) -> bool {
        let bits = modulus_bits.saturating_sub(1);
        let hash_length = self.digest.size();
        // The modulus can have one octet more than the encoded message; it is zero then.
        let Some(surplus) = encoded.len().checked_sub(bits.div_ceil(8)) else {
            return false;
        };
        let (surplus, encoded) = encoded.split_at(surplus);
        let Some(block_length) = encoded.len().checked_sub(hash_length + 1) else {
            return false;
        };
        if surplus.iter().any(|octet| *octet != 0) {
            return false;
        }
        let (masked, rest) = encoded.split_at(block_length);
        let (hash, trailer) = rest.split_at(hash_length);
        let clear = 0xff_u8 >> (8 * encoded.len() - bits);
        if trailer != [0xbc] || masked.first().is_none_or(|first| first & !clear != 0) {
            return false;
        }
        let mut block = self.mask(hash, masked.len());
        for (octet, masked) in block.iter_mut().zip(masked) {
            *octet ^= masked;
        }
        block[0] &= clear;
        let Some(padding) = block.len().checked_sub(self.salt_length + 1) else {
            return false;
        };
        let (padding, separated) = block.split_at(padding);
        let Some((1, salt)) = separated.split_first() else {
            return false;
        };
        let mut hasher = self.digest.hasher();
        hasher.update(&[0; 8]);
        hasher.update(digest);
        hasher.update(salt);
        padding.iter().all(|octet| *octet == 0) && hasher.finish() == hash
    }

    /// MGF1 (RFC 8017 appendix B.2.1).
    fn mask(&self, seed: &[u8], length: usize) -> Vec<u8> {
        let mut mask = Vec::with_capacity(length + self.mgf.size());
        for counter in 0_u32.. {
            if mask.len() >= length {
                break;
            }
            let mut hasher = self.mgf.hasher();
            hasher.update(seed);
            hasher.update(&counter.to_be_bytes());
            mask.extend(hasher.finish());
        }
        mask.truncate(length);
        mask
    }
}
