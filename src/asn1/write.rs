//! Writes DER, and BER where the length of a content is not known yet (X.690 sections 8.1, 10).
//!
//! [`DerWriter`] builds what is small. [`StreamWriter`] writes a structure around one octet string
//! of any size, without holding it: in DER when its length is known beforehand, otherwise with
//! indefinite lengths and the string in pieces, as RFC 5652 section 5.2 has it for content that is
//! processed in one pass.

use std::io::{self, Write};

use const_oid::ObjectIdentifier;

use super::tag::Tag;

/// Appends the minimal definite length octets for `length`.
pub fn encode_length(length: u64, out: &mut Vec<u8>) {
    if length < 0x80 {
        out.push(length as u8);
        return;
    }
    let octets = length.to_be_bytes();
    let zeros = (length.leading_zeros() / 8) as usize;
    out.push(0x80 | (octets.len() - zeros) as u8);
    out.extend_from_slice(&octets[zeros..]);
}

/// The element of tag `tag` with that content, in DER.
pub fn element(tag: Tag, content: &[u8]) -> Vec<u8> {
    let mut out = header(tag, Some(content.len() as u64));
    out.extend_from_slice(content);
    out
}

/// Identifier and length octets; without a length, those of an indefinite one.
fn header(tag: Tag, length: Option<u64>) -> Vec<u8> {
    let mut out = Vec::with_capacity(16);
    tag.encode(&mut out);
    match length {
        Some(length) => encode_length(length, &mut out),
        None => out.push(0x80),
    }
    out
}

/// Builds nested DER in memory.
#[derive(Debug, Default)]
pub struct DerWriter {
    out: Vec<u8>,
}

impl DerWriter {
    /// Makes a writer of nothing yet.
    pub fn new() -> DerWriter {
        DerWriter::default()
    }

    /// The octets written.
    pub fn into_vec(self) -> Vec<u8> {
        self.out
    }

    /// Appends what is encoded already.
    pub fn raw(&mut self, der: &[u8]) -> &mut DerWriter {
        self.out.extend_from_slice(der);
        self
    }

    /// Appends an element with that content.
    pub fn element(&mut self, tag: Tag, content: &[u8]) -> &mut DerWriter {
        tag.encode(&mut self.out);
        encode_length(content.len() as u64, &mut self.out);
        self.raw(content)
    }

    /// Appends an element whose content is what `build` writes.
    pub fn nested(&mut self, tag: Tag, build: impl FnOnce(&mut DerWriter)) -> &mut DerWriter {
        let mut content = DerWriter::new();
        build(&mut content);
        self.element(tag, &content.out)
    }

    /// Appends a SEQUENCE of what `build` writes.
    pub fn sequence(&mut self, build: impl FnOnce(&mut DerWriter)) -> &mut DerWriter {
        self.nested(Tag::SEQUENCE, build)
    }

    /// Appends a SET OF the encoded `elements` under `tag`, in the order that DER demands.
    pub fn set_of(&mut self, tag: Tag, mut elements: Vec<Vec<u8>>) -> &mut DerWriter {
        elements.sort();
        self.element(tag, &elements.concat())
    }

    /// Appends a small INTEGER.
    pub fn integer(&mut self, value: u8) -> &mut DerWriter {
        self.unsigned(&[value])
    }

    /// Appends an INTEGER that is zero or more, given in big-endian octets.
    pub fn unsigned(&mut self, big_endian: &[u8]) -> &mut DerWriter {
        let zeros = big_endian.iter().take_while(|octet| **octet == 0).count();
        let mut content = Vec::with_capacity(big_endian.len() + 1);
        // A leading one bit would be a sign, and no octets would be no value.
        if big_endian.get(zeros).is_none_or(|first| *first >= 0x80) {
            content.push(0);
        }
        content.extend_from_slice(&big_endian[zeros..]);
        self.element(Tag::INTEGER, &content)
    }

    /// Appends an OBJECT IDENTIFIER.
    pub fn oid(&mut self, oid: &ObjectIdentifier) -> &mut DerWriter {
        self.element(Tag::OBJECT_IDENTIFIER, oid.as_bytes())
    }

    /// Appends an OCTET STRING.
    pub fn octet_string(&mut self, content: &[u8]) -> &mut DerWriter {
        self.element(Tag::OCTET_STRING, content)
    }

    /// Appends a BIT STRING of whole octets.
    pub fn bit_string(&mut self, octets: &[u8]) -> &mut DerWriter {
        let mut content = Vec::with_capacity(octets.len() + 1);
        content.push(0);
        content.extend_from_slice(octets);
        self.element(Tag::BIT_STRING, &content)
    }

    /// Appends NULL.
    pub fn null(&mut self) -> &mut DerWriter {
        self.element(Tag::NULL, &[])
    }
}

/// One constructed element on the way from the outermost to the streamed string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Level {
    /// Its tag.
    pub tag: Tag,
    /// The DER elements in it before the next level, or before the string.
    pub before: Vec<u8>,
    /// The number of octets in it after the next level; needed for DER only.
    pub after: u64,
}

/// Octets in one piece of a string of indefinite length.
pub const PIECE: usize = 64 << 10;

/// Writes a structure around one octet string, which is what is written to it.
///
/// The levels lead from the outermost element to the one that holds the string. What stands after
/// the string is given at the end, when it may have been computed from the content.
pub struct StreamWriter<W> {
    out: W,
    levels: usize,
    after: Vec<u64>,
    form: Form,
}

enum Form {
    /// Definite lengths: content octets that are still to come.
    Definite { left: u64 },
    /// Indefinite lengths: octets of the piece that is being filled.
    Indefinite { piece: Vec<u8> },
}

impl<W: Write> StreamWriter<W> {
    /// Writes everything before the content of the string, whose tag is `string`: OCTET STRING, or
    /// the implicit tag in its place. With `length` the encoding is DER, provided that the lengths
    /// of the levels are right.
    ///
    /// # Errors
    /// Writing fails, or the whole would be longer than a length can say.
    pub fn new(
        mut out: W,
        levels: &[Level],
        string: Tag,
        length: Option<u64>,
    ) -> io::Result<StreamWriter<W>> {
        let mut lengths = vec![None; levels.len()];
        if let Some(content) = length {
            let overflow = || io::Error::other("the length of the object exceeds 64 bits");
            let framing = header(string.as_primitive(), length).len() as u64;
            let mut inner = content.checked_add(framing).ok_or_else(overflow)?;
            for (level, place) in levels.iter().zip(&mut lengths).rev() {
                let length = inner
                    .checked_add(level.before.len() as u64)
                    .and_then(|sum| sum.checked_add(level.after))
                    .ok_or_else(overflow)?;
                *place = Some(length);
                let framing = header(level.tag, *place).len() as u64;
                inner = length.checked_add(framing).ok_or_else(overflow)?;
            }
        }
        for (level, length) in levels.iter().zip(lengths) {
            out.write_all(&header(level.tag.as_constructed(), length))?;
            out.write_all(&level.before)?;
        }
        let form = match length {
            Some(left) => {
                out.write_all(&header(string.as_primitive(), length))?;
                Form::Definite { left }
            }
            None => {
                out.write_all(&header(string.as_constructed(), None))?;
                Form::Indefinite { piece: Vec::new() }
            }
        };
        Ok(StreamWriter {
            out,
            levels: levels.len(),
            after: levels.iter().map(|level| level.after).collect(),
            form,
        })
    }

    /// Ends the string and writes what stands after it at each level, the outermost first.
    ///
    /// # Errors
    /// Writing fails; or, in DER, the content or `after` has not the length that was announced.
    pub fn finish(mut self, after: &[&[u8]]) -> io::Result<W> {
        let definite = match &self.form {
            Form::Definite { left: 0 } => true,
            Form::Definite { .. } => return Err(length_differs()),
            Form::Indefinite { piece } => {
                if !piece.is_empty() {
                    write_piece(&mut self.out, piece)?;
                }
                self.out.write_all(&[0, 0])?;
                false
            }
        };
        for index in (0..self.levels).rev() {
            let octets = after.get(index).copied().unwrap_or_default();
            if definite && self.after[index] != octets.len() as u64 {
                return Err(length_differs());
            }
            self.out.write_all(octets)?;
            if !definite {
                self.out.write_all(&[0, 0])?;
            }
        }
        Ok(self.out)
    }
}

fn length_differs() -> io::Error {
    io::Error::other("the content has not the length that was announced")
}

fn write_piece(out: &mut impl Write, piece: &[u8]) -> io::Result<()> {
    out.write_all(&header(Tag::OCTET_STRING, Some(piece.len() as u64)))?;
    out.write_all(piece)
}

impl<W: Write> Write for StreamWriter<W> {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        match &mut self.form {
            Form::Definite { left } => {
                let rest = left.checked_sub(octets.len() as u64);
                let rest = rest.ok_or_else(length_differs)?;
                self.out.write_all(octets)?;
                *left = rest;
                Ok(octets.len())
            }
            Form::Indefinite { piece } if piece.is_empty() && octets.len() >= PIECE => {
                write_piece(&mut self.out, &octets[..PIECE])?;
                Ok(PIECE)
            }
            Form::Indefinite { piece } => {
                let taken = octets.len().min(PIECE - piece.len());
                piece.extend_from_slice(&octets[..taken]);
                if piece.len() == PIECE {
                    write_piece(&mut self.out, piece)?;
                    piece.clear();
                }
                Ok(taken)
            }
        }
    }

    /// Does not end a piece: pieces have one size wherever the content is flushed.
    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asn1::ber::{BerReader, to_der};

    #[test]
    fn lengths_are_minimal() {
        for (length, octets) in [
            (0, &[0][..]),
            (127, &[127]),
            (128, &[0x81, 128]),
            (256, &[0x82, 1, 0]),
            (1 << 32, &[0x85, 1, 0, 0, 0, 0]),
            (
                u64::MAX,
                &[0x88, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            ),
        ] {
            let mut out = Vec::new();
            encode_length(length, &mut out);
            assert_eq!(out, octets);
        }
    }

    #[test]
    fn integers_are_minimal_and_not_negative() {
        for (given, content) in [
            (&[][..], &[0][..]),
            (&[0, 0], &[0]),
            (&[0x7f], &[0x7f]),
            (&[0, 0x80], &[0, 0x80]),
            (&[0xff, 1], &[0, 0xff, 1]),
        ] {
            let mut writer = DerWriter::new();
            writer.unsigned(given);
            assert_eq!(writer.into_vec(), element(Tag::INTEGER, content));
        }
    }

    #[test]
    fn sets_are_sorted() {
        let mut writer = DerWriter::new();
        writer.set_of(Tag::SET, vec![vec![4, 1, 9], vec![2, 1, 7], vec![2, 1, 3]]);
        assert_eq!(writer.into_vec(), [0x31, 9, 2, 1, 3, 2, 1, 7, 4, 1, 9]);
    }

    fn levels() -> [Level; 2] {
        let level = |tag, before: &[u8], after| Level {
            tag,
            before: before.to_vec(),
            after,
        };
        [
            level(Tag::SEQUENCE, &[6, 3, 42, 3, 4], 3),
            level(Tag::context(0), &[2, 1, 1], 0),
        ]
    }

    fn stream(content: &[u8], step: usize, length: Option<u64>) -> Vec<u8> {
        let mut out = StreamWriter::new(Vec::new(), &levels(), Tag::OCTET_STRING, length).unwrap();
        for piece in content.chunks(step) {
            out.write_all(piece).unwrap();
        }
        out.finish(&[&[1, 1, 0xff], &[]]).unwrap()
    }

    #[test]
    fn both_forms_say_the_same() {
        for size in [0, 1, 127, 128, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 5] {
            let content: Vec<u8> = (0..size).map(|i| i as u8).collect();
            let der = stream(&content, 1000, Some(size as u64));
            assert_eq!(to_der(&der).unwrap(), der);
            for step in [777, PIECE, 5 * PIECE] {
                let ber = stream(&content, step, None);
                assert_eq!(to_der(&ber).unwrap(), der, "{size} by {step}");
            }
        }
    }

    #[test]
    fn an_implicit_tag_replaces_that_of_the_whole_string_only() {
        let mut out = StreamWriter::new(Vec::new(), &levels(), Tag::context(0), None).unwrap();
        out.write_all(b"abc").unwrap();
        let ber = out.finish(&[]).unwrap();
        assert!(ber.ends_with(b"\xa0\x80\x04\x03abc\0\0\0\0\0\0"));
        let mut reader = BerReader::new(&ber[..]);
        reader.enter(Tag::SEQUENCE).unwrap();
        reader.skip().unwrap();
        reader.enter(Tag::context(0)).unwrap();
        reader.skip().unwrap();
        let mut string = reader.octet_string(Tag::context(0)).unwrap();
        assert_eq!(string.read_all(3).unwrap(), b"abc");
    }

    #[test]
    fn content_of_another_length_than_announced_is_an_error() {
        let start = |length| {
            StreamWriter::new(Vec::new(), &levels(), Tag::OCTET_STRING, Some(length)).unwrap()
        };
        let mut out = start(2);
        assert!(out.write_all(b"abc").is_err());
        let mut out = start(4);
        out.write_all(b"abc").unwrap();
        assert!(out.finish(&[&[1, 1, 0xff]]).is_err());
        let mut out = start(3);
        out.write_all(b"abc").unwrap();
        assert!(out.finish(&[&[1, 1]]).is_err());
    }
}
