//! Header fields inside and outside of what is protected.

use crate::office::{MAIL, finding, findings};
use crate::place::Place;

/// [`MAIL`], signed by its author with its header.
fn protected(place: &Place) -> String {
    let signed = place.made(&["sign", "--protect-headers"], MAIL);
    assert_eq!(signed.matches("alice@example.com").count(), 2, "{signed}");
    signed
}

/// [`MAIL`], signed and encrypted with its header.
fn hidden(place: &Place) -> String {
    let arguments = [
        "encrypt",
        "--sign",
        "--protect-headers",
        "--cipher=aes-256-gcm",
    ];
    place.made(&arguments, MAIL)
}

#[test]
fn another_author_outside() {
    let place = Place::office();
    for message in [protected(&place), hidden(&place)] {
        let forged = message.replacen("Alice <alice@example.com>", "Bob <bob@example.com>", 1);
        let code = "smime.protected-header-mismatch";
        place.rejects(&["verify"], &forged, &[code]);
        let twice = message.replacen("From:", "From: bob@example.com\r\nFrom:", 1);
        place.rejects(&["verify"], &twice, &[code]);
    }
}

#[test]
fn another_author_inside() {
    let place = Place::office();
    let arguments = [
        "-q",
        "sign",
        "--protect-headers",
        "--signer",
        "bob@example.com",
    ];
    let run = place.filter(&arguments, MAIL);
    place.rejects(&["verify"], run.text(), &["smime.from-mismatch"]);
    let outside = run.text().replacen("Alice <alice@", "Bob <bob@", 1);
    let codes = ["smime.protected-header-mismatch", "smime.from-mismatch"];
    place.rejects(&["verify"], &outside, &codes);
}

#[test]
fn two_authors_inside() {
    let place = Place::office();
    let mail = MAIL.replacen("From:", "From: bob@example.com\r\nFrom:", 1);
    let arguments = [
        "-q",
        "sign",
        "--protect-headers",
        "--signer",
        "alice@example.com",
    ];
    let run = place.filter(&arguments, &mail);
    assert_eq!(run.status, 0, "{run:?}");
    let one = run.text().replacen("From: bob@example.com\r\n", "", 1);
    let run = place.filter(&["verify", "--json"], &one);
    assert_eq!(run.status, 1, "{run:?}");
    assert!(findings(&run.json(), "reject").contains(&"mail.multiple-from"));
}

#[test]
fn another_subject_outside() {
    let place = Place::office();
    for message in [protected(&place), hidden(&place)] {
        let shown = message.replacen("Subject: ", "Subject: Pay Mallory, not ", 1);
        let code = "smime.protected-header-mismatch";
        place.accepts_with(&["verify"], &shown, "warning", code);
        let released = String::from_utf8(place.read("out.eml")).unwrap();
        assert!(released.contains("\r\nSubject: Figures\r\n"), "{released}");
        assert!(!released.contains("Mallory"), "{released}");
    }
}

#[test]
fn fields_that_only_stand_outside() {
    let place = Place::office();
    for message in [protected(&place), hidden(&place)] {
        let added = message.replacen("To:", "Reply-To: mallory@example.net\r\nTo:", 1);
        let code = "smime.protected-header-mismatch";
        place.accepts_with(&["verify"], &added, "warning", code);
        let released = String::from_utf8(place.read("out.eml")).unwrap();
        assert!(!released.contains("mallory"), "{released}");
    }
}

#[test]
fn encryption_claimed_in_what_is_only_signed() {
    let place = Place::office();
    // What the receiver of an encrypted message can pass on as though it had never been encrypted.
    let opened = place.made(&["-q", "decrypt"], &hidden(&place));
    assert!(opened.contains("hp=\"cipher\"") && opened.contains("HP-Outer: Subject: [...]"));
    let subject = opened.find("Subject: Figures").unwrap();
    assert!(subject < opened.find("\r\n\r\n").unwrap());
    let shown = opened.replacen("Subject: Figures", "Subject: [...]", 1);
    let code = "smime.protected-header-mismatch";
    let run = place.accepts_with(&["verify"], &shown, "warning", code);
    assert_eq!(finding(&run.json(), code)["detail"]["field"], "Subject");
}

#[test]
fn what_stood_outside_told_from_outside() {
    let place = Place::office();
    for message in [protected(&place), hidden(&place)] {
        let forged = message.replacen(
            "Subject: ",
            "HP-Outer: Subject: Pay Mallory\r\nSubject: Pay Mallory\r\nX-Was: ",
            1,
        );
        let code = "smime.protected-header-mismatch";
        place.accepts_with(&["verify"], &forged, "warning", code);
        let released = String::from_utf8(place.read("out.eml")).unwrap();
        assert!(released.contains("\r\nSubject: Figures\r\n"), "{released}");
        assert!(!released.contains("Mallory"), "{released}");
    }
}
