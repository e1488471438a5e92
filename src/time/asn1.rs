//! The text of UTCTime and GeneralizedTime (X.680 clauses 46 and 47), the two forms of
//! `Time ::= CHOICE { utcTime UTCTime, generalTime GeneralizedTime }`.
//!
//! DER wants seconds and `Z`. Old programs gave an offset instead, or no seconds, as X.680 allows;
//! the instant is clear, so they are read. UTCTime holds the years 1950 to 2049 (RFC 5280 section
//! 4.1.2.5.1), GeneralizedTime 0 to 9999; the date types of the DER crates start at 1970.

use super::Time;

/// Which of the two types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeType {
    /// UTCTime.
    Utc,
    /// GeneralizedTime.
    Generalized,
}

/// What becomes of a fraction of a second, which X.680 allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fraction {
    /// There must be none.
    Refused,
    /// It is left out.
    Dropped,
}

impl Time {
    /// Reads the content of a UTCTime or GeneralizedTime; `None` if it names no instant.
    pub fn parse_asn1(kind: TimeType, content: &[u8], fraction: Fraction) -> Option<Time> {
        let (digits, zone) = split_digits(content);
        let (year, rest) = match kind {
            TimeType::Utc => {
                let year = i16::from(pair(digits, 0)?);
                (if year < 50 { 2000 + year } else { 1900 + year }, 2)
            }
            TimeType::Generalized => {
                let year = i16::from(pair(digits, 0)?) * 100 + i16::from(pair(digits, 2)?);
                (year, 4)
            }
        };
        let second = match digits.len().checked_sub(rest)? {
            10 => pair(digits, rest + 8)?,
            8 => 0,
            _ => return None,
        };
        let zone = match (zone, fraction) {
            ([b'.' | b',', fraction @ ..], Fraction::Dropped) => split_digits(fraction).1,
            _ => zone,
        };
        let time = Time::from_civil(
            year,
            pair(digits, rest)?,
            pair(digits, rest + 2)?,
            pair(digits, rest + 4)?,
            pair(digits, rest + 6)?,
            second,
        )?;
        Some(time.plus_seconds(-offset(zone)?))
    }

    /// The content of the type that holds the instant: UTCTime from 1950 to 2049, GeneralizedTime
    /// otherwise (RFC 5280 section 4.1.2.5, RFC 5652 section 11.3).
    pub fn to_asn1(self) -> (TimeType, String) {
        let civil = self.civil();
        let (kind, format) = match (1950..2050).contains(&civil.year()) {
            true => (TimeType::Utc, "%y%m%d%H%M%SZ"),
            false => (TimeType::Generalized, "%Y%m%d%H%M%SZ"),
        };
        (kind, civil.strftime(format).to_string())
    }
}

/// The digits at the beginning, and what follows them.
fn split_digits(octets: &[u8]) -> (&[u8], &[u8]) {
    let end = octets.iter().position(|octet| !octet.is_ascii_digit());
    octets.split_at(end.unwrap_or(octets.len()))
}

/// The number that two digits at `at` make.
fn pair(digits: &[u8], at: usize) -> Option<i8> {
    let [tens, ones] = digits.get(at..at + 2)? else {
        return None;
    };
    let digit = |octet: &u8| char::from(*octet).to_digit(10);
    i8::try_from(digit(tens)? * 10 + digit(ones)?).ok()
}

/// Seconds east of Greenwich: `Z`, `+hhmm` or `-hhmm`.
fn offset(zone: &[u8]) -> Option<i64> {
    let (sign, digits) = match zone {
        b"Z" => return Some(0),
        [b'+', digits @ ..] => (1, digits),
        [b'-', digits @ ..] => (-1, digits),
        _ => return None,
    };
    let (hours, minutes) = (pair(digits, 0)?, pair(digits, 2)?);
    (digits.len() == 4 && hours < 24 && minutes < 60)
        .then(|| sign * (i64::from(hours) * 3600 + i64::from(minutes) * 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_are_dropped_or_refused() {
        let read = |text: &str, fraction| {
            let time = Time::parse_asn1(TimeType::Utc, text.as_bytes(), fraction);
            time.map(|time| time.to_string())
        };
        for text in ["261124080000.5Z", "2611240800,25Z", "261124090000.5+0100"] {
            let dropped = read(text, Fraction::Dropped);
            assert_eq!(dropped.as_deref(), Some("2026-11-24T08:00:00Z"), "{text}");
            assert_eq!(read(text, Fraction::Refused), None, "{text}");
        }
        for text in ["261124080000.5", "261124080000.Z5", "261124080000..5Z"] {
            assert_eq!(read(text, Fraction::Dropped), None, "{text}");
        }
    }
}
