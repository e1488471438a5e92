//! Checks of certificates, CRLs and the files that hold them.

use smime::pki::certificate_file::{CertificateFile, FileKind};
use smime::pki::pkcs12::{self, Format};
use smime::pki::{
    Certificate, CertificateList, CertificationRequest, Purpose, Role, deviations, inspect,
    usable_for,
};

use super::world::{WORLD, time};

/// A certificate is read or refused; everything that is asked of one has an answer.
pub(crate) fn certificate(octets: &[u8]) {
    let _ = CertificationRequest::read(octets);
    let Ok(certificate) = Certificate::decode(octets) else {
        return;
    };
    assert_eq!(certificate.der(), octets);
    assert_eq!(
        Certificate::decode(certificate.der())
            .unwrap()
            .fingerprint(),
        certificate.fingerprint()
    );
    let _ = (
        certificate.subject().to_string(),
        certificate.issuer().to_string(),
    );
    assert_eq!(certificate.subject(), &certificate.subject().clone());
    certificate.addresses();
    certificate.is_ca();
    certificate.ca_issuers();
    certificate.authority_key_identifier();
    for role in [Role::EndEntity, Role::Authority] {
        inspect(&certificate, role);
    }
    for purpose in [
        Purpose::Sign,
        Purpose::Encrypt,
        Purpose::Any,
        Purpose::SignLists,
    ] {
        usable_for(&certificate, purpose, time());
    }
    deviations(&certificate);
    for issuer in [&certificate, &WORLD.ca] {
        if let Ok(key) = issuer.public_key() {
            let _ = certificate.verify_signature(&key);
        }
    }
}

/// The same of a CRL.
pub(crate) fn certificate_list(octets: &[u8]) {
    let Ok(list) = CertificateList::decode(octets) else {
        return;
    };
    assert_eq!(list.der(), octets);
    list.number();
    list.base_number();
    list.scope();
    list.authority_key_identifier();
    list.unknown_critical_extension();
    list.entries_are_understood();
    list.find_entry(WORLD.ca.subject(), WORLD.alice.certificate.serial());
    let key = WORLD.ca.public_key().unwrap();
    let _ = list.verify_signature(&key);
}

/// A file of certificates: PEM, DER or PKCS #7.
pub(crate) fn certificate_file(octets: &[u8]) {
    let kind = FileKind::of(octets);
    let file = CertificateFile::read(octets);
    let _ = format!("{kind:?}");
    for certificate in &file.certificates {
        assert!(!certificate.der().is_empty());
    }
}

/// PKCS #12 with a passphrase that may be right; what was read can be written and read again, and how
/// it is built showed before.
pub(crate) fn pkcs12(octets: &[u8]) {
    let outline = pkcs12::outline(octets);
    for passphrase in ["", "fuzz"] {
        let Ok(contents) = pkcs12::decode(octets, passphrase) else {
            continue;
        };
        let sealed = outline.as_ref().unwrap();
        assert_eq!(sealed.integrity, contents.outline.integrity);
        assert_eq!(sealed.safes.len(), contents.outline.safes.len());
        if contents.keys.len() + contents.certificates.len() > 4 {
            continue;
        }
        let written = pkcs12::encode(&contents, "fuzz", Format::Legacy);
        let Ok(written) = written else {
            continue;
        };
        let again = pkcs12::decode(&written, "fuzz").unwrap();
        assert_eq!(again.certificates.len(), contents.certificates.len());
        assert_eq!(again.keys.len(), contents.keys.len());
    }
}
