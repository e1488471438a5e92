//! From a policy and the facts of a message to what happens to it.
//!
//! One decision, two uses: a check explains it, an application carries it out. It is made for each
//! recipient, because each may fall under a rule of their own.

mod inbound;
mod outbound;

use crate::address::Address;
use crate::policy::file::Policy;
use crate::policy::rule::{Actions, Exception, Occasion, Rule, Trial};

pub use inbound::{InboundAction, InboundFacts, conclude_inbound};
pub use outbound::{
    OutboundAction, OutboundFacts, RecipientDecision, RecipientFacts, decide_outbound,
};

/// The rule for one recipient, and how it was found.
#[derive(Clone, Debug)]
pub struct Selection<'p> {
    /// The rule that matched; `None`: the built-in default decides.
    pub rule: Option<&'p Rule>,
    /// Every rule tried, in order; the last one is the one that matched.
    pub trials: Vec<(&'p Rule, Trial)>,
    /// The rules behind the one that matched, which were not tried.
    pub untried: &'p [Rule],
}

impl<'p> Selection<'p> {
    /// Tries the rules in order for `recipient`.
    pub fn find(policy: &'p Policy, occasion: &Occasion<'_>, recipient: &Address) -> Self {
        let mut trials = Vec::new();
        for (index, rule) in policy.rules.iter().enumerate() {
            let trial = rule.try_for(occasion, recipient);
            let matched = trial.matched;
            trials.push((rule, trial));
            if matched {
                return Selection {
                    rule: Some(rule),
                    trials,
                    untried: &policy.rules[index + 1..],
                };
            }
        }
        Selection {
            rule: None,
            trials,
            untried: &[],
        }
    }

    /// The name of the rule, or of the built-in default.
    pub fn rule_name(&self) -> &str {
        self.rule.map_or("built-in default", |rule| &rule.name)
    }

    /// What the rule does.
    pub fn actions(&self) -> Actions {
        self.rule
            .map_or_else(Actions::default, |rule| rule.actions.clone())
    }

    /// Whether a kind of message is left alone. The built-in default encrypts nothing twice.
    fn excepts(&self, exception: Exception) -> bool {
        match self.rule {
            Some(rule) => rule.except.contains(&exception),
            None => exception == Exception::AlreadyEncrypted,
        }
    }
}
