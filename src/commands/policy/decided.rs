//! What the policy decides about one message: the one decision that `check` explains and `apply`
//! carries out.

use crate::address::Address;
use crate::commands::policy::explanation::Explanation;
use crate::commands::policy::inbound::InboundCopy;
use crate::commands::policy::outbound::OutboundCopy;
use crate::keystore::StoredCertificate;
use crate::mail::Scan;
use crate::source::Source;

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
