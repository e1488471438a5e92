//! Starting over: everything but policy, settings and the numbers that were given out goes.

use super::Keystore;
use super::error::KeystoreError;
use super::record::{Kind, StoredCertificate};
use super::revocations::StoredRevocation;
use super::view::View;
use super::writer::Writer;
use crate::pki::{Certificate, CertificateList};

/// What a reset would remove.
#[derive(Clone, Debug, Default)]
pub struct ResetPreview {
    /// The local CA's and all users' and correspondents' certificates, held ones too. Those with a
    /// key take it along, and with it the old mail that was encrypted to it.
    pub certificates: Vec<StoredCertificate>,
    /// The trusted CAs.
    pub trusted: Vec<Certificate>,
    /// The CRLs.
    pub lists: Vec<CertificateList>,
    /// What the local CA has revoked.
    pub revocations: Vec<StoredRevocation>,
}

impl ResetPreview {
    /// How many certificates of a kind would go.
    pub fn count(&self, kind: Kind) -> usize {
        let of_kind = |stored: &&StoredCertificate| stored.kind == kind;
        self.certificates.iter().filter(of_kind).count()
    }

    /// Whether there is nothing to remove.
    pub fn is_empty(&self) -> bool {
        self.certificates.is_empty()
            && self.trusted.is_empty()
            && self.lists.is_empty()
            && self.revocations.is_empty()
    }
}

impl Keystore {
    /// What a reset would remove now.
    ///
    /// # Errors
    /// The keystore cannot be read.
    pub fn reset_preview(&self) -> Result<ResetPreview, KeystoreError> {
        self.read(View::reset_preview)
    }
}

impl View {
    pub(super) fn reset_preview(&self) -> Result<ResetPreview, KeystoreError> {
        Ok(ResetPreview {
            certificates: self.certificates()?,
            trusted: self.all_trusted()?,
            lists: self.lists()?,
            revocations: self.revocations()?,
        })
    }
}

impl Writer<'_> {
    /// Removes the local CA, all certificates and keys, the trust list, CRLs and revocations, which
    /// turns protection off; keeps policy, settings, and the serial and CRL numbers that were given
    /// out. Returns what was removed.
    ///
    /// It is done, at once, when a new and empty generation takes the old one's place. Then the old
    /// files are removed; what resists is removed by the next writer.
    ///
    /// # Errors
    /// The keystore cannot be written. Then nothing has changed.
    pub fn reset(&mut self) -> Result<ResetPreview, KeystoreError> {
        let removed = self.view(View::reset_preview)?;
        self.replace_generation()?;
        Ok(removed)
    }
}
