//! The signing form: the entity inside a signed or encrypted message, safe for transport.
//!
//! RFC 8551 section 3.1 asks for canonical form, and section 3.1.3 for 7bit in what is signed. So
//! the Content-* fields of the message move inside, every line ends in CRLF, and whatever a relay
//! may change is encoded: octets above 127, NUL, a CR that stands alone, lines over 998 octets,
//! white space at the end of a line, `From ` at the start of one, and a dot that is a whole line.
//! What is safe already is copied octet by octet, so the form of the form is itself.
//!
//! What is done where the standards leave it open:
//!
//! - **Text** is encoded as quoted-printable, or as base64 where over a third of its octets need
//!   encoding. Its lines end in CRLF first, whatever its encoding was before. UTF-16 and UTF-32
//!   are not text in this sense.
//! - **Other content** is encoded as base64. Data labelled `7bit` or `8bit` consists of lines, so
//!   those end in CRLF first; data labelled `binary` keeps its octets.
//! - **base64** and **quoted-printable** are encoded anew where their lines are unsafe. base64 that
//!   cannot be decoded stays as it is, but for white space at the end of lines; if more is wrong
//!   with it, there is no signing form. Bad escapes of quoted-printable stand for themselves.
//! - **Labels** `8bit` and `binary` of what is 7bit become `7bit`: some relays go by the label.
//! - **Preambles, epilogues, delimiter lines** have no encoding; what cannot be carried in them is
//!   replaced (octets above 127 become `?`).
//! - **Header fields** with 8-bit octets are encoded by RFC 2047 and 2231 if they are UTF-8 and
//!   stand where those allow it; else there is no signing form.
//! - **The fields of the message** go inside as well where they are to be protected (RFC 9788), and
//!   what an encrypted message does not show outside stands at the start of its text.
//! - **multipart/signed** inside stays as it is, for the signature in it; if it is not 7bit, there
//!   is no signing form. The same holds for multipart/encrypted, and for message/partial and
//!   message/external-body, which may not be encoded.

use std::io::{self, BufRead, Read, Write};
use std::ops::Range;

mod plain_lines;
mod plan;
#[cfg(test)]
mod random_tests;
mod safe_header;
#[cfg(test)]
mod tests;

use plain_lines::PlainLines;
pub(super) use safe_header::{Unsafe, safe_field};

use crate::mail::canonical::canonical_reader;
use crate::mail::header_protection::HeaderProtection;
use crate::mail::sequence::Sequence;
use crate::mail::transfer_encoding::{
    Base64Decoder, Base64Encoder, Escapes, QuotedPrintableDecoder, QuotedPrintableEncoder,
};
use crate::mail::{Scan, conformance};
use crate::source::{Source, read_ahead};
use crate::verdict::Finding;

/// Columns of base64 in body parts (RFC 2045 section 6.8).
const COLUMNS: usize = 76;

/// A recipe for the signing form of one message. It holds headers and offsets, no bodies.
#[derive(Clone)]
pub struct SigningForm {
    source: Source,
    steps: Vec<Step>,
}

/// Why there is no signing form.
#[derive(Debug, thiserror::Error)]
pub enum SigningFormError {
    /// The message does not conform to MIME, or has content that no encoding makes safe.
    #[error("the message cannot be signed or encrypted: {}", summaries(.0))]
    Refused(Vec<Finding>),
    /// The message cannot be read.
    #[error(transparent)]
    Io(#[from] io::Error),
}

fn summaries(findings: &[Finding]) -> String {
    let summaries: Vec<&str> = findings.iter().map(Finding::summary).collect();
    summaries.join("; ")
}

/// One piece of the form.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    /// Octets as they are.
    Literal(Vec<u8>),
    /// A range in canonical form.
    Copy(Range<u64>),
    /// A range through [`PlainLines`].
    Plain(Range<u64>),
    /// A range decoded, then encoded.
    Encode {
        range: Range<u64>,
        decoding: Decoding,
        encoding: Encoding,
        insertion: Option<Insertion>,
    },
}

/// Octets that are put into decoded content.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Insertion {
    at: u64,
    octets: Vec<u8>,
}

/// How the octets that are to be encoded are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Decoding {
    Exact,
    Canonical,
    Base64,
    QuotedPrintable,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Base64,
    QuotedPrintable,
}

impl Encoding {
    fn name(self) -> &'static str {
        match self {
            Encoding::Base64 => "base64",
            Encoding::QuotedPrintable => "quoted-printable",
        }
    }
}

impl SigningForm {
    /// Plans the signing form of the message that `scan` was made of.
    ///
    /// Bodies that have to be encoded are read once.
    ///
    /// # Errors
    /// [`SigningFormError::Refused`] with the findings of [`conformance()`], or with those about
    /// the part that cannot be made safe; reading fails.
    pub fn plan(scan: &Scan, source: &Source) -> Result<SigningForm, SigningFormError> {
        SigningForm::with_header(scan, source, None)
    }

    /// The same with the fields of the message inside, protected as RFC 9788 has it.
    ///
    /// # Errors
    /// As [`plan`](SigningForm::plan); also if a field of the message has no safe form.
    pub fn plan_protecting(
        scan: &Scan,
        source: &Source,
        protection: HeaderProtection,
    ) -> Result<SigningForm, SigningFormError> {
        SigningForm::with_header(scan, source, Some(protection))
    }

    fn with_header(
        scan: &Scan,
        source: &Source,
        protection: Option<HeaderProtection>,
    ) -> Result<SigningForm, SigningFormError> {
        let findings = conformance(scan);
        if !findings.is_empty() {
            return Err(SigningFormError::Refused(findings));
        }
        Ok(SigningForm {
            source: source.clone(),
            steps: plan::plan(&scan.root, source, protection)?,
        })
    }

    /// Reads the form. Every reader gives the same octets.
    pub fn reader(&self) -> Box<dyn BufRead + Send> {
        let source = self.source.clone();
        let steps = self.steps.clone().into_iter();
        let form = Sequence::new(steps.map(move |step| step.reader(&source)));
        read_ahead(form, self.len_hint())
    }

    /// Writes the form.
    ///
    /// # Errors
    /// Reading the source or writing fails.
    pub fn write(&self, sink: &mut dyn Write) -> io::Result<()> {
        let (mut reader, mut buffer) = (self.reader(), vec![0; 64 << 10]);
        loop {
            match reader.read(&mut buffer)? {
                0 => return Ok(()),
                read => sink.write_all(&buffer[..read])?,
            }
        }
    }

    /// About how many octets the form has, to choose between memory and a spool.
    pub fn len_hint(&self) -> u64 {
        let step = |step: &Step| match step {
            Step::Literal(octets) => octets.len() as u64,
            Step::Copy(range) | Step::Plain(range) => range.end - range.start,
            Step::Encode { range, .. } => (range.end - range.start) / 2 * 3,
        };
        self.steps.iter().map(step).sum()
    }

    /// How many octets the form has, found by making it once.
    ///
    /// # Errors
    /// Reading the source fails.
    pub fn measure(&self) -> io::Result<u64> {
        io::copy(&mut self.reader(), &mut io::sink())
    }
}

impl Step {
    fn reader(self, source: &Source) -> Box<dyn Read + Send> {
        match self {
            Step::Literal(octets) => Box::new(io::Cursor::new(octets)),
            Step::Copy(range) => Box::new(canonical_reader(&source.slice(range))),
            Step::Plain(range) => {
                let reader = canonical_reader(&source.slice(range));
                Box::new(Filtered::new(
                    Box::new(reader),
                    Filter::Plain(PlainLines::new(Vec::new())),
                ))
            }
            Step::Encode {
                range,
                decoding,
                encoding,
                insertion,
            } => {
                let reader = decoding.reader(&source.slice(range));
                let reader = match insertion {
                    None => reader,
                    Some(insertion) => insertion.into_content(reader),
                };
                let filter = match encoding {
                    Encoding::Base64 => {
                        Filter::Base64(Base64Encoder::new(Vec::new(), COLUMNS, b"\r\n"))
                    }
                    Encoding::QuotedPrintable => {
                        Filter::QuotedPrintable(QuotedPrintableEncoder::new(Vec::new()))
                    }
                };
                Box::new(Filtered::new(reader, filter))
            }
        }
    }
}

impl Insertion {
    fn into_content(self, content: Box<dyn Read + Send>) -> Box<dyn Read + Send> {
        Box::new(Inserted {
            before: self.at,
            octets: io::Cursor::new(self.octets),
            content,
        })
    }
}

/// Reads content with an insertion.
struct Inserted {
    /// Octets of the content that are still to come before it.
    before: u64,
    octets: io::Cursor<Vec<u8>>,
    content: Box<dyn Read + Send>,
}

impl Read for Inserted {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        if self.before > 0 {
            let read = (&mut self.content).take(self.before).read(target)?;
            self.before = if read == 0 && !target.is_empty() {
                0
            } else {
                self.before - read as u64
            };
            if read > 0 || target.is_empty() {
                return Ok(read);
            }
        }
        match self.octets.read(target)? {
            0 => self.content.read(target),
            read => Ok(read),
        }
    }
}

impl Decoding {
    fn reader(self, source: &Source) -> Box<dyn Read + Send> {
        match self {
            Decoding::Exact => Box::new(source.reader()),
            Decoding::Canonical => Box::new(canonical_reader(source)),
            Decoding::Base64 => Box::new(Base64Decoder::new(source.reader())),
            // Hard line breaks are line ends of the message, so they are CRLF.
            Decoding::QuotedPrintable => Box::new(QuotedPrintableDecoder::new(
                canonical_reader(source),
                Escapes::Literal,
            )),
        }
    }
}

/// A writer over memory that changes what is written.
enum Filter {
    Plain(PlainLines<Vec<u8>>),
    Base64(Base64Encoder<Vec<u8>>),
    QuotedPrintable(QuotedPrintableEncoder<Vec<u8>>),
}

impl Filter {
    /// Writes `octets` and takes what has come out of the filter.
    fn pass(&mut self, octets: &[u8]) -> io::Result<Vec<u8>> {
        Ok(std::mem::take(match self {
            Filter::Plain(writer) => {
                writer.write_all(octets)?;
                writer.sink_mut()
            }
            Filter::Base64(writer) => {
                writer.write_all(octets)?;
                writer.sink_mut()
            }
            Filter::QuotedPrintable(writer) => {
                writer.write_all(octets)?;
                writer.sink_mut()
            }
        }))
    }

    fn finish(self) -> io::Result<Vec<u8>> {
        match self {
            Filter::Plain(writer) => writer.finish(),
            Filter::Base64(writer) => writer.finish(),
            Filter::QuotedPrintable(writer) => writer.finish(),
        }
    }
}

/// Reads through a filter.
struct Filtered {
    reader: Box<dyn Read + Send>,
    filter: Option<Filter>,
    raw: Vec<u8>,
    held: io::Cursor<Vec<u8>>,
}

impl Filtered {
    fn new(reader: Box<dyn Read + Send>, filter: Filter) -> Filtered {
        Filtered {
            reader,
            filter: Some(filter),
            raw: vec![0; 32 << 10],
            held: io::Cursor::default(),
        }
    }
}

impl Read for Filtered {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.held.read(target)?;
            let Some(filter) = &mut self.filter else {
                return Ok(read);
            };
            if read > 0 || target.is_empty() {
                return Ok(read);
            }
            let count = self.reader.read(&mut self.raw)?;
            let next = if count > 0 {
                filter.pass(&self.raw[..count])?
            } else {
                self.filter.take().map_or(Ok(Vec::new()), Filter::finish)?
            };
            self.held = io::Cursor::new(next);
        }
    }
}
