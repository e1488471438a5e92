//! Writes a PKCS #12 file: one encrypted safe of certificates, one safe of encrypted keys, and an
//! integrity code over both, the arrangement that OpenSSL has made usual.

use cms::content_info::{CmsVersion, ContentInfo};
use cms::encrypted_data::EncryptedData;
use cms::enveloped_data::EncryptedContentInfo;
use const_oid::ObjectIdentifier;
use der::asn1::{Any, OctetString};
use der::{Encode, Tag};
use pkcs12::pbe_params::EncryptedPrivateKeyInfo;
use pkcs12::pfx::{Pfx, Version};
use pkcs12::safe_bag::{SafeBag, SafeContents};
use pkcs12::{AuthenticatedSafe, CertBag};
use x509_cert::attr::{Attribute, Attributes};

use super::mac::Integrity;
use super::{Contents, Labels, Pkcs12Error};
use crate::asn1::oid;
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
    assemble(safes, Some((integrity, &password)))
}

/// The PFX around the safes.
pub(super) fn assemble(
    safes: AuthenticatedSafe<'_>,
    integrity: Option<(Integrity, &Password)>,
) -> Result<Vec<u8>, Pkcs12Error> {
    let safes = safes.to_der()?;
    let mac_data = match integrity {
        Some((integrity, password)) => Some(integrity.seal(password, &safes)?),
        None => None,
    };
    let pfx = Pfx {
        version: Version::V3,
        auth_safe: data(&safes)?,
        mac_data,
    };
    Ok(pfx.to_der()?)
}

/// A ContentInfo of type data.
pub(super) fn data(content: &[u8]) -> der::Result<ContentInfo> {
    Ok(ContentInfo {
        content_type: oid::DATA,
        content: Any::new(Tag::OctetString, content)?,
    })
}

/// A ContentInfo of type encryptedData.
pub(super) fn encrypted_data(content: EncryptedPrivateKeyInfo) -> der::Result<ContentInfo> {
    let encrypted_data = EncryptedData {
        version: CmsVersion::V0,
        enc_content_info: EncryptedContentInfo {
            content_type: oid::DATA,
            content_enc_alg: content.encryption_algorithm,
            encrypted_content: Some(content.encrypted_data),
        },
        unprotected_attrs: None,
    };
    Ok(ContentInfo {
        content_type: oid::ENCRYPTED_DATA,
        content: Any::encode_from(&encrypted_data)?,
    })
}

fn certificate_safe(
    contents: &Contents,
    password: &Password,
    format: Format,
) -> Result<ContentInfo, Pkcs12Error> {
    let trusted = contents.keys.is_empty();
    let mut safe = SafeContents::new();
    for entry in &contents.certificates {
        let certificate = CertBag {
            cert_id: pkcs12::PKCS_12_X509_CERT_OID,
            cert_value: OctetString::new(entry.certificate.der())?,
        };
        safe.push(SafeBag {
            bag_id: oid::CERT_BAG,
            bag_value: certificate.to_der()?,
            bag_attributes: attributes(&entry.labels, trusted)?,
        });
    }
    let encrypted = encrypt(&safe.to_der()?, password, format)?;
    Ok(encrypted_data(encrypted)?)
}

fn key_safe(
    contents: &Contents,
    password: &Password,
    format: Format,
) -> Result<ContentInfo, Pkcs12Error> {
    let mut safe = SafeContents::new();
    for entry in &contents.keys {
        let plain = entry.key.to_pkcs8().map_err(PasswordError::Key)?;
        safe.push(SafeBag {
            bag_id: oid::SHROUDED_KEY_BAG,
            bag_value: encrypt(&plain, password, format)?.to_der()?,
            bag_attributes: attributes(&entry.labels, false)?,
        });
    }
    Ok(data(&safe.to_der()?)?)
}

/// Encrypts under a fresh salt. Not only keys are encrypted in this form.
fn encrypt(
    plain: &[u8],
    password: &Password,
    format: Format,
) -> Result<EncryptedPrivateKeyInfo, Pkcs12Error> {
    let scheme = format.scheme().map_err(Pkcs12Error::Writing)?;
    let encrypted = scheme.encrypt(password, plain);
    Ok(EncryptedPrivateKeyInfo {
        encryption_algorithm: scheme
            .algorithm_identifier()
            .map_err(Pkcs12Error::Writing)?,
        encrypted_data: OctetString::new(encrypted.map_err(Pkcs12Error::Writing)?)?,
    })
}

fn attributes(labels: &Labels, trusted: bool) -> der::Result<Option<Attributes>> {
    let mut attributes = Attributes::new();
    let mut add = |oid, value| {
        let values = vec![value].try_into()?;
        attributes.insert(Attribute { oid, values })
    };
    if let Some(name) = &labels.friendly_name {
        let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_be_bytes).collect();
        add(oid::FRIENDLY_NAME, Any::new(Tag::BmpString, name)?)?;
    }
    if let Some(id) = &labels.local_key_id {
        add(oid::LOCAL_KEY_ID, Any::new(Tag::OctetString, &id[..])?)?;
    }
    if trusted {
        let usage = Any::encode_from(&oid::ANY_EXTENDED_KEY_USAGE)?;
        add(ORACLE_TRUSTED_KEY_USAGE, usage)?;
    }
    Ok((!attributes.is_empty()).then_some(attributes))
}
