//! Bytes that can be read again from any offset.
//!
//! Every message is a [`Source`]: a regular file, octets in memory, or a spool. So nothing has to
//! hold a whole message, and a signed part can be cut out by its offsets and read twice. A file can
//! change between two readings; [`Source::check_unchanged`] tells.

mod ahead;

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, Write};
use std::ops::Range;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::spool::Spool;

pub use ahead::read_ahead;

/// Re-readable bytes, or a range of them. Cloning copies a reference.
#[derive(Clone)]
pub struct Source {
    backing: Arc<Backing>,
    range: Range<u64>,
    /// See [`Source::reached`].
    reached: Arc<AtomicU64>,
}

enum Backing {
    Memory(Vec<u8>),
    Spool(Spool),
    File { file: File, stamp: Stamp },
}

/// What tells that a file is no longer the one that was opened.
#[derive(PartialEq, Eq)]
struct Stamp {
    device: u64,
    inode: u64,
    size: u64,
    modified: (i64, i64),
}

/// The input changed while it was read.
#[derive(Debug, thiserror::Error)]
#[error("the input changed while it was read")]
pub struct InputChanged;

impl Source {
    /// Makes a source of octets in memory.
    pub fn from_bytes(bytes: Vec<u8>) -> Source {
        let range = 0..bytes.len() as u64;
        Source::new(Backing::Memory(bytes), range)
    }

    /// Makes a source of a regular file, from its current offset to its end.
    ///
    /// # Errors
    /// The file cannot be examined.
    pub fn from_file(mut file: File) -> io::Result<Source> {
        let start = file.stream_position()?;
        let stamp = Stamp::of(&file)?;
        let range = start.min(stamp.size)..stamp.size;
        Ok(Source::new(Backing::File { file, stamp }, range))
    }

    /// Reads `reader` to its end into a spool.
    ///
    /// # Errors
    /// Reading or spooling fails.
    pub fn from_reader(reader: &mut dyn Read) -> io::Result<Source> {
        let mut spool = Spool::new();
        io::copy(&mut BufReader::with_capacity(BUFFER, reader), &mut spool)?;
        Ok(Source::from_spool(spool))
    }

    /// Writes all octets to `sink`.
    ///
    /// # Errors
    /// Reading or writing fails.
    pub fn copy_to(&self, sink: &mut dyn Write) -> io::Result<()> {
        let mut reader = self.reader_ahead();
        loop {
            let octets = reader.fill_buf()?;
            if octets.is_empty() {
                return Ok(());
            }
            sink.write_all(octets)?;
            let taken = octets.len();
            reader.consume(taken);
        }
    }

    /// Makes a source of what was written to a spool.
    pub fn from_spool(spool: Spool) -> Source {
        let range = 0..spool.len();
        Source::new(Backing::Spool(spool), range)
    }

    fn new(backing: Backing, range: Range<u64>) -> Source {
        Source {
            backing: Arc::new(backing),
            range,
            reached: Arc::default(),
        }
    }

    /// Where in the backing the latest reading ended, of this source or of a part of it: for showing
    /// how far the work is.
    pub fn reached(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.reached)
    }

    /// The number of octets.
    pub fn len(&self) -> u64 {
        self.range.end - self.range.start
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The part at `range`, cut to what is there.
    pub fn slice(&self, range: Range<u64>) -> Source {
        let at = |offset: u64| self.range.start.saturating_add(offset).min(self.range.end);
        let (start, end) = (at(range.start), at(range.end));
        Source {
            backing: Arc::clone(&self.backing),
            range: start..end.max(start),
            reached: Arc::clone(&self.reached),
        }
    }

    /// Whether both are the same range of the same backing.
    pub fn is_same(&self, other: &Source) -> bool {
        Arc::ptr_eq(&self.backing, &other.backing) && self.range == other.range
    }

    /// A reader from the start to the end.
    pub fn reader(&self) -> SourceReader {
        SourceReader {
            source: self.clone(),
            offset: 0,
            buffer: Vec::new(),
            taken: 0,
        }
    }

    /// The same for whoever reads all of it and has work to do on it: see [`read_ahead`].
    pub fn reader_ahead(&self) -> Box<dyn BufRead + Send> {
        read_ahead(self.reader(), self.len())
    }

    /// All octets; `None` if there are more than `limit`.
    ///
    /// # Errors
    /// Reading fails.
    pub fn read_all(&self, limit: usize) -> io::Result<Option<Vec<u8>>> {
        if self.len() > limit as u64 {
            return Ok(None);
        }
        let mut octets = Vec::with_capacity(self.len() as usize);
        self.reader().read_to_end(&mut octets)?;
        Ok(Some(octets))
    }

    /// Checks that a file still is what it was when it was opened.
    ///
    /// # Errors
    /// [`InputChanged`], inside the [`io::Error`], or the file cannot be examined.
    pub fn check_unchanged(&self) -> io::Result<()> {
        match &*self.backing {
            Backing::File { file, stamp } if Stamp::of(file)? != *stamp => {
                Err(io::Error::other(InputChanged))
            }
            _ => Ok(()),
        }
    }

    fn read_at(&self, offset: u64, target: &mut [u8]) -> io::Result<usize> {
        let left = self.len().saturating_sub(offset);
        let wanted = target
            .len()
            .min(usize::try_from(left).unwrap_or(usize::MAX));
        let (target, at) = (&mut target[..wanted], self.range.start + offset);
        self.reached.store(at + wanted as u64, Ordering::Relaxed);
        match &*self.backing {
            Backing::Memory(octets) => {
                let at = usize::try_from(at).map_err(io::Error::other)?;
                target.copy_from_slice(&octets[at..at + wanted]);
                Ok(wanted)
            }
            Backing::Spool(spool) => spool.read_at(at, target),
            Backing::File { file, .. } => loop {
                match file.read_at(target, at) {
                    // Whoever fills a buffer would take it for a failure.
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Ok(0) if wanted > 0 => break Err(io::Error::other(InputChanged)),
                    read => break read,
                }
            },
        }
    }
}

impl Stamp {
    fn of(file: &File) -> io::Result<Stamp> {
        let metadata = file.metadata()?;
        Ok(Stamp {
            device: metadata.dev(),
            inode: metadata.ino(),
            size: metadata.size(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
        })
    }
}

const BUFFER: usize = 64 << 10;

/// Reads a [`Source`] in order.
pub struct SourceReader {
    source: Source,
    /// Offset of the octet after those in the buffer.
    offset: u64,
    buffer: Vec<u8>,
    taken: usize,
}

impl Read for SourceReader {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        if self.taken == self.buffer.len() && target.len() >= BUFFER {
            let read = self.source.read_at(self.offset, target)?;
            self.offset += read as u64;
            return Ok(read);
        }
        let held = self.fill_buf()?;
        let read = held.len().min(target.len());
        target[..read].copy_from_slice(&held[..read]);
        self.consume(read);
        Ok(read)
    }
}

impl BufRead for SourceReader {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.taken == self.buffer.len() {
            let left = self.source.len().saturating_sub(self.offset);
            let wanted = usize::try_from(left).unwrap_or(BUFFER).min(BUFFER);
            self.buffer.resize(wanted, 0);
            self.taken = 0;
            let read = self.source.read_at(self.offset, &mut self.buffer)?;
            self.buffer.truncate(read);
            self.offset += read as u64;
        }
        Ok(&self.buffer[self.taken..])
    }

    fn consume(&mut self, octets: usize) {
        self.taken = (self.taken + octets).min(self.buffer.len());
    }
}

// The file system is what these tests are about.
#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use std::io::{SeekFrom, Write};

    use super::*;

    fn octets() -> Vec<u8> {
        (0..200_000u32).map(|i| (i % 251) as u8).collect()
    }

    #[test]
    fn every_backing_reads_alike() {
        let octets = octets();
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"skipped").unwrap();
        file.write_all(&octets).unwrap();
        file.seek(SeekFrom::Start(7)).unwrap();
        for source in [
            Source::from_bytes(octets.clone()),
            Source::from_reader(&mut &octets[..]).unwrap(),
            Source::from_file(file).unwrap(),
        ] {
            assert_eq!(source.len(), octets.len() as u64);
            assert_eq!(source.read_all(octets.len()).unwrap().unwrap(), octets);
            assert!(source.read_all(octets.len() - 1).unwrap().is_none());
            let part = source.slice(100..70_000).slice(5..1_000_000);
            assert_eq!(
                part.read_all(100_000).unwrap().unwrap(),
                &octets[105..70_000]
            );
            let mut small = [0; 3];
            let mut reader = part.reader();
            reader.read_exact(&mut small).unwrap();
            assert_eq!(small, octets[105..108]);
            source.check_unchanged().unwrap();
        }
    }

    /// Yields an octet at a time, and is interrupted before each.
    struct Halting(io::Cursor<Vec<u8>>, bool);

    impl Read for Halting {
        fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
            self.1 = !self.1;
            match self.1 {
                true => Err(io::ErrorKind::Interrupted.into()),
                false => {
                    let length = target.len().min(1);
                    self.0.read(&mut target[..length])
                }
            }
        }
    }

    #[test]
    fn short_readings_and_interruptions_lose_nothing() {
        let octets = octets();
        let halting = || Halting(io::Cursor::new(octets.clone()), false);
        let source = Source::from_reader(&mut halting()).unwrap();
        assert_eq!(source.read_all(octets.len()).unwrap().unwrap(), octets);
        for length in [0, 1 << 20] {
            let mut read = Vec::new();
            let mut ahead = read_ahead(halting(), length);
            ahead.read_to_end(&mut read).unwrap();
            assert_eq!(read, octets);
        }
    }

    #[test]
    fn a_reader_that_fails_is_no_source() {
        struct Failing;
        impl Read for Failing {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("a failing disk"))
            }
        }
        let mut reader = (&b"half"[..]).chain(Failing);
        let error = Source::from_reader(&mut reader).err().unwrap();
        assert_eq!(error.to_string(), "a failing disk");
    }

    #[test]
    fn a_file_that_changes_is_noticed() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(b"before").unwrap();
        let source = Source::from_file(File::open(file.path()).unwrap()).unwrap();
        file.write_all(b" and after").unwrap();
        assert!(
            source
                .check_unchanged()
                .unwrap_err()
                .get_ref()
                .unwrap()
                .is::<InputChanged>()
        );
        file.as_file().set_len(2).unwrap();
        assert!(source.read_all(100).is_err());
    }
}
