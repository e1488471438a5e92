//! Attributes of a signer: those that are signed with the content, and how each is read and made.
//!
//! ```text
//! SignedAttributes ::= SET SIZE (1..MAX) OF Attribute
//! Attribute ::= SEQUENCE {
//!   attrType OBJECT IDENTIFIER,
//!   attrValues SET OF AttributeValue }
//! ```
//!
//! RFC 5652 sections 5.3 and 11, RFC 8551 section 2.5. The order of a SET OF stays as received:
//! a signature covers the octets, not the set. Whether attributes fit a message is for
//! [`SignerInfo::verify`](super::SignerInfo::verify) to say.

use der::asn1::{AnyRef, ObjectIdentifier, OctetStringRef};
use der::{Decode, Encode, Reader, SliceReader, Tagged};
use spki::AlgorithmIdentifierOwned;

use super::algorithm_protection;
use super::identifier::CertificateIdentifier;
use super::signing_certificate::CertificateHash;
use super::signing_time;
use crate::asn1::ber::{Element, Tag};
use crate::asn1::oid;
use crate::asn1::write::{self, DerWriter};
use crate::crypto::content::ContentCipher;
use crate::crypto::digest::DigestAlgorithm;
use crate::crypto::pss::PssParameters;
use crate::crypto::signature::SignatureAlgorithm;
use crate::limits;
use crate::time::Time;

/// One attribute: a type and its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// The type.
    pub oid: ObjectIdentifier,
    /// The DER of each value, in the order received.
    pub values: Vec<Vec<u8>>,
}

/// What is wrong with an attribute.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("attribute {}: {problem}", oid::describe(.attribute))]
pub struct AttributeError {
    /// Its type.
    pub attribute: ObjectIdentifier,
    /// What is wrong, in a few words.
    pub problem: &'static str,
}

impl AttributeError {
    pub(crate) fn new(attribute: ObjectIdentifier, problem: &'static str) -> AttributeError {
        AttributeError { attribute, problem }
    }
}

/// Reads `SET OF Attribute` (under any tag) from its DER; `None` if it is none, or holds more
/// than [`limits::ATTRIBUTES`] attributes and values.
pub fn decode_set(der: &[u8]) -> Option<Vec<Attribute>> {
    let mut reader = SliceReader::new(AnyRef::from_der(der).ok()?.value()).ok()?;
    let mut attributes = Vec::new();
    let mut count = 0;
    while !reader.is_finished() {
        let (attribute_type, values) = decode_head(reader.tlv_bytes().ok()?)?;
        let mut attribute = Attribute {
            oid: attribute_type,
            values: Vec::new(),
        };
        let mut values = SliceReader::new(values).ok()?;
        count += 1;
        while !values.is_finished() {
            attribute.values.push(values.tlv_bytes().ok()?.to_vec());
            count += 1;
        }
        if count > limits::ATTRIBUTES {
            return None;
        }
        attributes.push(attribute);
    }
    Some(attributes)
}

/// The type of one Attribute and the content octets of its set of values.
pub(crate) fn decode_head(der: &[u8]) -> Option<(ObjectIdentifier, &[u8])> {
    let sequence = AnyRef::from_der(der).ok()?;
    let mut fields = SliceReader::new(sequence.value()).ok()?;
    let attribute_type = fields.decode().ok()?;
    let set: AnyRef<'_> = fields.decode().ok()?;
    fields.finish().ok()?;
    let is_attribute = sequence.tag() == der::Tag::Sequence && set.tag() == der::Tag::Set;
    is_attribute.then_some((attribute_type, set.value()))
}

/// Which octets of the signed attributes the signature covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttributesEncoding {
    /// Those that were received.
    Received,
    /// Those received, with the lengths DER has; the message carries BER.
    DerLengths,
    /// The DER encoding, sorted; the message carries another order.
    Der,
}

impl AttributesEncoding {
    /// The word for it in a report.
    pub fn as_str(self) -> &'static str {
        match self {
            AttributesEncoding::Received => "received",
            AttributesEncoding::DerLengths => "der-lengths",
            AttributesEncoding::Der => "der",
        }
    }
}

/// The signed attributes of one signer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedAttributes {
    /// As received, under the tag of a SET instead of [0] (RFC 5652 section 5.4).
    received: Vec<u8>,
    /// With DER lengths, in the order received, under the tag of a SET.
    der: Vec<u8>,
    attributes: Vec<Attribute>,
}

impl SignedAttributes {
    /// Reads the element `[0] IMPLICIT SignedAttributes`; `None` if it is malformed or has too many
    /// attributes.
    pub(crate) fn decode(element: Element) -> Option<SignedAttributes> {
        let attributes = decode_set(&element.der)?;
        let (mut received, mut der) = (element.raw, element.der);
        *received.first_mut()? = SET;
        *der.first_mut()? = SET;
        Some(SignedAttributes {
            received,
            der,
            attributes,
        })
    }

    /// All attributes, in the order received.
    pub fn all(&self) -> &[Attribute] {
        &self.attributes
    }

    /// The octets that the signature may cover, the likeliest first, without repetition.
    pub fn encodings(&self) -> Vec<(AttributesEncoding, Vec<u8>)> {
        let mut encodings = vec![(AttributesEncoding::Received, self.received.clone())];
        for (encoding, octets) in [
            (AttributesEncoding::DerLengths, self.der.clone()),
            (AttributesEncoding::Der, encode_set(&self.attributes)),
        ] {
            if encodings.iter().all(|(_, others)| *others != octets) {
                encodings.push((encoding, octets));
            }
        }
        encodings
    }

    /// The DER of the value of an attribute that may occur once, with one value.
    ///
    /// # Errors
    /// It occurs twice, or has no value or several.
    pub fn single(&self, attribute: ObjectIdentifier) -> Result<Option<&[u8]>, AttributeError> {
        let mut found = self.attributes.iter().filter(|held| held.oid == attribute);
        match (
            found.next().map(|held| held.values.as_slice()),
            found.next(),
        ) {
            (None, _) => Ok(None),
            (Some(_), Some(_)) => Err(AttributeError::new(attribute, "occurs more than once")),
            (Some([value]), None) => Ok(Some(value)),
            (Some([]), None) => Err(AttributeError::new(attribute, "has no value")),
            (Some(_), None) => Err(AttributeError::new(attribute, "has several values")),
        }
    }

    /// The value of such an attribute, read by `decode`.
    fn decoded<T>(
        &self,
        attribute: ObjectIdentifier,
        decode: impl FnOnce(&[u8]) -> Option<T>,
    ) -> Result<Option<T>, AttributeError> {
        let malformed = || AttributeError::new(attribute, "is malformed");
        self.single(attribute)?
            .map(|value| decode(value).ok_or_else(malformed))
            .transpose()
    }

    /// The content type (RFC 5652 section 11.1).
    ///
    /// # Errors
    /// Like [`single`](Self::single), or the value is malformed. So for all that follow.
    pub fn content_type(&self) -> Result<Option<ObjectIdentifier>, AttributeError> {
        self.decoded(oid::CONTENT_TYPE, |der| {
            ObjectIdentifier::from_der(der).ok()
        })
    }

    /// The message digest (RFC 5652 section 11.2).
    ///
    /// # Errors
    /// See [`content_type`](Self::content_type).
    pub fn message_digest(&self) -> Result<Option<Vec<u8>>, AttributeError> {
        self.decoded(oid::MESSAGE_DIGEST, |der| {
            let digest = <&OctetStringRef>::from_der(der).ok()?;
            Some(digest.as_bytes().to_vec())
        })
    }

    /// The signing time (RFC 5652 section 11.3).
    ///
    /// # Errors
    /// See [`content_type`](Self::content_type).
    pub fn signing_time(&self) -> Result<Option<Time>, AttributeError> {
        self.decoded(oid::SIGNING_TIME, signing_time::decode)
    }

    /// The DER of SMIMECapabilities (RFC 8551 section 2.5.2).
    ///
    /// # Errors
    /// See [`content_type`](Self::content_type).
    pub fn capabilities(&self) -> Result<Option<Vec<u8>>, AttributeError> {
        self.decoded(oid::SMIME_CAPABILITIES, |der| {
            let list = AnyRef::from_der(der).ok()?;
            (list.tag() == der::Tag::Sequence).then(|| der.to_vec())
        })
    }

    /// The certificate that the signer wants to be encrypted to (RFC 8551 section 2.5.3), or, where
    /// that is absent, the one of Microsoft's attribute of the same meaning.
    ///
    /// # Errors
    /// See [`content_type`](Self::content_type).
    pub fn encryption_key_preference(
        &self,
    ) -> Result<Option<CertificateIdentifier>, AttributeError> {
        match self.decoded(oid::ENCRYPTION_KEY_PREFERENCE, decode_key_preference)? {
            Some(preference) => Ok(Some(preference)),
            None => self.decoded(
                oid::MS_ENCRYPTION_KEY_PREFERENCE,
                CertificateIdentifier::decode_issuer_serial,
            ),
        }
    }

    /// The digest and signature algorithm that were signed (RFC 6211).
    ///
    /// # Errors
    /// See [`content_type`](Self::content_type).
    pub(super) fn algorithm_protection(
        &self,
    ) -> Result<Option<[AlgorithmIdentifierOwned; 2]>, AttributeError> {
        self.decoded(oid::CMS_ALGORITHM_PROTECTION, algorithm_protection::decode)
    }

    /// The signer's certificate by its hash: signing-certificate-v2 and signing-certificate, as far
    /// as they are there (RFC 5035 sections 3 and 4).
    ///
    /// # Errors
    /// See [`content_type`](Self::content_type).
    pub fn signing_certificates(&self) -> Result<Vec<CertificateHash>, AttributeError> {
        let version_2 = self.decoded(oid::SIGNING_CERTIFICATE_V2, CertificateHash::decode_v2)?;
        let version_1 = self.decoded(oid::SIGNING_CERTIFICATE, CertificateHash::decode_v1)?;
        Ok(version_2.into_iter().chain(version_1).collect())
    }
}

const SET: u8 = 0x31;

/// ```text
/// SMIMEEncryptionKeyPreference ::= CHOICE {
///   issuerAndSerialNumber   [0] IssuerAndSerialNumber,
///   receipentKeyId          [1] RecipientKeyIdentifier,
///   subjectAltKeyIdentifier [2] SubjectKeyIdentifier }
/// ```
fn decode_key_preference(der: &[u8]) -> Option<CertificateIdentifier> {
    let choice = AnyRef::from_der(der).ok()?;
    let der::Tag::ContextSpecific { number, .. } = choice.tag() else {
        return None;
    };
    match number.0 {
        0 => CertificateIdentifier::decode_issuer_serial_fields(choice.value()),
        1 => {
            let mut fields = SliceReader::new(choice.value()).ok()?;
            let identifier: &OctetStringRef = fields.decode().ok()?;
            Some(CertificateIdentifier::KeyIdentifier(
                identifier.as_bytes().to_vec(),
            ))
        }
        2 => Some(CertificateIdentifier::KeyIdentifier(
            choice.value().to_vec(),
        )),
        _ => None,
    }
}

impl Attribute {
    /// An attribute with one value, given as its DER.
    pub fn new(oid: ObjectIdentifier, value: Vec<u8>) -> Attribute {
        Attribute {
            oid,
            values: vec![value],
        }
    }

    /// The content type (RFC 5652 section 11.1).
    pub(crate) fn for_content_type(content_type: ObjectIdentifier) -> Attribute {
        let mut value = DerWriter::new();
        value.oid(&content_type);
        Attribute::new(oid::CONTENT_TYPE, value.into_vec())
    }

    /// The message digest (RFC 5652 section 11.2).
    pub(crate) fn for_message_digest(digest: &[u8]) -> Attribute {
        let value = write::element(Tag::OCTET_STRING, digest);
        Attribute::new(oid::MESSAGE_DIGEST, value)
    }

    /// The signing time (RFC 5652 section 11.3).
    pub(crate) fn for_signing_time(time: Time) -> Attribute {
        Attribute::new(oid::SIGNING_TIME, signing_time::encode(time))
    }

    /// SMIMECapabilities, each given as its DER (RFC 8551 section 2.5.2).
    pub(crate) fn for_capabilities(capabilities: &[Vec<u8>]) -> Attribute {
        let value = write::element(Tag::SEQUENCE, &capabilities.concat());
        Attribute::new(oid::SMIME_CAPABILITIES, value)
    }

    /// The encryption key preference, by issuer and serial number (RFC 8551 section 2.5.3).
    pub(crate) fn for_encryption_key_preference(issuer_der: &[u8], serial: &[u8]) -> Attribute {
        let mut value = DerWriter::new();
        value.nested(Tag::context(0), |fields| {
            fields.raw(issuer_der).element(Tag::INTEGER, serial);
        });
        Attribute::new(oid::ENCRYPTION_KEY_PREFERENCE, value.into_vec())
    }

    /// The DER encoding, values sorted.
    pub(crate) fn to_der(&self) -> Vec<u8> {
        let mut out = DerWriter::new();
        out.sequence(|fields| {
            fields.oid(&self.oid).set_of(Tag::SET, self.values.clone());
        });
        out.into_vec()
    }
}

/// The DER of `SET OF Attribute`, sorted: what is signed, and, under [0], what is sent.
pub(crate) fn encode_set(attributes: &[Attribute]) -> Vec<u8> {
    let mut out = DerWriter::new();
    out.set_of(Tag::SET, attributes.iter().map(Attribute::to_der).collect());
    out.into_vec()
}

/// The capabilities that our signatures announce, each as its DER, the preferred first: content
/// ciphers, then key management, signatures and compression.
///
/// ```text
/// SMIMECapabilities ::= SEQUENCE OF SMIMECapability
/// SMIMECapability ::= SEQUENCE {
///   capabilityID OBJECT IDENTIFIER,
///   parameters ANY DEFINED BY capabilityID OPTIONAL }
/// ```
///
/// What is only read because old mail has it is left out, and so is RSA by PKCS #1 v1.5: everyone
/// assumes it, and OAEP is what should be used. The capability for key agreement names the key wrap
/// (RFC 5753 section 7, RFC 8418 section 4).
pub fn default_capabilities() -> Vec<Vec<u8>> {
    let capability = |oid: &ObjectIdentifier, parameters: &[u8]| {
        let mut out = DerWriter::new();
        out.sequence(|fields| {
            fields.oid(oid).raw(parameters);
        });
        out.into_vec()
    };
    let sha256 = capability(&oid::SHA256, &write::element(Tag::NULL, &[]));
    let mut oaep = DerWriter::new();
    oaep.sequence(|parameters| {
        let mask = capability(&oid::MGF1, &sha256);
        parameters
            .element(Tag::context(0), &sha256)
            .element(Tag::context(1), &mask);
    });
    let ciphers = ContentCipher::OFFERED.map(|cipher| capability(&cipher.oid(), &[]));
    let mut capabilities = ciphers.to_vec();
    capabilities.push(capability(&oid::RSAES_OAEP, &oaep.into_vec()));
    for scheme in [oid::ECDH_STD_SHA256, oid::ECDH_HKDF_SHA256] {
        for wrap in [oid::AES_256_WRAP, oid::AES_128_WRAP] {
            capabilities.push(capability(&scheme, &capability(&wrap, &[])));
        }
    }
    capabilities.extend(signature_capabilities());
    capabilities.push(capability(&oid::ZLIB, &[]));
    capabilities
}

/// The signature algorithms with digests that are not too weak: as in a SignerInfo, with the
/// parameters (RFC 8551 section 2.5.2).
fn signature_capabilities() -> impl Iterator<Item = Vec<u8>> {
    use SignatureAlgorithm::{Ecdsa, Ed25519, RsaPkcs1, RsaPss};
    let digests = [
        DigestAlgorithm::Sha256,
        DigestAlgorithm::Sha384,
        DigestAlgorithm::Sha512,
    ];
    let algorithms = digests.map(Ecdsa).into_iter().chain([Ed25519]);
    let pss = digests.map(|digest| RsaPss(PssParameters::of_digest(digest)));
    let algorithms = algorithms.chain(pss).chain(digests.map(RsaPkcs1));
    // All of them have an identifier.
    algorithms.filter_map(|algorithm| algorithm.algorithm_identifier().ok()?.to_der().ok())
}

#[cfg(test)]
mod tests;
