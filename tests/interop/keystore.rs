//! The private keys of a keystore are files that OpenSSL opens with its passphrase.

use std::path::PathBuf;

use smime::crypto::digest::DigestAlgorithm;

use crate::place::{Place, lf};

const KEY_TYPES: [&str; 4] = ["rsa-2048", "ec-p256", "ec-p521", "ed25519"];

/// The key files below `store`.
fn key_files(place: &Place) -> Vec<PathBuf> {
    let (mut files, mut directories) = (Vec::new(), vec![place.path("store")]);
    while let Some(directory) = directories.pop() {
        let name = directory.file_name().unwrap().to_string_lossy();
        let holds_keys = name.starts_with("keys-");
        for entry in std::fs::read_dir(&directory).unwrap() {
            let path = entry.unwrap().path();
            let is_pem = path.extension().is_some_and(|extension| extension == "pem");
            if path.is_dir() {
                directories.push(path);
            } else if holds_keys && is_pem {
                files.push(path);
            }
        }
    }
    files
}

/// Holds that OpenSSL opens the key file under the passphrase in that file, and under no other, and
/// that the key is the one that the name says.
#[track_caller]
fn is_opened(place: &Place, file: &str, passphrase: &str, other: &str) {
    let open = |passphrase: &str| {
        let line = format!("pkey -pubout -outform DER -passin file:{passphrase} -in");
        place.openssl(&line, &[file])
    };
    let digest = DigestAlgorithm::Sha256.digest(&open(passphrase).done());
    let name: String = digest.iter().map(|octet| format!("{octet:02x}")).collect();
    assert!(file.ends_with(&format!("/{name}.pem")), "{file}: {name}");
    assert!(!open(other).succeeded, "{file}");
}

/// Salt and cost of a key file, and its initialization vector, as OpenSSL shows them.
fn parameters(place: &Place, file: &str) -> ([String; 4], String) {
    let shown = lf(&place.openssl("asn1parse -in", &[file]).done());
    let after = |name: &str| {
        let (_, rest) = shown.split_once(&format!(":{name}\n")).unwrap();
        let values = rest.lines().filter_map(|line| {
            let (kind, value) = line.rsplit_once(':')?;
            let is_value = kind.contains("INTEGER") || kind.contains("[HEX DUMP]");
            is_value.then(|| value.to_owned())
        });
        values.collect::<Vec<_>>()
    };
    let [salt, cost, block, parallel, ..] = &after("scrypt")[..] else {
        panic!("{shown}");
    };
    let derivation = [salt, cost, block, parallel].map(String::clone);
    (derivation, after("aes-256-cbc")[0].clone())
}

#[test]
fn keys_to_openssl() {
    let Some(place) = Place::new() else { return };
    place.write("one", "the first passphrase");
    place.write("two", "zweiter Schlüssel");
    let line = "ca init -q --key-type ec-p384 --passphrase-file one";
    place.smime(line, &[]).done();
    for key_type in KEY_TYPES {
        let address = format!("{key_type}@example.com");
        let line = "cert issue -q --passphrase-file one --key-type";
        place.smime(line, &[key_type, &address]).done();
    }
    are_opened(&place, "one", "two");
    let line = "keystore passphrase --passphrase-file one --new-passphrase-file two";
    place.smime(line, &[]).done();
    are_opened(&place, "two", "one");
}

/// Holds that one derivation opens all keys, and that no two are encrypted alike.
#[track_caller]
fn are_opened(place: &Place, passphrase: &str, other: &str) {
    let files = key_files(place);
    assert_eq!(files.len(), KEY_TYPES.len() + 1);
    let mut vectors = Vec::new();
    let mut derivations = Vec::new();
    for file in files.iter().map(|file| file.to_str().unwrap()) {
        is_opened(place, file, passphrase, other);
        let (derivation, vector) = parameters(place, file);
        derivations.push(derivation);
        vectors.push(vector);
    }
    derivations.dedup();
    let [[salt, cost, block, parallel]] = &derivations[..] else {
        panic!("{derivations:?}");
    };
    assert!(salt.len() >= 2 * 16, "{salt}");
    assert_eq!([&**cost, block, parallel], ["4000", "08", "01"]);
    vectors.sort();
    vectors.dedup();
    assert_eq!(vectors.len(), files.len());
}

/// Without a passphrase they are plain PKCS #8.
#[test]
fn open_keys_to_openssl() {
    let Some(place) = Place::new() else { return };
    let line = "ca init -q --no-passphrase --key-type ed25519";
    place.smime(line, &[]).done();
    let files = key_files(&place);
    let [file] = &files[..] else {
        panic!("{files:?}")
    };
    let file = file.to_str().unwrap();
    let public = place.openssl("pkey -pubout -in", &[file]).done();
    place.smime("ca export -o made.pem", &[]).done();
    let line = "x509 -noout -pubkey -in made.pem";
    let certified = place.openssl(line, &[]).done();
    assert_eq!(lf(&public), lf(&certified));
}
