//! Bad input to every command that reads something, keystores that are none, and passphrases: the
//! right status, a clear error, a hint, nothing lost, and never a wait for somebody who is not there.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use serde_json::json;

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
fn place() -> Place {
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
    for reader in READERS {
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
             caused by: No such file or directory (os error 2)\n";
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
             smime: hint: Name a file, or `-` to read from stdin.\n";
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

#[test]
fn no_keystore() {
    let place = Place::new();
    let none = "smime: error: there is no keystore at [PLACE]/store\n\
         smime: hint: `smime ca init` makes one.\n";
    let signed = Place::office().signed(MAIL);
    for (arguments, message, without) in [
        (
            &["sign"][..],
            MAIL,
            "With --identity FILE a message is signed without one.",
        ),
        (
            &["encrypt"],
            MAIL,
            "With --certificate FILE a message is encrypted without one.",
        ),
        (
            &["encrypt", "--sign"],
            MAIL,
            "With --identity FILE a message is signed without one.",
        ),
        (
            &["decrypt"],
            MAIL,
            "With --identity FILE a message is decrypted without one.",
        ),
        (
            &["verify"],
            &signed,
            "With --trust FILE a message is verified without one.",
        ),
    ] {
        let told = format!("{none}smime: hint: {without}\n");
        let run = place.filter(arguments, message).ended(78, &told);
        assert_eq!(run.text(), "");
        let run = place
            .filter(&[arguments, &["--json"]].concat(), message)
            .ended(78, &told);
        assert_eq!(run.json()["error"]["exit"], 78);
    }
    place.write("mail.eml", MAIL);
    for arguments in [
        &["policy", "check", "--direction=inbound", "mail.eml"][..],
        &["policy", "check", "--direction=outbound", "mail.eml"],
        &["policy", "show"],
        &["policy", "init"],
        &["policy", "validate"],
        &["cert", "approve", "bob@example.com"],
    ] {
        place.run(arguments).ended(78, none);
    }
    assert!(!place.path("store").exists());
}

#[test]
fn a_keystore_that_is_something_else() {
    let place = Place::office();
    place.write("file", "a file");
    fs::create_dir(place.path("directory")).unwrap();
    place.write("directory/file", "a file");
    for other in ["file", "directory", "/dev/null"] {
        for arguments in [&["sign"][..], &["cert", "list"], &["status"], &["settings"]] {
            let run = place.filter(&[&["-k", other], arguments].concat(), MAIL);
            assert_eq!((run.status, run.text()), (78, ""), "{run:?}");
            assert!(
                run.stderr.contains(other) && run.stderr.contains("smime: hint: "),
                "{run:?}"
            );
        }
        let run = place.run(["-k", other, "ca", "init", "--no-passphrase"]);
        assert_eq!((run.status, run.text()), (73, ""), "{run:?}");
    }
    assert_eq!(place.read("file"), b"a file");
    assert_eq!(fs::read_dir(place.path("directory")).unwrap().count(), 1);
}

#[test]
fn without_a_keystore_by_request() {
    let place = place();
    for arguments in [
        &["sign", "mail.eml"][..],
        &["encrypt", "mail.eml"],
        &["policy", "check", "--direction=inbound", "mail.eml"],
        &["policy", "show"],
        &["policy", "init"],
        &["ca", "show"],
        &["ca", "init", "--no-passphrase"],
        &["cert", "list"],
        &["cert", "issue", "a@example.com"],
        &["cert", "import", "signed.eml"],
        &["trust", "list"],
        &["settings"],
        &["status"],
    ] {
        let run = place.run(["--no-keystore"].iter().chain(arguments));
        assert_eq!((run.status, run.text()), (2, ""), "{arguments:?} {run:?}");
        assert!(
            run.stderr
                .contains("needs a keystore\nsmime: hint: Leave out --no-keystore.\n"),
            "{run:?}"
        );
    }
    place.write("policy.toml", "");
    place
        .run(["--no-keystore", "policy", "validate", "policy.toml"])
        .ended(0, "");
}

#[test]
fn damaged_settings() {
    let place = place();
    for (text, told) in [
        (
            "rollover = \"sometimes\"\n",
            "1:12: `sometimes` is not one of reject-first, accept, hold",
        ),
        ("\nrolover = \"hold\"\n", "2:1: "),
        ("[[[", "1:"),
        ("\0", "1:1: "),
    ] {
        place.write("store/settings.toml", text);
        for arguments in [
            &["sign", "mail.eml"][..],
            &["encrypt", "mail.eml"],
            &["verify", "signed.eml"],
            &["settings"],
            &["settings", "rollover"],
            &["settings", "rollover", "hold"],
            &["policy", "check", "--direction=inbound", "mail.eml"],
        ] {
            let run = place.run(arguments);
            assert_eq!((run.status, run.text()), (78, ""), "{arguments:?} {run:?}");
            let first = format!("smime: error: [PLACE]/store/settings.toml:{told}");
            assert!(run.stderr.starts_with(&first), "{run:?}");
            assert!(run.stderr.contains("smime: hint: "), "{run:?}");
        }
        assert_eq!(place.read("store/settings.toml"), text.as_bytes());
        // What is no business of the settings still works.
        place.run(["cert", "list", "-q"]).done();
    }
}

#[test]
fn protection_that_is_off() {
    let place = place();
    let authority = place.authority_of("store");
    place.run(["settings", "protection", "off"]).done();
    let off = "smime: error: the keystore's protection is off, so its keys and certificates are not \
         used\n\
         smime: hint: Run `smime settings protection on`.\n\
         smime: hint: With --no-keystore and files, messages are processed without a keystore.\n";
    for arguments in [
        &["sign", "mail.eml"][..],
        &["encrypt", "mail.eml"],
        &["decrypt", "encrypted.eml"],
        &["verify", "signed.eml"],
        &["verify", "signed.eml", "--trust", &authority],
    ] {
        assert_eq!(place.run(arguments).ended(78, off).text(), "");
        let run = place
            .run(arguments.iter().chain(&["--json"]))
            .ended(78, off);
        assert_eq!(run.json()["error"]["exit"], 78);
    }
    for (direction, file) in [
        ("outbound", "mail.eml"),
        ("inbound", "signed.eml"),
        ("inbound", "mail.eml"),
    ] {
        let run = place
            .run(["policy", "check", "--direction", direction, file, "--json"])
            .done();
        let document = run.json();
        hold_the_contract(&document);
        assert_eq!(document["verdict"], "not-processed");
        assert_eq!(findings(&document, "info"), ["policy.protection-disabled"]);
    }
    for arguments in [
        &["settings"][..],
        &["status"],
        &["cert", "list"],
        &["trust", "list"],
        &["ca", "show"],
        &["policy", "show"],
        &["policy", "validate"],
        &[
            "-q",
            "--no-keystore",
            "verify",
            "signed.eml",
            "--trust",
            &authority,
        ],
    ] {
        place.run(arguments).done();
    }
    assert_eq!(
        place.run(["status", "--json"]).done().json()["protection"],
        "off"
    );
    place.run(["settings", "protection", "on"]).done();
    place.run(["-q", "verify", "signed.eml"]).done();
}

#[test]
fn passphrases() {
    let place = Place::new();
    let secret = [("SMIME_PASSPHRASE", "one two")];
    place
        .run_with(["ca", "init", "--key-type=ec-p256"], &secret, b"")
        .done();
    let issue = [
        "cert",
        "issue",
        "alice@example.com",
        "bob@example.com",
        "--key-type=ec-p256",
    ];
    place.run_with(issue, &secret, b"").done();
    // Certificates are public: neither encrypting nor verifying needs a passphrase.
    let encrypted = place.made(&["encrypt"], MAIL);
    let signed = place.run_with(["sign"], &secret, MAIL.as_bytes()).done();
    place.filter(&["-q", "verify"], signed.text()).done();

    let missing = "smime: error: the passphrase of the keystore is missing, and there is no terminal \
         to ask on\n\
         smime: hint: Use --passphrase-file FILE or --passphrase-fd N, or set SMIME_PASSPHRASE or \
         SMIME_PASSPHRASE_FILE.\n";
    let wrong = "smime: error: the passphrase of the keystore is wrong\n";
    let empty = "smime: error: the passphrase of the keystore is empty\n\
         smime: hint: A variable or file that should hold it is empty; a keystore without a \
         passphrase is made with --no-passphrase.\n";
    place.write("kept.eml", "kept");
    for (command, message) in [
        (&["sign"][..], MAIL),
        (&["encrypt", "--sign"], MAIL),
        (&["decrypt"], &encrypted),
        (&["verify"], &encrypted),
    ] {
        for (environment, told) in [
            (&[][..], missing),
            (&[("SMIME_PASSPHRASE", "three")], wrong),
            (&[("SMIME_PASSPHRASE", "one two\n")], wrong),
            (&[("SMIME_PASSPHRASE", "")], empty),
        ] {
            let arguments = [command, &["-o", "kept.eml"]].concat();
            let run = place.run_with(&arguments, environment, message.as_bytes());
            assert_eq!(run.ended(77, told).text(), "");
            let json = [command, &["--json"]].concat();
            let run = place
                .run_with(&json, environment, message.as_bytes())
                .ended(77, told);
            assert_eq!(run.json()["error"]["exit"], 77);
        }
        assert_eq!(place.read("kept.eml"), b"kept");
    }
    for (content, status) in [
        ("one two", 0),
        ("one two\n", 0),
        ("one two\r\n", 0),
        ("one two\n\n", 77),
        ("\n", 77),
        ("", 77),
    ] {
        place.write("passphrase", content);
        let arguments = ["-q", "sign", "--passphrase-file", "passphrase"];
        let run = place.run_with(arguments, &[], MAIL.as_bytes());
        assert_eq!(run.status, status, "{content:?} {run:?}");
    }
    // A secret on the command line would be seen by everybody.
    let run = place.filter(&["sign", "--passphrase", "one two"], MAIL);
    assert_eq!((run.status, run.text()), (2, ""), "{run:?}");
    let both = "smime: error: stdin cannot give both the message and a passphrase\n\
         smime: hint: Name the message as FILE, or use another descriptor.\n";
    place
        .filter(&["sign", "--passphrase-fd", "0"], "one two")
        .ended(2, both);
    place.write("mail.eml", MAIL);
    let run = place.filter(&["sign", "--passphrase-fd", "0", "mail.eml"], "one two");
    assert_eq!(run.status, 0, "{run:?}");
}

#[test]
fn keys_that_others_may_read() {
    let place = place();
    let keys: Vec<_> = walk(&place.path("store"))
        .into_iter()
        .filter(|path| path.contains("/keys-"))
        .collect();
    let key = keys.iter().find(|path| path.ends_with(".pem")).unwrap();
    for key in keys.iter().filter(|path| path.ends_with(".pem")) {
        fs::set_permissions(key, Permissions::from_mode(0o644)).unwrap();
    }
    for arguments in [&["sign", "mail.eml"][..], &["decrypt", "encrypted.eml"]] {
        let run = place.run(arguments);
        assert_eq!((run.status, run.text()), (77, ""), "{run:?}");
        assert!(
            run.stderr
                .contains("is accessible to others (mode 0644)\nsmime: hint: `chmod go= "),
            "{run:?}"
        );
    }
    fs::set_permissions(key, Permissions::from_mode(0o600)).unwrap();
    assert_eq!(
        json!(place.run(["verify", "signed.eml", "--json"]).status),
        0
    );
}

fn walk(directory: &std::path::Path) -> Vec<String> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => files.extend(walk(&path)),
            false => files.push(path.to_str().unwrap().to_owned()),
        }
    }
    files
}
