//! What stands around the parts of a multipart: preamble and epilogue.

use std::io;
use std::ops::Range;

use super::{Damage, Repair, Segment, replaced};
use crate::limits;
use crate::mail::Entity;
use crate::source::Source;

/// What programs write into the preamble, with what stands before the first delimiter.
const PREAMBLES: [&str; 6] = [
    "",
    "\r\n",
    "This is a multi-part message in MIME format.\r\n",
    "This is a multi-part message in MIME format.\r\n\r\n",
    "This is a multipart message in MIME format.\r\n",
    "This is a multipart message in MIME format.\r\n\r\n",
];

/// What stands behind the close delimiter.
const EPILOGUES: [&str; 3] = ["", "\r\n", "\r\n\r\n"];

/// The ranges that are not of any part.
struct Around {
    before: Range<u64>,
    /// Absent where there is no close delimiter.
    after: Option<Range<u64>>,
}

/// Text around the parts that was dropped, added or replaced.
pub(super) fn multiparts(source: &Source, entity: &Entity) -> io::Result<Vec<Repair>> {
    let mut around = Vec::new();
    for part in entity.walk().filter(|part| part.is_multipart()) {
        around.extend(Around::of(source, part)?);
    }
    let mut repairs = Vec::new();
    let counts = match around.len() {
        0 => return Ok(repairs),
        1 => vec![1],
        all => vec![all, 1],
    };
    let write = |range: &Range<u64>, text: &str| (range.clone(), Segment::Literal(text.into()));
    for count in counts {
        let around = &around[..count];
        for preamble in PREAMBLES {
            let changes = around.iter().map(|a| write(&a.before, preamble));
            let segments = replaced(entity, changes.collect());
            let change = "the text before the first part of a multipart was changed";
            repairs.push(Repair::segments(Damage::Multipart, change, segments));
        }
        for epilogue in EPILOGUES {
            let ranges = around.iter().filter_map(|a| a.after.as_ref());
            let changes = ranges.map(|range| write(range, epilogue));
            let segments = replaced(entity, changes.collect());
            let change = "the text behind the last part of a multipart was changed";
            repairs.push(Repair::segments(Damage::Multipart, change, segments));
        }
    }
    Ok(repairs)
}

impl Around {
    fn of(source: &Source, part: &Entity) -> io::Result<Option<Around>> {
        let delimiter = |range: &Range<u64>| {
            source
                .slice(range.clone())
                .read_all(2 * limits::BOUNDARY_LENGTH)
        };
        let Some(first) = part.delimiters.first() else {
            return Ok(None);
        };
        let Some(octets) = delimiter(first)? else {
            return Ok(None);
        };
        let line_end = octets.len() - octets.trim_ascii_start().len();
        let before = part.preamble.start..first.start + line_end as u64;
        let after = match part.delimiters.last().filter(|_| part.closed) {
            Some(last) => delimiter(last)?.map(|octets| {
                let end = octets.trim_ascii_end().len() as u64;
                last.start + end..part.epilogue.end
            }),
            None => None,
        };
        Ok(Some(Around { before, after }))
    }
}
