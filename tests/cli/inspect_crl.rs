//! `inspect`: certificate revocation lists.

use serde_json::{Value, json};

use crate::office::findings;
use crate::place::Place;

/// A keystore whose CA has revoked one certificate, and the serial number of that.
fn place() -> (Place, String) {
    let place = Place::office();
    let shown = place
        .run(["cert", "show", "bob@example.com", "--json"])
        .done();
    let serial = shown.json()["certificates"][0]["serial"]
        .as_str()
        .unwrap()
        .to_owned();
    let revoke = ["cert", "revoke", "bob@example.com", "--reason=superseded"];
    assert_eq!(place.run(revoke).status, 0);
    place
        .run(["ca", "crl", "--format=der", "-o", "ca.crl"])
        .done();
    place.run(["ca", "export", "-o", "ca.pem"]).done();
    (place, serial)
}

/// What is found out about the only CRL in the file.
#[track_caller]
fn list(document: &Value) -> &Value {
    let lists = document["crls"].as_array().unwrap();
    assert_eq!(lists.len(), 1);
    &lists[0]
}

#[test]
fn what_it_says_and_whether_it_can_be_believed() {
    let (place, serial) = place();
    let octets = place.read("ca.crl");
    let (text, document) = place.inspect(&[], &octets);
    let list = list(&document);
    let date = list["revoked"][0]["date"].as_str().unwrap();
    let day = date.split('T').next().unwrap();
    let line = format!("\nentries      1\nrevoked      {serial}, {day}, superseded\n");
    assert!(text.contains(&line), "{text}");
    assert!(
        text.ends_with("\nchecks       signature pass, validity pass\n\nnext step: none\n"),
        "{text}"
    );
    assert_eq!(list["revoked"][0]["serial"], serial);
    assert_eq!(
        list["checks"],
        json!({"signature": "pass", "validity": "pass"})
    );
    assert_eq!((&list["entries"], &list["only"]), (&json!(1), &json!([])));

    // Without its issuer the signature says nothing; the issuer may be given, or in the same file.
    let (_, document) = place.inspect(&["--no-keystore"], &octets);
    assert_eq!(self::list(&document)["checks"]["signature"], "not-checked");
    let (_, document) = place.inspect(&["--no-keystore", "--trust=ca.pem"], &octets);
    assert_eq!(self::list(&document)["checks"]["signature"], "pass");
    place.run(["ca", "crl", "-o", "pem.crl"]).done();
    let both = [place.read("ca.pem"), place.read("pem.crl")].concat();
    let (_, document) = place.inspect(&["--no-keystore"], both);
    assert_eq!(self::list(&document)["checks"]["signature"], "pass");
}

#[test]
fn what_is_wrong_with_it() {
    let (place, _) = place();
    let mut octets = place.read("ca.crl");
    let (text, document) = place.inspect(&["--time=2100-01-01"], &octets);
    assert_eq!(findings(&document, "reject"), ["crl.stale"]);
    assert!(
        text.contains("\nchecks       signature pass, validity fail\nreject crl.stale\n"),
        "{text}"
    );
    let early = place.inspect(&["--time=2000-01-01"], &octets).1;
    assert_eq!(findings(&early, "reject"), ["crl.stale"]);
    let last = octets.len() - 1;
    octets[last] ^= 1;
    let (text, document) = place.inspect(&[], &octets);
    assert_eq!(findings(&document, "reject"), ["crl.signature-invalid"]);
    assert!(
        text.contains("\nchecks       signature fail, validity pass\n"),
        "{text}"
    );
    assert!(!text.ends_with("next step: none\n"), "{text}");
}

#[test]
fn long_lists_are_cut_for_people() {
    let place = Place::office();
    for number in 0..12 {
        let address = format!("user{number}@example.com");
        assert_eq!(
            place
                .run(["cert", "issue", &address, "--key-type=ec-p256"])
                .status,
            0
        );
        assert_eq!(place.run(["cert", "revoke", &address]).status, 0);
    }
    let crl = place.run(["ca", "crl"]).done().stdout;
    let (text, document) = place.inspect(&[], &crl);
    assert_eq!(text.matches("\nrevoked ").count(), 10);
    assert!(
        text.contains("\n             and 2 more, which --verbose shows\n"),
        "{text}"
    );
    assert_eq!(list(&document)["revoked"].as_array().unwrap().len(), 12);
    let (text, _) = place.inspect(&["-v"], &crl);
    assert_eq!(text.matches("\nrevoked ").count(), 12);
}
