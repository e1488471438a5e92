use crate::attacks::element::{Element, edit, object};
use crate::compression::{compressed, compressed_object};
use crate::office::{MAIL, around, edit_object, replace_octets};
use crate::place::Place;

const UNSIGNED: &[u8] = b"Content-Type: text/plain\r\n\r\nSend the money to Mallory.\r\n";

#[test]
fn encoding_invalid() {
    let place = Place::office();
    let signed = place.signed(MAIL);
    let cut = edit_object(&signed, |object| object.truncate(100));
    place.verify_shows("cms.encoding-invalid", &cut);
}

#[test]
fn content_type_unexpected() {
    let place = Place::office();
    let signed = place.made(&["sign", "--opaque"], MAIL);
    // digestedData is 1.2.840.113549.1.7.5.
    let other = edit(&signed, |object| object.at(&[0]).content[8] = 5);
    place.verify_shows("cms.content-type-unexpected", &other);
}

#[test]
fn content_missing() {
    let place = Place::office();
    place.write("smime.p7s", object(&place.signed(MAIL)).write());
    place.shows("cms.content-missing", "verify smime.p7s -o content");
}

#[test]
fn content_differs() {
    let place = Place::office();
    let signed = place.signed(MAIL);
    let forged = edit(&signed, |object| object.enclose(UNSIGNED));
    place.verify_shows("cms.content-differs", &forged);
}

#[test]
fn signer_missing() {
    let place = Place::office();
    let nobody = edit(&place.signed(MAIL), |object| object.signers().clear());
    place.verify_shows("cms.signer-missing", &nobody);
}

#[test]
fn signer_certificate_not_found() {
    let place = Place::office();
    let without = edit(&place.signed_by_carol(), |object| {
        object.certificates().clear();
    });
    place.verify_shows("cms.signer-certificate-not-found", &without);
}

/// Position of the signed attributes in a SignerInfo.
const ATTRIBUTES: usize = 3;

#[test]
fn signed_attributes_missing() {
    let place = Place::office();
    let signed = place.made(&["sign", "--opaque"], MAIL);
    let without = edit(&signed, |object| {
        // The content is said to be compressed data, 1.2.840.113549.1.9.16.1.9.
        let kind = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 16, 1, 9];
        object.inner().at(&[2, 0]).content = kind.to_vec();
        object.signers()[0].children.remove(ATTRIBUTES);
    });
    place.verify_shows("cms.signed-attributes-missing", &without);
}

/// The last arc of 1.2.840.113549.1.9.4, messageDigest.
const MESSAGE_DIGEST: u8 = 4;

fn is_message_digest(attribute: &Element) -> bool {
    let id = &attribute.children[0].content;
    id[..8] == [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9] && id[8..] == [MESSAGE_DIGEST]
}

#[test]
fn message_digest_missing() {
    let place = Place::office();
    let without = edit(&place.signed(MAIL), |object| {
        let attributes = &mut object.signers()[0].children[ATTRIBUTES].children;
        attributes.retain(|attribute| !is_message_digest(attribute));
    });
    place.verify_shows("cms.message-digest-missing", &without);
}

#[test]
fn message_digest_mismatch() {
    let place = Place::office();
    let altered = place
        .signed(MAIL)
        .replace("the figures are in", "all is lost");
    place.verify_shows("cms.message-digest-mismatch", &altered);
}

#[test]
fn signature_invalid() {
    let place = Place::office();
    let altered = edit(&place.signed(MAIL), |object| {
        let signature = &mut object.signers()[0].children[5].content;
        *signature.last_mut().unwrap() ^= 1;
    });
    place.verify_shows("cms.signature-invalid", &altered);
}

#[test]
fn attribute_invalid() {
    let place = Place::office();
    let twice = edit(&place.signed(MAIL), |object| {
        let attributes = &mut object.signers()[0].children[ATTRIBUTES].children;
        let digest = attributes
            .iter()
            .find(|attribute| is_message_digest(attribute));
        let digest = digest.unwrap().clone();
        let value = digest.children[1].children[0].clone();
        let at = attributes.iter().position(is_message_digest).unwrap();
        attributes[at].children[1].children.push(value);
    });
    place.verify_shows("cms.attribute-invalid", &twice);
}

#[test]
fn signing_certificate_mismatch() {
    let place = Place::office();
    let signed = place.signed(MAIL);
    assert_eq!(place.run(["cert", "renew", "alice@example.com"]).status, 0);
    let export = ["cert", "export", "alice@example.com", "--format=der"];
    let mut renewed = Element::read(&place.run(export).done().stdout);
    let (serial, issuer) = (renewed.at(&[0, 1]).clone(), renewed.at(&[0, 3]).clone());
    let forged = edit(&signed, |object| {
        *object.certificates() = vec![renewed];
        object.signers()[0].children[1].children = vec![issuer, serial];
    });
    place.verify_shows("cms.signing-certificate-mismatch", &forged);
}

/// 2.16.840.1.101.3.4.2.1, SHA-256.
const SHA_256: [u8; 9] = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];

#[test]
fn digest_unsupported() {
    let place = Place::office();
    let other = edit_object(&place.signed(MAIL), |object| {
        let mut unknown = SHA_256;
        unknown[8] = 0x2f;
        replace_octets(object, &SHA_256, &unknown);
    });
    place.verify_shows("cms.digest-unsupported", &other);
}

#[test]
fn digest_weak() {
    let place = Place::office();
    let weak = edit(&place.signed(MAIL), |object| {
        // 1.3.14.3.2.26, SHA-1.
        let sha_1 = [0x2b, 0x0e, 0x03, 0x02, 0x1a].to_vec();
        object.inner().at(&[1, 0, 0]).content.clone_from(&sha_1);
        object.signers()[0].at(&[2, 0]).content = sha_1;
    });
    place.verify_shows("cms.digest-weak", &weak);
}

#[test]
fn signature_algorithm_unsupported() {
    let place = Place::office();
    let other = edit(&place.signed(MAIL), |object| {
        let algorithm = &mut object.signers()[0].at(&[4, 0]).content;
        *algorithm.last_mut().unwrap() = 0x7f;
    });
    place.verify_shows("cms.signature-algorithm-unsupported", &other);
}

#[test]
fn recipient_not_found() {
    let place = Place::office();
    let partner = [
        "-k",
        "partner",
        "encrypt",
        "--recipient",
        "dave@example.net",
    ];
    place.decrypt_shows("cms.recipient-not-found", &place.made(&partner, MAIL));
}

#[test]
fn key_management_unsupported() {
    let place = Place::office();
    let other = edit_object(&place.made(&["encrypt"], MAIL), |object| {
        // dhSinglePass-stdDH-sha256kdf is 1.3.132.1.11.1.
        let scheme = [0x2b, 0x81, 0x04, 0x01, 0x0b, 0x01];
        replace_octets(object, &scheme, &[0x2b, 0x81, 0x04, 0x01, 0x0b, 0x7f]);
    });
    place.decrypt_shows("cms.key-management-unsupported", &other);
}

#[test]
fn content_encryption_unsupported() {
    let place = Place::office();
    let other = edit_object(&place.made(&["encrypt"], MAIL), |object| {
        // AES-256-CBC is 2.16.840.1.101.3.4.1.42.
        replace_octets(object, &[0x65, 3, 4, 1, 0x2a], &[0x65, 3, 4, 1, 0x7f]);
    });
    place.decrypt_shows("cms.content-encryption-unsupported", &other);
}

#[test]
fn content_not_authenticated() {
    let place = Place::office();
    let encrypted = place.made(&["encrypt", "--cipher=aes-256-cbc"], MAIL);
    place.decrypt_shows("cms.content-not-authenticated", &encrypted);
}

#[test]
fn compression_unsupported() {
    let place = Place::office();
    let mut object = compressed_object(UNSIGNED);
    // zlib is 1.2.840.113549.1.9.16.3.8.
    replace_octets(&mut object, &[9, 16, 3, 8], &[9, 16, 3, 0x7f]);
    place.verify_shows(
        "cms.compression-unsupported",
        &around("compressed-data", &object),
    );
}

#[test]
fn decompression_limit() {
    let message = compressed(&vec![b' '; 30 << 20]);
    Place::office().verify_shows("cms.decompression-limit", &message);
}

#[test]
fn decryption_failed() {
    let place = Place::office();
    let encrypted = place.made(&["encrypt", "--cipher=aes-256-gcm"], MAIL);
    let altered = edit_object(&encrypted, |object| *object.last_mut().unwrap() ^= 1);
    place.decrypt_shows("cms.decryption-failed", &altered);
}

#[test]
fn decrypted_not_mime() {
    use smime::cms::{CertificateIdentifier, RecipientSpec, write_enveloped};
    let place = Place::office();
    let export = ["cert", "export", "bob@example.com", "--format=der"];
    let der = place.run(export).done().stdout;
    let bob = smime::pki::Certificate::decode(&der).unwrap();
    let key = bob.public_key().unwrap();
    let recipient = RecipientSpec {
        identifier: CertificateIdentifier::of_certificate(&der).unwrap(),
        public_key: &key,
        transport: smime::crypto::transport::KeyTransport::RsaPkcs1,
    };
    let mut object = Vec::new();
    let cipher = smime::crypto::content::ContentCipher::Aes256Gcm;
    let mut content = &b"%PDF-1.7 and no header of mail"[..];
    write_enveloped(&mut object, &[recipient], cipher, &mut content, None).unwrap();
    let message = around("authEnveloped-data", &object);
    place.decrypt_shows("cms.decrypted-not-mime", &message);
}
