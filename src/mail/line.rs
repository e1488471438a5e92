//! One line of any length, read piece by piece without being held.

use crate::limits;
use crate::mail::entity::BodyFacts;

/// What is held of a line that may be a delimiter: both hyphen pairs and the boundary.
const HEAD: usize = limits::BOUNDARY_LENGTH + 4;

/// What is held of any other line: enough to know `From ` and `.`.
const SHORT_HEAD: usize = 8;

/// How a line ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Crlf,
    Lf,
    /// The input ends.
    None,
}

impl End {
    /// Octets of the line end.
    pub(crate) fn len(self) -> u64 {
        match self {
            End::Crlf => 2,
            End::Lf => 1,
            End::None => 0,
        }
    }
}

/// What kind of delimiter line of one boundary a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Delimiter {
    Part,
    Close,
}

/// The line being read, without its LF.
#[derive(Default)]
pub(crate) struct Line {
    pub(crate) start: u64,
    /// Octets so far, a CR that may belong to the line end included.
    length: u64,
    head: Vec<u8>,
    /// The last two octets.
    tail: [u8; 2],
    /// After the head stands something else than white space (and one last CR).
    tail_is_text: bool,
    eight_bit: u64,
    nul: u64,
    cr: u64,
}

impl Line {
    /// Starts the next line at `start`.
    pub(crate) fn restart(&mut self, start: u64) {
        let mut head = std::mem::take(&mut self.head);
        head.clear();
        *self = Line {
            start,
            head,
            ..Line::default()
        };
    }

    /// Takes further octets of the line, without the LF.
    pub(crate) fn extend(&mut self, octets: &[u8]) {
        let Some(&last) = octets.last() else {
            return;
        };
        let mut rest = octets;
        for limit in [SHORT_HEAD, HEAD] {
            if limit == SHORT_HEAD || self.head.starts_with(b"--") {
                let room = limit.saturating_sub(self.head.len()).min(rest.len());
                self.head.extend_from_slice(&rest[..room]);
                rest = &rest[room..];
            }
        }
        if !self.tail_is_text && self.head.starts_with(b"--") && !rest.is_empty() {
            let cr_before = self.length > self.head.len() as u64 && self.tail[1] == b'\r';
            let inner = rest.strip_suffix(b"\r").unwrap_or(rest);
            self.tail_is_text = cr_before || inner.iter().any(|o| !matches!(o, b' ' | b'\t'));
        }
        self.length += octets.len() as u64;
        let before_last = match octets.len() {
            1 => self.tail[1],
            length => octets[length - 2],
        };
        self.tail = [before_last, last];
        self.cr += memchr::memchr_iter(b'\r', octets).count() as u64;
        if !octets.is_ascii() {
            self.eight_bit += octets.iter().filter(|octet| !octet.is_ascii()).count() as u64;
        }
        if memchr::memchr(0, octets).is_some() {
            self.nul += memchr::memchr_iter(0, octets).count() as u64;
        }
    }

    /// How the line ends, once its LF or the end of the input was reached.
    pub(crate) fn end(&self, line_feed: bool) -> End {
        match (line_feed, self.length > 0 && self.tail[1] == b'\r') {
            (true, true) => End::Crlf,
            (true, false) => End::Lf,
            (false, _) => End::None,
        }
    }

    /// Octets without the line end.
    pub(crate) fn content_length(&self, end: End) -> u64 {
        self.length - u64::from(end == End::Crlf)
    }

    /// The held beginning, without the line end.
    fn content_head(&self, end: End) -> &[u8] {
        let content = usize::try_from(self.content_length(end)).unwrap_or(usize::MAX);
        &self.head[..self.head.len().min(content)]
    }

    /// Whether the line can be a delimiter of any boundary.
    pub(crate) fn may_delimit(&self) -> bool {
        self.head.starts_with(b"--") && !self.tail_is_text
    }

    /// Whether the line is a delimiter of `boundary`: two hyphens, the boundary, two hyphens more
    /// for the close delimiter, then at most white space (RFC 2046 section 5.1.1).
    pub(crate) fn delimits(&self, boundary: &[u8], end: End) -> Option<Delimiter> {
        let rest = self.content_head(end).strip_prefix(b"--")?;
        let rest = rest.strip_prefix(boundary)?;
        let (kind, rest) = match rest.strip_prefix(b"--") {
            Some(rest) => (Delimiter::Close, rest),
            None => (Delimiter::Part, rest),
        };
        let padding = rest.iter().all(|octet| matches!(octet, b' ' | b'\t'));
        (padding && !self.tail_is_text).then_some(kind)
    }

    /// Adds this line, without its line end, to `facts`.
    pub(crate) fn count(&self, facts: &mut BodyFacts, end: End) {
        let length = self.content_length(end);
        facts.lines += 1;
        facts.longest_line = facts.longest_line.max(length);
        facts.eight_bit += self.eight_bit;
        facts.nul += self.nul;
        facts.bare_cr += self.cr - u64::from(end == End::Crlf);
        let last = self.tail[1 - usize::from(end == End::Crlf)];
        facts.trailing_space += u64::from(length > 0 && matches!(last, b' ' | b'\t'));
        let head = self.content_head(end);
        facts.from_lines += u64::from(head.starts_with(b"From "));
        facts.dot_lines += u64::from(length == 1 && head == b".");
    }
}

/// Adds a line end to `facts`.
pub(crate) fn count_end(facts: &mut BodyFacts, end: End) {
    match end {
        End::Crlf => facts.crlf += 1,
        End::Lf => facts.bare_lf += 1,
        End::None => {}
    }
}

/// Takes back a line end that turned out to belong elsewhere.
pub(crate) fn uncount_end(facts: &mut BodyFacts, end: End) {
    match end {
        End::Crlf => facts.crlf -= 1,
        End::Lf => facts.bare_lf -= 1,
        End::None => {}
    }
}

/// Counts the whole lines at the start of `octets` up to one for which `stops` holds: their facts
/// with all line ends, the last line end, and their octets. `None` if there is no such line.
pub(crate) fn count_lines(
    octets: &[u8],
    stops: impl Fn(&[u8]) -> bool,
) -> Option<(BodyFacts, End, usize)> {
    let mut facts = BodyFacts::default();
    let (mut start, mut last_end) = (0, End::None);
    for line_feed in memchr::memchr_iter(b'\n', octets) {
        let line = &octets[start..line_feed];
        if line.first() == Some(&b'-') && stops(line) {
            break;
        }
        let content = match line.strip_suffix(b"\r") {
            Some(content) => {
                last_end = End::Crlf;
                facts.crlf += 1;
                content
            }
            None => {
                last_end = End::Lf;
                line
            }
        };
        start = line_feed + 1;
        facts.lines += 1;
        facts.longest_line = facts.longest_line.max(content.len() as u64);
        facts.trailing_space += u64::from(matches!(content.last(), Some(b' ' | b'\t')));
        match content.first() {
            Some(b'F') => facts.from_lines += u64::from(content.starts_with(b"From ")),
            Some(b'.') => facts.dot_lines += u64::from(content.len() == 1),
            _ => {}
        }
    }
    let lines = &octets[..start];
    facts.bare_lf = facts.lines - facts.crlf;
    facts.bare_cr = memchr::memchr_iter(b'\r', lines).count() as u64 - facts.crlf;
    facts.nul = memchr::memchr_iter(0, lines).count() as u64;
    if !lines.is_ascii() {
        facts.eight_bit = lines.iter().filter(|octet| !octet.is_ascii()).count() as u64;
    }
    (start > 0).then_some((facts, last_end, start))
}
