//! What can go wrong with a keystore as a whole.
//!
//! One damaged record is not an error: it is skipped and noted as a
//! [`Damage`](super::Damage). Each variant says which exit status a command gives for it.

use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::crypto::key::KeyError;
use crate::crypto::password::PasswordError;
use crate::crypto::random::RandomError;

/// Why a keystore operation failed.
#[derive(Debug, thiserror::Error)]
pub enum KeystoreError {
    /// There is no keystore, or one whose creation was never finished. Status 78.
    #[error("there is no keystore at {}", .0.display())]
    NotFound(PathBuf),
    /// The directory holds something else, or was written by a newer version. Status 78.
    #[error("{} is not a keystore that this version can read: {what}", .dir.display())]
    Foreign {
        /// The directory.
        dir: PathBuf,
        /// What was found there.
        what: String,
    },
    /// A file that the operation cannot do without is damaged or missing. Status 78.
    #[error("the keystore file {} is damaged: {what}", .file.display())]
    Damaged {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// The settings file is invalid. Status 78.
    #[error("{}:{line}:{column}: {what}", .file.display())]
    SettingsInvalid {
        /// The file.
        file: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The column in characters, from 1.
        column: usize,
        /// What is wrong there.
        what: String,
    },
    /// There is no local CA, which the operation needs. Status 78.
    #[error("the keystore has no local CA")]
    AuthorityMissing,
    /// No setting has that name. Status 2.
    #[error("there is no setting `{key}`{}", did_you_mean(.nearest))]
    SettingUnknown {
        /// The name that was given.
        key: String,
        /// The nearest name there is, if one is near.
        nearest: Option<String>,
    },
    /// The setting cannot have that value. Status 2.
    #[error("setting `{key}`: {what}")]
    SettingValue {
        /// The setting.
        key: String,
        /// What is wrong with the value.
        what: String,
    },
    /// The thing that is to be created is there already. Status 73.
    #[error("{what} exists already")]
    Exists {
        /// What is there.
        what: String,
    },
    /// No more of a kind is stored. Status 73.
    #[error("the keystore holds {what} already, and takes no more")]
    Full {
        /// How many of what are there.
        what: String,
    },
    /// Another process holds the lock. Status 75.
    #[error("the keystore {} is locked by another process (waited {})", .dir.display(), seconds(.waited))]
    Locked {
        /// The keystore.
        dir: PathBuf,
        /// How long was waited.
        waited: Duration,
    },
    /// The keystore was replaced again and again while it was read. Status 75.
    #[error("the keystore {} keeps changing while it is read", .0.display())]
    Busy(PathBuf),
    /// Others could read a key, or replace files of the keystore. Status 77.
    #[error("{} is accessible to others (mode {:04o})", .path.display(), .mode)]
    ModesTooOpen {
        /// The file or directory.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// A key file belongs to somebody else, or is not a regular file. Status 77.
    #[error("{} is not a file of the keystore's owner: {what}", .path.display())]
    NotOwned {
        /// The file.
        path: PathBuf,
        /// What it is.
        what: String,
    },
    /// The keys are protected, and their passphrase cannot be had. Status 77, unless the source of
    /// passphrases says otherwise.
    #[error("the passphrase of the keystore is needed")]
    Passphrase(#[source] Box<dyn Error + Send + Sync>),
    /// The passphrase that was given is empty. Status 77.
    #[error("the passphrase given for the keystore is empty")]
    PassphraseEmpty,
    /// The passphrase is not the one of the keys. Status 77.
    #[error("the passphrase of the keystore is wrong")]
    PassphraseWrong,
    /// Reading or writing failed. Status 74.
    #[error("cannot {doing} {}", .path.display())]
    Io {
        /// What was being done, as a verb.
        doing: &'static str,
        /// To which file or directory.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A key cannot be made or encoded. Status 70: no key this program makes or reads is so.
    #[error("the private key cannot be encoded: {0}")]
    Key(#[from] KeyError),
    /// A key cannot be encrypted. Status 70.
    #[error("the private key cannot be encrypted: {0}")]
    Encryption(#[from] PasswordError),
    /// The operating system gives no random numbers. Status 74.
    #[error(transparent)]
    Random(#[from] RandomError),
}

impl KeystoreError {
    /// Makes the error of a value that has no text form, which none is known to lack.
    pub(super) fn encoding(path: &Path, error: toml::ser::Error) -> KeystoreError {
        io_error("encode", path)(io::Error::other(error))
    }

    /// What the user can do about it, where that is known.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            KeystoreError::NotFound(dir) => format!(
                "`smime -k {} ca init` makes one; smime-tutorial(7) goes through the first steps",
                dir.display()
            ),
            KeystoreError::AuthorityMissing => "`smime ca init` makes one".to_owned(),
            KeystoreError::Foreign { .. } => {
                "give the keystore with `--keystore DIR` or SMIME_KEYSTORE".to_owned()
            }
            KeystoreError::Locked { .. } | KeystoreError::Busy(_) => "try again".to_owned(),
            KeystoreError::ModesTooOpen { path, .. } => {
                format!("`chmod go= {}`", path.display())
            }
            KeystoreError::PassphraseEmpty => "keys without a passphrase are made with \
                `--no-passphrase`"
                .to_owned(),
            KeystoreError::SettingsInvalid { .. } => {
                "correct that line, or remove it: what is left out has its default".to_owned()
            }
            KeystoreError::SettingUnknown { .. } => "`smime settings` lists them".to_owned(),
            _ => return None,
        };
        Some(hint)
    }
}

/// Makes the error of a failed system call on `path`.
pub(super) fn io_error<'a>(
    doing: &'static str,
    path: &'a Path,
) -> impl FnOnce(io::Error) -> KeystoreError + use<'a> {
    move |source| KeystoreError::Io {
        doing,
        path: path.to_owned(),
        source,
    }
}

/// The tail of a message about an unknown name.
pub(super) fn did_you_mean(nearest: &Option<String>) -> String {
    match nearest {
        Some(name) => format!("; did you mean `{name}`?"),
        None => String::new(),
    }
}

fn seconds(waited: &Duration) -> String {
    format!("{} s", waited.as_secs_f32())
}
