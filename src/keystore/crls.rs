//! CRLs: stored, looked up by issuer, replaced by newer ones.
//!
//! A CRL's file is named after its issuer and its scope, so that the next CRL of the same kind takes
//! the place of the one before by one rename. Files hold DER, which is what large CRLs come in.

use std::path::{Path, PathBuf};

use super::Keystore;
use super::durable;
use super::error::KeystoreError;
use super::layout::is_hex;
use super::trust::subject_key;
use super::view::View;
use super::writer::Writer;
use crate::asn1::hex;
use crate::crypto::digest::DigestAlgorithm;
use crate::limits;
use crate::pki::{
    Certificate, CertificateList, Fingerprint, Name, RevocationRecord, RevocationSource,
};

/// What became of a CRL that was to be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListOutcome {
    /// It is the first of its issuer and scope.
    Stored,
    /// It took the place of an older one.
    Replaced,
    /// It was there already.
    Known,
    /// A newer one of the same issuer and scope is there, and stays.
    Older,
}

impl ListOutcome {
    /// The word of reports.
    pub fn as_str(self) -> &'static str {
        match self {
            ListOutcome::Stored => "stored",
            ListOutcome::Replaced => "replaced",
            ListOutcome::Known => "known",
            ListOutcome::Older => "older",
        }
    }
}

impl Keystore {
    /// All CRLs, in the order of their files.
    ///
    /// # Errors
    /// The keystore cannot be read.
    pub fn lists(&self) -> Result<Vec<CertificateList>, KeystoreError> {
        self.read(View::lists)
    }
}

/// CRLs from the store, and the local CA's own records. What cannot be read is noted as damage and
/// not found.
impl RevocationSource for Keystore {
    fn find_lists(&self, issuer: &Name) -> Vec<CertificateList> {
        let prefix = format!("{}-", subject_key(issuer));
        let found = self.read(|view| view.lists_named(&prefix));
        self.or_noted(found).unwrap_or_default()
    }

    fn find_record(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
    ) -> Option<RevocationRecord> {
        let authority = self.or_noted(self.authority()).flatten()?;
        if authority.certificate != *issuer {
            return None;
        }
        let found = self.read(|view| view.revocation_record(certificate));
        match self.or_noted(found)? {
            Some(revocation) => Some(RevocationRecord::Revoked(revocation)),
            // An imported CA has issued certificates elsewhere, of which nothing is known here.
            None => {
                let drawn = self.root.serials().join(certificate.serial().to_string());
                drawn.exists().then_some(RevocationRecord::Good)
            }
        }
    }
}

impl View {
    pub(super) fn lists(&self) -> Result<Vec<CertificateList>, KeystoreError> {
        self.lists_named("")
    }

    /// The CRLs in files whose names begin so.
    fn lists_named(&self, prefix: &str) -> Result<Vec<CertificateList>, KeystoreError> {
        let paths = self.list_paths(prefix)?;
        Ok(paths.iter().filter_map(|path| self.list(path)).collect())
    }

    /// The files of CRLs whose names begin so.
    pub(super) fn list_paths(&self, prefix: &str) -> Result<Vec<PathBuf>, KeystoreError> {
        let dir = self.generation().lists();
        let mut paths = Vec::new();
        // A generation from before there were any has no such directory.
        for path in durable::list(&dir)? {
            match name_of(&path) {
                Some(name) if name.starts_with(prefix) => paths.push(path),
                Some(_) => {}
                None => self.damaged(&path, "it is not a file of the keystore"),
            }
        }
        paths.sort();
        Ok(paths)
    }

    /// Reads one file; `None`, and noted, if it holds no CRL or another one than its name says.
    fn list(&self, path: &Path) -> Option<CertificateList> {
        let der = self.noted(durable::read(path, limits::OBJECT_SIZE))??;
        match CertificateList::decode(&der) {
            Ok(list) if name_of(path) == Some(&file_stem(&list)) => Some(list),
            Ok(_) => {
                self.damaged(path, "it holds another CRL than its name says");
                None
            }
            Err(error) => {
                self.damaged(path, error.to_string());
                None
            }
        }
    }
}

impl Writer<'_> {
    /// Stores a CRL in the place of an older one of the same issuer and scope.
    ///
    /// # Errors
    /// The keystore cannot be written, or holds [`limits::CRLS`] CRLs already.
    pub fn add_list(&self, list: &CertificateList) -> Result<ListOutcome, KeystoreError> {
        let dir = self.generation.lists();
        self.scratch.make_dir(&dir)?;
        let path = dir.join(format!("{}.crl", file_stem(list)));
        let known = self.view(|view| Ok(path.exists().then(|| view.list(&path)).flatten()))?;
        let outcome = match &known {
            Some(known) if known == list => return Ok(ListOutcome::Known),
            Some(known) if is_newer(known, list) => return Ok(ListOutcome::Older),
            Some(_) => ListOutcome::Replaced,
            None => ListOutcome::Stored,
        };
        if outcome == ListOutcome::Stored {
            let count = self.view(|view| view.list_paths(""))?.len();
            if count >= limits::CRLS {
                return Err(KeystoreError::Full {
                    what: format!("{count} CRLs"),
                });
            }
        }
        self.scratch.write(&path, list.der())?;
        Ok(outcome)
    }

    /// Removes a CRL and returns it; `None` if it is not stored.
    ///
    /// # Errors
    /// The keystore cannot be written.
    pub fn remove_list(
        &self,
        fingerprint: &Fingerprint,
    ) -> Result<Option<CertificateList>, KeystoreError> {
        let lists = self.view(View::lists)?;
        let found = lists
            .into_iter()
            .find(|list| list.fingerprint() == *fingerprint);
        if let Some(list) = &found {
            let name = format!("{}.crl", file_stem(list));
            durable::remove(&self.generation.lists().join(name))?;
        }
        Ok(found)
    }
}

/// Whether `one` was issued after `other`: by the numbers where both have one and they differ (RFC
/// 5280 section 5.2.3), else by the dates.
fn is_newer(one: &CertificateList, other: &CertificateList) -> bool {
    if let (Some(number), Some(than)) = (one.number(), other.number())
        && number != than
    {
        return number.exceeds(&than);
    }
    one.this_update() > other.this_update()
}

/// The name of a CRL's file, without its extension: digests of its issuer and of its scope.
fn file_stem(list: &CertificateList) -> String {
    let scope = DigestAlgorithm::Sha256.digest(&list.scope());
    format!("{}-{}", subject_key(list.issuer()), hex::encode(&scope))
}

fn name_of(path: &Path) -> Option<&str> {
    let name = path.file_name()?.to_str()?.strip_suffix(".crl")?;
    let (issuer, scope) = name.split_once('-')?;
    let is_digest = |text: &str| text.len() == 64 && is_hex(text);
    (is_digest(issuer) && is_digest(scope)).then_some(name)
}
