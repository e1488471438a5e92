//! Content transfer encodings (RFC 2045 section 6) as streams, both ways.
//!
//! Decoders are readers over a reader, encoders writers over a writer; neither holds a body.

use std::io::{self, BufRead, BufReader, Read};

use crate::mail::{Entity, MailError, TransferEncoding};
use crate::source::Source;

mod base64;
mod quoted_printable;

pub use base64::{Base64Decoder, Base64Encoder};
pub(crate) use quoted_printable::needs_encoding;
pub use quoted_printable::{Escapes, QuotedPrintableDecoder, QuotedPrintableEncoder};

/// The transfer-decoded content of an entity without children.
///
/// Line ends are as they stand in the source. Data that cannot be decoded, or whose encoding is
/// not known, ends in an [`io::Error`] with [`MailError::TransferEncoding`] inside.
pub fn decode_body(source: &Source, entity: &Entity) -> Box<dyn BufRead + Send> {
    decode_octets(&entity.body_source(source), &entity.transfer_encoding)
}

/// The same for octets that are a whole body in that encoding.
pub(crate) fn decode_octets(body: &Source, encoding: &TransferEncoding) -> Box<dyn BufRead + Send> {
    let reader = body.reader();
    match encoding {
        TransferEncoding::SevenBit | TransferEncoding::EightBit | TransferEncoding::Binary => {
            Box::new(reader)
        }
        TransferEncoding::Base64 => Box::new(Base64Decoder::new(reader)),
        TransferEncoding::QuotedPrintable => {
            let decoder = QuotedPrintableDecoder::new(reader, Escapes::Strict);
            Box::new(BufReader::with_capacity(READ_BUFFER, decoder))
        }
        TransferEncoding::Unknown(_) => Box::new(BufReader::new(Undecodable)),
    }
}

/// Content in an encoding that nothing here reads.
struct Undecodable;

impl Read for Undecodable {
    fn read(&mut self, _target: &mut [u8]) -> io::Result<usize> {
        Err(invalid("unknown", "its transfer encoding is not known"))
    }
}

fn invalid(encoding: &'static str, why: &'static str) -> io::Error {
    io::Error::other(MailError::TransferEncoding { encoding, why })
}

/// Whether `error` says that data does not have the form of its encoding, not that reading failed.
pub fn is_invalid_encoding(error: &io::Error) -> bool {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
    matches!(inner, Some(MailError::TransferEncoding { .. }))
}

/// Octets that are read, or collected for writing, at a time: so many that a
/// [`SourceReader`](crate::source::SourceReader) reads them without a buffer of its own.
const READ_BUFFER: usize = 64 << 10;

/// Reads once, however often that is interrupted.
fn read_some(reader: &mut dyn Read, target: &mut [u8]) -> io::Result<usize> {
    loop {
        match reader.read(target) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            outcome => return outcome,
        }
    }
}

/// Copies octets that were not taken yet.
fn hand_out(held: &[u8], taken: &mut usize, target: &mut [u8]) -> usize {
    let rest = &held[*taken..];
    let count = rest.len().min(target.len());
    target[..count].copy_from_slice(&rest[..count]);
    *taken += count;
    count
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::scan;

    #[test]
    fn a_body_is_decoded_by_its_label() {
        for (encoding, body, content) in [
            ("7bit", "a=41\n", Some("a=41\n")),
            ("Base64", "YWI=\n", Some("ab")),
            ("quoted-printable", "a=41=\n\nb \n", Some("aA\nb\n")),
            ("quoted-printable", "a=x", None),
            ("base64", "YWI", None),
            ("x-uuencode", "begin", None),
        ] {
            let message = format!("Content-Transfer-Encoding: {encoding}\n\n{body}");
            let source = Source::from_bytes(message.into_bytes());
            let root = scan(&source).unwrap().root;
            let mut decoded = String::new();
            match (
                decode_body(&source, &root).read_to_string(&mut decoded),
                content,
            ) {
                (Ok(_), content) => assert_eq!(Some(&*decoded), content, "{body:?}"),
                (Err(error), None) => assert!(is_invalid_encoding(&error)),
                (Err(error), Some(_)) => panic!("{body:?}: {error}"),
            }
        }
    }

    /// Reads at most `chunk` octets at a time.
    pub(super) struct Chunked<'a> {
        octets: &'a [u8],
        chunk: usize,
    }

    impl<'a> Chunked<'a> {
        pub(super) fn new(octets: &'a [u8], chunk: usize) -> Chunked<'a> {
            Chunked { octets, chunk }
        }
    }

    impl Read for Chunked<'_> {
        fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
            let count = target.len().min(self.chunk);
            self.octets.read(&mut target[..count])
        }
    }
}
