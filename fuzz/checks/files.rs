//! Checks of the files that an administrator writes, or somebody in their place.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use smime::address::Address;
use smime::keystore::{Keystore, LOCK_TIMEOUT, NewCertificate, Origin};
use smime::policy::file::Policy;

use super::world::{AUTHOR, WORLD, time};

/// A policy is read, or every error has a place in it.
pub(crate) fn policy_file(octets: &[u8]) {
    let Ok(text) = std::str::from_utf8(octets) else {
        return;
    };
    match Policy::parse(text) {
        Ok(policy) => {
            for warning in policy.warnings() {
                assert!(warning.line >= 1);
            }
        }
        Err(errors) => {
            assert!(!errors.is_empty());
            let lines = text.split('\n').count();
            for error in errors {
                assert!(error.line >= 1 && error.line <= lines, "{error:?}");
                assert!(error.column >= 1);
            }
        }
    }
}

/// A keystore with one certificate, and its files.
struct Template {
    _dir: tempfile::TempDir,
    root: PathBuf,
    files: Vec<PathBuf>,
}

static TEMPLATE: LazyLock<Template> = LazyLock::new(|| {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("keystore");
    let keystore = Keystore::create(&root, LOCK_TIMEOUT).unwrap();
    let writer = keystore.lock(LOCK_TIMEOUT).unwrap();
    let new = NewCertificate {
        certificate: WORLD.alice.certificate.clone(),
        addresses: vec![Address::parse(AUTHOR).unwrap()],
        origin: Origin::Imported,
        added: time(),
        provenance: None,
        capabilities: None,
    };
    writer.add_third_party(&new).unwrap();
    writer.trust(std::slice::from_ref(&WORLD.ca)).unwrap();
    drop(writer);
    let mut files = vec![root.join("settings.toml")];
    let mut waiting = vec![root.clone()];
    while let Some(next) = waiting.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => waiting.push(path),
                false => files.push(path),
            }
        }
    }
    files.sort();
    files.dedup();
    Template {
        _dir: dir,
        root,
        files,
    }
});

/// Whatever one file of a keystore holds, the keystore is read or refused; and with the file as it was,
/// everything is there again.
pub(crate) fn keystore_files(octets: &[u8]) {
    let Some((&choice, content)) = octets.split_first() else {
        return;
    };
    let template = &*TEMPLATE;
    let path = &template.files[usize::from(choice) % template.files.len()];
    let before = fs::read(path).ok();
    write(path, content);
    look(&template.root);
    match before {
        Some(before) => write(path, &before),
        None => fs::remove_file(path).unwrap(),
    }
    assert_eq!(look(&template.root), Some(1));
}

/// Each file of the keystore as it is.
pub(crate) fn untouched() -> impl Iterator<Item = Vec<u8>> {
    let files = TEMPLATE.files.iter().zip(0_u8..);
    files.map(|(path, choice)| [&[choice], &fs::read(path).unwrap_or_default()[..]].concat())
}

fn write(path: &Path, content: &[u8]) {
    fs::write(path, content).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}

/// Everything that can be asked of a keystore; how many certificates an address has.
fn look(root: &Path) -> Option<usize> {
    let keystore = Keystore::open(root).ok()?;
    let _ = keystore.settings();
    let _ = keystore.protection();
    let _ = keystore.policy();
    let _ = keystore.trusted();
    let _ = keystore.lists();
    let _ = keystore.key_ring();
    let _ = keystore.certificates();
    let _ = keystore.status(time(), 30);
    let _ = keystore.check(None);
    let _ = keystore.damages();
    let found = keystore.find_by_address(&Address::parse(AUTHOR).unwrap());
    Some(found.map_or(0, |found| found.certificates.len()))
}
