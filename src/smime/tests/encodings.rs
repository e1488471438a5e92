//! The same objects in every encoding that producers and relays give them.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};

use super::*;
use crate::asn1::ber::transcoding::{Choices, DER, INDEFINITE, NON_MINIMAL, always, transcode};
use crate::asn1::pem;

fn lines(text: &str, width: usize, line_end: &str) -> String {
    let lines: Vec<&str> = text
        .as_bytes()
        .chunks(width)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    lines.join(line_end) + line_end
}

fn quoted_printable(octets: &[u8]) -> String {
    let mut text = String::new();
    for chunk in octets.chunks(25) {
        chunk
            .iter()
            .for_each(|octet| text.push_str(&format!("={octet:02X}")));
        text.push_str("=\r\n");
    }
    text
}

/// What an object looks like in a body: a name, the transfer encoding, the body.
fn bodies(object: &[u8]) -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let text = STANDARD.encode(object);
    let frame = pem::encode("PKCS7", object);
    let text_bodies = [
        ("in lines", "base64", lines(&text, 64, "\r\n")),
        ("unwrapped", "base64", text.clone()),
        ("odd width", "base64", lines(&text, 19, "\r\n")),
        ("one a line", "base64", lines(&text, 1, "\n")),
        ("long lines", "BASE64", lines(&text, 1000, "\r\n")),
        ("trailing blanks", "base64", lines(&text, 76, " \t \r\n")),
        (
            "blank lines",
            "base64",
            format!("\r\n \r\n{}", lines(&text, 76, "\r\n\r\n")),
        ),
        (
            "no padding",
            "base64",
            lines(&STANDARD_NO_PAD.encode(object), 76, "\r\n"),
        ),
        (
            "a footer",
            "base64",
            lines(&text, 76, "\r\n") + "\r\n-- \r\n",
        ),
        ("unlabeled base64", "7bit", lines(&text, 76, "\r\n")),
        (
            "quoted-printable",
            "quoted-printable",
            quoted_printable(object),
        ),
        (
            "quoted base64",
            "quoted-printable",
            lines(&text, 60, "=\r\n").replace("==", "=3D=3D"),
        ),
        ("PEM", "7bit", frame.replace('\n', "\r\n")),
        ("PEM, LF", "7bit", frame.clone()),
        (
            "PEM in base64",
            "base64",
            lines(&STANDARD.encode(&frame), 76, "\r\n"),
        ),
        ("PEM, no padding", "8bit", frame.replace('=', "")),
    ];
    let text_bodies = text_bodies.into_iter();
    let mut bodies: Vec<_> = text_bodies
        .map(|(name, encoding, body)| (name, encoding, body.into_bytes()))
        .collect();
    bodies.push(("binary", "binary", object.to_vec()));
    bodies.push(("8bit", "8bit", object.to_vec()));
    bodies
}

/// The same object in DER and in two forms of BER.
fn forms(der: &[u8], kept: &[&[u8]]) -> Vec<Vec<u8>> {
    let form = |choice| transcode(der, kept, &mut Choices::new(&always(choice)));
    [DER, NON_MINIMAL, INDEFINITE].map(form).to_vec()
}

fn opaque(smime_type: &str, encoding: &str, body: &[u8]) -> Vec<u8> {
    let header = format!(
        "From: alice@example.com\r\nTo: bob@example.com\r\nMIME-Version: 1.0\r\n\
         Content-Type: application/pkcs7-mime; smime-type={smime_type}; name=smime.p7m\r\n\
         Content-Transfer-Encoding: {encoding}\r\n\r\n"
    );
    [header.as_bytes(), body].concat()
}

#[test]
fn opaque_signatures() {
    let world = World::new();
    let der = object(&sign_with(&world.alice, SignatureForm::Opaque, MESSAGE));
    for form in forms(&der, &[world.alice.certificate.der()]) {
        for (name, encoding, body) in bodies(&form) {
            let verification = world.verify(&opaque("signed-data", encoding, &body));
            let verdict = &verification.verdict;
            assert_eq!(verdict.outcome(), Outcome::Accepted, "{name}: {verdict:?}");
            assert!(
                released(verification.release).contains("Gr=C3=BC=C3=9Fe"),
                "{name}"
            );
        }
    }
}

#[test]
fn clear_signatures() {
    let world = World::new();
    let clear = sign(&world.alice, MESSAGE);
    let text = String::from_utf8(clear.clone()).unwrap();
    let (before, rest) = text
        .rsplit_once("Content-Transfer-Encoding: base64")
        .unwrap();
    let (_, rest) = rest.split_once("\r\n\r\n").unwrap();
    let (body, after) = rest.split_once("\r\n--").unwrap();
    let characters: String = body.split_whitespace().collect();
    let der = STANDARD.decode(characters).unwrap();
    for form in forms(&der, &[world.alice.certificate.der()]) {
        for (name, encoding, body) in bodies(&form) {
            let head = format!("{before}Content-Transfer-Encoding: {encoding}\r\n\r\n");
            let tail = format!("\r\n--{after}");
            let message = [head.as_bytes(), &body, tail.as_bytes()].concat();
            let verdict = world.verify(&message).verdict;
            assert_eq!(verdict.outcome(), Outcome::Accepted, "{name}: {verdict:?}");
        }
    }
}

#[test]
fn encrypted_messages() {
    let world = World::new();
    for (cipher, smime_type) in [
        (ContentCipher::Aes256Gcm, "authEnveloped-data"),
        (ContentCipher::Aes128Cbc, "enveloped-data"),
    ] {
        let der = object(&encrypt(&world.bob, cipher, MESSAGE.as_bytes()));
        for form in forms(&der, &[]) {
            for (name, encoding, body) in bodies(&form) {
                let message = opaque(smime_type, encoding, &body);
                let decryption = decrypt(DecryptRequest {
                    input: Input::Message(Source::from_bytes(message)),
                    keys: &world,
                })
                .unwrap();
                assert!(
                    decryption.release.is_some(),
                    "{name}: {:?}",
                    decryption.verdict
                );
            }
        }
    }
}

#[test]
fn what_is_cut_or_foreign_is_still_refused() {
    let world = World::new();
    let der = object(&sign_with(&world.alice, SignatureForm::Opaque, MESSAGE));
    for (name, encoding, body) in bodies(&der) {
        let cut = opaque("signed-data", encoding, &body[..body.len() / 2]);
        let reasons = world.rejection(&cut);
        let expected = [
            Reason::CmsEncodingInvalid,
            Reason::MailTransferEncodingInvalid,
        ];
        assert!(
            reasons.iter().all(|reason| expected.contains(reason)),
            "{name}: {reasons:?}"
        );
    }
    for body in [
        "",
        "\r\n",
        "-----BEGIN PKCS7-----",
        "M",
        "MIIB",
        "no object",
        "=",
        "-",
    ] {
        for encoding in ["7bit", "base64", "quoted-printable", "x-unknown"] {
            let reasons = world.rejection(&opaque("signed-data", encoding, body.as_bytes()));
            let expected = [
                Reason::CmsEncodingInvalid,
                Reason::MailTransferEncodingInvalid,
            ];
            assert!(
                reasons.iter().all(|it| expected.contains(it)),
                "{body:?}: {reasons:?}"
            );
        }
    }
}

/// A certificate that cannot be decoded stands beside the signer's.
#[test]
fn one_bad_certificate_spoils_nothing() {
    let world = World::new();
    let der = object(&sign_with(&world.alice, SignatureForm::Opaque, MESSAGE));
    let good = world.alice.certificate.der();
    let at = der
        .windows(good.len())
        .position(|window| window == good)
        .unwrap();
    for bad in [
        &[0x30, 0x80, 0x05, 0x00, 0x00, 0x00][..],
        &[0x30, 0x03, 0x02, 0x7f, 0x01],
        &[0x30, 0x00],
    ] {
        // With indefinite lengths around it, nothing else has to change.
        let kept = [good];
        let indefinite = transcode(&der, &kept, &mut Choices::new(&always(INDEFINITE)));
        let at_indefinite = indefinite
            .windows(good.len())
            .position(|window| window == good);
        let at_indefinite = at_indefinite.unwrap();
        assert!(at_indefinite > at);
        let spoiled = [
            &indefinite[..at_indefinite],
            bad,
            &indefinite[at_indefinite..],
        ]
        .concat();
        let verdict = world
            .verify(&opaque("signed-data", "binary", &spoiled))
            .verdict;
        assert_eq!(verdict.outcome(), Outcome::Accepted, "{verdict:?}");
        assert!(verdict.has(Reason::CertEncodingInvalid), "{bad:02x?}");
    }
}
