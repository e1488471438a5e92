//! Damage that signed mail is known to suffer, undone.
//!
//! A digest that does not match says only that something changed. What changes mail on its way is
//! mostly one of a few programs that mean well: a relay that breaks long lines, a list that appends
//! a footer, a mailbox file that escapes `From `. Each such change has here what undoes it, as far
//! as it can be undone. Whoever knows the digest that was signed tries them and so learns what
//! happened ([`repairs`]). Nothing here says that a message may be accepted.
//!
//! A repair is a recipe of ranges of the source; its result is read as a stream and never held.

mod added_text;
mod line_rule;
mod part_header;
mod structure;
mod transfer;

use std::io::{self, Read};
use std::ops::Range;

use line_rule::{LineReader, LineRule};

use crate::limits;
use crate::mail::canonical::{CanonicalReader, canonical_reader};
use crate::mail::sequence::{Piece, Sequence};
use crate::mail::transfer_encoding::{Base64Decoder, Escapes, QuotedPrintableDecoder};
use crate::mail::{Entity, TransferEncoding};
use crate::source::Source;

/// A kind of damage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Damage {
    /// Signed in another form of line ends than the canonical one.
    LineEnds,
    /// A line end or empty lines at the end, added or lost.
    FinalLineEnd,
    /// White space at the end of lines, added or lost.
    TrailingSpace,
    /// `From ` at the start of a line, escaped or not.
    FromEscaped,
    /// Dots at the start of lines, doubled or not.
    DotsDoubled,
    /// Lines broken for their length.
    LinesWrapped,
    /// 8bit content, encoded on the way.
    TransferEncoding,
    /// base64 or quoted-printable, its lines broken anew.
    Rewrapped,
    /// A footer, a banner or a part, added.
    TextAdded,
    /// The header of a part, written anew.
    PartHeader,
    /// Text around the parts of a multipart, changed.
    Multipart,
    /// Tabs, made spaces or the other way round.
    Tabs,
    /// A NUL, lost.
    NulRemoved,
}

/// What undoes one kind of damage, or two.
#[derive(Clone, Debug)]
pub struct Repair {
    damages: Vec<(Damage, &'static str)>,
    /// Absent: the whole.
    segments: Option<Vec<Segment>>,
    rules: Vec<LineRule>,
}

/// A piece of what was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Segment {
    Literal(Vec<u8>),
    /// A range in canonical form.
    Copy(Range<u64>),
    /// A range as it stands.
    Exact(Range<u64>),
    /// A range in canonical form, line by line.
    Lines(Range<u64>, LineRule),
    /// A range decoded, in canonical form.
    Decoded(Range<u64>, TransferEncoding),
}

impl Segment {
    fn reader(self, source: &Source) -> Piece {
        match self {
            Segment::Literal(octets) => Box::new(io::Cursor::new(octets)),
            Segment::Copy(range) => Box::new(canonical_reader(&source.slice(range))),
            Segment::Exact(range) => Box::new(source.slice(range).reader()),
            Segment::Lines(range, rule) => {
                let reader = canonical_reader(&source.slice(range));
                Box::new(LineReader::new(reader, rule))
            }
            Segment::Decoded(range, TransferEncoding::Base64) => {
                let decoder = Base64Decoder::new(source.slice(range).reader());
                Box::new(CanonicalReader::new(decoder))
            }
            Segment::Decoded(range, _) => {
                let reader = canonical_reader(&source.slice(range));
                let decoder = QuotedPrintableDecoder::new(reader, Escapes::Literal);
                Box::new(CanonicalReader::new(decoder))
            }
        }
    }
}

impl Repair {
    fn segments(damage: Damage, change: &'static str, segments: Vec<Segment>) -> Repair {
        Repair {
            damages: vec![(damage, change)],
            segments: Some(segments),
            rules: Vec::new(),
        }
    }

    fn lines(damage: Damage, change: &'static str, rule: LineRule) -> Repair {
        Repair {
            damages: vec![(damage, change)],
            segments: None,
            rules: vec![rule],
        }
    }

    /// What it undoes: the kind of damage, and what happened in particular.
    pub fn damages(&self) -> &[(Damage, &'static str)] {
        &self.damages
    }

    /// Whether it changes lines wherever they stand, so that it can follow another repair.
    pub fn is_line_by_line(&self) -> bool {
        self.segments.is_none()
    }

    /// This repair, then `other`, which goes line by line; `None` if it does not, or if both undo
    /// the same kind of damage.
    pub fn then(&self, other: &Repair) -> Option<Repair> {
        let has = |(damage, _): &(Damage, &str)| self.damages.iter().any(|(d, _)| d == damage);
        if !other.is_line_by_line() || other.damages.iter().any(has) {
            return None;
        }
        let mut both = self.clone();
        both.damages.extend_from_slice(&other.damages);
        both.rules.extend_from_slice(&other.rules);
        Some(both)
    }

    /// Reads what `source`, of which the repair was made, was before the damage.
    ///
    /// Data that cannot be decoded ends in an [`io::Error`].
    pub fn reader(&self, source: &Source) -> Box<dyn Read> {
        let whole = || vec![Segment::Copy(0..source.len())];
        let segments = self.segments.clone().unwrap_or_else(whole);
        let source = source.clone();
        let segments = segments.into_iter();
        let sequence = Sequence::new(segments.map(move |segment| segment.reader(&source)));
        let start: Box<dyn Read> = Box::new(sequence);
        self.rules.iter().fold(start, |reader, &rule| {
            Box::new(LineReader::new(reader, rule))
        })
    }
}

/// What may undo the damage of a signed content, the likeliest first.
///
/// `entity` is the content's root entity if it has one, with offsets into `source`. The number of
/// repairs is bounded, whatever the content is.
///
/// # Errors
/// Reading fails.
pub fn repairs(source: &Source, entity: Option<&Entity>) -> io::Result<Vec<Repair>> {
    let mut repairs = line_ends(source);
    repairs.extend(lines());
    let Some(entity) = entity else {
        return Ok(repairs);
    };
    let headers: usize = entity.walk().map(|e| e.header.raw().len()).sum();
    if headers > limits::DAMAGE_HEADERS || entity.walk().count() > limits::DAMAGE_PARTS {
        repairs.extend(broken_lines(entity));
        return Ok(repairs);
    }
    repairs.extend(transfer::rewrapped(entity));
    repairs.extend(broken_lines(entity));
    repairs.extend(transfer::flowed(entity));
    let nul = (Damage::NulRemoved, "NULs at the end of lines were removed");
    repairs.extend(in_bodies(entity, |_| true, nul, LineRule::NulAtLineEnd));
    repairs.extend(added_text::parts(entity));
    repairs.extend(structure::multiparts(source, entity)?);
    repairs.extend(part_header::headers(entity));
    repairs.extend(transfer::encoded(entity));
    repairs.extend(added_text::text(source, entity)?);
    repairs.truncate(limits::DAMAGE_ATTEMPTS);
    Ok(repairs)
}

/// One NUL at every place, for a content that is short.
pub fn lost_nul(source: &Source) -> impl Iterator<Item = Repair> + use<> {
    let len = source.len();
    let last = match len <= limits::DAMAGE_NUL_SEARCH {
        true => len + 1,
        false => 0,
    };
    (0..last).map(move |at| {
        let segments = vec![
            Segment::Copy(0..at),
            Segment::Literal(vec![0]),
            Segment::Copy(at..len),
        ];
        Repair::segments(Damage::NulRemoved, "one NUL was removed", segments)
    })
}

fn line_ends(source: &Source) -> Vec<Repair> {
    let whole = 0..source.len();
    vec![
        Repair::lines(
            Damage::LineEnds,
            "it was signed with line ends in LF",
            LineRule::BareLineFeed,
        ),
        Repair::segments(
            Damage::LineEnds,
            "it was signed with the line ends that stand there, which are not all CRLF",
            vec![Segment::Exact(whole.clone())],
        ),
        Repair::segments(
            Damage::LineEnds,
            "it was signed with line ends in CRLF, which became LF",
            vec![Segment::Copy(whole)],
        ),
        Repair::lines(
            Damage::LineEnds,
            "a second CR was put before the line ends",
            LineRule::DropDoubledCr,
        ),
    ]
}

/// What is done to lines whatever they hold.
fn lines() -> Vec<Repair> {
    use Damage::{DotsDoubled, FinalLineEnd, FromEscaped, Tabs, TrailingSpace};
    let unexpand = |width, leading| LineRule::Unexpand { width, leading };
    let tabs = "tabs became spaces";
    [
        (
            FinalLineEnd,
            "a line end at the end was removed",
            LineRule::AddFinalLineEnd,
        ),
        (
            FinalLineEnd,
            "a line end at the end was added",
            LineRule::DropFinalLineEnd,
        ),
        (
            FinalLineEnd,
            "empty lines at the end were added",
            LineRule::DropFinalEmptyLines,
        ),
        (
            TrailingSpace,
            "white space at the end of lines was added",
            LineRule::StripBlanks,
        ),
        (
            TrailingSpace,
            "the space of the separator `-- ` was removed",
            LineRule::SignatureSeparator,
        ),
        (
            FromEscaped,
            "`From ` at the start of lines became `>From `",
            LineRule::UnescapeFrom,
        ),
        (
            FromEscaped,
            "`>From ` at the start of lines became `From `",
            LineRule::EscapeFrom,
        ),
        (
            DotsDoubled,
            "dots at the start of lines were doubled",
            LineRule::UndoubleDots,
        ),
        (
            DotsDoubled,
            "of two dots at the start of lines one was removed",
            LineRule::DoubleDots,
        ),
        (Tabs, tabs, unexpand(8, false)),
        (Tabs, tabs, unexpand(8, true)),
        (Tabs, tabs, unexpand(4, false)),
        (Tabs, tabs, unexpand(4, true)),
        (Tabs, "spaces became tabs", LineRule::Expand { width: 8 }),
    ]
    .into_iter()
    .map(|(damage, change, rule)| Repair::lines(damage, change, rule))
    .collect()
}

/// Lines that were broken where they reached a length, which is that of the longest now, or the
/// longest goes on and has an indent as well.
fn broken_lines(entity: &Entity) -> Vec<Repair> {
    let lines = entity
        .walk()
        .map(|e| e.facts.longest_line.max(e.header_facts.longest_line));
    let longest = usize::try_from(lines.max().unwrap_or_default()).unwrap_or(usize::MAX);
    let marks: [(&'static [u8], &'static [u8]); 4] =
        [(b"", b" "), (b"!", b" "), (b"", b""), (b"!", b"")];
    let mut repairs = Vec::new();
    for (mark, indent) in marks {
        for length in [longest, longest.saturating_sub(indent.len())] {
            let length = length.saturating_sub(mark.len());
            let rule = LineRule::Join {
                length,
                mark,
                indent,
            };
            // Shorter lines than these are not broken by relays.
            if length >= 70 && !repairs.iter().any(|r: &Repair| r.rules == [rule]) {
                let change = "lines that were too long were broken";
                repairs.push(Repair::lines(Damage::LinesWrapped, change, rule));
            }
        }
    }
    repairs
}

/// A rule for the bodies of the parts that are meant; `None` if there are none.
fn in_bodies(
    entity: &Entity,
    is_meant: impl Fn(&Entity) -> bool,
    (damage, change): (Damage, &'static str),
    rule: LineRule,
) -> Option<Repair> {
    let leaves = entity.walk().filter(|part| part.children.is_empty());
    let changes: Vec<_> = leaves
        .filter(|part| is_meant(part))
        .map(|part| part.body_range.clone())
        .map(|body| (body.clone(), Segment::Lines(body, rule)))
        .collect();
    let has_any = !changes.is_empty();
    has_any.then(|| Repair::segments(damage, change, replaced(entity, changes)))
}

/// The range of `entity` with parts of it replaced.
fn replaced(entity: &Entity, mut changes: Vec<(Range<u64>, Segment)>) -> Vec<Segment> {
    changes.sort_by_key(|(range, _)| (range.start, range.end));
    let mut segments = Vec::new();
    let mut at = entity.range.start;
    for (range, segment) in changes {
        segments.push(Segment::Copy(at..range.start.max(at)));
        segments.push(segment);
        at = range.end.max(at);
    }
    segments.push(Segment::Copy(at..entity.range.end));
    segments.retain(|segment| !matches!(segment, Segment::Copy(range) if range.is_empty()));
    segments
}
