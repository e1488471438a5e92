use super::*;
use crate::asn1::oid;
use crate::asn1::tag::Tag;
use crate::asn1::write::{DerWriter, element};
use crate::crypto::digest::{DigestAlgorithm, WeakDigests};
use crate::crypto::key::Signed;
use crate::pki::test_pki::{Draft, key_number, name, time};
use crate::pki::{CertificatePool, KeyUsages, PathReport, PolicyInputs, Purpose, validate_path};
use const_oid::ObjectIdentifier;
use der::Encode;

const REMOVE: u8 = 8;
const HOLD: u8 = 6;
const KEY_COMPROMISE: u8 = 1;
const SUPERSEDED: u8 = 4;

/// A CRL in the making: complete, issued a day ago, due in a day.
#[derive(Clone)]
struct ListDraft {
    issuer: Name,
    days: (i64, Option<i64>),
    number: u8,
    entries: Vec<Vec<u8>>,
    extensions: Vec<Vec<u8>>,
    digest: Option<DigestAlgorithm>,
}

fn extension(id: ObjectIdentifier, critical: bool, value: &[u8]) -> Vec<u8> {
    let mut out = DerWriter::new();
    out.sequence(|out| {
        out.oid(&id);
        if critical {
            out.element(Tag::BOOLEAN, &[0xff]);
        }
        out.octet_string(value);
    });
    out.into_vec()
}

fn wrapped(number: u8, content: &[u8]) -> Vec<u8> {
    element(Tag::context(number.into()).as_constructed(), content)
}

fn primitive(number: u8, content: &[u8]) -> Vec<u8> {
    element(Tag::context(number.into()).as_primitive(), content)
}

/// A distribution point name: one URI.
fn at(uri: &str) -> Vec<u8> {
    wrapped(0, &wrapped(0, &primitive(6, uri.as_bytes())))
}

/// GeneralNames without their tag: one directory name.
fn directory(common_name: &str) -> Vec<u8> {
    wrapped(4, name(common_name).der())
}

fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    element(Tag::SEQUENCE, &parts.concat())
}

impl ListDraft {
    fn of(issuer: &str) -> ListDraft {
        ListDraft {
            issuer: name(issuer),
            days: (-1, Some(1)),
            number: 5,
            entries: Vec::new(),
            extensions: Vec::new(),
            digest: None,
        }
    }

    fn days(mut self, this_update: i64, next_update: Option<i64>) -> ListDraft {
        self.days = (this_update, next_update);
        self
    }

    fn number(mut self, number: u8) -> ListDraft {
        self.number = number;
        self
    }

    fn revoke(self, serial: u8, reason: u8) -> ListDraft {
        let reason = extension(oid::CRL_REASON, false, &[0x0a, 1, reason]);
        self.entry(serial, -2, &reason)
    }

    fn entry(mut self, serial: u8, days: i64, extensions: &[u8]) -> ListDraft {
        let mut out = DerWriter::new();
        out.sequence(|out| {
            out.integer(serial);
            out.raw(&crate::pki::validity::encode(time().plus_days(days)));
            if !extensions.is_empty() {
                out.element(Tag::SEQUENCE, extensions);
            }
        });
        self.entries.push(out.into_vec());
        self
    }

    fn with(mut self, id: ObjectIdentifier, value: &[u8]) -> ListDraft {
        self.extensions.push(extension(id, true, value));
        self
    }

    fn scope(self, parts: &[&[u8]]) -> ListDraft {
        self.with(oid::ISSUING_DISTRIBUTION_POINT, &sequence(parts))
    }

    fn delta_to(self, base: u8) -> ListDraft {
        self.with(oid::DELTA_CRL_INDICATOR, &[2, 1, base])
    }

    fn sign_der(&self, key: usize) -> Vec<u8> {
        let key = key_number(key);
        let algorithm = key.signature_algorithm(self.digest);
        let identifier = algorithm.algorithm_identifier().unwrap().to_der().unwrap();
        let mut tbs = DerWriter::new();
        tbs.sequence(|tbs| {
            tbs.integer(1).raw(&identifier).raw(self.issuer.der());
            let date = |days: i64| crate::pki::validity::encode(time().plus_days(days));
            tbs.raw(&date(self.days.0));
            if let Some(next) = self.days.1 {
                tbs.raw(&date(next));
            }
            if !self.entries.is_empty() {
                tbs.element(Tag::SEQUENCE, &self.entries.concat());
            }
            let number = extension(oid::CRL_NUMBER, false, &[2, 1, self.number]);
            let extensions = [number, self.extensions.concat()].concat();
            tbs.raw(&wrapped(0, &sequence(&[&extensions])));
        });
        let tbs = tbs.into_vec();
        let signature = key.sign(&algorithm, Signed::Message(&tbs)).unwrap();
        let mut list = DerWriter::new();
        list.sequence(|list| {
            list.raw(&tbs).raw(&identifier).bit_string(&signature);
        });
        list.into_vec()
    }

    fn sign(&self, key: usize) -> CertificateList {
        CertificateList::decode(&self.sign_der(key)).unwrap()
    }
}

/// Root (key 0) above Middle (key 1, number 7) above an end entity (key 2, number 9).
struct World {
    leaf: Certificate,
    pool: Vec<Certificate>,
    lists: Vec<CertificateList>,
    carried: Vec<CertificateList>,
    strictness: Strictness,
    days: i64,
    sha1: WeakDigests,
}

fn leaf() -> Draft {
    Draft::leaf("user", 2).serial(9)
}

fn middle() -> Draft {
    Draft::ca("Middle", 1).serial(7)
}

impl World {
    /// The root's CRL is there and lists nobody.
    fn with(lists: Vec<CertificateList>) -> World {
        World::of(leaf().issued_by("Middle", 1), lists)
    }

    fn of(leaf: Certificate, mut lists: Vec<CertificateList>) -> World {
        lists.push(ListDraft::of("Root").sign(0));
        World {
            leaf,
            pool: vec![middle().issued_by("Root", 0)],
            lists,
            carried: Vec::new(),
            strictness: Strictness::Hard,
            days: 0,
            sha1: WeakDigests::Reject,
        }
    }

    fn knowing(mut self, certificate: Certificate) -> World {
        self.pool.push(certificate);
        self
    }

    fn soft(mut self) -> World {
        self.strictness = Strictness::Soft;
        self
    }

    fn on_day(mut self, days: i64) -> World {
        self.days = days;
        self
    }

    fn report(&self) -> PathReport {
        let root = Draft::ca("Root", 0).self_signed(0);
        validate_path(&PathRequest {
            certificate: &self.leaf,
            issuers: &CertificatePool::new([root], self.pool.clone()),
            extra: &[],
            time: time().plus_days(self.days),
            purpose: Purpose::Sign,
            sha1: self.sha1,
            policies: PolicyInputs::default(),
            revocation: Some(Revocation {
                strictness: self.strictness,
                source: &ListPool::new(self.lists.clone()),
                carried: &self.carried,
            }),
        })
    }

    /// What was found, as `depth code`, and the check.
    fn outcome(&self) -> (String, Check) {
        let report = self.report();
        let codes = report.findings.iter().map(|finding| {
            let depth = finding.place.certificate.unwrap();
            format!("{depth} {} {}", finding.severity, finding.reason)
        });
        let codes: Vec<String> = codes.collect();
        assert_eq!(report.trusted, !codes.join(" ").contains("reject"));
        (codes.join(", "), report.revocation_check)
    }
}

fn assert_good(world: &World) {
    assert_eq!(world.outcome(), (String::new(), Check::Pass));
}

fn assert_found(world: &World, code: &str) {
    assert_eq!(world.outcome(), (format!("0 reject {code}"), Check::Fail));
}

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

/// A certificate with one distribution point.
fn leaf_at(point: &[&[u8]]) -> Certificate {
    let points = sequence(&[&sequence(point)]);
    let draft = leaf().with(oid::CRL_DISTRIBUTION_POINTS, false, &points);
    draft.issued_by("Middle", 1)
}

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

#[test]
fn a_flood_of_lists_ends_in_a_finding() {
    let mut world = World::with(Vec::new());
    let forged = |number| ListDraft::of("Middle").number(number).sign(3);
    world.carried = (0..100).map(forged).collect();
    let report = world.report();
    assert_eq!(report.revocation_check, Check::Fail);
    // One that is newer is looked at first.
    let list = ListDraft::of("Middle").days(0, Some(1)).sign(1);
    world.carried.push(list);
    assert_good(&world);
}

struct Records(RevocationRecord);

impl RevocationSource for Records {
    fn find_lists(&self, _: &Name) -> Vec<CertificateList> {
        Vec::new()
    }

    fn find_record(&self, _: &Certificate, issuer: &Certificate) -> Option<RevocationRecord> {
        (*issuer.subject() == name("Root")).then_some(self.0)
    }
}

#[test]
fn records_of_the_ca_take_the_place_of_lists() {
    let root = Draft::ca("Root", 0).self_signed(0);
    let leaf = leaf().issued_by("Root", 0);
    let judge = |record, days| {
        validate_path(&PathRequest {
            certificate: &leaf,
            issuers: &CertificatePool::new([root.clone()], []),
            extra: &[],
            time: time().plus_days(days),
            purpose: Purpose::Sign,
            sha1: WeakDigests::Reject,
            policies: PolicyInputs::default(),
            revocation: Some(Revocation {
                strictness: Strictness::Hard,
                source: &Records(record),
                carried: &[],
            }),
        })
    };
    assert_eq!(
        judge(RevocationRecord::Good, 0).revocation_check,
        Check::Pass
    );
    let revoked = RevocationRecord::Revoked(RevokedCertificate {
        date: time(),
        reason: crate::pki::RevocationReason::Superseded,
        invalidity_date: None,
    });
    let report = judge(revoked, 0);
    assert_eq!(report.findings[0].reason.code(), "crl.revoked");
    assert!(judge(revoked, -1).trusted);
}

/// What is looked up in a list of a hundred thousand is found without unpacking it.
#[test]
fn long_lists_are_looked_through_where_they_are() {
    let mut out = DerWriter::new();
    for number in 1..100_000u32 {
        out.sequence(|entry| {
            entry.unsigned(&number.to_be_bytes());
            entry.raw(&crate::pki::validity::encode(time()));
        });
    }
    let mut draft = ListDraft::of("Middle");
    draft.entries = vec![out.into_vec()];
    let list = draft.sign(1);
    assert_eq!(list.entries(), 99_999);
    let find = |number: &[u8]| {
        let serial = crate::pki::SerialNumber::from_unsigned(number).unwrap();
        list.find_entry(&name("Middle"), &serial)
    };
    assert!(find(&[1, 0x86, 0x9f]).is_some());
    assert!(find(&[1, 0x86, 0xa0]).is_none());
    assert_found(&World::with(vec![list.clone()]), "crl.revoked");
}
