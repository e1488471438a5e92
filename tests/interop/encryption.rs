//! Encryption: every cipher that is offered, to RSA and EC recipients, in both directions.

use crate::place::{ENTITY, Place, crlf, is_message, large_entity, lf, message, object};

/// Encrypted by us, with `options` of ours, as OpenSSL reads it.
fn ours(name: &str, options: &str) {
    let Some(place) = Place::new() else { return };
    place.write("message", message("sender", ENTITY));
    let line = format!("encrypt --no-keystore --certificate {name}.pem {options} message");
    place.smime(&line, &["-o", "encrypted"]).done();
    assert_eq!(place.decrypt_by_openssl(name), crlf(ENTITY));
    let decrypt = format!("decrypt --no-keystore --identity {name}.id encrypted");
    is_message(&place.smime(&decrypt, &[]).done(), "sender", ENTITY);
}

impl Place {
    /// Has OpenSSL decrypt `encrypted`.
    fn decrypt_by_openssl(&self, name: &str) -> String {
        let line = format!("cms -decrypt -in encrypted -inkey {name}.key -recip {name}.pem");
        String::from_utf8(self.openssl(&line, &[]).done()).unwrap()
    }

    /// Has OpenSSL encrypt the file `content` into `encrypted`.
    pub(crate) fn encrypt_by_openssl(&self, content: &str, options: &str) {
        let line = format!(
            "cms -encrypt -in {content} -from sender@example.com -to reader@example.com \
             -subject Interoperability -out encrypted {options}"
        );
        self.openssl(&line, &[]).done();
    }
}

cells! {
    ours:
    ours_aes_128_cbc_rsa("rsa", "--cipher aes-128-cbc"),
    ours_aes_256_cbc_rsa("rsa", "--cipher aes-256-cbc"),
    ours_aes_128_gcm_rsa("rsa", "--cipher aes-128-gcm"),
    ours_aes_256_gcm_rsa("rsa", "--cipher aes-256-gcm"),
    ours_aes_128_cbc_p256("p256", "--cipher aes-128-cbc"),
    ours_aes_256_cbc_p256("p256", "--cipher aes-256-cbc"),
    ours_aes_128_gcm_p256("p256", "--cipher aes-128-gcm"),
    ours_aes_256_gcm_p256("p256", "--cipher aes-256-gcm"),
    ours_aes_256_cbc_p384("p384", "--cipher aes-256-cbc"),
    ours_aes_256_gcm_p384("p384", "--cipher aes-256-gcm"),
    ours_aes_256_cbc_p521("p521", "--cipher aes-256-cbc"),
    ours_aes_256_gcm_p521("p521", "--cipher aes-256-gcm"),
    ours_aes_256_cbc_p224("p224", "--cipher aes-256-cbc"),
    ours_aes_256_gcm_p224("p224", "--cipher aes-256-gcm"),
    ours_oaep("rsa", "--oaep"),
    ours_oaep_gcm("rsa", "--oaep --cipher aes-256-gcm"),
    ours_to_several("rsa", "--certificate p256.pem --certificate p384.pem"),
    ours_to_several_curves("p384", "--certificate p256.pem --certificate rsa.pem"),
}

/// Encrypted by OpenSSL with `options`, as we read it.
fn theirs(name: &str, options: &str) {
    let Some(place) = Place::new() else { return };
    place.encrypt_by_openssl("entity", options);
    let decrypt = format!("decrypt --no-keystore --identity {name}.id encrypted");
    is_message(&place.smime(&decrypt, &[]).done(), "sender", ENTITY);
    let is_ber = object(&place.read("encrypted")).starts_with(&[0x30, 0x80]);
    assert_eq!(is_ber, options.contains("-stream"));
}

cells! {
    theirs:
    theirs_aes_128_cbc_rsa("rsa", "-aes-128-cbc rsa.pem"),
    theirs_aes_256_cbc_rsa("rsa", "-aes-256-cbc rsa.pem"),
    theirs_aes_128_gcm_rsa("rsa", "-aes-128-gcm rsa.pem"),
    theirs_aes_256_gcm_rsa("rsa", "-aes-256-gcm rsa.pem"),
    theirs_aes_128_cbc_p256("p256", "-aes-128-cbc p256.pem"),
    theirs_aes_256_cbc_p256("p256", "-aes-256-cbc p256.pem"),
    theirs_aes_128_gcm_p256("p256", "-aes-128-gcm p256.pem"),
    theirs_aes_256_gcm_p256("p256", "-aes-256-gcm p256.pem"),
    theirs_aes_128_cbc_rsa_stream("rsa", "-stream -aes-128-cbc rsa.pem"),
    theirs_aes_256_cbc_rsa_stream("rsa", "-stream -aes-256-cbc rsa.pem"),
    theirs_aes_128_gcm_rsa_stream("rsa", "-stream -aes-128-gcm rsa.pem"),
    theirs_aes_256_gcm_rsa_stream("rsa", "-stream -aes-256-gcm rsa.pem"),
    theirs_aes_128_cbc_p256_stream("p256", "-stream -aes-128-cbc p256.pem"),
    theirs_aes_256_cbc_p256_stream("p256", "-stream -aes-256-cbc p256.pem"),
    theirs_aes_128_gcm_p256_stream("p256", "-stream -aes-128-gcm p256.pem"),
    theirs_aes_256_gcm_p256_stream("p256", "-stream -aes-256-gcm p256.pem"),
    theirs_aes_256_cbc_p384("p384", "-aes-256-cbc p384.pem"),
    theirs_aes_256_cbc_p521("p521", "-aes-256-cbc p521.pem"),
    theirs_aes_256_gcm_p521_stream("p521", "-stream -aes-256-gcm p521.pem"),
    theirs_aes_256_cbc_p224("p224", "-aes-256-cbc p224.pem"),
    theirs_aes_256_gcm_p224_stream("p224", "-stream -aes-256-gcm p224.pem"),
    theirs_triple_des("rsa", "-des3 rsa.pem"),
    theirs_key_identifier_rsa("rsa", "-keyid rsa.pem"),
    theirs_key_identifier_p256("p256", "-keyid -aes-256-cbc p256.pem"),
    theirs_oaep_sha1("rsa", "-recip rsa.pem -keyopt rsa_padding_mode:oaep"),
    theirs_oaep_sha256(
        "rsa",
        "-recip rsa.pem -keyopt rsa_padding_mode:oaep -keyopt rsa_oaep_md:sha256",
    ),
    theirs_oaep_sha256_mgf1_sha1(
        "rsa",
        "-recip rsa.pem -keyopt rsa_padding_mode:oaep -keyopt rsa_oaep_md:sha256 \
         -keyopt rsa_mgf1_md:sha1",
    ),
    theirs_oaep_sha512(
        "rsa",
        "-aes-256-gcm -recip rsa.pem -keyopt rsa_padding_mode:oaep -keyopt rsa_oaep_md:sha512",
    ),
    theirs_oaep_sha224_mgf1_sha384(
        "rsa",
        "-recip rsa.pem -keyopt rsa_padding_mode:oaep -keyopt rsa_oaep_md:sha224 \
         -keyopt rsa_mgf1_md:sha384",
    ),
    theirs_oaep_label(
        "rsa",
        "-recip rsa.pem -keyopt rsa_padding_mode:oaep -keyopt rsa_oaep_label:6c6162656c",
    ),
    theirs_ecdh_sha256("p256", "-aes-256-cbc -recip p256.pem -keyopt ecdh_kdf_md:sha256"),
    theirs_ecdh_sha384("p384", "-aes-256-cbc -recip p384.pem -keyopt ecdh_kdf_md:sha384"),
    theirs_ecdh_cofactor("p256", "-aes-256-cbc -recip p256.pem -keyopt ecdh_cofactor_mode:1"),
    theirs_ecdh_sha1("p256", "-aes-256-cbc -recip p256.pem -keyopt ecdh_kdf_md:sha1"),
    theirs_ecdh_sha224("p256", "-aes-256-cbc -recip p256.pem -keyopt ecdh_kdf_md:sha224"),
    theirs_ecdh_sha512("p384", "-aes-256-gcm -recip p384.pem -keyopt ecdh_kdf_md:sha512"),
    theirs_ecdh_cofactor_sha512(
        "p256",
        "-aes-256-cbc -recip p256.pem -keyopt ecdh_cofactor_mode:1 -keyopt ecdh_kdf_md:sha512",
    ),
    theirs_wrapped_with_aes_128("p256", "-aes-256-cbc -wrap aes128-wrap p256.pem"),
    theirs_wrapped_with_aes_192("p384", "-aes-128-gcm -wrap aes192-wrap p384.pem"),
    theirs_wrapped_with_aes_256("p256", "-aes-192-cbc -wrap aes256-wrap p256.pem"),
    // Without options: triple DES, and for EC recipients its key wrap too.
    theirs_by_default_p256("p256", "p256.pem"),
    theirs_aes_wrapped_with_triple_des("p384", "-aes-256-gcm -wrap des3-wrap p384.pem"),
    theirs_to_several_rsa("rsa", "-aes-256-cbc p256.pem rsa.pem p384.pem"),
    theirs_to_several_p384("p384", "-aes-256-cbc p256.pem rsa.pem p384.pem"),
}

/// A bare object of OpenSSL: its content comes out as it is.
fn bare(name: &str, options: &str) {
    let Some(place) = Place::new() else { return };
    place.write("content", b"not mail at all\0\xff\n");
    let line = format!("cms -encrypt -binary -in content -out object {options} {name}.pem");
    place.openssl(&line, &[]).done();
    let decrypt = format!("decrypt --no-keystore --identity {name}.id object");
    let content = place.smime(&decrypt, &[]).done();
    assert_eq!(content, place.read("content"));
}

cells! {
    bare:
    bare_der("rsa", "-outform DER -aes-256-cbc"),
    bare_der_stream("p256", "-outform DER -aes-256-cbc -stream"),
    bare_pem_gcm("p256", "-outform PEM -aes-256-gcm"),
}

/// More than a MiB, encrypted by us.
fn ours_large(name: &str, cipher: &str) {
    let Some(place) = Place::new() else { return };
    let entity = large_entity();
    place.write("message", message("sender", &entity));
    let line = format!("encrypt --no-keystore --certificate {name}.pem --cipher {cipher} message");
    place.smime(&line, &["-o", "encrypted"]).done();
    assert!(lf(place.decrypt_by_openssl(name).as_bytes()) == entity);
}

cells! {
    ours_large:
    ours_large_cbc("rsa", "aes-256-cbc"),
    ours_large_gcm("p256", "aes-256-gcm"),
}

/// More than a MiB, encrypted by OpenSSL.
fn theirs_large(name: &str, options: &str) {
    let Some(place) = Place::new() else { return };
    let entity = large_entity();
    place.write("entity", &entity);
    place.encrypt_by_openssl("entity", &format!("{options} {name}.pem"));
    let decrypt = format!("decrypt --no-keystore --identity {name}.id encrypted");
    is_message(&place.smime(&decrypt, &[]).done(), "sender", &entity);
}

cells! {
    theirs_large:
    theirs_large_cbc("rsa", "-aes-256-cbc"),
    theirs_large_cbc_stream("p256", "-aes-256-cbc -stream"),
    theirs_large_gcm("rsa", "-aes-256-gcm"),
    theirs_large_gcm_stream("p256", "-aes-256-gcm -stream"),
}

#[test]
fn theirs_for_somebody_else_stays_closed() {
    let Some(place) = Place::new() else { return };
    place.encrypt_by_openssl("entity", "-aes-256-gcm rsa.pem");
    let run = place.smime("decrypt --no-keystore --identity p256.id encrypted", &[]);
    assert!(!run.succeeded && run.stdout.is_empty(), "{run:?}");
    assert!(run.stderr.contains("[cms.recipient-not-found]"), "{run:?}");
}
