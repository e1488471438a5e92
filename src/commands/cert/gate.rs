//! The gate of import: what a file's certificates become, and why some are refused.

use crate::commands::files::Bundle;
use crate::crypto::key::PrivateKey;
use crate::pki::{self, Certificate, inspect, match_keys};
use crate::reason::Reason;
use crate::verdict::{Finding, rejects};

/// What a certificate becomes.
pub(super) enum Role {
    /// A user's identity.
    Identity(PrivateKey),
    /// A correspondent's certificate.
    ThirdParty,
    /// An intermediate CA that came along.
    Authority,
}

/// What every CA certificate lacks; telling it would only hide that it is one.
const FOLLOWS_FROM_CA: [Reason; 4] = [
    Reason::CertKeyUsageForbidsSigning,
    Reason::CertKeyUsageForbidsEncryption,
    Reason::CertExtendedKeyUsageForbidsMail,
    Reason::CertAddressMissing,
];

/// A certificate of a file, and what speaks against it.
pub(super) struct Item {
    pub(super) certificate: Certificate,
    pub(super) role: Role,
    pub(super) findings: Vec<Finding>,
    /// The DER of the SMIMECapabilities that came with it.
    pub(super) capabilities: Option<Vec<u8>>,
}

impl Item {
    fn new(certificate: &Certificate, role: Role) -> Item {
        let judged_as = match role {
            Role::Authority => pki::Role::Authority,
            Role::Identity(_) | Role::ThirdParty => pki::Role::EndEntity,
        };
        let mut findings = inspect(certificate, judged_as);
        if findings
            .iter()
            .any(|finding| finding.reason == Reason::CertIsCa)
        {
            findings.retain(|finding| !FOLLOWS_FROM_CA.contains(&finding.reason));
        }
        Item {
            findings,
            certificate: certificate.clone(),
            role,
            capabilities: None,
        }
    }

    /// Whether it must not be stored.
    pub(super) fn is_refused(&self) -> bool {
        rejects(&self.findings)
    }

    /// The address, or else the name, of its subject.
    pub(super) fn whose(&self) -> String {
        match self.certificate.addresses().first() {
            Some(address) => address.to_string(),
            None => self.certificate.subject().to_string(),
        }
    }
}

/// Sorts what a file held. CA certificates count as intermediates where they come with others; alone
/// they are refused, because whoever imports one wants it trusted.
///
/// Returns findings about the file as well: a private key that belongs to no certificate of it.
pub(super) fn items(bundle: Bundle) -> (Vec<Item>, Vec<Finding>) {
    let matched = match_keys(&bundle.certificates, &bundle.keys);
    if matched.identities.is_empty() && !matched.keys.is_empty() {
        // To store the certificate as somebody else's is not what was meant.
        return (Vec::new(), vec![Finding::new(Reason::CertKeyMismatch)]);
    }
    let mut items: Vec<Item> = Vec::new();
    let mut authorities: Vec<Certificate> = Vec::new();
    for identity in matched.identities {
        authorities.extend(identity.chain);
        items.push(Item::new(
            &identity.certificate,
            Role::Identity(identity.key),
        ));
    }
    let (more, others): (Vec<_>, Vec<_>) = matched
        .certificates
        .into_iter()
        .partition(Certificate::is_ca);
    authorities.extend(more);
    items.extend(
        others
            .iter()
            .map(|certificate| Item::new(certificate, Role::ThirdParty)),
    );
    let role = || match items.is_empty() {
        true => Role::ThirdParty, // where being a CA is a reason for refusal
        false => Role::Authority,
    };
    let mut known: Vec<Certificate> = Vec::new();
    let mut came_along = Vec::new();
    for certificate in authorities {
        if !known.contains(&certificate) {
            came_along.push(Item::new(&certificate, role()));
            known.push(certificate);
        }
    }
    // What a path leads through is stored first, so that no identity lacks its chain.
    came_along.extend(items);
    (came_along, Vec::new())
}
