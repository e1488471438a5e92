//! Layers inside layers, opened by the other side step by step; and a keystore as a whole.

use crate::place::{ENTITY, Place, crlf, is_message, message};

/// Signed, then encrypted by us; OpenSSL decrypts, then verifies.
fn ours_signed_then_encrypted(options: &str) {
    let Some(place) = Place::new() else { return };
    place.write("message", message("p256", ENTITY));
    let line = format!(
        "encrypt --no-keystore --sign --identity p256.id --certificate rsa.pem {options} message"
    );
    place.smime(&line, &["-o", "encrypted"]).done();
    let line = "cms -decrypt -in encrypted -inkey rsa.key -recip rsa.pem -out signed";
    place.openssl(line, &[]).done();
    let line = "cms -verify -in signed -CAfile ca.pem";
    let content = place.openssl(line, &[]).done();
    assert_eq!(String::from_utf8(content).unwrap(), crlf(ENTITY));
}

cells! {
    ours_signed_then_encrypted:
    ours_clear_in_cbc("--cipher aes-256-cbc"),
    ours_opaque_in_cbc("--opaque --cipher aes-256-cbc"),
    ours_clear_in_gcm("--cipher aes-256-gcm"),
    ours_opaque_in_gcm("--opaque --cipher aes-256-gcm"),
}

#[test]
fn ours_triple_wrapped() {
    let Some(place) = Place::new() else { return };
    place.write("message", message("p256", ENTITY));
    let line = "encrypt --no-keystore --sign --identity p256.id --certificate rsa.pem message";
    place.smime(line, &["-o", "encrypted"]).done();
    let line = "sign --no-keystore --identity p256.id encrypted -o wrapped";
    place.smime(line, &[]).done();
    let line = "cms -verify -in wrapped -CAfile ca.pem -out inside";
    place.openssl(line, &[]).done();
    let line = "cms -decrypt -in inside -inkey rsa.key -recip rsa.pem -out signed";
    place.openssl(line, &[]).done();
    let content = place
        .openssl("cms -verify -in signed -CAfile ca.pem", &[])
        .done();
    assert_eq!(String::from_utf8(content).unwrap(), crlf(ENTITY));
}

/// Signed, then encrypted by OpenSSL; we decrypt, then verify.
fn theirs_signed_then_encrypted(signing: &str, encrypting: &str) {
    let Some(place) = Place::new() else { return };
    place.sign_by_openssl("p256", signing);
    place.encrypt_by_openssl("signed", encrypting);
    // The outer header says who sent it: the one who signed.
    let encrypted = String::from_utf8(place.read("encrypted")).unwrap();
    place.write("encrypted", encrypted.replace("sender@", "p256@"));
    let line = "decrypt --no-keystore --identity rsa.id encrypted -o decrypted";
    place.smime(line, &[]).done();
    let line = "verify --no-keystore --trust ca.pem decrypted";
    is_message(&place.smime(line, &[]).done(), "p256", ENTITY);
}

cells! {
    theirs_signed_then_encrypted:
    theirs_clear_in_cbc("", "-aes-256-cbc rsa.pem"),
    theirs_opaque_in_cbc("-nodetach", "-aes-256-cbc rsa.pem"),
    theirs_clear_in_gcm_stream("-stream", "-aes-256-gcm -stream rsa.pem"),
    theirs_opaque_in_cbc_stream("-nodetach -stream", "-aes-256-cbc -stream rsa.pem"),
}

#[test]
fn a_keystore_and_openssl_exchange_mail() {
    let Some(place) = Place::new() else { return };
    place
        .smime("ca init --no-passphrase --key-type ec-p256", &[])
        .done();
    place.smime("ca export -o our-ca.pem", &[]).done();
    for address in ["ours@example.com", "other@example.com"] {
        place
            .smime("cert issue --key-type ec-p256", &[address])
            .done();
    }
    // Out: the partner learns the certificate from a signed message, and writes back to it.
    place.write("message", message("ours", ENTITY));
    place.smime("sign message -o signed", &[]).done();
    let line = "cms -verify -in signed -CAfile our-ca.pem -signer ours.pem";
    place.openssl(line, &[]).done();
    place.sign_by_openssl("p384", "");
    place.encrypt_by_openssl("signed", "-aes-256-cbc ours.pem");
    let encrypted = String::from_utf8(place.read("encrypted")).unwrap();
    place.write("encrypted", encrypted.replace("sender@", "p384@"));

    // In: opened and judged at once, as soon as the partner's CA is trusted.
    let untrusted = place.smime("verify encrypted", &[]);
    assert!(
        !untrusted.succeeded && untrusted.stdout.is_empty(),
        "{untrusted:?}"
    );
    assert!(untrusted.stderr.contains("[path."), "{untrusted:?}");
    place.smime("trust add ca.pem", &[]).done();
    is_message(&place.smime("verify encrypted", &[]).done(), "p384", ENTITY);

    // The certificate was extracted, so the answer needs nothing more.
    let answer = message("ours", ENTITY).replace("reader@", "p384@");
    place.write("message", answer);
    place
        .smime("encrypt --sign message -o encrypted", &[])
        .done();
    let line = "cms -decrypt -in encrypted -inkey p384.key -recip p384.pem -out signed";
    place.openssl(line, &[]).done();
    let line = "cms -verify -in signed -CAfile our-ca.pem";
    let content = place.openssl(line, &[]).done();
    assert_eq!(String::from_utf8(content).unwrap(), crlf(ENTITY));
}
