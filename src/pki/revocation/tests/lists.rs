//! Lists: what they say about whom, and at which time.

use super::*;

#[test]
fn a_list_that_names_nobody_clears_everybody() {
    assert_good(&World::with(vec![ListDraft::of("Middle").sign(1)]));
    // Entries of other certificates, and of other issuers' with the same number.
    let others = ListDraft::of("Middle").revoke(8, KEY_COMPROMISE);
    assert_good(&World::with(vec![others.sign(1)]));
    let mut world = World::with(Vec::new());
    world.carried.push(ListDraft::of("Middle").sign(1));
    assert_good(&world);
}

#[test]
fn a_revoked_certificate_is_rejected_in_either_mode() {
    let list = ListDraft::of("Middle").revoke(9, KEY_COMPROMISE).sign(1);
    let world = World::with(vec![list.clone()]);
    assert_found(&world, "crl.revoked");
    assert_found(&world.soft(), "crl.revoked");
    let report = World::with(vec![list]).report();
    let detail = &report.findings[0].detail;
    assert_eq!(detail["revocation-reason"], "keyCompromise");
    assert_eq!(detail["revocation-date"], "2026-11-22T08:00:00Z");
    assert_eq!(detail["serial"], "09");
    assert_eq!(detail["crl-number"], "05");
}

#[test]
fn a_revoked_ca_is_rejected() {
    let mut world = World::with(vec![ListDraft::of("Middle").sign(1)]);
    world.lists = vec![ListDraft::of("Root").revoke(7, SUPERSEDED).sign(0)];
    let expected = ("1 reject crl.revoked".to_owned(), Check::Fail);
    assert_eq!(world.outcome(), expected);
}

#[test]
fn a_revoked_ca_leads_to_another_path() {
    let world = World::with(vec![ListDraft::of("Middle").sign(1)])
        .knowing(Draft::ca("Middle", 1).serial(8).issued_by("Root", 0));
    for revoked in [7, 8] {
        let mut world = World {
            lists: world.lists.clone(),
            pool: world.pool.clone(),
            ..World::with(Vec::new())
        };
        world.lists.pop();
        let list = ListDraft::of("Root").revoke(revoked, KEY_COMPROMISE);
        world.lists.push(list.sign(0));
        assert_good(&world);
        let serial = world.report().path[1].serial().to_string();
        assert_ne!(serial, format!("{revoked:02}"));
    }
}

#[test]
fn not_knowing_is_a_warning_or_a_rejection() {
    assert_found(&World::with(Vec::new()), "crl.unavailable");
    let soft = World::with(Vec::new()).soft();
    let expected = "0 warning crl.unavailable".to_owned();
    assert_eq!(soft.outcome(), (expected, Check::NotChecked));
    // Nothing about the CA either.
    let mut world = World::with(Vec::new());
    world.lists.clear();
    let (codes, _) = world.outcome();
    assert_eq!(codes, "1 reject crl.unavailable, 0 reject crl.unavailable");
}

#[test]
fn without_being_asked_nothing_is_checked() {
    let root = Draft::ca("Root", 0).self_signed(0);
    let report = validate_path(&PathRequest {
        certificate: &leaf().issued_by("Root", 0),
        issuers: &CertificatePool::new([root], []),
        extra: &[],
        time: time(),
        purpose: Purpose::Sign,
        sha1: WeakDigests::Reject,
        policies: PolicyInputs::default(),
        revocation: None,
    });
    assert!(report.trusted);
    assert_eq!(report.revocation_check, Check::NotChecked);
}

#[test]
fn lists_have_to_be_fresh_at_the_time() {
    let list = ListDraft::of("Middle").days(-5, Some(-2));
    assert_found(&World::with(vec![list.sign(1)]), "crl.stale");
    let endless = ListDraft::of("Middle").days(-5, None);
    assert_found(&World::with(vec![endless.sign(1)]), "crl.stale");
    let world = World::with(vec![list.sign(1)]);
    let expected = "0 warning crl.stale".to_owned();
    assert_eq!(world.soft().outcome(), (expected, Check::NotChecked));
    let mut then = World::with(vec![list.sign(1)]).on_day(-3);
    then.lists[1] = ListDraft::of("Root").days(-9, Some(9)).sign(0);
    assert_good(&then);
    // What a stale one says still holds.
    let revoked = list.clone().revoke(9, SUPERSEDED);
    assert_found(&World::with(vec![revoked.sign(1)]), "crl.revoked");
    // A fresh one counts beside a stale one.
    let fresh = ListDraft::of("Middle").number(6).sign(1);
    assert_good(&World::with(vec![list.sign(1), fresh]));
}

#[test]
fn of_two_lists_of_one_second_the_number_counts() {
    for (number, revoked) in [(4, false), (200, true)] {
        let other = ListDraft::of("Middle").number(number).revoke(9, SUPERSEDED);
        let lists = [ListDraft::of("Middle").sign(1), other.sign(1)];
        for order in [[0, 1], [1, 0]] {
            let world = World::with(order.map(|index| lists[index].clone()).to_vec());
            match revoked {
                true => assert_found(&world, "crl.revoked"),
                false => assert_good(&world),
            }
        }
    }
}

#[test]
fn later_lists_tell_what_was_the_case_before() {
    let on_day = |days, list: ListDraft| World::with(vec![list.sign(1)]).on_day(days);
    // Revoked two days ago.
    let superseded = ListDraft::of("Middle").revoke(9, SUPERSEDED);
    assert_found(&on_day(-2, superseded.clone()), "crl.revoked");
    assert_good(&on_day(-3, superseded));
    // Who holds the key can write any date.
    let compromised = ListDraft::of("Middle").revoke(9, KEY_COMPROMISE);
    assert_found(&on_day(-3, compromised), "crl.revoked");
    let date = element(Tag::GENERALIZED_TIME, b"20261117000000Z");
    let invalid = extension(oid::INVALIDITY_DATE, false, &date);
    let suspected = ListDraft::of("Middle").entry(9, -2, &invalid);
    assert_found(&on_day(-3, suspected.clone()), "crl.revoked");
    assert_good(&on_day(-8, suspected));
    // After its expiry a certificate may have been left out.
    let late = ListDraft::of("Middle").days(11, Some(12));
    assert_found(&on_day(-3, late), "crl.stale");
}
