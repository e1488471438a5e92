//! The rules of a policy, as they are listed.

use serde::Serialize;

use crate::policy::file::Policy;
use crate::policy::rule::{Direction, Rule};
use crate::report::page::WIDTH;
use crate::stdio::{Style, Text};

/// A rule of the list.
#[derive(Serialize)]
pub(in crate::commands) struct ListedRule {
    name: String,
    line: usize,
    conditions: String,
    actions: Vec<String>,
}

/// A rule that cannot do what it seems to.
#[derive(Serialize)]
pub(in crate::commands) struct ListedWarning {
    pub(in crate::commands) line: usize,
    pub(in crate::commands) summary: String,
}

/// The rules of a policy in their order.
pub(in crate::commands) fn rules(policy: &Policy) -> Vec<ListedRule> {
    let listed = policy.rules.iter().map(|rule| ListedRule {
        name: rule.name.clone(),
        line: rule.line,
        conditions: rule.conditions(),
        actions: actions(rule),
    });
    listed.collect()
}

/// What is odd about the rules of a policy.
pub(in crate::commands) fn warnings(policy: &Policy) -> Vec<ListedWarning> {
    let listed = policy.warnings().into_iter().map(|warning| ListedWarning {
        line: warning.line,
        summary: warning.message,
    });
    listed.collect()
}

/// Adds the rules to a text, and what holds where none matches.
pub(in crate::commands) fn describe(rules: &[ListedRule], text: &mut Text) {
    for (index, rule) in rules.iter().enumerate() {
        text.styled(Style::Head, format_args!("{}. {}", index + 1, rule.name))
            .line(format_args!(" (line {})", rule.line))
            .paragraph(3, WIDTH, &format!("if {}", rule.conditions))
            .paragraph(3, WIDTH, &format!("then {}", rule.actions.join("; ")));
    }
    if !rules.is_empty() {
        text.line("where no rule matches:");
    }
    text.line("   outbound: sign if possible, encrypt for those who have a certificate")
        .line("   inbound: decrypt and verify if possible, reject what fails");
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
