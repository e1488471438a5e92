//! smime-keystore(5) against a keystore that has something of everything: each file has a row of the
//! page and each row a file, and what is in the files is what the page says.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::changes::{changes, named};
use crate::place::Place;

fn page() -> String {
    include_str!("../../man/smime-keystore.5").replace("\\-", "-")
}

/// A place with a keystore that has something of everything.
fn full() -> Place {
    let issues_list = changes()
        .iter()
        .find(|change| change.name() == "ca crl -o out");
    let change = issues_list.unwrap();
    let place = change.begin();
    assert_eq!(change.run(&place, &place.path("store")).status, 0);
    for arguments in [
        &["settings", "protection", "off"][..],
        &["settings", "protection", "on"],
        &["policy", "init"],
        &["verify", "dave.eml", "-o", "out"],
        &["cert", "revoke", "bob@example.com"],
        &["cert", "issue", "o'hara%x@example.com"],
        &[
            "-k",
            "second",
            "ca",
            "init",
            "--no-passphrase",
            "--key-type=ec-p256",
            "--crl-url=http://example.com/ca.crl",
        ],
    ] {
        let run = place.run(arguments);
        assert_eq!(run.status, 0, "{arguments:?} {run:?}");
    }
    place
}

/// All files and directories below, by their names.
fn walk(root: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut pending = vec![root.to_owned()];
    while let Some(directory) = pending.pop() {
        for path in named(&directory, "") {
            let name = path
                .strip_prefix(root)
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned();
            if path.is_dir() {
                pending.push(path.clone());
                found.push((path, format!("{name}/")));
            } else {
                found.push((path, name));
            }
        }
    }
    found
}

/// The rows under FILES, those of the generation with its directory.
fn rows() -> Vec<String> {
    let page = page();
    let (_, rest) = page.split_once(".ft CR\n").unwrap();
    let (block, _) = rest.split_once(".ft R\n").unwrap();
    block
        .lines()
        .map(|line| {
            let path = line.trim_start().split("  ").next().unwrap();
            let path = path.split(" a trusted").next().unwrap();
            match line.starts_with("  ") {
                true => format!("store-\\fIRANDOM\\fP/{path}"),
                false => path.to_owned(),
            }
        })
        .collect()
}

fn is_hex(text: &str) -> bool {
    let is_digit = |octet: u8| octet.is_ascii_digit() || (b'a'..=b'f').contains(&octet);
    text.bytes().all(is_digit)
}

/// Whether a name is as a row says. The entries of an index are named after what is looked up.
fn fits(name: &str, row: &str) -> bool {
    let mut rest = name;
    for piece in row.split("\\fI") {
        let (variable, literal) = match piece.split_once("\\fP") {
            Some((variable, literal)) => (variable, literal),
            None => ("", piece),
        };
        let digits = rest
            .bytes()
            .take_while(|octet| is_hex(&char::from(*octet).to_string()))
            .count();
        let is_right = match variable {
            "" => true,
            "RANDOM" => digits >= 32,
            "SERIAL" => (2..=40).contains(&digits) && digits % 2 == 0,
            "FINGERPRINT" | "KEY" | "ISSUER" | "SCOPE" => digits == 64,
            _ => false,
        };
        let length = match variable {
            "" => 0,
            "RANDOM" => 32,
            _ => digits,
        };
        match rest
            .get(length..)
            .and_then(|rest| rest.strip_prefix(literal))
        {
            Some(after) if is_right => rest = after,
            _ => return false,
        }
    }
    rest.is_empty() || row.contains("index/") && !rest.contains('/')
}

#[test]
fn every_file_has_a_row_and_every_row_a_file() {
    let place = full();
    let rows = rows();
    assert!(rows.len() > 20, "{rows:?}");
    let mut used = BTreeSet::new();
    for (path, name) in walk(&place.path("store")) {
        let mode = path.metadata().unwrap().permissions().mode() & 0o7777;
        assert_eq!(mode, if path.is_dir() { 0o700 } else { 0o600 }, "{name}");
        let row = rows.iter().find(|row| fits(&name, row));
        match row {
            Some(row) => drop(used.insert(row.clone())),
            // A directory whose files have rows.
            None => {
                let depth = name.matches('/').count();
                let leads_there = |row: &String| {
                    let beginning: String = row.split_inclusive('/').take(depth).collect();
                    fits(&name, &beginning)
                };
                assert!(rows.iter().any(leads_there), "{name} has no row");
            }
        }
    }
    for row in &rows {
        assert!(used.contains(row), "no file is as {row}");
    }
}

/// The keys that a section of the page describes.
fn described(section: &str) -> BTreeSet<String> {
    let page = page();
    let (_, rest) = page.split_once(&format!(".SS {section}\n")).unwrap();
    let section = rest.split("\n.S").next().unwrap();
    let names = section
        .split(".TP 16\n\\fB")
        .skip(1)
        .map(|row| row.split("\\fP").next().unwrap().to_owned());
    names.collect()
}

/// The keys of a record, those of a table with its name.
fn keys(text: &str) -> BTreeSet<String> {
    let table: toml::Table = text.parse().unwrap();
    let mut keys = BTreeSet::new();
    for (key, value) in table {
        match value {
            toml::Value::Table(inner) => {
                keys.extend(inner.keys().map(|name| format!("{key}.{name}")));
            }
            _ => drop(keys.insert(key)),
        }
    }
    keys
}

#[test]
fn what_is_in_the_files_is_what_the_page_says() {
    let place = full();
    let mut found: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for store in ["store", "second"] {
        let store = place.path(store);
        let generation = named(&store, "store-").remove(0);
        let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
        let text = |path: &Path| fs::read_to_string(path).unwrap();
        assert_eq!(
            text(&store.join("store")),
            format!("smime-keystore 1\n{}\n", name(&generation))
        );
        for serial in named(&store.join("serials"), "") {
            assert_eq!(text(&serial), "");
            assert!(!name(&serial).starts_with("00"));
        }
        let key_set = named(&generation, "keys-").remove(0);
        assert_eq!(
            text(&generation.join("keyset")),
            format!("{}\n", name(&key_set))
        );
        assert_eq!(
            text(&key_set.join("keyset.toml")),
            "protection = \"none\"\n"
        );
        for key in named(&key_set, "")
            .iter()
            .filter(|key| name(key) != "keyset.toml")
        {
            assert!(text(key).starts_with("-----BEGIN PRIVATE KEY-----\n"));
        }
        for (path, name) in walk(&generation) {
            if !path.is_file() {
                continue;
            }
            let section = match name.split('/').next().unwrap() {
                "authority.toml" => "authority.toml",
                "certificates" if name.ends_with(".toml") => "certificates",
                "revoked" => "revoked",
                "certificates" | "trust" => {
                    assert!(text(&path).starts_with("-----BEGIN CERTIFICATE-----\n"));
                    continue;
                }
                "index" => {
                    for line in text(&path).lines() {
                        let pem = |dir: &str| generation.join(format!("{dir}/{line}.pem"));
                        assert!(is_hex(line) && line.len() == 64, "{name}");
                        assert!(
                            pem("certificates").exists() || pem("trust").exists(),
                            "{name}"
                        );
                    }
                    continue;
                }
                _ => continue,
            };
            let record = text(&path);
            for line in record.lines() {
                if line.starts_with("added = ")
                    || line.starts_with("date = ")
                    || line.starts_with("not-after = ")
                {
                    assert!(
                        line.ends_with("Z\"") && line.contains('T'),
                        "{name}: {line}"
                    );
                }
            }
            found.entry(section).or_default().extend(keys(&record));
        }
    }
    for (section, keys) in &found {
        assert_eq!(*keys, described(section), "{section}");
    }
    assert_eq!(found.len(), 3);

    let store = place.path("store");
    let generation = named(&store, "store-").remove(0);
    let read = |name: &str| fs::read_to_string(generation.join(name)).unwrap();
    assert_eq!(read("protection"), "on\n");
    assert_eq!(place.read("store/crl-number"), b"1\n");
    assert_eq!(place.read("store/lock"), b"");
    assert_eq!(read("index/address/o%27hara%25x@example.com").len(), 65);
    // A CRL leads to its issuer.
    let list = named(&generation.join("crls"), "").remove(0);
    let issuer = list.file_name().unwrap().to_str().unwrap()[..64].to_owned();
    assert_eq!(read(&format!("index/subject/{issuer}")).len(), 65);

    // What the page says a backup needs is enough.
    let copy = place.path("copy");
    crate::office::copy(&store, &copy);
    fs::remove_file(copy.join("lock")).unwrap();
    fs::remove_dir(copy.join("tmp")).unwrap();
    place.run(["-k", "copy", "keystore", "check"]).done();
    place
        .run(["-k", "copy", "settings", "rollover", "accept"])
        .done();

    // With a passphrase.
    let environment = [("SMIME_NEW_PASSPHRASE", "one")];
    place
        .run_with(["keystore", "passphrase"], &environment, b"")
        .done();
    let key_set = named(&generation, "keys-").remove(0);
    let record = fs::read_to_string(key_set.join("keyset.toml")).unwrap();
    assert_eq!(
        keys(&record),
        BTreeSet::from(["check".to_owned(), "protection".to_owned()])
    );
    for key in named(&key_set, "")
        .iter()
        .filter(|key| key.extension().unwrap() == "pem")
    {
        let text = fs::read_to_string(key).unwrap();
        assert!(text.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
    }
}
