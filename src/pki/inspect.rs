//! Judges one certificate by itself: the gate of import and extraction ([`inspect()`]), and
//! whether it can be used for a purpose at a time ([`usable_for`]).
//!
//! Every finding is collected. What stands behind the certificate is asked of `path`.

use const_oid::ObjectIdentifier;

use super::certificate::Certificate;
use super::extension::{Extension, KeyUsage, usage_names};
use crate::asn1::oid;
use crate::crypto::key::{Curve, KeyKind};
use crate::reason::{Reason, Severity};
use crate::time::Time;
use crate::verdict::Finding;

/// What a certificate is wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Signing mail.
    Sign,
    /// Encrypting mail to it.
    Encrypt,
    /// Either of the two.
    Any,
    /// Signing certificate revocation lists: no certificate for mail.
    SignLists,
}

/// Whose certificate is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A person's or system's, for mail: everything is asked of it.
    EndEntity,
    /// A trust anchor's or intermediate's: of its form and usages, a path asks what it needs.
    Authority,
}

/// Whether a certificate has the form that S/MIME asks for, whenever and for whatever it is used.
///
/// For an end entity: X.509 version 3; a keyUsage that allows signing or encryption, if there is
/// one; an extKeyUsage for mail, if there is one; an address; no CA (RFC 8550 sections 2.2, 3,
/// 4.4). For both roles: a key that is known and not weak (section 4.3), and extensions that can be
/// read. Dates, the issuer and critical extensions are not looked at.
pub fn inspect(certificate: &Certificate, role: Role) -> Vec<Finding> {
    let mut findings = unreadable_extensions(certificate);
    if role == Role::EndEntity {
        if certificate.version() != 3 {
            findings.push(
                Finding::new(Reason::CertVersionUnsupported).with("version", certificate.version()),
            );
        }
        findings.extend(usages(certificate, Purpose::Any));
        if certificate.addresses().is_empty() {
            findings.push(
                Finding::new(Reason::CertAddressMissing).with("subject", certificate.subject()),
            );
        }
        if certificate.is_ca() {
            findings.push(Finding::new(Reason::CertIsCa).with("subject", certificate.subject()));
        }
    }
    findings.extend(key(certificate));
    findings
}

/// Whether a certificate can be used for `purpose` at `time`: its dates, keyUsage, extKeyUsage, and
/// critical extensions.
///
/// The path is not looked at; `validate_path` asks this of the end entity too.
pub fn usable_for(certificate: &Certificate, purpose: Purpose, time: Time) -> Vec<Finding> {
    let mut findings = dates(certificate, time);
    findings.extend(usages(certificate, purpose));
    findings.extend(critical_extensions(certificate));
    findings
}

/// RFC 5280 section 6.1.3 (a)(2).
pub(super) fn dates(certificate: &Certificate, time: Time) -> Vec<Finding> {
    let reason = if time < certificate.not_before() {
        Reason::CertNotYetValid
    } else if certificate.not_after() < time {
        Reason::CertExpired
    } else {
        return Vec::new();
    };
    vec![
        Finding::new(reason)
            .with("not-before", certificate.not_before())
            .with("not-after", certificate.not_after())
            .with("judged-at", time),
    ]
}

/// keyUsage and extKeyUsage against a purpose, RFC 8550 sections 4.4.2 and 4.4.4.
pub(super) fn usages(certificate: &Certificate, purpose: Purpose) -> Vec<Finding> {
    let usages = certificate.key_usage();
    if purpose == Purpose::SignLists {
        let forbidden = usages.is_some_and(|usages| !usages.crl_sign());
        let finding = forbidden.then(|| Finding::new(Reason::CrlIssuerNotCrlSigner));
        return finding.into_iter().collect();
    }
    let kind = certificate.public_key().ok().map(|key| key.kind());
    let signs = may_sign(kind, usages);
    let encrypts = may_encrypt(kind, usages);
    let (sign, encrypt) = match purpose {
        Purpose::Sign => (!signs, false),
        Purpose::Encrypt => (false, !encrypts),
        Purpose::Any | Purpose::SignLists => (!signs && !encrypts, !signs && !encrypts),
    };
    let mut findings = Vec::new();
    let mut forbid = |reason| {
        let mut finding = Finding::new(reason);
        if let Some(kind) = kind {
            finding = finding.with("key", kind);
        }
        let names = usages.map(|usages| usage_names(usages).collect::<Vec<_>>().join(", "));
        findings.push(finding.with("key-usage", names.unwrap_or_default()));
    };
    if sign {
        forbid(Reason::CertKeyUsageForbidsSigning);
    }
    if encrypt {
        forbid(Reason::CertKeyUsageForbidsEncryption);
    }
    findings.extend(mail_usage(certificate));
    findings
}

/// Without keyUsage, what the key's algorithm can do is allowed.
fn may_sign(kind: Option<KeyKind>, usages: Option<KeyUsage>) -> bool {
    let signs = |usages: KeyUsage| usages.digital_signature() || usages.non_repudiation();
    kind.is_none_or(KeyKind::can_sign) && usages.is_none_or(signs)
}

fn may_encrypt(kind: Option<KeyKind>, usages: Option<KeyUsage>) -> bool {
    let encrypts = |usages: KeyUsage| match kind {
        Some(KeyKind::Rsa { .. }) => usages.key_encipherment(),
        Some(KeyKind::Ec(_) | KeyKind::X25519) => usages.key_agreement(),
        _ => usages.key_encipherment() || usages.key_agreement(),
    };
    kind.is_none_or(KeyKind::can_be_encrypted_to) && usages.is_none_or(encrypts)
}

/// extKeyUsage, if there is one, must name mail; of a CA too, whose usages bound those below it.
pub(super) fn mail_usage(certificate: &Certificate) -> Option<Finding> {
    if certificate.is_meant_for_mail() {
        return None;
    }
    let purposes = certificate.extended_key_usages().unwrap_or_default();
    let purposes: Vec<String> = purposes.iter().map(|purpose| purpose.describe()).collect();
    Some(
        Finding::new(Reason::CertExtendedKeyUsageForbidsMail)
            .with("extended-key-usage", purposes.join(", ")),
    )
}

/// Extensions whose meaning is honored wherever they stand.
const PROCESSED: &[ObjectIdentifier] = &[
    oid::BASIC_CONSTRAINTS,
    oid::KEY_USAGE,
    oid::EXTENDED_KEY_USAGE,
    oid::SUBJECT_ALT_NAME,
    oid::SUBJECT_KEY_IDENTIFIER,
    oid::AUTHORITY_KEY_IDENTIFIER,
    oid::CRL_DISTRIBUTION_POINTS,
    oid::NAME_CONSTRAINTS,
    oid::CERTIFICATE_POLICIES,
    oid::POLICY_MAPPINGS,
    oid::POLICY_CONSTRAINTS,
    oid::INHIBIT_ANY_POLICY,
];

/// RFC 5280 sections 6.1.4 (o) and 6.1.5 (f).
pub(super) fn critical_extensions(certificate: &Certificate) -> Vec<Finding> {
    let processed = |extension: &Extension| PROCESSED.iter().any(|known| extension.id() == known);
    let unknown = certificate
        .extensions()
        .iter()
        .filter(|extension| extension.is_critical() && !processed(extension));
    unknown
        .map(|extension| {
            Finding::new(Reason::CertCriticalExtensionUnknown)
                .with("extension", extension.id().describe())
        })
        .collect()
}

/// Extensions that are known and cannot be read. Those that permit or restrict something reject;
/// the others, identifiers and addresses of servers, only help.
pub(super) fn unreadable_extensions(certificate: &Certificate) -> Vec<Finding> {
    const HINTS: &[ObjectIdentifier] = &[
        oid::SUBJECT_KEY_IDENTIFIER,
        oid::AUTHORITY_KEY_IDENTIFIER,
        oid::AUTHORITY_INFO_ACCESS,
        oid::CRL_DISTRIBUTION_POINTS,
    ];
    certificate
        .unreadable_extensions()
        .map(|(extension, error)| {
            let hint = HINTS.iter().any(|hint| extension.id() == hint);
            let severity = match hint && !extension.is_critical() {
                true => Severity::Warning,
                false => Severity::Reject,
            };
            Finding::new(Reason::CertEncodingInvalid)
                .weighing(severity)
                .saying("an extension of the certificate cannot be decoded")
                .with("extension", extension.id().describe())
                .with("problem", error)
        })
        .collect()
}

/// Whether the key is too short to rely on (rejects) or soon will be (warns).
pub fn weak_key(certificate: &Certificate) -> Option<Finding> {
    key(certificate).filter(|finding| finding.reason == Reason::CertWeakKey)
}

/// RFC 8550 section 4.3, with the limits of rule 4.
fn key(certificate: &Certificate) -> Option<Finding> {
    let kind = match certificate.public_key() {
        Ok(key) => key.kind(),
        Err(error) => {
            return Some(
                Finding::new(Reason::CertEncodingInvalid)
                    .saying("the public key of the certificate cannot be decoded")
                    .with("problem", error),
            );
        }
    };
    let weak = |severity| {
        Finding::new(Reason::CertWeakKey)
            .weighing(severity)
            .with("key", kind)
    };
    match kind {
        KeyKind::Rsa { bits: 0..1024 } | KeyKind::RsaPss { bits: 0..1024 } => {
            Some(weak(Severity::Reject))
        }
        KeyKind::Rsa { bits: 1024..2048 } | KeyKind::RsaPss { bits: 1024..2048 } => {
            Some(weak(Severity::Warning))
        }
        // The parameters are the issuer's then, and judged there.
        KeyKind::Dsa { bits: 0 } => Some(weak(Severity::Warning)),
        KeyKind::Dsa { bits: 1..1024 } => Some(weak(Severity::Reject)),
        KeyKind::Dsa { .. } | KeyKind::Ec(Curve::P224) => Some(weak(Severity::Warning)),
        KeyKind::Unknown(curve) if SHORT_CURVES.contains(&curve) => {
            Some(weak(Severity::Reject).with("key", oid::describe(&curve)))
        }
        KeyKind::Unknown(algorithm) => Some(
            Finding::new(Reason::CertKeyUnsupported).with("algorithm", oid::describe(&algorithm)),
        ),
        KeyKind::Rsa { .. }
        | KeyKind::RsaPss { .. }
        | KeyKind::Ec(_)
        | KeyKind::Ed25519
        | KeyKind::X25519 => None,
    }
}

/// Named curves below 224 bits that occur: X9.62 prime192v1, secp192k1, secp160r1, secp160k1,
/// secp160r2, brainpoolP160r1, brainpoolP192r1.
const SHORT_CURVES: [ObjectIdentifier; 7] = [
    ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.1"),
    ObjectIdentifier::new_unwrap("1.3.132.0.31"),
    ObjectIdentifier::new_unwrap("1.3.132.0.8"),
    ObjectIdentifier::new_unwrap("1.3.132.0.9"),
    ObjectIdentifier::new_unwrap("1.3.132.0.30"),
    ObjectIdentifier::new_unwrap("1.3.36.3.3.2.8.1.1.1"),
    ObjectIdentifier::new_unwrap("1.3.36.3.3.2.8.1.1.3"),
];

#[cfg(test)]
mod tests;
