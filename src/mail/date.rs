//! Date and time of header fields: RFC 5322 section 3.3, with the obsolete forms of section 4.3.

use crate::mail::lexer::Lexer;
use crate::time::Time;

const MONTHS: [&[u8; 3]; 12] = [
    b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec",
];

/// Reads an unfolded field body; `None` if it names no instant.
///
/// The day of the week is not compared with the date. A missing zone, and one that is not known,
/// is taken for UTC (section 4.3).
pub(crate) fn parse_date(body: &[u8]) -> Option<Time> {
    let mut lexer = Lexer::new(body);
    if word(&mut lexer)?.is_some() {
        lexer.take(b',');
    }
    let day = number(&mut lexer, 2)?;
    let name = word(&mut lexer)??;
    let month = MONTHS.iter().position(|month| name.starts_with(*month))? + 1;
    let start = lexer.offset();
    let year = number(&mut lexer, 4)?;
    let year_is_short = lexer.between(start, lexer.offset()).trim_ascii().len() < 4;
    let year = match year {
        0..=49 if year_is_short => year + 2000,
        50..=999 if year_is_short => year + 1900,
        year => year,
    };
    let hour = number(&mut lexer, 2)?;
    let minute = lexer.take(b':').then(|| number(&mut lexer, 2))??;
    let second = match lexer.take(b':') {
        true => number(&mut lexer, 2)?,
        false => 0,
    };
    let small = |value: u16| i8::try_from(value).ok();
    let local = Time::from_civil(
        i16::try_from(year).ok()?,
        i8::try_from(month).ok()?,
        small(day)?,
        small(hour)?,
        small(minute)?,
        small(second)?,
    )?;
    Some(local.plus_seconds(-60 * zone(&mut lexer)?))
}

/// Minutes east of UTC.
fn zone(lexer: &mut Lexer<'_>) -> Option<i64> {
    let sign = match lexer.peek() {
        Some(b'+') => 1,
        Some(b'-') => -1,
        _ => {
            let name = word(lexer)?.unwrap_or_default();
            let hours = match &name[..] {
                b"edt" => -4,
                b"est" | b"cdt" => -5,
                b"cst" | b"mdt" => -6,
                b"mst" | b"pdt" => -7,
                b"pst" => -8,
                _ => 0,
            };
            return Some(hours * 60);
        }
    };
    lexer.advance(1);
    let offset = i64::from(number(lexer, 4)?);
    Some(sign * (offset / 100 * 60 + offset % 100))
}

/// A word of letters in lower case, if one is next; `None` for an open comment.
fn word(lexer: &mut Lexer<'_>) -> Option<Option<Vec<u8>>> {
    lexer.skip_cfws().ok()?;
    let word = lexer.take_while(|octet| octet.is_ascii_alphabetic());
    lexer.skip_cfws().ok()?;
    Some((!word.is_empty()).then(|| word.to_ascii_lowercase()))
}

/// A number of at most `digits` digits, with the comments and white space around it.
fn number(lexer: &mut Lexer<'_>, digits: usize) -> Option<u16> {
    lexer.skip_cfws().ok()?;
    let text = lexer.take_while(|octet| octet.is_ascii_digit());
    lexer.skip_cfws().ok()?;
    let text = std::str::from_utf8(text).ok()?;
    (text.len() <= digits).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_every_form() {
        for (text, expected) in [
            ("Tue, 24 Nov 2026 08:00:00 -0130", "2026-11-24T09:30:00Z"),
            ("24 Nov 2026 08:00:00 +0545", "2026-11-24T02:15:00Z"),
            ("tue , 4 november 2026 8:00 GMT", "2026-11-04T08:00:00Z"),
            ("Fri, 31 Dec 99 23:59:60 EST", "2000-01-01T04:59:59Z"),
            ("1 Jan 02 00:00:00 Z", "2002-01-01T00:00:00Z"),
            ("1 Jan 100 00:00:00 XYZ", "2000-01-01T00:00:00Z"),
            ("1 Jan 2002 00:00:00", "2002-01-01T00:00:00Z"),
            (
                "(a) Tue(b),(c)24(d)Nov(e)2026(f)08(g):(h)00(i):(j)00(k)+0000(l)",
                "2026-11-24T08:00:00Z",
            ),
            (
                "29 Feb 2024 00:00:00 +0000 (a zone)",
                "2024-02-29T00:00:00Z",
            ),
        ] {
            let date = parse_date(text.as_bytes()).map(|date| date.to_string());
            assert_eq!(date.as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_names_no_instant_is_none() {
        for text in [
            "",
            "yesterday",
            "30 Feb 2024 00:00:00 GMT",
            "24 Foo 2026 08:00:00 GMT",
            "24 Nov 2026",
            "24 Nov 2026 08",
            "24 Nov 2026 25:00:00 GMT",
            "24 Nov 20260 08:00:00 GMT",
            "24 Nov 2026 08:00:00 +99999",
            "2026-11-24T08:00:00Z",
            "Tue (24 Nov 2026 08:00:00 GMT",
        ] {
            assert_eq!(parse_date(text.as_bytes()), None, "{text}");
        }
    }
}
