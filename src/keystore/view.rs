//! What a reader sees: one generation, and the damage met in it.

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use super::durable;
use super::error::KeystoreError;
use super::layout::{Generation, Index, is_hex};
use crate::limits;

/// A file that was skipped because it is damaged, or none of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// The file.
    pub file: PathBuf,
    /// What is wrong with it.
    pub what: String,
}

/// One generation while it is read.
#[derive(Debug)]
pub(super) struct View {
    generation: Generation,
    damages: RefCell<Vec<Damage>>,
}

impl View {
    pub(super) fn new(generation: Generation) -> View {
        View {
            generation,
            damages: RefCell::default(),
        }
    }

    pub(super) fn generation(&self) -> &Generation {
        &self.generation
    }

    /// What was met so far.
    pub(super) fn damages(&self) -> Vec<Damage> {
        self.damages.borrow().clone()
    }

    pub(super) fn into_damages(self) -> Vec<Damage> {
        self.damages.into_inner()
    }

    /// Notes that a file is skipped.
    pub(super) fn damaged(&self, file: &Path, what: impl Into<String>) {
        self.damages.borrow_mut().push(Damage {
            file: file.to_owned(),
            what: what.into(),
        });
    }

    /// A file that the operation cannot do without, as text; `None` if it is missing.
    pub(super) fn require_text(&self, path: &Path) -> Result<Option<String>, KeystoreError> {
        let bytes = durable::read(path, limits::KEYSTORE_FILE)?;
        bytes
            .map(String::from_utf8)
            .transpose()
            .map_err(|_| KeystoreError::Damaged {
                file: path.to_owned(),
                what: "it is not UTF-8".to_owned(),
            })
    }

    /// The file as text. `None`, and noted, if it is not UTF-8, too long or cannot be read; `None`
    /// alone if it is missing.
    pub(super) fn read_text(&self, path: &Path) -> Option<String> {
        self.noted(self.require_text(path)).flatten()
    }

    /// What was read; `None`, and noted, if that failed.
    pub(super) fn noted<T>(&self, outcome: Result<T, KeystoreError>) -> Option<T> {
        match outcome {
            Ok(value) => return Some(value),
            Err(KeystoreError::Damaged { file, what }) => self.damaged(&file, what),
            Err(KeystoreError::Io { path, source, .. }) => {
                self.damaged(&path, format!("it cannot be read: {source}"));
            }
            Err(KeystoreError::ModesTooOpen { path, mode }) => {
                self.damaged(
                    &path,
                    format!("it is accessible to others (mode {mode:04o})"),
                );
            }
            Err(KeystoreError::SettingsInvalid {
                file,
                line,
                column,
                what,
            }) => self.damaged(&file, format!("line {line}, column {column}: {what}")),
            Err(KeystoreError::NotOwned { path, what }) => self.damaged(&path, what),
            Err(error) => self.damaged(&self.generation.dir, error.to_string()),
        }
        None
    }

    /// The fingerprints that an index has under `key`. They are hints.
    pub(super) fn hints(&self, index: Index, key: &str) -> Vec<String> {
        self.hints_in(&self.generation.entry(index, key))
    }

    /// The fingerprints in the file of an index entry.
    pub(super) fn hints_in(&self, path: &Path) -> Vec<String> {
        let mut hints = Vec::new();
        for line in self.read_text(path).unwrap_or_default().lines() {
            if line.len() == 64 && is_hex(line) {
                hints.push(line.to_owned());
            } else {
                self.damaged(path, "a line is not a fingerprint");
            }
        }
        hints
    }
}
