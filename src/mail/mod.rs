//! Mail as octets: RFC 5322, RFC 2045 to 2049 and RFC 1847.
//!
//! A message is cut into [`Entity`]s by byte offset in one pass over a
//! [`Source`](crate::source::Source), without holding a body ([`scan`]). Reading is lenient, so that
//! damaged mail can still be explained; [`conformance()`] is the strict judgement, on which signing
//! and encrypting depend. What a signature or a key says about a message is not known here.

pub mod address_list;
pub mod authentication_results;
pub mod canonical;
pub mod compose;
pub mod conformance;
pub mod content_type;
pub mod damage;
mod date;
pub mod entity;
pub mod from_field;
pub mod header;
pub mod header_edit;
mod header_encoding;
pub mod header_protection;
mod lexer;
mod line;
pub mod merge;
mod parameter_edit;
pub mod protection;
mod scanner;
mod sequence;
pub mod signing_form;
pub mod transfer_encoding;

use std::io;

pub use conformance::{conformance, entity_conformance};
pub use content_type::ContentType;
pub use entity::{BodyFacts, Entity, LineEnding, Scan, TransferEncoding, content_path};
pub use from_field::FromField;
pub use header::{HeaderField, HeaderFields};
pub use protection::{Protection, is_calendar, protection};
pub use scanner::scan;
pub use sequence::Sequence;

/// Why mail could not be read.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The input is no message and no MIME entity at all.
    #[error("the input is not a mail message: {why}")]
    NotAMessage {
        /// What was found instead.
        why: &'static str,
    },
    /// The data of a body does not have the form that its transfer encoding demands.
    #[error("the {encoding} data cannot be decoded: {why}")]
    TransferEncoding {
        /// The transfer encoding.
        encoding: &'static str,
        /// What is wrong.
        why: &'static str,
    },
    /// Reading failed.
    #[error(transparent)]
    Io(#[from] io::Error),
}
