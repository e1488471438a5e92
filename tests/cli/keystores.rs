//! Keystores that are none, are damaged, are switched off or locked away, and their passphrases.
//! Never a wait for somebody who is not there.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use serde_json::json;

use crate::bad_input::place;
use crate::office::{MAIL, findings, hold_the_contract};
use crate::place::Place;

#[test]
fn no_keystore() {
    let place = Place::new();
    let none = "smime: error: there is no keystore at [PLACE]/store\n\
         smime: hint: `smime -k [PLACE]/store ca init` makes one; smime-tutorial(7) goes \
             through the first steps.\n";
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
    let off = "smime: error: the keystore's protection is off, so its keys and certificates are \
         not used\n\
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

    let missing = "smime: error: the passphrase of the keystore is missing, and there is no \
         terminal to ask on\n\
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
