//! ContentInfo: the frame that says what a CMS object is.
//!
//! ```text
//! ContentInfo ::= SEQUENCE {
//!   contentType OBJECT IDENTIFIER,
//!   content [0] EXPLICIT ANY DEFINED BY contentType }
//! ```
//!
//! RFC 5652 section 3. The object is binary; taking it out of base64 or PEM is up to the caller.

use std::io::BufRead;

use der::asn1::ObjectIdentifier;

use super::compressed_data::CompressedData;
use super::enveloped_data::EnvelopedData;
use super::error::CmsError;
use super::signed_data::SignedData;
use crate::asn1::ber::{BerReader, Tag};
use crate::asn1::oid;
use crate::limits;
use crate::source::Source;

/// What a CMS object is.
pub enum Object {
    /// A SignedData.
    SignedData(Box<SignedData>),
    /// An EnvelopedData: encrypted, not authenticated.
    EnvelopedData(Box<EnvelopedData>),
    /// An AuthEnvelopedData: encrypted and authenticated.
    AuthEnvelopedData(Box<EnvelopedData>),
    /// A CompressedData.
    CompressedData(Box<CompressedData>),
    /// Another type, whose content was not looked at.
    Other(ObjectIdentifier),
}

/// Steps into a ContentInfo up to its content and gives the type of that.
///
/// # Errors
/// There is none, or it is malformed.
pub fn content_type<R: BufRead>(reader: &mut BerReader<R>) -> Result<ObjectIdentifier, CmsError> {
    reader.enter(Tag::SEQUENCE)?;
    let content_type = reader.decode(limits::BER_ELEMENT)?;
    reader.enter(Tag::context(0))?;
    Ok(content_type)
}

/// Steps out of a ContentInfo behind its content. Nothing but padding may follow.
///
/// # Errors
/// Something follows.
pub fn finish<R: BufRead>(reader: &mut BerReader<R>) -> Result<(), CmsError> {
    reader.leave()?;
    reader.leave()?;
    Ok(reader.end()?)
}

impl Object {
    /// The content type.
    pub fn content_type(&self) -> ObjectIdentifier {
        match self {
            Object::SignedData(_) => oid::SIGNED_DATA,
            Object::EnvelopedData(_) => oid::ENVELOPED_DATA,
            Object::AuthEnvelopedData(_) => oid::AUTH_ENVELOPED_DATA,
            Object::CompressedData(_) => oid::COMPRESSED_DATA,
            Object::Other(content_type) => *content_type,
        }
    }

    /// Reads a CMS object, in BER or DER, in one pass over `input`: straight from a transfer
    /// decoder, for instance.
    ///
    /// # Errors
    /// It is malformed, truncated or exceeds a limit, something follows it, or reading or spooling
    /// fails. An unknown content type is no error.
    pub fn decode<R: BufRead>(input: R) -> Result<Object, CmsError> {
        let mut reader = BerReader::new(input);
        let object = match content_type(&mut reader)? {
            oid::SIGNED_DATA => Object::SignedData(Box::new(SignedData::decode(&mut reader)?)),
            oid::ENVELOPED_DATA => {
                Object::EnvelopedData(Box::new(EnvelopedData::decode(&mut reader)?))
            }
            oid::AUTH_ENVELOPED_DATA => {
                let enveloped = EnvelopedData::decode_authenticated(&mut reader)?;
                Object::AuthEnvelopedData(Box::new(enveloped))
            }
            oid::COMPRESSED_DATA => {
                Object::CompressedData(Box::new(CompressedData::decode(&mut reader)?))
            }
            other => {
                reader.skip()?;
                Object::Other(other)
            }
        };
        finish(&mut reader)?;
        Ok(object)
    }
}

/// Reads the CMS object that `source` is, as [`Object::decode`] does.
///
/// # Errors
/// As there.
pub fn decode_object(source: &Source) -> Result<Object, CmsError> {
    Object::decode(source.reader())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asn1::write::DerWriter;

    fn object(content_type: &ObjectIdentifier, content: &[u8]) -> Vec<u8> {
        let mut out = DerWriter::new();
        out.sequence(|info| {
            info.oid(content_type).nested(Tag::context(0), |explicit| {
                explicit.raw(content);
            });
        });
        out.into_vec()
    }

    #[test]
    fn other_types_are_named_and_not_looked_at() {
        let octets = object(&oid::DIGESTED_DATA, &[0x30, 1, 0xff]);
        assert!(matches!(
            Object::decode(&octets[..]),
            Ok(Object::Other(oid::DIGESTED_DATA))
        ));
    }

    #[test]
    fn what_is_no_single_content_is_refused() {
        for octets in [
            Vec::new(),
            b"From: user@example.com\r\n".to_vec(),
            object(&oid::DATA, &[]),
            object(&oid::DATA, &[5, 0, 5, 0]),
            object(&oid::ENVELOPED_DATA, &[5, 0]),
            vec![0x30, 3, 6, 1, 42],
            vec![0x30, 0],
        ] {
            assert!(Object::decode(&octets[..]).is_err(), "{octets:02x?}");
        }
    }
}
