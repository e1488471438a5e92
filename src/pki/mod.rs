//! Certificates: RFC 5280 (X.509), RFC 8550 (certificate handling of S/MIME), RFC 2986.
//!
//! What is asked of this layer: what a certificate says ([`Certificate`]), whether it may be used
//! for mail ([`inspect()`], [`usable_for`]), whether there is a path from it to a trust anchor
//! ([`validate_path`]), and to issue one ([`issue`]). It knows neither messages nor directories;
//! candidates, trust anchors and the time are handed in.

mod baseline_requirements;
mod certificate;
pub mod certificate_file;
mod certificate_list;
mod certificate_policy;
mod certification_request;
mod distribution_point;
mod extension;
mod fields;
mod fingerprint;
mod general_name;
pub mod identity;
mod inspect;
pub mod issue;
mod issuers;
mod name;
mod name_constraints;
mod oid;
mod path;
mod path_search;
mod path_validation;
pub mod pkcs12;
mod policy_graph;
mod revocation;
mod revocation_reason;
mod serial_number;
mod validity;
mod working_public_key;

pub use baseline_requirements::deviations;
pub use certificate::{Certificate, CertificateError};
pub use certificate_list::{CertificateList, RevokedCertificate, RevokedEntry};
pub use certification_request::{CertificationRequest, RequestError};
pub use extension::{
    AuthorityKeyIdentifier, BasicConstraints, Extension, KeyUsage, KeyUsages, usage_names,
};
pub use fingerprint::Fingerprint;
pub use general_name::GeneralName;
pub use identity::{Identity, match_keys};
pub use inspect::{Purpose, Role, inspect, usable_for, weak_key};
pub use issuers::{CertificatePool, Issuers, organization};
pub use name::{Attribute, Name};
pub use oid::Oid;
pub use path::{PathReport, PathRequest, validate_path};
pub use policy_graph::PolicyInputs;
pub use revocation::{
    ListPool, NoLists, Revocation, RevocationRecord, RevocationSource, Strictness,
};
pub use revocation_reason::RevocationReason;
pub use serial_number::SerialNumber;

#[cfg(test)]
pub(crate) mod test_pki;
