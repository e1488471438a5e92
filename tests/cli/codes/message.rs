use crate::attacks::element::object;
use crate::office::{MAIL, edit_object};
use crate::place::Place;
use crate::structures::with_footer;

#[test]
fn not_signed() {
    Place::office().verify_shows("smime.not-signed", MAIL);
}

#[test]
fn not_encrypted() {
    Place::office().decrypt_shows("smime.not-encrypted", MAIL);
}

#[test]
fn protocol_mismatch() {
    let place = Place::office();
    let signed = place.signed(MAIL);
    let protocol = "protocol=\"application/pkcs7-signature\"";
    let other = signed.replace(protocol, "protocol=\"text/plain\"");
    place.verify_shows("smime.protocol-mismatch", &other);
}

#[test]
fn micalg_mismatch() {
    let place = Place::office();
    let signed = place.signed(MAIL);
    place.verify_shows(
        "smime.micalg-mismatch",
        &signed.replace("micalg=sha-256", "micalg=md5"),
    );
}

#[test]
fn type_mismatch() {
    let place = Place::office();
    let signed = place.made(&["sign", "--opaque"], MAIL);
    let other = signed.replace("smime-type=signed-data", "smime-type=enveloped-data");
    place.verify_shows("smime.type-mismatch", &other);
}

#[test]
fn from_mismatch() {
    let place = Place::office();
    let signed = place.made(&["-q", "sign", "--signer", "bob@example.com"], MAIL);
    place.verify_shows("smime.from-mismatch", &signed);
}

#[test]
fn sender_differs() {
    let place = Place::office();
    let signed = place.signed(MAIL);
    let other = signed.replace("From: Alice", "From: \"bob@example.com\"");
    place.verify_shows("smime.sender-differs", &other);
}

#[test]
fn author_unknown() {
    let place = Place::office();
    let opaque = object(&place.made(&["sign", "--opaque"], MAIL));
    place.write("smime.p7m", opaque.write());
    place.shows("smime.author-unknown", "verify smime.p7m -o content");
}

#[test]
fn envelope_from_mismatch() {
    let place = Place::office();
    place.write("message.eml", place.signed(MAIL));
    let line = "verify message.eml --envelope-from list@example.org -o content.eml";
    place.shows("smime.envelope-from-mismatch", line);
}

#[test]
fn unsigned_content() {
    let place = Place::office();
    let signed = place.signed(MAIL);
    place.verify_shows("smime.unsigned-content", &with_footer(&signed));
}

#[test]
fn protected_header_mismatch() {
    let place = Place::office();
    let signed = place.made(&["sign", "--protect-headers"], MAIL);
    let other = signed.replacen("From: Alice <alice", "From: Bob <bob", 1);
    place.verify_shows("smime.protected-header-mismatch", &other);
}

#[test]
fn nested_encryption() {
    let place = Place::office();
    let encrypted = place.made(&["encrypt"], MAIL);
    place.write("message.eml", with_footer(&encrypted));
    place.shows("smime.nested-encryption", "inspect message.eml");
}

#[test]
fn certs_only() {
    let place = Place::office();
    let list = place.run(["ca", "export", "--format", "p7c"]).done().stdout;
    let header = MAIL.split_once("Content-Type").unwrap().0;
    let message = format!(
        "{header}Content-Type: application/pkcs7-mime; smime-type=certs-only; name=smime.p7c\r\n\
         Content-Transfer-Encoding: base64\r\n\
         Content-Disposition: attachment; filename=\"smime.p7c\"\r\n\r\n\r\n\r\n"
    );
    let message = edit_object(&message, |object| *object = list);
    place.verify_shows("smime.certs-only", &message);
}
