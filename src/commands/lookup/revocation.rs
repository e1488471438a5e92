//! Whether a recipient's certificate is revoked, as far as the CRLs at hand tell.

use super::Lookups;
use crate::keystore::{PassedOver, Selection};
use crate::pki::{
    Certificate, PathRequest, PolicyInputs, Purpose, Revocation, Strictness, validate_path,
};
use crate::policy::profile::Profile;
use crate::reason::{Reason, Severity};
use crate::smime::lookup::Standing;
use crate::smime::strictness;
use crate::time::Time;
use crate::verdict::{Check, Finding};

impl Lookups<'_> {
    /// Passes over the certificates that must not be encrypted to because they are revoked, or may
    /// be, as the settings in `profile` count that.
    pub(in crate::commands) fn pass_over_revoked(
        &self,
        selection: &mut Selection,
        time: Time,
        profile: &Profile,
    ) {
        for stored in std::mem::take(&mut selection.usable) {
            let standing = match stored.pinned {
                true => Standing::Pinned,
                false => Standing::Ordinary,
            };
            let findings = self.revocation(&stored.certificate, standing, time, profile);
            match findings.is_empty() {
                true => selection.usable.push(stored),
                false => selection.passed_over.push(PassedOver { stored, findings }),
            }
        }
    }

    /// What stands against encrypting to a certificate: it is revoked, or a CA above it is; with
    /// `hard`, also that nobody tells. Whether the path is valid otherwise is no question here.
    ///
    /// A pinned certificate is trusted for itself, so that its CAs do not count.
    pub(in crate::commands) fn revocation(
        &self,
        certificate: &Certificate,
        standing: Standing,
        time: Time,
        profile: &Profile,
    ) -> Vec<Finding> {
        let Some(strictness) = strictness(profile.revocation) else {
            return Vec::new();
        };
        let report = validate_path(&PathRequest {
            certificate,
            issuers: self,
            extra: &self.untrusted,
            time,
            purpose: Purpose::Encrypt,
            sha1: profile.sha1,
            revocation: Some(Revocation {
                strictness,
                source: self,
                carried: &[],
            }),
            policies: PolicyInputs::default(),
        });
        let is_pinned = standing == Standing::Pinned;
        let mut findings = report.findings;
        findings.retain(|finding| {
            let counts = !is_pinned || finding.place.certificate == Some(0);
            counts && finding.severity == Severity::Reject && is_about_revocation(finding)
        });
        // Of a path that leads to no trusted CA nothing is asked.
        let is_unknown = report.revocation_check == Check::NotChecked;
        if is_unknown && strictness == Strictness::Hard && !is_pinned {
            findings.push(Finding::new(Reason::CrlUnavailable));
        }
        findings
    }
}

fn is_about_revocation(finding: &Finding) -> bool {
    finding.reason.code().starts_with("crl.")
}
