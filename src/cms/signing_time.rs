//! The Time of the signing-time attribute: UTCTime or GeneralizedTime.
//!
//! RFC 5652 section 11.3 allows only the DER forms. Older programs left out the seconds or gave an
//! offset, which BER allows; both are read, as the instant is a claim of the signer and no more.

use der::asn1::AnyRef;
use der::{Decode, Tag, Tagged};

use crate::asn1::{ber, write};
use crate::time::Time;

/// Reads a Time; `None` if it names no instant.
pub(crate) fn decode(der: &[u8]) -> Option<Time> {
    let any = AnyRef::from_der(der).ok()?;
    let text = std::str::from_utf8(any.value()).ok()?;
    if !text.is_ascii() {
        return None;
    }
    match any.tag() {
        Tag::UtcTime => {
            let (date, rest) = text.split_at_checked(10)?;
            let year: i16 = digits(date.get(..2)?)?;
            // RFC 5280 section 4.1.2.5.1: two digits mean 1950 to 2049.
            let century = if year < 50 { 2000 } else { 1900 };
            from_parts(century + year, date.get(2..)?, rest)
        }
        Tag::GeneralizedTime => {
            let (date, rest) = text.split_at_checked(12)?;
            from_parts(digits(date.get(..4)?)?, date.get(4..)?, rest)
        }
        _ => None,
    }
}

/// Encodes a Time: UTCTime from 1950 to 2049, GeneralizedTime otherwise.
pub(crate) fn encode(time: Time) -> Vec<u8> {
    let civil = time.civil();
    let (tag, format) = if (1950..2050).contains(&civil.year()) {
        (ber::Tag::UTC_TIME, "%y%m%d%H%M%SZ")
    } else {
        (ber::Tag::GENERALIZED_TIME, "%Y%m%d%H%M%SZ")
    };
    write::element(tag, civil.strftime(format).to_string().as_bytes())
}

/// Month to minute as eight digits, then seconds, fraction and zone.
fn from_parts(year: i16, month_to_minute: &str, rest: &str) -> Option<Time> {
    let part = |at: usize| digits(month_to_minute.get(at..at + 2)?);
    let seconds = rest.get(..2).and_then(digits);
    let rest = if seconds.is_some() { &rest[2..] } else { rest };
    let zone = match rest.strip_prefix(['.', ',']) {
        Some(fraction) => fraction.trim_start_matches(|c: char| c.is_ascii_digit()),
        None => rest,
    };
    let offset = match zone.strip_prefix('Z') {
        Some("") => 0,
        Some(_) => return None,
        None => {
            let (sign, offset) = zone.split_at_checked(1)?;
            let hours: i64 = digits(offset.get(..2)?)?;
            let minutes: i64 = digits(offset.get(2..)?)?;
            if offset.len() != 4 || hours > 23 || minutes > 59 {
                return None;
            }
            match sign {
                "+" => hours * 3600 + minutes * 60,
                "-" => -(hours * 3600 + minutes * 60),
                _ => return None,
            }
        }
    };
    let civil = Time::from_civil(
        year,
        part(0)?,
        part(2)?,
        part(4)?,
        part(6)?,
        seconds.unwrap_or(0),
    )?;
    Some(civil.plus_seconds(-offset))
}

fn digits<T: std::str::FromStr>(text: &str) -> Option<T> {
    let all_digits = !text.is_empty() && text.bytes().all(|octet| octet.is_ascii_digit());
    all_digits.then(|| text.parse().ok())?
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
