//! Certification requests, PKCS #10 (RFC 2986): a public key, and the proof that its owner asks.
//!
//! Only the key is taken from a request. What the certificate says is decided by whoever issues it;
//! the name and addresses that a request asks for are there to be compared and shown.

use der::Decode;
use spki::AlgorithmIdentifierOwned;

use super::certificate::{CertificateError, alternative_addresses};
use super::extension::{self, Extension};
use super::fields::{Fields, tag};
use super::general_name::GeneralName;
use super::name::Name;
use crate::address::Address;
use crate::asn1::oid;
use crate::asn1::pem::{self, PemError};
use crate::crypto::UnsupportedAlgorithm;
use crate::crypto::key::{KeyError, PublicKey, SignatureError, Signed};
use crate::crypto::signature::SignatureAlgorithm;
use crate::limits;

/// Why a certification request cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// The octets are no request.
    #[error("not a certification request: {what} cannot be decoded")]
    Encoding {
        /// The structure.
        what: &'static str,
    },
    /// The text has no frame of a request.
    #[error("there is no CERTIFICATE REQUEST in the file")]
    Missing,
    /// The text has frames that cannot be read.
    #[error(transparent)]
    Pem(#[from] PemError),
    /// The request is signed with an algorithm that is not known here.
    #[error("the request is signed with an unsupported algorithm: {0}")]
    Algorithm(#[from] UnsupportedAlgorithm),
    /// The public key cannot be read.
    #[error("the public key of the request: {0}")]
    Key(#[from] KeyError),
    /// The signature was not made with the key that is asked a certificate for.
    #[error("the signature of the request does not verify with its own key: {0}")]
    Signature(#[from] SignatureError),
}

impl From<CertificateError> for RequestError {
    fn from(error: CertificateError) -> RequestError {
        RequestError::Encoding {
            what: match error {
                CertificateError::Encoding { what }
                | CertificateError::TooLarge { what, .. }
                | CertificateError::TooMany { what, .. } => what,
                CertificateError::DuplicateExtension { .. } => "extensions",
            },
        }
    }
}

/// A certification request.
///
/// ```text
/// CertificationRequest ::= SEQUENCE {
///     certificationRequestInfo CertificationRequestInfo,
///     signatureAlgorithm AlgorithmIdentifier, signature BIT STRING }
/// CertificationRequestInfo ::= SEQUENCE {
///     version INTEGER, subject Name, subjectPKInfo SubjectPublicKeyInfo,
///     attributes [0] IMPLICIT SET OF Attribute }
/// ```
#[derive(Clone, Debug)]
pub struct CertificationRequest {
    info: Vec<u8>,
    subject: Name,
    spki: Vec<u8>,
    extensions: Vec<Extension>,
    signature_algorithm: Vec<u8>,
    signature: Vec<u8>,
}

impl CertificationRequest {
    /// Reads a request in PEM (the first one, if there are several) or DER.
    ///
    /// # Errors
    /// The octets are neither.
    pub fn read(octets: &[u8]) -> Result<CertificationRequest, RequestError> {
        if !pem::is_pem(octets) {
            return CertificationRequest::decode(octets);
        }
        // Microsoft and Netscape programs write NEW before it.
        let frame = pem::decode_all(octets)?.into_iter().find(|frame| {
            ["CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"].contains(&frame.label.as_str())
        });
        CertificationRequest::decode(&frame.ok_or(RequestError::Missing)?.der)
    }

    /// Reads a request in DER.
    ///
    /// # Errors
    /// The octets are not one, or are too many.
    pub fn decode(der: &[u8]) -> Result<CertificationRequest, RequestError> {
        if der.len() > limits::BER_ELEMENT {
            return Err(RequestError::Encoding { what: "its size" });
        }
        let mut outer = Fields::inside(der, tag::SEQUENCE, "the outer structure")?;
        let info = outer.require(tag::SEQUENCE)?;
        let signature_algorithm = outer.require(tag::SEQUENCE)?;
        let signature = outer.require(tag::BIT_STRING)?;
        outer.finish()?;
        let Some((0, signature)) = signature.value.split_first() else {
            return Err(RequestError::Encoding {
                what: "the signature",
            });
        };
        let mut fields = Fields::new(info.value, "the request information");
        fields.require(tag::INTEGER)?;
        let subject = Name::decode(fields.require(tag::SEQUENCE)?.raw)?;
        let spki = fields.require(tag::SEQUENCE)?;
        // Some programs leave the attributes out instead of writing an empty set.
        let extensions = match fields.optional(tag::context_constructed(0))? {
            Some(attributes) => requested_extensions(attributes.value)?,
            None => Vec::new(),
        };
        fields.finish()?;
        Ok(CertificationRequest {
            info: info.raw.to_vec(),
            subject,
            spki: spki.raw.to_vec(),
            extensions,
            signature_algorithm: signature_algorithm.raw.to_vec(),
            signature: signature.to_vec(),
        })
    }

    /// The name that is asked for.
    pub fn subject(&self) -> &Name {
        &self.subject
    }

    /// The addresses that are asked for, in the subject or as subjectAltName.
    pub fn addresses(&self) -> Vec<Address> {
        let names = extension::find(&self.extensions, oid::SUBJECT_ALT_NAME)
            .and_then(|extension| GeneralName::decode_all(extension.value()).ok())
            .unwrap_or_default();
        alternative_addresses(&names, &self.subject)
    }

    /// The public key, which only a request with a valid signature hands out.
    ///
    /// # Errors
    /// The key or algorithm is not known here, or the signature does not verify.
    pub fn require_key(&self) -> Result<PublicKey, RequestError> {
        let key = PublicKey::decode(&self.spki)?;
        let identifier = AlgorithmIdentifierOwned::from_der(&self.signature_algorithm);
        let identifier = identifier.map_err(|_| RequestError::Encoding {
            what: "the signature algorithm",
        })?;
        let algorithm = SignatureAlgorithm::decode(&identifier, None)?;
        key.verify(&algorithm, Signed::Message(&self.info), &self.signature)?;
        Ok(key)
    }
}

/// The extensions of the extensionRequest attribute (RFC 2985 section 5.4.2); those of the other
/// attributes, passwords among them, are passed over.
fn requested_extensions(attributes: &[u8]) -> Result<Vec<Extension>, CertificateError> {
    let what = "the attributes";
    let mut fields = Fields::new(attributes, what);
    let mut extensions = Vec::new();
    while let Some(attribute) = fields.optional(tag::SEQUENCE)? {
        let mut attribute = Fields::new(attribute.value, what);
        let kind = attribute.require(tag::OBJECT_IDENTIFIER)?;
        let values = attribute.require(tag::SET)?;
        attribute.finish()?;
        if kind.value == oid::EXTENSION_REQUEST.as_bytes() {
            extensions.extend(Extension::decode_all(values.value)?);
        }
    }
    fields.finish()?;
    Ok(extensions)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asn1::tag::Tag;
    use crate::asn1::write::{DerWriter, element};
    use crate::pki::test_pki::{key_number, name};
    use der::Encode;

    /// A request for key 1, signed with key `signer`.
    fn request(signer: usize) -> Vec<u8> {
        let mut names = DerWriter::new();
        names.sequence(|names| {
            names.element(Tag::context(1).as_primitive(), b"user@example.com");
        });
        let mut extensions = DerWriter::new();
        extensions.sequence(|extensions| {
            extensions.sequence(|extension| {
                extension.oid(&oid::SUBJECT_ALT_NAME);
                extension.octet_string(&names.into_vec());
            });
        });
        let mut info = DerWriter::new();
        info.sequence(|info| {
            info.integer(0).raw(name("User").der());
            info.raw(key_number(1).public_key().spki_der());
            info.nested(Tag::context(0), |attributes| {
                attributes.sequence(|attribute| {
                    attribute.oid(&oid::CHALLENGE_PASSWORD);
                    let password = element(Tag::UTF8_STRING, b"secret");
                    attribute.set_of(Tag::SET, vec![password]);
                });
                attributes.sequence(|attribute| {
                    attribute.oid(&oid::EXTENSION_REQUEST);
                    attribute.set_of(Tag::SET, vec![extensions.into_vec()]);
                });
            });
        });
        let info = info.into_vec();
        let key = key_number(signer);
        let algorithm = key.signature_algorithm(None);
        let identifier = algorithm.algorithm_identifier().unwrap().to_der().unwrap();
        let signature = key.sign(&algorithm, Signed::Message(&info)).unwrap();
        let mut request = DerWriter::new();
        request.sequence(|request| {
            request.raw(&info).raw(&identifier).bit_string(&signature);
        });
        request.into_vec()
    }

    #[test]
    fn a_request_hands_out_its_key_and_shows_what_it_asks_for() {
        let der = request(1);
        for octets in [
            der.clone(),
            pem::encode("CERTIFICATE REQUEST", &der).into_bytes(),
            pem::encode("NEW CERTIFICATE REQUEST", &der).into_bytes(),
        ] {
            let request = CertificationRequest::read(&octets).unwrap();
            assert_eq!(request.require_key().unwrap(), *key_number(1).public_key());
            assert_eq!(request.subject().to_string(), "CN=User");
            assert_eq!(request.addresses(), ["user@example.com".parse().unwrap()]);
        }
    }

    #[test]
    fn a_request_signed_by_another_key_is_refused() {
        let request = CertificationRequest::decode(&request(2)).unwrap();
        assert_eq!(
            request.require_key(),
            Err(RequestError::Signature(SignatureError::Invalid))
        );
    }

    #[test]
    fn what_is_no_request_is_refused() {
        let other = pem::encode("CERTIFICATE", &request(1));
        assert_eq!(
            CertificationRequest::read(other.as_bytes()).err(),
            Some(RequestError::Missing)
        );
        let mut der = request(1);
        der.push(0);
        for octets in [&der[..], b"", b"\x30\x03\x02\x01\x00"] {
            assert!(CertificationRequest::read(octets).is_err());
        }
    }
}
