//! Judges one signer: do its attributes fit, is the content the one that was signed, does the
//! signature match.
//!
//! RFC 5652 sections 5.3, 5.4, 5.6 and 11, RFC 8551 section 2.5, RFC 5035, RFC 6211. Whether the certificate
//! may sign, and whom it belongs to, is not asked here. Digest and signature are computed even
//! where the algorithm is too weak to be accepted, so that a report can tell altered from old.

use std::io::{self, Read};

use der::asn1::ObjectIdentifier;

use super::attributes::{AttributeError, AttributesEncoding, SignedAttributes, decode_head};
use super::digests::ContentDigests;
use super::identifier::CertificateIdentifier;
use super::signer_info::SignerInfo;
use super::signing_certificate::CertificateMatch;
use crate::asn1::ber::{BerError, BerReader, Tag};
use crate::asn1::{hex, oid};
use crate::crypto::digest::{DigestAlgorithm, Strength, WeakDigests};
use crate::crypto::key::{PublicKey, SignatureError, Signed};
use crate::crypto::signature::SignatureAlgorithm;
use crate::limits;
use crate::reason::Reason;
use crate::verdict::{Check, Finding};

/// The content that a signature is to be checked against.
#[derive(Clone, Copy)]
pub struct SignedContent<'a> {
    /// The eContentType of the SignedData.
    pub content_type: ObjectIdentifier,
    /// The digests of the content, detached or not.
    pub digests: &'a ContentDigests,
    /// The content itself.
    pub octets: &'a dyn ContentOctets,
}

/// Content that can be read again: Ed25519 without signed attributes signs the content, and no
/// digest of it.
pub trait ContentOctets {
    /// Reads from the beginning.
    fn open(&self) -> Box<dyn Read + '_>;
}

/// A certificate that may be the signer's, as far as CMS is concerned with it.
#[derive(Clone, Copy)]
pub struct SignerCertificate<'a> {
    /// Its DER.
    pub der: &'a [u8],
    /// Its key.
    pub public_key: &'a PublicKey,
    /// Whether an issuer and serial number are its own. That is asked of whoever knows names: they
    /// are not compared octet by octet (RFC 5280 section 7.1).
    pub is_named_by: &'a dyn Fn(&CertificateIdentifier) -> bool,
}

/// What was found out about one signer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignerCheck {
    /// Whether the content has the digest that was signed.
    pub integrity: Check,
    /// Whether the signature matches.
    pub signature: Check,
    /// Everything that was found, without a place.
    pub findings: Vec<Finding>,
    /// The digest algorithm, such as `sha256`; name and identifier if it is not known.
    pub digest_name: String,
    /// The signature algorithm, such as `ecdsa-sha256`; name and identifier if it is not known.
    pub signature_name: String,
    /// Which octets of the signed attributes the signature matched.
    pub attributes_encoding: Option<AttributesEncoding>,
}

impl SignerInfo {
    /// Makes every check that needs no certificate.
    ///
    /// Without signed attributes nothing but the signature covers the content, so that its
    /// integrity stays unchecked here.
    pub fn check_integrity(&self, content: SignedContent<'_>, weak: WeakDigests) -> SignerCheck {
        let mut check = self.check_algorithms(weak);
        match &self.signed_attributes {
            Some(attributes) => {
                check.attributes(attributes, content, self.digest());
                if let Err(error) = self.check_algorithm_protection(attributes) {
                    check.attribute_error(error);
                }
            }
            None => check.absent_attributes(content),
        }
        check
    }

    /// Makes every check, with the certificate that [`sid`](SignerInfo::sid) names and its key.
    ///
    /// # Errors
    /// Reading the content fails.
    pub fn verify(
        &self,
        content: SignedContent<'_>,
        certificate: SignerCertificate<'_>,
        weak: WeakDigests,
    ) -> io::Result<SignerCheck> {
        let public_key = certificate.public_key;
        let mut check = self.check_integrity(content, weak);
        if let Some(attributes) = &self.signed_attributes {
            check.signing_certificate(attributes, certificate);
        }
        let Ok(algorithm) = self.usable_algorithm() else {
            return Ok(check);
        };
        let result = match &self.signed_attributes {
            Some(attributes) => {
                let mut result = Err(SignatureError::Invalid);
                for (encoding, octets) in attributes.encodings() {
                    let message = Signed::Message(&octets);
                    result = public_key.verify(&algorithm, message, &self.signature);
                    if result.is_ok() {
                        check.attributes_encoding = Some(encoding);
                    }
                    if result != Err(SignatureError::Invalid) {
                        break;
                    }
                }
                result
            }
            // RFC 8419 section 3.2.
            None if algorithm == SignatureAlgorithm::Ed25519 => {
                let mut octets = content.octets.open();
                public_key.verify_reader(&algorithm, &mut octets, &self.signature)?
            }
            None => match content.digests.get(algorithm.digest()) {
                Some(digest) => {
                    public_key.verify(&algorithm, Signed::Digest(digest), &self.signature)
                }
                None => Err(SignatureError::Invalid),
            },
        };
        check.signature_result(result, public_key);
        if self.signed_attributes.is_none() && check.signature == Check::Pass {
            check.integrity = Check::Pass;
        }
        Ok(check)
    }

    /// The signature algorithm, if it can be computed with.
    fn usable_algorithm(&self) -> Result<SignatureAlgorithm, Box<Finding>> {
        let unsupported = || {
            Finding::new(Reason::CmsSignatureAlgorithmUnsupported)
                .with("algorithm", oid::describe(&self.signature_algorithm.oid))
        };
        let algorithm = SignatureAlgorithm::decode(&self.signature_algorithm, self.digest())
            .map_err(|error| Box::new(unsupported().with("problem", error)))?;
        // One digest serves content and attributes (RFC 5652 section 5.4, RFC 8933 section 3), so a
        // signature algorithm with another one contradicts it, and implementations differ in which
        // of the two they compute. No attribute is at fault: the combination is not supported.
        if self
            .digest()
            .is_some_and(|digest| digest != algorithm.digest())
        {
            let finding = unsupported()
                .saying("the signature algorithm has another digest than the signer")
                .with("digest", oid::describe(&self.digest_algorithm.oid));
            return Err(Box::new(finding));
        }
        Ok(algorithm)
    }

    fn check_algorithms(&self, weak: WeakDigests) -> SignerCheck {
        let digest_text = oid::describe(&self.digest_algorithm.oid);
        let mut check = SignerCheck {
            integrity: Check::NotChecked,
            signature: Check::NotChecked,
            findings: Vec::new(),
            digest_name: digest_text.clone(),
            signature_name: oid::describe(&self.signature_algorithm.oid),
            attributes_encoding: None,
        };
        match self.digest() {
            Some(digest) => {
                check.digest_name = digest.name().to_owned();
                let accepted = match digest.strength() {
                    Strength::Accepted => true,
                    Strength::Weak => weak == WeakDigests::AcceptSha1,
                    Strength::Broken => false,
                };
                if !accepted {
                    let finding = Finding::new(Reason::CmsDigestWeak);
                    check.findings.push(finding.with("algorithm", digest_text));
                }
            }
            None => {
                let finding = Finding::new(Reason::CmsDigestUnsupported);
                check.findings.push(finding.with("algorithm", digest_text));
            }
        }
        match self.usable_algorithm() {
            Ok(algorithm) => check.signature_name = algorithm.name(),
            Err(finding) => check.findings.push(*finding),
        }
        check
    }
}

impl SignerCheck {
    fn attribute_error(&mut self, error: AttributeError) {
        self.findings.push(
            Finding::new(Reason::CmsAttributeInvalid)
                .with("attribute", oid::describe(&error.attribute))
                .with("problem", error.problem),
        );
    }

    /// The rules for signed attributes, and the digest of the content.
    fn attributes(
        &mut self,
        attributes: &SignedAttributes,
        content: SignedContent<'_>,
        digest: Option<DigestAlgorithm>,
    ) {
        match attributes.content_type() {
            Ok(Some(content_type)) if content_type == content.content_type => {}
            Ok(Some(content_type)) => self.findings.push(
                Finding::new(Reason::CmsAttributeInvalid)
                    .with("attribute", oid::describe(&oid::CONTENT_TYPE))
                    .with("problem", "names another type than that of the content")
                    .with("named", oid::describe(&content_type))
                    .with("content", oid::describe(&content.content_type)),
            ),
            Ok(None) => {
                self.attribute_error(AttributeError::new(oid::CONTENT_TYPE, "is missing"));
            }
            Err(error) => self.attribute_error(error),
        }
        match attributes.message_digest() {
            Ok(Some(signed)) => {
                if let Some(digest) = digest {
                    self.message_digest(&signed, content.digests.get(digest));
                }
            }
            Ok(None) => self
                .findings
                .push(Finding::new(Reason::CmsMessageDigestMissing)),
            Err(error) => {
                let missing = Finding::new(Reason::CmsMessageDigestMissing);
                self.findings.push(missing.with("problem", error.problem));
                self.attribute_error(error);
            }
        }
        for result in [
            attributes.signing_time().map(drop),
            attributes.capabilities().map(drop),
            attributes.encryption_key_preference().map(drop),
            attributes.signing_certificates().map(drop),
        ] {
            if let Err(error) = result {
                self.attribute_error(error);
            }
        }
    }

    fn message_digest(&mut self, signed: &[u8], computed: Option<&[u8]>) {
        self.integrity = Check::from(computed == Some(signed));
        if self.integrity == Check::Fail {
            let computed = computed.map_or_else(|| "not computed".to_owned(), hex::encode);
            self.findings.push(
                Finding::new(Reason::CmsMessageDigestMismatch)
                    .with("signed", hex::encode(signed))
                    .with("computed", computed),
            );
        }
    }

    fn absent_attributes(&mut self, content: SignedContent<'_>) {
        if content.content_type != oid::DATA {
            let finding = Finding::new(Reason::CmsSignedAttributesMissing);
            self.findings
                .push(finding.with("content", oid::describe(&content.content_type)));
        }
        if resembles_signed_attributes(content.digests) {
            self.findings.push(
                Finding::new(Reason::CmsAttributeInvalid)
                    .saying("the content is a set of signed attributes, passed off as content")
                    .with("problem", "signed attributes as content"),
            );
        }
    }

    fn signing_certificate(
        &mut self,
        attributes: &SignedAttributes,
        certificate: SignerCertificate<'_>,
    ) {
        // What cannot be read was reported with the attributes.
        for named in attributes.signing_certificates().unwrap_or_default() {
            let (reason, key, value) = match named.compare(certificate.der, certificate.is_named_by)
            {
                CertificateMatch::Same => continue,
                CertificateMatch::Other(what) => {
                    let reason = Reason::CmsSigningCertificateMismatch;
                    (reason, "differs", what.to_owned())
                }
                CertificateMatch::DigestUnsupported => {
                    let algorithm = oid::describe(&named.hash_algorithm);
                    (Reason::CmsDigestUnsupported, "algorithm", algorithm)
                }
            };
            self.findings.push(
                Finding::new(reason)
                    .with(key, value)
                    .with("attribute", oid::describe(&named.attribute)),
            );
        }
    }

    fn signature_result(&mut self, result: Result<(), SignatureError>, key: &PublicKey) {
        let (check, reason) = match result {
            Ok(()) => (Check::Pass, None),
            Err(
                SignatureError::Invalid
                | SignatureError::AlgorithmMismatch
                | SignatureError::ParametersRestricted,
            ) => (Check::Fail, Some(Reason::CmsSignatureInvalid)),
            Err(SignatureError::Unsupported) => (
                Check::NotChecked,
                Some(Reason::CmsSignatureAlgorithmUnsupported),
            ),
        };
        self.signature = check;
        if let (Some(reason), Err(error)) = (reason, result) {
            self.findings.push(
                Finding::new(reason)
                    .with("algorithm", &self.signature_name)
                    .with("key", key.describe())
                    .with("problem", error),
            );
        }
    }
}

/// Whether a content that was signed without attributes looks like signed attributes.
///
/// A signature over attributes covers their DER; if somebody drops the attributes and puts that DER
/// in place of the content, the same signature matches it. RFC 5652 gives no means to tell the two
/// apart, but no mail entity begins so. A set that goes on beyond the octets kept is taken for one.
fn resembles_signed_attributes(content: &ContentDigests) -> bool {
    let mut reader = BerReader::new(content.prefix());
    if reader.enter(Tag::SET).is_err() {
        return false;
    }
    loop {
        match reader.read_element(limits::CONTENT_PREFIX) {
            Ok(element) => match decode_head(&element.der) {
                Some((oid::CONTENT_TYPE | oid::MESSAGE_DIGEST, _)) => return true,
                Some(_) => {}
                None => return false,
            },
            Err(BerError::UnexpectedEnd { .. }) => {
                return content.len() > content.prefix().len() as u64;
            }
            Err(_) => return false,
        }
    }
}

#[cfg(test)]
mod tampering;
#[cfg(test)]
mod tests;
