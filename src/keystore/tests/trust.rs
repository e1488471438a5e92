//! The trust list, and starting over.

use std::fs;

use super::*;
use crate::pki::{Issuers, Purpose};
use crate::reason::Reason;

#[test]
fn trusted_authorities_are_listed_and_removed() {
    let populated = populated();
    let keystore = &populated.keystore;
    let root = Made::new("Root").certificate();
    let rolled = Made::new("Root").serial(2).certificate();
    let both = [root.clone(), rolled.clone(), root.clone()];
    assert_eq!(writer(keystore).trust(&both).unwrap(), [true, true, false]);
    assert_eq!(
        writer(keystore).trust(&both).unwrap(),
        [false, false, false]
    );
    assert_eq!(reopen(keystore).find_by_name(root.issuer()).len(), 2);
    assert_eq!(reopen(keystore).trusted().unwrap().len(), 2);
    let removed = writer(keystore).distrust(&root.fingerprint()).unwrap();
    assert_eq!(removed, Some(root.clone()));
    assert_eq!(
        writer(keystore).distrust(&root.fingerprint()).unwrap(),
        None
    );
    assert_eq!(reopen(keystore).trusted().unwrap(), [rolled]);
}

#[test]
fn issuers_are_found_by_subject() {
    let populated = populated();
    let keystore = &populated.keystore;
    let root = Made::new("Root").certificate();
    let other = Made::new("Root").serial(2).certificate();
    let middle = Made::new("Middle").issuer("Root").certificate();
    writer(keystore).trust(std::slice::from_ref(&root)).unwrap();
    for intermediate in [&other, &middle] {
        writer(keystore)
            .add_intermediate(&new(intermediate, Origin::Imported))
            .unwrap();
    }
    let leaf = |issuer: &str| Made::new("leaf").issuer(issuer).certificate();
    let keystore = reopen(keystore);
    let found = keystore.find_by_name(leaf("CA").issuer());
    assert_eq!(found, std::slice::from_ref(&populated.authority));
    // Names compare without regard to case and white space.
    let mut roots = keystore.find_by_name(leaf(" ROOT").issuer());
    roots.sort_by_key(|certificate| certificate.serial().clone());
    assert_eq!(roots, [root.clone(), other.clone()]);
    assert_eq!(
        keystore.find_by_name(leaf("Middle").issuer()),
        std::slice::from_ref(&middle)
    );
    assert!(keystore.find_by_name(leaf("Unknown").issuer()).is_empty());
    assert!(keystore.is_anchor(&root) && keystore.is_anchor(&populated.authority));
    assert!(!keystore.is_anchor(&other) && !keystore.is_anchor(&middle));

    // On the list and stored as an intermediate as well: leaving one leaves the other.
    writer(&keystore)
        .trust(std::slice::from_ref(&middle))
        .unwrap();
    assert_eq!(keystore.find_by_name(leaf("Middle").issuer()).len(), 1);
    writer(&keystore).distrust(&middle.fingerprint()).unwrap();
    assert!(!keystore.is_anchor(&middle));
    assert_eq!(
        keystore.find_by_name(leaf("Middle").issuer()),
        std::slice::from_ref(&middle)
    );
    writer(&keystore)
        .trust(std::slice::from_ref(&middle))
        .unwrap();
    writer(&keystore).remove(&middle.fingerprint()).unwrap();
    assert_eq!(
        reopen(&keystore).find_by_name(leaf("Middle").issuer()),
        [middle]
    );
}

#[test]
fn issuers_are_found_without_reading_the_list() {
    let populated = populated();
    let keystore = &populated.keystore;
    let root = Made::new("Root").certificate();
    writer(keystore).trust(std::slice::from_ref(&root)).unwrap();
    let generation = keystore.generation().unwrap();
    for number in 0..300u32 {
        let name = crate::pki::Fingerprint::of(&number.to_be_bytes()).to_string();
        fs::write(generation.trusted(&name), "damaged").unwrap();
    }
    let keystore = reopen(keystore);
    assert_eq!(
        keystore.find_by_name(root.issuer()),
        std::slice::from_ref(&root)
    );
    assert!(keystore.is_anchor(&root));
    assert!(keystore.damages().is_empty());
    assert_eq!(keystore.trusted().unwrap().len(), 1);
    assert_eq!(keystore.damages().len(), 300);
}

#[test]
fn the_newest_usable_certificate_is_chosen() {
    let (_dir, keystore) = keystore();
    let partner = Made::new("partner").address("partner@example.org");
    let old = partner
        .clone()
        .serial(1)
        .dates("250101000000Z", "270101000000Z");
    let current = partner
        .clone()
        .serial(2)
        .dates("260601000000Z", "280101000000Z");
    let future = partner
        .clone()
        .serial(3)
        .dates("270101000000Z", "290101000000Z");
    let past = partner
        .clone()
        .serial(4)
        .dates("240101000000Z", "250101000000Z");
    for made in [&old, &current, &future, &past] {
        let new = new(&made.certificate(), Origin::Imported);
        writer(&keystore).add_third_party(&new).unwrap();
    }
    let held = partner.clone().serial(5).certificate();
    writer(&keystore)
        .hold(&new(&held, Origin::Extracted))
        .unwrap();
    let found = keystore
        .find_by_address(&address("partner@example.org"))
        .unwrap();
    let selection = select(found.certificates, Purpose::Encrypt, now());
    let usable: Vec<_> = selection
        .usable
        .iter()
        .map(|own| own.certificate.clone())
        .collect();
    assert_eq!(usable, [current.certificate(), old.certificate()]);
    assert_eq!(selection.best().unwrap().certificate, current.certificate());
    let mut reasons: Vec<Reason> = selection
        .passed_over
        .iter()
        .map(|other| other.findings[0].reason)
        .collect();
    reasons.sort();
    let mut expected = [
        Reason::CertNotYetValid,
        Reason::CertExpired,
        Reason::PinHeld,
    ];
    expected.sort();
    assert_eq!(reasons, expected);
}

#[test]
fn a_reset_keeps_policy_settings_and_serial_numbers() {
    let populated = populated();
    let keystore = reopen(&populated.keystore);
    let serial = writer(&keystore).draw_serial().unwrap();
    writer(&keystore).create_policy(b"# rules\n").unwrap();
    writer(&keystore).set(Setting::Rollover, "hold").unwrap();
    writer(&keystore).set(Setting::Protection, "off").unwrap();
    writer(&keystore)
        .trust(&[Made::new("Root").certificate()])
        .unwrap();
    let partner = Made::new("partner")
        .issuer("Root")
        .address("partner@example.org");
    let partner = new(&partner.certificate(), Origin::Extracted);
    writer(&keystore).add_third_party(&partner).unwrap();
    let old = keystore.generation().unwrap();

    let preview = reopen(&keystore).reset_preview().unwrap();
    assert_eq!(preview.count(Kind::Ca), 1);
    assert_eq!(preview.count(Kind::Identity), 1);
    assert_eq!(preview.count(Kind::ThirdParty), 1);
    assert_eq!(preview.trusted.len(), 1);
    assert_eq!(keystore.certificates().unwrap().len(), 3);

    let removed = writer(&keystore).reset().unwrap();
    assert_eq!(removed.certificates.len(), 3);
    assert!(!old.dir.exists());
    let keystore = reopen(&keystore);
    assert!(keystore.reset_preview().unwrap().is_empty());
    assert!(keystore.authority().unwrap().is_none());
    assert_eq!(keystore.protection().unwrap(), Switch::Off);
    assert!(matches!(
        keystore.key_ring(),
        Err(KeystoreError::AuthorityMissing)
    ));
    assert_eq!(keystore.policy().unwrap().unwrap(), b"# rules\n");
    let settings = keystore.settings().unwrap();
    assert_eq!(
        settings.profile.rollover,
        crate::policy::profile::Rollover::Hold
    );
    let recorded = keystore.root.serials().join(serial.to_string());
    assert!(recorded.exists());

    // Everything can be set up again, and then protection is on again.
    let key = new_key();
    let authority = Made::new("CA").serial(9).key(&key).certificate();
    let writer = writer(&keystore);
    let ring = writer.create_key_set(KeyProtection::FileModesOnly).unwrap();
    let name = writer.store_key(&key, &ring, &nobody).unwrap();
    writer
        .create_authority(&authority, name, Origin::Issued, now(), None)
        .unwrap();
    assert_eq!(keystore.protection().unwrap(), Switch::On);
}

#[test]
fn a_reset_that_died_before_its_commit_changed_nothing() {
    let populated = populated();
    let keystore = reopen(&populated.keystore);
    // What it would have written by then: a generation that is not named yet.
    let orphan = keystore.dir().join(format!("store-{:032x}", 5));
    fs::create_dir_all(orphan.join("certificates")).unwrap();
    fs::write(keystore.root.scratch().join("store"), "smime-keystore 1\n").unwrap();
    assert_eq!(reopen(&keystore).certificates().unwrap().len(), 2);
    // And after it: the old generation, half removed.
    let old = keystore.generation().unwrap();
    writer(&keystore).reset().unwrap();
    fs::create_dir_all(old.certificates()).unwrap();
    assert!(reopen(&keystore).certificates().unwrap().is_empty());
    writer(&keystore);
    assert!(!old.dir.exists());
}

#[test]
fn status_says_what_there_is() {
    let populated = populated();
    let keystore = &populated.keystore;
    let soon = Made::new("soon")
        .address("soon@example.org")
        .dates("260101000000Z", "261201000000Z");
    let past = Made::new("past")
        .address("past@example.org")
        .dates("250101000000Z", "260101000000Z");
    for made in [&soon, &past] {
        let partner = new(&made.certificate(), Origin::Imported);
        writer(keystore).add_third_party(&partner).unwrap();
    }
    let held = new(
        &Made::new("held").address("held@example.org").certificate(),
        Origin::Extracted,
    );
    writer(keystore).hold(&held).unwrap();
    let status = reopen(keystore).status(now(), 30).unwrap();
    assert_eq!(status.protection, Switch::On);
    assert_eq!(status.authority.unwrap().certificate, populated.authority);
    assert_eq!(status.keys_protected, Some(false));
    assert_eq!(
        (status.identities, status.third_parties, status.expired),
        (1, 2, 1)
    );
    assert_eq!(status.held.len(), 1);
    assert_eq!(status.expiring.len(), 1);
    assert_eq!(status.expiring[0].certificate, soon.certificate());
    assert!(!status.has_policy);
    assert!(status.damages.is_empty());
}

#[test]
fn a_damaged_authority_is_an_error_and_not_an_absence() {
    let populated = populated();
    let keystore = &populated.keystore;
    let generation = keystore.generation().unwrap();
    fs::write(generation.authority(), "certificate = 1").unwrap();
    assert!(matches!(
        keystore.authority(),
        Err(KeystoreError::Damaged { .. })
    ));
    assert_eq!(keystore.protection().unwrap(), Switch::On);
    assert_eq!(keystore.certificates().unwrap().len(), 1);
    assert_eq!(keystore.damages().len(), 1);
}
