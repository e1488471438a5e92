//! Who decides about messages: the policy in force, and what it is judged by.

use std::path::Path;

use crate::address::Address;
use crate::commands::Context;
use crate::commands::lookup::{Lookups, TrustArgs};
use crate::commands::policy::decided::{Decided, Steps};
use crate::commands::policy::envelope::MessageArgs;
use crate::commands::policy::explanation::Explanation;
use crate::commands::policy::{inbound, outbound, policy_in_force};
use crate::error::CommandError;
use crate::keystore::Settings;
use crate::mail::{self, FromField, HeaderFields, MailError};
use crate::policy::file::Policy;
use crate::policy::profile::{Profile, Switch};
use crate::policy::rule::{Direction, Rule};
use crate::reason::{Reason, Severity};
use crate::source::Source;
use crate::stdio::input_name;
use crate::verdict::{Finding, Outcome, Verdict};

/// What decisions are made with; opened once for several messages.
pub(super) struct Judge<'c> {
    context: &'c Context,
    args: &'c MessageArgs,
    /// `None` while protection is off.
    active: Option<Active<'c>>,
}

/// The policy and what it is judged by.
pub(super) struct Active<'c> {
    pub(super) lookups: Lookups<'c>,
    pub(super) policy: Policy,
    /// The settings where no rule says otherwise.
    pub(super) profile: Profile,
    /// The name that results are noted under, if one is set.
    pub(super) authserv_id: Option<String>,
}

impl Active<'_> {
    /// The settings under a rule, or where none matches.
    pub(super) fn profile_under(&self, rule: Option<&Rule>) -> Profile {
        match rule {
            Some(rule) => rule.overrides.apply(&self.profile),
            None => self.profile.clone(),
        }
    }
}

impl<'c> Judge<'c> {
    /// Opens the keystore and reads the policy.
    ///
    /// # Errors
    /// There is no keystore, or the policy file is invalid (78); a file of CRLs cannot be read.
    pub(super) fn open(
        context: &'c Context,
        args: &'c MessageArgs,
    ) -> Result<Judge<'c>, CommandError> {
        let keystore = context.keystore()?;
        let active = match keystore.protection()? {
            Switch::Off => None,
            Switch::On => {
                let policy = policy_in_force(&keystore)?;
                let mut lookups = Lookups::open(context, &[], &TrustArgs::default())?;
                lookups.add_lists(args.revocation.lists(context)?);
                let Settings {
                    mut profile,
                    authserv_id,
                    ..
                } = keystore.settings()?;
                profile.revocation = args.revocation.mode(profile.revocation);
                Some(Active {
                    lookups,
                    policy,
                    profile,
                    authserv_id,
                })
            }
        };
        Ok(Judge {
            context,
            args,
            active,
        })
    }

    /// What the decision was made with; `None` while protection is off.
    pub(super) fn active(&self) -> Option<&Active<'c>> {
        self.active.as_ref()
    }

    /// Decides what happens to a message. Nothing is changed.
    ///
    /// # Errors
    /// It is empty (65), or names no recipient and none was given (2); reading or a lookup fails.
    pub(super) fn decide(
        &self,
        source: Source,
        path: Option<&Path>,
    ) -> Result<Decided, CommandError> {
        let scan = match mail::scan(&source) {
            Ok(scan) => Some(scan),
            Err(MailError::Io(error)) => {
                let what = format!("cannot read {}", input_name(path));
                return Err(CommandError::io(what, error));
            }
            Err(error) if source.is_empty() => {
                return Err(
                    CommandError::data(format!("cannot read {}", input_name(path)))
                        .caused_by(error)
                        .hint("The input has to be a mail message."),
                );
            }
            // What does not even begin like a message is not processed, as other mail without MIME.
            Err(_) => None,
        };
        let header = scan.as_ref().map(|scan| &scan.root.header);
        let mut explanation = Explanation::new(
            self.args.direction,
            Verdict {
                message: header.map(HeaderFields::facts).unwrap_or_default(),
                ..Verdict::default()
            },
        );
        let message = &mut explanation.verdict.message;
        message.envelope_from = self.args.sender().map(str::to_owned);
        message.envelope_to = self
            .args
            .envelope_to
            .iter()
            .map(ToString::to_string)
            .collect();
        let addressed = self.args.recipients_or_none(header);
        let (Some(scan), Some(active)) = (scan, &self.active) else {
            explanation.verdict.findings = match self.active {
                None => vec![Finding::new(Reason::PolicyProtectionDisabled)],
                Some(_) => vec![
                    Finding::new(Reason::MailHeaderMalformed).weighing(Severity::Info),
                    Finding::new(Reason::PolicyNotProcessed),
                ],
            };
            return Ok(Decided {
                steps: Steps::PassOn(addressed),
                explanation,
                source,
            });
        };
        let steps = match self.args.direction {
            Direction::Outbound => {
                outbound::decide(&mut explanation, scan, self.args, active, self.context)?
            }
            Direction::Inbound => {
                inbound::decide(&mut explanation, &source, &scan, self.args, active)?
            }
        };
        explanation.summarize();
        if explanation.outcome() != Outcome::Rejected && !steps.make_one_message() {
            let findings = &mut explanation.verdict.findings;
            findings.push(Finding::new(Reason::PolicyCopiesDiffer));
        }
        Ok(Decided {
            source,
            explanation,
            steps,
        })
    }
}

/// The author, if there is one.
pub(super) fn author(header: &HeaderFields) -> Option<Address> {
    match header.from_field() {
        FromField::One { address, .. } => Some(address),
        _ => None,
    }
}
