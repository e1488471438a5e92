//! How the failures of the keystore end, and opening it.

use crate::commands::Context;
use crate::error::{CommandError, ErrorKind};
use crate::keystore::{Keystore, KeystoreError};

impl Context {
    /// Opens the keystore for reading.
    ///
    /// # Errors
    /// As [`Context::keystore_path`]; there is none (78), or its modes are too open (77).
    pub fn keystore(&self) -> Result<Keystore, CommandError> {
        Ok(Keystore::open(&self.keystore_path()?)?)
    }
}

impl From<KeystoreError> for CommandError {
    fn from(error: KeystoreError) -> CommandError {
        // What our own source of passphrases said comes back as it was.
        let error = match error {
            KeystoreError::Passphrase(source) => match source.downcast::<CommandError>() {
                Ok(error) => return *error,
                Err(source) => KeystoreError::Passphrase(source),
            },
            error => error,
        };
        let kind = kind(&error);
        let hint = error.hint().map(|hint| sentence(&hint));
        let context = error.to_string();
        let failed = match error {
            KeystoreError::Io { source, .. } => CommandError::io(context, source),
            KeystoreError::Passphrase(source) => CommandError::new(kind, context).caused_by(source),
            _ => CommandError::new(kind, context),
        };
        match hint {
            Some(hint) => failed.hint(hint),
            None => failed,
        }
    }
}

fn kind(error: &KeystoreError) -> ErrorKind {
    use KeystoreError as Error;
    match error {
        Error::NotFound(_)
        | Error::Foreign { .. }
        | Error::Damaged { .. }
        | Error::SettingsInvalid { .. }
        | Error::AuthorityMissing => ErrorKind::Configuration,
        Error::SettingUnknown { .. } | Error::SettingValue { .. } => ErrorKind::Usage,
        Error::Exists { .. } | Error::Full { .. } => ErrorKind::CannotCreate,
        Error::Locked { .. } | Error::Busy(_) => ErrorKind::Temporary,
        Error::ModesTooOpen { .. }
        | Error::NotOwned { .. }
        | Error::Passphrase(_)
        | Error::PassphraseEmpty
        | Error::PassphraseWrong => ErrorKind::Denied,
        Error::Key(_) | Error::Encryption(_) => ErrorKind::Bug,
        Error::Io { .. } | Error::Random(_) => ErrorKind::Io,
    }
}

/// A hint as people read it: a capital first, a stop last.
fn sentence(hint: &str) -> String {
    let mut letters = hint.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    let mut sentence: String = first.chain(letters).collect();
    if !sentence.ends_with(['.', '?']) {
        sentence.push('.');
    }
    sentence
}
