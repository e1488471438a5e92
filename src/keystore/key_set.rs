//! Making key sets, putting keys into them, and putting one in the place of another.

use std::sync::{Arc, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::durable;
use super::error::KeystoreError;
use super::keys::{
    KEY_SET_FILE, KeyLock, KeyName, KeyProtection, KeyRing, KeySetFile, PassphraseSource,
    encode_key,
};
use super::layout::Generation;
use super::view::View;
use super::writer::{Writer, sweep_directories};
use crate::crypto::key::{KeyType, PrivateKey};
use crate::crypto::password::KeyFileCipher;

impl Writer<'_> {
    /// Begins a key set for a keystore that has no CA yet, and returns it unlocked.
    ///
    /// # Errors
    /// [`KeystoreError::Exists`] if there is a CA, whose keys are protected in one way already;
    /// [`KeystoreError::PassphraseEmpty`].
    pub fn create_key_set(&self, protection: KeyProtection<'_>) -> Result<KeyRing, KeystoreError> {
        if self.generation.authority().exists() {
            return Err(KeystoreError::Exists {
                what: "the local CA".to_owned(),
            });
        }
        self.begin_key_set(protection, &[])
    }

    /// Puts all keys under another protection, at once: a new key set with every key of the old one
    /// takes its place, and the old one's files are removed. Returns how many keys there are.
    ///
    /// # Errors
    /// As [`KeyRing::open`] for every key, and [`KeystoreError::PassphraseEmpty`];
    /// [`KeystoreError::Busy`] if the keys were replaced since the ring was made. Then nothing has
    /// changed. A key that cannot be opened would be lost.
    pub fn replace_protection(
        &self,
        ring: &KeyRing,
        source: &dyn PassphraseSource,
        protection: KeyProtection<'_>,
    ) -> Result<usize, KeystoreError> {
        self.expect_key_set(ring)?;
        ring.unlock(source)?;
        let names = self.view(|_| ring.names())?;
        let keys: Vec<PrivateKey> = names
            .iter()
            .map(|name| ring.open(name, source))
            .collect::<Result<_, _>>()?;
        self.begin_key_set(protection, &keys)?;
        Ok(keys.len())
    }

    /// Makes a key set that holds `keys`, and puts it in force.
    fn begin_key_set(
        &self,
        protection: KeyProtection<'_>,
        keys: &[PrivateKey],
    ) -> Result<KeyRing, KeystoreError> {
        let (file, cipher) = match protection {
            KeyProtection::FileModesOnly => (KeySetFile::None, None),
            KeyProtection::Passphrase("") => return Err(KeystoreError::PassphraseEmpty),
            KeyProtection::Passphrase(passphrase) => {
                let cipher = KeyFileCipher::new(passphrase)?;
                let check = cipher.encrypt(&PrivateKey::generate(KeyType::EcP256)?)?;
                let check = STANDARD.encode(&check);
                (KeySetFile::Passphrase { check }, Some(Arc::new(cipher)))
            }
        };
        let name = durable::random_name(Generation::KEYS_PREFIX)?;
        let dir = self.generation.keys(&name);
        let path = dir.join(KEY_SET_FILE);
        let text = toml::to_string(&file).map_err(|error| KeystoreError::encoding(&path, error))?;
        let ring = KeyRing::new(self.keystore.dir(), dir.clone(), file)?;
        if let (KeyLock::Passphrase { cipher: known, .. }, Some(cipher)) = (&ring.lock, &cipher) {
            *known.lock().unwrap_or_else(PoisonError::into_inner) = Some(cipher.clone());
        }
        self.scratch.make_dir(&dir)?;
        let mut change = self.scratch.change();
        change.put(&path, text.as_bytes())?;
        for key in keys {
            let text = encode_key(key, cipher.as_deref())?;
            change.put(&ring.path(&KeyName::of(key)), text.as_bytes())?;
        }
        change.commit(&self.generation.key_set(), format!("{name}\n").as_bytes())?;
        sweep_directories(&self.generation.dir, Generation::KEYS_PREFIX, &dir);
        Ok(ring)
    }

    /// Stores a private key, which counts for nothing until a certificate names it.
    ///
    /// # Errors
    /// As [`KeyRing::unlock`]; [`KeystoreError::Busy`] if the keys were replaced since the ring was
    /// made.
    pub fn store_key(
        &self,
        key: &PrivateKey,
        ring: &KeyRing,
        source: &dyn PassphraseSource,
    ) -> Result<KeyName, KeystoreError> {
        let cipher = ring.cipher(source)?;
        self.expect_key_set(ring)?;
        let name = KeyName::of(key);
        let text = encode_key(key, cipher.as_deref())?;
        self.scratch.write(&ring.path(&name), text.as_bytes())?;
        Ok(name)
    }

    /// Holds that the ring's keys are still the ones in force.
    fn expect_key_set(&self, ring: &KeyRing) -> Result<(), KeystoreError> {
        match self.view(View::key_set)?.as_deref() == Some(ring.dir()) {
            true => Ok(()),
            false => Err(KeystoreError::Busy(self.keystore.dir().to_owned())),
        }
    }

    /// Removes a key that no record names any more.
    pub(super) fn remove_key(&self, name: KeyName) -> Result<(), KeystoreError> {
        match self.view(View::key_set)? {
            Some(dir) => durable::remove(&dir.join(format!("{name}.pem"))),
            None => Ok(()),
        }
    }
}
