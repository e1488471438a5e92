//! Labels that lie about what is below them.

use crate::office::MAIL;
use crate::place::Place;

#[test]
fn another_digest_in_micalg() {
    let place = Place::office();
    let signed = place.signed(MAIL);
    for lie in ["micalg=md5", "micalg=\"sha1,sha512\"", "micalg=none"] {
        let message = signed.replace("micalg=sha-256", lie);
        assert_ne!(message, signed);
        place.accepts_with(&["verify"], &message, "warning", "smime.micalg-mismatch");
        let altered = message.replace("Hello", "Hullo");
        place.rejects(&["verify"], &altered, &["cms.message-digest-mismatch"]);
    }
}

#[test]
fn another_protocol_for_the_signature() {
    let place = Place::office();
    let signed = place.signed(MAIL);
    for lie in ["application/pgp-signature", "text/plain", ""] {
        let message = signed.replace(
            "protocol=\"application/pkcs7-signature\"",
            &format!("protocol=\"{lie}\""),
        );
        assert_ne!(message, signed);
        place.accepts_with(&["verify"], &message, "warning", "smime.protocol-mismatch");
    }
}

#[test]
fn another_smime_type() {
    let place = Place::office();
    let signed = place.made(&["sign", "--opaque"], MAIL);
    for lie in ["enveloped-data", "certs-only", "compressed-data", "other"] {
        let message = signed.replace("smime-type=signed-data", &format!("smime-type={lie}"));
        assert_ne!(message, signed);
        place.accepts_with(&["verify"], &message, "warning", "smime.type-mismatch");
    }
    let encrypted = place.made(&["encrypt", "--cipher=aes-256-gcm"], MAIL);
    let message = encrypted.replace("smime-type=authEnveloped-data", "smime-type=signed-data");
    assert_ne!(message, encrypted);
    place.rejects(&["verify"], &message, &["smime.not-signed"]);
    place.accepts_with(&["decrypt"], &message, "warning", "smime.type-mismatch");
}

#[test]
fn a_label_that_is_none_of_smime() {
    let place = Place::office();
    let signed = place.made(&["sign", "--opaque"], MAIL);
    let message = signed.replace("application/pkcs7-mime", "text/html");
    place.rejects(&["verify"], &message, &["smime.not-signed"]);
    let signed = place.signed(MAIL);
    let message = signed.replace("multipart/signed", "multipart/mixed");
    place.rejects(&["verify"], &message, &["smime.not-signed"]);
}
