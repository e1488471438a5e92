//! Base64 as a content transfer encoding (RFC 2045 section 6.8), as streams.
//!
//! Reading is generous about form and strict about the end: line lengths and characters outside
//! the alphabet do not matter, but what is there must be whole groups of four characters.

use std::io::{self, BufRead, Read, Write};
use std::sync::LazyLock;

use base64::Engine;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::GeneralPurposeConfig;

use super::{READ_BUFFER, hand_out, invalid, read_some};

const ENCODING: &str = "base64";

/// Padding is judged here, not by the engine. Unused bits of the last character may be set:
/// careless encoders do that, and the octets do not depend on them.
static READING: LazyLock<StandardBase64> = LazyLock::new(|| {
    engine(
        GeneralPurposeConfig::new()
            .with_decode_allow_trailing_bits(true)
            .with_decode_padding_mode(DecodePaddingMode::Indifferent),
    )
});

static WRITING: LazyLock<StandardBase64> = LazyLock::new(|| engine(GeneralPurposeConfig::new()));

#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
type StandardBase64 = base64::engine::Simd;
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
type StandardBase64 = base64::engine::GeneralPurpose;

/// The engine of the standard alphabet, by vector instructions where the processor has them.
fn engine(config: GeneralPurposeConfig) -> StandardBase64 {
    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
    return StandardBase64::standard(config);
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    StandardBase64::new(&base64::alphabet::STANDARD, config)
}

/// Appends a line. In pieces of a size that the compiler knows it takes a few instructions; musl
/// takes a hundred cycles for a copy of any small size.
fn append(octets: &mut Vec<u8>, line: &[u8]) {
    let (pieces, rest) = line.as_chunks::<16>();
    for piece in pieces {
        octets.extend_from_slice(piece);
    }
    for octet in rest {
        octets.push(*octet);
    }
}

/// 1 for the 64 characters of the alphabet, 0 for all others.
const IN_ALPHABET: [u8; 256] = {
    let mut table = [0; 256];
    let mut octet = 0u8;
    while octet < 128 {
        let member = octet.is_ascii_alphanumeric() || octet == b'+' || octet == b'/';
        table[octet as usize] = member as u8;
        octet += 1;
    }
    table
};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Data,
    /// One `=` came where there must be two.
    HalfPadded,
    End,
}

/// Decodes base64 from a reader.
///
/// Characters outside the alphabet are ignored. The first `=` ends the data, and what stands behind
/// the padding is not read: RFC 2045 takes padding as evidence that the end has been reached, and a
/// footer that a list appended is no data. Data that stops within a group is an error.
pub struct Base64Decoder<R> {
    reader: R,
    raw: Vec<u8>,
    /// Characters of the alphabet that are not decoded yet.
    characters: Vec<u8>,
    decoded: Vec<u8>,
    taken: usize,
    stage: Stage,
}

impl<R: Read> Base64Decoder<R> {
    /// Makes a decoder of what `reader` gives.
    pub fn new(reader: R) -> Base64Decoder<R> {
        Base64Decoder {
            reader,
            raw: Vec::new(),
            characters: Vec::new(),
            decoded: Vec::new(),
            taken: 0,
            stage: Stage::Data,
        }
    }

    /// Reads and decodes one buffer full.
    fn advance(&mut self) -> io::Result<()> {
        let mut raw = std::mem::take(&mut self.raw);
        raw.resize(READ_BUFFER, 0);
        let outcome = read_some(&mut self.reader, &mut raw).and_then(|read| match read {
            0 => self.end_of_input(),
            read => self.decode(&raw[..read]),
        });
        self.raw = raw;
        outcome
    }

    fn end_of_input(&mut self) -> io::Result<()> {
        self.stage = Stage::End;
        match self.characters.len() {
            0 => Ok(()),
            _ => Err(invalid(ENCODING, "it ends within a group of characters")),
        }
    }

    fn decode(&mut self, raw: &[u8]) -> io::Result<()> {
        if self.stage == Stage::HalfPadded {
            return self.second_padding(raw);
        }
        let padding = memchr::memchr(b'=', raw);
        let data = &raw[..padding.unwrap_or(raw.len())];
        let mut start = 0;
        for end in memchr::memchr_iter(b'\n', data) {
            let line = &data[start..end];
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            append(&mut self.characters, line);
            start = end + 1;
        }
        self.characters.extend_from_slice(&data[start..]);
        // Almost all encoders write nothing else than line ends between the characters.
        if self.decode_groups().is_err() {
            self.drop_foreign();
            self.decode_groups()?;
        }
        self.drop_foreign();
        let Some(padding) = padding else {
            return Ok(());
        };
        match self.characters.len() {
            0 => self.stage = Stage::End,
            2 => {
                self.stage = Stage::HalfPadded;
                return self.second_padding(&raw[padding + 1..]);
            }
            3 => {
                self.decode_characters(3)?;
                self.stage = Stage::End;
            }
            _ => return Err(invalid(ENCODING, "padding follows a single character")),
        }
        Ok(())
    }

    fn second_padding(&mut self, raw: &[u8]) -> io::Result<()> {
        let significant = |&&octet: &&u8| octet == b'=' || IN_ALPHABET[usize::from(octet)] == 1;
        match raw.iter().find(significant) {
            None => Ok(()),
            Some(b'=') => {
                self.decode_characters(2)?;
                self.stage = Stage::End;
                Ok(())
            }
            Some(_) => Err(invalid(ENCODING, "data goes on within the padding")),
        }
    }

    /// Removes what is not in the alphabet from the characters that are left.
    fn drop_foreign(&mut self) {
        let is_member = |octet: &u8| IN_ALPHABET[usize::from(*octet)] == 1;
        self.characters.retain(is_member);
    }

    /// Decodes and removes all whole groups.
    fn decode_groups(&mut self) -> io::Result<()> {
        let held = self.characters.len();
        self.decode_characters(held - held % 4)
    }

    /// Decodes and removes the first `count` characters; none if one of them is foreign.
    fn decode_characters(&mut self, count: usize) -> io::Result<()> {
        let held = self.decoded.len();
        self.decoded.resize(held + count.div_ceil(4) * 3, 0);
        let decoded = READING.decode_slice(&self.characters[..count], &mut self.decoded[held..]);
        self.decoded
            .truncate(held + decoded.as_ref().map_or(0, |written| *written));
        decoded.map_err(|_| invalid(ENCODING, "it has a foreign character"))?;
        self.characters.drain(..count);
        Ok(())
    }
}

impl<R: Read> Read for Base64Decoder<R> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        self.fill_buf()?;
        Ok(hand_out(&self.decoded, &mut self.taken, target))
    }
}

impl<R: Read> BufRead for Base64Decoder<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.taken == self.decoded.len() && self.stage != Stage::End {
            self.decoded.clear();
            self.taken = 0;
            self.advance()?;
        }
        Ok(&self.decoded[self.taken..])
    }

    fn consume(&mut self, octets: usize) {
        self.taken = (self.taken + octets).min(self.decoded.len());
    }
}

/// Encodes base64 into a sink, in lines.
///
/// Every line is ended, the last one too. [`Base64Encoder::finish`] must be called.
pub struct Base64Encoder<W> {
    sink: W,
    /// Octets that make up one line.
    line: usize,
    line_end: &'static [u8],
    /// Octets of a line that is not full yet.
    held: Vec<u8>,
    /// The characters of lines that are not separated yet.
    characters: Vec<u8>,
    encoded: Vec<u8>,
}

impl<W: Write> Base64Encoder<W> {
    /// Makes an encoder of lines of `columns` characters, rounded down to whole groups.
    pub fn new(sink: W, columns: usize, line_end: &'static [u8]) -> Base64Encoder<W> {
        Base64Encoder {
            sink,
            line: (columns / 4).max(1) * 3,
            line_end,
            held: Vec::new(),
            characters: Vec::new(),
            encoded: Vec::new(),
        }
    }

    /// The sink, where what has been encoded so far can be taken out.
    pub(crate) fn sink_mut(&mut self) -> &mut W {
        &mut self.sink
    }

    /// Writes what is left and gives the sink back.
    ///
    /// # Errors
    /// Writing fails.
    pub fn finish(mut self) -> io::Result<W> {
        let held = std::mem::take(&mut self.held);
        self.encode_lines(&held)?;
        self.sink.write_all(&self.encoded)?;
        Ok(self.sink)
    }

    /// Encodes whole lines; the last one may be shorter.
    fn encode_lines(&mut self, octets: &[u8]) -> io::Result<()> {
        let columns = self.line / 3 * 4;
        let together = (READ_BUFFER / columns).max(1) * self.line;
        for lines in octets.chunks(together) {
            self.characters.resize(lines.len().div_ceil(3) * 4, 0);
            WRITING
                .encode_slice(lines, &mut self.characters)
                .map_err(io::Error::other)?;
            for line in self.characters.chunks(columns) {
                append(&mut self.encoded, line);
                append(&mut self.encoded, self.line_end);
            }
            if self.encoded.len() >= READ_BUFFER {
                self.sink.write_all(&self.encoded)?;
                self.encoded.clear();
            }
        }
        Ok(())
    }
}

impl<W: Write> Write for Base64Encoder<W> {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        let mut rest = octets;
        if !self.held.is_empty() {
            let (filling, after) = rest.split_at(rest.len().min(self.line - self.held.len()));
            self.held.extend_from_slice(filling);
            rest = after;
            if self.held.len() == self.line {
                let held = std::mem::take(&mut self.held);
                self.encode_lines(&held)?;
            }
        }
        let (lines, remainder) = rest.split_at(rest.len() - rest.len() % self.line);
        self.encode_lines(lines)?;
        self.held.extend_from_slice(remainder);
        Ok(octets.len())
    }

    /// Flushes the sink; the characters of an unfinished line stay here.
    fn flush(&mut self) -> io::Result<()> {
        self.sink.write_all(&self.encoded)?;
        self.encoded.clear();
        self.sink.flush()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::is_invalid_encoding;
    use super::super::tests::Chunked;
    use super::*;

    fn decode(encoded: &[u8]) -> io::Result<Vec<u8>> {
        let mut decoded = Vec::new();
        Base64Decoder::new(encoded)
            .read_to_end(&mut decoded)
            .map(|_| decoded)
    }

    fn encode(octets: &[u8], columns: usize) -> Vec<u8> {
        let mut encoder = Base64Encoder::new(Vec::new(), columns, b"\r\n");
        encoder.write_all(octets).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn form_does_not_matter() {
        for encoded in [
            "SGVsbG8sIHdvcmxkIQ==",
            "SGVsbG8sIHdvcmxkIQ==\r\n",
            "SGVs\r\nbG8sIHdv\ncmxkIQ==",
            "SGVsbG8sIHdv  \r\ncmxkIQ==\t\r\n\r\n",
            "S-G*V.sbG8s\u{e9}IHdvcm\0xkIQ=\r\n=",
            "SGVs\rbG8sIHdvcmxkIQ=*=",
            "SGVsbG8sIHdvcmxkIQ*\r\n==",
            "\r\n\r\nSGVsbG8sIHdvcmxkIR==",
        ] {
            assert_eq!(
                decode(encoded.as_bytes()).unwrap(),
                b"Hello, world!",
                "{encoded:?}"
            );
        }
        assert_eq!(decode(b"").unwrap(), b"");
        assert_eq!(decode(b" \r\n").unwrap(), b"");
    }

    #[test]
    fn padding_ends_the_data() {
        assert_eq!(decode(b"QQ==\r\n-- \r\nlist footer\r\n").unwrap(), b"A");
        assert_eq!(decode(b"QUI=QUI=").unwrap(), b"AB");
        assert_eq!(decode(b"QUJD=\r\n").unwrap(), b"ABC");
        assert_eq!(decode(b"QUJD====").unwrap(), b"ABC");
    }

    #[test]
    fn a_broken_group_is_an_error() {
        for encoded in ["Q", "QQ", "QUI", "QUJDQ", "QQ=", "QQ=Q", "Q=", "QUJDQ==="] {
            let error = decode(encoded.as_bytes()).unwrap_err();
            assert!(is_invalid_encoding(&error), "{encoded:?}");
        }
    }

    #[test]
    fn lines_have_the_width_asked_for() {
        assert_eq!(encode(b"", 76), b"");
        assert_eq!(encode(b"A", 76), b"QQ==\r\n");
        for octets in [1, 47, 48, 49, 96, 100, 100_000] {
            let encoded = encode(&vec![7; octets], 64);
            assert!(encoded.ends_with(b"\r\n"));
            let lines: Vec<&[u8]> = encoded[..encoded.len() - 2]
                .split(|&octet| octet == b'\n')
                .map(|line| line.strip_suffix(b"\r").unwrap_or(line))
                .collect();
            assert_eq!(lines.len(), octets.div_ceil(48));
            let (last, full) = lines.split_last().unwrap();
            assert!(full.iter().all(|line| line.len() == 64) && last.len() <= 64);
        }
    }

    proptest! {
        #[test]
        fn what_was_encoded_decodes(
            octets in prop::collection::vec(any::<u8>(), 0..2000),
            columns in 1usize..100,
            chunk in 1usize..300,
        ) {
            let mut encoder = Base64Encoder::new(Vec::new(), columns, b"\n");
            for part in octets.chunks(chunk) {
                encoder.write_all(part).unwrap();
            }
            let encoded = encoder.finish().unwrap();
            let mut decoded = Vec::new();
            Base64Decoder::new(Chunked::new(&encoded, chunk)).read_to_end(&mut decoded).unwrap();
            prop_assert_eq!(decoded, octets);
        }

        #[test]
        fn chunks_do_not_matter(encoded in "[A-Z=\r\n *]{0,60}", chunk in 1usize..5) {
            let whole = decode(encoded.as_bytes()).ok();
            let mut decoded = Vec::new();
            let chunked = Base64Decoder::new(Chunked::new(encoded.as_bytes(), chunk))
                .read_to_end(&mut decoded).ok().map(|_| decoded);
            prop_assert_eq!(whole, chunked);
        }
    }
}
