//! How something is protected under a passphrase, for whoever looks at it without one.

use const_oid::ObjectIdentifier;
use serde::Serialize;
use spki::AlgorithmIdentifierOwned;

use super::{KeyDerivation, PasswordScheme, Pkcs12Cipher};
use crate::asn1::oid;
use crate::crypto::digest::DigestAlgorithm;

/// The algorithms of a protection, and what they cost whoever guesses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Protection {
    /// The cipher or integrity code, such as `aes-256-cbc` or `hmac-sha256`.
    pub algorithm: String,
    /// How its key is derived, such as `pbkdf2 with hmac-sha256`; `None` where that is not known.
    pub derivation: Option<String>,
    /// The iterations of the derivation, where it has such a number.
    pub iterations: Option<u32>,
    /// Why it cannot be opened here, whatever the passphrase.
    pub problem: Option<String>,
}

impl Protection {
    /// What an encryptionAlgorithm says.
    pub fn of(identifier: &AlgorithmIdentifierOwned) -> Protection {
        match PasswordScheme::decode(identifier) {
            Ok(scheme) => Protection::from(&scheme),
            Err(error) => Protection::unusable(&identifier.oid, error),
        }
    }

    /// A cipher or integrity code of the name `algorithm` under a key that is derived so.
    pub fn derived(algorithm: String, derivation: &KeyDerivation) -> Protection {
        Protection {
            algorithm,
            derivation: Some(derivation.describe()),
            iterations: derivation.iterations(),
            problem: None,
        }
    }

    /// The same, by the derivation of PKCS #12 itself (RFC 7292 appendix B).
    pub fn of_pkcs12(algorithm: String, digest: DigestAlgorithm, iterations: u32) -> Protection {
        Protection {
            algorithm,
            derivation: Some(format!("pkcs12 with {}", digest.name())),
            iterations: Some(iterations),
            problem: None,
        }
    }

    /// An algorithm that cannot be used here.
    pub fn unusable(algorithm: &ObjectIdentifier, why: impl ToString) -> Protection {
        Protection {
            algorithm: oid::describe(algorithm),
            derivation: None,
            iterations: None,
            problem: Some(why.to_string()),
        }
    }

    /// On one line.
    pub fn describe(&self) -> String {
        let mut text = self.algorithm.clone();
        if let Some(derivation) = &self.derivation {
            text += &format!(", key by {derivation}");
        }
        match self.iterations {
            Some(1) => text += ", 1 iteration",
            Some(iterations) => text += &format!(", {iterations} iterations"),
            None => {}
        }
        if let Some(problem) = &self.problem {
            text += &format!("; cannot be opened here: {problem}");
        }
        text
    }
}

impl From<&PasswordScheme> for Protection {
    fn from(scheme: &PasswordScheme) -> Protection {
        match scheme {
            PasswordScheme::Pbes2 {
                derivation,
                encryption,
            } => Protection::derived(encryption.cipher.name().to_owned(), derivation),
            PasswordScheme::Pkcs12 {
                cipher, iterations, ..
            } => {
                let algorithm = match cipher {
                    Pkcs12Cipher::TripleDes2 => "des-ede2-cbc",
                    cipher => cipher.cipher().name(),
                };
                let digest = DigestAlgorithm::Sha1;
                Protection::of_pkcs12(algorithm.to_owned(), digest, *iterations)
            }
        }
    }
}
