//! How much of one object may be held in memory, all its parts together.

use std::io::BufRead;

use der::Decode;

use super::error::CmsError;
use crate::asn1::ber::{BerReader, Element};
use crate::limits;

/// What may still be held in memory of one object.
pub(crate) struct SizeBudget(usize);

impl SizeBudget {
    /// The budget of one object.
    pub(crate) fn new() -> SizeBudget {
        SizeBudget(limits::OBJECT_SIZE)
    }

    /// Counts `octets` that are held.
    pub(crate) fn spend(&mut self, octets: usize) -> Result<(), CmsError> {
        let left = self.0.checked_sub(octets);
        self.0 = left.ok_or(CmsError::TooMany {
            what: "octets beside the content",
            limit: limits::OBJECT_SIZE,
        })?;
        Ok(())
    }

    /// Reads the next element whole.
    pub(crate) fn read_element<R: BufRead>(
        &mut self,
        reader: &mut BerReader<R>,
    ) -> Result<Element, CmsError> {
        let element = reader.read_element(limits::BER_ELEMENT)?;
        self.spend(element.raw.len())?;
        Ok(element)
    }

    /// Reads the next element whole and decodes it.
    pub(crate) fn decode<R: BufRead, T>(&mut self, reader: &mut BerReader<R>) -> Result<T, CmsError>
    where
        T: for<'a> Decode<'a, Error = der::Error>,
    {
        reader.peek()?;
        let start = reader.offset();
        let value = reader.decode(limits::BER_ELEMENT)?;
        self.spend(usize::try_from(reader.offset() - start).unwrap_or(usize::MAX))?;
        Ok(value)
    }
}
