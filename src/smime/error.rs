//! Why no judgement was possible.

use std::io;

use crate::cms::CmsError;
use crate::crypto::key::KeyError;
use crate::mail::MailError;
use crate::mail::signing_form::SigningFormError;
use crate::smime::lookup::LookupError;
use crate::verdict::Finding;

/// A failure that says nothing about the message.
#[derive(Debug, thiserror::Error)]
pub enum SmimeError {
    /// The input is neither a message nor a CMS object.
    #[error("the input is neither a mail message nor a CMS object")]
    Unreadable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The message does not conform to MIME, so it is neither signed nor encrypted.
    #[error("the message does not conform to MIME")]
    NotMime(Vec<Finding>),
    /// A lookup failed.
    #[error(transparent)]
    Lookup(#[from] LookupError),
    /// A key cannot do what is asked of it.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A CMS object cannot be written.
    #[error(transparent)]
    Cms(CmsError),
    /// The input is not the same in a second reading.
    #[error("the input changed while it was read")]
    InputChanged,
    /// Reading, spooling or writing failed.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl From<CmsError> for SmimeError {
    fn from(error: CmsError) -> SmimeError {
        match error {
            CmsError::Io(error) => SmimeError::Io(error),
            CmsError::ContentChanged | CmsError::LengthDiffers => SmimeError::InputChanged,
            error => SmimeError::Cms(error),
        }
    }
}

impl From<SigningFormError> for SmimeError {
    fn from(error: SigningFormError) -> SmimeError {
        match error {
            SigningFormError::Refused(findings) => SmimeError::NotMime(findings),
            SigningFormError::Io(error) => SmimeError::Io(error),
        }
    }
}

impl From<MailError> for SmimeError {
    fn from(error: MailError) -> SmimeError {
        match error {
            MailError::Io(error) => SmimeError::Io(error),
            error => SmimeError::Unreadable(Box::new(error)),
        }
    }
}
