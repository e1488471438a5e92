//! Who a message says it is from, and who signed it.

use serde_json::json;

use crate::office::{MAIL, checks, finding, findings};
use crate::place::Place;

#[test]
fn from_somebody_else() {
    let place = Place::office();
    let signed = place.signed(MAIL);
    let forged = signed.replace("Alice <alice@example.com>", "Alice <mallory@example.com>");
    let document = place.rejects(&["verify"], &forged, &["smime.from-mismatch"]);
    assert_eq!(
        checks(&document),
        json!({"identity": "fail", "pinning": "not-checked"})
    );
    assert_eq!(
        finding(&document, "smime.from-mismatch")["detail"],
        json!({"from": "mallory@example.com", "certificate": "alice@example.com"})
    );
    assert_eq!(
        document["message"]["header_from"],
        json!(["mallory@example.com"])
    );

    let expected = ["verify", "--expect", "alice@example.com"];
    let run = place.filter(&expected, &forged);
    run.ended(0, "smime: accepted: signed by alice@example.com\n");
    let other = ["verify", "--expect", "bob@example.com"];
    place.rejects(&other, &signed, &["smime.from-mismatch"]);

    // Domains compare without regard to case, local parts exactly, with a hint.
    let domain = signed.replace("alice@example.com", "alice@EXAMPLE.com");
    let run = place.filter(&["verify"], &domain);
    assert_eq!(run.status, 0, "{run:?}");
    let local = signed.replace("Alice <alice@", "Alice <Alice@");
    let document = place.rejects(&["verify"], &local, &["smime.from-mismatch"]);
    let hint = &finding(&document, "smime.from-mismatch")["hint"];
    assert!(
        hint.as_str().unwrap().contains("upper and lower case"),
        "{hint}"
    );
}

#[test]
fn without_one_author() {
    let place = Place::office();
    let signed = place.signed(MAIL);
    let line = "From: Alice <alice@example.com>\r\n";
    for from in [
        "From: alice@example.com, bob@example.com\r\n",
        "From: alice@example.com\r\nFrom: bob@example.com\r\n",
        "From: alice@example.com\r\nfrom: alice@example.com\r\n",
        "From: \r\n",
        "From: Alice\r\n",
        "From: group:;\r\n",
        "From: group: alice@example.com, bob@example.com;\r\n",
        "",
    ] {
        let several = signed.replace(line, from);
        let document = place.rejects(&["verify"], &several, &["mail.multiple-from"]);
        assert_eq!(
            document["layers"][0]["signers"][0]["checks"]["identity"], "fail",
            "{from}"
        );
        let expected = ["verify", "--expect", "alice@example.com"];
        assert_eq!(place.filter(&expected, &several).status, 0, "{from}");
    }
    // A second one in obsolete syntax counts too, and is a place where programs end the header.
    let second = signed.replace(line, &format!("{line}From : bob@example.com\r\n"));
    let codes = ["mail.header-malformed", "mail.multiple-from"];
    place.rejects(&["verify"], &second, &codes);
    let group = signed.replace(line, "From: \"bob@example.com\" <alice@example.com>\r\n");
    let run = place.filter(&["verify", "--json"], &group);
    assert_eq!(run.status, 0, "{run:?}");
    assert_eq!(findings(&run.json(), "warning"), ["smime.sender-differs"]);
    let sender = signed.replace(line, &format!("{line}Sender: Bob <bob@example.com>\r\n"));
    let run = place.filter(&["verify", "--json"], &sender);
    assert_eq!(findings(&run.json(), "warning"), ["smime.sender-differs"]);
}

/// What other programs may read as another author.
#[test]
fn with_a_header_that_hides_a_from_field() {
    let place = Place::office();
    let signed = place.signed(MAIL);
    for (line, hidden) in [
        (
            "Subject: Figures\r\n",
            "Subject: Figures\rFrom: mallory@example.com\r\n",
        ),
        ("Subject: Figures\r\n", "Subject: Fig\0ures\r\n"),
        (
            "Subject: Figures\r\n",
            "From\r\n : mallory@example.com\r\nSubject: Figures\r\n",
        ),
    ] {
        let hidden = signed.replace(line, hidden);
        place.rejects(&["verify"], &hidden, &["mail.header-malformed"]);
        // Where such a header ends, programs do not agree on either, whoever the author is.
        let expected = ["verify", "--expect", "alice@example.com"];
        place.rejects(&expected, &hidden, &["mail.header-malformed"]);
    }
    let large = format!(
        "X-Large: {}\r\nFrom: mallory@example.com\r\nSubject:",
        "x".repeat(4 << 20)
    );
    place.write("large.eml", signed.replace("Subject:", &large));
    let run = place.run(["verify", "--json", "large.eml"]);
    let codes = ["mail.header-malformed", "smime.not-signed"];
    assert_eq!(
        (run.status, findings(&run.json(), "reject")),
        (1, codes.to_vec())
    );
}

#[test]
fn with_another_envelope_sender() {
    let place = Place::office();
    let signed = place.signed(MAIL);
    let good = "smime: accepted: signed by alice@example.com\n";
    for same in ["alice@example.com", "<alice@EXAMPLE.com>", "<>", ""] {
        place
            .filter(&["verify", "--envelope-from", same], &signed)
            .ended(0, good);
    }
    let other = ["verify", "--envelope-from", "bounce@example.org"];
    let document = place.rejects(&other, &signed, &["smime.envelope-from-mismatch"]);
    assert_eq!(document["message"]["envelope_from"], "bounce@example.org");
    assert_eq!(
        finding(&document, "smime.envelope-from-mismatch")["detail"],
        json!({"envelope-from": "bounce@example.org", "from": "alice@example.com"})
    );
    assert_eq!(document["layers"][0]["signers"][0]["verdict"], "accepted");
    let report = place.filter(&other, &signed).stderr;
    assert!(
        report.contains("\n    envelope-from: bounce@example.org\n"),
        "{report}"
    );
    assert!(
        report.contains("\n    from: alice@example.com\n"),
        "{report}"
    );

    place.run(["settings", "envelope-from", "warn"]).done();
    let warned = format!(
        "{good}smime: warning: the envelope sender differs from the header From \
         [smime.envelope-from-mismatch]\n"
    );
    place.filter(&other, &signed).ended(0, &warned);
    place.run(["settings", "envelope-from", "off"]).done();
    place.filter(&other, &signed).ended(0, good);
    place.run(["settings", "envelope-from", "reject"]).done();
    // An expected author takes the place of From and its rules.
    let expected = [&other[..], &["--expect", "alice@example.com"]].concat();
    place.filter(&expected, &signed).ended(0, good);
}
