//! A policy file: its rules, or every place where it is wrong.

use serde::Serialize;

use crate::commands::Context;
use crate::commands::policy::listing::{self, ListedRule, ListedWarning};
use crate::commands::policy::parse;
use crate::error::{CommandError, ExitStatus};
use crate::policy::file::PolicyError;
use crate::report::page::Page;
use crate::stdio::{Style, Text};
use crate::verdict::Verdict;

use super::document::with_keys;

/// The keys that the document has more.
#[derive(Serialize)]
struct PolicyKeys {
    kind: &'static str,
    rules: Vec<ListedRule>,
    warnings: Vec<ListedWarning>,
    errors: Vec<Mistake>,
    next_step: Option<String>,
}

#[derive(Serialize)]
struct Mistake {
    line: usize,
    column: usize,
    summary: String,
    hint: Option<String>,
}

impl From<PolicyError> for Mistake {
    fn from(error: PolicyError) -> Mistake {
        Mistake {
            line: error.line,
            column: error.column,
            summary: error.message,
            hint: error.hint,
        }
    }
}

/// Whether a text is a policy file: it begins a rule, if only in a comment, and if only nearly.
pub(super) fn is_policy(text: &[u8]) -> bool {
    let mut lines = text.split(|octet| *octet == b'\n');
    lines.any(|line| {
        let line = line.trim_ascii();
        let line = line.strip_prefix(b"#").unwrap_or(line);
        line.trim_ascii_start().starts_with(b"[[rule")
    })
}

pub(super) fn run(
    context: &Context,
    octets: &[u8],
    name: &str,
) -> Result<ExitStatus, CommandError> {
    let (rules, warnings, errors) = match parse(octets, name) {
        Ok(policy) => (
            listing::rules(&policy),
            listing::warnings(&policy),
            Vec::new(),
        ),
        Err(errors) => (Vec::new(), Vec::new(), errors),
    };
    let errors: Vec<Mistake> = errors.into_iter().map(Mistake::from).collect();
    let keys = PolicyKeys {
        next_step: next_step(&errors, &warnings),
        kind: "policy",
        rules,
        warnings,
        errors,
    };
    let verdict = Verdict::default();
    let document = with_keys(context, &verdict, &keys);
    context.print(&document, |text| show(text, &keys))?;
    Ok(ExitStatus::DONE)
}

fn next_step(errors: &[Mistake], warnings: &[ListedWarning]) -> Option<String> {
    let at = |line: usize, hint: Option<&str>| {
        let hint = hint.unwrap_or("smime-policy(5) has the keys and values.");
        format!("Correct line {line}: {hint}")
    };
    let error = errors.first();
    let error = error.map(|error| at(error.line, error.hint.as_deref()));
    error.or_else(|| warnings.first().map(|warning| at(warning.line, None)))
}

fn show(text: &mut Text, keys: &PolicyKeys) {
    let mut page = Page::new(text);
    let about = match (keys.errors.len(), keys.rules.len()) {
        (0, 0) => ", no rule: the built-in default holds".to_owned(),
        (0, 1) => ", 1 rule".to_owned(),
        (0, count) => format!(", {count} rules"),
        (1, _) => ", with a mistake: no rule of it holds".to_owned(),
        (count, _) => format!(", with {count} mistakes: no rule of it holds"),
    };
    page.section("policy", about);
    for error in &keys.errors {
        page.text.add("  ").styled(Style::Bad, "error");
        let place = format_args!(" at line {}, column {}", error.line, error.column);
        page.text.line(place);
        page.paragraph(4, &error.summary);
        if let Some(hint) = &error.hint {
            page.paragraph(4, &format!("what to do: {hint}"));
        }
    }
    for warning in &keys.warnings {
        page.text.add("  ").styled(Style::Odd, "warning");
        page.text.line(format_args!(" at line {}", warning.line));
        page.paragraph(4, &warning.summary);
    }
    if keys.errors.is_empty() {
        page.text.end();
        listing::describe(&keys.rules, page.text);
    }
    page.text.end();
    let step = keys.next_step.as_deref().unwrap_or("none");
    page.hanging("next step: ", 2, step);
}
