//! How a command names a stored certificate: by address, or by the first digits of its fingerprint.

use std::fmt;
use std::str::FromStr;

use crate::address::Address;

/// Digits of a fingerprint that are needed to name a certificate. With fewer, a name that is unique
/// today may not be tomorrow.
pub const LEAST_DIGITS: usize = 8;

/// An address, or a prefix of a fingerprint in lower-case hex digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selector {
    /// All certificates for an address.
    Address(Address),
    /// The certificates whose fingerprint begins so: 8 to 64 digits.
    Fingerprint(String),
}

/// Why a text is no selector.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` is neither an address nor the first {LEAST_DIGITS} or more digits of a fingerprint"
)]
pub struct SelectorError {
    /// What was given.
    pub text: String,
}

impl FromStr for Selector {
    type Err = SelectorError;

    /// Reads a selector. Fingerprints may have upper-case digits, and colons between octets as other
    /// programs print them.
    fn from_str(text: &str) -> Result<Selector, SelectorError> {
        if let Ok(address) = Address::parse(text) {
            return Ok(Selector::Address(address));
        }
        let digits: String = text.chars().filter(|c| *c != ':').collect();
        let fits = (LEAST_DIGITS..=64).contains(&digits.len());
        if fits && digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Ok(Selector::Fingerprint(digits.to_ascii_lowercase()));
        }
        Err(SelectorError {
            text: text.to_owned(),
        })
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Selector::Address(address) => address.fmt(f),
            Selector::Fingerprint(prefix) => f.write_str(prefix),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_prefixes_are_told_apart() {
        let address: Selector = "user@example.com".parse().unwrap();
        assert!(matches!(address, Selector::Address(_)));
        let prefix: Selector = "0A1B2C3D".parse().unwrap();
        assert_eq!(prefix, Selector::Fingerprint("0a1b2c3d".to_owned()));
        let colons: Selector = "0A:1B:2C:3D:4E".parse().unwrap();
        assert_eq!(colons.to_string(), "0a1b2c3d4e");
        for text in ["", "0a1b2c3", "0a1b2c3g", "user", &"0".repeat(65)] {
            assert!(text.parse::<Selector>().is_err(), "{text}");
        }
    }
}
