//! Which candidates are found, and which one is reported where none is valid.

use std::cell::Cell;
use std::collections::HashSet;

use super::*;
use crate::asn1::tag::Tag;
use crate::asn1::write::{DerWriter, element};
use crate::limits;
use crate::pki::issue::SubjectName;
use crate::pki::test_pki::key_number;
use crate::pki::{Issuers, Name};
use crate::reason::Reason;

#[test]
fn an_unknown_issuer_is_told_from_a_missing_intermediate() {
    let reasons = |question: Question| question.reasons();
    let plain = leaf().issued_by("Elsewhere", 3);
    assert_eq!(reasons(Question::new(plain)), ["0 path.issuer-unknown"]);

    let pointing = leaf().ca_issuers("http://example.com/ca.cer");
    let question = Question::new(pointing.issued_by("Elsewhere", 3));
    assert_eq!(question.reasons(), ["0 path.intermediate-missing"]);
    assert_eq!(
        question.ask().findings[0].detail["ca-issuers"],
        "http://example.com/ca.cer"
    );

    // An intermediate that points to its issuer's certificate: most likely to the root.
    let pointing = intermediate().ca_issuers("http://example.com/root.cer");
    let question = Question::new(leaf().issued_by("Intermediate", 2))
        .with(&[pointing.issued_by("Elsewhere", 3)]);
    assert_eq!(question.reasons(), ["1 path.issuer-unknown"]);
    assert_eq!(
        question.ask().findings[0].detail["ca-issuers"],
        "http://example.com/root.cer"
    );
}

#[test]
fn a_missing_intermediate_shows_in_names_too() {
    let organized = |common_name: &str| {
        let name = SubjectName {
            organization: Some("Example".into()),
            common_name: Some(common_name.into()),
            ..Default::default()
        };
        name.to_name().unwrap()
    };
    let root = Draft::ca("Root", 0)
        .subject(organized("Root"))
        .self_signed(0);
    let orphan = leaf().sign(&organized("Intermediate"), 2);
    let question = Question::new(orphan).trusting(&[root]);
    assert_eq!(question.reasons(), ["0 path.intermediate-missing"]);

    let authority = |issuer: &Name| {
        let mut value = DerWriter::new();
        value.sequence(|identifier| {
            identifier.nested(Tag::context(1), |names| {
                names.nested(Tag::context(4), |name| {
                    name.raw(issuer.der());
                });
            });
            identifier.element(Tag::context(2).as_primitive(), &[1]);
        });
        leaf().with(oid::AUTHORITY_KEY_IDENTIFIER, false, &value.into_vec())
    };
    let named = |issuer| Question::new(authority(&name(issuer)).issued_by("Elsewhere", 3));
    assert_eq!(named("Root").reasons(), ["0 path.intermediate-missing"]);
    assert_eq!(named("Elsewhere").reasons(), ["0 path.issuer-unknown"]);
}

#[test]
fn a_ca_of_the_name_with_another_key_is_told() {
    let above = element(Tag::context(0).as_primitive(), &[9; 20]);
    let above = element(Tag::SEQUENCE, &above);
    let own = element(Tag::OCTET_STRING, &[1; 20]);
    let with_own_key = |ca: Draft| ca.with(oid::SUBJECT_KEY_IDENTIFIER, false, &own);
    // The address alone would make it an intermediate that is missing.
    let orphan = |issuer| {
        let leaf = leaf().with(oid::AUTHORITY_KEY_IDENTIFIER, false, &above);
        let leaf = leaf.ca_issuers("http://example.com/ca.cer");
        Question::new(leaf.issued_by(issuer, 3))
    };
    let root = with_own_key(Draft::ca("Root", 0)).self_signed(0);
    let question = orphan("Root").trusting(std::slice::from_ref(&root));
    assert_eq!(question.reasons(), ["0 path.issuer-unknown"]);
    assert_eq!(
        question.ask().findings[0].detail["other-key-of-that-name"],
        root.fingerprint().to_string()
    );
    let question =
        orphan("Intermediate").with(&[with_own_key(intermediate()).issued_by("Root", 0)]);
    assert_eq!(question.reasons(), ["0 path.intermediate-missing"]);
    assert!(
        question.ask().findings[0]
            .detail
            .contains_key("other-key-of-that-name")
    );
}

#[test]
fn all_cas_of_one_name_are_tried() {
    // Three CAs have the name; the one that issued is expired in one certificate and not in
    // another, and is certified by the root in the last only.
    let expired = intermediate().days(-9, -1).serial(2).issued_by("Root", 0);
    let good = intermediate().serial(3).issued_by("Root", 0);
    let others = [
        Draft::ca("Intermediate", 3).issued_by("Root", 0),
        Draft::ca("Intermediate", 4).self_signed(4),
    ];
    let question = Question::new(leaf().issued_by("Intermediate", 2))
        .with(&others)
        .with(&[expired.clone(), good]);
    assert_eq!(question.reasons(), NOTHING);
    // Without the good one, the expired one is nearer than the ones whose key is another.
    let question = Question::new(leaf().issued_by("Intermediate", 2))
        .with(&others)
        .with(&[expired]);
    assert_eq!(question.reasons(), ["1 cert.expired"]);
}

#[test]
fn cross_certificates_lead_around_an_untrusted_root() {
    // Other certified the intermediate first; Other itself is cross-certified by Root.
    let other = Draft::ca("Other", 3).self_signed(3);
    let cross = Draft::ca("Other", 3).serial(2).issued_by("Root", 0);
    let back = Draft::ca("Root", 0).serial(3).issued_by("Other", 3);
    let question = Question::new(leaf().issued_by("Intermediate", 2)).with(&[
        other,
        back,
        intermediate().issued_by("Other", 3),
        cross,
    ]);
    assert_eq!(question.reasons(), NOTHING);
    assert_eq!(question.ask().path.len(), 4);
}

#[test]
fn circles_end() {
    let a = Draft::ca("A", 2).issued_by("B", 3);
    let b = Draft::ca("B", 3).issued_by("A", 2);
    let question = Question::new(leaf().issued_by("A", 2)).with(&[a, b]);
    assert_eq!(question.reasons(), ["2 path.issuer-unknown"]);
}

#[test]
fn the_search_ends_where_its_budgets_do() {
    // Many certificates of one CA, each another candidate above every one of the other name.
    let certificates = |subject: &str, key, issuer: &str, issuer_key| -> Vec<Certificate> {
        (0..120)
            .map(|serial| {
                Draft::ca(subject, key)
                    .serial(serial)
                    .issued_by(issuer, issuer_key)
            })
            .collect()
    };
    let question = Question::new(leaf().issued_by("A", 2))
        .with(&certificates("A", 2, "B", 3))
        .with(&certificates("B", 3, "C", 4));
    let reasons = question.reasons();
    assert!(reasons.contains(&Reason::PathSearchLimitReached.code().to_owned()));
    let report = question.ask();
    assert!(report.tried.last().unwrap().ends_with("more"));
    let given_up = &report.findings[0];
    assert_eq!(given_up.reason, Reason::PathSearchLimitReached);
    assert_eq!(given_up.detail["limit"], "paths tried");
}

#[test]
fn signatures_are_counted() {
    // CAs of the issuer's name, each with a key of its own, stand before the one that signed; its own
    // signature is one more, and that over it another.
    let question = |wrong: usize| {
        let wrong: Vec<Certificate> = (0..wrong)
            .map(|_| {
                let key = PrivateKey::generate(KeyType::EcP256).unwrap();
                let spki = key.public_key().spki_der().to_vec();
                intermediate().spki(&spki).issued_by("Root", 0)
            })
            .collect();
        Question::new(leaf().issued_by("Intermediate", 2))
            .with(&wrong)
            .with(&[intermediate().issued_by("Root", 0)])
    };
    let most = limits::PATH_SIGNATURES - 2;
    assert_eq!(question(most).reasons(), NOTHING);
    let report = question(most + 1).ask();
    let given_up = &report.findings[0];
    assert_eq!(given_up.reason, Reason::PathSearchLimitReached);
    assert_eq!(given_up.detail["limit"], "signatures checked");
}

/// Counts what the search asks for.
struct Counting {
    pool: CertificatePool,
    names: Cell<usize>,
    anchors: Cell<usize>,
    organizations: Cell<usize>,
}

impl Counting {
    fn over(anchors: Vec<Certificate>) -> Counting {
        Counting {
            pool: CertificatePool::new(anchors, []),
            names: Cell::new(0),
            anchors: Cell::new(0),
            organizations: Cell::new(0),
        }
    }
}

impl Issuers for Counting {
    fn find_by_name(&self, subject: &Name) -> Vec<Certificate> {
        self.names.update(|count| count + 1);
        self.pool.find_by_name(subject)
    }

    fn is_anchor(&self, certificate: &Certificate) -> bool {
        self.anchors.update(|count| count + 1);
        self.pool.is_anchor(certificate)
    }

    fn organizations(&self) -> HashSet<String> {
        self.organizations.update(|count| count + 1);
        self.pool.organizations()
    }
}

/// `count` trusted CAs, each with a name of its own. Their own signatures are not judged, so one is
/// made for all.
fn trusted_cas(count: usize) -> Vec<Certificate> {
    let name = |at: usize| format!("Root {at:05}");
    let first = Draft::ca(&name(0), 3).self_signed(3).der().to_vec();
    let place = |from: usize| {
        let found = first[from..]
            .windows(10)
            .position(|at| at == name(0).as_bytes());
        from + found.unwrap()
    };
    let issuer = place(0);
    let subject = place(issuer + 10);
    (0..count)
        .map(|at| {
            let mut der = first.clone();
            for start in [issuer, subject] {
                der[start..start + 10].copy_from_slice(name(at).as_bytes());
            }
            Certificate::decode(&der).unwrap()
        })
        .collect()
}

/// CAs of which each certifies every other one; none of them leads anywhere.
fn mesh(cas: usize) -> Vec<Certificate> {
    let ca = |at: usize| format!("Mesh {at}");
    let pairs = (0..cas).flat_map(|subject| (0..cas).map(move |issuer| (subject, issuer)));
    pairs
        .filter(|(subject, issuer)| subject != issuer)
        .map(|(subject, issuer)| {
            Draft::ca(&ca(subject), subject % 8).issued_by(&ca(issuer), issuer % 8)
        })
        .collect()
}

/// CAs of one name with a few keys, each certified by all others.
fn namesakes(count: usize) -> Vec<Certificate> {
    let days = |at: usize| i64::try_from(at).unwrap() + 1;
    (0..count)
        .map(|at| {
            let draft = Draft::ca("Same", at % 8).days(-10, days(at));
            draft.issued_by("Same", (at / 8) % 8)
        })
        .collect()
}

#[test]
fn hostile_cas_among_ten_thousand_trusted_ones_cost_little() {
    let issuers = Counting::over(trusted_cas(10_000));
    for (signed_by, extra) in [("Mesh 0", mesh(30)), ("Same", namesakes(1_000))] {
        let leaf = leaf().issued_by(signed_by, 0);
        issuers.names.set(0);
        issuers.anchors.set(0);
        let report = validate_path(&PathRequest {
            certificate: &leaf,
            issuers: &issuers,
            extra: &extra,
            time: time(),
            purpose: Purpose::Sign,
            sha1: WeakDigests::Reject,
            revocation: None,
            policies: PolicyInputs::default(),
        });
        assert!(!report.trusted);
        let found = report.findings.iter().map(|finding| finding.reason);
        assert!(
            found
                .clone()
                .any(|reason| reason == Reason::PathSearchLimitReached)
        );
        assert!(report.tried.len() <= 21, "{}", report.tried.len());
        // Every name and every certificate is looked up once, not at each step.
        assert!(issuers.names.get() <= 31, "{}", issuers.names.get());
        assert!(issuers.anchors.get() <= extra.len() + 1);
        assert!(issuers.organizations.get() <= 1);
    }
}

#[test]
fn paths_have_a_greatest_length() {
    // Names change, the keys are two in turn.
    let chain = |length: usize| -> Vec<Certificate> {
        (0..length)
            .map(|at| {
                let draft = Draft::ca(&format!("CA {at}"), 2 + at % 2);
                draft.issued_by(&format!("CA {}", at + 1), 2 + (at + 1) % 2)
            })
            .collect()
    };
    let question = |length: usize| {
        let mut chain = chain(length);
        let anchor = chain.pop().unwrap();
        Question::new(leaf().issued_by("CA 0", 2))
            .with(&chain)
            .trusting(&[anchor])
    };
    assert_eq!(question(limits::PATH_LENGTH - 1).reasons(), NOTHING);
    assert_eq!(
        question(limits::PATH_LENGTH).reasons(),
        ["path.search-limit-reached"]
    );
    // One that is too long does not keep another from being found.
    let chain = chain(limits::PATH_LENGTH + 5);
    let short_cut = Draft::ca("CA 2", 2).serial(9).issued_by("Root", 0);
    let question = Question::new(leaf().issued_by("CA 0", 2)).with(&chain);
    assert_eq!(question.reasons(), ["path.search-limit-reached"]);
    assert_eq!(question.with(&[short_cut]).reasons(), NOTHING);
}

#[test]
fn an_identifier_that_does_not_match_is_only_a_hint() {
    let wrong = element(Tag::context(0).as_primitive(), &[9; 20]);
    let wrong = element(Tag::SEQUENCE, &wrong);
    let leaf = leaf().with(oid::AUTHORITY_KEY_IDENTIFIER, false, &wrong);
    assert_eq!(Question::new(leaf.issued_by("Root", 0)).reasons(), NOTHING);
}

#[test]
fn names_chain_by_comparison_not_by_octets() {
    let leaf = leaf().issued_by("  ROOT ", 0);
    assert_ne!(leaf.issuer().der(), root().subject().der());
    assert_eq!(Question::new(leaf).reasons(), NOTHING);
    assert_eq!(key_number(0).public_key(), &root().public_key().unwrap());
}
