//! The keystore on one screen.

use super::Keystore;
use super::authority::StoredAuthority;
use super::error::KeystoreError;
use super::record::{Kind, StoredCertificate};
use super::view::Damage;
use crate::policy::profile::Switch;
use crate::time::Time;

/// The facts about a keystore at one time.
#[derive(Clone, Debug)]
pub struct Status {
    /// Whether mail is protected.
    pub protection: Switch,
    /// The local CA.
    pub authority: Option<StoredAuthority>,
    /// Whether private keys are protected by a passphrase; `None` if there are none.
    pub keys_protected: Option<bool>,
    /// How many certificates with a private key there are, the local CA's left out.
    pub identities: usize,
    /// How many correspondents' certificates there are.
    pub third_parties: usize,
    /// Certificates that wait for approval.
    pub held: Vec<StoredCertificate>,
    /// How many CAs are on the trust list, damaged files left out.
    pub trusted: usize,
    /// Certificates that are valid and will expire within the time asked about, the first to do so
    /// first.
    pub expiring: Vec<StoredCertificate>,
    /// How many certificates the local CA has revoked.
    pub revoked: usize,
    /// How many CRLs are stored, damaged ones left out.
    pub lists: usize,
    /// How many certificates have expired.
    pub expired: usize,
    /// Whether there is a policy file.
    pub has_policy: bool,
    /// What was found damaged, and skipped.
    pub damages: Vec<Damage>,
}

impl Keystore {
    /// The facts at `now`; certificates count as expiring that end within `days`.
    ///
    /// # Errors
    /// The keystore cannot be read.
    pub fn status(&self, now: Time, days: i64) -> Result<Status, KeystoreError> {
        let mut status = self.read(|view| {
            let certificates = view.certificates()?;
            let count = |kind: Kind| certificates.iter().filter(|own| own.kind == kind).count();
            let held = certificates.iter().filter(|own| own.kind == Kind::Held);
            Ok(Status {
                protection: view.noted(view.protection()).unwrap_or(Switch::On),
                authority: view.find_authority(),
                keys_protected: match view.key_ring(self.dir()) {
                    Err(KeystoreError::AuthorityMissing) => None,
                    ring => view.noted(ring).map(|ring| ring.is_protected()),
                },
                identities: count(Kind::Identity),
                third_parties: count(Kind::ThirdParty),
                held: held.cloned().collect(),
                trusted: view.all_trusted()?.len(),
                expiring: expiring(&certificates, now, days),
                revoked: view.noted(view.revocations()).map_or(0, |all| all.len()),
                lists: view.lists()?.len(),
                expired: certificates
                    .iter()
                    .filter(|own| own.certificate.not_after() < now)
                    .count(),
                has_policy: false,
                damages: Vec::new(),
            })
        })?;
        status.has_policy = self.policy()?.is_some();
        status.damages = self.damages();
        Ok(status)
    }
}

/// The certificates that are valid at `now`, not revoked, and end within `days`, the first to end first.
pub fn expiring(
    certificates: &[StoredCertificate],
    now: Time,
    days: i64,
) -> Vec<StoredCertificate> {
    let limit = now.plus_days(days);
    let mut expiring: Vec<StoredCertificate> = certificates
        .iter()
        .filter(|stored| {
            stored.revoked.is_none() && (now..=limit).contains(&stored.certificate.not_after())
        })
        .cloned()
        .collect();
    expiring.sort_by_key(|stored| stored.certificate.not_after());
    expiring
}
