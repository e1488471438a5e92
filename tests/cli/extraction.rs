//! Certificates that are taken from mail.

use serde_json::json;

use crate::office::{MAIL, from_carol};
use crate::place::Place;
use crate::rollover::{CAROL, stored, trusting, verify};

/// A message to Carol.
pub(crate) fn to_carol() -> String {
    MAIL.replace("Bob <bob@example.com>", "Carol <carol@example.net>")
}

fn fingerprint(place: &Place, keystore: &str, address: &str) -> String {
    let listed = place.run([
        "-k",
        keystore,
        "cert",
        "list",
        "--json",
        "--address",
        address,
    ]);
    listed.done().json()["certificates"][0]["sha256"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn from_a_first_signed_mail_to_an_encrypted_answer() {
    let place = trusting();
    let run = place.filter(&["encrypt"], &to_carol());
    assert_eq!(run.status, 67, "{run:?}");
    let sha256 = fingerprint(&place, "partner", CAROL);
    let told = format!(
        "smime: accepted: signed by carol@example.net\n\
         smime: certificate {} of carol@example.net: stored\n",
        &sha256[..16]
    );
    let signed = place.signed_by_carol();
    let run = place.filter(&["verify"], &signed).ended(0, &told);
    assert_eq!(run.text(), from_carol());
    assert_eq!(stored(&place, CAROL), ["third-party extracted"]);
    let known = verify(&place, &[], &signed, 0);
    let extracted = json!([{"address": CAROL, "sha256": sha256, "outcome": "known", "code": ""}]);
    assert_eq!(known["extracted"], extracted);
    let shown = place.run(["cert", "show", CAROL]).done();
    assert!(
        shown.text().contains("message 1@example.com, accepted\n"),
        "{shown:?}"
    );
    let reads: Vec<_> = shown
        .text()
        .lines()
        .skip_while(|line| !line.starts_with("reads"))
        .collect();
    assert_eq!(reads[0], "reads        aes-256-gcm");
    assert!(
        reads.contains(&"             rsa-oaep with sha256"),
        "{reads:?}"
    );
    let document = place.run(["cert", "show", "--json", CAROL]).done().json();
    assert_eq!(
        document["certificates"][0]["capabilities"][0],
        "aes-256-gcm"
    );

    // The mail announced AES-GCM.
    let answer = place.made(&["encrypt", "--sign"], &to_carol());
    let authority = place.authority_of("store");
    let read = ["-k", "partner", "verify", "--trust", &authority];
    let told =
        "smime: accepted: auth-enveloped with aes-256-gcm, inside it signed by alice@example.com\n";
    let run = place
        .filter(&[&read[..], &["--no-extract"]].concat(), &answer)
        .ended(0, told);
    assert_eq!(run.text(), to_carol());
}

/// Who signs with one key has mail encrypted to another, which the encryption key preference names.
#[test]
fn the_certificate_that_mail_is_to_be_encrypted_to() {
    let place = trusting();
    let partner = |arguments: &[&str]| {
        let run = place.run(["-k", "partner"].iter().chain(arguments)).done();
        run.text().trim().to_owned()
    };
    let both = fingerprint(&place, "partner", CAROL);
    partner(&["-q", "cert", "remove", &both]);
    let signing = partner(&["cert", "issue", CAROL, "--usage", "sign"]);
    let encryption = partner(&["cert", "issue", CAROL, "--usage", "encrypt"]);
    let document = verify(&place, &[], &place.signed_by_carol(), 0);
    let taken =
        |sha256| json!({"address": CAROL, "sha256": sha256, "outcome": "stored", "code": ""});
    let extracted = json!([taken(&signing), taken(&encryption)]);
    assert_eq!(document["extracted"], extracted);
    let shown = place.run(["cert", "show", "--json", &encryption]);
    let shown = &shown.done().json()["certificates"][0];
    assert_eq!(shown["origin"], "extracted");
    assert_eq!(shown["usage"], json!(["encrypt"]));
    assert_eq!(shown["capabilities"][0], "aes-256-gcm");
    // The answer is for that key, and she reads it.
    let answer = place.made(&["encrypt"], &to_carol());
    let inspected = place.filter(&["inspect", "--json"], &answer).json();
    let recipients = &inspected["layers"][0]["recipients"];
    assert_eq!(recipients.as_array().unwrap().len(), 1);
    assert_eq!(recipients[0]["serial"], shown["serial"]);
    let read = place.filter(&["-k", "partner", "-q", "decrypt"], &answer);
    assert_eq!((read.status, read.text()), (0, &*to_carol()));
}

#[test]
fn nothing_is_taken_from_mail_that_is_rejected_or_where_nothing_is_to_be_taken() {
    let place = Place::office();
    let signed = place.signed_by_carol();
    assert_eq!(verify(&place, &[], &signed, 1)["extracted"], json!([]));
    let authority = place.authority_of("partner");
    place.run(["-q", "trust", "add", &authority]).done();
    let tampered = signed.replace("are in", "are out");
    assert_eq!(verify(&place, &[], &tampered, 1)["extracted"], json!([]));
    let forged = signed.replace("Carol <carol@", "Carol <eve@");
    assert_eq!(verify(&place, &[], &forged, 1)["extracted"], json!([]));
    let envelope = ["--envelope-from", "eve@example.net"];
    assert_eq!(
        verify(&place, &envelope, &signed, 1)["extracted"],
        json!([])
    );
    let later = ["--time=2040-01-01"];
    assert_eq!(verify(&place, &later, &signed, 1)["extracted"], json!([]));
    assert_eq!(
        verify(&place, &["--no-extract"], &signed, 0)["extracted"],
        json!([])
    );
    let alone = ["--no-keystore", "--trust", &authority];
    assert_eq!(verify(&place, &alone, &signed, 0)["extracted"], json!([]));
    place.run(["settings", "extraction", "off"]).done();
    assert_eq!(verify(&place, &[], &signed, 0)["extracted"], json!([]));
    assert_eq!(stored(&place, CAROL), [""; 0]);
    place.run(["settings", "extraction", "on"]).done();
    assert_eq!(
        verify(&place, &[], &signed, 0)["extracted"][0]["outcome"],
        "stored"
    );
}

/// Only what was imported by hand is pinned.
#[test]
fn a_change_of_an_extracted_certificate_is_no_news() {
    let place = trusting();
    verify(&place, &[], &place.signed_by_carol(), 0);
    let issue = ["-k", "partner", "cert", "issue", CAROL];
    let new = place.run(issue).done().text().trim().to_owned();
    let new = place.made(&["-k", "partner", "sign", "--signer", &new], &from_carol());
    let document = verify(&place, &[], &new, 0);
    assert_eq!(document["findings"], json!([]));
    assert_eq!(document["extracted"][0]["outcome"], "stored");
    assert_eq!(
        stored(&place, CAROL),
        ["third-party extracted", "third-party extracted"]
    );
}
