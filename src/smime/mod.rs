//! S/MIME: RFC 8551 composition of mail and CMS, and RFC 8550 judgement of certificates in it.
//!
//! [`verify()`] and [`decrypt()`] open a message layer by layer ([`chain`]) and judge what they find;
//! [`PreparedMessage`] signs
//! and encrypts one. A message that is rejected is a
//! [`Verdict`](crate::verdict::Verdict); an [`SmimeError`] means that no judgement was possible. What
//! has to be looked up is asked through the traits of [`lookup`].

mod capabilities;
pub mod chain;
mod compressed;
mod coverage;
mod damage;
mod decrypt;
mod encrypt;
mod error;
mod extraction;
mod from;
mod header_protection;
pub mod inspection;
pub mod lookup;
mod object_body;
mod pinning;
mod release;
mod revocation;
mod sign;
mod signature;
mod signer;
mod verify;

pub use capabilities::Capabilities;
pub use chain::Input;
pub use decrypt::{DecryptRequest, Decryption, decrypt};
pub use encrypt::{EncryptRequest, RecipientCertificate, RsaTransport};
pub use error::SmimeError;
pub use extraction::{Extraction, ExtractionPurpose};
pub use object_body::ObjectBody;
pub use release::Release;
pub use revocation::strictness;
pub use sign::{PreparedMessage, SignRequest, SignatureForm, SigningIdentity};
pub use signature::verify_signature;
pub use verify::{JudgementTime, SignatureRelease, Verification, VerifyRequest, verify};

#[cfg(test)]
mod tests;
