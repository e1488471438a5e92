//! What happens to an inbound message.

use crate::policy::rule::{Actions, Demand, OnFailure, Require};
use crate::reason::{Reason, Severity};
use crate::verdict::{Finding, rejects};

/// What verification found out about an inbound message.
#[derive(Clone, Debug, Default)]
pub struct InboundFacts {
    /// Whether it carries a signature on the chain of layers from the root.
    pub signed: bool,
    /// Whether it is encrypted.
    pub encrypted: bool,
    /// What was found.
    pub findings: Vec<Finding>,
}

/// What happens to an inbound message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InboundAction {
    /// It is delivered.
    Deliver,
    /// It is delivered with its failure noted.
    Mark,
    /// It is rejected.
    Reject,
}

impl InboundAction {
    /// The word of the report.
    pub fn word(self) -> &'static str {
        match self {
            InboundAction::Deliver => "deliver",
            InboundAction::Mark => "mark",
            InboundAction::Reject => "reject",
        }
    }
}

/// Concludes from a rule's actions and the facts; the findings include those of the facts.
pub fn conclude_inbound(actions: &Actions, facts: &InboundFacts) -> (InboundAction, Vec<Finding>) {
    let mut findings: Vec<Finding> = facts
        .findings
        .iter()
        .filter(|finding| counts(actions, facts, finding))
        .cloned()
        .collect();
    let signature_demanded =
        actions.verify == Demand::Required || actions.require.contains(&Require::Signed);
    if signature_demanded && (!facts.signed || rejects(&findings)) {
        findings.push(Finding::new(Reason::PolicySignatureRequired));
    }
    if actions.require.contains(&Require::Encrypted) && !facts.encrypted {
        findings.push(Finding::new(Reason::PolicyEncryptionRequired));
    }
    let action = match (rejects(&findings), actions.on_failure) {
        (false, _) | (true, OnFailure::Pass) => InboundAction::Deliver,
        (true, OnFailure::Mark) => InboundAction::Mark,
        (true, OnFailure::Reject) => InboundAction::Reject,
    };
    (action, findings)
}

/// Whether a finding of verification weighs under these actions.
fn counts(actions: &Actions, facts: &InboundFacts, finding: &Finding) -> bool {
    let about_decryption = matches!(
        finding.reason,
        Reason::CmsRecipientNotFound
            | Reason::CmsKeyManagementUnsupported
            | Reason::CmsContentEncryptionUnsupported
            | Reason::CmsContentNotAuthenticated
            | Reason::CmsDecryptionFailed
            | Reason::CmsDecryptedNotMime
    );
    let is_looked_at = match about_decryption {
        true => actions.decrypt != Demand::Off,
        false => actions.verify != Demand::Off || actions.require.contains(&Require::Signed),
    };
    is_looked_at
        && match finding.reason {
            // Ordinary mail is not signed; whether that is a failure, the rule says.
            Reason::SmimeNotSigned | Reason::SmimeNotEncrypted => false,
            // The recipient may hold the key where the gateway does not.
            Reason::CmsRecipientNotFound => actions.decrypt == Demand::Required,
            // What ordinary mail may have as well: a sloppy header, a list's footer around a signed part.
            Reason::MailMultipleFrom
            | Reason::MailHeaderMalformed
            | Reason::SmimeEnvelopeFromMismatch
            | Reason::SmimeUnsignedContent
            | Reason::SmimeCertsOnly => {
                facts.signed || facts.encrypted || finding.severity < Severity::Reject
            }
            // Whatever else is found is wrong with a layer, be it one that could not even be opened.
            _ => true,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inbound_failures_end_as_the_rule_says() {
        let conclude = |change: &dyn Fn(&mut Actions), facts: InboundFacts| {
            let mut actions = Actions::default();
            change(&mut actions);
            let (action, findings) = conclude_inbound(&actions, &facts);
            (
                action,
                findings.iter().map(|f| f.reason.code()).collect::<Vec<_>>(),
            )
        };
        let plain = || InboundFacts {
            findings: vec![Finding::new(Reason::SmimeNotSigned)],
            ..InboundFacts::default()
        };
        let bad = || InboundFacts {
            signed: true,
            findings: vec![Finding::new(Reason::CmsMessageDigestMismatch)],
            ..InboundFacts::default()
        };
        assert_eq!(conclude(&|_| (), plain()), (InboundAction::Deliver, vec![]));
        assert_eq!(
            conclude(&|a| a.verify = Demand::Required, plain()),
            (InboundAction::Reject, vec!["policy.signature-required"])
        );
        assert_eq!(
            conclude(&|a| a.require = vec![Require::Encrypted], plain()),
            (InboundAction::Reject, vec!["policy.encryption-required"])
        );
        let mismatch = vec!["cms.message-digest-mismatch"];
        assert_eq!(
            conclude(&|_| (), bad()),
            (InboundAction::Reject, mismatch.clone())
        );
        assert_eq!(
            conclude(&|a| a.on_failure = OnFailure::Mark, bad()),
            (InboundAction::Mark, mismatch.clone())
        );
        assert_eq!(
            conclude(&|a| a.on_failure = OnFailure::Pass, bad()),
            (InboundAction::Deliver, mismatch)
        );
        let locked = || InboundFacts {
            encrypted: true,
            findings: vec![Finding::new(Reason::CmsRecipientNotFound)],
            ..InboundFacts::default()
        };
        assert_eq!(
            conclude(&|_| (), locked()),
            (InboundAction::Deliver, vec![])
        );
        // What is not looked at is not held against a message.
        assert_eq!(
            conclude(&|a| a.verify = Demand::Off, bad()),
            (InboundAction::Deliver, vec![])
        );
        let broken = || InboundFacts {
            encrypted: true,
            findings: vec![Finding::new(Reason::CmsDecryptionFailed)],
            ..InboundFacts::default()
        };
        assert_eq!(
            conclude(&|a| a.verify = Demand::Off, broken()),
            (InboundAction::Reject, vec!["cms.decryption-failed"])
        );
        assert_eq!(
            conclude(&|a| a.decrypt = Demand::Off, broken()),
            (InboundAction::Deliver, vec![])
        );
        assert_eq!(
            conclude(
                &|a| {
                    a.verify = Demand::Off;
                    a.require = vec![Require::Signed];
                },
                bad()
            ),
            (
                InboundAction::Reject,
                vec!["cms.message-digest-mismatch", "policy.signature-required"]
            )
        );
        assert_eq!(
            conclude(&|a| a.decrypt = Demand::Required, locked()),
            (InboundAction::Reject, vec!["cms.recipient-not-found"])
        );
    }
}
