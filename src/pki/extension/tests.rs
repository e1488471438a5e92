use super::*;

fn tlv(tag: u8, value: &[u8]) -> Vec<u8> {
    [&[tag, u8::try_from(value.len()).unwrap()], value].concat()
}

fn extension(id: ObjectIdentifier, rest: &[Vec<u8>]) -> Vec<u8> {
    let id = tlv(tag::OBJECT_IDENTIFIER, id.as_bytes());
    tlv(tag::SEQUENCE, &[id, rest.concat()].concat())
}

#[test]
fn an_explicit_false_is_read_and_a_duplicate_refused() {
    let value = tlv(tag::OCTET_STRING, &[0x03, 0x02, 0x07, 0x80]);
    let usage = extension(oid::KEY_USAGE, &[tlv(tag::BOOLEAN, &[0]), value.clone()]);
    let all = Extension::decode_all(&tlv(tag::SEQUENCE, &usage)).unwrap();
    assert!(!all[0].is_critical());
    assert_eq!(*all[0].id(), oid::KEY_USAGE);
    assert!(all[0].check().is_ok());
    let twice = [usage, extension(oid::KEY_USAGE, &[value])].concat();
    assert!(matches!(
        Extension::decode_all(&tlv(tag::SEQUENCE, &twice)),
        Err(CertificateError::DuplicateExtension { .. })
    ));
}

#[test]
fn key_usage_bits_keep_their_numbers() {
    let names = |der: &[u8]| {
        let usages = key_usage(der).ok()?;
        Some(usage_names(usages).collect::<Vec<_>>().join(" "))
    };
    let named = |der: &[u8]| names(der).unwrap();
    assert_eq!(named(&[3, 2, 1, 6]), "keyCertSign cRLSign");
    assert_eq!(named(&[3, 3, 7, 0, 0x80]), "decipherOnly");
    assert_eq!(
        named(&[3, 2, 0, 0xff]),
        "digitalSignature nonRepudiation keyEncipherment dataEncipherment keyAgreement keyCertSign \
         cRLSign encipherOnly"
    );
    assert_eq!(named(&[3, 3, 0, 0x80, 0]), "digitalSignature");
    assert_eq!(named(&[3, 1, 0]), "");
    for der in [&[3, 0][..], &[3, 1, 8], &[4, 2, 7, 0x80], &[3, 2, 7]] {
        assert_eq!(names(der), None, "{der:02x?}");
    }
}

#[test]
fn basic_constraints_with_and_without_defaults() {
    let read = |der: &[u8]| {
        BasicConstraints::decode(der)
            .ok()
            .map(|constraints| (constraints.ca, constraints.path_length))
    };
    assert_eq!(read(&[0x30, 0]), Some((false, None)));
    assert_eq!(read(&[0x30, 3, 1, 1, 0]), Some((false, None)));
    assert_eq!(read(&[0x30, 6, 1, 1, 0xff, 2, 1, 3]), Some((true, Some(3))));
    let huge = [0x30, 10, 1, 1, 0xff, 2, 5, 1, 0, 0, 0, 0];
    assert_eq!(read(&huge), Some((true, Some(u32::MAX))));
    assert_eq!(read(&[0x30, 6, 1, 1, 0xff, 2, 1, 0xff]), None);
    assert_eq!(read(&[0x30, 4, 1, 2, 0xff, 0xff]), None);
}

#[test]
fn values_that_cannot_be_read_are_named() {
    for id in [
        oid::KEY_USAGE,
        oid::BASIC_CONSTRAINTS,
        oid::EXTENDED_KEY_USAGE,
        oid::SUBJECT_ALT_NAME,
        oid::SUBJECT_KEY_IDENTIFIER,
        oid::AUTHORITY_KEY_IDENTIFIER,
        oid::AUTHORITY_INFO_ACCESS,
    ] {
        let der = extension(id, &[tlv(tag::OCTET_STRING, &[0x30])]);
        let all = Extension::decode_all(&tlv(tag::SEQUENCE, &der)).unwrap();
        assert!(all[0].check().is_err(), "{id}");
    }
}

#[test]
fn authority_identifiers_and_urls() {
    let der = tlv(
        tag::SEQUENCE,
        &[
            tlv(0x80, &[1, 2, 3]),
            tlv(0xa1, &tlv(0xa4, &[0x30, 0])),
            tlv(0x82, &[5]),
        ]
        .concat(),
    );
    let identifier = AuthorityKeyIdentifier::decode(&der).unwrap();
    assert_eq!(identifier.key_identifier, Some(vec![1, 2, 3]));
    assert!(identifier.issuer.unwrap().is_empty());
    assert_eq!(identifier.serial.unwrap().to_string(), "05");

    let access = |method: ObjectIdentifier, url: &str| {
        let method = tlv(tag::OBJECT_IDENTIFIER, method.as_bytes());
        tlv(tag::SEQUENCE, &[method, tlv(0x86, url.as_bytes())].concat())
    };
    let ocsp = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1");
    let der = tlv(
        tag::SEQUENCE,
        &[
            access(ocsp, "http://ocsp.example.com"),
            access(oid::CA_ISSUERS, "http://example.com/ca.cer"),
        ]
        .concat(),
    );
    assert_eq!(ca_issuers(&der).unwrap(), ["http://example.com/ca.cer"]);
}
