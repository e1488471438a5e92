//! The CMS object in the body of an entity, out of every encoding that it is sent in.
//!
//! The transfer encoding that the label names is taken off. What comes out then is BER (binary, and
//! decoded text), or text after all: old gateways put base64 or a PEM frame (RFC 7468) into a body
//! that they label as 7bit. An object begins with octet 0x30 and its base64 with `M`, so nothing is
//! guessed. An object knows its own end; so padding may be missing from its base64.

use std::io::{self, BufRead, Read};

use crate::mail::transfer_encoding::{Base64Decoder, decode_body};
use crate::mail::{Entity, TransferEncoding};
use crate::source::{Source, read_ahead};

/// Ends base64 that lacks its padding; where that is there, this is not looked at.
const PADDING: &[u8] = b"==";

/// Reads the octets of the object. Which form the body has is found out when it is read first.
pub struct ObjectBody {
    reader: Box<dyn BufRead + Send>,
    begun: bool,
}

impl ObjectBody {
    /// The object in `entity`, which has no children.
    ///
    /// Data that does not have the form of its transfer encoding ends in the same error as that of
    /// [`decode_body`].
    pub fn new(source: &Source, entity: &Entity) -> ObjectBody {
        let reader: Box<dyn BufRead + Send> = match entity.transfer_encoding {
            TransferEncoding::Base64 => {
                let body = entity.body_source(source);
                read_ahead(base64(body.reader()), body.len())
            }
            _ => decode_body(source, entity),
        };
        ObjectBody {
            reader,
            begun: false,
        }
    }

    fn begin(&mut self) -> io::Result<()> {
        let first = loop {
            let octets = self.reader.fill_buf()?;
            let blank = octets
                .iter()
                .take_while(|octet| octet.is_ascii_whitespace())
                .count();
            if let (0, first) = (blank, octets.first().copied()) {
                break first;
            }
            self.reader.consume(blank);
        };
        self.begun = true;
        if first == Some(b'-') {
            self.skip_line()?;
        }
        if matches!(first, Some(b'-' | b'M')) {
            let reader = std::mem::replace(&mut self.reader, Box::new(io::empty()));
            self.reader = base64(UntilDash(reader));
        }
        Ok(())
    }

    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            let octets = self.reader.fill_buf()?;
            let end = octets.iter().position(|octet| b"\r\n".contains(octet));
            let length = octets.len();
            self.reader.consume(end.unwrap_or(length));
            if end.is_some() || length == 0 {
                return Ok(());
            }
        }
    }
}

fn base64(reader: impl Read + Send + 'static) -> Box<dyn BufRead + Send> {
    Box::new(Base64Decoder::new(reader.chain(PADDING)))
}

impl Read for ObjectBody {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(target)?;
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for ObjectBody {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if !self.begun {
            self.begin()?;
        }
        self.reader.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.reader.consume(count);
    }
}

/// Text up to the first dash: the last line of a PEM frame, or a footer.
struct UntilDash(Box<dyn BufRead + Send>);

impl Read for UntilDash {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        let octets = self.0.fill_buf()?;
        let end = octets.iter().position(|octet| *octet == b'-');
        let count = (&octets[..end.unwrap_or(octets.len())]).read(target)?;
        self.0.consume(count);
        Ok(count)
    }
}
