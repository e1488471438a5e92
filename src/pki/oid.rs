//! Object identifiers as they were received.
//!
//! The OID type of the DER crates holds 39 octets and arcs below 2^32; a certificate may carry
//! others (UUIDs under 2.25, for one), which must not make it unreadable.

use std::fmt;
use std::str::FromStr;

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

/// Why a text is not an object identifier.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an object identifier such as 1.3.6.1.4.1.99999.1")]
pub struct OidError(String);

/// Reads dotted decimal, each arc up to 128 bits.
impl FromStr for Oid {
    type Err = OidError;

    fn from_str(text: &str) -> Result<Oid, OidError> {
        let fail = || OidError(text.to_owned());
        let arc = |arc: &str| match arc.bytes().all(|octet| octet.is_ascii_digit()) {
            true => arc.parse::<u128>().map_err(|_| fail()),
            false => Err(fail()),
        };
        let arcs: Vec<u128> = text.split('.').map(arc).collect::<Result<_, _>>()?;
        let [first @ 0..=2, second, rest @ ..] = arcs.as_slice() else {
            return Err(fail());
        };
        if *first < 2 && *second >= 40 {
            return Err(fail());
        }
        let second = second.checked_add(first * 40).ok_or_else(fail)?;
        let mut content = Vec::new();
        for arc in std::iter::once(&second).chain(rest) {
            let groups = (128 - arc.leading_zeros()).div_ceil(7).max(1);
            for group in (0..groups).rev() {
                let continues = if group > 0 { 0x80 } else { 0 };
                let [seven, ..] = ((arc >> (7 * group)) & 0x7f).to_le_bytes();
                content.push(seven | continues);
            }
        }
        Ok(Oid(content))
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
    fn what_is_shown_is_read() {
        let uuid = format!("2.25.{}", u128::MAX - 80);
        for text in [
            "0.0",
            "1.39",
            "2.5.29.32.0",
            "2.999.3",
            "1.2.840.113549",
            &uuid,
        ] {
            assert_eq!(text.parse::<Oid>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "1",
            "3.1",
            "1.40",
            "1..2",
            "1.2.",
            "1.+2",
            "1.2 ",
            "anyPolicy",
        ] {
            assert!(text.parse::<Oid>().is_err(), "{text}");
        }
    }

    #[test]
    fn malformed_identifiers_are_refused() {
        for content in [&[][..], &[0x80, 0x01], &[0x55, 0x80, 0x01], &[0x55, 0x9d]] {
            assert!(Oid::from_content(content).is_none(), "{content:02x?}");
        }
    }
}
