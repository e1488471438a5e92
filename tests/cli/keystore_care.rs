//! Care of the keystore: `keystore check` and `keystore passphrase`.

use std::fs;

use crate::place::Place;

/// The private keys of the keystore in `store`.
pub(crate) fn key_files(place: &Place) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    let mut dirs = vec![place.path("store")];
    while let Some(dir) = dirs.pop() {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            let parent = path.parent().unwrap().file_name().unwrap();
            if path.is_dir() {
                dirs.push(path);
            } else if parent.to_str().unwrap().starts_with("keys-")
                && path.extension().unwrap() == "pem"
            {
                found.push(path);
            }
        }
    }
    found
}

#[test]
fn a_whole_keystore_is_told_so() {
    let place = Place::with_authority();
    place.issue(&["user@example.com"]);
    let run = place.run(["keystore", "check"]).done();
    assert!(run.text().starts_with("whole: "), "{}", run.text());
    assert!(
        run.text()
            .ends_with("2 certificates, 2 keys, which were opened\n")
    );
    let json = place.run(["keystore", "check", "--json"]).done().json();
    assert_eq!(json["verdict"], "whole");
    assert_eq!(
        (&json["keys"], &json["keys_opened"]),
        (&2.into(), &true.into())
    );
    assert_eq!(json["damages"], serde_json::json!([]));
}

#[test]
fn damage_is_named_and_what_can_be_is_repaired() {
    let place = Place::with_authority();
    let fingerprint = place.issue(&["user@example.com"]);
    let store = fs::read_to_string(place.path("store/store")).unwrap();
    let generation = store.lines().nth(1).unwrap();
    let index = format!("store/{generation}/index/address/user@example.com");
    fs::remove_file(place.path(&index)).unwrap();
    let hint = "smime: hint: `smime keystore check --repair` repairs what can be without losing \
         anything.\n";
    let run = place.run(["keystore", "check"]).ended(1, hint);
    let line = format!(
        "damaged: {}: it lacks 1 of its lines",
        place.path(&index).display()
    );
    assert_eq!(run.text().lines().next(), Some(line.as_str()));
    let run = place.run(["keystore", "check", "--repair"]).done();
    assert!(run.text().starts_with("repaired: "));
    place.run(["cert", "show", "user@example.com"]).done();

    // What cannot be repaired stays as it is.
    let record = format!("store/{generation}/certificates/{fingerprint}.toml");
    place.write(&record, "torn");
    let hint =
        "smime: hint: What is left cannot be repaired: bring the files back from a backup.\n";
    let run = place
        .run(["keystore", "check", "--repair", "--json"])
        .ended(1, hint);
    let json = run.json();
    assert_eq!(json["verdict"], "damaged");
    let file = json["damages"][0]["file"].as_str().unwrap().to_owned();
    assert!(file.ends_with(&format!("{fingerprint}.toml")));
    assert_eq!(place.read(&record), b"torn");
}

#[test]
fn keys_with_a_passphrase_are_opened_where_it_is_given() {
    let place = Place::new();
    let environment = [("SMIME_PASSPHRASE", "one")];
    let arguments = ["ca", "init", "--key-type", "ec-p256"];
    place.run_with(arguments, &environment, b"").done();
    let run = place.run(["keystore", "check"]).done();
    assert!(run.text().contains("1 keys, which were not opened"));
    let run = place
        .run_with(["keystore", "check"], &environment, b"")
        .done();
    assert!(run.text().contains("1 keys, which were opened"));
    let wrong = [("SMIME_PASSPHRASE", "two")];
    let run = place.run_with(["keystore", "check"], &wrong, b"");
    assert_eq!(run.status, 77);

    // A bit of the ciphertext is only seen by whoever opens the key.
    let key = key_files(&place).remove(0);
    let text = fs::read_to_string(&key).unwrap();
    let at = text.len() - 60;
    let other = if &text[at..=at] == "A" { "B" } else { "A" };
    fs::write(&key, format!("{}{other}{}", &text[..at], &text[at + 1..])).unwrap();
    place.run(["keystore", "check"]).done();
    let run = place.run_with(["keystore", "check"], &environment, b"");
    assert_eq!(run.status, 1);
}

#[test]
fn the_passphrase_is_changed_from_files_descriptors_and_the_environment() {
    let place = Place::with_authority();
    place.issue(&["user@example.com"]);
    place.write("one", "first\n");
    place.write("two", "second\n");
    let run = place
        .run(["keystore", "passphrase", "--new-passphrase-file=one"])
        .done();
    assert_eq!(
        run.text(),
        "private keys protected by the new passphrase: 2\n"
    );
    let arguments = [
        "keystore",
        "passphrase",
        "--passphrase-file=one",
        "--new-passphrase-fd=0",
        "--json",
    ];
    let run = place.run_with(arguments, &[], b"second").done();
    assert_eq!(
        (&run.json()["keys"], &run.json()["keys_protected"]),
        (&2.into(), &true.into())
    );
    let sign = |file: &str| {
        let option = format!("--passphrase-file={file}");
        let arguments = ["sign", "--signer=user@example.com", &option];
        place
            .run_with(arguments, &[], crate::office::MAIL.as_bytes())
            .status
    };
    assert_eq!((sign("one"), sign("two")), (77, 0));
    let environment = [
        ("SMIME_PASSPHRASE", "second"),
        ("SMIME_NEW_PASSPHRASE", "first"),
    ];
    place
        .run_with(["keystore", "passphrase"], &environment, b"")
        .done();
    assert_eq!((sign("one"), sign("two")), (0, 77));
    let arguments = [
        "keystore",
        "passphrase",
        "--no-passphrase",
        "--passphrase-file=one",
    ];
    let run = place.run(arguments).done();
    assert_eq!(
        run.text(),
        "private keys protected by file modes alone: 2\n"
    );
    let run = place.run(["keystore", "check"]).done();
    assert!(run.text().contains("2 keys, which were opened"));
}

#[test]
fn a_passphrase_that_is_missing_wrong_or_empty_changes_nothing() {
    let place = Place::with_authority();
    let before = fs::read(key_files(&place).remove(0)).unwrap();
    place.write("empty", "\n");
    let missing = "smime: error: the new passphrase is missing, and there is no terminal to ask on\n\
         smime: hint: Use --new-passphrase-file FILE or --new-passphrase-fd N, set \
         SMIME_NEW_PASSPHRASE, or say --no-passphrase.\n";
    place.run(["keystore", "passphrase"]).ended(77, missing);
    let run = place.run(["keystore", "passphrase", "--new-passphrase-file=empty"]);
    assert_eq!(run.status, 77);
    let run = place.run(["keystore", "passphrase", "--new-passphrase-file=absent"]);
    assert_eq!(run.status, 77);
    let same = [
        "keystore",
        "passphrase",
        "--passphrase-fd=0",
        "--new-passphrase-fd=0",
    ];
    assert_eq!(place.run(same).status, 2);
    assert_eq!(fs::read(key_files(&place).remove(0)).unwrap(), before);
}

/// The environment of a passphrase for protected files.
const BACKUP: [(&str, &str); 1] = [("SMIME_FILE_PASSPHRASE", "of the backup")];

fn shown(place: &Place) -> String {
    let list = place.run(["cert", "list"]).done();
    let trust = place.run(["trust", "list"]).done();
    format!("{}{}", list.text(), trust.text())
}

#[test]
fn a_reset_is_undone_by_its_backup() {
    let place = Place::with_authority();
    let fingerprint = place.issue(&["user@example.com"]);
    place.issue(&["other@example.com"]);
    for arguments in [
        &["cert", "revoke", "other@example.com"][..],
        &["ca", "crl", "-o", "ca.crl"],
        &["crl", "add", "ca.crl"],
    ] {
        assert_eq!(place.run(arguments).status, 0, "{arguments:?}");
    }
    let sealed = [
        "encrypt",
        "--recipient=user@example.com",
        "-o",
        "sealed.eml",
    ];
    place.filter(&sealed, crate::office::MAIL).done();
    let before = shown(&place);
    let reset = ["ca", "reset", "--yes", "--backup", "backup", "--json"];
    let json = place.run_with(reset, &BACKUP, b"").done().json();
    assert_eq!(json["backup"], "backup");
    assert_eq!(place.run(["decrypt", "sealed.eml"]).status, 78);
    let archive = place.read("backup");
    assert!(archive.starts_with(b"smime-backup 1\n"));
    assert!(!archive.windows(11).any(|window| window == b"PRIVATE KEY"));

    let restore = ["ca", "restore", "backup"];
    let wrong = [("SMIME_FILE_PASSPHRASE", "another")];
    assert_eq!(place.run_with(restore, &wrong, b"").status, 77);
    assert_eq!(place.run(restore).status, 77);
    let run = place.run_with(restore, &BACKUP, b"").done();
    assert!(
        run.text()
            .starts_with("restored: 1 CA certificate, 2 identities, 1 CRL, 1 revocation")
    );
    assert_eq!(shown(&place), before);
    place.run(["keystore", "check"]).done();
    let run = place.run(["decrypt", "sealed.eml"]);
    assert_eq!(run.status, 0);
    assert!(run.text().contains("Subject"));
    // The next CRL has the next number.
    assert_eq!(place.run(["ca", "crl", "-o", "next.crl"]).status, 0);
    assert_eq!(place.read("store/crl-number"), b"2\n");

    // Not onto something, not over another backup; and into a place where there is nothing.
    let told = "smime: error: [PLACE]/store holds something already\n\
         smime: hint: `smime ca reset --dry-run` lists what; -k DIR names another keystore.\n";
    place.run_with(restore, &BACKUP, b"").ended(73, told);
    assert_eq!(place.run_with(reset, &BACKUP, b"").status, 73);
    place
        .run_with(["-k", "elsewhere", "ca", "restore", "backup"], &BACKUP, b"")
        .done();
    let elsewhere = place.run(["-k", "elsewhere", "cert", "list"]).done();
    assert!(elsewhere.text().contains(&fingerprint[..8]));
    place.run(["-k", "elsewhere", "keystore", "check"]).done();
    let kind = place
        .run(["-k", "elsewhere", "settings", "key-type"])
        .done();
    assert!(kind.text().contains("ec-p256"));
}

#[test]
fn without_a_backup_that_holds_nothing_is_reset_and_from_none_nothing_restored() {
    let place = Place::with_authority();
    let before = shown(&place);
    let reset = ["ca", "reset", "--yes", "--backup", "missing/backup"];
    assert_eq!(place.run_with(reset, &BACKUP, b"").status, 73);
    let reset = ["ca", "reset", "--yes", "--backup", "backup"];
    assert_eq!(place.run(reset).status, 77);
    let empty = [("SMIME_FILE_PASSPHRASE", "")];
    assert_eq!(place.run_with(reset, &empty, b"").status, 77);
    assert_eq!(shown(&place), before);
    place.run_with(reset, &BACKUP, b"").done();
    let archive = place.read("backup");
    let mut damaged = archive.clone();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    place.write("damaged", &damaged);
    place.write("short", &archive[..archive.len() - 1]);
    place.write("other", "something else");
    for (name, status) in [
        ("damaged", 77),
        ("short", 77),
        ("other", 65),
        ("absent", 66),
    ] {
        let run = place.run_with(["ca", "restore", name], &BACKUP, b"");
        assert_eq!(run.status, status, "{name}: {}", run.stderr);
    }
    assert_eq!(shown(&place), "");
}
