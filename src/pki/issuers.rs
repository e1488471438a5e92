//! Where the certificates of a path come from.

use std::collections::{HashMap, HashSet};

use super::certificate::Certificate;
use super::fingerprint::Fingerprint;
use super::name::Name;
use crate::asn1::oid;

/// Certificates that may stand above another one, and which of them are trusted.
pub trait Issuers {
    /// All certificates with that subject, trusted or not.
    ///
    /// Key identifiers are hints that are often wrong; the search prefers by them and leaves none
    /// out.
    fn find_by_name(&self, subject: &Name) -> Vec<Certificate>;

    /// Whether exactly this certificate is a trust anchor. Any certificate can be one.
    fn is_anchor(&self, certificate: &Certificate) -> bool;

    /// The organizations that trust anchors belong to, as [`organization`] spells them.
    ///
    /// Only used to tell a missing intermediate from an unknown CA, and asked once a search at most;
    /// none where they are not known.
    fn organizations(&self) -> HashSet<String> {
        HashSet::new()
    }
}

/// Trust anchors and intermediates in memory.
#[derive(Clone, Debug, Default)]
pub struct CertificatePool {
    by_subject: HashMap<Name, Vec<Certificate>>,
    known: HashSet<Fingerprint>,
    anchors: HashSet<Fingerprint>,
    organizations: HashSet<String>,
}

impl CertificatePool {
    /// Makes a pool; a certificate that is given as both is an anchor.
    pub fn new(
        anchors: impl IntoIterator<Item = Certificate>,
        intermediates: impl IntoIterator<Item = Certificate>,
    ) -> CertificatePool {
        let mut pool = CertificatePool::default();
        for anchor in anchors {
            pool.organizations.extend(organization(anchor.subject()));
            pool.anchors.insert(anchor.fingerprint());
            pool.add(anchor);
        }
        for intermediate in intermediates {
            pool.add(intermediate);
        }
        pool
    }

    /// Adds a certificate that is not trusted by being there.
    pub fn add(&mut self, certificate: Certificate) {
        if self.known.insert(certificate.fingerprint()) {
            let named = self.by_subject.entry(certificate.subject().clone());
            named.or_default().push(certificate);
        }
    }

    /// All certificates with that subject.
    pub fn find_by_subject(&self, subject: &Name) -> &[Certificate] {
        self.by_subject.get(subject).map_or(&[], Vec::as_slice)
    }
}

impl Issuers for CertificatePool {
    fn find_by_name(&self, subject: &Name) -> Vec<Certificate> {
        self.find_by_subject(subject).to_vec()
    }

    fn is_anchor(&self, certificate: &Certificate) -> bool {
        self.anchors.contains(&certificate.fingerprint())
    }

    fn organizations(&self) -> HashSet<String> {
        self.organizations.clone()
    }
}

/// The organization in a name, in the form that is compared.
pub fn organization(name: &Name) -> Option<String> {
    let text = name.texts(oid::ORGANIZATION_NAME).next()?;
    Some(text.trim().to_lowercase())
}
