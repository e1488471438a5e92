//! The structure of CMS objects.

use smime::limits;

use super::{bounded, hold};
use crate::attacks::element::{Element, edit, object};
use crate::office::MAIL;
use crate::place::Place;

const INVALID: Option<(i32, &str)> = Some((1, "cms.encoding-invalid"));

/// Makes the elements of a list so many, all like the first.
fn repeat(elements: &mut Vec<Element>, count: usize) {
    let first = elements[0].clone();
    elements.resize(count, first);
}

#[test]
fn parts_of_signed_data() {
    let place = Place::office();
    let signed = place.signed(MAIL);
    for (list, most) in [
        (
            Element::certificates as fn(&mut Element) -> &mut Vec<Element>,
            limits::CERTIFICATES,
        ),
        (Element::signers, limits::SIGNERS),
        (
            |object| &mut object.at(&[1, 0, 1]).children,
            limits::DIGEST_ALGORITHMS,
        ),
    ] {
        let with = |count| edit(&signed, |object| repeat(list(object), count));
        hold(&place, &["verify"], &with(most), None);
        hold(&place, &["verify"], &with(most + 1), INVALID);
        hold(&place, &["verify"], &with(20 * most), INVALID);
    }
}

#[test]
fn recipients() {
    let place = Place::office();
    let encrypted = place.made(&["encrypt"], MAIL);
    let with = |count| {
        edit(&encrypted, |object| {
            let recipients = object
                .inner()
                .children
                .iter_mut()
                .find(|field| field.tag == 0x31);
            repeat(&mut recipients.unwrap().children, count);
        })
    };
    let most = limits::RECIPIENTS;
    hold(&place, &["decrypt"], &with(most), None);
    hold(&place, &["decrypt"], &with(most + 1), INVALID);
}

#[test]
fn elements_in_elements() {
    let place = Place::office();
    // The content in pieces of pieces.
    let signed = place.made(&["sign", "--opaque"], MAIL);
    let nested = |levels: usize| {
        edit(&signed, |object| {
            let content = object.at(&[1, 0, 2, 1, 0]);
            for _ in 0..levels {
                *content = Element::constructed(0x24, vec![content.clone()]);
            }
        })
    };
    hold(&place, &["verify"], &nested(limits::BER_DEPTH - 10), None);
    hold(&place, &["verify"], &nested(limits::BER_DEPTH), INVALID);
    hold(&place, &["verify"], &nested(1_000), INVALID);
}

#[test]
fn elements_that_are_read_whole() {
    let place = Place::office();
    let signed = place.signed(MAIL);
    let large = edit(&signed, |object| {
        let attributes = &mut object.signers()[0].children[3].children;
        let text = Element::primitive(0x04, &vec![0; limits::BER_ELEMENT]);
        // An attribute of a private arc.
        let id = Element::primitive(0x06, &[0x2b, 6, 1, 4, 1, 1]);
        let values = Element::constructed(0x31, vec![text]);
        attributes.push(Element::constructed(0x30, vec![id, values]));
    });
    hold(&place, &["verify"], &large, INVALID);
}

#[test]
fn elements_that_are_listed() {
    let place = Place::office();
    let mut signature = object(&place.signed(MAIL));
    let nulls = vec![Element::primitive(0x05, &[]); limits::ASN1_ELEMENTS];
    let many = Element::constructed(0x30, nulls);
    signature.certificates().push(many);
    place.write("smime.p7s", signature.write());
    let inspect = ["inspect", "--asn1", "smime.p7s"];
    let run = bounded(&place, &[&inspect[..], &["--json"]].concat(), "");
    assert_eq!(run.status, 0, "{}", run.stderr);
    let told = "more than 100000 elements; without --json all are shown";
    assert!(run.text().contains(told));
    let run = bounded(&place, &inspect, "");
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(run.text().lines().count() > limits::ASN1_ELEMENTS);
}
