//! The S/MIME rules, each with the exact set of reasons it leads to; no directory, no clock.

use super::*;
use crate::address::Address;
use crate::cms::{self, CertificateIdentifier};
use crate::crypto::content::ContentCipher;
use crate::crypto::key::PrivateKey;
use crate::pki::test_pki::{Draft, key_number, time};
use crate::pki::{Certificate, CertificatePool, Identity};
use crate::policy::profile::{CipherChoice, EnvelopeFrom, Include, Profile, Rollover, Switch};
use crate::reason::Reason;
use crate::smime::lookup::{
    CertificateLookup, KeyLookup, LookupError, Standing, StoredCertificate, names,
};
use crate::source::Source;
use crate::verdict::{Check, Outcome, Verdict};

mod acceptance;
mod authors;
mod certificates;
mod compression;
mod damage;
mod encodings;
mod encryption;
mod every_octet;
mod header_protection;
mod inspection;
mod labels;
mod preparing;
mod structures;

const MESSAGE: &str = "From: Alice <alice@example.com>\r\nTo: bob@example.com\r\nSubject: Hello\r\n\
    MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\
    Content-Transfer-Encoding: 8bit\r\n\r\nGr\u{fc}\u{df}e aus Z\u{fc}rich\r\n";

/// A CA, Alice and Bob, and what is stored about them.
struct World {
    ca: Certificate,
    alice: Identity,
    bob: Identity,
    stored: Vec<StoredCertificate>,
    keys: Vec<Identity>,
    profile: Profile,
    envelope_from: Option<&'static str>,
    expected: Option<Address>,
    anchors: bool,
    time: JudgementTime,
    signature: SignatureRelease,
}

fn identity(draft: &Draft, key: usize) -> Identity {
    Identity {
        certificate: draft.issued_by("CA", 0),
        key: key_number(key).clone(),
        chain: vec![Draft::ca("CA", 0).self_signed(0)],
    }
}

impl World {
    fn new() -> World {
        let alice = identity(&Draft::leaf("alice", 1).serial(2), 1);
        let bob = identity(&Draft::leaf("bob", 2).serial(3), 2);
        World {
            ca: Draft::ca("CA", 0).self_signed(0),
            keys: vec![bob.clone()],
            alice,
            bob,
            stored: Vec::new(),
            profile: Profile::default(),
            envelope_from: None,
            expected: None,
            anchors: true,
            time: JudgementTime::At(time()),
            signature: SignatureRelease::Strip,
        }
    }

    fn store(&mut self, certificate: &Certificate, standing: Standing) {
        self.stored.push(StoredCertificate {
            certificate: certificate.clone(),
            standing,
            since: None,
        });
    }

    fn verify_input(&self, input: Input) -> Verification {
        let anchors = self.anchors.then(|| self.ca.clone());
        verify(VerifyRequest {
            input,
            keys: self,
            certificates: self,
            issuers: &CertificatePool::new(anchors, []),
            untrusted: &[],
            lists: &crate::pki::NoLists,
            time: self.time,
            profile: &self.profile,
            expected: self.expected.as_ref(),
            envelope_from: self.envelope_from,
            signature: self.signature,
        })
        .unwrap()
    }

    fn verify(&self, message: &[u8]) -> Verification {
        self.verify_input(Input::Message(Source::from_bytes(message.to_vec())))
    }

    /// The reasons that reject, and what is released.
    fn rejection(&self, message: &[u8]) -> Vec<Reason> {
        let verification = self.verify(message);
        assert!(
            verification.release.is_none(),
            "content of a rejected message"
        );
        assert_eq!(verification.verdict.outcome(), Outcome::Rejected);
        reasons(&verification.verdict)
    }
}

impl KeyLookup for World {
    fn holds(&self, recipient: &CertificateIdentifier) -> Result<bool, LookupError> {
        self.find_key(recipient).map(|key| key.is_some())
    }

    fn find_key(
        &self,
        recipient: &CertificateIdentifier,
    ) -> Result<Option<PrivateKey>, LookupError> {
        let named = self
            .keys
            .iter()
            .find(|identity| names(recipient, &identity.certificate));
        Ok(named.map(|identity| identity.key.clone()))
    }
}

impl CertificateLookup for World {
    fn find_by_address(&self, address: &Address) -> Result<Vec<StoredCertificate>, LookupError> {
        let stored = self.stored.iter();
        Ok(stored
            .filter(|stored| stored.certificate.addresses().contains(address))
            .cloned()
            .collect())
    }
}

fn reasons(verdict: &Verdict) -> Vec<Reason> {
    let rejecting = verdict.findings.iter();
    let mut reasons: Vec<_> = rejecting
        .filter(|finding| finding.severity == crate::reason::Severity::Reject)
        .map(|finding| finding.reason)
        .collect();
    reasons.sort();
    reasons.dedup();
    reasons
}

fn sign_request(signers: &[SigningIdentity], form: SignatureForm) -> SignRequest<'_> {
    SignRequest {
        signers,
        form,
        include: Include::Leaf,
        digest: None,
        rsa_scheme: crate::crypto::key::RsaScheme::Pkcs1,
        time: time(),
        protect_headers: Switch::Off,
    }
}

fn sign_with(identity: &Identity, form: SignatureForm, message: &str) -> Vec<u8> {
    let signers = [SigningIdentity {
        identity: identity.clone(),
        encryption_certificate: None,
    }];
    let request = sign_request(&signers, form);
    let source = Source::from_bytes(message.as_bytes().to_vec());
    let mut out = Vec::new();
    PreparedMessage::read(source)
        .unwrap()
        .sign(&request, &mut out)
        .unwrap();
    out
}

fn sign(identity: &Identity, message: &str) -> Vec<u8> {
    sign_with(identity, SignatureForm::Clear, message)
}

fn encrypt(recipient: &Identity, cipher: ContentCipher, message: &[u8]) -> Vec<u8> {
    let recipients = [RecipientCertificate {
        certificate: recipient.certificate.clone(),
        capabilities: None,
    }];
    let request = EncryptRequest {
        recipients: &recipients,
        cipher: CipherChoice::Fixed(cipher),
        transport: RsaTransport::AsAnnounced,
        sign: None,
        protect_headers: Switch::Off,
    };
    let mut out = Vec::new();
    let source = Source::from_bytes(message.to_vec());
    PreparedMessage::read(source)
        .unwrap()
        .encrypt(&request, &mut out)
        .unwrap();
    out
}

fn released(release: Option<Release>) -> String {
    let mut out = Vec::new();
    release.expect("released").write(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// The object in the body of an application/pkcs7-mime message.
fn object(message: &[u8]) -> Vec<u8> {
    use base64::Engine;
    let text = String::from_utf8(message.to_vec()).unwrap();
    let (_, body) = text.split_once("\r\n\r\n").unwrap();
    let body: String = body.split_whitespace().collect();
    base64::engine::general_purpose::STANDARD
        .decode(body)
        .unwrap()
}

fn replace(message: &[u8], from: &str, to: &str) -> Vec<u8> {
    let text = String::from_utf8(message.to_vec()).unwrap();
    assert!(text.contains(from), "{from:?} is not in\n{text}");
    text.replacen(from, to, 1).into_bytes()
}
