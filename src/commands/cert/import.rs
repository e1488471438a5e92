//! `smime cert import`: certificates from elsewhere, through the gate.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::from_message::{is_message, items_of_message};
use super::gate::{Item, Role, items};
use super::storing::store_all;
use crate::address::Address;
use crate::commands::Context;
use crate::commands::certificates::Row;
use crate::error::{CommandError, ExitStatus};
use crate::limits;
use crate::reason::Severity;
use crate::report::json::FORMAT;
use crate::stdio::{Style, input_name};
use crate::verdict::{Finding, Outcome, rejects};

/// Import certificates, with or without private keys.
///
/// PEM, DER, PKCS #7, PKCS #12, or a signed message, of which the signer's certificate is taken if
/// the signature verifies. With its private key a certificate becomes a user's identity;
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
        let (more, problems) = read(context, path)?;
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

/// Reads one file: a message that carries certificates, or a file of them.
fn read(context: &Context, path: &Path) -> Result<(Vec<Item>, Vec<Finding>), CommandError> {
    let source = context.input(Some(path))?;
    if is_message(&source) {
        return items_of_message(source, path);
    }
    let name = input_name(Some(path));
    let octets = source
        .read_all(limits::OBJECT_SIZE)
        .map_err(|error| CommandError::io(format!("cannot read {name}"), error))?
        .ok_or_else(|| {
            let limit = limits::OBJECT_SIZE >> 20;
            CommandError::data(format!("cannot read {name}: it is larger than {limit} MiB"))
        })?;
    Ok(items(context.bundle_of(&octets, &name)?))
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
