//! The signature of one signer, checked with one certificate: digest, attributes and public-key
//! operation (RFC 5652 section 5.6). Whether the certificate is trusted is not asked here.

use std::io;

use crate::cms::{SignedContent, SignerCertificate, SignerCheck, SignerInfo};
use crate::crypto::digest::WeakDigests;
use crate::crypto::key::PublicKey;
use crate::pki::Certificate;
use crate::smime::lookup::names;

/// Checks `info` over `content` with `key`, which is that of `certificate`, with the parameters that it
/// may leave to its issuer.
///
/// # Errors
/// Reading the content fails.
pub fn verify_signature(
    info: &SignerInfo,
    content: SignedContent<'_>,
    (certificate, key): (&Certificate, &PublicKey),
    weak: WeakDigests,
) -> io::Result<SignerCheck> {
    let signer = SignerCertificate {
        der: certificate.der(),
        public_key: key,
        is_named_by: &|named| names(named, certificate),
    };
    info.verify(content, signer, weak)
}
