//! What the policy decides about one message: the one decision that `check` explains and `apply`
//! carries out.

use std::path::Path;

use crate::address::Address;
use crate::commands::Context;
use crate::commands::lookup::{Lookups, TrustArgs};
use crate::commands::policy::explanation::Explanation;
use crate::commands::policy::inbound::InboundCopy;
use crate::commands::policy::outbound::OutboundCopy;
use crate::commands::policy::{inbound, outbound, policy_in_force};
use crate::commands::revocation::RevocationArgs;
use crate::commands::verify::bare_address;
use crate::error::CommandError;
use crate::keystore::{Keystore, Settings, StoredCertificate};
use crate::mail::{self, FromField, HeaderFields, MailError, Scan};
use crate::policy::file::Policy;
use crate::policy::profile::{Profile, Switch};
use crate::policy::rule::Direction;
use crate::reason::{Reason, Severity};
use crate::source::Source;
use crate::stdio::input_name;
use crate::verdict::{Finding, Outcome, Verdict};

/// Which way the message goes, and its envelope.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct MessageArgs {
    /// Which way the message goes: outbound or inbound.
    #[arg(long, value_name = "DIRECTION", value_parser = direction)]
    pub(super) direction: Direction,
    /// The envelope sender; `<>` is the null sender.
    #[arg(long, value_name = "ADDR")]
    envelope_from: Option<String>,
    /// An envelope recipient; without any, those of To and Cc (and Bcc).
    #[arg(long, value_name = "ADDR")]
    pub(super) envelope_to: Vec<Address>,
    #[command(flatten)]
    pub(super) revocation: RevocationArgs,
}

fn direction(word: &str) -> Result<Direction, String> {
    Direction::from_word(word).ok_or_else(|| crate::commands::not_one_of(word, Direction::WORDS))
}

impl MessageArgs {
    /// The envelope sender without angle brackets; empty for the null sender.
    pub(super) fn sender(&self) -> Option<&str> {
        self.envelope_from.as_deref().map(bare_address)
    }
}

/// What is decided about a message, and what is needed to do it.
pub(super) struct Decided {
    /// The message as it came.
    pub(super) source: Source,
    /// The decision in the words of the report.
    pub(super) explanation: Explanation,
    /// What is to be done.
    pub(super) steps: Steps,
}

/// What is to be done with a message.
pub(super) enum Steps {
    /// It goes on as it came, whatever the rules say, to these recipients.
    PassOn(Vec<Address>),
    /// One copy for each group of recipients with the same outcome.
    Outbound {
        /// The message in its parts.
        scan: Box<Scan>,
        /// Who signs.
        signer: Option<Box<StoredCertificate>>,
        /// The copies.
        copies: Vec<OutboundCopy>,
    },
    /// One copy for each rule that matched.
    Inbound(Vec<InboundCopy>),
}

impl Steps {
    /// Whether all recipients get the same message.
    pub(super) fn make_one_message(&self) -> bool {
        match self {
            Steps::PassOn(_) => true,
            Steps::Outbound { copies, .. } => {
                let same = |pair: &[OutboundCopy]| pair[0].is_same_message(&pair[1]);
                copies.windows(2).all(same)
            }
            Steps::Inbound(copies) => copies.len() <= 1,
        }
    }
}

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
}

impl Active<'_> {
    /// The settings of the keystore.
    ///
    /// # Errors
    /// They are invalid (78).
    pub(super) fn settings(&self) -> Result<Settings, CommandError> {
        let keystore = self.lookups.keystore();
        let settings = keystore.map(Keystore::settings).transpose()?;
        Ok(settings.unwrap_or_default())
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
                let mut profile = lookups.profile()?;
                profile.revocation = args.revocation.mode(profile.revocation);
                Some(Active {
                    lookups,
                    policy,
                    profile,
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
        let addressed = recipients_or_none(header, self.args);
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

/// The envelope recipients, else those of the header.
fn recipients_or_none(header: Option<&HeaderFields>, args: &MessageArgs) -> Vec<Address> {
    match header {
        Some(header) if args.envelope_to.is_empty() => {
            header.to_and_cc().into_iter().chain(header.bcc()).collect()
        }
        _ => args.envelope_to.clone(),
    }
}

/// That nobody is there to send it to.
pub(super) fn no_recipient() -> CommandError {
    CommandError::usage("the message names no recipient")
        .hint("Give the envelope recipients with --envelope-to ADDRESS.")
}

/// The author, if there is one.
pub(super) fn author(header: &HeaderFields) -> Option<Address> {
    match header.from_field() {
        FromField::One { address, .. } => Some(address),
        _ => None,
    }
}
