//! Python's cryptography, driven by `python.py`: its module pkcs7 signs, encrypts to RSA keys with
//! AES-CBC, and decrypts the same. It verifies nothing.

use crate::peer::{Peer, Run};
use crate::place::{ENTITY, Place, crlf, is_message, lf};

/// A place, and the interpreter.
struct Python {
    place: Place,
    peer: Peer,
}

impl Python {
    fn new() -> Option<Python> {
        Some(Python {
            peer: Peer::python()?,
            place: Place::new()?,
        })
    }

    fn run(&self, line: &str) -> Run {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/interop/python.py");
        let arguments: Vec<&str> = line.split_whitespace().collect();
        self.place.run(self.peer, script, &arguments)
    }
}

/// Signed by Python as a bare object.
fn theirs(name: &str, options: &str) {
    let Some(python) = Python::new() else { return };
    python.run(&format!("sign {name} {options}")).done();
    python.place.accepts(name, options.contains("Detached"));
}

cells! {
    theirs:
    theirs_detached_rsa("rsa", "DER SHA256 DetachedSignature Binary"),
    theirs_detached_p256("p256", "DER SHA256 DetachedSignature Binary"),
    theirs_detached_p384("p384", "PEM SHA384 DetachedSignature Binary"),
    theirs_opaque_rsa("rsa", "DER SHA256 Binary"),
    theirs_opaque_p256("p256", "DER SHA256 Binary"),
    theirs_opaque_p384("p384", "DER SHA512 Binary"),
    theirs_opaque_p521("p521", "DER SHA512 Binary"),
    theirs_opaque_p224("p224", "DER SHA224 Binary"),
    theirs_opaque_rsa_sha224("rsa", "DER SHA224 Binary"),
    theirs_detached_pss_sha256("rsa", "DER SHA256 DetachedSignature Binary PSS"),
    theirs_opaque_pss_sha512("rsa", "DER SHA512 Binary PSS"),
    theirs_without_attributes("rsa", "DER SHA256 NoAttributes Binary"),
    theirs_without_certificates("p256", "PEM SHA256 NoCerts Binary"),
}

/// Signed by Python as mail, which it writes without the fields that we put around it.
fn theirs_mail(name: &str) {
    let Some(python) = Python::new() else { return };
    python.place.write("content", ENTITY);
    let line = format!("sign {name} SMIME SHA256 DetachedSignature");
    python.run(&line).done();
    let signed = lf(&python.place.read("object"));
    let header = format!("From: {name}@example.com\nSubject: Interoperability\n");
    python.place.write("signed", header + &signed);
    let line = "verify --no-keystore --trust ca.pem signed";
    is_message(&python.place.smime(line, &[]).done(), name, ENTITY);
}

cells! {
    theirs_mail:
    theirs_mail_rsa("rsa"),
    theirs_mail_p256("p256"),
    theirs_mail_p384("p384"),
}

/// Our certificates, taken out of our signature.
#[test]
fn ours_certificates() {
    let Some(python) = Python::new() else { return };
    python.place.sign("p256", "--opaque");
    let found = python.run("certificates").done();
    assert!(lf(&python.place.read("p256.pem")).contains(lf(&found).trim()));
}

fn ours_encrypted(cipher: &str, form: &str) {
    let Some(python) = Python::new() else { return };
    python.place.encrypt("rsa", &format!("--cipher {cipher}"));
    if form == "SMIME" {
        python.place.write("object", python.place.read("encrypted"));
    }
    let content = python.run(&format!("decrypt rsa {form}")).done();
    // It rewrites line ends unless it is told that the content is none of text.
    assert_eq!(lf(&content), ENTITY);
}

cells! {
    ours_encrypted:
    ours_aes_128_cbc_rsa("aes-128-cbc", "DER"),
    ours_aes_256_cbc_rsa("aes-256-cbc", "DER"),
    ours_mail_aes_128_cbc_rsa("aes-128-cbc", "SMIME"),
    ours_mail_aes_256_cbc_rsa("aes-256-cbc", "SMIME"),
}

fn theirs_encrypted(form: &str, cipher: &str) {
    let Some(python) = Python::new() else { return };
    python.run(&format!("encrypt rsa {form} {cipher}")).done();
    if form == "SMIME" {
        let encrypted = lf(&python.place.read("object"));
        python
            .place
            .write("object", format!("From: sender@example.com\n{encrypted}"));
        let line = "decrypt --no-keystore --identity rsa.id object";
        is_message(&python.place.smime(line, &[]).done(), "sender", ENTITY);
    } else {
        python.place.opens("rsa");
    }
}

cells! {
    theirs_encrypted:
    theirs_aes_128_cbc_rsa("DER", "AES128"),
    theirs_aes_256_cbc_rsa("PEM", "AES256"),
    theirs_mail_aes_128_cbc_rsa("SMIME", "AES128"),
    theirs_mail_aes_256_cbc_rsa("SMIME", "AES256"),
}

/// What it does not decrypt, and what it says.
fn cannot_decrypt(name: &str, options: &str, complaint: &str) {
    let Some(python) = Python::new() else { return };
    python.place.encrypt(name, options);
    let run = python.run(&format!("decrypt {name} DER"));
    assert!(!run.succeeded, "cryptography reads it now: move the cell");
    assert!(run.stderr.contains(complaint), "{run:?}");
}

cells! {
    cannot_decrypt:
    cannot_decrypt_aes_256_gcm("rsa", "--cipher aes-256-gcm", "ContentInfo::content"),
    cannot_decrypt_oaep("rsa", "--oaep", "Only RSA with PKCS #1 v1.5"),
    cannot_decrypt_ecdh("p256", "", "Only certificate with RSA"),
}

#[test]
fn cannot_encrypt_to_p256() {
    let Some(python) = Python::new() else { return };
    let run = python.run("encrypt p256 DER AES128");
    assert!(!run.succeeded, "cryptography writes it now: move the cell");
    assert!(
        run.stderr.contains("Only RSA keys are supported"),
        "{run:?}"
    );
}

#[test]
fn cannot_verify() {
    let Some(python) = Python::new() else { return };
    let program = "from cryptography.hazmat.primitives.serialization import pkcs7; \
                   print([name for name in dir(pkcs7) if 'verif' in name])";
    let names = python.place.run(python.peer, "-c", &[program]).done();
    assert_eq!(
        lf(&names),
        "[]\n",
        "cryptography verifies now: write the cells"
    );
    assert_eq!(python.place.read("content"), crlf(ENTITY).into_bytes());
}
