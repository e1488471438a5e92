//! Whatever octet of a signed message is changed, no signer of it is accepted any more.

use std::ops::Range;

use der::Encode;

use super::tests::{CONTENT, detached};
use crate::cms::test_signer::{P256, P384, RSA, TestSigner, check, check_all, reasons};
use crate::crypto::digest::WeakDigests;
use crate::reason::Reason;
use crate::verdict::Check;

/// Whether any signer of an object is accepted without a rejecting finding.
fn accepts(object: &[u8], content: &[u8]) -> bool {
    let Ok(checks) = check_all(object, Some(content), WeakDigests::Reject) else {
        return false;
    };
    checks.iter().flatten().any(|check| {
        let holds = check.integrity == Check::Pass && check.signature == Check::Pass;
        // A check that failed or was not made must never go without a finding that rejects.
        assert!(holds || crate::verdict::rejects(&check.findings));
        !crate::verdict::rejects(&check.findings)
    })
}

#[test]
fn any_change_of_the_content_is_rejected() {
    let object = detached(&[P256.spec()]);
    assert!(accepts(&object, CONTENT));
    for at in 0..CONTENT.len() {
        let mut changed = CONTENT.to_vec();
        for bit in 0..8 {
            changed[at] = CONTENT[at] ^ (1 << bit);
            assert!(!accepts(&object, &changed));
            let found = check(&object, Some(&changed));
            assert_eq!(reasons(&found), [Reason::CmsMessageDigestMismatch]);
            assert_eq!(
                (found.integrity, found.signature),
                (Check::Fail, Check::Pass)
            );
        }
    }
    for length in 0..CONTENT.len() {
        assert!(!accepts(&object, &CONTENT[..length]));
    }
}

/// The octets of `object` that no signature covers and nothing depends on. All others do.
fn uncovered(object: &[u8], signer: &TestSigner) -> Vec<(&'static str, Range<usize>)> {
    let find = |part: &[u8], from: usize| {
        let mut windows = object[from..].windows(part.len());
        let at = from + windows.position(|window| window == part).unwrap();
        at..at + part.len()
    };
    let inner = |range: Range<usize>, skip: usize| range.start + skip..range.end;
    let digest = signer.spec().digest_algorithm();
    let digest_identifier = digest.algorithm_identifier().to_der().unwrap();
    // SignedData.version and SignerInfo.version follow from the rest of the object; many programs
    // write wrong ones, so that they decide nothing (RFC 5652 sections 5.1 and 5.3).
    let version = find(&[2, 1, 1], 0);
    // SignedData.digestAlgorithms is a hint for one-pass processing (RFC 5652 section 5.1): where
    // it is wrong, the content is digested again.
    let declared = find(&digest_identifier, version.end);
    let certificate = find(&signer.certificate, declared.end);
    let signer_version = find(&[2, 1, 1], certificate.end);
    // The parameters of algorithms that have none are not looked at: they cannot change what is
    // computed. Ours are absent but for the NULL of RSA.
    let algorithm = signer.key.signature_algorithm(None);
    let algorithm = algorithm.algorithm_identifier().unwrap().to_der().unwrap();
    let mut list = vec![
        ("version", inner(version, 2)),
        ("declared digest", inner(declared, 2)),
        ("signer's version", inner(signer_version, 2)),
    ];
    if algorithm.ends_with(&[5, 0]) {
        // The signed attributes, which come before, may announce it too.
        let mut windows = object.windows(algorithm.len());
        let at = windows.rposition(|window| window == algorithm).unwrap();
        let algorithm = at..at + algorithm.len();
        // rsaEncryption names the same computation as sha256WithRSAEncryption, with the digest
        // taken from digestAlgorithm, which its last octet decides.
        let last = algorithm.end - 3;
        list.push(("digest in the signature algorithm", last..last + 1));
        list.push(("parameters of the signature algorithm", last + 1..last + 3));
    }
    list
}

fn any_change_is_rejected(signer: &TestSigner, changes: impl Fn(u8) -> Vec<u8>) {
    let object = detached(&[signer.spec()]);
    assert!(accepts(&object, CONTENT));
    let uncovered = uncovered(&object, signer);
    let mut survivors = std::collections::BTreeSet::new();
    for at in 0..object.len() {
        let mut changed = object.clone();
        for value in changes(object[at]) {
            changed[at] = value;
            if value != object[at] && accepts(&changed, CONTENT) {
                let place = uncovered.iter().find(|(_, range)| range.contains(&at));
                let (name, _) = place.unwrap_or_else(|| {
                    panic!(
                        "octet {at} may be {value:02x} instead of {:02x}",
                        object[at]
                    )
                });
                survivors.insert(*name);
            }
        }
    }
    assert!(survivors.contains("version") && survivors.contains("declared digest"));
}

fn bit_flips(octet: u8) -> Vec<u8> {
    (0..8).map(|bit| octet ^ (1 << bit)).collect()
}

#[test]
fn any_change_of_a_signature_object_is_rejected() {
    any_change_is_rejected(&P256, bit_flips);
    any_change_is_rejected(&P384, |octet| vec![octet ^ 0x01, !octet]);
    any_change_is_rejected(&RSA, |octet| vec![octet ^ 0x01, octet ^ 0x80]);
}
