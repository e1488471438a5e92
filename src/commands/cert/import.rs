//! `smime cert import`: certificates from elsewhere, through the gate.

use std::path::PathBuf;

use serde::Serialize;

use super::gate::{Role, items};
use super::storing::store_all;
use crate::address::Address;
use crate::commands::Context;
use crate::commands::certificates::Row;
use crate::error::{CommandError, ExitStatus};
use crate::reason::Severity;
use crate::report::json::FORMAT;
use crate::stdio::Style;
use crate::verdict::{Finding, Outcome, rejects};

/// Import certificates, with or without private keys.
///
/// PEM, DER, PKCS #7 or PKCS #12. With its private key a certificate becomes a user's identity;
/// without, a third party's certificate that is trusted for itself and pinned to its address. What
/// does not conform to S/MIME is refused, with every reason. CA certificates that come along are
/// kept as intermediates, which are not trusted; to trust a CA, use `smime trust add`.
#[derive(clap::Args)]
#[command(after_help = "Example: smime cert import partner.pem")]
pub(in crate::commands) struct Args {
    /// The files; `-` is stdin.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Use the certificate for this address instead of those it holds.
    #[arg(long, value_name = "ADDR")]
    pub(super) address: Option<Address>,
}

#[derive(Serialize)]
struct Document {
    format: u32,
    command: &'static str,
    verdict: Outcome,
    imported: Vec<Imported>,
    findings: Vec<Finding>,
}

#[derive(Serialize)]
pub(super) struct Imported {
    pub(super) outcome: &'static str,
    #[serde(flatten)]
    pub(super) certificate: Row,
}

pub(in crate::commands) fn run(args: Args, context: &Context) -> Result<ExitStatus, CommandError> {
    let now = context.now()?;
    let keystore = context.keystore()?;
    keystore.require_authority()?;
    // All files are read before anything is stored.
    let mut found = Vec::new();
    let mut findings = Vec::new();
    for path in &args.files {
        let bundle = context.bundle(path)?;
        let (more, problems) = items(bundle);
        found.extend(more);
        findings.extend(problems);
    }
    let mut end_entities = found
        .iter()
        .filter(|item| !matches!(item.role, Role::Authority));
    if args.address.is_some() && end_entities.nth(1).is_some() {
        return Err(
            CommandError::usage("--address fits one certificate, and there are several")
                .hint("Import the certificates one by one."),
        );
    }
    let imported = store_all(&args, context, &keystore, found, now, &mut findings)?;
    for finding in findings
        .iter()
        .filter(|finding| finding.severity > Severity::Info)
    {
        tell(context, finding);
    }
    let rejected = rejects(&findings);
    let document = Document {
        format: FORMAT,
        command: context.command(),
        verdict: match rejected {
            true => Outcome::Rejected,
            false => Outcome::Accepted,
        },
        imported,
        findings,
    };
    context.print(&document, |text| {
        for one in &document.imported {
            if one.outcome != REFUSED && !one.certificate.is_authority() {
                text.line(&one.certificate.sha256);
            }
        }
    })?;
    Ok(if rejected {
        ExitStatus::REJECTED
    } else {
        ExitStatus::DONE
    })
}

/// The outcome of what is not stored.
pub(super) const REFUSED: &str = "refused";

fn tell(context: &Context, finding: &Finding) {
    let whose = finding
        .detail
        .get("certificate")
        .map(|whose| format!("{whose}: "));
    let what = format!(
        "{}{} [{}]",
        whose.unwrap_or_default(),
        finding.summary(),
        finding.reason
    );
    match finding.severity {
        Severity::Reject => context.console().answer(Style::Bad, "rejected", what),
        _ => context.console().warning(what),
    }
    context.console().hint(finding.hint());
}
