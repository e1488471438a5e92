//! Quoted-printable (RFC 2045 section 6.7), as streams.

use std::io::{self, Read, Write};

use super::{READ_BUFFER, hand_out, invalid, read_some};

const ENCODING: &str = "quoted-printable";

/// What becomes of an `=` that starts neither an octet nor a soft line break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Escapes {
    /// It is an error.
    Strict,
    /// It stands for itself, as RFC 2045 recommends and as mail clients show it.
    Literal,
}

/// Decodes quoted-printable from a reader.
///
/// Blanks at the end of a line are transport padding and are deleted. Hard line breaks come out as
/// they are, LF or CRLF; octets that should have been encoded stand for themselves. A line of any
/// length is read, but not a run of blanks longer than the buffer.
pub struct QuotedPrintableDecoder<R> {
    reader: R,
    escapes: Escapes,
    raw: Vec<u8>,
    /// A line whose end has not been seen.
    line: Vec<u8>,
    decoded: Vec<u8>,
    taken: usize,
    ended: bool,
}

impl<R: Read> QuotedPrintableDecoder<R> {
    /// Makes a decoder of what `reader` gives.
    pub fn new(reader: R, escapes: Escapes) -> QuotedPrintableDecoder<R> {
        QuotedPrintableDecoder {
            reader,
            escapes,
            raw: Vec::new(),
            line: Vec::new(),
            decoded: Vec::new(),
            taken: 0,
            ended: false,
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
        self.ended = true;
        let line = std::mem::take(&mut self.line);
        decode_line(&line, self.escapes, &mut self.decoded)
    }

    fn decode(&mut self, raw: &[u8]) -> io::Result<()> {
        let mut start = 0;
        for end in memchr::memchr_iter(b'\n', raw) {
            let piece = &raw[start..=end];
            start = end + 1;
            if self.line.is_empty() {
                decode_line(piece, self.escapes, &mut self.decoded)?;
            } else {
                self.line.extend_from_slice(piece);
                let line = std::mem::take(&mut self.line);
                decode_line(&line, self.escapes, &mut self.decoded)?;
            }
        }
        self.line.extend_from_slice(&raw[start..]);
        if self.line.len() >= READ_BUFFER {
            self.decode_part_of_line()?;
        }
        Ok(())
    }

    /// Decodes as much of an endless line as does not depend on what follows.
    fn decode_part_of_line(&mut self) -> io::Result<()> {
        let blank = |octet: &u8| matches!(octet, b' ' | b'\t' | b'\r');
        let end = self.line.iter().rposition(|octet| !blank(octet));
        let certain = end.map_or(0, |end| end + 1);
        let tail = certain.saturating_sub(2);
        let certain = match memchr::memchr(b'=', &self.line[tail..certain]) {
            Some(escape) => tail + escape,
            None => certain,
        };
        if certain == 0 {
            return Err(invalid(ENCODING, "a line is endless white space"));
        }
        let rest = self.line.split_off(certain);
        let part = std::mem::replace(&mut self.line, rest);
        decode_escapes(&part, self.escapes, &mut self.decoded).map(|_| ())
    }
}

impl<R: Read> Read for QuotedPrintableDecoder<R> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        while self.taken == self.decoded.len() && !self.ended {
            self.decoded.clear();
            self.taken = 0;
            self.advance()?;
        }
        Ok(hand_out(&self.decoded, &mut self.taken, target))
    }
}

/// Decodes one line with its line end, if it has one.
fn decode_line(line: &[u8], escapes: Escapes, decoded: &mut Vec<u8>) -> io::Result<()> {
    let end = if line.ends_with(b"\r\n") {
        2
    } else {
        usize::from(line.ends_with(b"\n"))
    };
    let (text, line_end) = line.split_at(line.len() - end);
    let blank = |octet: &u8| matches!(octet, b' ' | b'\t');
    let length = text.iter().rposition(|octet| !blank(octet));
    let text = &text[..length.map_or(0, |last| last + 1)];
    if decode_escapes(text, escapes, decoded)? == Break::Hard {
        decoded.extend_from_slice(line_end);
    }
    Ok(())
}

#[derive(PartialEq, Eq)]
enum Break {
    Hard,
    Soft,
}

/// Decodes text without its line end, and tells what that is.
fn decode_escapes(text: &[u8], escapes: Escapes, decoded: &mut Vec<u8>) -> io::Result<Break> {
    let mut text = text;
    while let Some(escape) = memchr::memchr(b'=', text) {
        decoded.extend_from_slice(&text[..escape]);
        text = &text[escape + 1..];
        match text {
            [] => return Ok(Break::Soft),
            [high, low, rest @ ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                decoded.push(hex_value(*high) << 4 | hex_value(*low));
                text = rest;
            }
            _ if escapes == Escapes::Literal => decoded.push(b'='),
            _ => {
                return Err(invalid(
                    ENCODING,
                    "an `=` is followed by something else than two hex digits",
                ));
            }
        }
    }
    decoded.extend_from_slice(text);
    Ok(Break::Hard)
}

fn hex_value(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        _ => (digit & 0xDF) - b'A' + 10,
    }
}

/// Whether an octet needs encoding wherever it stands; CR and LF are not asked about.
pub(crate) fn needs_encoding(octet: u8) -> bool {
    octet == b'=' || !matches!(octet, b' '..=b'~' | b'\t')
}

/// The longest line, with its `=` of a soft line break.
const COLUMNS: usize = 76;

/// Octets that must be known to write the first of them: `-- ` and CRLF, and one to spare.
const LOOK_AHEAD: usize = 6;

/// Encodes text as quoted-printable into a sink.
///
/// CRLF is a hard line break; CR and LF that stand alone are encoded. Beyond what the standard
/// demands, no line of the result begins with a dot, with `From ` or with what could be a
/// delimiter of an enclosing multipart. [`QuotedPrintableEncoder::finish`] must be called.
pub struct QuotedPrintableEncoder<W> {
    sink: W,
    /// Octets not written yet, for want of those behind them.
    held: Vec<u8>,
    encoded: Vec<u8>,
    column: usize,
}

impl<W: Write> QuotedPrintableEncoder<W> {
    /// Makes an encoder; its lines end in CRLF.
    pub fn new(sink: W) -> QuotedPrintableEncoder<W> {
        QuotedPrintableEncoder {
            sink,
            held: Vec::new(),
            encoded: Vec::new(),
            column: 0,
        }
    }

    /// The sink, where what has been encoded so far can be taken out.
    pub(crate) fn sink_mut(&mut self) -> &mut W {
        &mut self.sink
    }

    /// Writes what is left and gives the sink back. The last line is ended if the text's is.
    ///
    /// # Errors
    /// Writing fails.
    pub fn finish(mut self) -> io::Result<W> {
        self.encode(0);
        self.sink.write_all(&self.encoded)?;
        Ok(self.sink)
    }

    /// Encodes what is held, except the last `keep` octets.
    fn encode(&mut self, keep: usize) {
        let held = std::mem::take(&mut self.held);
        let mut rest = &held[..];
        while rest.len() > keep {
            if rest.starts_with(b"\r\n") {
                self.encoded.extend_from_slice(b"\r\n");
                self.column = 0;
                rest = &rest[2..];
            } else {
                self.encode_octet(rest[0], &rest[1..]);
                rest = &rest[1..];
            }
        }
        self.held = rest.to_vec();
    }

    fn encode_octet(&mut self, octet: u8, after: &[u8]) {
        let ends_line = after.is_empty() || after.starts_with(b"\r\n");
        let width = |encode: bool| if encode { 3 } else { 1 };
        let mut encode = self.must_encode(octet, after, ends_line);
        let room = if ends_line { COLUMNS } else { COLUMNS - 1 };
        if self.column + width(encode) > room {
            self.encoded.extend_from_slice(b"=\r\n");
            self.column = 0;
            encode = self.must_encode(octet, after, ends_line);
        }
        if encode {
            const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
            let (high, low) = (usize::from(octet >> 4), usize::from(octet & 15));
            self.encoded.extend([b'=', DIGITS[high], DIGITS[low]]);
        } else {
            self.encoded.push(octet);
        }
        self.column += width(encode);
    }

    /// Whether an octet must be encoded at this place.
    fn must_encode(&self, octet: u8, after: &[u8], ends_line: bool) -> bool {
        match octet {
            b' ' | b'\t' => ends_line,
            b'.' => self.column == 0,
            b'F' => self.column == 0 && after.starts_with(b"rom "),
            b'-' => self.column == 0 && could_be_delimiter(after),
            octet => needs_encoding(octet),
        }
    }
}

/// Whether a line of `-` and what follows could be a delimiter. The separator of a mail signature,
/// two hyphens and at most one blank, is none.
fn could_be_delimiter(after: &[u8]) -> bool {
    let Some(boundary) = after.strip_prefix(b"-") else {
        return false;
    };
    let boundary = boundary.strip_prefix(b" ").unwrap_or(boundary);
    !boundary.is_empty() && !boundary.starts_with(b"\r\n")
}

impl<W: Write> Write for QuotedPrintableEncoder<W> {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        for part in octets.chunks(READ_BUFFER) {
            self.held.extend_from_slice(part);
            self.encode(LOOK_AHEAD);
            self.sink.write_all(&self.encoded)?;
            self.encoded.clear();
        }
        Ok(octets.len())
    }

    /// Flushes the sink; octets whose encoding depends on the next ones stay here.
    fn flush(&mut self) -> io::Result<()> {
        self.sink.flush()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::is_invalid_encoding;
    use super::super::tests::Chunked;
    use super::*;

    fn decode(encoded: &[u8], escapes: Escapes, chunk: usize) -> io::Result<Vec<u8>> {
        let mut decoded = Vec::new();
        QuotedPrintableDecoder::new(Chunked::new(encoded, chunk), escapes)
            .read_to_end(&mut decoded)
            .map(|_| decoded)
    }

    fn encode(octets: &[u8], chunk: usize) -> Vec<u8> {
        let mut encoder = QuotedPrintableEncoder::new(Vec::new());
        for part in octets.chunks(chunk) {
            encoder.write_all(part).unwrap();
        }
        encoder.finish().unwrap()
    }

    #[test]
    fn soft_breaks_padding_and_hex_are_read() {
        for (encoded, decoded) in [
            ("caf=C3=A9 =c3=a9\r\n", "caf\u{e9} \u{e9}\r\n"),
            ("one=\r\n two= \t\r\n three", "one two three"),
            ("blank  \t\r\nkept=20\n", "blank\r\nkept \n"),
            ("soft at the end=", "soft at the end"),
            ("raw \u{e9}\rCR", "raw \u{e9}\rCR"),
            (" \t", ""),
        ] {
            for chunk in [1, 2, 3, 1000] {
                let read = decode(encoded.as_bytes(), Escapes::Strict, chunk).unwrap();
                assert_eq!(read, decoded.as_bytes(), "{encoded:?}");
            }
        }
    }

    #[test]
    fn bad_escapes_are_errors_or_literal() {
        for text in ["a=b", "a=4", "?a==b", "x= 41", "=\rx"] {
            let error = decode(text.as_bytes(), Escapes::Strict, 100).unwrap_err();
            assert!(is_invalid_encoding(&error), "{text:?}");
            let literal = decode(text.as_bytes(), Escapes::Literal, 100).unwrap();
            assert_eq!(literal, text.as_bytes());
        }
    }

    #[test]
    fn endless_lines_are_read_in_parts() {
        let mut encoded = b"=41b  c".repeat(60_000);
        encoded.extend_from_slice(b"   ");
        let decoded = decode(&encoded, Escapes::Strict, 977).unwrap();
        assert_eq!(decoded, b"Ab  c".repeat(60_000));
        let blank = vec![b' '; 4 * READ_BUFFER];
        let error = decode(&blank, Escapes::Literal, READ_BUFFER).unwrap_err();
        assert!(is_invalid_encoding(&error));
    }

    #[test]
    fn hazards_are_encoded() {
        for (text, encoded) in [
            ("From me\r\nFromage", "=46rom me\r\nFromage"),
            (".\r\n..\r\n", "=2E\r\n=2E.\r\n"),
            ("a \r\nb\t\r\n ", "a=20\r\nb=09\r\n=20"),
            ("-- \r\n--x\r\n--\r\n-", "--=20\r\n=2D-x\r\n--\r\n-"),
            ("\r \n\0=", "=0D =0A=00=3D"),
            ("caf\u{e9}", "caf=C3=A9"),
        ] {
            for chunk in [1, 3, 100] {
                assert_eq!(
                    encode(text.as_bytes(), chunk),
                    encoded.as_bytes(),
                    "{text:?}"
                );
            }
        }
        let long = [&[b'x'; 75][..], b"--delimiter\r\n"].concat();
        let broken = [&[b'x'; 75][..], b"=\r\n=2D-delimiter\r\n"].concat();
        assert_eq!(encode(&long, 10), broken);
        let full = [b'x'; 76];
        assert_eq!(encode(&full, 10), full);
    }

    proptest! {
        #[test]
        fn what_was_encoded_decodes_and_is_safe(
            octets in prop_oneof![
                prop::collection::vec(any::<u8>(), 0..800),
                "(From |[ -~]{0,80}|\\.|--[a-z]{0,3}|[ \t]{0,80}|\r|\n|\r\n){0,30}"
                    .prop_map(String::into_bytes),
            ],
            chunk in 1usize..100,
        ) {
            let encoded = encode(&octets, chunk);
            prop_assert_eq!(&encoded, &encode(&octets, usize::MAX));
            for line in String::from_utf8(encoded.clone()).unwrap().split("\r\n") {
                prop_assert!(line.len() <= 76 && !line.ends_with([' ', '\t']), "{line:?}");
                prop_assert!(!line.starts_with('.') && !line.starts_with("From "), "{line:?}");
                prop_assert!(!line.starts_with("--") || line.len() <= 5, "{line:?}");
                prop_assert!(line.bytes().all(|octet| matches!(octet, b' '..=b'~' | b'\t')));
            }
            prop_assert_eq!(decode(&encoded, Escapes::Strict, chunk).unwrap(), octets);
        }

        #[test]
        fn chunks_do_not_matter(encoded in "[A-F= \t\r\n]{0,60}", chunk in 1usize..5) {
            for escapes in [Escapes::Strict, Escapes::Literal] {
                let whole = decode(encoded.as_bytes(), escapes, 1000).ok();
                prop_assert_eq!(whole, decode(encoded.as_bytes(), escapes, chunk).ok());
            }
        }
    }
}
