//! `smime policy check`: what would happen to a message, and why.

use std::path::{Path, PathBuf};

use crate::address::Address;
use crate::commands::Context;
use crate::commands::policy::explanation::{Explanation, render_table};
use crate::commands::policy::{inbound, outbound, policy_in_force};
use crate::commands::revocation::RevocationArgs;
use crate::commands::verify::bare_address;
use crate::error::{CommandError, ExitStatus};
use crate::keystore::Keystore;
use crate::mail;
use crate::policy::profile::Switch;
use crate::policy::rule::Direction;
use crate::reason::Reason;
use crate::stdio::input_name;
use crate::verdict::{Finding, Outcome, Verdict};

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
    /// Which way the message goes: outbound or inbound.
    #[arg(long, value_name = "DIRECTION", value_parser = direction)]
    direction: Direction,
    /// The envelope sender; `<>` is the null sender.
    #[arg(long, value_name = "ADDR")]
    envelope_from: Option<String>,
    /// An envelope recipient; without any, those of To and Cc (and Bcc).
    #[arg(long, value_name = "ADDR")]
    envelope_to: Vec<Address>,
    #[command(flatten)]
    revocation: RevocationArgs,
    /// Show every rule that was tried, not only the one that matched.
    #[arg(long)]
    explain_all: bool,
}

fn direction(word: &str) -> Result<Direction, String> {
    Direction::from_word(word).ok_or_else(|| crate::commands::not_one_of(word, Direction::WORDS))
}

/// The envelope, as far as it was given.
pub(super) struct Envelope<'a> {
    pub(super) from: Option<&'a str>,
    pub(super) to: &'a [Address],
    /// How revocation is checked where no rule says otherwise.
    pub(super) revocation: &'a RevocationArgs,
}

pub(super) fn run(args: Args, context: &Context) -> Result<ExitStatus, CommandError> {
    let keystore = context.keystore()?;
    let envelope = Envelope {
        from: args.envelope_from.as_deref().map(bare_address),
        to: &args.envelope_to,
        revocation: &args.revocation,
    };
    let stdin = [PathBuf::from("-")];
    let files = if args.files.is_empty() {
        &stdin[..]
    } else {
        &args.files
    };
    let mut status = ExitStatus::DONE;
    let mut rows = Vec::new();
    for path in files {
        let explanation = match explain(path, args.direction, &envelope, &keystore, context) {
            Ok(explanation) => explanation,
            // One file that cannot be read does not keep the others from being explained.
            Err(error) if files.len() > 1 => {
                context.report_error(&error);
                status = status.max(error.exit_status());
                continue;
            }
            Err(error) => return Err(error),
        };
        if explanation.outcome() == Outcome::Rejected {
            status = status.max(ExitStatus::REJECTED);
        }
        if context.is_json() {
            context.print_document(&explanation.document(context.command()))?;
        } else if files.len() > 1 {
            rows.push((input_name(Some(path)), explanation));
        } else {
            context.print_text(|text| explanation.render(args.explain_all, text))?;
        }
    }
    if !rows.is_empty() {
        context.print_text(|text| render_table(&rows, text))?;
    }
    Ok(status)
}

fn explain(
    path: &Path,
    direction: Direction,
    envelope: &Envelope<'_>,
    keystore: &Keystore,
    context: &Context,
) -> Result<Explanation, CommandError> {
    let source = context.input(Some(path))?;
    let name = input_name(Some(path));
    let scan = mail::scan(&source).map_err(|error| match error {
        mail::MailError::Io(error) => CommandError::io(format!("cannot read {name}"), error),
        error => CommandError::data(format!("cannot read {name}"))
            .caused_by(error)
            .hint("The input has to be a mail message."),
    })?;
    let mut explanation = Explanation::new(
        direction,
        Verdict {
            message: scan.root.header.facts(),
            ..Verdict::default()
        },
    );
    explanation.verdict.message.envelope_from = envelope.from.map(str::to_owned);
    explanation.verdict.message.envelope_to = envelope.to.iter().map(ToString::to_string).collect();
    if keystore.protection()? == Switch::Off {
        explanation
            .verdict
            .findings
            .push(Finding::new(Reason::PolicyProtectionDisabled));
        return Ok(explanation);
    }
    let policy = policy_in_force(keystore)?;
    match direction {
        Direction::Outbound => {
            outbound::explain(
                &mut explanation,
                &scan,
                envelope,
                &policy,
                keystore,
                context,
            )?;
        }
        Direction::Inbound => {
            inbound::explain(&mut explanation, source, &scan, envelope, &policy, context)?;
        }
    }
    Ok(explanation)
}
