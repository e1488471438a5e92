//! `smime policy show`: the policy in force.

use serde::Serialize;

use crate::commands::Context;
use crate::commands::policy::listing::{self, ListedRule};
use crate::commands::policy::policy_in_force;
use crate::error::{CommandError, ExitStatus};
use crate::report::json::FORMAT;
use crate::stdio::Text;

/// Show the policy in force, rule by rule.
#[derive(clap::Args)]
#[command(after_help = "Example: smime policy show --json | jq -r '.rules[].name'")]
pub(super) struct Args {}

#[derive(Serialize)]
struct Document {
    format: u32,
    file: String,
    exists: bool,
    rules: Vec<ListedRule>,
}

pub(super) fn run(_: Args, context: &Context) -> Result<ExitStatus, CommandError> {
    let keystore = context.keystore()?;
    let file = keystore.policy_path().to_string_lossy().into_owned();
    let document = Document {
        format: FORMAT,
        exists: keystore.policy()?.is_some(),
        rules: listing::rules(&policy_in_force(&keystore)?),
        file,
    };
    context.print(&document, |text| describe(&document, text))?;
    Ok(ExitStatus::DONE)
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
    listing::describe(&document.rules, text);
}
