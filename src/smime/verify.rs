//! Verification: every signer on the chain of layers judged, and the verdict.
//!
//! Accepted means all of: the content has the digest that was signed and the signature matches; the
//! signer's certificate is valid, may sign mail, and has a path to a trusted CA or is pinned; the
//! From address is in the certificate (behavior rule 18).

use crate::address::Address;
use crate::mail::HeaderFields;
use crate::pki::{Certificate, Issuers, RevocationSource};
use crate::policy::profile::{Profile, Switch};
use crate::reason::{Reason, Severity};
use crate::smime::chain::{self, Chain, Input, OpenKind, OpenLayer};
use crate::smime::coverage::coverage;
use crate::smime::damage;
use crate::smime::error::SmimeError;
use crate::smime::extraction::{Extraction, ExtractionPurpose, extractions};
use crate::smime::from::{Author, ambiguity, compare_envelope};
use crate::smime::header_protection::withhold_decrypted;
use crate::smime::lookup::{CertificateLookup, KeyLookup};
use crate::smime::pinning;
use crate::smime::release::Release;
use crate::smime::signer::{Carried, Judgement, SignerContext};
use crate::time::Time;
use crate::verdict::{Finding, Outcome, Place, Verdict, rejects};

/// At which time certificates have to be valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JudgementTime {
    /// At this one.
    At(Time),
    /// When the signer claims to have signed; where it claims nothing, at the time given.
    SigningTime {
        /// The time in place of a missing claim.
        otherwise: Time,
    },
    /// When the last relay claims to have received the message; where none does, at the time given.
    Received {
        /// The time in place of a missing claim.
        otherwise: Time,
    },
}

/// What becomes of the signature in what is released.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureRelease {
    /// The signed content comes out without it.
    Strip,
    /// It stays.
    Keep,
}

/// What to verify, and against what.
#[derive(Clone)]
pub struct VerifyRequest<'a> {
    /// The message or object.
    pub input: Input,
    /// Private keys, for encrypted layers.
    pub keys: &'a dyn KeyLookup,
    /// What is stored for an address.
    pub certificates: &'a dyn CertificateLookup,
    /// Trust anchors and intermediate CAs.
    pub issuers: &'a dyn Issuers,
    /// Certificates given beside the message.
    pub untrusted: &'a [Certificate],
    /// CRLs beside those of the message; asked only where the settings have revocation checked.
    pub lists: &'a dyn RevocationSource,
    /// When certificates have to be valid.
    pub time: JudgementTime,
    /// The settings in force.
    pub profile: &'a Profile,
    /// The author in place of the From field and its rules.
    pub expected: Option<&'a Address>,
    /// The envelope sender, if known; empty for the null sender.
    pub envelope_from: Option<&'a str>,
    /// What becomes of the signature.
    pub signature: SignatureRelease,
}

/// What came of it.
pub struct Verification {
    /// The verdict; the outcome of extractions is still to be added.
    pub verdict: Verdict,
    /// What may be written; `None` if the verdict rejects.
    pub release: Option<Release>,
    /// Certificates of the message, and what is to become of them. There can be some although the
    /// verdict rejects: a rollover stores the new certificate with the first, rejected message.
    pub extractions: Vec<Extraction>,
    /// Whether there is a signature on the chain of layers.
    pub signed: bool,
    /// Whether there is an encrypted layer.
    pub encrypted: bool,
}

/// Verifies a message or object.
///
/// # Errors
/// The input cannot be read at all, or a lookup or the spool fails.
pub fn verify(request: VerifyRequest<'_>) -> Result<Verification, SmimeError> {
    open_and_judge(request).map(|(verification, _)| verification)
}

/// The same, with the chain of layers that was judged; its findings are in the verdict.
pub(super) fn open_and_judge(
    request: VerifyRequest<'_>,
) -> Result<(Verification, Chain), SmimeError> {
    let mut chain = chain::open(request.input.clone(), request.keys)?;
    let verification = request.judge(&mut chain)?;
    Ok((verification, chain))
}

impl VerifyRequest<'_> {
    fn judge(&self, chain: &mut Chain) -> Result<Verification, SmimeError> {
        let header = chain
            .message
            .as_ref()
            .map(|(_, scan)| scan.root.header.clone());
        let shown = header.as_ref().map(|outer| match &chain.protected {
            Some(protected) => protected.merged(outer),
            None => outer.clone(),
        });
        let mut verdict = Verdict::default();
        let mut findings = std::mem::take(&mut chain.findings);
        let author = Author::find(shown.as_ref(), self.expected, &mut findings);
        findings.extend(self.outside(chain, header.as_ref()));
        if self.expected.is_none() {
            // Where the header makes the structure of a layer, that was found already.
            let message = chain.message.as_ref().filter(|_| !is_malformed(&findings));
            findings.extend(message.and_then(|(_, scan)| ambiguity(&scan.root)));
            let protected = chain.protected.as_ref();
            findings.extend(protected.and_then(|protected| ambiguity(&protected.content.entity)));
            let mode = self.profile.envelope_from;
            findings.extend(compare_envelope(self.envelope_from, &author, mode));
        }
        let stored = match author.address() {
            Some(address) => self.certificates.find_by_address(address)?,
            None => Vec::new(),
        };
        let mut context = SignerContext {
            author: &author,
            stored: &stored,
            issuers: self.issuers,
            untrusted: self.untrusted,
            time: self.time.resolve(header.as_ref(), None),
            sha1: self.profile.sha1,
            revocation: self.profile.revocation,
            lists: self.lists,
        };
        let mut resend = None;
        let mut offered = self.judge_signers(
            chain,
            &mut context,
            header.as_ref(),
            &mut findings,
            &mut resend,
        )?;
        findings.extend(coverage(chain, &findings));
        findings.extend(unauthenticated(chain));
        soften_below_signature(chain, &mut findings);
        verdict.layers = chain
            .layers
            .iter()
            .map(|layer| layer.facts.clone())
            .collect();
        verdict.findings = findings;
        verdict.resend_would_pass = resend;
        let rejected = rejects(&verdict.findings);
        let told = match rejected && chain.has_encryption() {
            true => header.as_ref(),
            false => shown.as_ref(),
        };
        verdict.message = told.map(HeaderFields::facts).unwrap_or_default();
        verdict.message.envelope_from = self.envelope_from.map(str::to_owned);
        if rejected && chain.has_encryption() && chain.protected.is_some() {
            withhold_decrypted(&mut verdict.findings);
        }
        // What the signers offer is taken only if nothing else stands against the message.
        if !only_rollovers(&verdict.findings) {
            offered.clear();
            verdict.resend_would_pass = resend.map(|_| false);
        }
        if self.profile.extraction == Switch::Off {
            offered.retain(|offer| offer.purpose == ExtractionPurpose::Hold);
        }
        Ok(Verification {
            release: if rejected { None } else { self.release(chain) },
            verdict,
            extractions: offered,
            signed: chain.has_signature(),
            encrypted: chain.has_encryption(),
        })
    }

    /// How the header outside differs from the protected one. An author that was expected takes the
    /// place of both.
    fn outside(&self, chain: &Chain, outer: Option<&HeaderFields>) -> Vec<Finding> {
        let (Some(protected), Some(outer)) = (&chain.protected, outer) else {
            return Vec::new();
        };
        let mut findings = protected.mismatches(outer);
        findings.retain(|finding| self.expected.is_none() || finding.severity < Severity::Reject);
        findings
    }

    /// Judges every signer of every layer, and says what those offer who are accepted, or rejected for
    /// a rollover alone. `resend` becomes whether the message would pass a second time.
    fn judge_signers(
        &self,
        chain: &mut Chain,
        context: &mut SignerContext<'_>,
        header: Option<&HeaderFields>,
        findings: &mut Vec<Finding>,
        resend: &mut Option<bool>,
    ) -> Result<Vec<Extraction>, SmimeError> {
        let mut offered = Vec::new();
        let contents = chain.contents_as_sent();
        let mut budget = damage::Budget::new();
        for (number, layer) in chain.layers.iter_mut().enumerate() {
            let Some((signed_data, content)) = layer.kind.signed_content() else {
                continue;
            };
            let carried = Carried::decode(signed_data, number, findings);
            for (index, info) in signed_data.signer_infos.iter().enumerate() {
                context.time = self.time.resolve(header, info.signing_time());
                let mut judgement = context.judge(info, content, &carried, (number, index))?;
                damage::explain(
                    &mut judgement.findings,
                    contents.get(number).and_then(Option::as_ref),
                    info,
                    &Place::signer(number, index),
                    &mut budget,
                )?;
                if let Some(certificate) = judgement.certificate.clone() {
                    let place = Place::signer(number, index);
                    let (purpose, because, passes) =
                        self.pins(context, &certificate, &mut judgement, place);
                    let offers = only_rollovers(&judgement.findings);
                    if let Some(passes) = passes {
                        *resend = Some(resend.unwrap_or(true) && passes && offers);
                    }
                    if offers {
                        offered.extend(extractions(
                            context,
                            info,
                            (&certificate, judgement.path_refusal),
                            &carried,
                            purpose,
                            because,
                        ));
                    }
                }
                judgement.signer.verdict = match judgement.accepted() {
                    true => Outcome::Accepted,
                    false => Outcome::Rejected,
                };
                findings.append(&mut judgement.findings);
                layer.facts.signers.push(judgement.signer);
            }
        }
        Ok(offered)
    }

    fn pins(
        &self,
        context: &SignerContext<'_>,
        certificate: &Certificate,
        judgement: &mut Judgement,
        place: Place,
    ) -> (ExtractionPurpose, Option<Reason>, Option<bool>) {
        let pins = pinning::compare(
            context.stored,
            certificate,
            judgement.path_refusal.is_none(),
            self.profile.rollover,
            self.profile.extraction == Switch::On,
        );
        judgement.signer.checks.pinning = pins.check;
        // Before the findings about the path: that another certificate than the known one signs says
        // more than that nobody knows its issuer.
        let findings = &mut judgement.findings;
        let about_path = |finding: &Finding| finding.reason.code().starts_with("path.");
        let at = findings
            .iter()
            .position(about_path)
            .unwrap_or(findings.len());
        findings.splice(at..at, pins.finding.map(|finding| finding.at(place)));
        (pins.purpose, pins.because, pins.resend_would_pass)
    }

    fn release(&self, chain: &Chain) -> Option<Release> {
        let outermost = chain
            .layers
            .iter()
            .position(|layer| matches!(layer.kind, OpenKind::Signed { .. }))?;
        match self.signature {
            // Below an accepted signature may be a layer that cannot be opened here: it is what was
            // signed.
            SignatureRelease::Strip if chain.content.is_none() => {
                let innermost = chain
                    .layers
                    .iter()
                    .rposition(|layer| matches!(layer.kind, OpenKind::Signed { .. }))?;
                Release::below_layer(chain, innermost)
            }
            SignatureRelease::Strip => Release::innermost(chain),
            SignatureRelease::Keep => Release::with_layer(chain, outermost),
        }
    }
}

/// Whether a header that cannot be parsed rejects already.
fn is_malformed(findings: &[Finding]) -> bool {
    let is_malformed = |finding: &Finding| {
        finding.reason == Reason::MailHeaderMalformed && finding.severity == Severity::Reject
    };
    findings.iter().any(is_malformed)
}

/// Whether nothing rejects but a rollover, which stores or holds the new certificate.
fn only_rollovers(findings: &[Finding]) -> bool {
    findings.iter().all(|finding| {
        finding.severity < Severity::Reject
            || matches!(
                finding.reason,
                Reason::PinRolloverFirstMessage | Reason::PinHeld
            )
    })
}

/// Decrypted content that neither a tag nor an accepted signature inside protects against changes.
fn unauthenticated(chain: &Chain) -> Option<Finding> {
    chain.content.as_ref()?;
    let innermost = chain
        .layers
        .iter()
        .rposition(|layer| matches!(layer.kind, OpenKind::Encrypted { .. }))?;
    if !chain.layers[innermost].is_malleable() {
        return None;
    }
    let is_covered = chain.layers[innermost + 1..].iter().any(is_accepted);
    (!is_covered)
        .then(|| Finding::new(Reason::CmsContentNotAuthenticated).at(Place::layer(innermost)))
}

fn is_accepted(layer: &OpenLayer) -> bool {
    let signers = &layer.facts.signers;
    !signers.is_empty()
        && signers
            .iter()
            .all(|signer| signer.verdict == Outcome::Accepted)
}

/// A layer that cannot be opened is no ground for rejection below an accepted signature: the
/// signature is about the ciphertext as it is.
fn soften_below_signature(chain: &Chain, findings: &mut [Finding]) {
    let Some(accepted) = chain.layers.iter().position(is_accepted) else {
        return;
    };
    for finding in findings {
        let below = finding.place.layer.is_some_and(|layer| layer > accepted);
        if below && finding.reason == Reason::CmsRecipientNotFound {
            finding.severity = Severity::Info;
        }
    }
}

impl JudgementTime {
    pub(super) fn resolve(self, header: Option<&HeaderFields>, signing_time: Option<Time>) -> Time {
        match self {
            JudgementTime::At(time) => time,
            JudgementTime::SigningTime { otherwise } => signing_time.unwrap_or(otherwise),
            JudgementTime::Received { otherwise } => {
                header.and_then(HeaderFields::received).unwrap_or(otherwise)
            }
        }
    }
}
