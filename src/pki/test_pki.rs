//! Keys and small hierarchies for tests, made in code. Keys are made once a process.

use std::sync::OnceLock;

use crate::crypto::key::{KeyType, PrivateKey};
use crate::time::Time;

/// The time at which everything here is issued.
pub(crate) fn time() -> Time {
    Time::from_civil(2026, 11, 24, 8, 0, 0).unwrap()
}

/// One of a few P-256 keys.
pub(crate) fn key_number(index: usize) -> &'static PrivateKey {
    static KEYS: [OnceLock<PrivateKey>; 8] = [const { OnceLock::new() }; 8];
    KEYS[index].get_or_init(|| PrivateKey::generate(KeyType::EcP256).unwrap())
}

/// The key of a CA.
pub(crate) fn key() -> &'static PrivateKey {
    key_number(0)
}

/// Another key.
pub(crate) fn other_key() -> &'static PrivateKey {
    key_number(1)
}
