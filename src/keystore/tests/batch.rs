//! Many certificates at once, and what a lookup among many opens.

use std::collections::BTreeSet;
use std::fs;

use super::faults::{Fault, arm, disarm};
use super::*;

fn third_party(name: &str, serial: u32) -> NewCertificate {
    let made = Made::new(name).issuer("Partner CA").serial(serial);
    let made = made.address(&format!("{name}@example.com"));
    new(&made.certificate(), Origin::Imported)
}

/// Keystores with thousands of files, in memory where that is possible.
fn place() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").unwrap_or_else(|_| tempfile::tempdir().unwrap())
}

fn commit(keystore: &Keystore, all: &[NewCertificate]) -> Result<Vec<Outcome>, KeystoreError> {
    let writer = keystore.lock(LOCK_TIMEOUT)?;
    let mut batch = writer.batch();
    let outcomes = all.iter().map(|new| batch.add_third_party(new)).collect();
    batch.commit(|| ())?;
    outcomes
}

#[test]
fn what_is_gathered_is_stored_together() {
    let place = place();
    let keystore = Keystore::create(&place.path().join("smime"), LOCK_TIMEOUT).unwrap();
    // Two for each address, so that index entries have lines of several.
    let mut all: Vec<_> = (0..700)
        .map(|number| third_party(&format!("user{}", number / 2), 1000 + number))
        .collect();
    let writer = writer(&keystore);
    writer.add_third_party(&all[0]).unwrap();
    let mut batch = writer.batch();
    assert!(batch.is_empty());
    let mut add = |new: &NewCertificate| batch.add_third_party(new).unwrap();
    assert_eq!(add(&all[0]), Outcome::Known);
    for new in &all[1..] {
        assert_eq!(add(new), Outcome::Stored);
    }
    // A second time, and a second time with more to it.
    assert_eq!(add(&all[5]), Outcome::Known);
    all[6].addresses.push(address("other@example.com"));
    assert_eq!(add(&all[6]), Outcome::Raised);
    let authority = new(&Made::new("Partner CA").certificate(), Origin::Imported);
    assert_eq!(batch.add_intermediate(&authority).unwrap(), Outcome::Stored);
    assert_eq!(batch.add_intermediate(&authority).unwrap(), Outcome::Known);

    assert_eq!(batch.len(), 700);
    assert_eq!(keystore.certificates().unwrap().len(), 1);
    let mut written = 0;
    batch.commit(|| written += 1).unwrap();
    assert_eq!(written, 700);
    drop(writer);

    let keystore = reopen(&keystore);
    assert_eq!(keystore.certificates().unwrap().len(), 701);
    for number in 0..350 {
        assert_eq!(
            find(&keystore, &format!("user{number}@example.com")).len(),
            2
        );
    }
    let [other] = find(&keystore, "other@example.com").try_into().unwrap();
    assert_eq!(other.certificate, all[6].certificate);
    assert_eq!(keystore.check(None).unwrap().damages, []);
    let left = fs::read_dir(keystore.dir().join("tmp")).unwrap().count();
    assert_eq!(left, 0);
}

#[test]
fn wherever_it_is_stopped_each_certificate_is_there_whole_or_not_at_all() {
    let all: Vec<_> = (0..4)
        .map(|number| third_party(&format!("user{number}"), 1000 + number))
        .collect();
    let place = place();
    let mut counts = BTreeSet::new();
    for fault in [Fault::Crash, Fault::Full] {
        for left in 0.. {
            let dir = place.path().join(format!("{fault:?}-{left}"));
            let keystore = Keystore::create(&dir, LOCK_TIMEOUT).unwrap();
            arm(&dir, fault, left);
            let outcome = commit(&keystore, &all);
            let struck = disarm(&dir);
            let keystore = reopen(&keystore);
            let stored = keystore.certificates().unwrap();
            for one in &stored {
                assert_eq!(find(&keystore, one.addresses[0].as_str()).len(), 1);
            }
            assert!(stored.len() == all.len() || outcome.is_err());
            assert_eq!(
                keystore.check(None).unwrap().damages,
                [],
                "{fault:?} {left}"
            );
            counts.insert(stored.len());
            // What is missing can be added.
            commit(&keystore, &all).unwrap();
            assert_eq!(keystore.certificates().unwrap().len(), all.len());
            fs::remove_dir_all(&dir).unwrap();
            if !struck {
                break;
            }
        }
    }
    assert!(
        counts.contains(&0) && counts.contains(&all.len()),
        "{counts:?}"
    );
}

/// The files below a directory.
fn files(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => files(&path, found),
            false => found.push(path),
        }
    }
}

/// Whatever is read and is no file of the keystore is noted as damage. So everything that is another's
/// is spoiled, and every directory with it: what a lookup then finds nothing wrong with it has not
/// opened, however many there are.
#[test]
fn a_lookup_opens_nothing_of_others() {
    let place = place();
    let keystore = Keystore::create(&place.path().join("smime"), LOCK_TIMEOUT).unwrap();
    let all: Vec<_> = (0..300)
        .map(|number| third_party(&format!("user{number}"), 1000 + number))
        .collect();
    commit(&keystore, &all[..1]).unwrap();
    let mut own = Vec::new();
    files(keystore.dir(), &mut own);
    let own = BTreeSet::from_iter(own);
    commit(&keystore, &all).unwrap();
    let mut spoiled = Vec::new();
    files(keystore.dir(), &mut spoiled);
    spoiled.retain(|path| !own.contains(path));
    assert!(spoiled.len() >= 299 * 4, "{}", spoiled.len());
    for path in &spoiled {
        fs::write(path, "spoiled\n").unwrap();
        fs::write(path.with_file_name("stranger"), "").unwrap();
    }

    let looked = reopen(&keystore);
    let certificate = &all[0].certificate;
    assert_eq!(find(&looked, "user0@example.com").len(), 1);
    assert_eq!(find(&looked, "USER0@example.com").len(), 0);
    assert_eq!(find(&looked, "nobody@example.com").len(), 0);
    let serial = certificate.serial().as_bytes();
    let issuer = certificate.issuer().der();
    let found = looked.find_by_issuer_and_serial(issuer, serial).unwrap();
    assert_eq!(found.len(), 1);
    let fingerprint = certificate.fingerprint();
    assert!(looked.find_by_fingerprint(&fingerprint).unwrap().is_some());
    assert_eq!(looked.damages(), []);
    // The beginning of a fingerprint has to be looked for among the names of all; whose names they
    // are is not looked at.
    let selector = fingerprint.to_string()[..16].parse().unwrap();
    assert_eq!(looked.find_by_selector(&selector).unwrap().len(), 1);
    assert_eq!(looked.damages().len(), 1);
    // And to see that spoiled files are noticed where they are opened:
    assert_eq!(find(&looked, "user1@example.com").len(), 0);
    assert_eq!(looked.damages().len(), 2);
}
