//! Thunderbird's test mails, layer by layer and as a whole.
//!
//! `cases.tsv` tells of each layer whether it decrypts and whether its signatures are genuine. The
//! verdict on a whole message is stricter: the From address has to be in the certificate, and
//! somebody has to be there to have signed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use smime::crypto::digest::WeakDigests;
use smime::pki::certificate_file::{CertificateFile, FileKey};
use smime::pki::{CertificatePool, match_keys};
use smime::policy::profile::Profile;
use smime::reason::{Reason, Severity};
use smime::smime::{
    DecryptRequest, Input, JudgementTime, SignatureRelease, Verification, VerifyRequest, decrypt,
    verify,
};
use smime::source::Source;
use smime::time::Time;
use smime::verdict::{Check, Layer, LayerKind, Verdict};

use crate::lookups::Held;
use crate::{corpora, files_below};

/// The mails, the keys to open them, and the CA.
struct Mails {
    folder: PathBuf,
    held: Held,
    issuers: CertificatePool,
    profile: Profile,
}

impl Mails {
    fn open() -> Option<Mails> {
        let folder = corpora()?.join("mozilla-comm");
        let (mut certificates, mut keys) = (Vec::new(), Vec::new());
        for path in files_below(&folder) {
            let name = path.to_string_lossy();
            if name.ends_with(".key.pem") || name.ends_with(".cert.pem") {
                let file = CertificateFile::read(&std::fs::read(&path).unwrap());
                assert!(file.problems.is_empty(), "{name}: {:?}", file.problems);
                certificates.extend(file.certificates);
                keys.extend(file.keys.into_iter().map(|key| match key {
                    FileKey::Plain(key) => key,
                    FileKey::Encrypted(_) => panic!("{name} is encrypted"),
                }));
            }
        }
        let held = Held(match_keys(&certificates, &keys).identities);
        assert!(held.0.len() >= 4, "{} identities", held.0.len());
        let anchors = std::fs::read(folder.join("smime/TestCA.pem")).unwrap();
        let anchors = CertificateFile::read(&anchors).certificates;
        Some(Mails {
            folder,
            held,
            issuers: CertificatePool::new(anchors, []),
            profile: Profile {
                // Whether a signature is genuine is the question, not whether it is strong.
                sha1: WeakDigests::AcceptSha1,
                ..Profile::default()
            },
        })
    }

    fn input(&self, path: &Path) -> Input {
        let octets = std::fs::read(path).unwrap();
        let is_object = octets.first() == Some(&0x30);
        let source = Source::from_bytes(octets);
        match is_object {
            true => Input::Object {
                object: source,
                content: None,
            },
            false => Input::Message(source),
        }
    }

    fn verify(&self, path: &Path) -> Verification {
        verify(VerifyRequest {
            input: self.input(path),
            keys: &self.held,
            certificates: &self.held,
            issuers: &self.issuers,
            untrusted: &[],
            lists: &smime::pki::NoLists,
            time: JudgementTime::At(Time::from_unix(1_800_000_000).unwrap()),
            profile: &self.profile,
            expected: None,
            envelope_from: None,
            signature: SignatureRelease::Strip,
        })
        .unwrap()
    }
}

/// Whether every signature of the layer is genuine, and its certificates valid and trusted.
fn is_genuine(layer: &Layer) -> bool {
    let passes = |signer: &smime::verdict::Signer| {
        let checks = &signer.checks;
        [
            checks.integrity,
            checks.signature,
            checks.path,
            checks.validity,
        ]
        .iter()
        .all(|check| *check == Check::Pass)
    };
    layer.kind == LayerKind::Signed && !layer.signers.is_empty() && layer.signers.iter().all(passes)
}

/// Whether the layer is encryption that was opened; that nobody signed inside is another question.
fn is_decrypted(layer: &Layer, verdict: &Verdict) -> bool {
    layer.kind == LayerKind::Enveloped
        && layer.recipients.iter().any(|recipient| recipient.held)
        && !verdict.findings.iter().any(|finding| {
            finding.severity == Severity::Reject
                && finding.reason != Reason::SmimeNotSigned
                && finding.place.layer == Some(layer.index)
        })
}

#[test]
fn every_layer_is_what_the_table_says() {
    let Some(mails) = Mails::open() else { return };
    let table = std::fs::read_to_string(mails.folder.join("cases.tsv")).unwrap();
    let mut wrong = Vec::new();
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for line in table.lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let (file, operation, expected) = (columns[0], columns[1], columns[3]);
        let (layer, _) = operation.split_once(' ').unwrap();
        let index: usize = layer.strip_prefix("layer").unwrap().parse().unwrap();
        let verdict = mails.verify(&mails.folder.join(file)).verdict;
        let actual = match verdict.layers.get(index) {
            None => "no such layer",
            Some(layer) if layer.kind == LayerKind::Signed => match is_genuine(layer) {
                true => "valid",
                false => "invalid",
            },
            Some(layer) => match is_decrypted(layer, &verdict) {
                true => "decrypts",
                false => "does not decrypt",
            },
        };
        if actual != expected {
            wrong.push(format!("{file} {operation}: {actual}, expected {expected}"));
        }
        *counts.entry(expected).or_default() += 1;
    }
    println!("layers by what is expected of them: {counts:?}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for expected in ["decrypts", "valid", "invalid"] {
        assert!(counts.contains_key(expected), "{counts:?}");
    }
}

/// The verdict on each mail as a whole: what it is accepted as or why it is rejected, and whether
/// `decrypt` opens it.
///
/// The files without `.eml` are what the mails were made from: entities without a From field, of an
/// older CA.
const VERDICTS: [(&str, &str, bool); 11] = [
    (
        "alice.dsig.SHA256.multipart",
        "cert.expired mail.multiple-from path.intermediate-missing",
        false,
    ),
    (
        "alice.dsig.SHA256.multipart.bad.eml",
        "cms.message-digest-mismatch",
        false,
    ),
    ("alice.dsig.SHA256.multipart.eml", "signed", false),
    (
        "alice.dsig.SHA256.multipart.env",
        "cms.recipient-not-found",
        false,
    ),
    (
        "alice.dsig.SHA256.multipart.env.eml",
        "enveloped signed",
        true,
    ),
    (
        "alice.dsig.SHA256.multipart.mismatch-econtent",
        "cert.expired cms.content-differs cms.message-digest-mismatch mail.multiple-from path.intermediate-missing",
        false,
    ),
    (
        "alice.dsig.SHA256.multipart.mismatch-econtent.eml",
        "cms.content-differs cms.message-digest-mismatch",
        false,
    ),
    ("alice.env.eml", "smime.not-signed", true),
    ("alice.env.sig.SHA256.opaque.eml", "signed enveloped", true),
    ("alice.html.sig.SHA256.opaque.eml", "signed", false),
    (
        "alice.html.sig.SHA256.opaque.env.eml",
        "enveloped signed",
        true,
    ),
];

/// The kinds of the layers if the verdict accepts, else the reasons that reject.
fn summary(verdict: &Verdict) -> String {
    let reasons: BTreeSet<&str> = verdict
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Reject)
        .map(|finding| finding.reason.code())
        .collect();
    let words: Vec<&str> = match reasons.is_empty() {
        true => verdict
            .layers
            .iter()
            .map(|layer| layer.kind.as_str())
            .collect(),
        false => reasons.into_iter().collect(),
    };
    words.join(" ")
}

#[test]
fn every_mail_gets_its_verdict() {
    let Some(mails) = Mails::open() else { return };
    let folder = mails.folder.join("smime");
    let mut expected: BTreeMap<_, _> = VERDICTS
        .into_iter()
        .map(|(file, verdict, decrypts)| (file, (verdict, decrypts)))
        .collect();
    for path in files_below(&folder) {
        let name = path.file_name().unwrap().to_str().unwrap();
        if !name.starts_with("alice.") {
            continue;
        }
        let (verdict, decrypts) = expected.remove(name).unwrap_or(("no such file", false));
        let verification = mails.verify(&path);
        let actual = summary(&verification.verdict);
        assert_eq!(actual, verdict, "{name}");
        let accepted = verdict.contains("signed") && !verdict.contains('.');
        assert_eq!(verification.release.is_some(), accepted, "{name}");
        let decryption = decrypt(DecryptRequest {
            input: mails.input(&path),
            keys: &mails.held,
        })
        .unwrap();
        assert_eq!(decryption.release.is_some(), decrypts, "{name}");
    }
    assert!(expected.is_empty(), "no such files: {expected:?}");
}

#[test]
fn what_was_written_comes_out() {
    let Some(mails) = Mails::open() else { return };
    let text = "This is a test message from Alice to Bob.";
    for (file, verdict, decrypts) in VERDICTS {
        let path = mails.folder.join("smime").join(file);
        let mut released = Vec::new();
        if !verdict.contains('.') {
            released.push(mails.verify(&path).release.unwrap());
        }
        // Below encryption there may be a signature, whose content is in base64.
        if decrypts && !file.contains("opaque.env") {
            let request = DecryptRequest {
                input: mails.input(&path),
                keys: &mails.held,
            };
            released.push(decrypt(request).unwrap().release.unwrap());
        }
        for release in released {
            let mut octets = Vec::new();
            release.write(&mut octets).unwrap();
            let message = String::from_utf8(octets).unwrap();
            assert!(message.contains(text), "{file}: {message}");
            assert!(message.contains("From: Alice@example.com"), "{file}");
        }
    }
}
