//! Why a CMS object cannot be read or written.

use std::io;

use crate::asn1::ber::BerError;
use crate::crypto::UnsupportedAlgorithm;
use crate::crypto::content::{ContentTooLong, EncryptorError};
use crate::crypto::digest::DigestAlgorithm;
use crate::crypto::key::KeyError;

/// An object cannot be read or written. That it is rejected is no error but a finding.
#[derive(Debug, thiserror::Error)]
pub enum CmsError {
    /// The octets are not the encoding of such an object.
    #[error(transparent)]
    Encoding(BerError),
    /// A part of it is well-formed ASN.1 but not of its type.
    #[error("malformed {0}")]
    Malformed(&'static str),
    /// It holds more than is looked at.
    #[error("more than {limit} {what}")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// The limit that was reached.
        limit: usize,
    },
    /// Reading or writing fails.
    #[error(transparent)]
    Io(io::Error),
    /// A certificate that is to be named in the object cannot be decoded.
    #[error("the certificate cannot be decoded")]
    Certificate,
    /// The content was not digested with the algorithm of a signer.
    #[error("the content was not digested with {0}")]
    DigestMissing(DigestAlgorithm),
    /// The content that is written is not the one that was digested.
    #[error("the content changed while it was signed")]
    ContentChanged,
    /// Nobody is named who could read what is encrypted.
    #[error("no recipient to encrypt to")]
    RecipientMissing,
    /// The content that is encrypted is not as long as was announced.
    #[error("the content has not the length that was announced")]
    LengthDiffers,
    /// The content that is encrypted is too long for the cipher.
    #[error(transparent)]
    TooLong(#[from] ContentTooLong),
    /// Encryption cannot begin.
    #[error(transparent)]
    Encryption(#[from] EncryptorError),
    /// The algorithm cannot be named in the object.
    #[error(transparent)]
    Algorithm(#[from] UnsupportedAlgorithm),
    /// The key cannot do what is asked of it.
    #[error(transparent)]
    Key(#[from] KeyError),
}

impl From<BerError> for CmsError {
    fn from(error: BerError) -> CmsError {
        match error {
            BerError::Io(error) => CmsError::Io(error),
            error => CmsError::Encoding(error),
        }
    }
}

/// What is written is made of parts that are known, so this tells of a bug.
impl From<der::Error> for CmsError {
    fn from(_: der::Error) -> CmsError {
        CmsError::Malformed("structure to be written")
    }
}

/// Takes a [`BerError`] that travelled inside an [`io::Error`] out again.
impl From<io::Error> for CmsError {
    fn from(error: io::Error) -> CmsError {
        BerError::from(error).into()
    }
}
