//! Many certificates stored at once: the medium is waited for a few times for all of them, instead of
//! a few times for each.

use std::collections::{BTreeMap, HashMap};

use super::changes::{self, NewCertificate, Outcome, entries};
use super::error::KeystoreError;
use super::keys::KeyName;
use super::layout::Index;
use super::record::StoredCertificate;
use super::writer::Writer;
use crate::pki::{Certificate, Fingerprint};

/// How many certificates become durable together. Each has about four files.
const TOGETHER: usize = 500;

/// Certificates that are to be stored, in this order. Nothing is written before they are committed.
#[derive(Debug)]
pub struct Batch<'a> {
    writer: &'a Writer<'a>,
    pending: Vec<StoredCertificate>,
    places: HashMap<Fingerprint, usize>,
}

impl Writer<'_> {
    /// Begins to gather certificates that are stored together.
    pub fn batch(&self) -> Batch<'_> {
        Batch {
            writer: self,
            pending: Vec::new(),
            places: HashMap::new(),
        }
    }
}

impl Batch<'_> {
    /// As [`Writer::add_third_party`].
    ///
    /// # Errors
    /// The keystore cannot be read.
    pub fn add_third_party(&mut self, new: &NewCertificate) -> Result<Outcome, KeystoreError> {
        let known = self.find(&new.certificate)?;
        Ok(self.gather(changes::as_third_party(known, new)))
    }

    /// As [`Writer::add_identity`].
    ///
    /// # Errors
    /// The keystore cannot be read.
    pub fn add_identity(
        &mut self,
        new: &NewCertificate,
        key: KeyName,
    ) -> Result<Outcome, KeystoreError> {
        let known = self.find(&new.certificate)?;
        Ok(self.gather(changes::as_identity(known, new, key)))
    }

    /// As [`Writer::add_intermediate`].
    ///
    /// # Errors
    /// The keystore cannot be read.
    pub fn add_intermediate(&mut self, new: &NewCertificate) -> Result<Outcome, KeystoreError> {
        let known = self.find(&new.certificate)?;
        Ok(self.gather(changes::as_intermediate(known, new)))
    }

    /// How many certificates are to be written.
    pub fn len(&self) -> usize {
        self.pending.len()
    }

    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.pending.is_empty()
    }

    /// Stores them, and tells `written` of each that is durable.
    ///
    /// # Errors
    /// The keystore cannot be written. Then some of them may be stored, each whole, and others not.
    pub fn commit(self, mut written: impl FnMut()) -> Result<(), KeystoreError> {
        for together in self.pending.chunks(TOGETHER) {
            self.writer.store_all(together)?;
            together.iter().for_each(|_| written());
        }
        Ok(())
    }

    /// What the certificate is already, or is to become.
    fn find(&self, certificate: &Certificate) -> Result<Option<StoredCertificate>, KeystoreError> {
        match self.places.get(&certificate.fingerprint()) {
            Some(place) => Ok(self.pending.get(*place).cloned()),
            None => self.writer.find(certificate),
        }
    }

    fn gather(&mut self, (outcome, stored): (Outcome, Option<StoredCertificate>)) -> Outcome {
        let Some(stored) = stored else {
            return outcome;
        };
        let fingerprint = stored.certificate.fingerprint();
        let place = *self.places.entry(fingerprint).or_insert(self.pending.len());
        match self.pending.get_mut(place) {
            Some(pending) => *pending = stored,
            None => self.pending.push(stored),
        }
        outcome
    }
}

impl Writer<'_> {
    /// Writes certificates and index entries, and then, as what makes them count, the records.
    pub(super) fn store_all(&self, all: &[StoredCertificate]) -> Result<(), KeystoreError> {
        let mut change = self.scratch.change();
        let mut names_by_entry: BTreeMap<(Index, String), Vec<String>> = BTreeMap::new();
        for stored in all {
            self.put_certificate(&mut change, &stored.certificate)?;
            for entry in entries(stored) {
                let names = names_by_entry.entry(entry).or_default();
                names.push(stored.certificate.fingerprint().to_string());
            }
        }
        for ((index, key), names) in &names_by_entry {
            self.put_hints(&mut change, *index, key, names)?;
        }
        change.flush()?;
        for stored in all {
            let name = stored.certificate.fingerprint().to_string();
            let path = self.generation.record(&name);
            let text = stored
                .encode_record()
                .map_err(|error| KeystoreError::encoding(&path, error))?;
            change.put(&path, text.as_bytes())?;
        }
        change.flush()
    }
}
