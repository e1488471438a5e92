//! Readers one after the other, each made only when the one before has ended.

use std::io::{self, Read};

/// A piece of a sequence.
pub(crate) type Piece = Box<dyn Read + Send>;

/// Reads the pieces that an iterator gives.
pub struct Sequence {
    pieces: Box<dyn Iterator<Item = Piece> + Send>,
    current: Piece,
}

impl Sequence {
    /// Makes a reader of `pieces` in order.
    pub(crate) fn new(pieces: impl Iterator<Item = Piece> + Send + 'static) -> Sequence {
        Sequence {
            pieces: Box::new(pieces),
            current: Box::new(io::empty()),
        }
    }
}

impl Read for Sequence {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        if target.is_empty() {
            return Ok(0);
        }
        loop {
            let read = self.current.read(target)?;
            if read > 0 {
                return Ok(read);
            }
            match self.pieces.next() {
                Some(next) => self.current = next,
                None => return Ok(0),
            }
        }
    }
}
