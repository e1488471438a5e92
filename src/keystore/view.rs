//! What a reader sees: one generation, and the damage met in it.

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use super::durable;
use super::error::KeystoreError;
use super::layout::{Generation, Index, is_hex};
use super::settings::Switch;
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

    /// The file as text. `None`, and noted, if it is not UTF-8, too long or cannot be read; `None`
    /// alone if it is missing.
    pub(super) fn read_text(&self, path: &Path) -> Option<String> {
        let bytes = match durable::read(path, limits::KEYSTORE_FILE) {
            Ok(bytes) => bytes?,
            Err(KeystoreError::Damaged { what, .. }) => {
                self.damaged(path, what);
                return None;
            }
            Err(KeystoreError::Io { source, .. }) => {
                self.damaged(path, format!("it cannot be read: {source}"));
                return None;
            }
            Err(error) => {
                self.damaged(path, error.to_string());
                return None;
            }
        };
        match String::from_utf8(bytes) {
            Ok(text) => Some(text),
            Err(_) => {
                self.damaged(path, "it is not UTF-8");
                None
            }
        }
    }

    /// The fingerprints that an index has under `key`. They are hints.
    pub(super) fn hints(&self, index: Index, key: &str) -> Vec<String> {
        let path = self.generation.entry(index, key);
        let mut hints = Vec::new();
        for line in self.read_text(&path).unwrap_or_default().lines() {
            if line.len() == 64 && is_hex(line) {
                hints.push(line.to_owned());
            } else {
                self.damaged(&path, "a line is not a fingerprint");
            }
        }
        hints
    }

    /// Whether protection is on.
    pub(super) fn protection(&self) -> Result<Switch, KeystoreError> {
        if !self.generation.authority().exists() {
            return Ok(Switch::Off);
        }
        let path = self.generation.protection();
        match durable::read(&path, limits::KEYSTORE_FILE)? {
            None => Ok(Switch::On),
            Some(bytes) => std::str::from_utf8(&bytes)
                .ok()
                .and_then(|text| Switch::from_word(text.trim_end()))
                .ok_or_else(|| KeystoreError::Damaged {
                    file: path.clone(),
                    what: "it holds neither `on` nor `off`".to_owned(),
                }),
        }
    }
}
