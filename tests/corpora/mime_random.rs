//! Random mail that conforms is cut as mail-parser cuts it.
//!
//! Left out is where it is known to be wrong: it takes a boundary in mid-line, or one with more text
//! behind it, for a delimiter, and sees no part between two delimiters in a row.

use mail_parser::MessageParser;
use proptest::prelude::*;
use smime::mail;
use smime::source::Source;

use crate::mime_structure::{parsed_outline, scanned_outline};

const BOUNDARIES: &[&str] = &["one", "two-", "three", "a b", "p'()+_,./:=?", "=_5", "SIX"];

/// Lines that are no delimiter, though some begin like one.
fn lines() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        6 => "[a-zA-Z0-9 =.:<>]{0,70}",
        1 => prop::sample::select(vec![
            "--", "---", "-- ", "--on", "--on e", "--One", "-one", "one", "--six", "From x", ".",
            "--a", "--=", "From: a@example.com", "Content-Type: multipart/mixed",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(line, 0..8).prop_map(|lines| lines.join("\n"))
}

fn leaf() -> impl Strategy<Value = String> {
    let header = prop::sample::select(vec![
        "",
        "Content-Type: text/plain\n",
        "Content-Type: text/html; charset=\"utf-8\"\nContent-Transfer-Encoding: 8bit\n",
        "Content-Disposition: attachment;\n filename=\"a.txt\"\nContent-Type: image/png;\n\tname=a\n",
        "X-Boundary: boundary=one\nContent-Type: text/plain (boundary=one)\n",
        "Content-Transfer-Encoding: quoted-printable\n",
    ]);
    (header, lines()).prop_map(|(header, lines)| format!("{header}\n{lines}\n"))
}

/// An entity, and whatever can be in it.
fn entity() -> impl Strategy<Value = String> {
    leaf().prop_recursive(5, 24, 4, |inner| {
        let multipart = (
            prop::collection::vec(inner.clone(), 1..4),
            prop::sample::select(BOUNDARIES),
            prop::sample::select(vec!["mixed", "alternative", "related", "x-other"]),
            (lines(), lines()),
            prop::sample::select(vec!["", " ", "\t "]),
        );
        let multipart = multipart.prop_map(|(parts, boundary, subtype, around, padding)| {
            let delimiter = format!("--{boundary}{padding}\n");
            let parts: Vec<String> = parts.iter().map(|part| format!("{delimiter}{part}\n")).collect();
            format!(
                "Content-Type: multipart/{subtype};\n\tboundary=\"{boundary}\"\n\n{}\n{}--{boundary}--{padding}\n{}",
                around.0,
                parts.concat(),
                around.1
            )
        });
        // There mail-parser 0.11.9 panics: a message that is nothing but another message.
        let within = inner.prop_filter("a message right inside a message", |inner| {
            !inner.starts_with("Content-Type: message/")
        });
        let message = within.prop_map(|inner| {
            format!("Content-Type: message/rfc822\n\nFrom: b@example.com\nSubject: inner\n{inner}")
        });
        prop_oneof![3 => multipart, 1 => message]
    })
}

proptest! {
    #[test]
    fn mail_parser_sees_the_same(entity in entity(), crlf in any::<bool>()) {
        let text = format!("From: a@example.com\nMIME-Version: 1.0\n{entity}");
        let octets = match crlf {
            true => text.replace('\n', "\r\n"),
            false => text,
        };
        let octets = octets.as_bytes();
        let scan = mail::scan(&Source::from_bytes(octets.to_vec())).unwrap();
        // A boundary that is used again inside cuts the inner multipart short.
        prop_assume!(mail::conformance(&scan).is_empty());
        let message = MessageParser::new().parse(octets).unwrap();
        let theirs = parsed_outline(&message, message.root_part());
        prop_assert_eq!(scanned_outline(octets, &scan.root), theirs);
    }
}
