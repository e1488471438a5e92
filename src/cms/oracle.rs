//! The reader of BER beside another one, rasn-cms: whatever form an object takes, both read the same
//! from it; and where something in it was damaged, both read the same or one of them nothing.

use std::io::Write;
use std::sync::LazyLock;

use proptest::prelude::*;
use rasn_cms as oracle;

use super::test_recipient::{by_serial, decrypt, keys, spec, write};
use super::test_signer::{P256, P384, RSA, check_all};
use super::{ContentDigests, Object, SignedDataWriter, required_digests};
use crate::asn1::ber::transcoding::{Choices, DER, INDEFINITE, NON_MINIMAL, always, transcode};
use crate::asn1::oid;
use crate::crypto::content::ContentCipher;
use crate::crypto::digest::{DigestAlgorithm, WeakDigests};
use crate::verdict::Check;

/// What both readers can tell of an object.
#[derive(Debug, PartialEq, Eq)]
enum View {
    Signed {
        content_type: String,
        content: Option<Vec<u8>>,
        certificates: usize,
        /// Digest, signature algorithm, signature.
        signers: Vec<(String, String, Vec<u8>)>,
    },
    Enveloped {
        content_type: String,
        cipher: String,
        content: Vec<u8>,
        recipients: usize,
        tag: Option<Vec<u8>>,
    },
}

fn ours(octets: &[u8]) -> Option<View> {
    Some(match Object::decode(octets).ok()? {
        Object::SignedData(signed) => {
            let mut signers: Vec<_> = signed
                .signer_infos
                .iter()
                .map(|info| {
                    let digest = info.digest_algorithm.oid.to_string();
                    let algorithm = info.signature_algorithm.oid.to_string();
                    (digest, algorithm, info.signature.clone())
                })
                .collect();
            signers.sort();
            View::Signed {
                content_type: signed.econtent_type.to_string(),
                content: signed
                    .econtent
                    .as_ref()
                    .map(|content| content.read_all(1 << 20).unwrap().unwrap()),
                certificates: signed.certificates.len() + signed.other_certificates,
                signers,
            }
        }
        Object::EnvelopedData(enveloped) | Object::AuthEnvelopedData(enveloped) => {
            View::Enveloped {
                content_type: enveloped.content_type.to_string(),
                cipher: enveloped.content_encryption.oid.to_string(),
                content: enveloped
                    .encrypted_content
                    .read_all(1 << 20)
                    .unwrap()
                    .unwrap(),
                recipients: enveloped.recipients.len(),
                tag: enveloped.authentication.map(|part| part.tag),
            }
        }
        _ => return None,
    })
}

fn text(oid: &rasn::types::ObjectIdentifier) -> String {
    let arcs: Vec<String> = oid.iter().map(u32::to_string).collect();
    arcs.join(".")
}

fn theirs(octets: &[u8]) -> Option<View> {
    let info: oracle::ContentInfo = rasn::ber::decode(octets).ok()?;
    let content = info.content.as_bytes();
    if info.content_type == *oracle::CONTENT_SIGNED_DATA {
        let signed: oracle::SignedData = rasn::ber::decode(content).ok()?;
        let mut signers: Vec<_> = signed
            .signer_infos
            .to_vec()
            .into_iter()
            .map(|info| {
                let digest = text(&info.digest_algorithm.algorithm);
                let algorithm = text(&info.signature_algorithm.algorithm);
                (digest, algorithm, info.signature.to_vec())
            })
            .collect();
        signers.sort();
        return Some(View::Signed {
            content_type: text(&signed.encap_content_info.content_type),
            content: signed
                .encap_content_info
                .content
                .map(|content| content.to_vec()),
            certificates: signed.certificates.map_or(0, |set| set.len()),
            signers,
        });
    }
    let enveloped =
        |info: oracle::EncryptedContentInfo, recipients: &oracle::RecipientInfos, tag| {
            let recipients = recipients
                .to_vec()
                .into_iter()
                .map(|recipient| match recipient {
                    oracle::RecipientInfo::KeyAgreeRecipientInfo(info) => {
                        info.recipient_encrypted_keys.len()
                    }
                    _ => 1,
                });
            Some(View::Enveloped {
                content_type: text(&info.content_type),
                cipher: text(&info.content_encryption_algorithm.algorithm),
                content: info.encrypted_content?.to_vec(),
                recipients: recipients.sum(),
                tag,
            })
        };
    if info.content_type == *oracle::CONTENT_ENVELOPED_DATA {
        let data: oracle::EnvelopedData = rasn::ber::decode(content).ok()?;
        return enveloped(data.encrypted_content_info, &data.recipient_infos, None);
    }
    let authenticated = oid::AUTH_ENVELOPED_DATA.to_string();
    if text(&info.content_type) == authenticated {
        let data: oracle::AuthEnvelopedData = rasn::ber::decode(content).ok()?;
        let tag = Some(data.mac.to_vec());
        return enveloped(data.auth_encrypted_content_info, &data.recipient_infos, tag);
    }
    None
}

const CONTENT: &[u8] = b"Content-Type: text/plain\r\n\r\nHello, hello, hello\r\n";

/// An object in DER, and what in it stays as it is.
struct Sample {
    der: Vec<u8>,
    kept: Vec<&'static [u8]>,
}

/// One of each kind, made once.
fn samples() -> &'static [Sample] {
    static SAMPLES: LazyLock<Vec<Sample>> = LazyLock::new(|| {
        let signers = [P384.spec(), RSA.spec()];
        let certificates = [&P384.certificate[..], &RSA.certificate];
        let digests = required_digests(&signers);
        let digests = ContentDigests::of(&mut { CONTENT }, &digests).unwrap();
        let mut two =
            SignedDataWriter::definite(Vec::new(), digests, &certificates, &signers).unwrap();
        two.write_all(CONTENT).unwrap();
        let attributes = P256.attributes(DigestAlgorithm::Sha256, CONTENT);
        let recipients = [
            spec(&keys().rsa, by_serial(6)),
            spec(&keys().p256, by_serial(7)),
        ];
        let length = Some(CONTENT.len() as u64);
        let enveloped = |cipher| Sample {
            der: write(&recipients, cipher, CONTENT, length),
            kept: Vec::new(),
        };
        vec![
            Sample {
                der: P256.object(DigestAlgorithm::Sha256, CONTENT, &attributes),
                kept: vec![&P256.certificate],
            },
            Sample {
                der: two.finish().unwrap(),
                kept: certificates.to_vec(),
            },
            enveloped(ContentCipher::Aes256Cbc),
            enveloped(ContentCipher::Aes256Gcm),
        ]
    });
    &SAMPLES
}

/// Holds that the object is what it says: its signatures match, or its content comes out.
fn is_genuine(octets: &[u8]) {
    match Object::decode(octets).unwrap() {
        Object::SignedData(_) => {
            for check in check_all(octets, None, WeakDigests::Reject).unwrap() {
                let check = check.unwrap();
                assert_eq!(
                    (check.integrity, check.signature),
                    (Check::Pass, Check::Pass)
                );
                assert_eq!(check.findings, []);
            }
        }
        Object::EnvelopedData(enveloped) | Object::AuthEnvelopedData(enveloped) => {
            for (index, key) in [&keys().rsa, &keys().p256].into_iter().enumerate() {
                assert_eq!(decrypt(&enveloped, index, key).unwrap(), CONTENT);
            }
        }
        _ => panic!("another type"),
    }
}

#[test]
fn every_form_throughout() {
    for sample in samples() {
        let view = ours(&sample.der).unwrap();
        for form in [DER, NON_MINIMAL, INDEFINITE] {
            let choices = always(form);
            let octets = transcode(&sample.der, &sample.kept, &mut Choices::new(&choices));
            assert_eq!(octets == sample.der, form == DER);
            assert_eq!(ours(&octets).as_ref(), Some(&view));
            assert_eq!(theirs(&octets).as_ref(), Some(&view), "form {form}");
            is_genuine(&octets);
        }
    }
}

/// Every octet of every object, with one bit turned.
#[test]
fn every_turned_bit_is_read_alike_or_not_at_all() {
    for sample in samples() {
        let mut both = 0;
        for at in 0..sample.der.len() {
            let mut octets = sample.der.clone();
            octets[at] ^= 1;
            if let (Some(ours), Some(theirs)) = (ours(&octets), theirs(&octets)) {
                assert_eq!(ours, theirs, "octet {at}");
                both += 1;
            }
        }
        // Most octets are of keys, signatures and ciphertext, whose form stays.
        assert!(
            both > sample.der.len() / 3,
            "{both} of {}",
            sample.der.len()
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn every_transcoding_reads_the_same(
        sample in 0usize..4,
        choices in prop::collection::vec(any::<u8>(), 0..1500),
    ) {
        let sample = &samples()[sample];
        let octets = transcode(&sample.der, &sample.kept, &mut Choices::new(&choices));
        let view = ours(&sample.der);
        prop_assert_eq!(&ours(&octets), &view);
        prop_assert_eq!(&theirs(&octets), &view);
        is_genuine(&octets);
    }

    #[test]
    fn damage_is_read_alike_or_not_at_all(
        sample in 0usize..4,
        choices in prop::collection::vec(any::<u8>(), 0..1500),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let sample = &samples()[sample];
        let mut octets = transcode(&sample.der, &sample.kept, &mut Choices::new(&choices));
        for (index, octet) in damage {
            let at = index.index(octets.len());
            octets[at] = octet;
        }
        if let (Some(ours), Some(theirs)) = (ours(&octets), theirs(&octets)) {
            prop_assert_eq!(ours, theirs);
        }
    }
}
