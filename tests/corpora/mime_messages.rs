//! Every message of `mime` is either refused by `sign` as not MIME, or signed so that we and
//! OpenSSL accept it and nothing is lost.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use smime::address::Address;
use smime::crypto::key::{KeyType, PrivateKey};
use smime::mail;
use smime::pki::issue::{
    Authority, CaProfile, LeafProfile, SubjectName, Usage, issue, self_signed,
};
use smime::pki::{Certificate, CertificatePool, Identity, SerialNumber};
use smime::policy::profile::{Include, Profile, Switch};
use smime::reason::Reason;
use smime::smime::{
    Input, JudgementTime, PreparedMessage, SignRequest, SignatureForm, SignatureRelease,
    SigningIdentity, SmimeError, VerifyRequest, verify,
};
use smime::source::Source;
use smime::time::Time;
use smime::verdict::{Finding, Outcome};

use crate::lookups::Held;
use crate::mime_structure::messages;
use crate::peer::Peer;

const ADDRESS: &str = "signer@example.com";
pub(crate) const TIME: &str = "1800000000";

/// A CA, and somebody who signs everybody's mail.
pub(crate) struct Signer {
    pub(crate) ca: Certificate,
    pub(crate) signers: [SigningIdentity; 1],
    address: Address,
    time: Time,
}

impl Signer {
    pub(crate) fn new() -> Signer {
        let time = Time::from_unix(TIME.parse().unwrap()).unwrap();
        let serial = |number: u8| SerialNumber::from_unsigned(&[number]).unwrap();
        let [ca_key, key] = [(), ()].map(|()| PrivateKey::generate(KeyType::EcP256).unwrap());
        let profile = CaProfile {
            name: SubjectName {
                common_name: Some("CA".to_owned()),
                ..SubjectName::default()
            },
            email: None,
            path_length: Some(0),
            days: 10,
        };
        let ca = self_signed(&profile, &ca_key, &serial(1), time).unwrap();
        let address = Address::parse(ADDRESS).unwrap();
        let profile = LeafProfile {
            name: SubjectName::default(),
            addresses: vec![address.clone()],
            usage: Usage::Both,
            days: 10,
            key: key.public_key().clone(),
            crl_url: None,
            policies: Vec::new(),
        };
        let authority = Authority {
            certificate: &ca,
            key: &ca_key,
        };
        let identity = Identity {
            certificate: issue(&authority, &profile, &serial(2), time).unwrap(),
            chain: Vec::new(),
            key,
        };
        let signers = [SigningIdentity {
            identity,
            encryption_certificate: None,
        }];
        Signer {
            ca,
            signers,
            address,
            time,
        }
    }

    pub(crate) fn sign(&self, octets: &[u8], form: SignatureForm) -> Result<Vec<u8>, SmimeError> {
        let message = PreparedMessage::read(Source::from_bytes(octets.to_vec()))?;
        let request = SignRequest {
            signers: &self.signers,
            form,
            include: Include::Leaf,
            digest: None,
            rsa_scheme: smime::crypto::key::RsaScheme::Pkcs1,
            time: self.time,
            protect_headers: Switch::Off,
        };
        let mut signed = Vec::new();
        message.sign(&request, &mut signed)?;
        Ok(signed)
    }

    /// What `smime verify --expect` writes for a signed message, which it has to accept.
    pub(crate) fn verify(&self, name: &str, signed: &[u8]) -> Vec<u8> {
        let nobody = Held(Vec::new());
        let verification = verify(VerifyRequest {
            input: Input::Message(Source::from_bytes(signed.to_vec())),
            keys: &nobody,
            certificates: &nobody,
            issuers: &CertificatePool::new([self.ca.clone()], []),
            untrusted: &[],
            lists: &smime::pki::NoLists,
            time: JudgementTime::At(self.time),
            profile: &Profile::default(),
            expected: Some(&self.address),
            envelope_from: None,
            signature: SignatureRelease::Strip,
        })
        .unwrap();
        let verdict = &verification.verdict;
        assert_eq!(
            verdict.layers[0].signers[0].verdict,
            Outcome::Accepted,
            "{name}: {:?}",
            verdict.findings
        );
        assert_eq!(verdict.outcome(), Outcome::Accepted, "{name}: {verdict:?}");
        let mut content = Vec::new();
        let release = verification.release.unwrap();
        release.write(&mut content).unwrap();
        content
    }
}

/// The fields outside the signature, as received; line ends apart, which are those of the message.
fn outer_fields(octets: &[u8]) -> Vec<String> {
    let scan = mail::scan(&Source::from_bytes(octets.to_vec())).unwrap();
    let outside = |name: &str| {
        let name = name.to_ascii_lowercase();
        !name.starts_with("content-") && name != "mime-version" && name != "bcc"
    };
    let fields = scan.root.header.fields();
    fields
        .filter(|field| outside(field.name()))
        .map(|field| String::from_utf8_lossy(field.raw()).replace("\r\n", "\n"))
        .collect()
}

/// The body with canonical line ends.
pub(crate) fn canonical_body(octets: &[u8]) -> Vec<u8> {
    let source = Source::from_bytes(octets.to_vec());
    let scan = mail::scan(&source).unwrap();
    let body = scan.root.body_source(&source);
    let mut canonical = Vec::new();
    let mut reader = mail::canonical::canonical_reader(&body);
    std::io::Read::read_to_end(&mut reader, &mut canonical).unwrap();
    canonical
}

/// The message with MIME-Version, where that field is what it lacks.
pub(crate) fn versioned(octets: &[u8], findings: &[Finding]) -> Option<Vec<u8>> {
    let has_version = String::from_utf8_lossy(octets)
        .to_ascii_lowercase()
        .contains("mime-version:");
    let only_that = findings
        .iter()
        .all(|finding| finding.reason == Reason::MailNotMime);
    (only_that && !has_version).then(|| {
        let line_end: &[u8] = match octets.windows(2).any(|pair| pair == b"\r\n") {
            true => b"\r\n",
            false => b"\n",
        };
        [&b"MIME-Version: 1.0"[..], line_end, octets].concat()
    })
}

/// Who judges a message.
struct Judges<'a> {
    signer: &'a Signer,
    openssl: Option<Peer>,
    /// Where OpenSSL finds its files.
    directory: &'a Path,
}

impl Judges<'_> {
    /// Holds that a signed message is accepted in both forms, and that nothing was lost.
    fn accept(&self, name: &str, octets: &[u8], clear: &[u8]) {
        let opaque = self.signer.sign(octets, SignatureForm::Opaque).unwrap();
        let content = self.signer.verify(name, clear);
        let from_opaque = self.signer.verify(name, &opaque);
        let fields = outer_fields(octets);
        for written in [clear, &opaque, &content, &from_opaque] {
            assert_eq!(outer_fields(written), fields, "{name}");
        }
        let body = canonical_body(&content);
        assert_eq!(body, canonical_body(&from_opaque), "{name}");
        let Some(openssl) = &self.openssl else { return };
        for signed in [clear, &opaque] {
            std::fs::write(self.directory.join("signed.eml"), signed).unwrap();
            let line = format!("cms -verify -in signed.eml -CAfile ca.pem -attime {TIME}");
            let arguments: Vec<&str> = line.split(' ').collect();
            let run = openssl.run(self.directory, &arguments);
            assert!(run.succeeded, "{name}: {}", run.stderr);
            assert_eq!(canonical_body(&run.stdout), body, "{name}");
        }
    }
}

impl Judges<'_> {
    /// Holds that the program itself refuses a message so that a script can tell why.
    fn refuse(&self, name: &str, octets: &[u8], code: &str) {
        let path = self.directory.join("refused.eml");
        std::fs::write(&path, octets).unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_smime"))
            .args(["sign", "--no-keystore", "--json"])
            .arg(path)
            .env_clear()
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(65), "{name}: {output:?}");
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(report["findings"][0]["code"], code, "{name}");
    }
}

#[test]
fn a_message_is_refused_with_a_reason_or_signed_and_accepted() {
    let paths = messages();
    if paths.is_empty() {
        return;
    }
    let signer = Signer::new();
    let directory = tempfile::tempdir().unwrap();
    let ca = smime::asn1::pem::encode("CERTIFICATE", signer.ca.der());
    std::fs::write(directory.path().join("ca.pem"), ca).unwrap();
    let judges = Judges {
        signer: &signer,
        openssl: Peer::openssl(),
        directory: directory.path(),
    };
    let mut waiting: Vec<(String, Vec<u8>)> = paths
        .iter()
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy();
            (name.into_owned(), std::fs::read(path).unwrap())
        })
        .collect();
    let (mut total, mut signed) = (0, 0);
    let mut refused: BTreeMap<&str, u32> = BTreeMap::new();
    while let Some((name, octets)) = waiting.pop() {
        total += 1;
        match signer.sign(&octets, SignatureForm::Clear) {
            Ok(clear) => {
                judges.accept(&name, &octets, &clear);
                signed += 1;
            }
            Err(SmimeError::NotMime(findings)) => {
                let code = findings[0].reason.code();
                assert!(code.starts_with("mail."), "{name}: {code}");
                let count = refused.entry(code).or_default();
                *count += 1;
                if *count == 1 {
                    judges.refuse(&name, &octets, code);
                }
                if let Some(octets) = versioned(&octets, &findings) {
                    waiting.push((format!("{name} with MIME-Version"), octets));
                }
            }
            Err(error) => panic!("{name}: {error}"),
        }
    }
    println!("{total} messages: {signed} signed, refused {refused:?}");
    assert_eq!(signed + refused.values().sum::<u32>(), total);
    assert_eq!(refused, BTreeMap::from(REFUSED));
    assert!(signed >= 84, "{signed}");
}

/// By the first reason that is found.
const REFUSED: [(&str, u32); 5] = [
    ("mail.boundary-missing", 7),
    ("mail.boundary-unterminated", 3),
    ("mail.header-malformed", 16),
    ("mail.not-mime", 30),
    ("mail.transfer-encoding-invalid", 3),
];
