//! Galois/counter mode: SP 800-38D, composed of counter mode and GHASH.

use aes::{Aes128, Aes192, Aes256};
use cipher::{
    BlockCipherEncrypt, BlockSizeUser, InnerIvInit, KeyInit, StreamCipher, StreamCipherCoreWrapper,
};
use ctr::{CtrCore, flavors};
use ghash::GHash;
use ghash::universal_hash::UniversalHash;
use zeroize::Zeroizing;

use super::aead::{Authenticator, BLOCK, Block, Covers, Lengths, Start, Tag};
use super::{ContentCipher, ContentParameters};

/// The hash, and what turns it into the tag: the encrypted first counter block.
struct Gcm {
    hash: GHash,
    mask: Tag,
}

/// `None` when the key has another length than the cipher's, or the nonce is empty.
pub(super) fn start(
    parameters: &ContentParameters,
    key: &[u8],
    additional_data: &[u8],
) -> Option<Start> {
    let nonce = &parameters.iv;
    if nonce.is_empty() {
        return None;
    }
    let (mut keystream, mut hash) = match parameters.cipher {
        ContentCipher::Aes128Gcm => begin(Aes128::new_from_slice(key).ok()?, nonce),
        ContentCipher::Aes192Gcm => begin(Aes192::new_from_slice(key).ok()?, nonce),
        ContentCipher::Aes256Gcm => begin(Aes256::new_from_slice(key).ok()?, nonce),
        _ => return None,
    };
    let mut mask = Zeroizing::new([0; BLOCK]);
    keystream.try_apply_keystream(&mut *mask).ok()?;
    hash.update_padded(additional_data);
    Some(Start {
        keystream,
        authenticator: Box::new(Gcm { hash, mask }),
        covers: Covers::Ciphertext,
    })
}

impl Authenticator for Gcm {
    fn update(&mut self, blocks: &[Block]) {
        self.hash.update(blocks);
    }

    fn finish(mut self: Box<Self>, lengths: &Lengths) -> Option<Tag> {
        let mut block = [0; BLOCK];
        block[..8].copy_from_slice(&lengths.additional.wrapping_mul(8).to_be_bytes());
        block[8..].copy_from_slice(&lengths.content.wrapping_mul(8).to_be_bytes());
        self.hash.update(&[block.into()]);
        let mut tag = self.mask;
        for (octet, hash) in tag.iter_mut().zip(self.hash.finalize()) {
            *octet ^= hash;
        }
        Some(tag)
    }
}

/// The keystream from the first counter block on, and the hash under its key.
fn begin<C>(cipher: C, nonce: &[u8]) -> (Box<dyn StreamCipher + Send>, GHash)
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
