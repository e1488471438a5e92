//! Puts private keys and certificates of one file together.

use std::collections::HashSet;

use super::certificate::Certificate;
use crate::crypto::key::PrivateKey;
use crate::limits;

/// A certificate with its private key, and the CA certificates that came along.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The certificate.
    pub certificate: Certificate,
    /// Its issuer, the issuer's issuer and so on, as far as they were there.
    pub chain: Vec<Certificate>,
    /// The private key.
    pub key: PrivateKey,
}

/// What belongs together, and what is left.
#[derive(Clone, Debug, Default)]
pub struct Matched {
    /// One for each certificate whose private key is there.
    pub identities: Vec<Identity>,
    /// Keys of no certificate.
    pub keys: Vec<PrivateKey>,
    /// Certificates without a key that are in no chain.
    pub certificates: Vec<Certificate>,
}

impl Matched {
    /// Whether the private key of a certificate is there.
    pub fn has_key(&self, certificate: &Certificate) -> bool {
        let mut identities = self.identities.iter();
        identities.any(|identity| identity.certificate == *certificate)
    }
}

/// Matches each key with the certificates of its public half. Several certificates of one key make
/// several identities; what occurs twice counts once.
pub fn match_keys(certificates: &[Certificate], keys: &[PrivateKey]) -> Matched {
    let mut matched = Matched::default();
    let mut seen = HashSet::new();
    let unique: Vec<&Certificate> = certificates
        .iter()
        .filter(|certificate| seen.insert(certificate.fingerprint()))
        .collect();
    for (index, key) in keys.iter().enumerate() {
        let same = |other: &PrivateKey| other.public_key() == key.public_key();
        if keys[..index].iter().any(same) {
            continue;
        }
        let mut found = false;
        for certificate in &unique {
            if certificate.public_key().as_ref() == Ok(key.public_key()) {
                found = true;
                matched.identities.push(Identity {
                    certificate: (*certificate).clone(),
                    chain: chain_of(certificate, &unique),
                    key: key.clone(),
                });
            }
        }
        if !found {
            matched.keys.push(key.clone());
        }
    }
    let used = |certificate: &Certificate| {
        matched.identities.iter().any(|identity| {
            identity.certificate == *certificate || identity.chain.contains(certificate)
        })
    };
    let left = unique.into_iter().filter(|certificate| !used(certificate));
    matched.certificates = left.cloned().collect();
    matched
}

/// The certificates above one, by names and signatures. Nothing is judged: it is what came along.
fn chain_of(certificate: &Certificate, certificates: &[&Certificate]) -> Vec<Certificate> {
    let mut chain: Vec<Certificate> = Vec::new();
    let mut top = certificate;
    while chain.len() < limits::PATH_LENGTH && !top.is_self_issued() {
        let issued = |issuer: &Certificate| {
            issuer.subject() == top.issuer()
                && issuer
                    .public_key()
                    .is_ok_and(|key| top.verify_signature(&key).is_ok())
        };
        let next = certificates.iter().find(|issuer| issued(issuer));
        match next {
            Some(issuer) if !chain.contains(issuer) && *issuer != certificate => {
                chain.push((*issuer).clone());
                top = issuer;
            }
            _ => break,
        }
    }
    chain
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::test_pki::{Draft, key_number};

    #[test]
    fn a_key_finds_its_certificate_and_the_chain_above() {
        let root = Draft::ca("Root", 0).self_signed(0);
        let intermediate = Draft::ca("Intermediate", 2).issued_by("Root", 0);
        let leaf = Draft::leaf("user", 1).issued_by("Intermediate", 2);
        let other = Draft::leaf("other", 3).issued_by("Root", 0);
        let matched = match_keys(
            &[
                root.clone(),
                other.clone(),
                leaf.clone(),
                leaf.clone(),
                intermediate.clone(),
            ],
            &[
                key_number(1).clone(),
                key_number(1).clone(),
                key_number(4).clone(),
            ],
        );
        assert_eq!(matched.identities.len(), 1);
        assert_eq!(matched.identities[0].certificate, leaf);
        assert_eq!(matched.identities[0].chain, [intermediate, root]);
        assert_eq!(matched.certificates, [other]);
        assert_eq!(matched.keys.len(), 1);
        assert_eq!(matched.keys[0].public_key(), key_number(4).public_key());
    }

    #[test]
    fn one_key_can_have_several_certificates() {
        let old = Draft::leaf("user", 1).serial(1).issued_by("Root", 0);
        let new = Draft::leaf("user", 1).serial(2).issued_by("Root", 0);
        let matched = match_keys(&[old.clone(), new.clone()], &[key_number(1).clone()]);
        let found: Vec<_> = matched
            .identities
            .into_iter()
            .map(|identity| identity.certificate)
            .collect();
        assert_eq!(found, [old, new]);
    }

    #[test]
    fn circles_end() {
        let a = Draft::ca("A", 2).issued_by("B", 3);
        let b = Draft::ca("B", 3).issued_by("A", 2);
        let leaf = Draft::leaf("user", 1).issued_by("A", 2);
        let matched = match_keys(&[leaf, a.clone(), b.clone()], &[key_number(1).clone()]);
        assert_eq!(matched.identities[0].chain, [a, b]);
    }
}
