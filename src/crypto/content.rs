//! Content encryption as a stream: AES in CBC mode (RFC 3565) and in GCM mode (RFC 5084), and to
//! read old mail triple DES and RC2 in CBC mode (RFC 3370 section 5).
//!
//! Plaintext comes out as ciphertext goes in, so whoever decrypts keeps it back until
//! [`Decryptor::finish`] has said that it is whole.

use const_oid::ObjectIdentifier;
use const_oid::db::rfc5911;
use der::Sequence;
use der::asn1::{Any, OctetString};
use spki::AlgorithmIdentifierOwned;
use zeroize::Zeroizing;

use super::UnsupportedAlgorithm;
use super::random::{self, RandomError};
use cbc::{CbcDecryptor, CbcEncryptor};
use gcm::Gcm;

mod cbc;
mod gcm;

/// A content-encryption algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContentCipher {
    /// AES with a 128-bit key in CBC mode.
    Aes128Cbc,
    /// AES with a 192-bit key in CBC mode.
    Aes192Cbc,
    /// AES with a 256-bit key in CBC mode.
    Aes256Cbc,
    /// AES with a 128-bit key in GCM mode.
    Aes128Gcm,
    /// AES with a 192-bit key in GCM mode.
    Aes192Gcm,
    /// AES with a 256-bit key in GCM mode.
    Aes256Gcm,
    /// Triple DES with three keys in CBC mode.
    TripleDesCbc,
    /// RC2 in CBC mode, the key as long as the effective key bits.
    Rc2Cbc {
        /// The effective key bits: 40, 64 or 128.
        bits: u8,
    },
}

/// A content cipher with what its AlgorithmIdentifier says besides its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContentParameters {
    /// The algorithm.
    pub cipher: ContentCipher,
    /// The initialization vector, or the nonce of GCM.
    pub iv: Vec<u8>,
    /// The length of the authentication tag; 0 where there is none.
    pub tag_length: usize,
}

/// The content does not decrypt. It does not say why, on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the content cannot be decrypted")]
pub struct DecryptionFailed;

/// The content is longer than the cipher may encrypt under one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the content is too long for one key of AES-GCM (64 GiB)")]
pub struct ContentTooLong;

/// ```text
/// GCMParameters ::= SEQUENCE {
///     aes-nonce  OCTET STRING,
///     aes-ICVlen INTEGER (12 | 13 | 14 | 15 | 16) DEFAULT 12 }
/// ```
///
/// RFC 5084 section 3.2.
#[derive(Sequence)]
struct GcmParameters {
    nonce: OctetString,
    #[asn1(optional = "true")]
    icv_length: Option<u8>,
}

/// ```text
/// RC2CBCParameter ::= SEQUENCE {
///     rc2ParameterVersion INTEGER,
///     iv                  OCTET STRING }
/// ```
///
/// RFC 3370 section 5.2.
#[derive(Sequence)]
struct Rc2CbcParameter {
    version: u16,
    iv: OctetString,
}

/// The rc2ParameterVersion of the key lengths that were in use (RFC 2268 section 6).
const RC2_VERSIONS: [(u16, u8); 3] = [(160, 40), (120, 64), (58, 128)];

/// The length of the tags that we write.
const TAG_LENGTH: usize = 16;

impl ContentCipher {
    /// The algorithms that are written and offered to others, in order of preference.
    pub const OFFERED: [ContentCipher; 6] = [
        ContentCipher::Aes256Gcm,
        ContentCipher::Aes192Gcm,
        ContentCipher::Aes128Gcm,
        ContentCipher::Aes256Cbc,
        ContentCipher::Aes192Cbc,
        ContentCipher::Aes128Cbc,
    ];

    /// The name that options and reports use, such as `aes-256-gcm`.
    pub fn name(self) -> &'static str {
        match self {
            ContentCipher::Aes128Cbc => "aes-128-cbc",
            ContentCipher::Aes192Cbc => "aes-192-cbc",
            ContentCipher::Aes256Cbc => "aes-256-cbc",
            ContentCipher::Aes128Gcm => "aes-128-gcm",
            ContentCipher::Aes192Gcm => "aes-192-gcm",
            ContentCipher::Aes256Gcm => "aes-256-gcm",
            ContentCipher::TripleDesCbc => "des-ede3-cbc",
            ContentCipher::Rc2Cbc { bits: 40 } => "rc2-40-cbc",
            ContentCipher::Rc2Cbc { bits: 64 } => "rc2-64-cbc",
            ContentCipher::Rc2Cbc { .. } => "rc2-128-cbc",
        }
    }

    /// Finds the algorithm with that name among those that are offered.
    pub fn from_name(name: &str) -> Option<ContentCipher> {
        ContentCipher::OFFERED
            .into_iter()
            .find(|cipher| cipher.name().eq_ignore_ascii_case(name))
    }

    /// The object identifier.
    pub fn oid(self) -> ObjectIdentifier {
        match self {
            ContentCipher::Aes128Cbc => rfc5911::ID_AES_128_CBC,
            ContentCipher::Aes192Cbc => rfc5911::ID_AES_192_CBC,
            ContentCipher::Aes256Cbc => rfc5911::ID_AES_256_CBC,
            ContentCipher::Aes128Gcm => rfc5911::ID_AES_128_GCM,
            ContentCipher::Aes192Gcm => rfc5911::ID_AES_192_GCM,
            ContentCipher::Aes256Gcm => rfc5911::ID_AES_256_GCM,
            ContentCipher::TripleDesCbc => rfc5911::DES_EDE_3_CBC,
            ContentCipher::Rc2Cbc { .. } => rfc5911::RC_2_CBC,
        }
    }

    /// The length of the key in octets.
    pub fn key_len(self) -> usize {
        match self {
            ContentCipher::Aes128Cbc | ContentCipher::Aes128Gcm => 16,
            ContentCipher::Aes192Cbc | ContentCipher::Aes192Gcm => 24,
            ContentCipher::Aes256Cbc | ContentCipher::Aes256Gcm => 32,
            ContentCipher::TripleDesCbc => 24,
            ContentCipher::Rc2Cbc { bits } => usize::from(bits) / 8,
        }
    }

    /// Whether the algorithm authenticates what it encrypts.
    pub fn is_aead(self) -> bool {
        matches!(
            self,
            ContentCipher::Aes128Gcm | ContentCipher::Aes192Gcm | ContentCipher::Aes256Gcm
        )
    }

    /// The length of an initialization vector that we make.
    pub fn iv_len(self) -> usize {
        match self {
            ContentCipher::TripleDesCbc | ContentCipher::Rc2Cbc { .. } => 8,
            _ if self.is_aead() => 12,
            _ => 16,
        }
    }

    /// Reads a contentEncryptionAlgorithm.
    ///
    /// # Errors
    /// The algorithm, or a parameter of it, is not known here.
    pub fn decode(
        identifier: &AlgorithmIdentifierOwned,
    ) -> Result<ContentParameters, UnsupportedAlgorithm> {
        let unusable = || UnsupportedAlgorithm::malformed(identifier.oid);
        let malformed = |_: der::Error| unusable();
        let parameters = identifier.parameters.as_ref().ok_or_else(unusable);
        if identifier.oid == rfc5911::RC_2_CBC {
            let parameters: Rc2CbcParameter = parameters?.decode_as().map_err(malformed)?;
            let (_, bits) = RC2_VERSIONS
                .into_iter()
                .find(|(version, _)| *version == parameters.version)
                .ok_or_else(unusable)?;
            return ContentParameters {
                cipher: ContentCipher::Rc2Cbc { bits },
                iv: parameters.iv.as_bytes().to_vec(),
                tag_length: 0,
            }
            .checked();
        }
        let cipher = ContentCipher::OFFERED
            .into_iter()
            .chain([ContentCipher::TripleDesCbc])
            .find(|cipher| cipher.oid() == identifier.oid)
            .ok_or_else(|| UnsupportedAlgorithm::unknown(identifier.oid))?;
        let (iv, tag_length) = if cipher.is_aead() {
            let parameters: GcmParameters = parameters?.decode_as().map_err(malformed)?;
            let tag_length = usize::from(parameters.icv_length.unwrap_or(12));
            (parameters.nonce, tag_length)
        } else {
            (parameters?.decode_as().map_err(malformed)?, 0)
        };
        ContentParameters {
            cipher,
            iv: iv.as_bytes().to_vec(),
            tag_length,
        }
        .checked()
    }
}

impl ContentParameters {
    /// Fresh parameters for one content.
    ///
    /// # Errors
    /// The operating system gives no random numbers.
    pub fn generate(cipher: ContentCipher) -> Result<ContentParameters, RandomError> {
        let mut iv = vec![0; cipher.iv_len()];
        random::fill(&mut iv)?;
        Ok(ContentParameters {
            cipher,
            iv,
            tag_length: if cipher.is_aead() { TAG_LENGTH } else { 0 },
        })
    }

    /// Checks the lengths. A GCM nonce may have any but none; 12 octets is the usual.
    fn checked(self) -> Result<ContentParameters, UnsupportedAlgorithm> {
        let fits = if self.cipher.is_aead() {
            !self.iv.is_empty() && (12..=16).contains(&self.tag_length)
        } else {
            self.iv.len() == self.cipher.iv_len()
        };
        fits.then_some(())
            .ok_or_else(|| UnsupportedAlgorithm::malformed(self.cipher.oid()))?;
        Ok(self)
    }

    /// The contentEncryptionAlgorithm.
    ///
    /// # Errors
    /// None for parameters that were generated or decoded.
    pub fn algorithm_identifier(&self) -> Result<AlgorithmIdentifierOwned, UnsupportedAlgorithm> {
        let malformed = |_: der::Error| UnsupportedAlgorithm::malformed(self.cipher.oid());
        let iv = OctetString::new(self.iv.as_slice()).map_err(malformed)?;
        let parameters = match self.cipher {
            ContentCipher::Rc2Cbc { bits } => {
                let (version, _) = RC2_VERSIONS
                    .into_iter()
                    .find(|(_, known)| *known == bits)
                    .ok_or_else(|| UnsupportedAlgorithm::malformed(self.cipher.oid()))?;
                Any::encode_from(&Rc2CbcParameter { version, iv })
            }
            _ if self.cipher.is_aead() => Any::encode_from(&GcmParameters {
                nonce: iv,
                icv_length: u8::try_from(self.tag_length)
                    .ok()
                    .filter(|length| *length != 12),
            }),
            _ => Any::encode_from(&iv),
        };
        Ok(AlgorithmIdentifierOwned {
            oid: self.cipher.oid(),
            parameters: Some(parameters.map_err(malformed)?),
        })
    }
}

/// Encrypts one content under one key.
pub struct Encryptor {
    parameters: ContentParameters,
    key: Zeroizing<Vec<u8>>,
    mode: Encrypting,
}

enum Encrypting {
    Cbc(CbcEncryptor),
    Gcm(Box<Gcm>),
}

impl Encryptor {
    /// Starts with a fresh key and initialization vector.
    ///
    /// # Errors
    /// The operating system gives no random numbers.
    pub fn new(cipher: ContentCipher) -> Result<Encryptor, EncryptorError> {
        let mut key = Zeroizing::new(vec![0; cipher.key_len()]);
        random::fill(&mut key)?;
        Encryptor::with_key(ContentParameters::generate(cipher)?, key, &[])
    }

    /// Starts with a key, parameters and additional authenticated data that are given. A key and
    /// initialization vector must never be used for two contents.
    ///
    /// # Errors
    /// The key or the initialization vector has another length than the cipher's.
    pub fn with_key(
        parameters: ContentParameters,
        key: Zeroizing<Vec<u8>>,
        additional_data: &[u8],
    ) -> Result<Encryptor, EncryptorError> {
        let mode = if parameters.cipher.is_aead() {
            Gcm::new(&parameters, &key, additional_data)
                .map(Box::new)
                .map(Encrypting::Gcm)
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
            Encrypting::Gcm(gcm) => gcm.encrypt(content, out),
        }
    }

    /// Ends the content, appends the rest to `out` and gives the authentication tag, if the
    /// cipher has one.
    ///
    /// # Errors
    /// The content was longer than one key may encrypt. What was appended is then to be discarded.
    pub fn finish(self, out: &mut Vec<u8>) -> Result<Option<Vec<u8>>, ContentTooLong> {
        match self.mode {
            Encrypting::Cbc(cbc) => {
                cbc.finish(out);
                Ok(None)
            }
            Encrypting::Gcm(gcm) => {
                let tag = gcm.finish().ok_or(ContentTooLong)?;
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
}

/// Decrypts one content.
pub struct Decryptor {
    mode: Decrypting,
    tag_length: usize,
}

enum Decrypting {
    Cbc(CbcDecryptor),
    Gcm(Box<Gcm>),
}

impl Decryptor {
    /// Starts with a key and additional authenticated data: in CMS the DER of the authenticated
    /// attributes (RFC 5083 section 2.2), which follow the ciphertext and so need a first pass.
    ///
    /// # Errors
    /// The key is not of the cipher's length, or there is additional data for a cipher that
    /// authenticates nothing.
    pub fn new(
        parameters: &ContentParameters,
        key: &[u8],
        additional_data: &[u8],
    ) -> Result<Decryptor, DecryptionFailed> {
        let mode = if parameters.cipher.is_aead() {
            Gcm::new(parameters, key, additional_data)
                .map(Box::new)
                .map(Decrypting::Gcm)
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
            Decrypting::Gcm(gcm) => gcm.decrypt(encrypted, out),
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
            (Decrypting::Gcm(gcm), Some(tag)) if tag.len() == self.tag_length => gcm.verify(tag),
            _ => Err(DecryptionFailed),
        }
    }
}

#[cfg(test)]
mod tests;
