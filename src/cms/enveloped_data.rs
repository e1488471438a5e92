//! EnvelopedData: encrypted content and the recipients that have its key.
//!
//! ```text
//! EnvelopedData ::= SEQUENCE {
//!   version CMSVersion,
//!   originatorInfo [0] IMPLICIT OriginatorInfo OPTIONAL,
//!   recipientInfos RecipientInfos,
//!   encryptedContentInfo EncryptedContentInfo,
//!   unprotectedAttrs [1] IMPLICIT UnprotectedAttributes OPTIONAL }
//! EncryptedContentInfo ::= SEQUENCE {
//!   contentType ContentType,
//!   contentEncryptionAlgorithm ContentEncryptionAlgorithmIdentifier,
//!   encryptedContent [0] IMPLICIT OCTET STRING OPTIONAL }
//! ```
//!
//! RFC 5652 section 6.1. It is read as a stream: the ciphertext goes into a spool, the recipients
//! stay in memory under a limit. Certificates of the originator and attributes that nothing
//! protects are passed over.

use std::io::BufRead;

use const_oid::ObjectIdentifier;
use der::Decode;
use spki::AlgorithmIdentifierOwned;

use super::auth_enveloped_data::Authentication;
use super::error::CmsError;
use super::recipient_info::{self, RecipientInfo};
use super::size_budget::SizeBudget;
use crate::asn1::ber::{BerReader, Tag};
use crate::source::Source;
use crate::spool::Spool;

/// An EnvelopedData or AuthEnvelopedData, as received.
pub struct EnvelopedData {
    /// The recipients, in the order received.
    pub recipients: Vec<RecipientInfo>,
    /// The type of the content that is encrypted.
    pub content_type: ObjectIdentifier,
    /// The content-encryption algorithm, supported or not.
    pub content_encryption: AlgorithmIdentifierOwned,
    /// The ciphertext.
    pub encrypted_content: Source,
    /// What authenticates the content: there only in an AuthEnvelopedData.
    pub authentication: Option<Authentication>,
}

/// What both types begin with.
pub(super) struct Opening {
    pub(super) recipients: Vec<RecipientInfo>,
    pub(super) content_type: ObjectIdentifier,
    pub(super) content_encryption: AlgorithmIdentifierOwned,
    pub(super) encrypted_content: Source,
}

impl EnvelopedData {
    /// Reads an EnvelopedData, the next element of `reader`.
    ///
    /// # Errors
    /// It is malformed or exceeds a limit, or reading or spooling fails.
    pub fn decode<R: BufRead>(reader: &mut BerReader<R>) -> Result<EnvelopedData, CmsError> {
        let mut budget = SizeBudget::new();
        let opening = Opening::decode(reader, &mut budget)?;
        if reader.next_is(Tag::context(1))? {
            reader.skip()?;
        }
        reader.leave()?;
        Ok(opening.with(None))
    }

    /// Whether the content is authenticated once it is decrypted.
    pub fn is_authenticated(&self) -> bool {
        self.authentication.is_some()
    }
}

impl Opening {
    /// Steps into the structure and reads it up to the end of the EncryptedContentInfo.
    pub(super) fn decode<R: BufRead>(
        reader: &mut BerReader<R>,
        budget: &mut SizeBudget,
    ) -> Result<Opening, CmsError> {
        reader.enter(Tag::SEQUENCE)?;
        // Writers disagree about the version, and everything it says can be seen.
        if !reader.next_is(Tag::INTEGER)? {
            return Err(CmsError::Malformed("version"));
        }
        reader.skip()?;
        if reader.next_is(Tag::context(0))? {
            reader.skip()?;
        }
        let recipients = recipient_info::decode_all(reader, budget)?;
        reader.enter(Tag::SEQUENCE)?;
        let content_type = budget.decode(reader)?;
        let algorithm = budget.read_element(reader)?;
        let content_encryption = AlgorithmIdentifierOwned::from_der(&algorithm.der)
            .map_err(|_| CmsError::Malformed("AlgorithmIdentifier"))?;
        if !reader.next_is(Tag::context(0))? {
            return Err(CmsError::Malformed("EncryptedContentInfo: no content"));
        }
        let mut spool = Spool::of_ciphertext();
        reader.octet_string(Tag::context(0))?.copy_to(&mut spool)?;
        reader.leave()?;
        Ok(Opening {
            recipients,
            content_type,
            content_encryption,
            encrypted_content: Source::from_spool(spool),
        })
    }

    pub(super) fn with(self, authentication: Option<Authentication>) -> EnvelopedData {
        EnvelopedData {
            recipients: self.recipients,
            content_type: self.content_type,
            content_encryption: self.content_encryption,
            encrypted_content: self.encrypted_content,
            authentication,
        }
    }
}

#[cfg(test)]
mod tests;
