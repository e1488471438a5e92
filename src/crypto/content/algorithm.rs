//! Content-encryption algorithms: their names, and what their AlgorithmIdentifiers say.

use const_oid::ObjectIdentifier;
use const_oid::db::rfc5911;
use der::Sequence;
use der::asn1::{Any, OctetString};
use spki::AlgorithmIdentifierOwned;

use crate::asn1::oid;
use crate::crypto::UnsupportedAlgorithm;
use crate::crypto::random::{self, RandomError};

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
    /// AES with a 128-bit key in CCM mode.
    Aes128Ccm,
    /// AES with a 192-bit key in CCM mode.
    Aes192Ccm,
    /// AES with a 256-bit key in CCM mode.
    Aes256Ccm,
    /// ChaCha20 with Poly1305.
    ChaCha20Poly1305,
    /// Triple DES with three keys in CBC mode.
    TripleDesCbc,
    /// RC2 in CBC mode, the key as long as the effective key bits.
    Rc2Cbc {
        /// The effective key bits: 40 to 128, whole octets.
        bits: u8,
    },
}

/// A content cipher with what its AlgorithmIdentifier says besides its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContentParameters {
    /// The algorithm.
    pub cipher: ContentCipher,
    /// The initialization vector, or the nonce.
    pub iv: Vec<u8>,
    /// The length of the authentication tag; 0 where there is none.
    pub tag_length: usize,
}

/// ```text
/// GCMParameters ::= SEQUENCE {
///     aes-nonce  OCTET STRING,
///     aes-ICVlen INTEGER (12 | 13 | 14 | 15 | 16) DEFAULT 12 }
/// CCMParameters ::= SEQUENCE {
///     aes-nonce  OCTET STRING (SIZE(7..13)),
///     aes-ICVlen INTEGER (4 | 6 | 8 | 10 | 12 | 14 | 16) DEFAULT 12 }
/// ```
///
/// RFC 5084 sections 3.1 and 3.2.
#[derive(Sequence)]
struct AesAeadParameters {
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

/// The effective key bits of whole octets in the range of RFC 3370 section 5.2, the
/// rc2ParameterVersion that stands for each (RFC 2268 section 6), and the name.
const RC2_KEYS: [(u8, u16, &str); 12] = [
    (40, 160, "rc2-40-cbc"),
    (48, 62, "rc2-48-cbc"),
    (56, 52, "rc2-56-cbc"),
    (64, 120, "rc2-64-cbc"),
    (72, 245, "rc2-72-cbc"),
    (80, 72, "rc2-80-cbc"),
    (88, 140, "rc2-88-cbc"),
    (96, 244, "rc2-96-cbc"),
    (104, 20, "rc2-104-cbc"),
    (112, 236, "rc2-112-cbc"),
    (120, 148, "rc2-120-cbc"),
    (128, 58, "rc2-128-cbc"),
];

/// The length of the tags that we write.
const TAG_LENGTH: usize = 16;

impl ContentCipher {
    /// The algorithms that are written and offered to others, in order of preference.
    pub const OFFERED: [ContentCipher; 10] = [
        ContentCipher::Aes256Gcm,
        ContentCipher::Aes192Gcm,
        ContentCipher::Aes128Gcm,
        ContentCipher::ChaCha20Poly1305,
        ContentCipher::Aes256Ccm,
        ContentCipher::Aes192Ccm,
        ContentCipher::Aes128Ccm,
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
            ContentCipher::Aes128Ccm => "aes-128-ccm",
            ContentCipher::Aes192Ccm => "aes-192-ccm",
            ContentCipher::Aes256Ccm => "aes-256-ccm",
            ContentCipher::ChaCha20Poly1305 => "chacha20-poly1305",
            ContentCipher::TripleDesCbc => "des-ede3-cbc",
            ContentCipher::Rc2Cbc { bits } => RC2_KEYS
                .iter()
                .find(|(known, ..)| *known == bits)
                .map_or("rc2-cbc", |(.., name)| name),
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
            ContentCipher::Aes128Ccm => rfc5911::ID_AES_128_CCM,
            ContentCipher::Aes192Ccm => rfc5911::ID_AES_192_CCM,
            ContentCipher::Aes256Ccm => rfc5911::ID_AES_256_CCM,
            ContentCipher::ChaCha20Poly1305 => oid::CHACHA20_POLY1305,
            ContentCipher::TripleDesCbc => rfc5911::DES_EDE_3_CBC,
            ContentCipher::Rc2Cbc { .. } => rfc5911::RC_2_CBC,
        }
    }

    /// The length of the key in octets.
    pub fn key_len(self) -> usize {
        match self {
            ContentCipher::Aes128Cbc | ContentCipher::Aes128Gcm | ContentCipher::Aes128Ccm => 16,
            ContentCipher::Aes192Cbc | ContentCipher::Aes192Gcm | ContentCipher::Aes192Ccm => 24,
            ContentCipher::Aes256Cbc | ContentCipher::Aes256Gcm | ContentCipher::Aes256Ccm => 32,
            ContentCipher::ChaCha20Poly1305 => 32,
            ContentCipher::TripleDesCbc => 24,
            ContentCipher::Rc2Cbc { bits } => usize::from(bits) / 8,
        }
    }

    /// Whether the algorithm authenticates what it encrypts.
    pub fn is_aead(self) -> bool {
        self.is_gcm() || self.needs_length() || self == ContentCipher::ChaCha20Poly1305
    }

    fn is_gcm(self) -> bool {
        matches!(
            self,
            ContentCipher::Aes128Gcm | ContentCipher::Aes192Gcm | ContentCipher::Aes256Gcm
        )
    }

    /// Whether the length of the content has to be known before its first octet: so it is in CCM
    /// mode, whose authenticator begins with it.
    pub fn needs_length(self) -> bool {
        matches!(
            self,
            ContentCipher::Aes128Ccm | ContentCipher::Aes192Ccm | ContentCipher::Aes256Ccm
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
            let (bits, ..) = RC2_KEYS
                .into_iter()
                .find(|(_, version, _)| *version == parameters.version)
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
        let (iv, tag_length) = if cipher.is_gcm() || cipher.needs_length() {
            let parameters: AesAeadParameters = parameters?.decode_as().map_err(malformed)?;
            let tag_length = usize::from(parameters.icv_length.unwrap_or(12));
            (parameters.nonce, tag_length)
        } else {
            // AEADChaCha20Poly1305Nonce is a mere OCTET STRING too (RFC 8103 section 3).
            let tag_length = if cipher.is_aead() { TAG_LENGTH } else { 0 };
            (parameters?.decode_as().map_err(malformed)?, tag_length)
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
    /// Fresh parameters for one content, whose length is looked at where the cipher needs it.
    ///
    /// # Errors
    /// The operating system gives no random numbers.
    pub fn generate(
        cipher: ContentCipher,
        length: Option<u64>,
    ) -> Result<ContentParameters, RandomError> {
        // In CCM mode nonce and length share 15 octets. The key is fresh, so a nonce may be short.
        let nonce_len = match length {
            Some(length) if cipher.needs_length() => (8..=cipher.iv_len())
                .rev()
                .find(|nonce| length >> (8 * (15 - nonce)) == 0)
                .unwrap_or(7),
            _ => cipher.iv_len(),
        };
        let mut iv = vec![0; nonce_len];
        random::fill(&mut iv)?;
        Ok(ContentParameters {
            cipher,
            iv,
            tag_length: if cipher.is_aead() { TAG_LENGTH } else { 0 },
        })
    }

    /// Checks the lengths. A GCM nonce may have any but none; 12 octets is the usual. Of the tags
    /// of CCM those under 64 bits are refused: they are within reach of guessing (SP 800-38C
    /// appendix B.2).
    fn checked(self) -> Result<ContentParameters, UnsupportedAlgorithm> {
        let (iv, tag) = (self.iv.len(), self.tag_length);
        let fits = if self.cipher.is_gcm() {
            iv > 0 && (12..=16).contains(&tag)
        } else if self.cipher.needs_length() {
            (7..=13).contains(&iv) && matches!(tag, 8 | 10 | 12 | 14 | 16)
        } else {
            iv == self.cipher.iv_len()
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
                let (_, version, _) = RC2_KEYS
                    .into_iter()
                    .find(|(known, ..)| *known == bits)
                    .ok_or_else(|| UnsupportedAlgorithm::malformed(self.cipher.oid()))?;
                Any::encode_from(&Rc2CbcParameter { version, iv })
            }
            cipher if cipher.is_gcm() || cipher.needs_length() => {
                Any::encode_from(&AesAeadParameters {
                    nonce: iv,
                    icv_length: u8::try_from(self.tag_length)
                        .ok()
                        .filter(|length| *length != 12),
                })
            }
            _ => Any::encode_from(&iv),
        };
        Ok(AlgorithmIdentifierOwned {
            oid: self.cipher.oid(),
            parameters: Some(parameters.map_err(malformed)?),
        })
    }
}
