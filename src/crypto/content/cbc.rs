//! CBC mode as a stream, with the padding of RFC 5652 section 6.3.

use ::cbc::{Decryptor, Encryptor};
use aes::{Aes128, Aes192, Aes256};
use cipher::{
    Array, BlockCipherDecrypt, BlockCipherEncrypt, BlockModeDecrypt, BlockModeEncrypt, InnerIvInit,
    KeyInit,
};
use des::TdesEde3;
use rc2::Rc2;
use subtle::{Choice, ConstantTimeEq, ConstantTimeGreater};
use zeroize::Zeroizing;

use super::{ContentCipher, ContentParameters, DecryptionFailed};

/// A block mode with its chaining state, applied in place to whole blocks.
trait Chain: Send {
    fn apply(&mut self, blocks: &mut [u8]);
}

struct Forward<C: BlockCipherEncrypt>(Encryptor<C>);
struct Backward<C: BlockCipherDecrypt>(Decryptor<C>);

impl<C: BlockCipherEncrypt + Send> Chain for Forward<C> {
    fn apply(&mut self, blocks: &mut [u8]) {
        self.0.encrypt_blocks(Array::slice_as_chunks_mut(blocks).0);
    }
}

impl<C: BlockCipherDecrypt + Send> Chain for Backward<C> {
    fn apply(&mut self, blocks: &mut [u8]) {
        self.0.decrypt_blocks(Array::slice_as_chunks_mut(blocks).0);
    }
}

fn forward<C>(cipher: C, iv: &[u8]) -> Option<Box<dyn Chain>>
where
    C: BlockCipherEncrypt + Send + 'static,
{
    let iv = iv.try_into().ok()?;
    Some(Box::new(Forward(Encryptor::inner_iv_init(cipher, iv))))
}

fn backward<C>(cipher: C, iv: &[u8]) -> Option<Box<dyn Chain>>
where
    C: BlockCipherDecrypt + Send + 'static,
{
    let iv = iv.try_into().ok()?;
    Some(Box::new(Backward(Decryptor::inner_iv_init(cipher, iv))))
}

/// Makes the chain of a cipher; `$mode` is [`forward`] or [`backward`].
macro_rules! chain {
    ($mode:ident, $parameters:expr, $key:expr) => {{
        let iv = &$parameters.iv;
        match $parameters.cipher {
            ContentCipher::Aes128Cbc => $mode(Aes128::new_from_slice($key).ok()?, iv),
            ContentCipher::Aes192Cbc => $mode(Aes192::new_from_slice($key).ok()?, iv),
            ContentCipher::Aes256Cbc => $mode(Aes256::new_from_slice($key).ok()?, iv),
            ContentCipher::TripleDesCbc => $mode(TdesEde3::new_from_slice($key).ok()?, iv),
            ContentCipher::Rc2Cbc { bits } => {
                // The cipher's constructor panics on an empty key.
                if $key.len() != $parameters.cipher.key_len() {
                    return None;
                }
                $mode(Rc2::new_with_eff_key_len($key, usize::from(bits)), iv)
            }
            _ => None,
        }
    }};
}

/// A chain, and the octets that do not fill a block yet, or are kept back.
struct Blocks {
    chain: Box<dyn Chain>,
    size: usize,
    pending: Zeroizing<Vec<u8>>,
}

impl Blocks {
    fn new(chain: Box<dyn Chain>, parameters: &ContentParameters) -> Blocks {
        Blocks {
            chain,
            size: parameters.cipher.iv_len(),
            pending: Zeroizing::new(Vec::with_capacity(16)),
        }
    }

    /// Applies the chain to all whole blocks and appends them to `out`, but leaves `kept` octets or
    /// more behind.
    fn update(&mut self, octets: &[u8], kept: usize, out: &mut Vec<u8>) {
        let total = self.pending.len() + octets.len();
        let whole = total.saturating_sub(kept) / self.size * self.size;
        if whole == 0 {
            self.pending.extend_from_slice(octets);
            return;
        }
        let (now, later) = octets.split_at(whole - self.pending.len());
        let start = out.len();
        out.extend_from_slice(&self.pending);
        out.extend_from_slice(now);
        self.chain.apply(&mut out[start..]);
        self.pending.clear();
        self.pending.extend_from_slice(later);
    }
}

/// Encrypts in CBC mode.
pub(super) struct CbcEncryptor(Blocks);

impl CbcEncryptor {
    /// `None` when the key or initialization vector has another length than the cipher's.
    pub(super) fn new(parameters: &ContentParameters, key: &[u8]) -> Option<CbcEncryptor> {
        let chain = chain!(forward, parameters, key)?;
        Some(CbcEncryptor(Blocks::new(chain, parameters)))
    }

    pub(super) fn update(&mut self, content: &[u8], out: &mut Vec<u8>) {
        self.0.update(content, 0, out);
    }

    pub(super) fn finish(self, out: &mut Vec<u8>) {
        let mut blocks = self.0;
        let padding = blocks.size - blocks.pending.len();
        let octet = padding as u8; // at most the length of a block
        blocks.pending.extend(std::iter::repeat_n(octet, padding));
        blocks.chain.apply(&mut blocks.pending);
        out.extend_from_slice(&blocks.pending);
    }
}

/// Decrypts in CBC mode. The last block stays back until the end, because it holds the padding.
pub(super) struct CbcDecryptor(Blocks);

impl CbcDecryptor {
    /// `None` when the key or initialization vector has another length than the cipher's.
    pub(super) fn new(parameters: &ContentParameters, key: &[u8]) -> Option<CbcDecryptor> {
        let chain = chain!(backward, parameters, key)?;
        Some(CbcDecryptor(Blocks::new(chain, parameters)))
    }

    pub(super) fn update(&mut self, encrypted: &[u8], out: &mut Vec<u8>) {
        self.0.update(encrypted, 1, out);
    }

    pub(super) fn finish(self, out: &mut Vec<u8>) -> Result<(), DecryptionFailed> {
        let mut blocks = self.0;
        if blocks.pending.len() != blocks.size {
            return Err(DecryptionFailed);
        }
        blocks.chain.apply(&mut blocks.pending);
        let length = unpadded_length(&blocks.pending).ok_or(DecryptionFailed)?;
        out.extend_from_slice(&blocks.pending[..length]);
        Ok(())
    }
}

/// The length of the last block without its padding. Every octet is looked at whatever it is, so
/// that the time does not tell where the padding is wrong.
fn unpadded_length(block: &[u8]) -> Option<usize> {
    let size = block.len() as u8; // at most 16
    let padding = *block.last()?;
    let mut good = !padding.ct_eq(&0) & !padding.ct_gt(&size);
    for (index, octet) in block.iter().enumerate() {
        let from_end = size - index as u8;
        let inside: Choice = !from_end.ct_gt(&padding);
        good &= !inside | octet.ct_eq(&padding);
    }
    bool::from(good).then(|| usize::from(size) - usize::from(padding))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_is_one_to_a_block_of_equal_octets() {
        let block = |tail: &[u8]| {
            let mut block = [9; 16];
            block[16 - tail.len()..].copy_from_slice(tail);
            unpadded_length(&block)
        };
        assert_eq!(block(&[1]), Some(15));
        assert_eq!(block(&[3, 3, 3]), Some(13));
        assert_eq!(block(&[16; 16]), Some(0));
        assert_eq!(block(&[3, 2, 3]), None);
        assert_eq!(block(&[9, 3, 3]), None);
        assert_eq!(block(&[0]), None);
        assert_eq!(block(&[17; 16]), None);
        assert_eq!(block(&[255]), None);
    }
}
