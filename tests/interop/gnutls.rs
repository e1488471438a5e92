//! GnuTLS: certtool, which signs and verifies PKCS #7 objects, encrypts none, and knows no mail.

use crate::peer::Peer;
use crate::place::{ENTITY, PASSPHRASE, Place, crlf, lf};

/// What we issued.
fn issued(name: &str) {
    let Some(certtool) = Peer::certtool() else {
        return;
    };
    let Some(place) = Place::new() else { return };
    let line = format!(
        "--verify --verify-purpose 1.3.6.1.5.5.7.3.4 --verify-email {name}@example.com \
         --load-ca-certificate ca.pem --infile {name}.pem"
    );
    place.run(certtool, &line, &[]).done();
    let line = line.replace(&format!("{name}@"), "another@");
    assert!(!place.run(certtool, &line, &[]).succeeded);
}

cells! {
    issued:
    issued_rsa("rsa"),
    issued_p256("p256"),
    issued_p384("p384"),
}

fn ours(name: &str, options: &str) {
    let Some(certtool) = Peer::certtool() else {
        return;
    };
    let Some(place) = Place::new() else { return };
    place.sign(name, options);
    let line = "--p7-verify --load-ca-certificate ca.pem --inder --infile object";
    if options.contains("--opaque") {
        place.run(certtool, line, &[]).done();
        let shown = place.run(certtool, line, &["--p7-show-data"]).done();
        assert!(lf(&shown).contains(ENTITY), "{}", lf(&shown));
    } else {
        place
            .run(certtool, line, &["--load-data", "content"])
            .done();
        place.alter();
        let run = place.run(certtool, line, &["--load-data", "altered"]);
        assert!(!run.succeeded, "{run:?}");
    }
}

cells! {
    ours:
    ours_clear_rsa("rsa", ""),
    ours_clear_p256("p256", ""),
    ours_clear_p384("p384", ""),
    ours_clear_p521("p521", ""),
    ours_clear_p224("p224", ""),
    ours_clear_ed25519("ed25519", ""),
    ours_opaque_p521("p521", "--opaque"),
    ours_opaque_ed25519("ed25519", "--opaque"),
    ours_clear_rsa_sha512("rsa", "--digest sha512"),
    ours_opaque_rsa("rsa", "--opaque"),
    ours_opaque_p256("p256", "--opaque"),
    ours_opaque_p384("p384", "--opaque"),
}

fn theirs(name: &str, options: &str) {
    let Some(certtool) = Peer::certtool() else {
        return;
    };
    let Some(place) = Place::new() else { return };
    let line = format!(
        "{options} --load-certificate {name}.pem --load-privkey {name}.key --infile content \
         --outder --outfile object"
    );
    place.run(certtool, &line, &[]).done();
    place.accepts(name, options.contains("--p7-detached-sign"));
}

cells! {
    theirs:
    theirs_detached_rsa("rsa", "--p7-detached-sign --p7-time"),
    theirs_detached_p256("p256", "--p7-detached-sign --p7-time"),
    theirs_detached_p384("p384", "--p7-detached-sign --p7-time --hash sha384"),
    theirs_detached_rsa_sha512("rsa", "--p7-detached-sign --hash sha512"),
    theirs_opaque_rsa("rsa", "--p7-sign --p7-time"),
    theirs_opaque_p256("p256", "--p7-sign --p7-time"),
    theirs_opaque_p384("p384", "--p7-sign --p7-time"),
    theirs_opaque_p521("p521", "--p7-sign --p7-time --hash sha512"),
    theirs_opaque_ed25519("ed25519", "--p7-sign --p7-time --hash sha512"),
    theirs_opaque_p224("p224", "--p7-sign --p7-time"),
    theirs_without_attributes("rsa", "--p7-sign"),
    // Ed25519 signs the content itself then (RFC 8419 section 3.2).
    theirs_without_attributes_ed25519("ed25519", "--p7-sign --hash sha512"),
    theirs_detached_ed25519_without_attributes(
        "ed25519",
        "--p7-detached-sign --hash sha512",
    ),
    theirs_without_certificate("p256", "--p7-sign --no-p7-include-cert"),
}

/// Our PKCS #12 file, under the password that keeps it.
fn ours_pkcs12(file: &str) {
    let Some(certtool) = Peer::certtool() else {
        return;
    };
    let Some(place) = Place::new() else { return };
    let line = format!("--p12-info --inder --infile {file} --password");
    let shown = lf(&place.run(certtool, &line, &[PASSPHRASE]).done());
    let label = "-----BEGIN ENCRYPTED PRIVATE KEY-----";
    assert_eq!(shown.matches(label).count(), 1, "{shown}");
    let certificates = shown.matches("-----BEGIN CERTIFICATE-----").count();
    assert_eq!(certificates, 2, "its own and the CA's: {shown}");
    let run = place.run(certtool, &line, &["not the password"]);
    assert!(!run.succeeded, "{run:?}");
}

cells! {
    ours_pkcs12:
    ours_pkcs12_rsa("rsa.p12"),
    ours_pkcs12_p256("p256.p12"),
    ours_pkcs12_p384("p384.p12"),
    ours_pkcs12_legacy("rsa.legacy.p12"),
}

/// A PKCS #12 file of GnuTLS serves as an identity.
fn theirs_pkcs12(name: &str, options: &str) {
    let Some(certtool) = Peer::certtool() else {
        return;
    };
    let Some(place) = Place::new() else { return };
    let line = format!(
        "--to-p12 --load-certificate {name}.pem --load-privkey {name}.key --p12-name theirs \
         --load-ca-certificate ca.pem {options} --outder --outfile theirs.p12 --password"
    );
    place.run(certtool, &line, &[PASSPHRASE]).done();
    place.write("theirs.id", place.read("theirs.p12"));
    place.sign_with(name, "theirs.id", "--opaque");
    place.accepts(name, false);
}

cells! {
    theirs_pkcs12:
    theirs_pkcs12_rsa("rsa", ""),
    theirs_pkcs12_p256("p256", ""),
    theirs_pkcs12_legacy("rsa", "--pkcs-cipher 3des-pkcs12"),
}

/// certtool opens no EnvelopedData: it has no option for it, and takes the object for no PKCS #7
/// signature.
#[test]
fn cannot_decrypt() {
    let Some(certtool) = Peer::certtool() else {
        return;
    };
    let Some(place) = Place::new() else { return };
    place.encrypt("rsa", "");
    let run = place.run(certtool, "--p7-info --inder --infile object", &[]);
    assert!(!run.succeeded, "GnuTLS reads it now: move the cell");
    let help = lf(&place.run(certtool, "--help", &[]).done());
    assert!(!help.contains("--p7-decrypt") && !help.contains("--p7-encrypt"));
    assert_eq!(place.read("content"), crlf(ENTITY).into_bytes());
}
