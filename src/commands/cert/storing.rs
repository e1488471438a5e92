//! Storing what an import let through.

use super::gate::{Item, Role};
use super::import::{Args, Imported, REFUSED};
use super::telling::tell;
use crate::address::Address;
use crate::commands::Context;
use crate::commands::certificates::Row;
use crate::error::{CommandError, ErrorKind};
use crate::keystore::{
    Batch, KeyRing, Keystore, Kind, LOCK_TIMEOUT, NewCertificate, Origin, Outcome, StoredAuthority,
    StoredCertificate, Writer,
};
use crate::reason::Reason;
use crate::stdio::Counted;
use crate::time::Time;
use crate::verdict::Finding;

/// What storing needs, while the keystore is locked.
struct Store<'a> {
    args: &'a Args,
    context: &'a Context,
    authority: StoredAuthority,
    ring: &'a KeyRing,
    writer: &'a Writer<'a>,
    now: Time,
}

/// Stores the items that are not refused, all together; adds to `findings` what was found about
/// each.
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
    let writer = keystore.lock(LOCK_TIMEOUT)?;
    let store = Store {
        args,
        context,
        authority: keystore.require_authority()?,
        ring: &ring,
        writer: &writer,
        now,
    };
    let mut batch = writer.batch();
    let gathered = found
        .iter()
        .map(|item| store.gather(item, &mut batch, findings));
    let outcomes = gathered.collect::<Result<Vec<_>, _>>()?;
    let progress = context.console().progress();
    let counted = Counted::Certificates(batch.len() as u64);
    progress.during("storing".to_owned(), counted, || {
        batch.commit(|| progress.advance())
    })?;
    let mut told = Vec::new();
    let mut imported = Vec::with_capacity(found.len());
    for (item, outcome) in found.iter().zip(outcomes) {
        let Some(outcome) = outcome else {
            imported.push(Imported {
                outcome: REFUSED,
                certificate: Row::from(&item.certificate),
            });
            continue;
        };
        let stored = store.stored(item, keystore)?;
        if stored.certificate != store.authority.certificate {
            told.push((outcome, stored.clone()));
        }
        imported.push(Imported {
            outcome: match outcome {
                Outcome::Known => "known",
                Outcome::Stored | Outcome::Raised => "stored",
            },
            certificate: Row::from(&stored),
        });
    }
    tell(context, &told, now);
    store.hint_at_user(keystore, &told)?;
    Ok(imported)
}

impl Store<'_> {
    /// Adds what is not refused to what will be stored, and says what becomes of it.
    fn gather(
        &self,
        item: &Item,
        batch: &mut Batch<'_>,
        findings: &mut Vec<Finding>,
    ) -> Result<Option<Outcome>, CommandError> {
        let whose = item.whose();
        let name = |finding: Finding| finding.with("certificate", &whose);
        findings.extend(item.findings.iter().cloned().map(name));
        if item.is_refused() {
            return Ok(None);
        }
        let outcome = self.add(item, batch)?;
        if outcome == Outcome::Known {
            findings.push(name(Finding::new(Reason::CertDuplicate)));
        }
        Ok(Some(outcome))
    }

    fn add(&self, item: &Item, batch: &mut Batch<'_>) -> Result<Outcome, CommandError> {
        // The local CA comes along with identities of its own.
        if item.certificate == self.authority.certificate {
            return Ok(Outcome::Known);
        }
        let new = NewCertificate {
            addresses: self.addresses(item),
            certificate: item.certificate.clone(),
            origin: Origin::Imported,
            added: self.now,
            provenance: None,
            capabilities: item.capabilities.clone(),
        };
        Ok(match &item.role {
            Role::Identity(key) => {
                let passphrases = self.context.passphrases();
                let name = self.writer.store_key(key, self.ring, passphrases)?;
                batch.add_identity(&new, name)?
            }
            Role::ThirdParty => batch.add_third_party(&new)?,
            Role::Authority => batch.add_intermediate(&new)?,
        })
    }

    fn stored(&self, item: &Item, keystore: &Keystore) -> Result<StoredCertificate, CommandError> {
        if item.certificate == self.authority.certificate {
            return Ok(self.authority.to_stored());
        }
        let fingerprint = item.certificate.fingerprint();
        let stored = keystore.find_by_fingerprint(&fingerprint)?;
        stored.ok_or_else(|| {
            CommandError::new(
                ErrorKind::Io,
                format!("cannot read back certificate {fingerprint}"),
            )
        })
    }

    /// A user's certificate without its key is a third party's, which may not be what was meant.
    fn hint_at_user(
        &self,
        keystore: &Keystore,
        told: &[(Outcome, StoredCertificate)],
    ) -> Result<(), CommandError> {
        for (_, stored) in told {
            let Some(address) = stored.addresses.first() else {
                continue;
            };
            if stored.kind != Kind::ThirdParty {
                continue;
            }
            let same_address = keystore.find_by_address(address)?.certificates;
            if same_address
                .iter()
                .any(|other| other.kind == Kind::Identity)
            {
                self.context.console().hint(format_args!(
                    "{address} is a user here: import the certificate with its private key if it \
                     is the user's own."
                ));
                return Ok(());
            }
        }
        Ok(())
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
