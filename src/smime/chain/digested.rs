//! The content of a signature, and its digests.

use std::collections::BTreeSet;
use std::io::{self, Read};

use crate::cms::{ContentDigests, ContentOctets, SignedContent, SignedData, SignerInfo};
use crate::crypto::digest::WeakDigests;
use crate::mail::canonical::canonical_reader;
use crate::pki::Certificate;
use crate::smime::lookup::names;
use crate::smime::signature::verify_signature;
use crate::source::{Source, read_ahead};
use crate::verdict::Check;

/// The content of a signature, in the form that is signed.
#[derive(Clone)]
pub enum SignedOctets {
    /// As it is.
    AsIs(Source),
    /// With CRLF at the end of lines.
    Canonical(Source),
}

impl ContentOctets for SignedOctets {
    fn open(&self) -> Box<dyn Read + '_> {
        match self {
            SignedOctets::AsIs(source) => Box::new(source.reader_ahead()),
            SignedOctets::Canonical(source) => {
                Box::new(read_ahead(canonical_reader(source), source.len()))
            }
        }
    }
}

/// That content with the digests that its signers need.
pub struct DigestedContent {
    octets: SignedOctets,
    digests: ContentDigests,
}

impl DigestedContent {
    /// Digests content for the signers of `signed_data`.
    ///
    /// # Errors
    /// Reading fails.
    pub(in crate::smime) fn compute(
        octets: SignedOctets,
        signed_data: &SignedData,
    ) -> io::Result<DigestedContent> {
        let digests = ContentDigests::of(&mut octets.open(), &signed_data.required_digests())?;
        Ok(DigestedContent { octets, digests })
    }

    /// The eContent of `signed_data`, whose digests were computed when that was decoded.
    pub(in crate::smime) fn inside(econtent: Source, signed_data: &mut SignedData) -> Self {
        DigestedContent {
            octets: SignedOctets::AsIs(econtent),
            digests: std::mem::take(&mut signed_data.digests),
        }
    }

    /// Content that was given beside a bare signature: its octets as they are, if that is what a
    /// signer signed, as for a file that is no mail; else its canonical form.
    ///
    /// # Errors
    /// Reading fails.
    pub(super) fn beside(
        content: &Source,
        signed_data: &SignedData,
    ) -> io::Result<DigestedContent> {
        let as_is = Self::compute(SignedOctets::AsIs(content.clone()), signed_data)?;
        // Each once, however often the object has it.
        let carried: BTreeSet<&Vec<u8>> = signed_data.certificates.iter().collect();
        let carried = carried.into_iter();
        let carried: Vec<Certificate> = carried
            .filter_map(|der| Certificate::decode(der).ok())
            .collect();
        for info in &signed_data.signer_infos {
            if as_is.fits(info, signed_data, &carried)? {
                return Ok(as_is);
            }
        }
        Self::compute(SignedOctets::Canonical(content.clone()), signed_data)
    }

    /// Whether that is what a signer signed. Without signed attributes the signature itself tells,
    /// by a certificate that came along.
    fn fits(
        &self,
        info: &SignerInfo,
        signed_data: &SignedData,
        carried: &[Certificate],
    ) -> io::Result<bool> {
        let (content, weak) = (self.of(signed_data), WeakDigests::AcceptSha1);
        if info.signed_attributes.is_some() {
            return Ok(info.check_integrity(content, weak).integrity == Check::Pass);
        }
        for certificate in carried.iter().filter(|one| names(&info.sid, one)) {
            let Ok(key) = certificate.public_key() else {
                continue;
            };
            let check = verify_signature(info, content, (certificate, &key), weak)?;
            if check.signature == Check::Pass {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The content as that of `signed_data`.
    pub(in crate::smime) fn of(&self, signed_data: &SignedData) -> SignedContent<'_> {
        SignedContent {
            content_type: signed_data.econtent_type,
            digests: &self.digests,
            octets: &self.octets,
        }
    }
}
