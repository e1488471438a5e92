//! AuthEnvelopedData: encrypted content that is authenticated as well.
//!
//! ```text
//! AuthEnvelopedData ::= SEQUENCE {
//!   version CMSVersion,
//!   originatorInfo [0] IMPLICIT OriginatorInfo OPTIONAL,
//!   recipientInfos RecipientInfos,
//!   authEncryptedContentInfo EncryptedContentInfo,
//!   authAttrs [1] IMPLICIT AuthAttributes OPTIONAL,
//!   mac MessageAuthenticationCode,
//!   unauthAttrs [2] IMPLICIT UnauthAttributes OPTIONAL }
//! ```
//!
//! RFC 5083 section 2.1. The authenticated attributes come after the ciphertext but enter the
//! computation before it, so the ciphertext is kept until they are read.

use std::io::BufRead;

use super::enveloped_data::{EnvelopedData, Opening};
use super::error::CmsError;
use super::size_budget::SizeBudget;
use crate::asn1::ber::{BerReader, Tag};
use crate::asn1::write::DerWriter;
use crate::limits;

/// What an AuthEnvelopedData has beyond an EnvelopedData.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authentication {
    /// The authenticated attributes in the form that is authenticated: their DER, with the tag of
    /// a SET in place of `[1]` (RFC 5083 section 2.2).
    pub attributes: Option<Vec<u8>>,
    /// The authentication tag, of whatever length; empty if there is none.
    pub tag: Vec<u8>,
}

impl EnvelopedData {
    /// Reads an AuthEnvelopedData, the next element of `reader`.
    ///
    /// A tag that is missing is no error here: it is one that does not match.
    ///
    /// # Errors
    /// It is malformed or exceeds a limit, or reading or spooling fails.
    pub fn decode_authenticated<R: BufRead>(
        reader: &mut BerReader<R>,
    ) -> Result<EnvelopedData, CmsError> {
        let mut budget = SizeBudget::new();
        let opening = Opening::decode(reader, &mut budget)?;
        let attributes = match reader.next_is(Tag::context(1))? {
            true => Some(decode_attributes(reader, &mut budget)?),
            false => None,
        };
        let tag = match reader.next_is(Tag::OCTET_STRING)? {
            true => reader
                .octet_string(Tag::OCTET_STRING)?
                .read_all(limits::BER_ELEMENT)?,
            false => Vec::new(),
        };
        if reader.next_is(Tag::context(2))? {
            reader.skip()?;
        }
        reader.leave()?;
        Ok(opening.with(Some(Authentication { attributes, tag })))
    }
}

fn decode_attributes<R: BufRead>(
    reader: &mut BerReader<R>,
    budget: &mut SizeBudget,
) -> Result<Vec<u8>, CmsError> {
    let element = budget.read_element(reader)?;
    let mut fields = BerReader::new(&element.der[..]);
    fields.enter(Tag::context(1))?;
    let mut attributes = Vec::new();
    while fields.peek()?.is_some() {
        attributes.push(fields.read_raw(limits::BER_ELEMENT)?);
    }
    let mut out = DerWriter::new();
    out.set_of(Tag::SET, attributes);
    Ok(out.into_vec())
}
