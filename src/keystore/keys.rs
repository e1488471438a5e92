//! Private keys: one file each, all under one passphrase, or explicitly under none.
//!
//! All keys of a keystore form a key set. Its `keyset.toml` says how they are protected: not at all,
//! or by a key derived from the passphrase with one salt and cost. So one derivation, which is slow
//! on purpose, opens all of them, while each key file still has an initialization vector of its own
//! and can be read by other programs that are given the passphrase. A key file is named after the
//! SHA-256 of its SubjectPublicKeyInfo and holds PKCS #8 in PEM.
//!
//! `keyset.toml` also holds, encrypted as the others are, a key that is used for nothing. Whether it
//! opens tells a wrong passphrase from a damaged key file, and a new key can never be encrypted under
//! another passphrase than the rest.
//!
//! A key file is opened without following a symbolic link, and is refused if its group or others have
//! any access to it, or if it belongs to anybody but the keystore's owner or the superuser.

use std::collections::HashMap;
use std::error::Error;
use std::fmt;
use std::fs::{self, File};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroizing;

use super::Keystore;
use super::durable;
use super::error::{KeystoreError, io_error};
use super::layout::{Generation, fingerprint_of, is_generated};
use super::view::View;
use crate::asn1::pem;
use crate::crypto::key::PrivateKey;
use crate::crypto::password::{KeyFileCipher, PasswordError};
use crate::limits;
use crate::pki::Fingerprint;

pub(super) const KEY_SET_FILE: &str = "keyset.toml";
const PLAIN_LABEL: &str = "PRIVATE KEY";
const ENCRYPTED_LABEL: &str = "ENCRYPTED PRIVATE KEY";

/// The name of a private key: the SHA-256 of its SubjectPublicKeyInfo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct KeyName(Fingerprint);

impl KeyName {
    /// The name of `key`.
    pub fn of(key: &PrivateKey) -> KeyName {
        KeyName(Fingerprint::of(key.public_key().spki_der()))
    }
}

/// 64 lower-case hex digits.
impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for KeyName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for KeyName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<KeyName, D::Error> {
        let text = String::deserialize(deserializer)?;
        let fingerprint = Fingerprint::from_str(&text).map_err(serde::de::Error::custom)?;
        Ok(KeyName(fingerprint))
    }
}

/// Gives the passphrase of the keystore when it is needed, which is at most once for a key ring.
pub trait PassphraseSource {
    /// The passphrase.
    ///
    /// # Errors
    /// There is none, or it cannot be read; the error is handed on in
    /// [`KeystoreError::Passphrase`].
    fn passphrase(&self) -> Result<Zeroizing<String>, Box<dyn Error + Send + Sync>>;
}

impl<F> PassphraseSource for F
where
    F: Fn() -> Result<Zeroizing<String>, Box<dyn Error + Send + Sync>>,
{
    fn passphrase(&self) -> Result<Zeroizing<String>, Box<dyn Error + Send + Sync>> {
        self()
    }
}

/// How new keys are protected.
#[derive(Clone, Copy)]
pub enum KeyProtection<'a> {
    /// By this passphrase, which may not be empty.
    Passphrase(&'a str),
    /// By file modes alone: whoever can read the files has the keys.
    FileModesOnly,
}

/// What `keyset.toml` holds.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "protection")]
pub(super) enum KeySetFile {
    None,
    Passphrase {
        /// An EncryptedPrivateKeyInfo in base64.
        check: String,
    },
}

/// The keys of a keystore. They are unlocked when the first one is needed, and each is read once.
/// Threads can share it.
pub struct KeyRing {
    keystore: PathBuf,
    dir: PathBuf,
    pub(super) lock: KeyLock,
    opened: Mutex<HashMap<KeyName, PrivateKey>>,
}

pub(super) enum KeyLock {
    None,
    Passphrase {
        check: Vec<u8>,
        cipher: Mutex<Option<Arc<KeyFileCipher>>>,
    },
}

impl Keystore {
    /// The keys, still locked.
    ///
    /// # Errors
    /// [`KeystoreError::AuthorityMissing`] if the keystore has never had a key.
    pub fn key_ring(&self) -> Result<KeyRing, KeystoreError> {
        self.read(|view| view.key_ring(self.dir()))
    }
}

impl View {
    pub(super) fn key_ring(&self, keystore: &Path) -> Result<KeyRing, KeystoreError> {
        let dir = self.key_set()?.ok_or(KeystoreError::AuthorityMissing)?;
        let path = dir.join(KEY_SET_FILE);
        let damaged = |what: String| KeystoreError::Damaged {
            file: path.clone(),
            what,
        };
        let text = self
            .require_text(&path)?
            .ok_or_else(|| damaged("it is missing".to_owned()))?;
        let file: KeySetFile = toml::from_str(&text)
            .map_err(|error| damaged(error.message().trim_end().to_owned()))?;
        KeyRing::new(keystore, dir, file)
    }

    /// The directory of the key set in force; `None` if there is none.
    pub(super) fn key_set(&self) -> Result<Option<PathBuf>, KeystoreError> {
        let path = self.generation().key_set();
        let Some(text) = self.require_text(&path)? else {
            return Ok(None);
        };
        let name = text.trim_end();
        if !is_generated(name, Generation::KEYS_PREFIX) {
            return Err(KeystoreError::Damaged {
                file: path,
                what: "it does not name the key set in force".to_owned(),
            });
        }
        Ok(Some(self.generation().keys(name)))
    }
}

impl KeyRing {
    /// The keys in `dir`, still locked, as `file` says.
    pub(super) fn new(
        keystore: &Path,
        dir: PathBuf,
        file: KeySetFile,
    ) -> Result<KeyRing, KeystoreError> {
        let lock = match file {
            KeySetFile::None => KeyLock::None,
            KeySetFile::Passphrase { check } => KeyLock::Passphrase {
                check: STANDARD.decode(check).map_err(|_| KeystoreError::Damaged {
                    file: dir.join(KEY_SET_FILE),
                    what: "its `check` is not base64".to_owned(),
                })?,
                cipher: Mutex::default(),
            },
        };
        Ok(KeyRing {
            keystore: keystore.to_owned(),
            lock,
            dir,
            opened: Mutex::default(),
        })
    }

    /// Whether a passphrase is needed.
    pub fn is_protected(&self) -> bool {
        !matches!(self.lock, KeyLock::None)
    }

    /// Unlocks the keys now, so that later uses, on any thread, ask for nothing.
    ///
    /// # Errors
    /// As [`KeyRing::open`].
    pub fn unlock(&self, source: &dyn PassphraseSource) -> Result<(), KeystoreError> {
        self.cipher(source).map(|_| ())
    }

    /// What key files are encrypted with; `None` if they are not.
    pub(super) fn cipher(
        &self,
        source: &dyn PassphraseSource,
    ) -> Result<Option<Arc<KeyFileCipher>>, KeystoreError> {
        let KeyLock::Passphrase { check, cipher } = &self.lock else {
            return Ok(None);
        };
        // Held while the key is derived, so that two threads do not do so twice.
        let mut cipher = cipher.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = &*cipher {
            return Ok(Some(known.clone()));
        }
        let passphrase = source.passphrase().map_err(KeystoreError::Passphrase)?;
        if passphrase.is_empty() {
            return Err(KeystoreError::PassphraseEmpty);
        }
        let derived = KeyFileCipher::derivation_of(check)
            .and_then(|derivation| KeyFileCipher::derive(&passphrase, derivation))
            .and_then(|derived| derived.decrypt(check).map(|_| Arc::new(derived)))
            .map_err(|error| match error {
                PasswordError::WrongPassphrase => KeystoreError::PassphraseWrong,
                error => KeystoreError::Damaged {
                    file: self.dir.join(KEY_SET_FILE),
                    what: error.to_string(),
                },
            })?;
        *cipher = Some(derived.clone());
        Ok(Some(derived))
    }

    /// Reads a private key; asks `source` for the passphrase if the keys are still locked.
    ///
    /// # Errors
    /// [`KeystoreError::Passphrase`], [`KeystoreError::PassphraseWrong`];
    /// [`KeystoreError::ModesTooOpen`] or [`KeystoreError::NotOwned`] if the file is not safe;
    /// [`KeystoreError::Damaged`] if it is missing or holds another key;
    /// [`KeystoreError::Busy`] if the keys were replaced since the ring was made.
    pub fn open(
        &self,
        name: &KeyName,
        source: &dyn PassphraseSource,
    ) -> Result<PrivateKey, KeystoreError> {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = opened.get(name) {
            return Ok(key.clone());
        }
        let path = self.path(name);
        let bytes = match read_key_file(&path, &self.keystore) {
            // The passphrase was changed, or a reset came, since the ring was made.
            Err(KeystoreError::Damaged { .. }) if self.is_replaced() => {
                return Err(KeystoreError::Busy(self.keystore.clone()));
            }
            read => read?,
        };
        let cipher = self.cipher(source)?;
        let key = decode_key(&bytes, cipher.as_deref()).map_err(|what| KeystoreError::Damaged {
            file: path.clone(),
            what,
        })?;
        if KeyName::of(&key) != *name {
            return Err(KeystoreError::Damaged {
                file: path,
                what: "it holds another key than its name says".to_owned(),
            });
        }
        opened.insert(*name, key.clone());
        Ok(key)
    }

    pub(super) fn path(&self, name: &KeyName) -> PathBuf {
        self.dir.join(format!("{name}.pem"))
    }

    /// The directory of the key set.
    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    /// The names of all keys, those that no record names too.
    pub(super) fn names(&self) -> Result<Vec<KeyName>, KeystoreError> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.dir).map_err(io_error("list", &self.dir))? {
            let path = entry.map_err(io_error("list", &self.dir))?.path();
            let name = fingerprint_of(&path, "pem").and_then(|name| name.parse().ok());
            names.extend(name.map(KeyName));
        }
        names.sort_by_key(KeyName::to_string);
        Ok(names)
    }

    /// Judges a key file as far as that goes without the passphrase: modes, owner and form.
    pub(super) fn inspect(&self, name: &KeyName) -> Result<(), KeystoreError> {
        let path = self.path(name);
        let bytes = read_key_file(&path, &self.keystore)?;
        let label = if self.is_protected() {
            ENCRYPTED_LABEL
        } else {
            PLAIN_LABEL
        };
        let damaged = |what: String| KeystoreError::Damaged {
            file: path.clone(),
            what,
        };
        let frames = pem::decode_all(&bytes).map_err(|error| damaged(error.to_string()))?;
        match frames.as_slice() {
            [frame] if frame.label == label => Ok(()),
            _ => Err(damaged(format!("it does not hold one `{label}` in PEM"))),
        }
    }

    /// Whether another key set, or another generation, has taken this one's place.
    fn is_replaced(&self) -> bool {
        let name = self.dir.file_name().and_then(|name| name.to_str());
        let pointer = self.dir.with_file_name(Generation::KEY_SET);
        let current = durable::read(&pointer, limits::KEYSTORE_FILE);
        !current.is_ok_and(|current| {
            current.is_some_and(|octets| {
                let text = str::from_utf8(&octets).map(str::trim_end);
                text.ok() == name
            })
        })
    }
}

/// Reads a key file; the error says what is wrong with it.
fn decode_key(bytes: &[u8], cipher: Option<&KeyFileCipher>) -> Result<PrivateKey, String> {
    let frames = pem::decode_all(bytes).map_err(|error| error.to_string())?;
    let [frame] = frames.as_slice() else {
        return Err("it does not hold one key in PEM".to_owned());
    };
    match (cipher, frame.label.as_str()) {
        (None, PLAIN_LABEL) => PrivateKey::decode(&frame.der).map_err(|error| error.to_string()),
        // The passphrase is right, so whatever fails is the fault of the file.
        (Some(cipher), ENCRYPTED_LABEL) => {
            cipher.decrypt(&frame.der).map_err(|error| match error {
                PasswordError::WrongPassphrase => "it does not decrypt to a key".to_owned(),
                error => error.to_string(),
            })
        }
        (_, label) => Err(format!(
            "`{}` does not go with the protection of the key set",
            label.escape_debug()
        )),
    }
}

pub(super) fn encode_key(
    key: &PrivateKey,
    cipher: Option<&KeyFileCipher>,
) -> Result<Zeroizing<String>, KeystoreError> {
    let text = match cipher {
        None => pem::encode(PLAIN_LABEL, &key.to_pkcs8()?),
        Some(cipher) => pem::encode(ENCRYPTED_LABEL, &cipher.encrypt(key)?),
    };
    Ok(Zeroizing::new(text))
}

/// Reads a file that only the owner of the keystore may read. It is judged by its descriptor, so
/// nobody can put another file in its place between the look and the reading.
fn read_key_file(path: &Path, keystore: &Path) -> Result<Zeroizing<Vec<u8>>, KeystoreError> {
    let not_owned = |what: &str| KeystoreError::NotOwned {
        path: path.to_owned(),
        what: what.to_owned(),
    };
    let named = match fs::symlink_metadata(path) {
        Ok(named) => named,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(KeystoreError::Damaged {
                file: path.to_owned(),
                what: "it is missing".to_owned(),
            });
        }
        Err(error) => return Err(io_error("examine", path)(error)),
    };
    // Opening a pipe would wait for a writer, and a link may lead anywhere.
    if !named.is_file() {
        return Err(not_owned("it is not a regular file"));
    }
    let file = File::open(path).map_err(io_error("open", path))?;
    let opened = file.metadata().map_err(io_error("examine", path))?;
    if (opened.dev(), opened.ino()) != (named.dev(), named.ino()) {
        return Err(not_owned("it was replaced while it was opened"));
    }
    if opened.mode() & 0o077 != 0 {
        return Err(KeystoreError::ModesTooOpen {
            path: path.to_owned(),
            mode: opened.mode() & 0o7777,
        });
    }
    let owner = fs::metadata(keystore)
        .map_err(io_error("examine", keystore))?
        .uid();
    if opened.uid() != owner && opened.uid() != 0 {
        return Err(not_owned("it belongs to another user"));
    }
    durable::read_open(file, path, limits::KEYSTORE_FILE).map(Zeroizing::new)
}
