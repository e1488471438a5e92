//! Temporary storage for content that may not be shown yet.
//!
//! A spool holds what a layer yields until the verdict is known: in memory up to a limit, beyond it
//! in an unlinked file of mode 0600, encrypted under a key that exists in memory only (unless it holds
//! ciphertext already). It is written once, in order, and then read any number of times from any offset.

use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::FileExt;

use zeroize::Zeroize;

use crate::crypto::spool_cipher::SpoolCipher;
use crate::limits;

/// An append-only temporary store.
pub struct Spool {
    place: SpoolPlace,
    len: u64,
    is_ciphertext: bool,
}

enum SpoolPlace {
    Memory(Vec<u8>),
    File {
        file: File,
        /// `None` for what anybody may read.
        cipher: Option<SpoolCipher>,
        block: Vec<u8>,
    },
}

impl Spool {
    /// Makes an empty spool, which takes memory only as it is written to.
    pub fn new() -> Spool {
        Spool {
            place: SpoolPlace::Memory(Vec::new()),
            len: 0,
            is_ciphertext: false,
        }
    }

    /// Makes an empty spool for ciphertext, which is written as it is: to encrypt it once more would
    /// protect nothing.
    pub fn of_ciphertext() -> Spool {
        let mut spool = Spool::new();
        spool.is_ciphertext = true;
        spool
    }

    /// The number of octets written.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether nothing was written.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Reads octets at `offset` into `target` and says how many; 0 at the end.
    pub(crate) fn read_at(&self, offset: u64, target: &mut [u8]) -> io::Result<usize> {
        let available = self.len.saturating_sub(offset);
        let wanted = target
            .len()
            .min(usize::try_from(available).unwrap_or(usize::MAX));
        match &self.place {
            SpoolPlace::Memory(octets) => {
                let start = usize::try_from(offset.min(self.len)).map_err(io::Error::other)?;
                target[..wanted].copy_from_slice(&octets[start..start + wanted]);
            }
            SpoolPlace::File { file, cipher, .. } => {
                file.read_exact_at(&mut target[..wanted], offset)?;
                if let Some(cipher) = cipher {
                    cipher.apply(offset, &mut target[..wanted]);
                }
            }
        }
        Ok(wanted)
    }

    fn move_to_file(&mut self) -> io::Result<()> {
        if let SpoolPlace::Memory(octets) = &mut self.place {
            let cipher = match self.is_ciphertext {
                true => None,
                false => Some(SpoolCipher::new().map_err(io::Error::other)?),
            };
            let file = unlinked_file()?;
            if let Some(cipher) = &cipher {
                cipher.apply(0, octets);
            }
            file.write_all_at(octets, 0)?;
            self.place = SpoolPlace::File {
                file,
                cipher,
                block: Vec::new(),
            };
        }
        Ok(())
    }
}

/// Opens an unlinked file, in `$TMPDIR` if that is set, else in `/var/tmp`: a message can be larger
/// than a `/tmp` that is held in memory.
fn unlinked_file() -> io::Result<File> {
    let directory = std::env::var_os("TMPDIR").unwrap_or_else(|| "/var/tmp".into());
    tempfile::tempfile_in(directory)
}

impl Default for Spool {
    fn default() -> Spool {
        Spool::new()
    }
}

impl Write for Spool {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        let in_memory = matches!(self.place, SpoolPlace::Memory(_));
        if in_memory && self.len + octets.len() as u64 > limits::MEMORY_SPOOL as u64 {
            self.move_to_file()?;
        }
        match &mut self.place {
            SpoolPlace::Memory(held) => held.extend_from_slice(octets),
            SpoolPlace::File {
                file,
                cipher,
                block,
            } => {
                let Some(cipher) = cipher else {
                    file.write_all_at(octets, self.len)?;
                    self.len += octets.len() as u64;
                    return Ok(octets.len());
                };
                block.clear();
                block.extend_from_slice(octets);
                cipher.apply(self.len, block);
                file.write_all_at(block, self.len)?;
            }
        }
        self.len += octets.len() as u64;
        Ok(octets.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        if let SpoolPlace::Memory(octets) = &mut self.place {
            octets.zeroize();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_beyond_the_limit_moves_to_a_file_and_reads_back() {
        let mut spool = Spool::new();
        let piece: Vec<u8> = (0..70_001u32).map(|i| (i * 7) as u8).collect();
        for _ in 0..20 {
            spool.write_all(&piece).unwrap();
        }
        assert!(matches!(spool.place, SpoolPlace::File { .. }));
        let mut target = vec![0; piece.len()];
        for index in [0, 7, 19] {
            let read = spool
                .read_at(index * piece.len() as u64, &mut target)
                .unwrap();
            assert_eq!((read, &target), (piece.len(), &piece));
        }
        assert_eq!(spool.read_at(spool.len(), &mut target).unwrap(), 0);
        assert_eq!(spool.read_at(spool.len() - 3, &mut target).unwrap(), 3);
    }

    #[test]
    fn the_file_does_not_hold_what_was_written() {
        let mut spool = Spool::new();
        spool
            .write_all(&vec![b'x'; limits::MEMORY_SPOOL + 1])
            .unwrap();
        let SpoolPlace::File { file, .. } = &spool.place else {
            panic!("still in memory")
        };
        let mut raw = vec![0; 4096];
        file.read_exact_at(&mut raw, 0).unwrap();
        assert!(!raw.windows(8).any(|window| window == b"xxxxxxxx"));
    }

    #[test]
    fn ciphertext_is_kept_as_it_is() {
        let octets: Vec<u8> = (0..limits::MEMORY_SPOOL as u32 + 99)
            .map(|i| (i * 7) as u8)
            .collect();
        let mut spool = Spool::of_ciphertext();
        let (first, second) = octets.split_at(limits::MEMORY_SPOOL - 1);
        spool.write_all(first).unwrap();
        spool.write_all(second).unwrap();
        let SpoolPlace::File { file, .. } = &spool.place else {
            panic!("still in memory")
        };
        let mut raw = vec![0; octets.len()];
        file.read_exact_at(&mut raw, 0).unwrap();
        assert!(raw == octets);
        raw.fill(0);
        assert_eq!(spool.read_at(0, &mut raw).unwrap(), octets.len());
        assert!(raw == octets);
    }
}
