//! What differs from run to run, taken out of a text.

/// The text with times, fingerprints, serial numbers and sizes in brackets.
pub(super) fn settled(text: &str) -> String {
    let mut settled = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let before = settled.chars().next_back();
        let is_inside = before.is_some_and(|c| c.is_ascii_alphanumeric());
        let word = |is_part: fn(u8) -> bool| rest.bytes().take_while(|&o| is_part(o)).count();
        let hex = word(|octet| matches!(octet, b'0'..=b'9' | b'a'..=b'f'));
        let length = time(rest);
        let digits = word(|octet| octet.is_ascii_digit());
        if !is_inside && length > 0 {
            settled.push_str("[TIME]");
            rest = &rest[length..];
        } else if !is_inside
            && digits > 0
            && (rest[digits..].starts_with(" octets") || settled.ends_with("lf: "))
        {
            // An ECDSA signature has no fixed length, and so neither has a message in lines.
            settled.push_str("[NUMBER]");
            rest = &rest[digits..];
        } else if !is_inside && hex >= 15 {
            settled.push_str("[HEX]");
            rest = &rest[hex..];
        } else {
            settled.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    settled
}

/// The length of the time at the beginning of a text, as people or programs write it; that of its
/// date alone is no time.
fn time(text: &str) -> usize {
    for form in ["0000-00-00 00:00:00 +00:00", "0000-00-00T00:00:00Z"] {
        let Some(beginning) = text.get(..form.len()) else {
            continue;
        };
        let fits = |(c, form): (char, char)| {
            if form == '0' {
                c.is_ascii_digit()
            } else {
                c == form
            }
        };
        if beginning.chars().zip(form.chars()).all(fits) {
            return form.len();
        }
    }
    0
}

#[test]
fn times_and_numbers_are_taken_out() {
    let text = "valid 2026-11-24 12:00:00 +00:00, 2026-11-24T12:00:00Z, 0123456789abcdef0 and feed, 10 octets, lf: 5";
    assert_eq!(
        settled(text),
        "valid [TIME], [TIME], [HEX] and feed, [NUMBER] octets, lf: [NUMBER]"
    );
}
