//! The list of trusted CAs, and the keystore as a source of issuers.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::Keystore;
use super::durable;
use super::error::KeystoreError;
use super::layout::Index;
use super::record::Kind;
use super::view::View;
use super::writer::Writer;
use crate::asn1::hex;
use crate::asn1::pem;
use crate::crypto::digest::DigestAlgorithm;
use crate::pki::{Certificate, Fingerprint, Issuers, Name, organization};

impl Keystore {
    /// The trusted CAs in the order of their fingerprints; the local CA, which is trusted without
    /// being on the list, is not among them.
    ///
    /// # Errors
    /// The keystore cannot be read.
    pub fn trusted(&self) -> Result<Vec<Certificate>, KeystoreError> {
        self.read(View::all_trusted)
    }
}

/// Looks up issuers in the local CA, the trust list and the stored intermediates. Trust anchors are
/// the first two. What cannot be read is noted as damage and not found.
impl Issuers for Keystore {
    fn find_by_name(&self, subject: &Name) -> Vec<Certificate> {
        let found = self.read(|view| Ok(view.find_by_subject(subject)));
        self.or_noted(found).unwrap_or_default()
    }

    fn is_anchor(&self, certificate: &Certificate) -> bool {
        let is_anchor = self.read(|view| Ok(view.is_anchor(certificate)));
        self.or_noted(is_anchor).unwrap_or_default()
    }

    /// Reads the whole trust list, which only a path that leads nowhere makes necessary.
    fn organizations(&self) -> HashSet<String> {
        let known = self.read(|view| {
            let authority = view.find_authority().map(|authority| authority.certificate);
            let anchors = view.all_trusted()?.into_iter().chain(authority);
            Ok(anchors
                .filter_map(|anchor| organization(anchor.subject()))
                .collect())
        });
        self.or_noted(known).unwrap_or_default()
    }
}

impl View {
    pub(super) fn trusted_names(&self) -> Result<BTreeSet<String>, KeystoreError> {
        self.names(&self.generation().trust(), "pem", None)
    }

    pub(super) fn all_trusted(&self) -> Result<Vec<Certificate>, KeystoreError> {
        let names = self.trusted_names()?;
        Ok(names.iter().filter_map(|name| self.trusted(name)).collect())
    }

    pub(super) fn trusted(&self, fingerprint: &str) -> Option<Certificate> {
        self.read_certificate(&self.generation().trusted(fingerprint), fingerprint)
    }

    fn find_by_subject(&self, subject: &Name) -> Vec<Certificate> {
        let mut found: Vec<Certificate> = Vec::new();
        let authority = self.find_authority().map(|authority| authority.certificate);
        found.extend(authority.filter(|certificate| certificate.subject() == subject));
        for hint in self.hints(Index::Subject, &subject_key(subject)) {
            let trusted = self.trusted(&hint);
            let certificate = trusted.or_else(|| {
                let stored = self.certificate(&hint)?;
                (stored.kind == Kind::Ca).then_some(stored.certificate)
            });
            found.extend(certificate.filter(|certificate| certificate.subject() == subject));
        }
        found
    }

    fn is_anchor(&self, certificate: &Certificate) -> bool {
        self.trusted(&certificate.fingerprint().to_string())
            .is_some()
            || self
                .find_authority()
                .is_some_and(|authority| authority.certificate == *certificate)
    }
}

impl Writer<'_> {
    /// Puts CAs on the trust list, hundreds at once if need be, and says which of them are new.
    ///
    /// # Errors
    /// The keystore cannot be written. Then some of them may be on the list and others not.
    pub fn trust(&self, certificates: &[Certificate]) -> Result<Vec<bool>, KeystoreError> {
        let mut seen = BTreeSet::new();
        let is_new: Vec<bool> = self.view(|view| {
            let is_new = |certificate: &Certificate| {
                let name = certificate.fingerprint().to_string();
                // One that is damaged is written again.
                view.trusted(&name).is_none() && seen.insert(name)
            };
            Ok(certificates.iter().map(is_new).collect())
        })?;
        let added = || {
            certificates
                .iter()
                .zip(&is_new)
                .filter(|(_, new)| **new)
                .map(|(own, _)| own)
        };
        // First everything that leads to them, then they themselves.
        let mut names_by_key: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for certificate in added() {
            let names = names_by_key
                .entry(subject_key(certificate.subject()))
                .or_default();
            names.push(certificate.fingerprint().to_string());
        }
        let mut change = self.scratch.change();
        for (key, names) in &names_by_key {
            self.put_hints(&mut change, Index::Subject, key, names)?;
        }
        change.flush()?;
        for certificate in added() {
            let path = self
                .generation
                .trusted(&certificate.fingerprint().to_string());
            let text = pem::encode("CERTIFICATE", certificate.der());
            change.put(&path, text.as_bytes())?;
        }
        change.flush()?;
        Ok(is_new)
    }

    /// Takes a CA off the trust list and returns its certificate; `None` if it was not on it.
    ///
    /// # Errors
    /// The keystore cannot be written.
    pub fn distrust(
        &self,
        fingerprint: &Fingerprint,
    ) -> Result<Option<Certificate>, KeystoreError> {
        let name = fingerprint.to_string();
        let Some(certificate) = self.view(|view| Ok(view.trusted(&name)))? else {
            return Ok(None);
        };
        durable::remove(&self.generation.trusted(&name))?;
        // It may be stored as an intermediate as well, which is found under the same subject.
        let stored = self.view(|view| Ok(view.certificate(&name)))?;
        if stored.is_none_or(|stored| stored.kind != Kind::Ca) {
            // Best effort: a hint that leads nowhere is in nobody's way.
            let _ = self.drop_hint(Index::Subject, &subject_key(certificate.subject()), &name);
        }
        Ok(Some(certificate))
    }
}

/// The index key of a name: the SHA-256 of its canonical form, so that names that are equal by RFC
/// 5280 section 7.1 share it.
pub(super) fn subject_key(name: &Name) -> String {
    hex::encode(&DigestAlgorithm::Sha256.digest(name.canonical()))
}
