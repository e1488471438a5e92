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
pub(super) struct Row {
    pub(super) sha256: String,
    pub(super) issuer: String,
    /// In hex, as serial numbers are.
    pub(super) number: Option<String>,
    /// The number of the CRL that a delta adds to.
    pub(super) base_number: Option<String>,
    pub(super) this_update: Time,
    pub(super) next_update: Option<Time>,
    pub(super) entries: usize,
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
