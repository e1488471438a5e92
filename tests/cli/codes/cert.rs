use smime::asn1::oid;
use smime::asn1::pem;

use crate::attacks::element::Element;
use crate::crafted::Crafted;
use crate::place::Place;

/// Holds what `smime cert check` shows of a certificate below a root that is trusted.
#[track_caller]
fn check_shows(code: &str, der: &[u8], options: &str) {
    let place = Place::new();
    place.write(
        "root.pem",
        Crafted::authority("Root", 0).issued_by("Root", 0),
    );
    place.write("certificate.pem", pem::encode("CERTIFICATE", der));
    place.shows(
        code,
        &format!("cert check certificate.pem --no-keystore --trust root.pem{options}"),
    );
}

fn alice() -> Crafted {
    Crafted::person("Alice", 1, "alice@example.com")
}

/// A change of the TBSCertificate, which breaks the signature as well.
fn changed(change: impl FnOnce(&mut Element)) -> Vec<u8> {
    let mut certificate = Element::read(&alice().der_issued_by("Root", 0));
    change(certificate.at(&[0]));
    certificate.write()
}

/// The position of the key in a TBSCertificate, and of the extensions.
const KEY: usize = 6;
const EXTENSIONS: usize = 7;

#[test]
fn encoding_invalid() {
    // An extension that is no DER.
    let der = Crafted::person("Alice", 1, "alice@example.com")
        .with(oid::EXTENDED_KEY_USAGE, b"\x30\x09no".to_vec())
        .der_issued_by("Root", 0);
    check_shows("cert.encoding-invalid", &der, "");
}

#[test]
fn version_unsupported() {
    let der = changed(|tbs| {
        tbs.children.truncate(EXTENSIONS);
        tbs.children.remove(0);
    });
    check_shows("cert.version-unsupported", &der, "");
}

#[test]
fn not_yet_valid() {
    let der = alice().der_issued_by("Root", 0);
    check_shows("cert.not-yet-valid", &der, " --time 2019-01-01");
}

#[test]
fn expired() {
    let der = alice().der_issued_by("Root", 0);
    check_shows("cert.expired", &der, " --time 2040-01-01");
}

#[test]
fn critical_extension_unknown() {
    let der = changed(|tbs| {
        let unknown = Element::constructed(
            0x30,
            vec![
                Element::primitive(0x06, &[0x2a, 0x03, 0x04]),
                Element::primitive(0x01, &[0xff]),
                Element::primitive(0x04, &[0x05, 0x00]),
            ],
        );
        tbs.at(&[EXTENSIONS, 0]).children.push(unknown);
    });
    check_shows("cert.critical-extension-unknown", &der, "");
}

#[test]
fn key_usage_forbids_signing() {
    let place = Place::with_authority();
    place.issue(&["alice@example.com", "--usage=encrypt"]);
    let file = place.certificate_of("store", "alice@example.com");
    place.shows(
        "cert.key-usage-forbids-signing",
        &format!("cert check {file} --purpose sign"),
    );
}

#[test]
fn key_usage_forbids_encryption() {
    let place = Place::with_authority();
    place.issue(&["alice@example.com", "--usage=sign"]);
    let file = place.certificate_of("store", "alice@example.com");
    place.shows(
        "cert.key-usage-forbids-encryption",
        &format!("cert check {file} --purpose encrypt"),
    );
}

#[test]
fn extended_key_usage_forbids_mail() {
    // serverAuth is 1.3.6.1.5.5.7.3.1.
    let purposes = Element::constructed(
        0x30,
        vec![Element::primitive(0x06, &[0x2b, 6, 1, 5, 5, 7, 3, 1])],
    );
    let der = alice()
        .with(oid::EXTENDED_KEY_USAGE, purposes.write())
        .der_issued_by("Root", 0);
    check_shows("cert.extended-key-usage-forbids-mail", &der, "");
}

#[test]
fn address_missing() {
    let der = Crafted::new("Alice", 1).der_issued_by("Root", 0);
    check_shows("cert.address-missing", &der, "");
}

#[test]
fn address_mismatch() {
    let der = alice().der_issued_by("Root", 0);
    check_shows("cert.address-mismatch", &der, " --address bob@example.com");
}

#[test]
fn weak_key() {
    let place = Place::with_authority();
    place.issue(&["-q", "alice@example.com", "--key-type=ec-p224"]);
    let file = place.certificate_of("store", "alice@example.com");
    place.shows("cert.weak-key", &format!("cert check {file}"));
}

#[test]
fn key_unsupported() {
    let der = changed(|tbs| {
        let curve = &mut tbs.at(&[KEY, 0, 1]).content;
        *curve.last_mut().unwrap() = 0x7f;
    });
    check_shows("cert.key-unsupported", &der, "");
}

#[test]
fn is_ca() {
    let place = Place::office();
    let authority = place.authority_of("partner");
    place.shows("cert.is-ca", &format!("cert import {authority}"));
}

#[test]
fn key_mismatch() {
    let place = Place::office();
    let export = |keystore: &str, address: &str, options: &[&str]| {
        let line = [
            &["-k", keystore, "cert", "export", address, "--format=pem"],
            options,
        ]
        .concat();
        let environment = [("SMIME_FILE_PASSPHRASE", "of the file")];
        place
            .run_with(line, &environment, b"")
            .done()
            .text()
            .to_owned()
    };
    let carol = export("partner", "carol@example.net", &["--with-private-key"]);
    let (key, _) = carol.split_once("-----BEGIN CERTIFICATE").unwrap();
    let dave = export("partner", "dave@example.net", &[]);
    place.write("mixed.pem", format!("{key}{dave}"));
    place.shows("cert.key-mismatch", "cert import mixed.pem");
}

#[test]
fn profile_deviation() {
    let place = Place::new();
    place.write("alice.pem", alice().issued_by("Root", 0));
    place.shows(
        "cert.profile-deviation",
        "cert check alice.pem --no-keystore -v",
    );
}

#[test]
fn duplicate() {
    let place = Place::office();
    let file = place.certificate_of("partner", "carol@example.net");
    assert_eq!(place.run(["cert", "import", &file]).status, 0);
    // People are told in other words.
    place.shows("cert.duplicate", &format!("cert import {file} --json"));
}
