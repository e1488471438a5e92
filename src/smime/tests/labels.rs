//! Labels that others put on the same objects, and names that others encode anew.

use super::*;
use crate::crypto::content::ContentCipher;

const SIGNATURE: &str = "Content-Type: application/pkcs7-signature; name=\"smime.p7s\"\r\n";
const OPAQUE: &str = "application/pkcs7-mime; smime-type=signed-data;\r\n name=\"smime.p7m\"";

#[test]
fn a_signature_under_another_label_is_found() {
    let world = World::new();
    let signed = sign(&world.alice, MESSAGE);
    let without_name = replace(&signed, "filename=\"smime.p7s\"", "x=y");
    for label in [
        "application/x-pkcs7-signature; name=smime.p7s",
        "application/octet-stream; name=smime.p7s",
        "application/octet-stream; name=smime.p7m",
        "application/pkcs7-mime; smime-type=signed-data; name=smime.p7m",
        "application/x-pkcs7-mime",
        "application/octet-stream",
    ] {
        let label = format!("Content-Type: {label}\r\n");
        let message = replace(&without_name, SIGNATURE, &label);
        let verdict = world.verify(&message).verdict;
        assert_eq!(verdict.outcome(), Outcome::Accepted, "{label}: {verdict:?}");
    }
}

#[test]
fn a_signature_under_a_foreign_label_is_hinted_at() {
    let world = World::new();
    let signed = sign(&world.alice, MESSAGE);
    let message = replace(&signed, SIGNATURE, "Content-Type: text/plain\r\n");
    let message = replace(&message, "application/pkcs7-signature", "x/y");
    let verification = world.verify(&message);
    assert!(verification.release.is_none());
    let findings = &verification.verdict.findings;
    let finding = findings
        .iter()
        .find(|finding| finding.reason == Reason::SmimeNotSigned)
        .unwrap();
    assert_eq!(finding.detail["signature-part"], "text/plain");
    assert!(finding.hint().contains("text/plain"), "{}", finding.hint());
    assert!(finding.summary().contains("multipart/signed"));

    let pgp = MESSAGE.replace(
        "Content-Type: text/plain; charset=utf-8",
        "Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=BB",
    );
    let pgp = pgp.replace("8bit\r\n\r\n", "8bit\r\n\r\n--BB\r\n\r\nx\r\n--BB--\r\n");
    let findings = world.verify(pgp.as_bytes()).verdict.findings;
    let openpgp = |finding: &crate::verdict::Finding| finding.summary().contains("OpenPGP");
    assert!(findings.iter().any(openpgp), "{findings:?}");
}

#[test]
fn an_opaque_object_under_another_label_is_opened() {
    let world = World::new();
    let signed = sign_with(&world.alice, SignatureForm::Opaque, MESSAGE);
    let signed = replace(&signed, "filename=\"smime.p7m\"", "x=y");
    for other in [
        "application/x-pkcs7-mime; smime-type=signed-data; name=smime.p7m",
        "application/x-pkcs7-mime",
        "application/octet-stream; name=smime.p7m",
        "application/octet-stream; name=\"SMIME.P7S\"",
        "application/pkcs7-signature",
    ] {
        let verdict = world.verify(&replace(&signed, OPAQUE, other)).verdict;
        assert_eq!(verdict.outcome(), Outcome::Accepted, "{other}: {verdict:?}");
        assert!(!verdict.has(Reason::SmimeTypeMismatch), "{other}");
    }
    // What the object is decides; the label is worth a warning.
    for wrong in [
        "enveloped-data",
        "compressed-data",
        "certs-only",
        "x-unknown",
    ] {
        let message = replace(
            &signed,
            "smime-type=signed-data",
            &format!("smime-type={wrong}"),
        );
        let verdict = world.verify(&message).verdict;
        assert_eq!(verdict.outcome(), Outcome::Accepted, "{wrong}: {verdict:?}");
        assert!(verdict.has(Reason::SmimeTypeMismatch), "{wrong}");
    }
}

/// The object with another spelling of the CA's name at its `nth` occurrence.
fn renamed(object: &[u8], name: &[u8], nth: usize, spelling: &[u8]) -> Vec<u8> {
    assert_eq!(name.len(), spelling.len());
    let windows = object.windows(name.len());
    let mut found = windows.enumerate().filter(|(_, window)| *window == name);
    let (at, _) = found.nth(nth).unwrap();
    let mut renamed = object.to_vec();
    renamed[at..at + name.len()].copy_from_slice(spelling);
    renamed
}

/// Spellings of one octet string that are the same name, and one that is another.
fn spellings(name: &[u8]) -> (Vec<Vec<u8>>, Vec<u8>) {
    let utf8 = name.iter().position(|octet| *octet == 0x0c).unwrap();
    let mut printable = name.to_vec();
    printable[utf8] = 0x13;
    let mut lower = printable.clone();
    lower[utf8 + 2..].make_ascii_lowercase();
    let mut other = name.to_vec();
    *other.last_mut().unwrap() ^= 1;
    (vec![printable, lower], other)
}

#[test]
fn issuers_are_compared_as_names() {
    let world = World::new();
    let name = world.ca.subject().der().to_vec();
    let (same, other) = spellings(&name);
    let input = |octets: Vec<u8>| Input::Object {
        object: Source::from_bytes(octets),
        content: None,
    };

    let signed = object(&sign_with(&world.alice, SignatureForm::Opaque, MESSAGE));
    let world = World {
        expected: Some(Address::parse("alice@example.com").unwrap()),
        ..world
    };
    // The first occurrence is in the certificate, the second in the SignerInfo.
    for spelling in &same {
        let verification = world.verify_input(input(renamed(&signed, &name, 1, spelling)));
        assert_eq!(verification.verdict.outcome(), Outcome::Accepted);
    }
    let verdict = world
        .verify_input(input(renamed(&signed, &name, 1, &other)))
        .verdict;
    assert_eq!(reasons(&verdict), [Reason::CmsSignerCertificateNotFound]);

    let encrypted = encrypt(&world.bob, ContentCipher::Aes256Gcm, MESSAGE.as_bytes());
    let encrypted = object(&encrypted);
    let decrypt = |octets: Vec<u8>| {
        decrypt(DecryptRequest {
            input: input(octets),
            keys: &world,
        })
        .unwrap()
    };
    for spelling in &same {
        let decryption = decrypt(renamed(&encrypted, &name, 0, spelling));
        assert!(decryption.release.is_some(), "{:?}", decryption.verdict);
    }
    let decryption = decrypt(renamed(&encrypted, &name, 0, &other));
    assert_eq!(reasons(&decryption.verdict), [Reason::CmsRecipientNotFound]);
}
