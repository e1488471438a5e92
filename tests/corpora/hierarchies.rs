//! Hierarchies of every kind of key that have no table: what OpenSSL signs its S/MIME tests with,
//! and the small CAs of pyHanko.
//!
//! The expectations are ours, made from the names of the files and what the certificates say.

use std::path::{Path, PathBuf};

use smime::crypto::digest::WeakDigests;
use smime::pki::certificate_file::{CertificateFile, FileKey};
use smime::pki::{
    CertificateList, CertificatePool, Identity, ListPool, NoLists, PathRequest, PolicyInputs,
    Purpose, Revocation, Strictness, match_keys, validate_path,
};
use smime::policy::profile::Profile;
use smime::smime::{
    DecryptRequest, Input, JudgementTime, SignatureRelease, VerifyRequest, decrypt, verify,
};
use smime::source::Source;
use smime::time::Time;
use smime::verdict::Check;

use crate::certificates::certificate;
use crate::corpora;
use crate::lookups::Held;
use crate::paths::{reasons, validate};
use crate::peer::Peer;

/// The answer that a certificate has the usage asked for, or not.
const FOR_IT: &str = "";
const NOT_TO_SIGN: &str = "0 cert.key-usage-forbids-signing";
const NOT_TO_ENCRYPT: &str = "0 cert.key-usage-forbids-encryption";
const NOT_FOR_MAIL: &str = "0 cert.extended-key-usage-forbids-mail";

fn openssl_files() -> Option<PathBuf> {
    Some(corpora()?.join("openssl/smime-certs"))
}

fn noon(day: &str) -> Time {
    Time::parse_rfc3339(&format!("{day}T12:00:00Z")).unwrap()
}

#[test]
fn the_certificates_of_openssl() {
    let Some(folder) = openssl_files() else {
        return;
    };
    let anchor = certificate(&folder.join("smroot.pem"));
    for (name, sign, encrypt) in [
        ("smrsa1", FOR_IT, FOR_IT),
        ("smrsa2", FOR_IT, FOR_IT),
        ("smrsa3", FOR_IT, FOR_IT),
        ("smrsa3-cert", FOR_IT, FOR_IT),
        ("smrsa1024", FOR_IT, FOR_IT),
        // keyEncipherment says nothing of a key that can only agree on one.
        ("smec1", FOR_IT, NOT_TO_ENCRYPT),
        ("smdsa1", FOR_IT, NOT_TO_ENCRYPT),
        ("smdsa2", FOR_IT, NOT_TO_ENCRYPT),
        ("smdsa3", FOR_IT, NOT_TO_ENCRYPT),
        // Of a curve and an algorithm that are not known here: the usages are taken as they are said.
        ("smec2", FOR_IT, FOR_IT),
        ("smdh", FOR_IT, FOR_IT),
        ("sm_mldsa44", FOR_IT, NOT_TO_ENCRYPT),
        ("sm_slhdsa_sha2_128s", FOR_IT, NOT_TO_ENCRYPT),
        ("sm_slhdsa_shake_128s", FOR_IT, NOT_TO_ENCRYPT),
        ("sm_slhdsa_shake_256s", FOR_IT, NOT_TO_ENCRYPT),
        (
            "csrsa1",
            NOT_FOR_MAIL,
            "0 cert.key-usage-forbids-encryption, 0 cert.extended-key-usage-forbids-mail",
        ),
        // Of an earlier root with the same name and another key.
        (
            "smec3",
            "0 path.issuer-unknown",
            "0 path.issuer-unknown, 0 cert.key-usage-forbids-encryption",
        ),
        (
            "badrsa",
            "0 path.issuer-unknown",
            "0 path.issuer-unknown, 0 cert.key-usage-forbids-encryption",
        ),
    ] {
        let leaf = certificate(&folder.join(format!("{name}.pem")));
        for (purpose, expected) in [(Purpose::Sign, sign), (Purpose::Encrypt, encrypt)] {
            let report = validate(&leaf, anchor.clone(), &[], purpose, noon("2026-11-24"));
            assert_eq!(reasons(&report), expected, "{name} {purpose:?}");
            assert_eq!(report.trusted, expected.is_empty(), "{name} {purpose:?}");
        }
    }
    // Both dates of smec3 are past.
    let leaf = certificate(&folder.join("smec3.pem"));
    let report = validate(&leaf, anchor.clone(), &[], Purpose::Any, noon("2030-01-01"));
    assert_eq!(reasons(&report), "0 path.issuer-unknown, 0 cert.expired");
    // The CA itself is for nothing else.
    let report = validate(
        &anchor,
        anchor.clone(),
        &[],
        Purpose::Sign,
        noon("2026-11-24"),
    );
    assert_eq!(reasons(&report), NOT_TO_SIGN);
}

/// The certificate and key in a file of OpenSSL's.
fn identity(path: &Path) -> Identity {
    let file = CertificateFile::read(&std::fs::read(path).unwrap());
    let keys = file.keys.into_iter().filter_map(|key| match key {
        FileKey::Plain(key) => Some(key),
        FileKey::Encrypted(_) => None,
    });
    let keys: Vec<_> = keys.collect();
    match_keys(&file.certificates, &keys).identities.remove(0)
}

const CONTENT: &[u8] = b"Content-Type: text/plain\r\n\r\nSigned by every key.\r\n";

/// What OpenSSL signs with these keys verifies: with signed attributes and without, with PSS too. The
/// certificates hold no address, so that nobody's mail would be accepted for them.
#[test]
fn what_openssl_signs_with_its_keys() {
    let (Some(folder), Some(openssl)) = (openssl_files(), Peer::openssl()) else {
        return;
    };
    let anchor = certificate(&folder.join("smroot.pem"));
    let place = tempfile::tempdir().unwrap();
    std::fs::write(place.path().join("content"), CONTENT).unwrap();
    let pss = "-keyopt rsa_padding_mode:pss";
    for (name, options, signature, path) in [
        ("smrsa1", "", "rsa-sha256", Check::Pass),
        ("smrsa1", "-noattr", "rsa-sha256", Check::Pass),
        ("smrsa2", "-md sha512", "rsa-sha512", Check::Pass),
        ("smrsa3", pss, "rsa-pss-sha256", Check::Pass),
        ("smrsa1024", "-md sha384", "rsa-sha384", Check::Pass),
        ("smrsa1024", "-md sha224", "rsa-sha224", Check::Pass),
        ("smec1", "", "ecdsa-sha256", Check::Pass),
        ("smec1", "-noattr", "ecdsa-sha256", Check::Pass),
        ("smec3", "-md sha384", "ecdsa-sha384", Check::Fail),
        ("smdsa1", "", "dsa-sha256", Check::Pass),
        ("smdsa2", "-noattr", "dsa-sha256", Check::Pass),
        ("smdsa3", "-md sha224", "dsa-sha224", Check::Pass),
    ] {
        let what = format!("{name} {options}");
        let signer = folder.join(format!("{name}.pem"));
        let signer = signer.to_str().unwrap();
        let mut arguments = vec![
            "cms", "-sign", "-binary", "-in", "content", "-outform", "DER",
        ];
        arguments.extend(["-signer", signer]);
        arguments.extend(options.split_whitespace());
        let object = openssl.run(place.path(), &arguments).done();
        for (content, integrity) in [(CONTENT, Check::Pass), (&CONTENT[1..], Check::Fail)] {
            let nobody = Held(Vec::new());
            let verification = verify(VerifyRequest {
                input: Input::Object {
                    object: Source::from_bytes(object.clone()),
                    content: Some(Source::from_bytes(content.to_vec())),
                },
                keys: &nobody,
                certificates: &nobody,
                issuers: &CertificatePool::new([anchor.clone()], []),
                untrusted: &[],
                lists: &NoLists,
                time: JudgementTime::At(noon("2026-11-24")),
                profile: &Profile::default(),
                expected: None,
                envelope_from: None,
                signature: SignatureRelease::Strip,
            });
            let verdict = verification.unwrap().verdict;
            let signer = &verdict.layers[0].signers[0];
            assert_eq!(signer.signature, signature, "{what}");
            let checks = &signer.checks;
            // Without signed attributes nothing but the signature covers the content.
            let (found, signature) = match options.contains("-noattr") {
                true => (checks.signature, checks.signature),
                false => (checks.integrity, Check::Pass),
            };
            assert_eq!((found, checks.signature), (integrity, signature), "{what}");
            assert_eq!(checks.path, path, "{what}");
        }
    }
}

/// What OpenSSL encrypts for these certificates is opened with their keys.
#[test]
fn what_openssl_encrypts_for_its_certificates() {
    let (Some(folder), Some(openssl)) = (openssl_files(), Peer::openssl()) else {
        return;
    };
    let place = tempfile::tempdir().unwrap();
    std::fs::write(place.path().join("content"), CONTENT).unwrap();
    for (name, options) in [
        ("smrsa1", "-aes256"),
        ("smrsa2", "-aes-128-gcm"),
        ("smrsa1024", "-des3"),
        ("smec1", "-aes128"),
        ("smec3", "-aes-256-gcm"),
    ] {
        let path = folder.join(format!("{name}.pem"));
        let mut arguments = vec!["cms", "-encrypt", "-binary", "-in", "content"];
        arguments.extend(["-outform", "DER", options, path.to_str().unwrap()]);
        let object = openssl.run(place.path(), &arguments).done();
        let held = Held(vec![identity(&path)]);
        let decryption = decrypt(DecryptRequest {
            input: Input::Object {
                object: Source::from_bytes(object),
                content: None,
            },
            keys: &held,
        });
        let mut opened = Vec::new();
        let release = decryption.unwrap().release.unwrap();
        release.write(&mut opened).unwrap();
        assert_eq!(opened, CONTENT, "{name} {options}");
    }
}

/// Most certificates of pyHanko's are for documents, and say so by their usages or by none.
#[test]
fn the_cas_of_pyhanko() {
    let Some(folder) = corpora() else { return };
    let folder = folder.join("pyhanko-certvalidator");
    // Ed448 is known by name alone.
    let ed448 = "0 path.signature-algorithm-unsupported";
    for (ca, leaf, day, expected) in [
        ("testing-ca-ed25519", "signer", "2021-11-24", FOR_IT),
        (
            "testing-ca-ed25519",
            "signer",
            "2022-01-02",
            "0 cert.expired",
        ),
        (
            "testing-ca-ed25519",
            "signer",
            "2019-12-31",
            "0 cert.not-yet-valid",
        ),
        ("testing-ca-ed25519", "signer2", "2021-11-24", FOR_IT),
        // Its end is 99991231235959Z, for ever (RFC 5280 section 4.1.2.5); its CA's is 2100.
        (
            "testing-ca-ed25519",
            "signer1-indefinite",
            "2099-12-31",
            FOR_IT,
        ),
        (
            "testing-ca-ed25519",
            "signer1-indefinite",
            "2100-01-02",
            "1 cert.expired",
        ),
        ("testing-ca-ed25519", "tsa", "2021-11-24", NOT_FOR_MAIL),
        ("testing-ca-ed25519", "tsa2", "2030-01-01", NOT_FOR_MAIL),
        // Of another key of that CA.
        (
            "testing-ca-ed25519",
            "ocsp",
            "2021-11-24",
            "0 path.intermediate-missing, 0 cert.extended-key-usage-forbids-mail",
        ),
        ("testing-ca-ed448", "signer", "2020-11-24", ed448),
        ("testing-ca-ed448", "signer2", "2020-11-24", ed448),
        ("testing-ca-pss", "signer1", "2021-11-24", FOR_IT),
        ("testing-ca-pss-exclusive", "signer1", "2021-11-24", FOR_IT),
    ] {
        let place = folder.join(ca);
        let file = |name: &str| certificate(&place.join(format!("{name}.cert.pem")));
        let others = [file("interm")];
        let report = validate(&file(leaf), file("root"), &others, Purpose::Sign, noon(day));
        assert_eq!(reasons(&report), expected, "{ca} {leaf} {day}");
    }
    // The CAs of equal names of another folder are not theirs.
    let signer = certificate(&folder.join("testing-ca-pss/signer1.cert.pem"));
    let other = |name: &str| certificate(&folder.join(format!("testing-ca-pss-exclusive/{name}")));
    let others = [other("interm.cert.pem")];
    let anchor = other("root.cert.pem");
    let report = validate(&signer, anchor, &others, Purpose::Sign, noon("2021-11-24"));
    assert!(!report.trusted, "{report:?}");
}

/// `certomancer.yml` says of `interm-revoked`: revoked since 2020-12-01. Each list is for ten days, of
/// which the day in its name is one.
#[test]
fn the_lists_of_pyhanko() {
    let Some(folder) = corpora() else { return };
    let folder = folder.join("pyhanko-certvalidator/freshness");
    let file = |name: &str| certificate(&folder.join(format!("certs/{name}.crt")));
    for (subject, list, day, expected) in [
        ("interm", "2020-10-01", "2020-10-01", ""),
        ("interm", "2020-12-10", "2020-12-10", ""),
        ("interm-revoked", "2020-11-29", "2020-11-29", ""),
        (
            "interm-revoked",
            "2020-12-10",
            "2020-12-10",
            "0 crl.revoked",
        ),
        ("interm-revoked", "2020-10-01", "2020-12-10", "0 crl.stale"),
        ("interm", "2020-12-10", "2021-01-10", "0 crl.stale"),
        // Nobody has the list of the CA below.
        ("alice", "2020-12-10", "2020-12-10", "0 crl.unavailable"),
    ] {
        let octets = std::fs::read(folder.join(format!("root-{list}.crl"))).unwrap();
        let list = CertificateList::decode(&octets).unwrap();
        let report = validate_path(&PathRequest {
            certificate: &file(subject),
            issuers: &CertificatePool::new([file("root")], [file("interm")]),
            extra: &[],
            time: noon(day),
            purpose: Purpose::Any,
            sha1: WeakDigests::Reject,
            revocation: Some(Revocation {
                strictness: Strictness::Hard,
                source: &ListPool::new([list]),
                carried: &[],
            }),
            policies: PolicyInputs::default(),
        });
        assert_eq!(reasons(&report), expected, "{subject} {day}");
    }
}

/// Leaves whose CAs are not there: nobody tells where to get them.
#[test]
fn leaves_of_pyhanko_without_their_cas() {
    let Some(folder) = corpora() else { return };
    let folder = folder.join("pyhanko-certvalidator");
    let anchor = certificate(&folder.join("testing-ca-pss/root.cert.pem"));
    for (leaf, expected) in [
        // A trust anchor is of that organization.
        (
            "multilayer/certs/alice.cert.pem",
            "0 path.intermediate-missing",
        ),
        (
            "ades/time-slide/certs/alice.crt",
            "0 path.intermediate-missing",
        ),
        (
            "attribute-certs/basic-aa/people-ca/alice.crt",
            "0 path.issuer-unknown",
        ),
        ("multitasking-ocsp/alice.cert.pem", "0 path.issuer-unknown"),
    ] {
        let leaf = certificate(&folder.join(leaf));
        let report = validate(&leaf, anchor.clone(), &[], Purpose::Any, noon("2021-11-24"));
        assert_eq!(reasons(&report), expected, "{leaf:?}");
    }
}
