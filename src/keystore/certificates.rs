//! Finding and listing stored certificates.
//!
//! Searches go through the index entries, whose lines are hints: what a search returns has been
//! compared with the certificate itself.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::Keystore;
use super::error::{KeystoreError, io_error};
use super::layout::{Index, address_key, fingerprint_of};
use super::record::{Record, StoredCertificate};
use super::selector::Selector;
use super::view::View;
use crate::address::Address;
use crate::asn1::{hex, pem};
use crate::crypto::key::PublicKey;
use crate::pki::{Certificate, Fingerprint, Name, SerialNumber};

/// What is stored for an address.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The certificates, held ones too, in the order of their fingerprints.
    pub certificates: Vec<StoredCertificate>,
    /// Addresses with certificates that differ from the one looked for only in the case of the
    /// local part: not the same address, but worth a hint.
    pub near: Vec<Address>,
}

impl Keystore {
    /// Finds all certificates stored for an address, whatever their kind.
    ///
    /// # Errors
    /// The keystore cannot be read.
    pub fn find_by_address(&self, address: &Address) -> Result<Found, KeystoreError> {
        self.read(|view| Ok(view.find_by_address(address)))
    }

    /// Finds the certificates with that issuer and serial number, given as the octets of the
    /// issuer's Name and the content octets of the serial number's INTEGER.
    ///
    /// # Errors
    /// The keystore cannot be read.
    pub fn find_by_issuer_and_serial(
        &self,
        issuer_der: &[u8],
        serial: &[u8],
    ) -> Result<Vec<StoredCertificate>, KeystoreError> {
        let (Ok(issuer), Some(serial)) =
            (Name::decode(issuer_der), SerialNumber::from_content(serial))
        else {
            return Ok(Vec::new());
        };
        self.read(|view| {
            let mut found = view.candidates(Index::Serial, &serial_key(&serial));
            found.retain(|stored| {
                let certificate = &stored.certificate;
                *certificate.serial() == serial && *certificate.issuer() == issuer
            });
            Ok(found)
        })
    }

    /// Finds the certificates whose subject key identifier (or, for want of one, the SHA-1 of whose
    /// key, RFC 5280 section 4.2.1.2) is `identifier`.
    ///
    /// # Errors
    /// The keystore cannot be read.
    pub fn find_by_key_identifier(
        &self,
        identifier: &[u8],
    ) -> Result<Vec<StoredCertificate>, KeystoreError> {
        self.read(|view| {
            let mut found = view.candidates(Index::KeyIdentifier, &hex::encode(identifier));
            found.retain(|stored| {
                key_identifier(&stored.certificate).is_some_and(|own| own == identifier)
            });
            Ok(found)
        })
    }

    /// Finds what a selector names: all certificates for an address, or those whose fingerprint
    /// begins with some digits. The local CA's is found by its fingerprint.
    ///
    /// # Errors
    /// The keystore cannot be read.
    pub fn find_by_selector(
        &self,
        selector: &Selector,
    ) -> Result<Vec<StoredCertificate>, KeystoreError> {
        match selector {
            Selector::Address(address) => Ok(self.find_by_address(address)?.certificates),
            Selector::Fingerprint(prefix) => self.read(|view| {
                let mut names: BTreeSet<String> = match prefix.len() {
                    64 => BTreeSet::from([prefix.clone()]),
                    _ => view.record_names()?,
                };
                names.retain(|name| name.starts_with(prefix));
                let mut found: Vec<_> = names
                    .iter()
                    .filter_map(|name| view.certificate(name))
                    .collect();
                found.extend(
                    view.find_authority()
                        .map(|authority| authority.to_stored())
                        .filter(|stored| {
                            stored
                                .certificate
                                .fingerprint()
                                .to_string()
                                .starts_with(prefix)
                        }),
                );
                Ok(found)
            }),
        }
    }

    /// The certificate with that fingerprint, if it is stored.
    ///
    /// # Errors
    /// The keystore cannot be read.
    pub fn find_by_fingerprint(
        &self,
        fingerprint: &Fingerprint,
    ) -> Result<Option<StoredCertificate>, KeystoreError> {
        self.read(|view| Ok(view.certificate(&fingerprint.to_string())))
    }

    /// All certificates in the order of their fingerprints, the local CA's first.
    ///
    /// # Errors
    /// The keystore cannot be read.
    pub fn certificates(&self) -> Result<Vec<StoredCertificate>, KeystoreError> {
        self.read(View::certificates)
    }
}

impl View {
    /// Reads one certificate and its record; `None` if there is no record, and `None` and noted if
    /// either is damaged.
    pub(super) fn certificate(&self, fingerprint: &str) -> Option<StoredCertificate> {
        let path = self.generation().record(fingerprint);
        let text = self.read_text(&path)?;
        let record = match Record::decode(&text) {
            Ok(record) => record,
            Err(what) => {
                self.damaged(&path, what);
                return None;
            }
        };
        let file = self.generation().certificate(fingerprint);
        match self.read_certificate(&file, fingerprint) {
            Some(certificate) => {
                let mut stored = record.with(certificate);
                stored.revoked = self.revocation_of(&stored.certificate);
                Some(stored)
            }
            None => {
                // A removal takes away the record first; then nothing is wrong.
                if path.exists() && !file.exists() {
                    self.damaged(&file, "it is missing");
                }
                None
            }
        }
    }

    /// Reads a file that holds the certificate with that fingerprint in PEM; `None` if it is missing,
    /// and `None` and noted if it holds anything else.
    pub(super) fn read_certificate(&self, path: &Path, fingerprint: &str) -> Option<Certificate> {
        let text = self.read_text(path)?;
        let decoded = decode_certificate(text.as_bytes());
        match decoded {
            Ok(certificate) if certificate.fingerprint().to_string() == fingerprint => {
                Some(certificate)
            }
            Ok(_) => {
                self.damaged(path, "it holds another certificate than its name says");
                None
            }
            Err(what) => {
                self.damaged(path, what);
                None
            }
        }
    }

    /// The certificates that an index entry names. They need not fit the key.
    pub(super) fn candidates(&self, index: Index, key: &str) -> Vec<StoredCertificate> {
        let hints: BTreeSet<String> = self.hints(index, key).into_iter().collect();
        hints
            .iter()
            .filter_map(|hint| self.certificate(hint))
            .collect()
    }

    fn find_by_address(&self, address: &Address) -> Found {
        let mut found = Found::default();
        for stored in self.candidates(Index::Address, &address_key(address)) {
            if stored.addresses.contains(address) {
                found.certificates.push(stored);
                continue;
            }
            for other in &stored.addresses {
                if other.differs_only_in_case(address) && !found.near.contains(other) {
                    found.near.push(other.clone());
                }
            }
        }
        found
    }

    /// The fingerprints of all records. Other files are noted as damage, but for certificates,
    /// which may be waiting for their record.
    pub(super) fn record_names(&self) -> Result<BTreeSet<String>, KeystoreError> {
        let dir = self.generation().certificates();
        self.names(&dir, "toml", Some("pem"))
    }

    /// The fingerprints in the names of the files in `dir` with that extension.
    pub(super) fn names(
        &self,
        dir: &Path,
        extension: &str,
        ignored: Option<&str>,
    ) -> Result<BTreeSet<String>, KeystoreError> {
        let mut names = BTreeSet::new();
        for entry in fs::read_dir(dir).map_err(io_error("list", dir))? {
            let path = entry.map_err(io_error("list", dir))?.path();
            if let Some(name) = fingerprint_of(&path, extension) {
                names.insert(name.to_owned());
            } else if ignored.is_none_or(|other| fingerprint_of(&path, other).is_none()) {
                self.damaged(&path, "it is not a file of the keystore");
            }
        }
        Ok(names)
    }

    /// All certificates, the local CA's first.
    pub(super) fn certificates(&self) -> Result<Vec<StoredCertificate>, KeystoreError> {
        let authority = self.find_authority().map(|authority| authority.to_stored());
        let names = self.record_names()?;
        let stored = names.iter().filter_map(|name| self.certificate(name));
        Ok(authority.into_iter().chain(stored).collect())
    }
}

/// Reads the one certificate of a PEM file; the error says what is wrong.
fn decode_certificate(text: &[u8]) -> Result<Certificate, String> {
    let frames = pem::decode_all(text).map_err(|error| error.to_string())?;
    match frames.as_slice() {
        [frame] if frame.label == "CERTIFICATE" => {
            Certificate::decode(&frame.der).map_err(|error| error.to_string())
        }
        _ => Err("it does not hold one certificate in PEM".to_owned()),
    }
}

/// The entries that lead to a certificate, but for its addresses.
pub(super) fn identifier_entries(certificate: &Certificate) -> Vec<(Index, String)> {
    let mut entries = vec![(Index::Serial, serial_key(certificate.serial()))];
    if let Some(identifier) = key_identifier(certificate) {
        entries.push((Index::KeyIdentifier, hex::encode(&identifier)));
    }
    entries
}

fn serial_key(serial: &SerialNumber) -> String {
    serial.to_string()
}

fn key_identifier(certificate: &Certificate) -> Option<Vec<u8>> {
    match certificate.subject_key_identifier() {
        Some(identifier) => Some(identifier.to_vec()),
        None => {
            let key = PublicKey::decode(certificate.spki_der()).ok()?;
            Some(key.key_identifier().to_vec())
        }
    }
}
