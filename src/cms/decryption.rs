//! Decrypting an EnvelopedData or AuthEnvelopedData: RFC 5652 section 6, RFC 5083 section 2.
//!
//! Whatever depends on secrets fails in one way ([`DecryptError::Failed`]): a wrong key, a damaged
//! encrypted key, padding, tag. Told apart are only facts that anybody can read in the message.

use std::io::{self, BufRead, Write};

use zeroize::Zeroizing;

use super::enveloped_data::EnvelopedData;
use crate::crypto::UnsupportedAlgorithm;
use crate::crypto::content::{ContentCipher, ContentParameters, DecryptionFailed, Decryptor};
use crate::crypto::key::PrivateKey;
use crate::crypto::random::RandomError;

/// Content octets held at a time: what a [`Source`](crate::source::Source) yields at most, and a block.
const PIECE: usize = (128 << 10) + 64;

/// Why content does not come out.
#[derive(Debug, thiserror::Error)]
pub enum DecryptError {
    /// It cannot be decrypted with this key. It does not say why, on purpose.
    #[error("the message cannot be decrypted")]
    Failed,
    /// The content-encryption key is protected in a way that is not supported.
    #[error("key management: {0}")]
    KeyManagement(#[source] UnsupportedAlgorithm),
    /// The content is encrypted in a way that is not supported.
    #[error("content encryption: {0}")]
    ContentEncryption(#[source] UnsupportedAlgorithm),
    /// There are no random numbers, which stand in for keys that are wrong.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// Reading the ciphertext or writing the content fails.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl From<DecryptionFailed> for DecryptError {
    fn from(_: DecryptionFailed) -> DecryptError {
        DecryptError::Failed
    }
}

impl EnvelopedData {
    /// The content cipher with its parameters.
    ///
    /// # Errors
    /// It is not supported; or it authenticates and this is no AuthEnvelopedData, or the reverse:
    /// the one passed off as the other is an attack (RFC 9709 section 1).
    pub fn content_parameters(&self) -> Result<ContentParameters, UnsupportedAlgorithm> {
        let parameters = ContentCipher::decode(&self.content_encryption)?;
        let problem = match (parameters.cipher.is_aead(), &self.authentication) {
            (true, Some(_)) | (false, None) => return Ok(parameters),
            (true, None) => "authenticated encryption outside AuthEnvelopedData",
            (false, Some(_)) => "encryption without authentication in AuthEnvelopedData",
        };
        Err(UnsupportedAlgorithm {
            oid: self.content_encryption.oid,
            problem,
        })
    }

    /// Decrypts the content with the key of the recipient at `index` and writes it to `sink`.
    ///
    /// Content is written as it is decrypted. Unless the result is `Ok`, all of it must be thrown
    /// away unseen: a tag and a padding stand at the end.
    ///
    /// # Errors
    /// The content or the key is encrypted in a way that is not supported, the decryption fails,
    /// or reading or writing does.
    pub fn decrypt(
        &self,
        index: usize,
        key: &PrivateKey,
        sink: &mut dyn Write,
    ) -> Result<(), DecryptError> {
        let parameters = self
            .content_parameters()
            .map_err(DecryptError::ContentEncryption)?;
        let recipient = self.recipients.get(index).ok_or(DecryptError::Failed)?;
        let content_key = recipient.content_key(key, parameters.cipher.key_len())?;
        let authentication = self.authentication.as_ref();
        let attributes = authentication.and_then(|part| part.attributes.as_deref());
        let mut decryptor = Decryptor::new(
            &parameters,
            &content_key,
            attributes.unwrap_or_default(),
            self.encrypted_content.len(),
        )?;

        let mut ciphertext = self.encrypted_content.reader_ahead();
        // Large enough for a buffer of ciphertext: a vector that grows leaves content behind.
        let mut content = Zeroizing::new(Vec::with_capacity(PIECE));
        loop {
            let octets = ciphertext.fill_buf()?;
            if octets.is_empty() {
                break;
            }
            content.clear();
            decryptor.update(octets, &mut content);
            sink.write_all(&content)?;
            let taken = octets.len();
            ciphertext.consume(taken);
        }
        content.clear();
        decryptor.finish(authentication.map(|part| &*part.tag), &mut content)?;
        sink.write_all(&content)?;
        Ok(())
    }
}
