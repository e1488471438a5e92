//! What inspection shows beyond the verdict, in the world of the other tests.

use super::*;
use crate::reason::Severity;
use crate::smime::inspection::{Inspection, PartError, inspect};
use crate::verdict::LayerKind;

/// Holds keys that cannot be unlocked.
struct Locked<'a>(&'a World);

impl KeyLookup for Locked<'_> {
    fn holds(&self, recipient: &CertificateIdentifier) -> Result<bool, LookupError> {
        self.0.holds(recipient)
    }

    fn find_key(&self, _: &CertificateIdentifier) -> Result<Option<PrivateKey>, LookupError> {
        Err(LookupError("the passphrase is missing".into()))
    }
}

impl World {
    fn inspect_with(&self, input: Input, keys: &dyn KeyLookup) -> Inspection {
        inspect(VerifyRequest {
            input,
            keys,
            certificates: self,
            issuers: &CertificatePool::new([self.ca.clone()], []),
            untrusted: &[],
            lists: &crate::pki::NoLists,
            time: self.time,
            profile: &self.profile,
            expected: None,
            envelope_from: None,
            signature: SignatureRelease::Keep,
        })
        .unwrap()
    }

    fn inspect(&self, message: &[u8]) -> Inspection {
        let source = Source::from_bytes(message.to_vec());
        self.inspect_with(Input::Message(source), self)
    }
}

/// Path, content type and layer of each entity.
fn tree(inspection: &Inspection) -> Vec<String> {
    let entities = inspection.entities.iter();
    let row = |entity: &crate::smime::inspection::EntityFacts| {
        let what = entity.content_type.clone();
        let what = what.unwrap_or_else(|| format!("{:?}", entity.kind).to_lowercase());
        let layer = entity.layer.map(|layer| format!(" layer {layer}"));
        let nested = entity.nested.as_ref();
        let nested = nested.map(|layer| format!(" {}", layer.kind.as_str()));
        let (layer, nested) = (layer.unwrap_or_default(), nested.unwrap_or_default());
        format!("{} {what}{layer}{nested}", entity.path)
    };
    entities.map(row).collect()
}

fn part(inspection: &Inspection, path: &str) -> String {
    let part = inspection.require_part(path).ok().unwrap();
    let octets = part.read().unwrap().read_all(1 << 20).unwrap().unwrap();
    String::from_utf8_lossy(&octets).into_owned()
}

#[test]
fn paths_go_on_inside_every_layer() {
    let world = World::new();
    let inner = sign(&world.alice, MESSAGE);
    let encrypted = encrypt(&world.bob, ContentCipher::Aes256Cbc, &inner);
    let encrypted = String::from_utf8(encrypted).unwrap();
    let outer = sign_with(&world.alice, SignatureForm::Opaque, &encrypted);
    let inspection = world.inspect(&outer);
    assert_eq!(
        tree(&inspection),
        [
            "0 application/pkcs7-mime layer 0",
            "1 application/pkcs7-mime layer 1",
            "1.1 multipart/signed layer 2",
            "1.1.1 text/plain",
            "1.1.2 application/pkcs7-signature",
        ]
    );
    assert_eq!(reasons(&inspection.verdict), []);
    let carriers: Vec<_> = inspection
        .certificates
        .iter()
        .map(|carried| (carried.layer, carried.path.as_str()))
        .collect();
    assert_eq!(carriers, [(Some(0), "0"), (Some(2), "1.1")]);
    let text = "Gr\u{fc}\u{df}e aus Z\u{fc}rich\r\n";
    assert_eq!(part(&inspection, "1.1.1"), text);
    assert_eq!(inspection.entities[3].content_size, Some(text.len() as u64));
    // A multipart is taken out with its header, so that it can be verified.
    assert!(part(&inspection, "1.1").starts_with("Content-Type: multipart/signed"));
    let missing = inspection.require_part("1.2").err();
    assert_eq!(missing, Some(PartError::Missing { path: "1.2".into() }));
}

#[test]
fn nothing_is_taken_out_of_what_was_not_decrypted() {
    let mut world = World::new();
    let encrypted = encrypt(&world.bob, ContentCipher::Aes256Gcm, MESSAGE.as_bytes());
    let altered = {
        let text = String::from_utf8(encrypted.clone()).unwrap();
        let at = text.len() - 90;
        let letter = if &text[at..=at] == "A" { "B" } else { "A" };
        format!("{}{letter}{}", &text[..at], &text[at + 1..]).into_bytes()
    };
    let closed = |inspection: &Inspection, reason| {
        assert_eq!(tree(inspection), ["0 application/pkcs7-mime layer 0"]);
        let (path, layer) = ("1".to_owned(), 0);
        assert_eq!(
            inspection.require_part("1").err(),
            Some(PartError::Encrypted { path, layer })
        );
        assert_eq!(reasons(&inspection.verdict), reason);
        inspection.verdict.layers[0].recipients[0].held
    };
    assert!(closed(
        &world.inspect(&altered),
        vec![Reason::CmsDecryptionFailed]
    ));
    let source = Source::from_bytes(encrypted.clone());
    let locked = world.inspect_with(Input::Message(source), &Locked(&world));
    assert!(locked.locked.is_some());
    assert!(closed(&locked, vec![]));
    world.keys.clear();
    let inspection = world.inspect(&encrypted);
    assert!(!closed(&inspection, vec![Reason::CmsRecipientNotFound]));
    let next = inspection.next_step().unwrap();
    assert_eq!(next.reason, Reason::CmsRecipientNotFound);
}

#[test]
fn what_stands_beside_the_layers_is_shown_and_not_decrypted() {
    let world = World::new();
    let signed = sign(&world.alice, MESSAGE);
    let secret = encrypt(&world.bob, ContentCipher::Aes256Cbc, MESSAGE.as_bytes());
    let opaque = sign_with(&world.alice, SignatureForm::Opaque, MESSAGE);
    let text = |octets: &[u8]| String::from_utf8(octets.to_vec()).unwrap();
    let message = format!(
        "From: list@example.com\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=x\r\n\r\n\
         --x\r\nContent-Type: message/rfc822\r\n\r\n{}\r\n--x\r\n{}\r\n\
         --x\r\n{}\r\n--x\r\n\r\nfooter\r\n--x--\r\n",
        text(&signed).replace("aus Z", "aus B"),
        text(&secret),
        text(&opaque),
    );
    let inspection = world.inspect(message.as_bytes());
    assert_eq!(
        tree(&inspection),
        [
            "0 multipart/mixed",
            "1 message/rfc822",
            "1.1 multipart/signed signed",
            "1.1.1 text/plain",
            "1.1.2 application/pkcs7-signature",
            "2 application/pkcs7-mime enveloped",
            "3 application/pkcs7-mime signed",
            "3.1 text/plain",
            "4 text/plain",
        ]
    );
    let places: Vec<_> = inspection
        .verdict
        .findings
        .iter()
        .map(|finding| (finding.reason.code(), finding.place.part.as_deref()))
        .collect();
    assert!(places.contains(&("cms.message-digest-mismatch", Some("1.1"))));
    assert!(places.contains(&("smime.nested-encryption", Some("2"))));
    assert!(places.contains(&("smime.unsigned-content", Some("3"))));
    assert!(inspection.verdict.layers.is_empty());
    let secret = inspection.entities[5].nested.as_ref().unwrap();
    assert!(secret.recipients[0].held);
    let signers = &inspection.entities[6].nested.as_ref().unwrap().signers;
    assert_eq!(signers[0].verdict, Outcome::Accepted);
    assert_eq!(signers[0].checks.identity, Check::NotChecked);
    // An opaque part comes out as the object in it, which can be given to the other commands.
    assert!(part(&inspection, "2").starts_with('0'));
}

#[test]
fn facts_are_no_rejection() {
    let world = World::new();
    let inspection = world.inspect(MESSAGE.as_bytes());
    assert_eq!(tree(&inspection), ["0 text/plain"]);
    assert_eq!(reasons(&inspection.verdict), []);
    assert!(inspection.verdict.has(Reason::SmimeNotSigned));
    assert!(inspection.next_step().is_none());

    let broken = MESSAGE.replace("MIME-Version: 1.0\r\n", "");
    let inspection = world.inspect(broken.as_bytes());
    assert_eq!(reasons(&inspection.verdict), [Reason::MailNotMime]);

    let broken = MESSAGE.replace("8bit", "base64");
    let inspection = world.inspect(broken.as_bytes());
    let expected = [Reason::MailTransferEncodingInvalid];
    assert_eq!(reasons(&inspection.verdict), expected);
    assert_eq!(inspection.entities[0].content_size, None);
}

#[test]
fn certificates_alone_are_listed() {
    let world = World::new();
    let der = cms::certs_only(&[world.ca.der(), world.alice.certificate.der()]).unwrap();
    let object = Source::from_bytes(der);
    let input = Input::Object {
        object,
        content: None,
    };
    let inspection = world.inspect_with(input, &world);
    assert_eq!(tree(&inspection), ["0 object"]);
    assert_eq!(inspection.certificates.len(), 2);
    assert_eq!(inspection.certificates[0].certificate, world.ca);
    let next = inspection.next_step().unwrap();
    assert_eq!(
        (next.reason, next.severity),
        (Reason::SmimeCertsOnly, Severity::Info)
    );
}

#[test]
fn bare_objects_have_their_content_as_a_part() {
    let world = World::new();
    let opaque = world.inspect(&sign_with(&world.alice, SignatureForm::Opaque, MESSAGE));
    let object = opaque.require_part("0").ok().unwrap().read().unwrap();
    let bare = |object: Source| {
        let input = Input::Object {
            object,
            content: None,
        };
        world.inspect_with(input, &world)
    };
    let inspection = bare(object.clone());
    assert_eq!(tree(&inspection), ["0 object layer 0", "1 text/plain"]);
    assert_eq!(inspection.verdict.layers[0].kind, LayerKind::Signed);
    assert!(!inspection.verdict.has(Reason::SmimeAuthorUnknown));

    let cut = bare(object.slice(0..100));
    assert_eq!(tree(&cut), ["0 object"]);
    assert_eq!(reasons(&cut.verdict), [Reason::CmsEncodingInvalid]);
}

#[test]
fn what_is_opened_beside_the_layers_has_a_limit() {
    let world = World::new();
    let part = "--x\r\nContent-Type: application/pkcs7-mime\r\n\r\n0\r\n";
    let parts = part.repeat(crate::limits::INSPECTED_OBJECTS + 5);
    let header = MESSAGE.split("Content-Type").next().unwrap();
    let message =
        format!("{header}Content-Type: multipart/mixed; boundary=x\r\n\r\n{parts}--x--\r\n");
    let inspection = world.inspect(message.as_bytes());
    let count = |reason| {
        let findings = inspection.verdict.findings.iter();
        findings.filter(|finding| finding.reason == reason).count()
    };
    assert_eq!(
        count(Reason::CmsEncodingInvalid),
        crate::limits::INSPECTED_OBJECTS
    );
    assert_eq!(count(Reason::MailNestingTooDeep), 1);
}
