//! Certificates: trusted, expired, pinned, changed, extracted; one for every signer.

use super::*;

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

/// RFC 8551 section 2.5.3: the certificate that the encryption key preference names.
#[test]
fn a_preferred_certificate_is_offered_under_the_same_rules() {
    let world = World::new();
    let preferred = || Draft::leaf("alice", 4).serial(9);
    let signatures = crate::pki::KeyUsages::DigitalSignature;
    let refuse = ExtractionPurpose::Refuse;
    for (certificate, purpose) in [
        (preferred().issued_by("CA", 0), ExtractionPurpose::Store),
        (
            Draft::leaf("bob", 4).serial(9).issued_by("CA", 0),
            refuse(Reason::SmimeFromMismatch),
        ),
        (
            preferred().self_signed(4),
            refuse(Reason::PathSelfSignedUntrusted),
        ),
        (
            preferred().issued_by("Other", 3),
            refuse(Reason::PathIssuerUnknown),
        ),
        (
            preferred().days(-9, -1).issued_by("CA", 0),
            refuse(Reason::CertExpired),
        ),
        (
            preferred().usages(signatures).issued_by("CA", 0),
            refuse(Reason::CertKeyUsageForbidsEncryption),
        ),
    ] {
        let signers = [SigningIdentity {
            identity: world.alice.clone(),
            encryption_certificate: Some(certificate.clone()),
        }];
        let request = sign_request(&signers, SignatureForm::Clear);
        let source = Source::from_bytes(MESSAGE.as_bytes().to_vec());
        let mut signed = Vec::new();
        let message = PreparedMessage::read(source).unwrap();
        message.sign(&request, &mut signed).unwrap();
        let verification = world.verify(&signed);
        // What becomes of it is no matter of acceptance.
        assert_eq!(reasons(&verification.verdict), []);
        let [own, offered] = &verification.extractions[..] else {
            panic!("{purpose:?}: {} offered", verification.extractions.len());
        };
        assert_eq!(own.purpose, ExtractionPurpose::Store);
        assert_eq!(offered.certificate, certificate);
        assert_eq!(offered.address, own.address);
        assert_eq!(offered.purpose, purpose);
    }
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
        rsa_scheme: crate::crypto::key::RsaScheme::Pkcs1,
        time: time(),
        protect_headers: Switch::Off,
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
