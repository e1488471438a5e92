//! Structures that are not what they should be: parts beside the signed one, parts and certificates
//! that are missing, algorithms that nobody knows.

use serde_json::json;

use crate::office::{
    MAIL, boundary, edit_object, finding, findings, from_carol, lf, replace_octets,
};
use crate::place::Place;

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
        assert_eq!(
            finding["detail"],
            json!({"signed": "1", "not-signed": "2 (text/plain, 19 octets)"})
        );
        assert_eq!(document["layers"], json!([]));
        let report = place.filter(&["verify"], &listed).stderr;
        for line in [
            "    not-signed: 2 (text/plain, 19 octets)\n",
            "    signed: 1\n",
        ] {
            assert!(report.contains(line), "{report}");
        }
        let listed = with_footer(&lf(&signed)).replace("\r\n", "\n");
        place.rejects(&["verify"], &listed, &["smime.unsigned-content"]);
    }
    // Of many parts some are named.
    let signed = place.signed(MAIL);
    let (head, tail) = signed.split_at(signed.find("Content-Type").unwrap());
    let many = format!(
        "{head}Content-Type: multipart/mixed; boundary=list\r\n\r\n{}--list\r\n{tail}\r\n--list--\r\n",
        "--list\r\n\r\nx\r\n".repeat(20)
    );
    let document = place.rejects(&["verify"], &many, &["smime.unsigned-content"]);
    let detail = &finding(&document, "smime.unsigned-content")["detail"];
    assert_eq!(detail["signed"], "21");
    let beside = detail["not-signed"].as_str().unwrap();
    assert!(
        beside.starts_with("1 (text/plain, 1 octets), 2 ("),
        "{beside}"
    );
    assert!(
        beside.ends_with("8 (text/plain, 1 octets), and 12 more"),
        "{beside}"
    );
    // Ciphertext beside other parts is not decrypted as though it were the message.
    let encrypted = with_footer(&place.made(&["encrypt"], MAIL));
    place.rejects(&["decrypt"], &encrypted, &["smime.not-encrypted"]);
    place.rejects(&["verify"], &encrypted, &["smime.not-signed"]);
}

#[test]
fn without_what_cuts_it_into_parts() {
    let place = Place::office();
    let signed = place.signed(MAIL);
    let boundary = boundary(&signed);
    let unterminated = signed.replace(&format!("\r\n--{boundary}--\r\n"), "\r\n");
    let (whole, rest) = signed.split_at(signed.find("\r\n--").unwrap());
    let (first, _) = rest.rsplit_once(&format!("\r\n--{boundary}\r\n")).unwrap();
    for (message, code, why) in [
        (
            signed.replacen(boundary, "another", 1),
            "mail.boundary-missing",
            "the delimiter of a multipart never occurs",
        ),
        (
            signed.replacen("boundary=", "border=", 1),
            "mail.boundary-missing",
            "a multipart has no boundary parameter",
        ),
        (
            whole.to_owned(),
            "mail.boundary-missing",
            "the delimiter of a multipart never occurs",
        ),
        (
            format!("{whole}{first}"),
            "mail.boundary-unterminated",
            "a multipart has no close delimiter",
        ),
    ] {
        let document = place.rejects(&["verify"], &message, &[code]);
        assert_eq!(finding(&document, code)["summary"], why);
    }
    // What is left out behind the signature hides nothing.
    place.filter(&["-q", "verify"], &unterminated).done();
}

/// The message as a mailing list passes it on: as the first of two parts.
pub(crate) fn with_footer(message: &str) -> String {
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
    let boundary = boundary(&signed);
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
