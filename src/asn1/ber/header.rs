//! Identifier and length octets (X.690 sections 8.1.2 and 8.1.3).

use std::io::BufRead;

use super::{BerError, BerReader, Class, Tag, fill};

/// What stands before the content of an element.
#[derive(Clone, Copy)]
pub(super) struct Header {
    pub(super) tag: Tag,
    /// The number of content octets; `None` when they end with end-of-contents octets.
    pub(super) length: Option<u64>,
    /// Offset of the first identifier octet.
    pub(super) start: u64,
}

/// How an element is encoded, for who shows encodings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ElementHeader {
    /// The tag.
    pub tag: Tag,
    /// Offset of the first identifier octet.
    pub offset: u64,
    /// The octets of identifier and length.
    pub length_of_header: u64,
    /// The number of content octets; `None` when they end with end-of-contents octets.
    pub length: Option<u64>,
}

impl<R: BufRead> BerReader<R> {
    /// How the next element is encoded; `None` as for [`peek`](Self::peek).
    ///
    /// # Errors
    /// As there.
    pub fn peek_encoding(&mut self) -> Result<Option<ElementHeader>, BerError> {
        self.peek()?;
        Ok(self.header.map(|header| ElementHeader {
            tag: header.tag,
            offset: header.start,
            length_of_header: self.offset - header.start,
            length: header.length,
        }))
    }

    /// The tag of the next element within the current frame, string segments included.
    pub(super) fn peek_header(&mut self) -> Result<Option<Tag>, BerError> {
        if let Some(header) = self.header {
            return Ok(Some(header.tag));
        }
        match self.frames.last() {
            Some(frame) if frame.ended || frame.end == Some(self.offset) => return Ok(None),
            Some(_) => {}
            None if fill(&mut self.reader)?.is_empty() => return Ok(None),
            None => {}
        }
        self.header_octets.clear();
        let start = self.offset;
        let tag = self.read_tag(start)?;
        let length = self.read_length(start)?;
        if tag == Tag::universal(0) {
            self.read_end_of_contents(start, length)?;
            return Ok(None);
        }
        match length {
            None if !tag.constructed => Err(BerError::Invalid {
                offset: start,
                what: "primitive element of indefinite length",
            }),
            Some(length) if length > self.bound() - self.offset => Err(BerError::Invalid {
                offset: start,
                what: "element that is longer than the one around it",
            }),
            _ => {
                self.header = Some(Header { tag, length, start });
                Ok(Some(tag))
            }
        }
    }

    fn read_end_of_contents(&mut self, offset: u64, length: Option<u64>) -> Result<(), BerError> {
        match self.frames.last_mut() {
            // Exactly two octets: a length of zero in another form is not allowed here.
            Some(frame)
                if frame.end.is_none() && length == Some(0) && self.offset == offset + 2 =>
            {
                frame.ended = true;
                Ok(())
            }
            _ => Err(BerError::Invalid {
                offset,
                what: "misplaced end-of-contents octets",
            }),
        }
    }

    fn read_tag(&mut self, start: u64) -> Result<Tag, BerError> {
        let invalid = |what| BerError::Invalid {
            offset: start,
            what,
        };
        let first = self.read_octet()?;
        let class = match first >> 6 {
            0 => Class::Universal,
            1 => Class::Application,
            2 => Class::ContextSpecific,
            _ => Class::Private,
        };
        let mut number = u32::from(first & 0x1f);
        if number == 0x1f {
            number = 0;
            loop {
                let octet = self.read_octet()?;
                if number == 0 && octet == 0x80 {
                    return Err(invalid("tag number with a leading zero"));
                }
                if number > u32::MAX >> 7 {
                    return Err(invalid("tag number beyond 32 bits"));
                }
                number = number << 7 | u32::from(octet & 0x7f);
                if octet & 0x80 == 0 {
                    break;
                }
            }
            if number < 31 {
                return Err(invalid("small tag number in the form of large ones"));
            }
        }
        let constructed = first & 0x20 != 0;
        if class == Class::Universal && number == 0 && constructed {
            return Err(invalid("tag that is reserved"));
        }
        Ok(Tag {
            class,
            number,
            constructed,
        })
    }

    fn read_length(&mut self, start: u64) -> Result<Option<u64>, BerError> {
        let invalid = |what| BerError::Invalid {
            offset: start,
            what,
        };
        let count = match self.read_octet()? {
            0x80 => return Ok(None),
            0xff => return Err(invalid("length octet that is reserved")),
            short if short < 0x80 => return Ok(Some(u64::from(short))),
            long => long & 0x7f,
        };
        // BER allows leading zeros, so the number of octets alone decides nothing.
        let mut length: u64 = 0;
        for _ in 0..count {
            if length > u64::MAX >> 8 {
                return Err(invalid("length beyond 64 bits"));
            }
            length = length << 8 | u64::from(self.read_octet()?);
        }
        Ok(Some(length))
    }

    fn read_octet(&mut self) -> Result<u8, BerError> {
        if self.offset >= self.bound() {
            return Err(BerError::Invalid {
                offset: self.offset,
                what: "element that is longer than the one around it",
            });
        }
        let Some(&octet) = fill(&mut self.reader)?.first() else {
            return Err(BerError::UnexpectedEnd {
                offset: self.offset,
            });
        };
        self.reader.consume(1);
        self.offset += 1;
        self.header_octets.push(octet);
        Ok(octet)
    }
}
