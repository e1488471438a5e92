//! Certification paths of other makers' hierarchies.

use std::collections::BTreeMap;

use smime::crypto::digest::WeakDigests;
use smime::pki::{Certificate, CertificatePool, PathReport, PathRequest, Purpose, validate_path};
use smime::reason::Severity;
use smime::time::Time;

use crate::certificates::{certificate, read};
use crate::{corpora, files_below};

fn validate(
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
    })
}

/// What rejects, as `depth code`.
fn reasons(report: &PathReport) -> String {
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
        });
        assert_eq!(reasons(&report), expected, "{leaf:?}");
    }
}

/// One row of the table of the NIST suite.
struct Row<'a> {
    certificate: &'a str,
    number: &'a str,
    valid: bool,
    /// Policy inputs other than: any policy, and none demanded.
    policy_inputs: bool,
    reason: &'a str,
}

/// Why a verdict may differ from the suite's as long as something is not built.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Divergence {
    /// The suite refuses by a CRL, and CRLs are not looked at.
    Revocation,
    /// The suite demands a policy, and policies are not processed.
    PolicyInputs,
    /// The suite accepts, and constraints that are not processed are refused.
    ConstraintRefused,
    /// The suite's DSA certificates are signed with SHA-1.
    Sha1,
}

fn divergence(row: &Row<'_>, report: &PathReport) -> Option<Divergence> {
    let reasons = reasons(report);
    if report.trusted == row.valid {
        return None;
    }
    let all = |code: &str| reasons.split(", ").all(|reason| reason.ends_with(code));
    let judged_by_crl = ["CRL", "revocation"];
    Some(if report.trusted && row.policy_inputs {
        Divergence::PolicyInputs
    } else if report.trusted && judged_by_crl.iter().any(|word| row.reason.contains(word)) {
        Divergence::Revocation
    } else if row.valid && all("cert.critical-extension-unknown") {
        Divergence::ConstraintRefused
    } else if row.valid && all("path.digest-weak") {
        Divergence::Sha1
    } else {
        panic!("{} {}: {reasons}", row.number, row.certificate)
    })
}

/// The reasons that the suite has in mind, by the number of the test; `0` is the end entity.
const PKITS_REASONS: [(&str, &str); 23] = [
    ("40102", "1 path.signature-invalid"),
    ("40103", "0 path.signature-invalid"),
    ("40201", "1 cert.not-yet-valid"),
    ("40202", "0 cert.not-yet-valid"),
    ("40205", "1 cert.expired"),
    ("40206", "0 cert.expired"),
    ("40207", "0 cert.expired"),
    ("40301", "0 path.intermediate-missing"),
    ("40302", "0 path.intermediate-missing"),
    (
        "40508",
        "1 path.issuer-not-ca, 1 path.key-cert-sign-missing",
    ),
    ("40601", "1 path.issuer-not-ca"),
    ("40602", "1 path.issuer-not-ca"),
    ("40603", "1 path.issuer-not-ca"),
    ("40605", "1 path.length-exceeded"),
    ("40606", "1 path.length-exceeded"),
    ("40609", "1 path.length-exceeded"),
    ("40610", "1 path.length-exceeded"),
    ("40611", "1 path.length-exceeded"),
    ("40612", "1 path.length-exceeded"),
    ("40616", "1 path.length-exceeded"),
    ("40701", "1 path.key-cert-sign-missing"),
    ("40702", "1 path.key-cert-sign-missing"),
    ("41602", "0 cert.critical-extension-unknown"),
];

#[test]
fn the_nist_suite() {
    let Some(folder) = corpora() else { return };
    let folder = folder.join("pkits");
    let anchor = certificate(&folder.join("TrustAnchorRootCertificate.pem"));
    let others: Vec<Certificate> = files_below(&folder.join("certs"))
        .iter()
        .flat_map(|path| read(path).certificates)
        .collect();
    let table = std::fs::read_to_string(folder.join("expected.tsv")).unwrap();
    let time = Time::parse_rfc3339("2026-11-24").unwrap();
    let mut divergences: BTreeMap<Divergence, usize> = BTreeMap::new();
    let mut agreed = 0;
    for line in table.lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let row = Row {
            certificate: columns[1],
            number: columns[2],
            valid: columns[8] == "valid",
            policy_inputs: columns[4] != "any" || columns[5..8].contains(&"True"),
            reason: columns[9],
        };
        let leaf = certificate(&folder.join("certs").join(row.certificate));
        let report = validate(&leaf, anchor.clone(), &others, Purpose::Any, time);
        if let Some((_, expected)) = PKITS_REASONS.iter().find(|(it, _)| *it == row.number) {
            assert_eq!(reasons(&report), *expected, "{}", row.number);
        }
        match divergence(&row, &report) {
            Some(kind) => *divergences.entry(kind).or_default() += 1,
            None => agreed += 1,
        }
    }
    let expected = [
        (Divergence::Revocation, 46),
        (Divergence::PolicyInputs, 5),
        (Divergence::ConstraintRefused, 50),
        (Divergence::Sha1, 1),
    ];
    assert_eq!(divergences, BTreeMap::from(expected));
    assert_eq!(agreed, 150);
}
