//! Layers for people: algorithms, signers with their checks and paths, recipients.

use crate::report::page::Page;
use crate::report::text::Detail;
use crate::stdio::Style;
use crate::verdict::{Check, Form, Layer, Outcome, PathStep, Recipient, Signer};

/// The kind, form and cipher of a layer.
pub fn kind(layer: &Layer) -> String {
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

/// Shows a layer with its signers and recipients.
pub fn show(page: &mut Page<'_>, indent: usize, layer: &Layer, detail: Detail) {
    let name = format_args!("layer {}", layer.index);
    page.heading(indent, name, format_args!(": {}", kind(layer)));
    for each in &layer.signers {
        signer(page, indent + 2, each, detail);
    }
    for (index, each) in layer.recipients.iter().enumerate() {
        recipient(page, indent + 2, index, each);
    }
}

/// Shows a signer; with all details, the paths that were tried as well.
pub fn signer(page: &mut Page<'_>, indent: usize, signer: &Signer, detail: Detail) {
    let style = match signer.verdict {
        Outcome::Accepted => Style::Good,
        _ => Style::Bad,
    };
    page.text
        .add(format_args!("{:indent$}", ""))
        .styled(Style::Head, format_args!("signer {}", signer.index))
        .add(format_args!(": {}: ", shortened(&whose(signer))))
        .styled(style, signer.verdict.as_str())
        .end();
    let indent = indent + 2;
    page.fact(indent, "subject", &signer.subject);
    page.fact(indent, "issuer", &signer.issuer);
    page.fact(indent, "serial", &signer.serial);
    page.fact(indent, "sha256", &signer.sha256);
    if let (Some(from), Some(to)) = (signer.not_before, signer.not_after) {
        let (from, to) = (from.to_local_text(), to.to_local_text());
        page.fact(indent, "valid", &format!("{from} to {to}"));
    }
    if let Some(time) = signer.signing_time {
        let time = time.to_local_text();
        page.fact(indent, "signed at", &format!("{time} (claimed)"));
    }
    let algorithms = format!("{}, digest {}", signer.signature, signer.digest);
    page.fact(indent, "algorithms", &algorithms);
    path(page, indent, &signer.path);
    if detail == Detail::Full {
        for tried in &signer.tried {
            page.fact(indent, "tried", tried);
        }
    }
    checks(page, indent, signer.checks.iter());
}

/// Shows a certification path, each issuer under what it issued.
pub fn path(page: &mut Page<'_>, indent: usize, path: &[PathStep]) {
    for (depth, step) in path.iter().enumerate() {
        match depth {
            0 => page.fact(indent, "path", &step.subject),
            _ => page.fact(indent, "", &format!("< {}", step.subject)),
        }
    }
}

/// Shows the checks, four on a line.
pub fn checks(
    page: &mut Page<'_>,
    indent: usize,
    checks: impl Iterator<Item = (&'static str, Check)>,
) {
    let checks: Vec<_> = checks.collect();
    for (line, four) in checks.chunks(4).enumerate() {
        let name = if line == 0 { "checks" } else { "" };
        page.name(indent, name);
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

/// Shows a recipient, and whether a key for it is held here.
pub fn recipient(page: &mut Page<'_>, indent: usize, index: usize, recipient: &Recipient) {
    let (held, style) = match recipient.held {
        true => ("key held here", Style::Good),
        false => ("key not held here", Style::Plain),
    };
    page.text
        .add(format_args!("{:indent$}", ""))
        .styled(Style::Head, format_args!("recipient {index}"))
        .add(": ");
    let addresses = recipient.addresses.join(", ");
    if !addresses.is_empty() {
        page.text.add(format_args!("{}, ", shortened(&addresses)));
    }
    page.text
        .add(format_args!("{}, ", recipient.algorithm))
        .styled(style, held)
        .end();
    page.paragraph(indent + 2, &whom(recipient));
}

/// Whom a signer's certificate names.
pub fn whose(signer: &Signer) -> String {
    match (signer.addresses.as_slice(), signer.subject.as_str()) {
        ([], "") => format!("the holder of certificate {}", signer.serial),
        ([], subject) => subject.to_owned(),
        (addresses, _) => addresses.join(", "),
    }
}

/// Characters of a name within a line.
const NAME: usize = 48;

/// A name as it fits into a line; what it says in full stands elsewhere.
fn shortened(name: &str) -> String {
    if name.chars().count() <= NAME {
        return name.to_owned();
    }
    let start: String = name.chars().take(NAME).collect();
    format!("{start}...")
}

/// How a recipient is named.
fn whom(recipient: &Recipient) -> String {
    match (
        &recipient.issuer,
        &recipient.serial,
        &recipient.key_identifier,
    ) {
        (Some(issuer), Some(serial), _) => format!("serial {serial} of {issuer}"),
        (_, _, Some(identifier)) => format!("key {identifier}"),
        _ => "not named".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stdio::Text;
    use crate::verdict::{LayerKind, RecipientKind};

    #[test]
    fn recipients_are_named_as_far_as_they_are_known() {
        let recipient = |addresses: &[&str], held| Recipient {
            kind: RecipientKind::KeyTransport,
            issuer: Some("CN=Example CA".to_owned()),
            serial: Some("0a".to_owned()),
            key_identifier: None,
            algorithm: "rsa".to_owned(),
            held,
            addresses: addresses.iter().map(ToString::to_string).collect(),
        };
        let layer = Layer {
            index: 1,
            kind: LayerKind::Enveloped,
            form: Form::Opaque,
            content_cipher: Some("aes-128-cbc".to_owned()),
            signers: Vec::new(),
            recipients: vec![
                recipient(&["a@example.com"], true),
                recipient(&["b@example.com", &"c".repeat(60)], false),
                recipient(&[], false),
            ],
        };
        let mut text = Text::new(false);
        show(&mut Page::new(&mut text), 0, &layer, Detail::Brief);
        let named = "    serial 0a of CN=Example CA\n";
        assert_eq!(
            text.as_str(),
            format!(
                "layer 1: enveloped, opaque, aes-128-cbc\n\
                 \x20 recipient 0: a@example.com, rsa, key held here\n{named}\
                 \x20 recipient 1: b@example.com, {}..., rsa, key not held here\n{named}\
                 \x20 recipient 2: rsa, key not held here\n{named}",
                "c".repeat(NAME - "b@example.com, ".len())
            )
        );
    }
}
