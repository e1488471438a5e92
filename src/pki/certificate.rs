//! Certificates, RFC 5280 section 4.1: decoding, and what a certificate says.
//!
//! The octets that were received are kept: fingerprints and signatures are over them, because
//! encoding a certificate again loses what its issuer wrote (an explicit `FALSE`, a GeneralizedTime
//! before 2050). Whether a certificate is any good is asked of `inspect` and `path`.

use std::collections::HashSet;
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use const_oid::ObjectIdentifier;
use der::Decode;
use der::flagset::FlagSet;
use spki::AlgorithmIdentifierOwned;

use super::extension::{self, AuthorityKeyIdentifier, BasicConstraints, Extension, KeyUsage};
use super::fields::{Field, Fields, tag};
use super::fingerprint::Fingerprint;
use super::general_name::GeneralName;
use super::name::Name;
use super::oid::Oid;
use super::serial_number::SerialNumber;
use super::validity;
use crate::address::Address;
use crate::asn1::oid;
use crate::crypto::UnsupportedAlgorithm;
use crate::crypto::key::{KeyError, PublicKey, SignatureError, Signed};
use crate::crypto::signature::SignatureAlgorithm;
use crate::limits;
use crate::reason::Reason;
use crate::time::Time;

/// Why octets are not a certificate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// A structure cannot be read.
    #[error("not a certificate: {what} cannot be decoded")]
    Encoding {
        /// The structure.
        what: &'static str,
    },
    /// A structure is larger than this program reads.
    #[error("the {what} is larger than {limit} octets")]
    TooLarge {
        /// The structure.
        what: &'static str,
        /// The bound.
        limit: usize,
    },
    /// A structure has more parts than this program reads.
    #[error("there are more than {limit} {what}")]
    TooMany {
        /// The parts.
        what: &'static str,
        /// The bound.
        limit: usize,
    },
    /// An extension occurs twice, which RFC 5280 section 4.2 forbids.
    #[error("the extension {id} occurs twice")]
    DuplicateExtension {
        /// Its identifier.
        id: Oid,
    },
}

impl CertificateError {
    /// The reason to report.
    pub fn reason(&self) -> Reason {
        Reason::CertEncodingInvalid
    }
}

/// A certificate. Cloning is cheap.
///
/// ```text
/// Certificate ::= SEQUENCE {
///     tbsCertificate TBSCertificate,
///     signatureAlgorithm AlgorithmIdentifier, signatureValue BIT STRING }
/// ```
///
/// Two are equal if their octets are.
#[derive(Clone)]
pub struct Certificate(Arc<Inner>);

struct Inner {
    der: Vec<u8>,
    fingerprint: Fingerprint,
    tbs: Range<usize>,
    spki: Range<usize>,
    signature_algorithm: Range<usize>,
    signature: Range<usize>,
    algorithms_agree: bool,
    version: u8,
    serial: SerialNumber,
    issuer: Name,
    subject: Name,
    not_before: Time,
    not_after: Time,
    extensions: Vec<Extension>,
    public_key: OnceLock<Result<PublicKey, KeyError>>,
    self_signed: OnceLock<bool>,
    // What follows is asked again for every path that a certificate may be in, and a hostile one is
    // large.
    unreadable_extensions: OnceLock<Vec<(usize, CertificateError)>>,
    meant_for_mail: OnceLock<bool>,
    ca_issuers: OnceLock<Vec<String>>,
}

impl Certificate {
    /// Reads a DER-encoded certificate.
    ///
    /// Names and dates are read; extensions are split and read when they are asked for; the public
    /// key and the signature are not looked at.
    ///
    /// # Errors
    /// The octets are not one certificate, are more than [`limits::BER_ELEMENT`], or an extension
    /// occurs twice.
    pub fn decode(der: &[u8]) -> Result<Certificate, CertificateError> {
        if der.len() > limits::BER_ELEMENT {
            return Err(CertificateError::TooLarge {
                what: "certificate",
                limit: limits::BER_ELEMENT,
            });
        }
        decode(der).map(|inner| Certificate(Arc::new(inner)))
    }

    /// The octets that were received.
    pub fn der(&self) -> &[u8] {
        &self.0.der
    }

    /// The octets that are signed: the TBSCertificate as received.
    pub fn tbs(&self) -> &[u8] {
        &self.0.der[self.0.tbs.clone()]
    }

    /// The SHA-256 of the DER.
    pub fn fingerprint(&self) -> Fingerprint {
        self.0.fingerprint
    }

    /// The version as people count it: 3 is encoded as 2.
    pub fn version(&self) -> u32 {
        u32::from(self.0.version) + 1
    }

    /// The serial number.
    pub fn serial(&self) -> &SerialNumber {
        &self.0.serial
    }

    /// Who issued it.
    pub fn issuer(&self) -> &Name {
        &self.0.issuer
    }

    /// Whom it was issued for.
    pub fn subject(&self) -> &Name {
        &self.0.subject
    }

    /// The first second of its validity.
    pub fn not_before(&self) -> Time {
        self.0.not_before
    }

    /// The last second of its validity.
    pub fn not_after(&self) -> Time {
        self.0.not_after
    }

    /// The SubjectPublicKeyInfo as received.
    pub fn spki_der(&self) -> &[u8] {
        &self.0.der[self.0.spki.clone()]
    }

    /// The public key, decoded once.
    ///
    /// # Errors
    /// It is malformed. A key of an unknown algorithm is no error.
    pub fn public_key(&self) -> Result<PublicKey, KeyError> {
        self.0
            .public_key
            .get_or_init(|| PublicKey::decode(self.spki_der()))
            .clone()
    }

    /// The AlgorithmIdentifier of the signature as received.
    pub fn signature_algorithm_der(&self) -> &[u8] {
        &self.0.der[self.0.signature_algorithm.clone()]
    }

    /// The octets of the signature; none if it is no whole number of octets.
    pub fn signature(&self) -> &[u8] {
        &self.0.der[self.0.signature.clone()]
    }

    /// The algorithm of the signature.
    ///
    /// # Errors
    /// It is not known here.
    pub fn signature_algorithm(&self) -> Result<SignatureAlgorithm, UnsupportedAlgorithm> {
        let der = self.signature_algorithm_der();
        let identifier = AlgorithmIdentifierOwned::from_der(der)
            .map_err(|_| UnsupportedAlgorithm::malformed(ObjectIdentifier::new_unwrap("0.0")))?;
        SignatureAlgorithm::decode(&identifier, None)
    }

    /// Verifies the signature over the received TBSCertificate with the issuer's key.
    ///
    /// # Errors
    /// It does not match, or cannot be computed. A certificate whose two algorithm identifiers
    /// differ (RFC 5280 section 4.1.1.2) does not match.
    pub fn verify_signature(&self, issuer_key: &PublicKey) -> Result<(), SignatureError> {
        if !self.0.algorithms_agree {
            return Err(SignatureError::Invalid);
        }
        let algorithm = self
            .signature_algorithm()
            .map_err(|_| SignatureError::Unsupported)?;
        issuer_key.verify(&algorithm, Signed::Message(self.tbs()), self.signature())
    }

    /// All extensions, in their order.
    pub fn extensions(&self) -> &[Extension] {
        &self.0.extensions
    }

    /// The extensions that are of a kind that is read here and cannot be read, and why.
    pub fn unreadable_extensions(&self) -> impl Iterator<Item = (&Extension, &CertificateError)> {
        let unreadable = self.0.unreadable_extensions.get_or_init(|| {
            let extensions = self.extensions().iter().enumerate();
            extensions
                .filter_map(|(at, extension)| Some((at, extension.check().err()?)))
                .collect()
        });
        unreadable
            .iter()
            .map(|(at, error)| (&self.0.extensions[*at], error))
    }

    /// Finds the extension of one kind.
    pub fn find_extension(&self, id: ObjectIdentifier) -> Option<&Extension> {
        extension::find(&self.0.extensions, id)
    }

    /// What the key may be used for; `None` without the extension, nothing if it is unreadable.
    pub fn key_usage(&self) -> Option<KeyUsage> {
        let extension = self.find_extension(oid::KEY_USAGE)?;
        let nothing = KeyUsage(FlagSet::default());
        Some(extension::key_usage(extension.value()).unwrap_or(nothing))
    }

    /// The purposes of the key; `None` without the extension, none if it is unreadable.
    pub fn extended_key_usages(&self) -> Option<Vec<Oid>> {
        let extension = self.find_extension(oid::EXTENDED_KEY_USAGE)?;
        Some(extension::extended_key_usages(extension.value()).unwrap_or_default())
    }

    /// Whether an extended key usage, if there is any, lets the key be used for mail.
    pub fn is_meant_for_mail(&self) -> bool {
        let mail = |purpose: &Oid| {
            *purpose == oid::EMAIL_PROTECTION || *purpose == oid::ANY_EXTENDED_KEY_USAGE
        };
        *self.0.meant_for_mail.get_or_init(|| {
            self.extended_key_usages()
                .is_none_or(|purposes| purposes.iter().any(mail))
        })
    }

    /// Whether it is a CA's, and how long paths may be; `None` without a readable extension.
    pub fn basic_constraints(&self) -> Option<BasicConstraints> {
        let extension = self.find_extension(oid::BASIC_CONSTRAINTS)?;
        BasicConstraints::decode(extension.value()).ok()
    }

    /// Whether it says that its subject is a CA.
    pub fn is_ca(&self) -> bool {
        self.basic_constraints()
            .is_some_and(|constraints| constraints.ca)
    }

    /// The key identifier it gives its subject.
    pub fn subject_key_identifier(&self) -> Option<&[u8]> {
        let extension = self.find_extension(oid::SUBJECT_KEY_IDENTIFIER)?;
        extension::subject_key_identifier(extension.value()).ok()
    }

    /// How it names its issuer's key.
    pub fn authority_key_identifier(&self) -> Option<AuthorityKeyIdentifier> {
        let extension = self.find_extension(oid::AUTHORITY_KEY_IDENTIFIER)?;
        AuthorityKeyIdentifier::decode(extension.value()).ok()
    }

    /// Where it says that its issuer's certificate can be fetched.
    pub fn ca_issuers(&self) -> &[String] {
        self.0.ca_issuers.get_or_init(|| {
            self.find_extension(oid::AUTHORITY_INFO_ACCESS)
                .and_then(|extension| extension::ca_issuers(extension.value()).ok())
                .unwrap_or_default()
        })
    }

    /// The names of subjectAltName.
    pub fn subject_alternative_names(&self) -> Vec<GeneralName> {
        self.find_extension(oid::SUBJECT_ALT_NAME)
            .and_then(|extension| GeneralName::decode_all(extension.value()).ok())
            .unwrap_or_default()
    }

    /// The mail addresses of its subject, each once: rfc822Name and SmtpUTF8Mailbox of
    /// subjectAltName (RFC 8550 section 3, RFC 9598), then the emailAddress attributes of the
    /// subject. What is malformed is no address.
    pub fn addresses(&self) -> Vec<Address> {
        alternative_addresses(&self.subject_alternative_names(), self.subject())
    }

    /// Whether issuer and subject have the same name.
    pub fn is_self_issued(&self) -> bool {
        self.issuer() == self.subject()
    }

    /// Whether it is self-issued and its own key verifies its signature, which is checked once.
    pub fn is_self_signed(&self) -> bool {
        *self.0.self_signed.get_or_init(|| {
            self.is_self_issued()
                && self
                    .public_key()
                    .is_ok_and(|key| self.verify_signature(&key).is_ok())
        })
    }
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Certificate) -> bool {
        self.0.der == other.0.der
    }
}

impl Eq for Certificate {}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate")
            .field("subject", self.subject())
            .field("issuer", self.issuer())
            .field("serial", &self.serial().to_string())
            .field("fingerprint", &self.fingerprint())
            .finish()
    }
}

/// The addresses of `names`, then those of the emailAddress attributes of `subject`, each once.
pub(super) fn alternative_addresses(names: &[GeneralName], subject: &Name) -> Vec<Address> {
    let mut seen = HashSet::new();
    let legacy = subject
        .texts(oid::EMAIL_ADDRESS)
        .filter(|text| text.is_ascii())
        .filter_map(|text| Address::parse(text).ok());
    names
        .iter()
        .filter_map(GeneralName::address)
        .chain(legacy)
        .filter(|address| seen.insert(address.clone()))
        .collect()
}

/// ```text
/// TBSCertificate ::= SEQUENCE {
///     version [0] EXPLICIT Version DEFAULT v1, serialNumber CertificateSerialNumber,
///     signature AlgorithmIdentifier, issuer Name, validity Validity, subject Name,
///     subjectPublicKeyInfo SubjectPublicKeyInfo,
///     issuerUniqueID [1] IMPLICIT UniqueIdentifier OPTIONAL,
///     subjectUniqueID [2] IMPLICIT UniqueIdentifier OPTIONAL,
///     extensions [3] EXPLICIT Extensions OPTIONAL }
/// ```
fn decode(der: &[u8]) -> Result<Inner, CertificateError> {
    let malformed = |what| CertificateError::Encoding { what };
    let mut outer = Fields::inside(der, tag::SEQUENCE, "the outer structure")?;
    let tbs = outer.require(tag::SEQUENCE)?;
    let signature_algorithm = outer.require(tag::SEQUENCE)?;
    let signature = outer.require(tag::BIT_STRING)?;
    outer.finish()?;
    // A signature that is no whole number of octets fails to verify; nothing else is the matter.
    let signature = match signature.value.split_first() {
        Some((0, octets)) => octets,
        Some((1..=7, octets)) => &octets[..0],
        _ => return Err(malformed("the signature value")),
    };

    let mut fields = Fields::new(tbs.value, "the tbsCertificate");
    let version = match fields.optional(tag::context_constructed(0))? {
        Some(field) => version(field)?,
        None => 0,
    };
    let serial = fields.require(tag::INTEGER)?;
    let serial = SerialNumber::from_content(serial.value).ok_or(malformed("the serial number"))?;
    let inner_algorithm = fields.require(tag::SEQUENCE)?;
    let issuer = Name::decode(fields.require(tag::SEQUENCE)?.raw)?;
    let (not_before, not_after) = validity::decode(fields.require(tag::SEQUENCE)?.raw)?;
    let subject = Name::decode(fields.require(tag::SEQUENCE)?.raw)?;
    let spki = fields.require(tag::SEQUENCE)?;
    fields.optional(tag::context(1))?;
    fields.optional(tag::context(2))?;
    let extensions = match fields.optional(tag::context_constructed(3))? {
        Some(field) => Extension::decode_all(field.value)?,
        None => Vec::new(),
    };
    fields.finish()?;

    Ok(Inner {
        fingerprint: Fingerprint::of(der),
        tbs: range_in(der, tbs.raw),
        spki: range_in(der, spki.raw),
        signature_algorithm: range_in(der, signature_algorithm.raw),
        signature: range_in(der, signature),
        algorithms_agree: inner_algorithm.raw == signature_algorithm.raw,
        version,
        serial,
        issuer,
        subject,
        not_before,
        not_after,
        extensions,
        public_key: OnceLock::new(),
        self_signed: OnceLock::new(),
        unreadable_extensions: OnceLock::new(),
        meant_for_mail: OnceLock::new(),
        ca_issuers: OnceLock::new(),
        der: der.to_vec(),
    })
}

fn version(field: Field<'_>) -> Result<u8, CertificateError> {
    let what = "the version";
    let mut fields = Fields::new(field.value, what);
    let number = fields.require(tag::INTEGER)?;
    fields.finish()?;
    match number.value {
        [number @ 0..=0x7f] => Ok(*number),
        _ => Err(CertificateError::Encoding { what }),
    }
}

/// Where `part`, a slice of `whole`, lies in it.
pub(super) fn range_in(whole: &[u8], part: &[u8]) -> Range<usize> {
    let start = part.as_ptr().addr() - whole.as_ptr().addr();
    start..start + part.len()
}
