//! ASN.1 as it is met in mail: BER and DER streams, object identifiers, PEM frames (X.680, X.690,
//! RFC 7468).
//!
//! What is large is read and written as a stream; what is bounded is normalized to DER and then
//! decoded with the `der` crate. Nothing here knows a standard that is built on ASN.1.

pub mod ber;
pub mod dump;
pub mod hex;
pub mod oid;
pub mod pem;
pub mod tag;
pub mod write;
