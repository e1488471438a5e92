use super::*;
use crate::asn1::tag::Tag;
use crate::asn1::write::{DerWriter, element};
use crate::crypto::key::{KeyType, PrivateKey};
use crate::pki::extension::KeyUsages;
use crate::pki::test_pki::{Draft, time};

fn codes(findings: &[Finding]) -> Vec<String> {
    findings
        .iter()
        .map(|finding| match finding.severity {
            Severity::Reject => finding.reason.code().to_owned(),
            severity => format!("{} ({severity})", finding.reason.code()),
        })
        .collect()
}

fn gate(draft: &Draft) -> Vec<String> {
    codes(&inspect(&draft.issued_by("CA", 0), Role::EndEntity))
}

fn usable(draft: &Draft, purpose: Purpose) -> Vec<String> {
    codes(&usable_for(&draft.issued_by("CA", 0), purpose, time()))
}

fn leaf() -> Draft {
    Draft::leaf("user", 1)
}

/// A SubjectPublicKeyInfo with an algorithm, its parameters, and the key's octets.
fn spki(algorithm: ObjectIdentifier, parameters: &[u8], key: &[u8]) -> Vec<u8> {
    let mut spki = DerWriter::new();
    spki.sequence(|spki| {
        spki.sequence(|identifier| {
            identifier.oid(&algorithm).raw(parameters);
        });
        spki.bit_string(key);
    });
    spki.into_vec()
}

fn rsa(bits: usize) -> Vec<u8> {
    let mut modulus = vec![0xc5; bits / 8];
    modulus[0] = 0x80;
    let mut key = DerWriter::new();
    key.sequence(|key| {
        key.unsigned(&modulus).unsigned(&[1, 0, 1]);
    });
    spki(
        oid::RSA_ENCRYPTION,
        &element(Tag::NULL, &[]),
        &key.into_vec(),
    )
}

#[test]
fn a_good_certificate_passes() {
    assert_eq!(gate(&leaf()), [""; 0]);
    assert_eq!(gate(&leaf().without(oid::KEY_USAGE)), [""; 0]);
    assert_eq!(gate(&leaf().without(oid::EXTENDED_KEY_USAGE)), [""; 0]);
    let any = leaf().purposes(&[oid::SERVER_AUTH, oid::ANY_EXTENDED_KEY_USAGE]);
    assert_eq!(gate(&any), [""; 0]);
    for purpose in [Purpose::Sign, Purpose::Encrypt, Purpose::Any] {
        assert_eq!(usable(&leaf(), purpose), [""; 0]);
    }
}

#[test]
fn the_version_is_three() {
    let old = leaf().version(1);
    assert_eq!(gate(&old), ["cert.version-unsupported"]);
}

#[test]
fn usages_must_allow_mail() {
    let neither = leaf().usages(KeyUsages::KeyCertSign | KeyUsages::KeyEncipherment);
    assert_eq!(
        gate(&neither),
        [
            "cert.key-usage-forbids-signing",
            "cert.key-usage-forbids-encryption"
        ]
    );
    let server = leaf().purposes(&[oid::SERVER_AUTH]);
    assert_eq!(gate(&server), ["cert.extended-key-usage-forbids-mail"]);

    let signing = leaf().usages(KeyUsages::NonRepudiation);
    assert_eq!(gate(&signing), [""; 0]);
    assert_eq!(usable(&signing, Purpose::Sign), [""; 0]);
    assert_eq!(usable(&signing, Purpose::Any), [""; 0]);
    assert_eq!(
        usable(&signing, Purpose::Encrypt),
        ["cert.key-usage-forbids-encryption"]
    );
    let encryption = leaf().usages(KeyUsages::KeyAgreement);
    assert_eq!(gate(&encryption), [""; 0]);
    assert_eq!(
        usable(&encryption, Purpose::Sign),
        ["cert.key-usage-forbids-signing"]
    );
    let transport = leaf().spki(&rsa(2048)).usages(KeyUsages::KeyEncipherment);
    assert_eq!(usable(&transport, Purpose::Encrypt), [""; 0]);
}

#[test]
fn an_address_is_needed() {
    assert_eq!(
        gate(&leaf().without(oid::SUBJECT_ALT_NAME)),
        ["cert.address-missing"]
    );
    assert_eq!(
        gate(&leaf().address("user@example.com\0.example.org")),
        ["cert.address-missing"]
    );
    let mut subject = DerWriter::new();
    subject.sequence(|name| {
        name.nested(Tag::SET, |part| {
            part.sequence(|attribute| {
                attribute
                    .oid(&oid::EMAIL_ADDRESS)
                    .element(Tag::IA5_STRING, b"user@example.com");
            });
        });
    });
    let subject = crate::pki::Name::decode(&subject.into_vec()).unwrap();
    let legacy = leaf().without(oid::SUBJECT_ALT_NAME).subject(subject);
    assert_eq!(gate(&legacy), [""; 0]);
}

#[test]
fn a_ca_is_no_end_entity() {
    let ca = leaf().path_length(None);
    assert_eq!(gate(&ca), ["cert.is-ca"]);
    let ca = Draft::ca("CA", 0).self_signed(0);
    assert_eq!(codes(&inspect(&ca, Role::Authority)), [""; 0]);
}

#[test]
fn keys_have_a_least_length() {
    for (bits, expected) in [
        (1016, &["cert.weak-key"][..]),
        (1024, &["cert.weak-key (warning)"]),
        (2040, &["cert.weak-key (warning)"]),
        (2048, &[]),
    ] {
        let draft = leaf().spki(&rsa(bits)).usages(KeyUsages::DigitalSignature);
        assert_eq!(gate(&draft), expected, "{bits}");
        let ca = draft.issued_by("CA", 0);
        assert_eq!(codes(&inspect(&ca, Role::Authority)), expected, "{bits}");
    }
    let named = |curve: &str| {
        let curve = ObjectIdentifier::new(curve).unwrap();
        element(Tag::OBJECT_IDENTIFIER, curve.as_bytes())
    };
    for (curve, expected) in [
        ("1.2.840.10045.3.1.1", "cert.weak-key"),
        ("1.3.36.3.3.2.8.1.1.7", "cert.key-unsupported"),
    ] {
        let draft = leaf().spki(&spki(oid::EC_PUBLIC_KEY, &named(curve), &[4]));
        assert_eq!(gate(&draft), [expected], "{curve}");
    }
    let dsa = |bits: usize| {
        let mut prime = vec![0xff; bits / 8];
        prime[0] = 0x80;
        let mut parameters = DerWriter::new();
        parameters.sequence(|parameters| {
            parameters.unsigned(&prime).integer(3).integer(2);
        });
        leaf()
            .spki(&spki(oid::DSA, &parameters.into_vec(), &[2, 1, 5]))
            .usages(KeyUsages::DigitalSignature)
    };
    assert_eq!(gate(&dsa(512)), ["cert.weak-key"]);
    assert_eq!(gate(&dsa(2048)), ["cert.weak-key (warning)"]);
    assert_eq!(
        usable(&dsa(2048), Purpose::Encrypt),
        ["cert.key-usage-forbids-encryption"]
    );
}

#[test]
fn a_malformed_key_is_an_encoding_error() {
    let draft = leaf().spki(&spki(
        oid::RSA_ENCRYPTION,
        &element(Tag::NULL, &[]),
        &[1, 2, 3],
    ));
    assert_eq!(gate(&draft), ["cert.encoding-invalid"]);
}

#[test]
fn dates_are_inclusive() {
    let certificate = leaf().days(-1, 1).issued_by("CA", 0);
    let at = |time| codes(&usable_for(&certificate, Purpose::Any, time));
    assert_eq!(at(certificate.not_before()), [""; 0]);
    assert_eq!(at(certificate.not_after()), [""; 0]);
    assert_eq!(
        at(certificate.not_before().plus_seconds(-1)),
        ["cert.not-yet-valid"]
    );
    assert_eq!(
        at(certificate.not_after().plus_seconds(1)),
        ["cert.expired"]
    );
}

#[test]
fn critical_extensions_must_be_processed() {
    let unknown = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.99999.1");
    let draft = leaf().with(unknown, false, &[5, 0]);
    assert_eq!(usable(&draft, Purpose::Any), [""; 0]);
    let draft = leaf().with(unknown, true, &[0x30, 0]);
    assert_eq!(
        usable(&draft, Purpose::Any),
        ["cert.critical-extension-unknown"]
    );
    for id in [
        oid::NAME_CONSTRAINTS,
        oid::POLICY_MAPPINGS,
        oid::CERTIFICATE_POLICIES,
    ] {
        let draft = leaf().with(id, true, &[0x30, 0]);
        assert_eq!(usable(&draft, Purpose::Any), [""; 0], "{id}");
    }
}

#[test]
fn extensions_that_cannot_be_read_grant_nothing() {
    for (id, expected) in [
        (
            oid::KEY_USAGE,
            &[
                "cert.encoding-invalid",
                "cert.key-usage-forbids-signing",
                "cert.key-usage-forbids-encryption",
            ][..],
        ),
        (
            oid::EXTENDED_KEY_USAGE,
            &[
                "cert.encoding-invalid",
                "cert.extended-key-usage-forbids-mail",
            ],
        ),
        (
            oid::SUBJECT_ALT_NAME,
            &["cert.encoding-invalid", "cert.address-missing"],
        ),
        (oid::BASIC_CONSTRAINTS, &["cert.encoding-invalid"]),
        (
            oid::AUTHORITY_KEY_IDENTIFIER,
            &["cert.encoding-invalid (warning)"],
        ),
    ] {
        assert_eq!(gate(&leaf().with(id, false, &[0x30])), expected, "{id}");
    }
}

#[test]
fn an_rsa_key_of_our_own_passes() {
    let key = PrivateKey::generate(KeyType::Rsa2048).unwrap();
    let draft = leaf()
        .spki(key.public_key().spki_der())
        .usages(KeyUsages::DigitalSignature);
    assert_eq!(gate(&draft), [""; 0]);
}
