//! The document of an inspection: that of every report, and more keys.

use serde::Serialize;

use crate::commands::Context;
use crate::commands::certificates::Row;
use crate::report::{Report, json};
use crate::smime::inspection::{EntityFacts, Inspection};
use crate::verdict::{Finding, Outcome, Verdict};

use super::protected_header::ProtectedHeaderKeys;

/// The keys of a message or CMS object.
#[derive(Serialize)]
pub(super) struct MessageKeys<'a> {
    kind: &'static str,
    /// What verification would say.
    verify: Option<Outcome>,
    next_step: Option<&'a str>,
    entities: &'a [EntityFacts],
    protected_header: Option<ProtectedHeaderKeys<'a>>,
    certificates: Vec<Carried<'a>>,
}

#[derive(Serialize)]
struct Carried<'a> {
    #[serde(flatten)]
    row: Row,
    layer: Option<usize>,
    part: &'a str,
}

impl<'a> MessageKeys<'a> {
    pub(super) fn new(inspection: &'a Inspection, kind: &'static str) -> MessageKeys<'a> {
        let carried = inspection.certificates.iter();
        MessageKeys {
            kind,
            verify: inspection.verify,
            next_step: inspection.next_step().map(Finding::hint),
            entities: &inspection.entities,
            protected_header: inspection.protected_header.as_ref().map(Into::into),
            certificates: carried
                .map(|carried| Carried {
                    row: Row::from(&carried.certificate),
                    layer: carried.layer,
                    part: &carried.path,
                })
                .collect(),
        }
    }
}

/// The document of the report about `verdict`, with more keys. Nothing was accepted and nothing
/// released, so its verdict is `not-processed`.
pub(super) fn with_keys(
    context: &Context,
    verdict: &Verdict,
    keys: impl Serialize,
) -> impl Serialize {
    #[derive(Serialize)]
    struct Document<R, K> {
        #[serde(flatten)]
        report: R,
        #[serde(flatten)]
        keys: K,
    }
    // The report borrows, so it is made a value first.
    let report = Report::not_processed(context.command(), verdict);
    Document {
        report: serde_json::to_value(json::document(&report)).unwrap_or_default(),
        keys,
    }
}
