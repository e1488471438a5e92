use crate::crypto::digest::WeakDigests;
mod constraints;
mod policies;
mod search;

use const_oid::ObjectIdentifier;

use super::*;
use crate::asn1::oid;
use crate::asn1::write::DerWriter;
use crate::crypto::digest::DigestAlgorithm;
use crate::crypto::key::{KeyType, PrivateKey};
use crate::pki::test_pki::{Draft, name, time};
use crate::pki::{CertificatePool, KeyUsages, Oid};
use crate::reason::{Reason, Severity};

/// A question with defaults, to be asked with [`Question::ask`].
struct Question {
    leaf: Certificate,
    anchors: Vec<Certificate>,
    extra: Vec<Certificate>,
    purpose: Purpose,
    sha1: WeakDigests,
    acceptable: Vec<Oid>,
    policies: PolicyInputs<'static>,
}

impl Question {
    fn new(leaf: Certificate) -> Question {
        Question {
            leaf,
            anchors: vec![root()],
            extra: Vec::new(),
            purpose: Purpose::Sign,
            sha1: WeakDigests::Reject,
            acceptable: Vec::new(),
            policies: PolicyInputs::default(),
        }
    }

    fn with(mut self, extra: &[Certificate]) -> Question {
        self.extra.extend_from_slice(extra);
        self
    }

    fn trusting(mut self, anchors: &[Certificate]) -> Question {
        self.anchors = anchors.to_vec();
        self
    }

    fn ask(&self) -> PathReport {
        let pool = CertificatePool::new(self.anchors.clone(), []);
        validate_path(&PathRequest {
            certificate: &self.leaf,
            issuers: &pool,
            extra: &self.extra,
            time: time(),
            purpose: self.purpose,
            sha1: self.sha1,
            revocation: None,
            policies: PolicyInputs {
                acceptable: &self.acceptable,
                ..self.policies
            },
        })
    }

    /// The exact set of what rejects, as `depth code`.
    fn reasons(&self) -> Vec<String> {
        let report = self.ask();
        let reasons: Vec<String> = report
            .findings
            .iter()
            .filter(|finding| finding.severity == Severity::Reject)
            .map(|finding| match finding.place.certificate {
                Some(depth) => format!("{depth} {}", finding.reason.code()),
                None => finding.reason.code().to_owned(),
            })
            .collect();
        assert_eq!(report.trusted, reasons.is_empty(), "{report:?}");
        reasons
    }
}

const NOTHING: [&str; 0] = [];

// Key 0 is the root's, 1 the leaf's, 2 and 3 those of intermediates.

fn root() -> Certificate {
    Draft::ca("Root", 0).self_signed(0)
}

fn intermediate() -> Draft {
    Draft::ca("Intermediate", 2)
}

fn leaf() -> Draft {
    Draft::leaf("user", 1)
}

/// A leaf under an intermediate under the root, with the intermediate in the message.
fn through(intermediate: &Draft) -> Question {
    Question::new(leaf().issued_by("Intermediate", 2)).with(&[intermediate.issued_by("Root", 0)])
}

#[test]
fn a_leaf_of_the_root_and_one_of_an_intermediate_are_trusted() {
    let direct = Question::new(leaf().issued_by("Root", 0)).ask();
    assert!(direct.trusted);
    assert_eq!(direct.path.len(), 2);
    assert_eq!(
        (direct.path_check, direct.validity_check),
        (Check::Pass, Check::Pass)
    );
    let report = through(&intermediate()).ask();
    assert!(report.trusted && report.findings.is_empty());
    let subjects: Vec<String> = report
        .steps()
        .into_iter()
        .map(|step| step.subject)
        .collect();
    assert_eq!(subjects, ["CN=user", "CN=Intermediate", "CN=Root"]);
    assert_eq!(
        report.tried,
        ["CN=user <- CN=Intermediate <- CN=Root: valid"]
    );
}

#[test]
fn any_certificate_can_be_an_anchor() {
    let certificate = leaf().issued_by("Intermediate", 2);
    let itself = Question::new(certificate.clone()).trusting(std::slice::from_ref(&certificate));
    assert_eq!(itself.reasons(), NOTHING);
    assert_eq!(itself.ask().path.len(), 1);
    // The signature of an anchor is not judged: its issuer is not even there.
    let below = Question::new(certificate).trusting(&[intermediate().issued_by("Root", 0)]);
    assert_eq!(below.reasons(), NOTHING);
    assert_eq!(below.ask().path.len(), 2);
}

#[test]
fn what_is_in_the_message_is_not_trusted() {
    let fake = Draft::ca("Fake", 3).self_signed(3);
    let question = Question::new(leaf().issued_by("Fake", 3)).with(std::slice::from_ref(&fake));
    assert_eq!(question.reasons(), ["1 path.self-signed-untrusted"]);
    let report = question.ask();
    assert_eq!(report.path.len(), 2);
    assert_eq!(
        (report.path_check, report.validity_check),
        (Check::Fail, Check::Pass)
    );
}

#[test]
fn a_self_signed_certificate_of_a_person_is_not_trusted() {
    let question = Question::new(leaf().self_signed(1));
    assert_eq!(question.reasons(), ["0 path.self-signed-untrusted"]);
}

#[test]
fn signatures_must_verify() {
    let question = Question::new(leaf().spoil_signature().issued_by("Root", 0));
    assert_eq!(question.reasons(), ["0 path.signature-invalid"]);
    assert_eq!(question.ask().path_check, Check::Fail);
    let other = Question::new(leaf().issued_by("Root", 3));
    assert_eq!(other.reasons(), ["0 path.signature-invalid"]);
    assert_eq!(
        through(&intermediate().spoil_signature()).reasons(),
        ["1 path.signature-invalid"]
    );
    let twofold = leaf().inner_algorithm(DigestAlgorithm::Sha384);
    let question = Question::new(twofold.issued_by("Root", 0));
    assert_eq!(question.reasons(), ["0 path.signature-invalid"]);
}

#[test]
fn any_changed_bit_is_noticed() {
    let der = leaf().sign_der(&name("Root"), 0);
    for at in (0..der.len()).step_by(7) {
        let mut changed = der.clone();
        changed[at] ^= 0x04;
        if let Ok(certificate) = Certificate::decode(&changed) {
            assert!(!Question::new(certificate).ask().trusted, "octet {at}");
        }
    }
}

#[test]
fn an_issuer_key_that_is_not_supported_is_told_from_a_bad_signature() {
    let mut spki = DerWriter::new();
    spki.sequence(|spki| {
        spki.sequence(|identifier| {
            identifier.oid(&ObjectIdentifier::new_unwrap("1.3.101.113"));
        });
        spki.bit_string(&[7; 57]);
    });
    let odd = Draft::ca("Odd", 3).spki(&spki.into_vec()).self_signed(3);
    let question = Question::new(leaf().issued_by("Odd", 3)).trusting(std::slice::from_ref(&odd));
    assert_eq!(
        question.reasons(),
        ["0 path.signature-algorithm-unsupported"]
    );
    assert_eq!(
        Question::new(odd).reasons(),
        [
            "0 path.self-signed-untrusted",
            "0 cert.key-usage-forbids-signing"
        ]
    );
}

#[test]
fn dates_count_along_the_whole_path() {
    let check = |question: Question, expected: &[&str]| {
        assert_eq!(question.reasons(), expected);
        let report = question.ask();
        assert_eq!(
            (report.path_check, report.validity_check),
            (Check::Pass, Check::Fail)
        );
    };
    let expired = leaf().days(-9, -1).issued_by("Root", 0);
    check(Question::new(expired), &["0 cert.expired"]);
    let early = leaf().days(1, 9).issued_by("Root", 0);
    check(Question::new(early), &["0 cert.not-yet-valid"]);
    check(through(&intermediate().days(-9, -1)), &["1 cert.expired"]);
    let root = Draft::ca("Root", 0).days(-9, -1).self_signed(0);
    let below = Question::new(leaf().issued_by("Root", 0)).trusting(std::slice::from_ref(&root));
    check(below, &["1 cert.expired"]);
}

#[test]
fn dates_are_judged_without_a_path_too() {
    let question = Question::new(leaf().days(-9, -1).issued_by("Elsewhere", 3));
    assert_eq!(
        question.reasons(),
        ["0 path.issuer-unknown", "0 cert.expired"]
    );
    assert_eq!(question.ask().validity_check, Check::Fail);
}

#[test]
fn only_a_ca_issues() {
    let person = Draft::leaf("Intermediate", 2).without(oid::KEY_USAGE);
    assert_eq!(through(&person).reasons(), ["1 path.issuer-not-ca"]);
    let denying = intermediate().with(oid::BASIC_CONSTRAINTS, true, &[0x30, 0]);
    assert_eq!(through(&denying).reasons(), ["1 path.issuer-not-ca"]);
    let unreadable = intermediate().with(oid::BASIC_CONSTRAINTS, true, &[0x31]);
    assert_eq!(
        through(&unreadable).reasons(),
        ["1 cert.encoding-invalid", "1 path.issuer-not-ca"]
    );
    assert_eq!(
        through(&intermediate().version(1)).reasons(),
        ["1 path.issuer-not-ca"]
    );
    // An anchor that issues is a CA too; an old one cannot say so.
    let anchored =
        |draft: Draft| Question::new(leaf().issued_by("Root", 0)).trusting(&[draft.self_signed(0)]);
    let person = Draft::leaf("Root", 0).without(oid::KEY_USAGE);
    assert_eq!(anchored(person.clone()).reasons(), ["1 path.issuer-not-ca"]);
    let mut old = person.version(1);
    for extension in [
        oid::SUBJECT_KEY_IDENTIFIER,
        oid::SUBJECT_ALT_NAME,
        oid::EXTENDED_KEY_USAGE,
    ] {
        old = old.without(extension);
    }
    assert_eq!(anchored(old).reasons(), NOTHING);
}

#[test]
fn a_ca_must_be_allowed_to_sign_certificates() {
    let usages = KeyUsages::CRLSign | KeyUsages::DigitalSignature;
    assert_eq!(
        through(&intermediate().usages(usages)).reasons(),
        ["1 path.key-cert-sign-missing"]
    );
    assert_eq!(
        through(&intermediate().without(oid::KEY_USAGE)).reasons(),
        NOTHING
    );
}

#[test]
fn path_lengths_are_kept() {
    let second = Draft::ca("Second", 3).issued_by("Intermediate", 2);
    let long = |first: &Draft| {
        Question::new(leaf().issued_by("Second", 3))
            .with(&[first.issued_by("Root", 0), second.clone()])
    };
    assert_eq!(long(&intermediate()).reasons(), NOTHING);
    assert_eq!(
        long(&intermediate().path_length(Some(1))).reasons(),
        NOTHING
    );
    assert_eq!(
        long(&intermediate().path_length(Some(0))).reasons(),
        ["1 path.length-exceeded"]
    );
    let root = Draft::ca("Root", 0).path_length(Some(0)).self_signed(0);
    let question = through(&intermediate()).trusting(&[root]);
    assert_eq!(question.reasons(), ["1 path.length-exceeded"]);
}

#[test]
fn self_issued_certificates_do_not_count_for_the_path_length() {
    // The root has a new key (4): the old one signs a certificate for it, under the same name.
    let root = Draft::ca("Root", 0).path_length(Some(0)).self_signed(0);
    let new_key = Draft::ca("Root", 4).issued_by("Root", 0);
    let question = Question::new(leaf().issued_by("Root", 4))
        .trusting(std::slice::from_ref(&root))
        .with(&[new_key]);
    assert_eq!(question.reasons(), NOTHING);
    assert_eq!(question.ask().path.len(), 3);
}

#[test]
fn extended_key_usage_of_a_ca_bounds_what_is_below() {
    let server = intermediate().purposes(&[oid::SERVER_AUTH]);
    assert_eq!(
        through(&server).reasons(),
        ["1 cert.extended-key-usage-forbids-mail"]
    );
    let mail = intermediate().purposes(&[oid::SERVER_AUTH, oid::EMAIL_PROTECTION]);
    assert_eq!(through(&mail).reasons(), NOTHING);
}

#[test]
fn unknown_critical_extensions_are_refused() {
    let unknown = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.99999.1");
    let draft = intermediate().with(unknown, true, &[0x30, 0]);
    assert_eq!(
        through(&draft).reasons(),
        ["1 cert.critical-extension-unknown"]
    );
    let draft = intermediate().with(unknown, false, &[0x30, 0]);
    assert_eq!(through(&draft).reasons(), NOTHING);
    let odd = leaf().with(unknown, true, &[5, 0]).issued_by("Root", 0);
    let question = Question::new(odd);
    assert_eq!(question.reasons(), ["0 cert.critical-extension-unknown"]);
    assert_eq!(question.ask().path_check, Check::Fail);
}

#[test]
fn weak_digests_are_refused_except_on_the_anchor() {
    let sha1 = |draft: Draft| draft.digest(DigestAlgorithm::Sha1);
    let mut question = through(&sha1(intermediate()));
    assert_eq!(question.reasons(), ["1 path.digest-weak"]);
    question.sha1 = WeakDigests::AcceptSha1;
    assert_eq!(question.reasons(), NOTHING);
    let question = Question::new(sha1(leaf()).issued_by("Root", 0));
    assert_eq!(question.reasons(), ["0 path.digest-weak"]);
    let root = sha1(Draft::ca("Root", 0)).self_signed(0);
    let question = Question::new(leaf().issued_by("Root", 0)).trusting(&[root]);
    assert_eq!(question.reasons(), NOTHING);
}

#[test]
fn usages_of_the_end_entity_follow_the_purpose() {
    let leaf = leaf().usages(KeyUsages::KeyAgreement);
    let mut question = Question::new(leaf.issued_by("Root", 0));
    assert_eq!(question.reasons(), ["0 cert.key-usage-forbids-signing"]);
    assert_eq!(question.ask().path_check, Check::Pass);
    question.purpose = Purpose::Encrypt;
    assert_eq!(question.reasons(), NOTHING);
}

#[test]
fn the_key_of_every_ca_is_strong_enough() {
    for (bits, expected) in [(1000, "1 cert.weak-key"), (1024, ""), (2048, "")] {
        let key = PrivateKey::generate_rsa(bits);
        let spki = key.public_key().spki_der();
        let found = |reasons: Vec<String>| assert_eq!(reasons.join(" "), expected, "{bits}");

        let authority = intermediate().spki(spki).issued_by("Root", 0);
        let question = Question::new(leaf().sign_with("Intermediate", &key)).with(&[authority]);
        found(question.reasons());
        let warned = question
            .ask()
            .findings
            .iter()
            .any(|finding| finding.reason == Reason::CertWeakKey);
        assert_eq!(warned, bits < 2048);
        // A trust anchor is no stronger for being trusted.
        let root = Draft::ca("Weak", 0).spki(spki).sign_with("Weak", &key);
        let question = Question::new(leaf().sign_with("Weak", &key)).trusting(&[root]);
        found(question.reasons());
    }
}
