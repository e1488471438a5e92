//! The signing form of every message of `mime`: safe for transport, with the same content, and the
//! same when it is made again.

use std::io::Read;

use smime::mail::canonical::canonical_reader;
use smime::mail::signing_form::{SigningForm, SigningFormError};
use smime::mail::transfer_encoding::{Base64Decoder, Escapes, QuotedPrintableDecoder};
use smime::mail::{
    BodyFacts, Entity, MailError, Scan, TransferEncoding, conformance, entity_conformance, scan,
};
use smime::source::Source;

use crate::{corpora, files_below};

/// Messages that conform to MIME and have no signing form, and why.
const REFUSED: &[(&str, &str)] = &[];

/// Messages as they are, and where MIME-Version is missing, with it.
fn messages() -> Vec<(String, Vec<u8>)> {
    let Some(folder) = corpora() else {
        return Vec::new();
    };
    let folder = folder.join("mime");
    let mut messages = Vec::new();
    for path in files_below(&folder) {
        let name = path.strip_prefix(&folder).unwrap().display().to_string();
        if name.ends_with(".msg") || name.contains("/msg_") {
            let octets = std::fs::read(&path).unwrap();
            let has_version = String::from_utf8_lossy(&octets)
                .to_ascii_lowercase()
                .contains("mime-version:");
            if !has_version {
                let versioned = [b"MIME-Version: 1.0\n", &octets[..]].concat();
                messages.push((format!("{name} with MIME-Version"), versioned));
            }
            messages.push((name, octets));
        }
    }
    messages
}

fn read(mut reader: impl Read) -> Vec<u8> {
    let mut octets = Vec::new();
    reader.read_to_end(&mut octets).unwrap();
    octets
}

fn form(scanned: &Scan, source: &Source) -> Result<Vec<u8>, String> {
    match SigningForm::plan(scanned, source) {
        Ok(form) => Ok(read(form.reader())),
        Err(SigningFormError::Refused(findings)) => {
            let reasons: Vec<String> = findings
                .iter()
                .map(|finding| format!("{}: {}", finding.reason, finding.summary()))
                .collect();
            Err(reasons.join("; "))
        }
        Err(SigningFormError::Io(error)) => panic!("{error}"),
    }
}

/// The content that a reader of mail sees, with canonical line ends where it consists of lines.
fn content(source: &Source, leaf: &Entity) -> Vec<u8> {
    let body = leaf.body_source(source);
    let is_text = ["text", "message"].contains(&leaf.content_type.type_.as_str());
    match leaf.transfer_encoding {
        TransferEncoding::Base64 => {
            let mut octets = Vec::new();
            match Base64Decoder::new(body.reader()).read_to_end(&mut octets) {
                Ok(_) => octets,
                Err(_) => read(canonical_reader(&body)),
            }
        }
        TransferEncoding::QuotedPrintable => read(QuotedPrintableDecoder::new(
            canonical_reader(&body),
            Escapes::Literal,
        )),
        TransferEncoding::Binary if !is_text => read(body.reader()),
        _ => read(canonical_reader(&body)),
    }
}

fn hazards(facts: &BodyFacts) -> u64 {
    facts.eight_bit
        + facts.nul
        + facts.bare_cr
        + facts.bare_lf
        + facts.trailing_space
        + facts.from_lines
        + facts.dot_lines
        + facts.longest_line.saturating_sub(998)
}

/// Whether octets inside are protected, so that they stay as they are.
fn is_protected(entity: &Entity) -> bool {
    let protects = |entity: &Entity| {
        let content_type = &entity.content_type;
        content_type.is("multipart", "signed") || content_type.is("multipart", "encrypted")
    };
    entity.walk().any(protects)
}

#[test]
fn every_message_of_mime_has_a_safe_form_with_the_same_content() {
    let messages = messages();
    let (mut count, mut encoded, mut refused) = (0, 0, Vec::new());
    for (name, octets) in &messages {
        let source = Source::from_bytes(octets.clone());
        let before = match scan(&source) {
            Ok(before) => before,
            Err(MailError::NotAMessage { .. }) => continue,
            Err(error) => panic!("{name}: {error}"),
        };
        if !conformance(&before).is_empty() {
            continue;
        }
        let octets = match form(&before, &source) {
            Ok(octets) => octets,
            Err(why) => {
                refused.push((name.as_str(), why));
                continue;
            }
        };
        count += 1;
        let again = Source::from_bytes([b"MIME-Version: 1.0\r\n", &octets[..]].concat());
        assert_eq!(
            form(&scan(&again).unwrap(), &again).unwrap(),
            octets,
            "{name}"
        );

        let formed = Source::from_bytes(octets);
        let after = scan(&formed).unwrap();
        assert_eq!(entity_conformance(&after), [], "{name}");
        if !is_protected(&before.root) {
            assert_eq!(hazards(&after.facts), 0, "{name}: {:?}", after.facts);
        }
        let pairs = before.root.walk().zip(after.root.walk());
        assert_eq!(
            before.root.walk().count(),
            after.root.walk().count(),
            "{name}"
        );
        for (old, new) in pairs {
            assert_eq!(old.path, new.path, "{name}");
            assert_eq!(
                old.content_type.essence(),
                new.content_type.essence(),
                "{name}"
            );
            if old.children.is_empty() {
                let same = content(&source, old) == content(&formed, new);
                assert!(same, "{name} part {}", old.path);
                encoded += usize::from(old.transfer_encoding != new.transfer_encoding);
            }
        }
    }
    let refused: Vec<(&str, &str)> = refused.iter().map(|(n, why)| (*n, why.as_str())).collect();
    println!(
        "{count} of {} messages, {encoded} parts encoded",
        messages.len()
    );
    assert_eq!(refused, REFUSED);
    assert!(messages.is_empty() || (count >= 85 && encoded >= 20));
}
