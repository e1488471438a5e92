//! Bouncy Castle, driven by `BouncyCastle.java`: one process of Java for all cells, since each takes
//! a second to start.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, OnceLock};

use crate::peer::is_there;
use crate::place::{ENTITY, PASSPHRASE, Place, crlf, is_message, lf, object};

/// Where Debian has the libraries.
const LIBRARIES: [&str; 6] = [
    "/usr/share/java/bcmail.jar",
    "/usr/share/java/bcpkix.jar",
    "/usr/share/java/bcprov.jar",
    "/usr/share/java/bcutil.jar",
    "/usr/share/java/javax.mail.jar",
    "/usr/share/java/javax.activation.jar",
];

/// The program, which ends when its input does.
struct Java {
    _child: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Java {
    /// Compiles and starts it; `None` where it, or a library, is missing.
    fn start() -> Option<Java> {
        let program = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/interop/BouncyCastle.java"
        );
        let mut child = Command::new("java")
            .args(["-cp", &LIBRARIES.join(":"), program])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .ok()?;
        let mut java = Java {
            requests: child.stdin.take()?,
            answers: BufReader::new(child.stdout.take()?),
            _child: child,
        };
        java.ask(".\tstart").is_some().then_some(java)
    }

    /// The answer to a request; `None` if the program has ended.
    fn ask(&mut self, request: &str) -> Option<String> {
        writeln!(self.requests, "{request}").ok()?;
        let mut answer = String::new();
        self.answers.read_line(&mut answer).ok()?;
        (!answer.is_empty()).then(|| answer.trim_end().to_owned())
    }
}

/// A place where Bouncy Castle works.
struct BouncyCastle {
    place: Place,
    java: &'static Mutex<Java>,
}

impl BouncyCastle {
    fn new() -> Option<BouncyCastle> {
        static JAVA: OnceLock<Option<Mutex<Java>>> = OnceLock::new();
        let java = JAVA.get_or_init(|| Java::start().map(Mutex::new));
        is_there("Bouncy Castle", java.is_some());
        Some(BouncyCastle {
            java: java.as_ref()?,
            place: Place::new()?,
        })
    }

    fn ask(&self, words: &[&str]) -> Result<(), String> {
        let directory = self.place.path("").display().to_string();
        let request = [&[directory.as_str()], words].concat().join("\t");
        // A test that failed with the lock held left no request half done.
        let mut java = self.java.lock().unwrap_or_else(|lock| lock.into_inner());
        match java.ask(&request).unwrap().as_str() {
            "done" => Ok(()),
            failure => Err(failure.to_owned()),
        }
    }

    #[track_caller]
    fn done(&self, words: &[&str]) {
        self.ask(words).unwrap();
    }
}

/// Our mail and its object, as Bouncy Castle judges signature, certificate and path.
fn ours(name: &str, options: &str) {
    let Some(castle) = BouncyCastle::new() else {
        return;
    };
    castle.place.sign(name, options);
    if options.contains("--opaque") {
        castle.done(&["verify", name, "opaque"]);
        assert_eq!(castle.place.read("opened"), castle.place.read("content"));
    } else {
        castle.place.write("message", castle.place.read("signed"));
        castle.done(&["verify", name, "clear"]);
        castle.done(&["verify", name, "content"]);
        castle.place.alter();
        let answer = castle.ask(&["verify", name, "altered"]).unwrap_err();
        assert!(answer.contains("message-digest"), "{answer}");
    }
}

cells! {
    ours:
    ours_clear_rsa("rsa", ""),
    ours_clear_p256("p256", ""),
    ours_clear_p384("p384", ""),
    ours_clear_p521("p521", ""),
    ours_clear_p224("p224", ""),
    ours_opaque_ed25519("ed25519", "--opaque"),
    ours_clear_ed25519("ed25519", ""),
    ours_opaque_p521("p521", "--opaque"),
    ours_clear_rsa_sha512("rsa", "--digest sha512"),
    ours_clear_pss("rsa", "--pss"),
    ours_opaque_pss_sha384("rsa", "--pss --opaque --digest sha384"),
    ours_opaque_rsa("rsa", "--opaque"),
    ours_opaque_p256("p256", "--opaque"),
    ours_opaque_p384("p384", "--opaque"),
    ours_opaque_p256_sha512("p256", "--opaque --digest sha512"),
}

/// Signed by Bouncy Castle in each form.
fn theirs(name: &str, algorithm: &str, form: &str) {
    let Some(castle) = BouncyCastle::new() else {
        return;
    };
    castle.done(&["sign", name, algorithm, form]);
    if form == "clear" {
        let line = "verify --no-keystore --trust ca.pem message";
        is_message(&castle.place.smime(line, &[]).done(), name, ENTITY);
    } else {
        let is_ber = castle.place.read("object").starts_with(&[0x30, 0x80]);
        assert!(is_ber, "Bouncy Castle writes indefinite lengths");
        castle.place.accepts(name, form == "detached");
    }
}

cells! {
    theirs:
    theirs_clear_rsa("rsa", "SHA256withRSA", "clear"),
    theirs_clear_p256("p256", "SHA256withECDSA", "clear"),
    theirs_clear_p384("p384", "SHA384withECDSA", "clear"),
    theirs_opaque_rsa("rsa", "SHA256withRSA", "opaque"),
    theirs_opaque_p256("p256", "SHA256withECDSA", "opaque"),
    theirs_opaque_p384("p384", "SHA384withECDSA", "opaque"),
    theirs_stream_rsa("rsa", "SHA512withRSA", "stream"),
    theirs_stream_p256("p256", "SHA512withECDSA", "stream"),
    theirs_stream_p384("p384", "SHA256withECDSA", "stream"),
    theirs_detached_rsa("rsa", "SHA224withRSA", "detached"),
    theirs_detached_p256("p256", "SHA224withECDSA", "detached"),
    theirs_detached_p384("p384", "SHA384withECDSA", "detached"),
    theirs_clear_p521("p521", "SHA512withECDSA", "clear"),
    theirs_clear_p224("p224", "SHA224withECDSA", "clear"),
    theirs_stream_p224("p224", "SHA256withECDSA", "stream"),
    theirs_opaque_ed25519("ed25519", "Ed25519", "opaque"),
    theirs_detached_ed25519("ed25519", "Ed25519", "detached"),
    theirs_stream_p521("p521", "SHA512withECDSA", "stream"),
    theirs_clear_pss_sha256("rsa", "SHA256withRSAandMGF1", "clear"),
    theirs_opaque_pss_sha384("rsa", "SHA384withRSAandMGF1", "opaque"),
    theirs_detached_pss_sha512("rsa", "SHA512withRSAandMGF1", "detached"),
}

/// Encrypted by us, as an object and as mail.
fn ours_encrypted(name: &str, options: &str) {
    let Some(castle) = BouncyCastle::new() else {
        return;
    };
    castle.place.encrypt(name, options);
    castle.done(&["decrypt", name, "object"]);
    assert_eq!(castle.place.read("opened"), castle.place.read("content"));
    if !options.contains("gcm") {
        // SMIMEEnveloped of Bouncy Castle 1.72 knows no AuthEnvelopedData.
        castle
            .place
            .write("message", castle.place.read("encrypted"));
        castle.done(&["decrypt", name, "mail"]);
        assert_eq!(castle.place.read("opened"), castle.place.read("content"));
    }
}

cells! {
    ours_encrypted:
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
    ours_oaep("rsa", "--oaep"),
    ours_oaep_gcm("rsa", "--oaep --cipher aes-256-gcm"),
    ours_to_several("p384", "--certificate rsa.pem --certificate p256.pem"),
}

/// Encrypted by Bouncy Castle as an object.
fn theirs_encrypted(names: &str, cipher: &str, management: &str, form: &str) {
    let Some(castle) = BouncyCastle::new() else {
        return;
    };
    castle.done(&["encrypt", names, cipher, management, form]);
    assert!(castle.place.read("object").starts_with(&[0x30, 0x80]));
    for name in names.split(',') {
        castle.place.opens(name);
    }
}

cells! {
    theirs_encrypted:
    theirs_aes_128_cbc_rsa("rsa", "AES128_CBC", "pkcs1", "object"),
    theirs_aes_192_cbc_rsa("rsa", "AES192_CBC", "pkcs1", "stream"),
    theirs_aes_256_cbc_rsa("rsa", "AES256_CBC", "pkcs1", "stream"),
    theirs_aes_128_gcm_rsa("rsa", "AES128_GCM", "pkcs1", "object"),
    theirs_aes_192_gcm_rsa("rsa", "AES192_GCM", "pkcs1", "object"),
    theirs_aes_256_gcm_rsa("rsa", "AES256_GCM", "pkcs1", "object"),
    theirs_aes_128_ccm_rsa("rsa", "AES128_CCM", "pkcs1", "object"),
    theirs_aes_256_ccm_rsa("rsa", "AES256_CCM", "pkcs1", "object"),
    theirs_aes_192_ccm_p256("p256", "AES192_CCM", "ECDH_SHA256KDF", "object"),
    theirs_triple_des_rsa("rsa", "DES_EDE3_CBC", "pkcs1", "object"),
    theirs_aes_128_cbc_p256("p256", "AES128_CBC", "ECDH_SHA256KDF", "object"),
    theirs_aes_256_cbc_p256("p256", "AES256_CBC", "ECDH_SHA256KDF", "stream"),
    theirs_aes_128_gcm_p256("p256", "AES128_GCM", "ECDH_SHA256KDF", "object"),
    theirs_aes_256_gcm_p256("p256", "AES256_GCM", "ECDH_SHA256KDF", "object"),
    theirs_aes_256_cbc_p384("p384", "AES256_CBC", "ECDH_SHA384KDF", "stream"),
    theirs_aes_256_gcm_p384("p384", "AES256_GCM", "ECDH_SHA384KDF", "object"),
    theirs_aes_256_gcm_p521("p521", "AES256_GCM", "ECDH_SHA512KDF", "object"),
    theirs_aes_128_cbc_p224("p224", "AES128_CBC", "ECDH_SHA224KDF", "object"),
    theirs_cofactor_ecdh_p521("p521", "AES256_CBC", "ECCDH_SHA512KDF", "stream"),
    theirs_ecdh_sha1("p256", "AES128_CBC", "ECDH_SHA1KDF", "object"),
    theirs_ecdh_sha224("p256", "AES128_CBC", "ECDH_SHA224KDF", "object"),
    theirs_ecdh_sha512("p256", "AES128_CBC", "ECDH_SHA512KDF", "object"),
    theirs_cofactor_ecdh_sha1("p256", "AES128_CBC", "ECCDH_SHA1KDF", "object"),
    theirs_cofactor_ecdh_sha256("p256", "AES128_CBC", "ECCDH_SHA256KDF", "object"),
    theirs_cofactor_ecdh_sha384("p384", "AES256_CBC", "ECCDH_SHA384KDF", "object"),
    theirs_oaep_sha1("rsa", "AES128_CBC", "oaep-SHA-1", "object"),
    theirs_oaep_sha256("rsa", "AES256_CBC", "oaep-SHA-256", "object"),
    theirs_oaep_sha384("rsa", "AES256_GCM", "oaep-SHA-384", "object"),
    theirs_to_several("rsa,p256,p384", "AES256_CBC", "pkcs1", "stream"),
    theirs_to_several_gcm("p384,rsa,p256", "AES256_GCM", "pkcs1", "object"),
}

/// Compressed by Bouncy Castle: a layer that is opened, and protects nothing.
#[test]
fn theirs_compressed() {
    let Some(castle) = BouncyCastle::new() else {
        return;
    };
    castle.done(&["compress"]);
    let line = "verify --no-keystore --json object";
    let report = lf(&castle.place.smime(line, &[]).stdout);
    assert!(report.contains("\"kind\":\"compressed\""), "{report}");
    assert!(report.contains("smime.not-signed"), "{report}");
}

/// Encrypted by Bouncy Castle as mail.
fn theirs_mail(name: &str, cipher: &str) {
    let Some(castle) = BouncyCastle::new() else {
        return;
    };
    castle.done(&["encrypt", name, cipher, "pkcs1", "mail"]);
    assert!(object(&castle.place.read("message")).starts_with(&[0x30, 0x80]));
    let line = format!("decrypt --no-keystore --identity {name}.id message");
    is_message(&castle.place.smime(&line, &[]).done(), "sender", ENTITY);
}

cells! {
    theirs_mail:
    theirs_mail_aes_256_cbc_rsa("rsa", "AES256_CBC"),
    theirs_mail_aes_128_cbc_p256("p256", "AES128_CBC"),
    theirs_mail_aes_256_cbc_p384("p384", "AES256_CBC"),
}

fn ours_pkcs12(name: &str, file: &str) {
    let Some(castle) = BouncyCastle::new() else {
        return;
    };
    castle.done(&["read-pkcs12", name, file, PASSPHRASE]);
    castle
        .ask(&["read-pkcs12", name, file, "another"])
        .unwrap_err();
}

cells! {
    ours_pkcs12:
    ours_pkcs12_rsa("rsa", "rsa.p12"),
    ours_pkcs12_p256("p256", "p256.p12"),
    ours_pkcs12_p384("p384", "p384.p12"),
    ours_pkcs12_legacy("rsa", "rsa.legacy.p12"),
}

fn theirs_pkcs12(name: &str) {
    let Some(castle) = BouncyCastle::new() else {
        return;
    };
    castle.done(&["write-pkcs12", name, "theirs.p12", PASSPHRASE]);
    castle
        .place
        .write("theirs.id", castle.place.read("theirs.p12"));
    castle.place.sign_with(name, "theirs.id", "--opaque");
    castle.place.accepts(name, false);
}

cells! {
    theirs_pkcs12:
    theirs_pkcs12_rsa("rsa"),
    theirs_pkcs12_p256("p256"),
}

/// Signed, then encrypted by us: two layers, opened and judged one after the other.
#[test]
fn ours_signed_then_encrypted() {
    let Some(castle) = BouncyCastle::new() else {
        return;
    };
    castle
        .place
        .encrypt("p384", "--sign --opaque --identity rsa.id");
    castle.done(&["decrypt", "p384", "object"]);
    castle
        .place
        .write("object", object(&castle.place.read("opened")));
    castle.done(&["verify", "rsa", "opaque"]);
    assert_eq!(lf(&castle.place.read("opened")), ENTITY);
    assert_eq!(castle.place.read("content"), crlf(ENTITY).into_bytes());
}
