//! Every change, stopped at every step: by the end of the process, and by a full disk. What is found
//! afterwards is the old state or the new one, everything in it is whole, and work goes on.

use std::fs;
use std::path::Path;

use super::faults::{Fault, arm, disarm};
use super::*;
use crate::pki::RevocationReason;

type Change = Box<dyn Fn(&Path) -> Result<(), KeystoreError>>;

const PASSPHRASE: &str = "correct";

/// What matters of a keystore, as text.
fn state(dir: &Path) -> String {
    let keystore = match Keystore::open(dir) {
        Ok(keystore) => keystore,
        Err(KeystoreError::NotFound(_)) => return "none".to_owned(),
        Err(error) => panic!("{error}"),
    };
    let mut lines = vec![format!("{:?}", keystore.protection().unwrap())];
    for stored in keystore.certificates().unwrap() {
        let found = stored.addresses.iter().all(|address| {
            let found = keystore.find_by_address(address).unwrap().certificates;
            let same = |other: &StoredCertificate| other.certificate == stored.certificate;
            stored.kind == Kind::Ca || found.iter().any(same)
        });
        assert!(
            found,
            "the index does not lead to {}",
            stored.certificate.subject()
        );
        lines.push(format!(
            "{} {:?} {} {:?} {:?}",
            stored.certificate.subject(),
            stored.kind,
            stored.pinned,
            stored.key,
            stored.revoked.is_some(),
        ));
    }
    for trusted in keystore.trusted().unwrap() {
        lines.push(format!("trusted {}", trusted.subject()));
    }
    lines.push(format!("{:?}", keystore.settings().unwrap()));
    lines.push(format!("{:?}", keystore.policy().unwrap()));
    // A key set counts for nothing until there is a CA.
    let opened = opening(&keystore);
    if keystore.authority().unwrap().is_some() {
        lines.push(opened.unwrap_or("no keys").to_owned());
    }
    lines.join("\n")
}

/// Checks that everything is whole and every key opens, and says with which passphrase.
fn opening(keystore: &Keystore) -> Option<&'static str> {
    let ring = match keystore.key_ring() {
        Err(KeystoreError::AuthorityMissing) => {
            assert_eq!(keystore.check(None).unwrap().damages, []);
            return None;
        }
        ring => ring.unwrap(),
    };
    // The derivation takes long on purpose, so most of these keystores have no passphrase.
    let source = says(PASSPHRASE);
    let check = keystore.check(Some(&source)).unwrap();
    assert_eq!(check.damages, []);
    assert!(check.keys_opened);
    Some(if ring.is_protected() {
        PASSPHRASE
    } else {
        "none"
    })
}

fn says(word: &'static str) -> impl PassphraseSource {
    move || Ok::<_, Box<dyn Error + Send + Sync>>(Zeroizing::new(word.to_owned()))
}

/// Where copies are made: in memory where that is possible, since a medium takes its time to flush and
/// these tests ask for that thousands of times.
fn place() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").unwrap_or_else(|_| tempfile::tempdir().unwrap())
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    fs::set_permissions(to, fs::metadata(from).unwrap().permissions()).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// Runs `change` on copies of the keystore in `from` (none if that is missing), stopped at each step,
/// until it comes through.
fn stop_everywhere(name: &str, from: &Path, change: &Change) {
    let place = place();
    let begin = |at: &str| {
        let dir = place.path().join(at);
        if from.exists() {
            copy(from, &dir);
        }
        dir
    };
    let dir = begin("whole");
    let before = state(&dir);
    change(&dir).unwrap();
    let after = state(&dir);
    for fault in [Fault::Crash, Fault::Full] {
        let mut steps = 0;
        let mut ends = std::collections::BTreeSet::new();
        loop {
            let dir = begin(&format!("{fault:?}-{steps}"));
            arm(&dir, fault, steps);
            let outcome = change(&dir);
            let struck = disarm(&dir);
            let found = state(&dir);
            let is_after = found == after;
            assert!(
                is_after || found == before,
                "{name}, {fault:?} at {steps}:\n{found}"
            );
            if outcome.is_ok() {
                assert!(is_after, "{name}, {fault:?} at {steps}: said to be done");
            } else if fault == Fault::Full {
                assert!(
                    matches!(outcome, Err(KeystoreError::Io { .. })),
                    "{outcome:?}"
                );
                let left = fs::read_dir(dir.join("tmp")).map_or(0, Iterator::count);
                assert_eq!(left, 0, "{name}, {fault:?} at {steps}: files are left");
            }
            ends.insert(is_after);
            // Whatever happened, it can be done now, unless it is done already.
            if !is_after {
                change(&dir).unwrap_or_else(|error| panic!("{name} again at {steps}: {error}"));
                assert_eq!(state(&dir), after, "{name} again at {steps}");
            }
            fs::remove_dir_all(&dir).unwrap();
            if !struck {
                break;
            }
            steps += 1;
        }
        assert!(steps > 0, "{name} takes no step");
        if before != after {
            assert!(
                ends.contains(&true) && ends.contains(&false),
                "{name}: {ends:?}"
            );
        }
    }
}

fn locked(change: impl Fn(&mut Writer<'_>) -> Result<(), KeystoreError> + 'static) -> Change {
    Box::new(move |dir| {
        let keystore = Keystore::open(dir)?;
        let mut writer = keystore.lock(LOCK_TIMEOUT)?;
        change(&mut writer)
    })
}

fn third_party(name: &str, serial: u32) -> NewCertificate {
    let made = Made::new(name).address(&format!("{name}@example.com"));
    new(&made.serial(serial).certificate(), Origin::Imported)
}

#[test]
fn every_change_stopped_at_every_step_ends_before_or_after() {
    let populated = populated();
    {
        let writer = writer(&populated.keystore);
        writer.add_third_party(&third_party("known", 20)).unwrap();
        writer.hold(&third_party("held", 21)).unwrap();
        writer
            .trust(&[Made::new("trusted").serial(22).certificate()])
            .unwrap();
        writer.repair(None).unwrap();
    }
    let dir = populated.keystore.dir().to_owned();
    let (known, held) = (third_party("known", 20), third_party("held", 21));
    let trusted = Made::new("trusted").serial(22).certificate();
    let identity = populated.identity.clone();
    let key = new_key();
    let owned = Made::new("second")
        .address("second@example.com")
        .serial(23)
        .key(&key);
    let mut owned = new(&owned.certificate(), Origin::Imported);
    owned.origin = Origin::Imported;
    let revoked = identity.clone();
    let held = held.certificate.fingerprint();
    let known = known.certificate.fingerprint();
    let removed = identity.fingerprint();
    let changes: Vec<(&str, Change)> = vec![
        (
            "import",
            locked(|writer| writer.add_third_party(&third_party("new", 30)).map(drop)),
        ),
        (
            "a new identity",
            locked(move |writer| {
                let ring = writer.keystore.key_ring()?;
                let name = writer.store_key(&key, &ring, &nobody)?;
                writer.add_identity(&owned, name).map(drop)
            }),
        ),
        (
            "approval",
            locked(move |writer| writer.approve(&held).map(drop)),
        ),
        (
            "removal",
            locked(move |writer| writer.remove(&known).map(drop)),
        ),
        (
            "removal of an identity",
            locked(move |writer| writer.remove(&removed).map(drop)),
        ),
        (
            "trust",
            locked(|writer| {
                writer
                    .trust(&[Made::new("more").serial(31).certificate()])
                    .map(drop)
            }),
        ),
        (
            "distrust",
            locked(move |writer| writer.distrust(&trusted.fingerprint()).map(drop)),
        ),
        (
            "revocation",
            locked(move |writer| {
                let reason = RevocationReason::KeyCompromise;
                writer.revoke(&revoked, reason, now()).map(drop)
            }),
        ),
        (
            "a setting",
            locked(|writer| writer.set(Setting::Rollover, "hold")),
        ),
        (
            "protection",
            locked(|writer| writer.set(Setting::Protection, "off")),
        ),
        (
            "a serial number",
            locked(|writer| writer.draw_serial().map(drop)),
        ),
        (
            "a CRL number",
            locked(|writer| writer.draw_crl_number().map(drop)),
        ),
        (
            "a policy",
            locked(|writer| writer.create_policy(b"# none\n")),
        ),
        (
            "a passphrase",
            Box::new(|dir| {
                let keystore = Keystore::open(dir)?;
                let ring = keystore.key_ring()?;
                let new = KeyProtection::Passphrase(PASSPHRASE);
                let writer = keystore.lock(LOCK_TIMEOUT)?;
                writer.replace_protection(&ring, &nobody, new).map(drop)
            }),
        ),
        ("reset", locked(|writer| writer.reset().map(drop))),
    ];
    for (name, change) in &changes {
        stop_everywhere(name, &dir, change);
    }
}

#[test]
fn restoring_stopped_at_every_step_ends_before_or_after() {
    let populated = populated();
    writer(&populated.keystore).repair(None).unwrap();
    let dir = populated.keystore.dir();
    let archive = writer(&populated.keystore).archive().unwrap();
    let restore: Change =
        Box::new(move |dir| Keystore::restore(dir, &archive, LOCK_TIMEOUT).map(drop));
    stop_everywhere("restoring into nothing", Path::new("missing"), &restore);
    writer(&populated.keystore).reset().unwrap();
    stop_everywhere("restoring after a reset", dir, &restore);
}

#[test]
fn creation_stopped_at_every_step_leaves_nothing_or_a_keystore() {
    let create: Change = Box::new(|dir| Keystore::create(dir, LOCK_TIMEOUT).map(drop));
    stop_everywhere("creation", Path::new("missing"), &create);
    let (_dir, empty) = keystore();
    let key = new_key();
    let certificate = Made::new("CA").key(&key).certificate();
    let authority = locked(move |writer| {
        let ring = writer.create_key_set(KeyProtection::FileModesOnly)?;
        let name = writer.store_key(&key, &ring, &nobody)?;
        writer.create_authority(&certificate, name, Origin::Imported, now(), None)
    });
    stop_everywhere("a CA", empty.dir(), &authority);
}

#[test]
fn a_repair_stopped_at_every_step_can_be_repeated() {
    let populated = populated();
    writer(&populated.keystore).repair(None).unwrap();
    let place = place();
    let broken = place.path().join("broken");
    copy(populated.keystore.dir(), &broken);
    let index = Keystore::open(&broken)
        .unwrap()
        .generation()
        .unwrap()
        .dir
        .join("index");
    fs::remove_dir_all(index).unwrap();
    for steps in 0.. {
        let dir = place.path().join("copy");
        copy(&broken, &dir);
        arm(&dir, Fault::Crash, steps);
        let repair = || {
            Keystore::open(&dir)?
                .lock(LOCK_TIMEOUT)?
                .repair(None)
                .map(drop)
        };
        let outcome = repair();
        let struck = disarm(&dir);
        assert!(struck || outcome.is_ok(), "{outcome:?}");
        repair().unwrap();
        assert_eq!(state(&dir), state(populated.keystore.dir()));
        fs::remove_dir_all(&dir).unwrap();
        if !struck {
            assert!(steps > 5);
            break;
        }
    }
}
