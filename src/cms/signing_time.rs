//! The Time of the signing-time attribute.
//!
//! RFC 5652 section 11.3 allows only the DER forms. Older programs wrote others; all of them are
//! read, fractions too, as the instant is a claim of the signer and no more.

use der::asn1::AnyRef;
use der::{Decode, Tag, Tagged};

use crate::asn1;
use crate::asn1::write::element;
use crate::time::{Fraction, Time, TimeType};

/// Reads a Time; `None` if it names no instant.
pub(crate) fn decode(der: &[u8]) -> Option<Time> {
    let any = AnyRef::from_der(der).ok()?;
    let kind = match any.tag() {
        Tag::UtcTime => TimeType::Utc,
        Tag::GeneralizedTime => TimeType::Generalized,
        _ => return None,
    };
    Time::parse_asn1(kind, any.value(), Fraction::Dropped)
}

/// Writes a Time.
pub(crate) fn encode(time: Time) -> Vec<u8> {
    let (kind, content) = time.to_asn1();
    let tag = match kind {
        TimeType::Utc => asn1::tag::Tag::UTC_TIME,
        TimeType::Generalized => asn1::tag::Tag::GENERALIZED_TIME,
    };
    element(tag, content.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(tag: u8, text: &str) -> Option<String> {
        let der = [&[tag, text.len() as u8], text.as_bytes()].concat();
        decode(&der).map(|time| time.to_string())
    }

    #[test]
    fn every_form_of_a_time() {
        for (tag, text, expected) in [
            (0x17, "261124080000Z", "2026-11-24T08:00:00Z"),
            (0x17, "500101000000Z", "1950-01-01T00:00:00Z"),
            (0x17, "491231235959Z", "2049-12-31T23:59:59Z"),
            (0x17, "2611240800Z", "2026-11-24T08:00:00Z"),
            (0x17, "261124090000+0100", "2026-11-24T08:00:00Z"),
            (0x17, "2611240700-0100", "2026-11-24T08:00:00Z"),
            (0x18, "20500101000000Z", "2050-01-01T00:00:00Z"),
            (0x18, "20500101000000.5Z", "2050-01-01T00:00:00Z"),
        ] {
            assert_eq!(read(tag, text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_none() {
        for (tag, text) in [
            (0x17, ""),
            (0x17, "26112408"),
            (0x17, "261124080000"),
            (0x17, "261324080000Z"),
            (0x17, "26112408000+Z"),
            (0x17, "261124080000Zx"),
            (0x17, "261124080000+01"),
            (0x17, "261124080000*0100"),
            (0x17, "26112408\u{e9}00Z"),
            (0x18, "261124080000Z"),
            (0x18, "2050010100Z"),
            (0x0c, "261124080000Z"),
        ] {
            assert_eq!(read(tag, text), None, "{text}");
        }
    }

    #[test]
    fn encoding_is_read_back() {
        for text in [
            "1949-12-31T23:59:59Z",
            "2026-11-24T08:00:00Z",
            "2050-01-01T00:00:00Z",
        ] {
            let time = Time::parse_rfc3339(text).unwrap();
            assert_eq!(decode(&encode(time)), Some(time));
        }
        let time = Time::parse_rfc3339("2026-11-24T08:00:00Z").unwrap();
        assert_eq!(encode(time), b"\x17\x0d261124080000Z");
    }
}
