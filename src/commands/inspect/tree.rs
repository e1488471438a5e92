//! The tree of parts, one a line.

use crate::report::layers;
use crate::report::page::Page;
use crate::smime::inspection::{EntityFacts, EntityKind, Inspection};

use super::findings::Findings;

/// Parameters that say something beside the file name.
const PARAMETERS: &[&str] = &["charset", "smime-type", "protocol", "micalg", "hp"];

/// Levels that are indented further than the one above.
const INDENTED: usize = 10;

/// Shows every part, and under it the findings about it.
pub(super) fn show(page: &mut Page<'_>, inspection: &Inspection, findings: &mut Findings<'_>) {
    page.section("parts", "");
    let paths = inspection.entities.iter().map(|part| part.path.len());
    let width = paths.max().unwrap_or(0);
    for part in &inspection.entities {
        let depth = match part.path.as_str() {
            "0" => 0,
            path => path.split('.').count(),
        };
        let first = format!(
            "  {:width$}  {}",
            part.path,
            "  ".repeat(depth.min(INDENTED))
        );
        let indent = first.chars().count() + 2;
        page.hanging(&first, indent, &describe(part, inspection));
        if part.nested.is_none() {
            findings.show(page, indent, |place| {
                place.layer.is_none() && place.part.as_ref() == Some(&part.path)
            });
        }
    }
}

fn describe(part: &EntityFacts, inspection: &Inspection) -> String {
    let mut words = vec![match (part.kind, &part.content_type) {
        (EntityKind::Object, _) => "CMS object".to_owned(),
        (EntityKind::Octets, _) => "content that is no MIME entity".to_owned(),
        (EntityKind::Entity, content_type) => content_type.clone().unwrap_or_default(),
    }];
    for name in PARAMETERS {
        let value = part.parameters.get(*name);
        words.extend(value.map(|value| format!("{name}={value}")));
    }
    let encoding = part.transfer_encoding.as_deref();
    words.extend(
        encoding
            .filter(|encoding| *encoding != "7bit")
            .map(str::to_owned),
    );
    words.push(match part.content_size {
        Some(1) => "1 octet".to_owned(),
        Some(octets) => format!("{octets} octets"),
        None => format!("{} octets in all", part.size),
    });
    words.extend(part.file_name.as_ref().map(|name| format!("\"{name}\"")));
    let layer = part.layer.and_then(|index| {
        let layer = inspection.verdict.layers.get(index)?;
        Some(format!(" (layer {index}: {})", layers::kind(layer)))
    });
    let nested = part.nested.as_ref();
    let whereabouts = whereabouts(part, inspection);
    let nested = nested.map(|layer| format!(" ({whereabouts}: {})", layers::kind(layer)));
    words.join(", ") + &layer.or(nested).unwrap_or_default()
}

/// How a part that is protected, and no layer of the message, stands to those.
pub(super) fn whereabouts(part: &EntityFacts, inspection: &Inspection) -> &'static str {
    match part.kind {
        EntityKind::Object if inspection.verdict.layers.is_empty() => "not opened",
        _ => "beside the layers",
    }
}
