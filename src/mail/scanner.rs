//! The scanner: cuts a source into entities, line by line, in one pass.
//!
//! It holds the headers (within bounds), the open entities, and of each line only what can make it
//! a delimiter. Delimiters of outer multiparts are looked for before those of inner ones, as every
//! program does that cuts from the outside in; an inner multipart that reuses the boundary of an
//! outer one is thereby cut short instead of hiding the outer parts.

#[cfg(test)]
mod random_tests;
#[cfg(test)]
mod tests;

use std::io::BufRead;

use crate::limits;
use crate::mail::entity::{BodyFacts, Entity, LineEnding, Problem, Scan, TransferEncoding};
use crate::mail::header::starts_header;
use crate::mail::line::{Delimiter, End, Line, count_end, count_lines, uncount_end};
use crate::mail::{ContentType, HeaderFields, MailError};
use crate::reason::Reason;
use crate::source::Source;
use crate::verdict::Finding;

/// Octets of a line beside its line end that RFC 5322 section 2.1.1 allows.
const LINE_LENGTH: u64 = 998;

/// Cuts a message into its entities.
///
/// A `From ` line of a mailbox file is tolerated as the very first line, and an empty header is
/// one. Otherwise the first line has to be a header field: that tells mail from other text and
/// from noise. Everything else that is wrong is left to
/// [`conformance`](crate::mail::conformance()).
///
/// # Errors
/// [`MailError::NotAMessage`] if the source is empty or does not start so; reading fails.
pub fn scan(source: &Source) -> Result<Scan, MailError> {
    scan_reader(source.reader_ahead())
}

/// The same for any reader.
pub(crate) fn scan_reader(mut reader: impl BufRead) -> Result<Scan, MailError> {
    let mut scanner = Scanner::new();
    loop {
        let octets = reader.fill_buf()?;
        if octets.is_empty() {
            break;
        }
        scanner.read(octets)?;
        let taken = octets.len();
        reader.consume(taken);
    }
    scanner.finish()
}

/// Where in an open entity the scanner is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Header,
    /// The body of a leaf.
    Leaf,
    Preamble,
    /// In a multipart after a delimiter: a child is open.
    Parts,
    Epilogue,
    /// The child of a message/rfc822 entity is open.
    Message,
}

/// An entity whose end was not reached.
struct Open {
    entity: Entity,
    state: State,
    raw_header: Vec<u8>,
    /// Empty when there is none to look for.
    boundary: Vec<u8>,
    /// What the next delimiter cannot reach back over: the end of the one before, or of the header.
    floor: u64,
    /// Children are message/rfc822 by default.
    is_digest: bool,
    default_type: ContentType,
}

struct Scanner {
    open: Vec<Open>,
    line: Line,
    /// The octets of a header line.
    header_line: Vec<u8>,
    header_line_is_cut: bool,
    offset: u64,
    /// Octets of the line end before the line being read.
    end_before: u64,
    /// The line end of the last body line, until it is known not to belong to a delimiter.
    pending: End,
    /// Octets of all headers so far.
    headers: usize,
    parts: usize,
    too_many_parts: bool,
    total: BodyFacts,
}

impl Scanner {
    fn new() -> Scanner {
        Scanner {
            open: vec![Open::new(String::new(), 0, ContentType::default())],
            line: Line::default(),
            header_line: Vec::new(),
            header_line_is_cut: false,
            offset: 0,
            end_before: 0,
            pending: End::None,
            headers: 0,
            parts: 1,
            too_many_parts: false,
            total: BodyFacts::default(),
        }
    }

    /// Reads the next octets, cut anywhere.
    fn read(&mut self, mut octets: &[u8]) -> Result<(), MailError> {
        while !octets.is_empty() {
            let run = self.take_run(octets);
            if run > 0 {
                octets = &octets[run..];
                continue;
            }
            let line_feed = memchr::memchr(b'\n', octets);
            let (content, after) = match line_feed {
                Some(at) => (&octets[..at], &octets[at + 1..]),
                None => (octets, &octets[octets.len()..]),
            };
            let whole = &octets[..octets.len() - after.len()];
            self.line.extend(content);
            self.offset += whole.len() as u64;
            if self.in_header() {
                let room = (limits::HEADER_SIZE + 1).saturating_sub(self.header_line.len());
                self.header_line_is_cut |= whole.len() > room;
                self.header_line
                    .extend_from_slice(&whole[..whole.len().min(room)]);
            }
            if line_feed.is_some() {
                self.end_line(true)?;
            }
            octets = after;
        }
        Ok(())
    }

    /// Takes the whole body lines at the start of `octets` up to one that may be a delimiter; gives
    /// the number of their octets.
    ///
    /// This is what happens to nearly all of a large message; line by line it costs several times
    /// as much.
    fn take_run(&mut self, octets: &[u8]) -> usize {
        if self.in_header() || self.line.start != self.offset {
            return 0;
        }
        let boundaries: Vec<&[u8]> = self.boundaries().map(|(_, boundary)| boundary).collect();
        let may_delimit = |line: &[u8]| {
            line.strip_prefix(b"--")
                .is_some_and(|rest| boundaries.iter().any(|boundary| rest.starts_with(boundary)))
        };
        let Some((facts, last_end, length)) = count_lines(octets, may_delimit) else {
            return 0;
        };
        self.total.add(&facts);
        if let Some(top) = self.open.last_mut() {
            count_end(&mut top.entity.facts, self.pending);
            top.entity.facts.add(&facts);
            uncount_end(&mut top.entity.facts, last_end);
        }
        self.pending = last_end;
        self.end_before = last_end.len();
        self.offset += length as u64;
        self.line.restart(self.offset);
        length
    }

    /// The boundaries that are looked for, outermost first, with their levels.
    fn boundaries(&self) -> impl Iterator<Item = (usize, &[u8])> {
        let open = if self.too_many_parts {
            &[]
        } else {
            &self.open[..]
        };
        let looked_for = |open: &Open| matches!(open.state, State::Preamble | State::Parts);
        open.iter()
            .enumerate()
            .filter(move |(_, open)| looked_for(open))
            .map(|(level, open)| (level, &open.boundary[..]))
    }

    fn in_header(&self) -> bool {
        self.open
            .last()
            .is_some_and(|open| open.state == State::Header)
    }

    /// Acts on the line that was read.
    fn end_line(&mut self, line_feed: bool) -> Result<(), MailError> {
        let end = self.line.end(line_feed);
        self.line.count(&mut self.total, end);
        count_end(&mut self.total, end);
        match self.find_delimiter(end) {
            Some((level, kind)) => self.delimit(level, kind),
            None => self.take_line(end)?,
        }
        self.end_before = end.len();
        self.line.restart(self.offset);
        self.header_line.clear();
        self.header_line_is_cut = false;
        Ok(())
    }

    fn find_delimiter(&self, end: End) -> Option<(usize, Delimiter)> {
        if !self.line.may_delimit() {
            return None;
        }
        self.boundaries().find_map(|(level, boundary)| {
            let kind = self.line.delimits(boundary, end)?;
            Some((level, kind))
        })
    }

    /// Ends what a delimiter of the multipart at `level` ends, and opens what it opens.
    fn delimit(&mut self, level: usize, kind: Delimiter) {
        let reach = self.line.start - self.end_before;
        let start = reach.max(self.open[level].floor);
        let line_end = self.offset;
        // The line end before the delimiter is not part of the body it stands in.
        self.pending = End::None;
        while self.open.len() > level + 1 {
            self.close_last(start);
        }
        let parent = &mut self.open[level];
        if parent.state == State::Preamble {
            parent.entity.preamble.end = start;
        }
        parent.entity.delimiters.push(start..line_end);
        parent.floor = line_end;
        match kind {
            Delimiter::Close => {
                parent.state = State::Epilogue;
                parent.entity.closed = true;
                parent.entity.epilogue = line_end..line_end;
            }
            Delimiter::Part => {
                parent.state = State::Parts;
                self.open_child();
            }
        }
    }

    /// Acts on a line that is no delimiter.
    fn take_line(&mut self, end: End) -> Result<(), MailError> {
        let (offset, pending) = (self.offset, self.pending);
        let is_root = self.open.len() == 1;
        let Some(top) = self.open.last_mut() else {
            return Ok(());
        };
        if top.state != State::Header {
            count_end(&mut top.entity.facts, pending);
            self.line.count(&mut top.entity.facts, end);
            self.pending = end;
            return Ok(());
        }
        let is_empty = self.line.content_length(end) == 0;
        if is_root && self.line.start == 0 && !is_empty && !starts_header(&self.header_line) {
            let why = "its first line is not a header field";
            return Err(MailError::NotAMessage { why });
        }
        if is_empty {
            top.entity.header_range.end = self.line.start;
            top.entity.body_range = offset..offset;
            self.begin_body();
            return Ok(());
        }
        self.line.count(&mut top.entity.header_facts, end);
        count_end(&mut top.entity.header_facts, end);
        top.entity.header_range.end = offset;
        top.entity.body_range = offset..offset;
        let size = top.raw_header.len() + self.header_line.len();
        let all = self.headers + self.header_line.len();
        let too_large = self.header_line_is_cut
            || size > limits::HEADER_SIZE
            || all > limits::HEADERS_SIZE
            || top.entity.header_facts.lines > limits::HEADER_LINES as u64;
        if top.entity.problems.contains(&Problem::HeaderTooLarge) {
            // What follows a gap must not be read as if it continued what stood before it.
        } else if too_large {
            top.entity.problems.push(Problem::HeaderTooLarge);
        } else {
            top.raw_header.extend_from_slice(&self.header_line);
            self.headers = all;
        }
        Ok(())
    }

    /// Decides from the header what the body is.
    fn begin_body(&mut self) {
        let depth = self.open.len();
        let Some(top) = self.open.last_mut() else {
            return;
        };
        top.read_header();
        let body_start = top.entity.body_range.start;
        top.floor = body_start;
        top.state = State::Leaf;
        let is_multipart = top.entity.is_multipart();
        let is_message = top.entity.is_embedded_message();
        if !is_multipart && !is_message {
            return;
        }
        if depth >= limits::ENTITY_DEPTH {
            top.entity.problems.push(Problem::TooDeep);
            return;
        }
        if is_message {
            top.state = State::Message;
            self.open_child();
            return;
        }
        let boundary = top.entity.content_type.boundary().unwrap_or_default();
        if !boundary.is_empty() && boundary.len() <= limits::BOUNDARY_LENGTH {
            top.boundary = boundary.as_bytes().to_vec();
            top.is_digest = top.entity.content_type.subtype == "digest";
            top.state = State::Preamble;
            top.entity.preamble = body_start..body_start;
        }
    }

    fn open_child(&mut self) {
        let offset = self.offset;
        let Some(parent) = self.open.last_mut() else {
            return;
        };
        let number = parent.entity.children.len() + 1;
        let path = match parent.entity.path.as_str() {
            "" => number.to_string(),
            path => format!("{path}.{number}"),
        };
        let default_type = if parent.is_digest {
            ContentType::message()
        } else {
            ContentType::default()
        };
        self.parts += 1;
        let mut child = Open::new(path, offset, default_type);
        if self.parts > limits::ENTITY_PARTS {
            // The rest of the message becomes the body of this child.
            self.too_many_parts = true;
            child.entity.problems.push(Problem::TooManyParts);
            child.state = State::Leaf;
        }
        self.open.push(child);
    }

    /// Ends the innermost open entity at `end` and gives it to its parent.
    fn close_last(&mut self, end: u64) {
        let Some(mut last) = self.open.pop() else {
            return;
        };
        if last.state == State::Header {
            let holds_lines = last.entity.header_facts.lines > 0;
            last.read_header();
            if holds_lines && last.entity.header_range.end > end {
                last.entity.problems.push(Problem::HeaderUnterminated);
            }
        }
        last.cut(end);
        match self.open.last_mut() {
            Some(parent) => parent.entity.children.push(last.entity),
            None => self.open.push(last),
        }
    }

    fn finish(mut self) -> Result<Scan, MailError> {
        if self.offset == 0 {
            return Err(MailError::NotAMessage { why: "it is empty" });
        }
        if self.line.start < self.offset {
            self.end_line(false)?;
        }
        if let Some(top) = self.open.last_mut() {
            count_end(&mut top.entity.facts, self.pending);
        }
        while self.open.len() > 1 {
            self.close_last(self.offset);
        }
        self.close_last(self.offset);
        let root = self.open.pop().map(|open| open.entity).unwrap_or_default();
        let mut ends = root.header_facts.clone();
        if ends.crlf + ends.bare_lf == 0 {
            ends = self.total.clone();
        }
        Ok(Scan {
            line_ending: LineEnding::of(&ends),
            findings: line_findings(&root, &self.total),
            facts: self.total,
            root,
        })
    }
}

impl Open {
    fn new(path: String, start: u64, default_type: ContentType) -> Open {
        Open {
            entity: Entity {
                path,
                range: start..start,
                header_range: start..start,
                body_range: start..start,
                ..Entity::default()
            },
            state: State::Header,
            raw_header: Vec::new(),
            boundary: Vec::new(),
            floor: start,
            is_digest: false,
            default_type,
        }
    }

    fn read_header(&mut self) {
        let header = HeaderFields::new(std::mem::take(&mut self.raw_header));
        self.entity.content_type = match header.first("Content-Type") {
            Some(field) => ContentType::read(&field.unfolded()).0,
            None => std::mem::take(&mut self.default_type),
        };
        if let Some(field) = header.first("Content-Transfer-Encoding") {
            self.entity.transfer_encoding = TransferEncoding::read(&field.unfolded()).0;
        }
        self.entity.header = header;
    }

    /// Ends the entity at `end`, which may lie before what was read: the line end before a
    /// delimiter, even the one after the header, belongs to the delimiter.
    fn cut(&mut self, end: u64) {
        let entity = &mut self.entity;
        let cut = |range: &mut std::ops::Range<u64>| {
            range.start = range.start.min(end);
            range.end = range.end.min(end);
        };
        entity.range.start = entity.range.start.min(end);
        entity.range.end = end;
        cut(&mut entity.header_range);
        entity.body_range = entity.body_range.start.min(end)..end;
        let header_length = entity.header_range.end - entity.header_range.start;
        entity.header.truncate(header_length);
        match self.state {
            State::Preamble => entity.preamble.end = end,
            State::Epilogue => entity.epilogue.end = end,
            _ => {}
        }
        cut(&mut entity.preamble);
        cut(&mut entity.epilogue);
        entity.delimiters.iter_mut().for_each(cut);
    }
}

/// The warnings about lines, which do not keep a message from being MIME.
fn line_findings(root: &Entity, total: &BodyFacts) -> Vec<Finding> {
    let mut findings = Vec::new();
    if total.bare_lf > 0 {
        findings.push(
            Finding::new(Reason::MailBareLineFeed)
                .with("lf", total.bare_lf)
                .with("crlf", total.crlf),
        );
    }
    if total.longest_line <= LINE_LENGTH {
        return findings;
    }
    for entity in root.walk() {
        let longest = entity
            .facts
            .longest_line
            .max(entity.header_facts.longest_line);
        if longest > LINE_LENGTH {
            findings.push(
                Finding::new(Reason::MailLineTooLong)
                    .at(entity.place())
                    .with("octets", longest),
            );
        }
    }
    findings
}
