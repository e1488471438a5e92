//! Every message of `mime` that can be signed, in LF and in CRLF: what transports do to mail leaves
//! the signature valid, Python's email package finds the same in it, and encryption returns every
//! octet.

use smime::mail::signing_form::SigningForm;
use smime::mail::{self, Entity, TransferEncoding};
use smime::policy::profile::{CipherChoice, Switch};
use smime::smime::{
    DecryptRequest, EncryptRequest, Input, PreparedMessage, RecipientCertificate, RsaTransport,
    SignatureForm, SmimeError, decrypt,
};
use smime::source::Source;

use crate::lookups::Held;
use crate::mime_messages::{Signer, TIME, canonical_body, versioned};
use crate::mime_structure::messages;
use crate::peer::Peer;

/// Replaces each occurrence.
fn replaced(octets: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut result = Vec::with_capacity(octets.len());
    let mut rest = octets;
    while let Some(at) = memchr::memmem::find(rest, from) {
        result.extend_from_slice(&rest[..at]);
        result.extend_from_slice(to);
        rest = &rest[at + from.len()..];
    }
    result.extend_from_slice(rest);
    result
}

fn lf(octets: &[u8]) -> Vec<u8> {
    replaced(octets, b"\r\n", b"\n")
}

fn crlf(octets: &[u8]) -> Vec<u8> {
    replaced(&lf(octets), b"\n", b"\r\n")
}

/// The messages that can be signed, with their names, in both forms; MIME-Version is added where
/// only that keeps one from it.
fn signable() -> Vec<(String, Vec<u8>)> {
    let prepare = |octets: &[u8]| PreparedMessage::read(Source::from_bytes(octets.to_vec()));
    let mut found = Vec::new();
    for path in messages() {
        let octets = std::fs::read(&path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        for (form, octets) in [("LF", lf(&octets)), ("CRLF", crlf(&octets))] {
            let octets = match prepare(&octets) {
                Ok(_) => Some(octets),
                Err(SmimeError::NotMime(findings)) => {
                    let octets = versioned(&octets, &findings);
                    octets.filter(|octets| prepare(octets).is_ok())
                }
                Err(error) => panic!("{name}: {error}"),
            };
            found.extend(octets.map(|octets| (format!("{name} in {form}"), octets)));
        }
    }
    found
}

/// The message with each line changed; line ends are kept.
fn each_line(message: &[u8], change: impl Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let lines = message.split_inclusive(|octet| *octet == b'\n');
    lines.flat_map(change).collect()
}

/// What an SMTP client sends for the message, and a server takes out of it again (RFC 5321 section
/// 4.5.2).
fn by_smtp(message: &[u8]) -> Vec<u8> {
    let sent = each_line(&crlf(message), |line| match line.first() {
        Some(b'.') => [b".", line].concat(),
        _ => line.to_vec(),
    });
    let sent = [&sent, &b".\r\n"[..]].concat();
    let start = memchr::memmem::find(&sent, b"\r\n.\r\n").unwrap();
    each_line(&sent[..start + 2], |line| {
        line.strip_prefix(b".").unwrap_or(line).to_vec()
    })
}

/// The same where nobody protects dots: the first line that is one ends the message.
fn by_careless_smtp(message: &[u8]) -> Vec<u8> {
    let sent = [&crlf(message), &b".\r\n"[..]].concat();
    let end = memchr::memmem::find(&sent, b"\r\n.\r\n").unwrap();
    sent[..end + 2].to_vec()
}

/// What a mailbox file makes of it.
fn in_a_mailbox_file(message: &[u8]) -> Vec<u8> {
    each_line(&lf(message), |line| match line.starts_with(b"From ") {
        true => [b">", line].concat(),
        false => line.to_vec(),
    })
}

/// Without white space at the ends of lines.
fn trimmed(message: &[u8]) -> Vec<u8> {
    each_line(&lf(message), |line| [line.trim_ascii_end(), b"\n"].concat())
}

/// With lines of more than 998 octets broken, as Postfix does it.
fn broken(message: &[u8]) -> Vec<u8> {
    each_line(&lf(message), |line| {
        let pieces: Vec<&[u8]> = line.chunks(998).collect();
        pieces.join(&b"\n "[..])
    })
}

/// What a relay makes of it whose next host does not announce 8BITMIME (RFC 6152 section 3): bodies
/// with 8-bit octets are encoded, and labels that promise less than 7bit are changed.
fn seven_bit(message: &[u8]) -> Vec<u8> {
    let source = Source::from_bytes(message.to_vec());
    let scan = mail::scan(&source).unwrap();
    let (mut result, mut at) = (Vec::new(), 0);
    let is_wide = |entity: &&Entity| {
        matches!(
            entity.transfer_encoding,
            TransferEncoding::EightBit | TransferEncoding::Binary
        ) || (entity.children.is_empty() && entity.facts.has_8bit())
    };
    for entity in scan.root.walk().filter(is_wide) {
        let (start, end) = (entity.header_range.start, entity.header_range.end);
        result.extend_from_slice(&message[at..start as usize]);
        for field in entity.header.fields() {
            if !field.is("Content-Transfer-Encoding") {
                result.extend_from_slice(field.raw());
            }
        }
        let is_leaf = entity.children.is_empty();
        let label = if is_leaf { "quoted-printable" } else { "7bit" };
        result.extend_from_slice(format!("Content-Transfer-Encoding: {label}\n").as_bytes());
        at = end as usize;
        if is_leaf {
            let body = entity.body_range.start as usize..entity.body_range.end as usize;
            result.extend_from_slice(&message[at..body.start]);
            at = body.end;
            for &octet in &message[body] {
                match octet {
                    b'=' | 128.. => result.extend(format!("={octet:02X}").into_bytes()),
                    _ => result.push(octet),
                }
            }
        }
    }
    result.extend_from_slice(&message[at..]);
    result
}

#[test]
fn signatures_survive_every_transport() {
    let signer = Signer::new();
    let messages = signable();
    for (name, octets) in &messages {
        let signed = signer.sign(octets, SignatureForm::Clear).unwrap();
        let content = canonical_body(&signer.verify(name, &signed));
        for (transport, relayed) in [
            ("LF", lf(&signed)),
            ("CRLF", crlf(&signed)),
            ("LF, CRLF and LF", lf(&crlf(&lf(&signed)))),
            ("a 7bit relay", seven_bit(&signed)),
            ("SMTP", by_smtp(&signed)),
            ("careless SMTP", by_careless_smtp(&signed)),
            ("a mailbox file", in_a_mailbox_file(&signed)),
            ("no white space at line ends", trimmed(&signed)),
            ("lines of 998 octets", broken(&signed)),
        ] {
            let name = format!("{name}, by {transport}");
            let relayed = signer.verify(&name, &relayed);
            assert_eq!(canonical_body(&relayed), content, "{name}");
        }
    }
    println!("{} messages", messages.len());
    assert!(messages.is_empty() || messages.len() >= 168);
}

/// The signed part of a multipart/signed message.
fn signed_part(message: &[u8]) -> Vec<u8> {
    let scan = mail::scan(&Source::from_bytes(message.to_vec())).unwrap();
    let range = &scan.root.children[0].range;
    message[range.start as usize..range.end as usize].to_vec()
}

#[test]
fn what_was_verified_is_signed_again_as_it_was() {
    let signer = Signer::new();
    for (name, octets) in signable() {
        let signed = signer.sign(&octets, SignatureForm::Clear).unwrap();
        let verified = signer.verify(&name, &signed);
        let again = signer.sign(&verified, SignatureForm::Clear).unwrap();
        assert_eq!(signed_part(&again), signed_part(&signed), "{name}");
    }
}

#[test]
fn openssl_verifies_both_forms_of_line_ends() {
    let Some(openssl) = Peer::openssl() else {
        return;
    };
    let signer = Signer::new();
    let directory = tempfile::tempdir().unwrap();
    let ca = smime::asn1::pem::encode("CERTIFICATE", signer.ca.der());
    std::fs::write(directory.path().join("ca.pem"), ca).unwrap();
    let line = format!("cms -verify -in signed.eml -CAfile ca.pem -attime {TIME}");
    let arguments: Vec<&str> = line.split(' ').collect();
    for (name, octets) in signable() {
        let signed = signer.sign(&octets, SignatureForm::Clear).unwrap();
        let content = canonical_body(&signer.verify(&name, &signed));
        std::fs::write(directory.path().join("signed.eml"), signed).unwrap();
        let run = openssl.run(directory.path(), &arguments);
        assert!(run.succeeded, "{name}: {}", run.stderr);
        assert_eq!(canonical_body(&run.stdout), content, "{name}");
    }
}

#[test]
fn the_transports_do_change_what_is_not_protected() {
    let long = "x".repeat(999);
    let message = format!(
        "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\
         Content-Transfer-Encoding: 8bit\n\nGr\u{fc}\u{df}e\nFrom x\n.\nblank \n{long}\n"
    );
    let message = message.as_bytes();
    assert_eq!(lf(&by_smtp(message)), message);
    for change in [
        seven_bit,
        by_careless_smtp,
        in_a_mailbox_file,
        trimmed,
        broken,
    ] {
        assert_ne!(lf(&change(message)), message);
    }
}

#[test]
fn python_finds_the_same_parts_and_contents() {
    let messages = signable();
    if messages.is_empty() {
        return;
    }
    let Some(python) = Peer::python() else { return };
    let signer = Signer::new();
    let directory = tempfile::tempdir().unwrap();
    let mut names = String::new();
    for (index, (name, octets)) in messages.iter().enumerate() {
        let signed = signer.sign(octets, SignatureForm::Clear).unwrap();
        let verified = signer.verify(name, &signed);
        let files = [
            ("original", octets),
            ("signed", &signed),
            ("verified", &verified),
        ];
        for (kind, octets) in files {
            std::fs::write(directory.path().join(format!("{index}.{kind}")), octets).unwrap();
        }
        names.push_str(&format!("{name}\n"));
    }
    std::fs::write(directory.path().join("names"), names).unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpora/parts.py");
    let compared = python.run(directory.path(), &[script]);
    let told = String::from_utf8_lossy(&compared.stdout);
    assert!(compared.succeeded, "{told}{}", compared.stderr);
    let expected = format!("{} messages, all the same\n", messages.len());
    assert_eq!(told, expected);
}

#[test]
fn encryption_returns_every_octet_of_the_canonical_entity() {
    let signer = Signer::new();
    let identity = &signer.signers[0].identity;
    let held = Held(vec![identity.clone()]);
    let recipients = [RecipientCertificate {
        certificate: identity.certificate.clone(),
        capabilities: None,
    }];
    let request = EncryptRequest {
        recipients: &recipients,
        cipher: CipherChoice::Auto,
        transport: RsaTransport::AsAnnounced,
        sign: None,
        protect_headers: Switch::Off,
    };
    for (name, octets) in signable() {
        let source = Source::from_bytes(octets);
        let mut form = Vec::new();
        let scan = mail::scan(&source).unwrap();
        let plan = SigningForm::plan(&scan, &source).unwrap();
        plan.write(&mut form).unwrap();
        let mut encrypted = Vec::new();
        let message = PreparedMessage::read(source).unwrap();
        message.encrypt(&request, &mut encrypted).unwrap();
        let decryption = decrypt(DecryptRequest {
            input: Input::Message(Source::from_bytes(encrypted)),
            keys: &held,
        })
        .unwrap();
        let mut released = Vec::new();
        let release = decryption.release.unwrap_or_else(|| panic!("{name}"));
        release.write(&mut released).unwrap();
        assert_eq!(canonical_body(&released), canonical_body(&form), "{name}");
        assert_eq!(content_fields(&released), content_fields(&form), "{name}");
    }
}

/// The fields of the root that speak of the content, with line ends in CRLF.
fn content_fields(octets: &[u8]) -> Vec<Vec<u8>> {
    let scan = mail::scan(&Source::from_bytes(octets.to_vec())).unwrap();
    let fields = scan.root.header.fields();
    let of_content = fields.filter(|field| {
        let name = field.name().to_ascii_lowercase();
        name.starts_with("content-")
    });
    of_content.map(|field| crlf(field.raw())).collect()
}
