//! Why a certificate was revoked: CRLReason, RFC 5280 section 5.3.1, and sets of reasons,
//! ReasonFlags of section 4.2.1.13.

use std::fmt;

/// A reason for revocation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RevocationReason {
    /// None is told.
    #[default]
    Unspecified,
    /// The subject's private key is no longer its own.
    KeyCompromise,
    /// The private key of a CA is no longer its own.
    CaCompromise,
    /// The subject's name or other facts have changed.
    AffiliationChanged,
    /// Another certificate took its place.
    Superseded,
    /// It is no longer needed.
    CessationOfOperation,
    /// It is suspended, and may come back.
    CertificateHold,
    /// In a delta CRL: it came back, or has expired.
    RemoveFromCrl,
    /// A privilege in it was withdrawn.
    PrivilegeWithdrawn,
    /// The private key of an attribute authority is no longer its own.
    AaCompromise,
}

use RevocationReason::{
    AaCompromise, AffiliationChanged, CaCompromise, CertificateHold, CessationOfOperation,
    KeyCompromise, PrivilegeWithdrawn, RemoveFromCrl, Superseded, Unspecified,
};

/// Number, name and command-line word of each.
const TABLE: [(RevocationReason, u8, &str, &str); 10] = [
    (Unspecified, 0, "unspecified", "unspecified"),
    (KeyCompromise, 1, "keyCompromise", "key-compromise"),
    (CaCompromise, 2, "cACompromise", "ca-compromise"),
    (
        AffiliationChanged,
        3,
        "affiliationChanged",
        "affiliation-changed",
    ),
    (Superseded, 4, "superseded", "superseded"),
    (
        CessationOfOperation,
        5,
        "cessationOfOperation",
        "cessation-of-operation",
    ),
    (CertificateHold, 6, "certificateHold", "certificate-hold"),
    (RemoveFromCrl, 8, "removeFromCRL", "remove-from-crl"),
    (
        PrivilegeWithdrawn,
        9,
        "privilegeWithdrawn",
        "privilege-withdrawn",
    ),
    (AaCompromise, 10, "aACompromise", "aa-compromise"),
];

impl RevocationReason {
    fn row(self) -> (RevocationReason, u8, &'static str, &'static str) {
        let row = TABLE.iter().find(|(reason, ..)| *reason == self);
        row.copied().unwrap_or(TABLE[0])
    }

    /// The number in the ENUMERATED.
    pub fn number(self) -> u8 {
        self.row().1
    }

    /// The standard's name, such as `keyCompromise`.
    pub fn name(self) -> &'static str {
        self.row().2
    }

    /// The word of the command line and of files, such as `key-compromise`.
    pub fn word(self) -> &'static str {
        self.row().3
    }

    /// The reason with that number.
    pub fn from_number(number: u8) -> Option<RevocationReason> {
        let row = TABLE.iter().find(|(_, known, ..)| *known == number);
        row.map(|(reason, ..)| *reason)
    }

    /// The reason with that word, or with the standard's name.
    pub fn from_word(word: &str) -> Option<RevocationReason> {
        let row = TABLE
            .iter()
            .find(|(_, _, name, known)| *known == word || *name == word);
        row.map(|(reason, ..)| *reason)
    }

    /// Whether it throws doubt on everything the key ever signed, whenever that was: who holds a
    /// stolen key can write any date.
    pub fn is_compromise(self) -> bool {
        matches!(self, KeyCompromise | CaCompromise | AaCompromise)
    }
}

impl fmt::Display for RevocationReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A set of reasons.
///
/// ```text
/// ReasonFlags ::= BIT STRING { unused (0), keyCompromise (1), cACompromise (2),
///     affiliationChanged (3), superseded (4), cessationOfOperation (5), certificateHold (6),
///     privilegeWithdrawn (7), aACompromise (8) }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ReasonFlags(u16);

impl ReasonFlags {
    /// No reason.
    pub(super) const NONE: ReasonFlags = ReasonFlags(0);
    /// The special value all-reasons of section 6.3.
    pub(super) const ALL: ReasonFlags = ReasonFlags(0x1fe);

    /// Reads the content octets of the BIT STRING; `None` if it is malformed.
    pub(super) fn from_content(content: &[u8]) -> Option<ReasonFlags> {
        let (unused, octets) = content.split_first()?;
        if *unused > 7 || (octets.is_empty() && *unused != 0) {
            return None;
        }
        let bit = |number: usize| {
            let octet = octets.get(number / 8).copied().unwrap_or(0);
            u16::from(octet >> (7 - number % 8) & 1) << number
        };
        Some(ReasonFlags((1..=8).map(bit).sum()))
    }

    /// What is in both.
    pub(super) fn intersection(self, other: ReasonFlags) -> ReasonFlags {
        ReasonFlags(self.0 & other.0)
    }

    /// What is in either.
    pub(super) fn union(self, other: ReasonFlags) -> ReasonFlags {
        ReasonFlags(self.0 | other.0)
    }

    /// Whether every reason of `other` is in this one.
    pub(super) fn contains(self, other: ReasonFlags) -> bool {
        self.0 & other.0 == other.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_names_and_words_lead_back() {
        for (reason, number, name, word) in TABLE {
            assert_eq!(reason.number(), number);
            assert_eq!(RevocationReason::from_number(number), Some(reason));
            assert_eq!(RevocationReason::from_word(name), Some(reason));
            assert_eq!(RevocationReason::from_word(word), Some(reason));
            assert_eq!(reason.to_string(), name);
        }
        assert_eq!(RevocationReason::from_number(7), None);
        assert_eq!(RevocationReason::from_word("key compromise"), None);
    }

    #[test]
    fn flags_are_read_from_the_first_bit_on() {
        let read = |content: &[u8]| ReasonFlags::from_content(content);
        assert_eq!(read(&[0, 0x7f, 0x80]), Some(ReasonFlags::ALL));
        assert_eq!(read(&[7, 0x7f, 0x80]), Some(ReasonFlags::ALL));
        // Bit 0 is unused.
        assert_eq!(read(&[7, 0x80]), Some(ReasonFlags::NONE));
        assert_eq!(read(&[0]), Some(ReasonFlags::NONE));
        for malformed in [&[][..], &[8, 0], &[1]] {
            assert_eq!(read(malformed), None);
        }
        let some = read(&[5, 0x60]).unwrap();
        let others = read(&[0, 0x1f, 0x80]).unwrap();
        assert!(!some.contains(others) && ReasonFlags::ALL.contains(some));
        assert_eq!(some.union(others), ReasonFlags::ALL);
        assert_eq!(some.intersection(others), ReasonFlags::NONE);
    }
}
