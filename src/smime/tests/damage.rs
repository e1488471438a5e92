//! Every kind of damage, done to a message that another program signed, and named.
//!
//! The damage is done here by code of its own, as relays, lists and stores do it; nothing of
//! [`mail::damage`](crate::mail::damage) serves both sides.

mod search;

use super::*;

/// A message around `entity`, signed as it is: `digested` is what the digest is taken of.
fn signed_over(world: &World, entity: &str, digested: &str) -> String {
    let spec = cms::SignerSpec {
        key: &world.alice.key,
        certificate_der: world.alice.certificate.der(),
        digest: None,
        rsa_scheme: crate::crypto::key::RsaScheme::Pkcs1,
        signing_time: time(),
        encryption_certificate: None,
        capabilities: None,
    };
    let mut content = digested.as_bytes();
    let digests = cms::ContentDigests::of(&mut content, &[spec.digest_algorithm()]).unwrap();
    let der = cms::sign_detached(&digests, &[world.alice.certificate.der()], &[spec]).unwrap();
    let mut base64 = Vec::new();
    use std::io::Write;
    let mut encoder = crate::mail::transfer_encoding::Base64Encoder::new(&mut base64, 76, b"\r\n");
    encoder.write_all(&der).unwrap();
    encoder.finish().unwrap();
    format!(
        "From: alice@example.com\r\nTo: bob@example.com\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\";\r\n\
         \tmicalg=sha-256; boundary=\"outermost\"\r\n\r\n--outermost\r\n{entity}\r\n\
         --outermost\r\nContent-Type: application/pkcs7-signature; name=smime.p7s\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{}\r\n--outermost--\r\n",
        String::from_utf8(base64).unwrap()
    )
}

fn signed(world: &World, entity: &str) -> String {
    signed_over(world, entity, entity)
}

/// The codes of damage in a verdict that rejects for the digest alone.
fn damage_of(verdict: &Verdict) -> Vec<&'static str> {
    assert_eq!(verdict.outcome(), Outcome::Rejected);
    assert_eq!(reasons(verdict), [Reason::CmsMessageDigestMismatch]);
    let named = verdict.findings.iter();
    let named = named.filter(|finding| finding.reason.code().starts_with("smime.damage-"));
    named.map(|finding| finding.reason.code()).collect()
}

fn damage(world: &World, message: &str) -> Vec<&'static str> {
    let verification = world.verify(message.as_bytes());
    assert!(verification.release.is_none() && verification.extractions.is_empty());
    damage_of(&verification.verdict)
}

/// Holds that a message is accepted as it is, and what is named after `change`.
#[track_caller]
fn expect(entity: &str, expected: &[&str], change: impl Fn(&str) -> String) {
    let world = World::new();
    let message = signed(&world, entity);
    assert_eq!(
        reasons(&world.verify(message.as_bytes()).verdict),
        [],
        "{entity}"
    );
    let damaged = change(&message);
    assert_ne!(damaged, message, "nothing was damaged");
    assert_eq!(damage(&world, &damaged), expected, "{damaged}");
    // The line ends in which a message is stored make no difference.
    let stored = damaged.replace("\r\n", "\n");
    assert_eq!(damage(&world, &stored), expected, "{stored}");
}

fn each_line(message: &str, change: impl Fn(&str) -> String) -> String {
    let lines: Vec<String> = message.split("\r\n").map(change).collect();
    lines.join("\r\n")
}

fn text(body: &str) -> String {
    format!("Content-Type: text/plain; charset=utf-8\r\n\r\n{body}")
}

const PLAIN: &str = "Content-Type: text/plain; charset=us-ascii\r\n\r\nHello,\r\nthis is it.\r\n";

#[test]
fn other_line_ends_than_the_canonical_ones_were_signed() {
    let world = World::new();
    let lf = PLAIN.replace("\r\n", "\n");
    let expected = ["smime.damage-line-ends"];
    assert_eq!(damage(&world, &signed_over(&world, PLAIN, &lf)), expected);
    // Some CRLF, some LF.
    let mixed = PLAIN.replace("Hello,\r\n", "Hello,\n");
    assert_eq!(
        damage(&world, &signed_over(&world, &mixed, &mixed)),
        expected
    );
    let doubled = PLAIN.replace("\r\n", "\r\r\n");
    assert_eq!(
        damage(&world, &signed_over(&world, &doubled, PLAIN)),
        expected
    );
}

#[test]
fn content_beside_a_bare_signature_had_other_line_ends() {
    let mut world = World::new();
    world.expected = Some(Address::parse("alice@example.com").unwrap());
    let message = signed(&world, "a file\nof lines\n");
    let scan = crate::mail::scan(&Source::from_bytes(message.clone().into_bytes())).unwrap();
    let source = Source::from_bytes(message.into_bytes());
    let signature = &scan.root.children[1];
    let mut der = Vec::new();
    let mut reader = crate::mail::transfer_encoding::decode_body(&source, signature);
    std::io::Read::read_to_end(&mut reader, &mut der).unwrap();
    let input = Input::Object {
        object: Source::from_bytes(der),
        content: Some(Source::from_bytes(b"a file\r\nof lines\r\n".to_vec())),
    };
    let verdict = world.verify_input(input).verdict;
    assert_eq!(damage_of(&verdict), ["smime.damage-line-ends"]);
}

#[test]
fn line_ends_at_the_end() {
    let expected = ["smime.damage-final-line-end"];
    let end = "this is it.\r\n\r\n--outermost";
    let with = |other: &'static str| move |message: &str| message.replacen(end, other, 1);
    expect(PLAIN, &expected, with("this is it.\r\n--outermost"));
    expect(PLAIN, &expected, with("this is it.\r\n\r\n\r\n--outermost"));
    expect(
        PLAIN,
        &expected,
        with("this is it.\r\n\r\n\r\n\r\n\r\n--outermost"),
    );
}

#[test]
fn white_space_at_line_ends() {
    let expected = ["smime.damage-trailing-space"];
    let trimmed = |message: &str| {
        each_line(message, |line| {
            line.trim_end_matches([' ', '\t']).to_owned()
        })
    };
    let body = "Hello,\r\n\r\nbye\r\n-- \r\nAlice\r\n";
    expect(&text(body), &expected, trimmed);
    let paragraph = "This is a paragraph that goes on after the end of the line, \r\n\
        which a space tells.\r\n\r\n-- \r\nAlice\r\n";
    let flowed = text(paragraph).replace("utf-8", "utf-8; format=flowed");
    expect(&flowed, &expected, trimmed);
    let padded = |message: &str| {
        message
            .replace("Hello,\r\n", "Hello,  \r\n")
            .replace("it.\r\n", "it.\t\r\n")
    };
    expect(PLAIN, &expected, padded);
}

#[test]
fn lines_that_mailbox_files_escape() {
    let expected = ["smime.damage-from-escaped"];
    let body = "From here\r\n>From there\r\nFrom\r\n";
    let mboxrd = |line: &str| match line.trim_start_matches('>').starts_with("From ") {
        true => format!(">{line}"),
        false => line.to_owned(),
    };
    expect(&text(body), &expected, |message| each_line(message, mboxrd));
    let mboxo = |message: &str| message.replace("\r\nFrom here", "\r\n>From here");
    expect(&text("x\r\nFrom here\r\n"), &expected, mboxo);
    // The escape was there when it was signed, and a reader of mailbox files took it off.
    let unescaped = |message: &str| message.replace("\r\n>From ", "\r\nFrom ");
    expect(&text("\r\n>From here\r\n"), &expected, unescaped);
}

#[test]
fn dots_that_protect_lines() {
    let expected = ["smime.damage-dots-doubled"];
    let body = ".\r\n.a\r\n...\r\n";
    expect(&text(body), &expected, |message| {
        message.replace("\r\n.", "\r\n..")
    });
    let undone = |message: &str| message.replace("\r\n..", "\r\n.");
    expect(&text("..\r\n...\r\n"), &expected, undone);
}

/// Breaks lines as a relay does: after `length` octets, with `mark`, to go on after `indent`.
fn broken(message: &str, length: usize, mark: &str, indent: &str) -> String {
    each_line(message, |line| {
        let pieces: Vec<&str> = line
            .as_bytes()
            .chunks(length)
            .map(|piece| std::str::from_utf8(piece).unwrap())
            .collect();
        pieces.join(&format!("{mark}\r\n{indent}"))
    })
}

#[test]
fn lines_that_relays_break() {
    let expected = ["smime.damage-lines-wrapped"];
    for count in [120, 301] {
        let body = format!("short\r\n{}\r\nshort\r\n", "1234567890".repeat(count));
        // Postfix, Sendmail, and a program that just breaks.
        for (length, mark, indent) in [(998, "", " "), (989, "!", " "), (1000, "", "")] {
            expect(&text(&body), &expected, |message| {
                broken(message, length, mark, indent)
            });
        }
    }
}

/// Quoted-printable of what needs it, without soft line breaks.
fn quoted(text: &str) -> String {
    let octet = |octet: u8| match octet {
        b'=' | 128.. => format!("={octet:02X}"),
        _ => char::from(octet).to_string(),
    };
    text.bytes().map(octet).collect()
}

const EIGHT_BIT: &str = "Content-Type: text/plain; charset=utf-8\r\n\
    Content-Transfer-Encoding: 8bit\r\nContent-Language: de\r\n\r\n1 = eins, Gr\u{fc}\u{df}e\r\n";

#[test]
fn eight_bit_content_that_relays_encode() {
    let expected = ["smime.damage-transfer-encoding"];
    let body = EIGHT_BIT.split_once("\r\n\r\n").unwrap().1;
    let label = "Content-Transfer-Encoding: 8bit\r\n";
    // Sendmail: in place, and it says so.
    expect(EIGHT_BIT, &expected, |message| {
        let told = "Content-Transfer-Encoding: quoted-printable\r\n\
            X-MIME-Autoconverted: from 8bit to quoted-printable by relay.example.com\r\n";
        message
            .replacen(label, told, 1)
            .replacen(body, &quoted(body), 1)
    });
    // Postfix: the label comes last, and that of a multipart around is changed as well.
    let last = |message: &str| {
        let language = "Content-Language: de\r\n";
        let moved = format!("{language}Content-Transfer-Encoding: quoted-printable\r\n");
        let message = message.replacen(label, "", 1).replacen(language, &moved, 1);
        message.replacen(body, &quoted(body), 1)
    };
    expect(EIGHT_BIT, &expected, last);
    let multipart = format!(
        "Content-Type: multipart/mixed; boundary=bb\r\nContent-Transfer-Encoding: 8BIT\r\n\r\n\
         --bb\r\n{EIGHT_BIT}\r\n--bb\r\nContent-Type: image/png\r\n\
         Content-Transfer-Encoding: base64\r\n\r\nAAECAw==\r\n--bb--\r\n"
    );
    expect(&multipart, &expected, |message| {
        last(message).replacen("Encoding: 8BIT", "Encoding: 7bit", 1)
    });
    // To base64, of a part whose label stood nowhere.
    let unlabelled = EIGHT_BIT.replace(label, "");
    expect(&unlabelled, &expected, |message| {
        use base64::Engine;
        let encoded = base64::engine::general_purpose::STANDARD.encode(body);
        let labelled = "Content-Language: de\r\nContent-Transfer-Encoding: base64\r\n";
        let message = message.replacen("Content-Language: de\r\n", labelled, 1);
        message.replacen(body, &encoded, 1)
    });
}

#[test]
fn encoded_content_whose_lines_are_broken_anew() {
    let expected = ["smime.damage-rewrapped"];
    let data = "ABCD".repeat(40);
    for columns in [64, 76, 160] {
        let wrapped = |columns| broken(&data, columns, "", "");
        let entity = format!(
            "Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n",
            wrapped(columns)
        );
        let other = wrapped(72);
        expect(&entity, &expected, |message| {
            message.replacen(&wrapped(columns), &other, 1)
        });
    }
    let body = "Viele Gr=C3=BC=C3=9Fe von Z=C3=BCrich, wo alle seinen Gang geht und niemand=\r\n \
        etwas davon wei=C3=9F.\r\n";
    let entity = text(body).replace(
        "utf-8\r\n",
        "utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n",
    );
    expect(&entity, &expected, |message| {
        message.replacen(
            "und niemand=\r\n etwas davon",
            "und niemand etwas da=\r\nvon",
            1,
        )
    });
    let lower = |message: &str| {
        message
            .replace("=C3", "=c3")
            .replace("=BC", "=bc")
            .replace("=9F", "=9f")
    };
    expect(&entity, &expected, lower);
}

const ALTERNATIVE: &str = "Content-Type: multipart/alternative; boundary=\"inner\"\r\n\r\n\
    --inner\r\nContent-Type: text/plain\r\n\r\nHello\r\n\r\n--inner\r\nContent-Type: text/html\r\n\r\n\
    <html>\r\n<body>\r\nHello\r\n</body></html>\r\n\r\n--inner--\r\n";

#[test]
fn text_that_lists_and_gateways_add() {
    let expected = ["smime.damage-text-added"];
    let footer = "_____________________\r\nthe list\r\nhttps://lists.example.com/\r\n";
    let end = "this is it.\r\n";
    expect(PLAIN, &expected, |message| {
        message.replacen(end, &format!("{end}{footer}"), 1)
    });
    expect(PLAIN, &expected, |message| {
        message.replacen(
            "this is it.\r\n\r\n",
            &format!("this is it.\r\n\r\n{footer}"),
            1,
        )
    });
    // The text did not end its last line.
    let open = PLAIN.trim_end();
    expect(open, &expected, |message| {
        message.replacen("this is it.", &format!("this is it.\r\n{footer}"), 1)
    });
    expect(PLAIN, &expected, |message| {
        let banner = "CAUTION: This message is from outside.\r\n\r\nHello,";
        message.replacen("Hello,", banner, 1)
    });
    expect(ALTERNATIVE, &expected, |message| {
        let disclaimer = "<p>\r\nConfidential\r\n</p>\r\n</body>";
        message.replacen("</body>", disclaimer, 1)
    });
    expect(ALTERNATIVE, &expected, |message| {
        let part = "--inner\r\nContent-Type: text/plain\r\nContent-Disposition: inline\r\n\r\n";
        message.replacen("--inner--", &format!("{part}{footer}\r\n--inner--"), 1)
    });
    // The list made the signed part one of two.
    expect(PLAIN, &expected, |message| {
        let wrapped = format!(
            "Content-Type: multipart/mixed; boundary=\"list\"\r\n\r\n--list\r\n{PLAIN}\r\n--list\r\n\
             Content-Type: text/plain\r\n\r\n{footer}\r\n--list--\r\n"
        );
        message.replacen(PLAIN, &wrapped, 1)
    });
}

#[test]
fn headers_of_parts_that_are_written_anew() {
    let expected = ["smime.damage-part-header"];
    let fields = "Content-Type: text/plain; charset=utf-8; format=flowed\r\n\
        Content-Transfer-Encoding: 7bit\r\n";
    let entity = format!("{fields}\r\nHello\r\n");
    for other in [
        "Content-Type: text/plain;\r\n\tcharset=utf-8;\r\n\tformat=flowed\r\n\
         Content-Transfer-Encoding: 7bit\r\n",
        "Content-type: text/plain; charset=utf-8; format=flowed\r\n\
         Content-transfer-encoding: 7bit\r\n",
        "Content-Type: text/plain; charset=\"utf-8\"; format=\"flowed\"\r\n\
         Content-Transfer-Encoding: 7bit\r\n",
        "Content-Type: text/plain; charset=UTF-8; format=flowed\r\n\
         Content-Transfer-Encoding: 7bit\r\n",
        "Content-Transfer-Encoding: 7bit\r\n\
         Content-Type: text/plain; charset=utf-8; format=flowed\r\n",
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8;\r\n format=flowed\r\n\
         Content-Transfer-Encoding: 7bit\r\n",
        "Content-Type: text/plain; charset=utf-8; format=flowed\r\nX-Scanned: yes\r\n\
         Content-Transfer-Encoding: 7bit\r\n",
    ] {
        expect(&entity, &expected, |message| {
            message.replacen(fields, other, 1)
        });
    }
    // In the parts of a multipart too, whose fields were folded with tabs.
    let folded = ALTERNATIVE.replace("multipart/alternative; ", "multipart/alternative;\r\n\t");
    expect(&folded, &expected, |message| {
        message.replacen("alternative;\r\n\t", "alternative;\r\n ", 1)
    });
}

#[test]
fn text_around_the_parts_of_a_multipart() {
    let expected = ["smime.damage-multipart"];
    expect(ALTERNATIVE, &expected, |message| {
        let preamble = "\r\n\r\nThis is a multi-part message in MIME format.\r\n--inner\r\n";
        message.replacen("\r\n\r\n--inner\r\n", preamble, 1)
    });
    let preamble = ALTERNATIVE.replacen(
        "\r\n\r\n--inner\r\n",
        "\r\n\r\nThis is a multi-part message in MIME format.\r\n--inner\r\n",
        1,
    );
    expect(&preamble, &expected, |message| {
        message.replacen("This is a multi-part message in MIME format.\r\n", "", 1)
    });
    expect(ALTERNATIVE, &expected, |message| {
        message.replacen("--inner--\r\n", "--inner--\r\nan epilogue\r\n", 1)
    });
}

#[test]
fn tabs_that_become_spaces() {
    let expected = ["smime.damage-tabs"];
    let body = "\tindented\r\na\tb\tc\r\n";
    expect(&text(body), &expected, |message| {
        let shown = message.replacen("\tindented", "        indented", 1);
        shown.replacen("a\tb\tc", "a       b       c", 1)
    });
    let spaces = "        indented\r\n";
    expect(&text(spaces), &expected, |message| {
        // What `expand` undoes is what `unexpand` does; the outer header has its own tab already.
        message.replacen("        indented", "\tindented", 1)
    });
}

#[test]
fn a_nul_that_is_lost() {
    let expected = ["smime.damage-nul-removed"];
    let removed = |message: &str| message.replace('\0', "");
    expect(&text("C strings\0\r\nend so\0\r\n"), &expected, removed);
    expect(&text("in the \0middle\r\n"), &expected, removed);
}
