//! Algorithms and keys; the only module that names algorithm crates.
//!
//! Nothing here is a primitive of our own: each file wraps, names or composes what a crate offers,
//! under the names and parameters of one standard.

use const_oid::ObjectIdentifier;

pub mod agreement;
pub mod content;
pub mod digest;
mod dsa;
mod edwards;
mod elliptic_curve;
pub mod key;
pub mod key_wrap;
pub mod mac;
pub mod password;
pub mod pss;
pub mod random;
mod rsa;
pub mod signature;
pub mod spool_cipher;
pub mod transport;
mod x25519;

/// An algorithm, or a parameter of one, that this program does not know.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem}: {}", crate::asn1::oid::describe(.oid))]
pub struct UnsupportedAlgorithm {
    /// The algorithm.
    pub oid: ObjectIdentifier,
    /// What is unknown about it.
    pub problem: &'static str,
}

impl UnsupportedAlgorithm {
    /// The algorithm itself is not known.
    pub fn unknown(oid: ObjectIdentifier) -> UnsupportedAlgorithm {
        UnsupportedAlgorithm {
            oid,
            problem: "algorithm not supported",
        }
    }

    /// The algorithm is known, but its parameters cannot be used.
    pub fn malformed(oid: ObjectIdentifier) -> UnsupportedAlgorithm {
        UnsupportedAlgorithm {
            oid,
            problem: "algorithm with unusable parameters",
        }
    }
}

/// The number of bits of a big-endian integer.
fn bit_length(octets: &[u8]) -> usize {
    let zeros = octets.iter().take_while(|octet| **octet == 0).count();
    match octets.get(zeros) {
        Some(first) => (octets.len() - zeros) * 8 - first.leading_zeros() as usize,
        None => 0,
    }
}

#[cfg(test)]
pub(crate) mod test_hex {
    /// The octets of a string of hexadecimal digits; spaces are ignored.
    pub(crate) fn hex(digits: &str) -> Vec<u8> {
        let digits: Vec<u32> = digits.chars().filter_map(|c| c.to_digit(16)).collect();
        digits.chunks(2).map(|d| (d[0] * 16 + d[1]) as u8).collect()
    }
}
