//! Parameters of header fields: cutting them apart, and those that are not ASCII in extended form
//! (RFC 2231).

use super::Folded;
use crate::mail::lexer::{Lexer, is_white_space};

/// Writes a value and its parameters, those that are not ASCII in extended form.
pub(super) fn encode_parameters(body: &[u8], folded: &mut Folded) -> Option<()> {
    let segments = split_at_semicolons(body)?;
    let names: Vec<String> = segments.iter().filter_map(|s| parameter_name(s)).collect();
    let mut written: Vec<Vec<u8>> = Vec::new();
    for (index, segment) in segments.iter().enumerate() {
        if segment.is_ascii() {
            written.push(segment.to_vec());
        } else if index == 0 {
            return None;
        } else {
            written.extend(encode_parameter(segment, &names)?);
        }
    }
    write_segments(&written, folded);
    Some(())
}

/// Writes a value and its parameters, each on a line of its own where it does not fit.
pub(crate) fn write_segments(segments: &[Vec<u8>], folded: &mut Folded) {
    for (index, segment) in segments.iter().enumerate() {
        let semicolon: &[u8] = match index + 1 < segments.len() {
            true => b";",
            false => b"",
        };
        folded.blank(b" ");
        folded.word(&[segment, semicolon].concat());
    }
}

/// The value and the parameters, without white space around them; empty ones are left out.
pub(crate) fn split_at_semicolons(body: &[u8]) -> Option<Vec<&[u8]>> {
    let mut segments = Vec::new();
    let mut lexer = Lexer::new(body);
    let mut start = 0;
    loop {
        match lexer.peek() {
            Some(b'"') => drop(lexer.quoted_string().ok()?),
            Some(b'(') => drop(lexer.comment().ok()?),
            None | Some(b';') => {
                segments.push(lexer.between(start, lexer.offset()).trim_ascii());
                if lexer.is_at_end() {
                    break;
                }
                lexer.advance(1);
                start = lexer.offset();
            }
            Some(_) => lexer.advance(1),
        }
    }
    segments.retain(|segment| !segment.is_empty());
    Some(segments)
}

/// The name of a parameter in lower case, a `*` at its end included.
pub(crate) fn parameter_name(segment: &[u8]) -> Option<String> {
    let mut lexer = Lexer::new(segment);
    lexer.skip_cfws().ok()?;
    let name = lexer.take_while(|octet| octet.is_ascii_graphic() && !b"=(".contains(&octet));
    let name = std::str::from_utf8(name).ok()?.to_ascii_lowercase();
    lexer.skip_cfws().ok()?;
    lexer.take(b'=').then_some(name)
}

/// Writes one parameter; `Some(None)` if another of `names` says the same in extended form.
fn encode_parameter(segment: &[u8], names: &[String]) -> Option<Option<Vec<u8>>> {
    let name = parameter_name(segment)?;
    let mut lexer = Lexer::new(segment);
    lexer.take_while(|octet| octet != b'=');
    lexer.take(b'=');
    lexer.skip_cfws().ok()?;
    let start = lexer.offset();
    let value = match lexer.peek() {
        Some(b'"') => lexer.quoted_string().ok()?,
        _ => lexer
            .take_while(|octet| !is_white_space(octet) && octet != b'(')
            .to_vec(),
    };
    let raw = lexer.between(start, lexer.offset());
    lexer.skip_cfws().ok()?;
    if !lexer.is_at_end() || name == "boundary" || name == "charset" {
        return None;
    }
    if raw.is_ascii() {
        // Only a comment was not; it goes.
        return Some(Some([name.as_bytes(), b"=", raw].concat()));
    }
    if name.ends_with('*') {
        let encoded = percent_encode(&value, |octet| octet.is_ascii());
        return Some(Some([name.as_bytes(), b"=", &encoded].concat()));
    }
    let says_the_same = |other: &String| {
        let rest = other.strip_prefix(&name);
        rest.is_some_and(|rest| rest.starts_with('*'))
    };
    if names.iter().any(says_the_same) {
        return Some(None);
    }
    if name.contains('*') || std::str::from_utf8(&value).is_err() {
        return None;
    }
    let plain = |octet: u8| octet.is_ascii_alphanumeric() || b"-._".contains(&octet);
    let encoded = percent_encode(&value, plain);
    Some(Some([name.as_bytes(), b"*=utf-8''", &encoded].concat()))
}

fn percent_encode(value: &[u8], plain: impl Fn(u8) -> bool) -> Vec<u8> {
    let encode = |octet: &u8| match *octet {
        octet if plain(octet) => vec![octet],
        octet => format!("%{octet:02X}").into_bytes(),
    };
    value.iter().flat_map(encode).collect()
}
