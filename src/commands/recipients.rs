//! Whom to encrypt to: the options, and finding a certificate for each.

use std::path::PathBuf;

use crate::address::Address;
use crate::commands::Context;
use crate::commands::lookup::{Lookups, Shared};
use crate::commands::selecting::hint_at_near;
use crate::commands::signing::explained;
use crate::error::{CommandError, ErrorKind};
use crate::keystore::{self, Kind, Selection, Selector};
use crate::mail::FromField;
use crate::pki::{self, Certificate, Purpose};
use crate::policy::profile::Profile;
use crate::reason::{Reason, Severity};
use crate::smime::lookup::Standing;
use crate::smime::{PreparedMessage, RecipientCertificate};
use crate::time::Time;
use crate::verdict::{Finding, rejects};

/// Options about the recipients.
#[derive(clap::Args, Clone, Debug, Default)]
pub(super) struct RecipientArgs {
    /// Encrypt to this stored certificate instead of those for To and Cc: an address, or the first 8
    /// or more digits of a fingerprint.
    #[arg(long, value_name = "SELECTOR")]
    recipient: Vec<Selector>,
    /// Encrypt to the certificates in FILE instead of stored ones.
    ///
    /// PEM (one or many), DER or PKCS #7.
    #[arg(long, value_name = "FILE", conflicts_with = "recipient")]
    certificate: Vec<PathBuf>,
    /// Encrypt to the sender as well, so that the copy in the sent folder can be read.
    #[arg(long)]
    to_self: bool,
    /// What to do about recipients without a certificate.
    ///
    /// `fail` names them all and encrypts nothing; `skip` leaves them out, with a warning: they
    /// cannot read the message.
    #[arg(long, value_name = "HOW", default_value = "fail")]
    missing: Missing,
}

/// What to do about recipients without a certificate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Missing {
    /// Encrypt nothing.
    #[default]
    Fail,
    /// Leave them out.
    Skip,
}

impl RecipientArgs {
    /// The certificates in files that take the place of stored ones; `None` if no file is named.
    ///
    /// # Errors
    /// A file cannot be read, or holds no certificate.
    pub(super) fn read_files(
        &self,
        context: &Context,
    ) -> Result<Option<Vec<Certificate>>, CommandError> {
        if self.certificate.is_empty() {
            return Ok(None);
        }
        let files = self.certificate.iter();
        let files = files.map(|path| context.certificates(path));
        Ok(Some(files.collect::<Result<Vec<_>, _>>()?.concat()))
    }
}

/// Who was found.
pub(super) struct Recipients {
    /// For the message itself.
    pub(super) chosen: Vec<RecipientCertificate>,
    /// For a copy each.
    pub(super) bcc: Vec<(Address, RecipientCertificate)>,
    /// Those left out.
    pub(super) findings: Vec<Finding>,
}

/// Finds a certificate for each recipient, stored or in the files that were read.
///
/// # Errors
/// Recipients have none, or nobody is named (67).
pub(super) fn find_recipients(
    context: &Context,
    (Shared { lookups, profile }, files): (&Shared<'_>, &Option<Vec<Certificate>>),
    args: &RecipientArgs,
    message: &PreparedMessage,
    bcc: &[Address],
) -> Result<Recipients, CommandError> {
    let now = context.now()?;
    let mut search = Search {
        lookups,
        profile,
        files: files.as_deref(),
        now,
        missing: Vec::new(),
    };
    let header = &message.scan().root.header;
    let mut chosen = Vec::new();
    match (search.files, args.recipient.is_empty()) {
        (Some(files), _) => chosen.extend(search.usable_files(files)?),
        (None, false) => {
            for selector in &args.recipient {
                chosen.extend(search.find(selector)?);
            }
        }
        (None, true) => {
            for address in header.to_and_cc() {
                chosen.extend(search.find(&Selector::Address(address))?);
            }
        }
    }
    if args.to_self {
        match header.from_field() {
            FromField::One { address, .. } => {
                chosen.extend(search.find(&Selector::Address(address))?);
            }
            _ => {
                return Err(CommandError::new(
                    ErrorKind::NoCertificate,
                    "the message has no From field with one mailbox to encrypt to as well",
                ));
            }
        }
    }
    let mut copies = Vec::new();
    for address in bcc {
        let found = search.find(&Selector::Address(address.clone()))?;
        copies.extend(found.map(|certificate| (address.clone(), certificate)));
    }
    let mut seen: Vec<Certificate> = Vec::new();
    chosen.retain(|recipient: &RecipientCertificate| {
        let is_new = !seen.contains(&recipient.certificate);
        seen.push(recipient.certificate.clone());
        is_new
    });
    search.conclude(args.missing, chosen, copies)
}

struct Search<'a> {
    lookups: &'a Lookups<'a>,
    /// The settings in force.
    profile: &'a Profile,
    /// Certificates from files, which take the place of stored ones.
    files: Option<&'a [Certificate]>,
    now: Time,
    missing: Vec<(Selector, Vec<Finding>)>,
}

impl Search<'_> {
    /// The newest usable certificate; where there is none, the recipient is noted as missing.
    fn find(&mut self, selector: &Selector) -> Result<Option<RecipientCertificate>, CommandError> {
        if let (Some(files), Selector::Address(address)) = (self.files, selector) {
            let own = files.iter().find(|file| {
                file.addresses().contains(address) && !rejects(&self.findings_of_file(file))
            });
            let own = own.map(|certificate| RecipientCertificate {
                certificate: certificate.clone(),
                capabilities: None,
            });
            if own.is_none() {
                self.miss(selector, Vec::new());
            }
            return Ok(own);
        }
        let without = "With --certificate FILE a message is encrypted without one.";
        let keystore = self.lookups.require_keystore(without)?;
        let mut found = keystore.find_by_selector(selector)?;
        found.retain(|stored| stored.kind != Kind::Ca);
        let mut selection = keystore::select(found, Purpose::Encrypt, self.now);
        self.lookups
            .pass_over_revoked(&mut selection, self.now, self.profile);
        let Selection {
            usable,
            passed_over,
        } = selection;
        match usable.into_iter().next() {
            Some(stored) => Ok(Some(RecipientCertificate {
                certificate: stored.certificate,
                capabilities: stored.capabilities,
            })),
            None => {
                let findings = passed_over.into_iter().flat_map(|passed| passed.findings);
                self.miss(selector, findings.collect());
                Ok(None)
            }
        }
    }

    /// What stands against a certificate from a file, which is trusted for being named.
    fn findings_of_file(&self, certificate: &Certificate) -> Vec<Finding> {
        let mut findings = pki::usable_for(certificate, Purpose::Encrypt, self.now);
        let standing = Standing::Pinned;
        let revoked = self
            .lookups
            .revocation(certificate, standing, self.now, self.profile);
        findings.extend(revoked);
        findings
    }

    /// All certificates of the files; each has to be usable, because each was named.
    fn usable_files(
        &self,
        files: &[Certificate],
    ) -> Result<Vec<RecipientCertificate>, CommandError> {
        if files.iter().all(Certificate::is_ca) {
            let what = "the files hold certificates of CAs only, and nobody to encrypt to";
            return Err(CommandError::new(ErrorKind::NoCertificate, what)
                .hint("Ask the recipient for their own certificate."));
        }
        files
            .iter()
            // A file from a partner often holds the chain too.
            .filter(|certificate| !certificate.is_ca())
            .map(|certificate| {
                let findings = self.findings_of_file(certificate);
                if rejects(&findings) {
                    let what = format!("cannot encrypt to {}", certificate.subject());
                    let error = CommandError::new(ErrorKind::NoCertificate, what);
                    return Err(explained(error, findings.into_iter()));
                }
                Ok(RecipientCertificate {
                    certificate: certificate.clone(),
                    capabilities: None,
                })
            })
            .collect()
    }

    /// Notes a recipient without a usable certificate, once.
    fn miss(&mut self, selector: &Selector, findings: Vec<Finding>) {
        if self.missing.iter().all(|(missing, _)| missing != selector) {
            self.missing.push((selector.clone(), findings));
        }
    }

    fn conclude(
        self,
        missing: Missing,
        chosen: Vec<RecipientCertificate>,
        bcc: Vec<(Address, RecipientCertificate)>,
    ) -> Result<Recipients, CommandError> {
        let names: Vec<_> = self
            .missing
            .iter()
            .map(|(selector, _)| selector.to_string())
            .collect();
        if !names.is_empty() && missing == Missing::Fail {
            let what = format!("no usable certificate for {}", names.join(", "));
            let mut error = CommandError::new(ErrorKind::NoCertificate, what);
            if let Some(keystore) = self.lookups.keystore() {
                for (selector, _) in &self.missing {
                    error = hint_at_near(error, keystore, selector)?;
                }
            }
            let findings = self.missing.into_iter().flat_map(|(_, findings)| findings);
            return Err(explained(error, findings).hint(
                "Import a certificate with `smime cert import`, ask for a signed message, or leave \
                 such recipients out with --missing skip.",
            ));
        }
        if chosen.is_empty() && bcc.is_empty() {
            return Err(CommandError::new(
                ErrorKind::NoCertificate,
                "there is nobody to encrypt to",
            )
            .hint("Name recipients with --recipient, --certificate or --to-self."));
        }
        let findings = names.iter().map(|name| {
            Finding::new(Reason::PolicyRecipientCertificateMissing)
                .weighing(Severity::Warning)
                .saying(format!(
                    "{name} has no usable certificate and cannot read the message"
                ))
                .with("address", name)
        });
        Ok(Recipients {
            chosen,
            bcc,
            findings: findings.collect(),
        })
    }
}
