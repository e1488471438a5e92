//! Whom a message is encrypted to, who is missing, and what Bcc may not tell.

use serde_json::json;

use crate::office::{MAIL, finding, findings, hold_the_contract};
use crate::place::Place;

const MISSING_HINT: &str = "smime: hint: Import a certificate with `smime cert import`, ask for a \
     signed message, or leave such recipients out with --missing skip.\n";

fn to(recipients: &str) -> String {
    MAIL.replace("To: Bob <bob@example.com>\r\n", recipients)
}

/// How many recipients the object of a message names, as far as its holder can see.
fn recipients(place: &Place, message: &str) -> usize {
    let document = place.filter(&["decrypt", "--json"], message).json();
    document["layers"][0]["recipients"]
        .as_array()
        .unwrap()
        .len()
}

#[test]
fn every_missing_address_is_named() {
    let place = Place::office();
    let message = to(
        "To: Bob <bob@example.com>, carol@example.net, group: dave@example.net,\r\n \
         erin@example.org;\r\nCc: \"F, G\" <frank@example.org>, carol@example.net\r\n",
    );
    let named = format!(
        "smime: error: no usable certificate for carol@example.net, dave@example.net, \
         erin@example.org, frank@example.org\n{MISSING_HINT}"
    );
    place.write("kept.eml", "kept");
    place
        .filter(&["encrypt", "-o", "kept.eml"], &message)
        .ended(67, &named);
    assert_eq!(place.read("kept.eml"), b"kept");
    let run = place.filter(&["encrypt"], &message).ended(67, &named);
    assert_eq!(run.text(), "");
    let document = place.filter(&["encrypt", "--json"], &message).json();
    hold_the_contract(&document);
    assert_eq!(document["error"]["exit"], 67);

    let skipped = place.filter(&["encrypt", "--missing", "skip"], &message);
    assert_eq!(skipped.status, 0, "{skipped:?}");
    let warnings = skipped
        .stderr
        .matches("[policy.recipient-certificate-missing]")
        .count();
    assert_eq!(warnings, 4, "{skipped:?}");
    assert_eq!(recipients(&place, skipped.text()), 1);
    let skip = ["encrypt", "--missing=skip", "--json", "-o", "out.eml"];
    let run = place.filter(&skip, &message);
    let document = run.json();
    hold_the_contract(&document);
    assert_eq!((run.status, &document["verdict"]), (0, &json!("accepted")));
    assert_eq!(findings(&document, "warning").len(), 4);
    let detail = &finding(&document, "policy.recipient-certificate-missing")["detail"];
    assert_eq!(detail["address"], "carol@example.net");

    let nobody = "smime: error: there is nobody to encrypt to\n\
         smime: hint: Name recipients with --recipient, --certificate or --to-self.\n";
    let strangers = to("To: carol@example.net\r\n");
    place
        .filter(&["encrypt", "--missing", "skip"], &strangers)
        .ended(67, nobody);
    place
        .filter(&["encrypt"], &to("To: undisclosed-recipients:;\r\n"))
        .ended(67, nobody);
    place.filter(&["encrypt"], &to("")).ended(67, nobody);
}

#[test]
fn why_a_stored_certificate_is_not_used() {
    let place = Place::office();
    let case = format!(
        "smime: error: no usable certificate for Bob@example.com\n\
         smime: hint: There is one for bob@example.com; local parts are compared with regard to \
         case.\n{MISSING_HINT}"
    );
    place
        .filter(&["encrypt"], &to("To: Bob@example.com\r\n"))
        .ended(67, &case);
    let domain = to("To: bob@EXAMPLE.COM\r\n");
    assert_eq!(place.filter(&["encrypt"], &domain).status, 0);
    let run = place.filter(&["encrypt", "--time", "2040-01-01"], MAIL);
    assert_eq!(run.status, 67, "{run:?}");
    assert!(
        run.stderr
            .contains("  caused by: the certificate has expired [cert.expired]\n"),
        "{run:?}"
    );
    place.issue(&["signer@example.com", "--usage", "sign"]);
    let run = place.filter(&["encrypt"], &to("To: signer@example.com\r\n"));
    assert_eq!(run.status, 67, "{run:?}");
    assert!(
        run.stderr.contains("[cert.key-usage-forbids-encryption]"),
        "{run:?}"
    );
}

#[test]
fn recipients_that_are_named_take_the_place_of_the_fields() {
    let place = Place::office();
    let named = ["encrypt", "--recipient", "alice@example.com"];
    let run = place
        .filter(&named, &to("To: carol@example.net\r\n"))
        .done();
    assert_eq!(recipients(&place, run.text()), 1);
    let run = place.filter(&["encrypt", "--to-self"], MAIL).done();
    assert_eq!(recipients(&place, run.text()), 2);
    let twice = [
        "encrypt",
        "--to-self",
        "--recipient=bob@example.com",
        "--recipient=alice@example.com",
    ];
    let run = place.filter(&twice, MAIL).done();
    assert_eq!(recipients(&place, run.text()), 2);
    let nobody = to("To: bob@example.com\r\n").replace("From: Alice <alice@example.com>\r\n", "");
    let no_self = "smime: error: the message has no From field with one mailbox to encrypt to as \
         well\n";
    place
        .filter(&["encrypt", "--to-self"], &nobody)
        .ended(67, no_self);
    let unknown = format!("smime: error: no usable certificate for 0123456789\n{MISSING_HINT}");
    place
        .filter(&["encrypt", "--recipient", "0123456789"], MAIL)
        .ended(67, &unknown);
}

#[test]
fn certificates_in_files_take_the_place_of_stored_ones() {
    let place = Place::office();
    for person in ["carol", "dave"] {
        let address = format!("{person}@example.net");
        let file = format!("{person}.pem");
        let export = [
            "-k", "partner", "cert", "export", &address, "--format", "pem", "-o", &file,
        ];
        place.run(export).done();
    }
    let authority = place.authority_of("partner");
    let chain = [
        place.read("carol.pem"),
        place.read(&authority),
        place.read("dave.pem"),
    ]
    .concat();
    place.write("chain.pem", chain);
    let encrypt = ["encrypt", "--certificate", "chain.pem"];
    let run = place
        .filter(&encrypt, &to("To: carol@example.net\r\n"))
        .done();
    let opened = place
        .filter(&["-k", "partner", "decrypt", "--json"], run.text())
        .json();
    assert_eq!(
        opened["layers"][0]["recipients"].as_array().unwrap().len(),
        2
    );
    let only_ca = "smime: error: the files hold certificates of CAs only, and nobody to encrypt \
         to\n\
         smime: hint: Ask the recipient for their own certificate.\n";
    place
        .filter(&["encrypt", "--certificate", &authority], MAIL)
        .ended(67, only_ca);
}

#[test]
fn bcc_needs_a_directory_for_its_copies() {
    let place = Place::office();
    place.issue(&["carol@example.net"]);
    let message = MAIL.replace(
        "Subject:",
        "Bcc: carol@example.net, alice@example.com\r\nSubject:",
    );
    let refused = "smime: error: the message has a Bcc field\n\
         smime: hint: Give --bcc-dir DIR for the copies of those recipients, or remove the \
         field.\n";
    let run = place.filter(&["encrypt"], &message).ended(2, refused);
    assert_eq!(run.text(), "");
    // Wrong usage has no document.
    let run = place
        .filter(&["encrypt", "--json"], &message)
        .ended(2, refused);
    assert_eq!(run.text(), "");

    let run = place
        .filter(&["encrypt", "--bcc-dir", "copies"], &message)
        .done();
    let copies = ["carol@example.net.eml", "alice@example.com.eml"];
    let mut names: Vec<_> = std::fs::read_dir(place.path("copies"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["alice@example.com.eml", "carol@example.net.eml"]);
    let read = |name: &str| String::from_utf8(place.read(format!("copies/{name}"))).unwrap();
    for output in [run.text().to_owned(), read(copies[0]), read(copies[1])] {
        let header = output.split_once("\r\n\r\n").unwrap().0;
        assert!(
            !header.contains("Bcc") && !header.contains("carol"),
            "{header}"
        );
        assert!(header.contains("To: Bob <bob@example.com>"), "{header}");
        assert_eq!(recipients(&place, &output), 1);
        let opened = place.filter(&["-q", "decrypt"], &output).done();
        assert_eq!(opened.text(), MAIL);
    }
}

#[test]
fn bcc_alone_makes_copies_alone() {
    let place = Place::office();
    let message = to("Bcc: bob@example.com\r\n");
    let told = "smime: there are Bcc recipients only, so nothing but their copies was written\n";
    let arguments = ["encrypt", "--bcc-dir", "copies", "-o", "out.eml"];
    let run = place.filter(&arguments, &message).ended(0, told);
    assert_eq!(run.text(), "");
    assert!(!place.path("out.eml").exists());
    let copy = String::from_utf8(place.read("copies/bob@example.com.eml")).unwrap();
    assert_eq!(recipients(&place, &copy), 1);
}

#[test]
fn copies_that_cannot_be_written_keep_the_message_back() {
    let place = Place::office();
    place.write("file", "");
    let message = MAIL.replace("Subject:", "Bcc: alice@example.com\r\nSubject:");
    let run = place.filter(&["encrypt", "--bcc-dir", "file"], &message);
    let failed = "smime: error: cannot create file\n  caused by: File exists\n\
         smime: hint: --bcc-dir names a directory, which is made if it is missing.\n";
    assert_eq!(run.ended(73, failed).text(), "");
    let missing = MAIL.replace("Subject:", "Bcc: carol@example.net\r\nSubject:");
    let named =
        format!("smime: error: no usable certificate for carol@example.net\n{MISSING_HINT}");
    let run = place
        .filter(&["encrypt", "--bcc-dir", "copies"], &missing)
        .ended(67, &named);
    assert_eq!(run.text(), "");
    assert!(!place.path("copies").exists());
}

#[test]
fn options_that_do_not_go_together_are_wrong_usage() {
    let place = Place::office();
    let sign = "smime: error: options about the signature are given, but not --sign\n\
         smime: hint: Add --sign, or leave them out.\n";
    place.filter(&["encrypt", "--opaque"], MAIL).ended(2, sign);
    for arguments in [
        &["encrypt", "--cipher", "aes-256-gmc"][..],
        &["encrypt", "--missing", "ask"],
        &["encrypt", "--recipient", "bob"],
        &["sign", "--digest", "md5"],
        &["sign", "--include", "all"],
        &[
            "sign",
            "--signer",
            "alice@example.com",
            "--identity",
            "x.p12",
        ],
        &["verify", "--rollover", "never"],
        &["--no-keystore", "-k", "store", "verify"],
        &["sign", "one.eml", "two.eml"],
    ] {
        let run = place.filter(arguments, MAIL);
        assert_eq!((run.status, run.text()), (2, ""), "{arguments:?} {run:?}");
        assert!(run.stderr.starts_with("smime: error: "), "{run:?}");
    }
    let run = place.filter(&["encrypt", "--cipher", "aes-256-gmc"], MAIL);
    assert!(
        run.stderr.contains("did you mean `aes-256-gcm`?"),
        "{run:?}"
    );
}
