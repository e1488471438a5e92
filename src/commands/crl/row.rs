//! What is told about one CRL.

use serde::Serialize;

use crate::pki::CertificateList;
use crate::report::json::FORMAT;
use crate::time::Time;

/// The document of every command that answers with CRLs.
#[derive(Serialize)]
pub(in crate::commands) struct Lists {
    format: u32,
    pub(super) crls: Vec<Row>,
}

impl Lists {
    pub(in crate::commands) fn new<'a>(lists: impl Iterator<Item = &'a CertificateList>) -> Lists {
        Lists {
            format: FORMAT,
            crls: lists.map(Row::from).collect(),
        }
    }
}

/// One CRL of a document.
#[derive(Serialize)]
pub(in crate::commands) struct Row {
    pub(in crate::commands) sha256: String,
    pub(in crate::commands) issuer: String,
    /// In hex, as serial numbers are.
    pub(in crate::commands) number: Option<String>,
    /// The number of the CRL that a delta adds to.
    pub(in crate::commands) base_number: Option<String>,
    pub(in crate::commands) this_update: Time,
    pub(in crate::commands) next_update: Option<Time>,
    pub(in crate::commands) entries: usize,
}

impl From<&CertificateList> for Row {
    fn from(list: &CertificateList) -> Row {
        Row {
            sha256: list.fingerprint().to_string(),
            issuer: list.issuer().to_string(),
            number: list.number().map(|number| number.to_string()),
            base_number: list.base_number().map(|number| number.to_string()),
            this_update: list.this_update(),
            next_update: list.next_update(),
            entries: list.entries(),
        }
    }
}
