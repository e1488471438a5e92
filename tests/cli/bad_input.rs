//! Bad input to every command that reads something: the right status, a clear error, a hint, and
//! nothing lost.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use crate::office::{MAIL, edit_object, findings, hold_the_contract};
use crate::place::{Place, Run};

/// Commands and the place of the file they read, `FILE`.
const READERS: &[&[&str]] = &[
    &["sign", "FILE"],
    &["encrypt", "FILE"],
    &["decrypt", "FILE"],
    &["verify", "FILE"],
    &["inspect", "FILE"],
    &["policy", "check", "--direction=outbound", "FILE"],
    &["policy", "check", "--direction=inbound", "FILE"],
    &["sign", "mail.eml", "--identity", "FILE"],
    &["encrypt", "mail.eml", "--certificate", "FILE"],
    &["decrypt", "encrypted.eml", "--identity", "FILE"],
    &["verify", "signed.eml", "--trust", "FILE"],
    &["verify", "signed.eml", "--untrusted", "FILE"],
    &["cert", "import", "FILE"],
    &["cert", "check", "FILE"],
    &["trust", "add", "FILE"],
    &["cert", "issue", "user@example.com", "--csr", "FILE"],
    &[
        "ca",
        "init",
        "-k",
        "new",
        "--no-passphrase",
        "--import",
        "FILE",
    ],
];

/// A place where everything is there but the file in question.
pub(crate) fn place() -> Place {
    let place = Place::office();
    place.write("mail.eml", MAIL);
    place.run(["sign", "mail.eml", "-o", "signed.eml"]).done();
    place
        .run(["encrypt", "mail.eml", "-o", "encrypted.eml"])
        .done();
    place
}

/// Runs every reader on a file, as text and as a document, and holds that it fails with that status
/// and says what to do.
#[track_caller]
fn every_reader_fails(place: &Place, file: &str, status: i32, hinted: bool) -> Vec<Run> {
    let mut runs = Vec::new();
    // A mail server has to pass on what is no mail, as other mail that does not conform to MIME.
    let passes = status == 65 && file != "empty";
    for reader in READERS {
        if passes && reader[0] == "policy" {
            let run = place.run(["policy", "apply", "--direction=outbound", file]);
            assert_eq!((run.status, &run.stdout), (0, &place.read(file)), "{run:?}");
            continue;
        }
        let arguments: Vec<&str> = reader
            .iter()
            .map(|word| if *word == "FILE" { file } else { word })
            .collect();
        let run = place.run(&arguments);
        assert_eq!(
            (run.status, run.text()),
            (status, ""),
            "{arguments:?} {run:?}"
        );
        assert!(
            run.stderr.starts_with("smime: error: cannot ") || run.stderr.contains(file),
            "{run:?}"
        );
        assert!(
            !hinted || run.stderr.contains("\nsmime: hint: "),
            "{arguments:?} {run:?}"
        );
        let json = place.run(arguments.iter().chain(&["--json"]));
        assert_eq!(json.stderr, run.stderr);
        hold_the_contract(&json.json());
        assert_eq!(json.json()["error"]["exit"], status);
        assert_eq!(
            json.json()["command"].as_str().unwrap().split(' ').next(),
            Some(reader[0])
        );
        runs.push(run);
    }
    let listed = place.run(["cert", "list", "--json"]).done().json();
    assert_eq!(listed["certificates"].as_array().unwrap().len(), 3);
    assert_eq!(place.run(["trust", "list"]).done().text(), "");
    assert!(!place.path("new").exists());
    runs
}

#[test]
fn a_file_that_is_missing() {
    let place = place();
    for run in every_reader_fails(&place, "missing", 66, false) {
        let told = "smime: error: cannot open missing\n  \
             caused by: No such file or directory\n\
             smime: hint: Name a file that is there, or `-` to read from stdin.\n";
        assert_eq!(run.stderr, told);
    }
    let run = place.run(["policy", "validate", "missing"]);
    assert_eq!(run.status, 66, "{run:?}");
    let content = place.run(["verify", "signed.eml", "--content", "missing"]);
    assert_eq!(content.status, 66, "{content:?}");
    let file = place.run(["verify", "missing/signed.eml"]);
    assert_eq!(file.status, 66, "{file:?}");
}

#[test]
fn a_directory() {
    let place = place();
    fs::create_dir(place.path("directory")).unwrap();
    for run in every_reader_fails(&place, "directory", 66, true) {
        let told = "smime: error: cannot read directory: it is a directory\n\
             smime: hint: Name its files, such as `directory/*`.\n";
        assert_eq!(run.stderr, told);
    }
    assert_eq!(place.run(["policy", "validate", "directory"]).status, 66);
}

#[test]
fn a_file_that_nobody_may_read() {
    let place = place();
    place.write("secret", MAIL);
    fs::set_permissions(place.path("secret"), Permissions::from_mode(0o000)).unwrap();
    if fs::read(place.path("secret")).is_ok() {
        return; // root may
    }
    every_reader_fails(&place, "secret", 66, false);
}

#[test]
fn nothing() {
    let place = place();
    place.write("empty", "");
    every_reader_fails(&place, "empty", 65, true);
    for command in ["sign", "encrypt", "decrypt", "verify"] {
        let run = place.filter(&[command], "");
        assert_eq!((run.status, run.text()), (65, ""), "{run:?}");
        assert!(
            run.stderr.contains("stdin") && run.stderr.contains("empty"),
            "{run:?}"
        );
    }
    let empty = "empty: valid, 0 rules\n";
    assert_eq!(
        place.run(["policy", "validate", "empty"]).done().text(),
        empty
    );
}

#[test]
fn noise() {
    let place = place();
    // Octets of a generator that is not random, so that a failure can be repeated.
    let mut state = 1_u32;
    let mut noise: Vec<u8> = (0..5000)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state.to_be_bytes()[0]
        })
        .collect();
    noise[0] = 0xff;
    place.write("noise", &noise);
    every_reader_fails(&place, "noise", 65, true);
    // What begins as DER or PEM does, and is none.
    place.write("der", [&[0x30, 0x82, 0x10, 0x00], &noise[..]].concat());
    every_reader_fails(&place, "der", 65, true);
    place.write("pem", "-----BEGIN CMS-----\nAAAA\n");
    every_reader_fails(&place, "pem", 65, true);
    let run = place.run(["policy", "validate", "noise"]);
    assert_eq!((run.status, run.text()), (78, ""), "{run:?}");
    assert!(
        run.stderr
            .contains("line 1, column 1: noise is not UTF-8 text"),
        "{run:?}"
    );
}

#[test]
fn a_message_that_was_cut() {
    let place = place();
    let signed = String::from_utf8(place.read("signed.eml")).unwrap();
    let encrypted = String::from_utf8(place.read("encrypted.eml")).unwrap();
    for (command, message) in [("verify", &signed), ("decrypt", &encrypted)] {
        // Wherever it is cut there is an answer, and it is not yes.
        for length in (1..message.len() - 100).step_by(message.len() / 40) {
            let run = place.filter(&[command, "--json"], &message[..length]);
            assert!([1, 65].contains(&run.status), "{length} {run:?}");
            hold_the_contract(&run.json());
            assert_ne!(run.json()["verdict"], "accepted");
            let run = place.filter(&[command], &message[..length]);
            assert_eq!(run.text(), "", "{length}");
        }
        let object = edit_object(message, |object| object.truncate(object.len() - 1));
        place.rejects(&[command], &object, &["cms.encoding-invalid"]);
    }
    let cut = &signed[..signed.rfind("--=").unwrap()];
    for command in ["sign", "encrypt"] {
        let run = place.filter(&[command, "--json"], cut);
        assert_eq!(run.status, 65, "{run:?}");
        assert_eq!(
            findings(&run.json(), "reject")[0],
            "mail.boundary-unterminated"
        );
    }
}

#[test]
fn headers_and_structures_beyond_every_limit() {
    let place = place();
    let header = "From: alice@example.com\r\nTo: bob@example.com\r\nMIME-Version: 1.0\r\n";
    let long = format!("{header}X-Long: {}\r\n\r\nhi\r\n", "x".repeat(5 << 20));
    let deep: String = (0..1000)
        .map(|level| {
            format!("Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n")
        })
        .collect();
    let deep = format!("{header}{deep}");
    for message in [long, deep] {
        place.write("limit.eml", message);
        for (command, status) in [("sign", 65), ("encrypt", 65), ("verify", 1), ("decrypt", 1)] {
            let run = place.run([command, "limit.eml"]);
            assert_eq!((run.status, run.text()), (status, ""), "{run:?}");
            assert!(run.stderr.contains("smime: hint: "), "{run:?}");
        }
    }
}

#[test]
fn several_things_that_are_wrong_are_told_in_order() {
    let place = Place::new();
    // The message is looked at first: it says more than a keystore that is not there.
    let run = place.filter(&["sign"], "no message\r\n");
    assert_eq!(run.status, 65, "{run:?}");
    let run = place.run(["sign", "--identity", "missing.p12", "missing.eml"]);
    assert_eq!(run.status, 66, "{run:?}");
    assert!(
        run.stderr
            .starts_with("smime: error: cannot open missing.eml\n"),
        "{run:?}"
    );
}
