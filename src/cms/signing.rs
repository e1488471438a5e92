//! Makes SignedData: detached, around a content, or with certificates only.
//!
//! RFC 5652 section 5, with the signed attributes that RFC 8551 section 2.5 wants. Everything but
//! a content of unknown length is DER.

use std::io::{self, Write};

use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{DigestAlgorithmIdentifiers, EncapsulatedContentInfo};
use der::Encode;
use der::asn1::Any;

use super::attributes::{Attribute, default_capabilities, encode_set};
use super::digests::{ContentDigester, ContentDigests};
use super::error::CmsError;
use super::identifier::CertificateIdentifier;
use crate::asn1::ber::Tag;
use crate::asn1::oid;
use crate::asn1::write::{DerWriter, Level, StreamWriter};
use crate::crypto::digest::DigestAlgorithm;
use crate::crypto::key::{PrivateKey, RsaScheme, Signed};
use crate::crypto::signature::SignatureAlgorithm;
use crate::time::Time;

/// One signer to be, and what it says about itself.
#[derive(Clone)]
pub struct SignerSpec<'a> {
    /// The key that signs.
    pub key: &'a PrivateKey,
    /// The certificate of that key.
    pub certificate_der: &'a [u8],
    /// The digest algorithm; `None` takes the one that suits the key.
    pub digest: Option<DigestAlgorithm>,
    /// How an RSA key signs that may be used for both.
    pub rsa_scheme: RsaScheme,
    /// The time of signing.
    pub signing_time: Time,
    /// The certificate that the signer wants to be encrypted to. Announced where it is given, the
    /// signer's own included.
    pub encryption_certificate: Option<&'a [u8]>,
    /// The DER of each S/MIME capability, the preferred first; `None` takes
    /// [`default_capabilities`].
    pub capabilities: Option<&'a [Vec<u8>]>,
}

impl SignerSpec<'_> {
    /// The digest algorithm that the content must be digested with.
    pub fn digest_algorithm(&self) -> DigestAlgorithm {
        self.signature_algorithm().digest()
    }

    fn signature_algorithm(&self) -> SignatureAlgorithm {
        self.key
            .signature_algorithm_by(self.rsa_scheme, self.digest)
    }

    /// Signs a content of type id-data and gives the DER of the SignerInfo.
    fn sign(&self, content: &ContentDigests) -> Result<Vec<u8>, CmsError> {
        let digest = self.digest_algorithm();
        let message_digest = content.get(digest).ok_or(CmsError::DigestMissing(digest))?;
        let attributes = encode_set(&self.attributes(message_digest)?);
        let algorithm = self.signature_algorithm();
        let signature = self.key.sign(&algorithm, Signed::Message(&attributes))?;

        let sid = identifier(self.certificate_der)?.to_der();
        let digest_identifier = digest.algorithm_identifier().to_der()?;
        let signature_identifier = algorithm.algorithm_identifier()?.to_der()?;
        // [0] IMPLICIT stands in place of the tag of the SET, which was signed.
        let mut implicit = attributes;
        if let Some(tag) = implicit.first_mut() {
            *tag = 0xa0;
        }
        let mut out = DerWriter::new();
        out.sequence(|fields| {
            fields
                .integer(1)
                .raw(&sid)
                .raw(&digest_identifier)
                .raw(&implicit)
                .raw(&signature_identifier)
                .octet_string(&signature);
        });
        Ok(out.into_vec())
    }

    fn attributes(&self, message_digest: &[u8]) -> Result<Vec<Attribute>, CmsError> {
        let (issuer_der, serial) = issuer_serial(self.certificate_der)?;
        let capabilities = match self.capabilities {
            Some(capabilities) => Attribute::for_capabilities(capabilities),
            None => Attribute::for_capabilities(&default_capabilities()),
        };
        let mut attributes = vec![
            Attribute::for_content_type(oid::DATA),
            Attribute::for_message_digest(message_digest),
            Attribute::for_signing_time(self.signing_time),
            capabilities,
            Attribute::for_signing_certificate(self.certificate_der, &issuer_der, &serial),
        ];
        if let Some(certificate_der) = self.encryption_certificate {
            let (issuer_der, serial) = issuer_serial(certificate_der)?;
            attributes.push(Attribute::for_encryption_key_preference(
                &issuer_der,
                &serial,
            ));
        }
        Ok(attributes)
    }
}

fn identifier(certificate_der: &[u8]) -> Result<CertificateIdentifier, CmsError> {
    CertificateIdentifier::of_certificate(certificate_der).ok_or(CmsError::Certificate)
}

fn issuer_serial(certificate_der: &[u8]) -> Result<(Vec<u8>, Vec<u8>), CmsError> {
    match identifier(certificate_der)? {
        CertificateIdentifier::IssuerSerial { issuer_der, serial } => Ok((issuer_der, serial)),
        CertificateIdentifier::KeyIdentifier(_) => Err(CmsError::Certificate),
    }
}

/// The digest algorithms that the signers need, each once.
pub fn required_digests(signers: &[SignerSpec<'_>]) -> Vec<DigestAlgorithm> {
    let mut digests = Vec::new();
    for digest in signers.iter().map(SignerSpec::digest_algorithm) {
        if !digests.contains(&digest) {
            digests.push(digest);
        }
    }
    digests
}

/// Signs a content that stands elsewhere, as in multipart/signed, and gives the DER of the
/// ContentInfo.
///
/// `content` must have the digests that [`required_digests`] names. Nothing is added to
/// `certificates`.
///
/// # Errors
/// A digest is missing, a certificate cannot be decoded, or a key cannot sign.
pub fn sign_detached(
    content: &ContentDigests,
    certificates: &[&[u8]],
    signers: &[SignerSpec<'_>],
) -> Result<Vec<u8>, CmsError> {
    let tail = tail(certificates, sign_all(content, signers)?);
    signed_data(&required_digests(signers), &tail)
}

/// Makes a SignedData that signs nothing and carries `certificates` (RFC 8551 section 3.8), and
/// gives the DER of the ContentInfo.
///
/// # Errors
/// None that depends on the certificates.
pub fn certs_only(certificates: &[&[u8]]) -> Result<Vec<u8>, CmsError> {
    signed_data(&[], &tail(certificates, Vec::new()))
}

fn sign_all(
    content: &ContentDigests,
    signers: &[SignerSpec<'_>],
) -> Result<Vec<Vec<u8>>, CmsError> {
    signers.iter().map(|signer| signer.sign(content)).collect()
}

/// The ContentInfo of a SignedData without content.
fn signed_data(digests: &[DigestAlgorithm], tail: &[u8]) -> Result<Vec<u8>, CmsError> {
    let content = EncapsulatedContentInfo {
        econtent_type: oid::DATA,
        econtent: None,
    };
    let fields = [&head(digests)?[..], &content.to_der()?, tail].concat();
    let content_info = ContentInfo {
        content_type: oid::SIGNED_DATA,
        content: Any::new(der::Tag::Sequence, fields)?,
    };
    Ok(content_info.to_der()?)
}

/// The fields of SignedData before the content. Version 1 goes with id-data, X.509 certificates and
/// signers named by issuer and serial number (RFC 5652 section 5.1).
fn head(digests: &[DigestAlgorithm]) -> Result<Vec<u8>, CmsError> {
    let identifiers: Vec<_> = digests
        .iter()
        .map(|digest| digest.algorithm_identifier())
        .collect();
    let identifiers = DigestAlgorithmIdentifiers::try_from(identifiers)?;
    Ok([CmsVersion::V1.to_der()?, identifiers.to_der()?].concat())
}

/// The fields of SignedData after the content. The certificates stay as they are, not decoded into
/// the CertificateSet of `cms`.
fn tail(certificates: &[&[u8]], signer_infos: Vec<Vec<u8>>) -> Vec<u8> {
    let mut certificates: Vec<Vec<u8>> = certificates.iter().map(|der| der.to_vec()).collect();
    certificates.sort();
    certificates.dedup();
    let mut out = DerWriter::new();
    if !certificates.is_empty() {
        out.set_of(Tag::context(0), certificates);
    }
    out.set_of(Tag::SET, signer_infos);
    out.into_vec()
}

/// Writes an opaque SignedData, whose content is what is written to it.
///
/// Signatures stand after the content but inside lengths that stand before it. So DER takes two
/// passes over the content: [`definite`](Self::definite) wants the digests of the first. In one
/// pass the encoding is BER: [`indefinite`](Self::indefinite).
pub struct SignedDataWriter<'a, W> {
    out: StreamWriter<W>,
    digester: ContentDigester,
    tail: Tail<'a>,
}

enum Tail<'a> {
    /// Signed already: the octets, and the digests that they are about.
    Known(Vec<u8>, ContentDigests),
    /// Still to be signed.
    Pending {
        certificates: &'a [&'a [u8]],
        signers: &'a [SignerSpec<'a>],
    },
}

impl<'a, W: Write> SignedDataWriter<'a, W> {
    /// Begins a SignedData in DER around the content that `content` tells of.
    ///
    /// # Errors
    /// As [`sign_detached`], or writing fails.
    pub fn definite(
        out: W,
        content: ContentDigests,
        certificates: &[&[u8]],
        signers: &[SignerSpec<'_>],
    ) -> Result<SignedDataWriter<'a, W>, CmsError> {
        let digests = required_digests(signers);
        let tail = tail(certificates, sign_all(&content, signers)?);
        let levels = levels(&digests, tail.len() as u64)?;
        let length = Some(content.len());
        Ok(SignedDataWriter {
            out: StreamWriter::new(out, &levels, Tag::OCTET_STRING, length)?,
            digester: ContentDigester::new(&digests),
            tail: Tail::Known(tail, content),
        })
    }

    /// Begins a SignedData in BER around a content that is not known yet.
    ///
    /// # Errors
    /// Writing fails.
    pub fn indefinite(
        out: W,
        certificates: &'a [&'a [u8]],
        signers: &'a [SignerSpec<'a>],
    ) -> Result<SignedDataWriter<'a, W>, CmsError> {
        let digests = required_digests(signers);
        let levels = levels(&digests, 0)?;
        Ok(SignedDataWriter {
            out: StreamWriter::new(out, &levels, Tag::OCTET_STRING, None)?,
            digester: ContentDigester::new(&digests),
            tail: Tail::Pending {
                certificates,
                signers,
            },
        })
    }

    /// Ends the content, writes certificates and signers, and gives the sink back.
    ///
    /// # Errors
    /// The content is not the one that was digested before; as [`sign_detached`]; or writing fails.
    pub fn finish(self) -> Result<W, CmsError> {
        let content = self.digester.finish();
        let tail = match self.tail {
            Tail::Known(tail, expected) => {
                if !content.agrees_with(&expected) {
                    return Err(CmsError::ContentChanged);
                }
                tail
            }
            Tail::Pending {
                certificates,
                signers,
            } => tail(certificates, sign_all(&content, signers)?),
        };
        Ok(self.out.finish(&[&[], &[], &tail])?)
    }
}

/// From ContentInfo to the explicit tag around the content.
fn levels(digests: &[DigestAlgorithm], tail: u64) -> Result<[Level; 5], CmsError> {
    let level = |tag, before, after| Level { tag, before, after };
    Ok([
        level(Tag::SEQUENCE, oid::SIGNED_DATA.to_der()?, 0),
        level(Tag::context(0), Vec::new(), 0),
        level(Tag::SEQUENCE, head(digests)?, tail),
        level(Tag::SEQUENCE, oid::DATA.to_der()?, 0),
        level(Tag::context(0), Vec::new(), 0),
    ])
}

impl<W: Write> Write for SignedDataWriter<'_, W> {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        let written = self.out.write(octets)?;
        self.digester.update(&octets[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
