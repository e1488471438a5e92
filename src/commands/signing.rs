//! Who signs: the options that `sign` and `encrypt --sign` share, and finding the keys.

use std::path::PathBuf;

use crate::commands::Context;
use crate::commands::lookup::Lookups;
use crate::commands::selecting::hint_at_near;
use crate::crypto::key::RsaScheme;
use crate::error::{CommandError, ErrorKind};
use crate::keystore::{self, Kind, Selection, Selector};
use crate::mail::FromField;
use crate::pki::Purpose;
use crate::policy::profile::{DigestChoice, Include, Profile, Switch};
use crate::reason::Severity;
use crate::smime::{PreparedMessage, SigningIdentity};
use crate::time::Time;
use crate::verdict::{Finding, rejects};

/// Options about the signature.
#[derive(clap::Args, Clone, Debug, Default)]
pub(super) struct SigningArgs {
    /// Sign with this stored certificate: an address, or the first 8 or more digits of a fingerprint.
    #[arg(long, value_name = "SELECTOR")]
    pub(super) signer: Vec<Selector>,
    /// Sign with the identity in FILE: PKCS #12, or PEM with key and certificate.
    #[arg(long, value_name = "FILE", conflicts_with = "signer")]
    pub(super) identity: Vec<PathBuf>,
    /// Put the content into the CMS object, where no relay can change it by accident.
    #[arg(long)]
    pub(super) opaque: bool,
    /// Use this digest: auto, sha256, sha384 or sha512.
    #[arg(long, value_name = "DIGEST", value_parser = digest_choice)]
    pub(super) digest: Option<DigestChoice>,
    /// Sign by RSASSA-PSS where the key is of RSA; some mail programs do not read it.
    #[arg(long)]
    pub(super) pss: bool,
    /// Send these certificates along: leaf, intermediates or chain.
    #[arg(long, value_name = "WHICH", value_parser = include_choice)]
    pub(super) include: Option<Include>,
}

impl SigningArgs {
    /// How RSA keys sign.
    pub(super) fn rsa_scheme(&self) -> RsaScheme {
        match self.pss {
            true => RsaScheme::Pss,
            false => RsaScheme::Pkcs1,
        }
    }
}

fn digest_choice(word: &str) -> Result<DigestChoice, String> {
    let words = DigestChoice::words();
    DigestChoice::from_word(word).ok_or_else(|| super::not_one_of(word, &words))
}

fn include_choice(word: &str) -> Result<Include, String> {
    Include::from_word(word).ok_or_else(|| super::not_one_of(word, Include::WORDS))
}

/// Whether header fields are protected: if it is asked for, or set so.
pub(super) fn protect_headers(asked: bool, profile: &Profile) -> Switch {
    match asked {
        true => Switch::On,
        false => profile.protect_headers,
    }
}

/// Finds and unlocks the identities that sign.
///
/// # Errors
/// There is no usable certificate or key for a signer (67), or no one From address (67).
pub(super) fn open_signers(
    context: &Context,
    lookups: &Lookups<'_>,
    args: &SigningArgs,
    message: &PreparedMessage,
) -> Result<Vec<SigningIdentity>, CommandError> {
    let now = context.now()?;
    if lookups.has_identity_files() {
        return file_signers(lookups, now);
    }
    if !args.signer.is_empty() {
        let signers = args
            .signer
            .iter()
            .map(|selector| stored_signer(lookups, selector, now));
        return signers.collect();
    }
    match message.scan().root.header.from_field() {
        FromField::One { address, .. } => Ok(vec![stored_signer(
            lookups,
            &Selector::Address(address),
            now,
        )?]),
        _ => Err(CommandError::new(
            ErrorKind::NoCertificate,
            "the message has no From field with one mailbox, so nobody is there to sign",
        )
        .hint("Name the signer with --signer ADDRESS.")),
    }
}

fn file_signers(lookups: &Lookups<'_>, now: Time) -> Result<Vec<SigningIdentity>, CommandError> {
    let identities = lookups.file_identities();
    let usable = |purpose: Purpose| {
        move |identity: &&crate::pki::Identity| {
            !rejects(&crate::pki::usable_for(&identity.certificate, purpose, now))
        }
    };
    let signers: Vec<SigningIdentity> = identities
        .iter()
        .filter(usable(Purpose::Sign))
        .map(|identity| SigningIdentity {
            identity: identity.clone(),
            // A file may hold a pair: one certificate to sign, one to be encrypted to.
            encryption_certificate: identities
                .iter()
                .filter(usable(Purpose::Encrypt))
                .find(|other| other.certificate.addresses() == identity.certificate.addresses())
                .filter(|_| {
                    rejects(&crate::pki::usable_for(
                        &identity.certificate,
                        Purpose::Encrypt,
                        now,
                    ))
                })
                .map(|other| other.certificate.clone()),
        })
        .collect();
    if !signers.is_empty() {
        return Ok(signers);
    }
    let findings = identities
        .iter()
        .flat_map(|identity| crate::pki::usable_for(&identity.certificate, Purpose::Sign, now));
    let error = CommandError::new(
        ErrorKind::NoCertificate,
        "no identity in the files can sign",
    );
    Err(explained(error, findings))
}

/// The newest usable certificate for the selector, with its key.
fn stored_signer(
    lookups: &Lookups<'_>,
    selector: &Selector,
    now: Time,
) -> Result<SigningIdentity, CommandError> {
    let without = "With --identity FILE a message is signed without one.";
    let keystore = lookups.require_keystore(without)?;
    let mut found = keystore.find_by_selector(selector)?;
    found.retain(|stored| stored.kind == Kind::Identity);
    let none_stored = found.is_empty();
    let Selection {
        usable,
        passed_over,
    } = keystore::select(found, Purpose::Sign, now);
    let Some(best) = usable.first() else {
        let error = CommandError::new(
            ErrorKind::NoCertificate,
            format!("no certificate with a private key is there to sign for {selector}"),
        );
        if none_stored {
            let error = hint_at_near(error, keystore, selector)?;
            return Err(match selector {
                Selector::Address(address) => {
                    error.hint(format!("Run `smime cert issue {address}`, or import one."))
                }
                Selector::Fingerprint(_) => error.hint("`smime cert list` shows what is stored."),
            });
        }
        return Err(explained(
            error,
            passed_over.into_iter().flat_map(|passed| passed.findings),
        ));
    };
    open_signer(lookups, best, now)
}

/// Unlocks the key of a stored certificate that signs.
///
/// # Errors
/// The key is not there (67), or cannot be unlocked (77).
pub(super) fn open_signer(
    lookups: &Lookups<'_>,
    stored: &keystore::StoredCertificate,
    now: Time,
) -> Result<SigningIdentity, CommandError> {
    let identity = lookups.unlock(stored)?.ok_or_else(|| {
        let what = format!(
            "the private key of {} is not in the keystore",
            stored.certificate.subject()
        );
        CommandError::new(ErrorKind::NoCertificate, what)
    })?;
    Ok(SigningIdentity {
        encryption_certificate: encryption_certificate(lookups, stored, now)?,
        identity,
    })
}

/// The certificate that the signer wants to be encrypted to, where the signing one is not for it.
fn encryption_certificate(
    lookups: &Lookups<'_>,
    signing: &keystore::StoredCertificate,
    now: Time,
) -> Result<Option<crate::pki::Certificate>, CommandError> {
    let both = crate::pki::usable_for(&signing.certificate, Purpose::Encrypt, now);
    if !rejects(&both) {
        return Ok(None);
    }
    for address in &signing.addresses {
        let selection = lookups.select(address, Purpose::Encrypt, now)?;
        let own = selection
            .usable
            .into_iter()
            .find(|stored| stored.kind == Kind::Identity);
        if let Some(own) = own {
            return Ok(Some(own.certificate));
        }
    }
    Ok(None)
}

/// The error with the first few reasons why certificates cannot be used.
pub(super) fn explained(
    error: CommandError,
    findings: impl Iterator<Item = Finding>,
) -> CommandError {
    let mut findings = findings.filter(|finding| finding.severity == Severity::Reject);
    match findings.next() {
        Some(finding) => error
            .caused_by(format!("{} [{}]", finding.summary(), finding.reason))
            .hint(finding.hint()),
        None => error,
    }
}
