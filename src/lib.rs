//! An S/MIME toolkit: sign, encrypt, decrypt and verify mail, decide by policy, and say exactly why
//! a message was rejected.
//!
//! The modules are layers; imports run downward only, which a test holds. From the bottom:

// Facts and rules of the program itself.
pub mod address;
pub mod limits;
pub mod nearest;
pub mod reason;
pub mod time;
pub mod verdict;

// Encodings and algorithms.
pub mod asn1;
pub mod crypto;

// Bytes that can be read again.
#[allow(clippy::disallowed_methods, reason = "reads files again")]
pub mod source;
#[allow(
    clippy::disallowed_methods,
    reason = "names the directory for temporary files"
)]
pub mod spool;

// Each standard: CMS, mail, certificates. And what happens to a message.
pub mod cms;
pub mod mail;
pub mod pki;
pub mod policy;

// RFC 8551: mail and CMS put together.
pub mod smime;

// The directory where everything is kept; reached from `commands` alone.
#[allow(clippy::disallowed_methods, reason = "is a directory")]
pub mod keystore;

// The edge: streams, reports, the command line.
#[allow(
    clippy::disallowed_methods,
    reason = "reads environment, clock and files that are named"
)]
pub mod commands;
pub mod error;
pub mod report;
#[allow(clippy::disallowed_methods, reason = "is the streams of the process")]
pub mod stdio;
