//! What is verified is not what is shown.

use super::UNSIGNED;
use super::element::{edit, object};
use crate::office::{MAIL, edit_object};
use crate::place::Place;

/// The part that is signed when [`MAIL`] is.
fn signed_part(place: &Place) -> String {
    let mut opaque = object(&place.made(&["sign", "--opaque"], MAIL));
    let content = opaque.inner().at(&[2, 1, 0]).content.clone();
    String::from_utf8(content).unwrap()
}

#[test]
fn a_signed_object_beside_another_body() {
    let place = Place::office();
    let opaque = object(&place.made(&["sign", "--opaque"], MAIL)).write();
    let signed = place
        .signed(MAIL)
        .replace("figures are in", "money is Mallory's");
    let forged = edit_object(&signed, |object| *object = opaque);
    let codes = ["cms.content-differs", "cms.message-digest-mismatch"];
    place.rejects(&["verify"], &forged, &codes);
}

#[test]
fn another_content_inside_the_signature() {
    let place = Place::office();
    let signed = place.signed(MAIL);
    let forged = edit(&signed, |object| object.enclose(UNSIGNED.as_bytes()));
    place.rejects(&["verify"], &forged, &["cms.content-differs"]);
    let twice = edit(&signed, |object| {
        object.enclose(signed_part(&place).as_bytes());
    });
    assert_eq!(place.made(&["-q", "verify"], &twice), MAIL);
}

#[test]
fn a_file_given_beside_a_signed_object() {
    let place = Place::office();
    let mut opaque = object(&place.made(&["sign", "--opaque"], MAIL));
    place.write("signed.p7m", opaque.write());
    place.write("content.txt", UNSIGNED);
    place.write("same.txt", opaque.inner().at(&[2, 1, 0]).content.clone());
    let beside = ["verify", "signed.p7m", "--content"];
    let other = [&beside[..], &["content.txt"]].concat();
    place.rejects(&other, "", &["cms.content-differs"]);
    let same = [&beside[..], &["same.txt", "-q"]].concat();
    assert_eq!(place.run(same).status, 0);
}

#[test]
fn signed_attributes_passed_off_as_content() {
    let place = Place::office();
    let mut signer = object(&place.signed(MAIL)).signers()[0].clone();
    let mut attributes = signer.children.remove(3);
    assert_eq!(attributes.tag, 0xa0);
    attributes.tag = 0x31;
    let forged = edit(&place.made(&["sign", "--opaque"], MAIL), |object| {
        object.enclose(&attributes.write());
        *object.signers() = vec![signer];
    });
    place.rejects(&["verify"], &forged, &["cms.attribute-invalid"]);
}

#[test]
fn certificates_that_sign_nothing_in_the_place_of_a_signature() {
    let place = Place::office();
    let nobody = edit(&place.signed(MAIL), |object| object.signers().clear());
    place.rejects(&["verify"], &nobody, &["cms.signer-missing"]);
}
