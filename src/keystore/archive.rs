//! A whole keystore in one run of octets: for the backup before a reset, and for bringing it back.
//!
//! An archive holds every file of the generation in force but the index, which follows from the
//! rest, and the numbers that were given out, settings and policy. Private keys are in it as they are
//! stored, under the passphrase of the keystore or under none; so an archive is to be encrypted.
//!
//! ```text
//! smime-keystore-archive 1
//! <path> <length>          one such line for each file, followed by its octets
//! …
//! end <number of files>
//! ```
//!
//! The path is relative, and one of those that a keystore has; others are refused, wherever the
//! archive comes from.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use zeroize::Zeroizing;

use super::Keystore;
use super::durable::{self, Scratch};
use super::error::KeystoreError;
use super::layout::{self, Generation};
use super::repair::rebuild_index;
use super::revocations::{last_crl_number, serial_named};
use super::view::View;
use super::writer::{Writer, make_generation};
use crate::limits;

const MAGIC: &str = "smime-keystore-archive 1\n";
const SERIALS: &str = "serials/";
const CRL_NUMBER: &str = "crl-number";
const SETTINGS: &str = "settings.toml";
const POLICY: &str = "policy.toml";
const GENERATION: &str = "store/";

/// The files of a keystore, by their names in the archive.
#[derive(Clone, Default)]
pub struct Archive {
    files: BTreeMap<String, Zeroizing<Vec<u8>>>,
}

impl Archive {
    /// The octets of the archive, which are as secret as the keys in it.
    pub fn encode(&self) -> Zeroizing<Vec<u8>> {
        let content: usize = self.files.values().map(|content| content.len()).sum();
        // Room for all of it: a vector that grows leaves copies behind.
        let room = content + 200 * (self.files.len() + 2);
        let mut out = Zeroizing::new(Vec::with_capacity(room));
        out.extend_from_slice(MAGIC.as_bytes());
        for (name, content) in &self.files {
            out.extend_from_slice(format!("{name} {}\n", content.len()).as_bytes());
            out.extend_from_slice(content);
        }
        out.extend_from_slice(format!("end {}\n", self.files.len()).as_bytes());
        out
    }

    /// Reads an archive; `None` if it is none, is cut short, or names a file that no keystore has.
    pub fn decode(octets: &[u8]) -> Option<Archive> {
        let mut rest = octets.strip_prefix(MAGIC.as_bytes())?;
        let mut files = BTreeMap::new();
        loop {
            let end = rest.iter().position(|octet| *octet == b'\n')?;
            let line = str::from_utf8(&rest[..end]).ok()?;
            let (name, number) = line.split_once(' ')?;
            let number: usize = number.parse().ok()?;
            rest = &rest[end + 1..];
            if name == "end" {
                let is_whole = number == files.len() && rest.is_empty();
                return is_whole.then_some(Archive { files });
            }
            let content = rest.get(..number)?;
            rest = &rest[number..];
            let is_new = files
                .insert(name.to_owned(), Zeroizing::new(content.to_vec()))
                .is_none();
            if !is_new || !is_known(name) {
                return None;
            }
        }
    }

    fn add(&mut self, name: String, path: &Path) -> Result<(), KeystoreError> {
        let content = durable::read(path, limits::OBJECT_SIZE)?;
        if let Some(content) = content {
            self.files.insert(name, Zeroizing::new(content));
        }
        Ok(())
    }

    /// Adds the regular files in a directory, under `prefix`.
    fn add_all(&mut self, prefix: &str, dir: &Path) -> Result<(), KeystoreError> {
        for path in durable::list(dir)? {
            let name = path.file_name().and_then(|name| name.to_str());
            let name = name.map(|name| format!("{prefix}{name}"));
            if let Some(name) = name.filter(|name| is_known(name)) {
                self.add(name, &path)?;
            }
        }
        Ok(())
    }

    /// The serial numbers that were given out.
    fn serials(&self) -> impl Iterator<Item = &str> {
        let names = self.files.keys();
        names.filter_map(|name| name.strip_prefix(SERIALS))
    }

    fn crl_number(&self) -> Option<u64> {
        let text = str::from_utf8(self.files.get(CRL_NUMBER)?).ok()?;
        text.trim_end().parse().ok()
    }
}

/// Whether a keystore may have a file that is called so in an archive.
fn is_known(name: &str) -> bool {
    if let Some(serial) = name.strip_prefix(SERIALS) {
        return serial_named(serial).is_some();
    }
    let Some(name) = name.strip_prefix(GENERATION) else {
        return matches!(name, CRL_NUMBER | SETTINGS | POLICY);
    };
    let is_plain = |name: &str| {
        let fits = |octet: u8| octet.is_ascii_alphanumeric() || b".-".contains(&octet);
        !name.is_empty() && !name.starts_with('.') && name.bytes().all(fits)
    };
    match name.split_once('/') {
        None => matches!(name, "authority.toml" | "protection" | Generation::KEY_SET),
        Some((dir, file)) => {
            let is_dir = ["certificates", "trust", "crls", "revoked"].contains(&dir)
                || layout::is_generated(dir, Generation::KEYS_PREFIX);
            is_dir && is_plain(file)
        }
    }
}

impl Writer<'_> {
    /// Everything that a reset would remove, and what it keeps.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn archive(&self) -> Result<Archive, KeystoreError> {
        let root = &self.keystore.root;
        let mut archive = Archive::default();
        archive.add_all(SERIALS, &root.serials())?;
        archive.add(CRL_NUMBER.to_owned(), &root.crl_number())?;
        archive.add(SETTINGS.to_owned(), &root.settings())?;
        archive.add(POLICY.to_owned(), &root.policy())?;
        archive.add_all(GENERATION, &self.generation.dir)?;
        let mut dirs = vec![
            self.generation.certificates(),
            self.generation.trust(),
            self.generation.lists(),
            self.generation.revocations(),
        ];
        dirs.extend(self.view(View::key_set)?);
        for dir in dirs {
            if let Some(name) = dir.file_name().and_then(|name| name.to_str()) {
                archive.add_all(&format!("{GENERATION}{name}/"), &dir)?;
            }
        }
        Ok(archive)
    }
}

impl Keystore {
    /// Brings back what an archive holds, into the keystore in `dir` or, where none is, a new one.
    /// Settings and policy are taken from the archive only where there were none; numbers that were
    /// given out stay so.
    ///
    /// It is done, at once, when the new generation takes its place.
    ///
    /// # Errors
    /// [`KeystoreError::Exists`] if the keystore holds a CA or certificates already, and as
    /// [`Keystore::create`].
    pub fn restore(
        dir: &Path,
        archive: &Archive,
        timeout: Duration,
    ) -> Result<Keystore, KeystoreError> {
        match Keystore::open(dir) {
            Ok(keystore) => {
                let mut writer = keystore.lock(timeout)?;
                let is_empty = writer.view(View::reset_preview)?.is_empty();
                if !is_empty || writer.view(View::authority)?.is_some() {
                    let what = "what a keystore holds".to_owned();
                    return Err(KeystoreError::Exists { what });
                }
                let name = unpack(&keystore, &writer.scratch, archive)?;
                writer.enact_generation(&name)?;
                drop(writer);
                Ok(keystore)
            }
            Err(KeystoreError::NotFound(_)) => {
                let keystore = Keystore::vacant(dir)?;
                Writer::create_with(&keystore, timeout, |scratch| {
                    let root = &keystore.root;
                    for (name, path) in [(SETTINGS, root.settings()), (POLICY, root.policy())] {
                        let content = archive.files.get(name);
                        if let Some(content) = content.filter(|_| !path.exists()) {
                            scratch.write(&path, content)?;
                        }
                    }
                    unpack(&keystore, scratch, archive)
                })?;
                Ok(keystore)
            }
            Err(error) => Err(error),
        }
    }
}

/// Makes a generation that nothing names yet out of an archive, and returns its name. The numbers
/// that it has given out are noted before it counts.
fn unpack(
    keystore: &Keystore,
    scratch: &Scratch,
    archive: &Archive,
) -> Result<String, KeystoreError> {
    let root = &keystore.root;
    scratch.make_dir(&root.serials())?;
    for serial in archive.serials() {
        scratch.reserve(&root.serials().join(serial))?;
    }
    if let Some(number) = archive.crl_number()
        && number > last_crl_number(&root.crl_number())?
    {
        scratch.write(&root.crl_number(), format!("{number}\n").as_bytes())?;
    }
    let name = make_generation(keystore, scratch)?;
    let generation = root.generation(&name);
    let mut change = scratch.change();
    let mut made: Vec<PathBuf> = generation.directories();
    for (name, content) in &archive.files {
        let Some(name) = name.strip_prefix(GENERATION) else {
            continue;
        };
        let path = generation.dir.join(name);
        if let Some(dir) = path.parent()
            && !made.iter().any(|made| made == dir)
        {
            scratch.make_dir(dir)?;
            made.push(dir.to_owned());
        }
        change.put(&path, content)?;
    }
    change.flush()?;
    rebuild_index(scratch, &View::new(generation))?;
    Ok(name)
}
