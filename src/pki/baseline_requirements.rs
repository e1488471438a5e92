//! Where a certificate for mail deviates from the profile that public CAs keep: the S/MIME Baseline
//! Requirements of the CA/Browser Forum, section 7.1.
//!
//! Advice for whoever runs a CA. Nothing here decides whether a certificate is accepted; what does
//! is asked by [`inspect()`](super::inspect()). Of the requirements, those are here that can be told
//! from the certificate alone and that a private CA can keep.

use const_oid::ObjectIdentifier;

use super::certificate::Certificate;
use super::extension::{KeyUsage, KeyUsages, usage_names};
use super::general_name::GeneralName;
use super::issue::LEAF_DAYS;
use super::oid::Oid;
use crate::address::Address;
use crate::asn1::oid;
use crate::crypto::key::KeyKind;
use crate::reason::Reason;
use crate::verdict::Finding;

/// Tells how the certificate of a person or system deviates: findings of severity info, each with
/// the `section` in its detail.
pub fn deviations(certificate: &Certificate) -> Vec<Finding> {
    let mut deviations = Deviations::default();
    deviations.validity(certificate);
    deviations.key_usage(certificate);
    deviations.extended_key_usage(certificate);
    deviations.names(certificate);
    deviations.authority(certificate);
    deviations.0
}

#[derive(Default)]
struct Deviations(Vec<Finding>);

impl Deviations {
    fn note(&mut self, section: &str, what: impl Into<String>) {
        let finding = Finding::new(Reason::CertProfileDeviation).saying(what);
        self.0.push(finding.with("section", section));
    }

    /// Section 6.3.2; counted so that the first and the last second both belong to it.
    fn validity(&mut self, certificate: &Certificate) {
        if certificate.not_after() >= certificate.not_before().plus_days(LEAF_DAYS.into()) {
            self.note(
                "6.3.2",
                format!("it is valid for more than {LEAF_DAYS} days"),
            );
        }
    }

    /// Section 7.1.2.3 (e).
    fn key_usage(&mut self, certificate: &Certificate) {
        const SECTION: &str = "7.1.2.3 (e)";
        let Some(usages) = certificate.key_usage() else {
            return self.note(SECTION, "it has no keyUsage");
        };
        let critical = certificate.find_extension(oid::KEY_USAGE);
        if !critical.is_some_and(|extension| extension.is_critical()) {
            self.note(SECTION, "its keyUsage is not critical");
        }
        let Ok(key) = certificate.public_key() else {
            return;
        };
        let signing = KeyUsages::DigitalSignature | KeyUsages::NonRepudiation;
        let allowed = match key.kind() {
            KeyKind::Rsa { .. } => {
                signing | KeyUsages::KeyEncipherment | KeyUsages::DataEncipherment
            }
            KeyKind::Ec(_) => {
                signing
                    | KeyUsages::KeyAgreement
                    | KeyUsages::EncipherOnly
                    | KeyUsages::DecipherOnly
            }
            KeyKind::RsaPss { .. } | KeyKind::Ed25519 => signing,
            KeyKind::X25519 => KeyUsages::KeyAgreement.into(),
            KeyKind::Dsa { .. } | KeyKind::Unknown(_) => return,
        };
        let beyond = KeyUsage(usages.0 & !allowed);
        let beyond: Vec<&str> = usage_names(beyond).collect();
        if !beyond.is_empty() {
            let what = format!(
                "its keyUsage has {}, which a key of type {} in a certificate for mail does not have",
                beyond.join(", "),
                key.kind()
            );
            self.note(SECTION, what);
        }
    }

    /// Section 7.1.2.3 (f).
    fn extended_key_usage(&mut self, certificate: &Certificate) {
        const SECTION: &str = "7.1.2.3 (f)";
        const FORBIDDEN: [ObjectIdentifier; 4] = [
            oid::SERVER_AUTH,
            oid::CODE_SIGNING,
            oid::TIME_STAMPING,
            oid::ANY_EXTENDED_KEY_USAGE,
        ];
        let Some(purposes) = certificate.extended_key_usages() else {
            return self.note(SECTION, "it has no extKeyUsage");
        };
        if !purposes
            .iter()
            .any(|purpose| *purpose == oid::EMAIL_PROTECTION)
        {
            self.note(SECTION, "its extKeyUsage lacks emailProtection");
        }
        let forbidden = |purpose: &&Oid| FORBIDDEN.iter().any(|other| *purpose == other);
        for purpose in purposes.iter().filter(forbidden) {
            self.note(
                SECTION,
                format!("its extKeyUsage has {}", purpose.describe()),
            );
        }
    }

    /// Sections 7.1.2.3 (h) and 7.1.4.2.1: every address stands in subjectAltName.
    fn names(&mut self, certificate: &Certificate) {
        const SECTION: &str = "7.1.2.3 (h)";
        match certificate.find_extension(oid::SUBJECT_ALT_NAME) {
            None => self.note(SECTION, "it has no subjectAltName"),
            Some(extension)
                if extension.is_critical() && !certificate.subject().parts().is_empty() =>
            {
                let what = "its subjectAltName is critical although it has a subject";
                self.note(SECTION, what);
            }
            Some(_) => {}
        }
        let names = certificate.subject_alternative_names();
        for name in &names {
            if let GeneralName::Rfc822(text) = name
                && name.address().is_none()
            {
                let what = format!("{text} in its subjectAltName is not one address");
                self.note("7.1.4.2.1", what);
            }
        }
        let names: Vec<Address> = names.iter().filter_map(GeneralName::address).collect();
        let subject = certificate.subject();
        for text in subject.texts(oid::EMAIL_ADDRESS) {
            if Address::parse(text).is_err() {
                let what = format!("the emailAddress {text} in its subject is not one address");
                self.note("7.1.4.2.2 (h)", what);
            }
        }
        let texts = subject.texts(oid::EMAIL_ADDRESS);
        let mut missing: Vec<&str> = texts
            .chain(subject.texts(oid::COMMON_NAME))
            .filter(|text| Address::parse(text).is_ok_and(|address| !names.contains(&address)))
            .collect();
        missing.dedup();
        for text in missing {
            let what = format!("the address {text} in its subject is not in its subjectAltName");
            self.note("7.1.4.2.1", what);
        }
    }

    /// Sections 7.1.2.3 (a), (b) and (g), RFC 5280 section 4.2.1.1.
    fn authority(&mut self, certificate: &Certificate) {
        if certificate
            .find_extension(oid::CERTIFICATE_POLICIES)
            .is_none()
        {
            self.note("7.1.2.3 (a)", "it names no certificate policy");
        }
        if certificate
            .find_extension(oid::CRL_DISTRIBUTION_POINTS)
            .is_none()
        {
            self.note("7.1.2.3 (b)", "it does not say where the CRL of its CA is");
        }
        match certificate.authority_key_identifier() {
            None => self.note("7.1.2.3 (g)", "it has no authorityKeyIdentifier"),
            Some(identifier) if identifier.key_identifier.is_none() => {
                self.note(
                    "7.1.2.3 (g)",
                    "its authorityKeyIdentifier lacks the keyIdentifier",
                );
            }
            Some(identifier) if identifier.issuer.is_some() || identifier.serial.is_some() => {
                let what =
                    "its authorityKeyIdentifier names the issuer's certificate, not only its key";
                self.note("7.1.2.3 (g)", what);
            }
            Some(_) => {}
        }
    }
}
