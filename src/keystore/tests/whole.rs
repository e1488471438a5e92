//! The keystore as a whole: creation, settings, locks, interruptions.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use super::*;

fn generations(keystore: &Keystore) -> usize {
    let entries = fs::read_dir(keystore.dir()).unwrap();
    entries
        .filter(|entry| {
            let name = entry.as_ref().unwrap().file_name();
            name.to_str().unwrap().starts_with(Generation::PREFIX)
        })
        .count()
}

#[test]
fn a_new_keystore_is_empty_private_and_there_once() {
    let (dir, keystore) = keystore();
    assert_eq!(reopen(&keystore).protection().unwrap(), Switch::Off);
    assert_eq!(keystore.settings().unwrap(), Settings::default());
    assert!(keystore.policy().unwrap().is_none());
    let mut pending = vec![keystore.dir().to_owned()];
    while let Some(path) = pending.pop() {
        let metadata = fs::symlink_metadata(&path).unwrap();
        let expected = if metadata.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(metadata.mode() & 0o777, expected, "{path:?}");
        if metadata.is_dir() {
            pending.extend(
                fs::read_dir(&path)
                    .unwrap()
                    .map(|entry| entry.unwrap().path()),
            );
        }
    }
    let again = Keystore::create(keystore.dir(), LOCK_TIMEOUT);
    assert!(matches!(again, Err(KeystoreError::Exists { .. })));
    let nowhere = Keystore::open(&dir.path().join("nowhere"));
    assert!(matches!(nowhere, Err(KeystoreError::NotFound(_))));
    fs::write(dir.path().join("file"), "x").unwrap();
    let file = Keystore::open(&dir.path().join("file"));
    assert!(matches!(file, Err(KeystoreError::NotFound(_))));
}

#[test]
fn an_interrupted_creation_is_no_keystore_and_can_be_repeated() {
    let (_dir, keystore) = keystore();
    // A process that died before the last rename leaves everything but `store`.
    fs::remove_file(keystore.root.store()).unwrap();
    fs::write(keystore.root.scratch().join("half"), "smime-key").unwrap();
    let opened = Keystore::open(keystore.dir());
    assert!(matches!(opened, Err(KeystoreError::NotFound(_))));
    let keystore = Keystore::create(keystore.dir(), LOCK_TIMEOUT).unwrap();
    assert_eq!(generations(&keystore), 1);
    assert_eq!(fs::read_dir(keystore.root.scratch()).unwrap().count(), 0);
}

#[test]
fn a_directory_with_other_things_is_not_taken() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("policy.toml"), "").unwrap();
    fs::write(dir.path().join("thesis.tex"), "").unwrap();
    let error = Keystore::create(dir.path(), LOCK_TIMEOUT).unwrap_err();
    assert!(error.to_string().contains("thesis.tex"));
    fs::remove_file(dir.path().join("thesis.tex")).unwrap();
    let keystore = Keystore::create(dir.path(), LOCK_TIMEOUT).unwrap();
    assert_eq!(keystore.policy().unwrap().unwrap(), b"");
}

#[test]
fn a_directory_that_others_can_write_to_is_refused() {
    let (_dir, keystore) = keystore();
    fs::set_permissions(keystore.dir(), PermissionsExt::from_mode(0o770)).unwrap();
    let opened = Keystore::open(keystore.dir());
    assert!(matches!(
        opened,
        Err(KeystoreError::ModesTooOpen { mode: 0o770, .. })
    ));
    fs::set_permissions(keystore.dir(), PermissionsExt::from_mode(0o750)).unwrap();
    Keystore::open(keystore.dir()).unwrap();
}

#[test]
fn a_newer_format_is_refused() {
    let (_dir, keystore) = keystore();
    fs::write(keystore.root.store(), "smime-keystore 9\nwhatever\n").unwrap();
    let error = Keystore::open(keystore.dir()).unwrap_err();
    assert!(matches!(error, KeystoreError::Foreign { .. }));
    assert!(error.to_string().contains("smime-keystore 9"));
}

#[test]
fn settings_are_kept() {
    let (_dir, keystore) = keystore();
    writer(&keystore).set(Setting::Rollover, "accept").unwrap();
    writer(&keystore)
        .set(Setting::AuthservId, "mx.example.com")
        .unwrap();
    let settings = reopen(&keystore).settings().unwrap();
    assert_eq!(
        settings.profile.rollover,
        crate::policy::profile::Rollover::Accept
    );
    assert_eq!(settings.authserv_id.as_deref(), Some("mx.example.com"));
    fs::write(keystore.root.settings(), b"sha1 = \"reject\"\nx\xff").unwrap();
    let error = keystore.settings().unwrap_err();
    assert!(matches!(
        error,
        KeystoreError::SettingsInvalid {
            line: 2,
            column: 2,
            ..
        }
    ));
}

#[test]
fn a_ca_turns_protection_on() {
    let populated = populated();
    let keystore = reopen(&populated.keystore);
    assert_eq!(keystore.protection().unwrap(), Switch::On);
    for (word, switch) in [("off", Switch::Off), ("on", Switch::On)] {
        writer(&keystore).set(Setting::Protection, word).unwrap();
        assert_eq!(reopen(&keystore).protection().unwrap(), switch);
    }
    let generation = keystore.generation().unwrap();
    fs::write(generation.protection(), "perhaps").unwrap();
    assert!(matches!(
        keystore.protection(),
        Err(KeystoreError::Damaged { .. })
    ));
}

#[test]
fn protection_needs_an_authority() {
    let (_dir, keystore) = keystore();
    let on = writer(&keystore).set(Setting::Protection, "on");
    assert!(matches!(on, Err(KeystoreError::AuthorityMissing)));
    writer(&keystore).set(Setting::Protection, "off").unwrap();
    assert_eq!(keystore.protection().unwrap(), Switch::Off);
    let maybe = writer(&keystore).set(Setting::Protection, "maybe");
    assert!(matches!(maybe, Err(KeystoreError::SettingValue { .. })));
}

#[test]
fn a_policy_is_created_once() {
    let (_dir, keystore) = keystore();
    writer(&keystore).create_policy(b"# rules\n").unwrap();
    let again = writer(&keystore).create_policy(b"# others\n");
    assert!(matches!(again, Err(KeystoreError::Exists { .. })));
    assert_eq!(reopen(&keystore).policy().unwrap().unwrap(), b"# rules\n");
}

#[test]
fn serial_numbers_are_recorded() {
    let (_dir, keystore) = keystore();
    let writer = writer(&keystore);
    let first = writer.draw_serial().unwrap();
    assert_ne!(first, writer.draw_serial().unwrap());
    assert_eq!(fs::read_dir(keystore.root.serials()).unwrap().count(), 2);
}

#[test]
fn a_second_writer_is_kept_out_and_readers_are_not() {
    let (_dir, keystore) = keystore();
    let held = writer(&keystore);
    let other = reopen(&keystore);
    let refused = other.lock(Duration::ZERO);
    assert!(matches!(refused, Err(KeystoreError::Locked { .. })));
    assert_eq!(other.protection().unwrap(), Switch::Off);
    drop(held);
    other.lock(Duration::ZERO).unwrap();
}

#[test]
fn an_unnamed_generation_is_ignored_and_swept() {
    let (_dir, keystore) = keystore();
    let orphan = keystore.dir().join(format!("store-{:032x}", 1));
    fs::create_dir_all(orphan.join("certificates")).unwrap();
    fs::write(orphan.join("authority.toml"), "").unwrap();
    let foreign = keystore.dir().join("store-of-mine");
    fs::create_dir(&foreign).unwrap();
    assert_eq!(reopen(&keystore).protection().unwrap(), Switch::Off);
    writer(&keystore);
    assert!(!orphan.exists());
    assert!(foreign.exists());
}

#[test]
fn a_reader_overtaken_by_a_reset_begins_again() {
    let (_dir, keystore) = keystore();
    let attempts = std::cell::Cell::new(0);
    let seen: PathBuf = keystore
        .read(|view| {
            attempts.set(attempts.get() + 1);
            view.damaged(Path::new("torn"), "half of it is gone");
            if attempts.get() == 1 {
                writer(&keystore).replace_generation()?;
            } else {
                return Ok(view.generation().dir.clone());
            }
            Ok(PathBuf::new())
        })
        .unwrap();
    assert_eq!(attempts.get(), 2);
    assert_eq!(seen, keystore.generation().unwrap().dir);
    assert_eq!(generations(&keystore), 1);
    let always = keystore.read(|_| writer(&keystore).replace_generation());
    assert!(matches!(always, Err(KeystoreError::Busy(_))));
}

#[test]
fn the_manual_page_has_every_setting_and_file() {
    let page = include_str!("../../../man/smime-keystore.5").replace("\\-", "-");
    for setting in Setting::ALL {
        assert!(
            page.contains(&format!(".B {}\n", setting.as_str())),
            "{setting:?}"
        );
        for value in setting.values() {
            assert!(page.contains(value), "{value}");
        }
    }
    let populated = populated();
    let keystore = &populated.keystore;
    writer(keystore).set(Setting::Protection, "on").unwrap();
    writer(keystore).set(Setting::Rollover, "hold").unwrap();
    writer(keystore).create_policy(b"").unwrap();
    writer(keystore)
        .trust(std::slice::from_ref(&populated.authority))
        .unwrap();
    writer(keystore).draw_serial().unwrap();
    let variable = |name: &str| {
        let stem = name.split('.').next().unwrap_or_default();
        layout::is_hex(stem) || name.contains('@')
    };
    let mut pending = vec![keystore.dir().to_owned()];
    while let Some(dir) = pending.pop() {
        for entry in fs::read_dir(&dir).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            let known = match name.rsplit_once('-') {
                Some((prefix, random)) if layout::is_hex(random) => format!("{prefix}-"),
                _ => name.clone(),
            };
            assert!(variable(&name) || page.contains(&known), "{name}");
            if entry.file_type().unwrap().is_dir() {
                pending.push(entry.path());
            }
        }
    }
}
