//! `smime policy check`: what would happen to a message, and why.

use std::path::{Path, PathBuf};

use crate::commands::Context;
use crate::commands::policy::envelope::MessageArgs;
use crate::commands::policy::explanation::{Explanation, render_table};
use crate::commands::policy::judge::Judge;
use crate::error::{CommandError, ExitStatus};
use crate::source::Source;
use crate::stdio::input_name;
use crate::verdict::Outcome;

/// Explain what the policy would do with a message; changes nothing.
///
/// Tells, for each recipient, the rule that matches and why, the certificate that would be used and
/// those passed over, and what would be signed, encrypted, rejected or passed on. Status 0: it
/// would pass; 1: it would be rejected, for at least one recipient. Several FILEs give a table.
#[derive(clap::Args)]
#[command(after_help = "Example: smime policy check --direction outbound message.eml")]
pub(super) struct Args {
    /// The messages; `-` or nothing for stdin.
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) message: MessageArgs,
    /// Show every rule, not only the one that matched: why those before it did not.
    #[arg(long)]
    explain_all: bool,
}

pub(super) fn run(args: Args, context: &Context) -> Result<ExitStatus, CommandError> {
    let judge = Judge::open(context, &args.message)?;
    match args.files.as_slice() {
        [] | [_] => {
            let path = args.files.first().map(PathBuf::as_path);
            let (explanation, status) = explain(context.input(path), &judge, path)?;
            match context.is_json() {
                true => context.print_document(&explanation.document(context))?,
                false => context.print_text(|text| explanation.render(args.explain_all, text))?,
            }
            Ok(status)
        }
        files => explain_all_of(files, &judge, context),
    }
}

/// A table, or a document for each. One file that cannot be read does not keep the others from being
/// explained.
fn explain_all_of(
    files: &[PathBuf],
    judge: &Judge<'_>,
    context: &Context,
) -> Result<ExitStatus, CommandError> {
    let mut status = ExitStatus::DONE;
    let mut rows = Vec::new();
    for path in files {
        let own = context.about(path, None);
        match explain(own.input(Some(path)), judge, Some(path)) {
            Ok((explanation, ended)) => {
                status = status.max(ended);
                match context.is_json() {
                    true => own.print_document(&explanation.document(&own))?,
                    false => rows.push((input_name(Some(path)), explanation)),
                }
            }
            Err(error) => {
                status = status.max(error.exit_status());
                own.report_error(&error);
            }
        }
        context.print_octets(&own.take_documents())?;
        context.console().write(&own.console().take_gathered());
    }
    if !rows.is_empty() {
        context.print_text(|text| render_table(&rows, text))?;
    }
    Ok(status)
}

/// What would happen to one message, and the status that this means.
pub(super) fn explain(
    source: Result<Source, CommandError>,
    judge: &Judge<'_>,
    path: Option<&Path>,
) -> Result<(Explanation, ExitStatus), CommandError> {
    let explanation = judge.decide(source?, path)?.explanation;
    let status = match explanation.outcome() {
        Outcome::Rejected => ExitStatus::REJECTED,
        _ => ExitStatus::DONE,
    };
    Ok((explanation, status))
}
