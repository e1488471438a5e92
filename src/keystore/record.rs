//! What is noted about a stored certificate, and its text form.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::keys::KeyName;
use crate::address::Address;
use crate::pki::{Certificate, RevokedCertificate};
use crate::time::Time;

/// What a stored certificate is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A user's, with the private key.
    Identity,
    /// A correspondent's.
    ThirdParty,
    /// A CA's: the local one, or an intermediate that is not trusted for itself.
    Ca,
    /// A correspondent's that waits for approval and counts for nothing.
    Held,
}

impl Kind {
    /// The word of the record and of reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Identity => "identity",
            Kind::ThirdParty => "third-party",
            Kind::Ca => "ca",
            Kind::Held => "held",
        }
    }
}

/// How a certificate came into the keystore.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// The local CA issued it.
    Issued,
    /// Somebody imported it.
    Imported,
    /// It was taken from verified mail.
    Extracted,
}

impl Origin {
    /// The word of the record and of reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Origin::Issued => "issued",
            Origin::Imported => "imported",
            Origin::Extracted => "extracted",
        }
    }
}

/// The message a certificate was extracted from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Provenance {
    /// Its Message-ID, without angle brackets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_id: Option<String>,
    /// Its Date field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Time>,
    /// The verdict on it: `accepted`, or the code of the finding that rejected it.
    pub verdict: String,
}

/// A certificate of the keystore with what is noted about it.
#[derive(Clone, Debug)]
pub struct StoredCertificate {
    /// The certificate.
    pub certificate: Certificate,
    /// What it is for.
    pub kind: Kind,
    /// How it came here.
    pub origin: Origin,
    /// The addresses it is used for; usually those in the certificate.
    pub addresses: Vec<Address>,
    /// Whether it is trusted for itself and pinned to its addresses, whoever issued it: a
    /// correspondent's certificate that was imported or approved by hand.
    pub pinned: bool,
    /// The private key, if it is here.
    pub key: Option<KeyName>,
    /// When it was stored.
    pub added: Time,
    /// The message it was extracted from.
    pub provenance: Option<Provenance>,
    /// The DER of the SMIMECapabilities (RFC 8551 section 2.5.2) that its owner announced.
    pub capabilities: Option<Vec<u8>>,
    /// That the local CA has revoked it.
    pub revoked: Option<RevokedCertificate>,
}

/// The text form, without the certificate.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Record {
    kind: Kind,
    origin: Origin,
    addresses: Vec<Address>,
    #[serde(default)]
    pinned: bool,
    added: Time,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    key: Option<KeyName>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    capabilities: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    provenance: Option<Provenance>,
}

impl Record {
    /// Reads a record; the error says what is wrong with it.
    pub(super) fn decode(text: &str) -> Result<Record, String> {
        let record: Record =
            toml::from_str(text).map_err(|error| error.message().trim_end().to_owned())?;
        if let Some(text) = &record.capabilities {
            STANDARD
                .decode(text)
                .map_err(|_| "its `capabilities` are not base64".to_owned())?;
        }
        if record.kind == Kind::Identity && record.key.is_none() {
            return Err("it is an identity's and names no key".to_owned());
        }
        Ok(record)
    }

    /// The record and its certificate together.
    pub(super) fn with(self, certificate: Certificate) -> StoredCertificate {
        StoredCertificate {
            certificate,
            kind: self.kind,
            origin: self.origin,
            addresses: self.addresses,
            pinned: self.pinned,
            key: self.key,
            added: self.added,
            provenance: self.provenance,
            capabilities: self
                .capabilities
                .and_then(|text| STANDARD.decode(text).ok()),
            revoked: None,
        }
    }
}

impl StoredCertificate {
    /// The text of the record.
    pub(super) fn encode_record(&self) -> Result<String, toml::ser::Error> {
        toml::to_string(&Record {
            kind: self.kind,
            origin: self.origin,
            addresses: self.addresses.clone(),
            pinned: self.pinned,
            added: self.added,
            key: self.key,
            capabilities: self.capabilities.as_ref().map(|der| STANDARD.encode(der)),
            provenance: self.provenance.clone(),
        })
    }
}
