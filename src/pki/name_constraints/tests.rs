use super::*;
use crate::asn1::write::DerWriter;
use crate::pki::test_pki::{Draft, name};

fn tlv(tag: u8, value: &[u8]) -> Vec<u8> {
    [&[tag, u8::try_from(value.len()).unwrap()], value].concat()
}

fn constraints(permitted: &[Vec<u8>], excluded: &[Vec<u8>]) -> NameConstraints {
    NameConstraints::decode(&test_value(permitted, excluded)).unwrap()
}

fn test_value(permitted: &[Vec<u8>], excluded: &[Vec<u8>]) -> Vec<u8> {
    let mut value = Vec::new();
    for (number, names) in [(0, permitted), (1, excluded)] {
        if !names.is_empty() {
            let subtrees: Vec<Vec<u8>> = names.iter().map(|name| tlv(0x30, name)).collect();
            value.extend(tlv(tag::context_constructed(number), &subtrees.concat()));
        }
    }
    tlv(tag::SEQUENCE, &value)
}

fn mail(text: &str) -> Vec<u8> {
    tlv(0x81, text.as_bytes())
}

fn dns(text: &str) -> Vec<u8> {
    tlv(0x82, text.as_bytes())
}

fn directory(common_name: &str) -> Vec<u8> {
    tlv(0xa4, name(common_name).der())
}

fn uri(text: &str) -> Vec<u8> {
    tlv(0x86, text.as_bytes())
}

fn ip(octets: &[u8]) -> Vec<u8> {
    tlv(0x87, octets)
}

fn other(kind: &str, text: &str) -> Vec<u8> {
    let mut value = DerWriter::new();
    value.nested(crate::asn1::tag::Tag::context(0), |other| {
        other.oid(&oid::ObjectIdentifier::new(kind).unwrap());
        other.nested(crate::asn1::tag::Tag::context(0), |value| {
            value.raw(&tlv(tag::UTF8_STRING, text.as_bytes()));
        });
    });
    value.into_vec()
}

fn utf8_mailbox(text: &str) -> Vec<u8> {
    other("1.3.6.1.5.5.7.8.9", text)
}

/// `+` where the one permitted subtree lets the name pass, else `-`; then the same where the
/// subtree is excluded.
fn verdicts(base: &[u8], subject: &[u8]) -> String {
    let decoded = GeneralName::decode_all(&tlv(tag::SEQUENCE, subject)).unwrap();
    let subject = ConstrainedName::Alternative(&decoded[0]);
    let passes = |constraints: NameConstraints| {
        let violation = constraints.violated_by(&subject, &mut 100).unwrap();
        if violation.is_none() { '+' } else { '-' }
    };
    let base = [base.to_vec()];
    [
        passes(constraints(&base, &[])),
        passes(constraints(&[], &base)),
    ]
    .iter()
    .collect()
}

const WITHIN: &str = "+-";
const OUTSIDE: &str = "-+";
const UNCONCERNED: &str = "++";
const INCOMPARABLE: &str = "--";

#[test]
fn mailboxes() {
    for (base, subject, expected) in [
        ("example.com", "a@example.com", WITHIN),
        ("example.com", "a@EXAMPLE.com", WITHIN),
        ("example.com", "a@sub.example.com", OUTSIDE),
        ("example.com", "a@notexample.com", OUTSIDE),
        (".example.com", "a@sub.example.com", WITHIN),
        (".example.com", "a@deep.sub.example.com", WITHIN),
        (".example.com", "a@example.com", OUTSIDE),
        (".example.com", "a@notexample.com", OUTSIDE),
        ("a@example.com", "a@Example.com", WITHIN),
        ("a@example.com", "A@example.com", OUTSIDE),
        ("a@example.com", "\"a\"@example.com", WITHIN),
        ("a@example.com", "b@example.com", OUTSIDE),
        // An at sign in quotes does not hide the true domain.
        ("example.com", "\"a@example.com\"@example.org", OUTSIDE),
        ("example.com", "example.com", INCOMPARABLE),
        ("example.com", "a@example.com\0.example.org", INCOMPARABLE),
        ("", "a@example.com", INCOMPARABLE),
        (".", "a@example.com", INCOMPARABLE),
        ("@example.com", "a@example.com", INCOMPARABLE),
    ] {
        assert_eq!(
            verdicts(&mail(base), &mail(subject)),
            expected,
            "{base} {subject}"
        );
    }
    let latin = tlv(0x81, b"j\xf6rg@example.com");
    assert_eq!(verdicts(&mail("example.com"), &latin), INCOMPARABLE);
    assert_eq!(
        verdicts(&mail("example.com"), &dns("example.com")),
        UNCONCERNED
    );
}

#[test]
fn internationalized_mailboxes_are_constrained_by_rfc822_names() {
    for (base, subject, expected) in [
        ("example.com", "jörg@example.com", WITHIN),
        ("xn--bcher-kva.example", "jörg@bücher.example", WITHIN),
        (
            "xn--bcher-kva.example",
            "jörg@xn--bcher-kva.example",
            WITHIN,
        ),
        (".example", "jörg@bücher.example", WITHIN),
        ("example.org", "jörg@example.com", OUTSIDE),
        ("jorg@example.com", "jörg@example.com", OUTSIDE),
    ] {
        assert_eq!(
            verdicts(&mail(base), &utf8_mailbox(subject)),
            expected,
            "{base} {subject}"
        );
    }
    // RFC 9598 section 6 has no constraint of this form.
    let base = utf8_mailbox("jörg@example.com");
    assert_eq!(
        verdicts(&base, &utf8_mailbox("jörg@example.com")),
        INCOMPARABLE
    );
}

#[test]
fn hosts() {
    for (base, subject, expected) in [
        ("example.com", "example.com", WITHIN),
        ("example.com", "www.Example.com", WITHIN),
        ("example.com", "notexample.com", OUTSIDE),
        ("example.com", "com", OUTSIDE),
        (".example.com", "www.example.com", WITHIN),
        (".example.com", "example.com", OUTSIDE),
        ("", "example.com", WITHIN),
    ] {
        assert_eq!(
            verdicts(&dns(base), &dns(subject)),
            expected,
            "{base} {subject}"
        );
    }
}

#[test]
fn resources() {
    for (base, subject, expected) in [
        ("example.com", "http://example.com/a", WITHIN),
        ("example.com", "http://user@EXAMPLE.com:80?a", WITHIN),
        ("example.com", "http://www.example.com", OUTSIDE),
        ("example.com", "http://example.org#@example.com", OUTSIDE),
        ("example.com", "http://example.com@example.org/", OUTSIDE),
        (".example.com", "ldap://www.example.com/", WITHIN),
        (".example.com", "ldap://example.com/", OUTSIDE),
        ("example.com", "urn:example:a", INCOMPARABLE),
        ("example.com", "mailto:a@example.com", INCOMPARABLE),
        ("example.com", "http:///a", INCOMPARABLE),
        ("example.com", "http://192.0.2.1/", INCOMPARABLE),
        ("example.com", "http://[2001:db8::1]/", INCOMPARABLE),
        ("", "http://example.com/", INCOMPARABLE),
    ] {
        assert_eq!(
            verdicts(&uri(base), &uri(subject)),
            expected,
            "{base} {subject}"
        );
    }
}

#[test]
fn addresses_of_hosts() {
    let network = [192, 0, 2, 0, 255, 255, 255, 128];
    for (base, subject, expected) in [
        (&network[..], &[192, 0, 2, 127][..], WITHIN),
        (&network, &[192, 0, 2, 128], OUTSIDE),
        (&network, &[0; 16], OUTSIDE),
        (&network, &[192, 0, 2], INCOMPARABLE),
        (&[0; 8], &[192, 0, 2, 1], WITHIN),
        (&[0; 32], &[1; 16], WITHIN),
        (&[192, 0, 2, 0], &[192, 0, 2, 0], INCOMPARABLE),
        // A mask with a hole is no mask.
        (
            &[192, 0, 2, 0, 255, 0, 255, 0],
            &[192, 0, 2, 0],
            INCOMPARABLE,
        ),
    ] {
        assert_eq!(
            verdicts(&ip(base), &ip(subject)),
            expected,
            "{base:?} {subject:?}"
        );
    }
}

#[test]
fn directory_names_and_names_without_a_meaning() {
    assert_eq!(verdicts(&directory("A"), &directory("a")), WITHIN);
    assert_eq!(verdicts(&directory("A"), &directory("AB")), OUTSIDE);
    // The empty name is above all others.
    assert_eq!(verdicts(&tlv(0xa4, &[0x30, 0]), &directory("A")), WITHIN);
    assert_eq!(verdicts(&directory("A"), &tlv(0xa4, &[0x30, 0])), OUTSIDE);
    let registered = tlv(0x88, &[0x2a, 3]);
    assert_eq!(verdicts(&registered, &registered), INCOMPARABLE);
    assert_eq!(verdicts(&registered, &dns("example.com")), UNCONCERNED);
    let principal = other("1.3.6.1.4.1.311.20.2.3", "a");
    assert_eq!(verdicts(&principal, &principal), INCOMPARABLE);
    assert_eq!(
        verdicts(&principal, &other("1.3.6.1.4.1.99999.1", "a")),
        UNCONCERNED
    );
}

#[test]
fn one_permitted_subtree_of_the_form_is_enough() {
    let both = constraints(&[mail("example.com"), mail("example.org"), dns("x")], &[]);
    let passes = |text: &str| {
        let name = GeneralName::Rfc822(text.to_owned());
        let name = ConstrainedName::Alternative(&name);
        both.violated_by(&name, &mut 100).unwrap().is_none()
    };
    assert!(passes("a@example.org"));
    assert!(!passes("a@example.net"));
}

#[test]
fn comparisons_are_counted() {
    let two = constraints(&[mail("example.com")], &[mail("example.org")]);
    let name = ConstrainedName::EmailAddress("a@example.com");
    let mut budget = 5;
    assert!(two.violated_by(&name, &mut budget).unwrap().is_none());
    assert_eq!(budget, 2);
    assert!(two.violated_by(&name, &mut budget).is_err());
    assert_eq!(budget, 0);
}

#[test]
fn what_section_4_2_1_10_forbids_is_refused() {
    let subtree = |rest: &[u8]| {
        let subtree = tlv(0x30, &[mail("example.com"), rest.to_vec()].concat());
        NameConstraints::decode(&tlv(0x30, &tlv(0xa0, &subtree)))
    };
    assert!(subtree(&[]).is_ok());
    assert!(subtree(&[0x80, 1, 0]).is_ok());
    assert!(subtree(&[0x80, 1, 1]).is_err());
    assert!(subtree(&[0x81, 1, 5]).is_err());
    assert!(NameConstraints::decode(&[0x30, 2, 5, 0]).is_err());
    assert!(NameConstraints::decode(&[0x30, 4, 0xa0, 2, 0x30, 0]).is_err());
}

#[test]
fn all_names_of_a_certificate_are_visited() {
    let certificate = Draft::leaf("user", 1).issued_by("Root", 0);
    let mut seen = Vec::new();
    find_name(&certificate, |name| {
        seen.push(name.to_string());
        None::<()>
    });
    assert_eq!(seen, ["DirName:CN=user", "email:user@example.com"]);
}
