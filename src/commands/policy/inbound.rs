//! What would happen to an inbound message: verified as the matching rule says, storing nothing.

use crate::address::Address;
use crate::commands::message::smime_error;
use crate::commands::policy::decided::Steps;
use crate::commands::policy::envelope::MessageArgs;
use crate::commands::policy::explanation::{
    CertificateFacts, Explanation, RecipientRow, RuleRow, untried,
};
use crate::commands::policy::judge::{Active, author};
use crate::error::CommandError;
use crate::mail::Scan;
use crate::policy::decision::{InboundAction, InboundFacts, Selection, conclude_inbound};
use crate::policy::profile::Profile;
use crate::policy::rule::{Actions, Demand, Direction, Occasion, Require, SignatureHandling};
use crate::reason::Reason;
use crate::smime::lookup::{KeyLookup, NoKeys};
use crate::smime::{Input, SignatureRelease, Verification, VerifyRequest};
use crate::source::Source;
use crate::verdict::Finding;

/// One copy of a message, for all recipients whose rules say the same.
pub(super) struct InboundCopy {
    /// The settings it is judged by.
    profile: Profile,
    /// Who gets it.
    pub(super) recipients: Vec<Address>,
    /// What is done.
    pub(super) actions: Actions,
    /// What happens to it.
    pub(super) action: InboundAction,
    /// Why; those of verification that weigh under these actions among them.
    pub(super) findings: Vec<Finding>,
    /// What verification found out; `None` where the rule asks for nothing.
    pub(super) verification: Option<Verification>,
}

/// Decides about an inbound message, and explains it.
///
/// # Errors
/// There is no recipient (2); a lookup fails.
pub(super) fn decide(
    explanation: &mut Explanation,
    source: &Source,
    scan: &Scan,
    args: &MessageArgs,
    active: &Active<'_>,
) -> Result<Steps, CommandError> {
    let header = &scan.root.header;
    let sender = author(header);
    let subject = header.text("Subject").unwrap_or_default();
    let values =
        |name: &str| -> Vec<String> { header.all(name).map(|field| field.value()).collect() };
    let occasion = Occasion {
        direction: Direction::Inbound,
        sender: sender.as_ref(),
        subject: &subject,
        header_values: &values,
    };
    // Recipients whose rules say the same share one verification.
    let mut copies: Vec<InboundCopy> = Vec::new();
    for address in args.inbound_recipients(header)? {
        let selection = Selection::find(&active.policy, &occasion, &address);
        let actions = selection.actions();
        let profile = active.profile_under(selection.rule);
        let known = copies
            .iter()
            .position(|copy| copy.actions == actions && copy.profile == profile);
        let number = match known {
            Some(number) => number,
            None => {
                copies.push(judge(source, actions, profile, args, active)?);
                copies.len() - 1
            }
        };
        let copy = &mut copies[number];
        copy.recipients.push(address.clone());
        let mut findings = copy.findings.clone();
        if selection.rule.is_none() {
            findings.push(Finding::new(Reason::PolicyNoRuleMatched));
        }
        explanation.recipients.push(RecipientRow {
            address: address.to_string(),
            rule: selection.rule_name().to_owned(),
            trials: RuleRow::of(&selection),
            untried: untried(&selection),
            action: vec![copy.action.word().to_owned()],
            rejected: copy.action == InboundAction::Reject,
            certificate: CertificateFacts::default(),
            findings,
        });
    }
    let first = copies.first().and_then(|copy| copy.verification.as_ref());
    if let Some(verification) = first {
        explanation.verdict.layers = verification.verdict.layers.clone();
    }
    explanation.verdict.resend_would_pass = resend_would_pass(&copies);
    Ok(Steps::Inbound(copies))
}

/// Whether the message passes when it is sent again, where a rollover is a reason to reject it.
fn resend_would_pass(copies: &[InboundCopy]) -> Option<bool> {
    let rejected = copies
        .iter()
        .filter(|copy| copy.action == InboundAction::Reject);
    let answers = rejected.map(|copy| {
        let passes = copy.verification.as_ref()?.verdict.resend_would_pass?;
        let others = InboundFacts {
            signed: copy.verification.as_ref()?.signed,
            encrypted: copy.verification.as_ref()?.encrypted,
            findings: copy
                .findings
                .iter()
                .filter(|finding| {
                    !matches!(
                        finding.reason,
                        Reason::PinRolloverFirstMessage | Reason::PolicySignatureRequired
                    )
                })
                .cloned()
                .collect(),
        };
        let (action, _) = conclude_inbound(&copy.actions, &others);
        Some(passes && action != InboundAction::Reject)
    });
    answers.fold(None, |all, answer| match (all, answer) {
        (None, answer) => answer,
        (all, None) => all,
        (Some(all), Some(answer)) => Some(all && answer),
    })
}

impl InboundCopy {
    /// Whether the rule looks at signatures.
    pub(super) fn is_verified(&self) -> bool {
        self.actions.verify != Demand::Off || self.actions.require.contains(&Require::Signed)
    }
}

fn judge(
    source: &Source,
    actions: Actions,
    profile: Profile,
    args: &MessageArgs,
    active: &Active<'_>,
) -> Result<InboundCopy, CommandError> {
    let mut copy = InboundCopy {
        profile,
        recipients: Vec::new(),
        action: InboundAction::Deliver,
        findings: vec![Finding::new(Reason::PolicyNotProcessed)],
        verification: None,
        actions,
    };
    let actions = &copy.actions;
    if actions.verify == Demand::Off && actions.decrypt == Demand::Off && actions.require.is_empty()
    {
        return Ok(copy);
    }
    let keys: &dyn KeyLookup = match actions.decrypt {
        Demand::Off => &NoKeys,
        Demand::Required | Demand::IfPossible => &active.lookups,
    };
    let request = VerifyRequest {
        keys,
        envelope_from: args.sender(),
        signature: match actions.signature {
            SignatureHandling::Keep => SignatureRelease::Keep,
            SignatureHandling::Strip => SignatureRelease::Strip,
        },
        ..active
            .lookups
            .verify_request(Input::Message(source.clone()), &copy.profile)
    };
    let verification =
        crate::smime::verify(request).map_err(|error| smime_error(error, "check", None))?;
    let facts = InboundFacts {
        signed: verification.signed,
        encrypted: verification.encrypted,
        findings: verification.verdict.findings.clone(),
    };
    (copy.action, copy.findings) = conclude_inbound(actions, &facts);
    copy.verification = Some(verification);
    Ok(copy)
}
