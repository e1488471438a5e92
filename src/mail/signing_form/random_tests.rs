//! Random MIME trees with every hazard.

use proptest::prelude::*;

use super::tests::try_form;
use super::*;
use crate::mail::{Entity, TransferEncoding, entity_conformance, scan};
use crate::reason::Reason;

/// The content of a leaf by the rules of the module, octet by octet.
fn content(source: &Source, entity: &Entity) -> Vec<u8> {
    let body = entity.body_source(source);
    let read = |reader: &mut dyn Read| {
        let mut octets = Vec::new();
        reader.read_to_end(&mut octets).map(|_| octets)
    };
    let charset = entity.content_type.parameter("charset").unwrap_or_default();
    let is_text = ["text", "message"].contains(&entity.content_type.type_.as_str());
    let exact = match entity.transfer_encoding {
        TransferEncoding::Base64 => match read(&mut Base64Decoder::new(body.reader())) {
            Ok(octets) => return octets,
            Err(_) => false,
        },
        TransferEncoding::QuotedPrintable => {
            let lines = canonical_reader(&body);
            return read(&mut QuotedPrintableDecoder::new(lines, Escapes::Literal)).unwrap();
        }
        TransferEncoding::Binary => !is_text || charset == "utf-16",
        _ => charset == "utf-16",
    };
    if exact {
        return read(&mut body.reader()).unwrap();
    }
    read(&mut canonical_reader(&body)).unwrap()
}

fn check_safe(octets: &[u8]) -> Result<(), TestCaseError> {
    let text = std::str::from_utf8(octets).unwrap();
    prop_assert!(text.is_ascii() && !text.contains('\0'));
    for line in text.split("\r\n") {
        prop_assert!(!line.contains(['\r', '\n']), "{line:?}");
        prop_assert!(
            line.len() <= 998 && !line.ends_with([' ', '\t']),
            "{line:?}"
        );
        prop_assert!(line != "." && !line.starts_with("From "), "{line:?}");
    }
    Ok(())
}

fn line_end() -> impl Strategy<Value = String> {
    prop_oneof![Just("\n".to_owned()), Just("\r\n".to_owned())]
}

/// Lines with all hazards.
fn hazards() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        8 => "[ -~]{0,30}".prop_map(String::into_bytes),
        4 => Just(b"\n".to_vec()),
        4 => Just(b"\r\n".to_vec()),
        1 => "(From |\\.|--b?|=|=4|=41| \t|\r)".prop_map(String::into_bytes),
        1 => prop::collection::vec(any::<u8>(), 0..20),
        1 => (1usize..1200).prop_map(|length| vec![b'x'; length]),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

fn leaf() -> impl Strategy<Value = Vec<u8>> {
    let types = prop_oneof![
        Just(""),
        Just("Content-Type: text/plain; charset=utf-8\n"),
        Just("Content-Type: text/html;\r\n charset=\"us-ascii\"\r\n"),
        Just("Content-Type: text/plain; charset=utf-16\n"),
        Just("Content-Type: application/octet-stream; \n name=\"n\u{e9}\"\n"),
        Just("Content-Type: message/delivery-status\n"),
    ];
    let encodings = prop_oneof![
        2 => Just(""),
        1 => Just("Content-Transfer-Encoding: 7bit\n"),
        1 => Just("content-transfer-encoding:8BIT\r\n"),
        1 => Just("Content-Transfer-Encoding: binary \n"),
        2 => Just("Content-Transfer-Encoding: base64\n"),
        2 => Just("Content-Transfer-Encoding: quoted-printable\n"),
    ];
    let other = prop_oneof![
        3 => Just(""),
        1 => Just("Content-Description: d\u{e9}sordre \n  \n x\n"),
    ];
    (
        types,
        encodings,
        other,
        hazards(),
        any::<bool>(),
        line_end(),
    )
        .prop_map(
            |(content_type, encoding, other, body, well_formed, line_end)| {
                let body = if encoding.contains("base64") && well_formed {
                    let mut encoder = Base64Encoder::new(Vec::new(), 40, b" \n");
                    encoder.write_all(&body).unwrap();
                    encoder.finish().unwrap()
                } else {
                    body
                };
                let header = format!("{content_type}{encoding}{other}{line_end}");
                [header.into_bytes(), body].concat()
            },
        )
}

fn tree() -> impl Strategy<Value = Vec<u8>> {
    leaf().prop_recursive(3, 12, 3, |inner| {
        let message_header = prop_oneof![
            Just("Subject: n\u{e9}sted \n"),
            Just("From : \u{e9} <a@example.com>\r\nMIME-Version: 1.0\r\n"),
            Just(""),
        ];
        let multipart = (
            prop::collection::vec(inner.clone(), 1..4),
            hazards(),
            hazards(),
            "b[a-z]{12}",
            prop_oneof![Just("mixed"), Just("digest"), Just("related")],
            (prop_oneof![Just(""), Just(" \t")], line_end()),
        );
        let multipart = multipart.prop_map(
            |(parts, preamble, epilogue, boundary, subtype, (padding, line_end))| {
                let mut entity = format!(
                    "Content-Type: multipart/{subtype};{line_end}\tboundary={boundary}{line_end}\
                     Content-Transfer-Encoding: 8bit{line_end}{line_end}"
                )
                .into_bytes();
                entity.extend(preamble);
                for part in parts {
                    let delimiter = format!("{line_end}--{boundary}{padding}{line_end}");
                    entity.extend(delimiter.into_bytes());
                    entity.extend(part);
                }
                entity.extend(format!("{line_end}--{boundary}--{padding}{line_end}").into_bytes());
                entity.extend(epilogue);
                entity
            },
        );
        let message = (message_header, inner, line_end()).prop_map(|(header, inner, line_end)| {
            let type_field = format!("Content-Type: message/rfc822{line_end}{line_end}{header}");
            [type_field.into_bytes(), inner].concat()
        });
        prop_oneof![2 => multipart, 1 => message]
    })
}

proptest! {
    #[test]
    fn the_form_is_safe_idempotent_and_says_the_same(entity in tree()) {
        let message = [b"MIME-Version: 1.0\n", &entity[..]].concat();
        let source = Source::from_bytes(message.clone());
        let before = scan(&source).unwrap();
        let written = match try_form(&message) {
            Ok(written) => written,
            Err(findings) => {
                // base64 that cannot be decoded, and noise that became the header of a message.
                let expected = [
                    Reason::MailTransferEncodingInvalid,
                    Reason::MailHeaderMalformed,
                ];
                let known = findings.iter().all(|finding| expected.contains(&finding.reason));
                prop_assert!(known || !conformance(&before).is_empty(), "{findings:?}");
                return Ok(());
            }
        };
        check_safe(&written)?;
        let again = [b"MIME-Version: 1.0\r\n", &written[..]].concat();
        prop_assert_eq!(&try_form(&again).unwrap(), &written);

        let source_after = Source::from_bytes(written);
        let after = scan(&source_after).unwrap();
        prop_assert_eq!(entity_conformance(&after), vec![]);
        let (mut old, mut new) = (before.root.walk(), after.root.walk());
        loop {
            let (old, new) = match (old.next(), new.next()) {
                (None, None) => break,
                (Some(old), Some(new)) => (old, new),
                _ => return Err(TestCaseError::fail("the structure changed")),
            };
            prop_assert_eq!(&old.path, &new.path);
            prop_assert_eq!(old.content_type.essence(), new.content_type.essence());
            if old.children.is_empty() {
                let (old, new) = (content(&source, old), content(&source_after, new));
                if old != new {
                    // base64 that cannot be decoded: white space at line ends went.
                    let trimmed = String::from_utf8(old).unwrap();
                    let lines: Vec<&str> = trimmed.split("\r\n").map(str::trim_end).collect();
                    prop_assert_eq!(lines.join("\r\n"), String::from_utf8(new).unwrap());
                }
            }
        }
    }
}
