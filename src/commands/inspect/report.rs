//! The report about a message or CMS object for people.

use crate::commands::Context;
use crate::commands::certificates::Row;
use crate::commands::context::clock;
use crate::reason::Reason;
use crate::report::layers::kind;
use crate::report::page::Page;
use crate::report::text::Detail;
use crate::smime::inspection::Inspection;
use crate::stdio::{Style, Text};
use crate::verdict::{Finding, LayerKind, Outcome, Place, Signer};

use super::findings::Findings;
use super::{layers, protected_header, tree};

/// The report for people.
pub(super) fn show(text: &mut Text, inspection: &Inspection, context: &Context, input: &str) {
    let verdict = &inspection.verdict;
    let mut findings = Findings::new(&verdict.findings);
    let mut page = Page::new(text);
    let size = inspection.entities.first().map_or(0, |root| root.size);
    let input = if input == "object" {
        "CMS object"
    } else {
        input
    };
    let detail = match context.console().is_verbose() {
        true => Detail::Full,
        false => Detail::Brief,
    };
    page.section(input, format_args!(", {size} octets"));
    let facts = &verdict.message;
    page.fact(
        2,
        "message-id",
        facts.message_id.as_deref().unwrap_or_default(),
    );
    let date = facts.date.map(|date| date.to_local_text());
    page.fact(2, "date", &date.unwrap_or_default());
    page.fact(2, "subject", facts.subject.as_deref().unwrap_or_default());
    page.fact(2, "from", &facts.header_from.join(", "));
    page.fact(2, "to", &facts.header_to.join(", "));
    findings.show(&mut page, 2, |place| *place == Place::default());

    tree::show(&mut page, inspection, &mut findings);
    for layer in &verdict.layers {
        let opened = match (layer.kind, inspection.is_opened(layer.index)) {
            (LayerKind::Signed, _) | (LayerKind::Compressed, true) => "",
            (LayerKind::Compressed, false) => ", not opened",
            (_, true) => ", decrypted",
            (_, false) => ", not decrypted",
        };
        let about = format!(": {}{opened}", kind(layer));
        page.section(format_args!("layer {}", layer.index), about);
        layers::show(&mut page, layer, None, &mut findings, detail);
        findings.show(&mut page, 2, |place| place.layer == Some(layer.index));
        certificates(&mut page, inspection, context, &layer.signers, |at, _| {
            at == Some(layer.index)
        });
    }
    protected_header::show(&mut page, inspection);
    for part in &inspection.entities {
        let own = |at: &Place| at.layer.is_none() && at.part.as_ref() == Some(&part.path);
        match &part.nested {
            Some(layer) => {
                let whereabouts = tree::whereabouts(part, inspection);
                let about = format!(": {}, {whereabouts}", kind(layer));
                page.section(format_args!("part {}", part.path), about);
                layers::show(&mut page, layer, Some(&part.path), &mut findings, detail);
                findings.show(&mut page, 2, own);
            }
            None if carries(inspection, &part.path) => {
                page.section(format_args!("part {}", part.path), "");
            }
            None => continue,
        }
        let signers = part.nested.as_ref().map_or(&[][..], |layer| &layer.signers);
        certificates(&mut page, inspection, context, signers, |layer, path| {
            layer.is_none() && path == part.path
        });
    }
    if !findings.is_empty() {
        let about = format!(" {}: not opened", verdict.layers.len());
        page.section("layer", about);
        findings.show(&mut page, 2, |_| true);
    }
    conclusion(&mut page, inspection);
}

fn carries(inspection: &Inspection, path: &str) -> bool {
    let mut carried = inspection.certificates.iter();
    carried.any(|carried| carried.layer.is_none() && carried.path == path)
}

/// The certificates that are carried at a place: all facts with `--verbose`, else what names them.
fn certificates(
    page: &mut Page<'_>,
    inspection: &Inspection,
    context: &Context,
    signers: &[Signer],
    at: impl Fn(Option<usize>, &str) -> bool,
) {
    let carried = inspection.certificates.iter();
    let here = carried.filter(|carried| at(carried.layer, &carried.path));
    for (index, carried) in here.enumerate() {
        let row = Row::from(&carried.certificate);
        let signers = signers.iter().filter(|signer| signer.sha256 == row.sha256);
        let whose = signers.map(|signer| format!(" of signer {}", signer.index));
        let whose: String = whose.collect();
        page.heading(
            2,
            format_args!("certificate {index}"),
            format_args!("{whose}:"),
        );
        page.paragraph(4, &row.headline());
        if context.console().is_verbose() {
            row.describe(clock(), page.text);
        }
    }
}

/// What verification would say, and the one next step.
fn conclusion(page: &mut Page<'_>, inspection: &Inspection) {
    page.text.end();
    let verdict = &inspection.verdict;
    let (style, word) = match inspection.verify {
        Some(Outcome::Accepted) => (Style::Good, "accept"),
        _ => (Style::Bad, "reject"),
    };
    if verdict.layers.is_empty() && verdict.has(Reason::SmimeNotSigned) {
        page.text
            .line("The message is neither signed nor encrypted.");
    } else if inspection.verify.is_some() {
        page.text
            .add("`smime verify` would ")
            .styled(style, word)
            .line(" it.");
    }
    let step = inspection.next_step().map_or("none", Finding::hint);
    page.hanging("next step: ", 2, step);
}
