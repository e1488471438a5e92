//! What we write is read by others, and what they write by us: OpenSSL 3, gpgsm, NSS, GnuTLS,
//! Bouncy Castle, Java's keytool and Python's cryptography. Postfix delivers it.
//!
//! Every cell of the matrix is a test of its own, over the built program and the peer's. The keys
//! and the CA are our own, made once for all of them. Where a peer is missing, its tests say that
//! they did not run; with `CI=true` that is a failure. What a peer cannot do is a cell too, named
//! `cannot_…`: it fails once the peer has learned it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a test binary; the exemptions of clippy.toml end at #[test] functions"
)]

/// Names each cell of a matrix: `check: name(arguments)`.
macro_rules! cells {
    ($check:ident: $($name:ident($($argument:expr),* $(,)?),)+) => {
        $(
            #[test]
            fn $name() {
                $check($($argument),*);
            }
        )+
    };
}

mod bouncy_castle;
mod certificates;
mod delivery;
mod encryption;
mod gateway;
mod gnutls;
mod gpgsm;
mod header_protection;
mod headers;
mod keystore;
mod layers;
mod lint;
mod nss;
mod peer;
mod pkcs12;
mod place;
mod postfix;
mod python;
mod random_hierarchy;
mod random_paths;
mod revocation;
mod signatures;
