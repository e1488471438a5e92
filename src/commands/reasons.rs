//! `smime reasons`: the catalogue of reason codes.

use serde::Serialize;

use crate::commands::Context;
use crate::error::{CommandError, ExitStatus};
use crate::nearest::find_nearest;
use crate::reason::{Reason, Severity};
use crate::report::finding::style;
use crate::report::json::FORMAT;
use crate::report::page::WIDTH;
use crate::stdio::{Style, Table, Text};

/// Explain the reason codes of reports.
///
/// Without CODE, lists all of them. With one, tells what it means, the clause of the standard, what
/// usually causes it, what sender, receiver and administrator can do, and an example.
#[derive(clap::Args)]
#[command(after_help = "Example: smime reasons smime.from-mismatch")]
pub(super) struct Args {
    /// The code, such as `cert.expired`.
    #[arg(value_name = "CODE")]
    code: Option<String>,
}

#[derive(Serialize)]
struct Document {
    format: u32,
    reasons: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    code: &'static str,
    severity: Severity,
    rule: &'static str,
    summary: &'static str,
    causes: &'static str,
    hint: &'static str,
    sender: &'static str,
    receiver: &'static str,
    administrator: &'static str,
    example: &'static str,
}

impl From<Reason> for Row {
    fn from(reason: Reason) -> Row {
        let entry = reason.entry();
        Row {
            code: reason.code(),
            severity: entry.severity,
            rule: entry.clause,
            summary: entry.summary,
            causes: entry.causes,
            hint: entry.hint,
            sender: entry.sender,
            receiver: entry.receiver,
            administrator: entry.administrator,
            example: entry.example,
        }
    }
}

pub(super) fn run(args: Args, context: &Context) -> Result<ExitStatus, CommandError> {
    let chosen = match &args.code {
        None => Reason::ALL.to_vec(),
        Some(code) => vec![require(code)?],
    };
    let document = Document {
        format: FORMAT,
        reasons: chosen.iter().map(|&reason| Row::from(reason)).collect(),
    };
    context.print(&document, |text| match (&args.code, chosen.as_slice()) {
        (Some(_), [reason]) => explain(*reason, text),
        _ => list(&chosen, text),
    })?;
    Ok(ExitStatus::DONE)
}

fn require(code: &str) -> Result<Reason, CommandError> {
    let wanted = code.trim_matches(['[', ']']).to_lowercase();
    Reason::find_by_code(&wanted).ok_or_else(|| {
        let near = nearest(&wanted).join("`, `");
        let error = CommandError::usage(format!("there is no reason code `{code}`"));
        match near.is_empty() {
            true => error.hint("`smime reasons` lists all codes."),
            false => error.hint(format!("Did you mean `{near}`?")),
        }
    })
}

/// The codes that were most likely meant: those that hold the word, and those spelled like it.
fn nearest(wanted: &str) -> Vec<&'static str> {
    let codes = || Reason::ALL.iter().map(|reason| reason.code());
    let slug = |code: &'static str| code.split_once('.').map_or(code, |(_, slug)| slug);
    let like_slug = find_nearest(wanted, codes().map(slug));
    let spelled = codes().filter(|&code| Some(slug(code)) == like_slug);
    let holding = codes().filter(|code| wanted.len() > 2 && code.contains(wanted));
    let mut near: Vec<&'static str> = find_nearest(wanted, codes()).into_iter().collect();
    for code in spelled.chain(holding) {
        if !near.contains(&code) {
            near.push(code);
        }
    }
    near.truncate(4);
    near
}

fn list(reasons: &[Reason], text: &mut Text) {
    let mut table = Table::with_headings(&["CODE", "SEVERITY", "MEANING"]);
    for reason in reasons {
        let entry = reason.entry();
        table.row([reason.code(), &entry.severity.to_string(), entry.summary]);
    }
    table.add_to(text);
}

fn explain(reason: Reason, text: &mut Text) {
    let entry = reason.entry();
    text.styled(Style::Head, reason.code())
        .add(" (")
        .styled(style(entry.severity), entry.severity)
        .add(")")
        .end();
    for (name, value) in [
        ("meaning", entry.summary),
        ("rule", entry.clause),
        ("usual causes", entry.causes),
        ("what to do", entry.hint),
        ("what the sender can do", entry.sender),
        ("what the receiver can do", entry.receiver),
        ("what the administrator can do", entry.administrator),
        ("example", entry.example),
    ] {
        text.styled(Style::Head, name)
            .end()
            .paragraph(2, WIDTH, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistyped_codes_find_their_neighbors() {
        assert_eq!(nearest("smime.from-missmatch")[0], "smime.from-mismatch");
        assert_eq!(nearest("expired")[0], "cert.expired");
        assert!(nearest("zzz").is_empty());
        assert_eq!(require("[cert.expired]").unwrap(), Reason::CertExpired);
    }
}
