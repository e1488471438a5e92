//! What would happen to an outbound message: the facts gathered, the decision explained.

use crate::address::Address;
use crate::commands::Context;
use crate::commands::policy::check::Envelope;
use crate::commands::policy::explanation::{CertificateFacts, Explanation, RecipientRow, RuleRow};
use crate::error::CommandError;
use crate::keystore::{self, Keystore, Kind, Selection};
use crate::mail::protection::AlreadyProtected;
use crate::mail::{self, FromField, Scan};
use crate::pki::Purpose;
use crate::policy::decision::{OutboundAction, OutboundFacts, RecipientFacts, decide_outbound};
use crate::policy::file::Policy;
use crate::policy::rule::{Direction, Occasion};
use crate::reason::Severity;
use crate::time::Time;

pub(super) fn explain(
    explanation: &mut Explanation,
    scan: &Scan,
    envelope: &Envelope<'_>,
    policy: &Policy,
    keystore: &Keystore,
    context: &Context,
) -> Result<(), CommandError> {
    let now = context.now()?;
    let header = &scan.root.header;
    let sender = match header.from_field() {
        FromField::One { address, .. } => Some(address),
        _ => None,
    };
    let signer = match &sender {
        Some(sender) => select(keystore, sender, Purpose::Sign, now)?,
        None => Selection::default(),
    };
    let recipients = recipients(scan, envelope);
    if recipients.is_empty() {
        return Err(CommandError::usage("the message names no recipient")
            .hint("Give the envelope recipients with --envelope-to ADDRESS."));
    }
    let selections = recipients
        .iter()
        .map(|(address, _)| select(keystore, address, Purpose::Encrypt, now))
        .collect::<Result<Vec<_>, _>>()?;
    let subject = header.text("Subject").unwrap_or_default();
    let values =
        |name: &str| -> Vec<String> { header.all(name).map(|field| field.value()).collect() };
    let already = mail::protection::already_protected(&scan.root);
    let facts = OutboundFacts {
        occasion: Occasion {
            direction: Direction::Outbound,
            sender: sender.as_ref(),
            subject: &subject,
            header_values: &values,
        },
        nonconformance: mail::conformance(scan),
        calendar: mail::is_calendar(&scan.root),
        already_signed: already == Some(AlreadyProtected::Signed),
        already_encrypted: already == Some(AlreadyProtected::Encrypted),
        signer_available: signer.best().is_some(),
        recipients: recipients
            .iter()
            .zip(&selections)
            .map(|((address, delivered), selection)| RecipientFacts {
                address: address.clone(),
                certificate_available: selection.best().is_some(),
                delivered: *delivered,
            })
            .collect(),
    };
    explanation.signer = Some(CertificateFacts::of(&signer));
    for (decision, selection) in decide_outbound(policy, &facts).into_iter().zip(&selections) {
        // Recipients of another delivery are explained there.
        if !decision.delivered {
            continue;
        }
        explanation.recipients.push(RecipientRow {
            address: decision.address.to_string(),
            rule: decision.selection.rule_name().to_owned(),
            trials: RuleRow::of(&decision.selection),
            action: decision
                .action
                .words()
                .iter()
                .map(|word| (*word).to_owned())
                .collect(),
            rejected: decision.action == OutboundAction::Reject,
            certificate: CertificateFacts::of(selection),
            findings: decision.findings,
        });
    }
    explanation.summarize();
    Ok(())
}

/// All recipients of header and envelope, and whether this delivery goes to them.
fn recipients(scan: &Scan, envelope: &Envelope<'_>) -> Vec<(Address, bool)> {
    let header = &scan.root.header;
    let mut recipients: Vec<(Address, bool)> = Vec::new();
    let listed = header.to_and_cc().into_iter().chain(header.bcc());
    for address in listed {
        let delivered = envelope.to.is_empty() || envelope.to.contains(&address);
        recipients.push((address, delivered));
    }
    recipients.extend(envelope.to.iter().map(|address| (address.clone(), true)));
    let mut seen = Vec::new();
    recipients.retain(|(address, _)| {
        let is_new = !seen.contains(address);
        seen.push(address.clone());
        is_new
    });
    recipients
}

fn select(
    keystore: &Keystore,
    address: &Address,
    purpose: Purpose,
    now: Time,
) -> Result<Selection, CommandError> {
    let mut found = keystore.find_by_address(address)?.certificates;
    if purpose == Purpose::Sign {
        found.retain(|stored| stored.kind == Kind::Identity);
    }
    Ok(keystore::select(found, purpose, now))
}

impl CertificateFacts {
    /// The certificate that would be used, and those passed over.
    fn of(selection: &Selection) -> CertificateFacts {
        CertificateFacts {
            chosen: selection
                .best()
                .map(|stored| stored.certificate.fingerprint().to_string()),
            not_after: selection
                .best()
                .map(|stored| stored.certificate.not_after()),
            origin: selection.best().map(|stored| stored.origin.as_str()),
            passed_over: selection
                .passed_over
                .iter()
                .map(|passed| {
                    let rejecting = passed
                        .findings
                        .iter()
                        .filter(|f| f.severity == Severity::Reject);
                    let codes = rejecting.map(|finding| finding.reason.code()).collect();
                    (passed.stored.certificate.fingerprint().to_string(), codes)
                })
                .collect(),
        }
    }
}
