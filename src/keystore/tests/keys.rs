//! Private keys: passphrases, file modes, and what becomes of keys whose certificates go.

use std::cell::Cell;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

use super::*;

#[test]
fn identities_have_keys_which_go_with_the_last_certificate() {
    let populated = populated();
    let keystore = reopen(&populated.keystore);
    let stored = find(&keystore, "user@example.com").remove(0);
    assert_eq!(
        (stored.kind, stored.key),
        (Kind::Identity, Some(populated.key))
    );
    let ring = keystore.key_ring().unwrap();
    assert!(!ring.is_protected());
    let key = ring.open(&populated.key, &nobody).unwrap();
    assert_eq!(key.public_key().spki_der(), stored.certificate.spki_der());

    let renewed = Made::new("user")
        .issuer("CA")
        .address("user@example.com")
        .serial(2)
        .key(&key);
    let renewed = renewed.certificate();
    let outcome = writer(&keystore)
        .add_identity(&new(&renewed, Origin::Issued), populated.key)
        .unwrap();
    assert_eq!(outcome, Outcome::Stored);
    writer(&keystore)
        .remove(&populated.identity.fingerprint())
        .unwrap();
    reopen(&keystore)
        .key_ring()
        .unwrap()
        .open(&populated.key, &nobody)
        .unwrap();
    writer(&keystore).remove(&renewed.fingerprint()).unwrap();
    let gone = reopen(&keystore)
        .key_ring()
        .unwrap()
        .open(&populated.key, &nobody);
    assert!(matches!(gone, Err(KeystoreError::Damaged { .. })));
}

#[test]
fn one_passphrase_opens_all_keys_and_is_asked_for_once() {
    let (_dir, keystore) = keystore();
    let keys = [new_key(), new_key()];
    let writer = writer(&keystore);
    let empty = writer.create_key_set(KeyProtection::Passphrase(""));
    assert!(matches!(empty, Err(KeystoreError::PassphraseEmpty)));
    let ring = writer
        .create_key_set(KeyProtection::Passphrase("correct"))
        .unwrap();
    let asked = Cell::new(0);
    let says = |text: &'static str| {
        let asked = &asked;
        move || {
            asked.set(asked.get() + 1);
            Ok::<_, Box<dyn Error + Send + Sync>>(Zeroizing::new(text.to_owned()))
        }
    };
    // The ring of a new key set is open already.
    let mut names = vec![writer.store_key(&keys[0], &ring, &nobody).unwrap()];
    let ring = reopen(&keystore).key_ring().unwrap();
    assert!(ring.is_protected());
    assert!(matches!(
        ring.unlock(&nobody),
        Err(KeystoreError::Passphrase(_))
    ));
    assert!(matches!(
        ring.unlock(&says("")),
        Err(KeystoreError::PassphraseEmpty)
    ));
    let wrong = writer.store_key(&keys[1], &ring, &says("wrong"));
    assert!(matches!(wrong, Err(KeystoreError::PassphraseWrong)));
    asked.set(0);
    names.push(writer.store_key(&keys[1], &ring, &says("correct")).unwrap());
    for (name, key) in names.iter().zip(&keys) {
        let opened = ring.open(name, &says("correct")).unwrap();
        assert_eq!(opened.public_key().spki_der(), key.public_key().spki_der());
    }
    assert_eq!(asked.get(), 1);
    let dir = view::View::new(keystore.generation().unwrap())
        .key_set()
        .unwrap()
        .unwrap();
    for name in &names {
        let text = fs::read_to_string(dir.join(format!("{name}.pem"))).unwrap();
        assert!(text.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----"));
    }
}

#[test]
fn a_key_file_from_elsewhere_is_damage_and_no_wrong_passphrase() {
    let (_dir, keystore) = keystore();
    let key = new_key();
    let writer = writer(&keystore);
    let ring = writer
        .create_key_set(KeyProtection::Passphrase("one"))
        .unwrap();
    let name = writer.store_key(&key, &ring, &nobody).unwrap();
    let dir = view::View::new(keystore.generation().unwrap())
        .key_set()
        .unwrap()
        .unwrap();
    let path = dir.join(format!("{name}.pem"));
    let sound = fs::read(&path).unwrap();
    let plain = crate::asn1::pem::encode("PRIVATE KEY", &key.to_pkcs8().unwrap());
    let half = &sound[..sound.len() / 2];
    for text in [plain.as_bytes(), half, b""] {
        fs::write(&path, text).unwrap();
        let ring = keystore.key_ring().unwrap();
        let opened = ring.open(&name, &|| Ok(Zeroizing::new("one".to_owned())));
        assert!(matches!(opened, Err(KeystoreError::Damaged { .. })));
    }
    // A ring whose key set was replaced meanwhile stores nothing.
    writer.create_key_set(KeyProtection::FileModesOnly).unwrap();
    let stored = writer.store_key(&key, &ring, &nobody);
    assert!(matches!(stored, Err(KeystoreError::Busy(_))));
    assert!(!dir.exists());
}

#[test]
fn keys_that_others_can_read_are_refused() {
    let populated = populated();
    let keystore = &populated.keystore;
    let open = || keystore.key_ring().unwrap().open(&populated.key, &nobody);
    let view = view::View::new(keystore.generation().unwrap());
    let path = view
        .key_set()
        .unwrap()
        .unwrap()
        .join(format!("{}.pem", populated.key));
    for mode in [0o640, 0o604, 0o660] {
        fs::set_permissions(&path, PermissionsExt::from_mode(mode)).unwrap();
        let error = open().unwrap_err();
        assert!(
            matches!(&error, KeystoreError::ModesTooOpen { mode: found, .. } if *found == mode)
        );
        assert_eq!(
            error.hint().unwrap(),
            format!("`chmod go= {}`", path.display())
        );
    }
    fs::set_permissions(&path, PermissionsExt::from_mode(0o400)).unwrap();
    open().unwrap();
    // Only the superuser can give a file away.
    if std::os::unix::fs::chown(&path, Some(4711), None).is_ok() {
        assert!(matches!(open(), Err(KeystoreError::NotOwned { .. })));
        std::os::unix::fs::chown(keystore.dir(), Some(4711), None).unwrap();
        open().unwrap();
        writer(keystore).create_policy(b"").unwrap();
        assert_eq!(fs::metadata(keystore.policy_path()).unwrap().uid(), 4711);
        fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).unwrap();
    }
    let elsewhere = keystore.dir().join("elsewhere.pem");
    fs::rename(&path, &elsewhere).unwrap();
    symlink(&elsewhere, &path).unwrap();
    assert!(matches!(open(), Err(KeystoreError::NotOwned { .. })));
    fs::remove_file(&path).unwrap();
    let authority = keystore.require_authority().unwrap();
    fs::copy(
        view.key_set()
            .unwrap()
            .unwrap()
            .join(format!("{}.pem", authority.key)),
        &path,
    )
    .unwrap();
    assert!(matches!(open(), Err(KeystoreError::Damaged { .. })));
}

#[test]
fn a_new_passphrase_holds_for_all_keys_and_the_old_one_for_none() {
    let populated = populated();
    let says = |text: &'static str| {
        move || Ok::<_, Box<dyn Error + Send + Sync>>(Zeroizing::new(text.to_owned()))
    };
    let before = populated.keystore.key_ring().unwrap();
    let change = |source: &dyn PassphraseSource, to: KeyProtection<'_>| {
        let keystore = reopen(&populated.keystore);
        let ring = keystore.key_ring().unwrap();
        writer(&keystore).replace_protection(&ring, source, to)
    };
    assert_eq!(
        change(&nobody, KeyProtection::Passphrase("one")).unwrap(),
        2
    );
    // A process that began before is told to begin again, not that something is damaged.
    let overtaken = before.open(&populated.key, &nobody);
    assert!(matches!(overtaken, Err(KeystoreError::Busy(_))));
    let again = KeyProtection::Passphrase("three");
    let overtaken = writer(&populated.keystore).replace_protection(&before, &nobody, again);
    assert!(matches!(overtaken, Err(KeystoreError::Busy(_))));
    let wrong = change(&says("two"), KeyProtection::FileModesOnly);
    assert!(matches!(wrong, Err(KeystoreError::PassphraseWrong)));
    let empty = change(&says("one"), KeyProtection::Passphrase(""));
    assert!(matches!(empty, Err(KeystoreError::PassphraseEmpty)));
    assert_eq!(
        change(&says("one"), KeyProtection::Passphrase("two")).unwrap(),
        2
    );
    let ring = reopen(&populated.keystore).key_ring().unwrap();
    assert!(matches!(
        ring.open(&populated.key, &says("one")),
        Err(KeystoreError::PassphraseWrong)
    ));
    ring.open(&populated.key, &says("two")).unwrap();
    assert_eq!(
        change(&says("two"), KeyProtection::FileModesOnly).unwrap(),
        2
    );
    let ring = reopen(&populated.keystore).key_ring().unwrap();
    ring.open(&populated.key, &nobody).unwrap();
    let sets = fs::read_dir(ring.dir().parent().unwrap()).unwrap();
    let sets = sets.filter(|entry| {
        let name = entry.as_ref().unwrap().file_name();
        name.to_str().unwrap().starts_with("keys-")
    });
    assert_eq!(sets.count(), 1);
}

#[test]
fn a_key_that_cannot_be_opened_is_not_left_behind() {
    let populated = populated();
    let ring = populated.keystore.key_ring().unwrap();
    fs::write(ring.path(&populated.key), "torn").unwrap();
    let refused = writer(&populated.keystore).replace_protection(
        &ring,
        &nobody,
        KeyProtection::Passphrase("one"),
    );
    assert!(matches!(refused, Err(KeystoreError::Damaged { .. })));
    assert!(
        !reopen(&populated.keystore)
            .key_ring()
            .unwrap()
            .is_protected()
    );
}
