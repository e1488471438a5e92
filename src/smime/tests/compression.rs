//! Compressed layers: outermost, under and over a signature, under encryption, damaged, without end.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::*;
use crate::asn1::oid;
use crate::cms::test_compressed::{object, zlib};
use crate::crypto::content::ContentCipher;
use crate::verdict::LayerKind;

const HEADER: &str =
    "From: Alice <alice@example.com>\r\nTo: bob@example.com\r\nMIME-Version: 1.0\r\n";

/// A message whose whole content is this object.
fn message_of(object: &[u8]) -> String {
    let body = STANDARD.encode(object);
    let lines: Vec<_> = body
        .as_bytes()
        .chunks(64)
        .map(String::from_utf8_lossy)
        .collect();
    format!(
        "{HEADER}Content-Type: application/pkcs7-mime; smime-type=compressed-data; name=smime.p7z\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{}\r\n",
        lines.join("\r\n")
    )
}

fn compress(entity: &[u8]) -> String {
    message_of(&object(&oid::ZLIB, &zlib(entity)))
}

fn decrypt_by(world: &World, message: &[u8]) -> Decryption {
    let input = Input::Message(Source::from_bytes(message.to_vec()));
    decrypt(DecryptRequest { input, keys: world }).unwrap()
}

const TEXT: &str = "Content-Type: text/plain\r\n\r\nhello, hello, hello\r\n";

#[test]
fn compression_is_a_layer_inside_and_around_signatures() {
    let world = World::new();
    let clear = sign(&world.alice, &compress(TEXT.as_bytes()));
    let opaque = sign_with(
        &world.alice,
        SignatureForm::Opaque,
        &compress(TEXT.as_bytes()),
    );
    let around = compress(&sign(&world.alice, &format!("{HEADER}{TEXT}"))).into_bytes();
    let (signed, compressed) = (LayerKind::Signed, LayerKind::Compressed);
    for (message, kinds) in [
        (clear, [signed, compressed]),
        (opaque, [signed, compressed]),
        (around, [compressed, signed]),
    ] {
        let verification = world.verify(&message);
        assert_eq!(reasons(&verification.verdict), []);
        assert!(!verification.verdict.has(Reason::SmimeTypeMismatch));
        let found = verification.verdict.layers.iter().map(|layer| layer.kind);
        assert_eq!(found.collect::<Vec<_>>(), kinds);
        assert!(released(verification.release).ends_with("hello, hello, hello\r\n"));
    }
    let alone = compress(TEXT.as_bytes());
    assert_eq!(world.rejection(alone.as_bytes()), [Reason::SmimeNotSigned]);
    let decryption = decrypt_by(&world, alone.as_bytes());
    assert_eq!(reasons(&decryption.verdict), [Reason::SmimeNotEncrypted]);
}

#[test]
fn compression_is_taken_off_with_encryption() {
    let world = World::new();
    let twice = compress(compress(TEXT.as_bytes()).as_bytes());
    for cipher in [ContentCipher::Aes256Gcm, ContentCipher::Aes256Cbc] {
        let encrypted = encrypt(&world.bob, cipher, twice.as_bytes());
        let Decryption { verdict, release } = decrypt_by(&world, &encrypted);
        assert_eq!(reasons(&verdict), []);
        assert_eq!(verdict.layers.len(), 3);
        assert!(released(release).ends_with("hello, hello, hello\r\n"));
    }
    let signed = compress(&sign(&world.alice, &format!("{HEADER}{TEXT}")));
    let encrypted = encrypt(&world.bob, ContentCipher::Aes256Gcm, signed.as_bytes());
    let Decryption { release, .. } = decrypt_by(&world, &encrypted);
    assert!(released(release).contains("multipart/signed"));
    let verification = world.verify(&encrypted);
    assert_eq!(reasons(&verification.verdict), []);
}

#[test]
fn what_does_not_decompress_is_told_unless_it_depends_on_decrypted_octets() {
    let world = World::new();
    let whole = zlib(TEXT.as_bytes());
    let bomb = zlib(&vec![0; 40 << 20]);
    for (object, reason) in [
        (object(&oid::ZLIB, &whole[1..]), Reason::CmsEncodingInvalid),
        (object(&oid::ZLIB, &bomb), Reason::CmsDecompressionLimit),
        (object(&oid::RC4, &whole), Reason::CmsCompressionUnsupported),
    ] {
        let message = message_of(&object);
        assert_eq!(world.rejection(message.as_bytes()), [reason]);
        let signed = sign(&world.alice, &message);
        assert_eq!(world.rejection(&signed), [reason]);
        for (cipher, expected) in [
            (ContentCipher::Aes256Gcm, reason),
            (ContentCipher::Aes256Cbc, Reason::CmsDecryptionFailed),
        ] {
            let encrypted = encrypt(&world.bob, cipher, message.as_bytes());
            let Decryption { verdict, release } = decrypt_by(&world, &encrypted);
            assert_eq!(reasons(&verdict), [expected]);
            assert!(release.is_none());
            assert_eq!(world.rejection(&encrypted), [expected]);
        }
    }
}
