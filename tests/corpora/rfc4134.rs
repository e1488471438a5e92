//! The signed examples of RFC 4134, each with what it says and what is found.
//!
//! All are of DSA or RSA with 1024 bits and of SHA-1, which is let through here. They are taken out
//! of the text of the RFC, whose section 5 holds every file in base64 between `|>name` and `|<name`.

use std::path::Path;

use smime::address::Address;
use smime::crypto::digest::WeakDigests;
use smime::pki::{Certificate, CertificatePool, NoLists};
use smime::policy::profile::Profile;
use smime::reason::Severity;
use smime::smime::lookup::{CertificateLookup, LookupError, NoKeys, Standing, StoredCertificate};
use smime::smime::{Input, JudgementTime, SignatureRelease, VerifyRequest, verify};
use smime::source::Source;
use smime::time::Time;
use smime::verdict::{Check, Verdict};

use crate::certificates::certificate;
use crate::corpora;
use crate::lookups::Held;

/// A file that the text holds.
fn example(folder: &Path, name: &str) -> Vec<u8> {
    let text = std::fs::read_to_string(folder.join("rfc4134.txt")).unwrap();
    let (begin, end) = (format!("|>{name}"), format!("|<{name}"));
    let lines = text.lines().skip_while(|line| *line != begin).skip(1);
    // Between them are the feet and heads of pages.
    let lines = lines
        .take_while(|line| *line != end)
        .filter_map(|line| line.strip_prefix('|'));
    let base64: String = lines.collect();
    let frame = format!("-----BEGIN CMS-----\n{base64}\n-----END CMS-----\n");
    smime::asn1::pem::decode_all(frame.as_bytes()).unwrap()[0]
        .der
        .to_vec()
}

/// The roots are trusted, nothing is stored.
fn judge(name: &str, sha1: WeakDigests) -> Option<Vec<String>> {
    let anchors = ["CarlDSSSelf", "CarlRSASelf"];
    judge_by(name, sha1, &anchors, &Held(Vec::new()))
}

/// What is found: a line about each signer, and one of what rejects, the author aside.
fn judge_by(
    name: &str,
    sha1: WeakDigests,
    anchors: &[&str],
    stored: &dyn CertificateLookup,
) -> Option<Vec<String>> {
    let folder = corpora()?.join("rfc4134");
    let of = |name: &str| certificate(&folder.join(format!("{name}.cer")));
    let octets = example(&folder, name);
    let input = match name.ends_with(".eml") {
        true => Input::Message(Source::from_bytes(octets)),
        false => Input::Object {
            object: Source::from_bytes(octets),
            content: matches!(name, "4.3.bin")
                .then(|| Source::from_bytes(example(&folder, "ExContent.bin"))),
        },
    };
    let request = VerifyRequest {
        input,
        keys: &NoKeys,
        certificates: stored,
        issuers: &CertificatePool::new(anchors.iter().map(|name| of(name)), []),
        untrusted: &[
            of("AliceDSSSignByCarlNoInherit"),
            of("AliceRSASignByCarl"),
            of("DianeDSSSignByCarlInherit"),
            of("DianeRSASignByCarl"),
            of("CarlDSSSelf"),
        ],
        lists: &NoLists,
        time: JudgementTime::At(Time::parse_rfc3339("2003-01-01").unwrap()),
        profile: &Profile {
            sha1,
            ..Profile::default()
        },
        expected: Some(&"diane@example.com".parse().unwrap()),
        envelope_from: None,
        signature: SignatureRelease::Strip,
    };
    Some(match verify(request) {
        Ok(verification) => lines(&verification.verdict),
        Err(error) => vec![error.to_string()],
    })
}

fn lines(verdict: &Verdict) -> Vec<String> {
    let mut lines: Vec<String> = verdict
        .layers
        .iter()
        .flat_map(|layer| &layer.signers)
        .map(|signer| {
            let passes = |check| match check {
                Check::Pass => "pass",
                Check::Fail => "fail",
                Check::NotChecked => "not checked",
            };
            format!(
                "{} {}: integrity {}, signature {}, path {}",
                signer.subject,
                signer.signature,
                passes(signer.checks.integrity),
                passes(signer.checks.signature),
                passes(signer.checks.path),
            )
        })
        .collect();
    let mut codes: Vec<&str> = verdict
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Reject)
        .map(|finding| finding.reason.code())
        .filter(|code| *code != "smime.from-mismatch" && *code != "mail.multiple-from")
        .collect();
    codes.sort_unstable();
    codes.dedup();
    lines.push(codes.join(" "));
    lines
}

const ALICE_DSS: &str = "CN=AliceDSS dsa-sha1: integrity pass, signature pass, path pass";
const ALICE_RSA: &str = "CN=AliceRSA rsa-sha1: integrity pass, signature pass, path pass";
const DIANE_DSS: &str = "CN=DianeDSS dsa-sha1: integrity pass, signature pass, path pass";

macro_rules! examples {
    ($($test:ident $name:literal => $($line:expr),*;)*) => {
        $(
            #[test]
            fn $test() {
                let Some(found) = judge($name, WeakDigests::AcceptSha1) else { return };
                assert_eq!(found, [$($line),*]);
            }
        )*
    };
}

examples! {
    basic_signed_content_of_dss "4.1.bin" => ALICE_DSS, "";
    basic_signed_content_of_rsa "4.2.bin" => ALICE_RSA, "";
    detached_content "4.3.bin" => ALICE_DSS, "";
    attributes_and_a_countersignature "4.4.bin" => ALICE_DSS, "";
    all_of_rsa "4.5.bin" => ALICE_RSA, "";
    two_signers_one_of_whom_inherits_parameters "4.6.bin" => ALICE_DSS, DIANE_DSS, "";
    a_signer_named_by_key_identifier "4.7.bin" => ALICE_DSS, "";
    multipart_signed "4.8.eml" => ALICE_DSS, "";
    an_opaque_message "4.9.eml" => ALICE_DSS, "";
    attributes_of_every_kind "4.10.bin" => ALICE_DSS, "";
    certificates_only "4.11.bin" => "smime.certs-only";
}

#[test]
fn what_is_too_weak_is_told_from_what_does_not_match() {
    let Some(found) = judge("4.6.bin", WeakDigests::Reject) else {
        return;
    };
    let but_the_path = |signer: &str| signer.replace("path pass", "path fail");
    let expected = [but_the_path(ALICE_DSS), but_the_path(DIANE_DSS)];
    assert_eq!(found[..2], expected);
    assert_eq!(found[2], "cms.digest-weak path.digest-weak");
}

/// Certificates that are trusted for themselves.
struct Pinned(Vec<Certificate>);

impl CertificateLookup for Pinned {
    fn find_by_address(&self, _: &Address) -> Result<Vec<StoredCertificate>, LookupError> {
        let stored = self.0.iter().map(|certificate| StoredCertificate {
            certificate: certificate.clone(),
            standing: Standing::Pinned,
            since: None,
        });
        Ok(stored.collect())
    }
}

/// Diane's certificate is trusted without a path, but the parameters of her key would come from a
/// certificate that the message could have brought.
#[test]
fn parameters_are_not_taken_from_a_path_that_is_not_trusted() {
    let Some(folder) = corpora() else { return };
    let folder = folder.join("rfc4134");
    let stored = ["AliceDSSSignByCarlNoInherit", "DianeDSSSignByCarlInherit"]
        .map(|name| certificate(&folder.join(format!("{name}.cer"))));
    let stored = Pinned(stored.to_vec());
    let found = judge_by("4.6.bin", WeakDigests::AcceptSha1, &[], &stored).unwrap();
    // Without signed attributes nothing but the signature covers the content.
    let unchecked = DIANE_DSS
        .replace("integrity pass", "integrity not checked")
        .replace("signature pass", "signature not checked");
    assert_eq!(found[..2], [ALICE_DSS, &unchecked]);
    assert_eq!(found[2], "cms.signature-algorithm-unsupported");
}
