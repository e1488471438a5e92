//! What `ca init` and `cert issue` share: key types, and what goes wrong.

use std::str::FromStr;

use crate::commands::Context;
use crate::crypto::key::{KeyKind, KeyType, PrivateKey};
use crate::error::{CommandError, ErrorKind};
use crate::keystore::{
    KeyRing, Keystore, NewCertificate, Origin, Settings, StoredAuthority, Writer,
};
use crate::nearest::find_nearest;
use crate::pki::Certificate;
use crate::pki::issue::{Authority, IssueError, LeafProfile, Usage, issue};
use crate::stdio::Counted;
use crate::time::Time;

/// The name of a key type on the command line.
#[derive(Clone, Copy, Debug)]
pub(super) struct KeyTypeName(KeyType);

impl FromStr for KeyTypeName {
    type Err = String;

    fn from_str(name: &str) -> Result<KeyTypeName, String> {
        KeyType::from_name(name).map(KeyTypeName).ok_or_else(|| {
            let names = KeyType::ALL.map(KeyType::name);
            match find_nearest(name, names) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the key types are {}", names.join(", ")),
            }
        })
    }
}

impl KeyTypeName {
    /// The key type.
    pub(super) fn key_type(self) -> KeyType {
        self.0
    }
}

/// Makes a key, which can take a while.
///
/// # Errors
/// The operating system gives no random numbers.
pub(super) fn make_key(kind: KeyType, context: &Context) -> Result<PrivateKey, CommandError> {
    let progress = context.console().progress();
    let what = format!("making a key ({})", kind.name());
    let made = progress.during(what, Counted::Time, || PrivateKey::generate(kind));
    made.map_err(|error| issue_error(error.into()))
}

/// What a key is for, on the command line.
#[derive(Clone, Copy, clap::ValueEnum)]
pub(super) enum UsageName {
    Sign,
    Encrypt,
    Both,
}

impl UsageName {
    /// What was asked for, or else everything that a key of that kind can be used for.
    pub(super) fn or_all(asked: Option<UsageName>, kind: KeyKind) -> Usage {
        match asked {
            None => Usage::all_of(kind),
            Some(UsageName::Sign) => Usage::Sign,
            Some(UsageName::Encrypt) => Usage::Encrypt,
            Some(UsageName::Both) => Usage::Both,
        }
    }
}

/// The local CA with its key open.
pub(super) struct LocalAuthority {
    stored: StoredAuthority,
    key: PrivateKey,
    /// The keys of the keystore.
    pub(super) ring: KeyRing,
    /// The settings in force.
    pub(super) settings: Settings,
}

impl LocalAuthority {
    /// Opens the key of the local CA.
    ///
    /// # Errors
    /// There is no local CA (78), or its key cannot be opened (77).
    pub(super) fn open(
        keystore: &Keystore,
        context: &Context,
    ) -> Result<LocalAuthority, CommandError> {
        let stored = keystore.require_authority()?;
        let settings = keystore.settings()?;
        let ring = keystore.key_ring()?;
        let key = ring.open(&stored.key, context.passphrases())?;
        Ok(LocalAuthority {
            stored,
            key,
            ring,
            settings,
        })
    }

    /// Certificate and key.
    pub(super) fn authority(&self) -> Authority<'_> {
        Authority {
            certificate: &self.stored.certificate,
            key: &self.key,
        }
    }

    /// Issues a certificate under the CA's settings, and warns where it ends before the profile says,
    /// because the CA's own does. It is not stored.
    ///
    /// # Errors
    /// The profile cannot be written as a certificate, the CA may not issue at that time, or it is
    /// the CA no longer (75).
    pub(super) fn issue(
        &self,
        profile: LeafProfile,
        writer: &Writer<'_>,
        context: &Context,
        now: Time,
    ) -> Result<NewCertificate, CommandError> {
        writer.expect_authority(&self.stored.certificate)?;
        let days = profile.days;
        let profile = LeafProfile {
            crl_url: self.stored.crl_url.clone(),
            policies: self.settings.certificate_policies.clone(),
            ..profile
        };
        let serial = writer.draw_serial()?;
        let certificate = issue(&self.authority(), &profile, &serial, now).map_err(issue_error)?;
        let end = certificate.not_after();
        if end.plus_seconds(1) < now.plus_days(days.into()) {
            let end = end.to_local_text();
            context.console().warning(format_args!(
                "the certificate is valid until {end} only, when that of the CA ends"
            ));
        }
        Ok(NewCertificate {
            addresses: certificate.addresses(),
            certificate,
            origin: Origin::Issued,
            added: now,
            provenance: None,
            capabilities: None,
        })
    }
}

/// That a certificate is not the local CA's to `verb`.
pub(super) fn not_issued_here(verb: &str, certificate: &Certificate) -> CommandError {
    let subject = certificate.subject();
    let what = format!("cannot {verb} the certificate of {subject}: the local CA did not issue it");
    CommandError::usage(what).hint(format!("Ask who did: {}.", certificate.issuer()))
}

/// Why a certificate cannot be issued, as the end of a command.
pub(super) fn issue_error(error: IssueError) -> CommandError {
    let kind = match &error {
        IssueError::AddressMissing
        | IssueError::NameMissing
        | IssueError::NameInvalid { .. }
        | IssueError::UrlInvalid { .. }
        | IssueError::ValidityEmpty
        | IssueError::KeyUnsuitable { .. } => ErrorKind::Usage,
        IssueError::AuthorityNotCa
        | IssueError::AuthorityNotCrlSigner
        | IssueError::AuthorityKeyMismatch
        | IssueError::AuthorityNotValid { .. } => ErrorKind::Configuration,
        IssueError::SerialNegative
        | IssueError::Key(_)
        | IssueError::Algorithm(_)
        | IssueError::Encoding => ErrorKind::Bug,
    };
    let expired = matches!(error, IssueError::AuthorityNotValid { .. });
    CommandError::new(kind, "cannot issue the certificate")
        .caused_by(error)
        .hint_if(expired, "Check the clock; `smime ca show` shows the CA.")
}
