//! Messages made here and altered: what is accepted all the same has the content that was protected.

use std::io::Read;
use std::sync::LazyLock;

use smime::address::Address;
use smime::crypto::content::ContentCipher;
use smime::mail::canonical::CanonicalReader;
use smime::mail::{FromField, scan};
use smime::policy::profile::{Profile, Switch};
use smime::smime::{DecryptRequest, Input, Release, SignatureForm, decrypt, verify};
use smime::source::Source;

use super::made::{CIPHERS, PARTS, SHORT, encrypted, object, prepared, signed};
use super::messages::verify_request;
use super::octets::Octets;
use super::world::{AUTHOR, WORLD, sign_request};

/// How many changes an input describes at most.
const CHANGES: usize = 8;

/// How a message is read, and so what of it is protected.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    Verified,
    /// With the fields of its header protected as well.
    VerifiedWithFields,
    Decrypted,
    /// As a bare object.
    ObjectVerified,
    ObjectDecrypted,
}

/// A message, and what comes out of it.
struct Made {
    octets: Vec<u8>,
    reading: Reading,
    content: Content,
}

/// What is protected.
#[derive(Debug, PartialEq, Eq)]
struct Content {
    /// Type and transfer encoding; none of a bare object, whose content is taken as it is.
    labels: Option<String>,
    body: Vec<u8>,
    subject: Option<String>,
}

static MADE: LazyLock<Vec<Made>> = LazyLock::new(|| {
    use Reading::*;
    let mut all = Vec::new();
    let mut add = |octets: Vec<u8>, reading| {
        let content = content(&octets, reading).unwrap();
        all.push(Made {
            octets,
            reading,
            content,
        });
    };
    for mail in [SHORT, PARTS] {
        let mail = mail.as_bytes();
        let clear = |protect| signed(mail, SignatureForm::Clear, protect);
        add(clear(Switch::Off), Verified);
        add(clear(Switch::On), VerifiedWithFields);
        let opaque = signed(mail, SignatureForm::Opaque, Switch::Off);
        add(object(&opaque), ObjectVerified);
        add(opaque, Verified);
        for cipher in CIPHERS
            .into_iter()
            .filter(|cipher| *cipher != ContentCipher::Aes256Cbc)
        {
            let message = encrypted(&prepared(mail), cipher, None);
            add(object(&message), ObjectDecrypted);
            add(message, Decrypted);
        }
        let signers = WORLD.signers();
        let request = sign_request(&signers, SignatureForm::Clear, Switch::Off);
        add(
            encrypted(&prepared(mail), ContentCipher::Aes256Cbc, Some(&request)),
            Verified,
        );
    }
    all
});

/// An altered message is rejected, or what comes out is what was protected.
pub(crate) fn altered(octets: &[u8]) {
    let mut octets = Octets(octets);
    let made = &MADE[usize::from(octets.next()) % MADE.len()];
    let mut message = made.octets.clone();
    for _ in 0..CHANGES {
        if octets.is_empty() || message.is_empty() {
            break;
        }
        change(&mut message, &mut octets);
    }
    if let Some(content) = content(&message, made.reading) {
        assert_eq!(
            content,
            made.content,
            "{}",
            String::from_utf8_lossy(&message)
        );
    }
}

/// Takes some octets away, and puts others there: of the input, or of elsewhere in the message.
fn change(message: &mut Vec<u8>, octets: &mut Octets<'_>) {
    let kind = octets.next();
    let at = octets.index(message.len());
    let removed = match kind & 2 {
        0 => usize::from(octets.next()),
        _ => octets.index(message.len()),
    };
    let until = message.len().min(at + removed);
    let inserted = match kind & 1 {
        0 => {
            let length = octets.next();
            octets.take(length.into()).to_vec()
        }
        _ => {
            let start = octets.index(message.len());
            let length = octets.index(message.len());
            message[start..message.len().min(start + length)].to_vec()
        }
    };
    message.splice(at..until, inserted);
}

/// What comes out of a message, if it is accepted.
fn content(octets: &[u8], reading: Reading) -> Option<Content> {
    let source = Source::from_bytes(octets.to_vec());
    let (input, is_message) = match reading {
        Reading::ObjectVerified | Reading::ObjectDecrypted => {
            let (object, content) = (source, None);
            (Input::Object { object, content }, false)
        }
        _ => (Input::Message(source), true),
    };
    let (release, is_signed) = match reading {
        Reading::Decrypted | Reading::ObjectDecrypted => {
            let keys = &WORLD.held;
            (
                decrypt(DecryptRequest { input, keys }).ok()?.release?,
                false,
            )
        }
        _ => {
            let (profile, author) = (Profile::default(), Address::parse(AUTHOR).unwrap());
            // A bare object has no From field to compare.
            let expected = (!is_message).then_some(&author);
            let verification = verify(verify_request(input, &profile, expected)).ok()?;
            (verification.release?, true)
        }
    };
    Some(released(release, is_message, is_signed, reading))
}

fn released(release: Release, is_message: bool, is_signed: bool, reading: Reading) -> Content {
    let mut octets = Vec::new();
    release.write(&mut octets).unwrap();
    if !is_message {
        return Content {
            labels: None,
            body: octets,
            subject: None,
        };
    }
    let root = scan(&Source::from_bytes(octets.clone())).unwrap().root;
    if is_signed {
        let from = root.header.from_field();
        let is_author =
            matches!(&from, FromField::One { address, .. } if address.to_string() == AUTHOR);
        assert!(is_author, "{from:?}");
    }
    let body = root.body_range.start as usize..root.body_range.end as usize;
    Content {
        labels: Some(format!(
            "{:?} {:?}",
            root.content_type, root.transfer_encoding
        )),
        body: canonical(&octets[body]),
        subject: match reading {
            Reading::VerifiedWithFields => root.header.text("Subject"),
            _ => None,
        },
    }
}

/// In one form: what is released has the line ends of the header outside, which is not protected.
fn canonical(body: &[u8]) -> Vec<u8> {
    let mut form = Vec::new();
    CanonicalReader::new(body).read_to_end(&mut form).unwrap();
    form
}
