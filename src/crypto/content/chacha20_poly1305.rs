//! ChaCha20 with Poly1305: RFC 8439 section 2.8, composed of the two.

use chacha20::ChaCha20;
use cipher::{KeyIvInit, StreamCipher};
use ghash::universal_hash::UniversalHash;
use poly1305::Poly1305;
use zeroize::Zeroizing;

use super::ContentParameters;
use super::aead::{Authenticator, BLOCK, Block, Covers, Lengths, Start, Tag};

/// The octets of one block of the keystream: the first one makes the authenticator's key.
const KEYSTREAM_BLOCK: usize = 64;

/// `None` when key or nonce have another length than the cipher's.
pub(super) fn start(
    parameters: &ContentParameters,
    key: &[u8],
    additional_data: &[u8],
) -> Option<Start> {
    let mut keystream = ChaCha20::new_from_slices(key, &parameters.iv).ok()?;
    let mut first = Zeroizing::new([0; KEYSTREAM_BLOCK]);
    keystream.try_apply_keystream(&mut *first).ok()?;
    let mut authenticator = <Poly1305 as poly1305::universal_hash::KeyInit>::new_from_slice(
        &first[..KEYSTREAM_BLOCK / 2],
    )
    .ok()?;
    authenticator.update_padded(additional_data);
    Some(Start {
        keystream: Box::new(keystream),
        authenticator: Box::new(authenticator),
        covers: Covers::Ciphertext,
    })
}

impl Authenticator for Poly1305 {
    fn update(&mut self, blocks: &[Block]) {
        UniversalHash::update(self, blocks);
    }

    fn finish(mut self: Box<Self>, lengths: &Lengths) -> Option<Tag> {
        let mut block = [0; BLOCK];
        block[..8].copy_from_slice(&lengths.additional.to_le_bytes());
        block[8..].copy_from_slice(&lengths.content.to_le_bytes());
        UniversalHash::update(&mut *self, &[block.into()]);
        Some(Zeroizing::new(self.finalize().into()))
    }
}
