//! `inspect`: header fields that are protected, beside what stands outside.

use serde_json::{Value, json};

use crate::office::{MAIL, findings};
use crate::place::Place;

/// What is shown of the protected header, to the end of its section.
fn section(text: &str) -> &str {
    let start = text.find("\nprotected header: ").unwrap() + 1;
    let end = text[start..].find("\n\n").unwrap();
    &text[start..start + end + 1]
}

/// How each protected field compares with what stands outside.
fn states(document: &Value) -> Vec<(&str, &str)> {
    let fields = document["protected_header"]["fields"].as_array().unwrap();
    let fields = fields.iter();
    let pair = fields.map(|field| {
        let text = |key: &str| field[key].as_str().unwrap();
        (text("name"), text("outside_is"))
    });
    pair.collect()
}

#[test]
fn what_encrypted_mail_hides_and_what_was_changed() {
    let place = Place::office();
    let mail = MAIL.replace(
        "MIME-Version",
        "Keywords: one\r\nX-Mailer: a\r\nMIME-Version",
    );
    let protecting = ["encrypt", "--sign", "--protect-headers"];
    let sent = format!("Received: by a\r\n{}", place.made(&protecting, &mail));
    let (text, document) = place.inspect(&[], &sent);
    assert_eq!(
        section(&text),
        "protected header: part 1.1, hp=cipher (RFC 9788)
  From       Alice <alice@example.com>
  To         Bob <bob@example.com>
  Subject    Figures
             outside: [...] (as its author wrote it)
  Date       Tue, 24 Nov 2026 08:00:00 +0000
  Message-ID <1@example.com>
  Keywords   one
             outside: nothing (as its author wrote it)
  X-Mailer   a
  not protected: Received
"
    );
    let header = &document["protected_header"];
    assert_eq!(
        (&header["part"], &header["scheme"]),
        (&json!("1.1"), &json!("hp-cipher"))
    );
    assert_eq!(
        header["fields"][2],
        json!({
            "name": "Subject", "outside_is": "as-written", "protected": ["Figures"],
            "outside": ["[...]"], "written_outside": ["[...]"]
        })
    );
    assert_eq!(header["unprotected"], json!(["Received"]));

    let changed = sent
        .replace("Subject: [...]", "Subject: Offers")
        .replace("X-Mailer: a\r\n", "")
        .replace("To: Bob", "Reply-To: eve@example.com\r\nTo: Bob");
    let (text, document) = place.inspect(&[], &changed);
    let told = section(&text);
    for line in [
        "             outside: Offers (different; its author wrote: [...])\n",
        "  X-Mailer   a\n             outside: nothing\n",
        "  Reply-To   outside: eve@example.com (different; its author wrote: nothing)\n",
    ] {
        assert!(told.contains(line), "{told}");
    }
    let differing = states(&document).into_iter();
    let differing: Vec<_> = differing.filter(|(_, state)| *state != "same").collect();
    assert_eq!(
        differing,
        [
            ("Subject", "different"),
            ("Keywords", "as-written"),
            ("X-Mailer", "left-out"),
            ("Reply-To", "different"),
        ]
    );
    assert_eq!(
        findings(&document, "warning"),
        ["smime.protected-header-mismatch"; 2]
    );
    assert_eq!(document["verify"], "accepted");
}

#[test]
fn signed_mail_and_another_author_outside() {
    let place = Place::office();
    let signed = place.made(&["sign", "--protect-headers"], MAIL);
    let (text, document) = place.inspect(&[], &signed);
    assert!(
        section(&text).starts_with("protected header: part 1, hp=clear (RFC 9788)\n  From "),
        "{text}"
    );
    assert_eq!(document["protected_header"]["scheme"], "hp-clear");
    assert!(states(&document).iter().all(|(_, state)| *state == "same"));

    let forged = signed.replacen("Alice <alice@example.com>", "Bob <bob@example.com>", 1);
    let (text, document) = place.inspect(&[], forged);
    let told = section(&text);
    assert!(
        told.contains(
            "\n  Nobody vouches for these fields, because the message is not accepted.\n"
        ),
        "{told}"
    );
    assert!(
        told.contains(
            "\n  From       Alice <alice@example.com>\n             \
             outside: Bob <bob@example.com> (different)\n"
        ),
        "{told}"
    );
    assert_eq!(states(&document)[0], ("From", "different"));
    // An author who wrote another From for eyes outside is none either.
    let hidden = place.made(&["encrypt", "--sign", "--protect-headers"], MAIL);
    let forged = hidden.replacen("Alice <alice@example.com>", "Bob <bob@example.com>", 1);
    let (_, document) = place.inspect(&[], forged);
    assert_eq!(states(&document)[0], ("From", "different"));
    assert_eq!(document["verify"], "rejected");
}

#[test]
fn older_forms_and_none() {
    let place = Place::office();
    let (text, document) = place.inspect(&[], place.signed(MAIL));
    assert!(!text.contains("protected header"), "{text}");
    assert_eq!(document["protected_header"], Value::Null);

    let wrapped = format!(
        "From: alice@example.com\r\nSubject: ...\r\nMIME-Version: 1.0\r\n\
         Content-Type: message/rfc822; forwarded=no\r\n\r\n{MAIL}"
    );
    let (text, document) = place.inspect(&[], place.signed(&wrapped));
    assert_eq!(document["protected_header"]["scheme"], "message-rfc822");
    assert_eq!(document["protected_header"]["part"], "1.1");
    assert!(
        section(&text).contains("  Subject    Figures\n             outside: ... (different)\n"),
        "{text}"
    );

    // A mark that came with the message protects nothing when it is signed.
    let marked = MAIL.replace("utf-8", "utf-8; protected-headers=v1");
    let (_, document) = place.inspect(&[], place.signed(&marked));
    assert_eq!(document["protected_header"], Value::Null);
}
