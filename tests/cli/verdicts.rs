//! What is rejected: exit status, reason, report, and not one octet of the content.

use serde_json::json;

use crate::office::{MAIL, checks, edit_object, finding, findings, from_carol, lf, replace_octets};
use crate::place::Place;

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
      subject    CN=alice@example.com
      issuer     CN=Example CA
      serial     {serial}
      sha256     {sha256}
      valid      {valid}
      signed at  {time} +00:00 (claimed)
      algorithms ecdsa-sha256, digest sha256
      path       CN=alice@example.com
                 < CN=Example CA
      checks     integrity fail, signature pass, path pass, validity pass
                 revocation not-checked, identity pass, pinning pass
  reject cms.message-digest-mismatch at layer 0, signer 0
    the content is not what was signed: its digest differs (RFC 5652 section
    5.6)
    computed: {computed}
    signed: {signed}
    what to do: Find the relay that changes content; ask the sender for a copy
    that did not pass it.
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
fn of_a_message_that_a_list_put_a_footer_into() {
    let place = Place::office();
    let signed = place.signed(MAIL);
    let (before, after) = signed
        .split_once("\nContent-Type: application/pkcs7")
        .unwrap();
    let (content, delimiter) = before.rsplit_once("\n--").unwrap();
    let damaged = format!(
        "{content}\n____\nthe list\n\n--{delimiter}\nContent-Type: application/pkcs7{after}"
    );
    let expected = ["cms.message-digest-mismatch"];
    let document = place.rejects(&["verify"], &damaged, &expected);
    let named = finding(&document, "smime.damage-text-added");
    assert_eq!(named["severity"], "warning");
    assert_eq!(named["detail"]["change"], "text was appended");
    let told = place.filter(&["verify"], &damaged).stderr;
    let (_, told) = told
        .split_once("  warning smime.damage-text-added")
        .unwrap();
    assert!(told.contains("    change: text was appended\n"), "{told}");
    let last = told.lines().last().unwrap();
    assert_eq!(
        last,
        "smime: hint: Have the list or gateway leave signed messages alone, or put its text outside \
         the signed part."
    );
    let inspected = place.filter(&["inspect"], &damaged).done();
    let step = "next step: Have the list or gateway leave";
    assert!(inspected.text().contains(step), "{}", inspected.text());
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
    for cipher in [
        "aes-128-cbc",
        "aes-256-cbc",
        "aes-128-gcm",
        "aes-256-gcm",
        "aes-256-ccm",
    ] {
        let encrypted = place.made(&["encrypt", "--cipher", cipher], MAIL);
        // In the parameters of the cipher, OCTET STRING: a changed IV changes the first block.
        let changed = edit_object(&encrypted, |object| {
            let size = if cipher.ends_with("cbc") { 16 } else { 12 };
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
    for cipher in ["aes-256-gcm", "aes-256-ccm", "chacha20-poly1305"] {
        let encrypted = place.made(&["encrypt", "--cipher", cipher], MAIL);
        let changed = edit_object(&encrypted, |object| {
            // The tag stands last.
            let last = object.len() - 1;
            object[last] ^= 1;
        });
        let document = place.rejects(&["decrypt"], &changed, &["cms.decryption-failed"]);
        let only = finding(&document, "cms.decryption-failed");
        assert_eq!(only["detail"], json!({}));
    }
}
