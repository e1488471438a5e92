//! Signatures: clear and opaque, of every key type, in both directions.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::place::{ENTITY, Place, crlf, is_message, large_entity, lf, message, object};

/// Our signature, with `options` of ours, as OpenSSL reads it.
fn ours(name: &str, options: &str) {
    let Some(place) = Place::new() else { return };
    place.write("message", message(name, ENTITY));
    let identity = format!("{name}.id");
    let line = format!("sign --no-keystore {options} message -o signed --identity");
    place.smime(&line, &[&identity]).done();
    // The command of CMS, and the older one of PKCS #7, which knows nothing of PSS.
    let commands = match options.contains("--pss") {
        true => &["cms"][..],
        false => &["cms", "smime"],
    };
    for command in commands {
        let line = format!("{command} -verify -in signed -CAfile ca.pem -signer signer.pem");
        let content = place.openssl(&line, &[]).done();
        assert_eq!(String::from_utf8(content).unwrap(), crlf(ENTITY));
        let signer = lf(&place.read("signer.pem"));
        assert!(
            signer.contains(&lf(&place.read(&format!("{name}.pem")))),
            "{signer}"
        );
    }
    let line = "verify --no-keystore --trust ca.pem signed";
    is_message(&place.smime(line, &[]).done(), name, ENTITY);
}

cells! {
    ours:
    ours_clear_rsa("rsa", ""),
    ours_clear_p256("p256", ""),
    ours_clear_p384("p384", ""),
    ours_opaque_rsa("rsa", "--opaque"),
    ours_opaque_p256("p256", "--opaque"),
    ours_opaque_p384("p384", "--opaque"),
    ours_clear_p521("p521", ""),
    ours_opaque_p521("p521", "--opaque"),
    ours_clear_p224("p224", ""),
    ours_opaque_p224("p224", "--opaque"),
    ours_clear_rsa_sha512("rsa", "--digest sha512"),
    ours_clear_pss("rsa", "--pss"),
    ours_opaque_pss_sha512("rsa", "--pss --opaque --digest sha512"),
    ours_opaque_p256_sha384("p256", "--opaque --digest sha384"),
    ours_with_the_chain("p256", "--include chain"),
}

/// OpenSSL's signature, made with `options`, as we read it.
fn theirs(name: &str, options: &str) {
    let Some(place) = Place::new() else { return };
    place.sign_by_openssl(name, options);
    let line = "verify --no-keystore --trust ca.pem signed";
    is_message(&place.smime(line, &[]).done(), name, ENTITY);
    if options.contains("-nodetach") {
        let is_ber = object(&place.read("signed")).starts_with(&[0x30, 0x80]);
        assert_eq!(is_ber, options.contains("-stream"));
    }
}

impl Place {
    /// Has OpenSSL sign `entity` into `signed`.
    pub(crate) fn sign_by_openssl(&self, name: &str, options: &str) {
        let line = format!(
            "cms -sign -in entity -signer {name}.pem -inkey {name}.key -from {name}@example.com \
             -to reader@example.com -subject Interoperability -out signed {options}"
        );
        self.openssl(&line, &[]).done();
    }
}

cells! {
    theirs:
    theirs_clear_rsa("rsa", ""),
    theirs_clear_p256("p256", ""),
    theirs_clear_p384("p384", ""),
    theirs_clear_rsa_stream("rsa", "-stream"),
    theirs_clear_p256_stream("p256", "-stream"),
    theirs_clear_p384_stream("p384", "-stream"),
    theirs_opaque_rsa("rsa", "-nodetach"),
    theirs_opaque_p256("p256", "-nodetach"),
    theirs_opaque_p384("p384", "-nodetach"),
    theirs_opaque_rsa_stream("rsa", "-nodetach -stream"),
    theirs_opaque_p256_stream("p256", "-nodetach -stream"),
    theirs_opaque_p384_stream("p384", "-nodetach -stream"),
    theirs_clear_p521("p521", ""),
    theirs_clear_p224("p224", ""),
    theirs_opaque_p224_sha224("p224", "-nodetach -md sha224"),
    theirs_opaque_p521_stream("p521", "-nodetach -stream"),
    theirs_with_key_identifier("rsa", "-keyid"),
    theirs_without_attributes("p256", "-noattr -nodetach"),
    theirs_rsa_sha512("rsa", "-md sha512"),
    theirs_p384_sha384("p384", "-md sha384"),
    theirs_with_crlf("rsa", "-crlfeol"),
    theirs_clear_pss("rsa", "-keyopt rsa_padding_mode:pss"),
    theirs_opaque_pss_sha512("rsa", "-nodetach -md sha512 -keyopt rsa_padding_mode:pss"),
    theirs_pss_salt_of_20(
        "rsa",
        "-keyopt rsa_padding_mode:pss -keyopt rsa_pss_saltlen:20",
    ),
    theirs_pss_mgf1_sha1(
        "rsa",
        "-keyopt rsa_padding_mode:pss -keyopt rsa_mgf1_md:sha1 -keyopt rsa_pss_saltlen:32",
    ),
}

/// A bare object of OpenSSL, and its content where it is detached.
fn bare(form: &str, is_detached: bool) {
    let Some(place) = Place::new() else { return };
    place.write("content", crlf(ENTITY));
    let detached = if is_detached { "" } else { "-nodetach" };
    let line = format!(
        "cms -sign -binary -in content -signer rsa.pem -inkey rsa.key -outform {form} -out object \
         {detached}"
    );
    place.openssl(&line, &[]).done();
    let content: &[&str] = if is_detached {
        &["--content", "content"]
    } else {
        &[]
    };
    let line = "verify --no-keystore --trust ca.pem --expect rsa@example.com object";
    let released = place.smime(line, content).done();
    assert_eq!(lf(&released), ENTITY);
}

cells! {
    bare:
    bare_der_with_content("DER", true),
    bare_der_opaque("DER", false),
    bare_pem_with_content("PEM", true),
    bare_pem_opaque("PEM", false),
}

/// Our signature after the whole message went through relays that changed all line ends.
fn relayed(name: &str, options: &str) {
    let Some(place) = Place::new() else { return };
    let identity = format!("{name}.id");
    let line = format!("sign --no-keystore {options} message --identity");
    for text in [message(name, ENTITY), crlf(&message(name, ENTITY))] {
        place.write("message", &text);
        let signed = place.smime(&line, &[&identity]).done();
        let as_lf = lf(&signed);
        let as_crlf = crlf(&as_lf);
        let is_lf = !text.contains('\r');
        let same: &[u8] = if is_lf {
            as_lf.as_bytes()
        } else {
            as_crlf.as_bytes()
        };
        assert!(signed == same, "lines of two kinds");
        for relayed in [&as_crlf, &as_lf] {
            place.write("relayed", relayed);
            let ours = place.smime("verify --no-keystore --trust ca.pem relayed", &[]);
            is_message(&ours.done(), name, ENTITY);
            let theirs = place.openssl("cms -verify -in relayed -CAfile ca.pem", &[]);
            assert_eq!(lf(&theirs.done()), ENTITY);
        }
    }
}

cells! {
    relayed:
    relayed_clear_rsa("rsa", ""),
    relayed_clear_p384("p384", ""),
    relayed_opaque_p256("p256", "--opaque"),
}

#[test]
fn ours_large_opaque_is_ber() {
    let Some(place) = Place::new() else { return };
    let entity = large_entity();
    place.write("message", message("p256", &entity));
    let line = "sign --no-keystore --opaque --identity p256.id message -o signed";
    place.smime(line, &[]).done();
    assert!(object(&place.read("signed")).starts_with(&[0x30, 0x80]));
    let line = "cms -verify -in signed -CAfile ca.pem";
    let content = place.openssl(line, &[]).done();
    assert!(lf(&content) == entity);
}

#[test]
fn theirs_large_is_read() {
    let Some(place) = Place::new() else { return };
    let entity = large_entity();
    place.write("entity", &entity);
    for options in ["", "-nodetach", "-nodetach -stream"] {
        place.sign_by_openssl("rsa", options);
        let line = "verify --no-keystore --trust ca.pem signed";
        is_message(&place.smime(line, &[]).done(), "rsa", &entity);
    }
}

/// OpenSSL's signature over content of which one letter is another.
fn theirs_altered(options: &str) {
    let Some(place) = Place::new() else { return };
    place.sign_by_openssl("p256", options);
    let mut signed = place.read("signed");
    if options.contains("-nodetach") {
        let mut object = object(&signed);
        alter(&mut object);
        let header = lf(&signed).split_once("\n\n").unwrap().0.to_owned();
        signed = format!("{header}\n\n{}\n", STANDARD.encode(object)).into_bytes();
    } else {
        alter(&mut signed);
    }
    place.write("signed", signed);
    let run = place.smime("verify --no-keystore --trust ca.pem signed", &[]);
    assert!(!run.succeeded && run.stdout.is_empty(), "{run:?}");
    assert!(
        run.stderr.contains("[cms.message-digest-mismatch]"),
        "{run:?}"
    );
}

/// Changes a letter in the text of the entity.
fn alter(octets: &mut [u8]) {
    let word = b"rich";
    let at = octets.windows(word.len()).position(|window| window == word);
    octets[at.unwrap()] = b's';
}

cells! {
    theirs_altered:
    theirs_altered_clear(""),
    theirs_altered_opaque("-nodetach"),
    theirs_altered_opaque_stream("-nodetach -stream"),
}

/// OpenSSL 3.0 has Ed25519 and no use for it in CMS (RFC 8419): it asks for a digest to sign.
#[test]
fn cannot_verify_ed25519() {
    let Some(place) = Place::new() else { return };
    place.sign("ed25519", "");
    let run = place.openssl("cms -verify -in signed -CAfile ca.pem", &[]);
    assert!(!run.succeeded, "OpenSSL reads it now: move the cell");
    assert!(run.stderr.contains("invalid digest"), "{run:?}");
}

#[test]
fn cannot_sign_with_ed25519() {
    let Some(place) = Place::new() else { return };
    let line = "cms -sign -in entity -md sha512 -signer ed25519.pem -inkey ed25519.key";
    let run = place.openssl(line, &[]);
    assert!(!run.succeeded, "OpenSSL writes it now: move the cells");
    assert!(run.stderr.contains("invalid digest"), "{run:?}");
}
