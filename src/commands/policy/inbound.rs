//! What would happen to an inbound message: verified as the matching rule says, storing nothing.

use crate::address::Address;
use crate::commands::Context;
use crate::commands::lookup::{Lookups, TrustArgs};
use crate::commands::message::smime_error;
use crate::commands::policy::check::Envelope;
use crate::commands::policy::explanation::{CertificateFacts, Explanation, RecipientRow, RuleRow};
use crate::error::CommandError;
use crate::mail::{FromField, Scan};
use crate::policy::decision::{InboundAction, InboundFacts, Selection, conclude_inbound};
use crate::policy::file::Policy;
use crate::policy::profile::Profile;
use crate::policy::rule::{Actions, Demand, Direction, Occasion};
use crate::reason::Reason;
use crate::smime::lookup::{KeyLookup, NoKeys};
use crate::smime::{Input, Verification, VerifyRequest};
use crate::source::Source;
use crate::verdict::{Finding, Verdict};

pub(super) fn explain(
    explanation: &mut Explanation,
    source: Source,
    scan: &Scan,
    envelope: &Envelope<'_>,
    policy: &Policy,
    context: &Context,
) -> Result<(), CommandError> {
    let header = &scan.root.header;
    let sender = match header.from_field() {
        FromField::One { address, .. } => Some(address),
        _ => None,
    };
    let subject = header.text("Subject").unwrap_or_default();
    let values =
        |name: &str| -> Vec<String> { header.all(name).map(|field| field.value()).collect() };
    let occasion = Occasion {
        direction: Direction::Inbound,
        sender: sender.as_ref(),
        subject: &subject,
        header_values: &values,
    };
    let mut recipients: Vec<Address> = envelope.to.to_vec();
    if recipients.is_empty() {
        recipients = header.to_and_cc();
    }
    if recipients.is_empty() {
        return Err(CommandError::usage("the message names no recipient")
            .hint("Give the envelope recipients with --envelope-to ADDRESS."));
    }
    let mut lookups = Lookups::open(context, &[], &TrustArgs::default())?;
    lookups.add_lists(envelope.revocation.lists(context)?);
    let mut base = lookups.profile()?;
    base.revocation = envelope.revocation.mode(base.revocation);
    // Recipients under one rule share one verification.
    let mut verified: Vec<(Option<usize>, Judged)> = Vec::new();
    for address in recipients {
        let selection = Selection::find(policy, &occasion, &address);
        let line = selection.rule.map(|rule| rule.line);
        if !verified.iter().any(|(known, _)| *known == line) {
            let profile = selection.rule.map(|rule| rule.overrides.apply(&base));
            let profile = profile.unwrap_or_else(|| base.clone());
            let judged = judge(&source, &selection.actions(), &profile, envelope, &lookups)?;
            verified.push((line, judged));
        }
        let Some((_, judged)) = verified.iter().find(|(known, _)| *known == line) else {
            continue;
        };
        let mut findings = judged.findings.clone();
        if selection.rule.is_none() {
            findings.push(Finding::new(Reason::PolicyNoRuleMatched));
        }
        explanation.recipients.push(RecipientRow {
            address: address.to_string(),
            rule: selection.rule_name().to_owned(),
            trials: RuleRow::of(&selection),
            action: vec![judged.action.word().to_owned()],
            rejected: judged.action == InboundAction::Reject,
            certificate: CertificateFacts::default(),
            findings,
        });
    }
    if let Some((_, judged)) = verified.into_iter().next() {
        explanation.verdict.layers = judged.verdict.layers;
        explanation.verdict.resend_would_pass = judged.verdict.resend_would_pass;
    }
    explanation.summarize();
    Ok(())
}

struct Judged {
    verdict: Verdict,
    action: InboundAction,
    findings: Vec<Finding>,
}

fn judge(
    source: &Source,
    actions: &Actions,
    profile: &Profile,
    envelope: &Envelope<'_>,
    lookups: &Lookups<'_>,
) -> Result<Judged, CommandError> {
    if actions.verify == Demand::Off && actions.decrypt == Demand::Off && actions.require.is_empty()
    {
        return Ok(Judged {
            verdict: Verdict::default(),
            action: InboundAction::Deliver,
            findings: vec![Finding::new(Reason::PolicyNotProcessed)],
        });
    }
    let keys: &dyn KeyLookup = match actions.decrypt {
        Demand::Off => &NoKeys,
        Demand::Required | Demand::IfPossible => lookups,
    };
    let verification = crate::smime::verify(VerifyRequest {
        keys,
        envelope_from: envelope.from,
        ..lookups.verify_request(Input::Message(source.clone()), profile)
    });
    let Verification {
        verdict,
        signed,
        encrypted,
        ..
    } = verification.map_err(|error| smime_error(error, "check", None))?;
    let facts = InboundFacts {
        signed,
        encrypted,
        findings: verdict.findings.clone(),
    };
    let (action, findings) = conclude_inbound(actions, &facts);
    Ok(Judged {
        verdict,
        action,
        findings,
    })
}
