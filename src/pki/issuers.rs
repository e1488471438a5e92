//! Where the certificates of a path come from.

use std::collections::{HashMap, HashSet};

use super::certificate::Certificate;
use super::fingerprint::Fingerprint;
use super::name::Name;
use crate::asn1::oid;

/// Certificates that may stand above another one, and which of them are trusted.
pub trait Issuers {
    /// All certificates whose subject is the issuer of `certificate`, trusted or not.
    ///
    /// Key identifiers are hints that are often wrong; the search prefers by them and leaves none
    /// out, so neither should this.
    fn find_issuers(&self, certificate: &Certificate) -> Vec<Certificate> {
        self.find_by_name(certificate.issuer())
    }

    /// All certificates with that subject, trusted or not.
    fn find_by_name(&self, subject: &Name) -> Vec<Certificate>;

    /// Whether exactly this certificate is a trust anchor. Any certificate can be one.
    fn is_anchor(&self, certificate: &Certificate) -> bool;

    /// Whether a trust anchor belongs to the organization that `name` names.
    ///
    /// Only used to tell a missing intermediate from an unknown CA; `false` when it is not known.
    fn knows_organization(&self, name: &Name) -> bool {
        let _ = name;
        false
    }
}

/// Trust anchors and intermediates in memory.
#[derive(Clone, Debug, Default)]
pub struct CertificatePool {
    by_subject: HashMap<Name, Vec<Certificate>>,
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
        let named = self
            .by_subject
            .entry(certificate.subject().clone())
            .or_default();
        if !named.contains(&certificate) {
            named.push(certificate);
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

    fn knows_organization(&self, name: &Name) -> bool {
        organization(name).is_some_and(|organization| self.organizations.contains(&organization))
    }
}

fn organization(name: &Name) -> Option<String> {
    let text = name.texts(oid::ORGANIZATION_NAME).next()?;
    Some(text.trim().to_lowercase())
}
