//! The S/MIME rules, each with the exact set of reasons it leads to; no directory, no clock.

use super::*;
use crate::address::Address;
use crate::cms::{self, CertificateIdentifier};
use crate::crypto::content::ContentCipher;
use crate::crypto::key::PrivateKey;
use crate::pki::test_pki::{Draft, key_number, time};
use crate::pki::{Certificate, CertificatePool, Identity};
use crate::policy::profile::{CipherChoice, EnvelopeFrom, Include, Profile, Rollover, Switch};
use crate::reason::Reason;
use crate::smime::lookup::{
    CertificateLookup, KeyLookup, LookupError, Standing, StoredCertificate,
};
use crate::source::Source;
use crate::verdict::{Check, Outcome, Verdict};

mod inspection;

const MESSAGE: &str = "From: Alice <alice@example.com>\r\nTo: bob@example.com\r\nSubject: Hello\r\n\
    MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\
    Content-Transfer-Encoding: 8bit\r\n\r\nGr\u{fc}\u{df}e aus Z\u{fc}rich\r\n";

/// A CA, Alice and Bob, and what is stored about them.
struct World {
    ca: Certificate,
    alice: Identity,
    bob: Identity,
    stored: Vec<StoredCertificate>,
    keys: Vec<Identity>,
    profile: Profile,
    envelope_from: Option<&'static str>,
    expected: Option<Address>,
    anchors: bool,
    time: JudgementTime,
    signature: SignatureRelease,
}

fn identity(draft: &Draft, key: usize) -> Identity {
    Identity {
        certificate: draft.issued_by("CA", 0),
        key: key_number(key).clone(),
        chain: vec![Draft::ca("CA", 0).self_signed(0)],
    }
}

impl World {
    fn new() -> World {
        let alice = identity(&Draft::leaf("alice", 1).serial(2), 1);
        let bob = identity(&Draft::leaf("bob", 2).serial(3), 2);
        World {
            ca: Draft::ca("CA", 0).self_signed(0),
            keys: vec![bob.clone()],
            alice,
            bob,
            stored: Vec::new(),
            profile: Profile::default(),
            envelope_from: None,
            expected: None,
            anchors: true,
            time: JudgementTime::At(time()),
            signature: SignatureRelease::Strip,
        }
    }

    fn store(&mut self, certificate: &Certificate, standing: Standing) {
        self.stored.push(StoredCertificate {
            certificate: certificate.clone(),
            standing,
            since: None,
        });
    }

    fn verify_input(&self, input: Input) -> Verification {
        let anchors = self.anchors.then(|| self.ca.clone());
        verify(VerifyRequest {
            input,
            keys: self,
            certificates: self,
            issuers: &CertificatePool::new(anchors, []),
            untrusted: &[],
            time: self.time,
            profile: &self.profile,
            expected: self.expected.as_ref(),
            envelope_from: self.envelope_from,
            signature: self.signature,
        })
        .unwrap()
    }

    fn verify(&self, message: &[u8]) -> Verification {
        self.verify_input(Input::Message(Source::from_bytes(message.to_vec())))
    }

    /// The reasons that reject, and what is released.
    fn rejection(&self, message: &[u8]) -> Vec<Reason> {
        let verification = self.verify(message);
        assert!(
            verification.release.is_none(),
            "content of a rejected message"
        );
        assert_eq!(verification.verdict.outcome(), Outcome::Rejected);
        reasons(&verification.verdict)
    }
}

impl KeyLookup for World {
    fn holds(&self, recipient: &CertificateIdentifier) -> Result<bool, LookupError> {
        self.find_key(recipient).map(|key| key.is_some())
    }

    fn find_key(
        &self,
        recipient: &CertificateIdentifier,
    ) -> Result<Option<PrivateKey>, LookupError> {
        let named = self.keys.iter().find(|identity| {
            let certificate = &identity.certificate;
            recipient.matches(
                certificate.issuer().der(),
                certificate.serial().as_bytes(),
                certificate.subject_key_identifier(),
            )
        });
        Ok(named.map(|identity| identity.key.clone()))
    }
}

impl CertificateLookup for World {
    fn find_by_address(&self, address: &Address) -> Result<Vec<StoredCertificate>, LookupError> {
        let stored = self.stored.iter();
        Ok(stored
            .filter(|stored| stored.certificate.addresses().contains(address))
            .cloned()
            .collect())
    }
}

fn reasons(verdict: &Verdict) -> Vec<Reason> {
    let rejecting = verdict.findings.iter();
    let mut reasons: Vec<_> = rejecting
        .filter(|finding| finding.severity == crate::reason::Severity::Reject)
        .map(|finding| finding.reason)
        .collect();
    reasons.sort();
    reasons.dedup();
    reasons
}

fn sign_with(identity: &Identity, form: SignatureForm, message: &str) -> Vec<u8> {
    let signers = [SigningIdentity {
        identity: identity.clone(),
        encryption_certificate: None,
    }];
    let request = SignRequest {
        signers: &signers,
        form,
        include: Include::Leaf,
        digest: None,
        time: time(),
    };
    let source = Source::from_bytes(message.as_bytes().to_vec());
    let mut out = Vec::new();
    PreparedMessage::read(source)
        .unwrap()
        .sign(&request, &mut out)
        .unwrap();
    out
}

fn sign(identity: &Identity, message: &str) -> Vec<u8> {
    sign_with(identity, SignatureForm::Clear, message)
}

fn encrypt(recipient: &Identity, cipher: ContentCipher, message: &[u8]) -> Vec<u8> {
    let recipients = [RecipientCertificate {
        certificate: recipient.certificate.clone(),
        capabilities: None,
    }];
    let request = EncryptRequest {
        recipients: &recipients,
        cipher: CipherChoice::Fixed(cipher),
        transport: RsaTransport::Pkcs1,
        sign: None,
    };
    let mut out = Vec::new();
    let source = Source::from_bytes(message.to_vec());
    PreparedMessage::read(source)
        .unwrap()
        .encrypt(&request, &mut out)
        .unwrap();
    out
}

fn released(release: Option<Release>) -> String {
    let mut out = Vec::new();
    release.expect("released").write(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn replace(message: &[u8], from: &str, to: &str) -> Vec<u8> {
    let text = String::from_utf8(message.to_vec()).unwrap();
    assert!(text.contains(from), "{from:?} is not in\n{text}");
    text.replacen(from, to, 1).into_bytes()
}

#[test]
fn a_signed_message_is_accepted_in_both_forms_and_both_line_ends() {
    let world = World::new();
    for form in [SignatureForm::Clear, SignatureForm::Opaque] {
        for message in [MESSAGE.to_owned(), MESSAGE.replace("\r\n", "\n")] {
            let signed = sign_with(&world.alice, form, &message);
            let verification = world.verify(&signed);
            assert_eq!(reasons(&verification.verdict), []);
            let signer = &verification.verdict.layers[0].signers[0];
            assert_eq!(signer.addresses, ["alice@example.com"]);
            assert_eq!(signer.path.len(), 2);
            let checks: Vec<_> = signer.checks.iter().map(|(_, check)| check).collect();
            let (pass, not) = (Check::Pass, Check::NotChecked);
            assert_eq!(checks, [pass, pass, pass, pass, not, pass, not]);
            let content = released(verification.release);
            assert_eq!(content.contains('\r'), message.contains('\r'));
            assert!(content.starts_with("From: Alice <alice@example.com>"));
            assert!(content.contains("Content-Transfer-Encoding: quoted-printable"));
            assert!(content.contains("Gr=C3=BC=C3=9Fe aus Z=C3=BCrich"));
            assert!(!content.contains("pkcs7"));
        }
    }
}

#[test]
fn the_signature_stays_where_that_is_asked() {
    let mut world = World::new();
    world.signature = SignatureRelease::Keep;
    let signed = sign(&world.alice, MESSAGE);
    assert_eq!(released(world.verify(&signed).release).into_bytes(), signed);
    let encrypted = encrypt(&world.bob, ContentCipher::Aes256Gcm, &signed);
    let kept = released(world.verify(&encrypted).release);
    assert!(kept.contains("multipart/signed") && !kept.contains("enveloped"));
    assert_eq!(reasons(&world.verify(kept.as_bytes()).verdict), []);
}

#[test]
fn altered_content_is_rejected() {
    let world = World::new();
    let signed = sign(&world.alice, MESSAGE);
    let altered = replace(&signed, "aus Z", "aus B");
    assert_eq!(
        world.rejection(&altered),
        [Reason::CmsMessageDigestMismatch]
    );
    let verification = world.verify(&altered);
    let checks = verification.verdict.layers[0].signers[0].checks;
    assert_eq!(
        (checks.integrity, checks.signature),
        (Check::Fail, Check::Pass)
    );
    assert!(verification.extractions.is_empty());
}

#[test]
fn the_author_has_to_be_in_the_certificate() {
    let world = World::new();
    let signed = sign(&world.alice, MESSAGE);
    let from = "From: Alice <alice@example.com>";
    let with_from = |other: &str| replace(&signed, from, other);
    let mismatch = [Reason::SmimeFromMismatch];
    assert_eq!(
        world.rejection(&with_from("From: mallory@example.com")),
        mismatch
    );
    assert_eq!(
        world.rejection(&with_from("From: Alice@example.com")),
        mismatch
    );
    assert_eq!(
        reasons(&world.verify(&with_from("From: alice@EXAMPLE.com")).verdict),
        []
    );
    let unusable = [Reason::MailMultipleFrom];
    for other in [
        "From: Alice <alice@example.com>\r\nFrom: mallory@example.com",
        "From: alice@example.com, mallory@example.com",
        "From: Alice",
        "From:",
        "X-From: alice@example.com",
    ] {
        assert_eq!(world.rejection(&with_from(other)), unusable, "{other}");
    }
    let shown = world.verify(&with_from(
        "From: \"mallory@example.net\" <alice@example.com>",
    ));
    assert!(shown.verdict.has(Reason::SmimeSenderDiffers) && shown.release.is_some());
    let sender = world.verify(&with_from(&format!("{from}\r\nSender: list@example.net")));
    assert!(sender.verdict.has(Reason::SmimeSenderDiffers) && sender.release.is_some());
}

#[test]
fn an_expected_author_takes_the_place_of_from() {
    let mut world = World::new();
    let signed = sign(&world.alice, MESSAGE);
    let other = replace(
        &signed,
        "From: Alice <alice@example.com>",
        "From: list@example.net",
    );
    world.expected = Some(Address::parse("alice@example.com").unwrap());
    assert_eq!(reasons(&world.verify(&other).verdict), []);
    world.expected = Some(Address::parse("bob@example.com").unwrap());
    assert_eq!(world.rejection(&signed), [Reason::SmimeFromMismatch]);
}

#[test]
fn the_envelope_sender_is_compared_as_the_profile_says() {
    let mut world = World::new();
    let signed = sign(&world.alice, MESSAGE);
    for (envelope, mode, rejected, found) in [
        ("alice@EXAMPLE.com", EnvelopeFrom::Reject, false, false),
        ("bounce@example.net", EnvelopeFrom::Reject, true, true),
        ("bounce@example.net", EnvelopeFrom::Warn, false, true),
        ("bounce@example.net", EnvelopeFrom::Off, false, false),
        ("", EnvelopeFrom::Reject, false, false),
    ] {
        world.envelope_from = Some(envelope);
        world.profile.envelope_from = mode;
        let verdict = world.verify(&signed).verdict;
        assert_eq!(
            verdict.outcome() == Outcome::Rejected,
            rejected,
            "{envelope} {mode:?}"
        );
        assert_eq!(
            verdict.has(Reason::SmimeEnvelopeFromMismatch),
            found,
            "{envelope} {mode:?}"
        );
    }
}

#[test]
fn an_unknown_issuer_and_an_expired_certificate_are_rejected() {
    let mut world = World::new();
    let signed = sign(&world.alice, MESSAGE);
    world.time = JudgementTime::At(time().plus_days(11));
    assert!(world.rejection(&signed).contains(&Reason::CertExpired));
    world.time = JudgementTime::SigningTime {
        otherwise: time().plus_days(11),
    };
    assert_eq!(reasons(&world.verify(&signed).verdict), []);
    world.time = JudgementTime::At(time());
    world.anchors = false;
    assert_eq!(world.rejection(&signed), [Reason::PathIssuerUnknown]);
}

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
fn what_is_encrypted_comes_back_and_only_for_its_recipient() {
    let mut world = World::new();
    let decrypt_with = |world: &World, message: &[u8]| {
        let input = Input::Message(Source::from_bytes(message.to_vec()));
        decrypt(DecryptRequest { input, keys: world }).unwrap()
    };
    for cipher in [
        ContentCipher::Aes128Cbc,
        ContentCipher::Aes256Cbc,
        ContentCipher::Aes128Gcm,
        ContentCipher::Aes256Gcm,
    ] {
        let encrypted = encrypt(&world.bob, cipher, MESSAGE.as_bytes());
        let Decryption { verdict, release } = decrypt_with(&world, &encrypted);
        assert_eq!(reasons(&verdict), []);
        assert_eq!(
            verdict.has(Reason::CmsContentNotAuthenticated),
            !cipher.is_aead()
        );
        assert_eq!(
            verdict.layers[0].content_cipher.as_deref(),
            Some(cipher.name())
        );
        assert!(released(release).contains("Gr=C3=BC=C3=9Fe aus Z=C3=BCrich"));

        let text = String::from_utf8(encrypted.clone()).unwrap();

        let before = text.trim_end().lines().rev().nth(1).unwrap();
        let spoiled = text.replace(before, &before.chars().rev().collect::<String>());
        assert_ne!(spoiled, text);
        let Decryption { verdict, release } = decrypt_with(&world, spoiled.as_bytes());
        assert!(release.is_none());
        let found = reasons(&verdict);
        assert!(
            found == [Reason::CmsDecryptionFailed] || found == [Reason::CmsEncodingInvalid],
            "{found:?}"
        );
    }
    let encrypted = encrypt(&world.bob, ContentCipher::Aes256Gcm, MESSAGE.as_bytes());
    // A key under Bob's name that is not Bob's.
    world.keys[0].key = key_number(3).clone();
    let wrong = decrypt_with(&world, &encrypted);
    assert_eq!(reasons(&wrong.verdict), [Reason::CmsDecryptionFailed]);
    world.keys.clear();
    let none = decrypt_with(&world, &encrypted);
    assert_eq!(reasons(&none.verdict), [Reason::CmsRecipientNotFound]);
    let plain = decrypt_with(&world, MESSAGE.as_bytes());
    assert_eq!(reasons(&plain.verdict), [Reason::SmimeNotEncrypted]);
}

#[test]
fn layers_are_opened_in_any_order() {
    let world = World::new();
    let signed = sign(&world.alice, MESSAGE);
    let inner = encrypt(&world.bob, ContentCipher::Aes128Cbc, &signed);
    let triple = sign(&world.alice, std::str::from_utf8(&inner).unwrap());
    for (message, kinds) in [(&inner, 2), (&triple, 3)] {
        let verification = world.verify(message);
        assert_eq!(reasons(&verification.verdict), []);
        assert_eq!(verification.verdict.layers.len(), kinds);
        // The signature inside covers what CBC does not.
        assert!(!verification.verdict.has(Reason::CmsContentNotAuthenticated));
        assert!(released(verification.release).contains("Gr=C3=BC=C3=9Fe"));
    }
    // Ciphertext that cannot be opened is no fault of the signature over it.
    let mut stranger = World::new();
    stranger.keys.clear();
    let verification = stranger.verify(&triple);
    assert_eq!(reasons(&verification.verdict), []);
    assert!(verification.verdict.has(Reason::CmsRecipientNotFound));
    // Encrypted mail without a signature is not signed.
    let encrypted = encrypt(&world.bob, ContentCipher::Aes128Cbc, MESSAGE.as_bytes());
    assert_eq!(world.rejection(&encrypted), [Reason::SmimeNotSigned]);
}

#[test]
fn ciphertext_beside_other_parts_is_not_decrypted() {
    let world = World::new();
    let encrypted = String::from_utf8(encrypt(
        &world.bob,
        ContentCipher::Aes256Cbc,
        MESSAGE.as_bytes(),
    ))
    .unwrap();
    let wrapped = format!(
        "From: mallory@example.com\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n\
         <img src='http://example.net/\r\n--b\r\n{encrypted}\r\n--b--\r\n"
    );
    let input = Input::Message(Source::from_bytes(wrapped.into_bytes()));
    let decryption = decrypt(DecryptRequest {
        input,
        keys: &world,
    })
    .unwrap();
    assert_eq!(reasons(&decryption.verdict), [Reason::SmimeNotEncrypted]);
    assert!(decryption.release.is_none());
}

#[test]
fn decrypted_content_of_mail_has_to_be_mime() {
    let world = World::new();
    for (cipher, reason) in [
        (ContentCipher::Aes256Cbc, Reason::CmsDecryptionFailed),
        (ContentCipher::Aes256Gcm, Reason::CmsDecryptedNotMime),
    ] {
        let key = world.bob.key.public_key();
        let certificate = &world.bob.certificate;
        let spec = cms::RecipientSpec {
            identifier: CertificateIdentifier::of_certificate(certificate.der()).unwrap(),
            public_key: key,
            transport: crate::crypto::transport::KeyTransport::RsaPkcs1,
        };
        let mut der = Vec::new();
        let mut content = &b"\x00\x01 no mail at all"[..];
        cms::write_enveloped(&mut der, &[spec], cipher, &mut content, None).unwrap();
        use base64::Engine;
        let base64 = base64::engine::general_purpose::STANDARD.encode(&der);
        let message = format!(
            "From: alice@example.com\r\nMIME-Version: 1.0\r\nContent-Type: application/pkcs7-mime\r\n\
             Content-Transfer-Encoding: base64\r\n\r\n{base64}\r\n"
        );
        let input = Input::Message(Source::from_bytes(message.into_bytes()));
        let decryption = decrypt(DecryptRequest {
            input,
            keys: &world,
        })
        .unwrap();
        assert_eq!(reasons(&decryption.verdict), [reason]);
        // A bare object is for debugging: its content comes out as it is.
        let input = Input::Object {
            object: Source::from_bytes(der),
            content: None,
        };
        let decryption = decrypt(DecryptRequest {
            input,
            keys: &world,
        })
        .unwrap();
        assert_eq!(released(decryption.release), "\u{0}\u{1} no mail at all");
    }
}

#[test]
fn an_extracted_certificate_is_offered_under_the_author() {
    let mut world = World::new();
    let signed = sign(&world.alice, MESSAGE);
    let offered = world.verify(&signed).extractions;
    assert_eq!(offered.len(), 1);
    assert_eq!(offered[0].certificate, world.alice.certificate);
    assert_eq!(
        offered[0].address,
        Address::parse("alice@example.com").unwrap()
    );
    assert_eq!(offered[0].purpose, ExtractionPurpose::Store);
    assert!(offered[0].capabilities.is_some());
    world.profile.extraction = Switch::Off;
    assert!(world.verify(&signed).extractions.is_empty());
}

#[test]
fn a_pinned_certificate_is_trusted_for_itself() {
    let mut world = World::new();
    world.anchors = false;
    let own = Draft::leaf("alice", 4).self_signed(4);
    let alice = Identity {
        certificate: own.clone(),
        key: key_number(4).clone(),
        chain: vec![],
    };
    let signed = sign(&alice, MESSAGE);
    assert_eq!(world.rejection(&signed), [Reason::PathSelfSignedUntrusted]);
    world.store(&own, Standing::Ordinary);
    assert_eq!(world.rejection(&signed), [Reason::PathSelfSignedUntrusted]);
    world.store(&own, Standing::Pinned);
    let verification = world.verify(&signed);
    assert_eq!(reasons(&verification.verdict), []);
    let checks = verification.verdict.layers[0].signers[0].checks;
    assert_eq!((checks.path, checks.pinning), (Check::Pass, Check::Pass));
    // Never extracted: it stands there by hand already, and is self-signed.
    assert_eq!(
        verification.extractions[0].purpose,
        ExtractionPurpose::Refuse(Reason::PathSelfSignedUntrusted)
    );
    world.time = JudgementTime::At(time().plus_days(11));
    assert_eq!(world.rejection(&signed), [Reason::CertExpired]);
}

#[test]
fn a_rollover_goes_as_the_mode_says() {
    let mut world = World::new();
    let old = Draft::leaf("alice", 5).serial(9).issued_by("CA", 0);
    world.store(&old, Standing::Pinned);
    let signed = sign(&world.alice, MESSAGE);

    let first = world.verify(&signed);
    assert_eq!(reasons(&first.verdict), [Reason::PinRolloverFirstMessage]);
    assert_eq!(first.verdict.resend_would_pass, Some(true));
    assert_eq!(first.extractions[0].purpose, ExtractionPurpose::Store);
    let finding = first.verdict.findings.last().unwrap();
    assert_eq!(finding.detail["old-sha256"], old.fingerprint().to_string());

    world.profile.extraction = Switch::Off;
    let unstored = world.verify(&signed);
    assert_eq!(unstored.verdict.resend_would_pass, Some(false));
    assert!(unstored.extractions.is_empty());
    world.profile.extraction = Switch::On;

    world.profile.rollover = Rollover::Hold;
    let held = world.verify(&signed);
    assert_eq!(reasons(&held.verdict), [Reason::PinHeld]);
    assert_eq!(held.verdict.resend_would_pass, Some(false));
    assert_eq!(held.extractions[0].purpose, ExtractionPurpose::Hold);

    world.profile.rollover = Rollover::Accept;
    let accepted = world.verify(&signed);
    assert_eq!(reasons(&accepted.verdict), []);
    assert!(accepted.verdict.has(Reason::PinRolloverAccepted));

    world.profile.rollover = Rollover::RejectFirst;
    world.anchors = false;
    let untrusted = world.verify(&signed);
    assert_eq!(
        reasons(&untrusted.verdict),
        [Reason::PathIssuerUnknown, Reason::PinMismatchUntrusted]
    );
    assert_eq!(untrusted.verdict.resend_would_pass, Some(false));
    assert!(untrusted.extractions.is_empty());

    // A message that fails otherwise stores nothing and promises nothing.
    world.anchors = true;
    let altered = world.verify(&replace(&signed, "aus Z", "aus B"));
    assert_eq!(altered.verdict.resend_would_pass, Some(false));
    assert!(altered.extractions.is_empty());

    // Stored, the next message passes.
    world.store(&world.alice.certificate.clone(), Standing::Ordinary);
    assert_eq!(reasons(&world.verify(&signed).verdict), []);
}

#[test]
fn every_signer_is_judged() {
    let world = World::new();
    let mallory = identity(&Draft::leaf("mallory", 6).serial(7), 6);
    let signers = [&world.alice, &mallory].map(|identity| SigningIdentity {
        identity: identity.clone(),
        encryption_certificate: None,
    });
    let request = SignRequest {
        signers: &signers,
        form: SignatureForm::Clear,
        include: Include::Leaf,
        digest: None,
        time: time(),
    };
    let message = PreparedMessage::read(Source::from_bytes(MESSAGE.as_bytes().to_vec())).unwrap();
    let mut out = Vec::new();
    message.sign(&request, &mut out).unwrap();
    assert_eq!(world.rejection(&out), [Reason::SmimeFromMismatch]);
    let verdict = world.verify(&out).verdict;
    let mut outcomes: Vec<_> = verdict.layers[0]
        .signers
        .iter()
        .map(|signer| signer.verdict)
        .collect();
    outcomes.sort_by_key(|outcome| *outcome == Outcome::Rejected);
    assert_eq!(outcomes, [Outcome::Accepted, Outcome::Rejected]);
}

#[test]
fn the_ca_stays_at_home_unless_it_is_asked_for() {
    let world = World::new();
    let signers = [SigningIdentity {
        identity: world.alice.clone(),
        encryption_certificate: Some(world.bob.certificate.clone()),
    }];
    for (include, ca_included) in [(Include::Leaf, false), (Include::Chain, true)] {
        let request = SignRequest {
            signers: &signers,
            form: SignatureForm::Opaque,
            include,
            digest: None,
            time: time(),
        };
        let message =
            PreparedMessage::read(Source::from_bytes(MESSAGE.as_bytes().to_vec())).unwrap();
        let mut out = Vec::new();
        message.sign(&request, &mut out).unwrap();
        let chain = chain::open(Input::Message(Source::from_bytes(out)), &world).unwrap();
        let chain::OpenKind::Signed { signed_data, .. } = &chain.layers[0].kind else {
            panic!("not signed")
        };
        let carried = &signed_data.certificates;
        assert!(carried.contains(&world.bob.certificate.der().to_vec()));
        assert_eq!(carried.contains(&world.ca.der().to_vec()), ca_included);
    }
}

#[test]
fn nonconforming_mail_is_neither_signed_nor_encrypted() {
    let source = Source::from_bytes(b"From: a@example.com\r\n\r\nGr\xfc\xdfe\r\n".to_vec());
    let Err(SmimeError::NotMime(findings)) = PreparedMessage::read(source) else {
        panic!("prepared")
    };
    assert!(
        findings
            .iter()
            .any(|finding| finding.reason == Reason::MailNotMime)
    );
}

#[test]
fn what_is_no_message_is_refused_with_a_reason() {
    for octets in [
        &b""[..],
        b"\x30\x82\x01\x00 no mail",
        b"no colon\r\n\r\nbody\r\n",
    ] {
        let source = Source::from_bytes(octets.to_vec());
        let Err(SmimeError::NotMime(findings)) = PreparedMessage::read(source) else {
            panic!("prepared")
        };
        assert_eq!(findings[0].reason, Reason::MailHeaderMalformed);
    }
}

#[test]
fn a_file_that_changes_after_the_verdict_is_not_released() {
    use std::io::Write;
    let world = World::new();
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(&sign(&world.alice, MESSAGE)).unwrap();
    let source = Source::from_file(file.reopen().unwrap()).unwrap();
    let verification = world.verify_input(Input::Message(source));
    assert_eq!(reasons(&verification.verdict), []);
    file.write_all(b"more").unwrap();
    let mut out = Vec::new();
    let error = verification.release.unwrap().write(&mut out).unwrap_err();
    assert!(error.get_ref().unwrap().is::<crate::source::InputChanged>());
    assert!(out.is_empty());
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
        signing_time: time(),
        encryption_certificate: None,
        capabilities: None,
    };
    let digests = cms::ContentDigests::of(&mut &text[..], &[spec.digest_algorithm()]).unwrap();
    let der = cms::sign_detached(&digests, &[world.alice.certificate.der()], &[spec]).unwrap();
    for (content, expected) in [
        (text.to_vec(), vec![]),
        (
            b"another file\n".to_vec(),
            vec![Reason::CmsMessageDigestMismatch],
        ),
    ] {
        let input = Input::Object {
            object: Source::from_bytes(der.clone()),
            content: Some(Source::from_bytes(content)),
        };
        assert_eq!(reasons(&world.verify_input(input).verdict), expected);
    }
}
