//! Parts of what a CA revoked: distribution points, kinds, reasons, deltas.

use super::*;

#[test]
fn lists_are_about_the_point_that_they_name() {
    let here = leaf_at(&[&at("http://example.com/1.crl")]);
    let one = ListDraft::of("Middle").scope(&[&at("http://example.com/1.crl")]);
    let two = ListDraft::of("Middle").scope(&[&at("http://example.com/2.crl")]);
    assert_good(&World::of(here.clone(), vec![one.sign(1)]));
    let world = World::of(here.clone(), vec![two.sign(1)]);
    assert_found(&world, "crl.unavailable");
    let detail = &world.report().findings[0].detail;
    assert_eq!(detail["distribution-points"], "http://example.com/1.crl");
    let revoked = one.revoke(9, SUPERSEDED).sign(1);
    assert_found(&World::of(here.clone(), vec![revoked]), "crl.revoked");
    // One without a scope is about all.
    assert_good(&World::of(here, vec![ListDraft::of("Middle").sign(1)]));
    // A relative name follows the issuer's.
    let part = name("Part").der()[2..].to_vec();
    let part = &part[2..];
    let relative = wrapped(0, &wrapped(1, part));
    let whole = name("Middle").with_part(part).unwrap();
    let full = wrapped(0, &wrapped(0, &wrapped(4, whole.der())));
    for (point, scope) in [
        (&relative, &relative),
        (&relative, &full),
        (&full, &relative),
    ] {
        let list = ListDraft::of("Middle").scope(&[scope]).sign(1);
        assert_good(&World::of(leaf_at(&[point]), vec![list]));
    }
}

#[test]
fn lists_are_about_the_kind_that_they_name() {
    let only = |number: u8| {
        let list = ListDraft::of("Middle").scope(&[&primitive(number, &[0xff])]);
        World::with(vec![list.sign(1)])
    };
    assert_good(&only(1));
    assert_found(&only(2), "crl.unavailable");
    assert_found(&only(5), "crl.unavailable");
    let mut world = World::with(vec![ListDraft::of("Middle").sign(1)]);
    world.lists[1] = ListDraft::of("Root")
        .scope(&[&primitive(1, &[0xff])])
        .sign(0);
    assert_eq!(world.outcome().0, "1 reject crl.unavailable");
    world.lists[1] = ListDraft::of("Root")
        .scope(&[&primitive(2, &[0xff])])
        .sign(0);
    assert_good(&world);
}

#[test]
fn every_reason_has_to_be_covered() {
    // keyCompromise and cACompromise; the others.
    let some = ListDraft::of("Middle").scope(&[&primitive(3, &[5, 0x60])]);
    let others = ListDraft::of("Middle").scope(&[&primitive(3, &[7, 0x1f, 0x80])]);
    let world = World::with(vec![some.sign(1)]);
    assert_found(&world, "crl.unavailable");
    let summary = world.report().findings[0].summary().to_owned();
    assert_eq!(
        summary,
        "the CRLs at hand do not cover every reason for revocation"
    );
    assert_good(&World::with(vec![some.sign(1), others.sign(1)]));
    let revoked = others.revoke(9, SUPERSEDED).sign(1);
    assert_found(&World::with(vec![some.sign(1), revoked]), "crl.revoked");
}

#[test]
fn deltas_add_to_complete_lists() {
    let base = ListDraft::of("Middle").number(5);
    let delta = ListDraft::of("Middle").number(6).delta_to(5);
    let both = |base: &ListDraft, delta: &ListDraft| World::with(vec![base.sign(1), delta.sign(1)]);
    assert_good(&both(&base, &delta));
    let revoked = delta.clone().revoke(9, KEY_COMPROMISE);
    assert_found(&both(&base, &revoked), "crl.revoked");
    // A delta alone is no list.
    assert_found(&World::with(vec![delta.sign(1)]), "crl.unavailable");
    // A hold that was ended.
    let held = base.clone().revoke(9, HOLD);
    assert_found(&both(&held, &delta), "crl.revoked");
    let ended = delta.clone().revoke(9, REMOVE);
    assert_good(&both(&held, &ended));
    // One that was made for a later base, of another scope, by another key, or is out of date, adds
    // nothing.
    let later = ListDraft::of("Middle").number(8).delta_to(7);
    let scoped = ended.clone().scope(&[&primitive(1, &[0xff])]);
    let stale = ended.clone().days(-3, Some(-2));
    for useless in [later.revoke(9, REMOVE), scoped, stale] {
        assert_found(&both(&held, &useless), "crl.revoked");
    }
    let forged = World::with(vec![held.sign(1), ended.sign(3)]);
    assert_found(&forged, "crl.revoked");
    // A fresh one makes up for a base that is out of date.
    let old = base.days(-5, Some(-2));
    assert_found(&World::with(vec![old.sign(1)]), "crl.stale");
    assert_good(&both(&old, &delta));
}

#[test]
fn what_is_critical_has_to_be_understood() {
    let unknown = ObjectIdentifier::new_unwrap("1.2.3.4");
    let list = ListDraft::of("Middle");
    let world = World::with(vec![list.clone().with(unknown, &[5, 0]).sign(1)]);
    assert_found(&world, "crl.unavailable");
    let strange = extension(unknown, true, &[5, 0]);
    let other = list.clone().entry(8, -2, &strange);
    assert_found(&World::with(vec![other.sign(1)]), "crl.unavailable");
    // Whoever is on it is revoked all the same.
    let own = list.clone().entry(9, -2, &strange);
    assert_found(&World::with(vec![own.sign(1)]), "crl.revoked");
    let malformed = list.with(oid::ISSUING_DISTRIBUTION_POINT, &[5, 0]);
    assert_found(&World::with(vec![malformed.sign(1)]), "crl.unavailable");
}
