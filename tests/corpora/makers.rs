//! Other makers' objects, messages, certificates and keys: every case of their tables.
//!
//! A case of `cases.tsv` is a command of OpenSSL; its options say which trust anchors, certificates,
//! keys and time belong to the case, and the same question is put to the library. Whether the
//! author is in the certificate, or the algorithm strong, is no question there.

mod divergences;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use smime::asn1::pem;
use smime::cms::Object;
use smime::crypto::digest::WeakDigests;
use smime::pki::certificate_file::{CertificateFile, FileError, FileKey, FileProblem};
use smime::pki::{
    Certificate, CertificatePool, Identity, PathRequest, PolicyInputs, Purpose, match_keys, pkcs12,
    validate_path,
};
use smime::policy::profile::Profile;
use smime::reason::Severity;
use smime::smime::{
    DecryptRequest, Input, JudgementTime, SignatureRelease, SmimeError, Verification,
    VerifyRequest, decrypt, verify,
};
use smime::source::Source;
use smime::time::Time;
use smime::verdict::{Check, Finding, LayerKind, Signer};

use self::divergences::DIVERGENCES;
use crate::lookups::Held;
use crate::{corpora, files_below};

/// The tables, and how many cases each has.
const TABLES: [(&str, usize); 8] = [
    ("apache-james", 3),
    ("asn1crypto", 16),
    ("bouncycastle", 10),
    ("mimekit", 2),
    ("pyca-pkcs7", 11),
    ("rfc4134", 17),
    ("rfc9216-keys", 24),
    ("rustcrypto-cms", 17),
];

/// One case of a table.
struct Case {
    /// Folder, file, and what is asked: distinct from those of all other cases.
    name: String,
    folder: PathBuf,
    file: String,
    command: Vec<String>,
    expected: String,
}

impl Case {
    fn all(corpora: &Path, maker: &str) -> Vec<Case> {
        let table = std::fs::read_to_string(corpora.join(maker).join("cases.tsv")).unwrap();
        let cases = table.lines().skip(1).map(|line| {
            let columns: Vec<&str> = line.split('\t').collect();
            let file = corpora.join(maker).join(columns[0]);
            let mut case = Case {
                name: String::new(),
                folder: file.parent().unwrap().to_path_buf(),
                file: file.file_name().unwrap().to_str().unwrap().to_owned(),
                command: columns[2].split_whitespace().map(str::to_owned).collect(),
                expected: columns[3].to_owned(),
            };
            case.name = format!("{maker}/{} {}", columns[0], case.question());
            case
        });
        cases.collect()
    }

    /// What the command asks.
    fn question(&self) -> &'static str {
        let has = |word: &str| self.command.iter().any(|found| found == word);
        let any = |words: &[(&str, &'static str)]| {
            let found = words.iter().find(|(word, _)| has(word));
            found.map(|(_, question)| *question)
        };
        let questions = [
            ("pkey", "key"),
            ("x509", "certificate"),
            ("pkcs12", "PKCS #12"),
            ("verify", "path"),
            ("-cmsout", "object"),
            ("-secretkey", "symmetric key"),
            ("-pwri_password", "password"),
            ("-decrypt", "decryption"),
            ("-digest_verify", "digest"),
            ("-uncompress", "compression"),
            ("-noverify", "signature"),
            ("-verify", "signature and path"),
        ];
        match any(&questions) {
            Some("path") if has("-untrusted") => "path over a cross certificate",
            question => question.unwrap(),
        }
    }

    fn option(&self, name: &str) -> Option<&str> {
        let at = self.command.iter().position(|word| word == name)?;
        self.command.get(at + 1).map(String::as_str)
    }

    fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.folder.join(name)).unwrap()
    }

    /// The certificates that an option names.
    fn certificates(&self, option: &str) -> Vec<Certificate> {
        let Some(name) = self.option(option) else {
            return Vec::new();
        };
        // The command makes this one of all the files of that CA.
        if name == "$TMPDIR/startcom.pem" {
            let files = files_below(&self.folder).into_iter();
            return files
                .filter(|path| path.to_string_lossy().contains("StartCom"))
                .flat_map(|path| CertificateFile::read(&std::fs::read(path).unwrap()).certificates)
                .collect();
        }
        CertificateFile::read(&self.read(name)).certificates
    }

    fn time(&self) -> Time {
        let time = self.option("-attime").unwrap_or("1795500000");
        Time::from_unix(time.parse().unwrap()).unwrap()
    }

    /// The identities of which the command names the key: their certificates are in the folder.
    fn held(&self) -> Held {
        let Some(key) = self.option("-inkey") else {
            return Held(Vec::new());
        };
        let Ok(key) = std::fs::read(self.folder.join(key)) else {
            return Held(Vec::new());
        };
        let keys = CertificateFile::read(&key).keys;
        let keys: Vec<_> = keys
            .into_iter()
            .filter_map(|key| match key {
                FileKey::Plain(key) => Some(key),
                FileKey::Encrypted(_) => None,
            })
            .collect();
        let files = files_below(&self.folder).into_iter();
        let certificates: Vec<Certificate> = files
            .flat_map(|path| CertificateFile::read(&std::fs::read(path).unwrap()).certificates)
            .collect();
        let identities = match_keys(&certificates, &keys).identities;
        // One key may have several certificates, and any of them may be meant.
        let all = identities.iter().flat_map(|identity| {
            let of_it =
                |found: &&Certificate| found.public_key() == identity.certificate.public_key();
            certificates
                .iter()
                .filter(of_it)
                .map(|certificate| Identity {
                    certificate: certificate.clone(),
                    chain: Vec::new(),
                    key: identity.key.clone(),
                })
        });
        Held(all.collect())
    }

    /// The object in DER or BER, out of its PEM frame.
    fn object(&self) -> Vec<u8> {
        let octets = self.read(&self.file);
        match pem::is_pem(&octets) {
            true => pem::decode_all(&octets).unwrap()[0].der.to_vec(),
            false => octets,
        }
    }

    fn input(&self) -> Input {
        let object = self.object();
        if object.first() != Some(&0x30) {
            return Input::Message(Source::from_bytes(object));
        }
        Input::Object {
            object: Source::from_bytes(object),
            content: self
                .option("-content")
                .map(|name| Source::from_bytes(self.read(name))),
        }
    }

    /// Our answer: the word of the table, or why not.
    fn answer(&self) -> String {
        match self.question() {
            "object" => match Object::decode(&self.object()[..]) {
                Ok(_) => "parses".to_owned(),
                Err(error) => error.to_string(),
            },
            "certificate" => {
                let file = CertificateFile::read(&self.read(&self.file));
                match file.problems.is_empty() && file.certificates.len() == 1 {
                    true => "parses".to_owned(),
                    false => format!("{:?}", file.problems),
                }
            }
            "key" => {
                let file = CertificateFile::read(&self.read(&self.file));
                let certificate = self.read(&self.file.replace(".key", ".crt"));
                let certificates = CertificateFile::read(&certificate).certificates;
                match &file.keys[..] {
                    [FileKey::Plain(key)] => {
                        let matched = match_keys(&certificates, std::slice::from_ref(key));
                        assert_eq!(matched.identities.len(), 1, "{}", self.name);
                        "parses".to_owned()
                    }
                    _ => match &file.problems[..] {
                        [
                            FileProblem {
                                error: FileError::Key(error),
                                ..
                            },
                        ] => format!("{error:?}"),
                        problems => format!("{problems:?}"),
                    },
                }
            }
            "PKCS #12" => {
                let file = self.read(self.option("-in").unwrap());
                let passphrase = self.option("-passin").unwrap();
                match pkcs12::decode(&file, passphrase.strip_prefix("pass:").unwrap()) {
                    Ok(contents) if contents.unreadable.is_empty() => "opens".to_owned(),
                    Ok(contents) => format!("{:?}", contents.unreadable),
                    Err(error) => error.to_string(),
                }
            }
            "path" | "path over a cross certificate" => self.path(),
            "signature" => self.signatures(|signer| {
                signer.checks.integrity == Check::Pass && signer.checks.signature == Check::Pass
            }),
            "signature and path" => self.signatures(|signer| {
                let checks = &signer.checks;
                [
                    checks.integrity,
                    checks.signature,
                    checks.path,
                    checks.validity,
                ]
                .iter()
                .all(|check| *check == Check::Pass)
            }),
            "compression" => self.compression(),
            _ => self.decryption(),
        }
    }

    /// Whether the compressed layer is opened; that nobody signed what is in it is another matter.
    fn compression(&self) -> String {
        let nobody = Held(Vec::new());
        let verdict = match self.verify(&nobody, &CertificatePool::new([], []), &[]) {
            Ok(verification) => verification.verdict,
            Err(error) => return error.to_string(),
        };
        let kinds: Vec<LayerKind> = verdict.layers.iter().map(|layer| layer.kind).collect();
        match (&kinds[..], &*reasons(&verdict.findings)) {
            ([LayerKind::Compressed], "smime.not-signed") => "parses".to_owned(),
            (_, reasons) => reasons.to_owned(),
        }
    }

    fn verify(
        &self,
        nobody: &Held,
        issuers: &CertificatePool,
        untrusted: &[Certificate],
    ) -> Result<Verification, SmimeError> {
        verify(VerifyRequest {
            input: self.input(),
            keys: nobody,
            certificates: nobody,
            issuers,
            untrusted,
            lists: &smime::pki::NoLists,
            time: JudgementTime::At(self.time()),
            profile: &Profile {
                sha1: WeakDigests::AcceptSha1,
                ..Profile::default()
            },
            expected: None,
            envelope_from: None,
            signature: SignatureRelease::Strip,
        })
    }

    fn path(&self) -> String {
        let leaf = CertificateFile::read(&self.read(&self.file)).certificates;
        let anchors = self.certificates("-CAfile");
        let report = validate_path(&PathRequest {
            certificate: &leaf[0],
            issuers: &CertificatePool::new(anchors, self.certificates("-untrusted")),
            extra: &[],
            time: self.time(),
            purpose: match self.option("-purpose").unwrap() {
                "smimesign" => Purpose::Sign,
                "smimeencrypt" => Purpose::Encrypt,
                purpose => panic!("{purpose}"),
            },
            sha1: WeakDigests::Reject,
            revocation: None,
            policies: PolicyInputs::default(),
        });
        match report.trusted {
            true => "valid".to_owned(),
            false => reasons(&report.findings),
        }
    }

    /// Whether every signer of the outermost layer passes.
    fn signatures(&self, passes: impl Fn(&Signer) -> bool) -> String {
        let nobody = Held(Vec::new());
        let anchors = self.certificates("-CAfile");
        let mut certificates = self.certificates("-certfile");
        certificates.extend(anchors.clone());
        let issuers = CertificatePool::new(anchors, []);
        let verification = self.verify(&nobody, &issuers, &certificates);
        let verdict = match verification {
            Ok(verification) => verification.verdict,
            Err(error) => return error.to_string(),
        };
        let layer = verdict.layers.first();
        let signers = layer.filter(|layer| layer.kind == LayerKind::Signed);
        let signers = signers.map_or(&[][..], |layer| &layer.signers);
        match !signers.is_empty() && signers.iter().all(passes) {
            true => "valid".to_owned(),
            false => reasons(&verdict.findings),
        }
    }

    fn decryption(&self) -> String {
        let request = DecryptRequest {
            input: self.input(),
            keys: &self.held(),
        };
        let decryption = match decrypt(request) {
            Ok(decryption) => decryption,
            Err(error) => return error.to_string(),
        };
        match decryption.release {
            Some(release) => {
                let mut content = Vec::new();
                release.write(&mut content).unwrap();
                assert!(!content.is_empty(), "{}", self.name);
                let text = String::from_utf8_lossy(&content).into_owned();
                let plaintexts = ["This is some sample content.", "Lorem ipsum dolor sit amet"];
                let known = plaintexts.iter().any(|plaintext| text.contains(plaintext));
                match known || text == String::from_utf8_lossy(&self.message()) {
                    true => "decrypts".to_owned(),
                    false => format!("another content: {text:?}"),
                }
            }
            None => reasons(&decryption.verdict.findings),
        }
    }

    /// What asn1crypto's objects are made from.
    fn message(&self) -> Vec<u8> {
        std::fs::read(self.folder.join("message.txt")).unwrap_or_default()
    }
}

/// The reasons that reject, each once.
fn reasons(findings: &[Finding]) -> String {
    let mut codes: Vec<&str> = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Reject)
        .map(|finding| finding.reason.code())
        // Who wrote an object is no question here.
        .filter(|code| *code != "smime.from-mismatch" && *code != "mail.multiple-from")
        .collect();
    codes.sort_unstable();
    codes.dedup();
    codes.join(" ")
}

#[test]
fn every_case_of_their_tables() {
    let Some(folder) = corpora() else { return };
    let mut divergences: BTreeMap<&str, &str> = BTreeMap::new();
    for (case, answer, _) in DIVERGENCES {
        assert!(divergences.insert(case, answer).is_none(), "{case} twice");
    }
    let (mut surprises, mut agreed) = (Vec::new(), 0);
    for (maker, count) in TABLES {
        let cases = Case::all(&folder, maker);
        assert_eq!(cases.len(), count, "{maker}");
        for case in cases {
            let answer = case.answer();
            let expected = divergences.remove(&*case.name);
            agreed += usize::from(answer == case.expected);
            if answer != expected.unwrap_or(&case.expected) {
                surprises.push(format!("{}: {answer}", case.name));
            }
        }
    }
    println!(
        "{agreed} cases as expected, {} otherwise",
        DIVERGENCES.len()
    );
    assert!(surprises.is_empty(), "\n{}", surprises.join("\n"));
    assert!(divergences.is_empty(), "no such cases: {divergences:?}");
}
