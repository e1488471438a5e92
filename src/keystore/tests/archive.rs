//! Archives: everything comes back, and no archive writes where no keystore has a file.

use super::*;

#[test]
fn an_archive_brings_everything_back() {
    let populated = populated();
    let serial = writer(&populated.keystore).draw_serial().unwrap();
    let mut writer = writer(&populated.keystore);
    let octets = writer.archive().unwrap().encode();
    writer.reset().unwrap();
    drop(writer);
    let archive = Archive::decode(&octets).unwrap();
    Keystore::restore(populated.keystore.dir(), &archive, LOCK_TIMEOUT).unwrap();
    let keystore = reopen(&populated.keystore);
    let found = find(&keystore, "user@example.com");
    assert_eq!(found[0].certificate, populated.identity);
    keystore
        .key_ring()
        .unwrap()
        .open(&populated.key, &nobody)
        .unwrap();
    let again = Keystore::restore(populated.keystore.dir(), &archive, LOCK_TIMEOUT);
    assert!(matches!(again, Err(KeystoreError::Exists { .. })));
    let other = tempfile::tempdir().unwrap();
    let copy = Keystore::restore(&other.path().join("copy"), &archive, LOCK_TIMEOUT).unwrap();
    assert_eq!(
        copy.require_authority().unwrap().certificate,
        populated.authority
    );
    assert!(copy.dir().join("serials").join(serial.to_string()).exists());
}

#[test]
fn an_archive_leads_nowhere_else() {
    let with = |name: &str| format!("smime-keystore-archive 1\n{name} 1\nxend 1\n");
    for name in [
        "settings.toml",
        "serials/7f",
        "store/authority.toml",
        "store/crls/x.crl",
    ] {
        assert!(Archive::decode(with(name).as_bytes()).is_some(), "{name}");
    }
    for name in [
        "lock",
        "store",
        "serials/../x",
        "serials/7F",
        "store/../x",
        "store/x",
        "store/certificates/../x",
        "store/certificates/a/b",
        "store/certificates/.x",
        "store/index/x",
        "store/keys-0/x",
        "/etc/passwd",
        "",
    ] {
        assert!(Archive::decode(with(name).as_bytes()).is_none(), "{name}");
    }
    let whole = with("settings.toml");
    for damaged in [
        &whole[..whole.len() - 1],
        &whole.replace("end 1", "end 2"),
        &whole.replace(" 1\nx", " 99\nx"),
        &whole.replace("archive 1", "archive 2"),
        &format!("{whole}x"),
    ] {
        assert!(Archive::decode(damaged.as_bytes()).is_none(), "{damaged}");
    }
}
