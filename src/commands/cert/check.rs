//! `smime cert check`: would this certificate be accepted.

use std::path::PathBuf;

use super::judgment::Judgment;
use crate::address::Address;
use crate::commands::Context;
use crate::commands::lookup::{Lookups, TrustArgs};
use crate::commands::revocation::RevocationArgs;
use crate::error::{CommandError, ExitStatus};
use crate::pki::{
    self, Certificate, Oid, PathRequest, PolicyInputs, Revocation, Role, deviations, inspect,
    validate_path,
};
use crate::policy::profile::Profile;
use crate::reason::Reason;
use crate::report::text::decisive;
use crate::smime::strictness;
use crate::stdio::Style;
use crate::time::Time;
use crate::verdict::{Finding, Place};

/// Check whether a certificate would be accepted.
///
/// Judges its form, key, usages and address, and its certification path by RFC 5280 section 6, and
/// tells every finding. The first certificate of FILE is judged; others in it may serve as
/// intermediates. Exit status 0 if it would be accepted, 1 if not.
#[derive(clap::Args)]
#[command(after_help = "Example: smime cert check partner.pem --trust partner-ca.pem")]
pub(in crate::commands) struct Args {
    /// The certificate: PEM, DER, PKCS #7 or PKCS #12; `-` is stdin.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    trust: TrustArgs,
    #[command(flatten)]
    revocation: RevocationArgs,
    /// What the certificate is wanted for.
    #[arg(long, value_name = "PURPOSE", default_value = "any")]
    purpose: PurposeName,
    /// The address it must hold.
    #[arg(long, value_name = "ADDR")]
    address: Option<Address>,
    #[command(flatten)]
    policies: PolicyArgs,
}

/// The inputs of RFC 5280 section 6.1.1 about certificate policies.
#[derive(clap::Args)]
struct PolicyArgs {
    /// A certificate policy that is acceptable; repeatable. Without it any policy is.
    #[arg(long = "policy-oid", value_name = "OID")]
    acceptable: Vec<Oid>,
    /// Demand that the path is valid for an acceptable policy, even if no CA demands one.
    #[arg(long)]
    require_explicit_policy: bool,
    /// Do not let policies of other CAs stand for acceptable ones.
    #[arg(long)]
    inhibit_policy_mapping: bool,
    /// Do not let a CA's anyPolicy stand for acceptable policies.
    #[arg(long)]
    inhibit_any_policy: bool,
}

impl PolicyArgs {
    fn inputs(&self) -> PolicyInputs<'_> {
        PolicyInputs {
            acceptable: &self.acceptable,
            require_explicit: self.require_explicit_policy,
            inhibit_mapping: self.inhibit_policy_mapping,
            inhibit_any: self.inhibit_any_policy,
        }
    }
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum PurposeName {
    Sign,
    Encrypt,
    Any,
}

pub(in crate::commands) fn run(args: Args, context: &Context) -> Result<ExitStatus, CommandError> {
    let now = context.now()?;
    let mut extra = context.certificates(&args.file)?;
    let certificate = extra.remove(0);
    for path in &args.trust.untrusted {
        extra.extend(context.certificates(path)?);
    }
    let mut lookups = Lookups::for_certificates(context, &args.trust)?;
    lookups.add_lists(args.revocation.lists(context)?);
    let profile = lookups.profile()?;
    let judgment = judge(
        &args,
        context,
        &certificate,
        &lookups,
        &extra,
        &profile,
        now,
    );
    if let Some(keystore) = lookups.keystore() {
        context.warn_of_damage(keystore);
    }
    let is_verbose = context.console().is_verbose();
    context.print(&judgment, |text| judgment.describe(is_verbose, now, text))?;
    match decisive(&judgment.findings) {
        None => Ok(ExitStatus::DONE),
        Some(finding) => {
            let what = format!("{} [{}]", finding.summary(), finding.reason);
            context.console().answer(Style::Bad, "rejected", what);
            context.console().hint(finding.hint());
            Ok(ExitStatus::REJECTED)
        }
    }
}

fn judge(
    args: &Args,
    context: &Context,
    certificate: &Certificate,
    lookups: &Lookups<'_>,
    extra: &[Certificate],
    profile: &Profile,
    time: Time,
) -> Judgment {
    let strictness = strictness(args.revocation.mode(profile.revocation));
    let report = validate_path(&PathRequest {
        certificate,
        issuers: lookups,
        extra,
        time,
        purpose: match args.purpose {
            PurposeName::Sign => pki::Purpose::Sign,
            PurposeName::Encrypt => pki::Purpose::Encrypt,
            PurposeName::Any => pki::Purpose::Any,
        },
        sha1: profile.sha1,
        revocation: strictness.map(|strictness| Revocation {
            strictness,
            source: lookups,
            carried: &[],
        }),
        policies: args.policies.inputs(),
    });
    let own = Place::default().at_certificate(0);
    let form = inspect(certificate, Role::EndEntity).into_iter();
    let mut findings: Vec<Finding> = form.map(|finding| finding.at(own.clone())).collect();
    findings.extend(address_finding(args, certificate));
    if context.console().is_verbose() {
        findings.extend(
            deviations(certificate)
                .into_iter()
                .map(|finding| finding.at(own.clone())),
        );
    }
    for finding in &report.findings {
        // Both judge the usages of the end entity.
        let same =
            |known: &Finding| (known.reason, &known.place) == (finding.reason, &finding.place);
        if !findings.iter().any(same) {
            findings.push(finding.clone());
        }
    }
    Judgment::new(context.command(), certificate, report, findings)
}

fn address_finding(args: &Args, certificate: &Certificate) -> Option<Finding> {
    let address = args.address.as_ref()?;
    let own = certificate.addresses();
    if own.contains(address) {
        return None;
    }
    let own: Vec<&str> = own.iter().map(Address::as_str).collect();
    Some(
        Finding::new(Reason::CertAddressMismatch)
            .at(Place::default().at_certificate(0))
            .with("wanted", address)
            .with("addresses", own.join(", ")),
    )
}
