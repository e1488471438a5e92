//! The reader of BER beside another one, rasn-cms: whatever form an object takes, both read the same
//! from it; and where something in it was damaged, both read the same or one of them nothing.

use std::io::Write;
use std::sync::LazyLock;

use proptest::prelude::*;

use super::test_recipient::{by_serial, decrypt, keys, spec, write};
use super::test_signer::{P256, P384, RSA, check_all};
use super::{ContentDigests, Object, SignedDataWriter, required_digests};
use crate::asn1::ber::transcoding::{Choices, DER, INDEFINITE, NON_MINIMAL, always, transcode};
use crate::asn1::oid;
use crate::crypto::content::ContentCipher;
use crate::crypto::digest::{DigestAlgorithm, WeakDigests};
use crate::verdict::Check;
use view::{ours, theirs};

mod view;

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
