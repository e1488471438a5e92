//! The MIME entity (RFC 2045 section 2.4) as byte ranges of the scanned source.

use std::fmt;
use std::ops::Range;

use crate::mail::content_type::{Malformed, read_token};
use crate::mail::lexer::Lexer;
use crate::mail::{ContentType, HeaderFields};
use crate::source::Source;
use crate::verdict::{Finding, Place};

/// A scanned message or MIME entity.
#[derive(Clone, Debug)]
pub struct Scan {
    /// The message itself; every other entity is somewhere below it.
    pub root: Entity,
    /// How the lines of the root's header end.
    pub line_ending: LineEnding,
    /// Facts about all lines, headers and delimiters included.
    pub facts: BodyFacts,
    /// Warnings about lines: `mail.bare-line-feed`, `mail.line-too-long`.
    pub findings: Vec<Finding>,
}

/// How lines end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LineEnding {
    /// All in CRLF, the form of the standard; also where there is no line end at all.
    #[default]
    Crlf,
    /// All in LF.
    Lf,
    /// Some in CRLF, some in LF.
    Mixed,
}

impl LineEnding {
    /// The line end to write beside such lines; CRLF for a mixture.
    pub fn as_str(self) -> &'static str {
        match self {
            LineEnding::Crlf | LineEnding::Mixed => "\r\n",
            LineEnding::Lf => "\n",
        }
    }

    /// The line end of lines that were counted.
    pub(crate) fn of(facts: &BodyFacts) -> LineEnding {
        match (facts.crlf, facts.bare_lf) {
            (_, 0) => LineEnding::Crlf,
            (0, _) => LineEnding::Lf,
            _ => LineEnding::Mixed,
        }
    }
}

/// One MIME entity, by offsets into the scanned source.
///
/// `range` is the header, the empty line and the body, in this order and nothing else. The body of
/// a multipart is its preamble, then delimiters and children in turn, then its epilogue. The line
/// end before a delimiter belongs to the delimiter (RFC 2046 section 5.1.1), so `range` of a child
/// of multipart/signed is exactly what was signed.
#[derive(Clone, Debug, Default)]
pub struct Entity {
    /// Numbers of the child at each level, such as `1.2`; empty for the root. The message inside
    /// a message/rfc822 entity counts as its only child.
    pub path: String,
    /// The whole entity.
    pub range: Range<u64>,
    /// The header, with the line end of its last field and without the empty line.
    pub header_range: Range<u64>,
    /// The body.
    pub body_range: Range<u64>,
    /// The header fields.
    pub header: HeaderFields,
    /// The Content-Type that holds: as given, else the default. What of it cannot be parsed is
    /// read as well as possible.
    pub content_type: ContentType,
    /// The Content-Transfer-Encoding, `7bit` by default.
    pub transfer_encoding: TransferEncoding,
    /// The body parts of a multipart, or the message of a message/rfc822 entity.
    pub children: Vec<Entity>,
    /// What stands before the first delimiter of a multipart.
    pub preamble: Range<u64>,
    /// What stands after the close delimiter of a multipart.
    pub epilogue: Range<u64>,
    /// The delimiter lines of a multipart, each with the line end before it and its own; the close
    /// delimiter is the last one if [`closed`](Entity::closed) holds.
    pub delimiters: Vec<Range<u64>>,
    /// Whether the close delimiter was found.
    pub closed: bool,
    /// Facts about the lines of the body that are not those of a child: for a multipart its
    /// preamble and epilogue.
    pub facts: BodyFacts,
    /// Facts about the lines of the header.
    pub header_facts: BodyFacts,
    /// What the scanner could not do with it.
    pub problems: Vec<Problem>,
}

impl Entity {
    /// Whether the body is cut into children by a boundary.
    pub fn is_multipart(&self) -> bool {
        self.content_type.type_ == "multipart"
    }

    /// This entity and all below it, parents first.
    pub fn walk(&self) -> impl Iterator<Item = &Entity> {
        let mut waiting = vec![self];
        std::iter::from_fn(move || {
            let entity = waiting.pop()?;
            waiting.extend(entity.children.iter().rev());
            Some(entity)
        })
    }

    /// Finds the entity at `path`.
    pub fn find_by_path(&self, path: &str) -> Option<&Entity> {
        self.walk().find(|entity| entity.path == path)
    }

    /// The octets of the whole entity: what a signature over it covers.
    pub fn source(&self, message: &Source) -> Source {
        message.slice(self.range.clone())
    }

    /// The octets of the body, still transfer-encoded.
    pub fn body_source(&self, message: &Source) -> Source {
        message.slice(self.body_range.clone())
    }
}

/// The path of what is inside the entity at `path`, such as the content of a CMS object.
pub fn content_path(path: &str) -> String {
    match path {
        "" => "1".to_owned(),
        path => format!("{path}.1"),
    }
}

/// What the scanner could not do with an entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The header is larger than [`HEADER_SIZE`](crate::limits::HEADER_SIZE), or all headers are
    /// together larger than [`HEADERS_SIZE`](crate::limits::HEADERS_SIZE); the rest was not kept.
    HeaderTooLarge,
    /// The header runs into a delimiter without an empty line.
    HeaderUnterminated,
    /// It is nested too deeply, so its children were not looked for.
    TooDeep,
    /// There are too many entities; from here on, delimiters were not looked at.
    TooManyParts,
}

/// The mechanism of Content-Transfer-Encoding (RFC 2045 section 6).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum TransferEncoding {
    /// `7bit`: short lines of ASCII; the default.
    #[default]
    SevenBit,
    /// `8bit`: short lines.
    EightBit,
    /// `binary`: anything.
    Binary,
    /// `quoted-printable`.
    QuotedPrintable,
    /// `base64`.
    Base64,
    /// A mechanism that is not known, in lower case.
    Unknown(String),
}

impl TransferEncoding {
    /// Reads the mechanism's name, without regard to case.
    pub fn from_name(name: &str) -> TransferEncoding {
        match name.to_ascii_lowercase().as_str() {
            "7bit" => TransferEncoding::SevenBit,
            "8bit" => TransferEncoding::EightBit,
            "binary" => TransferEncoding::Binary,
            "quoted-printable" => TransferEncoding::QuotedPrintable,
            "base64" => TransferEncoding::Base64,
            other => TransferEncoding::Unknown(other.to_owned()),
        }
    }

    /// Reads an unfolded field body as well as possible: its first token, `7bit` if there is none.
    /// Beside it what is wrong with the grammar (RFC 2045 section 6.1).
    pub fn read(body: &[u8]) -> (TransferEncoding, Option<Malformed>) {
        let mut lexer = Lexer::new(body);
        match read_token(&mut lexer) {
            None => (
                TransferEncoding::default(),
                Some(Malformed("there is no mechanism")),
            ),
            Some(name) => {
                let rest = (!lexer.is_at_end()).then_some(Malformed("text follows the mechanism"));
                (TransferEncoding::from_name(&name), rest)
            }
        }
    }

    /// The mechanism's name.
    pub fn name(&self) -> &str {
        match self {
            TransferEncoding::SevenBit => "7bit",
            TransferEncoding::EightBit => "8bit",
            TransferEncoding::Binary => "binary",
            TransferEncoding::QuotedPrintable => "quoted-printable",
            TransferEncoding::Base64 => "base64",
            TransferEncoding::Unknown(name) => name,
        }
    }

    /// Whether the body is the content itself: 7bit, 8bit or binary.
    pub fn is_identity(&self) -> bool {
        matches!(
            self,
            TransferEncoding::SevenBit | TransferEncoding::EightBit | TransferEncoding::Binary
        )
    }
}

impl fmt::Display for TransferEncoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Facts about lines, counted while they are read.
///
/// The line end that belongs to the delimiter after a body is not counted with the body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BodyFacts {
    /// Lines, a last one without line end included.
    pub lines: u64,
    /// Octets of the longest line, without its line end.
    pub longest_line: u64,
    /// Octets above 127.
    pub eight_bit: u64,
    /// NUL octets.
    pub nul: u64,
    /// Line ends in CRLF.
    pub crlf: u64,
    /// Line ends in LF alone.
    pub bare_lf: u64,
    /// CR octets that are not part of a CRLF.
    pub bare_cr: u64,
    /// Lines that end in a space or tab, which relays may cut off.
    pub trailing_space: u64,
    /// Lines that start with `From `, which mailbox files change.
    pub from_lines: u64,
    /// Lines that are a single dot, which careless SMTP programs take for the end.
    pub dot_lines: u64,
}

impl BodyFacts {
    /// Whether there are octets above 127.
    pub fn has_8bit(&self) -> bool {
        self.eight_bit > 0
    }

    /// Whether there are NUL octets.
    pub fn has_nul(&self) -> bool {
        self.nul > 0
    }

    /// Whether the lines are 7bit data (RFC 2045 section 2.7) but for their length and for line
    /// ends in LF: ASCII without NUL and without CR outside line ends.
    pub fn is_7bit(&self) -> bool {
        self.eight_bit == 0 && self.nul == 0 && self.bare_cr == 0
    }

    /// Adds the facts of other lines.
    pub fn add(&mut self, other: &BodyFacts) {
        self.lines += other.lines;
        self.longest_line = self.longest_line.max(other.longest_line);
        self.eight_bit += other.eight_bit;
        self.nul += other.nul;
        self.crlf += other.crlf;
        self.bare_lf += other.bare_lf;
        self.bare_cr += other.bare_cr;
        self.trailing_space += other.trailing_space;
        self.from_lines += other.from_lines;
        self.dot_lines += other.dot_lines;
    }
}

impl Entity {
    /// Whether the body is a message that is read as a child: message/rfc822 or message/global
    /// whose body is the content itself.
    pub fn is_embedded_message(&self) -> bool {
        let content_type = &self.content_type;
        self.transfer_encoding.is_identity()
            && (content_type.is("message", "rfc822") || content_type.is("message", "global"))
    }

    /// Puts it under another entity: the paths of it and of all below it begin with `prefix`.
    pub fn put_under(&mut self, prefix: &str) {
        let mut waiting = vec![self];
        while let Some(entity) = waiting.pop() {
            entity.path = match entity.path.as_str() {
                "" => prefix.to_owned(),
                path => format!("{prefix}.{path}"),
            };
            waiting.extend(&mut entity.children);
        }
    }

    /// Where findings about this entity belong.
    pub fn place(&self) -> Place {
        match self.path.as_str() {
            "" => Place::default(),
            path => Place::default().in_part(path),
        }
    }
    /// Counts all offsets from where the entity starts: they are then offsets into its own octets.
    pub fn move_to_start(&mut self) {
        let offset = self.range.start;
        let mut waiting = vec![self];
        while let Some(entity) = waiting.pop() {
            let own = [
                &mut entity.range,
                &mut entity.header_range,
                &mut entity.body_range,
                &mut entity.preamble,
                &mut entity.epilogue,
            ];
            for range in own.into_iter().chain(&mut entity.delimiters) {
                range.start = range.start.saturating_sub(offset);
                range.end = range.end.saturating_sub(offset);
            }
            waiting.extend(&mut entity.children);
        }
    }
}
