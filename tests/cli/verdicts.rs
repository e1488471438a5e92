//! What is rejected: exit status, reason, report, and not one octet of the content.

use serde_json::{Value, json};

use crate::office::{MAIL, edit_object, finding, findings, from_carol, lf, replace_octets};
use crate::place::Place;

/// The checks of the only signer that say anything else than `pass`.
fn checks(document: &Value) -> Value {
    let signers = document["layers"][0]["signers"].as_array().unwrap();
    assert_eq!(signers.len(), 1);
    let mut checks = signers[0]["checks"].as_object().unwrap().clone();
    checks.retain(|_, check| check != "pass");
    checks.remove("revocation");
    Value::Object(checks)
}

#[test]
fn tampered() {
    let place = Place::office();
    for signed in [place.signed(MAIL), place.signed(&lf(MAIL))] {
        let tampered = signed.replace("the figures are in", "the figures are out");
        let document = place.rejects(&["verify"], &tampered, &["cms.message-digest-mismatch"]);
        assert_eq!(checks(&document), json!({"integrity": "fail"}));
        assert_eq!(document["layers"][0]["signers"][0]["verdict"], "rejected");
        let finding = finding(&document, "cms.message-digest-mismatch");
        assert_eq!(
            (&finding["layer"], &finding["signer"]),
            (&json!(0), &json!(0))
        );
        assert_eq!(finding["rule"], "RFC 5652 section 5.6");
        assert_ne!(finding["detail"]["computed"], finding["detail"]["signed"]);
    }
}

#[test]
fn tampered_inside_an_opaque_signature() {
    let place = Place::office();
    let signed = place.made(&["sign", "--opaque"], MAIL);
    let tampered = edit_object(&signed, |object| {
        replace_octets(object, b"figures are in.", b"figures are up.");
    });
    let document = place.rejects(&["verify"], &tampered, &["cms.message-digest-mismatch"]);
    assert_eq!(document["layers"][0]["form"], "opaque");
    assert_eq!(checks(&document), json!({"integrity": "fail"}));
}

#[test]
fn signed_with_another_key() {
    let place = Place::office();
    let signed = edit_object(&place.signed(MAIL), |object| {
        // The last octets are the signature value.
        let last = object.len() - 1;
        object[last] ^= 1;
    });
    let document = place.rejects(&["verify"], &signed, &["cms.signature-invalid"]);
    assert_eq!(checks(&document), json!({"signature": "fail"}));
}

#[test]
fn the_whole_report_of_a_rejection() {
    let place = Place::office();
    let certificate = &place
        .run(["cert", "show", "alice@example.com", "--json"])
        .done()
        .json();
    let certificate = &certificate["certificates"][0];
    let shown = place.run(["cert", "show", "alice@example.com"]).done();
    let valid = shown
        .text()
        .lines()
        .find_map(|line| line.strip_prefix("valid        "))
        .unwrap();
    let tampered = place.signed(MAIL).replace("are in", "are out");
    let document = place.filter(&["--json", "verify"], &tampered).json();
    let time = document["layers"][0]["signers"][0]["signing_time"]
        .as_str()
        .unwrap();
    let detail = &finding(&document, "cms.message-digest-mismatch")["detail"];
    let expected = format!(
        "smime: rejected: the content is not what was signed: its digest differs \
         [cms.message-digest-mismatch]
  message-id    1@example.com
  date          2026-11-24 08:00:00 +00:00
  subject       Figures
  from          alice@example.com
  to            bob@example.com
  layer 0: signed, clear
    signer 0: alice@example.com: rejected
      subject      CN=alice@example.com
      issuer       CN=Example CA
      serial       {serial}
      sha256       {sha256}
      valid        {valid}
      signing time {time} +00:00 (claimed)
      algorithms   ecdsa-sha256, digest sha256
      path         CN=alice@example.com < CN=Example CA
      checks       integrity fail signature pass path pass validity pass revocation not-checked \
         identity pass pinning pass
  reject cms.message-digest-mismatch at layer 0, signer 0
    the content is not what was signed: its digest differs (RFC 5652 section 5.6)
    computed: {computed}
    signed: {signed}
    what to do: Find the relay that changes content; ask the sender for a copy that did not pass
    it.
smime: hint: Find the relay that changes content; ask the sender for a copy that did not pass it.
",
        serial = certificate["serial"].as_str().unwrap(),
        sha256 = certificate["sha256"].as_str().unwrap(),
        time = time.replace('T', " ").trim_end_matches('Z'),
        computed = detail["computed"].as_str().unwrap(),
        signed = detail["signed"].as_str().unwrap(),
    );
    place.filter(&["verify"], &tampered).ended(1, &expected);
}

#[test]
fn of_an_unknown_issuer() {
    let place = Place::office();
    let signed = place.signed_by_carol();
    let document = place.rejects(&["verify"], &signed, &["path.issuer-unknown"]);
    assert_eq!(
        checks(&document),
        json!({"path": "fail", "pinning": "not-checked"})
    );
    let hint = &finding(&document, "path.issuer-unknown")["hint"];
    assert!(
        hint.as_str().unwrap().contains("`smime trust add FILE`"),
        "{hint}"
    );

    let authority = place.authority_of("partner");
    let run = place.filter(&["--no-keystore", "verify", "--trust", &authority], &signed);
    let run = run.ended(0, "smime: accepted: signed by carol@example.net\n");
    assert_eq!(run.text(), from_carol());
    let alone = ["--no-keystore", "verify"];
    place.rejects(&alone, &signed, &["path.issuer-unknown"]);
}

/// Two organizations that both left the name of their CA at the default.
#[test]
fn of_an_unknown_issuer_with_the_name_of_a_known_one() {
    let place = Place::office();
    let twin = [
        "-k",
        "twin",
        "ca",
        "init",
        "--no-passphrase",
        "--key-type=ec-p256",
    ];
    place
        .run(twin.iter().chain(&["--name", "Example CA"]))
        .done();
    let issue = [
        "-k",
        "twin",
        "cert",
        "issue",
        "carol@example.net",
        "--key-type=ec-p256",
    ];
    place.run(issue).done();
    let signed = place.made(&["-k", "twin", "sign"], &from_carol());
    place.rejects(&["verify"], &signed, &["path.issuer-unknown"]);
}

#[test]
fn after_and_before_the_validity_of_the_certificate() {
    let place = Place::office();
    let signed = place.signed(MAIL);
    let later = ["verify", "--time", "2030-01-01T00:00:00Z"];
    let document = place.rejects(&later, &signed, &["cert.expired"]);
    assert_eq!(checks(&document), json!({"validity": "fail"}));
    let detail = &finding(&document, "cert.expired")["detail"];
    assert_eq!(detail["judged-at"], "2030-01-01T00:00:00Z");
    assert_eq!(detail["subject"], "CN=alice@example.com");

    let earlier = ["--time=2020-01-01", "verify"];
    let both = ["cert.not-yet-valid", "cert.not-yet-valid"];
    let document = place.rejects(&earlier, &signed, &both);
    assert_eq!(checks(&document), json!({"validity": "fail"}));
}

#[test]
fn times_that_the_message_claims() {
    let place = Place::office();
    let signed = place.signed(MAIL);
    for claim in ["signing-time", "received"] {
        let run = place.filter(&["verify", "--time", claim], &signed);
        assert_eq!((run.status, run.text()), (0, MAIL), "{run:?}");
    }
    let old = format!("Received: from a by b; Wed, 1 Jan 2020 00:00:00 +0000\r\n{signed}");
    let both = ["cert.not-yet-valid", "cert.not-yet-valid"];
    place.rejects(&["verify", "--time", "received"], &old, &both);
    let run = place.filter(&["verify", "--time", "yesterday"], &signed);
    assert_eq!((run.status, run.text()), (2, ""), "{run:?}");
}

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
        "From: alice@example.com\r\nFrom : bob@example.com\r\n",
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
        let expected = ["verify", "--expect", "alice@example.com"];
        assert_eq!(place.filter(&expected, &hidden).status, 0, "{hidden}");
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
    // A line that a mailbox or a broken relay left behind hides nobody.
    for (line, with) in [
        (
            "From: Alice",
            "From alice@example.com Tue Nov 24 08:00:00 2026\r\nFrom: Alice",
        ),
        ("Subject:", ">From somebody\r\nSubject:"),
    ] {
        let run = place.filter(&["verify"], &signed.replacen(line, with, 1));
        assert_eq!(run.status, 0, "{run:?}");
    }
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

#[test]
fn not_signed() {
    let place = Place::office();
    for message in [MAIL.to_owned(), lf(MAIL)] {
        let document = place.rejects(&["verify"], &message, &["smime.not-signed"]);
        assert_eq!(document["layers"], json!([]));
    }
    let encrypted = place.made(&["encrypt"], MAIL);
    let document = place.rejects(&["verify"], &encrypted, &["smime.not-signed"]);
    assert_eq!(document["layers"][0]["recipients"][0]["held"], true);
    assert_eq!(
        findings(&document, "warning"),
        ["cms.content-not-authenticated"]
    );
}

#[test]
fn not_encrypted() {
    let place = Place::office();
    for arguments in [&["decrypt"][..], &["decrypt", "--verify"]] {
        let signed = place.signed(MAIL);
        place.rejects(arguments, &signed, &["smime.not-encrypted"]);
    }
    place.rejects(&["decrypt"], MAIL, &["smime.not-encrypted"]);
}

#[test]
fn certificates_that_sign_nothing() {
    let place = Place::office();
    let p7c = place.run(["ca", "export", "--format", "p7c"]).done();
    let bare = place.run_with(["verify"], &[], &p7c.stdout);
    assert_eq!((bare.status, bare.text()), (1, ""), "{bare:?}");
    assert!(bare.stderr.contains("[smime.certs-only]"), "{bare:?}");
    let header = MAIL.split_once("Content-Type").unwrap().0;
    let message = format!(
        "{header}Content-Type: application/pkcs7-mime; smime-type=certs-only; name=smime.p7c\r\n\
         Content-Transfer-Encoding: base64\r\n\
         Content-Disposition: attachment; filename=\"smime.p7c\"\r\n\r\n\r\n\r\n"
    );
    let message = edit_object(&message, |object| *object = p7c.stdout.clone());
    let document = place.rejects(&["verify"], &message, &["smime.certs-only"]);
    let hint = &finding(&document, "smime.certs-only")["hint"];
    assert!(
        hint.as_str().unwrap().contains("smime cert import"),
        "{hint}"
    );
}

#[test]
fn encrypted_for_somebody_else() {
    let place = Place::office();
    let encrypted = place.made(&["encrypt"], MAIL);
    let partner = ["-k", "partner"];
    for command in [&["decrypt"][..], &["verify"], &["decrypt", "--verify"]] {
        let arguments = [&partner[..], command].concat();
        let document = place.rejects(&arguments, &encrypted, &["cms.recipient-not-found"]);
        let layer = &document["layers"][0];
        assert_eq!(
            (&layer["kind"], &layer["content_cipher"]),
            (&json!("enveloped"), &json!("aes-256-cbc"))
        );
        let recipient = &layer["recipients"][0];
        assert_eq!(
            (&recipient["kind"], &recipient["held"]),
            (&json!("key-agreement"), &json!(false))
        );
        assert_eq!(recipient["issuer"], "CN=Example CA");
    }
    let alone = ["--no-keystore", "decrypt"];
    place.rejects(&alone, &encrypted, &["cms.recipient-not-found"]);
}

#[test]
fn changed_ciphertext_looks_like_any_failure() {
    let place = Place::office();
    for cipher in ["aes-128-cbc", "aes-256-cbc", "aes-128-gcm", "aes-256-gcm"] {
        let encrypted = place.made(&["encrypt", "--cipher", cipher], MAIL);
        // In the parameters of the cipher, OCTET STRING: a changed IV changes the first block.
        let changed = edit_object(&encrypted, |object| {
            let size = if cipher.ends_with("gcm") { 12 } else { 16 };
            let is_vector = |at: &usize| object[*at..].starts_with(&[0x04, size]);
            let arcs = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01];
            let cipher = object
                .windows(8)
                .rposition(|octets| octets == arcs)
                .unwrap();
            let at = (cipher..object.len()).find(is_vector).unwrap();
            object[at + 2] ^= 0x80;
        });
        let document = place.rejects(&["decrypt"], &changed, &["cms.decryption-failed"]);
        assert_eq!(
            finding(&document, "cms.decryption-failed")["detail"],
            json!({})
        );
        place.rejects(&["verify"], &changed, &["cms.decryption-failed"]);
    }
}

#[test]
fn a_changed_tag() {
    let place = Place::office();
    let encrypted = place.made(&["encrypt", "--cipher", "aes-256-gcm"], MAIL);
    let changed = edit_object(&encrypted, |object| {
        // The tag stands last.
        let last = object.len() - 1;
        object[last] ^= 1;
    });
    place.rejects(&["decrypt"], &changed, &["cms.decryption-failed"]);
}

#[test]
fn beside_content_that_is_not_signed() {
    let place = Place::office();
    for signed in [place.signed(MAIL), place.made(&["sign", "--opaque"], MAIL)] {
        let listed = with_footer(&signed);
        let document = place.rejects(&["verify"], &listed, &["smime.unsigned-content"]);
        let finding = finding(&document, "smime.unsigned-content");
        assert_eq!(finding["part"], "1");
        assert_eq!(
            finding["summary"],
            "only part 1 is signed; the rest of the message is not"
        );
        assert_eq!(document["layers"], json!([]));
        let listed = with_footer(&lf(&signed)).replace("\r\n", "\n");
        place.rejects(&["verify"], &listed, &["smime.unsigned-content"]);
    }
    // Ciphertext beside other parts is not decrypted as though it were the message.
    let encrypted = with_footer(&place.made(&["encrypt"], MAIL));
    place.rejects(&["decrypt"], &encrypted, &["smime.not-encrypted"]);
    place.rejects(&["verify"], &encrypted, &["smime.not-signed"]);
}

/// The message as a mailing list passes it on: as the first of two parts.
fn with_footer(message: &str) -> String {
    let at = message.find("Content-Type").unwrap();
    format!(
        "{}Content-Type: multipart/mixed; boundary=list\r\n\r\n--list\r\n{}\r\n--list\r\n\
         Content-Type: text/plain\r\n\r\nPosted to the list.\r\n--list--\r\n",
        &message[..at],
        &message[at..]
    )
}

#[test]
fn a_line_behind_the_last_delimiter_is_named_and_not_released() {
    let place = Place::office();
    let listed = place.signed(MAIL) + "Scanned by a gateway.\r\n";
    let run = place.filter(&["verify", "--json", "-o", "out.eml"], &listed);
    assert_eq!(run.status, 0, "{run:?}");
    assert_eq!(place.read("out.eml"), MAIL.as_bytes());
    assert_eq!(findings(&run.json(), "info"), ["smime.unsigned-content"]);
    assert_eq!(
        findings(
            &place
                .filter(&["verify", "--json"], &place.signed(MAIL))
                .json(),
            "info"
        ),
        [""; 0]
    );
}

#[test]
fn parts_of_the_signed_structure_are_missing_or_added() {
    let place = Place::office();
    let signed = place.signed(MAIL);
    let boundary = signed
        .split("boundary=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let delimiter = format!("--{boundary}");
    let close = format!("{delimiter}--");
    let three = signed.replace(&close, &format!("{delimiter}\r\n\r\nmore\r\n{close}"));
    place.rejects(&["verify"], &three, &["mail.signed-part-count"]);
    let last = signed.rfind(&format!("{delimiter}\r\n")).unwrap();
    let one = format!("{}{close}\r\n", &signed[..last]);
    place.rejects(&["verify"], &one, &["mail.signed-part-count"]);

    let damaged = signed.replace(
        "Content-Transfer-Encoding: base64",
        "Content-Transfer-Encoding: x",
    );
    place.rejects(&["verify"], &damaged, &["mail.transfer-encoding-invalid"]);
    let cut = edit_object(&signed, |object| object.truncate(object.len() / 2));
    place.rejects(&["verify"], &cut, &["cms.encoding-invalid"]);
    let junk = edit_object(&signed, |object| *object = b"no CMS at all".to_vec());
    place.rejects(&["verify"], &junk, &["cms.encoding-invalid"]);
}

#[test]
fn a_signature_without_its_content() {
    let place = Place::office();
    let signed = place.signed(MAIL);
    let mut object = Vec::new();
    edit_object(&signed, |octets| object = octets.clone());
    place.write("smime.p7s", &object);
    place.write(
        "content.txt",
        MAIL.split_once("MIME-Version: 1.0\r\n").unwrap().1,
    );
    place.rejects(&["verify", "smime.p7s"], "", &["cms.content-missing"]);
    let run = place.run(["verify", "smime.p7s", "--content", "content.txt", "--json"]);
    assert_eq!(run.status, 0, "{run:?}");
    assert_eq!(findings(&run.json(), "warning"), ["smime.author-unknown"]);
    let other = ["verify", "smime.p7s", "--content", "smime.p7s"];
    place.rejects(&other, "", &["cms.message-digest-mismatch"]);
    let expect = [
        "verify",
        "smime.p7s",
        "--content",
        "content.txt",
        "--expect",
        "bob@example.com",
    ];
    place.rejects(&expect, "", &["smime.from-mismatch"]);
}

#[test]
fn without_the_certificate_of_the_signer() {
    let place = Place::office();
    let authority = place.authority_of("partner");
    place.run(["-q", "trust", "add", &authority]).done();
    let export = [
        "-k",
        "partner",
        "cert",
        "export",
        "carol@example.net",
        "--format=der",
    ];
    let certificate = place.run(export).done().stdout;
    // With another serial number it is no longer the one that the signature names.
    let mut other = certificate.clone();
    let version_3 = [0xa0, 0x03, 0x02, 0x01, 0x02];
    let at = other
        .windows(5)
        .position(|octets| octets == version_3)
        .unwrap();
    other[at + 9] ^= 1;
    let signed = edit_object(&place.signed_by_carol(), |object| {
        replace_octets(object, &certificate, &other);
    });
    let codes = ["cms.signer-certificate-not-found"];
    let document = place.rejects(&["verify"], &signed, &codes);
    let checks = &document["layers"][0]["signers"][0]["checks"];
    assert_eq!(
        (&checks["integrity"], &checks["signature"]),
        (&json!("pass"), &json!("not-checked"))
    );

    place.write("carol.der", certificate);
    let given = ["-q", "verify", "--no-extract", "--untrusted", "carol.der"];
    assert_eq!(place.filter(&given, &signed).done().text(), from_carol());
}

/// A value with its tag and length.
fn element(tag: u8, content: &[&[u8]]) -> Vec<u8> {
    let content = content.concat();
    assert!(content.len() < 128);
    [&[tag, content.len() as u8], &content[..]].concat()
}

#[test]
fn without_any_signer() {
    let place = Place::office();
    let (signed_data, data) = (
        element(
            0x06,
            &[&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02]],
        ),
        element(
            0x06,
            &[&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01]],
        ),
    );
    let content = element(0x04, &[b"Content-Type: text/plain\r\n\r\nHello\r\n"]);
    let content = element(0x30, &[&data, &element(0xa0, &[&content])]);
    let object = element(
        0x30,
        &[
            &[0x02, 0x01, 0x01],
            &element(0x31, &[]),
            &content,
            &element(0x31, &[]),
        ],
    );
    let object = element(0x30, &[&signed_data, &element(0xa0, &[&object])]);
    let signed = edit_object(&place.made(&["sign", "--opaque"], MAIL), |octets| {
        *octets = object
    });
    let document = place.rejects(&["verify"], &signed, &["cms.signer-missing"]);
    assert_eq!(document["layers"][0]["signers"], json!([]));
}

#[test]
fn algorithms_that_are_not_known_are_named() {
    let place = Place::office();
    let ends_in = |arc: u8| [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, arc >> 4, arc & 15];
    let signed = edit_object(&place.signed(MAIL), |object| {
        replace_octets(object, &ends_in(0x21), &ends_in(0x2f));
    });
    let run = place.filter(&["verify", "--json"], &signed);
    let document = run.json();
    let finding_ = finding(&document, "cms.digest-unsupported");
    assert_eq!(
        finding_["detail"]["algorithm"], "2.16.840.1.101.3.4.2.15",
        "{document:#}"
    );
    assert_eq!(
        (run.status, document["verdict"].as_str()),
        (1, Some("rejected"))
    );

    let encrypted = place.made(&["encrypt"], MAIL);
    let cipher = edit_object(&encrypted, |object| {
        // AES-256-CBC is 2.16.840.1.101.3.4.1.42.
        let from = [0x65, 0x03, 0x04, 0x01, 0x2a];
        replace_octets(object, &from, &[0x65, 0x03, 0x04, 0x01, 0x7f]);
    });
    let document = place.rejects(
        &["decrypt"],
        &cipher,
        &["cms.content-encryption-unsupported"],
    );
    let detail = &finding(&document, "cms.content-encryption-unsupported")["detail"];
    assert_eq!(detail["algorithm"], "2.16.840.1.101.3.4.1.127");

    let agreement = edit_object(&encrypted, |object| {
        // dhSinglePass-stdDH-sha256kdf is 1.3.132.1.11.1.
        replace_octets(
            object,
            &[0x2b, 0x81, 0x04, 0x01, 0x0b, 0x01],
            &[0x2b, 0x81, 0x04, 0x01, 0x0b, 0x7f],
        );
    });
    let document = place.rejects(
        &["decrypt"],
        &agreement,
        &["cms.key-management-unsupported"],
    );
    let detail = &finding(&document, "cms.key-management-unsupported")["detail"];
    assert_eq!(detail["algorithm"], "1.3.132.1.11.127");
}
