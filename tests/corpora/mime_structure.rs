//! Ordinary, torture and malformed mail of mime4j and CPython is cut as others cut it.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use mail_parser::{MessageParser, MessagePart, PartType};
use smime::mail::{self, Entity, MailError, Scan};
use smime::source::Source;

use crate::{corpora, files_below};

/// The messages of the folder `mime`; mailboxes and expected results left out.
pub(crate) fn messages() -> Vec<PathBuf> {
    let Some(folder) = corpora() else {
        return Vec::new();
    };
    let mut found = files_below(&folder.join("mime"));
    found.retain(|path| {
        let name = path.file_name().unwrap().to_string_lossy();
        name.ends_with(".msg") || (name.starts_with("msg_") && name.ends_with(".txt"))
    });
    found
}

fn scan(octets: &[u8]) -> Result<Scan, MailError> {
    mail::scan(&Source::from_bytes(octets.to_vec()))
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

/// The text of a range with LF line ends; octets above 127 are shown by their number, so that
/// character sets do not matter.
fn text(octets: &[u8]) -> String {
    let mut text = String::new();
    for octet in octets {
        match octet {
            b'\r' => {}
            0..=127 => text.push(*octet as char),
            _ => write!(text, "\\{octet:x}").unwrap(),
        }
    }
    text
}

/// One line for each element in the form of mime4j's expected results.
fn outline(octets: &[u8], entity: &Entity, element: &str, lines: &mut Vec<String>) {
    let cut =
        |range: &std::ops::Range<u64>| text(&octets[range.start as usize..range.end as usize]);
    lines.push(format!(
        "<{element}> {} fields",
        entity.header.fields().count()
    ));
    if entity.is_embedded_message() {
        for child in &entity.children {
            outline(octets, child, "message", lines);
        }
    } else if entity.is_multipart() && entity.content_type.boundary().is_some() {
        lines.push(format!("<multipart> {:?}", cut(&entity.preamble)));
        for child in &entity.children {
            outline(octets, child, "body-part", lines);
        }
        lines.push(end_of_multipart(cut(&entity.epilogue)));
    } else {
        lines.push(format!("{:?}", cut(&entity.body_range)));
    }
    lines.push(format!("</{element}>"));
}

/// An epilogue of one line end is none: the files of mime4j are not of one mind there.
fn end_of_multipart(epilogue: String) -> String {
    let epilogue = if epilogue == "\n" { "" } else { &epilogue };
    format!("</multipart> {epilogue:?}")
}

/// The same of a file of mime4j: elements, with the text in them.
fn expected_outline(xml: &[u8]) -> Vec<String> {
    let xml = text(xml);
    let mut lines: Vec<String> = Vec::new();
    let (mut fields, mut preamble, mut epilogue) = (0, None, None);
    for piece in xml.split('<').skip(1) {
        let (element, content) = piece.split_once('>').unwrap();
        let content = content.strip_prefix('\n').unwrap_or(content);
        let content = content
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&");
        match element {
            "header" => fields = 0,
            "field" => fields += 1,
            "/header" => lines
                .last_mut()
                .unwrap()
                .push_str(&format!(" {fields} fields")),
            "message" | "body-part" => {
                if let Some(text) = preamble.take() {
                    lines.push(format!("<multipart> {text:?}"));
                }
                lines.push(format!("<{element}>"));
            }
            "multipart" => preamble = Some(String::new()),
            "preamble" => preamble = Some(content),
            "epilogue" => epilogue = Some(content),
            "/multipart" => {
                if let Some(text) = preamble.take() {
                    lines.push(format!("<multipart> {text:?}"));
                }
                lines.push(end_of_multipart(epilogue.take().unwrap_or_default()));
            }
            "body" => lines.push(format!("{content:?}")),
            "/message" | "/body-part" => lines.push(format!("<{element}>")),
            _ => {}
        }
    }
    lines
}

/// Where mime4j cuts in another way, and why we do not.
const MIME4J: &[(&str, &str)] = &[
    ("multi-2gifs-base64.msg", ENCODED),
    ("bad-newlines-multiple-parts-base64.msg", ENCODED),
    ("base64encoded-rfc822message-nested.msg", ENCODED),
    ("base64encoded-rfc822message.msg", ENCODED),
    (
        "ending-boundaries.msg",
        "text after the boundary on a line, as the note in RFC 2046 has it, \
      would make a delimiter of `--BBX` for the boundary `BB`",
    ),
    ("malformedHeader-noheader.msg", NO_FIELD),
    ("malformedHeaderStartsBody-noheader.msg", NO_FIELD),
    (
        "malformedHeaderStartsBody-nocrlfcrlf.msg",
        "a malformed header line does not end the header",
    ),
    ("very-long-boundary.msg", SPACE),
    (
        "very-very-long-boundary.msg",
        "a boundary longer than a line",
    ),
    ("weird-boundary.msg", SPACE),
];
const ENCODED: &str = "what is in an encoded message or multipart is not looked for";
const NO_FIELD: &str = "what does not start with a header field is no message";
const SPACE: &str = "white space at the end is no part of a boundary";

#[test]
fn mime4j_expects_the_same_entities() {
    let mut wrong = Vec::new();
    for path in messages() {
        let (xml, name) = (path.with_extension("xml"), name(&path));
        if !xml.exists() {
            continue;
        }
        let octets = std::fs::read(&path).unwrap();
        let expected = expected_outline(&std::fs::read(xml).unwrap());
        let mut lines = Vec::new();
        match scan(&octets) {
            Ok(scan) => outline(&octets, &scan.root, "message", &mut lines),
            Err(error) => lines.push(error.to_string()),
        }
        let known = MIME4J.iter().any(|(known, _)| *known == name);
        if (lines == expected) == known {
            let at = lines
                .iter()
                .zip(&expected)
                .take_while(|(a, b)| a == b)
                .count();
            let (ours, theirs) = (lines.get(at), expected.get(at));
            wrong.push(format!(
                "{name}, line {at}\nours     {ours:?}\nexpected {theirs:?}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Type and body of each entity as mail-parser sees it.
pub(crate) fn parsed_outline(
    message: &mail_parser::Message<'_>,
    part: &MessagePart<'_>,
) -> Vec<String> {
    let mut lines = Vec::new();
    let children = match &part.body {
        PartType::Multipart(children) => children.as_slice(),
        PartType::Message(inner) => {
            lines.push("message".to_owned());
            lines.extend(parsed_outline(inner, inner.root_part()));
            return lines;
        }
        _ => {
            let body = part.raw_body_offset() as usize..part.raw_end_offset() as usize;
            lines.push(format!("{:?}", text(&message.raw_message[body])));
            return lines;
        }
    };
    lines.push("multipart".to_owned());
    for child in children {
        lines.extend(parsed_outline(message, message.part(*child).unwrap()));
    }
    lines
}

pub(crate) fn scanned_outline(octets: &[u8], entity: &Entity) -> Vec<String> {
    let mut lines = Vec::new();
    if entity.children.is_empty() {
        let body = entity.body_range.start as usize..entity.body_range.end as usize;
        lines.push(format!("{:?}", text(&octets[body])));
        return lines;
    }
    let is_message = entity.is_embedded_message();
    lines.push(if is_message { "message" } else { "multipart" }.to_owned());
    for child in &entity.children {
        lines.extend(scanned_outline(octets, child));
    }
    lines
}

/// Where mail-parser cuts in another way.
const MAIL_PARSER: &[(&str, &str)] = &[
    ("msg_37.txt", EMPTY),
    ("2002_06_12_doublebound.msg", EMPTY),
    ("multipartemptypart.msg", EMPTY),
    ("intermediate-boundaries.msg", MID_LINE),
    ("misplaced-boundary.msg", MID_LINE),
];
const EMPTY: &str = "two delimiters in a row have an empty part between them";
const MID_LINE: &str = "a delimiter stands at the start of a line";

#[test]
fn mail_parser_sees_the_same_in_mail_that_conforms() {
    let mut wrong = Vec::new();
    for path in messages() {
        let octets = std::fs::read(&path).unwrap();
        let Ok(scan) = scan(&octets) else {
            continue;
        };
        if !mail::entity_conformance(&scan).is_empty() {
            continue;
        }
        let message = MessageParser::new().parse(&octets).unwrap();
        let theirs = parsed_outline(&message, message.root_part());
        let ours = scanned_outline(&octets, &scan.root);
        let name = name(&path);
        if (ours == theirs) == MAIL_PARSER.iter().any(|(known, _)| *known == name) {
            wrong.push(format!("{name}\nours   {ours:?}\ntheirs {theirs:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn mail_that_does_not_conform_is_refused_for_the_known_reasons() {
    let mut counts = BTreeMap::new();
    for path in messages() {
        let octets = std::fs::read(&path).unwrap();
        let first = match scan(&octets) {
            Ok(scan) => mail::conformance(&scan)
                .first()
                .map(|finding| finding.reason.code()),
            Err(MailError::NotAMessage { .. }) => Some("no message"),
            Err(error) => panic!("{}: {error}", path.display()),
        };
        *counts.entry(first.unwrap_or("conforms")).or_insert(0) += 1;
    }
    let expected = BTreeMap::from(COUNTS);
    assert!(counts.is_empty() || counts == expected, "{counts:?}");
}

/// By the first reason that is found.
const COUNTS: [(&str, u32); 7] = [
    ("conforms", 70),
    ("mail.boundary-missing", 7),
    ("mail.boundary-unterminated", 3),
    ("mail.header-malformed", 13),
    ("mail.not-mime", 30),
    ("mail.transfer-encoding-invalid", 3),
    ("no message", 3),
];

#[test]
fn every_file_is_scanned_whatever_it_is() {
    let Some(folder) = corpora() else {
        return;
    };
    for path in ["mime", "openssl-fuzz"]
        .iter()
        .flat_map(|name| files_below(&folder.join(name)))
    {
        let octets = std::fs::read(&path).unwrap();
        let prefixed = [
            &b"Content-Type: multipart/mixed; boundary=-\n\n"[..],
            &octets,
        ]
        .concat();
        for octets in [&octets, &prefixed] {
            if let Ok(scan) = scan(octets) {
                let end = octets.len() as u64;
                assert!(scan.root.walk().all(|entity| entity.range.end <= end));
                mail::conformance(&scan);
                mail::protection(&scan.root);
                scan.root.header.facts();
                scan.root.header.display_address_differs();
            }
        }
    }
}
