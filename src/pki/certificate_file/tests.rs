use super::*;
use crate::asn1::tag::Tag;
use crate::asn1::write::DerWriter;
use crate::pki::test_pki::{Draft, key_number};

fn certificates() -> [Certificate; 2] {
    [
        Draft::leaf("user", 1).issued_by("Root", 0),
        Draft::ca("Root", 0).self_signed(0),
    ]
}

fn pem(label: &str, der: &[u8]) -> String {
    pem::encode(label, der)
}

/// A certs-only SignedData (RFC 8551 section 3.8) with these elements in its CertificateSet.
fn certs_only(elements: &[Vec<u8>]) -> Vec<u8> {
    let mut object = DerWriter::new();
    object.sequence(|object| {
        object.oid(&oid::SIGNED_DATA);
        object.nested(Tag::context(0), |content| {
            content.sequence(|signed| {
                signed.integer(1).element(Tag::SET, &[]);
                signed.sequence(|content| {
                    content.oid(&oid::DATA);
                });
                signed.element(Tag::context(0), &elements.concat());
                signed.element(Tag::SET, &[]);
            });
        });
    });
    object.into_vec()
}

/// The same with indefinite lengths.
fn certs_only_ber(elements: &[Vec<u8>]) -> Vec<u8> {
    let mut prefix = DerWriter::new();
    prefix.oid(&oid::SIGNED_DATA);
    let signed_data = prefix.into_vec();
    let mut prefix = DerWriter::new();
    prefix
        .integer(1)
        .element(Tag::SET, &[])
        .sequence(|content| {
            content.oid(&oid::DATA);
        });
    let before = prefix.into_vec();
    let end = [0u8, 0];
    [
        &[0x30, 0x80][..],
        &signed_data,
        &[0xa0, 0x80, 0x30, 0x80],
        &before,
        &[0xa0, 0x80],
        &elements.concat(),
        &end,
        &[0x31, 0x00],
        &end,
        &end,
        &end,
    ]
    .concat()
}

fn ders() -> Vec<Vec<u8>> {
    certificates()
        .iter()
        .map(|certificate| certificate.der().to_vec())
        .collect()
}

#[test]
fn every_form_gives_the_same_certificates() {
    let ders = ders();
    let text = format!(
        "subject=somebody\n{}\r\nissuer=else\n{}",
        pem("CERTIFICATE", &ders[0]),
        pem("X509 CERTIFICATE", &ders[1])
    );
    for octets in [
        text.into_bytes(),
        certs_only(&ders),
        certs_only_ber(&ders),
        pem("PKCS7", &certs_only(&ders)).into_bytes(),
        pem("CMS", &certs_only_ber(&ders)).into_bytes(),
    ] {
        let file = CertificateFile::read(&octets);
        assert_eq!(file.certificates, certificates());
        assert!(file.problems.is_empty() && file.keys.is_empty());
    }
    let file = CertificateFile::read(&ders[0]);
    assert_eq!(file.certificates, certificates()[..1]);
}

#[test]
fn one_unreadable_item_spoils_no_other() {
    let ders = ders();
    let bad = vec![0x30, 0x03, 0x02, 0x01, 0x00];
    let text = [
        "-----BEGIN CERTIFICATE-----\n?\n-----END CERTIFICATE-----\n".to_owned(),
        pem("CERTIFICATE", &bad),
        pem("CERTIFICATE", &ders[0]),
        "-----BEGIN CERTIFICATE-----\nAAAA\n".to_owned(),
        pem("TRUSTED CERTIFICATE", &ders[1]),
        pem("X509 CRL", &bad),
        pem("CERTIFICATE", &ders[1]),
    ]
    .concat();
    let file = CertificateFile::read(text.as_bytes());
    assert_eq!(file.certificates, certificates());
    let problems: Vec<String> = file.problems.iter().map(FileProblem::to_string).collect();
    assert_eq!(problems.len(), 5);
    let line = problems[0].strip_prefix("item 1 (PEM): not readable as PEM: line 3: ");
    assert!(line.is_some(), "{problems:?}");
    assert!(problems[1].starts_with("item 2 (CERTIFICATE): not a certificate"));
    assert!(problems[2].starts_with("item 4 (PEM): not readable as PEM: line "));
    assert!(problems[3].starts_with("item 5 (TRUSTED CERTIFICATE): a TRUSTED CERTIFICATE"));
    assert_eq!(
        problems[4],
        "item 6 (X509 CRL): not a certificate or private key"
    );

    // An attribute certificate is passed over, a malformed certificate is named.
    let attribute = vec![0xa2, 0x00];
    let bag = certs_only(&[attribute, bad, ders[0].clone(), ders[1].clone()]);
    let file = CertificateFile::read(&bag);
    assert_eq!(file.certificates, certificates());
    assert_eq!(file.problems.len(), 1);
}

#[test]
fn private_keys_are_taken_along() {
    let key = key_number(1);
    let pkcs8 = key.to_pkcs8().unwrap();
    // An EncryptedPrivateKeyInfo begins with an AlgorithmIdentifier.
    let mut encrypted = DerWriter::new();
    encrypted.sequence(|info| {
        info.sequence(|algorithm| {
            algorithm.oid(&oid::DATA);
        });
        info.octet_string(&[1, 2, 3]);
    });
    let encrypted = encrypted.into_vec();
    let old = "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\
               DEK-Info: AES-128-CBC,00\n\nAAAA\n-----END EC PRIVATE KEY-----\n";
    let text = [
        pem("EC PARAMETERS", &[6, 1, 1]),
        pem("PRIVATE KEY", &pkcs8),
        pem("ENCRYPTED PRIVATE KEY", &encrypted),
        pem("CERTIFICATE", &ders()[0]),
        old.to_owned(),
    ]
    .concat();
    let file = CertificateFile::read(text.as_bytes());
    assert_eq!(file.certificates.len(), 1);
    assert!(matches!(
        &file.keys[..],
        [FileKey::Plain(plain), FileKey::Encrypted(der)]
            if plain.public_key() == key.public_key() && *der == encrypted
    ));
    assert!(matches!(
        &file.problems[..],
        [FileProblem {
            item: 5,
            error: FileError::OldEncryption,
            ..
        }]
    ));
    assert!(matches!(
        &CertificateFile::read(&pkcs8).keys[..],
        [FileKey::Plain(_)]
    ));
    assert!(matches!(
        &CertificateFile::read(&encrypted).keys[..],
        [FileKey::Encrypted(_)]
    ));
}

#[test]
fn kinds_are_told_by_the_first_elements() {
    let ders = ders();
    let key = key_number(1).to_pkcs8().unwrap();
    let pfx = [0x30, 0x05, 0x02, 0x01, 0x03, 0x30, 0x00];
    let bag = certs_only(&ders);
    let pem = pem("ANYTHING", &[]);
    for (octets, kind) in [
        (&ders[0][..], FileKind::Certificate),
        (&bag, FileKind::Pkcs7),
        (&pfx, FileKind::Pkcs12),
        (&key, FileKind::PrivateKey),
        (pem.as_bytes(), FileKind::Pem),
        (b"", FileKind::Unknown),
        (b"hello", FileKind::Unknown),
        (&[0x30, 0x80], FileKind::Unknown),
        (&[0x30, 0x03, 0x02, 0x01, 0x03], FileKind::Unknown),
    ] {
        assert_eq!(FileKind::of(octets), kind, "{octets:02x?}");
    }
}

#[test]
fn files_without_anything_have_a_problem() {
    let enveloped = {
        let mut object = DerWriter::new();
        object.sequence(|object| {
            object.oid(&oid::ENVELOPED_DATA);
        });
        object.into_vec()
    };
    let cut = certs_only(&ders());
    for octets in [
        &b""[..],
        b"hello",
        b"-----BEGIN CERTIFICATE-----\n",
        &enveloped,
        &cut[..cut.len() - 200],
        &certs_only(&[]),
        key_number(1).public_key().spki_der(),
        &[0x30, 0x05, 0x02, 0x01, 0x03, 0x30, 0x00],
    ] {
        let file = CertificateFile::read(octets);
        assert!(file.certificates.is_empty() && file.keys.is_empty());
        assert_eq!(file.problems.len(), 1, "{octets:02x?}");
    }
}
