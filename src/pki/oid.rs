//! Object identifiers as they were received.
//!
//! The OID type of the DER crates holds 39 octets and arcs below 2^32; a certificate may carry
//! others (UUIDs under 2.25, for one), which must not make it unreadable.

use std::fmt;

use const_oid::ObjectIdentifier;

use crate::asn1::oid;

/// An object identifier of any length.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Oid(Vec<u8>);

impl Oid {
    /// Takes the content octets of an OBJECT IDENTIFIER; `None` if they are cut or not minimal.
    pub(super) fn from_content(content: &[u8]) -> Option<Oid> {
        let starts = |octets: &[u8]| octets[0] & 0x80 == 0;
        let minimal = content.first() != Some(&0x80)
            && content
                .windows(2)
                .all(|pair| !starts(pair) || pair[1] != 0x80);
        let ended = content.last().is_some_and(|last| last & 0x80 == 0);
        (minimal && ended).then(|| Oid(content.to_vec()))
    }

    /// The content octets.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The same as the type of the DER crates, if that can hold it.
    pub fn to_known(&self) -> Option<ObjectIdentifier> {
        ObjectIdentifier::from_bytes(&self.0).ok()
    }

    /// The text for people: name and number, or the number alone.
    pub fn describe(&self) -> String {
        match self.to_known() {
            Some(known) => oid::describe(&known),
            None => self.to_string(),
        }
    }
}

impl PartialEq<ObjectIdentifier> for Oid {
    fn eq(&self, other: &ObjectIdentifier) -> bool {
        self.0 == other.as_bytes()
    }
}

/// Dotted decimal; an arc that takes more than 128 bits is shown as `?`.
impl fmt::Display for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let arcs = self.0.split_inclusive(|octet| octet & 0x80 == 0);
        for (index, arc) in arcs.enumerate() {
            let value = arc.iter().try_fold(0u128, |sum, octet| {
                let high = sum.checked_mul(0x80)?;
                Some(high | u128::from(octet & 0x7f))
            });
            match (index, value) {
                (0, Some(value)) => write!(f, "{}.{}", (value / 40).min(2), {
                    value - (value / 40).min(2) * 40
                })?,
                (0, None) => f.write_str("2.?")?,
                (_, Some(value)) => write!(f, ".{value}")?,
                (_, None) => f.write_str(".?")?,
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Oid({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_of_any_size_are_shown() {
        let show = |content: &[u8]| Oid::from_content(content).unwrap().to_string();
        assert_eq!(show(&[0x55, 0x1d, 0x0f]), "2.5.29.15");
        assert_eq!(
            show(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d]),
            "1.2.840.113549"
        );
        assert_eq!(show(&[0x88, 0x37, 0x03]), "2.999.3");
        let mut uuid = vec![0x69, 0x83];
        uuid.extend([0xff; 17]);
        uuid.push(0x7f);
        assert_eq!(show(&uuid), format!("2.25.{}", u128::MAX));
        assert_eq!(
            show(&[&[0x69][..], &[0xff; 20], &[0x7f]].concat()),
            "2.25.?"
        );
        let usage = Oid::from_content(&[0x55, 0x1d, 0x0f]).unwrap();
        assert_eq!(usage, oid::KEY_USAGE);
        assert_eq!(usage.describe(), "keyUsage (2.5.29.15)");
        assert!(Oid::from_content(&uuid).unwrap().to_known().is_none());
    }

    #[test]
    fn malformed_identifiers_are_refused() {
        for content in [&[][..], &[0x80, 0x01], &[0x55, 0x80, 0x01], &[0x55, 0x9d]] {
            assert!(Oid::from_content(content).is_none(), "{content:02x?}");
        }
    }
}
