//! `smime policy show`: the policy in force.

use serde::Serialize;

use crate::commands::Context;
use crate::commands::policy::policy_in_force;
use crate::error::{CommandError, ExitStatus};
use crate::policy::rule::{Direction, Rule};
use crate::report::json::FORMAT;
use crate::stdio::{Style, Text};

/// Show the policy in force, rule by rule.
#[derive(clap::Args)]
#[command(after_help = "Example: smime policy show --json | jq -r '.rules[].name'")]
pub(super) struct Args {}

#[derive(Serialize)]
struct Document {
    format: u32,
    file: String,
    exists: bool,
    rules: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    name: String,
    line: usize,
    conditions: String,
    actions: Vec<String>,
}

pub(super) fn run(_: Args, context: &Context) -> Result<ExitStatus, CommandError> {
    let keystore = context.keystore()?;
    let file = keystore.policy_path().to_string_lossy().into_owned();
    let document = Document {
        format: FORMAT,
        exists: keystore.policy()?.is_some(),
        rules: policy_in_force(&keystore)?
            .rules
            .iter()
            .map(Row::of)
            .collect(),
        file,
    };
    context.print(&document, |text| describe(&document, text))?;
    Ok(ExitStatus::DONE)
}

impl Row {
    fn of(rule: &Rule) -> Row {
        Row {
            name: rule.name.clone(),
            line: rule.line,
            conditions: rule.conditions(),
            actions: actions(rule),
        }
    }
}

fn actions(rule: &Rule) -> Vec<String> {
    let actions = &rule.actions;
    let mut words: Vec<(&str, String)> = match rule.direction {
        Direction::Outbound => vec![
            ("sign", actions.sign.word().to_owned()),
            ("encrypt", actions.encrypt.word().to_owned()),
        ],
        Direction::Inbound => {
            let require: Vec<_> = actions.require.iter().map(|word| word.word()).collect();
            vec![
                ("decrypt", actions.decrypt.word().to_owned()),
                ("verify", actions.verify.word().to_owned()),
                ("require", require.join(", ")),
                ("on-failure", actions.on_failure.word().to_owned()),
                ("signature", actions.signature.word().to_owned()),
            ]
        }
    };
    let except: Vec<_> = rule.except.iter().map(|word| word.word()).collect();
    words.push(("except", except.join(", ")));
    let overrides = &rule.overrides;
    let mut set = |key, word: Option<&str>| words.push((key, word.unwrap_or_default().to_owned()));
    set("include", overrides.include.map(|value| value.word()));
    set("cipher", overrides.cipher.map(|value| value.word()));
    set("digest", overrides.digest.map(|value| value.word()));
    set(
        "protect-headers",
        overrides.protect_headers.map(|value| value.word()),
    );
    set("rollover", overrides.rollover.map(|value| value.word()));
    set(
        "envelope-from",
        overrides.envelope_from.map(|value| value.word()),
    );
    set("sha1", overrides.sha1.map(|value| value.word()));
    set("revocation", overrides.revocation.map(|value| value.word()));
    set("extraction", overrides.extraction.map(|value| value.word()));
    let given = words.into_iter().filter(|(_, word)| !word.is_empty());
    given.map(|(key, word)| format!("{key} {word}")).collect()
}

fn describe(document: &Document, text: &mut Text) {
    if document.rules.is_empty() {
        let why = match document.exists {
            true => "holds no rule",
            false => "does not exist",
        };
        text.line(format_args!(
            "{} {why}; the built-in default holds:",
            document.file
        ));
    }
    for (index, row) in document.rules.iter().enumerate() {
        text.styled(Style::Head, format_args!("{}. {}", index + 1, row.name))
            .line(format_args!(" (line {})", row.line))
            .paragraph(3, 80, &format!("if {}", row.conditions))
            .paragraph(3, 80, &format!("then {}", row.actions.join("; ")));
    }
    if !document.rules.is_empty() {
        text.line("where no rule matches:");
    }
    text.line("   outbound: sign if possible, encrypt for those who have a certificate")
        .line("   inbound: decrypt and verify if possible, reject what fails");
}
