//! Certification paths of other makers' hierarchies.

use smime::crypto::digest::WeakDigests;
use smime::pki::{
    Certificate, CertificatePool, PathReport, PathRequest, PolicyInputs, Purpose, validate_path,
};
use smime::reason::Severity;
use smime::time::Time;

use crate::certificates::certificate;
use crate::corpora;

pub(crate) fn validate(
    certificate: &Certificate,
    anchor: Certificate,
    others: &[Certificate],
    purpose: Purpose,
    time: Time,
) -> PathReport {
    validate_path(&PathRequest {
        certificate,
        issuers: &CertificatePool::new([anchor], others.to_vec()),
        extra: &[],
        time,
        purpose,
        sha1: WeakDigests::Reject,
        revocation: None,
        policies: PolicyInputs::default(),
    })
}

/// What rejects, as `depth code`.
pub(crate) fn reasons(report: &PathReport) -> String {
    let reasons: Vec<String> = report
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Reject)
        .map(|finding| match finding.place.certificate {
            Some(depth) => format!("{depth} {}", finding.reason.code()),
            None => finding.reason.code().to_owned(),
        })
        .collect();
    reasons.join(", ")
}

#[test]
fn thunderbirds_certificates_reach_their_ca() {
    let Some(folder) = corpora() else { return };
    let folder = folder.join("mozilla-comm/smime");
    let time = Time::from_unix(1_800_000_000).unwrap();
    let early = Time::from_unix(1_600_000_000).unwrap();
    for (name, anchor) in [
        ("Alice", "TestCA.pem"),
        ("Bob", "TestCA.pem"),
        ("Alice-ec", "Alice-ec.ca.pem"),
    ] {
        let anchor = certificate(&folder.join(anchor));
        let leaf = certificate(&folder.join(format!("{name}.cert.pem")));
        let report = validate(&leaf, anchor.clone(), &[], Purpose::Any, time);
        assert!(report.trusted, "{name}: {report:?}");
        assert_eq!(report.path, [leaf.clone(), anchor.clone()]);
        let report = validate(&leaf, anchor.clone(), &[], Purpose::Any, early);
        assert_eq!(
            reasons(&report),
            "1 cert.not-yet-valid, 0 cert.not-yet-valid",
            "{name}"
        );
    }
}

/// Alice and Bob are under the RSA CA, Carlos and Dana under the Ed25519 CA; cross certificates lead
/// from each CA to the other.
#[test]
fn the_hierarchies_of_rfc_9216() {
    let Some(folder) = corpora() else { return };
    let folder = folder.join("rfc9216-keys");
    let time = Time::parse_rfc3339("2026-11-24").unwrap();
    for name in ["alice", "bob", "carlos", "dana"] {
        for (anchor, cross) in [("rsa", "25519"), ("25519", "rsa")] {
            for (kind, purpose) in [("sign", Purpose::Sign), ("encrypt", Purpose::Encrypt)] {
                let leaf = certificate(&folder.join(format!("{name}.{kind}.crt")));
                let anchor = certificate(&folder.join(format!("ca.{anchor}.crt")));
                let cross = certificate(&folder.join(format!("ca.{cross}.cross.crt")));
                let report = validate(&leaf, anchor, &[cross], purpose, time);
                assert_eq!(reasons(&report), "", "{name} {kind}");
                assert!(report.trusted, "{name} {kind}");
            }
        }
    }
}

/// The DSA certificates of RFC 4134 are of 1999 and signed with SHA-1; what matters is that each
/// gets a verdict with its reasons.
#[test]
fn the_certificates_of_rfc_4134() {
    let Some(folder) = corpora() else { return };
    let folder = folder.join("rfc4134");
    let time = Time::parse_rfc3339("2000-01-01").unwrap();
    for (leaf, anchor, sha1, expected) in [
        (
            "AliceRSASignByCarl",
            "CarlRSASelf",
            WeakDigests::Reject,
            "0 path.digest-weak",
        ),
        (
            "AliceRSASignByCarl",
            "CarlRSASelf",
            WeakDigests::AcceptSha1,
            "",
        ),
        (
            "DianeRSASignByCarl",
            "CarlRSASelf",
            WeakDigests::AcceptSha1,
            "",
        ),
        (
            "AliceDSSSignByCarlNoInherit",
            "CarlDSSSelf",
            WeakDigests::AcceptSha1,
            "",
        ),
        (
            "AliceRSASignByCarl",
            "CarlDSSSelf",
            WeakDigests::AcceptSha1,
            "0 path.issuer-unknown",
        ),
    ] {
        let certificate_of = |name: &str| certificate(&folder.join(format!("{name}.cer")));
        let leaf = certificate_of(leaf);
        let report = validate_path(&PathRequest {
            certificate: &leaf,
            issuers: &CertificatePool::new([certificate_of(anchor)], []),
            extra: &[],
            time,
            purpose: Purpose::Sign,
            sha1,
            revocation: None,
            policies: PolicyInputs::default(),
        });
        assert_eq!(reasons(&report), expected, "{leaf:?}");
    }
}
