//! `smime crl add`: CRLs are stored.

use std::path::PathBuf;

use serde::Serialize;

use super::judging::signature_finding;
use super::row::Row;
use crate::commands::Context;
use crate::error::{CommandError, ExitStatus};
use crate::keystore::{Keystore, LOCK_TIMEOUT, ListOutcome};
use crate::pki::{CertificateList, Issuers};
use crate::report::json::FORMAT;
use crate::stdio::Style;
use crate::time::Time;
use crate::verdict::{Finding, Outcome};

/// Store certificate revocation lists.
///
/// Files may hold any number of CRLs in PEM, or one in DER. A CRL takes the place of an older one of
/// the same issuer and scope; an older one is left aside. One whose signature is not that of its
/// issuer is refused, if the issuer is known. Prints the fingerprints of what is in force.
#[derive(clap::Args)]
#[command(after_help = "Example: smime crl add partner-ca.crl")]
pub(super) struct Args {
    /// The files; `-` is stdin.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
}

#[derive(Serialize)]
struct Document {
    format: u32,
    command: &'static str,
    verdict: Outcome,
    crls: Vec<Added>,
    findings: Vec<Finding>,
}

#[derive(Serialize)]
struct Added {
    outcome: &'static str,
    #[serde(flatten)]
    list: Row,
}

pub(super) fn run(args: Args, context: &Context) -> Result<ExitStatus, CommandError> {
    let now = context.now()?;
    let keystore = context.keystore()?;
    // All files are read before anything is stored.
    let files = args.files.iter().map(|path| context.lists(path));
    let lists = files.collect::<Result<Vec<_>, _>>()?.concat();
    let mut document = Document {
        format: FORMAT,
        command: context.command(),
        verdict: Outcome::Accepted,
        crls: Vec::new(),
        findings: Vec::new(),
    };
    let writer = keystore.lock(LOCK_TIMEOUT)?;
    for list in &lists {
        let outcome = match signature_finding(&keystore.find_by_name(list.issuer()), list) {
            Some(finding) => {
                document.findings.push(finding);
                "refused"
            }
            None => {
                let outcome = writer.add_list(list)?;
                warn(context, &keystore, list, outcome, now);
                outcome.as_str()
            }
        };
        document.crls.push(Added {
            outcome,
            list: Row::from(list),
        });
    }
    drop(writer);
    let mut status = ExitStatus::DONE;
    for finding in &document.findings {
        let issuer = finding.detail.get("crl-issuer").map_or("", String::as_str);
        let what = format!("{issuer}: {} [{}]", finding.summary(), finding.reason);
        context.console().answer(Style::Bad, "rejected", what);
        context.console().hint(finding.hint());
        document.verdict = Outcome::Rejected;
        status = ExitStatus::REJECTED;
    }
    context.print(&document, |text| {
        let in_force = |added: &&Added| !["refused", "older"].contains(&added.outcome);
        for added in document.crls.iter().filter(in_force) {
            text.line(&added.list.sha256);
        }
    })?;
    Ok(status)
}

fn warn(
    context: &Context,
    keystore: &Keystore,
    list: &CertificateList,
    outcome: ListOutcome,
    now: Time,
) {
    let issuer = list.issuer();
    let console = context.console();
    if outcome == ListOutcome::Older {
        console.warning(format_args!(
            "{issuer}: a newer CRL is stored already, and stays"
        ));
        return;
    }
    match list.next_update() {
        Some(next) if next < now => console.warning(format_args!(
            "{issuer}: the CRL is out of date since {}",
            next.to_local_text()
        )),
        Some(_) => {}
        None => console.warning(format_args!(
            "{issuer}: the CRL does not say when the next one is due, so it counts as out of date"
        )),
    }
    if keystore.find_by_name(issuer).is_empty() {
        console.warning(format_args!(
            "{issuer}: no certificate of this issuer is known, so the signature was not verified"
        ));
    }
}
