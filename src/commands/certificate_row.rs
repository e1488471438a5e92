//! What is told about one certificate: the entry of a document, and the facts for people.

use serde::Serialize;

use crate::keystore::{Kind, Provenance, StoredCertificate};
use crate::pki::{Certificate, KeyUsage};
use crate::report::page::Page;
use crate::smime::Capabilities;
use crate::stdio::Text;
use crate::time::Time;

/// Digits of a fingerprint that lists show: enough to name a certificate.
const SHORT: usize = 16;

/// One certificate of a document.
#[derive(Serialize)]
pub(super) struct Row {
    pub(super) sha256: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) kind: Option<&'static str>,
    pub(super) addresses: Vec<String>,
    pub(super) subject: String,
    issuer: String,
    serial: String,
    not_before: Time,
    pub(super) not_after: Time,
    pub(super) key: String,
    pub(super) usage: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) origin: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    private_key: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pinned: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    added: Option<Time>,
    #[serde(skip_serializing_if = "Option::is_none")]
    provenance: Option<Provenance>,
    /// What the holder announced to read.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    capabilities: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) revoked: Option<Revoked>,
}

/// That the local CA has revoked it.
#[derive(Serialize)]
pub(super) struct Revoked {
    date: Time,
    reason: &'static str,
}

impl From<&Certificate> for Row {
    fn from(certificate: &Certificate) -> Row {
        let key = certificate.public_key();
        Row {
            sha256: certificate.fingerprint().to_string(),
            kind: None,
            addresses: texts(&certificate.addresses()),
            subject: certificate.subject().to_string(),
            issuer: certificate.issuer().to_string(),
            serial: certificate.serial().to_string(),
            not_before: certificate.not_before(),
            not_after: certificate.not_after(),
            key: key.map_or_else(|_| "unknown".to_owned(), |key| key.describe()),
            usage: usage(certificate),
            origin: None,
            private_key: None,
            pinned: None,
            added: None,
            provenance: None,
            revoked: None,
            capabilities: Vec::new(),
        }
    }
}

impl From<&StoredCertificate> for Row {
    fn from(stored: &StoredCertificate) -> Row {
        Row {
            kind: Some(stored.kind.as_str()),
            addresses: texts(&stored.addresses),
            origin: Some(stored.origin.as_str()),
            private_key: Some(stored.key.is_some()),
            pinned: Some(stored.pinned),
            added: Some(stored.added),
            provenance: stored.provenance.clone(),
            revoked: stored.revoked.map(|revoked| Revoked {
                date: revoked.date,
                reason: revoked.reason.word(),
            }),
            capabilities: stored
                .capabilities
                .as_deref()
                .map(|der| Capabilities::decode(der).describe())
                .unwrap_or_default(),
            ..Row::from(&stored.certificate)
        }
    }
}

fn texts(values: &[impl ToString]) -> Vec<String> {
    values.iter().map(ToString::to_string).collect()
}

/// The columns of the names of facts.
pub(super) const FACT_NAMES: usize = 12;

/// What the certificate may be used for: by its key usage and by the extended one.
fn usage(certificate: &Certificate) -> Vec<&'static str> {
    let usages = certificate.key_usage();
    let allows = |any: fn(KeyUsage) -> bool| usages.is_none_or(any);
    let signs = allows(|any| any.digital_signature() || any.non_repudiation());
    let encrypts = allows(|any| any.key_encipherment() || any.key_agreement());
    let issues = allows(|any| any.key_cert_sign());
    let mail = certificate.is_meant_for_mail() && !certificate.is_ca();
    let words = [
        ("sign", mail && signs),
        ("encrypt", mail && encrypts),
        ("issue", certificate.is_ca() && issues),
    ];
    let words = words.into_iter().filter(|(_, may)| *may);
    words.map(|(word, _)| word).collect()
}

impl Row {
    /// Whether it is stored as that of a CA.
    pub(super) fn is_authority(&self) -> bool {
        self.kind == Some(Kind::Ca.as_str())
    }

    /// The beginning of the fingerprint.
    pub(super) fn short(&self) -> &str {
        short(&self.sha256)
    }

    /// The subject, the beginning of the fingerprint, and the last day.
    pub(super) fn headline(&self) -> String {
        let until = self.not_after.to_local_date();
        format!("{} ({}), valid until {until}", self.subject, self.short())
    }

    /// Adds all facts to a text, one a line.
    pub(super) fn describe(&self, now: Time, text: &mut Text) {
        let mut page = Page::with_names(text, FACT_NAMES);
        let mut fact = |name: &str, value: &str| page.fact(0, name, value);
        fact("sha256", &self.sha256);
        let kind = match (self.kind, self.origin, self.private_key) {
            (Some(kind), Some(origin), Some(true)) => format!("{kind}, {origin}, with private key"),
            (Some(kind), Some(origin), _) => format!("{kind}, {origin}"),
            _ => String::new(),
        };
        fact("kind", &kind);
        fact("addresses", &self.addresses.join(", "));
        fact("subject", &self.subject);
        fact("issuer", &self.issuer);
        fact("serial", &self.serial);
        let (from, to) = (self.not_before, self.not_after);
        let state = match (now < from, to < now) {
            (true, _) => " (not yet)",
            (_, true) => " (expired)",
            _ => "",
        };
        let (from, to) = (from.to_local_text(), to.to_local_text());
        fact("valid", &format!("{from} to {to}{state}"));
        if let Some(revoked) = &self.revoked {
            let date = revoked.date.to_local_text();
            fact("revoked", &format!("{date}, {}", revoked.reason));
        }
        fact("key", &self.key);
        fact("usage", &self.usage.join(", "));
        if self.pinned == Some(true) {
            fact(
                "pinned",
                "trusted for itself, because it was imported or approved by hand",
            );
        }
        let added = self.added.map(Time::to_local_text);
        fact("added", &added.unwrap_or_default());
        if let Some(from) = &self.provenance {
            let id = from.message_id.as_deref().unwrap_or("without Message-ID");
            fact("taken from", &format!("message {id}, {}", from.verdict));
        }
        for (index, capability) in self.capabilities.iter().enumerate() {
            fact(if index == 0 { "reads" } else { "" }, capability);
        }
    }
}

/// The beginning of a fingerprint.
pub(super) fn short(sha256: &str) -> &str {
    sha256.get(..SHORT).unwrap_or(sha256)
}
