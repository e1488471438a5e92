//! What `ca init` and `cert issue` share: key types, and what goes wrong.

use std::str::FromStr;

use crate::crypto::key::{KeyKind, KeyType};
use crate::error::{CommandError, ErrorKind};
use crate::nearest::find_nearest;
use crate::pki::issue::{IssueError, Usage};

/// The name of a key type on the command line.
#[derive(Clone, Copy, Debug)]
pub(super) struct KeyTypeName(KeyType);

impl FromStr for KeyTypeName {
    type Err = String;

    fn from_str(name: &str) -> Result<KeyTypeName, String> {
        KeyType::from_name(name).map(KeyTypeName).ok_or_else(|| {
            let names = KeyType::ALL.map(KeyType::name);
            match find_nearest(name, names) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the key types are {}", names.join(", ")),
            }
        })
    }
}

impl KeyTypeName {
    /// The key type.
    pub(super) fn key_type(self) -> KeyType {
        self.0
    }
}

/// What a key is for, on the command line.
#[derive(Clone, Copy, clap::ValueEnum)]
pub(super) enum UsageName {
    Sign,
    Encrypt,
    Both,
}

impl UsageName {
    /// What was asked for, or else everything that a key of that kind can be used for.
    pub(super) fn or_all(asked: Option<UsageName>, kind: KeyKind) -> Usage {
        match asked {
            None => Usage::all_of(kind),
            Some(UsageName::Sign) => Usage::Sign,
            Some(UsageName::Encrypt) => Usage::Encrypt,
            Some(UsageName::Both) => Usage::Both,
        }
    }
}

/// Why a certificate cannot be issued, as the end of a command.
pub(super) fn issue_error(error: IssueError) -> CommandError {
    let kind = match &error {
        IssueError::AddressMissing
        | IssueError::NameMissing
        | IssueError::NameInvalid { .. }
        | IssueError::UrlInvalid { .. }
        | IssueError::ValidityEmpty
        | IssueError::KeyUnsuitable { .. } => ErrorKind::Usage,
        IssueError::AuthorityNotCa
        | IssueError::AuthorityKeyMismatch
        | IssueError::AuthorityNotValid { .. } => ErrorKind::Configuration,
        IssueError::SerialNegative
        | IssueError::Key(_)
        | IssueError::Algorithm(_)
        | IssueError::Encoding => ErrorKind::Bug,
    };
    let expired = matches!(error, IssueError::AuthorityNotValid { .. });
    CommandError::new(kind, "cannot issue the certificate")
        .caused_by(error)
        .hint_if(expired, "Check the clock; `smime ca show` shows the CA.")
}
