//! One hazard after the other.

use super::*;
use crate::mail::scan;
use crate::reason::Reason;

pub(super) fn try_form(message: &[u8]) -> Result<Vec<u8>, Vec<Finding>> {
    let source = Source::from_bytes(message.to_vec());
    let scanned = scan(&source).unwrap();
    match SigningForm::plan(&scanned, &source) {
        Ok(form) => {
            let mut octets = Vec::new();
            form.write(&mut octets).unwrap();
            assert_eq!(form.measure().unwrap(), octets.len() as u64);
            Ok(octets)
        }
        Err(SigningFormError::Refused(findings)) => Err(findings),
        Err(SigningFormError::Io(error)) => panic!("{error}"),
    }
}

/// The form of an entity whose first line is given without MIME-Version.
fn form(entity: &str) -> String {
    form_of_octets(entity.as_bytes())
}

fn form_of_octets(entity: &[u8]) -> String {
    let message = [b"MIME-Version: 1.0\n", entity].concat();
    String::from_utf8(try_form(&message).unwrap()).unwrap()
}

fn refusal(entity: &[u8]) -> (Reason, String) {
    let message = [b"MIME-Version: 1.0\n", entity].concat();
    let findings = try_form(&message).unwrap_err();
    assert_eq!(findings.len(), 1, "{findings:?}");
    let part = findings[0].place.part.clone().unwrap_or_default();
    (findings[0].reason, part)
}

fn crlf(text: &str) -> String {
    text.replace('\n', "\r\n")
}

#[test]
fn only_the_content_fields_go_inside() {
    let message = "Received: x\nMIME-Version: 1.0\ncontent-type: text/plain;\n charset=utf-8\n\
        Subject: a\nCONTENT-LANGUAGE: en\nContentless: b\nFrom: a@example.com\n\nbody\n";
    let expected = "content-type: text/plain;\n charset=utf-8\nCONTENT-LANGUAGE: en\n\nbody\n";
    let written = try_form(message.as_bytes()).unwrap();
    assert_eq!(String::from_utf8(written).unwrap(), crlf(expected));
}

#[test]
fn a_message_without_a_type_gets_one() {
    for (message, expected) in [
        (
            "Subject: a\n\nb\n",
            "Content-Type: text/plain; charset=us-ascii\n\nb\n",
        ),
        (
            "Subject: a\n",
            "Content-Type: text/plain; charset=us-ascii\n\n",
        ),
        (
            "Subject: a\n\nb \n",
            "Content-Type: text/plain; charset=us-ascii\n\
             Content-Transfer-Encoding: quoted-printable\n\nb=20\n",
        ),
        (
            "MIME-Version: 1.0\nContent-Disposition: inline\nSubject: a\n\nb\n",
            "Content-Type: text/plain; charset=us-ascii\nContent-Disposition: inline\n\nb\n",
        ),
        (
            "MIME-Version: 1.0\nContent-Transfer-Encoding: 7bit\n\nb \n",
            "Content-Type: text/plain; charset=us-ascii\n\
             Content-Transfer-Encoding: quoted-printable\n\nb=20\n",
        ),
        (
            "MIME-Version: 1.0\n\ncaf\u{e9}\n",
            "Content-Type: text/plain; charset=unknown-8bit\n\
             Content-Transfer-Encoding: quoted-printable\n\ncaf=C3=A9\n",
        ),
    ] {
        let written = String::from_utf8(try_form(message.as_bytes()).unwrap()).unwrap();
        assert_eq!(written, crlf(expected));
    }
}

#[test]
fn text_hazards_are_encoded() {
    let head = "Content-Type: text/plain; charset=utf-8\n";
    let encoded = "Content-Transfer-Encoding: quoted-printable\n";
    let long = "x".repeat(999);
    let folded = format!("{}=\n", "x".repeat(75)).repeat(13) + &"x".repeat(24);
    for (body, expected) in [
        ("This is caf\u{e9}\n", "This is caf=C3=A9\n"),
        ("ends in blank \t\nx", "ends in blank =09\nx"),
        ("From me\n", "=46rom me\n"),
        ("a\n.\n", "a\n=2E\n"),
        ("a\rb\n", "a=0Db\n"),
        ("abcd\0\n", "abcd=00\n"),
        ("a\r\nb\nFrom \n", "a\nb\n=46rom=20\n"),
        (&long, &folded),
    ] {
        assert_eq!(
            form(&format!("{head}\n{body}")),
            crlf(&format!("{head}{encoded}\n{expected}"))
        );
    }
}

#[test]
fn safe_text_only_gets_canonical_line_ends() {
    let entity = format!(
        "Content-Type: text/plain\n\n-- \n{}\n>From\n..\n=\n",
        "x".repeat(998)
    );
    let entity = entity.replace("-- \n", "--\n");
    assert_eq!(form(&entity), crlf(&entity));
    let mixed = "Content-Type: text/plain\n\na\r\nb\nc";
    assert_eq!(form(mixed), "Content-Type: text/plain\r\n\r\na\r\nb\r\nc");
}

#[test]
fn text_that_is_mostly_encoded_becomes_base64() {
    let entity = "Content-Type: text/plain; charset=utf-8\n\n\u{436}\u{436}\n";
    let expected = "Content-Type: text/plain; charset=utf-8\n\
        Content-Transfer-Encoding: base64\n\n0LbQtg0K\n";
    assert_eq!(form(entity), crlf(expected));
}

#[test]
fn other_content_becomes_base64() {
    for (encoding, body, expected) in [
        // Lines become canonical, `binary` data does not.
        ("8bit", "\u{e9}\n", "w6kNCg=="),
        ("binary", "\u{e9}\n", "w6kK"),
        ("binary", "plain\n", "cGxhaW4K"),
        // A hard line break is CRLF; an encoded octet is itself.
        (
            "quoted-printable",
            "a =\nFrom=0A\nFrom \n",
            "YSBGcm9tCg0KRnJvbQ0K",
        ),
    ] {
        let head = "Content-Type: application/x-data\nContent-Transfer-Encoding:";
        let entity = format!("{head} {encoding}\nContent-ID: <a>\n\n{body}");
        let expected = format!("{head} base64\nContent-ID: <a>\n\n{expected}\n");
        assert_eq!(form(&entity), crlf(&expected), "{encoding} {body:?}");
    }
    let lines = "Content-Type: application/x-data\nContent-Transfer-Encoding: 7bit\n\nplain\n";
    assert_eq!(form(lines), crlf(lines));
    let exact = b"Content-Type: a/b\r\nContent-Transfer-Encoding: binary\r\n\r\na\r\nb\r\n";
    assert_eq!(
        form_of_octets(exact).as_bytes(),
        b"Content-Type: a/b\r\nContent-Transfer-Encoding: 7bit\r\n\r\na\r\nb\r\n"
    );
}

#[test]
fn utf_16_keeps_its_octets() {
    let head = b"Content-Type: text/plain; charset=UTF-16BE\nContent-Transfer-Encoding: binary\n\n";
    let written = form_of_octets(&[&head[..], b"\0a\0\n"].concat());
    let expected = "Content-Type: text/plain; charset=UTF-16BE\n\
        Content-Transfer-Encoding: base64\n\nAGEACg==\n";
    assert_eq!(written, crlf(expected));
}

#[test]
fn labels_that_promise_too_little_become_7bit() {
    for label in ["8bit", "Binary"] {
        let entity = format!("Content-Transfer-Encoding: {label}\nContent-Type: text/plain\n\na\n");
        let expected = "Content-Transfer-Encoding: 7bit\nContent-Type: text/plain\n\na\n";
        assert_eq!(form(&entity), crlf(expected));
        let entity = format!(
            "Content-Transfer-Encoding: {label}\nContent-Type: multipart/mixed; boundary=b\n\n\
             --b\n\n\u{e9}\n--b--\n"
        );
        let expected = "Content-Transfer-Encoding: 7bit\n\
            Content-Type: multipart/mixed; boundary=b\n\n\
            --b\nContent-Transfer-Encoding: base64\n\nw6k=\n\n--b--\n";
        assert_eq!(form(&entity), crlf(expected));
    }
}

#[test]
fn encoded_bodies_are_wrapped_anew_only_where_needed() {
    let head = "Content-Type: text/plain\nContent-Transfer-Encoding: ";
    let safe = "QUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJD";
    for (encoding, body, expected) in [
        ("base64", safe, safe),
        ("base64", "QUJD \nQUJD\t\n", "QUJDQUJD\n"),
        ("base64", "From \n", "From\n"),
        ("quoted-printable", "soft= \nbreak\n", "softbreak\n"),
        ("quoted-printable", "blank \n=3D\n", "blank\n=3D\n"),
        (
            "quoted-printable",
            "caf\u{e9} au =\n lait=C3=A9 a=b\n",
            "caf=C3=A9 au  lait=C3=A9 a=3Db\n",
        ),
    ] {
        let entity = format!("{head}{encoding}\n\n{body}");
        assert_eq!(
            form(&entity),
            crlf(&format!("{head}{encoding}\n\n{expected}"))
        );
    }
    let long = format!("{head}base64\n\n{}\n", "QUJD".repeat(250));
    let lines = form(&long);
    assert!(lines.lines().all(|line| line.len() <= 76));
    assert_eq!(lines.matches("QUJD").count(), 250);
}

#[test]
fn base64_that_cannot_be_decoded_stays_or_is_refused() {
    let head = "Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n";
    assert_eq!(form(&format!("{head}Q\n")), crlf(&format!("{head}Q\n")));
    assert_eq!(form(&format!("{head}Q \n")), crlf(&format!("{head}Q\n")));
    for body in ["Q\u{e9}\n", "Q\0\n", "From me\n"] {
        let refused = refusal(format!("{head}{body}").as_bytes());
        assert_eq!(
            refused,
            (Reason::MailTransferEncodingInvalid, String::new())
        );
    }
}

#[test]
fn the_structure_of_a_multipart_stays() {
    let entity = "Content-Type: multipart/mixed; boundary=\"a\"\n\n\
        preamble \u{e9} \n.\n--a \t\n\
        Content-Type: multipart/alternative; boundary=b; \n x=y\n\n--b\n\nFrom x\n--b\n\
        X-Field: 1\nContent-Type: text/html\n\nfine\n\n--b--\nFrom epilogue\n--a\n\
        Content-Disposition: attachment; filename=\"\u{e9}\"\n\n\n--a--\t\nend \n";
    let expected = "Content-Type: multipart/mixed; boundary=\"a\"\n\n\
        preamble ??\n?\n--a\n\
        Content-Type: multipart/alternative; boundary=b;\n x=y\n\n--b\n\
        Content-Transfer-Encoding: quoted-printable\n\n=46rom x\n--b\n\
        X-Field: 1\nContent-Type: text/html\n\nfine\n\n--b--\n?rom epilogue\n--a\n\
        Content-Disposition: attachment; filename*=utf-8''%C3%A9\n\n\n--a--\nend\n";
    assert_eq!(form(entity), crlf(expected));
    assert_eq!(form(&crlf(entity)), crlf(expected));
}

#[test]
fn a_message_inside_is_made_safe_in_place() {
    let entity = "Content-Type: message/rfc822\nContent-Transfer-Encoding: 8bit\n\n\
        Subject: caf\u{e9} \nFrom : a@example.com\n \nX: 1\n\ncaf\u{e9} au lait\n";
    let expected = "Content-Type: message/rfc822\nContent-Transfer-Encoding: 7bit\n\n\
        Subject: =?utf-8?Q?caf=C3=A9?=\nFrom: a@example.com\nX: 1\n\
        MIME-Version: 1.0\nContent-Transfer-Encoding: quoted-printable\n\ncaf=C3=A9 au lait\n";
    assert_eq!(form(entity), crlf(expected));
    let digest = "Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: a\n\nb \n--b--\n";
    let expected = "Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: a\n\
        MIME-Version: 1.0\nContent-Transfer-Encoding: quoted-printable\n\nb=20\n--b--\n";
    assert_eq!(form(digest), crlf(expected));
}

#[test]
fn header_fields_without_a_safe_form_are_refused() {
    let head = "Content-Type: message/rfc822\n\n";
    let long_word = format!("X:{}", "x".repeat(1000));
    let long_name = format!("{} :{}", "X".repeat(900), "x".repeat(100));
    for field in ["To: <\u{e9}@example.com>", &long_word, &long_name] {
        let entity = format!("{head}{field}\n\nbody\n");
        let refused = refusal(entity.as_bytes());
        assert_eq!(refused, (Reason::MailHeaderMalformed, "1".to_owned()));
    }
    let folded = format!("{head}X:{}\n\nbody\n", " word  ".repeat(200));
    let written = form(&folded);
    assert!(
        written
            .lines()
            .all(|line| line.len() <= 998 && !line.ends_with(' '))
    );
    let unfolded = written.replace("\r\n ", " ");
    assert_eq!(unfolded.matches(" word").count(), 200);
}

#[test]
fn a_signature_inside_is_not_broken() {
    let signed = |body: &str| {
        format!(
            "Content-Type: multipart/signed; boundary=b\n\n--b\n\n{body}\n\
             --b\nContent-Type: application/pgp-signature\n\nx\n--b--\n"
        )
    };
    let hazards = signed("From \n.\nblank \n");
    assert_eq!(form(&hazards), crlf(&hazards));
    let refused = refusal(signed("\u{e9}").as_bytes());
    assert_eq!(
        refused,
        (Reason::MailTransferEncodingInvalid, String::new())
    );
}

#[test]
fn types_that_may_not_be_encoded_only_lose_white_space() {
    let partial = "Content-Type: message/partial; id=a; number=1\n\n";
    assert_eq!(
        form(&format!("{partial}a \nb\n")),
        crlf(&format!("{partial}a\nb\n"))
    );
    let refused = refusal(format!("{partial}From a\n").as_bytes());
    assert_eq!(
        refused,
        (Reason::MailTransferEncodingInvalid, String::new())
    );
}

#[test]
fn a_message_that_does_not_conform_has_no_form() {
    let findings = try_form(b"Content-Type: text/plain\n\nno version\n").unwrap_err();
    assert_eq!(findings[0].reason, Reason::MailNotMime);
}
