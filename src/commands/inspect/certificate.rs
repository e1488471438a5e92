//! One certificate of a file, with what its form and its path are worth.

use serde::Serialize;

use crate::commands::certificate_checks::CertificateChecks;
use crate::commands::certificates::Row;
use crate::pki::{
    self, Certificate, Issuers, PathRequest, PolicyInputs, Purpose, Revocation, Role,
};
use crate::policy::profile::WeakDigests;
use crate::reason::Reason;
use crate::time::Time;
use crate::verdict::{Finding, PathStep, Place};

/// A certificate of the report.
#[derive(Serialize)]
pub(super) struct CertificateFacts {
    #[serde(flatten)]
    pub(super) row: Row,
    /// The version as people count it.
    version: u32,
    signature: String,
    pub(super) private_key: bool,
    pub(super) friendly_name: Option<String>,
    pub(super) checks: CertificateChecks,
    pub(super) path: Vec<PathStep>,
    pub(super) findings: Vec<Finding>,
    #[serde(skip)]
    pub(super) certificate: Certificate,
}

impl CertificateFacts {
    pub(super) fn new(
        certificate: &Certificate,
        private_key: bool,
        friendly_name: Option<String>,
    ) -> CertificateFacts {
        let signature = certificate.signature_algorithm();
        CertificateFacts {
            row: Row::from(certificate),
            version: certificate.version(),
            signature: signature.map_or_else(|error| error.to_string(), |known| known.name()),
            private_key,
            friendly_name,
            checks: CertificateChecks::default(),
            path: Vec::new(),
            findings: Vec::new(),
            certificate: certificate.clone(),
        }
    }
}

/// Judges certificates.
pub(super) struct Judge<'a> {
    pub(super) issuers: &'a dyn Issuers,
    pub(super) untrusted: &'a [Certificate],
    pub(super) time: Time,
    pub(super) sha1: WeakDigests,
    pub(super) revocation: Option<Revocation<'a>>,
}

impl Judge<'_> {
    /// Judges each certificate of a file; the others may stand above it.
    pub(super) fn judge_all(&self, all: &mut [CertificateFacts]) {
        let mut extra: Vec<_> = all.iter().map(|one| one.certificate.clone()).collect();
        extra.extend_from_slice(self.untrusted);
        for one in all {
            self.judge(one, &extra);
        }
    }

    fn judge(&self, facts: &mut CertificateFacts, extra: &[Certificate]) {
        let certificate = &facts.certificate;
        let report = pki::validate_path(&PathRequest {
            certificate,
            issuers: self.issuers,
            extra,
            time: self.time,
            purpose: Purpose::Any,
            sha1: self.sha1,
            revocation: self.revocation,
            policies: PolicyInputs::default(),
        });
        let role = match certificate.is_ca() {
            true => Role::Authority,
            false => Role::EndEntity,
        };
        let own = Place::default().at_certificate(0);
        let form = pki::inspect(certificate, role).into_iter();
        let mut findings: Vec<_> = form.map(|finding| finding.at(own.clone())).collect();
        // A CA is not asked to sign mail; and both judge the usages of the certificate.
        let is_asked = |finding: &Finding| {
            !(role == Role::Authority && is_usage(finding.reason) && finding.place == own)
        };
        for finding in report.findings.iter().filter(|finding| is_asked(finding)) {
            let same =
                |known: &Finding| (known.reason, &known.place) == (finding.reason, &finding.place);
            if !findings.iter().any(same) {
                findings.push(finding.clone());
            }
        }
        facts.findings = findings;
        facts.checks = CertificateChecks::from(&report);
        facts.path = report.steps();
    }
}

fn is_usage(reason: Reason) -> bool {
    matches!(
        reason,
        Reason::CertKeyUsageForbidsSigning
            | Reason::CertKeyUsageForbidsEncryption
            | Reason::CertExtendedKeyUsageForbidsMail
    )
}
