//! What would happen to an outbound message: the facts gathered, the decision explained.

use crate::address::Address;
use crate::commands::Context;
use crate::commands::policy::decided::Steps;
use crate::commands::policy::envelope::MessageArgs;
use crate::commands::policy::explanation::{
    CertificateFacts, Explanation, RecipientRow, RuleRow, untried,
};
use crate::commands::policy::judge::{Active, author};
use crate::error::CommandError;
use crate::keystore::{Kind, Selection, StoredCertificate};
use crate::mail::protection::AlreadyProtected;
use crate::mail::{self, Scan};
use crate::pki::Purpose;
use crate::policy;
use crate::policy::decision::{OutboundAction, OutboundFacts, RecipientFacts, decide_outbound};
use crate::policy::rule::{Direction, HeaderTrigger, Occasion, Overrides, Rule};

/// One copy of a message, for all recipients with the same outcome.
pub(super) struct OutboundCopy {
    /// Who gets it.
    pub(super) recipients: Vec<Address>,
    /// What happens to it.
    pub(super) action: OutboundAction,
    /// The rule that says so; `None`: the built-in default.
    pub(super) rule: Option<Rule>,
    /// The certificates of the recipients, where it is encrypted.
    pub(super) certificates: Vec<StoredCertificate>,
    /// Whether the other recipients must not learn of this one.
    pub(super) is_blind: bool,
}

/// Decides about an outbound message, and explains it.
///
/// # Errors
/// There is no recipient (2); a lookup fails.
pub(super) fn decide(
    explanation: &mut Explanation,
    scan: Scan,
    args: &MessageArgs,
    active: &Active<'_>,
    context: &Context,
) -> Result<Steps, CommandError> {
    let now = context.now()?;
    let header = &scan.root.header;
    let sender = author(header);
    let mut signer = match &sender {
        Some(sender) => active.lookups.select(sender, Purpose::Sign, now)?,
        None => Selection::default(),
    };
    signer.usable.retain(|stored| stored.kind == Kind::Identity);
    signer
        .passed_over
        .retain(|passed| passed.stored.kind == Kind::Identity);
    let recipients = args.outbound_recipients(header)?;
    let subject = header.text("Subject").unwrap_or_default();
    let values =
        |name: &str| -> Vec<String> { header.all(name).map(|field| field.value()).collect() };
    let occasion = Occasion {
        direction: Direction::Outbound,
        sender: sender.as_ref(),
        subject: &subject,
        header_values: &values,
    };
    let selections = recipients
        .iter()
        .map(|(address, _)| {
            let mut selection = active.lookups.select(address, Purpose::Encrypt, now)?;
            let rule = policy::decision::Selection::find(&active.policy, &occasion, address).rule;
            active
                .lookups
                .pass_over_revoked(&mut selection, now, &active.profile_under(rule));
            Ok(selection)
        })
        .collect::<Result<Vec<_>, CommandError>>()?;
    let already = mail::protection::already_protected(&scan.root);
    let facts = OutboundFacts {
        occasion,
        nonconformance: mail::conformance(&scan),
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
    let shown = header.to_and_cc();
    let mut copies: Vec<OutboundCopy> = Vec::new();
    for (decision, selection) in decide_outbound(&active.policy, &facts)
        .into_iter()
        .zip(&selections)
    {
        // Recipients of another delivery are explained there.
        if !decision.delivered {
            continue;
        }
        let encrypts = matches!(
            decision.action,
            OutboundAction::Protect { encrypt: true, .. }
        );
        OutboundCopy {
            recipients: vec![decision.address.clone()],
            action: decision.action,
            rule: decision.selection.rule.cloned(),
            certificates: selection
                .best()
                .filter(|_| encrypts)
                .cloned()
                .into_iter()
                .collect(),
            is_blind: !shown.contains(&decision.address),
        }
        .join(&mut copies);
        explanation.recipients.push(RecipientRow {
            address: decision.address.to_string(),
            rule: decision.selection.rule_name().to_owned(),
            trials: RuleRow::of(&decision.selection),
            untried: untried(&decision.selection),
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
    Ok(Steps::Outbound {
        signer: signer.best().cloned().map(Box::new),
        copies,
        scan: Box::new(scan),
    })
}

impl OutboundCopy {
    /// Joins the copy that is the same, if there is one.
    fn join(mut self, copies: &mut Vec<OutboundCopy>) {
        let same = copies
            .iter_mut()
            .find(|other| !self.is_blind && !other.is_blind && self.ends_as(other));
        match same {
            Some(copy) => {
                copy.recipients.append(&mut self.recipients);
                copy.certificates.append(&mut self.certificates);
            }
            None => copies.push(self),
        }
    }

    /// Whether the same is done to both.
    fn ends_as(&self, other: &OutboundCopy) -> bool {
        let is_protected = matches!(self.action, OutboundAction::Protect { .. });
        self.action == other.action && (!is_protected || self.manner() == other.manner())
    }

    /// What the rule says of how it is done: the triggers that are taken out, and the settings.
    fn manner(&self) -> (Option<&str>, Option<&HeaderTrigger>, Overrides) {
        let rule = self.rule.as_ref();
        let stripping = rule.filter(|rule| rule.strip_trigger);
        (
            stripping.and_then(|rule| rule.subject.as_deref()),
            stripping.and_then(|rule| rule.header.as_ref()),
            rule.map(|rule| rule.overrides.clone()).unwrap_or_default(),
        )
    }

    /// Whether both are the same message: nothing in it is for one recipient alone.
    pub(super) fn is_same_message(&self, other: &OutboundCopy) -> bool {
        self.certificates.is_empty() && other.certificates.is_empty() && self.ends_as(other)
    }
}
