//! The algorithms of a signer, signed: RFC 6211.
//!
//! A SignerInfo names its algorithms outside of what is signed, so that somebody could name others
//! under which the same octets verify.
//!
//! ```text
//! CMSAlgorithmProtection ::= SEQUENCE {
//!   digestAlgorithm        DigestAlgorithmIdentifier,
//!   signatureAlgorithm [1] SignatureAlgorithmIdentifier OPTIONAL,
//!   macAlgorithm       [2] MessageAuthenticationCodeAlgorithm OPTIONAL }
//! ```

use der::asn1::{Any, AnyRef};
use der::{Decode, Reader, SliceReader, Tag, TagNumber, Tagged};
use spki::AlgorithmIdentifierOwned;

use super::attributes::{AttributeError, SignedAttributes};
use super::signer_info::SignerInfo;
use crate::asn1::oid;

/// `[1] IMPLICIT`.
const SIGNATURE_ALGORITHM: Tag = Tag::ContextSpecific {
    constructed: true,
    number: TagNumber(1),
};

/// The digest and signature algorithm of a CMSAlgorithmProtection; `None` for what is none of a
/// signature.
pub(super) fn decode(der: &[u8]) -> Option<[AlgorithmIdentifierOwned; 2]> {
    let sequence = AnyRef::from_der(der).ok()?;
    if sequence.tag() != Tag::Sequence {
        return None;
    }
    let mut fields = SliceReader::new(sequence.value()).ok()?;
    let digest = fields.decode().ok()?;
    let signature: AnyRef<'_> = fields.decode().ok()?;
    fields.finish().ok()?;
    if signature.tag() != SIGNATURE_ALGORITHM {
        return None;
    }
    let signature = Any::new(Tag::Sequence, signature.value()).ok()?;
    Some([digest, signature.decode_as().ok()?])
}

impl SignerInfo {
    /// Compares the algorithms with the signed ones, where those are there (RFC 6211 section 2).
    pub(super) fn check_algorithm_protection(
        &self,
        attributes: &SignedAttributes,
    ) -> Result<(), AttributeError> {
        let Some([digest, signature]) = attributes.algorithm_protection()? else {
            return Ok(());
        };
        let same =
            same(&digest, &self.digest_algorithm) && same(&signature, &self.signature_algorithm);
        match same {
            true => Ok(()),
            false => Err(AttributeError::new(
                oid::CMS_ALGORITHM_PROTECTION,
                "names other algorithms than the signer",
            )),
        }
    }
}

/// Whether both are the same algorithm; programs differ in whether NULL parameters are written.
fn same(one: &AlgorithmIdentifierOwned, other: &AlgorithmIdentifierOwned) -> bool {
    let parameters = |identifier: &AlgorithmIdentifierOwned| {
        let parameters = identifier.parameters.clone();
        parameters.filter(|parameters| parameters.tag() != Tag::Null)
    };
    one.oid == other.oid && parameters(one) == parameters(other)
}
