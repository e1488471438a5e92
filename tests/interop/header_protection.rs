//! Header protection, read by RFC 9788's own algorithms: in Python, over what OpenSSL decrypted and
//! verified.

use serde_json::{Value, json};

use crate::peer::Peer;
use crate::place::Place;

const READER: &str = include_str!("header_protection.py");

const SUBJECT: &str = "Gr\u{fc}\u{df}e <aus> Z\u{fc}rich & anderswo";

/// A message whose fields are folded, encoded and long.
fn message(content: &str) -> String {
    let many: Vec<String> = (0..60).map(|n| format!("reader{n}@example.com")).collect();
    format!(
        "Received: from a.example.com\n\tby b.example.com; Tue, 24 Nov 2026 08:00:00 +0000\n\
         From: =?utf-8?Q?Z=C3=BCrich?=\n <p256@example.com>\nTo: {}\nReply-To: <p256@example.com>\n\
         Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe_=3Caus=3E?=\n =?utf-8?Q?_Z=C3=BCrich?= & anderswo\n\
         Date: Tue, 24 Nov 2026 08:00:00 +0000\nMessage-ID: <1@example.com>\n\
         Keywords: one, two\nComments: kept inside\nX-Mailer: a\nMIME-Version: 1.0\n{content}",
        many.join(",\n ")
    )
}

const PLAIN: &str = "Content-Type: text/plain; charset=utf-8\n\nFirst line\n\nGr\u{fc}\u{df}e\n";

const HTML: &str = "Content-Type: multipart/alternative; boundary=BB\n\n--BB\n\
    Content-Type: text/plain; charset=us-ascii\n\nFirst line\n\n--BB\n\
    Content-Type: text/html; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\n\
    <html><body>\n<div>Gr=FC=DFe</div></body></html>\n--BB--\n";

/// What the reader makes of the sent message and its payload.
fn read(place: &Place, is_signed: bool) -> Option<Value> {
    let python = Peer::python()?;
    place.write("reader.py", READER);
    let mut arguments = vec!["reader.py", "sent", "payload"];
    arguments.extend(is_signed.then_some("signed"));
    let output = python.run(&place.path(""), &arguments).done();
    Some(serde_json::from_slice(&output).unwrap())
}

fn value<'v>(fields: &'v Value, name: &str) -> Option<&'v str> {
    let mut fields = fields.as_array().unwrap().iter();
    fields
        .find(|field| field[0] == name)
        .map(|field| field[1].as_str().unwrap())
}

/// Holds that the protected fields are those of the message, in order, but for the trace.
fn holds_the_fields(read: &Value) {
    let names: Vec<_> = read["protected"]
        .as_array()
        .unwrap()
        .iter()
        .map(|field| &field[0])
        .collect();
    assert_eq!(
        names,
        [
            "From",
            "To",
            "Reply-To",
            "Subject",
            "Date",
            "Message-ID",
            "Keywords",
            "Comments",
            "X-Mailer"
        ]
    );
    assert_eq!(value(&read["protected"], "Subject"), Some(SUBJECT));
    assert_eq!(read["same_author"], true);
    let to = value(&read["protected"], "To").unwrap();
    assert_eq!(to.matches("@example.com").count(), 60);
}

fn ours_signed(options: &str) {
    let Some(place) = Place::new() else { return };
    place.write("message", message(PLAIN));
    let line = format!("sign --no-keystore --protect-headers --identity p256.id {options} message");
    place.smime(&line, &["-o", "sent"]).done();
    place
        .openssl("cms -verify -in sent -CAfile ca.pem -out payload", &[])
        .done();
    let Some(read) = read(&place, true) else {
        return;
    };
    holds_the_fields(&read);
    assert_eq!(read["hp"], "clear");
    assert_eq!(value(&read["outside"], "Keywords"), Some("one, two"));
    assert_eq!(read["texts"], json!([["First line", "Gr\u{fc}\u{df}e"]]));
}

fn ours_encrypted(options: &str, content: &str) {
    let Some(place) = Place::new() else { return };
    place.write("message", message(content));
    let line =
        format!("encrypt --no-keystore --protect-headers --certificate rsa.pem {options} message");
    place.smime(&line, &["-o", "sent"]).done();
    let is_signed = options.contains("--sign");
    let out = if is_signed { "inside" } else { "payload" };
    let line = "cms -decrypt -in sent -inkey rsa.key -recip rsa.pem -out";
    place.openssl(line, &[out]).done();
    if is_signed {
        place
            .openssl("cms -verify -in inside -CAfile ca.pem -out payload", &[])
            .done();
    }
    let Some(read) = read(&place, is_signed) else {
        return;
    };
    holds_the_fields(&read);
    assert_eq!(read["hp"], "cipher");
    // Outside is what the policy leaves, and what the payload says of it.
    assert_eq!(value(&read["outside"], "Subject"), Some("[...]"));
    for hidden in ["Keywords", "Comments"] {
        assert_eq!(value(&read["outside"], hidden), None);
    }
    let outside = read["outside"].as_array().unwrap().iter();
    let outside: Vec<_> = outside
        .filter(|field| field[0] != "Received")
        .cloned()
        .collect();
    assert_eq!(read["written"], Value::Array(outside));
    let (hidden, shown) = match is_signed {
        true => ("signed-and-encrypted", "signed-only"),
        false => ("encrypted-only", "unprotected"),
    };
    for (name, state) in read["states"].as_object().unwrap() {
        let is_hidden = ["Subject", "Keywords", "Comments"].contains(&name.as_str());
        assert_eq!(state, if is_hidden { hidden } else { shown }, "{name}");
    }
    let expected = match content == PLAIN {
        true => json!([["First line", "Gr\u{fc}\u{df}e"]]),
        false => json!([
            ["First line"],
            ["<html><body>", "<div>Gr\u{fc}\u{df}e</div></body></html>"]
        ]),
    };
    assert_eq!(read["texts"], expected);
}

cells! {
    ours_signed:
    ours_signed_clear(""),
    ours_signed_opaque("--opaque"),
}

cells! {
    ours_encrypted:
    ours_plain_text("", PLAIN),
    ours_plain_text_signed("--sign --identity p256.id", PLAIN),
    ours_html("", HTML),
    ours_html_signed_opaque("--sign --opaque --identity p256.id", HTML),
}
