//! Validity dates, RFC 5280 section 4.1.2.5.

use super::certificate::CertificateError;
use super::fields::{Field, Fields, tag};
use crate::asn1::tag::Tag;
use crate::asn1::write::element;
use crate::time::{Fraction, Time, TimeType};

/// Reads `Validity ::= SEQUENCE { notBefore Time, notAfter Time }`.
pub(super) fn decode(der: &[u8]) -> Result<(Time, Time), CertificateError> {
    let mut fields = Fields::inside(der, tag::SEQUENCE, "validity")?;
    let mut date = || {
        let field = fields.next()?;
        field
            .and_then(time)
            .ok_or(CertificateError::Encoding { what: "validity" })
    };
    let dates = (date()?, date()?);
    fields.finish()?;
    Ok(dates)
}

/// Reads a Time. Certificates of the 1990s have an offset or no seconds, and are read all the same.
pub(super) fn time(field: Field<'_>) -> Option<Time> {
    let kind = match field.tag {
        tag::UTC_TIME => TimeType::Utc,
        tag::GENERALIZED_TIME => TimeType::Generalized,
        _ => return None,
    };
    Time::parse_asn1(kind, field.value, Fraction::Refused)
}

/// Writes a Time.
pub(super) fn encode(time: Time) -> Vec<u8> {
    let (kind, content) = time.to_asn1();
    let tag = match kind {
        TimeType::Utc => Tag::UTC_TIME,
        TimeType::Generalized => Tag::GENERALIZED_TIME,
    };
    element(tag, content.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(tag: u8, text: &str) -> Option<String> {
        let field = Field {
            tag,
            value: text.as_bytes(),
            raw: &[],
        };
        time(field).map(|time| time.to_string())
    }

    #[test]
    fn both_forms_cover_their_ranges() {
        let utc = |text| read(tag::UTC_TIME, text).unwrap();
        assert_eq!(utc("500101120100Z"), "1950-01-01T12:01:00Z");
        assert_eq!(utc("491231235959Z"), "2049-12-31T23:59:59Z");
        assert_eq!(utc("991231235960Z"), "1999-12-31T23:59:59Z");
        assert_eq!(utc("960528134905+0800"), "1996-05-28T05:49:05Z");
        assert_eq!(utc("9605280000-0130"), "1996-05-28T01:30:00Z");
        let general = |text| read(tag::GENERALIZED_TIME, text).unwrap();
        assert_eq!(general("00000101000000Z"), "0000-01-01T00:00:00Z");
        assert_eq!(general("20020101120100Z"), "2002-01-01T12:01:00Z");
        assert_eq!(general("99991231235959Z"), "9999-12-31T23:59:59Z");
    }

    #[test]
    fn other_forms_are_refused() {
        for text in [
            "50010112Z",
            "500101120100",
            "500101120100+01",
            "500101120100.5Z",
            "Z",
        ] {
            assert_eq!(read(tag::UTC_TIME, text), None, "{text}");
        }
        for text in [
            "20021301120100Z",
            "20020230120100Z",
            "20020101250100Z",
            "-0020101120100Z",
        ] {
            assert_eq!(read(tag::GENERALIZED_TIME, text), None, "{text}");
        }
        assert_eq!(read(tag::IA5_STRING, "500101120100Z"), None);
    }

    fn instant(text: &str) -> Time {
        let number = |range: std::ops::Range<usize>| text[range].parse::<i16>().unwrap();
        let small = |at: usize| i8::try_from(number(at..at + 2)).unwrap();
        Time::from_civil(
            number(0..4),
            small(5),
            small(8),
            small(11),
            small(14),
            small(17),
        )
        .unwrap()
    }

    #[test]
    fn what_is_written_is_read_again() {
        for (text, tag) in [
            ("1949-12-31T23:59:59Z", tag::GENERALIZED_TIME),
            ("1950-01-01T00:00:00Z", tag::UTC_TIME),
            ("2049-12-31T23:59:59Z", tag::UTC_TIME),
            ("2050-01-01T00:00:00Z", tag::GENERALIZED_TIME),
            ("9999-12-31T23:59:59Z", tag::GENERALIZED_TIME),
        ] {
            let moment = instant(text);
            let der = encode(moment);
            assert_eq!(der[0], tag, "{text}");
            assert_eq!(
                read(tag, std::str::from_utf8(&der[2..]).unwrap()).unwrap(),
                text
            );
        }
    }
}
