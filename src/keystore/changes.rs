//! Storing, approving and removing certificates.

use super::certificates::identifier_entries;
use super::durable::{self, Change};
use super::error::KeystoreError;
use super::keys::KeyName;
use super::layout::{Index, address_key};
use super::record::{Kind, Origin, Provenance, StoredCertificate};
use super::trust::subject_key;
use super::writer::Writer;
use crate::address::Address;
use crate::asn1::pem;
use crate::pki::{Certificate, Fingerprint};
use crate::time::Time;

/// A certificate that is to be stored. It has passed the gate already.
#[derive(Clone, Debug)]
pub struct NewCertificate {
    /// The certificate.
    pub certificate: Certificate,
    /// The addresses it is to be used for.
    pub addresses: Vec<Address>,
    /// How it comes here.
    pub origin: Origin,
    /// Now.
    pub added: Time,
    /// The message it was extracted from.
    pub provenance: Option<Provenance>,
    /// The DER of the SMIMECapabilities its owner announced.
    pub capabilities: Option<Vec<u8>>,
}

/// What became of a certificate that was to be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is new.
    Stored,
    /// It was there already; its kind, origin or addresses are more now than they were.
    Raised,
    /// It was there already, and still is what it was.
    Known,
}

impl Writer<'_> {
    /// Stores a correspondent's certificate: pinned if it is imported, not if it is extracted.
    ///
    /// A held certificate is approved by that, and an extracted one that is now imported is pinned.
    /// A user's identity stays one.
    ///
    /// # Errors
    /// The keystore cannot be written.
    pub fn add_third_party(&self, new: &NewCertificate) -> Result<Outcome, KeystoreError> {
        let known = self.find(&new.certificate)?;
        self.enact(as_third_party(known, new))
    }

    /// Keeps a correspondent's certificate for approval. One that is stored already stays what it is.
    ///
    /// # Errors
    /// The keystore cannot be written.
    pub fn hold(&self, new: &NewCertificate) -> Result<Outcome, KeystoreError> {
        let known = self.find(&new.certificate)?;
        self.enact(unless_known(known, || stored(new, Kind::Held, false)))
    }

    /// Makes a held certificate a correspondent's. Approval is an act by hand, as import is, so the
    /// certificate is pinned; its origin stays what it was.
    ///
    /// Returns `None` if no such certificate is held.
    ///
    /// # Errors
    /// The keystore cannot be written.
    pub fn approve(
        &self,
        fingerprint: &Fingerprint,
    ) -> Result<Option<StoredCertificate>, KeystoreError> {
        let Some(mut known) = self.find_fingerprint(fingerprint)? else {
            return Ok(None);
        };
        if known.kind != Kind::Held {
            return Ok(None);
        }
        known.kind = Kind::ThirdParty;
        known.pinned = true;
        self.store(&known)?;
        Ok(Some(known))
    }

    /// Stores a user's certificate, whose private key is stored already.
    ///
    /// # Errors
    /// The keystore cannot be written.
    pub fn add_identity(
        &self,
        new: &NewCertificate,
        key: KeyName,
    ) -> Result<Outcome, KeystoreError> {
        let known = self.find(&new.certificate)?;
        self.enact(as_identity(known, new, key))
    }

    /// Stores the certificate of an intermediate CA, which is not trusted for itself but may be a
    /// step of a path.
    ///
    /// # Errors
    /// The keystore cannot be written.
    pub fn add_intermediate(&self, new: &NewCertificate) -> Result<Outcome, KeystoreError> {
        let known = self.find(&new.certificate)?;
        self.enact(as_intermediate(known, new))
    }

    /// Removes a certificate, and its private key unless another certificate is for the same key.
    /// Returns what was removed; `None` if it is not stored. The local CA's cannot be removed so.
    ///
    /// # Errors
    /// The keystore cannot be written.
    pub fn remove(
        &self,
        fingerprint: &Fingerprint,
    ) -> Result<Option<StoredCertificate>, KeystoreError> {
        let Some(known) = self.find_fingerprint(fingerprint)? else {
            return Ok(None);
        };
        let name = fingerprint.to_string();
        durable::remove(&self.generation.record(&name))?;
        // From here on it is gone.
        if let Some(key) = known.key {
            let still_used = self.view(|view| {
                Ok(view
                    .certificates()?
                    .iter()
                    .any(|other| other.key == Some(key)))
            })?;
            if !still_used {
                self.remove_key(key)?;
            }
        }
        // Best effort: what stays is named by nothing, or is a hint that leads nowhere.
        let trusted = self.view(|view| Ok(view.trusted(&name)))?.is_some();
        for (index, key) in entries(&known) {
            if index != Index::Subject || !trusted {
                let _ = self.drop_hint(index, &key, &name);
            }
        }
        let _ = durable::remove(&self.generation.certificate(&name));
        Ok(Some(known))
    }

    /// What the certificate is already, be it the local CA's.
    pub(super) fn find(
        &self,
        certificate: &Certificate,
    ) -> Result<Option<StoredCertificate>, KeystoreError> {
        let fingerprint = certificate.fingerprint();
        self.view(|view| {
            let authority = view.authority()?.map(|authority| authority.to_stored());
            Ok(authority
                .filter(|authority| authority.certificate.fingerprint() == fingerprint)
                .or_else(|| view.certificate(&fingerprint.to_string())))
        })
    }

    fn find_fingerprint(
        &self,
        fingerprint: &Fingerprint,
    ) -> Result<Option<StoredCertificate>, KeystoreError> {
        self.view(|view| Ok(view.certificate(&fingerprint.to_string())))
    }

    fn enact(
        &self,
        (outcome, stored): (Outcome, Option<StoredCertificate>),
    ) -> Result<Outcome, KeystoreError> {
        self.store_all(stored.as_slice())?;
        Ok(outcome)
    }

    fn store(&self, stored: &StoredCertificate) -> Result<(), KeystoreError> {
        self.store_all(std::slice::from_ref(stored))
    }

    pub(super) fn put_certificate(
        &self,
        change: &mut Change<'_>,
        certificate: &Certificate,
    ) -> Result<(), KeystoreError> {
        let name = certificate.fingerprint().to_string();
        let text = pem::encode("CERTIFICATE", certificate.der());
        change.put(&self.generation.certificate(&name), text.as_bytes())
    }

    /// Adds the lines to an index entry that are not there already.
    pub(super) fn put_hints(
        &self,
        change: &mut Change<'_>,
        index: Index,
        key: &str,
        fingerprints: &[String],
    ) -> Result<(), KeystoreError> {
        let mut hints = self.view(|view| Ok(view.hints(index, key)))?;
        let before = hints.len();
        for fingerprint in fingerprints {
            if !hints.contains(fingerprint) {
                hints.push(fingerprint.clone());
            }
        }
        if hints.len() == before {
            return Ok(());
        }
        change.put(&self.generation.entry(index, key), lines(&hints).as_bytes())
    }

    /// Removes a line from an index entry.
    pub(super) fn drop_hint(
        &self,
        index: Index,
        key: &str,
        fingerprint: &str,
    ) -> Result<(), KeystoreError> {
        let mut hints = self.view(|view| Ok(view.hints(index, key)))?;
        let before = hints.len();
        hints.retain(|hint| hint != fingerprint);
        let path = self.generation.entry(index, key);
        if hints.is_empty() {
            return durable::remove(&path);
        }
        if hints.len() < before {
            self.scratch.write(&path, lines(&hints).as_bytes())?;
        }
        Ok(())
    }
}

/// What becomes of a correspondent's certificate that is `known` as that much, and what is to be
/// written.
pub(super) fn as_third_party(
    known: Option<StoredCertificate>,
    new: &NewCertificate,
) -> (Outcome, Option<StoredCertificate>) {
    let pinned = new.origin == Origin::Imported;
    let Some(mut known) = known else {
        return (Outcome::Stored, Some(stored(new, Kind::ThirdParty, pinned)));
    };
    if matches!(known.kind, Kind::Identity | Kind::Ca) {
        return (Outcome::Known, None);
    }
    let what = |known: &StoredCertificate| {
        let addresses = known.addresses.len();
        (known.kind, known.origin, known.pinned, addresses)
    };
    let before = what(&known);
    known.kind = Kind::ThirdParty;
    known.pinned |= pinned;
    if pinned {
        known.origin = Origin::Imported;
    }
    merge(&mut known.addresses, &new.addresses);
    let raised = before != what(&known);
    // What was announced last counts (RFC 8551 section 2.7.1).
    let announced = new.capabilities.is_some() && new.capabilities != known.capabilities;
    if announced {
        known.capabilities.clone_from(&new.capabilities);
        known.provenance.clone_from(&new.provenance);
    }
    let outcome = match raised {
        true => Outcome::Raised,
        false => Outcome::Known,
    };
    (outcome, (raised || announced).then_some(known))
}

/// The same for a user's certificate.
pub(super) fn as_identity(
    known: Option<StoredCertificate>,
    new: &NewCertificate,
    key: KeyName,
) -> (Outcome, Option<StoredCertificate>) {
    let mut identity = stored(new, Kind::Identity, false);
    identity.key = Some(key);
    let Some(known) = known else {
        return (Outcome::Stored, Some(identity));
    };
    if known.kind == Kind::Ca {
        return (Outcome::Known, None);
    }
    let is_known = |own| known.addresses.contains(own);
    let more = !identity.addresses.iter().all(is_known);
    if known.kind == Kind::Identity && known.key == identity.key && !more {
        return (Outcome::Known, None);
    }
    merge(&mut identity.addresses, &known.addresses);
    if known.kind == Kind::Identity {
        identity.origin = known.origin;
        identity.added = known.added;
    }
    (Outcome::Raised, Some(identity))
}

/// The same for the certificate of an intermediate CA.
pub(super) fn as_intermediate(
    known: Option<StoredCertificate>,
    new: &NewCertificate,
) -> (Outcome, Option<StoredCertificate>) {
    unless_known(known, || stored(new, Kind::Ca, false))
}

fn unless_known(
    known: Option<StoredCertificate>,
    new: impl FnOnce() -> StoredCertificate,
) -> (Outcome, Option<StoredCertificate>) {
    match known {
        Some(_) => (Outcome::Known, None),
        None => (Outcome::Stored, Some(new())),
    }
}

/// Where a certificate must be found.
pub(super) fn entries(stored: &StoredCertificate) -> Vec<(Index, String)> {
    let mut entries = identifier_entries(&stored.certificate);
    for address in &stored.addresses {
        entries.push((Index::Address, address_key(address)));
    }
    if stored.kind == Kind::Ca {
        entries.push((Index::Subject, subject_key(stored.certificate.subject())));
    }
    entries
}

pub(super) fn lines<'a>(hints: impl IntoIterator<Item = &'a String>) -> String {
    hints.into_iter().map(|hint| format!("{hint}\n")).collect()
}

fn merge(addresses: &mut Vec<Address>, more: &[Address]) {
    for address in more {
        if !addresses.contains(address) {
            addresses.push(address.clone());
        }
    }
}

fn stored(new: &NewCertificate, kind: Kind, pinned: bool) -> StoredCertificate {
    StoredCertificate {
        certificate: new.certificate.clone(),
        kind,
        origin: new.origin,
        addresses: new.addresses.clone(),
        pinned,
        key: None,
        added: new.added,
        provenance: new.provenance.clone(),
        capabilities: new.capabilities.clone(),
        revoked: None,
    }
}
