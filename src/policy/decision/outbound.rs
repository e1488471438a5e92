//! What happens to an outbound message, for each recipient.

use crate::address::Address;
use crate::policy::decision::Selection;
use crate::policy::file::Policy;
use crate::policy::rule::{Demand, Encrypt, Exception, Occasion};
use crate::reason::{Reason, Severity};
use crate::verdict::{Finding, rejects};

/// What is known of an outbound message.
pub struct OutboundFacts<'a> {
    /// What rules are tried on.
    pub occasion: Occasion<'a>,
    /// Why it does not conform to MIME; empty if it does.
    pub nonconformance: Vec<Finding>,
    /// Whether it is a calendar message.
    pub calendar: bool,
    /// Whether it is signed already, by S/MIME or PGP.
    pub already_signed: bool,
    /// Whether it is encrypted already, by S/MIME or PGP.
    pub already_encrypted: bool,
    /// Whether the sender has a usable certificate and key.
    pub signer_available: bool,
    /// The recipients of header and envelope.
    pub recipients: Vec<RecipientFacts>,
}

/// What is known of a recipient.
#[derive(Clone, Debug)]
pub struct RecipientFacts {
    /// The address.
    pub address: Address,
    /// Whether a usable certificate for encryption is stored.
    pub certificate_available: bool,
    /// Whether this delivery goes to the recipient. "Everyone or nobody" is judged over all.
    pub delivered: bool,
}

/// What happens to the copy for one recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutboundAction {
    /// It goes out as it came.
    PassOn,
    /// It is signed, encrypted, or both, in this order.
    Protect {
        /// It is signed.
        sign: bool,
        /// It is encrypted.
        encrypt: bool,
    },
    /// It is rejected.
    Reject,
}

impl OutboundAction {
    /// The words of the report.
    pub fn words(self) -> Vec<&'static str> {
        match self {
            OutboundAction::PassOn => vec!["pass"],
            OutboundAction::Reject => vec!["reject"],
            OutboundAction::Protect { sign, encrypt } => [(sign, "sign"), (encrypt, "encrypt")]
                .into_iter()
                .filter_map(|(done, word)| done.then_some(word))
                .collect(),
        }
    }
}

/// The decision for one recipient.
#[derive(Clone, Debug)]
pub struct RecipientDecision<'p> {
    /// The recipient.
    pub address: Address,
    /// Whether this delivery goes to the recipient.
    pub delivered: bool,
    /// The rule, and how it was found.
    pub selection: Selection<'p>,
    /// What happens.
    pub action: OutboundAction,
    /// Why.
    pub findings: Vec<Finding>,
}

/// Decides what happens to an outbound message, for each recipient.
pub fn decide_outbound<'p>(
    policy: &'p Policy,
    facts: &OutboundFacts<'_>,
) -> Vec<RecipientDecision<'p>> {
    let selected: Vec<(&RecipientFacts, Selection<'p>)> = facts
        .recipients
        .iter()
        .map(|recipient| {
            (
                recipient,
                Selection::find(policy, &facts.occasion, &recipient.address),
            )
        })
        .collect();
    selected
        .iter()
        .map(|(recipient, selection)| {
            // Those under the same rule share its fate where it demands everyone or nobody.
            let missing: Vec<&Address> = selected
                .iter()
                .filter(|(other, other_selection)| {
                    same_rule(selection, other_selection) && !other.certificate_available
                })
                .map(|(other, _)| &other.address)
                .collect();
            let (action, mut findings) = decide_copy(facts, recipient, selection, &missing);
            if selection.rule.is_none() {
                findings.push(Finding::new(Reason::PolicyNoRuleMatched));
            }
            RecipientDecision {
                address: recipient.address.clone(),
                delivered: recipient.delivered,
                selection: selection.clone(),
                action,
                findings,
            }
        })
        .collect()
}

fn same_rule(left: &Selection<'_>, right: &Selection<'_>) -> bool {
    match (left.rule, right.rule) {
        (Some(left), Some(right)) => std::ptr::eq(left, right),
        (left, right) => left.is_none() && right.is_none(),
    }
}

/// What happens by the rule, or by the built-in default; the first finding says why.
fn decide_copy(
    facts: &OutboundFacts<'_>,
    recipient: &RecipientFacts,
    selection: &Selection<'_>,
    missing: &[&Address],
) -> (OutboundAction, Vec<Finding>) {
    let mut findings = Vec::new();
    if let Some(reason) = left_alone(facts, selection) {
        findings.extend(facts.nonconformance.iter().map(|finding| {
            // It is no ground for rejection where nothing is processed.
            finding.clone().weighing(Severity::Info)
        }));
        findings.push(Finding::new(reason));
        return (OutboundAction::PassOn, findings);
    }
    let actions = selection.actions();
    // A rule that signs what is signed already is meant to; nobody has asked the default for it.
    let is_enough = selection.rule.is_none() && facts.already_signed;
    if is_enough {
        findings.push(Finding::new(Reason::PolicyAlreadySigned));
    }
    let sign = match actions.sign {
        _ if is_enough => false,
        Demand::Off => false,
        Demand::IfPossible => facts.signer_available,
        Demand::Required => {
            if !facts.signer_available {
                let finding = Finding::new(Reason::PolicySignerCertificateMissing);
                findings.push(match facts.occasion.sender {
                    Some(sender) => finding
                        .with("address", sender)
                        .hinting(format!("Run `smime cert issue {sender}`, or import one.")),
                    None => finding.saying(
                        "the rule requires a signature, and there is no one sender in From",
                    ),
                });
            }
            facts.signer_available
        }
    };
    let certificate_missing = |addresses: &[&Address]| {
        let listed: Vec<_> = addresses.iter().map(|address| address.as_str()).collect();
        Finding::new(Reason::PolicyRecipientCertificateMissing).with("address", listed.join(", "))
    };
    let encrypt = match actions.encrypt {
        Encrypt::Off => false,
        Encrypt::OthersPlain => recipient.certificate_available,
        Encrypt::OthersReject => {
            if !recipient.certificate_available {
                findings.push(certificate_missing(&[&recipient.address]));
            }
            recipient.certificate_available
        }
        Encrypt::Required => {
            if !missing.is_empty() {
                findings.push(certificate_missing(missing));
            }
            missing.is_empty()
        }
    };
    if rejects(&findings) {
        return (OutboundAction::Reject, findings);
    }
    if !sign && !encrypt {
        if !is_enough {
            findings.push(Finding::new(Reason::PolicyNotProcessed));
        }
        return (OutboundAction::PassOn, findings);
    }
    (OutboundAction::Protect { sign, encrypt }, findings)
}

/// Why a message is passed on whatever its rule would do.
fn left_alone(facts: &OutboundFacts<'_>, selection: &Selection<'_>) -> Option<Reason> {
    if !facts.nonconformance.is_empty() {
        return Some(Reason::PolicyNotProcessed);
    }
    if facts.already_encrypted && selection.excepts(Exception::AlreadyEncrypted) {
        return Some(Reason::PolicyAlreadyEncrypted);
    }
    if facts.already_signed && selection.excepts(Exception::AlreadySigned) {
        return Some(Reason::PolicyAlreadySigned);
    }
    (facts.calendar && selection.excepts(Exception::Calendar)).then_some(Reason::PolicyNotProcessed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::rule::Direction;

    const POLICY: &str = r#"
        [[rule]]
        name = "partner"
        direction = "outbound"
        external = ["*@partner.example"]
        except = ["already-signed", "calendar"]
        sign = "required"
        encrypt = "required"
        [[rule]]
        name = "careful"
        direction = "outbound"
        external = ["*@careful.example"]
        sign = "off"
        encrypt = "others-reject"
        [[rule]]
        name = "plain"
        direction = "outbound"
        external = ["*@plain.example"]
        sign = "off"
        encrypt = "off"
    "#;

    fn facts<'a>(sender: &'a Address, recipients: &[(&str, bool)]) -> OutboundFacts<'a> {
        OutboundFacts {
            occasion: Occasion {
                direction: Direction::Outbound,
                sender: Some(sender),
                subject: "",
                header_values: &|_| Vec::new(),
            },
            nonconformance: Vec::new(),
            calendar: false,
            already_signed: false,
            already_encrypted: false,
            signer_available: true,
            recipients: recipients
                .iter()
                .map(|(address, certificate_available)| RecipientFacts {
                    address: Address::parse(address).unwrap(),
                    certificate_available: *certificate_available,
                    delivered: true,
                })
                .collect(),
        }
    }

    fn outcome(facts: &OutboundFacts<'_>) -> Vec<(OutboundAction, Vec<&'static str>)> {
        let policy = Policy::parse(POLICY).unwrap();
        decide_outbound(&policy, facts)
            .into_iter()
            .map(|decision| {
                let codes = decision
                    .findings
                    .iter()
                    .map(|finding| finding.reason.code());
                (decision.action, codes.collect())
            })
            .collect()
    }

    const BOTH: OutboundAction = OutboundAction::Protect {
        sign: true,
        encrypt: true,
    };

    #[test]
    fn encrypt_required_is_for_everyone_or_nobody_under_that_rule() {
        let sender = Address::parse("user@example.com").unwrap();
        let all = facts(
            &sender,
            &[("a@partner.example", true), ("b@partner.example", true)],
        );
        assert_eq!(outcome(&all), [(BOTH, vec![]), (BOTH, vec![])]);
        let some = facts(
            &sender,
            &[
                ("a@partner.example", true),
                ("b@partner.example", false),
                ("c@other.example", false),
            ],
        );
        let missing = vec!["policy.recipient-certificate-missing"];
        let plain = OutboundAction::Protect {
            sign: true,
            encrypt: false,
        };
        assert_eq!(
            outcome(&some),
            [
                (OutboundAction::Reject, missing.clone()),
                (OutboundAction::Reject, missing),
                (plain, vec!["policy.no-rule-matched"]),
            ]
        );
    }

    #[test]
    fn others_reject_and_others_plain_look_at_each_recipient() {
        let sender = Address::parse("user@example.com").unwrap();
        let facts = facts(
            &sender,
            &[
                ("a@careful.example", true),
                ("b@careful.example", false),
                ("c@other.example", true),
            ],
        );
        assert_eq!(
            outcome(&facts),
            [
                (
                    OutboundAction::Protect {
                        sign: false,
                        encrypt: true
                    },
                    vec![]
                ),
                (
                    OutboundAction::Reject,
                    vec!["policy.recipient-certificate-missing"]
                ),
                (BOTH, vec!["policy.no-rule-matched"]),
            ]
        );
    }

    #[test]
    fn exceptions_and_nonconforming_mail_pass_as_they_are() {
        let sender = Address::parse("user@example.com").unwrap();
        let mut signed = facts(&sender, &[("a@partner.example", false)]);
        signed.already_signed = true;
        assert_eq!(
            outcome(&signed),
            [(OutboundAction::PassOn, vec!["policy.already-signed"])]
        );
        let mut odd = facts(&sender, &[("a@partner.example", true)]);
        odd.nonconformance.push(Finding::new(Reason::MailNotMime));
        assert_eq!(
            outcome(&odd),
            [(
                OutboundAction::PassOn,
                vec!["mail.not-mime", "policy.not-processed"]
            )]
        );
        let off = facts(&sender, &[("a@plain.example", true)]);
        assert_eq!(
            outcome(&off),
            [(OutboundAction::PassOn, vec!["policy.not-processed"])]
        );
    }

    #[test]
    fn the_default_protects_nothing_twice() {
        let sender = Address::parse("user@example.com").unwrap();
        let mut facts = facts(
            &sender,
            &[("a@other.example", true), ("b@other.example", false)],
        );
        let codes = |code| vec![code, "policy.no-rule-matched"];
        facts.already_signed = true;
        let encrypted = OutboundAction::Protect {
            sign: false,
            encrypt: true,
        };
        assert_eq!(
            outcome(&facts),
            [
                (encrypted, codes("policy.already-signed")),
                (OutboundAction::PassOn, codes("policy.already-signed")),
            ]
        );
        facts.already_signed = false;
        facts.already_encrypted = true;
        let passed = (OutboundAction::PassOn, codes("policy.already-encrypted"));
        assert_eq!(outcome(&facts), [passed.clone(), passed]);
    }

    #[test]
    fn a_missing_signer_rejects_only_where_the_rule_demands_one() {
        let sender = Address::parse("user@example.com").unwrap();
        let mut facts = facts(
            &sender,
            &[("a@partner.example", true), ("b@other.example", false)],
        );
        facts.signer_available = false;
        assert_eq!(
            outcome(&facts),
            [
                (
                    OutboundAction::Reject,
                    vec!["policy.signer-certificate-missing"]
                ),
                (
                    OutboundAction::PassOn,
                    vec!["policy.not-processed", "policy.no-rule-matched"]
                ),
            ]
        );
    }
}
