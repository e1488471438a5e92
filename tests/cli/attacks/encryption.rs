//! Ciphertext that is to be read out, and ciphertext that is changed.

use super::element::{Element, edit, object};
use super::{UNSIGNED, entity, with_parts};
use crate::office::{MAIL, findings};
use crate::place::Place;

/// The EncryptedContentInfo: type, algorithm with IV, ciphertext.
fn content_info(object: &mut Element) -> &mut Element {
    let fields = &mut object.inner().children;
    let info = fields.iter_mut().find(|field| {
        field.tag == 0x30
            && field
                .children
                .first()
                .is_some_and(|first| first.tag == 0x06)
    });
    info.unwrap()
}

/// The octets of the ciphertext. Our own writer has it in one piece, others in several.
fn ciphertext(object: &mut Element) -> &mut Vec<u8> {
    let ciphertext = content_info(object).at(&[2]);
    match ciphertext.children.is_empty() {
        true => &mut ciphertext.content,
        false => &mut ciphertext.children[0].content,
    }
}

fn initialization_vector(object: &mut Element) -> &mut Vec<u8> {
    &mut content_info(object).at(&[1, 1]).content
}

/// The message with another first block of its plaintext, by way of the initialization vector.
fn with_first_block(message: &str, from: &[u8; 16], to: &[u8; 16]) -> String {
    edit(message, |object| {
        let vector = initialization_vector(object);
        for (octet, (from, to)) in vector.iter_mut().zip(from.iter().zip(to)) {
            *octet ^= from ^ to;
        }
    })
}

#[test]
fn ciphertext_between_parts_of_somebody_else() {
    let place = Place::office();
    let encrypted = place.made(&["encrypt"], MAIL);
    let before = "Content-Type: text/html\r\n\r\n<img src=\"http://example.net/";
    let after = "Content-Type: text/html\r\n\r\n\">";
    for message in [
        with_parts(&encrypted, "mixed", &[before, entity(&encrypted), after]),
        with_parts(&encrypted, "alternative", &[UNSIGNED, entity(&encrypted)]),
        with_parts(&encrypted, "mixed", &[entity(&encrypted)]),
    ] {
        place.rejects(&["decrypt"], &message, &["smime.not-encrypted"]);
        place.rejects(&["verify"], &message, &["smime.not-signed"]);
        let run = place.filter(&["inspect"], &message);
        assert!(!run.text().contains("figures are in"), "{run:?}");
    }
}

#[test]
fn several_encrypted_parts() {
    let place = Place::office();
    let encrypted = place.made(&["encrypt"], MAIL);
    let parts = [entity(&encrypted), entity(&encrypted)];
    let message = with_parts(&encrypted, "mixed", &parts);
    place.rejects(&["decrypt"], &message, &["smime.not-encrypted"]);
}

#[test]
fn ciphertext_in_a_forwarded_message() {
    let place = Place::office();
    let encrypted = place.made(&["encrypt"], MAIL);
    let header = &encrypted[..encrypted.find("Content-Type").unwrap()];
    let message = format!("{header}Content-Type: message/rfc822\r\n\r\n{encrypted}");
    place.rejects(&["decrypt"], &message, &["smime.not-encrypted"]);
}

#[test]
fn ciphertext_below_somebody_elses_signature() {
    let place = Place::office();
    let encrypted = place.made(&["encrypt", "--sign"], MAIL);
    let bobs = encrypted.replacen("Alice <alice@", "Bob <bob@", 1);
    let run = place.filter(&["-q", "sign"], &bobs);
    place.rejects(&["verify"], run.text(), &["smime.from-mismatch"]);
}

#[test]
fn a_signature_cut_off_by_a_changed_first_block() {
    let place = Place::office();
    let encrypted = place.made(&["encrypt", "--sign", "--cipher=aes-256-cbc"], MAIL);
    let run = place.filter(&["-q", "verify"], &encrypted);
    assert_eq!(run.status, 0, "{run:?}");
    let message = with_first_block(&encrypted, b"Content-Type: mu", b"X-Not-a-Type: mu");
    place.rejects(&["verify"], &message, &["smime.not-signed"]);
}

#[test]
fn a_first_block_that_is_another() {
    let place = Place::office();
    let encrypted = place.made(&["encrypt", "--cipher=aes-256-cbc"], MAIL);
    let message = with_first_block(&encrypted, b"Content-Type: te", b"X-Not-a-Type: te");
    let code = "cms.content-not-authenticated";
    place.accepts_with(&["decrypt"], &message, "warning", code);
    place.rejects(&["verify"], &message, &["smime.not-signed"]);
}

#[test]
fn blocks_of_cbc_changed_moved_and_repeated() {
    let place = Place::office();
    let text = "The figures of this year are in.\r\n".repeat(8);
    let mail = MAIL.replace("Hello Bob,\r\n", &text);
    let encrypted = place.made(&["encrypt", "--cipher=aes-256-cbc"], &mail);
    let signed = place.made(&["encrypt", "--sign", "--cipher=aes-256-cbc"], &mail);
    let blocks = ciphertext(&mut object(&encrypted)).len() / 16;
    for block in 0..blocks {
        let changes: [fn(&mut Vec<u8>, usize); 3] = [
            |octets, at| octets[at * 16] ^= 1,
            |octets, at| octets.swap(at * 16, 0),
            |octets, at| octets.extend_from_within(at * 16..),
        ];
        for change in changes {
            let message = edit(&encrypted, |object| change(ciphertext(object), block));
            let run = place.filter(&["decrypt", "--json", "-o", "out.eml"], &message);
            let document = run.json();
            match run.status {
                0 => assert_eq!(
                    findings(&document, "warning"),
                    ["cms.content-not-authenticated"]
                ),
                _ => assert_eq!(findings(&document, "reject"), ["cms.decryption-failed"]),
            }
            // What the signature inside does not cover may be anything; what comes out may not.
            let message = edit(&signed, |object| change(ciphertext(object), block + 10));
            let run = place.filter(&["verify"], &message);
            match run.status {
                0 => assert_eq!(run.text(), mail),
                _ => assert_eq!((run.status, run.text()), (1, "")),
            }
        }
    }
}

#[test]
fn ciphertext_that_was_cut() {
    let place = Place::office();
    for cipher in ["--cipher=aes-256-cbc", "--cipher=aes-256-gcm"] {
        let encrypted = place.made(&["encrypt", cipher], MAIL);
        for octets in [1, 16, 32] {
            let message = edit(&encrypted, |object| {
                let ciphertext = ciphertext(object);
                ciphertext.truncate(ciphertext.len() - octets);
            });
            place.rejects(&["decrypt"], &message, &["cms.decryption-failed"]);
        }
    }
}

#[test]
fn ciphertext_with_more_behind_it() {
    let place = Place::office();
    let encrypted = place.made(&["encrypt", "--cipher=aes-256-gcm"], MAIL);
    let message = edit(&encrypted, |object| {
        ciphertext(object).extend_from_slice(&[0; 16]);
    });
    place.rejects(&["decrypt"], &message, &["cms.decryption-failed"]);
    let message = edit(&encrypted, |object| {
        object.children.push(Element::primitive(0x04, b"more"));
    });
    place.rejects(&["decrypt"], &message, &["cms.encoding-invalid"]);
}

#[test]
fn a_changed_tag_or_vector() {
    let place = Place::office();
    let encrypted = place.made(&["encrypt", "--cipher=aes-256-gcm"], MAIL);
    let tag = edit(&encrypted, |object| {
        object.inner().children.last_mut().unwrap().content[0] ^= 1;
    });
    place.rejects(&["decrypt"], &tag, &["cms.decryption-failed"]);
    let short = edit(&encrypted, |object| {
        object
            .inner()
            .children
            .last_mut()
            .unwrap()
            .content
            .truncate(4);
    });
    place.rejects(&["decrypt"], &short, &["cms.decryption-failed"]);
}

#[test]
fn authenticated_content_passed_off_as_other() {
    let place = Place::office();
    let encrypted = place.made(&["encrypt", "--cipher=aes-256-gcm"], MAIL);
    let mut enveloped = object(&place.made(&["encrypt", "--cipher=aes-256-cbc"], MAIL));
    let cbc = content_info(&mut enveloped).at(&[1]).clone();
    let as_cbc = edit(&encrypted, |object| {
        let ciphertext = ciphertext(object);
        ciphertext.truncate(ciphertext.len() / 16 * 16);
        *content_info(object).at(&[1]) = cbc.clone();
        *object.at(&[0]) = enveloped.at(&[0]).clone();
        // The tag has no place there.
        object.inner().children.pop();
    });
    place.rejects(&["decrypt"], &as_cbc, &["cms.decryption-failed"]);
    let without_tag = edit(&encrypted, |object| {
        *object.at(&[0]) = enveloped.at(&[0]).clone();
        object.inner().children.pop();
    });
    place.rejects(
        &["decrypt"],
        &without_tag,
        &["cms.content-encryption-unsupported"],
    );
}
