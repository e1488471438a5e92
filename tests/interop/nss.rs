//! NSS, which Thunderbird is built on: cmsutil, certutil and pk12util. They know CMS objects and no
//! mail. NSS 3.87 reads no AuthEnvelopedData, no OAEP, and of EC keys nothing but signatures.

use crate::peer::{Peer, Run};
use crate::place::{ENTITY, PASSPHRASE, Place, crlf, object};

/// A place whose files are a database of NSS too, with our CA in it.
struct Database {
    place: Place,
    cmsutil: Peer,
}

impl Database {
    /// With the keys of these parties, from our export.
    fn with(names: &[&str]) -> Option<Database> {
        let database = Database {
            cmsutil: Peer::cmsutil()?,
            place: Place::new()?,
        };
        database
            .run("certutil", "-N -d sql:. --empty-password", &[])
            .done();
        let line = "-A -d sql:. -n ca -t ,C, -i ca.pem";
        database.run("certutil", line, &[]).done();
        for name in names {
            let line = format!("-i {name}.p12 -d sql:. -W");
            database.run("pk12util", &line, &[PASSPHRASE]).done();
        }
        Some(database)
    }

    fn run(&self, program: &'static str, line: &str, more: &[&str]) -> Run {
        self.place.run(self.cmsutil.beside(program), line, more)
    }

    fn cmsutil(&self, line: &str) -> Run {
        self.place.run(self.cmsutil, line, &["-d", "sql:."])
    }
}

/// What we issued, as a signer's and a recipient's certificate.
fn issued(name: &str) {
    let Some(database) = Database::with(&[name]) else {
        return;
    };
    for usage in ["S", "R"] {
        let line = format!("-V -d sql:. -n {name}@example.com -u {usage}");
        let verdict = database.run("certutil", &line, &[]).done();
        assert_eq!(
            String::from_utf8(verdict).unwrap(),
            "certutil: certificate is valid\n"
        );
    }
}

cells! {
    issued:
    issued_rsa("rsa"),
    issued_p256("p256"),
    issued_p384("p384"),
}

/// Our multipart/signed: the part that was signed, and the signature.
fn ours_clear(name: &str) {
    let Some(database) = Database::with(&[]) else {
        return;
    };
    database.place.sign(name, "");
    let content = database.cmsutil("-D -i object -c content").done();
    assert_eq!(String::from_utf8(content).unwrap(), crlf(ENTITY));
    database.place.alter();
    let run = database.cmsutil("-D -i object -c altered");
    assert!(!run.succeeded, "{run:?}");
    assert!(run.stderr.contains("DigestMismatch"), "{run:?}");
}

cells! {
    ours_clear:
    ours_clear_rsa("rsa"),
    ours_clear_p256("p256"),
    ours_clear_p384("p384"),
    ours_clear_p521("p521"),
}

fn ours_opaque(name: &str) {
    let Some(database) = Database::with(&[]) else {
        return;
    };
    database.place.sign(name, "--opaque");
    let content = database.cmsutil("-D -i object").done();
    assert_eq!(String::from_utf8(content).unwrap(), crlf(ENTITY));
}

cells! {
    ours_opaque:
    ours_opaque_rsa("rsa"),
    ours_opaque_p256("p256"),
    ours_opaque_p384("p384"),
    ours_opaque_p521("p521"),
}

/// Signed by NSS with these options.
fn theirs(name: &str, options: &str) {
    let Some(database) = Database::with(&[name]) else {
        return;
    };
    let line = format!("-S -N {name}@example.com {options} -i content -o object");
    database.cmsutil(&line).done();
    database.place.accepts(name, options.contains("-T"));
}

cells! {
    theirs:
    theirs_detached_rsa("rsa", "-T -G -P -Y rsa@example.com"),
    theirs_detached_p256("p256", "-T -G -P -Y p256@example.com"),
    theirs_detached_p384("p384", "-T -G -P"),
    theirs_detached_rsa_sha512("rsa", "-T -G -H SHA512"),
    theirs_opaque_rsa("rsa", "-G -P"),
    theirs_opaque_p256("p256", "-G -P"),
    theirs_opaque_p384("p384", "-G -P"),
    theirs_opaque_p521_sha512("p521", "-G -H SHA512"),
    theirs_opaque_p384_sha384("p384", "-G -H SHA384"),
    theirs_without_attributes("rsa", ""),
}

fn ours_encrypted(name: &str, options: &str) {
    let Some(database) = Database::with(&[name]) else {
        return;
    };
    database.place.encrypt(name, options);
    let content = database.cmsutil("-D -i object").done();
    assert_eq!(String::from_utf8(content).unwrap(), crlf(ENTITY));
}

cells! {
    ours_encrypted:
    ours_aes_128_cbc_rsa("rsa", "--cipher aes-128-cbc"),
    ours_aes_256_cbc_rsa("rsa", "--cipher aes-256-cbc"),
}

#[test]
fn theirs_encrypted_rsa() {
    let Some(database) = Database::with(&["rsa"]) else {
        return;
    };
    database
        .cmsutil("-E -r rsa@example.com -i content -o object")
        .done();
    database.place.opens("rsa");
}

/// Signed, then encrypted by us; opened and judged by NSS in one run.
#[test]
fn ours_signed_then_encrypted() {
    let Some(database) = Database::with(&["rsa"]) else {
        return;
    };
    let place = &database.place;
    place.encrypt("rsa", "--sign --opaque --identity p256.id");
    let inside = database.cmsutil("-D -i object -o inside");
    inside.done();
    // NSS writes the content of the layer; that is a message with an object of its own.
    place.write("object", object(&place.read("inside")));
    let content = database.cmsutil("-D -i object").done();
    assert_eq!(String::from_utf8(content).unwrap(), crlf(ENTITY));
}

/// A file of certificates alone.
#[test]
fn theirs_certificates_only() {
    let Some(database) = Database::with(&["rsa"]) else {
        return;
    };
    database.cmsutil("-O -r rsa@example.com -o only.p7c").done();
    let line = "cert check --no-keystore --trust ca.pem only.p7c";
    database.place.smime(line, &[]).done();
}

/// A PKCS #12 file of NSS serves as an identity.
fn theirs_pkcs12(name: &str, options: &str) {
    let Some(database) = Database::with(&[name]) else {
        return;
    };
    let line = format!("-o theirs.p12 -n {name}@example.com -d sql:. {options} -W");
    database.run("pk12util", &line, &[PASSPHRASE]).done();
    let place = &database.place;
    place.write("theirs.id", place.read("theirs.p12"));
    place.sign_with(name, "theirs.id", "--opaque");
    place.accepts(name, false);
}

cells! {
    theirs_pkcs12:
    theirs_pkcs12_rsa("rsa", ""),
    theirs_pkcs12_p256("p256", ""),
    theirs_pkcs12_aes("rsa", "-c AES-256-CBC -C AES-128-CBC"),
}

#[test]
fn ours_pkcs12_legacy() {
    let Some(database) = Database::with(&[]) else {
        return;
    };
    let line = "-i rsa.legacy.p12 -d sql:. -W";
    database.run("pk12util", line, &[PASSPHRASE]).done();
}

/// What NSS 3.87 does not read, and what it says.
fn cannot_read(name: &str, options: &str, complaint: &str) {
    let Some(database) = Database::with(&[name]) else {
        return;
    };
    database.place.encrypt(name, options);
    let run = database.cmsutil("-D -i object");
    assert!(!run.succeeded, "NSS reads it now: move the cell");
    assert!(run.stderr.contains(complaint), "{run:?}");
}

cells! {
    cannot_read:
    cannot_read_aes_256_gcm("rsa", "--cipher aes-256-gcm", "SEC_ERROR_UNRECOGNIZED_OID"),
    cannot_read_oaep("rsa", "--oaep", "SEC_ERROR_UNSUPPORTED_KEYALG"),
    cannot_read_ecdh("p256", "", "SEC_ERROR_BAD_DER"),
    // Its template for key agreement does not fit, OpenSSL's messages included, so that it does not
    // get to its own recipient.
    cannot_read_rsa_beside_ecdh("rsa", "--certificate p256.pem", "SEC_ERROR_BAD_DER"),
}

#[test]
fn cannot_encrypt_to_p256() {
    let Some(database) = Database::with(&["p256"]) else {
        return;
    };
    let run = database.cmsutil("-E -r p256@example.com -i content -o object");
    assert!(!run.succeeded, "NSS writes it now: move the cell");
    assert!(
        run.stderr.contains("SEC_ERROR_INVALID_ALGORITHM"),
        "{run:?}"
    );
}

/// NSS has no use for the curve. Mostly it says so; now and then it gets as far as the signature, which it
/// then takes for a bad one.
#[test]
fn cannot_verify_p224() {
    let Some(database) = Database::with(&[]) else {
        return;
    };
    database.place.sign("p224", "");
    let run = database.cmsutil("-D -i object -c content");
    assert!(!run.succeeded, "NSS reads it now: move the cell");
    let known = ["ELLIPTIC_CURVE", "BAD_SIGNATURE"];
    assert!(
        known.iter().any(|code| run.stderr.contains(code)),
        "{run:?}"
    );
}
