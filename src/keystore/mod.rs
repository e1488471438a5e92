//! The keystore: a directory with the local CA, users' identities, correspondents' certificates, the
//! list of trusted CAs, the settings and the policy.
//!
//! # Layout
//!
//! ```text
//! DIR/                        0700, as every directory here; every file is 0600
//!   store                     names the generation in force
//!   lock                      held by whoever writes
//!   settings.toml  policy.toml
//!   serials/<serial>          one empty file for each serial number ever drawn
//!   crl-number                the number of the last CRL that the local CA issued
//!   tmp/                      files that are being written
//!   store-<random>/           a generation: everything that a reset removes
//!     authority.toml          names the local CA's certificate and key
//!     protection              `on` or `off`, once it was switched by hand
//!     certificates/<fingerprint>.pem    a certificate; never changes
//!     certificates/<fingerprint>.toml   its record: kind, origin, addresses, provenance
//!     trust/<fingerprint>.pem           a trusted CA
//!     crls/<issuer>-<scope>.crl         a CRL
//!     revoked/<serial>.toml             what the local CA has revoked, and why
//!     index/address/  serial/  key-identifier/  subject/
//!     keyset                  names the key set in force
//!     keys-<random>/keyset.toml         how the keys are protected (see `keys`)
//!     keys-<random>/<SHA-256 of SubjectPublicKeyInfo>.pem
//! ```
//!
//! # How it stays whole
//!
//! There is no journal. Every file is written in `tmp`, flushed, and renamed to its name (see
//! `durable`), and every change commits by the rename, or the removal, of one file:
//!
//! | change | commits with |
//! | --- | --- |
//! | creation, reset | `store` |
//! | a CA | `authority.toml` |
//! | a certificate, a change of its kind | its record |
//! | a trusted CA | its file in `trust` |
//! | a CRL | its file in `crls` |
//! | a revocation | its record in `revoked` |
//! | a key set, and with it a new passphrase | `keyset` |
//!
//! What is written before the commit is named by nothing yet (a certificate without a record, a key
//! that no record names, a generation that `store` does not name) or is a hint (an index line whose
//! certificate has no record or does not fit): readers pass over it. So readers need no lock, work on
//! read-only media, and a process that dies at any point leaves the old state or the new one.
//!
//! A reader that meets a reset between two files would see some of each state; it compares `store`
//! before and after, and reads again if it has changed. A damaged record is skipped and noted
//! ([`Keystore::damages`]), and so costs nothing but itself.
//!
//! An index entry is one file of fingerprints, one to a line, named after what is looked up. A search
//! for an address therefore opens as many files as there are certificates for it, however many are
//! stored in all. Entries are files and not directories of empty files, which halves the inodes that
//! ten thousand correspondents take.
//!
//! The format's number stands in `store` and not in a file of its own, so that one read tells both
//! format and generation, and a later format can be introduced by the same rename as its generation.
//!
//! The manual page smime-keystore(5) describes all of this for administrators.

mod archive;
mod authority;
mod batch;
mod certificates;
mod changes;
mod check;
mod crls;
mod durable;
mod error;
mod key_set;
mod keys;
mod layout;
mod lock;
mod medium;
mod record;
mod repair;
mod reset;
mod revocations;
mod select;
mod selector;
pub mod settings;
mod status;
mod trust;
mod view;
mod writer;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

pub use archive::Archive;
pub use authority::StoredAuthority;
pub use batch::Batch;
pub use certificates::Found;
pub use changes::{NewCertificate, Outcome};
pub use check::Check;
pub use crls::ListOutcome;
pub use error::KeystoreError;
pub use keys::{KeyName, KeyProtection, KeyRing, PassphraseSource};
pub use lock::LOCK_TIMEOUT;
pub use record::{Kind, Origin, Provenance, StoredCertificate};
pub use repair::Repair;
pub use reset::ResetPreview;
pub use revocations::StoredRevocation;
pub use select::{PassedOver, Selection, select};
pub use selector::{LEAST_DIGITS, Selector, SelectorError};
pub use settings::{Setting, Settings};
pub use status::{Status, expiring};
pub use view::Damage;
pub use writer::Writer;

use crate::limits;
use crate::policy::profile::Switch;
use error::io_error;
use layout::{Generation, Root};
use view::View;

/// How often a reader that was overtaken by a reset begins again.
const ATTEMPTS: usize = 5;

/// Names that may be in a directory that is made a keystore: what an interrupted creation leaves,
/// what an administrator put there beforehand, what file systems put at their root.
const EXPECTED: [&str; 7] = [
    "lock",
    "tmp",
    "serials",
    "crl-number",
    "settings.toml",
    "policy.toml",
    "lost+found",
];

/// A keystore, open for reading. Opening takes no lock and writes nothing.
#[derive(Debug)]
pub struct Keystore {
    root: Root,
    damages: Mutex<BTreeMap<PathBuf, String>>,
    /// Where the threads of this process queue to write. The lock on the file, which other processes
    /// honor, goes to whoever asks first when it is let go, and that might be the same thread again.
    writers: Mutex<()>,
}

impl Keystore {
    /// Opens the keystore in `dir`.
    ///
    /// # Errors
    /// [`KeystoreError::NotFound`] if there is none or its creation was never finished;
    /// [`KeystoreError::Foreign`] if it was written by a newer version;
    /// [`KeystoreError::ModesTooOpen`] if others may replace its files.
    pub fn open(dir: &Path) -> Result<Keystore, KeystoreError> {
        let keystore = Keystore::at(dir);
        keystore.generation()?;
        check_directory(dir)?;
        Ok(keystore)
    }

    /// Makes an empty keystore in `dir`, with protection off. The directory and its parents are made
    /// if they are missing.
    ///
    /// # Errors
    /// [`KeystoreError::Exists`] if there is a keystore already, the directory holds other things, or
    /// it is a file.
    pub fn create(dir: &Path, timeout: Duration) -> Result<Keystore, KeystoreError> {
        let keystore = Keystore::vacant(dir)?;
        Writer::create(&keystore, timeout)?;
        Ok(keystore)
    }

    /// A directory that may become a keystore, made if it is missing.
    fn vacant(dir: &Path) -> Result<Keystore, KeystoreError> {
        if fs::metadata(dir).is_ok_and(|metadata| !metadata.is_dir()) {
            let what = format!("{}, which is not a directory,", dir.display());
            return Err(KeystoreError::Exists { what });
        }
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(dir)
            .map_err(io_error("create directory", dir))?;
        check_directory(dir)?;
        check_vacant(dir)?;
        Ok(Keystore::at(dir))
    }

    fn at(dir: &Path) -> Keystore {
        Keystore {
            root: Root {
                dir: dir.to_owned(),
            },
            damages: Mutex::default(),
            writers: Mutex::default(),
        }
    }

    /// The directory.
    pub fn dir(&self) -> &Path {
        &self.root.dir
    }

    /// Locks the keystore for writing; waits for another writer for at most `timeout`.
    ///
    /// # Errors
    /// [`KeystoreError::Locked`].
    pub fn lock(&self, timeout: Duration) -> Result<Writer<'_>, KeystoreError> {
        Writer::open(self, timeout)
    }

    /// What was found damaged, and skipped, by everything read so far.
    pub fn damages(&self) -> Vec<Damage> {
        let damages = self.damages.lock().unwrap_or_else(PoisonError::into_inner);
        damages
            .iter()
            .map(|(file, what)| Damage {
                file: file.clone(),
                what: what.clone(),
            })
            .collect()
    }

    /// The settings in force.
    ///
    /// # Errors
    /// [`KeystoreError::SettingsInvalid`].
    pub fn settings(&self) -> Result<Settings, KeystoreError> {
        let path = self.root.settings();
        Settings::parse(&path, &self.settings_text()?)
    }

    fn settings_text(&self) -> Result<String, KeystoreError> {
        let path = self.root.settings();
        let bytes = durable::read(&path, limits::KEYSTORE_FILE)?.unwrap_or_default();
        String::from_utf8(bytes).map_err(|error| {
            let valid = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(&error.as_bytes()[..valid]).into_owned();
            settings::invalid(&path, &text, valid, "it is not UTF-8".to_owned())
        })
    }

    /// Whether mail is protected: on as soon as there is a local CA, unless it was switched off.
    ///
    /// # Errors
    /// The keystore cannot be read.
    pub fn protection(&self) -> Result<Switch, KeystoreError> {
        self.read(View::protection)
    }

    /// Where the policy file is, or would be.
    pub fn policy_path(&self) -> PathBuf {
        self.root.policy()
    }

    /// The policy file; `None` if there is none.
    ///
    /// # Errors
    /// It cannot be read, or is longer than [`limits::KEYSTORE_FILE`].
    pub fn policy(&self) -> Result<Option<Vec<u8>>, KeystoreError> {
        durable::read(&self.root.policy(), limits::KEYSTORE_FILE)
    }

    /// The generation in force.
    fn generation(&self) -> Result<Generation, KeystoreError> {
        let path = self.root.store();
        let bytes = match durable::read(&path, limits::KEYSTORE_FILE) {
            Ok(bytes) => bytes,
            // The keystore's own path leads through a file.
            Err(KeystoreError::Io { source, .. })
                if source.kind() == io::ErrorKind::NotADirectory =>
            {
                None
            }
            Err(error) => return Err(error),
        };
        let bytes = bytes.ok_or_else(|| KeystoreError::NotFound(self.root.dir.clone()))?;
        let name = layout::decode_store(&self.root, &bytes)?;
        Ok(self.root.generation(&name))
    }

    /// Reads from one generation only: begins again if a reset came in between.
    fn read<T>(
        &self,
        read: impl Fn(&View) -> Result<T, KeystoreError>,
    ) -> Result<T, KeystoreError> {
        for _ in 0..ATTEMPTS {
            let view = View::new(self.generation()?);
            let outcome = read(&view);
            if self.generation()? == *view.generation() {
                self.note(view);
                return outcome;
            }
        }
        Err(KeystoreError::Busy(self.root.dir.clone()))
    }

    fn note(&self, view: View) {
        let mut damages = self.damages.lock().unwrap_or_else(PoisonError::into_inner);
        for damage in view.into_damages() {
            damages.insert(damage.file, damage.what);
        }
    }

    /// For searches that cannot fail: notes the error among the damages.
    fn or_noted<T>(&self, outcome: Result<T, KeystoreError>) -> Option<T> {
        outcome
            .map_err(|error| {
                let mut damages = self.damages.lock().unwrap_or_else(PoisonError::into_inner);
                damages.insert(self.root.dir.clone(), error.to_string());
            })
            .ok()
    }
}

/// Refuses a directory whose files others could replace.
fn check_directory(dir: &Path) -> Result<(), KeystoreError> {
    let mode = fs::metadata(dir).map_err(io_error("examine", dir))?.mode();
    if mode & 0o022 != 0 {
        return Err(KeystoreError::ModesTooOpen {
            path: dir.to_owned(),
            mode: mode & 0o7777,
        });
    }
    Ok(())
}

/// Refuses a directory that holds something else than a keystore to be.
fn check_vacant(dir: &Path) -> Result<(), KeystoreError> {
    for entry in fs::read_dir(dir).map_err(io_error("list", dir))? {
        let name = entry.map_err(io_error("list", dir))?.file_name();
        let expected = name.to_str().is_some_and(|name| {
            EXPECTED.contains(&name) || layout::is_generated(name, Generation::PREFIX)
        });
        if !expected {
            let what = dir.join(name).display().to_string();
            return Err(KeystoreError::Exists { what });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
