//! Footers, banners and parts that lists and gateways add inside what was signed.

use std::io;
use std::ops::Range;

use super::{Damage, Repair, Segment, replaced};
use crate::mail::Entity;
use crate::source::Source;

/// Octets at the end, and at the start, of a text that are looked through.
const WINDOW: u64 = 16 << 10;

/// Lines of a footer or a banner.
const LINES: usize = 60;

/// Parts of type text that are looked through.
const TEXTS: usize = 8;

/// Parts that were added to a multipart, or put around what was signed.
pub(super) fn parts(entity: &Entity) -> Vec<Repair> {
    let mut repairs = Vec::new();
    let mut push = |change, segments| {
        repairs.push(Repair::segments(Damage::TextAdded, change, segments));
    };
    let (children, delimiters) = (&entity.children, &entity.delimiters);
    if !entity.is_multipart() || children.is_empty() {
        return repairs;
    }
    let change = "a part was added to the signed multipart";
    let without = |range: Range<u64>| {
        let nothing = Segment::Literal(Vec::new());
        replaced(entity, vec![(range, nothing)])
    };
    if let [.., before, last] = delimiters.as_slice()
        && entity.closed
        && children.len() > 1
    {
        push(change, without(before.start..last.start));
        push(change, without(delimiters[0].start..delimiters[1].start));
    }
    for child in children.iter().take(4) {
        let change = "what was signed became a part of a multipart";
        push(change, vec![Segment::Copy(child.range.clone())]);
    }
    repairs
}

/// Lines that were added at the end or at the start of a text.
pub(super) fn text(source: &Source, entity: &Entity) -> io::Result<Vec<Repair>> {
    let mut repairs = Vec::new();
    let is_text = |part: &&Entity| part.children.is_empty() && part.content_type.type_ == "text";
    let mut push = |change, range: Range<u64>| {
        let nothing = Segment::Literal(Vec::new());
        let segments = replaced(entity, vec![(range, nothing)]);
        repairs.push(Repair::segments(Damage::TextAdded, change, segments));
    };
    for part in entity.walk().filter(is_text).take(TEXTS) {
        let body = part.body_range.clone();
        let start = body.end.saturating_sub(WINDOW).max(body.start);
        let lines = Lines::read(source, start..body.end)?;
        let mut ends = vec![body.end];
        if part.content_type.subtype == "html" {
            ends.extend(lines.last_with(b"</body"));
            ends.extend(lines.last_with(b"</html"));
        }
        for end in ends {
            let starts = lines.starts.iter().rev();
            for &(at, line_end) in starts.filter(|(at, _)| *at < end).take(LINES) {
                let change = "text was appended";
                push(change, at..end);
                // The line end before it may have come with it.
                if line_end > 0 {
                    push(change, at - line_end..end);
                }
            }
        }
        let start = body.start..body.end.min(body.start + WINDOW);
        let lines = Lines::read(source, start)?;
        for &(at, _) in lines.starts.iter().skip(1).take(LINES) {
            push("text was put before", body.start..at);
        }
    }
    Ok(repairs)
}

/// Where lines start.
struct Lines {
    octets: Vec<u8>,
    /// The offset of the first octet.
    offset: u64,
    /// Offsets, each with the number of octets of the line end before it.
    starts: Vec<(u64, u64)>,
}

impl Lines {
    fn read(source: &Source, range: Range<u64>) -> io::Result<Lines> {
        let octets = source
            .slice(range.clone())
            .read_all(WINDOW as usize)?
            .unwrap_or_default();
        let mut starts = vec![(range.start, 0)];
        for line_feed in memchr::memchr_iter(b'\n', &octets) {
            let has_cr = line_feed > 0 && octets[line_feed - 1] == b'\r';
            starts.push((range.start + line_feed as u64 + 1, 1 + u64::from(has_cr)));
        }
        Ok(Lines {
            octets,
            offset: range.start,
            starts,
        })
    }

    /// The start of the last line that holds `word`, whatever its case.
    fn last_with(&self, word: &[u8]) -> Option<u64> {
        let lower = self.octets.to_ascii_lowercase();
        let found = memchr::memmem::rfind(&lower, word)? as u64 + self.offset;
        let mut starts = self.starts.iter().map(|(at, _)| *at);
        starts.rfind(|at| *at <= found)
    }
}
