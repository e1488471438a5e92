//! What the message commands look up: in the keystore, or in the files that take its place.
//!
//! `--identity` takes the place of stored identities, `--certificate` that of stored recipients,
//! `--trust` and `--untrusted` that of stored CAs; with `--no-keystore` there is nothing else.

mod revocation;
mod traits;

use std::path::{Path, PathBuf};

use crate::address::Address;
use crate::cms::CertificateIdentifier;
use crate::commands::{Context, Passphrases};
use crate::crypto::key::PrivateKey;
use crate::error::{CommandError, ErrorKind};
use crate::keystore::{
    self, KeyName, KeyRing, Keystore, KeystoreError, PassphraseSource, Selection,
};
use crate::pki::{Certificate, CertificatePool, Identity, Issuers, ListPool, Purpose};
use crate::policy::profile::{Profile, Switch};
use crate::smime::lookup::names;
use crate::smime::{Input, SignatureRelease, VerifyRequest};
use crate::time::Time;

/// Options that name trusted and other certificates in files.
#[derive(clap::Args, Clone, Debug, Default)]
pub(super) struct TrustArgs {
    /// Trust the certificates in FILE instead of the stored CAs.
    ///
    /// PEM (one or many), DER or PKCS #7. A trust anchor need not be self-signed.
    #[arg(long, value_name = "FILE")]
    pub(super) trust: Vec<PathBuf>,
    /// Use the certificates in FILE as intermediates; they are not trusted for being there.
    #[arg(long, value_name = "FILE")]
    pub(super) untrusted: Vec<PathBuf>,
}

/// Where everything is looked up.
pub(super) struct Lookups<'c> {
    context: &'c Context,
    keystore: Option<Keystore>,
    ring: Option<KeyRing>,
    /// From `--identity`; where there are any, stored ones do not count.
    identities: Vec<Identity>,
    /// From `--trust`; where it was given, stored CAs do not count.
    anchors: Option<CertificatePool>,
    /// From `--untrusted`.
    pub(super) untrusted: Vec<Certificate>,
    /// From `--crl`.
    lists: ListPool,
}

impl<'c> Lookups<'c> {
    /// Opens what the options name. The keystore is opened if there is one; whether a command can do
    /// without, [`Lookups::require_keystore`] decides.
    ///
    /// # Errors
    /// A file cannot be read; the keystore is damaged, or its protection is off (78).
    pub(super) fn open(
        context: &'c Context,
        identities: &[PathBuf],
        trust: &TrustArgs,
    ) -> Result<Lookups<'c>, CommandError> {
        let keystore = match context.has_no_keystore() {
            true => None,
            false => find_keystore(&context.keystore_path()?)?,
        };
        if let Some(keystore) = &keystore
            && keystore.protection()? == Switch::Off
        {
            return Err(protection_off(keystore)?);
        }
        Lookups::over(context, keystore, identities, trust)
    }

    /// The same for a command that tells what it can: a keystore whose protection is off is not
    /// used, and neither is one that nothing names.
    ///
    /// # Errors
    /// A file cannot be read; the keystore is damaged.
    pub(super) fn open_if_enabled(
        context: &'c Context,
        identities: &[PathBuf],
        trust: &TrustArgs,
    ) -> Result<Lookups<'c>, CommandError> {
        let keystore = match context.keystore_path() {
            Ok(path) => find_keystore(&path)?,
            Err(_) => None,
        };
        let is_on = match &keystore {
            Some(keystore) => keystore.protection()? == Switch::On,
            None => false,
        };
        Lookups::over(context, keystore.filter(|_| is_on), identities, trust)
    }

    /// The same for a command that judges certificates: with `--trust` the keystore is not used, and
    /// without it there has to be one.
    ///
    /// # Errors
    /// A file cannot be read; there is no keystore (78), or it must not be used (2).
    pub(super) fn for_certificates(
        context: &'c Context,
        trust: &TrustArgs,
    ) -> Result<Lookups<'c>, CommandError> {
        let keystore = match trust.trust.is_empty() && !context.has_no_keystore() {
            true => Some(context.keystore()?),
            false => None,
        };
        // Its keys are not needed, so that it may have none yet.
        let lookups = Lookups::over(context, None, &[], trust)?;
        Ok(Lookups {
            keystore,
            ..lookups
        })
    }

    fn over(
        context: &'c Context,
        keystore: Option<Keystore>,
        identities: &[PathBuf],
        trust: &TrustArgs,
    ) -> Result<Lookups<'c>, CommandError> {
        let ring = keystore.as_ref().map(Keystore::key_ring).transpose()?;
        let certificates = |paths: &[PathBuf]| -> Result<Vec<Certificate>, CommandError> {
            let files = paths.iter().map(|path| context.certificates(path));
            Ok(files.collect::<Result<Vec<_>, _>>()?.concat())
        };
        let anchors = match trust.trust.is_empty() {
            true => None,
            false => Some(CertificatePool::new(certificates(&trust.trust)?, [])),
        };
        let identities = identities.iter().map(|path| context.identities(path));
        Ok(Lookups {
            context,
            keystore,
            ring,
            identities: identities.collect::<Result<Vec<_>, _>>()?.concat(),
            anchors,
            untrusted: certificates(&trust.untrusted)?,
            lists: ListPool::default(),
        })
    }

    /// Takes CRLs from files beside the stored ones.
    pub(super) fn add_lists(&mut self, lists: ListPool) {
        self.lists = lists;
    }

    /// The keystore. `without` tells how to do without.
    ///
    /// # Errors
    /// There is none (78), or it must not be used (2).
    pub(super) fn require_keystore(&self, without: &str) -> Result<&Keystore, CommandError> {
        match &self.keystore {
            Some(keystore) => Ok(keystore),
            // Opening it again gives the error with its hint.
            None => Err(match self.context.keystore() {
                Err(error) => error.hint(without),
                Ok(_) => CommandError::new(ErrorKind::Temporary, "the keystore has just appeared"),
            }),
        }
    }

    /// The keystore, if there is one and it may be used.
    pub(super) fn keystore(&self) -> Option<&Keystore> {
        self.keystore.as_ref()
    }

    /// Whether identities were given in files.
    pub(super) fn has_identity_files(&self) -> bool {
        !self.identities.is_empty()
    }

    /// Whether trust anchors were given in files.
    pub(super) fn has_trust_files(&self) -> bool {
        self.anchors.is_some()
    }

    /// The request to verify `input` as `profile` says, with all that can be looked up here; the
    /// signature stays.
    pub(super) fn verify_request<'a>(
        &'a self,
        input: Input,
        profile: &'a Profile,
    ) -> VerifyRequest<'a> {
        VerifyRequest {
            input,
            keys: self,
            certificates: self,
            issuers: self,
            untrusted: &self.untrusted,
            lists: self,
            time: self.context.judgement_time(),
            profile,
            expected: None,
            envelope_from: None,
            signature: SignatureRelease::Keep,
        }
    }

    /// The settings in force: the keystore's, else the defaults.
    pub(super) fn profile(&self) -> Result<Profile, CommandError> {
        let settings = self.keystore.as_ref().map(Keystore::settings).transpose()?;
        Ok(settings
            .map(|settings| settings.profile)
            .unwrap_or_default())
    }

    /// The identities from files.
    pub(super) fn file_identities(&self) -> &[Identity] {
        &self.identities
    }

    /// Certificates stored for an address, sorted for a purpose.
    pub(super) fn select(
        &self,
        address: &Address,
        purpose: Purpose,
        time: Time,
    ) -> Result<Selection, CommandError> {
        let Some(keystore) = &self.keystore else {
            return Ok(Selection::default());
        };
        let found = keystore.find_by_address(address)?;
        Ok(keystore::select(found.certificates, purpose, time))
    }

    /// The private key of a stored certificate, with the certificates above it.
    pub(super) fn unlock(
        &self,
        stored: &keystore::StoredCertificate,
    ) -> Result<Option<Identity>, CommandError> {
        let (Some(ring), Some(key)) = (&self.ring, &stored.key) else {
            return Ok(None);
        };
        let key = self.open_key(ring, key)?;
        Ok(Some(Identity {
            certificate: stored.certificate.clone(),
            key,
            chain: chain_above(self, &stored.certificate),
        }))
    }

    fn open_key(&self, ring: &KeyRing, name: &KeyName) -> Result<PrivateKey, KeystoreError> {
        ring.open(name, &FromPassphrases(self.context.passphrases()))
    }

    /// The stored certificates of a recipient that have a key.
    fn stored_for(
        &self,
        recipient: &CertificateIdentifier,
    ) -> Result<Vec<keystore::StoredCertificate>, KeystoreError> {
        let mut found = self.known_for(recipient)?;
        found.retain(|stored| stored.key.is_some());
        Ok(found)
    }

    /// The stored certificates of a recipient.
    fn known_for(
        &self,
        recipient: &CertificateIdentifier,
    ) -> Result<Vec<keystore::StoredCertificate>, KeystoreError> {
        let Some(keystore) = &self.keystore else {
            return Ok(Vec::new());
        };
        match recipient {
            CertificateIdentifier::IssuerSerial { issuer_der, serial } => {
                keystore.find_by_issuer_and_serial(issuer_der, serial)
            }
            CertificateIdentifier::KeyIdentifier(key) => keystore.find_by_key_identifier(key),
        }
    }

    fn file_identity_for(&self, recipient: &CertificateIdentifier) -> Option<&Identity> {
        self.identities
            .iter()
            .find(|identity| names(recipient, &identity.certificate))
    }
}

/// What the work on all files of a run shares.
pub(super) struct Shared<'c> {
    /// Where everything is looked up.
    pub(super) lookups: Lookups<'c>,
    /// The settings in force.
    pub(super) profile: Profile,
}

impl<'c> Shared<'c> {
    /// Opens what the options name.
    ///
    /// # Errors
    /// As [`Lookups::open`]; the settings are invalid (78).
    pub(super) fn open(
        context: &'c Context,
        identities: &[PathBuf],
        trust: &TrustArgs,
    ) -> Result<Shared<'c>, CommandError> {
        let lookups = Lookups::open(context, identities, trust)?;
        let profile = lookups.profile()?;
        Ok(Shared { lookups, profile })
    }
}

/// The CAs above a certificate as far as they are known, the nearest first. Nothing is judged.
pub(super) fn chain_above(issuers: &dyn Issuers, certificate: &Certificate) -> Vec<Certificate> {
    let mut chain: Vec<Certificate> = Vec::new();
    let mut last = certificate.clone();
    while !last.is_self_issued() && chain.len() < crate::limits::PATH_LENGTH {
        let signed_by = |issuer: &Certificate| {
            let key = issuer.public_key();
            key.is_ok_and(|key| last.verify_signature(&key).is_ok())
        };
        let issuer = issuers
            .find_by_name(last.issuer())
            .into_iter()
            .find(signed_by);
        match issuer.filter(|issuer| !chain.contains(issuer)) {
            Some(issuer) => {
                chain.push(issuer.clone());
                last = issuer;
            }
            None => break,
        }
    }
    chain
}

/// Opens the keystore at `path`, if there is one.
fn find_keystore(path: &Path) -> Result<Option<Keystore>, CommandError> {
    match Keystore::open(path) {
        Ok(keystore) => Ok(Some(keystore)),
        Err(KeystoreError::NotFound(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// What stands in the way where protection is off.
fn protection_off(keystore: &Keystore) -> Result<CommandError, CommandError> {
    let error = CommandError::new(
        ErrorKind::Configuration,
        "the keystore's protection is off, so its keys and certificates are not used",
    );
    Ok(match keystore.authority()? {
        None => error.hint("Run `smime ca init` to create the local CA, which turns it on."),
        Some(_) => error.hint("Run `smime settings protection on`."),
    }
    .hint("With --no-keystore and files, messages are processed without a keystore."))
}

/// The keystore's passphrase from the sources of this run.
pub(super) struct FromPassphrases<'p>(pub(super) &'p Passphrases);

impl PassphraseSource for FromPassphrases<'_> {
    fn passphrase(
        &self,
    ) -> Result<zeroize::Zeroizing<String>, Box<dyn std::error::Error + Send + Sync>> {
        self.0.for_keystore().map_err(Into::into)
    }
}
