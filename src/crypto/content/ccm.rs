//! Counter with CBC-MAC: SP 800-38C, RFC 3610, composed of counter mode and the block cipher.
//!
//! The authenticator begins with the length of the content, so that has to be known first.

use aes::{Aes128, Aes192, Aes256};
use cipher::{
    BlockCipherEncrypt, BlockSizeUser, InnerIvInit, KeyInit, StreamCipher, StreamCipherCoreWrapper,
};
use ctr::{CtrCore, flavors};
use zeroize::Zeroizing;

use super::aead::{Authenticator, BLOCK, Block, Covers, Lengths, Start, Tag, padded_blocks};
use super::{ContentCipher, ContentParameters};

/// The CBC-MAC, and what turns it into the tag: the encrypted counter block zero.
struct Ccm<C> {
    cipher: C,
    state: Zeroizing<[u8; BLOCK]>,
    mask: Tag,
    announced: u64,
}

/// `None` when the key has another length than the cipher's, or nonce, tag or content have a length
/// that the mode has no form for.
pub(super) fn start(
    parameters: &ContentParameters,
    key: &[u8],
    additional_data: &[u8],
    length: u64,
) -> Option<Start> {
    let begin = Beginning::new(parameters, additional_data, length)?;
    match parameters.cipher {
        ContentCipher::Aes128Ccm => begin.with(Aes128::new_from_slice(key).ok()?),
        ContentCipher::Aes192Ccm => begin.with(Aes192::new_from_slice(key).ok()?),
        ContentCipher::Aes256Ccm => begin.with(Aes256::new_from_slice(key).ok()?),
        _ => None,
    }
}

/// The blocks that precede the content (SP 800-38C appendix A.2), and the first counter block
/// (appendix A.3).
struct Beginning {
    blocks: Vec<Block>,
    counter: [u8; BLOCK],
    length: u64,
}

impl Beginning {
    fn new(parameters: &ContentParameters, additional: &[u8], length: u64) -> Option<Beginning> {
        let nonce = &parameters.iv;
        let length_octets = 15usize.checked_sub(nonce.len())?;
        let tag = parameters.tag_length;
        if !(2..=8).contains(&length_octets)
            || !(4..=BLOCK).contains(&tag)
            || !tag.is_multiple_of(2)
            || (length_octets < 8 && length >> (8 * length_octets) != 0)
        {
            return None;
        }
        let mut counter = [0; BLOCK];
        counter[0] = length_octets as u8 - 1; // at most 7
        counter[1..=nonce.len()].copy_from_slice(nonce);
        let mut first = counter;
        first[0] |= ((tag as u8 - 2) / 2) << 3; // at most 7, in bits 3 to 5
        first[0] |= u8::from(!additional.is_empty()) << 6;
        first[BLOCK - length_octets..].copy_from_slice(&length.to_be_bytes()[8 - length_octets..]);
        let mut blocks = vec![first.into()];
        if !additional.is_empty() {
            blocks.extend(padded_blocks(
                &[&encoded_length(additional), additional].concat(),
            ));
        }
        Some(Beginning {
            blocks,
            counter,
            length,
        })
    }

    fn with<C>(self, cipher: C) -> Option<Start>
    where
        C: BlockCipherEncrypt + BlockSizeUser<BlockSize = cipher::consts::U16>,
        C: Clone + Send + 'static,
    {
        // The length of the content fits into the counter's octets of the block, so no carry can
        // reach the nonce, however wide the counter is said to be.
        let core =
            CtrCore::<C, flavors::Ctr128BE>::inner_iv_init(cipher.clone(), &self.counter.into());
        let mut keystream = StreamCipherCoreWrapper::from_core(core);
        let mut mask = Zeroizing::new([0; BLOCK]);
        keystream.try_apply_keystream(&mut *mask).ok()?;
        let mut authenticator = Ccm {
            cipher,
            state: Zeroizing::new([0; BLOCK]),
            mask,
            announced: self.length,
        };
        authenticator.update(&self.blocks);
        Some(Start {
            keystream: Box::new(keystream),
            authenticator: Box::new(authenticator),
            covers: Covers::Plaintext,
        })
    }
}

/// How the length of the additional data is written (SP 800-38C appendix A.2.2).
fn encoded_length(additional: &[u8]) -> Vec<u8> {
    let length = additional.len() as u64;
    let octets = length.to_be_bytes();
    match length {
        0..0xff00 => octets[6..].to_vec(),
        0xff00..=0xffff_ffff => [&[0xff, 0xfe], &octets[4..]].concat(),
        _ => [&[0xff, 0xff], &octets[..]].concat(),
    }
}

impl<C> Authenticator for Ccm<C>
where
    C: BlockCipherEncrypt + BlockSizeUser<BlockSize = cipher::consts::U16> + Send,
{
    fn update(&mut self, blocks: &[Block]) {
        for block in blocks {
            for (state, octet) in self.state.iter_mut().zip(block) {
                *state ^= octet;
            }
            self.cipher.encrypt_block((&mut *self.state).into());
        }
    }

    fn finish(self: Box<Self>, lengths: &Lengths) -> Option<Tag> {
        let mut tag = self.mask;
        for (octet, state) in tag.iter_mut().zip(*self.state) {
            *octet ^= state;
        }
        (lengths.content == self.announced).then_some(tag)
    }
}
