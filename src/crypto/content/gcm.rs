//! Galois/counter mode as a stream: SP 800-38D, composed of counter mode and GHASH.
//!
//! The one-shot crates want the whole message in memory. Nothing here is new but the order of the
//! calls; the tests hold it to published vectors.

use aes::{Aes128, Aes192, Aes256};
use cipher::{
    Array, BlockCipherEncrypt, BlockSizeUser, InnerIvInit, KeyInit, StreamCipher,
    StreamCipherCoreWrapper,
};
use ctr::{CtrCore, flavors};
use ghash::GHash;
use ghash::universal_hash::UniversalHash;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::{ContentCipher, ContentParameters, DecryptionFailed};

const BLOCK: usize = 16;

/// A key and nonce at work.
pub(super) struct Gcm {
    keystream: Box<dyn StreamCipher + Send>,
    hash: GHash,
    /// What turns the hash into the tag: the encrypted first counter block.
    mask: Zeroizing<[u8; BLOCK]>,
    additional_length: u64,
    length: u64,
    /// Ciphertext that does not fill a block of the hash yet.
    pending: Vec<u8>,
    /// The counter would repeat: everything after that is refused.
    exhausted: bool,
}

impl Gcm {
    /// Begins, with the additional authenticated data. `None` when the key has another length
    /// than the cipher's.
    pub(super) fn new(
        parameters: &ContentParameters,
        key: &[u8],
        additional_data: &[u8],
    ) -> Option<Gcm> {
        let nonce = &parameters.iv;
        let (keystream, hash) = match parameters.cipher {
            ContentCipher::Aes128Gcm => start(Aes128::new_from_slice(key).ok()?, nonce),
            ContentCipher::Aes192Gcm => start(Aes192::new_from_slice(key).ok()?, nonce),
            ContentCipher::Aes256Gcm => start(Aes256::new_from_slice(key).ok()?, nonce),
            _ => return None,
        };
        let mut gcm = Gcm {
            keystream,
            hash,
            mask: Zeroizing::new([0; BLOCK]),
            additional_length: additional_data.len() as u64,
            length: 0,
            pending: Vec::with_capacity(BLOCK),
            exhausted: false,
        };
        gcm.keystream.try_apply_keystream(&mut *gcm.mask).ok()?;
        gcm.hash.update_padded(additional_data);
        Some(gcm)
    }

    pub(super) fn encrypt(&mut self, content: &[u8], out: &mut Vec<u8>) {
        let start = out.len();
        out.extend_from_slice(content);
        if self.apply(&mut out[start..]) {
            self.absorb(&out[start..]);
        } else {
            out.truncate(start);
        }
    }

    pub(super) fn decrypt(&mut self, encrypted: &[u8], out: &mut Vec<u8>) {
        self.absorb(encrypted);
        let start = out.len();
        out.extend_from_slice(encrypted);
        if !self.apply(&mut out[start..]) {
            out.truncate(start);
        }
    }

    fn apply(&mut self, octets: &mut [u8]) -> bool {
        if self.exhausted || self.keystream.try_apply_keystream(octets).is_err() {
            self.exhausted = true;
        }
        !self.exhausted
    }

    /// Hashes ciphertext.
    fn absorb(&mut self, mut encrypted: &[u8]) {
        self.length = self.length.saturating_add(encrypted.len() as u64);
        if !self.pending.is_empty() {
            let (first, rest) = encrypted.split_at(encrypted.len().min(BLOCK - self.pending.len()));
            self.pending.extend_from_slice(first);
            if self.pending.len() < BLOCK {
                return;
            }
            self.hash.update(Array::slice_as_chunks(&self.pending).0);
            self.pending.clear();
            encrypted = rest;
        }
        let (blocks, rest) = Array::slice_as_chunks(encrypted);
        self.hash.update(blocks);
        self.pending.extend_from_slice(rest);
    }

    /// The whole tag; `None` when the content was too long.
    pub(super) fn finish(mut self) -> Option<Zeroizing<[u8; BLOCK]>> {
        if self.exhausted {
            return None;
        }
        self.hash.update_padded(&self.pending);
        let mut lengths = [0; BLOCK];
        lengths[..8].copy_from_slice(&self.additional_length.wrapping_mul(8).to_be_bytes());
        lengths[8..].copy_from_slice(&self.length.wrapping_mul(8).to_be_bytes());
        self.hash.update(&[lengths.into()]);
        let mut tag = self.mask.clone();
        for (octet, hash) in tag.iter_mut().zip(self.hash.finalize()) {
            *octet ^= hash;
        }
        Some(tag)
    }

    /// Compares a tag, which may be cut short, in constant time.
    pub(super) fn verify(self, tag: &[u8]) -> Result<(), DecryptionFailed> {
        let expected = self.finish().ok_or(DecryptionFailed)?;
        let expected = expected.get(..tag.len()).ok_or(DecryptionFailed)?;
        bool::from(expected.ct_eq(tag))
            .then_some(())
            .ok_or(DecryptionFailed)
    }
}

/// The keystream from the first counter block on, and the hash under its key.
fn start<C>(cipher: C, nonce: &[u8]) -> (Box<dyn StreamCipher + Send>, GHash)
where
    C: BlockCipherEncrypt + BlockSizeUser<BlockSize = cipher::consts::U16> + Send + 'static,
{
    let mut hash_key = Zeroizing::new([0; BLOCK]);
    cipher.encrypt_block((&mut *hash_key).into());
    let hash = GHash::new((&*hash_key).into());
    let counter = first_counter(&hash, nonce);
    let core = CtrCore::<C, flavors::Ctr32BE>::inner_iv_init(cipher, &counter.into());
    (Box::new(StreamCipherCoreWrapper::from_core(core)), hash)
}

/// The pre-counter block (SP 800-38D section 7.1, step 2): the nonce and a one, or the hash of a
/// nonce that is not 96 bits long.
fn first_counter(hash: &GHash, nonce: &[u8]) -> [u8; BLOCK] {
    let mut counter = [0; BLOCK];
    if nonce.len() == 12 {
        counter[..12].copy_from_slice(nonce);
        counter[15] = 1;
        return counter;
    }
    let mut hash = hash.clone();
    hash.update_padded(nonce);
    counter[8..].copy_from_slice(&(nonce.len() as u64).wrapping_mul(8).to_be_bytes());
    hash.update(&[counter.into()]);
    hash.finalize().into()
}
