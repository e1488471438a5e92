//! Cryptographic Message Syntax: RFC 5652, 5083, 8551.
//!
//! Reads and writes each content type as a stream; what is bounded stays in memory. What a message
//! around it looks like, and who is behind a certificate, is not known here.

pub mod attributes;
mod digests;
mod error;
mod identifier;
mod signed_data;
mod signer_check;
mod signer_info;
mod signing;
mod signing_certificate;
mod signing_time;

#[cfg(test)]
mod test_signer;

pub use self::digests::{ContentDigester, ContentDigests};
pub use self::error::CmsError;
pub use self::identifier::{CertificateIdentifier, CertificateIdentifier as SignerIdentifier};
pub use self::signed_data::SignedData;
pub use self::signer_check::{SignedContent, SignerCheck, WeakDigests};
pub use self::signer_info::SignerInfo;
pub use self::signing::{
    SignedDataWriter, SignerSpec, certs_only, required_digests, sign_detached,
};
pub use self::signing_certificate::CertificateHash;
