//! Signatures of others, too many and too few.

use super::element::{Element, edit, object};
use crate::office::{MAIL, finding};
use crate::place::Place;

/// The message, signed by Bob, whose certificate is as good as Alice's.
fn signed_by_bob(place: &Place) -> String {
    let run = place.filter(&["-q", "sign", "--signer", "bob@example.com"], MAIL);
    assert_eq!(run.status, 0, "{run:?}");
    run.text().to_owned()
}

#[test]
fn somebody_elses_signature() {
    let place = Place::office();
    place.rejects(
        &["verify"],
        &signed_by_bob(&place),
        &["smime.from-mismatch"],
    );
}

#[test]
fn a_foreign_signature_beside_the_authors() {
    let place = Place::office();
    let mut bobs = object(&signed_by_bob(&place));
    let both = edit(&place.signed(MAIL), |object| {
        object.signers().append(bobs.signers());
        object.certificates().append(bobs.certificates());
    });
    let document = place.rejects(&["verify"], &both, &["smime.from-mismatch"]);
    let signers = document["layers"][0]["signers"].as_array().unwrap();
    let verdicts: Vec<_> = signers.iter().map(|signer| &signer["verdict"]).collect();
    assert_eq!(verdicts, ["accepted", "rejected"]);
    assert_eq!(finding(&document, "smime.from-mismatch")["signer"], 1);
}

#[test]
fn a_signature_taken_from_another_message() {
    let place = Place::office();
    let other = place.signed(&MAIL.replace("the figures are in", "another text"));
    let mut other = object(&other);
    let signed = place.signed(MAIL);
    let replaced = edit(&signed, |object| {
        *object.signers() = other.signers().clone()
    });
    place.rejects(&["verify"], &replaced, &["cms.message-digest-mismatch"]);
    let added = edit(&signed, |object| object.signers().append(other.signers()));
    place.rejects(&["verify"], &added, &["cms.message-digest-mismatch"]);
}

#[test]
fn a_certificate_of_the_same_name_by_another_ca() {
    let place = Place::office();
    let at = |arguments: &[&str]| {
        let run = place.run([&["-q", "-k", "mallory"], arguments].concat());
        assert_eq!(run.status, 0, "{run:?}");
    };
    at(&[
        "ca",
        "init",
        "--no-passphrase",
        "--key-type=ec-p256",
        "--name=Example CA",
    ]);
    at(&["cert", "issue", "alice@example.com", "--key-type=ec-p256"]);
    let forged = place.made(&["-k", "mallory", "sign", "--include=chain"], MAIL);
    place.rejects(&["verify"], &forged, &["path.self-signed-untrusted"]);
}

#[test]
fn another_certificate_of_the_same_key() {
    let place = Place::office();
    let signed = place.signed(MAIL);
    let run = place.run(["cert", "renew", "alice@example.com"]);
    assert_eq!(run.status, 0, "{run:?}");
    let export = ["cert", "export", "alice@example.com", "--format=der"];
    let mut renewed = Element::read(&place.run(export).done().stdout);
    let (serial, issuer) = (renewed.at(&[0, 1]).clone(), renewed.at(&[0, 3]).clone());
    let forged = edit(&signed, |object| {
        assert_ne!(object.certificates()[0].write(), renewed.write());
        *object.certificates() = vec![renewed];
        object.signers()[0].children[1].children = vec![issuer, serial];
    });
    place.rejects(&["verify"], &forged, &["cms.signing-certificate-mismatch"]);
}
