//! Certificate serial numbers, RFC 5280 section 4.1.2.2.

use std::fmt;
use std::str::FromStr;

/// A certificate's serial number, as its INTEGER was encoded.
///
/// Any length and sign is read, because certificates with more than 20 octets or a negative number
/// exist; what this program issues is positive and has at most 20 octets.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SerialNumber(Vec<u8>);

impl SerialNumber {
    /// Takes the content octets of an INTEGER; `None` if there are none.
    pub fn from_content(content: &[u8]) -> Option<SerialNumber> {
        (!content.is_empty()).then(|| SerialNumber(content.to_vec()))
    }

    /// Makes a positive number of big-endian octets; `None` for zero and for more than 20 octets.
    ///
    /// With a set top bit the INTEGER takes one octet more, which RFC 5280 section 4.1.2.2 counts.
    pub fn from_unsigned(octets: &[u8]) -> Option<SerialNumber> {
        let start = octets.iter().position(|octet| *octet != 0)?;
        let mut content = octets[start..].to_vec();
        if content[0] & 0x80 != 0 {
            content.insert(0, 0);
        }
        (content.len() <= 20).then_some(SerialNumber(content))
    }

    /// The content octets of the INTEGER: big-endian, two's complement.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Whether this number is greater than another; both are taken for positive.
    pub fn exceeds(&self, other: &SerialNumber) -> bool {
        let (own, other) = (self.magnitude(), other.magnitude());
        (own.len(), own) > (other.len(), other)
    }

    /// The octets of the number without leading zeros, taken for positive.
    pub(super) fn magnitude(&self) -> &[u8] {
        let start = self.0.iter().position(|octet| *octet != 0);
        &self.0[start.unwrap_or(self.0.len())..]
    }

    /// Whether the number is negative, which no CA may issue.
    pub fn is_negative(&self) -> bool {
        self.0[0] & 0x80 != 0
    }
}

/// The number in lower-case hex, two digits an octet, without superfluous zero octets; `-` before
/// the magnitude of a negative one.
impl fmt::Display for SerialNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut magnitude = self.0.clone();
        if self.is_negative() {
            f.write_str("-")?;
            let mut carry = true;
            for octet in magnitude.iter_mut().rev() {
                let (value, overflow) = (!*octet).overflowing_add(u8::from(carry));
                (*octet, carry) = (value, overflow);
            }
        }
        let last = magnitude.len() - 1;
        let start = magnitude.iter().position(|octet| *octet != 0);
        for octet in &magnitude[start.unwrap_or(last)..] {
            write!(f, "{octet:02x}")?;
        }
        Ok(())
    }
}

/// Reads what [`Display`](fmt::Display) writes for a positive number that may be issued.
impl FromStr for SerialNumber {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<SerialNumber, &'static str> {
        let digits = text.as_bytes();
        if digits.is_empty() || !digits.iter().all(u8::is_ascii_hexdigit) {
            return Err("a serial number is written in hex digits");
        }
        let digit = |octet: u8| char::from(octet).to_digit(16).unwrap_or(0);
        let octets: Vec<u8> = digits
            .rchunks(2)
            .rev()
            .map(|pair| pair.iter().fold(0, |sum, octet| sum << 4 | digit(*octet)))
            .map(|value| u8::try_from(value).unwrap_or(0))
            .collect();
        SerialNumber::from_unsigned(&octets).ok_or("a serial number is not 0 and at most 20 octets")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_in_hex() {
        let show = |content: &[u8]| SerialNumber::from_content(content).unwrap().to_string();
        assert_eq!(show(&[0x01]), "01");
        assert_eq!(show(&[0x00, 0x80]), "80");
        assert_eq!(show(&[0x00]), "00");
        assert_eq!(show(&[0x0a, 0x00]), "0a00");
        assert_eq!(show(&[0xff]), "-01");
        assert_eq!(show(&[0x80]), "-80");
        assert_eq!(show(&[0xff, 0x00]), "-0100");
        assert!(SerialNumber::from_content(&[]).is_none());
    }

    #[test]
    fn issued_numbers_are_positive_and_short() {
        assert!(SerialNumber::from_unsigned(&[0; 16]).is_none());
        assert!(SerialNumber::from_unsigned(&[0x7f; 20]).is_some());
        assert!(SerialNumber::from_unsigned(&[0xff; 20]).is_none());
        let number = SerialNumber::from_unsigned(&[0xff; 16]).unwrap();
        assert!(!number.is_negative());
        assert_eq!(number.as_bytes().len(), 17);
        assert_eq!("f".repeat(32).parse(), Ok(number));
        assert_eq!("abc".parse(), Ok(SerialNumber(vec![0x0a, 0xbc])));
        assert!("".parse::<SerialNumber>().is_err());
        assert!("0x1".parse::<SerialNumber>().is_err());
    }
}
