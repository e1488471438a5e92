//! What the fuzz targets hold, held for inputs that once failed and for what others made.

use std::fs;
use std::path::Path;

use crate::{corpora, files_below};

#[path = "../../fuzz/checks/mod.rs"]
pub(crate) mod checks;

/// The largest file that is taken: the checks are slow without optimization.
const LARGEST: u64 = 24 << 10;

#[test]
fn what_once_failed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/regressions");
    for (name, check) in checks::CHECKS {
        let folder = folder.join(name);
        if !folder.is_dir() {
            continue;
        }
        for path in files_below(&folder) {
            println!("{}", path.display());
            check(&fs::read(&path).unwrap());
        }
    }
}

/// What the fuzzer may begin with. `SMIME_SEEDS=fuzz/corpus` keeps it, in a folder for each target.
#[test]
fn what_is_made_here() {
    let corpus = std::env::var_os("SMIME_SEEDS");
    let inputs = checks::made::inputs();
    for (number, (name, octets)) in inputs.iter().enumerate() {
        checks::run(name, octets);
        if let Some(corpus) = &corpus {
            let folder = Path::new(corpus).join(name);
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join(format!("made-{number}")), octets).unwrap();
        }
    }
}

/// Runs checks over the files of folders.
fn over(folders: &[&str], names: &[&str]) {
    let Some(corpora) = corpora() else {
        return;
    };
    let mut count = 0;
    for folder in folders {
        for path in files_below(&corpora.join(folder)) {
            if fs::metadata(&path).unwrap().len() > LARGEST {
                continue;
            }
            let octets = fs::read(&path).unwrap();
            println!("{}", path.display());
            for name in names {
                checks::run(name, &octets);
            }
            count += 1;
        }
    }
    assert!(count > 20, "{count} files in {folders:?}");
}

#[test]
fn messages() {
    let names = [
        "entity_scanner",
        "header_fields",
        "canonical_form",
        "transfer_encoding",
    ];
    over(&["mime", "mozilla-comm", "openssl-fuzz/smime"], &names);
}

#[test]
fn messages_from_one_end_to_the_other() {
    over(
        &["mime", "mozilla-comm", "rfc4134"],
        &["structure", "verify", "decrypt"],
    );
}

/// Their first octet is taken for choices, so the field name of the first line loses a letter.
#[test]
fn messages_there_and_back() {
    over(&["mime"], &["sign_verify", "encrypt_decrypt"]);
}

#[test]
fn objects() {
    let names = ["ber_reader", "cms_object", "certificate_file"];
    over(
        &[
            "asn1crypto",
            "bouncycastle",
            "rustcrypto-cms",
            "rfc4134",
            "openssl-fuzz/cms",
        ],
        &names,
    );
}

#[test]
fn certificates() {
    over(
        &["zlint-smime", "pkcs12"],
        &["certificate", "certificate_file", "pkcs12"],
    );
}

/// Octets of many kinds, as descriptions of hierarchies and of damage.
#[test]
fn descriptions() {
    over(
        &["rustcrypto-cms", "asn1crypto"],
        &["certification_path", "keystore_files", "policy_file"],
    );
}

/// Every target of the fuzzer runs the check of its name.
#[test]
fn every_check_has_its_target() {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let manifest = fs::read_to_string(fuzz.join("Cargo.toml")).unwrap();
    let readme = fs::read_to_string(fuzz.join("README.md")).unwrap();
    for (name, _) in checks::CHECKS {
        let target = fs::read_to_string(fuzz.join(format!("fuzz_targets/{name}.rs"))).unwrap();
        assert!(
            target.contains(&format!("smime_fuzz::run(\"{name}\"")),
            "{name}"
        );
        assert!(manifest.contains(&format!("name = \"{name}\"")), "{name}");
        assert!(readme.contains(&format!("`{name}`")), "{name}");
    }
}
