//! Inspection: everything that can be found out about a message, for whoever looks for a fault.
//!
//! The chain of layers is opened and judged as for verification, and then the whole tree of
//! entities is gone over, content of layers included. What stands beside the chain is shown as what
//! it is: signatures there are about their part alone, and ciphertext there is not decrypted
//! (behavior rules 17 and 24). Nothing is stored, and nothing found here is an acceptance.

use crate::asn1::ber::BerReader;
use crate::cms::{self, CertificateIdentifier};
use crate::crypto::key::PrivateKey;
use crate::mail;
use crate::pki::Certificate;
use crate::policy::profile::{Profile, Switch};
use crate::reason::{Reason, Severity};
use crate::smime::chain::{Chain, Input};
use crate::smime::error::SmimeError;
use crate::smime::lookup::{KeyLookup, LookupError};
use crate::smime::verify::{Verification, VerifyRequest, open_and_judge};
use crate::source::Source;
use crate::verdict::{Finding, Outcome, Verdict};

mod entities;
mod nested;
mod part;
mod walk;

pub use entities::{EntityFacts, EntityKind};
pub use part::{Part, PartError};

pub use crate::smime::header_protection::ProtectedHeaderFacts;

use part::Tree;
use walk::Walk;

/// A certificate that was found in the message.
#[derive(Clone, Debug)]
pub struct CarriedCertificate {
    /// The certificate.
    pub certificate: Certificate,
    /// The layer that carries it; `None` beside the chain of layers.
    pub layer: Option<usize>,
    /// The path of the entity that it is in.
    pub path: String,
}

/// What was found out.
pub struct Inspection {
    /// What verification says about the message; findings beside the chain have their part as the
    /// place.
    pub verdict: Verdict,
    /// Every entity in order, the root first.
    pub entities: Vec<EntityFacts>,
    /// Every certificate that a signature or object carries.
    pub certificates: Vec<CarriedCertificate>,
    /// The header that the message protects, whether or not it is believed.
    pub protected_header: Option<ProtectedHeaderFacts>,
    /// The paths of the entities that are CMS objects.
    pub objects: Vec<String>,
    /// What verification would say; `None` if the chain of layers was not judged, or not with the
    /// keys that are held.
    pub verify: Option<Outcome>,
    /// Why keys that are held could not be used.
    pub locked: Option<LookupError>,
    trees: Vec<Tree>,
}

/// The name of an entity's path: `0` for the root, whose path is empty.
pub fn path_name(path: &str) -> &str {
    match path {
        "" => "0",
        path => path,
    }
}

/// Inspects a message or object: what verification is asked, with more of an answer.
///
/// # Errors
/// The input cannot be read at all, or a lookup other than that of a key or the spool fails.
pub fn inspect(request: VerifyRequest<'_>) -> Result<Inspection, SmimeError> {
    let profile = Profile {
        // Certificates of rejected rollovers are told to be stored otherwise.
        extraction: Switch::Off,
        ..request.profile.clone()
    };
    let judge = |keys: &dyn KeyLookup| {
        open_and_judge(VerifyRequest {
            keys,
            profile: &profile,
            ..request.clone()
        })
    };
    let mut locked = None;
    let judged = match judge(request.keys) {
        Err(SmimeError::Lookup(error)) => {
            locked = Some(error);
            judge(&Closed(request.keys)).map(|(mut verification, chain)| {
                // Nothing was tried, so nothing failed.
                let findings = &mut verification.verdict.findings;
                findings.retain(|finding| finding.reason != Reason::CmsDecryptionFailed);
                (verification, chain)
            })
        }
        judged => judged,
    };
    let is_unreadable = judged.is_err();
    let (verdict, chain) = match (judged, &request.input) {
        (Ok((Verification { verdict, .. }, chain)), _) => (verdict, chain),
        (Err(SmimeError::Unreadable(error)), Input::Object { object, .. })
            if is_content_info(object) =>
        {
            let finding = Finding::new(Reason::CmsEncodingInvalid).with("problem", error);
            let verdict = Verdict {
                findings: vec![finding],
                ..Verdict::default()
            };
            (verdict, Chain::unopened())
        }
        (Err(error), _) => return Err(error),
    };
    let mut inspection = Inspection {
        verify: (locked.is_none() && !is_unreadable).then(|| verdict.outcome()),
        verdict,
        entities: Vec::new(),
        certificates: Vec::new(),
        protected_header: chain.protected.as_ref().map(|own| own.facts().clone()),
        objects: Vec::new(),
        locked,
        trees: Vec::new(),
    };
    inspection.weigh(&chain);
    Walk::new(&request, &chain, &mut inspection).go()?;
    Ok(inspection)
}

impl Inspection {
    /// The finding whose hint is the next step: the first of the heaviest; `None` if there is
    /// nothing to do.
    pub fn next_step(&self) -> Option<&Finding> {
        let findings = &self.verdict.findings;
        let first = |severity| {
            let found = findings.iter().filter(|f| f.severity == severity);
            // Some say themselves that there is nothing to do about them.
            let found = found.filter(|finding| !finding.hint().starts_with("Nothing"));
            // What stands beside the chain of layers is less urgent.
            found.min_by_key(|finding| finding.place.part.is_some())
        };
        let offered = || findings.iter().find(|f| f.reason == Reason::SmimeCertsOnly);
        first(Severity::Reject)
            .or_else(|| first(Severity::Warning))
            .or_else(offered)
    }

    /// Makes of a judgement what is merely stated: nobody asked for a signature here. What keeps a
    /// message from being signed or encrypted is added.
    fn weigh(&mut self, chain: &Chain) {
        let findings = &mut self.verdict.findings;
        // There is no option here to name an author.
        findings.retain(|finding| finding.reason != Reason::SmimeAuthorUnknown);
        for finding in findings.iter_mut() {
            finding.severity = match finding.reason {
                Reason::SmimeNotSigned | Reason::SmimeCertsOnly => Severity::Info,
                Reason::MailMultipleFrom if !chain.has_signature() => Severity::Warning,
                _ => continue,
            };
        }
        let Some((_, scan)) = &chain.message else {
            return;
        };
        for finding in mail::conformance(scan) {
            let severity = match chain.layers.is_empty() {
                true => finding.severity,
                // It is protected already, whatever its form.
                false => finding.severity.min(Severity::Warning),
            };
            findings.push(finding.weighing(severity));
        }
    }
}

/// Whether the octets begin as a CMS object does, however they go on.
fn is_content_info(object: &Source) -> bool {
    cms::content_type(&mut BerReader::new(object.reader())).is_ok()
}

/// Keys that cannot be used, though it can be told which are held.
struct Closed<'a>(&'a dyn KeyLookup);

impl KeyLookup for Closed<'_> {
    fn holds(&self, recipient: &CertificateIdentifier) -> Result<bool, LookupError> {
        self.0.holds(recipient)
    }

    fn find_recipient(
        &self,
        recipient: &CertificateIdentifier,
    ) -> Result<Option<Certificate>, LookupError> {
        self.0.find_recipient(recipient)
    }

    fn find_key(&self, _: &CertificateIdentifier) -> Result<Option<PrivateKey>, LookupError> {
        Ok(None)
    }
}
