//! CompressedData: content made smaller by zlib.
//!
//! ```text
//! CompressedData ::= SEQUENCE {
//!   version CMSVersion,
//!   compressionAlgorithm CompressionAlgorithmIdentifier,
//!   encapContentInfo EncapsulatedContentInfo }
//! ```
//!
//! RFC 3274 section 1.1. It is read only, as a stream: the content goes into a spool as it is
//! decompressed. A few octets can stand for gigabytes, so how far it expands has bounds.

use std::io::{BufRead, Write};

use const_oid::ObjectIdentifier;
use flate2::{Decompress, FlushDecompress, Status};
use spki::AlgorithmIdentifierOwned;
use zeroize::Zeroizing;

use super::error::CmsError;
use super::size_budget::SizeBudget;
use crate::asn1::ber::{BerReader, Tag};
use crate::asn1::oid;
use crate::crypto::UnsupportedAlgorithm;
use crate::limits;
use crate::source::Source;
use crate::spool::Spool;

/// A CompressedData, as received.
pub struct CompressedData {
    /// The type of the content that is compressed.
    pub content_type: ObjectIdentifier,
    /// The content, or why it does not come out.
    pub content: Result<Source, DecompressionError>,
}

/// Why compressed content does not come out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecompressionError {
    /// It is compressed by another algorithm than zlib.
    #[error("compression: {0}")]
    Unsupported(#[source] UnsupportedAlgorithm),
    /// It is no whole zlib stream, or something follows it.
    #[error("the compressed content is damaged")]
    Damaged,
    /// It expands to more octets than are allowed for its size.
    #[error("the content expands to more than {0} octets")]
    Limit(u64),
}

/// Octets decompressed at a time.
const PIECE: usize = 64 << 10;

impl CompressedData {
    /// Reads a CompressedData, the next element of `reader`.
    ///
    /// Content that cannot be decompressed is no error here.
    ///
    /// # Errors
    /// The structure is malformed or exceeds a limit, or reading or spooling fails.
    pub fn decode<R: BufRead>(reader: &mut BerReader<R>) -> Result<CompressedData, CmsError> {
        let mut budget = SizeBudget::new();
        reader.enter(Tag::SEQUENCE)?;
        if !reader.next_is(Tag::INTEGER)? {
            return Err(CmsError::Malformed("version"));
        }
        reader.skip()?;
        let algorithm: AlgorithmIdentifierOwned = budget.decode(reader)?;
        reader.enter(Tag::SEQUENCE)?;
        let content_type = budget.decode(reader)?;
        if !reader.next_is(Tag::context(0))? {
            return Err(CmsError::Malformed("CompressedData: no content"));
        }
        reader.enter(Tag::context(0))?;
        let mut octets = reader.octet_string(Tag::OCTET_STRING)?;
        let content = match algorithm.oid {
            oid::ZLIB => decompress(&mut octets)?,
            other => Err(DecompressionError::Unsupported(
                UnsupportedAlgorithm::unknown(other),
            )),
        };
        for _ in 0..3 {
            reader.leave()?;
        }
        Ok(CompressedData {
            content_type,
            content,
        })
    }
}

/// Decompresses a zlib stream (RFC 1950), which has to end where `compressed` does.
fn decompress(
    compressed: &mut dyn BufRead,
) -> Result<Result<Source, DecompressionError>, CmsError> {
    let mut inflater = Decompress::new(true);
    let mut piece = Zeroizing::new(vec![0; PIECE]);
    let mut spool = Spool::new();
    loop {
        let octets = compressed.fill_buf()?;
        let is_end = octets.is_empty();
        let (read, written) = (inflater.total_in(), inflater.total_out());
        let Ok(status) = inflater.decompress(octets, &mut piece, FlushDecompress::None) else {
            return Ok(Err(DecompressionError::Damaged));
        };
        let taken = (inflater.total_in() - read) as usize; // at most the length of the buffer
        let given = (inflater.total_out() - written) as usize; // at most the length of the piece
        let limit = expansion_limit(inflater.total_in());
        if inflater.total_out() > limit {
            return Ok(Err(DecompressionError::Limit(limit)));
        }
        spool.write_all(&piece[..given])?;
        compressed.consume(taken);
        match status {
            Status::StreamEnd => break,
            _ if is_end && given == 0 => return Ok(Err(DecompressionError::Damaged)),
            _ => {}
        }
    }
    Ok(match compressed.fill_buf()?.is_empty() {
        true => Ok(Source::from_spool(spool)),
        false => Err(DecompressionError::Damaged),
    })
}

/// The octets that so many compressed ones may stand for.
fn expansion_limit(compressed: u64) -> u64 {
    compressed
        .saturating_mul(limits::EXPANSION_RATIO)
        .clamp(limits::EXPANSION_FREE, limits::DECOMPRESSED_SIZE)
}

#[cfg(test)]
mod tests;
