//! Signers for tests: keys, certificates that are just good enough, and objects put together by
//! hand, as nobody should.

use std::io::Read;
use std::sync::LazyLock;

use der::asn1::ObjectIdentifier;
use der::{Decode, Encode};

use super::attributes::Attribute;
use super::{
    CertificateIdentifier, CmsError, ContentDigests, ContentOctets, Object, SignedContent,
    SignedData, SignerCertificate, SignerCheck, SignerSpec, decode_object,
};
use crate::asn1::ber::Tag;
use crate::asn1::oid;
use crate::asn1::write::{DerWriter, element};
use crate::crypto::digest::DigestAlgorithm;
use crate::crypto::digest::WeakDigests;
use crate::crypto::key::{KeyType, PrivateKey, PublicKey, Signed};
use crate::reason::Reason;
use crate::source::Source;
use crate::time::Time;

/// A key and a certificate for it, whose own signature is empty.
pub(crate) struct TestSigner {
    pub(crate) key: PrivateKey,
    pub(crate) certificate: Vec<u8>,
}

pub(crate) static RSA: LazyLock<TestSigner> =
    LazyLock::new(|| TestSigner::new(KeyType::Rsa2048, 1));
pub(crate) static P256: LazyLock<TestSigner> =
    LazyLock::new(|| TestSigner::new(KeyType::EcP256, 2));
pub(crate) static P384: LazyLock<TestSigner> =
    LazyLock::new(|| TestSigner::new(KeyType::EcP384, 3));
pub(crate) static ED25519: LazyLock<TestSigner> =
    LazyLock::new(|| TestSigner::new(KeyType::Ed25519, 4));

impl TestSigner {
    pub(crate) fn new(kind: KeyType, serial: u8) -> TestSigner {
        let key = PrivateKey::generate(kind).unwrap();
        let certificate = certificate(&key, serial);
        TestSigner { key, certificate }
    }

    pub(crate) fn spec(&self) -> SignerSpec<'_> {
        SignerSpec {
            key: &self.key,
            certificate_der: &self.certificate,
            digest: None,
            rsa_scheme: crate::crypto::key::RsaScheme::Pkcs1,
            signing_time: Time::parse_rfc3339("2026-11-24T08:00:00Z").unwrap(),
            encryption_certificate: Some(&self.certificate),
            capabilities: None,
        }
    }

    /// The attributes that must be there for this content.
    pub(crate) fn attributes(&self, digest: DigestAlgorithm, content: &[u8]) -> Vec<Attribute> {
        vec![
            Attribute::for_content_type(oid::DATA),
            Attribute::for_message_digest(&digest.digest(content)),
        ]
    }

    /// A SignerInfo with the element `sent` as signed attributes and a signature over `signed`.
    pub(crate) fn signer_info(
        &self,
        digest: DigestAlgorithm,
        sent: &[u8],
        signed: Signed<'_>,
    ) -> Vec<u8> {
        let algorithm = self.key.signature_algorithm(Some(digest));
        let signature = self.key.sign(&algorithm, signed).unwrap();
        let identifier = algorithm.algorithm_identifier().unwrap();
        self.signer_info_of(
            &digest.oid(),
            sent,
            &identifier.to_der().unwrap(),
            &signature,
        )
    }

    /// A SignerInfo of whatever parts.
    pub(crate) fn signer_info_of(
        &self,
        digest: &ObjectIdentifier,
        sent: &[u8],
        algorithm: &[u8],
        signature: &[u8],
    ) -> Vec<u8> {
        let identifier = CertificateIdentifier::of_certificate(&self.certificate);
        let Some(CertificateIdentifier::IssuerSerial { issuer_der, serial }) = identifier else {
            panic!("no certificate")
        };
        let mut out = DerWriter::new();
        out.sequence(|fields| {
            fields.integer(1);
            fields.sequence(|sid| {
                sid.raw(&issuer_der).element(Tag::INTEGER, &serial);
            });
            fields.sequence(|algorithm| {
                algorithm.oid(digest);
            });
            fields.raw(sent).raw(algorithm).octet_string(signature);
        });
        out.into_vec()
    }

    /// An object around `content` with the attributes `sent` in that order, signed as they are.
    pub(crate) fn object(
        &self,
        digest: DigestAlgorithm,
        content: &[u8],
        sent: &[Attribute],
    ) -> Vec<u8> {
        let set = set_in_order(sent);
        let signer = self.signer_info(digest, &implicit(&set), Signed::Message(&set));
        object(
            oid::DATA,
            Some(content),
            &[digest],
            &[&self.certificate],
            &[signer],
        )
    }
}

/// The attributes under the tag of a SET, in the order given.
pub(crate) fn set_in_order(attributes: &[Attribute]) -> Vec<u8> {
    let encoded: Vec<u8> = attributes.iter().flat_map(Attribute::to_der).collect();
    element(Tag::SET, &encoded)
}

/// The set under the tag [0].
pub(crate) fn implicit(set: &[u8]) -> Vec<u8> {
    let mut implicit = set.to_vec();
    implicit[0] = 0xa0;
    implicit
}

/// A ContentInfo with a SignedData of these parts.
pub(crate) fn object(
    content_type: ObjectIdentifier,
    content: Option<&[u8]>,
    digests: &[DigestAlgorithm],
    certificates: &[&[u8]],
    signer_infos: &[Vec<u8>],
) -> Vec<u8> {
    object_of(
        content_type,
        content
            .map(|content| element(Tag::OCTET_STRING, content))
            .as_deref(),
        digests,
        &element(Tag::context(0), &certificates.concat()),
        signer_infos,
    )
}

/// The same with whole elements for the eContent, and for certificates and CRLs together.
pub(crate) fn object_of(
    content_type: ObjectIdentifier,
    content: Option<&[u8]>,
    digests: &[DigestAlgorithm],
    certificates_and_crls: &[u8],
    signer_infos: &[Vec<u8>],
) -> Vec<u8> {
    let mut out = DerWriter::new();
    out.sequence(|content_info| {
        content_info.oid(&oid::SIGNED_DATA);
        content_info.nested(Tag::context(0), |explicit| {
            explicit.sequence(|fields| {
                fields.integer(1);
                fields.nested(Tag::SET, |set| {
                    for digest in digests {
                        set.raw(&digest.algorithm_identifier().to_der().unwrap());
                    }
                });
                fields.sequence(|encapsulated| {
                    encapsulated.oid(&content_type);
                    if let Some(content) = content {
                        encapsulated.element(Tag::context(0), content);
                    }
                });
                fields.raw(certificates_and_crls);
                fields.element(Tag::SET, &signer_infos.concat());
            });
        });
    });
    out.into_vec()
}

fn certificate(key: &PrivateKey, serial: u8) -> Vec<u8> {
    let name = |out: &mut DerWriter| {
        out.sequence(|name| {
            name.nested(Tag::SET, |rdn| {
                rdn.sequence(|attribute| {
                    attribute.oid(&oid::COMMON_NAME);
                    attribute.element(Tag::UTF8_STRING, b"Test CA");
                });
            });
        });
    };
    let algorithm = |out: &mut DerWriter| {
        out.sequence(|algorithm| {
            algorithm.oid(&oid::ECDSA_WITH_SHA256);
        });
    };
    let mut out = DerWriter::new();
    out.sequence(|certificate| {
        certificate.sequence(|tbs| {
            tbs.nested(Tag::context(0), |version| {
                version.integer(2);
            });
            tbs.integer(serial);
            algorithm(tbs);
            name(tbs);
            tbs.sequence(|validity| {
                validity.element(Tag::UTC_TIME, b"250101000000Z");
                validity.element(Tag::UTC_TIME, b"350101000000Z");
            });
            name(tbs);
            tbs.raw(key.public_key().spki_der());
        });
        algorithm(certificate);
        certificate.bit_string(&[]);
    });
    out.into_vec()
}

/// Reads a ContentInfo with a SignedData to its end.
pub(crate) fn decode(object: &[u8]) -> Result<SignedData, CmsError> {
    match decode_object(&Source::from_bytes(object.to_vec()))? {
        Object::SignedData(signed_data) => Ok(*signed_data),
        _ => Err(CmsError::Malformed("SignedData")),
    }
}

/// Checks every signer with the certificate in the object that it names; `None` for one whose
/// certificate is not found or cannot be used.
pub(crate) fn check_all(
    object: &[u8],
    detached: Option<&[u8]>,
    weak: WeakDigests,
) -> Result<Vec<Option<SignerCheck>>, CmsError> {
    let signed_data = decode(object)?;
    let digests = match detached {
        Some(mut content) => ContentDigests::of(&mut content, &signed_data.required_digests())?,
        None => signed_data.digests.clone(),
    };
    let octets = match (detached, &signed_data.econtent) {
        (Some(content), _) => Source::from_bytes(content.to_vec()),
        (None, Some(content)) => content.clone(),
        (None, None) => Source::from_bytes(Vec::new()),
    };
    let content = SignedContent {
        content_type: signed_data.econtent_type,
        digests: &digests,
        octets: &AsIs(octets),
    };
    let check = |signer: &super::SignerInfo| {
        let certificate = signed_data
            .certificates
            .iter()
            .find(|der| CertificateIdentifier::of_certificate(der).as_ref() == Some(&signer.sid))?;
        let decoded = x509_cert::Certificate::from_der(certificate).ok()?;
        let spki = decoded
            .tbs_certificate()
            .subject_public_key_info()
            .to_der()
            .ok()?;
        let key = PublicKey::decode(&spki).ok()?;
        Some(verify(signer, content, (certificate, &key), weak))
    };
    Ok(signed_data.signer_infos.iter().map(check).collect())
}

/// Content that is signed as it is.
pub(crate) struct AsIs(pub(crate) Source);

impl ContentOctets for AsIs {
    fn open(&self) -> Box<dyn Read + '_> {
        Box::new(self.0.reader())
    }
}

/// Checks one signer with a certificate, whose issuer is compared octet by octet, and a key.
pub(crate) fn verify(
    signer: &super::SignerInfo,
    content: SignedContent<'_>,
    (certificate, public_key): (&[u8], &PublicKey),
    weak: WeakDigests,
) -> SignerCheck {
    let own = CertificateIdentifier::of_certificate(certificate);
    let certificate = SignerCertificate {
        der: certificate,
        public_key,
        is_named_by: &|named| own.as_ref() == Some(named),
    };
    signer.verify(content, certificate, weak).unwrap()
}

/// Checks the one signer of an object.
pub(crate) fn check(object: &[u8], detached: Option<&[u8]>) -> SignerCheck {
    let checks = check_all(object, detached, WeakDigests::Reject).unwrap();
    let [Some(check)] = &checks[..] else {
        panic!("not one signer: {checks:?}")
    };
    check.clone()
}

/// The reasons of the findings, in order.
pub(crate) fn reasons(check: &SignerCheck) -> Vec<Reason> {
    check
        .findings
        .iter()
        .map(|finding| finding.reason)
        .collect()
}
