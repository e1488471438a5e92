//! Layers: algorithms, signers, recipients.

use crate::report::text::{whom, whose};
use crate::stdio::Style;
use crate::verdict::{Check, Form, Layer, Outcome, PathStep, Recipient, Signer};

use super::findings::Findings;
use super::page::Page;

/// The kind, form and cipher of a layer.
pub(super) fn kind(layer: &Layer) -> String {
    let form = match layer.form {
        Form::Clear => "clear",
        Form::Opaque => "opaque",
    };
    let cipher = layer.content_cipher.as_ref();
    let cipher = cipher.map(|cipher| format!(", {cipher}"));
    format!(
        "{}, {form}{}",
        layer.kind.as_str(),
        cipher.unwrap_or_default()
    )
}

/// The signers and recipients of a layer, with the findings about each signer. `part` is that of a
/// layer beside those of the message.
pub(super) fn show(
    page: &mut Page<'_>,
    layer: &Layer,
    part: Option<&str>,
    findings: &mut Findings<'_>,
) {
    for each in &layer.signers {
        signer(page, each);
        findings.show(page, 4, |place| {
            place.signer == Some(each.index)
                && place.part.as_deref() == part
                && (part.is_some() || place.layer == Some(layer.index))
        });
    }
    for (index, each) in layer.recipients.iter().enumerate() {
        recipient(page, index, each);
    }
}

fn signer(page: &mut Page<'_>, signer: &Signer) {
    let style = match signer.verdict {
        Outcome::Accepted => Style::Good,
        _ => Style::Bad,
    };
    page.text
        .add("  ")
        .styled(Style::Head, format_args!("signer {}", signer.index))
        .add(format_args!(": {}: ", whose(signer)))
        .styled(style, signer.verdict.as_str())
        .end();
    page.fact(4, "subject", &signer.subject);
    page.fact(4, "issuer", &signer.issuer);
    page.fact(4, "serial", &signer.serial);
    page.fact(4, "sha256", &signer.sha256);
    if let (Some(from), Some(to)) = (signer.not_before, signer.not_after) {
        let (from, to) = (from.to_local_text(), to.to_local_text());
        page.fact(4, "valid", &format!("{from} to {to}"));
    }
    if let Some(time) = signer.signing_time {
        let time = time.to_local_text();
        page.fact(4, "signed at", &format!("{time} (claimed)"));
    }
    let algorithms = format!("{}, digest {}", signer.signature, signer.digest);
    page.fact(4, "algorithms", &algorithms);
    show_path(page, 4, &signer.path);
    checks(page, 4, signer.checks.iter());
}

/// A certification path, each issuer under what it issued.
pub(super) fn show_path(page: &mut Page<'_>, indent: usize, path: &[PathStep]) {
    for (depth, step) in path.iter().enumerate() {
        match depth {
            0 => page.fact(indent, "path", &step.subject),
            _ => page.fact(indent, "", &format!("< {}", step.subject)),
        }
    }
}

/// The checks, four on a line.
pub(super) fn checks(
    page: &mut Page<'_>,
    indent: usize,
    checks: impl Iterator<Item = (&'static str, Check)>,
) {
    let checks: Vec<_> = checks.collect();
    for (line, four) in checks.chunks(4).enumerate() {
        let name = if line == 0 { "checks" } else { "" };
        let width = page.names;
        page.text.add(format_args!("{:indent$}{name:width$}", ""));
        for (index, (name, check)) in four.iter().enumerate() {
            let style = match check {
                Check::Pass => Style::Good,
                Check::Fail => Style::Bad,
                Check::NotChecked => Style::Plain,
            };
            let comma = if index + 1 < four.len() { "," } else { "" };
            page.text
                .add(format_args!(" {name} "))
                .styled(style, check.as_str())
                .add(comma);
        }
        page.text.end();
    }
}

fn recipient(page: &mut Page<'_>, index: usize, recipient: &Recipient) {
    let (held, style) = match recipient.held {
        true => ("key held here", Style::Good),
        false => ("key not held here", Style::Plain),
    };
    page.text
        .add("  ")
        .styled(Style::Head, format_args!("recipient {index}"))
        .add(format_args!(": {}, ", recipient.algorithm))
        .styled(style, held)
        .end();
    page.paragraph(4, &whom(recipient));
}
