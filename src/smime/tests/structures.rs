//! Messages that are signed in part, damaged, or no messages.

use super::*;
use crate::asn1::oid;
use crate::cms::test_signer::{self, TestSigner};
use crate::crypto::key::Signed;

#[test]
fn unsigned_mail_and_signed_parts_of_a_whole_are_not_accepted() {
    let world = World::new();
    assert_eq!(
        world.rejection(MESSAGE.as_bytes()),
        [Reason::SmimeNotSigned]
    );
    let signed = String::from_utf8(sign(&world.alice, "Subject: inner\r\n\r\nsigned\r\n")).unwrap();
    let wrapped = format!(
        "From: alice@example.com\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=\"list\"\r\n\r\n--list\r\n{signed}\r\n--list\r\n\r\n\
         footer\r\n--list--\r\n"
    );
    let verification = world.verify(wrapped.as_bytes());
    assert_eq!(
        reasons(&verification.verdict),
        [Reason::SmimeUnsignedContent]
    );
    assert!(verification.release.is_none());
    let finding = verification.verdict.findings.last().unwrap();
    assert_eq!(finding.place.part.as_deref(), Some("1"));
    // A signed message that is only attached is somebody else's.
    let forwarded = wrapped.replace(
        "--list\r\nSubject: inner",
        "--list\r\nContent-Type: message/rfc822\r\n\r\nSubject: inner",
    );
    assert_eq!(
        world.rejection(forwarded.as_bytes()),
        [Reason::SmimeNotSigned]
    );
}

#[test]
fn damaged_structures_have_their_own_reasons() {
    let world = World::new();
    let signed = sign(&world.alice, MESSAGE);
    let text = String::from_utf8(signed.clone()).unwrap();
    let boundary = text
        .split("boundary=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let third = replace(
        &signed,
        &format!("\r\n--{boundary}--"),
        &format!("\r\n--{boundary}\r\n\r\nadded\r\n--{boundary}--"),
    );
    assert_eq!(world.rejection(&third), [Reason::MailSignedPartCount]);
    let body = text.split("filename=\"smime.p7s\"\r\n\r\n").nth(1).unwrap();
    let first_line = body.lines().next().unwrap();
    let garbled = replace(&signed, first_line, &"A".repeat(64));
    assert_eq!(world.rejection(&garbled), [Reason::CmsEncodingInvalid]);
    let not_base64 = replace(&signed, first_line, "MA=A");
    assert_eq!(
        world.rejection(&not_base64),
        [Reason::MailTransferEncodingInvalid]
    );
    let labels = replace(&signed, "micalg=sha-256", "micalg=sha-512");
    let labels = replace(
        &labels,
        "protocol=\"application/pkcs7-signature\"",
        "protocol=\"x/y\"",
    );
    let verdict = world.verify(&labels).verdict;
    assert_eq!(reasons(&verdict), []);
    assert!(verdict.has(Reason::SmimeMicalgMismatch) && verdict.has(Reason::SmimeProtocolMismatch));
    let opaque = sign_with(&world.alice, SignatureForm::Opaque, MESSAGE);
    let mislabelled = replace(
        &opaque,
        "smime-type=signed-data",
        "smime-type=enveloped-data",
    );
    let verdict = world.verify(&mislabelled).verdict;
    assert_eq!(reasons(&verdict), []);
    assert!(verdict.has(Reason::SmimeTypeMismatch));
}

#[test]
fn certificates_alone_and_other_contents_are_told_apart() {
    let world = World::new();
    let certs = cms::certs_only(&[world.alice.certificate.der()]).unwrap();
    let object = |octets: Vec<u8>, content: Option<&str>| Input::Object {
        object: Source::from_bytes(octets),
        content: content.map(|text| Source::from_bytes(text.as_bytes().to_vec())),
    };
    let found = |input| reasons(&world.verify_input(input).verdict);
    assert_eq!(found(object(certs, None)), [Reason::SmimeCertsOnly]);
    let digested = [
        0x30, 0x10, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x05, 0xa0, 0x03,
        0x02, 0x01, 0x00,
    ];
    assert_eq!(
        found(object(digested.to_vec(), None)),
        [Reason::CmsContentTypeUnexpected]
    );
    assert!(verify_fails(
        &world,
        object(b"no object at all".to_vec(), None)
    ));
}

fn verify_fails(world: &World, input: Input) -> bool {
    let result = verify(VerifyRequest {
        input,
        keys: world,
        certificates: world,
        issuers: &CertificatePool::new([], []),
        untrusted: &[],
        lists: &crate::pki::NoLists,
        time: world.time,
        profile: &world.profile,
        expected: None,
        envelope_from: None,
        signature: SignatureRelease::Strip,
    });
    matches!(result, Err(SmimeError::Unreadable(_)))
}

#[test]
fn a_detached_object_needs_its_content() {
    let mut world = World::new();
    let signed = String::from_utf8(sign(&world.alice, MESSAGE)).unwrap();
    let body = signed
        .split("filename=\"smime.p7s\"\r\n\r\n")
        .nth(1)
        .unwrap();
    let base64: String = body
        .lines()
        .take_while(|line| !line.starts_with("--"))
        .collect();
    use base64::Engine;
    let der = base64::engine::general_purpose::STANDARD
        .decode(base64)
        .unwrap();
    let part = signed
        .split("\r\n\r\nThis is an S/MIME signed message\r\n\r\n")
        .nth(1)
        .unwrap();
    let part = part.split_once("\r\n").unwrap().1;
    let part = part.split("\r\n--=_smime").next().unwrap();
    let input = |content: Option<String>| Input::Object {
        object: Source::from_bytes(der.clone()),
        content: content.map(|text| Source::from_bytes(text.into_bytes())),
    };
    let missing = world.verify_input(input(None)).verdict;
    assert_eq!(reasons(&missing), [Reason::CmsContentMissing]);
    let given = world.verify_input(input(Some(part.to_owned())));
    assert_eq!(reasons(&given.verdict), []);
    // Nobody says who the author should be.
    assert!(given.verdict.has(Reason::SmimeAuthorUnknown));
    world.expected = Some(Address::parse("bob@example.com").unwrap());
    let other = world.verify_input(input(Some(part.to_owned())));
    assert_eq!(reasons(&other.verdict), [Reason::SmimeFromMismatch]);
}

#[test]
fn detached_content_that_is_no_mail_is_taken_as_it_is() {
    let mut world = World::new();
    world.expected = Some(Address::parse("alice@example.com").unwrap());
    let text = b"a file\nwith bare line feeds\n";
    let spec = cms::SignerSpec {
        key: &world.alice.key,
        certificate_der: world.alice.certificate.der(),
        digest: None,
        rsa_scheme: crate::crypto::key::RsaScheme::Pkcs1,
        signing_time: time(),
        encryption_certificate: None,
        capabilities: None,
    };
    let digests = cms::ContentDigests::of(&mut &text[..], &[spec.digest_algorithm()]).unwrap();
    let der = cms::sign_detached(&digests, &[world.alice.certificate.der()], &[spec]).unwrap();
    // Without signed attributes the signature itself tells what was signed.
    let signer = TestSigner {
        key: world.alice.key.clone(),
        certificate: world.alice.certificate.der().to_vec(),
    };
    let digest = signer.spec().digest_algorithm();
    let info = signer.signer_info(digest, &[], Signed::Message(text));
    let certificates = [signer.certificate.as_slice()];
    let bare = test_signer::object(oid::DATA, None, &[digest], &certificates, &[info]);
    for (object, content, expected) in [
        (&der, &text[..], None),
        (&der, b"another\n", Some(Reason::CmsMessageDigestMismatch)),
        (&bare, &text[..], None),
        (&bare, b"another\n", Some(Reason::CmsSignatureInvalid)),
    ] {
        let input = Input::Object {
            object: Source::from_bytes(object.clone()),
            content: Some(Source::from_bytes(content.to_vec())),
        };
        let verdict = world.verify_input(input).verdict;
        assert_eq!(reasons(&verdict), Vec::from_iter(expected));
    }
}
