//! The local CA: its certificate and which key is its own.

use serde::{Deserialize, Serialize};

use super::Keystore;
use super::error::{KeystoreError, io_error};
use super::keys::KeyName;
use super::record::{Kind, Origin, StoredCertificate};
use super::view::View;
use super::writer::Writer;
use crate::pki::Certificate;
use crate::policy::profile::Switch;
use crate::time::Time;

/// The local CA.
#[derive(Clone, Debug)]
pub struct StoredAuthority {
    /// Its certificate.
    pub certificate: Certificate,
    /// Its private key.
    pub key: KeyName,
    /// Whether it was made here (issued) or brought along (imported).
    pub origin: Origin,
    /// When it was stored.
    pub added: Time,
    /// Where its CRL is published, for what it issues.
    pub crl_url: Option<String>,
}

impl StoredAuthority {
    /// Whether it issued the certificate.
    pub fn has_issued(&self, certificate: &Certificate) -> bool {
        let is_signed = |key| certificate.verify_signature(&key).is_ok();
        certificate.issuer() == self.certificate.subject()
            && self.certificate.public_key().is_ok_and(is_signed)
    }

    /// The CA as one of the stored certificates.
    pub fn to_stored(&self) -> StoredCertificate {
        StoredCertificate {
            certificate: self.certificate.clone(),
            kind: Kind::Ca,
            origin: self.origin,
            addresses: self.certificate.addresses(),
            pinned: false,
            key: Some(self.key),
            added: self.added,
            provenance: None,
            capabilities: None,
            revoked: None,
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct AuthorityFile {
    certificate: String,
    key: KeyName,
    origin: Origin,
    added: Time,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    crl_url: Option<String>,
}

impl Keystore {
    /// The local CA; `None` if there is none.
    ///
    /// # Errors
    /// [`KeystoreError::Damaged`] if there is one and it cannot be read: nothing should be done as
    /// if there were none.
    pub fn authority(&self) -> Result<Option<StoredAuthority>, KeystoreError> {
        self.read(View::authority)
    }

    /// The local CA.
    ///
    /// # Errors
    /// [`KeystoreError::AuthorityMissing`] if there is none, and as [`Keystore::authority`].
    pub fn require_authority(&self) -> Result<StoredAuthority, KeystoreError> {
        self.authority()?.ok_or(KeystoreError::AuthorityMissing)
    }
}

impl View {
    /// The local CA, or the error that says what is damaged.
    pub(super) fn authority(&self) -> Result<Option<StoredAuthority>, KeystoreError> {
        let path = self.generation().authority();
        let damaged = |what: String| KeystoreError::Damaged {
            file: path.clone(),
            what,
        };
        let Some(text) = self.require_text(&path)? else {
            return Ok(None);
        };
        let file: AuthorityFile = toml::from_str(&text)
            .map_err(|error| damaged(error.message().trim_end().to_owned()))?;
        let pem = self.generation().certificate(&file.certificate);
        // What is noted about the certificate is told by the error below.
        let certificate = self
            .read_certificate(&pem, &file.certificate)
            .ok_or_else(|| damaged(format!("its certificate {} cannot be read", pem.display())))?;
        Ok(Some(StoredAuthority {
            certificate,
            key: file.key,
            origin: file.origin,
            added: file.added,
            crl_url: file.crl_url,
        }))
    }

    /// The local CA; `None`, and noted, if it is damaged.
    pub(super) fn find_authority(&self) -> Option<StoredAuthority> {
        self.noted(self.authority()).flatten()
    }

    /// Whether protection is on: as soon as there is a CA, unless it was switched off.
    pub(super) fn protection(&self) -> Result<Switch, KeystoreError> {
        let authority = self.generation().authority();
        let has_authority = authority.try_exists();
        if !has_authority.map_err(io_error("look for", &authority))? {
            // Of a keystore that is gone in part nobody has turned the protection off.
            return match self.generation().dir.is_dir() {
                true => Ok(Switch::Off),
                false => Err(KeystoreError::Damaged {
                    file: self.generation().dir.clone(),
                    what: "the directory in force is not there".to_owned(),
                }),
            };
        }
        let path = self.generation().protection();
        match self.require_text(&path)? {
            None => Ok(Switch::On),
            Some(text) => {
                Switch::from_word(text.trim_end()).ok_or_else(|| KeystoreError::Damaged {
                    file: path.clone(),
                    what: "it holds neither `on` nor `off`".to_owned(),
                })
            }
        }
    }
}

impl Writer<'_> {
    /// Holds that the local CA still is the one that was read before the lock was taken.
    ///
    /// # Errors
    /// [`KeystoreError::Busy`] if a reset came in between.
    pub fn expect_authority(&self, certificate: &Certificate) -> Result<(), KeystoreError> {
        let authority = self.view(View::authority)?;
        if authority.is_none_or(|authority| authority.certificate != *certificate) {
            return Err(KeystoreError::Busy(self.keystore.dir().to_owned()));
        }
        Ok(())
    }

    /// Makes `certificate`, whose private key is stored already, the local CA; that turns protection
    /// on. What it issues says that its CRL is at `crl_url`.
    ///
    /// # Errors
    /// [`KeystoreError::Exists`] if there is a CA already.
    pub fn create_authority(
        &self,
        certificate: &Certificate,
        key: KeyName,
        origin: Origin,
        added: Time,
        crl_url: Option<&str>,
    ) -> Result<(), KeystoreError> {
        let path = self.generation.authority();
        if path.exists() {
            return Err(KeystoreError::Exists {
                what: "the local CA".to_owned(),
            });
        }
        let file = AuthorityFile {
            certificate: certificate.fingerprint().to_string(),
            key,
            origin,
            added,
            crl_url: crl_url.map(str::to_owned),
        };
        let text = toml::to_string(&file).map_err(|error| KeystoreError::encoding(&path, error))?;
        let mut change = self.scratch.change();
        self.put_certificate(&mut change, certificate)?;
        change.commit(&path, text.as_bytes())
    }
}
