//! The cipher under temporary files: AES-256 in counter mode, addressed by offset.
//!
//! The key is fresh for every spool and exists in memory only, so an unlinked file that survives on
//! the medium says nothing. It protects secrecy at rest; it does not detect changes, which only a
//! process that already reads our memory could make to an unlinked file.

use aes::Aes256;
use cipher::{KeyIvInit, StreamCipher, StreamCipherSeek};
use ctr::Ctr64BE;
use zeroize::Zeroizing;

use super::random::{self, RandomError};

/// Encrypts and decrypts octets at an offset.
pub struct SpoolCipher {
    key: Zeroizing<[u8; 32]>,
}

impl SpoolCipher {
    /// Makes a cipher with a fresh key.
    ///
    /// # Errors
    /// The operating system gives no random numbers.
    pub fn new() -> Result<SpoolCipher, RandomError> {
        Ok(SpoolCipher {
            key: Zeroizing::new(random::array()?),
        })
    }

    /// Encrypts or decrypts, in place, `octets` that stand at `offset`.
    pub fn apply(&self, offset: u64, octets: &mut [u8]) {
        // A zero counter block is sound because a key serves one append-only file.
        let mut stream = Ctr64BE::<Aes256>::new((&*self.key).into(), (&[0; 16]).into());
        stream.seek(offset);
        stream.apply_keystream(octets);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_split_decrypts_to_the_same() {
        let cipher = SpoolCipher::new().unwrap();
        let plain: Vec<u8> = (0..1000u32).map(|i| i as u8).collect();
        let mut whole = plain.clone();
        cipher.apply(0, &mut whole);
        assert_ne!(whole, plain);
        for split in [1, 15, 16, 17, 500, 999] {
            let mut parts = whole.clone();
            let (left, right) = parts.split_at_mut(split);
            cipher.apply(split as u64, right);
            cipher.apply(0, left);
            assert_eq!(parts, plain);
        }
    }
}
