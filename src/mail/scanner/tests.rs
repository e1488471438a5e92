//! Hazards of cutting mail into entities, each in LF and in CRLF form.

use std::ops::Range;

use super::*;
use crate::mail::conformance;

fn crlf(text: &str) -> Vec<u8> {
    text.replace('\n', "\r\n").into_bytes()
}

fn scanned(octets: &[u8]) -> Scan {
    let scan = scan_reader(octets).unwrap();
    assert_covers(&scan, octets.len() as u64);
    scan
}

/// Path and octets of each entity below the root, in LF form.
fn parts(octets: &[u8]) -> Vec<(String, String)> {
    let text = |range: &Range<u64>| {
        let octets = &octets[range.start as usize..range.end as usize];
        String::from_utf8_lossy(octets).replace("\r\n", "\n")
    };
    let scan = scanned(octets);
    let entities = scan.root.walk().skip(1);
    entities
        .map(|entity| (entity.path.clone(), text(&entity.range)))
        .collect()
}

/// Checks the entities below the root, and the codes of what does not conform, in both forms.
fn expect(text: &str, parts_expected: &[(&str, &str)], codes_expected: &[&str]) {
    for octets in [text.as_bytes().to_vec(), crlf(text)] {
        let parts = parts(&octets);
        let parts: Vec<_> = parts
            .iter()
            .map(|(p, t)| (p.as_str(), t.as_str()))
            .collect();
        assert_eq!(parts, parts_expected, "{text}");
        let findings = conformance(&scan_reader(&octets[..]).unwrap());
        let codes: Vec<_> = findings
            .iter()
            .map(|finding| finding.reason.code())
            .collect();
        assert_eq!(codes, codes_expected, "{text}\n{findings:?}");
    }
}

/// The ranges of every entity cover it, in order and without gaps, and nest.
pub(super) fn assert_covers(scan: &Scan, length: u64) {
    assert_eq!(scan.root.range, 0..length);
    for entity in scan.root.walk() {
        let Entity {
            range,
            header_range,
            body_range,
            ..
        } = entity;
        assert_eq!(range.start, header_range.start, "{entity:?}");
        assert!(header_range.start <= header_range.end, "{entity:?}");
        let separator = body_range.start - header_range.end;
        assert!(separator <= 2, "{entity:?}");
        assert!(body_range.start <= body_range.end && body_range.end == range.end);
        assert!(entity.header.raw().len() as u64 <= header_range.end - header_range.start);
        if entity.delimiters.is_empty() {
            if let [message] = &entity.children[..] {
                assert_eq!(message.range, *body_range);
            } else {
                assert!(entity.children.is_empty() && !entity.closed, "{entity:?}");
            }
            continue;
        }
        let parts = entity.delimiters.len() - usize::from(entity.closed);
        assert_eq!(parts, entity.children.len(), "{entity:?}");
        assert_eq!(entity.preamble.start, body_range.start);
        let mut at = entity.preamble.end;
        let mut children = entity.children.iter();
        for delimiter in &entity.delimiters {
            assert_eq!(delimiter.start, at, "{entity:?}");
            at = delimiter.end;
            if let Some(child) = children.next() {
                assert_eq!(child.range.start, at, "{entity:?}");
                at = child.range.end;
            }
        }
        if entity.closed {
            assert_eq!(entity.epilogue.start, at, "{entity:?}");
            at = entity.epilogue.end;
        }
        assert_eq!(at, body_range.end, "{entity:?}");
    }
}

const OUTER: &str = "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=BB\n\n";
const INNER: &str = "Content-Type: multipart/mixed; boundary=CC\n\n";

fn outer(body: &str) -> String {
    format!("{OUTER}{body}")
}

#[test]
fn a_multipart_is_cut_at_its_delimiters() {
    let text = outer("pre\n--BB\nA: b\n\none\n--BB \t\n\ntwo\n\n--BB-- \nepi\n");
    expect(&text, &[("1", "A: b\n\none"), ("2", "\ntwo\n")], &[]);
    let scan = scanned(text.as_bytes());
    assert_eq!(scan.root.preamble.end - scan.root.preamble.start, 3);
    assert_eq!(scan.root.epilogue.end - scan.root.epilogue.start, 4);
    assert_eq!((scan.root.facts.lines, scan.root.facts.bare_lf), (2, 1));
    assert_eq!(scan.root.children[0].facts.lines, 1);
    assert_eq!(scan.root.children[0].facts.bare_lf, 0);
    assert_eq!(scan.root.children[1].facts.lines, 2);
    assert_eq!(scan.root.children[1].header.raw(), b"");
}

#[test]
fn a_boundary_is_no_prefix_and_stands_at_a_line_start() {
    let text = outer("--BB\n\n--BBX\nx --BB\n --BB\n-BB\n--BB-\n--BB--x\n--BB--\n");
    expect(
        &text,
        &[("1", "\n--BBX\nx --BB\n --BB\n-BB\n--BB-\n--BB--x")],
        &[],
    );
    let text = "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=BBX\n\n\
                --BB\n--BBX\n\n--BB\n--BBX--\n";
    expect(text, &[("1", "\n--BB")], &[]);
    // A boundary that ends in hyphens: the shorter one is not its close delimiter.
    let text = "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"BB--\"\n\n\
                --BB--\n\nx\n--BB----\n";
    expect(text, &[("1", "\nx")], &[]);
}

#[test]
fn the_boundary_is_found_in_every_form_of_the_field() {
    for field in [
        "multipart/mixed;\n\tcharset=x;\n boundary=\"a b\"",
        "multipart/mixed; (a \"comment\"; boundary=no)\n boundary (x) = (y)\n \"a b\" (z)",
        "multipart/mixed; boundary*=us-ascii'en'a%20b",
        "multipart/mixed; boundary*0=a; boundary*1=\" b\"",
        "multipart/mixed; boundary*1*=%20b; boundary*0*=''a",
        "MULTIPART/Mixed; BOUNDARY=\"a\\ b\"",
        "multipart/mixed; x=\"; boundary=no\"; boundary=\"a b\"",
    ] {
        let text =
            format!("MIME-Version: 1.0\nContent-Type: {field}\n\n--a b\n\nx\n--a\n--a b--\n");
        expect(&text, &[("1", "\nx\n--a")], &[]);
    }
}

#[test]
fn line_ends_of_both_kinds_may_be_mixed_anywhere() {
    let lines: Vec<&str> = "MIME-Version: 1.0\nContent-Type: multipart/mixed;\n boundary=BB\n\n\
        pre\n--BB\nA: b\n\none\n--BB\n\n\n--BB--\nepi\n"
        .split_inclusive('\n')
        .collect();
    let expected = [
        ("1".to_owned(), "A: b\n\none".to_owned()),
        ("2".to_owned(), "\n".to_owned()),
    ];
    for mixture in 0..1u32 << lines.len() {
        let mut octets = Vec::new();
        for (index, line) in lines.iter().enumerate() {
            match mixture >> index & 1 {
                0 => octets.extend_from_slice(line.as_bytes()),
                _ => octets.extend(crlf(line)),
            }
        }
        assert_eq!(parts(&octets), expected);
        assert!(conformance(&scan_reader(&octets[..]).unwrap()).is_empty());
    }
}

#[test]
fn boundaries_of_one_character_and_of_hyphens() {
    let text = "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=-\n\n\
                ---\n\n--\n-----\n";
    expect(text, &[("1", "\n--")], &[]);
    let long = "b".repeat(limits::BOUNDARY_LENGTH);
    let text = format!(
        "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary={long}\n\n\
         --{long}\n\nx\n--{long}x\n--{long}--{}\n",
        " ".repeat(200_000)
    );
    expect(&text, &[("1", &format!("\nx\n--{long}x"))], &[]);
    let text = text.replace(&long, &format!("{long}b"));
    expect(&text, &[], &["mail.boundary-missing"]);
}

#[test]
fn nested_multiparts_end_with_the_outer_one() {
    let inner = format!("{INNER}--CC\n\nx\n--CC--");
    let text = outer(&format!("--BB\n{inner}\n--BB\n\ny\n--BB--\n"));
    expect(&text, &[("1", &inner), ("1.1", "\nx"), ("2", "\ny")], &[]);
    // An epilogue of one empty line, whose end belongs to the outer delimiter.
    let text = outer(&format!("--BB\n{inner}\n\n--BB--"));
    expect(&text, &[("1", &format!("{inner}\n")), ("1.1", "\nx")], &[]);
    let open = format!("{INNER}--CC\n\nx");
    let text = outer(&format!("--BB\n{open}\n--BB--\n"));
    let unterminated = ["mail.boundary-unterminated"];
    expect(&text, &[("1", &open), ("1.1", "\nx")], &unterminated);
    // The line end after the inner delimiter belongs to the outer one.
    let text = outer(&format!("--BB\n{INNER}--CC\n--BB--\n"));
    let open = format!("{INNER}--CC");
    expect(&text, &[("1", &open), ("1.1", "")], &unterminated);
}

#[test]
fn an_inner_boundary_that_repeats_the_outer_one_hides_nothing() {
    let inner = "Content-Type: multipart/mixed; boundary=BB\n";
    let text = outer(&format!("--BB\n{inner}\n--BB\n\nx\n--BB--\n\n--BB--\n"));
    expect(
        &text,
        &[("1", inner), ("2", "\nx")],
        &["mail.boundary-missing"],
    );
}

#[test]
fn delimiters_after_the_close_delimiter_are_epilogue() {
    let text = outer("--BB\n\nx\n--BB--\n--BB\n\ny\n--BB--\n");
    expect(&text, &[("1", "\nx")], &[]);
}

#[test]
fn parts_without_header_body_or_anything() {
    expect(&outer("--BB\n\nx\n--BB--"), &[("1", "\nx")], &[]);
    expect(&outer("--BB\n\n\n--BB--"), &[("1", "\n")], &[]);
    expect(&outer("--BB\n\n--BB--"), &[("1", "")], &[]);
    expect(&outer("--BB\n--BB--"), &[("1", "")], &[]);
    // The empty line after the header is the line end before the delimiter.
    expect(&outer("--BB\nA: b\n\n--BB--"), &[("1", "A: b\n")], &[]);
    let malformed = ["mail.header-malformed"];
    expect(&outer("--BB\nA: b\n--BB--"), &[("1", "A: b")], &malformed);
    expect(
        &outer("--BB\ntext\n\n--BB--"),
        &[("1", "text\n")],
        &malformed,
    );
}

#[test]
fn multiparts_without_delimiters() {
    let missing = ["mail.boundary-missing"];
    expect(OUTER, &[], &missing);
    expect(OUTER.trim_end(), &[], &missing);
    expect(&outer("text\n"), &[], &missing);
    expect(&outer("text\n--BB--\n"), &[], &missing);
    let none = "MIME-Version: 1.0\nContent-Type: multipart/mixed\n\n--\n\nx\n----\n";
    expect(none, &[], &missing);
    let empty = none.replace("mixed", "mixed; boundary=\" \"");
    expect(&empty, &[], &missing);
    expect(
        &outer("--BB\n\nx\n--BBB--"),
        &[("1", "\nx\n--BBB--")],
        &["mail.boundary-unterminated"],
    );
    expect(
        &outer("--BB\n\nx\n"),
        &[("1", "\nx\n")],
        &["mail.boundary-unterminated"],
    );
}

#[test]
fn embedded_messages_are_entities() {
    let message = "Subject: x\nContent-Type: multipart/mixed; boundary=CC\n\n--CC\n\nx\n--CC--";
    let part = format!("Content-Type: message/rfc822\n\n{message}");
    let text = outer(&format!("--BB\n{part}\n--BB--\n"));
    let expected = [("1", part.as_str()), ("1.1", message), ("1.1.1", "\nx")];
    expect(&text, &expected, &[]);
    let digest = outer(&format!("--BB\n\n{message}\n--BB--\n")).replace("mixed", "digest");
    let message = message.replace("mixed", "digest");
    let part = format!("\n{message}");
    let expected = [
        ("1", part.as_str()),
        ("1.1", &message),
        ("1.1.1", "\nx"),
        ("1.1.1.1", "x"),
    ];
    expect(&digest, &expected, &["mail.header-malformed"; 2]);
    // Encoded, it is not read here.
    let part = "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nQTogYg==";
    let text = outer(&format!("--BB\n{part}\n--BB--\n"));
    expect(&text, &[("1", part)], &["mail.transfer-encoding-invalid"]);
    expect(
        &text.replace("rfc822", "global"),
        &[("1", &part.replace("rfc822", "global"))],
        &[],
    );
}

#[test]
fn nesting_and_parts_are_bounded() {
    let too_deep = "Content-Type: message/rfc822\n\n".repeat(limits::ENTITY_DEPTH + 5);
    let text = format!("MIME-Version: 1.0\n{too_deep}x: y\n\nbody");
    let scan = scanned(text.as_bytes());
    assert_eq!(scan.root.walk().count(), limits::ENTITY_DEPTH);
    let codes: Vec<_> = conformance(&scan).iter().map(|f| f.reason.code()).collect();
    assert_eq!(codes, ["mail.nesting-too-deep"]);

    let text = outer(&format!(
        "{}--BB--\n",
        "--BB\n\n".repeat(limits::ENTITY_PARTS + 5)
    ));
    let scan = scanned(text.as_bytes());
    assert_eq!(scan.root.walk().count(), limits::ENTITY_PARTS + 1);
    let findings = conformance(&scan);
    assert!(
        findings
            .iter()
            .any(|f| f.reason.code() == "mail.nesting-too-deep")
    );
}

#[test]
fn headers_are_bounded() {
    let codes = |text: &str| -> Vec<_> {
        let scan = scanned(text.as_bytes());
        assert!(scan.root.header.raw().len() <= limits::HEADER_SIZE);
        conformance(&scan).iter().map(|f| f.reason.code()).collect()
    };
    let most = "x".repeat(limits::HEADER_SIZE - "A: \n".len());
    assert!(codes(&format!("A: {most}\n\nbody")).is_empty());
    assert_eq!(
        codes(&format!("A: {most}x\n\nbody")),
        ["mail.header-malformed"]
    );
    let long = format!("A: {}", "x".repeat(limits::HEADER_SIZE));
    assert_eq!(codes(&format!("{long}\n\nbody")), ["mail.header-malformed"]);
    let many = "A: b\n".repeat(limits::HEADER_LINES);
    assert!(codes(&format!("{many}\nbody")).is_empty());
    assert_eq!(
        codes(&format!("{many}A: b\n\nbody")),
        ["mail.header-malformed"]
    );
    let part = format!("--BB\n{}\n\n", &long[..limits::HEADER_SIZE - 10]);
    let scan = scanned(outer(&part.repeat(6)).as_bytes());
    let held: usize = scan
        .root
        .walk()
        .map(|entity| entity.header.raw().len())
        .sum();
    assert!(held <= limits::HEADERS_SIZE);
}

#[test]
fn other_input_is_told_apart_from_mail() {
    for input in [
        &b""[..],
        b"This is text.\nSubject: no\n\n",
        b" folded: no\n\n",
        b"\x89PNG\r\n\x1a\n",
        b"\x30\x80\x06\x09",
        b"-----BEGIN CMS-----\nAAAA\n",
        b": no name\n\n",
        b"two words: no\n\n",
    ] {
        let result = scan_reader(input);
        assert!(
            matches!(result, Err(MailError::NotAMessage { .. })),
            "{input:?}"
        );
    }
    expect("\nbody without header", &[], &[]);
    expect("Subject : obsolete syntax\n\n", &[], &[]);
    expect("A: b", &[], &[]);
    expect(
        "From user Mon Jan  1 00:00:00 2024\nA: b\n\nbody",
        &[],
        &["mail.header-malformed"],
    );
    expect(
        "A: b\nFrom user Mon Jan  1\n\nbody",
        &[],
        &["mail.header-malformed"],
    );
}

#[test]
fn control_characters_are_counted_where_they_stand() {
    let text = b"A: b\rc\r\nB: \0\r\n\r\nx\0\r\ry\r\nz\r";
    let scan = scanned(text);
    assert_eq!(
        (scan.root.header_facts.nul, scan.root.header_facts.bare_cr),
        (1, 1)
    );
    assert_eq!((scan.root.facts.nul, scan.root.facts.bare_cr), (1, 3));
    assert_eq!(scan.facts.crlf, 4);
    let reasons: Vec<_> = conformance(&scan)
        .into_iter()
        .map(|f| f.summary.unwrap())
        .collect();
    assert_eq!(
        reasons,
        [
            "there is no MIME-Version field, and not all lines are 7-bit",
            "the header holds a NUL",
            "the header holds a bare CR",
        ]
    );
    // A delimiter that ends in two CR is none.
    let text = [&crlf(&outer("--BB\n\nx"))[..], b"\r\n--BB--\r\r\n"].concat();
    assert!(!scanned(&text).root.closed);
}

#[test]
fn hazards_of_lines_are_counted() {
    let text = "A: b\n\nFrom x\n.\n..\n>From \nFrom\nend \nend\t\n\n\u{e4}\nlast";
    let facts = scanned(text.as_bytes()).root.facts;
    assert_eq!((facts.lines, facts.bare_lf, facts.crlf), (10, 9, 0));
    assert_eq!(
        (facts.from_lines, facts.dot_lines, facts.trailing_space),
        (1, 1, 3)
    );
    assert_eq!((facts.eight_bit, facts.longest_line), (2, 6));
    let scan = scanned(&crlf(text));
    assert_eq!(
        scan.root.facts,
        BodyFacts {
            bare_lf: 0,
            crlf: 9,
            ..facts
        }
    );
    assert_eq!(
        (scan.line_ending, scan.findings.len()),
        (LineEnding::Crlf, 0)
    );
}

#[test]
fn line_endings_and_long_lines_are_warned_of() {
    let warnings = |octets: &[u8]| -> Vec<_> {
        let scan = scanned(octets);
        let codes = scan
            .findings
            .iter()
            .map(|f| (f.reason.code(), f.place.part.clone()));
        codes.collect::<Vec<_>>()
    };
    assert_eq!(
        warnings(b"A: b\r\n\r\nx\ny\r\n"),
        [("mail.bare-line-feed", None)]
    );
    let long = "x".repeat(998);
    assert!(warnings(format!("A: b\r\n\r\n{long}\r\n").as_bytes()).is_empty());
    let text = crlf(&outer(&format!("--BB\n\n{long}y\n--BB--")));
    assert_eq!(
        warnings(&text),
        [("mail.line-too-long", Some("1".to_owned()))]
    );
    assert_eq!(scanned(b"A: b\nC: d\r\n\n").line_ending, LineEnding::Mixed);
    assert_eq!(scanned(b"A: b\n\nx\r\n").line_ending, LineEnding::Lf);
    assert_eq!(scanned(b"\nx\n").line_ending, LineEnding::Lf);
    assert_eq!(scanned(b"A: b").line_ending, LineEnding::Crlf);
}
