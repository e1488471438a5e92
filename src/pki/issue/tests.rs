use const_oid::ObjectIdentifier;
use der::Decode;
use x509_cert::ext::pkix::CertificatePolicies;

use super::*;

use crate::address::Address;
use crate::crypto::key::KeyType;
use crate::pki::test_pki::{key, other_key, time};
use crate::pki::{SerialNumber, deviations, usage_names};

fn serial() -> SerialNumber {
    SerialNumber::from_unsigned(&[0xf1; 16]).unwrap()
}

fn authority_profile() -> CaProfile {
    CaProfile {
        name: SubjectName {
            country: Some("DE".into()),
            locality: None,
            organization: Some("Example".into()),
            common_name: Some("Example CA".into()),
        },
        email: Some("ca@example.com".parse().unwrap()),
        path_length: Some(0),
        days: 3650,
    }
}

fn leaf_profile(addresses: &[&str]) -> LeafProfile {
    LeafProfile {
        name: SubjectName::default(),
        addresses: addresses.iter().map(|text| text.parse().unwrap()).collect(),
        usage: Usage::Both,
        days: 730,
        key: other_key().public_key().clone(),
        crl_url: None,
        policies: Vec::new(),
    }
}

fn authority() -> Certificate {
    self_signed(&authority_profile(), key(), &serial(), time()).unwrap()
}

fn issued(profile: &LeafProfile) -> Result<Certificate, IssueError> {
    let certificate = authority();
    let authority = Authority {
        certificate: &certificate,
        key: key(),
    };
    issue(&authority, profile, &serial(), time())
}

fn texts(addresses: Vec<Address>) -> Vec<String> {
    addresses.iter().map(Address::to_string).collect()
}

#[test]
fn a_ca_says_what_it_is() {
    let certificate = authority();
    assert!(certificate.is_ca() && certificate.is_self_signed());
    assert_eq!(certificate.version(), 3);
    assert_eq!(
        certificate.subject().to_string(),
        "CN=Example CA,O=Example,C=DE"
    );
    assert_eq!(
        usage_names(certificate.key_usage().unwrap()).collect::<Vec<_>>(),
        ["keyCertSign", "cRLSign"]
    );
    let constraints = certificate.basic_constraints().unwrap();
    assert_eq!(constraints.path_length, Some(0));
    assert_eq!(texts(certificate.addresses()), ["ca@example.com"]);
    assert_eq!(
        certificate.subject_key_identifier(),
        Some(&key().public_key().key_identifier()[..])
    );
    assert_eq!(certificate.not_before(), time());
    assert_eq!(certificate.not_after(), end(time(), 3650));
    assert_eq!(certificate.serial(), &serial());
    let critical: Vec<String> = certificate
        .extensions()
        .iter()
        .filter(|extension| extension.is_critical())
        .map(|extension| extension.id().describe())
        .collect();
    assert_eq!(
        critical,
        ["basicConstraints (2.5.29.19)", "keyUsage (2.5.29.15)"]
    );
}

#[test]
fn a_leaf_is_for_mail_and_verifies() {
    let certificate = issued(&leaf_profile(&["user@example.com"])).unwrap();
    assert!(certificate.verify_signature(key().public_key()).is_ok());
    assert!(!certificate.is_ca() && certificate.is_meant_for_mail());
    assert_eq!(certificate.subject().to_string(), "CN=user@example.com");
    assert_eq!(
        usage_names(certificate.key_usage().unwrap()).collect::<Vec<_>>(),
        ["digitalSignature", "keyAgreement"]
    );
    let identifier = certificate.authority_key_identifier().unwrap();
    assert_eq!(
        identifier.key_identifier.as_deref(),
        Some(&key().public_key().key_identifier()[..])
    );
    assert_eq!(certificate.public_key().unwrap(), *other_key().public_key());
    let read = x509_cert::Certificate::from_der(certificate.der()).unwrap();
    assert_eq!(read.to_der().unwrap(), certificate.der());
}

#[test]
fn mailboxes_have_the_form_their_local_part_needs() {
    let certificate = issued(&leaf_profile(&[
        "user@bücher.example",
        "jörg@bücher.example",
        "\"a b\"@example.com",
        "user@BÜCHER.example",
    ]))
    .unwrap();
    let names: Vec<String> = certificate
        .subject_alternative_names()
        .iter()
        .map(|name| format!("{name:?}"))
        .collect();
    assert_eq!(
        names,
        [
            "Rfc822(\"user@xn--bcher-kva.example\")",
            "SmtpUtf8Mailbox(\"jörg@xn--bcher-kva.example\")",
            "Rfc822(\"\\\"a b\\\"@example.com\")",
        ]
    );
    assert_eq!(
        certificate.addresses()[1],
        "jörg@bücher.example".parse().unwrap()
    );
}

#[test]
fn a_long_address_makes_no_common_name() {
    let long = format!("{}@example.com", "a".repeat(60));
    let certificate = issued(&leaf_profile(&[&long])).unwrap();
    assert!(certificate.subject().is_empty());
    let names = certificate.find_extension(oid::SUBJECT_ALT_NAME).unwrap();
    assert!(names.is_critical());
    assert_eq!(texts(certificate.addresses()), [long]);
}

#[test]
fn usage_follows_the_key() {
    let rsa = PrivateKey::generate(KeyType::Rsa2048).unwrap();
    for (key, usage, expected) in [
        (&rsa, Usage::Sign, &["digitalSignature"][..]),
        (&rsa, Usage::Encrypt, &["keyEncipherment"]),
        (&rsa, Usage::Both, &["digitalSignature", "keyEncipherment"]),
        (other_key(), Usage::Sign, &["digitalSignature"]),
        (other_key(), Usage::Encrypt, &["keyAgreement"]),
    ] {
        let mut profile = leaf_profile(&["user@example.com"]);
        profile.key = key.public_key().clone();
        profile.usage = usage;
        let certificate = issued(&profile).unwrap();
        let names: Vec<_> = usage_names(certificate.key_usage().unwrap()).collect();
        assert_eq!(names, expected);
        let again = LeafProfile::renewing(&certificate, profile.key, 10);
        assert_eq!(again.usage, usage);
        assert_eq!(again.addresses, profile.addresses);
    }
}

#[test]
fn a_leaf_does_not_outlive_its_ca() {
    let mut profile = leaf_profile(&["user@example.com"]);
    profile.days = 100_000;
    let certificate = issued(&profile).unwrap();
    assert_eq!(certificate.not_after(), authority().not_after());
    profile.days = 0;
    assert_eq!(issued(&profile), Err(IssueError::ValidityEmpty));
}

#[test]
fn crl_urls_are_written() {
    let mut profile = leaf_profile(&["user@example.com"]);
    profile.crl_url = Some("http://example.com/ca.crl".into());
    let certificate = issued(&profile).unwrap();
    let points = certificate.find_extension(oid::CRL_DISTRIBUTION_POINTS);
    let url = b"http://example.com/ca.crl";
    let value = points.unwrap().value();
    assert!(value.windows(url.len()).any(|window| window == url));
    profile.crl_url = Some("http://example.com/ü.crl".into());
    assert!(matches!(
        issued(&profile),
        Err(IssueError::UrlInvalid { .. })
    ));
}

#[test]
fn policies_are_written_once_each() {
    let mut profile = leaf_profile(&["user@example.com"]);
    let policies = |certificate: &Certificate| {
        let extension = certificate.find_extension(oid::CERTIFICATE_POLICIES)?;
        assert!(!extension.is_critical());
        Some(CertificatePolicies::from_der(extension.value()).unwrap())
    };
    assert_eq!(policies(&issued(&profile).unwrap()), None);
    let first = ObjectIdentifier::new_unwrap("2.23.140.1.5.1.1");
    let second = ObjectIdentifier::new_unwrap("1.2.3");
    profile.policies = vec![first, second, first];
    let CertificatePolicies(written) = policies(&issued(&profile).unwrap()).unwrap();
    let written: Vec<_> = written
        .iter()
        .map(|policy| policy.policy_identifier)
        .collect();
    assert_eq!(written, [first, second]);
}

#[test]
fn what_is_issued_keeps_the_baseline_requirements() {
    let mut profile = leaf_profile(&["user@example.com", "jörg@example.com"]);
    profile.days = LEAF_DAYS;
    let sections = |profile: &LeafProfile| {
        let found = deviations(&issued(profile).unwrap());
        let sections = found
            .iter()
            .map(|finding| finding.detail["section"].clone());
        sections.collect::<Vec<_>>()
    };
    assert_eq!(sections(&profile), ["7.1.2.3 (a)", "7.1.2.3 (b)"]);
    profile.policies = vec![ObjectIdentifier::new_unwrap("2.23.140.1.5.1.1")];
    profile.crl_url = Some("http://example.com/ca.crl".into());
    assert!(sections(&profile).is_empty());
    profile.days = LEAF_DAYS + 1;
    assert_eq!(sections(&profile), ["6.3.2"]);
}

#[test]
fn what_cannot_be_issued_is_refused() {
    assert_eq!(issued(&leaf_profile(&[])), Err(IssueError::AddressMissing));
    let mut profile = leaf_profile(&["user@example.com"]);
    for (country, name) in [("D", "A"), ("D1", "A"), ("DE", ""), ("DE", "a\u{7}b")] {
        profile.name.country = Some(country.into());
        profile.name.common_name = Some(name.into());
        assert!(
            matches!(issued(&profile), Err(IssueError::NameInvalid { .. })),
            "{country} {name}"
        );
    }
    let mut unnamed = authority_profile();
    unnamed.name = SubjectName::default();
    assert_eq!(
        self_signed(&unnamed, key(), &serial(), time()),
        Err(IssueError::NameMissing)
    );

    let profile = leaf_profile(&["user@example.com"]);
    let ca = authority();
    let leaf = issued(&profile).unwrap();
    let try_with = |certificate, key, time| {
        let authority = Authority { certificate, key };
        issue(&authority, &profile, &serial(), time).map(drop)
    };
    assert_eq!(
        try_with(&leaf, other_key(), time()),
        Err(IssueError::AuthorityNotCa)
    );
    assert_eq!(
        try_with(&ca, other_key(), time()),
        Err(IssueError::AuthorityKeyMismatch)
    );
    assert!(matches!(
        try_with(&ca, key(), time().plus_days(4000)),
        Err(IssueError::AuthorityNotValid { .. })
    ));
}

#[test]
fn dates_from_2050_take_the_other_form() {
    let mut profile = authority_profile();
    profile.days = 365 * 40;
    let certificate = self_signed(&profile, key(), &serial(), time()).unwrap();
    assert_eq!(certificate.not_after(), end(time(), 365 * 40));
    assert!(certificate.not_after().civil().year() >= 2050);
}
