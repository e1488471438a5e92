//! Line ends (RFC 8551 section 3.1.1): the canonical form of text ends each line in CRLF.
//!
//! A signature is made and verified over that form, whatever line ends a message was stored with.
//! A CR that stands alone is not a line end and is left as it is.

use std::io::{self, Read, Write};

use crate::mail::LineEnding;
use crate::source::{Source, SourceReader};

/// Reads `source` in canonical form.
pub fn canonical_reader(source: &Source) -> CanonicalReader<SourceReader> {
    CanonicalReader::new(source.reader())
}

/// Turns every LF that has no CR before it into CRLF.
pub struct CanonicalReader<R> {
    reader: R,
    /// Octets that did not fit where they were asked for.
    held: Vec<u8>,
    taken: usize,
    after_cr: bool,
}

impl<R: Read> CanonicalReader<R> {
    /// Makes a reader of the canonical form of what `reader` gives.
    pub fn new(reader: R) -> CanonicalReader<R> {
        CanonicalReader {
            reader,
            held: Vec::new(),
            taken: 0,
            after_cr: false,
        }
    }
}

impl<R: Read> Read for CanonicalReader<R> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        if self.taken < self.held.len() {
            let rest = &self.held[self.taken..];
            let count = rest.len().min(target.len());
            target[..count].copy_from_slice(&rest[..count]);
            self.taken += count;
            return Ok(count);
        }
        let read = self.reader.read(target)?;
        let Some(&last) = target[..read].last() else {
            return Ok(0);
        };
        let after_cr = std::mem::replace(&mut self.after_cr, last == b'\r');
        let Some(first) = find_bare_line_feed(&target[..read], 0, after_cr) else {
            return Ok(read);
        };
        // What precedes the first bare LF is in place; the rest is longer than the room left.
        self.held.clear();
        self.taken = 0;
        let mut start = first;
        let mut next = Some(first);
        while let Some(at) = next {
            self.held.extend_from_slice(&target[start..at]);
            self.held.push(b'\r');
            start = at;
            next = find_bare_line_feed(&target[..read], at + 1, false);
        }
        self.held.extend_from_slice(&target[start..read]);
        let count = self.held.len().min(target.len() - first);
        target[first..first + count].copy_from_slice(&self.held[..count]);
        self.taken = count;
        Ok(first + count)
    }
}

/// The first LF at `from` or behind it that has no CR before it.
fn find_bare_line_feed(octets: &[u8], from: usize, after_cr: bool) -> Option<usize> {
    memchr::memchr_iter(b'\n', &octets[from..])
        .map(|at| from + at)
        .find(|&at| match at.checked_sub(1) {
            Some(before) => octets[before] != b'\r',
            None => !after_cr,
        })
}

/// Writes text in canonical form with the line ends chosen.
///
/// With [`LineEnding::Lf`] every CRLF becomes LF. Text without a CR or LF that stands alone has the
/// same canonical form before and after. [`LineEndWriter::finish`] must be called.
pub struct LineEndWriter<W> {
    sink: W,
    line_ending: LineEnding,
    /// A CR came whose next octet is not known.
    after_cr: bool,
    converted: Vec<u8>,
}

impl<W: Write> LineEndWriter<W> {
    /// Makes a writer into `sink`.
    pub fn new(sink: W, line_ending: LineEnding) -> LineEndWriter<W> {
        LineEndWriter {
            sink,
            line_ending,
            after_cr: false,
            converted: Vec::new(),
        }
    }

    /// Writes what is left and gives the sink back.
    ///
    /// # Errors
    /// Writing fails.
    pub fn finish(mut self) -> io::Result<W> {
        if self.after_cr {
            self.sink.write_all(b"\r")?;
        }
        Ok(self.sink)
    }
}

impl<W: Write> Write for LineEndWriter<W> {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        let (Some(&first), Some(&last), LineEnding::Lf) =
            (octets.first(), octets.last(), self.line_ending)
        else {
            return self.sink.write(octets);
        };
        let held_cr = std::mem::replace(&mut self.after_cr, last == b'\r');
        self.converted.clear();
        if held_cr && first != b'\n' {
            self.converted.push(b'\r');
        }
        let known = &octets[..octets.len() - usize::from(self.after_cr)];
        let mut start = 0;
        for at in memchr::memchr_iter(b'\n', known) {
            if at > 0 && known[at - 1] == b'\r' {
                self.converted.extend_from_slice(&known[start..at - 1]);
                start = at;
            }
        }
        self.converted.extend_from_slice(&known[start..]);
        self.sink.write_all(&self.converted)?;
        Ok(octets.len())
    }

    /// Flushes the sink; a CR whose next octet is not known stays here.
    fn flush(&mut self) -> io::Result<()> {
        self.sink.flush()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The definition, octet by octet.
    fn canonical(octets: &[u8]) -> Vec<u8> {
        let mut result = Vec::new();
        for &octet in octets {
            if octet == b'\n' && result.last() != Some(&b'\r') {
                result.push(b'\r');
            }
            result.push(octet);
        }
        result
    }

    fn read(octets: &[u8], chunk: usize, room: usize) -> Vec<u8> {
        struct Chunked<'a>(&'a [u8], usize);
        impl Read for Chunked<'_> {
            fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
                let count = target.len().min(self.1);
                self.0.read(&mut target[..count])
            }
        }
        let mut reader = CanonicalReader::new(Chunked(octets, chunk));
        let (mut result, mut buffer) = (Vec::new(), vec![0; room]);
        loop {
            match reader.read(&mut buffer).unwrap() {
                0 => return result,
                count => result.extend_from_slice(&buffer[..count]),
            }
        }
    }

    #[test]
    fn only_bare_line_feeds_change() {
        assert_eq!(
            read(b"a\nb\r\nc\rd\n\n\r\r\n", 100, 100),
            b"a\r\nb\r\nc\rd\r\n\r\n\r\r\n"
        );
        let source = Source::from_bytes(b"\n".to_vec());
        let mut text = String::new();
        canonical_reader(&source).read_to_string(&mut text).unwrap();
        assert_eq!(text, "\r\n");
    }

    proptest! {
        #[test]
        fn chunks_do_not_matter(
            text in "[a\r\n]{0,60}", chunk in 1usize..8, room in 1usize..8,
        ) {
            let expected = canonical(text.as_bytes());
            prop_assert_eq!(&read(text.as_bytes(), chunk, room), &expected);
            prop_assert_eq!(&read(text.as_bytes(), 1000, 1000), &expected);
            prop_assert_eq!(&read(&expected, chunk, room), &expected);
        }

        #[test]
        fn the_written_form_has_the_same_canonical_form(
            text in "(a|b|\r\n){0,40}", chunk in 1usize..8,
        ) {
            for line_ending in [LineEnding::Lf, LineEnding::Crlf] {
                let mut writer = LineEndWriter::new(Vec::new(), line_ending);
                for part in text.as_bytes().chunks(chunk) {
                    writer.write_all(part).unwrap();
                }
                let written = writer.finish().unwrap();
                let has_cr = line_ending == LineEnding::Crlf && text.contains('\r');
                prop_assert_eq!(written.contains(&b'\r'), has_cr);
                prop_assert_eq!(canonical(&written), text.as_bytes());
            }
        }

        #[test]
        fn what_stands_alone_is_written_as_it_is(text in "[a\r\n]{0,40}", chunk in 1usize..8) {
            let mut writer = LineEndWriter::new(Vec::new(), LineEnding::Lf);
            for part in text.as_bytes().chunks(chunk) {
                writer.write_all(part).unwrap();
            }
            let written = String::from_utf8(writer.finish().unwrap()).unwrap();
            prop_assert_eq!(written, text.replace("\r\n", "\n"));
        }
    }
}
