//! Checks of the BER reader and the `cms` layer.

use std::io;

use smime::asn1::ber::{BerReader, to_der};
use smime::asn1::dump::{Values, dump};
use smime::asn1::oid;
use smime::cms::{CertificateIdentifier, EnvelopedData, Object, SignedContent, SignedData};
use smime::crypto::digest::WeakDigests;
use smime::pki::Certificate;
use smime::smime::chain::SignedOctets;
use smime::smime::verify_signature;
use smime::source::Source;
use smime::verdict::{Check, rejects};

use super::world::WORLD;

#[path = "../../src/cms/oracle/view.rs"]
mod view;

/// The DER of an element is its own DER, and what an element holds can be shown.
pub(crate) fn ber_reader(octets: &[u8]) {
    let mut lines = 0_usize;
    let ending = dump(octets, Values::Shown, &mut |_| {
        lines += 1;
        Ok(())
    });
    assert!(ending.is_ok());
    let Ok(der) = to_der(octets) else {
        return;
    };
    // A bit string without a segment has an octet less than the empty one.
    assert!(der.len() <= octets.len() * 3 / 2);
    assert_eq!(to_der(&der).unwrap(), der);
}

/// Every signer of a SignedData can be judged; none is accepted whose signature is not that of the
/// certificate.
pub(crate) fn signed_data(octets: &[u8]) {
    let Ok(signed) = SignedData::decode(&mut BerReader::new(octets)) else {
        return;
    };
    judge(&signed);
}

fn judge(signed: &SignedData) {
    let certificates: Vec<Certificate> = signed
        .certificates
        .iter()
        .filter_map(|der| Certificate::decode(der).ok())
        .collect();
    let octets = signed.econtent.clone();
    let octets = octets.unwrap_or_else(|| Source::from_bytes(Vec::new()));
    let content = SignedContent {
        content_type: signed.econtent_type,
        digests: &signed.digests,
        octets: &SignedOctets::AsIs(octets),
    };
    let known = [&WORLD.alice.certificate, &WORLD.ca];
    for info in &signed.signer_infos {
        info.signing_time();
        info.encryption_key_preference();
        for certificate in certificates.iter().chain(known) {
            let Ok(key) = certificate.public_key() else {
                continue;
            };
            let identity = (certificate, &key);
            let check = verify_signature(info, content, identity, WeakDigests::AcceptSha1).unwrap();
            if !rejects(&check.findings) {
                assert_eq!(
                    (check.integrity, check.signature),
                    (Check::Pass, Check::Pass)
                );
            }
        }
    }
}

/// An EnvelopedData is read or refused, and decrypted or not, with every key there is.
pub(crate) fn enveloped_data(octets: &[u8]) {
    if let Ok(enveloped) = EnvelopedData::decode(&mut BerReader::new(octets)) {
        open(&enveloped);
    }
}

/// The same of an AuthEnvelopedData.
pub(crate) fn auth_enveloped_data(octets: &[u8]) {
    if let Ok(enveloped) = EnvelopedData::decode_authenticated(&mut BerReader::new(octets)) {
        assert!(enveloped.is_authenticated());
        open(&enveloped);
    }
}

fn open(enveloped: &EnvelopedData) {
    let _ = enveloped.content_parameters();
    for (index, recipient) in enveloped.recipients.iter().enumerate().take(8) {
        let _ = recipient.check_supported();
        recipient.algorithm();
        for identifier in recipient.identifiers() {
            let _ = format!("{identifier:?}");
        }
        for identity in [&WORLD.alice, &WORLD.bob] {
            let _ = enveloped.decrypt(index, &identity.key, &mut io::sink());
        }
    }
}

/// Any object is read as rasn-cms reads it, or one of the two refuses it.
pub(crate) fn cms_object(octets: &[u8]) {
    if let (Some(ours), Some(theirs)) = (view::ours(octets), view::theirs(octets)) {
        assert_eq!(ours, theirs);
    }
    match Object::decode(octets) {
        Ok(Object::SignedData(signed)) => judge(&signed),
        Ok(Object::EnvelopedData(enveloped) | Object::AuthEnvelopedData(enveloped)) => {
            open(&enveloped);
        }
        Ok(object) => assert_ne!(object.content_type(), oid::SIGNED_DATA),
        Err(_) => {}
    }
    let _ = CertificateIdentifier::KeyIdentifier(octets.to_vec());
}
