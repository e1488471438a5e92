//! The checks that a certificate alone allows, without a message.

use serde::Serialize;

use crate::pki::PathReport;
use crate::verdict::Check;

/// What was checked of a certificate and its path.
#[derive(Clone, Copy, Default, Serialize)]
pub(super) struct CertificateChecks {
    path: Check,
    validity: Check,
    revocation: Check,
}

impl From<&PathReport> for CertificateChecks {
    fn from(report: &PathReport) -> CertificateChecks {
        CertificateChecks {
            path: report.path_check,
            validity: report.validity_check,
            revocation: report.revocation_check,
        }
    }
}

impl CertificateChecks {
    /// Each check with its name.
    pub(super) fn iter(self) -> impl Iterator<Item = (&'static str, Check)> {
        [
            ("path", self.path),
            ("validity", self.validity),
            ("revocation", self.revocation),
        ]
        .into_iter()
    }
}
