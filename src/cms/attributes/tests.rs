use super::*;

fn received(attributes: &[Attribute]) -> SignedAttributes {
    let concatenated: Vec<u8> = attributes
        .iter()
        .flat_map(|attribute| attribute.to_der())
        .collect();
    let mut raw = vec![0xa0, 0x82];
    raw.extend((concatenated.len() as u16).to_be_bytes());
    raw.extend(concatenated);
    let der = crate::asn1::ber::to_der(&raw).unwrap();
    SignedAttributes::decode(Element { raw, der }).unwrap()
}

#[test]
fn what_is_written_is_read_back() {
    let time = Time::parse_rfc3339("2026-11-24T08:00:00Z").unwrap();
    let name = [0x30, 0x02, 0x31, 0x00];
    let attributes = received(&[
        Attribute::for_content_type(oid::DATA),
        Attribute::for_message_digest(&[7; 32]),
        Attribute::for_signing_time(time),
        Attribute::for_capabilities(&[vec![0x30, 0]]),
        Attribute::for_encryption_key_preference(&name, &[5]),
    ]);
    assert_eq!(attributes.content_type(), Ok(Some(oid::DATA)));
    assert_eq!(attributes.message_digest(), Ok(Some(vec![7; 32])));
    assert_eq!(attributes.signing_time(), Ok(Some(time)));
    assert_eq!(attributes.capabilities(), Ok(Some(vec![0x30, 2, 0x30, 0])));
    let preference = attributes.encryption_key_preference().unwrap().unwrap();
    assert!(preference.matches(&name, &[5], None));
    assert_eq!(attributes.signing_certificates(), Ok(vec![]));
}

#[test]
fn every_form_of_the_key_preference() {
    let name = [0x30, 0x02, 0x31, 0x00];
    let by_key = CertificateIdentifier::KeyIdentifier(vec![1, 2]);
    for (oid, value, expected) in [
        (
            oid::ENCRYPTION_KEY_PREFERENCE,
            vec![0xa1, 4, 4, 2, 1, 2],
            Some(&by_key),
        ),
        (
            oid::ENCRYPTION_KEY_PREFERENCE,
            vec![0x82, 2, 1, 2],
            Some(&by_key),
        ),
        (oid::ENCRYPTION_KEY_PREFERENCE, vec![0x83, 2, 1, 2], None),
        (oid::ENCRYPTION_KEY_PREFERENCE, vec![0x30, 0], None),
        (oid::MS_ENCRYPTION_KEY_PREFERENCE, vec![0x30, 0], None),
    ] {
        let attributes = received(&[Attribute::new(oid, value)]);
        let found = attributes.encryption_key_preference();
        assert_eq!(found.clone().ok().flatten().as_ref(), expected);
        assert_eq!(found.is_err(), expected.is_none());
    }
    let microsoft = [&[0x30, 7], &name[..], &[2, 1, 5]].concat();
    let attributes = received(&[Attribute::new(oid::MS_ENCRYPTION_KEY_PREFERENCE, microsoft)]);
    let found = attributes.encryption_key_preference().unwrap().unwrap();
    assert!(found.matches(&name, &[5], None));
}

#[test]
fn an_attribute_twice_or_with_several_values_is_an_error() {
    let digest = Attribute::for_message_digest(&[7; 32]);
    let twice = received(&[digest.clone(), digest.clone()]);
    assert_eq!(
        twice.message_digest().unwrap_err().problem,
        "occurs more than once"
    );
    for (values, problem) in [
        (vec![], "has no value"),
        (vec![vec![4, 0], vec![4, 0]], "has several values"),
        (vec![vec![5, 0]], "is malformed"),
    ] {
        let attribute = Attribute {
            oid: oid::MESSAGE_DIGEST,
            values,
        };
        let error = received(&[attribute]).message_digest().unwrap_err();
        assert_eq!(error.problem, problem);
    }
}

#[test]
fn the_order_received_is_kept_and_der_is_offered() {
    let time = Time::from_unix(0).unwrap();
    let in_order = [
        Attribute::for_content_type(oid::DATA),
        Attribute::for_signing_time(time),
        Attribute::for_message_digest(&[7; 32]),
    ];
    let mut reversed = in_order.clone();
    reversed.reverse();
    let attributes = received(&reversed);
    let encodings = attributes.encodings();
    let kinds: Vec<_> = encodings.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(
        kinds,
        [
            AttributesEncoding::Received,
            AttributesEncoding::DerLengths,
            AttributesEncoding::Der
        ]
    );
    assert_eq!(encodings[2].1, encode_set(&in_order));
    assert!(encodings.iter().all(|(_, octets)| octets[0] == SET));
    assert_eq!(attributes.all()[0].oid, oid::MESSAGE_DIGEST);

    let raw = encode_set(&in_order);
    let der = raw.clone();
    let attributes = SignedAttributes::decode(Element { raw, der }).unwrap();
    assert_eq!(attributes.encodings().len(), 1);
}

#[test]
fn what_is_no_set_of_attributes_is_none() {
    for der in [
        &[][..],
        &[0x31, 1],
        &[0x31, 2, 0x30, 0],
        &[0x31, 2, 5, 0],
        &[0x31, 7, 0x30, 5, 6, 1, 0x2a, 0x30, 0],
        &[0x31, 9, 0x30, 7, 6, 1, 0x2a, 0x31, 0, 5, 0],
        &[0x31, 0, 0],
    ] {
        assert_eq!(decode_set(der), None, "{der:02x?}");
    }
    assert_eq!(
        decode_set(&[0x31, 7, 0x30, 5, 6, 1, 0x2a, 0x31, 0]).map(|set| set.len()),
        Some(1)
    );
}

#[test]
fn the_capabilities_announced_are_algorithms_that_are_read() {
    use der::{Decode, Encode};
    use spki::AlgorithmIdentifierOwned;

    use crate::crypto::agreement::{KeyAgreement, KeyDerivation};
    use crate::crypto::content::ContentCipher;
    use crate::crypto::digest::DigestAlgorithm::Sha256;
    use crate::crypto::key_wrap::KeyWrap;
    use crate::crypto::signature::SignatureAlgorithm;
    use crate::crypto::transport::KeyTransport;

    let mut capabilities = default_capabilities().into_iter();
    for cipher in ContentCipher::OFFERED {
        let der = capabilities.next().unwrap();
        let identifier = AlgorithmIdentifierOwned::from_der(&der).unwrap();
        assert_eq!(
            (identifier.oid, identifier.parameters),
            (cipher.oid(), None)
        );
    }
    let oaep = KeyTransport::oaep().algorithm_identifier().unwrap();
    assert_eq!(capabilities.next(), Some(oaep.to_der().unwrap()));
    for kdf in [KeyDerivation::X963(Sha256), KeyDerivation::Hkdf(Sha256)] {
        for wrap in [KeyWrap::Aes256, KeyWrap::Aes128] {
            let agreement = KeyAgreement::standard(kdf, wrap)
                .algorithm_identifier()
                .unwrap();
            assert_eq!(capabilities.next(), Some(agreement.to_der().unwrap()));
        }
    }
    for name in [
        "ecdsa-sha256",
        "ecdsa-sha384",
        "ecdsa-sha512",
        "ed25519",
        "rsa-pss-sha256",
        "rsa-pss-sha384",
        "rsa-pss-sha512",
        "rsa-sha256",
        "rsa-sha384",
        "rsa-sha512",
    ] {
        let identifier = AlgorithmIdentifierOwned::from_der(&capabilities.next().unwrap());
        let algorithm = SignatureAlgorithm::decode(&identifier.unwrap(), None).unwrap();
        assert_eq!(algorithm.name(), name);
    }
    // RFC 3274 section 2.
    let zlib = [
        0x30, 0x0d, 0x06, 0x0b, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x03, 0x08,
    ];
    assert_eq!(capabilities.next(), Some(zlib.to_vec()));
    assert_eq!(capabilities.next(), None);
}
