//! Compressed layers: RFC 3274, RFC 8551 section 3.6.

use crate::asn1::oid;
use crate::cms::DecompressionError;
use crate::reason::Reason;
use crate::verdict::{Finding, Form, Layer, LayerKind};

/// What the report shows of a compressed layer.
pub(super) fn compressed_facts(index: usize) -> Layer {
    Layer {
        index,
        kind: LayerKind::Compressed,
        form: Form::Opaque,
        content_cipher: None,
        signers: Vec::new(),
        recipients: Vec::new(),
    }
}

/// Tells why compressed content does not come out.
pub(super) fn compression_finding(error: &DecompressionError) -> Finding {
    match error {
        DecompressionError::Unsupported(unsupported) => {
            Finding::new(Reason::CmsCompressionUnsupported)
                .with("algorithm", oid::describe(&unsupported.oid))
        }
        DecompressionError::Damaged => {
            Finding::new(Reason::CmsEncodingInvalid).with("problem", error)
        }
        DecompressionError::Limit(octets) => {
            Finding::new(Reason::CmsDecompressionLimit).with("octets", octets)
        }
    }
}
