//! What was found out about a message or a certificate.
//!
//! A rejected message is data, not an error: a [`Verdict`] holds every finding, each at its place.
//! The field names of the serialized forms are those of the report and are only ever added to.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::address::Address;
use crate::reason::{Reason, Severity};
use crate::time::Time;

/// The result of one check.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Check {
    /// It was made and holds.
    Pass,
    /// It was made and does not hold.
    Fail,
    /// It was not made. Never to be shown as passed.
    #[default]
    NotChecked,
}

impl Check {
    /// The word of the report: `pass`, `fail` or `not-checked`.
    pub fn as_str(self) -> &'static str {
        match self {
            Check::Pass => "pass",
            Check::Fail => "fail",
            Check::NotChecked => "not-checked",
        }
    }
}

impl From<bool> for Check {
    fn from(holds: bool) -> Check {
        if holds { Check::Pass } else { Check::Fail }
    }
}

/// Where a finding belongs. All absent: the message as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Place {
    /// Index of the layer, 0 the outermost.
    pub layer: Option<usize>,
    /// Index of the signer within the layer.
    pub signer: Option<usize>,
    /// Index of the recipient within the layer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recipient: Option<usize>,
    /// Depth of the certificate in its path: 0 is the end entity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate: Option<usize>,
    /// Path of the entity, such as `1.2`; the root has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
}

impl Place {
    /// The place of layer `layer`.
    pub fn layer(layer: usize) -> Place {
        Place {
            layer: Some(layer),
            ..Place::default()
        }
    }

    /// The place of signer `signer` of layer `layer`.
    pub fn signer(layer: usize, signer: usize) -> Place {
        Place {
            layer: Some(layer),
            signer: Some(signer),
            ..Place::default()
        }
    }

    /// The same place, at depth `depth` of the certification path.
    pub fn at_certificate(mut self, depth: usize) -> Place {
        self.certificate = Some(depth);
        self
    }

    /// The same place, in the entity at `part`.
    pub fn in_part(mut self, part: impl Into<String>) -> Place {
        self.part = Some(part.into());
        self
    }
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What kind of thing.
    pub reason: Reason,
    /// Its weight here. Policy may raise a severity, never lower it.
    pub severity: Severity,
    /// Where it belongs.
    pub place: Place,
    /// What was found, in this case; else the catalogue's summary serves.
    pub summary: Option<String>,
    /// What to do, in this case; else the catalogue's hint serves.
    pub hint: Option<String>,
    /// Facts by name: both addresses, the algorithm and its OID, the dates.
    pub detail: BTreeMap<&'static str, String>,
}

impl Finding {
    /// Makes a finding with the severity of the catalogue, about the message as a whole.
    pub fn new(reason: Reason) -> Finding {
        Finding {
            reason,
            severity: reason.severity(),
            place: Place::default(),
            summary: None,
            hint: None,
            detail: BTreeMap::new(),
        }
    }

    /// The same finding at `place`.
    pub fn at(mut self, place: Place) -> Finding {
        self.place = place;
        self
    }

    /// The same finding with one more fact.
    pub fn with(mut self, key: &'static str, value: impl ToString) -> Finding {
        self.detail.insert(key, value.to_string());
        self
    }

    /// The same finding with the weight `severity`.
    pub fn weighing(mut self, severity: Severity) -> Finding {
        self.severity = severity;
        self
    }

    /// The same finding, described by `summary`.
    pub fn saying(mut self, summary: impl Into<String>) -> Finding {
        self.summary = Some(summary.into());
        self
    }

    /// The same finding with `hint` as the next step.
    pub fn hinting(mut self, hint: impl Into<String>) -> Finding {
        self.hint = Some(hint.into());
        self
    }

    /// What was found, in one sentence without a final stop.
    pub fn summary(&self) -> &str {
        self.summary
            .as_deref()
            .unwrap_or(self.reason.entry().summary)
    }

    /// What to do next.
    pub fn hint(&self) -> &str {
        self.hint.as_deref().unwrap_or(self.reason.entry().hint)
    }
}

impl Serialize for Finding {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Row<'a> {
            code: &'a str,
            severity: Severity,
            #[serde(flatten)]
            place: &'a Place,
            summary: &'a str,
            rule: &'a str,
            hint: &'a str,
            detail: &'a BTreeMap<&'static str, String>,
        }
        Row {
            code: self.reason.code(),
            severity: self.severity,
            place: &self.place,
            summary: self.summary(),
            rule: self.reason.entry().clause,
            hint: self.hint(),
            detail: &self.detail,
        }
        .serialize(serializer)
    }
}

/// Whether any finding rejects.
pub fn rejects(findings: &[Finding]) -> bool {
    findings
        .iter()
        .any(|finding| finding.severity == Severity::Reject)
}

/// The answer to the question that was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// No finding rejects.
    Accepted,
    /// At least one finding rejects.
    Rejected,
    /// The message was passed on as it is.
    NotProcessed,
    /// No judgement was possible.
    Error,
}

impl Outcome {
    /// The word of the report.
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Accepted => "accepted",
            Outcome::Rejected => "rejected",
            Outcome::NotProcessed => "not-processed",
            Outcome::Error => "error",
        }
    }
}

/// What the header and the envelope say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct MessageFacts {
    /// The Message-ID without angle brackets.
    pub message_id: Option<String>,
    /// The Date field.
    pub date: Option<Time>,
    /// The Subject field, decoded.
    pub subject: Option<String>,
    /// The addr-specs of all From fields.
    pub header_from: Vec<String>,
    /// The addr-specs of To and Cc.
    pub header_to: Vec<String>,
    /// The envelope sender, if one was given; empty for the null sender.
    pub envelope_from: Option<String>,
    /// The envelope recipients, if any were given.
    pub envelope_to: Vec<String>,
}

/// The kind of a cryptographic layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LayerKind {
    /// SignedData.
    Signed,
    /// EnvelopedData.
    Enveloped,
    /// AuthEnvelopedData.
    AuthEnveloped,
    /// CompressedData.
    Compressed,
}

impl LayerKind {
    /// The word of the report.
    pub fn as_str(self) -> &'static str {
        match self {
            LayerKind::Signed => "signed",
            LayerKind::Enveloped => "enveloped",
            LayerKind::AuthEnveloped => "auth-enveloped",
            LayerKind::Compressed => "compressed",
        }
    }
}

/// How a layer stands in the mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// multipart/signed: anyone can read the content.
    Clear,
    /// application/pkcs7-mime: the content is inside.
    Opaque,
}

/// One cryptographic layer.
#[derive(Clone, Debug, Serialize)]
pub struct Layer {
    /// 0 is the outermost.
    pub index: usize,
    /// Its kind.
    pub kind: LayerKind,
    /// How it stands in the mail.
    pub form: Form,
    /// The content-encryption algorithm of an encrypted layer, such as `aes-256-gcm`.
    pub content_cipher: Option<String>,
    /// The signers of a signed layer.
    pub signers: Vec<Signer>,
    /// The recipients of an encrypted layer.
    pub recipients: Vec<Recipient>,
}

/// The checks of one signer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Checks {
    /// The content has the digest that was signed.
    pub integrity: Check,
    /// The public-key operation.
    pub signature: Check,
    /// The certification path to a trust anchor, or the pin.
    pub path: Check,
    /// The dates of the certificates.
    pub validity: Check,
    /// Revocation.
    pub revocation: Check,
    /// The From address against the certificate.
    pub identity: Check,
    /// The certificates stored for the address.
    pub pinning: Check,
}

impl Checks {
    /// Name and result of each check, in the order they are shown.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, Check)> {
        [
            ("integrity", self.integrity),
            ("signature", self.signature),
            ("path", self.path),
            ("validity", self.validity),
            ("revocation", self.revocation),
            ("identity", self.identity),
            ("pinning", self.pinning),
        ]
        .into_iter()
    }
}

/// One signer of a layer, and the verdict on it.
#[derive(Clone, Debug, Serialize)]
pub struct Signer {
    /// Index within the layer, in the order of the message.
    pub index: usize,
    /// Accepted or rejected.
    pub verdict: Outcome,
    /// The addresses of its certificate.
    pub addresses: Vec<String>,
    /// The subject (RFC 4514), empty when the certificate was not found.
    pub subject: String,
    /// The issuer (RFC 4514).
    pub issuer: String,
    /// The serial number in lower-case hex.
    pub serial: String,
    /// SHA-256 of the certificate's DER, 64 lower-case hex digits; empty when not found.
    pub sha256: String,
    /// Start of the certificate's validity.
    pub not_before: Option<Time>,
    /// End of the certificate's validity.
    pub not_after: Option<Time>,
    /// The signing time claimed by the signer.
    pub signing_time: Option<Time>,
    /// What the signer claims to read, the preferred first (RFC 8551 section 2.5.2).
    pub capabilities: Vec<String>,
    /// The digest algorithm, such as `sha256`.
    pub digest: String,
    /// The signature algorithm, such as `ecdsa-sha256`.
    pub signature: String,
    /// The checks.
    pub checks: Checks,
    /// The best certification path found, end entity first.
    pub path: Vec<PathStep>,
    /// Each candidate path that was tried, and what came of it.
    #[serde(skip)]
    pub tried: Vec<String>,
}

/// One certificate of a certification path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PathStep {
    /// The subject (RFC 4514).
    pub subject: String,
    /// SHA-256 of the DER, 64 lower-case hex digits.
    pub sha256: String,
}

/// How the content-encryption key reaches a recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecipientKind {
    /// KeyTransRecipientInfo.
    KeyTransport,
    /// KeyAgreeRecipientInfo.
    KeyAgreement,
    /// KEKRecipientInfo, PasswordRecipientInfo or OtherRecipientInfo.
    Other,
}

/// One recipient of an encrypted layer.
#[derive(Clone, Debug, Serialize)]
pub struct Recipient {
    /// How the key reaches it.
    pub kind: RecipientKind,
    /// The issuer (RFC 4514), if the recipient is named so.
    pub issuer: Option<String>,
    /// The serial number in lower-case hex, if the recipient is named so.
    pub serial: Option<String>,
    /// The subject key identifier in lower-case hex, if the recipient is named so.
    pub key_identifier: Option<String>,
    /// The key-management algorithm, such as `rsa-oaep`.
    pub algorithm: String,
    /// Whether a private key for it is held here.
    pub held: bool,
    /// The addresses of its certificate, if that is known here.
    pub addresses: Vec<String>,
}

/// What became of a certificate that the message carried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Extracted {
    /// The address it was extracted for.
    pub address: Address,
    /// SHA-256 of the DER, 64 lower-case hex digits.
    pub sha256: String,
    /// What became of it.
    pub outcome: ExtractionOutcome,
    /// The reason's code, where there is one; else empty.
    pub code: String,
}

/// What becomes of a certificate that a message carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExtractionOutcome {
    /// It is new and was stored.
    Stored,
    /// It was stored already.
    Known,
    /// It waits for approval.
    Held,
    /// It was not taken.
    Refused,
}

/// What the policy did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PolicyFacts {
    /// The name of the rule that matched.
    pub rule: String,
    /// What was done, such as `sign`, `encrypt`.
    pub actions: Vec<String>,
}

/// Everything found out about one message.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Verdict {
    /// What the header and the envelope say.
    pub message: MessageFacts,
    /// The layers, outermost first.
    pub layers: Vec<Layer>,
    /// All findings.
    pub findings: Vec<Finding>,
    /// The certificates it carried.
    pub extracted: Vec<Extracted>,
    /// What the policy did, where one was asked.
    pub policy: Option<PolicyFacts>,
    /// Whether the same message would pass if it were sent again; `None` where that is not asked.
    pub resend_would_pass: Option<bool>,
}

impl Verdict {
    /// Accepted unless a finding rejects.
    pub fn outcome(&self) -> Outcome {
        if rejects(&self.findings) {
            Outcome::Rejected
        } else {
            Outcome::Accepted
        }
    }

    /// Whether a finding has that reason.
    pub fn has(&self, reason: Reason) -> bool {
        self.findings.iter().any(|finding| finding.reason == reason)
    }
}
