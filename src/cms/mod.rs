//! Cryptographic Message Syntax: RFC 5652, 5083, 3274, 8551.
//!
//! Reads and writes each content type as a stream; what is bounded stays in memory. What a message
//! around it looks like, and who is behind a certificate, is not known here.

mod algorithm_protection;
pub mod attributes;
mod auth_enveloped_data;
mod compressed_data;
pub mod content_info;
mod decryption;
mod digests;
mod enveloped_data;
mod enveloping;
mod error;
mod identifier;
pub mod recipient_info;
mod signed_data;
mod signer_check;
mod signer_info;
mod signing;
mod signing_certificate;
mod signing_time;
mod size_budget;

#[cfg(test)]
mod oracle;
#[cfg(test)]
pub(crate) mod test_compressed;
#[cfg(test)]
mod test_recipient;
#[cfg(test)]
pub(crate) mod test_signer;

pub use self::auth_enveloped_data::Authentication;
pub use self::compressed_data::{CompressedData, DecompressionError};
pub use self::content_info::{Object, content_type, decode_object};
pub use self::decryption::DecryptError;
pub use self::digests::{ContentDigester, ContentDigests};
pub use self::enveloped_data::EnvelopedData;
pub use self::enveloping::{RecipientSpec, write_enveloped};
pub use self::error::CmsError;
pub use self::identifier::{CertificateIdentifier, CertificateIdentifier as SignerIdentifier};
pub use self::recipient_info::{RecipientIdentifier, RecipientInfo, RecipientKind};
pub use self::signed_data::SignedData;
pub use self::signer_check::{ContentOctets, SignedContent, SignerCertificate, SignerCheck};
pub use self::signer_info::SignerInfo;
pub use self::signing::{
    SignedDataWriter, SignerSpec, certs_only, required_digests, sign_detached,
};
pub use self::signing_certificate::CertificateHash;
