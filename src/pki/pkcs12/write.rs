//! Writes a PKCS #12 file: one encrypted safe of certificates, one safe of encrypted keys, and an
//! integrity code over both, the arrangement that OpenSSL has made usual.

use const_oid::ObjectIdentifier;
use der::Encode;

use super::mac::Integrity;
use super::{Contents, Labels, Pkcs12Error};
use crate::asn1::oid;
use crate::asn1::tag::Tag;
use crate::asn1::write::DerWriter;
use crate::crypto::digest::DigestAlgorithm;
use crate::crypto::password::{KeyDerivation, Password, PasswordError, PasswordScheme};

/// The algorithms of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// PBES2 with PBKDF2 and AES-256-CBC, integrity by HMAC-SHA-256.
    Modern,
    /// Triple DES and SHA-1, for programs that read nothing newer.
    Legacy,
}

/// Iterations of every derivation in a modern file. There are three in the file of one identity,
/// and importers bound what a file may ask for, .NET to some hundred thousand. Each costs a guess
/// some 30 ms, against half a millisecond for the 2,048 of OpenSSL.
const MODERN_ITERATIONS: u32 = 100_000;

/// Iterations in a legacy file: what OpenSSL and Windows have always written. More protects
/// little under triple DES and SHA-1, and slows down old devices.
const LEGACY_ITERATIONS: u32 = 2_048;

/// The attribute by which Java tells a trusted certificate from one that merely belongs to a
/// chain. Without it keytool shows an empty store.
const ORACLE_TRUSTED_KEY_USAGE: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("2.16.840.1.113894.746875.1.1");

impl Format {
    fn scheme(self) -> Result<PasswordScheme, PasswordError> {
        match self {
            Format::Modern => PasswordScheme::pbes2(KeyDerivation::pbkdf2(MODERN_ITERATIONS)?),
            Format::Legacy => PasswordScheme::triple_des(LEGACY_ITERATIONS),
        }
    }

    fn integrity(self) -> Result<Integrity, PasswordError> {
        match self {
            Format::Modern => Integrity::generate(DigestAlgorithm::Sha256, MODERN_ITERATIONS),
            Format::Legacy => Integrity::generate(DigestAlgorithm::Sha1, LEGACY_ITERATIONS),
        }
    }
}

/// Writes a PKCS #12 file. Certificates are encrypted too, also where there is no key.
///
/// # Errors
/// The operating system gives no random numbers.
pub fn encode(
    contents: &Contents,
    passphrase: &str,
    format: Format,
) -> Result<Vec<u8>, Pkcs12Error> {
    let password = Password::new(passphrase);
    let mut safes = Vec::new();
    if !contents.certificates.is_empty() {
        safes.push(certificate_safe(contents, &password, format)?);
    }
    if !contents.keys.is_empty() {
        safes.push(key_safe(contents, &password, format)?);
    }
    let integrity = format.integrity().map_err(Pkcs12Error::Writing)?;
    assemble(&safes, Some((integrity, &password)))
}

/// The PFX around the safes.
pub(super) fn assemble(
    safes: &[Vec<u8>],
    integrity: Option<(Integrity, &Password)>,
) -> Result<Vec<u8>, Pkcs12Error> {
    let mut authenticated_safe = DerWriter::new();
    authenticated_safe.sequence(|writer| {
        for safe in safes {
            writer.raw(safe);
        }
    });
    let authenticated_safe = authenticated_safe.into_vec();
    let mac_data = match integrity {
        Some((integrity, password)) => integrity.seal(password, &authenticated_safe)?,
        None => Vec::new(),
    };
    let mut pfx = DerWriter::new();
    pfx.sequence(|pfx| {
        pfx.integer(3);
        pfx.raw(&data(&authenticated_safe));
        pfx.raw(&mac_data);
    });
    Ok(pfx.into_vec())
}

/// A ContentInfo of type data.
pub(super) fn data(content: &[u8]) -> Vec<u8> {
    let mut info = DerWriter::new();
    info.sequence(|info| {
        info.oid(&oid::DATA);
        info.nested(Tag::context(0).as_constructed(), |explicit| {
            explicit.octet_string(content);
        });
    });
    info.into_vec()
}

fn certificate_safe(
    contents: &Contents,
    password: &Password,
    format: Format,
) -> Result<Vec<u8>, Pkcs12Error> {
    let trusted = contents.keys.is_empty();
    let mut safe = DerWriter::new();
    safe.sequence(|bags| {
        for entry in &contents.certificates {
            bags.sequence(|bag| {
                bag.oid(&oid::CERT_BAG);
                bag.nested(Tag::context(0).as_constructed(), |value| {
                    value.sequence(|certificate| {
                        certificate.oid(&pkcs12::PKCS_12_X509_CERT_OID);
                        certificate.nested(Tag::context(0).as_constructed(), |value| {
                            value.octet_string(entry.certificate.der());
                        });
                    });
                });
                write_attributes(bag, &entry.labels, trusted);
            });
        }
    });
    let (algorithm, encrypted) = encrypt(&safe.into_vec(), password, format)?;
    let mut info = DerWriter::new();
    info.sequence(|info| {
        info.oid(&oid::ENCRYPTED_DATA);
        info.nested(Tag::context(0).as_constructed(), |content| {
            content.sequence(|encrypted_data| {
                encrypted_data.integer(0);
                encrypted_data.sequence(|content_info| {
                    content_info.oid(&oid::DATA);
                    content_info.raw(&algorithm);
                    content_info.element(Tag::context(0).as_primitive(), &encrypted);
                });
            });
        });
    });
    Ok(info.into_vec())
}

fn key_safe(
    contents: &Contents,
    password: &Password,
    format: Format,
) -> Result<Vec<u8>, Pkcs12Error> {
    let mut shrouded = Vec::new();
    for entry in &contents.keys {
        let plain = entry.key.to_pkcs8().map_err(PasswordError::Key)?;
        shrouded.push((encrypt(&plain, password, format)?, &entry.labels));
    }
    let mut safe = DerWriter::new();
    safe.sequence(|bags| {
        for ((algorithm, encrypted), labels) in &shrouded {
            bags.sequence(|bag| {
                bag.oid(&oid::SHROUDED_KEY_BAG);
                bag.nested(Tag::context(0).as_constructed(), |value| {
                    value.sequence(|info| {
                        info.raw(algorithm);
                        info.octet_string(encrypted);
                    });
                });
                write_attributes(bag, labels, false);
            });
        }
    });
    Ok(data(&safe.into_vec()))
}

/// Encrypts under a fresh salt: the algorithm and the ciphertext.
fn encrypt(
    plain: &[u8],
    password: &Password,
    format: Format,
) -> Result<(Vec<u8>, Vec<u8>), Pkcs12Error> {
    let scheme = format.scheme().map_err(Pkcs12Error::Writing)?;
    let algorithm = scheme
        .algorithm_identifier()
        .map_err(Pkcs12Error::Writing)?
        .to_der()?;
    let encrypted = scheme
        .encrypt(password, plain)
        .map_err(Pkcs12Error::Writing)?;
    Ok((algorithm, encrypted))
}

fn write_attributes(bag: &mut DerWriter, labels: &Labels, trusted: bool) {
    let mut attributes = Vec::new();
    if let Some(name) = &labels.friendly_name {
        let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_be_bytes).collect();
        attributes.push(attribute(&oid::FRIENDLY_NAME, |value| {
            value.element(Tag::BMP_STRING, &name);
        }));
    }
    if let Some(id) = &labels.local_key_id {
        attributes.push(attribute(&oid::LOCAL_KEY_ID, |value| {
            value.octet_string(id);
        }));
    }
    if trusted {
        attributes.push(attribute(&ORACLE_TRUSTED_KEY_USAGE, |value| {
            value.oid(&oid::ANY_EXTENDED_KEY_USAGE);
        }));
    }
    if !attributes.is_empty() {
        bag.set_of(Tag::SET, attributes);
    }
}

fn attribute(kind: &ObjectIdentifier, value: impl FnOnce(&mut DerWriter)) -> Vec<u8> {
    let mut attribute = DerWriter::new();
    attribute.sequence(|attribute| {
        attribute.oid(kind);
        attribute.nested(Tag::SET, value);
    });
    attribute.into_vec()
}
