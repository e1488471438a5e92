//! Certificates made elsewhere are decoded, whatever they get wrong.

use std::path::{Path, PathBuf};

use smime::address::Address;
use smime::pki::certificate_file::{CertificateFile, FileError};
use smime::pki::{Certificate, CertificationRequest, Role, deviations, inspect};
use smime::reason::{Reason, Severity};

use crate::{corpora, files_below};

const FOLDERS: [&str; 7] = [
    "pkits",
    "zlint-smime",
    "openssl",
    "rfc9216-keys",
    "rfc4134",
    "mozilla-comm",
    "pyhanko-certvalidator",
];

/// Reads a file of certificates.
pub(crate) fn read(path: &Path) -> CertificateFile {
    CertificateFile::read(&std::fs::read(path).unwrap())
}

/// The first certificate of a file.
pub(crate) fn certificate(path: &Path) -> Certificate {
    let file = read(path);
    assert!(
        !file.certificates.is_empty(),
        "{}: {:?}",
        path.display(),
        file.problems
    );
    file.certificates[0].clone()
}

fn certificate_files() -> Vec<PathBuf> {
    let Some(folder) = corpora() else {
        return Vec::new();
    };
    let named = |path: &PathBuf| {
        let extension = path.extension().and_then(|extension| extension.to_str());
        matches!(extension, Some("pem" | "crt" | "cer"))
    };
    let files = FOLDERS
        .iter()
        .flat_map(|name| files_below(&folder.join(name)));
    files.filter(named).collect()
}

#[test]
fn every_certificate_is_decoded_with_sane_facts() {
    let mut count = 0;
    for path in certificate_files() {
        let shown = path.display();
        if std::fs::metadata(&path).unwrap().len() == 0 {
            continue;
        }
        let file = read(&path);
        for problem in &file.problems {
            // Attribute certificates (RFC 5755) begin like certificates and are none.
            let attribute = path.to_string_lossy().ends_with(".attr.crt");
            // Base64 of a PKCS #7 file without the lines that frame it.
            let bare = path.ends_with("openssl/misc/pkcs7.pem");
            let other = matches!(problem.error, FileError::OtherLabel | FileError::Key(_));
            assert!(attribute || bare || other, "{shown}: {problem}");
        }
        for certificate in &file.certificates {
            count += 1;
            assert_eq!(
                Certificate::decode(certificate.der()).unwrap(),
                *certificate
            );
            assert!((1..=3).contains(&certificate.version()), "{shown}");
            assert!(
                certificate.not_before() < certificate.not_after(),
                "{shown}"
            );
            for extension in certificate.extensions() {
                assert!(extension.check().is_ok(), "{shown}: {}", extension.id());
            }
            certificate.addresses();
            certificate.is_self_signed();
            inspect(certificate, Role::EndEntity);
        }
    }
    assert!(count == 0 || count > 650, "{count}");
}

/// What each lint of another linter's table says, where the rule is one of ours: a certificate that
/// fails it has a deviation of that wording, and one that passes it has none.
#[test]
fn deviations_are_those_of_the_baseline_requirements() {
    const RULES: [(&str, &str); 15] = [
        (
            "e_authority_key_identifier_correct",
            "its authorityKeyIdentifier",
        ),
        ("e_ecpublickey_key_usages", "its keyUsage has"),
        ("e_ec_other_key_usages", "its keyUsage has"),
        ("e_edwardspublickey_key_usages", "its keyUsage has"),
        ("e_rsa_key_usage_legacy_multipurpose", "its keyUsage has"),
        ("e_rsa_key_usage_strict", "its keyUsage has"),
        ("e_rsa_other_key_usages", "its keyUsage has"),
        ("w_key_usage_criticality", "its keyUsage is not critical"),
        ("e_key_usage_presence", "it has no keyUsage"),
        ("e_san_shall_be_present", "it has no subjectAltName"),
        (
            "w_san_should_not_be_critical",
            "its subjectAltName is critical",
        ),
        ("e_single_email_if_present", "is not one address"),
        (
            "e_single_email_subject_if_present",
            "in its subject is not one address",
        ),
        (
            "e_subscribers_shall_have_crl_distribution_points",
            "does not say where the CRL",
        ),
        (
            "e_mailbox_address_shall_contain_an_rfc822_name",
            "in its subject is not in its subjectAltName",
        ),
    ];
    // Those of extKeyUsage have several wordings.
    const USAGES: [&str; 3] = [
        "has no extKeyUsage",
        "lacks emailProtection",
        "extKeyUsage has serverAuth",
    ];
    let Some(folder) = corpora() else { return };
    let folder = folder.join("zlint-smime");
    let table = std::fs::read_to_string(folder.join("expected.tsv")).unwrap();
    let mut judged = 0;
    for row in table.lines().skip(1) {
        let [lint, file, status] = row.split('\t').collect::<Vec<_>>()[..] else {
            panic!("{row}");
        };
        let wordings: Vec<&str> = match lint.ends_with("eku_check") {
            true => USAGES.to_vec(),
            false => {
                let of = RULES.iter().filter(|(name, _)| *name == lint);
                of.map(|(_, wording)| *wording).collect()
            }
        };
        let expected = match status {
            "Error" | "Warn" => true,
            "Pass" => false,
            // Out of the lint's scope or before its date, which says nothing about the rule.
            _ => continue,
        };
        let Some(path) = find(&folder, file) else {
            continue;
        };
        if wordings.is_empty() {
            continue;
        }
        let certificate = certificate(&path);
        let deviations = deviations(&certificate);
        let found = deviations.iter().any(|finding| {
            assert_eq!(finding.reason, Reason::CertProfileDeviation);
            wordings
                .iter()
                .any(|wording| finding.summary().contains(wording))
        });
        assert_eq!(found, expected, "{lint} on {file}: {deviations:?}");
        judged += 1;
    }
    assert_eq!(judged, 60);
}

/// The table names files without their folder.
fn find(folder: &Path, file: &str) -> Option<PathBuf> {
    let places = [
        folder.join(file),
        folder.join("MailboxAddressFromSAN").join(file),
    ];
    places.into_iter().find(|path| path.exists())
}

/// Certificates of another linter, and what the gate says of them: reasons, then addresses.
#[test]
fn the_gate_gives_each_reason() {
    let Some(folder) = corpora() else { return };
    let folder = folder.join("zlint-smime");
    for (name, reasons, addresses) in [
        ("single_email_present", "", "test@example.com"),
        (
            "multiple_email_present",
            "",
            "test+1@example.com test+2@example.com",
        ),
        // One rfc822Name that holds two addresses is none; the other one stays.
        ("email_with_multiple_values", "", "test+3@example.com"),
        ("oneEmailAddressInSubjectDN", "", "zlint@example.com"),
        (
            "MailboxAddressFromSAN/WithOnlySANOtherName",
            "",
            "test@example.com",
        ),
        (
            "MailboxAddressFromSAN/sponsorValidatedMultipurposeEmailInSubjectNotInSAN",
            "",
            "diff@example.com zlint@example.com",
        ),
        ("no_email_present", "cert.address-missing", ""),
        (
            "sm0_alg_xxx_effx_pqfx",
            "cert.extended-key-usage-forbids-mail cert.address-missing",
            "",
        ),
        (
            "rsa_strict_cert_sign_ku",
            "cert.key-usage-forbids-signing cert.key-usage-forbids-encryption \
             cert.address-missing",
            "",
        ),
        (
            "sub0_smx_ovx_cnex_cnox_effx",
            "cert.key-usage-forbids-signing cert.key-usage-forbids-encryption \
             cert.extended-key-usage-forbids-mail cert.address-missing cert.is-ca",
            "",
        ),
        (
            "sm1_alg_p224_eff1_pqfx",
            "cert.weak-key:warning",
            "Guenter.Grass@example.com",
        ),
        (
            "sm1_alg_gost_eff1_pqfx",
            "cert.key-unsupported",
            "Guenter.Grass@example.com",
        ),
        ("sm1_alg_ed25519_eff1_pqfx", "", "Guenter.Grass@example.com"),
    ] {
        let certificate = certificate(&folder.join(format!("{name}.pem")));
        let found: Vec<String> = inspect(&certificate, Role::EndEntity)
            .iter()
            .map(|finding| match finding.severity {
                Severity::Reject => finding.reason.to_string(),
                severity => format!("{}:{severity}", finding.reason),
            })
            .collect();
        assert_eq!(found.join(" "), reasons, "{name}");
        let found = certificate.addresses();
        let found: Vec<&str> = found.iter().map(Address::as_str).collect();
        assert_eq!(found.join(" "), addresses, "{name}");
    }
}

/// PKCS #7 files and CMS objects in DER, BER and PEM: how many certificates are in each.
#[test]
fn certificates_are_taken_out_of_pkcs7() {
    let Some(folder) = corpora() else { return };
    for (name, count) in [
        ("pyca-pkcs7/amazon-roots.der", 2),
        ("pyca-pkcs7/amazon-roots.p7b", 2),
        ("pyca-pkcs7/isrg.pem", 1),
        ("pyca-pkcs7/authenticode.der", 1),
        ("rustcrypto-cms/pkits.p7b", 2),
        ("rustcrypto-cms/cms_ber.bin", 1),
        ("asn1crypto/mozilla-generated-by-openssl.pkcs7.der", 2),
        ("asn1crypto/cms-signed-indefinite-length.der", 1),
        ("asn1crypto/pkcs7-signed.pem", 1),
    ] {
        let file = read(&folder.join(name));
        assert!(file.problems.is_empty(), "{name}: {:?}", file.problems);
        assert_eq!(file.certificates.len(), count, "{name}");
    }
    for name in [
        "rustcrypto-cms/example.pfx",
        "rustcrypto-cms/apple_mdm_signature_der.bin",
        "asn1crypto/cms-enveloped.der",
        "asn1crypto/eid2011.crl",
        "asn1crypto/keys/test-aes128.key",
        "asn1crypto/keys/test-public-der.key",
    ] {
        let file = read(&folder.join(name));
        assert!(
            file.certificates.is_empty() && file.keys.is_empty(),
            "{name}"
        );
        assert_eq!(file.problems.len(), 1, "{name}");
    }
}

#[test]
fn certification_requests_are_verified() {
    let Some(folder) = corpora() else { return };
    // The signature of the third was altered; OpenSSL refuses it too.
    for (name, verifies) in [
        ("asn1crypto/test-inter.csr", true),
        ("asn1crypto/test-third-der.csr", true),
        ("asn1crypto/test-windows-host.csr", false),
        ("rustcrypto-cms/sceptest_csr.der", true),
    ] {
        let octets = std::fs::read(folder.join(name)).unwrap();
        let request = CertificationRequest::read(&octets).unwrap();
        assert_eq!(request.require_key().is_ok(), verifies, "{name}");
    }
}
