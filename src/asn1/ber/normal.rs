//! Brings bounded BER into the form that DER decoders take (X.690 section 10).
//!
//! Lengths become definite and minimal, strings primitive. Values, and the order of the elements
//! of a SET, stay as they are: what was signed must not change by being read. A constructed
//! element with a context-specific tag stays constructed, because an explicit tag looks the same
//! as an implicit one over a string in pieces; who knows the type reads it with
//! [`BerReader::octet_string`].

use super::{BerError, BerReader, Tag};
use crate::asn1::write;

/// An element that was read whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    /// The octets as received.
    pub raw: Vec<u8>,
    /// The same with definite minimal lengths and primitive strings; equal to `raw` if that was DER.
    pub der: Vec<u8>,
}

/// Normalizes one element, which must be all there is.
///
/// # Errors
/// It is malformed anywhere, nested too deeply, or followed by other octets.
pub fn to_der(ber: &[u8]) -> Result<Vec<u8>, BerError> {
    normalize(ber, 0)
}

/// Normalizes one element that stands at `depth` in an encoding.
pub(super) fn normalize(ber: &[u8], depth: usize) -> Result<Vec<u8>, BerError> {
    let mut reader = BerReader::at_depth(ber, depth);
    let mut der = Vec::with_capacity(ber.len());
    copy_element(&mut reader, &mut der)?;
    if reader.peek()?.is_some() {
        return Err(BerError::Invalid {
            offset: reader.offset(),
            what: "octets beyond the end of the element",
        });
    }
    Ok(der)
}

/// The recursion is bounded by the depth limit of the reader.
fn copy_element(reader: &mut BerReader<&[u8]>, der: &mut Vec<u8>) -> Result<(), BerError> {
    let tag = reader.peek()?;
    let (Some(tag), Some(header)) = (tag, reader.header) else {
        return Err(BerError::UnexpectedEnd {
            offset: reader.offset(),
        });
    };
    let wrong_form = (tag.constructed && tag.is_always_primitive())
        || (!tag.constructed && tag.is_always_constructed());
    if wrong_form {
        return Err(BerError::Invalid {
            offset: header.start,
            what: "type in a form that it cannot have",
        });
    }
    if let (false, Some(length)) = (tag.constructed, header.length) {
        tag.encode(der);
        write::encode_length(length, der);
        reader.header = None;
        return reader.copy(length, &mut |octets| {
            der.extend_from_slice(octets);
            Ok(())
        });
    }
    let start = der.len();
    if tag.is(Tag::BIT_STRING) {
        der.push(0);
        let mut unused = 0;
        copy_bits(reader, der, &mut unused)?;
        der[start] = unused;
    } else if tag.is(Tag::OCTET_STRING) || tag.is_character_string() {
        reader.header = None;
        reader.open_string(header, Tag::OCTET_STRING)?;
        loop {
            let octets = reader.string_octets()?;
            let ready = octets.len();
            if ready == 0 {
                break;
            }
            der.extend_from_slice(octets);
            reader.consume_string(ready);
        }
    } else {
        reader.enter(tag)?;
        while reader.peek()?.is_some() {
            copy_element(reader, der)?;
        }
        reader.leave()?;
        return insert_header(tag, start, der);
    }
    insert_header(tag.as_primitive(), start, der)
}

/// Appends the bits of the segments of a constructed BIT STRING (X.690 section 8.6.4).
fn copy_bits(
    reader: &mut BerReader<&[u8]>,
    der: &mut Vec<u8>,
    unused: &mut u8,
) -> Result<(), BerError> {
    reader.enter(Tag::BIT_STRING)?;
    while let Some(tag) = reader.peek()? {
        if tag == Tag::BIT_STRING.as_constructed() {
            copy_bits(reader, der, unused)?;
            continue;
        }
        let offset = reader.offset();
        let segment = reader.octet_string(Tag::BIT_STRING)?.read_all(usize::MAX)?;
        let what = match segment.split_first() {
            _ if *unused != 0 => "bits after an incomplete octet",
            Some((count, bits)) if *count < 8 && (*count == 0 || !bits.is_empty()) => {
                *unused = *count;
                der.extend_from_slice(bits);
                continue;
            }
            _ => "malformed BIT STRING",
        };
        return Err(BerError::Invalid { offset, what });
    }
    reader.leave()
}

/// Puts identifier and length before the content that begins at `start`.
fn insert_header(tag: Tag, start: usize, der: &mut Vec<u8>) -> Result<(), BerError> {
    let mut header = Vec::with_capacity(16);
    tag.encode(&mut header);
    write::encode_length((der.len() - start) as u64, &mut header);
    der.splice(start..start, header);
    Ok(())
}
