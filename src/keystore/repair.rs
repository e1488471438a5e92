//! Puts right what can be without losing anything: file modes, lost directories, the index, the
//! record of serial numbers. What killed processes left is removed by whoever locks the keystore.
//!
//! Content is never removed: neither a certificate without a record nor a key without a certificate.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use super::changes::lines;
use super::check::{Check, issued_serials};
use super::durable::{self, Scratch};
use super::error::{KeystoreError, io_error};
use super::keys::PassphraseSource;
use super::view::{Damage, View};
use super::writer::Writer;
use crate::asn1::pem;
use crate::limits;

/// What became of the damage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repair {
    /// What was damaged and is so no longer.
    pub repaired: Vec<Damage>,
    /// How everything is now.
    pub check: Check,
}

impl Writer<'_> {
    /// Repairs what can be, and looks at everything again.
    ///
    /// # Errors
    /// As [`Keystore::check`](super::Keystore::check), or the keystore cannot be written.
    pub fn repair(&self, source: Option<&dyn PassphraseSource>) -> Result<Repair, KeystoreError> {
        let before = self.keystore.check_once(source)?;
        self.restore_directories()?;
        for damage in &before.damages {
            self.close_modes(&damage.file)?;
        }
        self.restore_certificates()?;
        let certificates = self.view(View::certificates)?;
        for serial in issued_serials(&certificates) {
            self.scratch
                .reserve(&self.keystore.root.serials().join(serial))?;
        }
        self.view(|view| rebuild_index(&self.scratch, view))?;
        let check = self.keystore.check_once(source)?;
        let mut repaired = before.damages;
        repaired.retain(|damage| !check.damages.contains(damage));
        Ok(Repair { repaired, check })
    }

    fn restore_directories(&self) -> Result<(), KeystoreError> {
        self.scratch.make_dir(&self.keystore.root.serials())?;
        for dir in self.generation.directories() {
            self.scratch.make_dir(&dir)?;
        }
        Ok(())
    }

    /// Takes away what a file or directory of this keystore's owner allows to others.
    fn close_modes(&self, path: &Path) -> Result<(), KeystoreError> {
        // The two files that people edit have the modes that people give them.
        if !path.starts_with(&self.generation.dir)
            && !path.starts_with(self.keystore.root.serials())
        {
            return Ok(());
        }
        let Ok(metadata) = fs::symlink_metadata(path) else {
            return Ok(());
        };
        let is_ours = metadata.is_file() || metadata.is_dir();
        if is_ours && metadata.mode() & 0o077 != 0 {
            let closed = fs::Permissions::from_mode(metadata.mode() & 0o700);
            fs::set_permissions(path, closed).map_err(io_error("change the mode of", path))?;
        }
        Ok(())
    }

    /// Brings back certificates whose file is lost while the trust list has the same.
    fn restore_certificates(&self) -> Result<(), KeystoreError> {
        for name in self.view(View::record_names)? {
            let path = self.generation.certificate(&name);
            let trusted = self.view(|view| Ok(view.trusted(&name)))?;
            if let Some(certificate) = trusted.filter(|_| !path.exists()) {
                let text = pem::encode("CERTIFICATE", certificate.der());
                self.scratch.write(&path, text.as_bytes())?;
            }
        }
        Ok(())
    }
}

/// Writes every entry of the index anew that is not as it has to be. A line stays if its certificate
/// may yet be brought back.
pub(super) fn rebuild_index(scratch: &Scratch, view: &View) -> Result<(), KeystoreError> {
    let generation = view.generation();
    let mut change = scratch.change();
    for (path, entry) in view.index_entries()? {
        let mut wanted = entry.expected;
        for line in &entry.found {
            if generation.record(line).exists() || generation.trusted(line).exists() {
                wanted.insert(line.clone());
            }
        }
        let text = lines(&wanted);
        let current = durable::read(&path, limits::KEYSTORE_FILE);
        let current = current.ok().flatten();
        let is_same = |current| sorted_lines(current) == sorted_lines(text.as_bytes());
        if wanted.is_empty() {
            durable::remove(&path)?;
        } else if !current.as_deref().is_some_and(is_same) {
            change.put(&path, text.as_bytes())?;
        }
    }
    change.flush()
}

fn sorted_lines(text: &[u8]) -> Vec<&[u8]> {
    let mut lines: Vec<&[u8]> = text.split(|octet| *octet == b'\n').collect();
    lines.sort_unstable();
    lines
}
