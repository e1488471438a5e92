//! Text that no mail client shows, made safe for transport: delimiter lines, preambles, epilogues.
//!
//! Such text has no Content-Transfer-Encoding of its own, so what cannot be carried is replaced.

use std::io::{self, Write};

/// Octets of the longest line without its end (RFC 5322 section 2.1.1).
pub(super) const LINE: usize = 998;

/// Writes canonical text so that it is 7bit and survives relays; what does already stays.
///
/// White space at the end of a line is removed. Octets above 127, NUL and a CR that stands alone
/// become `?`; so does a dot that is a whole line, and the F of `From ` at the start of a line. A
/// line that is too long goes on in the next one, after a space. None of this makes a delimiter of
/// a line that was none. [`PlainLines::finish`] must be called.
pub(super) struct PlainLines<W> {
    sink: W,
    line: Vec<u8>,
}

impl<W: Write> PlainLines<W> {
    pub(super) fn new(sink: W) -> PlainLines<W> {
        PlainLines {
            sink,
            line: Vec::new(),
        }
    }

    pub(super) fn sink_mut(&mut self) -> &mut W {
        &mut self.sink
    }

    /// Writes what is left and gives the sink back.
    pub(super) fn finish(mut self) -> io::Result<W> {
        if self.line.len() > LINE {
            self.break_line()?;
        }
        self.write_line(false, b"")?;
        Ok(self.sink)
    }

    /// Takes octets up to a line end, or up to the octet that makes the line too long.
    fn take<'a>(&mut self, octets: &'a [u8]) -> io::Result<&'a [u8]> {
        let room = (LINE + 2).saturating_sub(self.line.len());
        let piece = &octets[..octets.len().min(room)];
        let line_feed = memchr::memchr(b'\n', piece);
        let taken = line_feed.map_or(piece.len(), |at| at + 1);
        self.line.extend_from_slice(&octets[..taken]);
        if let Some(line) = self.line.strip_suffix(b"\n") {
            let length = line.strip_suffix(b"\r").unwrap_or(line).len();
            self.line.truncate(length);
            self.write_line(false, b"\r\n")?;
        } else if self.line.len() == LINE + 2 {
            self.break_line()?;
        }
        Ok(&octets[taken..])
    }

    fn break_line(&mut self) -> io::Result<()> {
        let rest = self.line.split_off(LINE);
        self.write_line(true, b"\r\n")?;
        self.line.push(b' ');
        self.line.extend(rest);
        Ok(())
    }

    fn write_line(&mut self, broken: bool, line_end: &[u8]) -> io::Result<()> {
        let blank = |octet: &u8| matches!(octet, b' ' | b'\t');
        let length = self.line.iter().rposition(|octet| !blank(octet));
        self.line.truncate(length.map_or(0, |last| last + 1));
        let mut changed = broken;
        for octet in &mut self.line {
            if !octet.is_ascii() || matches!(octet, 0 | b'\r') {
                *octet = b'?';
                changed = true;
            }
        }
        let line = &mut self.line[..];
        if line == b"." || line.starts_with(b"From ") || (changed && line.starts_with(b"--")) {
            line[0] = b'?';
        }
        self.sink.write_all(line)?;
        self.sink.write_all(line_end)?;
        self.line.clear();
        Ok(())
    }
}

impl<W: Write> Write for PlainLines<W> {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        let mut rest = octets;
        while !rest.is_empty() {
            rest = self.take(rest)?;
        }
        Ok(octets.len())
    }

    /// Flushes the sink; an unfinished line stays here.
    fn flush(&mut self) -> io::Result<()> {
        self.sink.flush()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn plain(octets: &[u8], chunk: usize) -> Vec<u8> {
        let mut lines = PlainLines::new(Vec::new());
        for part in octets.chunks(chunk) {
            lines.write_all(part).unwrap();
        }
        lines.finish().unwrap()
    }

    #[test]
    fn only_hazards_change() {
        for (text, safe) in [
            ("This is a message.\r\n\r\n", "This is a message.\r\n\r\n"),
            ("--b \t\r\n  \r\nx ", "--b\r\n\r\nx"),
            ("caf\u{e9}\0\rx\r\n", "caf????x\r\n"),
            (
                ".\r\n..\r\nFrom me\r\nFrom \r\n",
                "?\r\n..\r\n?rom me\r\nFrom\r\n",
            ),
            ("--\u{e9}\r\n--x", "?-??\r\n--x"),
        ] {
            for chunk in [1, 2, 1000] {
                assert_eq!(plain(text.as_bytes(), chunk), safe.as_bytes(), "{text:?}");
            }
        }
    }

    #[test]
    fn only_lines_over_the_limit_are_broken() {
        let line = vec![b'x'; LINE];
        assert_eq!(plain(&line, 7), line);
        let ended = [&line[..], b"\r\n"].concat();
        assert_eq!(plain(&ended, 7), ended);
        let long = [&line[..], b"yz\r\n"].concat();
        assert_eq!(plain(&long, 7), [&line[..], b"\r\n yz\r\n"].concat());
        let long = [&line[..], b"y"].concat();
        assert_eq!(plain(&long, 7), [&line[..], b"\r\n y"].concat());
        // A beginning that is a delimiter once white space and the rest are gone.
        let hidden = [&b"--b"[..], &[b' '; LINE], b"x"].concat();
        assert!(plain(&hidden, 100).starts_with(b"?-b\r\n"));
    }

    proptest! {
        #[test]
        fn the_result_is_safe_and_stays(
            text in "(From |\\.|--|x|\u{e9}|\0|\r\n?|[ \t]|y{500}| {499}){0,12}",
            chunk in 1usize..600,
        ) {
            let once = plain(text.as_bytes(), chunk);
            prop_assert_eq!(&once, &plain(text.as_bytes(), usize::MAX));
            prop_assert_eq!(&once, &plain(&once, chunk));
            for line in String::from_utf8(once).unwrap().split("\r\n") {
                prop_assert!(line.len() <= LINE && !line.ends_with([' ', '\t']), "{line:?}");
                prop_assert!(line != "." && !line.starts_with("From "), "{line:?}");
                prop_assert!(!line.contains(['\0', '\r']), "{line:?}");
            }
        }
    }
}
