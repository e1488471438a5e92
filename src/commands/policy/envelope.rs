//! The envelope of a message, and whom it goes to.

use crate::address::Address;
use crate::commands::revocation::RevocationArgs;
use crate::commands::verify::bare_address;
use crate::error::CommandError;
use crate::mail::HeaderFields;
use crate::policy::rule::Direction;

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

    /// The envelope recipients, else those of the header.
    pub(super) fn recipients_or_none(&self, header: Option<&HeaderFields>) -> Vec<Address> {
        match header {
            Some(header) if self.envelope_to.is_empty() => {
                header.to_and_cc().into_iter().chain(header.bcc()).collect()
            }
            _ => self.envelope_to.clone(),
        }
    }

    /// The recipients of an inbound message, each once.
    ///
    /// # Errors
    /// There is none (2).
    pub(super) fn inbound_recipients(
        &self,
        header: &HeaderFields,
    ) -> Result<Vec<Address>, CommandError> {
        let mut recipients: Vec<Address> = Vec::new();
        for address in match self.envelope_to.is_empty() {
            true => header.to_and_cc(),
            false => self.envelope_to.clone(),
        } {
            if !recipients.contains(&address) {
                recipients.push(address);
            }
        }
        match recipients.is_empty() {
            true => Err(no_recipient()),
            false => Ok(recipients),
        }
    }

    /// All recipients of header and envelope of an outbound message, each once, and whether this
    /// delivery goes to them.
    ///
    /// # Errors
    /// There is none (2).
    pub(super) fn outbound_recipients(
        &self,
        header: &HeaderFields,
    ) -> Result<Vec<(Address, bool)>, CommandError> {
        let listed = header.to_and_cc().into_iter().chain(header.bcc());
        let mut recipients: Vec<(Address, bool)> = Vec::new();
        for address in listed.chain(self.envelope_to.iter().cloned()) {
            if recipients.iter().all(|(known, _)| *known != address) {
                let delivered = self.envelope_to.is_empty() || self.envelope_to.contains(&address);
                recipients.push((address, delivered));
            }
        }
        match recipients.is_empty() {
            true => Err(no_recipient()),
            false => Ok(recipients),
        }
    }
}

/// That nobody is there to send it to.
pub(super) fn no_recipient() -> CommandError {
    CommandError::usage("the message names no recipient")
        .hint("Give the envelope recipients with --envelope-to ADDRESS.")
}
