//! One CRL of a file: of whom it tells, and whether it can be believed.

use serde::{Serialize, Serializer};

use crate::commands::crl::judging::{date_finding, signature_finding};
use crate::commands::crl::row::Row;
use crate::pki::{Certificate, CertificateList, RevokedEntry};
use crate::report::layers;
use crate::report::page::Page;
use crate::time::Time;
use crate::verdict::{Check, Finding};

use super::findings;

/// Entries in the document; `entries` tells how many there are.
const IN_DOCUMENT: usize = 1000;

/// Entries that people see unless they ask for all.
const SHOWN: usize = 10;

/// A CRL of the report.
#[derive(Serialize)]
pub(super) struct ListFacts {
    #[serde(flatten)]
    row: Row,
    signature: String,
    only: Vec<&'static str>,
    checks: ListChecks,
    #[serde(serialize_with = "entries")]
    revoked: CertificateList,
    pub(super) findings: Vec<Finding>,
}

#[derive(Clone, Copy, Serialize)]
struct ListChecks {
    signature: Check,
    validity: Check,
}

fn entries<S: Serializer>(list: &CertificateList, serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Entry {
        serial: String,
        issuer: Option<String>,
        date: Time,
        reason: String,
    }
    let listed = list.revoked().take(IN_DOCUMENT);
    serializer.collect_seq(listed.map(|entry| Entry {
        serial: entry.serial.to_string(),
        issuer: entry.certificate_issuer.map(|name| name.to_string()),
        date: entry.revoked.date,
        reason: entry.revoked.reason.to_string(),
    }))
}

impl ListFacts {
    /// The facts, judged with what is known of its issuer.
    pub(super) fn new(list: &CertificateList, issuers: &[Certificate], now: Time) -> ListFacts {
        let signature = signature_finding(issuers, list);
        let validity = date_finding(list, now);
        let check = |finding: &Option<Finding>| match finding {
            Some(_) => Check::Fail,
            None => Check::Pass,
        };
        let algorithm = list.signature_algorithm();
        ListFacts {
            row: Row::from(list),
            signature: algorithm.map_or_else(|error| error.to_string(), |known| known.name()),
            only: list.restrictions(),
            checks: ListChecks {
                signature: match issuers {
                    [] => Check::NotChecked,
                    _ => check(&signature),
                },
                validity: check(&validity),
            },
            revoked: list.clone(),
            findings: signature.into_iter().chain(validity).collect(),
        }
    }

    /// Shows it, with every entry if `is_verbose`.
    pub(super) fn show(&self, page: &mut Page<'_>, is_verbose: bool) {
        let row = &self.row;
        page.fact(0, "sha256", &row.sha256);
        page.fact(0, "issuer", &row.issuer);
        page.fact(0, "number", row.number.as_deref().unwrap_or_default());
        let base = row.base_number.as_deref();
        let base = base.map(|base| format!("the CRL with number {base}"));
        page.fact(0, "adds to", &base.unwrap_or_default());
        page.fact(0, "issued", &row.this_update.to_local_text());
        let next = row.next_update.map(Time::to_local_text);
        page.fact(0, "next", &next.unwrap_or_else(|| "not told".to_owned()));
        page.fact(0, "signature", &self.signature);
        page.fact(0, "only", &self.only.join(", "));
        page.fact(0, "entries", &row.entries.to_string());
        let limit = if is_verbose { usize::MAX } else { SHOWN };
        for entry in self.revoked.revoked().take(limit) {
            page.fact(0, "revoked", &told(&entry));
        }
        if row.entries > limit {
            let more = row.entries - limit;
            page.fact(0, "", &format!("and {more} more, which --verbose shows"));
        }
        let checks = [
            ("signature", self.checks.signature),
            ("validity", self.checks.validity),
        ];
        layers::checks(page, 0, checks.into_iter());
        for finding in &self.findings {
            findings::show(page, 0, finding);
        }
    }
}

fn told(entry: &RevokedEntry) -> String {
    let issuer = entry.certificate_issuer.as_ref();
    let issuer = issuer.map(|name| format!(" of {name}"));
    format!(
        "{}{}, {}, {}",
        entry.serial,
        issuer.unwrap_or_default(),
        entry.revoked.date.civil().date(),
        entry.revoked.reason
    )
}
