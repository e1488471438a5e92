use super::*;
use crate::asn1::write::element;
use crate::cms::attributes::Attribute;
use crate::cms::test_signer::{
    AsIs, ED25519, P256, P384, RSA, TestSigner, check, check_all, decode, implicit, object,
    reasons, set_in_order, verify,
};
use crate::cms::{SignerSpec, required_digests, sign_detached};
use crate::crypto::digest::DigestAlgorithm::{Md5, Sha1, Sha256, Sha384, Sha512};
use crate::crypto::digest::WeakDigests;
use crate::crypto::key::KeyType;
use crate::source::Source;
use der::Encode;

pub(super) const CONTENT: &[u8] = b"Content-Type: text/plain\r\n\r\nHello\r\n";

pub(super) fn detached(specs: &[SignerSpec<'_>]) -> Vec<u8> {
    let digests = ContentDigests::of(&mut &CONTENT[..], &required_digests(specs)).unwrap();
    let certificates: Vec<_> = specs.iter().map(|spec| spec.certificate_der).collect();
    sign_detached(&digests, &certificates, specs).unwrap()
}

fn with(attributes: &[Attribute]) -> SignerCheck {
    check(&P256.object(Sha256, CONTENT, attributes), None)
}

#[test]
fn content_type_must_be_there_and_right() {
    let [content_type, digest] = &P256.attributes(Sha256, CONTENT)[..] else {
        panic!("two attributes")
    };
    for attributes in [
        vec![digest.clone()],
        vec![content_type.clone(), content_type.clone(), digest.clone()],
        vec![Attribute::for_content_type(oid::TST_INFO), digest.clone()],
        vec![
            Attribute::new(oid::CONTENT_TYPE, vec![5, 0]),
            digest.clone(),
        ],
    ] {
        let found = with(&attributes);
        assert_eq!(reasons(&found), [Reason::CmsAttributeInvalid]);
        assert!(found.findings[0].detail["attribute"].starts_with("contentType"));
        assert_eq!(
            (found.integrity, found.signature),
            (Check::Pass, Check::Pass)
        );
    }
}

#[test]
fn message_digest_must_be_there_once() {
    let [content_type, digest] = &P256.attributes(Sha256, CONTENT)[..] else {
        panic!("two attributes")
    };
    let found = with(std::slice::from_ref(content_type));
    assert_eq!(reasons(&found), [Reason::CmsMessageDigestMissing]);
    assert_eq!(
        (found.integrity, found.signature),
        (Check::NotChecked, Check::Pass)
    );

    let mut two_values = digest.clone();
    two_values.values.push(vec![4, 0]);
    let mut no_value = digest.clone();
    no_value.values.clear();
    let other = Attribute::for_message_digest(&Sha256.digest(b"other"));
    for digests in [
        vec![digest.clone(), digest.clone()],
        vec![digest.clone(), other.clone()],
        vec![two_values],
        vec![no_value],
    ] {
        let found = with(&[vec![content_type.clone()], digests].concat());
        assert_eq!(
            reasons(&found),
            [Reason::CmsMessageDigestMissing, Reason::CmsAttributeInvalid]
        );
        assert_eq!(
            (found.integrity, found.signature),
            (Check::NotChecked, Check::Pass)
        );
    }
    let found = with(&[content_type.clone(), other]);
    assert_eq!(reasons(&found), [Reason::CmsMessageDigestMismatch]);
    let detail = &found.findings[0].detail;
    assert_eq!(detail["computed"], hex::encode(&Sha256.digest(CONTENT)));
    assert_eq!(detail["signed"], hex::encode(&Sha256.digest(b"other")));
}

#[test]
fn other_known_attributes_must_be_well_formed_and_single() {
    let time = Attribute::for_signing_time(P256.spec().signing_time);
    let capabilities = Attribute::for_capabilities(&[]);
    for added in [
        vec![time.clone(), time],
        vec![Attribute::new(
            oid::SIGNING_TIME,
            element(Tag::UTC_TIME, b"yesterday"),
        )],
        vec![capabilities.clone(), capabilities],
        vec![Attribute::new(oid::SMIME_CAPABILITIES, vec![5, 0])],
        vec![Attribute::new(oid::ENCRYPTION_KEY_PREFERENCE, vec![5, 0])],
        vec![Attribute::new(oid::SIGNING_CERTIFICATE, vec![0x30, 0])],
        vec![Attribute::new(oid::SIGNING_CERTIFICATE_V2, vec![5, 0])],
    ] {
        let found = with(&[P256.attributes(Sha256, CONTENT), added].concat());
        assert_eq!(reasons(&found), [Reason::CmsAttributeInvalid]);
        assert_eq!(
            (found.integrity, found.signature),
            (Check::Pass, Check::Pass)
        );
    }
    // What is not known may be as it likes.
    let unknown = Attribute {
        oid: ObjectIdentifier::new_unwrap("1.2.3"),
        values: vec![],
    };
    let found = with(
        &[
            P256.attributes(Sha256, CONTENT),
            vec![unknown.clone(), unknown],
        ]
        .concat(),
    );
    assert_eq!(reasons(&found), []);
}

#[test]
fn another_certificate_of_the_same_key_is_noticed() {
    let object = detached(&[P256.spec()]);
    let signed_data = decode(&object).unwrap();
    let digests = ContentDigests::of(&mut &CONTENT[..], &[Sha256]).unwrap();
    let content = SignedContent {
        content_type: oid::DATA,
        digests: &digests,
        octets: &AsIs(Source::from_bytes(CONTENT.to_vec())),
    };
    let key = P256.key.public_key();
    let mut foreign = P256.certificate.clone();
    if let Some(last) = foreign.last_mut() {
        *last ^= 1;
    }
    let signer = &signed_data.signer_infos[0];
    for (certificate, expected) in [
        (&P256.certificate, &[][..]),
        (&foreign, &[Reason::CmsSigningCertificateMismatch]),
    ] {
        let found = verify(signer, content, (certificate, key), WeakDigests::Reject);
        assert_eq!(reasons(&found), expected);
        assert_eq!(
            (found.integrity, found.signature),
            (Check::Pass, Check::Pass)
        );
    }
    let p384 = (&*P384.certificate, P384.key.public_key());
    let found = verify(signer, content, p384, WeakDigests::Reject);
    assert_eq!(
        reasons(&found),
        [
            Reason::CmsSigningCertificateMismatch,
            Reason::CmsSignatureInvalid
        ]
    );
    let rsa = (&*RSA.certificate, RSA.key.public_key());
    let found = verify(signer, content, rsa, WeakDigests::Reject);
    assert_eq!(found.signature, Check::Fail);

    let found = signer.check_integrity(content, WeakDigests::Reject);
    assert_eq!(
        (found.integrity, found.signature),
        (Check::Pass, Check::NotChecked)
    );
}

/// Whoever knows names is asked whether the issuer and serial number are those of the certificate.
#[test]
fn the_issuer_in_the_attribute_is_compared_by_whoever_knows_names() {
    let signed_data = decode(&detached(&[P256.spec()])).unwrap();
    let digests = ContentDigests::of(&mut &CONTENT[..], &[Sha256]).unwrap();
    let own = CertificateIdentifier::of_certificate(&P256.certificate).unwrap();
    for (answer, expected) in [
        (true, &[][..]),
        (false, &[Reason::CmsSigningCertificateMismatch]),
    ] {
        let content = SignedContent {
            content_type: oid::DATA,
            digests: &digests,
            octets: &AsIs(Source::from_bytes(CONTENT.to_vec())),
        };
        let certificate = SignerCertificate {
            der: &P256.certificate,
            public_key: P256.key.public_key(),
            is_named_by: &|named| {
                assert_eq!(*named, own);
                answer
            },
        };
        let signer = &signed_data.signer_infos[0];
        let found = signer.verify(content, certificate, WeakDigests::Reject);
        assert_eq!(reasons(&found.unwrap()), expected);
    }
}

#[test]
fn the_older_signing_certificate_attribute_is_checked_too() {
    for (certificate, expected) in [
        (&P256.certificate, &[][..]),
        (&P384.certificate, &[Reason::CmsSigningCertificateMismatch]),
    ] {
        let hash = element(Tag::OCTET_STRING, &Sha1.digest(certificate));
        let value = (0..3).fold(hash, |inner, _| element(Tag::SEQUENCE, &inner));
        let added = vec![Attribute::new(oid::SIGNING_CERTIFICATE, value)];
        let found = with(&[P256.attributes(Sha256, CONTENT), added].concat());
        assert_eq!(reasons(&found), expected);
    }
    let unknown = vec![0x30, 11, 0x30, 9, 0x30, 7, 0x30, 3, 6, 1, 0x2a, 4, 0];
    let added = vec![Attribute::new(oid::SIGNING_CERTIFICATE_V2, unknown)];
    let found = with(&[P256.attributes(Sha256, CONTENT), added].concat());
    assert_eq!(reasons(&found), [Reason::CmsDigestUnsupported]);
}

#[test]
fn the_algorithms_that_were_signed_are_those_of_the_signer() {
    let algorithm = |oid: &ObjectIdentifier, null: bool| {
        let parameters = element(Tag::NULL, &[]);
        let oid = oid.to_der().unwrap();
        [&oid[..], if null { &parameters } else { &[] }].concat()
    };
    let protection = |digest: &[u8], signature: &[u8], tag: u32| {
        let fields = [
            element(Tag::SEQUENCE, digest),
            element(Tag::context(tag), signature),
        ];
        element(Tag::SEQUENCE, &fields.concat())
    };
    let found = |values: Vec<Vec<u8>>| {
        let mut attributes = P256.attributes(Sha256, CONTENT);
        attributes.push(Attribute {
            oid: oid::CMS_ALGORITHM_PROTECTION,
            values,
        });
        let found = with(&attributes);
        assert_eq!(found.signature, Check::Pass);
        reasons(&found)
    };
    let [sha256, sha512] = [oid::SHA256, oid::SHA512].map(|oid| algorithm(&oid, false));
    let [ours, other] =
        [oid::ECDSA_WITH_SHA256, oid::ECDSA_WITH_SHA1].map(|oid| algorithm(&oid, false));
    let good = protection(&sha256, &ours, 1);
    assert_eq!(found(vec![good.clone()]), []);
    let with_null = protection(&algorithm(&oid::SHA256, true), &ours, 1);
    assert_eq!(found(vec![with_null]), []);
    for values in [
        vec![protection(&sha512, &ours, 1)],
        vec![protection(&sha256, &other, 1)],
        vec![protection(&[&sha256[..], &[4, 0]].concat(), &ours, 1)],
        // A MAC is none of a signer.
        vec![protection(&sha256, &ours, 2)],
        vec![element(Tag::SEQUENCE, &element(Tag::SEQUENCE, &sha256))],
        vec![element(Tag::SET, &good[2..])],
        vec![good.clone(), good],
        vec![],
    ] {
        assert_eq!(found(values), [Reason::CmsAttributeInvalid]);
    }
}

#[test]
fn weak_digests_are_computed_and_rejected() {
    for (digest, weak, expected) in [
        (Sha1, WeakDigests::Reject, &[Reason::CmsDigestWeak][..]),
        (Sha1, WeakDigests::AcceptSha1, &[]),
        (Md5, WeakDigests::Reject, &[Reason::CmsDigestWeak]),
        (Md5, WeakDigests::AcceptSha1, &[Reason::CmsDigestWeak]),
    ] {
        let object = RSA.object(digest, CONTENT, &RSA.attributes(digest, CONTENT));
        let checks = check_all(&object, None, weak).unwrap();
        let found = checks[0].as_ref().unwrap();
        assert_eq!(reasons(found), expected);
        assert_eq!(
            (found.integrity, found.signature),
            (Check::Pass, Check::Pass)
        );
        assert_eq!(found.digest_name, digest.name());

        let object = RSA.object(digest, CONTENT, &RSA.attributes(digest, b"other"));
        let checks = check_all(&object, None, weak).unwrap();
        let found = checks[0].as_ref().unwrap();
        assert_eq!(
            (found.integrity, found.signature),
            (Check::Fail, Check::Pass)
        );
    }
}

#[test]
fn unknown_algorithms_are_named() {
    let set = set_in_order(&P256.attributes(Sha256, CONTENT));
    let ecdsa = P256.key.signature_algorithm(None);
    let ecdsa = ecdsa.algorithm_identifier().unwrap().to_der().unwrap();
    let object_of = |digest, algorithm: &[u8]| {
        let signer = P256.signer_info_of(digest, &implicit(&set), algorithm, &[1]);
        object(
            oid::DATA,
            Some(CONTENT),
            &[Sha256],
            &[&P256.certificate],
            &[signer],
        )
    };
    let found = check(&object_of(&oid::SHA3_256, &ecdsa), None);
    assert_eq!(found.findings[0].reason, Reason::CmsDigestUnsupported);
    let name = "sha3-256 (2.16.840.1.101.3.4.2.8)";
    assert_eq!(
        (&*found.digest_name, &*found.findings[0].detail["algorithm"]),
        (name, name)
    );
    assert_eq!(found.integrity, Check::NotChecked);

    let unknown = [0x30, 3, 6, 1, 0x2a];
    let found = check(&object_of(&oid::SHA256, &unknown), None);
    assert_eq!(reasons(&found), [Reason::CmsSignatureAlgorithmUnsupported]);
    assert_eq!(
        (
            &*found.signature_name,
            &*found.findings[0].detail["algorithm"]
        ),
        ("1.2", "1.2")
    );
    assert_eq!(
        (found.integrity, found.signature),
        (Check::Pass, Check::NotChecked)
    );
}

#[test]
fn a_signature_algorithm_with_another_digest_is_rejected() {
    let set = set_in_order(&RSA.attributes(Sha256, CONTENT));
    for signed_with in [Sha256, Sha512] {
        let algorithm = RSA.key.signature_algorithm(Some(signed_with));
        let signature = RSA.key.sign(&algorithm, Signed::Message(&set)).unwrap();
        let named = RSA.key.signature_algorithm(Some(Sha512));
        let named = named.algorithm_identifier().unwrap().to_der().unwrap();
        let signer = RSA.signer_info_of(&oid::SHA256, &implicit(&set), &named, &signature);
        let object = object(
            oid::DATA,
            Some(CONTENT),
            &[Sha256],
            &[&RSA.certificate],
            &[signer],
        );
        let found = check(&object, None);
        assert_eq!(reasons(&found), [Reason::CmsSignatureAlgorithmUnsupported]);
        assert_eq!(
            (found.integrity, found.signature),
            (Check::Pass, Check::NotChecked)
        );
    }
}

fn without_attributes(
    content_type: ObjectIdentifier,
    content: &[u8],
    signer: &TestSigner,
    signed: &[u8],
) -> Vec<u8> {
    let digest = signer.key.signature_algorithm(None).digest();
    let info = signer.signer_info(digest, &[], Signed::Message(signed));
    object(
        content_type,
        Some(content),
        &[digest],
        &[&signer.certificate],
        &[info],
    )
}

#[test]
fn without_signed_attributes_the_signature_covers_the_content() {
    for signer in [&*RSA, &*P256, &*P384, &*ED25519] {
        let found = check(
            &without_attributes(oid::DATA, CONTENT, signer, CONTENT),
            None,
        );
        assert_eq!(reasons(&found), []);
        assert_eq!(
            (found.integrity, found.signature),
            (Check::Pass, Check::Pass)
        );
        assert_eq!(found.attributes_encoding, None);

        let found = check(
            &without_attributes(oid::DATA, CONTENT, signer, b"other"),
            None,
        );
        assert_eq!(reasons(&found), [Reason::CmsSignatureInvalid]);
        assert_eq!(
            (found.integrity, found.signature),
            (Check::NotChecked, Check::Fail)
        );
    }
    let found = check(
        &without_attributes(oid::TST_INFO, CONTENT, &P256, CONTENT),
        None,
    );
    assert_eq!(reasons(&found), [Reason::CmsSignedAttributesMissing]);
    assert_eq!(
        (found.integrity, found.signature),
        (Check::Pass, Check::Pass)
    );
}

/// Drops the attributes of a good message and puts their DER in place of its content.
#[test]
fn signed_attributes_passed_off_as_content_are_rejected() {
    let signed_data = decode(&detached(&[P256.spec()])).unwrap();
    let attributes = signed_data.signer_infos[0]
        .signed_attributes
        .clone()
        .unwrap();
    let (_, set) = attributes.encodings().remove(0);
    let algorithm = P256
        .key
        .signature_algorithm(None)
        .algorithm_identifier()
        .unwrap();
    let signer = P256.signer_info_of(
        &oid::SHA256,
        &[],
        &algorithm.to_der().unwrap(),
        &signed_data.signer_infos[0].signature,
    );
    let object = object(
        oid::DATA,
        Some(&set),
        &[Sha256],
        &[&P256.certificate],
        &[signer],
    );
    let found = check(&object, None);
    assert_eq!(found.signature, Check::Pass);
    assert_eq!(reasons(&found), [Reason::CmsAttributeInvalid]);
}

#[test]
fn sets_that_could_be_signed_attributes_are_told_from_content() {
    let resembles = |content: &[u8]| {
        resembles_signed_attributes(&ContentDigests::of(&mut &content[..], &[Sha256]).unwrap())
    };
    let required = P256.attributes(Sha256, CONTENT);
    let large = Attribute::new(
        ObjectIdentifier::new_unwrap("1.2.3"),
        element(Tag::OCTET_STRING, &vec![0; limits::CONTENT_PREFIX]),
    );
    for attribute in &required {
        assert!(resembles(&set_in_order(std::slice::from_ref(attribute))));
        assert!(resembles(&set_in_order(&[
            large.clone(),
            attribute.clone()
        ])));
        let der = set_in_order(std::slice::from_ref(attribute));
        assert!(resembles(&[&[0x31, 0x80], &der[2..], &[0, 0]].concat()));
    }
    for content in [
        CONTENT,
        b"",
        b"1",
        b"10: this is text that begins with the tag of a set, as text may",
        &[b'1'; 100],
        &[b'1'; 2 * limits::CONTENT_PREFIX],
        &element(Tag::SET, &[5, 0]),
        &element(Tag::SEQUENCE, &set_in_order(&required)),
    ] {
        assert!(!resembles(content), "{content:02x?}");
    }
}

#[test]
fn several_signers_are_judged_each_for_itself() {
    let other = TestSigner::new(KeyType::EcP256, 9);
    let good = set_in_order(&P384.attributes(Sha384, CONTENT));
    let bad = set_in_order(&other.attributes(Sha256, b"other"));
    let signers = [
        P384.signer_info(Sha384, &implicit(&good), Signed::Message(&good)),
        other.signer_info(Sha256, &implicit(&bad), Signed::Message(&bad)),
    ];
    let certificates = [&P384.certificate[..], &other.certificate];
    let object = object(oid::DATA, Some(CONTENT), &[Sha384], &certificates, &signers);
    let checks = check_all(&object, None, WeakDigests::Reject).unwrap();
    assert_eq!(reasons(checks[0].as_ref().unwrap()), []);
    assert_eq!(
        reasons(checks[1].as_ref().unwrap()),
        [Reason::CmsMessageDigestMismatch]
    );
}
