//! Looks at every file of a keystore: readable, what its name says, private, and in agreement with
//! the others. What can be put right without losing anything is in `repair`.
//!
//! What a process that was killed leaves behind is named by nothing and is no damage. A private key
//! that no certificate names is none either: mail may have been encrypted to it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::changes::entries;
use super::error::{KeystoreError, io_error};
use super::keys::{KEY_SET_FILE, KeyName, KeyRing, PassphraseSource};
use super::layout::{self, Generation, Index, fingerprint_of};
use super::lock::Lock;
use super::record::{Origin, StoredCertificate};
use super::revocations::{last_crl_number, serial_named};
use super::trust::subject_key;
use super::view::{Damage, View};
use super::{Keystore, LOCK_TIMEOUT};
use crate::pki::match_keys;
use crate::policy::file::Policy;

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Check {
    /// How many files were looked at.
    pub files: usize,
    /// How many certificates are stored, the local CA's among them.
    pub certificates: usize,
    /// How many private keys are stored.
    pub keys: usize,
    /// Whether every key that is not damaged was opened, which takes the passphrase if there is one.
    pub keys_opened: bool,
    /// Keys that no certificate names.
    pub unused_keys: usize,
    /// What is named by nothing: files that killed processes left, lines of the index that lead
    /// nowhere.
    pub leftovers: usize,
    /// What is damaged, each file and fact once, in the order of the files.
    pub damages: Vec<Damage>,
}

impl Keystore {
    /// Looks at every file. Keys that are protected are opened if there is a source of the
    /// passphrase.
    ///
    /// # Errors
    /// The keystore cannot be read as a whole, or the passphrase is wrong. Damage is no error.
    pub fn check(&self, source: Option<&dyn PassphraseSource>) -> Result<Check, KeystoreError> {
        let first = self.check_once(source)?;
        if first.damages.is_empty() {
            return Ok(first);
        }
        // Between two of our looks somebody may have written, so what is odd is looked at again while
        // nobody can.
        match Lock::acquire(self.dir(), &self.root.lock(), LOCK_TIMEOUT) {
            Ok(_lock) => self.check_once(source),
            // On a medium that cannot be written to nobody does.
            Err(KeystoreError::Io { .. }) => Ok(first),
            Err(error) => Err(error),
        }
    }

    pub(super) fn check_once(
        &self,
        source: Option<&dyn PassphraseSource>,
    ) -> Result<Check, KeystoreError> {
        self.read(|view| {
            let mut inspection = Inspection {
                keystore: self,
                view,
                check: Check::default(),
            };
            inspection.root();
            let certificates = inspection.certificates();
            inspection.keys(&certificates, source)?;
            inspection.serials(&certificates);
            inspection.index();
            inspection.modes();
            let mut check = inspection.check;
            let key = |damage: &Damage| (damage.file.clone(), damage.what.clone());
            check.damages = view.damages();
            check.damages.sort_by_key(key);
            check.damages.dedup();
            Ok(check)
        })
    }
}

/// A check under way. Damage is noted in the view.
struct Inspection<'a> {
    keystore: &'a Keystore,
    view: &'a View,
    check: Check,
}

impl Inspection<'_> {
    /// Settings, policy, numbers, and what lies around.
    fn root(&mut self) {
        let root = &self.keystore.root;
        self.view.noted(self.keystore.settings());
        self.view.noted(last_crl_number(&root.crl_number()));
        self.view.noted(self.view.protection());
        let path = root.policy();
        if let Some(text) = self.view.read_text(&path)
            && let Err(errors) = Policy::parse(&text)
            && let Some(first) = errors.first()
        {
            let (line, column) = (first.line, first.column);
            let what = format!("line {line}, column {column}: {}", first.message);
            self.view.damaged(&path, what);
        }
        self.check.leftovers += names(&root.scratch()).len();
        let generation = self.view.generation();
        for (dir, prefix, current) in [
            (&root.dir, Generation::PREFIX, Some(generation.dir.clone())),
            (
                &generation.dir,
                Generation::KEYS_PREFIX,
                self.view.key_set().ok().flatten(),
            ),
        ] {
            let unnamed = names(dir).into_iter().filter(|name| {
                layout::is_generated(name, prefix) && current.as_ref() != Some(&dir.join(name))
            });
            self.check.leftovers += unnamed.count();
        }
    }

    /// Certificates, CAs, CRLs and revocations, each read as in use.
    fn certificates(&mut self) -> Vec<StoredCertificate> {
        let view = self.view;
        let certificates = view.noted(view.certificates()).unwrap_or_default();
        self.check.certificates = certificates.len();
        view.noted(view.all_trusted());
        view.noted(view.lists());
        for (path, serial) in view.noted(view.revocation_files()).unwrap_or_default() {
            view.noted(view.revocation(&path, serial));
        }
        let dir = view.generation().certificates();
        let authority = view.find_authority();
        let authority = authority.map(|own| own.certificate.fingerprint().to_string());
        for name in names(&dir) {
            let path = dir.join(&name);
            if let Some(fingerprint) = fingerprint_of(&path, "pem")
                && authority.as_deref() != Some(fingerprint)
                && !view.generation().record(fingerprint).exists()
            {
                self.check.leftovers += 1;
                view.read_certificate(&path, fingerprint);
            }
        }
        certificates
    }

    /// That every key that is named is there, private, and opens to the key of its certificate.
    fn keys(
        &mut self,
        certificates: &[StoredCertificate],
        source: Option<&dyn PassphraseSource>,
    ) -> Result<(), KeystoreError> {
        let named: BTreeMap<String, KeyName> = certificates
            .iter()
            .filter_map(|stored| stored.key)
            .map(|key| (key.to_string(), key))
            .collect();
        let ring = match self.view.key_ring(self.keystore.dir()) {
            Err(KeystoreError::AuthorityMissing) if named.is_empty() => return Ok(()),
            Err(KeystoreError::AuthorityMissing) => {
                let path = self.view.generation().key_set();
                self.view
                    .damaged(&path, "it is missing, and there are keys");
                return Ok(());
            }
            ring => match self.view.noted(ring) {
                Some(ring) => ring,
                None => return Ok(()),
            },
        };
        let opens = match source {
            _ if !ring.is_protected() => true,
            Some(source) => match ring.unlock(source) {
                Err(error @ KeystoreError::Damaged { .. }) => {
                    self.view.noted::<()>(Err(error));
                    false
                }
                unlocked => unlocked.map(|()| true)?,
            },
            None => false,
        };
        let stored = self.view.noted(ring.names()).unwrap_or_default();
        for name in names(ring.dir()) {
            let path = ring.dir().join(&name);
            if name != KEY_SET_FILE && fingerprint_of(&path, "pem").is_none() {
                self.view.damaged(&path, "it is not a file of the keystore");
            }
        }
        self.check.keys = stored.len();
        self.check.keys_opened = opens;
        for key in named.values().filter(|key| !stored.contains(key)) {
            let whose = certificates.iter().find(|own| own.key == Some(*key));
            let whose = whose.map_or(String::new(), |own| own.certificate.subject().to_string());
            let what = format!("it is missing; it is the private key of {whose}");
            self.view.damaged(&ring.path(key), what);
        }
        for key in &stored {
            if !named.contains_key(&key.to_string()) {
                self.check.unused_keys += 1;
            }
            self.key(key, &ring, certificates, source.filter(|_| opens), opens);
        }
        Ok(())
    }

    fn key(
        &self,
        key: &KeyName,
        ring: &KeyRing,
        certificates: &[StoredCertificate],
        source: Option<&dyn PassphraseSource>,
        opens: bool,
    ) {
        if !opens {
            self.view.noted(ring.inspect(key));
            return;
        }
        let nothing = || Err("the keys are not protected".into());
        let opened = ring.open(key, source.unwrap_or(&nothing));
        let Some(private) = self.view.noted(opened) else {
            return;
        };
        for stored in certificates.iter().filter(|own| own.key == Some(*key)) {
            let certificate = std::slice::from_ref(&stored.certificate);
            if match_keys(certificate, std::slice::from_ref(&private))
                .identities
                .is_empty()
            {
                let path = self
                    .view
                    .generation()
                    .record(&stored.certificate.fingerprint().to_string());
                self.view
                    .damaged(&path, "the key it names is not that of the certificate");
            }
        }
    }

    /// That the numbers of all certificates of the local CA are on record as drawn.
    fn serials(&self, certificates: &[StoredCertificate]) {
        let dir = self.keystore.root.serials();
        let drawn: BTreeSet<String> = names(&dir).into_iter().collect();
        for name in drawn.iter().filter(|name| serial_named(name).is_none()) {
            let path = dir.join(name);
            self.view.damaged(&path, "it is not a file of the keystore");
        }
        for serial in issued_serials(certificates) {
            if !drawn.contains(&serial) {
                let what = "it is missing, and a certificate bears the number";
                self.view.damaged(&dir.join(serial), what);
            }
        }
    }

    /// That the index leads to everything.
    fn index(&mut self) {
        let entries = match self.view.index_entries() {
            Ok(entries) => entries,
            Err(error) => {
                self.view.noted::<()>(Err(error));
                return;
            }
        };
        for (path, entry) in entries {
            let lacking = entry.expected.difference(&entry.found).count();
            if lacking > 0 {
                let what = format!("it lacks {lacking} of its lines");
                self.view.damaged(&path, what);
            }
            self.check.leftovers += entry.found.difference(&entry.expected).count();
        }
    }

    /// That nobody but the owner can change what is stored.
    fn modes(&mut self) {
        let Some(owner) = self
            .view
            .noted(
                fs::metadata(self.keystore.dir()).map_err(io_error("examine", self.keystore.dir())),
            )
            .map(|metadata| metadata.uid())
        else {
            return;
        };
        let keys = self.view.key_set().ok().flatten();
        let generation = self.view.generation().dir.clone();
        let mut dirs = vec![self.keystore.root.serials(), generation];
        while let Some(dir) = dirs.pop() {
            // Key files are held to more, where they are read.
            self.look_at(&dir, owner);
            for name in names(&dir) {
                let path = dir.join(name);
                let is_dir = fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_dir());
                if is_dir {
                    dirs.push(path);
                } else {
                    self.check.files += 1;
                    if keys.as_ref() != Some(&dir) {
                        self.look_at(&path, owner);
                    }
                }
            }
        }
        let root = &self.keystore.root;
        for path in [
            root.store(),
            root.settings(),
            root.policy(),
            root.crl_number(),
        ] {
            self.check.files += usize::from(path.exists());
        }
    }

    fn look_at(&self, path: &Path, owner: u32) {
        let Ok(metadata) = fs::symlink_metadata(path) else {
            // It was removed meanwhile, or is noted where it is read.
            return;
        };
        if !metadata.is_file() && !metadata.is_dir() {
            self.view.damaged(path, "it is not a regular file");
        } else if metadata.uid() != owner && metadata.uid() != 0 {
            self.view.damaged(path, "it belongs to another user");
        } else if metadata.mode() & 0o022 != 0 {
            self.view.noted::<()>(Err(KeystoreError::ModesTooOpen {
                path: path.to_owned(),
                mode: metadata.mode() & 0o7777,
            }));
        }
    }
}

/// An entry of the index: what is in it, and what has to be.
#[derive(Default)]
pub(super) struct Entry {
    pub(super) found: BTreeSet<String>,
    pub(super) expected: BTreeSet<String>,
}

impl View {
    /// All entries of the index, by their files.
    pub(super) fn index_entries(&self) -> Result<BTreeMap<PathBuf, Entry>, KeystoreError> {
        let generation = self.generation();
        let mut all: BTreeMap<PathBuf, Entry> = BTreeMap::new();
        let mut expect = |index: Index, key: &str, fingerprint: String| {
            let entry = all.entry(generation.entry(index, key)).or_default();
            entry.expected.insert(fingerprint);
        };
        for name in self.record_names()? {
            if let Some(stored) = self.certificate(&name) {
                for (index, key) in entries(&stored) {
                    expect(index, &key, name.clone());
                }
            }
        }
        for certificate in self.all_trusted()? {
            let fingerprint = certificate.fingerprint().to_string();
            expect(
                Index::Subject,
                &subject_key(certificate.subject()),
                fingerprint,
            );
        }
        for index in Index::ALL {
            let dir = generation.index(index);
            for name in names(&dir) {
                all.entry(dir.join(name)).or_default();
            }
        }
        for (path, entry) in &mut all {
            entry.found.extend(self.hints_in(path));
        }
        Ok(all)
    }
}

/// The serial numbers that the local CA has given to what is stored.
pub(super) fn issued_serials(certificates: &[StoredCertificate]) -> impl Iterator<Item = String> {
    let issued = certificates
        .iter()
        .filter(|own| own.origin == Origin::Issued);
    issued.map(|own| own.certificate.serial().to_string())
}

/// The names in a directory; none if it cannot be listed, which is noted where it is read.
fn names(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir).into_iter().flatten().flatten();
    entries
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect()
}
