//! Name constraints along a path. What is within what, `name_constraints` tests.

use super::*;
use crate::asn1::tag::Tag;
use crate::asn1::write::element;
use crate::limits;
use crate::pki::Name;
use crate::pki::test_pki::text_name;

fn mail(text: &str) -> Vec<u8> {
    text_name(1, text)
}

fn directory(common_name: &str) -> Vec<u8> {
    element(Tag::context(4), name(common_name).der())
}

const VIOLATED: [&str; 1] = ["0 path.name-constraints-violated"];

/// A leaf under an intermediate of which only these mailboxes may be.
fn permitting(mailboxes: &[&str], leaf: &Draft) -> Question {
    let names: Vec<Vec<u8>> = mailboxes.iter().map(|text| mail(text)).collect();
    let intermediate = intermediate().name_constraints(&names, &[]);
    Question::new(leaf.issued_by("Intermediate", 2)).with(&[intermediate.issued_by("Root", 0)])
}

#[test]
fn an_address_must_be_one_that_the_ca_may_certify() {
    assert_eq!(permitting(&["example.com"], &leaf()).reasons(), NOTHING);
    let question = permitting(&["example.org", ".example.com"], &leaf());
    assert_eq!(question.reasons(), VIOLATED);
    let report = question.ask();
    assert_eq!(report.path_check, Check::Fail);
    let detail = &report.findings[0].detail;
    assert_eq!(detail["name"], "email:user@example.com");
    assert_eq!(
        detail["constraint"],
        "permitted email:example.org, email:.example.com"
    );
    assert_eq!(detail["constrained-by"], "CN=Intermediate");
    let excluding = intermediate().name_constraints(&[], &[mail("example.com")]);
    assert_eq!(through(&excluding).reasons(), VIOLATED);
    assert_eq!(
        through(&excluding).ask().findings[0].detail["constraint"],
        "excluded email:example.com"
    );
}

#[test]
fn every_address_counts_and_the_legacy_attribute_does_too() {
    let both = leaf().alternative_names(&[mail("user@example.com"), mail("user@example.org")]);
    assert_eq!(permitting(&["example.com"], &both).reasons(), VIOLATED);
    let both_permitted = permitting(&["example.com", "example.org"], &both);
    assert_eq!(both_permitted.reasons(), NOTHING);

    for (address, with_alternative, expected) in [
        ("user@example.com", false, &NOTHING[..]),
        ("user@example.org", false, &VIOLATED),
        ("user@example.org", true, &VIOLATED),
    ] {
        let attribute = element(
            Tag::SEQUENCE,
            &[
                element(Tag::OBJECT_IDENTIFIER, oid::EMAIL_ADDRESS.as_bytes()),
                element(Tag::IA5_STRING, address.as_bytes()),
            ]
            .concat(),
        );
        let names = element(Tag::SEQUENCE, &element(Tag::SET, &attribute));
        let legacy = leaf().subject(Name::decode(&names).unwrap());
        let legacy = match with_alternative {
            true => legacy,
            false => legacy.without(oid::SUBJECT_ALT_NAME),
        };
        let question = permitting(&["example.com"], &legacy);
        assert_eq!(question.reasons(), expected, "{address} {with_alternative}");
    }
}

#[test]
fn constraints_of_all_cas_hold_and_they_only_get_narrower() {
    let narrow = |first: &str, second: &str| {
        let first = intermediate().name_constraints(&[mail(first)], &[]);
        let second = Draft::ca("Second", 3).name_constraints(&[mail(second)], &[]);
        Question::new(leaf().issued_by("Second", 3))
            .with(&[
                first.issued_by("Root", 0),
                second.issued_by("Intermediate", 2),
            ])
            .reasons()
    };
    assert_eq!(narrow("example.com", "user@example.com"), NOTHING);
    assert_eq!(narrow("user@example.com", "example.com"), NOTHING);
    assert_eq!(narrow("example.org", "example.com"), VIOLATED);
    assert_eq!(narrow("example.com", "example.org"), VIOLATED);
}

#[test]
fn a_ca_is_constrained_and_a_self_issued_one_is_not() {
    let root = Draft::ca("Root", 0).name_constraints(&[directory("Root")], &[]);
    // The name constraints of a trust anchor count.
    let question = through(&intermediate()).trusting(&[root.self_signed(0)]);
    assert_eq!(
        question.reasons(),
        [
            "1 path.name-constraints-violated",
            "0 path.name-constraints-violated"
        ]
    );
    // A new key under the same name; the end entity's certificate is judged even if self-issued.
    let first =
        intermediate().name_constraints(&[mail("example.com")], &[directory("Intermediate")]);
    let new_key = Draft::ca("Intermediate", 3).issued_by("Intermediate", 2);
    let question = |leaf: Draft| {
        Question::new(leaf.issued_by("Intermediate", 3))
            .with(&[first.issued_by("Root", 0), new_key.clone()])
    };
    assert_eq!(question(leaf()).reasons(), NOTHING);
    let same_name = leaf().subject(name("Intermediate"));
    assert_eq!(question(same_name).reasons(), VIOLATED);
}

#[test]
fn an_empty_subject_is_not_constrained() {
    let intermediate = intermediate().name_constraints(&[directory("nobody")], &[]);
    let empty = Name::decode(&[0x30, 0]).unwrap();
    let question = Question::new(leaf().subject(empty).issued_by("Intermediate", 2))
        .with(&[intermediate.issued_by("Root", 0)]);
    assert_eq!(question.reasons(), NOTHING);
    assert_eq!(through(&intermediate).reasons(), VIOLATED);
}

#[test]
fn constraints_that_cannot_be_read_are_refused() {
    let maximum = [0x30, 8, 0xa0, 6, 0x30, 4, 0x82, 0, 0x81, 0];
    for value in [&maximum[..], &[5, 0]] {
        let draft = intermediate().with(oid::NAME_CONSTRAINTS, true, value);
        assert_eq!(through(&draft).reasons(), ["1 cert.encoding-invalid"]);
    }
}

#[test]
fn constraints_without_end_stop_the_search() {
    let subtrees: Vec<Vec<u8>> = (0..2_000)
        .map(|number| mail(&format!("{number}.example.com")))
        .collect();
    let names: Vec<Vec<u8>> = (0..2_000)
        .map(|number| text_name(2, &format!("{number}.example.com")))
        .collect();
    assert!(subtrees.len() * names.len() > limits::NAME_COMPARISONS);
    let question = Question::new(
        leaf()
            .alternative_names(&names)
            .issued_by("Intermediate", 2),
    )
    .with(&[intermediate()
        .name_constraints(&[], &subtrees)
        .issued_by("Root", 0)]);
    assert_eq!(question.reasons(), ["0 path.search-limit-reached"]);
}
