//! Certificates: RFC 5280 (X.509), RFC 8550 (certificate handling of S/MIME), RFC 2986.
//!
//! What is asked of this layer: what a certificate says ([`Certificate`]) and what names are equal
//! ([`Name`]). It knows neither messages nor directories; candidates and trust anchors are handed
//! in.

mod certificate;
mod extension;
mod fields;
mod fingerprint;
mod general_name;
pub mod issue;
mod name;
mod oid;
mod serial_number;
mod validity;

pub use certificate::{Certificate, CertificateError};
pub use extension::{AuthorityKeyIdentifier, BasicConstraints, Extension, KeyUsage, KeyUsages};
pub use fingerprint::Fingerprint;
pub use general_name::GeneralName;
pub use name::{Attribute, Name};
pub use oid::Oid;
pub use serial_number::SerialNumber;
#[cfg(test)]
pub(crate) mod test_pki;
