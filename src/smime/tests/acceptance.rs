//! What is accepted, what then comes out, and that altered content does neither.

use super::*;

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
