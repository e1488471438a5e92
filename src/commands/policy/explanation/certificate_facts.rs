//! The certificate that is used for an address, and those that are not.

use serde::Serialize;

use super::codes;
use crate::keystore::Selection;
use crate::reason::Severity;
use crate::time::Time;
use crate::verdict::Finding;

/// The certificate that would be used, and those passed over with the reasons.
#[derive(Default, Serialize)]
pub(in crate::commands::policy) struct CertificateFacts {
    #[serde(rename = "sha256")]
    pub(in crate::commands::policy) chosen: Option<String>,
    pub(in crate::commands::policy) not_after: Option<Time>,
    pub(in crate::commands::policy) origin: Option<&'static str>,
    #[serde(serialize_with = "passed_over")]
    pub(in crate::commands::policy) passed_over: Vec<(String, Vec<Finding>)>,
}

fn passed_over<S: serde::Serializer>(
    rows: &[(String, Vec<Finding>)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Row<'a> {
        sha256: &'a str,
        codes: Vec<&'static str>,
    }
    serializer.collect_seq(rows.iter().map(|(sha256, findings)| Row {
        sha256,
        codes: codes(findings),
    }))
}

impl CertificateFacts {
    /// The certificate that would be used, and those passed over.
    pub(in crate::commands::policy) fn of(selection: &Selection) -> CertificateFacts {
        CertificateFacts {
            chosen: selection
                .best()
                .map(|stored| stored.certificate.fingerprint().to_string()),
            not_after: selection
                .best()
                .map(|stored| stored.certificate.not_after()),
            origin: selection.best().map(|stored| stored.origin.as_str()),
            passed_over: selection
                .passed_over
                .iter()
                .map(|passed| {
                    let rejecting = passed
                        .findings
                        .iter()
                        .filter(|f| f.severity == Severity::Reject);
                    let why = rejecting.cloned().collect();
                    (passed.stored.certificate.fingerprint().to_string(), why)
                })
                .collect(),
        }
    }
}
