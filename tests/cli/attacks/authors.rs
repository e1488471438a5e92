//! From fields that show somebody else than who signed.

use crate::office::MAIL;
use crate::place::Place;

const FROM: &str = "From: Alice <alice@example.com>\r\n";

/// [`MAIL`], signed by Alice, with other lines in the place of the From field.
fn from(place: &Place, lines: &str) -> String {
    let signed = place.signed(MAIL);
    assert!(signed.contains(FROM));
    signed.replacen(FROM, lines, 1)
}

/// The same, signed by Bob, who wants to look like Alice.
fn from_bob(place: &Place, lines: &str) -> String {
    let mail = MAIL.replacen(FROM, lines, 1);
    let run = place.filter(&["-q", "sign", "--signer", "bob@example.com"], &mail);
    assert_eq!(run.status, 0, "{run:?}");
    run.text().to_owned()
}

#[test]
fn several_from_fields() {
    let place = Place::office();
    for lines in [
        "From: alice@example.com\r\nFrom: mallory@example.net\r\n",
        "From: mallory@example.net\r\nFROM: alice@example.com\r\n",
        "From: alice@example.com\r\nFrom: alice@example.com\r\n",
    ] {
        place.rejects(&["verify"], &from(&place, lines), &["mail.multiple-from"]);
    }
}

#[test]
fn several_mailboxes_in_one_from_field() {
    let place = Place::office();
    for lines in [
        "From: mallory@example.net, alice@example.com\r\n",
        "From: <mallory@example.net> <alice@example.com>\r\n",
        "From: alice@example.com;mallory@example.net\r\n",
        "From: Staff: alice@example.com;\r\n",
    ] {
        place.rejects(&["verify"], &from(&place, lines), &["mail.multiple-from"]);
    }
}

#[test]
fn no_address_in_from() {
    let place = Place::office();
    for lines in [
        "From:\r\n",
        "From: alice@example.com <>\r\n",
        "From: Alice\r\n",
        "From: (alice@example.com)\r\n",
        "From: =?utf-8?q?alice=40example=2Ecom?=\r\n",
        "Sender: alice@example.com\r\n",
    ] {
        place.rejects(&["verify"], &from(&place, lines), &["mail.multiple-from"]);
    }
}

#[test]
fn the_signer_in_sender_alone() {
    let place = Place::office();
    let lines = "From: mallory@example.net\r\nSender: alice@example.com\r\n";
    let run = place.filter(&["verify", "--json"], &from(&place, lines));
    assert_eq!(run.status, 1, "{run:?}");
    let document = run.json();
    assert_eq!(
        crate::office::findings(&document, "reject"),
        ["smime.from-mismatch"]
    );
    assert_eq!(
        crate::office::findings(&document, "warning"),
        ["smime.sender-differs"]
    );
}

#[test]
fn another_address_in_sender() {
    let place = Place::office();
    let lines = format!("{FROM}Sender: Mallory <mallory@example.net>\r\n");
    let message = from(&place, &lines);
    place.accepts_with(&["verify"], &message, "warning", "smime.sender-differs");
}

#[test]
fn another_address_in_the_display_name() {
    let place = Place::office();
    for display in [
        "\"alice@example.com\"",
        "\"Alice (alice@example.com)\"",
        "=?utf-8?q?alice=40example=2Ecom?=",
        "=?utf-8?q?alice=40example=2Ecom=00?=",
        "=?utf-8?q?alice=40example=2Ecom=0A?=",
        "=?utf-8?b?YWxpY2VAZXhhbXBsZS5jb20=?= =?utf-8?q?=00?=",
        "\"<alice@example.com>\"",
        "\"alice\u{ff20}example.com\"",
        "\"alice\u{200b}@example.com\"",
        "\"\u{202e}moc.elpmaxe@ecila\"",
        "\"alice@example\u{3002}com\"",
    ] {
        let message = from_bob(&place, &format!("From: {display} <bob@example.com>\r\n"));
        let run = place.accepts_with(&["verify"], &message, "warning", "smime.sender-differs");
        assert!(
            !run.stderr.contains(['\u{202e}', '\u{200b}', '\0']),
            "{run:?}"
        );
    }
    let message = from_bob(&place, "From: bob@example.com (alice@example.com)\r\n");
    place.accepts_with(&["verify"], &message, "warning", "smime.sender-differs");
}

#[test]
fn comments_and_quotes_around_the_address() {
    let place = Place::office();
    for lines in [
        "From: \"alice@example.com\"@example.net\r\n",
        "From: \"alice@example.com> <mallory\"@example.net\r\n",
        "From: alice@example.com.example.net (@example.com)\r\n",
        "From: (<alice@example.com>) mallory@example.net\r\n",
        "From: <mallory@example.net (> <alice@example.com>)>\r\n",
        "From: alice@(example.com)example.net\r\n",
        "From: \u{430}lice@example.com\r\n",
        "From: alice@\u{435}xample.com\r\n",
    ] {
        let message = from(&place, lines);
        place.rejects(&["verify"], &message, &["smime.from-mismatch"]);
    }
}

#[test]
fn characters_that_end_or_turn_an_address() {
    let place = Place::office();
    for lines in [
        "From: alice@example.com\0@example.net\r\n",
        "From: mallory@example.net\0\r\n : alice@example.com\r\n",
    ] {
        let run = place.filter(&["verify", "--json"], &from(&place, lines));
        let document = run.json();
        let codes = crate::office::findings(&document, "reject");
        assert!(
            codes.contains(&"mail.header-malformed"),
            "{lines:?}: {run:?}"
        );
    }
    for lines in [
        "From: \u{202e}moc.elpmaxe@ecila\r\n",
        "From: alice\u{200b}@example.com\r\n",
        "From: alice@example.com\u{ff0e}example.net\r\n",
    ] {
        let run = place.filter(&["verify", "--json"], &from(&place, lines));
        let text = place.filter(&["verify"], &from(&place, lines)).stderr;
        assert_eq!(run.status, 1, "{lines:?}: {run:?}");
        assert!(!text.contains(['\u{202e}', '\u{200b}']), "{text}");
    }
}
