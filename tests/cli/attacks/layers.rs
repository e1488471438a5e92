//! Structures that are made to use up memory, stack or time.

use super::entity;
use crate::compression::compressed;
use crate::office::MAIL;
use crate::place::Place;

#[test]
fn multiparts_in_multiparts() {
    let place = Place::office();
    let signed = place.signed(MAIL);
    let mut message = signed[..signed.find("Content-Type").unwrap()].to_owned();
    for level in 0..2_000 {
        message +=
            &format!("Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n");
    }
    message += entity(&signed);
    for level in (0..2_000).rev() {
        message += &format!("--b{level}--\r\n");
    }
    place.rejects(&["verify"], &message, &["smime.not-signed"]);
    let run = place.filter(&["sign"], &message);
    assert_eq!((run.status, run.text()), (65, ""));
    assert!(run.stderr.contains("[mail.nesting-too-deep]"), "{run:?}");
}

#[test]
fn more_parts_than_anybody_sends() {
    let place = Place::office();
    let signed = place.signed(MAIL);
    let parts = "--outer\r\n\r\nx\r\n".repeat(10_001);
    let header = &signed[..signed.find("Content-Type").unwrap()];
    let message = format!(
        "{header}Content-Type: multipart/mixed; boundary=outer\r\n\r\n{parts}--outer\r\n{}\r\n\
         --outer--\r\n",
        entity(&signed)
    );
    place.rejects(&["verify"], &message, &["smime.not-signed"]);
    let run = place.filter(&["sign"], &message);
    assert_eq!((run.status, run.text()), (65, ""));
    assert!(run.stderr.contains("[mail.nesting-too-deep]"), "{run:?}");
}

#[test]
fn signatures_in_signatures() {
    let place = Place::office();
    let mut message = MAIL.to_owned();
    for _ in 0..16 {
        message = place
            .filter(&["-q", "sign", "--opaque"], &message)
            .text()
            .to_owned();
    }
    assert_eq!(place.filter(&["-q", "verify"], &message).status, 0);
    let message = place.filter(&["-q", "sign", "--opaque"], &message);
    let message = message.text().to_owned();
    place.rejects(&["verify"], &message, &["mail.nesting-too-deep"]);
}

#[test]
fn content_that_expands_without_end() {
    let place = Place::office();
    let message = compressed(&vec![b' '; 30 << 20]);
    place.rejects(&["verify"], &message, &["cms.decompression-limit"]);
    let signed = place.signed(&message);
    place.rejects(&["verify"], &signed, &["cms.decompression-limit"]);
}

#[test]
fn compression_in_compression() {
    let place = Place::office();
    let mut content = b"Content-Type: text/plain\r\n\r\nx\r\n".to_vec();
    for _ in 0..17 {
        content = entity(&compressed(&content)).as_bytes().to_vec();
    }
    let message = compressed(&content);
    place.rejects(&["verify"], &message, &["mail.nesting-too-deep"]);
}
