//! What the local CA has revoked, and the numbers of its CRLs.
//!
//! A record stays when the certificate is removed: the CA's CRL has to list it until it expires, and
//! one entry longer (RFC 5280 section 3.3).

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Keystore;
use super::durable;
use super::error::KeystoreError;
use super::view::View;
use super::writer::Writer;
use crate::limits;
use crate::pki::{Certificate, RevocationReason, RevokedCertificate, SerialNumber};
use crate::time::Time;

/// A revocation by the local CA.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRevocation {
    /// The certificate's serial number.
    pub serial: SerialNumber,
    /// When it was revoked, and why.
    pub revoked: RevokedCertificate,
    /// The SHA-256 of the certificate's DER.
    pub sha256: String,
    /// Its subject.
    pub subject: String,
    /// When it expires.
    pub not_after: Time,
}

/// The text form; the serial number is the name of the file.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct RevocationFile {
    date: Time,
    reason: String,
    sha256: String,
    subject: String,
    not_after: Time,
}

impl Keystore {
    /// All revocations by the local CA, in the order of the serial numbers' text.
    ///
    /// # Errors
    /// The keystore cannot be read, or a record is damaged: a CRL that leaves one out would make a
    /// revoked certificate valid again.
    pub fn revocations(&self) -> Result<Vec<StoredRevocation>, KeystoreError> {
        self.read(View::revocations)
    }
}

impl View {
    pub(super) fn revocations(&self) -> Result<Vec<StoredRevocation>, KeystoreError> {
        let mut found = Vec::new();
        for (path, serial) in self.revocation_files()? {
            found.extend(self.revocation(&path, serial)?);
        }
        found.sort_by_key(|revocation| revocation.serial.to_string());
        Ok(found)
    }

    /// The files of all revocations, each with the serial number it is about.
    pub(super) fn revocation_files(&self) -> Result<Vec<(PathBuf, SerialNumber)>, KeystoreError> {
        let dir = self.generation().revocations();
        let mut found = Vec::new();
        // A generation from before there were any has no such directory.
        for path in durable::list(&dir)? {
            match serial_of(&path) {
                Some(serial) => found.push((path, serial)),
                None => self.damaged(&path, "it is not a file of the keystore"),
            }
        }
        Ok(found)
    }

    /// What is on record about a certificate of the local CA.
    pub(super) fn revocation_record(
        &self,
        certificate: &Certificate,
    ) -> Result<Option<RevokedCertificate>, KeystoreError> {
        let serial = certificate.serial();
        let path = self.generation().revocation(&serial.to_string());
        let found = self.revocation(&path, serial.clone())?;
        Ok(found.map(|revocation| revocation.revoked))
    }

    /// That the local CA has revoked exactly this certificate.
    pub(super) fn revocation_of(&self, certificate: &Certificate) -> Option<RevokedCertificate> {
        let serial = certificate.serial();
        let path = self.generation().revocation(&serial.to_string());
        let revocation = self.noted(self.revocation(&path, serial.clone())).flatten();
        revocation
            .filter(|revocation| revocation.sha256 == certificate.fingerprint().to_string())
            .map(|revocation| revocation.revoked)
    }

    pub(super) fn revocation(
        &self,
        path: &Path,
        serial: SerialNumber,
    ) -> Result<Option<StoredRevocation>, KeystoreError> {
        let Some(text) = self.require_text(path)? else {
            return Ok(None);
        };
        let damaged = |what: &str| KeystoreError::Damaged {
            file: path.to_owned(),
            what: what.to_owned(),
        };
        let file: RevocationFile =
            toml::from_str(&text).map_err(|error| damaged(error.message().trim_end()))?;
        let reason = RevocationReason::from_word(&file.reason)
            .ok_or_else(|| damaged("its `reason` is not known"))?;
        Ok(Some(StoredRevocation {
            serial,
            revoked: RevokedCertificate {
                date: file.date,
                reason,
                invalidity_date: None,
            },
            sha256: file.sha256,
            subject: file.subject,
            not_after: file.not_after,
        }))
    }
}

fn serial_of(path: &Path) -> Option<SerialNumber> {
    serial_named(path.file_name()?.to_str()?.strip_suffix(".toml")?)
}

/// The serial number that is written so in the name of a file.
pub(super) fn serial_named(name: &str) -> Option<SerialNumber> {
    let serial: SerialNumber = name.parse().ok()?;
    (serial.to_string() == name).then_some(serial)
}

impl Writer<'_> {
    /// Notes that the local CA revokes a certificate of its own; `false` if it has done so before, which
    /// stays as it is.
    ///
    /// # Errors
    /// The keystore cannot be written.
    pub fn revoke(
        &self,
        certificate: &Certificate,
        reason: RevocationReason,
        date: Time,
    ) -> Result<bool, KeystoreError> {
        self.scratch.make_dir(&self.generation.revocations())?;
        if self
            .view(|view| view.revocation_record(certificate))?
            .is_some()
        {
            return Ok(false);
        }
        let path = self
            .generation
            .revocation(&certificate.serial().to_string());
        let file = RevocationFile {
            date,
            reason: reason.word().to_owned(),
            sha256: certificate.fingerprint().to_string(),
            subject: certificate.subject().to_string(),
            not_after: certificate.not_after(),
        };
        let text = toml::to_string(&file).map_err(|error| KeystoreError::encoding(&path, error))?;
        self.scratch.write(&path, text.as_bytes())?;
        Ok(true)
    }

    /// Draws the number of the next CRL, which this keystore has never drawn, not even before a reset.
    ///
    /// # Errors
    /// It cannot be recorded, or the record is damaged.
    pub fn draw_crl_number(&self) -> Result<u64, KeystoreError> {
        let path = self.keystore.root.crl_number();
        let last = last_crl_number(&path)?;
        let next = last.checked_add(1).ok_or_else(|| damaged_number(&path))?;
        self.scratch.write(&path, format!("{next}\n").as_bytes())?;
        Ok(next)
    }
}

/// The number of the last CRL; 0 before the first.
pub(super) fn last_crl_number(path: &Path) -> Result<u64, KeystoreError> {
    let Some(octets) = durable::read(path, limits::KEYSTORE_FILE)? else {
        return Ok(0);
    };
    let text = str::from_utf8(&octets).map_err(|_| damaged_number(path))?;
    let number = text.trim_end().parse();
    number.map_err(|_| damaged_number(path))
}

fn damaged_number(path: &Path) -> KeystoreError {
    KeystoreError::Damaged {
        file: path.to_owned(),
        what: "it does not hold the number of the last CRL".to_owned(),
    }
}
