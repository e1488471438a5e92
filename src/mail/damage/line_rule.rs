//! Changes of text line by line, as a stream.

use std::io::{self, BufRead, BufReader, Read};

/// A line that is held whole; a longer one is gone through in pieces.
const LINE: u64 = 64 << 10;

/// What is done to every line, or to the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LineRule {
    /// Line ends become LF.
    BareLineFeed,
    /// A CR before the line end goes.
    DropDoubledCr,
    /// White space at the end goes.
    StripBlanks,
    /// The line `--` becomes the separator of a text signature (RFC 3676 section 4.3).
    SignatureSeparator,
    /// A line of at least so many octets that goes on in the next gets the space that says so (RFC
    /// 3676 section 4.1).
    FlowedBlanks(usize),
    /// `>From ` at the start, with any number of `>`, loses one.
    UnescapeFrom,
    /// `From ` at the start becomes `>From `.
    EscapeFrom,
    /// Two dots at the start become one.
    UndoubleDots,
    /// A dot at the start becomes two.
    DoubleDots,
    /// A line of so many octets and the mark goes on in the next, which begins with the indent; that
    /// may be counted or not.
    Join {
        length: usize,
        mark: &'static [u8],
        indent: &'static [u8],
    },
    /// Spaces up to a tab stop become a tab.
    Unexpand { width: usize, leading: bool },
    /// Tabs become spaces.
    Expand { width: usize },
    /// A NUL comes before the line end.
    NulAtLineEnd,
    /// The last line loses its end.
    DropFinalLineEnd,
    /// One more line end at the end.
    AddFinalLineEnd,
    /// Empty lines at the end go.
    DropFinalEmptyLines,
    /// Soft line breaks of quoted-printable are made anew, for lines of so many octets.
    SoftBreaks(usize),
    /// Hex digits of quoted-printable become upper or lower case.
    Escapes { upper: bool },
    /// Lines of base64 get so many characters.
    Base64Lines(usize),
}

/// A line, or a piece of one that is too long.
struct Line {
    text: Vec<u8>,
    end: &'static [u8],
    /// Whether it is the start of a line.
    begins: bool,
    /// Octets of the indent that was taken off.
    indent: usize,
}

/// Reads lines through a rule.
pub(super) struct LineReader<R> {
    reader: BufReader<R>,
    rule: LineRule,
    next: Option<Line>,
    begins: bool,
    started: bool,
    /// Text of lines that were put together.
    joined: Vec<u8>,
    /// Line ends that are written only if something follows.
    withheld: Vec<u8>,
    out: Vec<u8>,
    taken: usize,
}

impl<R: Read> LineReader<R> {
    pub(super) fn new(reader: R, rule: LineRule) -> LineReader<R> {
        LineReader {
            reader: BufReader::new(reader),
            rule,
            next: None,
            begins: true,
            started: false,
            joined: Vec::new(),
            withheld: Vec::new(),
            out: Vec::new(),
            taken: 0,
        }
    }

    fn read_line(&mut self) -> io::Result<Option<Line>> {
        let mut text = Vec::new();
        (&mut self.reader).take(LINE).read_until(b'\n', &mut text)?;
        if text.is_empty() {
            return Ok(None);
        }
        let end: &[u8] = match text.as_slice() {
            [.., b'\r', b'\n'] => b"\r\n",
            [.., b'\n'] => b"\n",
            _ => b"",
        };
        text.truncate(text.len() - end.len());
        let begins = std::mem::replace(&mut self.begins, !end.is_empty());
        Ok(Some(Line {
            text,
            end,
            begins,
            indent: 0,
        }))
    }

    /// Puts the next line through the rule; `false` at the end.
    fn advance(&mut self) -> io::Result<bool> {
        if !self.started {
            self.started = true;
            self.next = self.read_line()?;
        }
        let Some(line) = self.next.take() else {
            return Ok(false);
        };
        self.next = self.read_line()?;
        self.apply(line);
        Ok(true)
    }

    fn apply(&mut self, mut line: Line) {
        let is_last = self.next.is_none();
        match self.rule {
            LineRule::SoftBreaks(columns) => return self.soft_breaks(&line, columns),
            LineRule::Base64Lines(columns) => return self.base64_lines(&line, columns),
            LineRule::Join {
                length,
                mark,
                indent,
            } => self.join(&mut line, length, mark, indent),
            LineRule::BareLineFeed if !line.end.is_empty() => line.end = b"\n",
            LineRule::DropFinalLineEnd if is_last => line.end = b"",
            LineRule::AddFinalLineEnd if is_last => self.withheld.extend_from_slice(b"\r\n"),
            LineRule::DropFinalEmptyLines if line.text.is_empty() => {
                self.withheld.extend_from_slice(line.end);
                return;
            }
            LineRule::FlowedBlanks(least) => self.flow(&mut line, least),
            rule => rule.change(&mut line),
        }
        if self.rule == LineRule::DropFinalEmptyLines {
            self.out.append(&mut self.withheld);
        }
        self.out.extend_from_slice(&line.text);
        self.out.extend_from_slice(line.end);
        self.out.append(&mut match self.rule {
            LineRule::AddFinalLineEnd => std::mem::take(&mut self.withheld),
            _ => Vec::new(),
        });
    }

    fn join(&mut self, line: &mut Line, length: usize, mark: &[u8], indent: &[u8]) {
        let Some(text) = line.text.strip_suffix(mark) else {
            return;
        };
        let is_full = text.len() == length || text.len() + line.indent == length;
        let Some(next) = self.next.as_mut().filter(|_| is_full) else {
            return;
        };
        if next.text.starts_with(indent) && next.begins {
            line.text.truncate(line.text.len() - mark.len());
            line.end = b"";
            next.text.drain(..indent.len());
            next.indent = indent.len();
        }
    }

    fn flow(&self, line: &mut Line, least: usize) {
        let goes_on = self.next.as_ref().is_some_and(|next| !next.text.is_empty());
        let is_separator = line.text == b"--";
        if is_separator || (goes_on && line.text.len() >= least && !line.text.ends_with(b" ")) {
            line.text.push(b' ');
        }
    }

    fn soft_breaks(&mut self, line: &Line, columns: usize) {
        let soft = line.text.strip_suffix(b"=").filter(|_| self.next.is_some());
        self.joined.extend_from_slice(soft.unwrap_or(&line.text));
        if soft.is_some() {
            return;
        }
        let joined = std::mem::take(&mut self.joined);
        let mut rest = &joined[..];
        while rest.len() > columns {
            let mut cut = columns - 1;
            // An escape stays whole.
            if let Some(escape) = memchr::memrchr(b'=', &rest[..cut])
                && escape + 3 > cut
            {
                cut = escape;
            }
            self.out.extend_from_slice(&rest[..cut]);
            self.out.extend_from_slice(b"=\r\n");
            rest = &rest[cut..];
        }
        self.out.extend_from_slice(rest);
        self.out.extend_from_slice(line.end);
    }

    fn base64_lines(&mut self, line: &Line, columns: usize) {
        self.joined.extend_from_slice(line.text.trim_ascii());
        let mut start = 0;
        while self.joined.len() - start > columns {
            self.out
                .extend_from_slice(&self.joined[start..start + columns]);
            self.out.extend_from_slice(b"\r\n");
            start += columns;
        }
        self.joined.drain(..start);
        let ends = self.next.as_ref().is_none_or(|next| next.text.is_empty());
        if ends {
            self.out.append(&mut self.joined);
            self.out.extend_from_slice(line.end);
        }
    }
}

impl LineRule {
    /// The change of a line that does not depend on its neighbors.
    fn change(self, line: &mut Line) {
        let text = &mut line.text;
        match self {
            LineRule::DropDoubledCr if text.ends_with(b"\r") => text.truncate(text.len() - 1),
            LineRule::StripBlanks if !line.end.is_empty() => {
                text.truncate(text.trim_ascii_end().len());
            }
            LineRule::SignatureSeparator if text == b"--" => text.push(b' '),
            LineRule::UnescapeFrom if line.begins && is_escaped_from(text) => {
                text.remove(0);
            }
            LineRule::EscapeFrom if line.begins && text.starts_with(b"From ") => {
                text.insert(0, b'>');
            }
            LineRule::UndoubleDots if line.begins && text.starts_with(b"..") => {
                text.remove(0);
            }
            LineRule::DoubleDots if line.begins && text.starts_with(b".") => text.insert(0, b'.'),
            LineRule::Unexpand { width, leading } => *text = unexpand(text, width, leading),
            LineRule::Expand { width } if text.contains(&b'\t') => *text = expand(text, width),
            LineRule::NulAtLineEnd if !line.end.is_empty() => text.push(0),
            LineRule::Escapes { upper } => change_escapes(text, upper),
            _ => {}
        }
    }
}

/// `From ` after one `>` or several.
fn is_escaped_from(text: &[u8]) -> bool {
    let quotes = text.iter().take_while(|octet| **octet == b'>').count();
    quotes > 0 && text[quotes..].starts_with(b"From ")
}

fn unexpand(text: &[u8], width: usize, leading: bool) -> Vec<u8> {
    let mut result = Vec::with_capacity(text.len());
    let (mut column, mut spaces) = (0, 0);
    for (at, &octet) in text.iter().enumerate() {
        if octet == b' ' {
            (column, spaces) = (column + 1, spaces + 1);
            if column % width == 0 && spaces > 1 {
                result.push(b'\t');
                spaces = 0;
            }
            continue;
        }
        result.resize(result.len() + spaces, b' ');
        if leading && octet != b'\t' {
            result.extend_from_slice(&text[at..]);
            return result;
        }
        result.push(octet);
        spaces = 0;
        column = if octet == b'\t' {
            (column / width + 1) * width
        } else {
            column + 1
        };
    }
    result.resize(result.len() + spaces, b' ');
    result
}

fn expand(text: &[u8], width: usize) -> Vec<u8> {
    let mut result = Vec::with_capacity(text.len());
    for &octet in text {
        match octet {
            b'\t' => result.resize((result.len() / width + 1) * width, b' '),
            _ => result.push(octet),
        }
    }
    result
}

fn change_escapes(text: &mut [u8], upper: bool) {
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'=', &text[at..]) {
        let digits = at + found + 1;
        let end = (digits + 2).min(text.len());
        let digits_found = &mut text[digits..end];
        if digits_found.len() == 2 && digits_found.iter().all(u8::is_ascii_hexdigit) {
            match upper {
                true => digits_found.make_ascii_uppercase(),
                false => digits_found.make_ascii_lowercase(),
            }
        }
        at = digits;
    }
}

impl<R: Read> Read for LineReader<R> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        while self.taken == self.out.len() {
            self.out.clear();
            self.taken = 0;
            if !self.advance()? {
                return Ok(0);
            }
        }
        let rest = &self.out[self.taken..];
        let count = rest.len().min(target.len());
        target[..count].copy_from_slice(&rest[..count]);
        self.taken += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn through(rule: LineRule, text: &str) -> String {
        let mut result = String::new();
        let mut reader = LineReader::new(text.as_bytes(), rule);
        reader.read_to_string(&mut result).unwrap();
        result
    }

    #[test]
    fn each_rule_does_what_it_says() {
        use LineRule::*;
        for (rule, before, after) in [
            (BareLineFeed, "a\r\n\r\nb", "a\n\nb"),
            (DropDoubledCr, "a\r\r\nb\r\n", "a\r\nb\r\n"),
            (StripBlanks, "a \t\r\n \r\nb ", "a\r\n\r\nb "),
            (SignatureSeparator, "--\r\n--x\r\n--", "-- \r\n--x\r\n-- "),
            (
                FlowedBlanks(3),
                "abc\r\nab\r\n\r\nabc\r\n",
                "abc \r\nab\r\n\r\nabc\r\n",
            ),
            (
                UnescapeFrom,
                ">From a\r\n>>From b\r\n>Fro\r\n",
                "From a\r\n>From b\r\n>Fro\r\n",
            ),
            (EscapeFrom, "From a\r\nFrom\r\n", ">From a\r\nFrom\r\n"),
            (UndoubleDots, "..\r\n.a\r\n...", ".\r\n.a\r\n.."),
            (DoubleDots, ".\r\na.\r\n..", "..\r\na.\r\n..."),
            (
                Unexpand {
                    width: 8,
                    leading: false,
                },
                "        a       b  c\r\n",
                "\ta\tb  c\r\n",
            ),
            (
                Unexpand {
                    width: 8,
                    leading: true,
                },
                "        a       b\r\n",
                "\ta       b\r\n",
            ),
            (Expand { width: 8 }, "\ta\tb\r\n", "        a       b\r\n"),
            (NulAtLineEnd, "a\r\nb", "a\0\r\nb"),
            (DropFinalLineEnd, "a\r\n\r\n", "a\r\n"),
            (DropFinalLineEnd, "a", "a"),
            (AddFinalLineEnd, "a", "a\r\n"),
            (AddFinalLineEnd, "a\r\nb\r\n", "a\r\nb\r\n\r\n"),
            (
                DropFinalEmptyLines,
                "a\r\n\r\nb\r\n\r\n\r\n",
                "a\r\n\r\nb\r\n",
            ),
            (
                SoftBreaks(8),
                "abc=3Dde=\r\nfghij\r\nk=\r\n",
                "abc=3Dd=\r\nefghij\r\nk=\r\n",
            ),
            (SoftBreaks(6), "abc=3Dde\r\n", "abc=\r\n=3Dde\r\n"),
            (Escapes { upper: true }, "=e4=4\r\n=", "=E4=4\r\n="),
            (Escapes { upper: false }, "=E4", "=e4"),
            (
                Base64Lines(4),
                "AAAABB\r\nBBCC==\r\n",
                "AAAA\r\nBBBB\r\nCC==\r\n",
            ),
            (
                Base64Lines(8),
                "AAAA\r\nBBBB\r\nCC==\r\n\r\n",
                "AAAABBBB\r\nCC==\r\n\r\n",
            ),
            (Base64Lines(usize::MAX), "AAAA\r\nBBBB", "AAAABBBB"),
        ] {
            assert_eq!(through(rule, before), after, "{rule:?}");
        }
    }

    #[test]
    fn broken_lines_are_joined() {
        let join = |mark, indent| LineRule::Join {
            length: 4,
            mark,
            indent,
        };
        let text = "abcd\r\n efgh\r\n i\r\nabcd\r\nabc\r\n d\r\n";
        assert_eq!(
            through(join(b"", b" "), text),
            "abcdefghi\r\nabcd\r\nabc\r\n d\r\n"
        );
        // Postfix counts the indent.
        assert_eq!(
            through(join(b"", b" "), "abcd\r\n efg\r\n hij\r\n k\r\n"),
            "abcdefghijk\r\n"
        );
        assert_eq!(through(join(b"!", b" "), "abcd!\r\n e\r\n"), "abcde\r\n");
        assert_eq!(through(join(b"", b""), "abcd\r\ne\r\n"), "abcde\r\n");
    }

    #[test]
    fn a_line_without_end_is_gone_through_in_pieces() {
        let long = "..".repeat(LINE as usize);
        let text = format!("{long}\r\n..");
        let result = through(LineRule::UndoubleDots, &text);
        assert_eq!(result, format!("{}\r\n.", &long[1..]));
        assert_eq!(through(LineRule::StripBlanks, &text), text);
    }
}
