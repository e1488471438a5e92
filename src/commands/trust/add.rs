//! `smime trust add`: CAs to be trusted.

use std::path::PathBuf;

use serde::Serialize;

use crate::commands::Context;
use crate::commands::certificates::Row;
use crate::error::{CommandError, ExitStatus};
use crate::keystore::LOCK_TIMEOUT;
use crate::pki::{self, Certificate, inspect};
use crate::reason::{Reason, Severity};
use crate::report::json::FORMAT;
use crate::stdio::Style;
use crate::verdict::{Finding, Outcome, rejects};

/// Add CAs to the list of trusted CAs.
///
/// Files may hold any number of certificates, in PEM, DER or PKCS #7; a trusted CA need not be
/// self-signed. Prints the fingerprints of what is trusted now. Certificates of persons that stand
/// beside a CA's are passed over; a file that holds nothing else is refused: `smime cert import` is
/// for them.
#[derive(clap::Args)]
#[command(after_help = "Example: smime trust add partner-ca.pem")]
pub(in crate::commands) struct Args {
    /// The files; `-` is stdin.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
}

#[derive(Serialize)]
struct Document {
    format: u32,
    command: &'static str,
    verdict: Outcome,
    trusted: Vec<Trusted>,
    findings: Vec<Finding>,
}

#[derive(Serialize)]
struct Trusted {
    outcome: &'static str,
    #[serde(flatten)]
    certificate: Row,
}

pub(in crate::commands) fn run(args: Args, context: &Context) -> Result<ExitStatus, CommandError> {
    let now = context.now()?;
    let keystore = context.keystore()?;
    // All files are read before anything is stored.
    let files = args.files.iter().map(|path| context.certificates(path));
    let files = files.collect::<Result<Vec<_>, _>>()?;
    let judged: Vec<Vec<Finding>> = files.iter().flat_map(|file| judge_file(file)).collect();
    let certificates = files.concat();
    let accepted = certificates
        .iter()
        .zip(&judged)
        .filter(|(_, found)| !rejects(found) && !is_no_ca(found));
    let accepted: Vec<Certificate> = accepted.map(|(one, _)| one.clone()).collect();
    let stored = keystore.lock(LOCK_TIMEOUT)?.trust(&accepted)?;

    let mut stored = stored.into_iter();
    let mut document = Document {
        format: FORMAT,
        command: context.command(),
        verdict: Outcome::Accepted,
        trusted: Vec::new(),
        findings: Vec::new(),
    };
    for (certificate, findings) in certificates.iter().zip(judged) {
        let outcome = match rejects(&findings) {
            true => REFUSED,
            false if is_no_ca(&findings) => PASSED_OVER,
            false if stored.next() == Some(true) => "stored",
            false => "known",
        };
        let subject = certificate.subject();
        if outcome == "stored" && certificate.not_after() < now {
            context
                .console()
                .warning(format_args!("{subject}: the certificate has expired"));
        }
        let named = findings
            .into_iter()
            .map(|finding| finding.with("certificate", subject));
        document.findings.extend(named);
        document.trusted.push(Trusted {
            outcome,
            certificate: Row::from(certificate),
        });
    }
    document
        .findings
        .iter()
        .for_each(|finding| tell(context, finding));
    let mut status = ExitStatus::DONE;
    if rejects(&document.findings) {
        document.verdict = Outcome::Rejected;
        status = ExitStatus::REJECTED;
    }
    context.print(&document, |text| {
        for one in &document.trusted {
            if ![REFUSED, PASSED_OVER].contains(&one.outcome) {
                text.line(&one.certificate.sha256);
            }
        }
    })?;
    Ok(status)
}

const REFUSED: &str = "refused";
const PASSED_OVER: &str = "passed-over";

fn is_no_ca(findings: &[Finding]) -> bool {
    let mut findings = findings.iter();
    findings.any(|finding| finding.reason == Reason::PathIssuerNotCa)
}

/// Judges the certificates of one file. What partners send is often a person's certificate with the
/// CAs above it. Who gives that here wants the CAs trusted; `smime cert import` likewise takes the
/// person's out of it.
fn judge_file(certificates: &[Certificate]) -> Vec<Vec<Finding>> {
    let mut judged: Vec<Vec<Finding>> = certificates.iter().map(judge).collect();
    if judged.iter().all(|findings| is_no_ca(findings)) {
        return judged;
    }
    for findings in judged.iter_mut().filter(|findings| is_no_ca(findings)) {
        // What else a CA must not be does not matter.
        findings.retain(|finding| finding.reason == Reason::PathIssuerNotCa);
        for finding in findings {
            finding.severity = Severity::Warning;
            finding.summary = Some("passed over, because it is not the certificate of a CA".into());
        }
    }
    judged
}

fn tell(context: &Context, finding: &Finding) {
    let whose = finding.detail.get("certificate").map_or("", String::as_str);
    let what = format!("{whose}: {} [{}]", finding.summary(), finding.reason);
    match finding.severity {
        Severity::Reject => context.console().answer(Style::Bad, "rejected", what),
        _ => context.console().warning(what),
    }
    context.console().hint(finding.hint());
}

/// What speaks against trusting a CA. Roots from before X.509 version 3 cannot say that they are
/// CAs, and are believed if they issued themselves.
fn judge(certificate: &Certificate) -> Vec<Finding> {
    let mut findings = inspect(certificate, pki::Role::Authority);
    let old_root = certificate.version() < 3 && certificate.is_self_issued();
    let usages = certificate.key_usage();
    if !certificate.is_ca() && !old_root {
        findings.push(
            Finding::new(Reason::PathIssuerNotCa)
                .saying("the certificate is not that of a certification authority")
                .hinting("Use `smime cert import FILE` for the certificate of a person."),
        );
    } else if usages.is_some_and(|usages| !usages.key_cert_sign()) {
        findings.push(Finding::new(Reason::PathKeyCertSignMissing));
    }
    findings
}
