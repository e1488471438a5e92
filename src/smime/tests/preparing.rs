//! What goes into a message that is signed or encrypted.

use super::*;

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
            rsa_scheme: crate::crypto::key::RsaScheme::Pkcs1,
            time: time(),
            protect_headers: Switch::Off,
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
