//! One signer of a SignedData.
//!
//! ```text
//! SignerInfo ::= SEQUENCE {
//!   version CMSVersion,
//!   sid SignerIdentifier,
//!   digestAlgorithm DigestAlgorithmIdentifier,
//!   signedAttrs [0] IMPLICIT SignedAttributes OPTIONAL,
//!   signatureAlgorithm SignatureAlgorithmIdentifier,
//!   signature SignatureValue,
//!   unsignedAttrs [1] IMPLICIT UnsignedAttributes OPTIONAL }
//! ```
//!
//! RFC 5652 section 5.3. Here it is read; [`signer_check`](super::signer_check) judges it.

use std::io::BufRead;

use spki::AlgorithmIdentifierOwned;

use super::attributes::SignedAttributes;
use super::error::CmsError;
use super::identifier::CertificateIdentifier;
use super::size_budget::SizeBudget;
use crate::asn1::ber::{BerReader, Tag};
use crate::crypto::digest::DigestAlgorithm;
use crate::limits;
use crate::time::Time;

/// One signer, as received.
#[derive(Clone, Debug)]
pub struct SignerInfo {
    /// The version: 1 when `sid` is an issuer and serial number, else 3; many programs get it
    /// wrong, so nothing depends on it.
    pub version: u8,
    /// Names the signer's certificate.
    pub sid: CertificateIdentifier,
    /// The digest algorithm of the content and of the signed attributes.
    pub digest_algorithm: AlgorithmIdentifierOwned,
    /// What is signed beside the content's digest. Without them the content itself is signed.
    pub signed_attributes: Option<SignedAttributes>,
    /// The signature algorithm.
    pub signature_algorithm: AlgorithmIdentifierOwned,
    /// The signature.
    pub signature: Vec<u8>,
    /// The element `[1]` with the unsigned attributes, in DER. Nothing protects them;
    /// [`decode_set`](super::attributes::decode_set) reads them.
    pub unsigned_attributes: Option<Vec<u8>>,
}

impl SignerInfo {
    pub(crate) fn decode<R: BufRead>(
        reader: &mut BerReader<R>,
        budget: &mut SizeBudget,
    ) -> Result<SignerInfo, CmsError> {
        const MALFORMED: CmsError = CmsError::Malformed("SignerInfo");
        reader.enter(Tag::SEQUENCE)?;
        let version = budget.decode(reader)?;
        let sid = if reader.next_is(Tag::context(0))? {
            let mut identifier = reader.octet_string(Tag::context(0))?;
            CertificateIdentifier::KeyIdentifier(identifier.read_all(limits::KEY_IDENTIFIER)?)
        } else {
            let element = budget.read_element(reader)?;
            CertificateIdentifier::decode_issuer_serial(&element.der).ok_or(MALFORMED)?
        };
        let digest_algorithm = budget.decode(reader)?;
        let signed_attributes = if reader.peek()? == Some(Tag::context(0)) {
            let element = budget.read_element(reader)?;
            let malformed = CmsError::Malformed("signed attributes");
            Some(SignedAttributes::decode(element).ok_or(malformed)?)
        } else {
            None
        };
        let signature_algorithm = budget.decode(reader)?;
        let signature = reader
            .octet_string(Tag::OCTET_STRING)?
            .read_all(limits::SIGNATURE)?;
        let unsigned_attributes = if reader.peek()? == Some(Tag::context(1)) {
            Some(budget.read_element(reader)?.der)
        } else {
            None
        };
        reader.leave()?;
        Ok(SignerInfo {
            version,
            sid,
            digest_algorithm,
            signed_attributes,
            signature_algorithm,
            signature,
            unsigned_attributes,
        })
    }

    /// The digest algorithm, if it is a known one.
    pub fn digest(&self) -> Option<DigestAlgorithm> {
        DigestAlgorithm::from_oid(&self.digest_algorithm.oid)
    }

    /// The time that the signer claims, if the attribute is there and well-formed.
    pub fn signing_time(&self) -> Option<Time> {
        self.signed_attributes.as_ref()?.signing_time().ok()?
    }

    /// The DER of the signer's SMIMECapabilities, likewise.
    pub fn capabilities_der(&self) -> Option<Vec<u8>> {
        self.signed_attributes.as_ref()?.capabilities().ok()?
    }

    /// The certificate that the signer wants to be encrypted to, likewise.
    pub fn encryption_key_preference(&self) -> Option<CertificateIdentifier> {
        let attributes = self.signed_attributes.as_ref()?;
        attributes.encryption_key_preference().ok()?
    }
}
