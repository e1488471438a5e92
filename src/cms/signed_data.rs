//! SignedData: a content, or its digests only, with signers and certificates.
//!
//! ```text
//! SignedData ::= SEQUENCE {
//!   version CMSVersion,
//!   digestAlgorithms SET OF DigestAlgorithmIdentifier,
//!   encapContentInfo EncapsulatedContentInfo,
//!   certificates [0] IMPLICIT CertificateSet OPTIONAL,
//!   crls [1] IMPLICIT RevocationInfoChoices OPTIONAL,
//!   signerInfos SET OF SignerInfo }
//! EncapsulatedContentInfo ::= SEQUENCE {
//!   eContentType OBJECT IDENTIFIER,
//!   eContent [0] EXPLICIT OCTET STRING OPTIONAL }
//! ```
//!
//! RFC 5652 section 5.1. It is read as a stream: the content goes into a spool and is digested on
//! the way, the bounded rest stays in memory. Certificates and CRLs stay octets, so that one
//! that cannot be decoded spoils nothing.

use std::io::{self, BufRead, Write};

use der::Decode;
use der::asn1::{AnyRef, ObjectIdentifier};
use spki::AlgorithmIdentifierOwned;

use super::digests::{ContentDigester, ContentDigests};
use super::error::CmsError;
use super::signer_info::SignerInfo;
use super::size_budget::SizeBudget;
use crate::asn1::ber::{BerReader, Tag};
use crate::asn1::oid;
use crate::crypto::digest::DigestAlgorithm;
use crate::limits;
use crate::source::Source;
use crate::spool::Spool;

/// A SignedData, as received.
pub struct SignedData {
    /// The version. Nothing depends on it.
    pub version: u8,
    /// The digest algorithms declared before the content. They are a hint and may lie.
    pub digest_algorithms: Vec<AlgorithmIdentifierOwned>,
    /// The type of the content.
    pub econtent_type: ObjectIdentifier,
    /// The content; `None` when the signature is detached from it.
    pub econtent: Option<Source>,
    /// The digests of the content by every known algorithm that was declared or that a signer uses;
    /// none when the signature is detached.
    pub digests: ContentDigests,
    /// The X.509 certificates, as received and in that order.
    pub certificates: Vec<Vec<u8>>,
    /// The number of attribute certificates and other kinds that were passed over.
    pub other_certificates: usize,
    /// The CRLs, as received and in that order.
    pub crls: Vec<Vec<u8>>,
    /// The signers, in the order received.
    pub signer_infos: Vec<SignerInfo>,
}

impl SignedData {
    /// Reads a SignedData, the next element of `reader`.
    ///
    /// # Errors
    /// It is malformed or exceeds a limit, or reading or spooling fails.
    pub fn decode<R: BufRead>(reader: &mut BerReader<R>) -> Result<SignedData, CmsError> {
        let mut budget = SizeBudget::new();
        reader.enter(Tag::SEQUENCE)?;
        let version = budget.decode(reader)?;
        let digest_algorithms = decode_digest_algorithms(reader, &mut budget)?;
        let declared: Vec<_> = digest_algorithms
            .iter()
            .filter_map(|algorithm| DigestAlgorithm::from_oid(&algorithm.oid))
            .collect();

        reader.enter(Tag::SEQUENCE)?;
        let econtent_type: ObjectIdentifier = budget.decode(reader)?;
        let content = decode_content(reader, econtent_type, &declared)?;
        reader.leave()?;
        let (econtent, digests) = content.unzip();

        let (certificates, other_certificates) =
            decode_choices(reader, Tag::context(0), &mut budget, "certificates")?;
        let (crls, _) = decode_choices(reader, Tag::context(1), &mut budget, "CRLs")?;
        let signer_infos = decode_signers(reader, &mut budget)?;
        reader.leave()?;

        let mut signed_data = SignedData {
            version,
            digest_algorithms,
            econtent_type,
            econtent,
            digests: digests.unwrap_or_default(),
            certificates,
            other_certificates,
            crls,
            signer_infos,
        };
        signed_data.digest_undeclared()?;
        Ok(signed_data)
    }

    /// The known digest algorithms that the signers use: those that detached content is to be
    /// digested with.
    pub fn required_digests(&self) -> Vec<DigestAlgorithm> {
        let mut required = Vec::new();
        for digest in self.signer_infos.iter().filter_map(SignerInfo::digest) {
            if !required.contains(&digest) {
                required.push(digest);
            }
        }
        required
    }

    /// A second pass over the content, for signers whose digest algorithm was not declared.
    fn digest_undeclared(&mut self) -> io::Result<()> {
        let Some(content) = &self.econtent else {
            return Ok(());
        };
        let mut missing = self.required_digests();
        missing.retain(|&digest| self.digests.get(digest).is_none());
        if !missing.is_empty() {
            self.digests
                .extend(ContentDigests::of(&mut content.reader(), &missing)?);
        }
        Ok(())
    }
}

fn decode_digest_algorithms<R: BufRead>(
    reader: &mut BerReader<R>,
    budget: &mut SizeBudget,
) -> Result<Vec<AlgorithmIdentifierOwned>, CmsError> {
    let mut algorithms = Vec::new();
    reader.enter(Tag::SET)?;
    while reader.peek()?.is_some() {
        if algorithms.len() == limits::DIGEST_ALGORITHMS {
            return Err(CmsError::TooMany {
                what: "digest algorithms",
                limit: limits::DIGEST_ALGORITHMS,
            });
        }
        algorithms.push(budget.decode(reader)?);
    }
    reader.leave()?;
    Ok(algorithms)
}

/// Reads `[0] EXPLICIT` content, if there is any, into a spool.
fn decode_content<R: BufRead>(
    reader: &mut BerReader<R>,
    content_type: ObjectIdentifier,
    digests: &[DigestAlgorithm],
) -> Result<Option<(Source, ContentDigests)>, CmsError> {
    if !reader.next_is(Tag::context(0))? {
        return Ok(None);
    }
    let mut sink = DigestingSpool {
        spool: Spool::new(),
        digester: ContentDigester::new(digests),
    };
    reader.enter(Tag::context(0))?;
    if reader.next_is(Tag::OCTET_STRING)? {
        reader.octet_string(Tag::OCTET_STRING)?.copy_to(&mut sink)?;
    } else if content_type == oid::DATA {
        return Err(CmsError::Malformed("content: not an OCTET STRING"));
    } else {
        // PKCS #7 1.5 has the content's own type here, not an OCTET STRING that contains it. The
        // digest covers its DER without tag and length (RFC 5652 section 5.2.1).
        let element = reader.read_element(limits::OBJECT_SIZE)?;
        let any = AnyRef::from_der(&element.der).map_err(|_| CmsError::Malformed("content"))?;
        sink.write_all(any.value())?;
    }
    reader.leave()?;
    Ok(Some((
        Source::from_spool(sink.spool),
        sink.digester.finish(),
    )))
}

struct DigestingSpool {
    spool: Spool,
    digester: ContentDigester,
}

impl Write for DigestingSpool {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        let written = self.spool.write(octets)?;
        self.digester.update(&octets[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Reads an optional `IMPLICIT SET OF` choices, of which the plain SEQUENCE (a certificate, a CRL)
/// is kept as received; the others are passed over and counted.
fn decode_choices<R: BufRead>(
    reader: &mut BerReader<R>,
    tag: Tag,
    budget: &mut SizeBudget,
    what: &'static str,
) -> Result<(Vec<Vec<u8>>, usize), CmsError> {
    let (mut kept, mut others) = (Vec::new(), 0);
    if !reader.next_is(tag)? {
        return Ok((kept, others));
    }
    reader.enter(tag)?;
    while let Some(next) = reader.peek()? {
        if kept.len() + others == limits::CERTIFICATES {
            let limit = limits::CERTIFICATES;
            return Err(CmsError::TooMany { what, limit });
        }
        if next.is(Tag::SEQUENCE) {
            // A CRL can be as large as the whole object may be.
            let raw = reader.read_raw(limits::OBJECT_SIZE)?;
            budget.spend(raw.len())?;
            kept.push(raw);
        } else {
            reader.skip()?;
            others += 1;
        }
    }
    reader.leave()?;
    Ok((kept, others))
}

fn decode_signers<R: BufRead>(
    reader: &mut BerReader<R>,
    budget: &mut SizeBudget,
) -> Result<Vec<SignerInfo>, CmsError> {
    let mut signers = Vec::new();
    reader.enter(Tag::SET)?;
    while reader.peek()?.is_some() {
        if signers.len() == limits::SIGNERS {
            return Err(CmsError::TooMany {
                what: "signers",
                limit: limits::SIGNERS,
            });
        }
        signers.push(SignerInfo::decode(reader, budget)?);
    }
    reader.leave()?;
    Ok(signers)
}

#[cfg(test)]
mod tests;
