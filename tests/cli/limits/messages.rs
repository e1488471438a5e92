//! The structure of messages.

use smime::limits;

use super::{bounded, hold};
use crate::compression::compressed;
use crate::office::findings;
use crate::place::Place;

const HEADER: &str = "From: alice@example.com\r\nTo: bob@example.com\r\nMIME-Version: 1.0\r\n";

const MULTIPART: &str = "Content-Type: multipart/mixed; boundary=b\r\n";

/// Fields that are so many octets together.
fn fields(octets: usize) -> String {
    let field = format!("X-Fill: {}\r\n", "x".repeat(890));
    let mut fields = field.repeat(octets / field.len() - 1);
    let rest = octets - fields.len();
    for part in [rest / 2, rest - rest / 2] {
        let filled = part - "X-Fill: \r\n".len();
        fields += &format!("X-Fill: {}\r\n", "x".repeat(filled));
    }
    assert_eq!(fields.len(), octets);
    fields
}

#[test]
fn entities_in_entities() {
    let place = Place::office();
    let nested = |levels: usize| {
        let open = |level: usize| {
            format!("Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n")
        };
        let opened: String = (1..levels).map(open).collect();
        let closed: String = (1..levels)
            .rev()
            .map(|level| format!("\r\n--b{level}--\r\n"))
            .collect();
        format!("{HEADER}{opened}\r\nx{closed}")
    };
    let most = limits::ENTITY_DEPTH;
    hold(&place, &["sign"], &nested(most), None);
    let code = "mail.nesting-too-deep";
    for levels in [most + 1, 20 * most] {
        hold(&place, &["sign"], &nested(levels), Some((65, code)));
    }
}

#[test]
fn entities_beside_one_another() {
    let place = Place::office();
    let message = |parts: usize| {
        let parts = "--b\r\n\r\nx\r\n".repeat(parts);
        format!("{HEADER}{MULTIPART}\r\n{parts}--b--\r\n")
    };
    let most = limits::ENTITY_PARTS;
    // The multipart itself counts.
    hold(&place, &["sign"], &message(most - 1), None);
    let code = "mail.nesting-too-deep";
    for parts in [most, 10 * most] {
        hold(&place, &["sign"], &message(parts), Some((65, code)));
    }
}

#[test]
fn headers() {
    let place = Place::office();
    let check = |message: String, refused: bool| {
        let refused = refused.then_some((65, "mail.header-malformed"));
        hold(&place, &["sign"], &message, refused);
    };
    let most = limits::HEADER_SIZE;
    for size in [most, most + 1, 8 * most] {
        let fields = fields(size - HEADER.len());
        check(format!("{HEADER}{fields}\r\nx\r\n"), size > most);
    }

    let most = limits::HEADER_LINES;
    for lines in [most, most + 1] {
        let fields = "X: y\r\n".repeat(lines - HEADER.lines().count());
        check(format!("{HEADER}{fields}\r\nx\r\n"), lines > most);
    }

    let root = format!("{HEADER}{MULTIPART}");
    let whole = fields(limits::HEADER_SIZE);
    let full = limits::HEADERS_SIZE / limits::HEADER_SIZE - 1;
    for over in [0, 1] {
        let last = fields(limits::HEADER_SIZE - root.len() + over);
        let headers = vec![whole.as_str(); full];
        let parts = headers.into_iter().chain([last.as_str()]);
        let parts: String = parts
            .map(|header| format!("--b\r\n{header}\r\nx\r\n"))
            .collect();
        check(format!("{root}\r\n{parts}--b--\r\n"), over > 0);
    }
}

#[test]
fn boundaries() {
    let place = Place::office();
    let message = |length: usize| {
        let boundary = "b".repeat(length);
        format!(
            "{HEADER}Content-Type: multipart/mixed;\r\n boundary={boundary}\r\n\r\n\
             --{boundary}\r\n\r\nx\r\n--{boundary}--\r\n"
        )
    };
    let most = limits::BOUNDARY_LENGTH;
    // The field of such a one does not fit on a line, so that it is read, and not sent.
    let code = "mail.boundary-missing";
    for (length, is_missing) in [(most, false), (most + 1, true)] {
        let run = bounded(&place, &["inspect", "--json"], &message(length));
        assert_eq!(run.text().contains(code), is_missing, "{run:?}");
    }
    hold(&place, &["sign"], &message(most + 1), Some((65, code)));
}

#[test]
fn compressed_content() {
    let place = Place::office();
    let codes = |octets: usize| {
        let mut content = b"Content-Type: text/plain\r\n\r\n".to_vec();
        content.resize(octets, b' ');
        let run = bounded(&place, &["verify", "--json"], &compressed(&content));
        assert_eq!(run.status, 1, "{run:?}");
        findings(&run.json(), "reject").join(" ")
    };
    let most = limits::EXPANSION_FREE as usize;
    assert_eq!(codes(most), "smime.not-signed");
    for octets in [most + 1, 100 * most] {
        assert_eq!(codes(octets), "cms.decompression-limit");
    }
}
