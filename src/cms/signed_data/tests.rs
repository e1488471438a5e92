use cms::content_info::ContentInfo;
use der::asn1::Any;

use super::*;
use crate::asn1::write::{DerWriter, element};
use crate::cms::CertificateIdentifier;
use crate::cms::attributes::Attribute;
use crate::cms::test_signer::{
    P256, P384, RSA, TestSigner, check, check_all, decode, implicit, object, object_of, reasons,
    set_in_order,
};
use crate::cms::{SignedDataWriter, SignerSpec, certs_only, required_digests, sign_detached};
use crate::crypto::digest::DigestAlgorithm::{Sha256, Sha384, Sha512};
use crate::crypto::digest::WeakDigests;
use crate::crypto::key::Signed;
use crate::verdict::Check;

const CONTENT: &[u8] = b"Content-Type: text/plain\r\n\r\nHello\r\n";

fn digests(content: &[u8], signers: &[SignerSpec<'_>]) -> ContentDigests {
    ContentDigests::of(&mut &content[..], &required_digests(signers)).unwrap()
}

/// Both opaque forms of a content: DER, then BER.
fn opaque(content: &[u8], signers: &[SignerSpec<'_>]) -> [Vec<u8>; 2] {
    let certificates: Vec<_> = signers
        .iter()
        .map(|signer| signer.certificate_der)
        .collect();
    let content_digests = digests(content, signers);
    let mut der =
        SignedDataWriter::definite(Vec::new(), content_digests, &certificates, signers).unwrap();
    der.write_all(content).unwrap();
    let mut ber = SignedDataWriter::indefinite(Vec::new(), &certificates, signers).unwrap();
    for piece in content.chunks(1000) {
        ber.write_all(piece).unwrap();
    }
    [der.finish().unwrap(), ber.finish().unwrap()]
}

fn accepted(object: &[u8], detached: Option<&[u8]>) -> usize {
    let checks = check_all(object, detached, WeakDigests::Reject).unwrap();
    for check in &checks {
        let check = check.as_ref().unwrap();
        assert_eq!(check.findings, []);
        assert_eq!(
            (check.integrity, check.signature),
            (Check::Pass, Check::Pass)
        );
    }
    checks.len()
}

#[test]
fn detached_signatures_of_every_key_verify() {
    for (signers, digest, signature) in [
        (&[&*RSA][..], "sha256", "rsa-sha256"),
        (&[&*P256], "sha256", "ecdsa-sha256"),
        (&[&*P384], "sha384", "ecdsa-sha384"),
        (&[&*P384, &*RSA, &*P256], "sha384", "ecdsa-sha384"),
    ] {
        let specs: Vec<_> = signers.iter().map(|signer| signer.spec()).collect();
        let certificates: Vec<_> = specs.iter().map(|signer| signer.certificate_der).collect();
        let object = sign_detached(&digests(CONTENT, &specs), &certificates, &specs).unwrap();
        assert_eq!(crate::asn1::ber::to_der(&object).unwrap(), object);
        assert_eq!(accepted(&object, Some(CONTENT)), signers.len());
        // The types of the `cms` crate read it, and write it again the same.
        let info = ContentInfo::from_der(&object).unwrap();
        let read: cms::signed_data::SignedData = info.content.decode_as().unwrap();
        assert_eq!(read.signer_infos.0.len(), signers.len());
        assert_eq!(Any::encode_from(&read).unwrap(), info.content);

        let signed_data = decode(&object).unwrap();
        assert!(signed_data.econtent.is_none());
        assert_eq!(signed_data.econtent_type, oid::DATA);
        assert_eq!(signed_data.certificates.len(), signers.len());
        let by_signer = |signer: &TestSigner| {
            let named = CertificateIdentifier::of_certificate(&signer.certificate);
            let mut infos = signed_data.signer_infos.iter();
            infos
                .position(|info| Some(&info.sid) == named.as_ref())
                .unwrap()
        };
        let index = by_signer(signers[0]);
        let checks = check_all(&object, Some(CONTENT), WeakDigests::Reject).unwrap();
        let check = checks[index].as_ref().unwrap();
        assert_eq!(
            (&*check.digest_name, &*check.signature_name),
            (digest, signature)
        );

        let info = &signed_data.signer_infos[index];
        assert_eq!(info.signing_time(), Some(specs[0].signing_time));
        assert_eq!(info.encryption_key_preference().as_ref(), Some(&info.sid));
        let capabilities = crate::cms::attributes::default_capabilities().concat();
        assert_eq!(
            info.capabilities_der(),
            Some(element(Tag::SEQUENCE, &capabilities))
        );
    }
}

#[test]
fn both_opaque_forms_verify_and_give_the_content_back() {
    let large = vec![b'x'; 150_000];
    for content in [CONTENT, &[], &large] {
        let specs = [RSA.spec(), P384.spec()];
        let [der, ber] = opaque(content, &specs);
        assert_eq!(crate::asn1::ber::to_der(&der).unwrap(), der);
        for object in [der, ber] {
            assert_eq!(accepted(&object, None), 2);
            let read = decode(&object).unwrap().econtent.unwrap();
            assert_eq!(read.read_all(content.len()).unwrap().unwrap(), content);
        }
    }
}

#[test]
fn a_content_that_changes_between_two_passes_is_not_signed() {
    let specs = [P256.spec()];
    let start = || {
        let digests = digests(CONTENT, &specs);
        SignedDataWriter::definite(Vec::new(), digests, &[], &specs).unwrap()
    };
    let mut writer = start();
    let mut changed = CONTENT.to_vec();
    changed[0] ^= 1;
    writer.write_all(&changed).unwrap();
    assert!(matches!(writer.finish(), Err(CmsError::ContentChanged)));
    let mut writer = start();
    writer.write_all(&CONTENT[1..]).unwrap();
    assert!(writer.finish().is_err());
}

#[test]
fn a_digest_that_was_not_computed_is_an_error() {
    let digests = ContentDigests::of(&mut &CONTENT[..], &[Sha512]).unwrap();
    let error = sign_detached(&digests, &[], &[P256.spec()]).unwrap_err();
    assert!(matches!(error, CmsError::DigestMissing(Sha256)));
}

#[test]
fn certificates_alone() {
    let certificates = [&RSA.certificate[..], &P256.certificate, &RSA.certificate];
    let object = certs_only(&certificates).unwrap();
    assert_eq!(crate::asn1::ber::to_der(&object).unwrap(), object);
    let signed_data = decode(&object).unwrap();
    assert_eq!(signed_data.certificates.len(), 2);
    assert!(signed_data.certificates.contains(&P256.certificate));
    assert!(signed_data.signer_infos.is_empty() && signed_data.econtent.is_none());
}

/// The same element with indefinite lengths and OCTET STRINGs in nested pieces, wherever BER allows
/// it without changing octets that a signature or a decoder of DER needs.
fn to_ber(der: &[u8], signed_attributes: Form) -> Vec<u8> {
    let mut reader = BerReader::new(der);
    let mut out = Vec::new();
    copy_as_ber(&mut reader, &mut out, 0, signed_attributes);
    out
}

#[derive(Clone, Copy, PartialEq)]
enum Form {
    AsTheyAre,
    Ber,
}

fn copy_as_ber(reader: &mut BerReader<&[u8]>, out: &mut Vec<u8>, depth: usize, attributes: Form) {
    while let Some(tag) = reader.peek().unwrap() {
        // Certificates are kept as received, and a signer's attributes only if asked so.
        let certificates = depth == 3 && tag == Tag::context(0);
        let signed = depth == 5 && tag == Tag::context(0) && attributes == Form::AsTheyAre;
        if certificates || signed || (!tag.constructed && tag != Tag::OCTET_STRING) {
            out.extend(reader.read_raw(1 << 20).unwrap());
        } else if tag == Tag::OCTET_STRING {
            let content = reader.octet_string(tag).unwrap().read_all(1 << 20).unwrap();
            let (left, right) = content.split_at(content.len() / 2);
            out.extend([0x24, 0x80, 0x24, 0x80]);
            out.extend(element(tag, left));
            out.extend([0, 0]);
            out.extend(element(tag, right));
            out.extend([0, 0]);
        } else {
            reader.enter(tag).unwrap();
            tag.encode(out);
            out.push(0x80);
            copy_as_ber(reader, out, depth + 1, attributes);
            out.extend([0, 0]);
            reader.leave().unwrap();
        }
    }
}

#[test]
fn every_form_of_ber_verifies() {
    let specs = [P256.spec(), RSA.spec()];
    let [der, _] = opaque(CONTENT, &specs);
    for form in [Form::AsTheyAre, Form::Ber] {
        let ber = to_ber(&der, form);
        assert_ne!(ber, der);
        assert_eq!(crate::asn1::ber::to_der(&ber).unwrap(), der);
        assert_eq!(accepted(&ber, None), 2);
        let expected = match form {
            Form::AsTheyAre => "received",
            Form::Ber => "der-lengths",
        };
        for check in check_all(&ber, None, WeakDigests::Reject).unwrap() {
            let encoding = check.unwrap().attributes_encoding.unwrap();
            assert_eq!(encoding.as_str(), expected);
        }
        // Cut anywhere, it is an error and no shorter message.
        for end in 0..ber.len() {
            assert!(decode(&ber[..end]).is_err(), "cut at {end}");
        }
    }
}

#[test]
fn attributes_out_of_order_verify_whichever_order_was_signed() {
    let mut attributes = P256.attributes(Sha256, CONTENT);
    attributes.reverse();
    let received = set_in_order(&attributes);
    let sorted = crate::cms::attributes::encode_set(&attributes);
    assert_ne!(received, sorted);
    for (signed, expected) in [(&received, "received"), (&sorted, "der")] {
        let signer = P256.signer_info(Sha256, &implicit(&received), Signed::Message(signed));
        let object = object(
            oid::DATA,
            Some(CONTENT),
            &[Sha256],
            &[&P256.certificate],
            &[signer],
        );
        assert_eq!(accepted(&object, None), 1);
        let encoding = check(&object, None).attributes_encoding.unwrap();
        assert_eq!(encoding.as_str(), expected);
    }
}

#[test]
fn a_digest_that_was_not_declared_takes_a_second_pass() {
    let attributes = P384.attributes(Sha384, CONTENT);
    let set = set_in_order(&attributes);
    let signer = P384.signer_info(Sha384, &implicit(&set), Signed::Message(&set));
    for declared in [&[][..], &[Sha256], &[Sha256, Sha384]] {
        let object = object(
            oid::DATA,
            Some(CONTENT),
            declared,
            &[&P384.certificate],
            std::slice::from_ref(&signer),
        );
        assert_eq!(accepted(&object, None), 1);
        let signed_data = decode(&object).unwrap();
        assert_eq!(
            signed_data.digests.get(Sha256).is_some(),
            declared.contains(&Sha256)
        );
    }
}

#[test]
fn what_is_no_certificate_spoils_nothing() {
    let garbage = [0x30, 3, 0xff, 0xff, 0xff];
    let attribute_certificate = element(Tag::context(2), &[0xff]);
    let other = element(Tag::context(3), &[6, 1, 0x2a, 5, 0]);
    let certificates = [
        &garbage,
        &attribute_certificate[..],
        &P256.certificate,
        &other,
    ]
    .concat();
    let crl = [0x30, 2, 5, 0];
    let crls = [&crl[..], &element(Tag::context(1), &[])].concat();
    let attributes = P256.attributes(Sha256, CONTENT);
    let set = set_in_order(&attributes);
    let signer = P256.signer_info(Sha256, &implicit(&set), Signed::Message(&set));
    let object = object_of(
        oid::DATA,
        Some(&element(Tag::OCTET_STRING, CONTENT)),
        &[Sha256],
        &[
            element(Tag::context(0), &certificates),
            element(Tag::context(1), &crls),
        ]
        .concat(),
        &[signer],
    );
    assert_eq!(accepted(&object, None), 1);
    let signed_data = decode(&object).unwrap();
    assert_eq!(signed_data.certificates, [&garbage[..], &P256.certificate]);
    assert_eq!(signed_data.other_certificates, 2);
    assert_eq!(signed_data.crls, [crl]);
}

#[test]
fn content_in_the_old_form_is_digested_without_tag_and_length() {
    let inner = element(Tag::OCTET_STRING, b"what is signed");
    let attributes = [
        Attribute::for_content_type(oid::SPC_INDIRECT_DATA),
        Attribute::for_message_digest(&Sha256.digest(&inner)),
    ];
    let set = set_in_order(&attributes);
    let signer = P256.signer_info(Sha256, &implicit(&set), Signed::Message(&set));
    let object_with = |content_type, content: &[u8]| {
        let certificates = element(Tag::context(0), &P256.certificate);
        let signers = std::slice::from_ref(&signer);
        object_of(
            content_type,
            Some(content),
            &[Sha256],
            &certificates,
            signers,
        )
    };
    for content in [
        element(Tag::SEQUENCE, &inner),
        [&[0x30, 0x80], &inner[..], &[0, 0]].concat(),
    ] {
        let object = object_with(oid::SPC_INDIRECT_DATA, &content);
        assert_eq!(accepted(&object, None), 1);
        let read = decode(&object).unwrap().econtent.unwrap();
        assert_eq!(read.read_all(100).unwrap().unwrap(), inner);
        // id-data is an OCTET STRING in either standard.
        assert!(decode(&object_with(oid::DATA, &content)).is_err());
    }
    let twice = [element(Tag::SEQUENCE, &inner), inner].concat();
    assert!(decode(&object_with(oid::SPC_INDIRECT_DATA, &twice)).is_err());
    assert!(decode(&object_with(oid::SPC_INDIRECT_DATA, &[])).is_err());
}

#[test]
fn a_signer_named_by_key_identifier() {
    let attributes = P256.attributes(Sha256, CONTENT);
    let set = set_in_order(&attributes);
    let signer = P256.signer_info(Sha256, &implicit(&set), Signed::Message(&set));
    let identifier = CertificateIdentifier::of_certificate(&P256.certificate).unwrap();
    let CertificateIdentifier::IssuerSerial { issuer_der, serial } = identifier else {
        panic!("no certificate")
    };
    let named = element(
        Tag::SEQUENCE,
        &[issuer_der, element(Tag::INTEGER, &serial)].concat(),
    );
    let at = signer
        .windows(named.len())
        .position(|window| window == named)
        .unwrap();
    for by_key in [&[0x80, 2, 7, 8][..], &[0xa0, 0x80, 4, 1, 7, 4, 1, 8, 0, 0]] {
        let fields = [&[2, 1, 3], by_key, &signer[at + named.len()..]].concat();
        let signer = element(Tag::SEQUENCE, &fields);
        let object = object(oid::DATA, Some(CONTENT), &[Sha256], &[], &[signer]);
        let info = decode(&object).unwrap().signer_infos.remove(0);
        assert_eq!(info.version, 3);
        assert!(info.sid.matches(&[], &[], Some(&[7, 8])));
        assert!(!info.sid.matches(&[], &[], None));
    }
}

#[test]
fn more_than_the_limits_is_an_error() {
    let attributes = P256.attributes(Sha256, CONTENT);
    let set = set_in_order(&attributes);
    let signer = P256.signer_info(Sha256, &implicit(&set), Signed::Message(&set));
    let signers = |count| vec![signer.clone(); count];
    let of_signers = |count| decode(&object(oid::DATA, None, &[Sha256], &[], &signers(count)));
    assert_eq!(
        of_signers(limits::SIGNERS).unwrap().signer_infos.len(),
        limits::SIGNERS
    );
    assert!(matches!(
        of_signers(limits::SIGNERS + 1),
        Err(CmsError::TooMany { .. })
    ));

    let of_certificates = |count| {
        decode(&object(
            oid::DATA,
            None,
            &[],
            &vec![&[0x30, 0][..]; count],
            &[],
        ))
    };
    assert!(of_certificates(limits::CERTIFICATES).is_ok());
    assert!(of_certificates(limits::CERTIFICATES + 1).is_err());
    let of_digests = |count| decode(&object(oid::DATA, None, &vec![Sha256; count], &[], &[]));
    assert!(of_digests(limits::DIGEST_ALGORITHMS).is_ok());
    assert!(of_digests(limits::DIGEST_ALGORITHMS + 1).is_err());

    // Each has one value.
    let of_attributes = |count: usize| {
        let set = set_in_order(&vec![attributes[0].clone(); count]);
        let signer = P256.signer_info(Sha256, &implicit(&set), Signed::Message(&set));
        decode(&object(oid::DATA, None, &[Sha256], &[], &[signer]))
    };
    assert!(of_attributes(limits::ATTRIBUTES / 2).is_ok());
    assert!(of_attributes(limits::ATTRIBUTES / 2 + 1).is_err());
}

#[test]
fn signers_have_short_identifiers_and_signatures() {
    let algorithm = der::Encode::to_der(&Sha256.algorithm_identifier()).unwrap();
    let of = |identifier: usize, signature: usize| {
        let mut signer = DerWriter::new();
        signer.sequence(|fields| {
            fields
                .integer(3)
                .element(Tag::context(0).as_primitive(), &vec![7; identifier])
                .raw(&algorithm)
                .raw(&algorithm)
                .octet_string(&vec![7; signature]);
        });
        decode(&object(
            oid::DATA,
            None,
            &[Sha256],
            &[],
            &[signer.into_vec()],
        ))
    };
    assert!(of(limits::KEY_IDENTIFIER, limits::SIGNATURE).is_ok());
    assert!(of(limits::KEY_IDENTIFIER + 1, limits::SIGNATURE).is_err());
    assert!(of(limits::KEY_IDENTIFIER, limits::SIGNATURE + 1).is_err());
}

#[test]
fn a_size_that_all_parts_share_is_limited() {
    let certificate = element(Tag::SEQUENCE, &vec![0; 1 << 20]);
    let certificates = vec![&certificate[..]; limits::OBJECT_SIZE >> 20];
    let error = decode(&object(oid::DATA, None, &[], &certificates, &[]))
        .err()
        .unwrap();
    assert!(matches!(error, CmsError::TooMany { .. }), "{error}");
}

#[test]
fn reasons_are_none_for_a_good_message() {
    let object = P256.object(Sha256, CONTENT, &P256.attributes(Sha256, CONTENT));
    assert_eq!(reasons(&check(&object, None)), []);
}
