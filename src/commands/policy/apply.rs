//! `smime policy apply`: what `policy check` explains, done.

use std::path::{Path, PathBuf};

use crate::commands::Context;
use crate::commands::batch::{FileArgs, Without};
use crate::commands::policy::decided::{Decided, Steps};
use crate::commands::policy::delivery::{Copy, split, write_one};
use crate::commands::policy::envelope::MessageArgs;
use crate::commands::policy::explanation::Explanation;
use crate::commands::policy::judge::Judge;
use crate::commands::policy::log::Log;
use crate::commands::policy::{mail_server, protecting, receiving};
use crate::error::{CommandError, ExitStatus};
use crate::reason::Severity;
use crate::report::text::{Detail, render};
use crate::source::Source;
use crate::verdict::Outcome;

/// Do with a message what the policy says: the filter of a mail server.
///
/// Reads a message and writes what becomes of it: signed, encrypted, or as it came. What it does is
/// what `policy check` says. The status is 0, 1 (rejected), 2 (wrong usage) or 75 (try again), and
/// then the first line on stderr begins with an enhanced status code.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    smime policy apply --direction outbound --envelope-to bob@example.com < message.eml\n  \
    smime policy apply --direction outbound --split-dir copies message.eml")]
pub(super) struct Args {
    #[command(flatten)]
    files: FileArgs,
    #[command(flatten)]
    pub(super) message: MessageArgs,
    /// Write a message for each group of recipients with the same outcome into DIR.
    ///
    /// N.eml is the message, N.rcpt its envelope recipients, one address a line. DIR has to be empty
    /// or missing; all files appear in it at once.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["output", "output_dir"])]
    split_dir: Option<PathBuf>,
    /// Append one line of JSON to FILE for each decision, before the message is written.
    ///
    /// Time, Message-ID, addresses, rule, action, reasons and fingerprints; never content.
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
}

/// Ends with one of four statuses, and is never an error for whoever calls it.
pub(super) fn run(args: Args, context: &Context) -> Result<ExitStatus, CommandError> {
    let own = context.gathering();
    let status = run_batch(&args, &own).unwrap_or_else(|error| mail_server::fail(&own, &error));
    context.console().write(&own.console().take_gathered());
    Ok(status)
}

fn run_batch(args: &Args, context: &Context) -> Result<ExitStatus, CommandError> {
    context.refuse_shared_stdout()?;
    let plan = args.files.plan(Without::Refused, context)?;
    let read = |path: Option<&Path>, context: &Context| Ok(context.input(path));
    let open = || Judge::open(context, &args.message);
    let log = args.log.as_deref().map(Log::new);
    let run = plan.run(context, read, open, |source, judge, (path, own)| {
        Ok(filter(source, args, judge, log.as_ref(), (path, own)))
    });
    run.map_err(|error| log_failure(log.as_ref(), error, &args.message))
}

/// Applies the policy to one message, and ends as a mail server understands it.
pub(super) fn filter(
    source: Result<Source, CommandError>,
    args: &Args,
    judge: &Judge<'_>,
    log: Option<&Log<'_>>,
    (path, context): (Option<&Path>, &Context),
) -> ExitStatus {
    source
        .and_then(|source| apply(source, args, judge, log, (path, context)))
        .unwrap_or_else(|error| mail_server::fail(context, &log_failure(log, error, &args.message)))
}

/// Notes the failure in the log. Where that fails as well, there is no other place to tell it.
fn log_failure(log: Option<&Log<'_>>, error: CommandError, message: &MessageArgs) -> CommandError {
    if let Some(log) = log {
        let _ = log.failure(&error, message);
    }
    error
}

fn apply(
    source: Source,
    args: &Args,
    judge: &Judge<'_>,
    log: Option<&Log<'_>>,
    (path, context): (Option<&Path>, &Context),
) -> Result<ExitStatus, CommandError> {
    let mut decided = judge.decide(source, path)?;
    let copies = copies(&decided, judge, context, path)?;
    let outcome = decided.explanation.outcome();
    // A decision that cannot be logged is not carried out.
    if let Some(log) = log {
        log.decision(&decided.explanation)?;
    }
    match &args.split_dir {
        Some(directory) => split(copies, directory, path)?,
        // Where all share one message, nobody gets it if anybody must not.
        None if outcome == Outcome::Rejected => drop(copies),
        None if decided.steps.make_one_message() => write_one(copies, context, path)?,
        None => {
            let what = "the recipients get different messages";
            return Err(CommandError::usage(what)
                .hint("Give --split-dir DIR, or hand over one recipient at a time."));
        }
    }
    // Content that cannot be written has not been delivered; nothing is stored on its account.
    if let (Steps::Inbound(copies), Some(active)) = (decided.steps, judge.active()) {
        decided.explanation.verdict.extracted = receiving::extract(copies, active, context)?;
    }
    conclude(&decided.explanation, context)
}

/// What is to be written for whom. Keys are unlocked for it, and nothing is written yet.
fn copies<'d>(
    decided: &'d Decided,
    judge: &'d Judge<'_>,
    context: &Context,
    path: Option<&'d Path>,
) -> Result<Vec<Copy<'d>>, CommandError> {
    match (&decided.steps, judge.active()) {
        (
            Steps::Outbound {
                scan,
                signer,
                copies,
            },
            Some(active),
        ) => protecting::copies(
            (&decided.source, scan),
            signer.as_deref(),
            copies,
            (active, context, path),
        ),
        (Steps::PassOn(recipients), _) => {
            Ok(vec![Copy::unchanged(recipients.clone(), &decided.source)])
        }
        (Steps::Inbound(copies), Some(active)) => {
            receiving::copies(&decided.source, copies, (active, path))
        }
        (Steps::Outbound { .. } | Steps::Inbound(_), None) => Ok(Vec::new()),
    }
}

fn conclude(explanation: &Explanation, context: &Context) -> Result<ExitStatus, CommandError> {
    let report = explanation.report(context);
    if context.is_json() {
        context.print_document(&explanation.document(context))?;
    }
    let console = context.console();
    let detail = context.detail();
    // What is done as the policy says speaks for itself; what passes as it came does not.
    let is_plain = report.outcome == Outcome::Accepted && report.file.is_none();
    if report.outcome == Outcome::Rejected
        || !(console.is_quiet() || is_plain && detail == Detail::Brief)
    {
        console.text(&render(&report, detail, console.has_color()));
    }
    // The answer names the first reason why a message passes as it came.
    let told = match report.outcome {
        Outcome::NotProcessed => 1,
        Outcome::Accepted if is_plain && detail == Detail::Brief => 0,
        _ => explanation.verdict.findings.len(),
    };
    for finding in explanation.verdict.findings.iter().skip(told) {
        let text = format!("{} [{}]", finding.summary(), finding.reason);
        match finding.severity {
            Severity::Info if report.outcome == Outcome::Accepted => {}
            Severity::Info => console.note(text),
            Severity::Warning | Severity::Reject => console.warning(text),
        }
    }
    if report.outcome != Outcome::Rejected {
        return Ok(ExitStatus::DONE);
    }
    let why = mail_server::rejection(&explanation.verdict);
    let line = mail_server::first_line(ExitStatus::REJECTED, &mail_server::about(context, &why));
    mail_server::tell_first(context, line);
    Ok(ExitStatus::REJECTED)
}
