//! Authenticated encryption as a stream: a keystream, and an authenticator that takes blocks.
//!
//! GCM, CCM and ChaCha20-Poly1305 are all made of these two; they differ in how each begins, in
//! whether plaintext or ciphertext is authenticated, and in what closes the authenticator. The
//! one-shot crates want the whole message in memory. Nothing here is new but the order of the calls;
//! the tests hold it to published vectors and to those crates.

use cipher::{Array, StreamCipher, consts::U16};
use zeroize::Zeroizing;

use super::{ContentCipher, ContentParameters, ccm, chacha20_poly1305, gcm};

pub(super) const BLOCK: usize = 16;

/// What an authenticator takes.
pub(super) type Block = Array<u8, U16>;

/// A whole tag, before it is cut to the length that is sent.
pub(super) type Tag = Zeroizing<[u8; BLOCK]>;

/// What is authenticated of the content.
pub(super) enum Covers {
    Plaintext,
    Ciphertext,
}

/// The octets that went into an authenticator.
pub(super) struct Lengths {
    pub(super) additional: u64,
    pub(super) content: u64,
}

/// An authenticator at work, the additional data behind it.
pub(super) trait Authenticator: Send {
    fn update(&mut self, blocks: &[Block]);

    /// The tag; `None` when the content has not the length that was announced.
    fn finish(self: Box<Self>, lengths: &Lengths) -> Option<Tag>;
}

/// How a mode begins with a key and nonce.
pub(super) struct Start {
    /// The keystream from the first octet of content on.
    pub(super) keystream: Box<dyn StreamCipher + Send>,
    pub(super) authenticator: Box<dyn Authenticator>,
    pub(super) covers: Covers,
}

/// A key and nonce at work.
pub(super) struct Aead {
    keystream: Box<dyn StreamCipher + Send>,
    authenticator: Box<dyn Authenticator>,
    covers: Covers,
    lengths: Lengths,
    /// What does not fill a block of the authenticator yet.
    pending: Zeroizing<Vec<u8>>,
    /// The keystream would repeat: everything after that is refused.
    exhausted: bool,
}

impl Aead {
    /// Begins, with the additional authenticated data. `None` when the key has another length than
    /// the cipher's, or when the length of the content is needed and not known, or does not fit.
    pub(super) fn new(
        parameters: &ContentParameters,
        key: &[u8],
        additional_data: &[u8],
        length: Option<u64>,
    ) -> Option<Aead> {
        let start = match parameters.cipher {
            ContentCipher::ChaCha20Poly1305 => {
                chacha20_poly1305::start(parameters, key, additional_data)
            }
            cipher if cipher.needs_length() => {
                ccm::start(parameters, key, additional_data, length?)
            }
            _ => gcm::start(parameters, key, additional_data),
        }?;
        Some(Aead {
            keystream: start.keystream,
            authenticator: start.authenticator,
            covers: start.covers,
            lengths: Lengths {
                additional: additional_data.len() as u64,
                content: 0,
            },
            pending: Zeroizing::new(Vec::with_capacity(BLOCK)),
            exhausted: false,
        })
    }

    pub(super) fn encrypt(&mut self, content: &[u8], out: &mut Vec<u8>) {
        if let Covers::Plaintext = self.covers {
            self.absorb(content);
        }
        let start = out.len();
        out.extend_from_slice(content);
        self.apply(out, start);
        if let Covers::Ciphertext = self.covers {
            self.absorb(&out[start..]);
        }
    }

    pub(super) fn decrypt(&mut self, encrypted: &[u8], out: &mut Vec<u8>) {
        if let Covers::Ciphertext = self.covers {
            self.absorb(encrypted);
        }
        let start = out.len();
        out.extend_from_slice(encrypted);
        self.apply(out, start);
        if let Covers::Plaintext = self.covers {
            self.absorb(&out[start..]);
        }
    }

    /// Applies the keystream to what stands behind `start`, or takes it away.
    fn apply(&mut self, octets: &mut Vec<u8>, start: usize) {
        let applied = self.keystream.try_apply_keystream(&mut octets[start..]);
        if self.exhausted || applied.is_err() {
            self.exhausted = true;
            octets.truncate(start);
        }
    }

    fn absorb(&mut self, mut octets: &[u8]) {
        self.lengths.content = self.lengths.content.saturating_add(octets.len() as u64);
        if !self.pending.is_empty() {
            let (first, rest) = octets.split_at(octets.len().min(BLOCK - self.pending.len()));
            self.pending.extend_from_slice(first);
            if self.pending.len() < BLOCK {
                return;
            }
            self.authenticator
                .update(Array::slice_as_chunks(&self.pending).0);
            self.pending.clear();
            octets = rest;
        }
        let (blocks, rest) = Array::slice_as_chunks(octets);
        self.authenticator.update(blocks);
        self.pending.extend_from_slice(rest);
    }

    /// The whole tag; `None` when the content was too long, or not as long as was announced.
    pub(super) fn finish(mut self) -> Option<Tag> {
        if self.exhausted {
            return None;
        }
        if !self.pending.is_empty() {
            self.pending.resize(BLOCK, 0);
            self.authenticator
                .update(Array::slice_as_chunks(&self.pending).0);
        }
        self.authenticator.finish(&self.lengths)
    }
}

/// The blocks of `octets`, the last one filled with zeros.
pub(super) fn padded_blocks(octets: &[u8]) -> Vec<Block> {
    let padded = |piece: &[u8]| {
        let mut block = Block::default();
        block[..piece.len()].copy_from_slice(piece);
        block
    };
    octets.chunks(BLOCK).map(padded).collect()
}
