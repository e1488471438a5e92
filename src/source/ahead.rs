//! Reading on a second thread, beside the work on what was read.
//!
//! Reading, base64 and the cipher of the spool together take about as long as a digest, a cipher or
//! a scan, so for large content the one runs beside the other. Octets, their order, the end and
//! errors are those of the reader.

use std::io::{self, BufRead, BufReader, Read};
use std::panic;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::{self, JoinHandle};

use zeroize::Zeroizing;

/// Octets of a piece.
const PIECE: usize = 128 << 10;

/// Pieces that are read, waiting or worked on at a time.
const PIECES: usize = 4;

/// Content below this length is read before a thread has begun.
const WORTH_A_THREAD: u64 = 1 << 20;

/// Reads `reader`, which yields about `length` octets, ahead of whoever asks for them; on the same
/// thread where that is as fast.
pub fn read_ahead(reader: impl Read + Send + 'static, length: u64) -> Box<dyn BufRead + Send> {
    let has_second_core = || thread::available_parallelism().is_ok_and(|cores| cores.get() > 1);
    let reader = match length >= WORTH_A_THREAD && has_second_core() {
        true => match ReadAhead::start(reader) {
            Ok(ahead) => return Box::new(ahead),
            Err(reader) => reader,
        },
        false => reader,
    };
    Box::new(BufReader::with_capacity(super::BUFFER, reader))
}

/// Some octets of the content.
#[derive(Default)]
struct Piece {
    /// Of one length always: a vector that grows leaves content behind.
    buffer: Zeroizing<Vec<u8>>,
    filled: usize,
}

/// What another thread reads.
///
/// The thread ends with the content, with an error, or when this is dropped. Nobody waits for it
/// then: it holds nothing but the reader and its pieces.
struct ReadAhead {
    filled: Receiver<io::Result<Piece>>,
    emptied: Sender<Piece>,
    thread: Option<JoinHandle<()>>,
    current: Piece,
    taken: usize,
    has_ended: bool,
}

impl ReadAhead {
    /// Begins to read; gives the reader back where no thread can be had.
    fn start<R: Read + Send + 'static>(reader: R) -> Result<ReadAhead, R> {
        let (hand_over, handed_over) = mpsc::channel::<R>();
        let (fill, filled) = mpsc::channel();
        let (emptied, empty) = mpsc::channel();
        for _ in 0..PIECES {
            // Both ends are here, so this cannot fail.
            let _ = emptied.send(Piece::default());
        }
        let work = move || {
            if let Ok(reader) = handed_over.recv() {
                fill_pieces(reader, &empty, &fill);
            }
        };
        let Ok(thread) = thread::Builder::new().spawn(work) else {
            return Err(reader);
        };
        hand_over.send(reader).map_err(|unsent| unsent.0)?;
        Ok(ReadAhead {
            filled,
            emptied,
            thread: Some(thread),
            current: Piece::default(),
            taken: 0,
            has_ended: false,
        })
    }

    /// Gives the piece that was read back to the thread, and takes the next one.
    fn advance(&mut self) -> io::Result<()> {
        self.taken = 0;
        let done = std::mem::take(&mut self.current);
        if !done.buffer.is_empty() {
            // A thread that has ended needs no more of them.
            let _ = self.emptied.send(done);
        }
        match self.filled.recv() {
            Ok(piece) => self.current = piece?,
            Err(_) => return Err(self.without_end()),
        }
        self.has_ended = self.current.filled == 0;
        Ok(())
    }

    /// The thread is gone, and the end was not reached: that must never look like the end.
    fn without_end(&mut self) -> io::Error {
        if let Some(Err(bug)) = self.thread.take().map(JoinHandle::join) {
            panic::resume_unwind(bug);
        }
        io::Error::other("reading has ended early")
    }
}

/// Reads until there is no more to read or nobody to read for.
fn fill_pieces(mut reader: impl Read, empty: &Receiver<Piece>, fill: &Sender<io::Result<Piece>>) {
    while let Ok(mut piece) = empty.recv() {
        piece.buffer.resize(PIECE, 0);
        let read = loop {
            match reader.read(&mut piece.buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read,
            }
        };
        let goes_on = matches!(read, Ok(1..));
        let outcome = read.map(|filled| Piece { filled, ..piece });
        if fill.send(outcome).is_err() || !goes_on {
            return;
        }
    }
}

impl Read for ReadAhead {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(target)?;
        self.consume(read);
        Ok(read)
    }
}

impl BufRead for ReadAhead {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.taken == self.current.filled && !self.has_ended {
            self.advance()?;
        }
        Ok(&self.current.buffer[self.taken..self.current.filled])
    }

    fn consume(&mut self, octets: usize) {
        self.taken = (self.taken + octets).min(self.current.filled);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn octets() -> Vec<u8> {
        (0..3_000_000u32).map(|i| (i % 251) as u8).collect()
    }

    fn ahead(reader: impl Read + Send + 'static) -> ReadAhead {
        ReadAhead::start(reader).unwrap_or_else(|_| panic!("no thread"))
    }

    /// Yields its octets, then an error.
    struct Failing(io::Cursor<Vec<u8>>);

    impl Read for Failing {
        fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
            match self.0.read(target)? {
                0 => Err(io::Error::other("a failing disk")),
                read => Ok(read),
            }
        }
    }

    #[test]
    fn octets_come_in_order_and_then_the_end() {
        let octets = octets();
        let long = octets.len() as u64;
        for length in [0, 10, PIECE, PIECE + 1, octets.len()] {
            for about in [0, long] {
                let mut read = Vec::new();
                let content = io::Cursor::new(octets[..length].to_vec());
                let mut reader = read_ahead(content, about);
                reader.read_to_end(&mut read).unwrap();
                assert_eq!(read, &octets[..length]);
                assert_eq!(reader.fill_buf().unwrap(), b"");
            }
        }
    }

    #[test]
    fn an_error_comes_after_the_octets_before_it_and_never_turns_into_the_end() {
        let octets = octets();
        let mut reader = ahead(Failing(io::Cursor::new(octets.clone())));
        let mut read = vec![0; octets.len()];
        reader.read_exact(&mut read).unwrap();
        assert_eq!(read, octets);
        let error = reader.fill_buf().unwrap_err();
        assert_eq!(error.to_string(), "a failing disk");
        assert!(reader.fill_buf().is_err());
    }

    #[test]
    fn a_reader_that_is_dropped_early_is_let_go() {
        let (dropped, waits) = mpsc::channel::<()>();
        struct Endless(#[expect(dead_code, reason = "dropped with the reader")] Sender<()>);
        impl Read for Endless {
            fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
                Ok(target.len())
            }
        }
        let mut reader = ahead(Endless(dropped));
        assert!(!reader.fill_buf().unwrap().is_empty());
        drop(reader);
        assert_eq!(waits.recv(), Err(mpsc::RecvError));
    }

    #[test]
    #[should_panic(expected = "a bug in a reader")]
    fn a_bug_in_the_reader_comes_out() {
        struct Buggy;
        impl Read for Buggy {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                panic!("a bug in a reader")
            }
        }
        let _ = ahead(Buggy).fill_buf();
    }
}
