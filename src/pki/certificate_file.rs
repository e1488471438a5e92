//! Files of certificates: PEM with one or many frames, DER, PKCS #7 (RFC 5652) in DER or BER.
//!
//! Bundles of hundreds are normal, and so is one entry in them that nothing can read: whatever can
//! be taken out is, and the rest is reported item by item. PKCS #12 is recognized and left to
//! `pkcs12`, since it needs a passphrase; encrypted private keys are handed on as they are.

mod pkcs7;

use super::certificate::{Certificate, CertificateError};
use super::pkcs12;
use crate::asn1::ber::BerError;
use crate::asn1::oid;
use crate::asn1::pem::{self, PemError, PemFrame};
use crate::crypto::key::{KeyError, PrivateKey};
use crate::limits;

/// What a file held.
#[derive(Debug, Default)]
pub struct CertificateFile {
    /// The certificates, in the order of the file.
    pub certificates: Vec<Certificate>,
    /// The private keys, in the order of the file.
    pub keys: Vec<FileKey>,
    /// What could not be read.
    pub problems: Vec<FileProblem>,
}

/// A private key of a file.
#[derive(Debug)]
pub enum FileKey {
    /// It is open.
    Plain(PrivateKey),
    /// It takes a passphrase: the EncryptedPrivateKeyInfo (RFC 5958 section 3).
    Encrypted(Vec<u8>),
}

/// One item of a file that could not be read.
#[derive(Debug)]
pub struct FileProblem {
    /// Its position among the items of the file, from 1.
    pub item: usize,
    /// The label of its PEM frame, or the kind of the file.
    pub label: String,
    /// What is wrong.
    pub error: FileError,
}

/// Why a file, or an item of it, cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It is neither PEM nor a DER or BER structure.
    #[error("neither PEM nor DER")]
    Unknown,
    /// It is too large to be a file of certificates.
    #[error("larger than {limit} octets")]
    TooLarge {
        /// The bound.
        limit: usize,
    },
    /// PEM frames that cannot be cut.
    #[error("not readable as PEM: {0}")]
    Pem(#[from] PemError),
    /// A certificate that cannot be decoded.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// A private key that cannot be decoded.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A PKCS #7 file that cannot be decoded.
    #[error("not readable as PKCS #7: {0}")]
    Pkcs7(#[from] BerError),
    /// A CMS object that is not a SignedData.
    #[error("a CMS object of type {}, which carries no certificates", oid::describe(.0))]
    ContentType(oid::ObjectIdentifier),
    /// More certificates than are read from one file.
    #[error("more than {limit} certificates")]
    TooMany {
        /// The bound.
        limit: usize,
    },
    /// A PKCS #12 file, which is read in another place, and alone.
    #[error("a PKCS #12 file, which takes a file of its own")]
    Pkcs12,
    /// OpenSSL's own form, whose trust settings would be lost.
    #[error(
        "a TRUSTED CERTIFICATE of OpenSSL, whose trust settings are not understood; \
         convert it with `openssl x509 -in FILE -out FILE`"
    )]
    TrustedCertificate,
    /// A private key in the encrypted form that OpenSSL wrote before PKCS #8.
    #[error(
        "a private key in an old encrypted form; convert it with \
         `openssl pkcs8 -topk8 -in FILE -out FILE`"
    )]
    OldEncryption,
    /// Nothing is wrong, and nothing is in it.
    #[error("no certificate or private key in it")]
    Empty,
    /// A PEM frame of another kind.
    #[error("not a certificate or private key")]
    OtherLabel,
}

/// What kind of file it seems to be, from its first octets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// PEM frames.
    Pem,
    /// A certificate.
    Certificate,
    /// PKCS #7, that is, CMS.
    Pkcs7,
    /// PKCS #12, in PEM as well.
    Pkcs12,
    /// A private key, encrypted or not.
    PrivateKey,
    /// Something else.
    Unknown,
}

impl FileKind {
    /// Looks at the first elements; says nothing about the rest.
    pub fn of(octets: &[u8]) -> FileKind {
        match pem::first_label(octets) {
            Some(pkcs12::PEM_LABEL) => FileKind::Pkcs12,
            Some(_) => FileKind::Pem,
            None => pkcs7::kind_of(octets).unwrap_or(FileKind::Unknown),
        }
    }
}

impl CertificateFile {
    /// Reads a file in any of the forms. Without any certificate or key, there is a problem.
    pub fn read(octets: &[u8]) -> CertificateFile {
        let mut file = CertificateFile::default();
        if octets.len() > limits::OBJECT_SIZE {
            file.fail(1, "file", too_large());
            return file;
        }
        match FileKind::of(octets) {
            FileKind::Pem => file.read_pem(octets),
            FileKind::Certificate => file.add_certificate(1, "certificate", octets),
            FileKind::Pkcs7 => file.add_pkcs7(1, "PKCS #7", octets),
            FileKind::Pkcs12 => file.fail(1, "PKCS #12", FileError::Pkcs12),
            FileKind::PrivateKey => file.add_key(1, "private key", octets),
            FileKind::Unknown => file.fail(1, "file", FileError::Unknown),
        }
        if file.certificates.is_empty() && file.keys.is_empty() && file.problems.is_empty() {
            file.fail(1, "file", FileError::Empty);
        }
        file
    }

    fn read_pem(&mut self, octets: &[u8]) {
        let mut item = 0;
        for (line, piece) in pem_pieces(octets) {
            item += 1;
            match pem::decode_all(piece) {
                Ok(frames) => frames.iter().for_each(|frame| self.add_frame(item, frame)),
                Err(mut error) => {
                    error.line += line;
                    self.fail(item, "PEM", error.into());
                }
            }
        }
    }

    fn add_frame(&mut self, item: usize, frame: &PemFrame) {
        let (label, der) = (frame.label.as_str(), &frame.der);
        match label {
            // The second is that of Netscape and of very old OpenSSL.
            "CERTIFICATE" | "X509 CERTIFICATE" => self.add_certificate(item, label, der),
            "PKCS7" | "CMS" | "PKCS #7 SIGNED DATA" => self.add_pkcs7(item, label, der),
            "TRUSTED CERTIFICATE" => self.fail(item, label, FileError::TrustedCertificate),
            pkcs12::PEM_LABEL => self.fail(item, label, FileError::Pkcs12),
            "PRIVATE KEY" | "RSA PRIVATE KEY" | "EC PRIVATE KEY"
                if frame.headers.iter().any(|(name, _)| name == "DEK-Info") =>
            {
                self.fail(item, label, FileError::OldEncryption);
            }
            "PRIVATE KEY" | "RSA PRIVATE KEY" | "EC PRIVATE KEY" | "ENCRYPTED PRIVATE KEY" => {
                self.add_key(item, label, der);
            }
            // `openssl ecparam -genkey` writes the curve before the key.
            "EC PARAMETERS" => {}
            _ => self.fail(item, label, FileError::OtherLabel),
        }
    }

    fn add_certificate(&mut self, item: usize, label: &str, der: &[u8]) {
        if self.certificates.len() >= limits::FILE_CERTIFICATES {
            return self.too_many(item, label);
        }
        match Certificate::decode(der) {
            Ok(certificate) => self.certificates.push(certificate),
            Err(error) => self.fail(item, label, error.into()),
        }
    }

    fn add_pkcs7(&mut self, item: usize, label: &str, ber: &[u8]) {
        match pkcs7::certificates(ber) {
            Ok(certificates) => {
                for der in certificates {
                    self.add_certificate(item, label, &der);
                }
            }
            Err(error) => self.fail(item, label, error),
        }
    }

    fn add_key(&mut self, item: usize, label: &str, der: &[u8]) {
        if pkcs7::is_encrypted_key(der) {
            return self.keys.push(FileKey::Encrypted(der.to_vec()));
        }
        match PrivateKey::decode(der) {
            Ok(key) => self.keys.push(FileKey::Plain(key)),
            Err(error) => self.fail(item, label, error.into()),
        }
    }

    fn too_many(&mut self, item: usize, label: &str) {
        let told = |problem: &FileProblem| matches!(problem.error, FileError::TooMany { .. });
        if !self.problems.iter().any(told) {
            let limit = limits::FILE_CERTIFICATES;
            self.fail(item, label, FileError::TooMany { limit });
        }
    }

    fn fail(&mut self, item: usize, label: &str, error: FileError) {
        self.problems.push(FileProblem {
            item,
            label: label.to_owned(),
            error,
        });
    }
}

/// Cuts before every line that begins a frame, so that a damaged one is alone in its piece. With
/// each piece comes the number of lines before it.
fn pem_pieces(octets: &[u8]) -> Vec<(usize, &[u8])> {
    let mut starts = Vec::new();
    let mut offset = 0;
    for (number, line) in octets.split_inclusive(|octet| *octet == b'\n').enumerate() {
        if pem::is_pem(line) {
            starts.push((number, offset));
        }
        offset += line.len();
    }
    let ends = starts.iter().skip(1).map(|(_, start)| *start);
    let ends: Vec<usize> = ends.chain([octets.len()]).collect();
    let pieces = starts.iter().zip(ends);
    pieces
        .map(|(&(line, start), end)| (line, &octets[start..end]))
        .collect()
}

fn too_large() -> FileError {
    FileError::TooLarge {
        limit: limits::OBJECT_SIZE,
    }
}

/// Where and what, in one sentence without a final stop.
impl std::fmt::Display for FileProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "item {} ({}): {}", self.item, self.label, self.error)
    }
}

#[cfg(test)]
mod tests;
