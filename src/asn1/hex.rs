//! Octets as people compare them: in hex.

use std::fmt::Write;

/// Two lower-case hex digits for each octet.
pub fn encode(octets: &[u8]) -> String {
    octets
        .iter()
        .fold(String::with_capacity(octets.len() * 2), |mut hex, octet| {
            // Writing into a string does not fail.
            let _ = write!(hex, "{octet:02x}");
            hex
        })
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_octet_has_two_digits() {
        assert_eq!(super::encode(&[0, 9, 0xab, 0xff]), "0009abff");
    }
}
