//! The one writer: everything that changes a keystore goes through it.

use std::fs;
use std::path::Path;
use std::sync::{MutexGuard, PoisonError};
use std::time::Duration;

use super::Keystore;
use super::durable::{self, Scratch};
use super::error::KeystoreError;
use super::layout::{self, Generation};
use super::lock::Lock;
use super::medium;
use super::settings::{self, Setting};
use super::view::View;
use crate::crypto::random;
use crate::pki::SerialNumber;
use crate::policy::profile::Switch;

/// The keystore, locked for writing until this is dropped.
#[derive(Debug)]
pub struct Writer<'a> {
    pub(super) keystore: &'a Keystore,
    pub(super) scratch: Scratch,
    pub(super) generation: Generation,
    _lock: Lock,
    _turn: MutexGuard<'a, ()>,
}

impl<'a> Writer<'a> {
    /// Locks a keystore that exists, and removes what killed processes left behind.
    pub(super) fn open(
        keystore: &'a Keystore,
        timeout: Duration,
    ) -> Result<Writer<'a>, KeystoreError> {
        let root = &keystore.root;
        let turn = keystore.writers.lock();
        let turn = turn.unwrap_or_else(PoisonError::into_inner);
        let lock = Lock::acquire(&root.dir, &root.lock(), timeout)?;
        // Only now: a reset may have come before us.
        let generation = keystore.generation()?;
        let scratch = Scratch::open(root.scratch(), durable::owner(&root.dir)?)?;
        scratch.sweep();
        sweep_directories(&root.dir, Generation::PREFIX, &generation.dir);
        let view = View::new(generation.clone());
        if let Ok(Some(keys)) = view.key_set() {
            sweep_directories(&generation.dir, Generation::KEYS_PREFIX, &keys);
        }
        Ok(Writer {
            keystore,
            scratch,
            generation,
            _lock: lock,
            _turn: turn,
        })
    }

    /// Makes a keystore where none is.
    pub(super) fn create(keystore: &Keystore, timeout: Duration) -> Result<(), KeystoreError> {
        Writer::create_with(keystore, timeout, |scratch| {
            make_generation(keystore, scratch)
        })
    }

    /// Makes a keystore where none is, in which the generation is in force that `make` names.
    pub(super) fn create_with(
        keystore: &Keystore,
        timeout: Duration,
        make: impl FnOnce(&Scratch) -> Result<String, KeystoreError>,
    ) -> Result<(), KeystoreError> {
        let root = &keystore.root;
        let _lock = Lock::acquire(&root.dir, &root.lock(), timeout)?;
        if root.store().exists() {
            let what = format!("a keystore at {}", root.dir.display());
            return Err(KeystoreError::Exists { what });
        }
        let scratch = Scratch::open(root.scratch(), durable::owner(&root.dir)?)?;
        scratch.sweep();
        sweep_directories(&root.dir, Generation::PREFIX, Path::new(""));
        scratch.make_dir(&root.serials())?;
        let name = make(&scratch)?;
        scratch.write(&root.store(), layout::encode_store(&name).as_bytes())
    }

    /// What a reader sees now; nothing can change it but this writer.
    pub(super) fn view<T>(
        &self,
        read: impl FnOnce(&View) -> Result<T, KeystoreError>,
    ) -> Result<T, KeystoreError> {
        let view = View::new(self.generation.clone());
        let outcome = read(&view);
        self.keystore.note(view);
        outcome
    }

    /// Changes a setting.
    ///
    /// # Errors
    /// [`KeystoreError::SettingValue`] if it cannot have that value, and
    /// [`KeystoreError::AuthorityMissing`] if protection is to be on without a local CA.
    pub fn set(&self, setting: Setting, value: &str) -> Result<(), KeystoreError> {
        if setting == Setting::Protection {
            return match Switch::from_word(value) {
                Some(switch) => self.set_protection(switch),
                None => Err(KeystoreError::SettingValue {
                    key: setting.as_str().to_owned(),
                    what: setting.check(value).err().unwrap_or_default(),
                }),
            };
        }
        let path = self.keystore.root.settings();
        let text = self.keystore.settings_text()?;
        let edited = settings::edit(&path, &text, setting, value)?;
        self.scratch.write(&path, edited.as_bytes())
    }

    fn set_protection(&self, switch: Switch) -> Result<(), KeystoreError> {
        let has_authority = self.generation.authority().exists();
        match switch {
            Switch::On if !has_authority => Err(KeystoreError::AuthorityMissing),
            // It is off already, and must be on once there is a CA.
            Switch::Off if !has_authority => Ok(()),
            _ => {
                let text = format!("{}\n", switch.word());
                self.scratch
                    .write(&self.generation.protection(), text.as_bytes())
            }
        }
    }

    /// Writes the first policy file.
    ///
    /// # Errors
    /// [`KeystoreError::Exists`] if there is one.
    pub fn create_policy(&self, text: &[u8]) -> Result<(), KeystoreError> {
        let path = self.keystore.root.policy();
        if path.symlink_metadata().is_ok() {
            let what = path.display().to_string();
            return Err(KeystoreError::Exists { what });
        }
        self.scratch.write(&path, text)
    }

    /// Draws a serial number of 128 random bits that this keystore has never drawn, not even before a
    /// reset.
    ///
    /// # Errors
    /// It cannot be recorded.
    pub fn draw_serial(&self) -> Result<SerialNumber, KeystoreError> {
        let serials = self.keystore.root.serials();
        self.scratch.make_dir(&serials)?;
        loop {
            // All zeros make no serial number.
            let Some(serial) = SerialNumber::from_unsigned(&random::array::<16>()?) else {
                continue;
            };
            if self.scratch.reserve(&serials.join(serial.to_string()))? {
                return Ok(serial);
            }
        }
    }

    /// Replaces everything but settings, policy and the numbers that were given out by an empty generation.
    pub(super) fn replace_generation(&mut self) -> Result<(), KeystoreError> {
        let name = make_generation(self.keystore, &self.scratch)?;
        self.enact_generation(&name)
    }

    /// Puts a generation in the place of the one in force, whose files are then removed.
    pub(super) fn enact_generation(&mut self, name: &str) -> Result<(), KeystoreError> {
        let root = &self.keystore.root;
        self.scratch
            .write(&root.store(), layout::encode_store(name).as_bytes())?;
        self.generation = root.generation(name);
        sweep_directories(&root.dir, Generation::PREFIX, &self.generation.dir);
        Ok(())
    }
}

/// Makes an empty generation that nothing names yet, and returns its name.
pub(super) fn make_generation(
    keystore: &Keystore,
    scratch: &Scratch,
) -> Result<String, KeystoreError> {
    let name = durable::random_name(Generation::PREFIX)?;
    let generation = keystore.root.generation(&name);
    for dir in generation.directories() {
        scratch.make_dir(&dir)?;
    }
    Ok(name)
}

/// Removes the directories in `dir` that this program named with `prefix`, but for `keep`.
///
/// Best effort: they are named by nothing, so whatever stays is only waste, and the next writer
/// tries again.
pub(super) fn sweep_directories(dir: &Path, prefix: &str, keep: &Path) {
    let Ok(entries) = fs::read_dir(dir) else {
        return;
    };
    for entry in entries.flatten() {
        let ours = entry
            .file_name()
            .to_str()
            .is_some_and(|name| layout::is_generated(name, prefix));
        if ours && entry.path() != keep {
            let _ = medium::remove_tree(&entry.path());
        }
    }
}
