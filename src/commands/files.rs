//! Files that are named on the command line: certificates, and identities with their keys.

use std::path::Path;

use crate::commands::Context;
use crate::crypto::key::PrivateKey;
use crate::crypto::password::{PasswordError, decrypt_private_key};
use crate::error::{CommandError, ErrorKind};
use crate::limits;
use crate::pki::certificate_file::{CertificateFile, FileKey, FileKind};
use crate::pki::pkcs12::{self, Pkcs12Error, Unreadable};
use crate::pki::{Certificate, Identity, match_keys};
use crate::stdio::{input_name, read_whole};

/// What a file held, with every key open.
pub(super) struct Bundle {
    pub(super) certificates: Vec<Certificate>,
    pub(super) keys: Vec<PrivateKey>,
}

impl Context {
    /// Reads a file of certificates, private keys or both: PEM, DER, PKCS #7 or PKCS #12. What in it
    /// cannot be read is told as a warning.
    ///
    /// # Errors
    /// It cannot be opened (66), nothing in it can be read (65), or a passphrase is missing or wrong
    /// (77).
    pub(super) fn bundle(&self, path: &Path) -> Result<Bundle, CommandError> {
        let octets = read_whole(Some(path), limits::OBJECT_SIZE)?;
        self.bundle_of(&octets, &input_name(Some(path)))
    }

    /// Reads the octets of such a file, called `name`.
    ///
    /// # Errors
    /// As [`Context::bundle`].
    pub(super) fn bundle_of(&self, octets: &[u8], name: &str) -> Result<Bundle, CommandError> {
        if FileKind::of(octets) == FileKind::Pkcs12 {
            return self.pkcs12(octets, name);
        }
        let file = CertificateFile::read(octets);
        if file.certificates.is_empty() && file.keys.is_empty() {
            let error = CommandError::data(format!("cannot read {name}"));
            return Err(match file.problems.into_iter().next() {
                Some(problem) => error.caused_by(problem.error),
                None => error.caused_by("it holds no certificate and no key"),
            }
            .hint("Certificates may be PEM, DER, PKCS #7 or PKCS #12."));
        }
        for problem in &file.problems {
            self.console().warning(format_args!(
                "{name}: item {} ({}) was passed over: {}",
                problem.item, problem.label, problem.error
            ));
        }
        let keys = file.keys.into_iter().map(|key| match key {
            FileKey::Plain(key) => Ok(key),
            FileKey::Encrypted(der) => self.encrypted_key(&der, name),
        });
        Ok(Bundle {
            keys: keys.collect::<Result<_, _>>()?,
            certificates: file.certificates,
        })
    }

    /// Reads the certificates of a file.
    ///
    /// # Errors
    /// As [`Context::bundle`]; there is none (65).
    pub(super) fn certificates(&self, path: &Path) -> Result<Vec<Certificate>, CommandError> {
        let certificates = self.bundle(path)?.certificates;
        if certificates.is_empty() {
            let name = input_name(Some(path));
            return Err(CommandError::data(format!("{name} holds no certificate")));
        }
        Ok(certificates)
    }

    /// Reads the identities of a file: certificates with their private keys.
    ///
    /// # Errors
    /// As [`Context::bundle`]; no key belongs to a certificate (65).
    pub(super) fn identities(&self, path: &Path) -> Result<Vec<Identity>, CommandError> {
        let bundle = self.bundle(path)?;
        if !bundle.keys.is_empty() {
            self.warn_of_open_modes(path);
        }
        let matched = match_keys(&bundle.certificates, &bundle.keys);
        if matched.identities.is_empty() {
            let name = input_name(Some(path));
            let what = match (bundle.certificates.is_empty(), bundle.keys.is_empty()) {
                (false, false) => "its private key does not belong to its certificate",
                (false, true) => "it holds no private key",
                (true, _) => "it holds no certificate",
            };
            return Err(
                CommandError::data(format!("cannot use {name} as an identity"))
                    .caused_by(what)
                    .hint("An identity is a PKCS #12 file, or PEM with key and certificate."),
            );
        }
        Ok(matched.identities)
    }

    fn pkcs12(&self, octets: &[u8], name: &str) -> Result<Bundle, CommandError> {
        match self.pkcs12_contents(octets, name)? {
            Ok(contents) => {
                for entry in &contents.unreadable {
                    let what: &dyn std::fmt::Display = match entry {
                        Unreadable::Certificate(error) => error,
                        Unreadable::Key(error) => error,
                    };
                    self.console()
                        .warning(format_args!("{name}: an entry was passed over: {what}"));
                }
                Ok(Bundle {
                    certificates: contents
                        .certificates
                        .into_iter()
                        .map(|c| c.certificate)
                        .collect(),
                    keys: contents.keys.into_iter().map(|key| key.key).collect(),
                })
            }
            Err(error) => Err(pkcs12_error(error, name)),
        }
    }

    /// Opens a PKCS #12 file called `name`. One without a passphrase is opened without asking for
    /// one.
    ///
    /// # Errors
    /// A passphrase is missing (77). That the file does not open is what is returned.
    pub(super) fn pkcs12_contents(
        &self,
        octets: &[u8],
        name: &str,
    ) -> Result<Result<pkcs12::Contents, Pkcs12Error>, CommandError> {
        if let Some(outcome) = pkcs12::decode_if_open(octets).transpose() {
            return Ok(outcome);
        }
        let passphrase = self.passphrases().for_file(name)?;
        Ok(pkcs12::decode(octets, &passphrase))
    }

    fn encrypted_key(&self, der: &[u8], name: &str) -> Result<PrivateKey, CommandError> {
        let passphrase = self.passphrases().for_file(name)?;
        decrypt_private_key(&passphrase, der).map_err(|error| {
            let kind = match error {
                PasswordError::WrongPassphrase => ErrorKind::Denied,
                _ => ErrorKind::Data,
            };
            CommandError::new(kind, format!("cannot open the private key in {name}"))
                .caused_by(error)
        })
    }

    /// Mounted secrets often have such modes, so it is only a warning.
    fn warn_of_open_modes(&self, path: &Path) {
        use std::os::unix::fs::PermissionsExt;
        let Ok(metadata) = std::fs::metadata(path) else {
            return;
        };
        let mode = metadata.permissions().mode() & 0o777;
        if metadata.is_file() && mode & 0o077 != 0 {
            let name = input_name(Some(path));
            self.console().warning(format_args!(
                "{name} holds a private key and other users may read it (mode {mode:03o})"
            ));
        }
    }
}

/// How a PKCS #12 file that cannot be opened ends: with the code of its reason.
pub(super) fn pkcs12_error(error: Pkcs12Error, name: &str) -> CommandError {
    let reason = error.reason();
    let kind = match error {
        Pkcs12Error::WrongPassphrase => ErrorKind::Denied,
        _ => ErrorKind::Data,
    };
    CommandError::new(kind, format!("cannot open {name} [{reason}]"))
        .caused_by(error)
        .hint(reason.entry().hint)
}
