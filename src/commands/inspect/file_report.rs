//! What is shown of a file of certificates, requests or keys.

use serde::Serialize;

use crate::commands::certificates::FACT_NAMES;
use crate::crypto::key::PrivateKey;
use crate::crypto::password::{Protection, protection_of};
use crate::pki::CertificationRequest;
use crate::pki::certificate_file::FileKey;
use crate::pki::pkcs12::{KeyEntry, Outline};
use crate::reason::Severity;
use crate::report::layers;
use crate::report::page::Page;
use crate::stdio::Text;
use crate::time::Time;
use crate::verdict::{Finding, Verdict};

use super::certificate::CertificateFacts;
use super::certificate_list::ListFacts;
use super::{findings, pkcs12};

/// The keys that the document has more.
#[derive(Serialize)]
pub(super) struct FileKeys {
    kind: &'static str,
    pub(super) certificates: Vec<CertificateFacts>,
    pub(super) requests: Vec<RequestFacts>,
    pub(super) crls: Vec<ListFacts>,
    pub(super) keys: Vec<KeyFacts>,
    /// What could not be read, each with the reason.
    pub(super) unreadable: Vec<String>,
    /// How a PKCS #12 file is built.
    pub(super) outline: Option<Outline>,
    #[serde(skip)]
    pub(super) findings: Vec<Finding>,
}

impl FileKeys {
    pub(super) fn new(kind: &'static str) -> FileKeys {
        FileKeys {
            kind,
            certificates: Vec::new(),
            requests: Vec::new(),
            crls: Vec::new(),
            keys: Vec::new(),
            unreadable: Vec::new(),
            outline: None,
            findings: Vec::new(),
        }
    }
}

/// A certification request of the report.
#[derive(Serialize)]
pub(super) struct RequestFacts {
    subject: String,
    addresses: Vec<String>,
    /// The type of the key, if the request proves that its owner asks.
    key: Option<String>,
    problem: Option<String>,
}

impl From<&CertificationRequest> for RequestFacts {
    fn from(request: &CertificationRequest) -> RequestFacts {
        let key = request.require_key();
        RequestFacts {
            subject: request.subject().to_string(),
            addresses: request
                .addresses()
                .iter()
                .map(ToString::to_string)
                .collect(),
            problem: key.as_ref().err().map(ToString::to_string),
            key: key.ok().map(|key| key.describe()),
        }
    }
}

/// A private key of the report: nothing that helps to use it.
#[derive(Serialize)]
pub(super) struct KeyFacts {
    /// The type, if it can be seen.
    key: Option<String>,
    encrypted: bool,
    /// How it is encrypted on its own, in a file that is not PKCS #12.
    encryption: Option<Protection>,
    friendly_name: Option<String>,
    /// Why it is not open.
    problem: Option<String>,
}

impl KeyFacts {
    /// A key of a file, which is `opened` or tells why not.
    pub(super) fn new(key: &FileKey, opened: Result<PrivateKey, String>) -> KeyFacts {
        let encrypted = match key {
            FileKey::Plain(_) => None,
            FileKey::Encrypted(der) => Some(der),
        };
        KeyFacts {
            encrypted: encrypted.is_some(),
            encryption: encrypted.and_then(|der| protection_of(der)),
            friendly_name: None,
            problem: opened.as_ref().err().cloned(),
            key: opened.ok().map(|key| key.public_key().describe()),
        }
    }
}

impl From<&KeyEntry> for KeyFacts {
    fn from(entry: &KeyEntry) -> KeyFacts {
        KeyFacts {
            key: Some(entry.key.public_key().describe()),
            encrypted: true,
            encryption: None,
            friendly_name: entry.labels.friendly_name.clone(),
            problem: None,
        }
    }
}

/// The report for people.
pub(super) fn show(
    text: &mut Text,
    keys: &FileKeys,
    verdict: &Verdict,
    now: Time,
    is_verbose: bool,
) {
    let mut page = Page::with_names(text, FACT_NAMES);
    if let Some(outline) = &keys.outline {
        pkcs12::show(&mut page, outline);
    }
    for (index, one) in keys.certificates.iter().enumerate() {
        page.section(format_args!("certificate {index}"), "");
        one.row.describe(now, page.text);
        let name = one.friendly_name.as_deref().unwrap_or_default();
        page.fact(0, "name", name);
        if one.private_key {
            page.fact(0, "private key", "in the same file");
        }
        layers::path(&mut page, 0, &one.path);
        layers::checks(&mut page, 0, one.checks.iter());
        one.findings
            .iter()
            .for_each(|finding| findings::show(&mut page, 2, finding));
    }
    for (index, request) in keys.requests.iter().enumerate() {
        page.section(format_args!("certification request {index}"), "");
        page.fact(0, "subject", &request.subject);
        page.fact(0, "addresses", &request.addresses.join(", "));
        page.fact(0, "key", request.key.as_deref().unwrap_or_default());
        page.fact(0, "problem", request.problem.as_deref().unwrap_or_default());
    }
    for (index, list) in keys.crls.iter().enumerate() {
        page.section(format_args!("certificate revocation list {index}"), "");
        list.show(&mut page, is_verbose);
    }
    for (index, key) in keys.keys.iter().enumerate() {
        page.section(format_args!("private key {index}"), "");
        let kind = key.key.as_deref().unwrap_or("type not visible");
        let lock = if key.encrypted {
            ", encrypted"
        } else {
            ", not encrypted"
        };
        page.fact(0, "key", &format!("{kind}{lock}"));
        let encryption = key.encryption.as_ref().map(Protection::describe);
        page.fact(0, "encryption", &encryption.unwrap_or_default());
        page.fact(0, "problem", key.problem.as_deref().unwrap_or_default());
        page.fact(0, "name", key.friendly_name.as_deref().unwrap_or_default());
    }
    for what in &keys.unreadable {
        page.section("not read", ":");
        page.paragraph(2, what);
    }
    keys.findings
        .iter()
        .for_each(|finding| findings::show(&mut page, 0, finding));
    let first = |severity| verdict.findings.iter().find(|f| f.severity == severity);
    let heaviest = first(Severity::Reject).or_else(|| first(Severity::Warning));
    page.text.end();
    page.hanging("next step: ", 2, heaviest.map_or("none", Finding::hint));
}
