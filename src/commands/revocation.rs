//! Whether and by what CRLs certificates are checked for revocation.

use std::path::{Path, PathBuf};

use crate::asn1::pem;
use crate::commands::Context;
use crate::error::CommandError;
use crate::limits;
use crate::pki::{CertificateList, ListPool};
use crate::policy::profile::RevocationMode;
use crate::stdio::{input_name, read_whole};

/// Options about revocation.
#[derive(clap::Args, Clone, Debug, Default)]
pub(super) struct RevocationArgs {
    /// Use the CRLs in FILE (PEM or DER), beside those stored and in the message.
    ///
    /// Where the settings say `revocation off`, certificates are then checked as with `soft`.
    #[arg(long, value_name = "FILE")]
    pub(super) crl: Vec<PathBuf>,
    /// Check certificates for revocation: off, soft or hard.
    ///
    /// One that is revoked is rejected; where no CRL tells, `soft` warns and `hard` rejects.
    #[arg(long, value_name = "MODE", value_parser = mode)]
    pub(super) revocation: Option<RevocationMode>,
}

fn mode(word: &str) -> Result<RevocationMode, String> {
    RevocationMode::from_word(word).ok_or_else(|| super::not_one_of(word, RevocationMode::WORDS))
}

impl RevocationArgs {
    /// The mode in force, where the settings say `setting`.
    pub(super) fn mode(&self, setting: RevocationMode) -> RevocationMode {
        match (self.revocation, setting) {
            (Some(mode), _) => mode,
            // Whoever names a CRL wants it looked at.
            (None, RevocationMode::Off) if !self.crl.is_empty() => RevocationMode::Soft,
            (None, setting) => setting,
        }
    }

    /// Reads the files.
    ///
    /// # Errors
    /// As [`Context::lists`].
    pub(super) fn lists(&self, context: &Context) -> Result<ListPool, CommandError> {
        let files = self.crl.iter().map(|path| context.lists(path));
        let lists: Vec<CertificateList> = files.collect::<Result<Vec<_>, _>>()?.concat();
        Ok(ListPool::new(lists))
    }
}

impl Context {
    /// Reads a file of CRLs: PEM (one or many) or DER.
    ///
    /// # Errors
    /// It cannot be opened (66), or holds anything that is no CRL, nothing, or too many (65).
    pub(super) fn lists(&self, path: &Path) -> Result<Vec<CertificateList>, CommandError> {
        let octets = read_whole(Some(path), limits::OBJECT_SIZE)?;
        let name = input_name(Some(path));
        let failed = || {
            CommandError::data(format!("cannot read {name}"))
                .hint("A CRL is a file in PEM (`X509 CRL`) or DER.")
        };
        if !pem::is_pem(&octets) {
            let list = CertificateList::decode(&octets);
            return Ok(vec![list.map_err(|error| failed().caused_by(error))?]);
        }
        let frames = pem::decode_all(&octets).map_err(|error| failed().caused_by(error))?;
        let lists = frames
            .iter()
            .filter(|frame| matches!(frame.label.as_str(), "X509 CRL" | "CRL"));
        let lists = lists.map(|frame| CertificateList::decode(&frame.der));
        let lists: Vec<CertificateList> = lists
            .collect::<Result<_, _>>()
            .map_err(|error| failed().caused_by(error))?;
        match lists.len() {
            0 => Err(failed().caused_by("it holds no CRL")),
            count if count > limits::CRLS => {
                Err(failed().caused_by(format!("it holds {count} CRLs")))
            }
            _ => Ok(lists),
        }
    }
}
