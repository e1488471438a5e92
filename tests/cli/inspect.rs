//! `inspect`: what it shows, what it takes out, and that nothing is decided by it.

use serde_json::{Value, json};

use crate::office::{MAIL, edit_object, finding, findings, hold_the_contract};
use crate::place::{Place, Run};

const UNVERIFIED: &str = "is unverified: whoever could change the message could change it too\n";

impl Place {
    #[track_caller]
    fn inspected(&self, arguments: &[&str], input: impl AsRef<[u8]>) -> Run {
        self.write("input", input);
        self.run([&["inspect", "input"], arguments].concat())
    }

    /// The report of a run that was done without a word, as text and as a document.
    #[track_caller]
    pub(crate) fn inspect(&self, arguments: &[&str], input: impl AsRef<[u8]>) -> (String, Value) {
        let run = self.inspected(arguments, input.as_ref()).done();
        let text = run.text().to_owned();
        let long = text
            .lines()
            .find(|line| line.chars().count() > 80 && line.contains("  "));
        assert_eq!(
            long.filter(|line| line.split_whitespace().count() > 3),
            None
        );
        let document = self
            .inspected(&[arguments, &["--json"]].concat(), input)
            .done()
            .json();
        hold_the_contract(&document);
        assert_eq!(document["verdict"], "not-processed");
        (text, document)
    }
}

fn paths(document: &Value) -> Vec<&str> {
    let entities = document["entities"].as_array().unwrap().iter();
    entities
        .map(|entity| entity["path"].as_str().unwrap())
        .collect()
}

/// A message with a text, and an attachment in base64.
fn with_attachment() -> String {
    MAIL.replace(
        "Content-Type: text/plain; charset=utf-8\r\n\r\n",
        "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\n",
    ) + "--x\r\nContent-Type: application/pdf; name=\"a.pdf\"\r\n\
         Content-Transfer-Encoding: base64\r\n\r\nJVBERg==\r\n--x--\r\n"
}

#[test]
fn a_signed_message_in_an_encrypted_one() {
    let place = Place::office();
    let message = place.made(&["encrypt", "--sign"], &with_attachment());
    let (text, document) = place.inspect(&[], &message);
    assert_eq!(paths(&document), ["0", "1", "1.1", "1.1.1", "1.1.2", "1.2"]);
    assert_eq!(document["verify"], "accepted");
    let recipient = &document["layers"][0]["recipients"][0];
    assert_eq!(recipient["held"], true);
    assert_eq!(recipient["addresses"], json!(["bob@example.com"]));
    assert!(
        text.contains("\n  recipient 0: bob@example.com, rsa, key held here\n")
            || text.contains("\n  recipient 0: bob@example.com, ecdh"),
        "{text}"
    );
    assert_eq!(document["layers"][1]["signers"][0]["verdict"], "accepted");
    assert_eq!(document["certificates"][0]["part"], "1");
    assert_eq!(document["entities"][4]["file_name"], "a.pdf");
    assert_eq!(document["entities"][4]["content_size"], 4);
    assert!(
        text.contains("\n  1.1.2        application/pdf, base64, 4 octets, \"a.pdf\"\n"),
        "{text}"
    );
    assert!(
        text.contains("\nlayer 1: signed, clear\n  signer 0: alice@example.com: accepted\n"),
        "{text}"
    );
    assert!(
        text.ends_with("`smime verify` would accept it.\nnext step: none\n"),
        "{text}"
    );

    // For somebody whose certificate is known, and the key is not.
    place
        .run(["trust", "add", &place.authority_of("partner")])
        .done();
    let carol = place.signed_by_carol();
    assert_eq!(
        place.filter(&["-q", "verify", "-o", "out"], &carol).status,
        0
    );
    let abroad = place.made(&["encrypt", "--recipient=carol@example.net"], MAIL);
    let (text, _) = place.inspect(&[], &abroad);
    assert!(
        text.contains("\n  recipient 0: carol@example.net, "),
        "{text}"
    );
    assert!(text.contains(", key not held here\n"), "{text}");

    let closed = place
        .inspected(&["--no-keystore", "--json"], &message)
        .done()
        .json();
    assert_eq!(paths(&closed), ["0"]);
    assert_eq!(findings(&closed, "reject"), ["cms.recipient-not-found"]);
    assert_eq!(closed["verify"], "rejected");
}

#[test]
fn whatever_is_wrong_with_a_message_is_shown_with_status_0() {
    let place = Place::office();
    let signed = place.signed(MAIL);
    let (text, document) = place.inspect(&[], signed.replace("figures are in", "figures are out"));
    assert_eq!(
        findings(&document, "reject"),
        ["cms.message-digest-mismatch"]
    );
    let hint = finding(&document, "cms.message-digest-mismatch")["hint"].clone();
    assert_eq!(document["next_step"], hint);
    assert!(
        text.contains("\n    reject cms.message-digest-mismatch\n"),
        "{text}"
    );
    assert!(
        text.contains("`smime verify` would reject it.\nnext step: Find "),
        "{text}"
    );

    let (text, document) = place.inspect(&[], MAIL);
    assert_eq!(findings(&document, "reject"), [""; 0]);
    assert_eq!(findings(&document, "info"), ["smime.not-signed"]);
    assert!(
        text.contains("\nThe message is neither signed nor encrypted.\n"),
        "{text}"
    );

    let hostile = MAIL.replace("Figures", "=?utf-8?q?=1B[2J=E2=80=AEx?=");
    let (text, _) = place.inspect(&[], hostile);
    assert!(
        text.contains("\n  subject    \\u{1b}[2J\\u{202e}x\n"),
        "{text}"
    );
}

#[test]
fn a_part_comes_out_as_its_content_and_unverified() {
    let place = Place::office();
    let message = place.made(&["encrypt", "--sign"], &with_attachment());
    let warning = format!("smime: warning: part 1.1.2 {UNVERIFIED}");
    let run = place
        .inspected(&["--part", "1.1.2"], &message)
        .ended(0, &warning);
    assert_eq!(run.text(), "%PDF");
    let run = place
        .inspected(&["--part", "1.1.2", "-o", "a.pdf", "--json"], &message)
        .ended(0, &warning);
    assert_eq!(place.read("a.pdf"), b"%PDF");
    assert_eq!(run.json()["verify"], "accepted");
    // A multipart is whole, so that it can be verified by itself.
    let run = place.inspected(&["--part", "1"], &message);
    assert!(
        run.text().starts_with("Content-Type: multipart/signed;"),
        "{run:?}"
    );
    let run = place.inspected(&["--part", "0", "-o", "smime.p7m"], &message);
    assert_eq!(run.status, 0, "{run:?}");
    assert_eq!(place.read("smime.p7m")[0], 0x30);
    let opened = place.run(["decrypt", "smime.p7m"]);
    assert!(opened.text().contains("JVBERg=="), "{opened:?}");

    let none = "smime: error: cannot take out a part\n  caused by: there is no part 7\n\
        smime: hint: `smime inspect` without --part shows the parts and their numbers.\n";
    place.inspected(&["--part", "7"], &message).ended(2, none);
}

#[test]
fn a_signature_without_its_content_still_names_its_signer() {
    let place = Place::office();
    let object = place.inspected(&["--part", "2"], place.signed(MAIL)).stdout;
    let (text, document) = place.inspect(&[], &object);
    assert_eq!(findings(&document, "reject"), ["cms.content-missing"]);
    assert_eq!(document["verify"], "rejected");
    for told in [
        "\n  0  CMS object, ",
        " (not opened: signed, clear)\n",
        "\npart 0: signed, clear, not opened\n  signer 0: alice@example.com: rejected\n",
        "\n    checks     integrity not-checked, signature pass, path pass, validity pass\n",
        "\nnext step: Give the whole message, or the content with `--content FILE`.\n",
    ] {
        assert!(text.contains(told), "{told}\n{text}");
    }
    let signer = &document["entities"][0]["nested"]["signers"][0];
    assert_eq!(signer["checks"]["integrity"], "not-checked");
    // What else is wrong with the signer is told.
    let (_, document) = place.inspect(&["--no-keystore"], &object);
    assert_eq!(
        findings(&document, "reject"),
        ["cms.content-missing", "path.issuer-unknown"]
    );
}

#[test]
fn no_part_comes_out_of_what_was_not_decrypted() {
    let place = Place::office();
    let message = place.made(&["encrypt"], MAIL);
    let altered = edit_object(&message, |object| {
        let last = object.len() - 1;
        object[last] ^= 1;
    });
    for (arguments, message) in [(&["--no-keystore"][..], &message), (&[], &altered)] {
        place.write("kept", "kept");
        let arguments = [arguments, &["--part", "1", "-o", "kept"]].concat();
        let run = place.inspected(&arguments, message);
        let cause = "caused by: part 1 is inside layer 0, which was not decrypted\n";
        assert!(run.status == 65 && run.stderr.contains(cause), "{run:?}");
        assert_eq!(run.text(), "");
        assert_eq!(place.read("kept"), b"kept");
    }
}

#[test]
fn ciphertext_beside_other_parts_is_not_decrypted() {
    let place = Place::office();
    let secret = place.made(&["encrypt"], MAIL);
    let outer = format!(
        "From: list@example.com\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=outer\r\n\r\n\
         --outer\r\n\r\nRead this:\r\n--outer\r\n{secret}\r\n--outer--\r\n"
    );
    let (text, document) = place.inspect(&[], outer);
    assert_eq!(paths(&document), ["0", "1", "2"]);
    assert_eq!(document["layers"], json!([]));
    let nested = &document["entities"][2]["nested"];
    assert_eq!(nested["recipients"][0]["held"], true);
    let finding = finding(&document, "smime.nested-encryption");
    assert_eq!(
        (&finding["part"], &finding["severity"]),
        (&json!("2"), &json!("info"))
    );
    assert!(!text.contains("figures"), "{text}");
}

#[test]
fn keys_that_stay_locked_are_told_and_the_rest_is_shown() {
    let place = Place::new();
    let secret = [("SMIME_PASSPHRASE", "open")];
    let run = |arguments: &[&str], secret: &[(&str, &str)], stdin: &str| {
        place.run_with(arguments, secret, stdin.as_bytes())
    };
    run(&["ca", "init", "--key-type", "ec-p256"], &secret, "").done();
    run(
        &["cert", "issue", "bob@example.com", "--key-type=ec-p256"],
        &secret,
        "",
    );
    let message = run(&["encrypt"], &secret, MAIL);
    let shown = run(&["inspect", "--json"], &[], message.text());
    assert_eq!(shown.status, 0);
    assert!(
        shown.stderr.starts_with("smime: warning: not decrypted: ")
            && shown.stderr.contains("\nsmime: hint: "),
        "{shown:?}"
    );
    let document = shown.json();
    assert_eq!(document["layers"][0]["recipients"][0]["held"], true);
    assert_eq!(
        (&document["verify"], findings(&document, "reject").len()),
        (&Value::Null, 0)
    );
    let opened = run(&["inspect", "--json"], &secret, message.text())
        .done()
        .json();
    assert_eq!(paths(&opened), ["0", "1"]);
}

#[test]
fn certificates_keys_and_pkcs12() {
    let place = Place::office();
    let authority = place.read(place.authority_of("store"));
    let (text, document) = place.inspect(&[], &authority);
    assert_eq!(document["certificates"][0]["subject"], "CN=Example CA");
    assert_eq!(document["certificates"][0]["checks"]["path"], "pass");
    assert_eq!(findings(&document, "reject"), [""; 0]);
    assert!(text.starts_with("certificate 0\nsha256       "), "{text}");

    let secret = [("SMIME_FILE_PASSPHRASE", "secret")];
    let export = [
        "cert",
        "export",
        "alice@example.com",
        "--with-private-key",
        "-o",
        "a.p12",
    ];
    place.run_with(export, &secret, b"");
    let show = |secret| place.run_with(["inspect", "a.p12", "--json"], secret, b"");
    let document = show(&secret).done().json();
    assert_eq!(document["kind"], "pkcs12");
    assert_eq!(document["certificates"][0]["private_key"], true);
    assert_eq!(document["keys"][0]["key"], "ec-p256");
    let bag = |name| json!({"kind": "certificate", "encryption": null, "friendly_name": name});
    assert_eq!(
        document["outline"]["safes"][0]["bags"],
        json!([bag(Some("alice@example.com")), bag(None)])
    );
    // Elsewhere this is a failure; here it is what was found out about the file.
    let document = show(&[("SMIME_FILE_PASSPHRASE", "wrong")]).done().json();
    assert_eq!(findings(&document, "reject"), ["p12.wrong-passphrase"]);
    // What is not encrypted shows without it.
    let run = show(&[]);
    assert!(
        run.stderr.starts_with(
            "smime: warning: not opened: the passphrase of a.p12 is missing, and there is no \
             terminal to ask on\nsmime: hint: Use --file-passphrase-file FILE "
        ),
        "{run:?}"
    );
    assert_eq!(run.status, 0);
    let document = run.json();
    assert_eq!(document["certificates"], json!([]));
    assert_eq!(document["findings"], json!([]));
    let aes = json!({"algorithm": "aes-256-cbc", "derivation": "pbkdf2 with hmac-sha256",
        "iterations": 100_000, "problem": null});
    let key = json!({"kind": "encrypted-private-key", "encryption": aes,
        "friendly_name": "alice@example.com"});
    assert_eq!(
        document["outline"],
        json!({
            "integrity": {"algorithm": "hmac-sha256", "derivation": "pkcs12 with sha256",
                "iterations": 100_000, "problem": null},
            "safes": [{"encryption": aes, "bags": null}, {"encryption": null, "bags": [key]}],
        })
    );
}

#[test]
fn structures_are_shown_up_to_where_they_break() {
    let place = Place::office();
    let signed = place.signed(MAIL);
    let run = place.inspected(&["--asn1"], &signed).done();
    let lines: Vec<&str> = run.text().lines().collect();
    assert_eq!(lines[0], "part 2");
    assert!(lines[2].starts_with("       0     0      4 ") && lines[2].ends_with("  SEQUENCE"));
    assert_eq!(
        lines[3],
        "       4     1      2        9    OBJECT IDENTIFIER signedData (1.2.840.113549.1.7.2)"
    );
    place.inspected(&["--part", "2", "-o", "whole.p7s"], &signed);
    let cut = &place.read("whole.p7s")[..300];
    let run = place.inspected(&["--asn1"], cut).done();
    assert!(
        run.text()
            .ends_with("broken here: the encoding ends too early, at octet 300\n"),
        "{run:?}"
    );
    let document = place.inspected(&["--asn1", "--json"], cut).done().json();
    let structure = &document["asn1"][0];
    assert_eq!(structure["elements"][1]["tag"], "OBJECT IDENTIFIER");
    assert!(
        structure["broken"]
            .as_str()
            .unwrap()
            .ends_with("at octet 300")
    );
    let (_, document) = place.inspect(&[], cut);
    assert_eq!(findings(&document, "reject"), ["cms.encoding-invalid"]);
}

#[test]
fn what_is_nothing_known_is_refused() {
    let place = Place::new();
    for (input, cause) in [
        (
            &b""[..],
            "smime: error: input is empty\nsmime: hint: Give a message, a CMS object, certificates, a certification request, a CRL, a private key, a PKCS #12 file or a policy file.\n",
        ),
        (
            &[0x30, 3, 2, 1, 5],
            "smime: error: cannot read input\n  caused by: it is no message, CMS object, \
             certificate, request, CRL, key or PKCS #12 file\n\
             smime: hint: `smime inspect --asn1` shows how far its structure can be read.\n",
        ),
        (
            &[0xff; 100],
            "smime: error: cannot inspect input\n  caused by: the input is not a mail message: its first line is not \
             a header field\n\
             smime: hint: Give a message, a CMS object, certificates, a certification request, a CRL, a private key, a PKCS #12 file or a policy file.\n",
        ),
    ] {
        place.inspected(&[], input).ended(65, cause);
    }
}
