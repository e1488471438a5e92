//! How a PKCS #12 file is built and protected: what can be said of it without its passphrase.

use const_oid::ObjectIdentifier;
use serde::{Serialize, Serializer};

use crate::asn1::oid;
use crate::crypto::password::Protection;

/// The safes of a file, and what protects them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Outline {
    /// The integrity code; `None` where there is none.
    pub integrity: Option<Protection>,
    /// The safes, in the order of the file.
    pub safes: Vec<Safe>,
}

/// A part of a file that is encrypted as a whole, or not at all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Safe {
    /// How it is encrypted; `None` where it is not.
    pub encryption: Option<Protection>,
    /// What it holds, in its order, with what stands in safes inside it; `None` where that is
    /// encrypted and was not opened.
    pub bags: Option<Vec<Bag>>,
}

/// An entry of a safe.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Bag {
    /// What it is.
    pub kind: BagKind,
    /// How a key is encrypted on its own.
    pub encryption: Option<Protection>,
    /// The name that programs show.
    pub friendly_name: Option<String>,
}

/// The kinds of entries (RFC 7292 section 4.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BagKind(pub ObjectIdentifier);

impl BagKind {
    /// The word of the report, or the number of a kind that is not known.
    pub fn name(self) -> String {
        let name = match self.0 {
            oid::CERT_BAG => "certificate",
            oid::KEY_BAG => "private-key",
            oid::SHROUDED_KEY_BAG => "encrypted-private-key",
            oid::CRL_BAG => "crl",
            oid::SECRET_BAG => "secret",
            oid::SAFE_CONTENTS_BAG => "safe",
            other => return other.to_string(),
        };
        name.to_owned()
    }
}

impl Serialize for BagKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.name())
    }
}
