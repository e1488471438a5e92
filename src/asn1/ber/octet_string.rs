//! Octet strings as streams (X.690 section 8.7).
//!
//! A constructed OCTET STRING consists of OCTET STRINGs, primitive or constructed in turn. Their
//! headers are no content: a digest or cipher that sees them computes something else.

use std::io::{self, BufRead, Read, Write};

use super::header::Header;
use super::{BerError, BerReader, Tag, fill};

/// Where a reader stands within an open string.
pub(super) struct StringState {
    /// Open elements around the string.
    floor: usize,
    /// Octets left in the current primitive segment.
    left: u64,
    /// The tag that segments have.
    segment: Tag,
    /// A tag that segments of some writers have instead.
    alternative: Tag,
}

/// The content of an OCTET STRING, without the headers of its pieces.
///
/// An encoding error within the string comes as an [`io::Error`] that holds a [`BerError`].
pub struct OctetString<'a, R> {
    reader: &'a mut BerReader<R>,
}

impl<'a, R: BufRead> OctetString<'a, R> {
    pub(super) fn new(reader: &'a mut BerReader<R>) -> OctetString<'a, R> {
        OctetString { reader }
    }

    /// Copies what is left of the content to `sink` and says how many octets there were.
    ///
    /// # Errors
    /// The encoding is malformed, or reading or writing fails.
    pub fn copy_to(&mut self, sink: &mut dyn Write) -> Result<u64, BerError> {
        let mut total = 0;
        loop {
            let octets = self.reader.string_octets()?;
            if octets.is_empty() {
                return Ok(total);
            }
            let taken = octets.len();
            sink.write_all(octets)?;
            self.reader.consume_string(taken);
            total += taken as u64;
        }
    }

    /// Reads what is left of the content.
    ///
    /// # Errors
    /// The encoding is malformed, reading fails, or there are more than `limit` octets.
    pub fn read_all(&mut self, limit: usize) -> Result<Vec<u8>, BerError> {
        let offset = self.reader.offset;
        let mut content = Vec::new();
        loop {
            let octets = self.reader.string_octets()?;
            if octets.is_empty() {
                return Ok(content);
            }
            if octets.len() > limit - content.len() {
                return Err(BerError::TooLarge { offset, limit });
            }
            content.extend_from_slice(octets);
            let taken = octets.len();
            self.reader.consume_string(taken);
        }
    }
}

impl<R: BufRead> Read for OctetString<'_, R> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        if target.is_empty() || !self.reader.advance_string()? {
            return Ok(0);
        }
        // The inner reader, not its buffer: it may fill a large target without copying twice.
        let left = self.reader.string.as_ref().map_or(0, |state| state.left);
        let wanted = target
            .len()
            .min(usize::try_from(left).unwrap_or(usize::MAX));
        let read = self.reader.reader.read(&mut target[..wanted])?;
        if read == 0 {
            return Err(BerError::UnexpectedEnd {
                offset: self.reader.offset,
            }
            .into());
        }
        self.reader.count_string(read);
        Ok(read)
    }
}

impl<R: BufRead> BufRead for OctetString<'_, R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        Ok(self.reader.string_octets()?)
    }

    fn consume(&mut self, octets: usize) {
        self.reader.consume_string(octets);
    }
}

impl<R: BufRead> BerReader<R> {
    /// Opens the string behind `header`, whose segments have the tag `segment` or its own.
    pub(super) fn open_string(&mut self, header: Header, segment: Tag) -> Result<(), BerError> {
        let floor = self.frames.len();
        let left = if header.tag.constructed {
            self.push_frame(header)?;
            0
        } else {
            header.length.unwrap_or(0)
        };
        let alternative = match header.tag.is_character_string() {
            true => header.tag,
            false => segment,
        };
        self.string = Some(StringState {
            floor,
            left,
            segment,
            alternative,
        });
        Ok(())
    }

    /// Moves to the next octet of the open string; false at its end, which closes it.
    fn advance_string(&mut self) -> Result<bool, BerError> {
        loop {
            let (floor, segment, alternative) = match &self.string {
                None => return Ok(false),
                Some(state) if state.left > 0 => return Ok(true),
                Some(state) => (state.floor, state.segment, state.alternative),
            };
            if self.frames.len() == floor {
                self.string = None;
                return Ok(false);
            }
            self.peek_header()?;
            let Some(header) = self.header.take() else {
                self.frames.pop();
                continue;
            };
            if !header.tag.is(segment) && !header.tag.is(alternative) {
                return Err(BerError::Unexpected {
                    offset: header.start,
                    expected: segment,
                    found: Some(header.tag),
                });
            }
            if header.tag.constructed {
                self.push_frame(header)?;
            } else if let Some(state) = &mut self.string {
                state.left = header.length.unwrap_or(0);
            }
        }
    }

    /// The octets of the open string that are ready; none at its end.
    pub(super) fn string_octets(&mut self) -> Result<&[u8], BerError> {
        if !self.advance_string()? {
            return Ok(&[]);
        }
        let left = self.string.as_ref().map_or(0, |state| state.left);
        let offset = self.offset;
        let octets = fill(&mut self.reader)?;
        if octets.is_empty() {
            return Err(BerError::UnexpectedEnd { offset });
        }
        let ready = octets
            .len()
            .min(usize::try_from(left).unwrap_or(usize::MAX));
        Ok(&octets[..ready])
    }

    pub(super) fn consume_string(&mut self, octets: usize) {
        self.reader.consume(octets);
        self.count_string(octets);
    }

    fn count_string(&mut self, octets: usize) {
        self.offset += octets as u64;
        if let Some(state) = &mut self.string {
            state.left = state.left.saturating_sub(octets as u64);
        }
    }

    /// Passes over what is left of the open string.
    pub(super) fn finish_string(&mut self) -> Result<(), BerError> {
        while self.string.is_some() {
            let ready = self.string_octets()?.len();
            self.consume_string(ready);
        }
        Ok(())
    }
}
