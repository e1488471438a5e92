//! What is accepted, and what comes out: every form, both kinds of lines, layers in layers.

use serde_json::{Value, json};
use smime::asn1::pem;

use crate::office::{MAIL, edit_object, finding, findings, from_carol, hold_the_contract, lf};
use crate::place::Place;

const ACCEPTED: &str = "smime: accepted: signed by alice@example.com\n";

/// The document of a run that accepts the message.
#[track_caller]
fn accepted(place: &Place, arguments: &[&str], message: &str) -> Value {
    let run = place.filter(&[arguments, &["--json"]].concat(), message);
    assert_eq!(run.status, 0, "{run:?}");
    let document = run.json();
    hold_the_contract(&document);
    assert_eq!(document["verdict"], "accepted");
    assert_eq!(findings(&document, "reject"), [""; 0]);
    document
}

/// Kind and form of each layer.
fn layers(document: &Value) -> Vec<String> {
    let layers = document["layers"].as_array().unwrap().iter();
    let word = |layer: &Value, key: &str| layer[key].as_str().unwrap().to_owned();
    layers
        .map(|layer| format!("{} {}", word(layer, "form"), word(layer, "kind")))
        .collect()
}

/// The octets of the CMS object in a message.
fn object_in(message: &str) -> Vec<u8> {
    let mut object = Vec::new();
    edit_object(message, |octets| object = octets.clone());
    object
}

fn holds(octets: &[u8], part: &[u8]) -> bool {
    octets.windows(part.len()).any(|window| window == part)
}

#[test]
fn what_was_signed_comes_out_as_it_went_in() {
    let place = Place::office();
    for form in [&["sign"][..], &["sign", "--opaque"]] {
        let signed = place.made(form, MAIL);
        assert_eq!(signed.matches('\n').count(), signed.matches("\r\n").count());
        let run = place.filter(&["verify"], &signed).ended(0, ACCEPTED);
        assert_eq!(run.text(), MAIL);

        let signed = place.made(form, &lf(MAIL));
        assert!(!signed.contains('\r'));
        let run = place.filter(&["verify"], &signed).ended(0, ACCEPTED);
        assert_eq!(run.text(), lf(MAIL));
        // A relay may have turned the lines of Unix into those of mail, and back.
        let run = place.filter(&["verify"], &signed.replace('\n', "\r\n"));
        assert_eq!(run.ended(0, ACCEPTED).text(), MAIL);
    }
}

#[test]
fn the_document_of_an_accepted_message() {
    let place = Place::office();
    let certificate = place.run(["cert", "list", "--json", "--address", "alice@example.com"]);
    let certificate = &certificate.done().json()["certificates"][0];
    let signed = place.signed(MAIL);
    let mut document = accepted(
        &place,
        &["verify", "--envelope-from", "alice@example.com"],
        &signed,
    );
    let signer = &mut document["layers"][0]["signers"][0];
    let time = signer["signing_time"].take();
    assert!(time.as_str().unwrap().ends_with('Z'), "{time}");
    let capabilities = signer["capabilities"].take();
    assert_eq!(capabilities[0], "aes-256-gcm");
    let authority = place.run(["ca", "show", "--json"]).done().json();
    assert_eq!(
        document,
        json!({
            "format": 1,
            "command": "verify",
            "verdict": "accepted",
            "message": {
                "message_id": "1@example.com",
                "date": "2026-11-24T08:00:00Z",
                "subject": "Figures",
                "header_from": ["alice@example.com"],
                "header_to": ["bob@example.com"],
                "envelope_from": "alice@example.com",
                "envelope_to": [],
            },
            "layers": [{
                "index": 0,
                "kind": "signed",
                "form": "clear",
                "content_cipher": null,
                "signers": [{
                    "index": 0,
                    "verdict": "accepted",
                    "addresses": ["alice@example.com"],
                    "subject": "CN=alice@example.com",
                    "issuer": "CN=Example CA",
                    "serial": certificate["serial"],
                    "sha256": certificate["sha256"],
                    "not_before": certificate["not_before"],
                    "not_after": certificate["not_after"],
                    "signing_time": null,
                    "capabilities": null,
                    "digest": "sha256",
                    "signature": "ecdsa-sha256",
                    "checks": {
                        "integrity": "pass",
                        "signature": "pass",
                        "path": "pass",
                        "validity": "pass",
                        "revocation": "not-checked",
                        "identity": "pass",
                        "pinning": "pass",
                    },
                    "path": [
                        {"subject": "CN=alice@example.com", "sha256": certificate["sha256"]},
                        {
                            "subject": "CN=Example CA",
                            "sha256": authority["certificates"][0]["sha256"],
                        },
                    ],
                }],
                "recipients": [],
            }],
            "findings": [],
            "extracted": document["extracted"],
            "policy": null,
            "resend_would_pass": null,
        })
    );
}

#[test]
fn everything_is_told_on_request_only() {
    let place = Place::office();
    let signed = place.signed(MAIL);
    place.filter(&["-q", "verify"], &signed).ended(0, "");
    let run = place.filter(&["verify", "-v"], &signed);
    assert!(
        run.stderr.starts_with(ACCEPTED) && run.stderr.contains("integrity pass"),
        "{run:?}"
    );
    assert!(run.stderr.contains("revocation not-checked"), "{run:?}");
    assert_eq!(run.text(), MAIL);
    let run = place.filter(&["verify", "-v", "-q"], &signed);
    assert_eq!((run.status, run.text()), (2, ""), "{run:?}");
}

#[test]
fn the_signature_stays_if_that_is_asked_for() {
    let place = Place::office();
    for form in [&["sign"][..], &["sign", "--opaque"]] {
        let signed = place.made(form, MAIL);
        let run = place
            .filter(&["verify", "--keep-signature"], &signed)
            .ended(0, ACCEPTED);
        assert_eq!(run.text(), signed);
        let encrypted = place.made(&["encrypt"], &signed.clone());
        let run = place.filter(&["verify", "--keep-signature"], &encrypted);
        assert_eq!(run.status, 0, "{run:?}");
        assert_eq!(run.text(), signed);
    }
}

#[test]
fn layers_in_layers() {
    let place = Place::office();
    let both = place.made(&["encrypt", "--sign"], MAIL);
    let document = accepted(&place, &["verify"], &both);
    assert_eq!(layers(&document), ["opaque enveloped", "clear signed"]);
    let told =
        "smime: accepted: enveloped with aes-256-cbc, inside it signed by alice@example.com\n";
    for arguments in [&["verify"][..], &["decrypt", "--verify"]] {
        let run = place.filter(arguments, &both).ended(0, told);
        assert_eq!(run.text(), MAIL);
    }
    let opened = place.filter(&["-q", "decrypt"], &both).done();
    let run = place.filter(&["verify"], opened.text()).ended(0, ACCEPTED);
    assert_eq!(run.text(), MAIL);

    let wrapped = "smime: warning: the message is encrypted already [policy.already-encrypted]\n\
         smime: hint: Receivers have to open one layer inside the other.\n";
    let triple = place.filter(&["sign", "--opaque"], &both).ended(0, wrapped);
    let document = accepted(&place, &["verify"], triple.text());
    assert_eq!(
        layers(&document),
        ["opaque signed", "opaque enveloped", "clear signed"]
    );
    let run = place.filter(&["-q", "verify"], triple.text()).done();
    assert_eq!(run.text(), MAIL);

    let wrapped = "smime: warning: the message is signed already [policy.already-signed]\n\
         smime: hint: Receivers see one signature inside the other.\n";
    let twice = place
        .filter(&["sign"], &place.signed(MAIL))
        .ended(0, wrapped);
    let document = accepted(&place, &["verify"], twice.text());
    assert_eq!(layers(&document), ["clear signed", "clear signed"]);
}

#[test]
fn a_signature_over_what_only_somebody_else_can_open() {
    let place = Place::office();
    let authority = place.authority_of("store");
    let encrypted = place.made(&["encrypt"], MAIL);
    let signed = place.filter(&["-q", "sign"], &encrypted).done();
    let partner = ["-k", "partner", "verify", "--trust", &authority];
    let document = accepted(&place, &partner, signed.text());
    assert_eq!(
        finding(&document, "cms.recipient-not-found")["severity"],
        "info"
    );
    let run = place
        .filter(&[&partner[..], &["-q"]].concat(), signed.text())
        .done();
    assert!(run.text().contains("smime-type=enveloped-data"), "{run:?}");
    let opened = place.filter(&["-q", "decrypt"], run.text()).done();
    assert_eq!(opened.text(), MAIL);
}

#[test]
fn encryption_without_a_tag_is_warned_of_unless_it_is_signed_inside() {
    let place = Place::office();
    for (cipher, warns) in [
        ("aes-256-cbc", true),
        ("aes-128-cbc", true),
        ("aes-256-gcm", false),
        ("aes-192-ccm", false),
        ("chacha20-poly1305", false),
    ] {
        let encrypted = place.made(&["encrypt", "--cipher", cipher], MAIL);
        let document = accepted(&place, &["decrypt"], &encrypted);
        assert_eq!(document["layers"][0]["content_cipher"], cipher);
        let warnings: &[&str] = if warns {
            &["cms.content-not-authenticated"]
        } else {
            &[]
        };
        assert_eq!(findings(&document, "warning"), warnings);
        let warned = match warns {
            true => {
                "smime: warning: the encryption does not protect against changes, and no signature \
                 inside does either [cms.content-not-authenticated]\n"
            }
            false => "",
        };
        let told = match warns {
            true => format!("smime: accepted: enveloped with {cipher}\n{warned}"),
            false => format!("smime: accepted: auth-enveloped with {cipher}\n"),
        };
        let run = place.filter(&["decrypt"], &encrypted).ended(0, &told);
        assert_eq!(run.text(), MAIL);
        let encrypted = place.made(&["encrypt", "--cipher", cipher], &lf(MAIL));
        assert_eq!(
            place.filter(&["-q", "decrypt"], &encrypted).done().text(),
            lf(MAIL)
        );
    }
}

#[test]
fn the_certificate_of_the_ca_does_not_go_along() {
    let place = Place::office();
    let authority = place.run(["ca", "export", "--format", "der"]).done().stdout;
    let own = place
        .run(["cert", "export", "alice@example.com", "--format", "der"])
        .done()
        .stdout;
    for form in ["--digest=auto", "--opaque"] {
        let object = object_in(&place.made(&["sign", form], MAIL));
        assert!(holds(&object, &own) && !holds(&object, &authority));
        let object = object_in(&place.made(&["sign", form, "--include", "intermediates"], MAIL));
        assert!(holds(&object, &own) && !holds(&object, &authority));
        let object = object_in(&place.made(&["sign", form, "--include", "chain"], MAIL));
        assert!(holds(&object, &own) && holds(&object, &authority));
    }
}

#[test]
fn bcc_stays_outside_of_the_signature() {
    let place = Place::office();
    let line = "Bcc: Carol <carol@example.net>\r\n";
    let message = MAIL.replace("Subject:", &format!("{line}Subject:"));
    let signed = place.signed(&message);
    let (header, rest) = signed.split_once("\r\n\r\n").unwrap();
    assert!(header.contains(line) && !rest.contains("Bcc"));
    let opaque = object_in(&place.made(&["sign", "--opaque"], &message));
    assert!(!holds(&opaque, b"carol"));
}

#[test]
fn somebody_else_signs() {
    let place = Place::office();
    let warned = "smime: warning: the From address is not among those of the certificate that \
         signs [smime.from-mismatch]\n\
         smime: hint: Receivers that compare the two will reject the message.\n";
    let signed = place
        .filter(&["sign", "--signer", "bob@example.com"], MAIL)
        .ended(0, warned);
    place.rejects(&["verify"], signed.text(), &["smime.from-mismatch"]);
    let two = [
        "-q",
        "sign",
        "--signer=alice@example.com",
        "--signer=bob@example.com",
    ];
    let signed = place.filter(&two, MAIL).done();
    let document = place.rejects(&["verify"], signed.text(), &["smime.from-mismatch"]);
    let mut verdicts: Vec<_> = document["layers"][0]["signers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|signer| {
            (
                signer["addresses"][0].to_string(),
                signer["verdict"].to_string(),
            )
        })
        .collect();
    // Signers are a SET OF, which DER sorts.
    verdicts.sort();
    let signers = [
        ("alice@example.com", "accepted"),
        ("bob@example.com", "rejected"),
    ];
    assert_eq!(
        verdicts,
        signers.map(|(address, verdict)| (json!(address).to_string(), json!(verdict).to_string()))
    );
}

#[test]
fn nobody_is_there_to_sign() {
    let place = Place::office();
    let unknown = "smime: error: no certificate with a private key is there to sign for \
         carol@example.net\n\
         smime: hint: Run `smime cert issue carol@example.net`, or import one.\n";
    place.filter(&["sign"], &from_carol()).ended(67, unknown);
    let case = "smime: error: no certificate with a private key is there to sign for \
         Alice@example.com\n\
         smime: hint: There is one for alice@example.com; local parts are compared with regard to \
         case.\n\
         smime: hint: Run `smime cert issue Alice@example.com`, or import one.\n";
    let message = MAIL.replace("Alice <alice", "Alice <Alice");
    place.filter(&["sign"], &message).ended(67, case);
    let run = place.filter(&["sign", "--time", "2040-01-01"], MAIL);
    assert_eq!((run.status, run.text()), (67, ""), "{run:?}");
    assert!(run.stderr.contains("[cert.expired]"), "{run:?}");
    let nobody = "smime: error: the message has no From field with one mailbox, so nobody is there \
         to sign\n\
         smime: hint: Name the signer with --signer ADDRESS.\n";
    let two = MAIL.replace("From: ", "From: bob@example.com, ");
    place.filter(&["sign"], &two).ended(67, nobody);
    let run = place.filter(&["-q", "sign", "--signer", "bob@example.com"], &two);
    assert_eq!(run.status, 0, "{run:?}");
}

#[test]
fn what_is_not_mime_is_neither_signed_nor_encrypted() {
    let place = Place::office();
    let message = MAIL.replace("MIME-Version: 1.0\r\n", "");
    for command in ["sign", "encrypt"] {
        place.write("kept.eml", "kept");
        let run = place.filter(&[command, "-o", "kept.eml"], &message);
        assert_eq!((run.status, run.text()), (65, ""), "{run:?}");
        assert_eq!(place.read("kept.eml"), b"kept");
        let first = format!(
            "smime: error: cannot {command} stdin: it does not conform to MIME\n  \
             caused by: there are Content-* fields but no MIME-Version field [mail.not-mime]\n"
        );
        assert!(run.stderr.starts_with(&first), "{run:?}");
        assert!(run.stderr.contains("smime: hint: "), "{run:?}");
        let run = place.filter(&[command, "--json"], &message);
        let document = run.json();
        hold_the_contract(&document);
        assert_eq!((run.status, &document["error"]["exit"]), (65, &json!(65)));
        assert_eq!(findings(&document, "reject"), ["mail.not-mime"]);
    }
    // Notification mail without any MIME field conforms.
    let plain = "From: alice@example.com\r\nTo: bob@example.com\r\nSubject: x\r\n\r\nDisk full\r\n";
    let run = place
        .filter(&["verify"], &place.signed(plain))
        .ended(0, ACCEPTED);
    assert!(run.text().ends_with("\r\n\r\nDisk full\r\n"), "{run:?}");
}

#[test]
fn bare_objects_in_every_encoding() {
    let place = Place::office();
    let content = MAIL.split_once("MIME-Version: 1.0\r\n").unwrap().1;
    let signed = object_in(&place.made(&["sign", "--opaque"], MAIL));
    let encrypted = object_in(&place.made(&["encrypt"], MAIL));
    for label in ["", "CMS", "PKCS7"] {
        let write = |name: &str, der: &[u8]| match label {
            "" => place.write(name, der),
            label => place.write(name, pem::encode(label, der)),
        };
        write("signed.p7m", &signed);
        write("encrypted.p7m", &encrypted);
        let run = place.run(["verify", "--expect", "alice@example.com", "signed.p7m"]);
        assert_eq!(run.ended(0, ACCEPTED).text(), content);
        let run = place.run(["-q", "decrypt", "encrypted.p7m"]).done();
        assert_eq!(run.text(), content);
    }
    let run = place.run(["decrypt", "signed.p7m"]);
    assert_eq!((run.status, run.text()), (1, ""), "{run:?}");
    place.write("mail.eml", MAIL);
    let both = "smime: error: mail.eml is no bare CMS object, which --content would go with\n\
         smime: hint: Leave out --content; a message has its content.\n";
    place
        .run(["verify", "mail.eml", "--content", "mail.eml"])
        .ended(2, both);
    let certificate = place.run(["ca", "export"]).done();
    let run = place.run_with(["verify"], &[], &certificate.stdout);
    assert_eq!((run.status, run.text()), (65, ""), "{run:?}");
}

#[test]
fn an_identity_in_a_file_needs_no_keystore() {
    let place = Place::office();
    let authority = place.authority_of("store");
    let secret = [("SMIME_FILE_PASSPHRASE", "file secret")];
    let export = [
        "cert",
        "export",
        "alice@example.com",
        "--with-private-key",
        // The modern form is slow to open on purpose, and slower without optimization.
        "--legacy",
        "-q",
        "-o",
        "alice.p12",
    ];
    let run = place.run_with(export, &secret, b"");
    assert_eq!(run.status, 0, "{run:?}");
    let sign = ["--no-keystore", "sign", "--identity", "alice.p12"];
    let run = place.run_with(sign, &secret, MAIL.as_bytes()).done();
    let verify = ["--no-keystore", "verify", "--trust", &authority];
    let verified = place.filter(&verify, run.text()).ended(0, ACCEPTED);
    assert_eq!(verified.text(), MAIL);

    let wrong = place.run_with(sign, &[("SMIME_FILE_PASSPHRASE", "wrong")], MAIL.as_bytes());
    assert_eq!((wrong.status, wrong.text()), (77, ""), "{wrong:?}");
    assert!(wrong.stderr.contains("[p12.wrong-passphrase]"), "{wrong:?}");
    let missing = place.filter(&sign, MAIL);
    assert_eq!((missing.status, missing.text()), (77, ""), "{missing:?}");
    // The keystore's own passphrase is tried where the file has none.
    let shared = [("SMIME_PASSPHRASE", "file secret")];
    assert_eq!(place.run_with(sign, &shared, MAIL.as_bytes()).status, 0);

    let certificate = place
        .run(["cert", "export", "alice@example.com", "--format", "pem"])
        .done();
    place.write("alice.pem", &certificate.stdout);
    let encrypt = ["--no-keystore", "encrypt", "--certificate", "alice.pem"];
    let encrypted = place.made(&encrypt, &from_carol());
    let decrypt = ["-q", "--no-keystore", "decrypt", "--identity", "alice.p12"];
    let run = place
        .run_with(decrypt, &secret, encrypted.as_bytes())
        .done();
    assert_eq!(run.text(), from_carol());
    let not_an_identity = ["--no-keystore", "sign", "--identity", "alice.pem"];
    let run = place.filter(&not_an_identity, MAIL);
    assert_eq!(run.status, 65, "{run:?}");
    assert!(run.stderr.contains("it holds no private key"), "{run:?}");
}

/// Obsolete syntax that has to be read, and at which some programs end a header.
#[test]
fn white_space_before_a_colon_is_taken_out() {
    let place = Place::office();
    let part = "Content-Type\t: multipart/mixed; boundary=BB\r\n\r\n--BB\r\nContent-Type : text/plain\r\n\
        X-Part : 1\r\n\r\nHello\r\n--BB--\r\n";
    let header = MAIL.split_once("Content-Type").unwrap().0;
    let header = header
        .replace("Subject:", "Subject :")
        .replace("To:", "To  :");
    let message = format!("{header}{part}");
    let current = |text: &str| {
        let text = text
            .replace("Subject :", "Subject:")
            .replace("To  :", "To:");
        let text = text.replace("Type :", "Type:").replace("Type\t:", "Type:");
        text.replace("X-Part :", "X-Part:")
    };
    for (protect, read) in [
        (&["sign"][..], "verify"),
        (&["sign", "--opaque"], "verify"),
        (&["sign", "--protect-headers"], "verify"),
        (&["encrypt", "--protect-headers"], "decrypt"),
        (&["encrypt", "--sign"], "verify"),
    ] {
        let protected = place.made(protect, &message);
        let header = protected.split_once("\r\n\r\n").unwrap().0;
        assert!(!header.contains(" :"), "{header}");
        let run = place.filter(&["-q", read], &protected);
        assert_eq!(run.status, 0, "{run:?}");
        assert_eq!(run.text(), current(&message), "{protect:?}");
    }
}
