//! Content encryption as a stream: AES in CBC mode (RFC 3565), in GCM and CCM mode (RFC 5084),
//! ChaCha20-Poly1305 (RFC 8103), and to read old mail triple DES and RC2 in CBC mode (RFC 3370
//! section 5).
//!
//! Plaintext comes out as ciphertext goes in, so whoever decrypts keeps it back until
//! [`Decryptor::finish`] has said that it is whole.

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::random::{self, RandomError};
use aead::Aead;
use cbc::{CbcDecryptor, CbcEncryptor};

pub use algorithm::{ContentCipher, ContentParameters};

mod aead;
mod algorithm;
mod cbc;
mod ccm;
mod chacha20_poly1305;
mod gcm;

/// The content does not decrypt. It does not say why, on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the content cannot be decrypted")]
pub struct DecryptionFailed;

/// The content is longer than the cipher may encrypt under one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the content is too long for one key of the cipher")]
pub struct ContentTooLong;

/// Encrypts one content under one key.
pub struct Encryptor {
    parameters: ContentParameters,
    key: Zeroizing<Vec<u8>>,
    mode: Encrypting,
}

enum Encrypting {
    Cbc(CbcEncryptor),
    Aead(Box<Aead>),
}

impl Encryptor {
    /// Starts with a fresh key and initialization vector. The length of the content is needed for
    /// some ciphers ([`ContentCipher::needs_length`]).
    ///
    /// # Errors
    /// The operating system gives no random numbers, or the length is needed and not known.
    pub fn new(cipher: ContentCipher, length: Option<u64>) -> Result<Encryptor, EncryptorError> {
        let mut key = Zeroizing::new(vec![0; cipher.key_len()]);
        random::fill(&mut key)?;
        Encryptor::with_key(
            ContentParameters::generate(cipher, length)?,
            key,
            &[],
            length,
        )
    }

    /// Starts with a key, parameters and additional authenticated data that are given. A key and
    /// initialization vector must never be used for two contents.
    ///
    /// # Errors
    /// The key or the initialization vector has another length than the cipher's; the length of
    /// the content is needed and not known, or too great for the nonce.
    pub fn with_key(
        parameters: ContentParameters,
        key: Zeroizing<Vec<u8>>,
        additional_data: &[u8],
        length: Option<u64>,
    ) -> Result<Encryptor, EncryptorError> {
        if parameters.cipher.needs_length() && length.is_none() {
            return Err(EncryptorError::ContentLength);
        }
        let mode = if parameters.cipher.is_aead() {
            Aead::new(&parameters, &key, additional_data, length)
                .map(Box::new)
                .map(Encrypting::Aead)
        } else {
            CbcEncryptor::new(&parameters, &key).map(Encrypting::Cbc)
        };
        Ok(Encryptor {
            mode: mode.ok_or(EncryptorError::Length)?,
            parameters,
            key,
        })
    }

    /// The content-encryption key, for the recipients.
    pub fn key(&self) -> &[u8] {
        &self.key
    }

    /// The parameters that the content is written with.
    pub fn parameters(&self) -> &ContentParameters {
        &self.parameters
    }

    /// Encrypts the next piece of content and appends what comes of it to `out`.
    pub fn update(&mut self, content: &[u8], out: &mut Vec<u8>) {
        match &mut self.mode {
            Encrypting::Cbc(cbc) => cbc.update(content, out),
            Encrypting::Aead(aead) => aead.encrypt(content, out),
        }
    }

    /// Ends the content, appends the rest to `out` and gives the authentication tag, if the
    /// cipher has one.
    ///
    /// # Errors
    /// The content was longer than one key may encrypt, or not as long as was said. What was appended is then to be discarded.
    pub fn finish(self, out: &mut Vec<u8>) -> Result<Option<Vec<u8>>, ContentTooLong> {
        match self.mode {
            Encrypting::Cbc(cbc) => {
                cbc.finish(out);
                Ok(None)
            }
            Encrypting::Aead(aead) => {
                let tag = aead.finish().ok_or(ContentTooLong)?;
                Ok(Some(tag[..self.parameters.tag_length].to_vec()))
            }
        }
    }
}

/// Why encryption cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum EncryptorError {
    /// There are no random numbers.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// A key or initialization vector of the wrong length was given.
    #[error("the key or initialization vector does not fit the cipher")]
    Length,
    /// The cipher has to know the length of the content beforehand, and it is not known.
    #[error("the cipher needs to know the length of the content first")]
    ContentLength,
}

/// Decrypts one content.
pub struct Decryptor {
    mode: Decrypting,
    tag_length: usize,
}

enum Decrypting {
    Cbc(CbcDecryptor),
    Aead(Box<Aead>),
}

impl Decryptor {
    /// Starts with a key and additional authenticated data: in CMS the DER of the authenticated
    /// attributes (RFC 5083 section 2.2), which follow the ciphertext and so need a first pass. The
    /// ciphertext is `length` octets long.
    ///
    /// # Errors
    /// The key is not of the cipher's length, the nonce leaves no room for that length, or there is
    /// additional data for a cipher that authenticates nothing.
    pub fn new(
        parameters: &ContentParameters,
        key: &[u8],
        additional_data: &[u8],
        length: u64,
    ) -> Result<Decryptor, DecryptionFailed> {
        let mode = if parameters.cipher.is_aead() {
            Aead::new(parameters, key, additional_data, Some(length))
                .map(Box::new)
                .map(Decrypting::Aead)
        } else if additional_data.is_empty() {
            CbcDecryptor::new(parameters, key).map(Decrypting::Cbc)
        } else {
            None
        };
        Ok(Decryptor {
            mode: mode.ok_or(DecryptionFailed)?,
            tag_length: parameters.tag_length,
        })
    }

    /// Decrypts the next piece of ciphertext and appends what comes of it to `out`: not to be
    /// believed, nor shown, before [`finish`](Self::finish).
    pub fn update(&mut self, encrypted: &[u8], out: &mut Vec<u8>) {
        match &mut self.mode {
            Decrypting::Cbc(cbc) => cbc.update(encrypted, out),
            Decrypting::Aead(aead) => aead.decrypt(encrypted, out),
        }
    }

    /// Ends the ciphertext, appends the rest to `out`, and checks the tag or the padding in
    /// constant time.
    ///
    /// # Errors
    /// Something is wrong. Everything that was appended is to be discarded.
    pub fn finish(self, tag: Option<&[u8]>, out: &mut Vec<u8>) -> Result<(), DecryptionFailed> {
        match (self.mode, tag) {
            (Decrypting::Cbc(cbc), None) => cbc.finish(out),
            (Decrypting::Aead(aead), Some(tag)) if tag.len() == self.tag_length => {
                let expected = aead.finish().ok_or(DecryptionFailed)?;
                let expected = expected.get(..tag.len()).ok_or(DecryptionFailed)?;
                bool::from(expected.ct_eq(tag))
                    .then_some(())
                    .ok_or(DecryptionFailed)
            }
            _ => Err(DecryptionFailed),
        }
    }
}

#[cfg(test)]
mod tests;
