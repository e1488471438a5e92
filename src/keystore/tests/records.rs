//! Storing, finding, approving and removing certificates.

use std::fs;

use super::*;
use crate::pki::Fingerprint;

fn add(keystore: &Keystore, certificate: &Certificate, origin: Origin) -> Outcome {
    writer(keystore)
        .add_third_party(&new(certificate, origin))
        .unwrap()
}

fn correspondent(serial: u32) -> Certificate {
    Made::new("partner")
        .issuer("Partner CA")
        .address("partner@example.org")
        .serial(serial)
        .certificate()
}

#[test]
fn what_is_stored_is_found_in_every_way() {
    let (_dir, keystore) = keystore();
    let certificate = correspondent(0x0102);
    assert_eq!(
        add(&keystore, &certificate, Origin::Imported),
        Outcome::Stored
    );
    add(&keystore, &correspondent(3), Origin::Extracted);
    let keystore = reopen(&keystore);
    let found = find(&keystore, "partner@EXAMPLE.org");
    assert_eq!(found.len(), 2);
    let by_serial = keystore
        .find_by_issuer_and_serial(certificate.issuer().der(), certificate.serial().as_bytes())
        .unwrap();
    assert_eq!(by_serial.len(), 1);
    let stored = &by_serial[0];
    assert_eq!(stored.certificate, certificate);
    assert_eq!(
        (stored.kind, stored.origin),
        (Kind::ThirdParty, Origin::Imported)
    );
    assert!(stored.pinned);
    assert_eq!(stored.added, now());
    assert_eq!(stored.addresses, [address("partner@example.org")]);
    let digits = certificate.fingerprint().to_string();
    for length in [8, 20, 64] {
        let selector = digits[..length].parse().unwrap();
        assert_eq!(keystore.find_by_selector(&selector).unwrap().len(), 1);
    }
    let identifier = crate::crypto::key::PublicKey::decode(certificate.spki_der()).unwrap();
    let identifier = identifier.key_identifier();
    assert_eq!(
        keystore.find_by_key_identifier(&identifier).unwrap().len(),
        2
    );
    assert!(
        keystore
            .find_by_key_identifier(&[0; 20])
            .unwrap()
            .is_empty()
    );
    let other = name("Other CA");
    let serial = certificate.serial().as_bytes();
    assert!(
        keystore
            .find_by_issuer_and_serial(&other, serial)
            .unwrap()
            .is_empty()
    );
    assert_eq!(keystore.certificates().unwrap().len(), 2);
    assert!(keystore.damages().is_empty());
}

#[test]
fn addresses_that_differ_in_case_are_hinted_at() {
    let (_dir, keystore) = keystore();
    add(&keystore, &correspondent(1), Origin::Imported);
    let found = keystore
        .find_by_address(&address("Partner@example.org"))
        .unwrap();
    assert!(found.certificates.is_empty());
    assert_eq!(found.near, [address("partner@example.org")]);
    let nobody = keystore
        .find_by_address(&address("nobody@example.org"))
        .unwrap();
    assert!(nobody.near.is_empty());
}

#[test]
fn a_certificate_rises_and_never_falls() {
    let (_dir, keystore) = keystore();
    let certificate = correspondent(1);
    let held = writer(&keystore)
        .hold(&new(&certificate, Origin::Extracted))
        .unwrap();
    assert_eq!(held, Outcome::Stored);
    let kind = |keystore: &Keystore| {
        let stored = keystore
            .find_by_fingerprint(&certificate.fingerprint())
            .unwrap()
            .unwrap();
        (stored.kind, stored.origin, stored.pinned)
    };
    assert_eq!(kind(&keystore), (Kind::Held, Origin::Extracted, false));
    assert_eq!(
        add(&keystore, &certificate, Origin::Extracted),
        Outcome::Raised
    );
    assert_eq!(
        kind(&keystore),
        (Kind::ThirdParty, Origin::Extracted, false)
    );
    assert_eq!(
        add(&keystore, &certificate, Origin::Extracted),
        Outcome::Known
    );
    assert_eq!(
        add(&keystore, &certificate, Origin::Imported),
        Outcome::Raised
    );
    assert_eq!(kind(&keystore), (Kind::ThirdParty, Origin::Imported, true));
    assert_eq!(
        add(&keystore, &certificate, Origin::Extracted),
        Outcome::Known
    );
    let held = writer(&keystore)
        .hold(&new(&certificate, Origin::Extracted))
        .unwrap();
    assert_eq!(held, Outcome::Known);
    assert_eq!(
        kind(&reopen(&keystore)),
        (Kind::ThirdParty, Origin::Imported, true)
    );
}

#[test]
fn approval_pins_and_keeps_the_provenance() {
    let (_dir, keystore) = keystore();
    let mut held = new(&correspondent(1), Origin::Extracted);
    held.provenance = Some(Provenance {
        message_id: Some("1@example.org".to_owned()),
        date: Some(now()),
        verdict: "pin.held".to_owned(),
    });
    held.capabilities = Some(vec![0x30, 0x00]);
    writer(&keystore).hold(&held).unwrap();
    let fingerprint = held.certificate.fingerprint();
    assert!(writer(&keystore).approve(&fingerprint).unwrap().is_some());
    assert!(writer(&keystore).approve(&fingerprint).unwrap().is_none());
    let stored = find(&reopen(&keystore), "partner@example.org").remove(0);
    assert_eq!((stored.kind, stored.pinned), (Kind::ThirdParty, true));
    assert_eq!(stored.origin, Origin::Extracted);
    assert_eq!(stored.provenance, held.provenance);
    assert_eq!(stored.capabilities, held.capabilities);
}

#[test]
fn the_capabilities_announced_last_count() {
    let (_dir, keystore) = keystore();
    let mut extracted = new(&correspondent(1), Origin::Extracted);
    for octet in [1, 2] {
        extracted.capabilities = Some(vec![octet]);
        writer(&keystore).add_third_party(&extracted).unwrap();
    }
    extracted.capabilities = None;
    writer(&keystore).add_third_party(&extracted).unwrap();
    let stored = find(&keystore, "partner@example.org").remove(0);
    assert_eq!(stored.capabilities, Some(vec![2]));
}

#[test]
fn a_removed_certificate_leaves_nothing() {
    let (_dir, keystore) = keystore();
    let (one, other) = (correspondent(1), correspondent(2));
    add(&keystore, &one, Origin::Imported);
    add(&keystore, &other, Origin::Imported);
    let removed = writer(&keystore)
        .remove(&one.fingerprint())
        .unwrap()
        .unwrap();
    assert_eq!(removed.certificate, one);
    assert!(
        writer(&keystore)
            .remove(&one.fingerprint())
            .unwrap()
            .is_none()
    );
    let found = find(&reopen(&keystore), "partner@example.org");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].certificate, other);
    writer(&keystore).remove(&other.fingerprint()).unwrap();
    let generation = keystore.generation().unwrap();
    let mut dirs: Vec<PathBuf> = layout::Index::ALL
        .map(|index| generation.index(index))
        .into();
    dirs.push(generation.certificates());
    for dir in dirs {
        assert_eq!(fs::read_dir(&dir).unwrap().count(), 0, "{dir:?}");
    }
}

#[test]
fn the_authority_cannot_be_removed_or_stored_again() {
    let populated = populated();
    let keystore = reopen(&populated.keystore);
    let authority = keystore.require_authority().unwrap();
    assert_eq!(authority.certificate, populated.authority);
    let fingerprint = populated.authority.fingerprint();
    assert!(writer(&keystore).remove(&fingerprint).unwrap().is_none());
    let again = new(&populated.authority, Origin::Imported);
    assert_eq!(
        writer(&keystore).add_intermediate(&again).unwrap(),
        Outcome::Known
    );
    assert_eq!(
        writer(&keystore).add_third_party(&again).unwrap(),
        Outcome::Known
    );
    let second = writer(&keystore).create_authority(
        &populated.authority,
        populated.key,
        Origin::Imported,
        now(),
        None,
    );
    assert!(matches!(second, Err(KeystoreError::Exists { .. })));
    let list = keystore.certificates().unwrap();
    assert_eq!(list.len(), 2);
    assert_eq!(list[0].kind, Kind::Ca);
    let selector = fingerprint.to_string()[..10].parse().unwrap();
    assert_eq!(keystore.find_by_selector(&selector).unwrap().len(), 1);
}

#[test]
fn an_identity_is_not_made_a_correspondent() {
    let populated = populated();
    let keystore = &populated.keystore;
    let certificate = &populated.identity;
    assert_eq!(add(keystore, certificate, Origin::Imported), Outcome::Known);
    assert_eq!(find(keystore, "user@example.com")[0].kind, Kind::Identity);
}

#[test]
fn a_correspondent_whose_key_arrives_becomes_an_identity() {
    let populated = populated();
    let keystore = &populated.keystore;
    let key = new_key();
    let made = Made::new("late")
        .issuer("Other CA")
        .address("late@example.com")
        .key(&key);
    let certificate = made.certificate();
    add(keystore, &certificate, Origin::Extracted);
    let writer = writer(keystore);
    let ring = keystore.key_ring().unwrap();
    let name = writer.store_key(&key, &ring, &nobody).unwrap();
    let mut identity = new(&certificate, Origin::Imported);
    assert_eq!(
        writer.add_identity(&identity, name).unwrap(),
        Outcome::Raised
    );
    assert_eq!(
        writer.add_identity(&identity, name).unwrap(),
        Outcome::Known
    );
    identity.addresses.push(address("more@example.com"));
    assert_eq!(
        writer.add_identity(&identity, name).unwrap(),
        Outcome::Raised
    );
    let stored = find(&reopen(keystore), "more@example.com").remove(0);
    assert_eq!(
        (stored.kind, stored.origin),
        (Kind::Identity, Origin::Imported)
    );
}

#[test]
fn a_change_that_died_before_its_commit_is_not_seen() {
    let (_dir, keystore) = keystore();
    let certificate = correspondent(1);
    add(&keystore, &certificate, Origin::Imported);
    let generation = keystore.generation().unwrap();
    // Without its record, everything else that was written is an orphan.
    let record = generation.record(&certificate.fingerprint().to_string());
    fs::remove_file(&record).unwrap();
    let keystore = reopen(&keystore);
    assert!(find(&keystore, "partner@example.org").is_empty());
    assert!(keystore.certificates().unwrap().is_empty());
    assert!(keystore.damages().is_empty());
    assert_eq!(
        add(&keystore, &certificate, Origin::Imported),
        Outcome::Stored
    );
    assert_eq!(find(&keystore, "partner@example.org").len(), 1);
}

#[test]
fn damage_costs_nothing_but_itself() {
    let (_dir, keystore) = keystore();
    let certificates: Vec<Certificate> = (1..=6).map(correspondent).collect();
    for certificate in &certificates {
        add(&keystore, certificate, Origin::Imported);
    }
    let generation = keystore.generation().unwrap();
    let name = |at: usize| certificates[at].fingerprint().to_string();
    fs::write(generation.record(&name(0)), "kind = ").unwrap();
    fs::write(generation.certificate(&name(1)), "no certificate").unwrap();
    fs::copy(
        generation.certificate(&name(5)),
        generation.certificate(&name(2)),
    )
    .unwrap();
    fs::remove_file(generation.certificate(&name(3))).unwrap();
    fs::write(generation.record(&name(4)), b"\xff\xfe").unwrap();
    fs::write(generation.certificates().join("notes.txt"), "x").unwrap();
    let keystore = reopen(&keystore);
    let found = find(&keystore, "partner@example.org");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].certificate, certificates[5]);
    assert_eq!(keystore.damages().len(), 5);
    assert_eq!(keystore.certificates().unwrap().len(), 1);
    let damages = keystore.damages();
    assert_eq!(damages.len(), 6);
    assert!(
        damages
            .iter()
            .any(|damage| damage.file.ends_with("notes.txt"))
    );
    // A damaged record can be replaced.
    assert_eq!(
        add(&keystore, &certificates[0], Origin::Imported),
        Outcome::Stored
    );
    assert_eq!(find(&keystore, "partner@example.org").len(), 2);
}

#[test]
fn a_search_for_an_address_looks_at_nothing_else() {
    let (_dir, keystore) = keystore();
    let certificate = correspondent(1);
    add(&keystore, &certificate, Origin::Imported);
    // Every record that is read would be noted as damaged.
    let generation = keystore.generation().unwrap();
    for number in 0..10_000 {
        let fingerprint = Fingerprint::of(&u32::to_be_bytes(number)).to_string();
        fs::write(generation.record(&fingerprint), "damaged").unwrap();
    }
    let keystore = reopen(&keystore);
    assert_eq!(find(&keystore, "partner@example.org").len(), 1);
    let serial = certificate.serial().as_bytes();
    let found = keystore
        .find_by_issuer_and_serial(certificate.issuer().der(), serial)
        .unwrap();
    assert_eq!(found.len(), 1);
    assert!(find(&keystore, "nobody@example.org").is_empty());
    assert!(keystore.damages().is_empty());
    keystore.certificates().unwrap();
    assert_eq!(keystore.damages().len(), 10_000);
}

#[test]
fn writers_at_once_lose_nothing() {
    let (_dir, keystore) = keystore();
    let threads = 4;
    std::thread::scope(|scope| {
        for thread in 0..threads {
            let keystore = reopen(&keystore);
            scope.spawn(move || {
                for number in 0..5 {
                    add(
                        &keystore,
                        &correspondent(100 * thread + number),
                        Origin::Imported,
                    );
                }
            });
        }
        let reader = reopen(&keystore);
        scope.spawn(move || {
            for _ in 0..50 {
                find(&reader, "partner@example.org");
                reader.certificates().unwrap();
            }
            assert!(reader.damages().is_empty(), "{:?}", reader.damages());
        });
    });
    // One index entry has them all, so no writer overwrote another's line.
    assert_eq!(find(&keystore, "partner@example.org").len(), 20);
}
