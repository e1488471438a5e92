//! The lookups of the S/MIME layer, over the keystore and the files of a run.

use std::collections::HashSet;

use super::Lookups;
use crate::address::Address;
use crate::cms::CertificateIdentifier;
use crate::crypto::key::PrivateKey;
use crate::keystore::{KeystoreError, Kind};
use crate::pki::{Certificate, CertificateList, Issuers, Name, RevocationRecord, RevocationSource};
use crate::smime::lookup::{
    CertificateLookup, KeyLookup, LookupError, Standing, StoredCertificate,
};

fn lookup_error(error: KeystoreError) -> LookupError {
    LookupError(Box::new(error))
}

impl KeyLookup for Lookups<'_> {
    fn holds(&self, recipient: &CertificateIdentifier) -> Result<bool, LookupError> {
        if self.has_identity_files() {
            return Ok(self.file_identity_for(recipient).is_some());
        }
        Ok(!self.stored_for(recipient).map_err(lookup_error)?.is_empty())
    }

    fn find_recipient(
        &self,
        recipient: &CertificateIdentifier,
    ) -> Result<Option<Certificate>, LookupError> {
        if let Some(identity) = self.file_identity_for(recipient) {
            return Ok(Some(identity.certificate.clone()));
        }
        let known = self.known_for(recipient).map_err(lookup_error)?;
        Ok(known.into_iter().next().map(|stored| stored.certificate))
    }

    fn find_key(
        &self,
        recipient: &CertificateIdentifier,
    ) -> Result<Option<PrivateKey>, LookupError> {
        if self.has_identity_files() {
            return Ok(self
                .file_identity_for(recipient)
                .map(|identity| identity.key.clone()));
        }
        let Some(ring) = &self.ring else {
            return Ok(None);
        };
        for stored in self.stored_for(recipient).map_err(lookup_error)? {
            if let Some(name) = &stored.key {
                return self.open_key(ring, name).map(Some).map_err(lookup_error);
            }
        }
        Ok(None)
    }
}

impl CertificateLookup for Lookups<'_> {
    fn find_by_address(&self, address: &Address) -> Result<Vec<StoredCertificate>, LookupError> {
        let Some(keystore) = &self.keystore else {
            return Ok(Vec::new());
        };
        let found = keystore.find_by_address(address).map_err(lookup_error)?;
        let stored = found
            .certificates
            .into_iter()
            .filter(|stored| stored.kind != Kind::Ca);
        Ok(stored
            .map(|stored| StoredCertificate {
                standing: match (stored.kind, stored.pinned) {
                    (Kind::Held, _) => Standing::Held,
                    (_, true) => Standing::Pinned,
                    (_, false) => Standing::Ordinary,
                },
                since: Some(stored.added),
                certificate: stored.certificate,
            })
            .collect())
    }
}

impl Issuers for Lookups<'_> {
    fn find_by_name(&self, subject: &Name) -> Vec<Certificate> {
        match (&self.anchors, &self.keystore) {
            (Some(anchors), _) => anchors.find_by_name(subject),
            (None, Some(keystore)) => keystore.find_by_name(subject),
            (None, None) => Vec::new(),
        }
    }

    fn is_anchor(&self, certificate: &Certificate) -> bool {
        match (&self.anchors, &self.keystore) {
            (Some(anchors), _) => anchors.is_anchor(certificate),
            (None, Some(keystore)) => keystore.is_anchor(certificate),
            (None, None) => false,
        }
    }

    fn organizations(&self) -> HashSet<String> {
        match (&self.anchors, &self.keystore) {
            (Some(anchors), _) => anchors.organizations(),
            (None, Some(keystore)) => keystore.organizations(),
            (None, None) => HashSet::new(),
        }
    }
}

impl RevocationSource for Lookups<'_> {
    fn find_lists(&self, issuer: &Name) -> Vec<CertificateList> {
        let mut lists = self.lists.find_lists(issuer);
        let stored = self.keystore.as_ref();
        lists.extend(stored.map_or_else(Vec::new, |keystore| keystore.find_lists(issuer)));
        lists
    }

    fn find_record(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
    ) -> Option<RevocationRecord> {
        self.keystore.as_ref()?.find_record(certificate, issuer)
    }
}
