//! Instants as certificates, messages and reports use them.
//!
//! Validity dates run from year 0 to the last second of 9999 (RFC 5280 section 4.1.2.5), a range
//! that a timestamp type does not cover; an instant is therefore a civil date and time in UTC, with
//! a resolution of one second.

mod asn1;

use std::fmt;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

pub use asn1::{Fraction, TimeType};

/// An instant in UTC, to the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(DateTime);

impl Time {
    /// Makes an instant of its civil parts in UTC; `None` if they name no date or time.
    ///
    /// A leap second (60) is read as second 59.
    pub fn from_civil(
        year: i16,
        month: i8,
        day: i8,
        hour: i8,
        minute: i8,
        second: i8,
    ) -> Option<Time> {
        let second = if second == 60 { 59 } else { second };
        DateTime::new(year, month, day, hour, minute, second, 0)
            .ok()
            .map(Time)
    }

    /// Makes an instant of seconds since 1970-01-01T00:00:00Z; `None` outside years 0 to 9999.
    pub fn from_unix(seconds: i64) -> Option<Time> {
        let time = EPOCH.checked_add(SignedDuration::from_secs(seconds)).ok()?;
        (time.year() >= 0).then_some(Time(time))
    }

    /// Reads an RFC 3339 date and time with its offset, or a date alone (midnight UTC).
    ///
    /// # Errors
    /// The text is neither; the message says what is wrong with it.
    pub fn parse_rfc3339(text: &str) -> Result<Time, String> {
        if let Ok(timestamp) = text.parse::<Timestamp>() {
            return Ok(Time::from(timestamp));
        }
        // The last day of 9999 is beyond the range of a timestamp.
        let civil = text.strip_suffix('Z').filter(|civil| civil.contains('T'));
        if let Some(Ok(time)) = civil.map(str::parse::<DateTime>) {
            return Ok(Time(time).plus_seconds(0));
        }
        match text.parse::<Date>() {
            Ok(date) if text.len() <= "2026-01-01".len() => Ok(Time(date.at(0, 0, 0, 0))),
            _ => Err(format!(
                "`{text}` is not an RFC 3339 time such as 2026-11-24T08:00:00Z"
            )),
        }
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    pub fn to_unix(self) -> i64 {
        self.0.duration_since(EPOCH).as_secs()
    }

    /// The instant `seconds` later (earlier if negative), held at the ends of the range.
    pub fn plus_seconds(self, seconds: i64) -> Time {
        let sum = self.0.saturating_add(SignedDuration::from_secs(seconds));
        Time(sum.with().subsec_nanosecond(0).build().unwrap_or(sum))
    }

    /// The instant `days` times 86 400 seconds later.
    pub fn plus_days(self, days: i64) -> Time {
        self.plus_seconds(days.saturating_mul(86_400))
    }

    /// The civil date and time in UTC.
    pub fn civil(self) -> DateTime {
        self.0
    }

    /// The text for people: date and time in the local zone, with the offset.
    pub fn to_local_text(self) -> String {
        self.in_local_zone("%Y-%m-%d %H:%M:%S %:z")
    }

    /// The date for people, in the local zone, for lists.
    pub fn to_local_date(self) -> String {
        self.in_local_zone("%Y-%m-%d")
    }

    fn in_local_zone(self, format: &str) -> String {
        match Timestamp::from_second(self.to_unix()) {
            Ok(timestamp) => timestamp
                .to_zoned_datetime(TimeZone::system())
                .strftime(format)
                .to_string(),
            Err(_) => self.to_string(),
        }
    }
}

const EPOCH: DateTime = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);

impl From<Timestamp> for Time {
    fn from(timestamp: Timestamp) -> Time {
        Time::from_unix(timestamp.as_second()).unwrap_or(Time(EPOCH))
    }
}

/// RFC 3339 in UTC, as reports print it: `2026-11-24T08:00:00Z`.
impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}Z", self.0.strftime("%Y-%m-%dT%H:%M:%S"))
    }
}

impl serde::Serialize for Time {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Time {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Time, D::Error> {
        let text = String::deserialize(deserializer)?;
        Time::parse_rfc3339(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn range_covers_the_dates_of_certificates() {
        let first = Time::from_civil(1950, 1, 1, 12, 1, 0).unwrap();
        let last = Time::from_civil(9999, 12, 31, 23, 59, 59).unwrap();
        assert!(first < last);
        assert_eq!(last.to_string(), "9999-12-31T23:59:59Z");
        assert_eq!(Time::from_unix(first.to_unix()), Some(first));
        assert_eq!(last.plus_seconds(10), last);
        assert!(Time::from_civil(2026, 2, 30, 0, 0, 0).is_none());
    }

    #[test]
    fn rfc3339_in_any_offset() {
        let time = Time::parse_rfc3339("2026-11-24T10:00:00+02:00").unwrap();
        assert_eq!(time.to_string(), "2026-11-24T08:00:00Z");
        assert_eq!(
            Time::parse_rfc3339("2026-11-24").unwrap().to_string(),
            "2026-11-24T00:00:00Z"
        );
        for end in ["0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z"] {
            assert_eq!(Time::parse_rfc3339(end).unwrap().to_string(), end);
        }
        assert!(Time::parse_rfc3339("9999-12-31T23:59:61Z").is_err());
        assert!(Time::parse_rfc3339("yesterday").is_err());
        assert!(Time::parse_rfc3339("2026-11-24T10:00:00").is_err());
    }
}
