//! Digest algorithms: FIPS 180-4, RFC 1321, and their names in CMS (RFC 5754) and MIME (RFC 8551).
//!
//! MD5 and SHA-1 are here so that old messages can be named and their integrity told; whether their
//! word is taken is decided elsewhere.

use std::fmt;

use ::digest::Digest;
use const_oid::ObjectIdentifier;
use der::asn1::{Any, Null};
use spki::AlgorithmIdentifierOwned;

/// A digest algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DigestAlgorithm {
    /// MD5.
    Md5,
    /// SHA-1.
    Sha1,
    /// SHA-224.
    Sha224,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

/// How far a digest algorithm can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strength {
    /// Collisions are made in seconds; nothing signed with it counts.
    Broken,
    /// Collisions are expensive but have been made; counts only where the user says so.
    Weak,
    /// No practical attack is known.
    Accepted,
}

/// What to make of digests that are known to be weak. MD5 is never accepted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WeakDigests {
    /// SHA-1 is rejected.
    #[default]
    Reject,
    /// SHA-1 is accepted.
    AcceptSha1,
}

/// Runs an expression with the type of a digest algorithm under a name.
macro_rules! with_digest {
    ($algorithm:expr, $name:ident => $body:expr) => {
        match $algorithm {
            $crate::crypto::digest::DigestAlgorithm::Md5 => {
                type $name = md5::Md5;
                $body
            }
            $crate::crypto::digest::DigestAlgorithm::Sha1 => {
                type $name = sha1::Sha1;
                $body
            }
            $crate::crypto::digest::DigestAlgorithm::Sha224 => {
                type $name = sha2::Sha224;
                $body
            }
            $crate::crypto::digest::DigestAlgorithm::Sha256 => {
                type $name = sha2::Sha256;
                $body
            }
            $crate::crypto::digest::DigestAlgorithm::Sha384 => {
                type $name = sha2::Sha384;
                $body
            }
            $crate::crypto::digest::DigestAlgorithm::Sha512 => {
                type $name = sha2::Sha512;
                $body
            }
        }
    };
}
pub(super) use with_digest;

impl DigestAlgorithm {
    /// Every algorithm, the weakest first.
    pub const ALL: [DigestAlgorithm; 6] = [
        DigestAlgorithm::Md5,
        DigestAlgorithm::Sha1,
        DigestAlgorithm::Sha224,
        DigestAlgorithm::Sha256,
        DigestAlgorithm::Sha384,
        DigestAlgorithm::Sha512,
    ];

    /// The object identifier.
    pub fn oid(self) -> ObjectIdentifier {
        match self {
            DigestAlgorithm::Md5 => const_oid::db::rfc5912::ID_MD_5,
            DigestAlgorithm::Sha1 => const_oid::db::rfc5912::ID_SHA_1,
            DigestAlgorithm::Sha224 => const_oid::db::rfc5912::ID_SHA_224,
            DigestAlgorithm::Sha256 => const_oid::db::rfc5912::ID_SHA_256,
            DigestAlgorithm::Sha384 => const_oid::db::rfc5912::ID_SHA_384,
            DigestAlgorithm::Sha512 => const_oid::db::rfc5912::ID_SHA_512,
        }
    }

    /// The name that options and reports use, such as `sha256`.
    pub fn name(self) -> &'static str {
        match self {
            DigestAlgorithm::Md5 => "md5",
            DigestAlgorithm::Sha1 => "sha1",
            DigestAlgorithm::Sha224 => "sha224",
            DigestAlgorithm::Sha256 => "sha256",
            DigestAlgorithm::Sha384 => "sha384",
            DigestAlgorithm::Sha512 => "sha512",
        }
    }

    /// The value of the `micalg` parameter, such as `sha-256` (RFC 8551 section 3.5.3.2).
    pub fn micalg(self) -> &'static str {
        match self {
            DigestAlgorithm::Md5 => "md5",
            DigestAlgorithm::Sha1 => "sha-1",
            DigestAlgorithm::Sha224 => "sha-224",
            DigestAlgorithm::Sha256 => "sha-256",
            DigestAlgorithm::Sha384 => "sha-384",
            DigestAlgorithm::Sha512 => "sha-512",
        }
    }

    /// The length of a digest in octets.
    pub fn size(self) -> usize {
        with_digest!(self, D => <D as Digest>::output_size())
    }

    /// Finds the algorithm with that object identifier.
    pub fn from_oid(oid: &ObjectIdentifier) -> Option<DigestAlgorithm> {
        DigestAlgorithm::ALL.into_iter().find(|a| a.oid() == *oid)
    }

    /// Finds the algorithm with that name, in the form of [`name`](Self::name) or of
    /// [`micalg`](Self::micalg), without regard to case.
    pub fn from_name(name: &str) -> Option<DigestAlgorithm> {
        DigestAlgorithm::ALL
            .into_iter()
            .find(|a| name.eq_ignore_ascii_case(a.name()) || name.eq_ignore_ascii_case(a.micalg()))
    }

    /// Starts a digest over data that arrives in pieces.
    pub fn hasher(self) -> Hasher {
        Hasher(match self {
            DigestAlgorithm::Md5 => State::Md5(Digest::new()),
            DigestAlgorithm::Sha1 => State::Sha1(Digest::new()),
            DigestAlgorithm::Sha224 => State::Sha224(Digest::new()),
            DigestAlgorithm::Sha256 => State::Sha256(Digest::new()),
            DigestAlgorithm::Sha384 => State::Sha384(Digest::new()),
            DigestAlgorithm::Sha512 => State::Sha512(Digest::new()),
        })
    }

    /// The digest of `data`.
    pub fn digest(self, data: &[u8]) -> Vec<u8> {
        with_digest!(self, D => D::digest(data).to_vec())
    }

    /// The AlgorithmIdentifier as CMS writes it, with absent parameters (RFC 5754 section 2).
    pub fn algorithm_identifier(self) -> AlgorithmIdentifierOwned {
        AlgorithmIdentifierOwned {
            oid: self.oid(),
            parameters: None,
        }
    }

    /// The AlgorithmIdentifier with NULL parameters, as the older standards write it.
    pub fn algorithm_identifier_with_null(self) -> AlgorithmIdentifierOwned {
        AlgorithmIdentifierOwned {
            oid: self.oid(),
            parameters: Some(Any::from(Null)),
        }
    }

    /// How far the algorithm can be trusted.
    pub fn strength(self) -> Strength {
        match self {
            DigestAlgorithm::Md5 => Strength::Broken,
            DigestAlgorithm::Sha1 => Strength::Weak,
            _ => Strength::Accepted,
        }
    }
}

impl fmt::Display for DigestAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A digest being computed.
#[derive(Clone)]
pub struct Hasher(State);

#[derive(Clone)]
enum State {
    Md5(md5::Md5),
    Sha1(sha1::Sha1),
    Sha224(sha2::Sha224),
    Sha256(sha2::Sha256),
    Sha384(sha2::Sha384),
    Sha512(sha2::Sha512),
}

impl Hasher {
    /// Adds the next piece of data.
    pub fn update(&mut self, data: &[u8]) {
        match &mut self.0 {
            State::Md5(state) => Digest::update(state, data),
            State::Sha1(state) => Digest::update(state, data),
            State::Sha224(state) => Digest::update(state, data),
            State::Sha256(state) => Digest::update(state, data),
            State::Sha384(state) => Digest::update(state, data),
            State::Sha512(state) => Digest::update(state, data),
        }
    }

    /// Ends the data and gives its digest.
    pub fn finish(self) -> Vec<u8> {
        match self.0 {
            State::Md5(state) => state.finalize().to_vec(),
            State::Sha1(state) => state.finalize().to_vec(),
            State::Sha224(state) => state.finalize().to_vec(),
            State::Sha256(state) => state.finalize().to_vec(),
            State::Sha384(state) => state.finalize().to_vec(),
            State::Sha512(state) => state.finalize().to_vec(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::test_hex::hex;

    #[test]
    fn known_answers() {
        let abc = [
            ("md5", "900150983cd24fb0d6963f7d28e17f72"),
            ("sha1", "a9993e364706816aba3e25717850c26c9cd0d89d"),
            (
                "sha224",
                "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7",
            ),
            (
                "sha256",
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            ),
            (
                "sha384",
                "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed\
                 8086072ba1e7cc2358baeca134c825a7",
            ),
            (
                "sha512",
                "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a\
                 2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
            ),
        ];
        for (name, expected) in abc {
            let algorithm = DigestAlgorithm::from_name(name).unwrap();
            assert_eq!(algorithm.digest(b"abc"), hex(expected), "{name}");
            let mut hasher = algorithm.hasher();
            hasher.update(b"a");
            hasher.update(b"");
            hasher.update(b"bc");
            assert_eq!(hasher.finish(), hex(expected), "{name}");
            assert_eq!(algorithm.size(), hex(expected).len());
        }
    }

    #[test]
    fn names_and_identifiers_lead_back() {
        for algorithm in DigestAlgorithm::ALL {
            assert_eq!(DigestAlgorithm::from_oid(&algorithm.oid()), Some(algorithm));
            assert_eq!(
                DigestAlgorithm::from_name(&algorithm.micalg().to_uppercase()),
                Some(algorithm)
            );
        }
        assert_eq!(DigestAlgorithm::from_name("sha3-256"), None);
    }
}
