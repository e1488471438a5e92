//! Encrypted layers, and what stands in their place.

use super::*;

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
fn what_cannot_be_read_as_a_signature_comes_out_of_the_encryption_as_it_is() {
    let world = World::new();
    for unreadable in [
        "Content-Type: application/pkcs7-mime; smime-type=signed-data\r\n\
         Content-Transfer-Encoding: base64\r\n\r\nBQA=\r\n",
        "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; boundary=a\r\n\
         \r\n--a\r\nContent-Type: text/plain\r\n\r\nHello.\r\n\
         --a\r\nContent-Type: application/pkcs7-signature\r\n\r\nBQA=\r\n--a--\r\n",
    ] {
        let message = format!("From: alice@example.com\r\nMIME-Version: 1.0\r\n{unreadable}");
        for cipher in [ContentCipher::Aes256Cbc, ContentCipher::Aes256Gcm] {
            let encrypted = encrypt(&world.bob, cipher, message.as_bytes());
            let input = Input::Message(Source::from_bytes(encrypted.clone()));
            let Decryption { verdict, release } = decrypt(DecryptRequest {
                input,
                keys: &world,
            })
            .unwrap();
            assert_eq!(reasons(&verdict), []);
            let (_, body) = unreadable.split_once("\r\n\r\n").unwrap();
            assert!(released(release).ends_with(body));
            // Whoever asks for the signature is told that there is none.
            let rejection = world.rejection(&encrypted);
            assert!(!rejection.is_empty());
        }
    }
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
