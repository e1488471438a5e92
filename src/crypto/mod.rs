//! Algorithms and keys; the only module that names algorithm crates.
//!
//! Nothing here is a primitive of our own: each file wraps, names or composes what a crate offers,
//! under the names and parameters of one standard.

pub mod random;
pub mod spool_cipher;
