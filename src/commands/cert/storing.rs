//! Storing what an import let through.

use super::gate::{Item, Role};
use super::import::{Args, Imported, REFUSED};
use crate::address::Address;
use crate::commands::Context;
use crate::commands::certificates::Row;
use crate::error::{CommandError, ErrorKind};
use crate::keystore::{
    KeyRing, Keystore, Kind, LOCK_TIMEOUT, NewCertificate, Origin, Outcome, StoredAuthority,
    StoredCertificate, Writer,
};
use crate::reason::Reason;
use crate::time::Time;
use crate::verdict::Finding;

/// What storing needs, while the keystore is locked.
struct Store<'a> {
    args: &'a Args,
    context: &'a Context,
    keystore: &'a Keystore,
    authority: StoredAuthority,
    ring: &'a KeyRing,
    writer: Writer<'a>,
    now: Time,
}

/// Stores the items that are not refused; adds to `findings` what was found about each.
///
/// # Errors
/// The passphrase is missing or wrong, or the keystore cannot be written.
pub(super) fn store_all(
    args: &Args,
    context: &Context,
    keystore: &Keystore,
    found: Vec<Item>,
    now: Time,
    findings: &mut Vec<Finding>,
) -> Result<Vec<Imported>, CommandError> {
    let ring = keystore.key_ring()?;
    let takes_key = |item: &Item| !item.is_refused() && matches!(item.role, Role::Identity(_));
    if found.iter().any(takes_key) {
        // Asks for the passphrase before the lock is taken.
        ring.unlock(context.passphrases())?;
    }
    let store = Store {
        args,
        context,
        keystore,
        authority: keystore.require_authority()?,
        ring: &ring,
        writer: keystore.lock(LOCK_TIMEOUT)?,
        now,
    };
    let items = found.iter().map(|item| store.item(item, findings));
    items.collect()
}

impl Store<'_> {
    fn item(&self, item: &Item, findings: &mut Vec<Finding>) -> Result<Imported, CommandError> {
        let whose = item.whose();
        let name = |finding: Finding| finding.with("certificate", &whose);
        findings.extend(item.findings.iter().cloned().map(name));
        if item.is_refused() {
            return Ok(Imported {
                outcome: REFUSED,
                certificate: Row::from(&item.certificate),
            });
        }
        let (outcome, stored) = self.store(item)?;
        if outcome == Outcome::Known {
            findings.push(name(Finding::new(Reason::CertDuplicate)));
        }
        if stored.certificate != self.authority.certificate {
            note(self.context, &stored, outcome);
        }
        if stored.certificate.not_after() < self.now {
            self.context.console().warning(format_args!(
                "{whose}: the certificate has expired; it only serves for mail of its time"
            ));
        }
        Ok(Imported {
            outcome: match outcome {
                Outcome::Known => "known",
                Outcome::Stored | Outcome::Raised => "stored",
            },
            certificate: Row::from(&stored),
        })
    }

    fn store(&self, item: &Item) -> Result<(Outcome, StoredCertificate), CommandError> {
        // The local CA comes along with identities of its own.
        if item.certificate == self.authority.certificate {
            return Ok((Outcome::Known, self.authority.to_stored()));
        }
        let new = NewCertificate {
            addresses: self.addresses(item),
            certificate: item.certificate.clone(),
            origin: Origin::Imported,
            added: self.now,
            provenance: None,
            capabilities: item.capabilities.clone(),
        };
        let outcome = match &item.role {
            Role::Identity(key) => {
                let passphrases = self.context.passphrases();
                let name = self.writer.store_key(key, self.ring, passphrases)?;
                self.writer.add_identity(&new, name)?
            }
            Role::ThirdParty => self.writer.add_third_party(&new)?,
            Role::Authority => self.writer.add_intermediate(&new)?,
        };
        let fingerprint = item.certificate.fingerprint();
        let stored = self.keystore.find_by_fingerprint(&fingerprint)?;
        let stored = stored.ok_or_else(|| {
            CommandError::new(
                ErrorKind::Io,
                format!("cannot read back certificate {fingerprint}"),
            )
        })?;
        Ok((outcome, stored))
    }

    /// The addresses that the certificate is used for.
    fn addresses(&self, item: &Item) -> Vec<Address> {
        let own = item.certificate.addresses();
        match &self.args.address {
            Some(address) if !matches!(item.role, Role::Authority) => {
                if !own.contains(address) {
                    self.context.console().warning(format_args!(
                        "the certificate does not hold {address}: mail can be encrypted for that \
                         address, but mail from it will not be accepted"
                    ));
                }
                vec![address.clone()]
            }
            _ => own,
        }
    }
}

fn note(context: &Context, stored: &StoredCertificate, outcome: Outcome) {
    let done = match outcome {
        Outcome::Stored => "stored",
        Outcome::Raised => "stored, with more known about it than before",
        Outcome::Known => "stored already",
    };
    let kind = match stored.kind {
        Kind::Identity => "a user's certificate and private key",
        Kind::ThirdParty => "a third party's certificate",
        Kind::Held => "a held certificate",
        Kind::Ca => "an intermediate, which is not trusted for itself",
    };
    let whose = match stored.addresses.first() {
        Some(address) => address.to_string(),
        None => stored.certificate.subject().to_string(),
    };
    context
        .console()
        .note(format_args!("{whose}: {done}: {kind}"));
}
