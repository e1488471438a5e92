//! Shows the structure of an encoding, element by element, as far as it can be read.
//!
//! It goes over BER and DER of any size as a stream, holds no element, and looks into strings that
//! hold a further encoding, as extensions and keys do. Where the encoding breaks is told with the
//! reason, after everything that stands before it.

use std::io::{self, BufRead, Read};

use super::ber::{BerError, BerReader, ElementHeader, Tag, to_der};
use crate::limits;

mod value;

/// Whether values are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Values {
    /// They are, shortened.
    Shown,
    /// Only those that cannot be a secret: what holds private keys is shown so.
    Hidden,
}

/// One line of the structure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// How deeply it is nested.
    pub depth: usize,
    /// The offset of the element, from the first octet of the input.
    pub offset: u64,
    /// What it is.
    pub kind: LineKind,
}

/// What a [`Line`] shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineKind {
    /// An element.
    Element {
        /// Its tag.
        tag: Tag,
        /// The octets of its identifier and length.
        length_of_header: u64,
        /// The octets of its content; `None` when they end with end-of-contents octets.
        length: Option<u64>,
        /// Its value in short, if it has one to show.
        value: Option<String>,
    },
    /// The end-of-contents octets of an element of indefinite length.
    EndOfContents,
    /// Further pieces of a string, of which enough were shown.
    MorePieces {
        /// How many.
        count: u64,
        /// The octets of their contents.
        octets: u64,
    },
}

/// How a dump ended.
#[derive(Debug)]
pub enum Ending {
    /// All of the input was shown.
    Complete,
    /// The encoding breaks, or cannot be read further.
    Broken(BerError),
}

/// Octets of a string that are looked at for an encoding inside.
const INSIDE: usize = 64 << 10;

/// Pieces of one string that are shown.
const PIECES: u64 = 8;

/// Shows the elements of `input` in order.
///
/// # Errors
/// `show` fails; what is wrong with the input is an [`Ending`].
pub fn dump<R: BufRead>(
    input: R,
    values: Values,
    show: &mut dyn FnMut(&Line) -> io::Result<()>,
) -> io::Result<Ending> {
    let mut dump = Dump { values, show };
    match dump.elements(&mut BerReader::new(input), 0, 0) {
        Ok(()) => Ok(Ending::Complete),
        Err(Stop::Broken(error)) => Ok(Ending::Broken(error)),
        Err(Stop::Sink(error)) => Err(error),
    }
}

struct Dump<'a> {
    values: Values,
    show: &'a mut dyn FnMut(&Line) -> io::Result<()>,
}

enum Stop {
    Broken(BerError),
    Sink(io::Error),
}

impl From<BerError> for Stop {
    fn from(error: BerError) -> Stop {
        Stop::Broken(error)
    }
}

impl Dump<'_> {
    /// Shows the elements up to the end of the current one. The recursion is bounded by the depth
    /// limit of the reader, and by the same limit where a string is looked into.
    fn elements<R: BufRead>(
        &mut self,
        reader: &mut BerReader<R>,
        depth: usize,
        base: u64,
    ) -> Result<(), Stop> {
        let mut pieces = 0;
        let mut more = (0, 0, 0);
        while let Some(header) = reader.peek_encoding()? {
            pieces = match header.tag == Tag::OCTET_STRING {
                true => pieces + 1,
                false => 0,
            };
            if pieces > PIECES {
                if more.0 == 0 {
                    more.2 = base + header.offset;
                }
                more = (more.0 + 1, more.1 + header.length.unwrap_or(0), more.2);
                reader.skip()?;
                continue;
            }
            self.more_pieces(depth, std::mem::take(&mut more))?;
            if header.tag.constructed {
                self.element(depth, base, header, None)?;
                reader.enter(header.tag)?;
                self.elements(reader, depth + 1, base)?;
                if header.length.is_none() {
                    // Two octets, which the reader has passed.
                    let offset = base + reader.offset() - 2;
                    self.line(depth, offset, LineKind::EndOfContents)?;
                }
                reader.leave()?;
            } else {
                self.primitive(reader, depth, base, header)?;
            }
        }
        self.more_pieces(depth, more)
    }

    fn primitive<R: BufRead>(
        &mut self,
        reader: &mut BerReader<R>,
        depth: usize,
        base: u64,
        header: ElementHeader,
    ) -> Result<(), Stop> {
        let mut content = Vec::new();
        let mut string = reader.octet_string(header.tag)?.take(INSIDE as u64);
        let read = string.read_to_end(&mut content);
        let whole = header.length == Some(content.len() as u64);
        let value = value::short(header.tag, &content, header.length, self.values);
        self.element(depth, base, header, value)?;
        read.map_err(BerError::from)?;
        let inside = match header.tag {
            Tag::OCTET_STRING => Some(&content[..]),
            Tag::BIT_STRING => content.strip_prefix(&[0]),
            _ => None,
        };
        if let (true, Some(inside)) = (whole, inside)
            && depth < limits::BER_DEPTH
            && is_encoding(header.tag, inside)
        {
            let before = content.len() - inside.len();
            let base = base + header.offset + header.length_of_header + before as u64;
            self.elements(&mut BerReader::new(inside), depth + 1, base)?;
        }
        Ok(())
    }

    fn element(
        &mut self,
        depth: usize,
        base: u64,
        header: ElementHeader,
        value: Option<String>,
    ) -> Result<(), Stop> {
        let kind = LineKind::Element {
            tag: header.tag,
            length_of_header: header.length_of_header,
            length: header.length,
            value,
        };
        self.line(depth, base + header.offset, kind)
    }

    fn more_pieces(&mut self, depth: usize, more: (u64, u64, u64)) -> Result<(), Stop> {
        let (count, octets, offset) = more;
        match count {
            0 => Ok(()),
            _ => self.line(depth, offset, LineKind::MorePieces { count, octets }),
        }
    }

    fn line(&mut self, depth: usize, offset: u64, kind: LineKind) -> Result<(), Stop> {
        let line = Line {
            depth,
            offset,
            kind,
        };
        (self.show)(&line).map_err(Stop::Sink)
    }
}

/// Whether the content of a string is one whole encoding. Random octets seldom are; only structures
/// are believed in a BIT STRING, which has any bits.
fn is_encoding(string: Tag, content: &[u8]) -> bool {
    let Ok(Some(tag)) = BerReader::new(content).peek() else {
        return false;
    };
    let known = [
        Tag::BOOLEAN,
        Tag::INTEGER,
        Tag::BIT_STRING,
        Tag::OCTET_STRING,
        Tag::NULL,
        Tag::OBJECT_IDENTIFIER,
        Tag::UTF8_STRING,
        Tag::IA5_STRING,
        Tag::PRINTABLE_STRING,
    ];
    let structure = tag == Tag::SEQUENCE || tag == Tag::SET;
    let believed = structure || (string == Tag::OCTET_STRING && known.contains(&tag));
    believed && to_der(content).is_ok()
}

#[cfg(test)]
mod tests;
