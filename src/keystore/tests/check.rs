//! Checking and repairing: what is whole is found whole, each kind of damage is named, and what is
//! repaired loses nothing.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use super::*;

/// A keystore with something of everything.
fn full() -> Populated {
    let populated = populated();
    let writer = writer(&populated.keystore);
    let other = Made::new("other").address("other@example.com").serial(7);
    writer
        .add_third_party(&new(&other.certificate(), Origin::Imported))
        .unwrap();
    writer
        .trust(&[Made::new("trusted").serial(8).certificate()])
        .unwrap();
    // The certificates of these tests bear numbers of their own.
    writer.repair(None).unwrap();
    drop(writer);
    populated
}

fn damages(keystore: &Keystore) -> Vec<String> {
    let check = reopen(keystore).check(None).unwrap();
    let named = check.damages.iter().map(|damage| {
        let file = damage.file.strip_prefix(keystore.dir()).unwrap();
        let name = file.to_string_lossy().into_owned();
        format!("{name}: {}", damage.what)
    });
    named.collect()
}

fn repair(keystore: &Keystore) -> Repair {
    writer(&reopen(keystore)).repair(None).unwrap()
}

fn generation(keystore: &Keystore) -> std::path::PathBuf {
    keystore.generation().unwrap().dir
}

#[test]
fn what_is_whole_is_found_whole() {
    let populated = full();
    let check = reopen(&populated.keystore).check(None).unwrap();
    assert_eq!(check.damages, []);
    assert_eq!(
        (check.certificates, check.keys, check.keys_opened),
        (3, 2, true)
    );
    assert_eq!((check.unused_keys, check.leftovers), (0, 0));
}

#[test]
fn the_index_is_rebuilt() {
    let populated = full();
    let dir = generation(&populated.keystore).join("index");
    fs::remove_dir_all(&dir).unwrap();
    assert!(find(&populated.keystore, "other@example.com").is_empty());
    let named = damages(&populated.keystore);
    assert!(
        named
            .iter()
            .any(|line| line.contains("index/address/other@example.com: it lacks 1"))
    );
    let repair = repair(&populated.keystore);
    assert_eq!(repair.check.damages, []);
    assert_eq!(repair.repaired.len(), named.len());
    assert_eq!(find(&populated.keystore, "other@example.com").len(), 1);
    assert_eq!(damages(&populated.keystore), [""; 0]);

    fs::write(dir.join("address/other@example.com"), "nonsense\n").unwrap();
    assert_eq!(damages(&populated.keystore).len(), 2);
    assert_eq!(self::repair(&populated.keystore).check.damages, []);
}

#[test]
fn modes_are_closed() {
    let populated = full();
    let dir = generation(&populated.keystore);
    let keys = populated.keystore.key_ring().unwrap().dir().to_owned();
    let key = keys.join(format!("{}.pem", populated.key));
    for (path, mode) in [(&dir.join("trust"), 0o777), (&key, 0o640)] {
        fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }
    let named = damages(&populated.keystore);
    assert_eq!(named.len(), 2, "{named:?}");
    assert!(
        named
            .iter()
            .all(|line| line.contains("is accessible to others"))
    );
    assert_eq!(repair(&populated.keystore).check.damages, []);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&dir.join("trust")), mode(&key)), (0o700, 0o600));
}

#[test]
fn serial_numbers_are_put_back_on_record() {
    let populated = full();
    let serial = populated.identity.serial().to_string();
    let path = populated.keystore.dir().join("serials").join(&serial);
    fs::remove_file(&path).unwrap();
    assert_eq!(damages(&populated.keystore).len(), 1);
    assert_eq!(repair(&populated.keystore).check.damages, []);
    assert!(path.exists());
}

#[test]
fn what_is_lost_is_named_and_stays_named() {
    let populated = full();
    let dir = generation(&populated.keystore);
    let keys = populated.keystore.key_ring().unwrap().dir().to_owned();
    let name = populated.identity.fingerprint().to_string();
    let record = fs::read_to_string(dir.join(format!("certificates/{name}.toml"))).unwrap();
    for (file, content, told) in [
        (
            dir.join(format!("certificates/{name}.pem")),
            "nothing",
            "PEM",
        ),
        (
            dir.join(format!("certificates/{name}.toml")),
            "kind = 1",
            "",
        ),
        (keys.join(format!("{}.pem", populated.key)), "torn", "PEM"),
        (
            populated.keystore.dir().join("settings.toml"),
            "no = 1\n",
            "line 1, column 1",
        ),
        (
            populated.keystore.dir().join("policy.toml"),
            "no = 1\n",
            "line 1",
        ),
        (
            populated.keystore.dir().join("crl-number"),
            "many",
            "number",
        ),
        (dir.join("protection"), "perhaps", "neither"),
        (dir.join("authority.toml"), "kind", ""),
    ] {
        let before = fs::read(&file).ok();
        fs::write(&file, content).unwrap();
        let named = damages(&populated.keystore);
        let mine = file.strip_prefix(populated.keystore.dir()).unwrap();
        let mine = mine.to_string_lossy().into_owned();
        let is_told = |line: &String| line.starts_with(&mine) && line.contains(told);
        assert!(named.iter().any(is_told), "{mine}: {named:?}");
        assert!(
            !repair(&populated.keystore).check.damages.is_empty(),
            "{mine}"
        );
        assert_eq!(fs::read(&file).unwrap(), content.as_bytes());
        match before {
            Some(before) => fs::write(&file, before).unwrap(),
            None => fs::remove_file(&file).unwrap(),
        }
        assert_eq!(damages(&populated.keystore), [""; 0], "{mine}");
    }
    // The lines of the index outlived the damage to the record.
    assert_eq!(find(&populated.keystore, "user@example.com").len(), 1);
    assert!(record.contains(&populated.key.to_string()));
}

#[test]
fn keys_that_are_missing_or_not_the_right_ones_are_named() {
    let populated = full();
    let keys = populated.keystore.key_ring().unwrap().dir().to_owned();
    let file = keys.join(format!("{}.pem", populated.key));
    let kept = populated.keystore.dir().join("kept");
    fs::rename(&file, &kept).unwrap();
    let named = damages(&populated.keystore);
    assert!(
        named[0].contains("it is the private key of CN=user"),
        "{named:?}"
    );
    symlink(&kept, &file).unwrap();
    let named = damages(&populated.keystore);
    assert!(named[0].contains("it is not a regular file"), "{named:?}");
    fs::remove_file(&file).unwrap();
    fs::rename(&kept, &file).unwrap();

    // A record that names the key of another certificate.
    let dir = generation(&populated.keystore).join("certificates");
    let record = dir.join(format!("{}.toml", populated.identity.fingerprint()));
    let text = fs::read_to_string(&record).unwrap();
    let authority = populated.keystore.authority().unwrap().unwrap().key;
    fs::write(
        &record,
        text.replace(&populated.key.to_string(), &authority.to_string()),
    )
    .unwrap();
    let named = damages(&populated.keystore);
    assert!(
        named[0].ends_with("the key it names is not that of the certificate"),
        "{named:?}"
    );
}

#[test]
fn a_key_that_nothing_names_is_kept() {
    let populated = full();
    let ring = populated.keystore.key_ring().unwrap();
    let key = new_key();
    let name = writer(&populated.keystore)
        .store_key(&key, &ring, &nobody)
        .unwrap();
    let check = repair(&populated.keystore).check;
    assert_eq!((check.damages.len(), check.unused_keys), (0, 1));
    ring.open(&name, &nobody).unwrap();
}

#[test]
fn leftovers_are_no_damage_and_are_swept() {
    let populated = full();
    let dir = generation(&populated.keystore);
    fs::write(populated.keystore.dir().join("tmp/0123"), "half").unwrap();
    fs::create_dir(dir.join(format!("keys-{:032x}", 1))).unwrap();
    fs::create_dir(populated.keystore.dir().join(format!("store-{:032x}", 1))).unwrap();
    let line = "0".repeat(64);
    fs::write(
        dir.join("index/address/gone@example.com"),
        format!("{line}\n"),
    )
    .unwrap();
    let check = reopen(&populated.keystore).check(None).unwrap();
    assert_eq!((check.damages, check.leftovers), (vec![], 4));
    let check = repair(&populated.keystore).check;
    assert_eq!((check.damages, check.leftovers), (vec![], 0));
}
