//! `smime policy validate`: is the policy file what its author meant?

use std::path::PathBuf;

use serde::Serialize;

use crate::commands::Context;
use crate::commands::policy::listing::{self, ListedWarning};
use crate::commands::policy::{invalid, parse};
use crate::error::{CommandError, ExitStatus};
use crate::limits;
use crate::policy::file::Policy;
use crate::report::json::FORMAT;
use crate::stdio::{input_name, read_whole};

/// Check a policy file: every key and value, and rules that can never match.
///
/// Reads FILE, `-` for stdin, or the policy of the keystore. An error names line, column and the
/// nearest valid name, and ends in status 78.
#[derive(clap::Args)]
#[command(after_help = "Example: smime policy validate new-policy.toml")]
pub(super) struct Args {
    /// The policy file.
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
}

#[derive(Serialize)]
struct Document {
    format: u32,
    file: String,
    rules: usize,
    warnings: Vec<ListedWarning>,
}

pub(super) fn run(args: Args, context: &Context) -> Result<ExitStatus, CommandError> {
    let (name, octets) = match &args.file {
        Some(path) => (
            input_name(Some(path)),
            Some(read_whole(Some(path), limits::KEYSTORE_FILE)?),
        ),
        None => {
            let keystore = context.keystore()?;
            let path = keystore.policy_path();
            (input_name(Some(&path)), keystore.policy()?)
        }
    };
    let policy = match &octets {
        Some(octets) => parse(octets, &name).map_err(|errors| invalid(&name, &errors))?,
        None => Policy::default(),
    };
    let document = Document {
        format: FORMAT,
        rules: policy.rules.len(),
        warnings: listing::warnings(&policy),
        file: name,
    };
    for warning in &document.warnings {
        context
            .console()
            .warning(format_args!("line {}: {}", warning.line, warning.summary));
    }
    context.print(&document, |text| {
        let what = match (octets.is_some(), document.rules) {
            (false, _) => "there is no policy file; the built-in default holds".to_owned(),
            (true, 1) => format!("{}: valid, 1 rule", document.file),
            (true, count) => format!("{}: valid, {count} rules", document.file),
        };
        text.line(what);
    })?;
    Ok(ExitStatus::DONE)
}
