use smime::asn1::pem;
use smime::crypto::digest::DigestAlgorithm;

use crate::attacks::element::Element;
use crate::crafted::{Crafted, ISSUES};
use crate::place::Place;

fn alice(key: usize) -> Crafted {
    Crafted::person("Alice", key, "alice@example.com")
}

/// Holds what `smime cert check` shows of a certificate, with a root that is trusted and CAs between.
#[track_caller]
fn check_shows(code: &str, root: &Crafted, between: &[String], certificate: &str, options: &str) {
    let place = Place::new();
    place.write("root.pem", root.issued_by("Root", 0));
    place.write("alice.pem", certificate);
    let mut line = "cert check alice.pem --no-keystore --trust root.pem".to_owned();
    if !between.is_empty() {
        place.write("between.pem", between.concat());
        line += " --untrusted between.pem";
    }
    place.shows(code, &(line + options));
}

fn root() -> Crafted {
    Crafted::authority("Root", 0)
}

#[test]
fn self_signed_untrusted() {
    let alice = alice(1).issued_by("Alice", 1);
    check_shows("path.self-signed-untrusted", &root(), &[], &alice, "");
}

#[test]
fn issuer_unknown() {
    let alice = alice(1).issued_by("Other", 2);
    check_shows("path.issuer-unknown", &root(), &[], &alice, "");
}

#[test]
fn intermediate_missing() {
    let alice = alice(1).pointing_to("http://example.com/ca.cer");
    let alice = alice.issued_by("Between", 2);
    check_shows("path.intermediate-missing", &root(), &[], &alice, "");
}

#[test]
fn signature_invalid() {
    let alice = alice(1).issued_by("Root", 2);
    check_shows("path.signature-invalid", &root(), &[], &alice, "");
}

/// The certificate with another signature algorithm.
fn signed_by(algorithm: &[u8]) -> String {
    let mut certificate = Element::read(&alice(1).der_issued_by("Root", 0));
    for at in [&[0, 2, 0][..], &[1, 0]] {
        certificate.at(at).content = algorithm.to_vec();
    }
    pem::encode("CERTIFICATE", &certificate.write())
}

#[test]
fn signature_algorithm_unsupported() {
    let alice = signed_by(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 0x7f]);
    check_shows(
        "path.signature-algorithm-unsupported",
        &root(),
        &[],
        &alice,
        "",
    );
}

#[test]
fn digest_weak() {
    let alice = alice(1).der_issued_with("Root", 0, Some(DigestAlgorithm::Sha1));
    let alice = pem::encode("CERTIFICATE", &alice);
    check_shows("path.digest-weak", &root(), &[], &alice, "");
}

#[test]
fn issuer_not_ca() {
    let bob = Crafted::person("Bob", 1, "bob@example.com").issued_by("Root", 0);
    let alice = alice(2).issued_by("Bob", 1);
    check_shows("path.issuer-not-ca", &root(), &[bob], &alice, "");
}

#[test]
fn length_exceeded() {
    let root = Crafted::limited_authority("Root", 0, Some(0), ISSUES);
    let between = Crafted::authority("Between", 1).issued_by("Root", 0);
    let alice = alice(2).issued_by("Between", 1);
    check_shows("path.length-exceeded", &root, &[between], &alice, "");
}

#[test]
fn key_cert_sign_missing() {
    // cRLSign alone.
    let between = Crafted::limited_authority("Between", 1, None, &[1, 0x02]);
    let between = between.issued_by("Root", 0);
    let alice = alice(2).issued_by("Between", 1);
    check_shows(
        "path.key-cert-sign-missing",
        &root(),
        &[between],
        &alice,
        "",
    );
}

#[test]
fn name_constraints_violated() {
    let between = Crafted::authority("Between", 1).permitting("example.org");
    let between = between.issued_by("Root", 0);
    let alice = alice(2).issued_by("Between", 1);
    check_shows(
        "path.name-constraints-violated",
        &root(),
        &[between],
        &alice,
        "",
    );
}

#[test]
fn policy_not_accepted() {
    let alice = alice(1).issued_by("Root", 0);
    let options = " --policy-oid 1.2.3.4 --require-explicit-policy";
    check_shows("path.policy-not-accepted", &root(), &[], &alice, options);
}

#[test]
fn search_limit_reached() {
    // Many certificates of one CA, each another candidate above every one of the other name.
    let certificates = |subject, key, issuer, issuer_key| {
        (1..=120_u8).map(move |number| {
            let policy = const_oid::ObjectIdentifier::new(&format!("1.2.{number}")).unwrap();
            let authority = Crafted::authority(subject, key).policy(policy);
            authority.issued_by(issuer, issuer_key)
        })
    };
    let between = certificates("A", 1, "B", 2).chain(certificates("B", 2, "C", 0));
    let alice = alice(0).issued_by("A", 1);
    check_shows(
        "path.search-limit-reached",
        &root(),
        &between.collect::<Vec<_>>(),
        &alice,
        "",
    );
}
