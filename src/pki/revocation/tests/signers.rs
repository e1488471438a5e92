//! Who may sign a list.

use super::*;
use crate::reason::Reason;

#[test]
fn signatures_are_verified() {
    let list = ListDraft::of("Middle");
    assert_found(&World::with(vec![list.sign(3)]), "crl.signature-invalid");
    let mut der = list.sign_der(1);
    let at = der.len() - 90;
    der[at] ^= 1;
    if let Ok(spoiled) = CertificateList::decode(&der) {
        assert_found(&World::with(vec![spoiled]), "crl.signature-invalid");
    }
    let mut weak = list;
    weak.digest = Some(DigestAlgorithm::Sha1);
    let mut world = World::with(vec![weak.sign(1)]);
    assert_found(&world, "path.digest-weak");
    world.sha1 = WeakDigests::AcceptSha1;
    assert_good(&world);
}

#[test]
fn the_issuer_has_to_be_allowed_to_sign_lists() {
    let mut world = World::with(vec![ListDraft::of("Middle").sign(1)]);
    let cannot = middle().usages(KeyUsages::KeyCertSign);
    world.pool = vec![cannot.issued_by("Root", 0)];
    assert_found(&world, "crl.issuer-not-crl-signer");
    let expected = "0 warning crl.issuer-not-crl-signer".to_owned();
    assert_eq!(world.soft().outcome(), (expected, Check::NotChecked));
}

#[test]
fn another_key_of_the_ca_may_sign_its_lists() {
    let signer = Draft::ca("Middle", 3).serial(8).usages(KeyUsages::CRLSign);
    let world = || World::with(vec![ListDraft::of("Middle").sign(3)]);
    assert_good(&world().knowing(signer.issued_by("Root", 0)));
    // Without its certificate nobody knows the key.
    assert_found(&world(), "crl.signature-invalid");
    // It has to have a path, to the same anchor, and not to be revoked itself.
    let elsewhere = signer.issued_by("Elsewhere", 4);
    assert_found(&world().knowing(elsewhere), "crl.issuer-not-crl-signer");
    let expired = signer.clone().days(-9, -8).issued_by("Root", 0);
    assert_found(&world().knowing(expired), "crl.issuer-not-crl-signer");
    let mut revoked = world().knowing(signer.issued_by("Root", 0));
    revoked.lists[1] = ListDraft::of("Root").revoke(8, KEY_COMPROMISE).sign(0);
    assert_found(&revoked, "crl.issuer-not-crl-signer");
    assert!(revoked.report().findings[0].detail["problem"].contains("crl.revoked"));
}

#[test]
fn a_signer_may_be_on_its_own_list() {
    let signer = Draft::ca("Middle", 3).serial(8).usages(KeyUsages::CRLSign);
    let signer = signer.issued_by("Middle", 1);
    let list = ListDraft::of("Middle");
    assert_good(&World::with(vec![list.sign(3)]).knowing(signer.clone()));
    let revoked = list.revoke(8, KEY_COMPROMISE).sign(3);
    let world = World::with(vec![revoked]).knowing(signer);
    assert_found(&world, "crl.issuer-not-crl-signer");
}

#[test]
fn others_may_issue_lists_where_the_certificate_says_so() {
    let point = wrapped(2, &directory("Lists"));
    let leaf = leaf_at(&[&at("http://example.com/i.crl"), &point]);
    let signer = || {
        let draft = Draft::ca("Lists", 3).serial(8).usages(KeyUsages::CRLSign);
        draft.issued_by("Root", 0)
    };
    let indirect = primitive(4, &[0xff]);
    let named = |issuer: &str| {
        extension(
            oid::CERTIFICATE_ISSUER,
            true,
            &sequence(&[&directory(issuer)]),
        )
    };
    let list = ListDraft::of("Lists").scope(&[&indirect]);
    let world = |list: &ListDraft| World::of(leaf.clone(), vec![list.sign(3)]).knowing(signer());
    assert_good(&world(&list));
    assert_found(
        &world(&list.clone().entry(9, -2, &named("Middle"))),
        "crl.revoked",
    );
    // The issuer holds for the entries that follow; without one it is the list's own.
    let both = list
        .clone()
        .entry(3, -2, &named("Middle"))
        .entry(9, -2, &[]);
    assert_found(&world(&both), "crl.revoked");
    assert_good(&world(&list.clone().entry(9, -2, &[])));
    assert_good(&world(&list.clone().entry(9, -2, &named("Other"))));
    // It has to say that it is indirect, and to be signed by who is named.
    assert_found(&world(&ListDraft::of("Lists")), "crl.unavailable");
    let unknown = World::of(leaf.clone(), vec![list.sign(3)]);
    assert_found(&unknown, "crl.issuer-not-crl-signer");
    let forged = World::of(leaf.clone(), vec![list.sign(4)]).knowing(signer());
    assert_found(&forged, "crl.signature-invalid");
    // An ordinary list of somebody else is nobody's business.
    let stranger = World::with(vec![ListDraft::of("Lists").sign(3)]).knowing(signer());
    assert_found(&stranger, "crl.unavailable");
}

#[test]
fn signatures_of_lists_are_counted() {
    // Lists of the root that somebody else made stand before its own.
    let world = |wrong: usize| {
        let forged = |number: usize| {
            let later = ListDraft::of("Root").days(0, Some(1));
            later.number(u8::try_from(number).unwrap()).sign(3)
        };
        let mut lists: Vec<_> = (0..wrong).map(forged).collect();
        lists.push(ListDraft::of("Middle").sign(1));
        World::with(lists)
    };
    // That of the root and that of the CA are good.
    let most = crate::limits::CRL_SIGNATURES - 2;
    assert_good(&world(most));
    let report = world(most + 1).report();
    let [finding] = report.findings.as_slice() else {
        panic!("{:?}", report.findings)
    };
    assert_eq!(finding.reason, Reason::CrlUnavailable);
    assert_eq!(finding.detail["limit"], "signatures of CRLs checked");
}

#[test]
fn signers_whose_path_is_searched_are_counted() {
    let world = |wrong: usize| {
        let signer = |number: usize| {
            let draft = Draft::ca("Middle", 3).usages(KeyUsages::CRLSign);
            draft.serial(u8::try_from(20 + number).unwrap())
        };
        let mut world = World::with(vec![ListDraft::of("Middle").sign(3)]);
        for number in 0..wrong {
            world = world.knowing(signer(number).issued_by("Elsewhere", 4));
        }
        world.knowing(signer(wrong).issued_by("Root", 0))
    };
    let most = crate::limits::CRL_SIGNER_PATHS - 1;
    assert_good(&world(most));
    assert_found(&world(most + 1), "crl.issuer-not-crl-signer");
}

#[test]
fn signers_depend_on_one_another_so_deep() {
    // The list of each CA is signed by a key that another CA certified, whose list in turn is.
    let world = |depth: usize| {
        let authority = |level: usize| match level {
            0 => "Middle".to_owned(),
            level => format!("CA {level}"),
        };
        let mut world = World::with(Vec::new());
        for level in 0..depth {
            let (name, above) = (authority(level), authority(level + 1));
            let list = ListDraft::of(&name).sign(3);
            world.lists.push(list);
            let signer = Draft::ca(&name, 3).usages(KeyUsages::CRLSign).serial(20);
            world = match level + 1 == depth {
                true => world.knowing(signer.issued_by("Root", 0)),
                false => world
                    .knowing(signer.issued_by(&above, 4))
                    .knowing(Draft::ca(&above, 4).issued_by("Root", 0)),
            };
        }
        world
    };
    let most = crate::limits::CRL_SIGNER_DEPTH;
    assert_good(&world(most));
    assert_found(&world(most + 1), "crl.issuer-not-crl-signer");
}
