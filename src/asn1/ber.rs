//! Reads BER, and so DER, as a stream (X.690 section 8).
//!
//! Outlook, NSS, Bouncy Castle and `openssl -stream` send indefinite lengths, non-minimal lengths
//! and strings in pieces. [`BerReader`] walks such an encoding element by element; octet strings of
//! any size come out as a stream, everything else is read whole under a limit. [`to_der`] brings
//! what was read whole into the form that DER decoders take. What types the elements should have
//! is up to the caller.

mod header;
mod normal;
mod octet_string;

#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) mod transcoding;

use std::io::{self, BufRead};

pub use self::header::ElementHeader;
pub use self::normal::{Element, to_der};
pub use self::octet_string::OctetString;
pub use super::tag::{Class, Tag};

use self::header::Header;
use self::octet_string::StringState;
use crate::limits;

/// Why an encoding cannot be read. Offsets count from the first octet given to the reader.
#[derive(Debug, thiserror::Error)]
pub enum BerError {
    /// The octets cannot be had.
    #[error("{0}")]
    Io(#[source] io::Error),
    /// The octets are not BER.
    #[error("{what} at octet {offset}")]
    Invalid {
        /// Where.
        offset: u64,
        /// What is wrong.
        what: &'static str,
    },
    /// Another element stands where `expected` belongs, or none does.
    #[error("{} where {expected} belongs at octet {offset}", found_text(.found))]
    Unexpected {
        /// Where.
        offset: u64,
        /// The tag that was asked for.
        expected: Tag,
        /// The tag that is there; `None` at the end of the enclosing element or of the input.
        found: Option<Tag>,
    },
    /// A bounded value does not decode as the type that belongs there.
    #[error("malformed value at octet {offset}: {source}")]
    Value {
        /// Where the element begins.
        offset: u64,
        /// What the decoder says.
        source: der::Error,
    },
    /// Elements are nested beyond [`limits::BER_DEPTH`].
    #[error("elements nested too deeply at octet {offset}")]
    TooDeep {
        /// Where.
        offset: u64,
    },
    /// An element that is read whole is larger than the limit.
    #[error("element of more than {limit} octets at octet {offset}")]
    TooLarge {
        /// Where the element begins.
        offset: u64,
        /// The limit that was reached.
        limit: usize,
    },
    /// The input ends within an element.
    #[error("the encoding ends too early, at octet {offset}")]
    UnexpectedEnd {
        /// The length of the input.
        offset: u64,
    },
}

fn found_text(found: &Option<Tag>) -> String {
    match found {
        Some(tag) => format!("unexpected {tag}"),
        None => "nothing".to_owned(),
    }
}

/// Takes a [`BerError`] that travelled inside an [`io::Error`] out again.
impl From<io::Error> for BerError {
    fn from(error: io::Error) -> BerError {
        error.downcast::<BerError>().unwrap_or_else(BerError::Io)
    }
}

impl From<BerError> for io::Error {
    fn from(error: BerError) -> io::Error {
        match error {
            BerError::Io(error) => error,
            error => io::Error::other(error),
        }
    }
}

impl BerError {
    /// The same error, of an encoding that began at `base`.
    fn based(self, base: u64) -> BerError {
        match self {
            BerError::Invalid { offset, what } => BerError::Invalid {
                offset: base + offset,
                what,
            },
            BerError::Unexpected {
                offset,
                expected,
                found,
            } => BerError::Unexpected {
                offset: base + offset,
                expected,
                found,
            },
            BerError::Value { offset, source } => BerError::Value {
                offset: base + offset,
                source,
            },
            BerError::TooDeep { offset } => BerError::TooDeep {
                offset: base + offset,
            },
            BerError::TooLarge { offset, limit } => BerError::TooLarge {
                offset: base + offset,
                limit,
            },
            BerError::UnexpectedEnd { offset } => BerError::UnexpectedEnd {
                offset: base + offset,
            },
            BerError::Io(error) => BerError::Io(error),
        }
    }
}

/// An element that was stepped into.
struct Frame {
    /// Offset of its end; `None` when its length is indefinite.
    end: Option<u64>,
    /// The nearest end among it and those around it.
    bound: u64,
    /// Whether the end-of-contents octets were read.
    ended: bool,
}

/// Reads the elements of a BER encoding in order.
///
/// Definite lengths are held against those of the enclosing elements as they are read, so an
/// element that claims to be longer than its parent is an error before its content is looked at.
pub struct BerReader<R> {
    reader: R,
    offset: u64,
    frames: Vec<Frame>,
    /// Depth at which this encoding stands in another one.
    depth: usize,
    header: Option<Header>,
    /// The octets that `header` was read from.
    header_octets: Vec<u8>,
    string: Option<StringState>,
}

impl<R: BufRead> BerReader<R> {
    /// Reads from the first octet that `reader` yields.
    pub fn new(reader: R) -> BerReader<R> {
        BerReader::at_depth(reader, 0)
    }

    fn at_depth(reader: R, depth: usize) -> BerReader<R> {
        BerReader {
            reader,
            offset: 0,
            frames: Vec::new(),
            depth,
            header: None,
            header_octets: Vec::new(),
            string: None,
        }
    }

    /// The offset of the next element, or of the next octet of an open string.
    pub fn offset(&self) -> u64 {
        self.header.map_or(self.offset, |header| header.start)
    }

    /// The tag of the next element; `None` at the end of the current element or of the input.
    ///
    /// # Errors
    /// The next octets are no identifier and length, or the element does not fit into those around
    /// it.
    pub fn peek(&mut self) -> Result<Option<Tag>, BerError> {
        self.finish_string()?;
        self.peek_header()
    }

    /// Whether the next element has the class and number of `tag`.
    ///
    /// # Errors
    /// As [`peek`](Self::peek).
    pub fn next_is(&mut self, tag: Tag) -> Result<bool, BerError> {
        Ok(self.peek()?.is_some_and(|next| next.is(tag)))
    }

    /// Steps into the next element, which must be constructed and have the class and number of
    /// `tag`.
    ///
    /// # Errors
    /// It is another element, or is nested too deeply.
    pub fn enter(&mut self, tag: Tag) -> Result<(), BerError> {
        let header = self.require(tag)?;
        if !header.tag.constructed {
            return Err(BerError::Invalid {
                offset: header.start,
                what: "primitive element where a constructed one belongs",
            });
        }
        self.push_frame(header)
    }

    /// Steps out of the current element, which must have been read to its end.
    ///
    /// # Errors
    /// There is a further element, or the end is malformed.
    pub fn leave(&mut self) -> Result<(), BerError> {
        let what = match (self.peek()?, self.frames.pop()) {
            (None, Some(_)) => return Ok(()),
            (None, None) => "no element to step out of",
            (Some(_), _) => "element beyond the end of its structure",
        };
        Err(BerError::Invalid {
            offset: self.offset(),
            what,
        })
    }

    /// Reads the next element whole, as received and in DER form.
    ///
    /// # Errors
    /// There is none, it is malformed anywhere, or has more than `limit` octets.
    pub fn read_element(&mut self, limit: usize) -> Result<Element, BerError> {
        let start = self.peek().map(|_| self.offset())?;
        let depth = self.depth + self.frames.len();
        let raw = self.read_raw(limit)?;
        let der = normal::normalize(&raw, depth).map_err(|error| error.based(start))?;
        Ok(Element { raw, der })
    }

    /// Reads the next element whole, as received, without looking into definite-length ones: a
    /// malformed certificate must not spoil the set that it is in.
    ///
    /// # Errors
    /// There is none, its framing is malformed, or it has more than `limit` octets.
    pub fn read_raw(&mut self, limit: usize) -> Result<Vec<u8>, BerError> {
        self.peek()?;
        let offset = self.offset();
        let mut raw = Vec::new();
        self.walk(&mut |octets| {
            if octets.len() > limit - raw.len() {
                return Err(BerError::TooLarge { offset, limit });
            }
            raw.extend_from_slice(octets);
            Ok(())
        })?;
        Ok(raw)
    }

    /// Reads the next element whole and decodes it as a DER type.
    ///
    /// # Errors
    /// It is malformed, of another type, or has more than `limit` octets.
    pub fn decode<T>(&mut self, limit: usize) -> Result<T, BerError>
    where
        T: for<'a> der::Decode<'a, Error = der::Error>,
    {
        self.peek()?;
        let offset = self.offset();
        let element = self.read_element(limit)?;
        T::from_der(&element.der).map_err(|source| BerError::Value { offset, source })
    }

    /// Passes over the next element, of whatever size.
    ///
    /// # Errors
    /// There is none, or its framing is malformed.
    pub fn skip(&mut self) -> Result<(), BerError> {
        self.peek()?;
        self.walk(&mut |_| Ok(()))
    }

    /// Opens the next element, an OCTET STRING with the class and number of `tag`, as a stream of
    /// its content.
    ///
    /// The string may be primitive or constructed, and then nested to any form. For an implicitly
    /// tagged one `tag` is the tag that stands in its place, such as `[0]`. What is left unread of
    /// the string is passed over when the reader is used next.
    ///
    /// # Errors
    /// It is another element, or is nested too deeply.
    pub fn octet_string(&mut self, tag: Tag) -> Result<OctetString<'_, R>, BerError> {
        let header = self.require(tag)?;
        self.open_string(header, Tag::OCTET_STRING)?;
        Ok(OctetString::new(self))
    }

    /// Checks that the encoding ends here, but for octets that are zero, with which some writers
    /// pad, and line ends, which editors add to a file of any kind.
    ///
    /// # Errors
    /// An element is still open, or other octets follow.
    pub fn end(&mut self) -> Result<(), BerError> {
        self.finish_string()?;
        if let (Some(_), offset) = (self.header, self.offset()) {
            let what = "octets beyond the end of the object";
            return Err(BerError::Invalid { offset, what });
        }
        if !self.frames.is_empty() {
            let what = "element that was not read to its end";
            return Err(BerError::Invalid {
                offset: self.offset,
                what,
            });
        }
        loop {
            let octets = fill(&mut self.reader)?;
            let read = octets.len();
            if read == 0 {
                return Ok(());
            }
            let padding = |octet: &&u8| matches!(**octet, 0 | b'\r' | b'\n');
            let padding = octets.iter().take_while(padding).count();
            self.reader.consume(padding);
            self.offset += padding as u64;
            if padding < read {
                return Err(BerError::Invalid {
                    offset: self.offset,
                    what: "octets beyond the end of the object",
                });
            }
        }
    }

    /// Takes the header of the next element, whose tag must be `tag`.
    fn require(&mut self, tag: Tag) -> Result<Header, BerError> {
        match (self.peek()?, self.header) {
            (Some(found), Some(header)) if found.is(tag) => {
                self.header = None;
                Ok(header)
            }
            (found, _) => Err(BerError::Unexpected {
                offset: self.offset(),
                expected: tag,
                found,
            }),
        }
    }

    fn push_frame(&mut self, header: Header) -> Result<(), BerError> {
        if self.depth + self.frames.len() >= limits::BER_DEPTH {
            return Err(BerError::TooDeep {
                offset: header.start,
            });
        }
        // The header was held against the bound when it was read, so the sum cannot overflow.
        let end = header.length.map(|length| self.offset + length);
        let bound = end.unwrap_or_else(|| self.bound());
        self.frames.push(Frame {
            end,
            bound,
            ended: false,
        });
        Ok(())
    }

    fn bound(&self) -> u64 {
        self.frames.last().map_or(u64::MAX, |frame| frame.bound)
    }

    /// Hands all octets of the next element to `sink`. Its header must have been peeked at.
    fn walk(
        &mut self,
        sink: &mut dyn FnMut(&[u8]) -> Result<(), BerError>,
    ) -> Result<(), BerError> {
        let floor = self.frames.len();
        loop {
            match self.header.take() {
                Some(header) => {
                    sink(&self.header_octets)?;
                    match header.length {
                        Some(length) => self.copy(length, sink)?,
                        None => self.push_frame(header)?,
                    }
                }
                None if self.frames.len() > floor => {
                    sink(&[0, 0])?;
                    self.frames.pop();
                }
                None => {
                    return Err(BerError::Invalid {
                        offset: self.offset,
                        what: "nothing where an element belongs",
                    });
                }
            }
            if self.frames.len() == floor {
                return Ok(());
            }
            self.peek_header()?;
        }
    }

    /// Hands the next `length` octets to `sink`.
    fn copy(
        &mut self,
        length: u64,
        sink: &mut dyn FnMut(&[u8]) -> Result<(), BerError>,
    ) -> Result<(), BerError> {
        let mut left = length;
        while left > 0 {
            let octets = fill(&mut self.reader)?;
            if octets.is_empty() {
                return Err(BerError::UnexpectedEnd {
                    offset: self.offset,
                });
            }
            let piece = octets
                .len()
                .min(usize::try_from(left).unwrap_or(usize::MAX));
            sink(&octets[..piece])?;
            self.reader.consume(piece);
            self.offset += piece as u64;
            left -= piece as u64;
        }
        Ok(())
    }
}

/// The octets that are ready; none at the end of the input.
fn fill<R: BufRead>(reader: &mut R) -> Result<&[u8], BerError> {
    loop {
        match reader.fill_buf() {
            Ok(_) => break,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    // A second call, because the borrow of the first cannot leave the loop.
    Ok(reader.fill_buf()?)
}
