//! DSA keys, to verify old signatures with: FIPS 186-4, RFC 3279 section 2.3.2.
//!
//! ```text
//! Dss-Parms ::= SEQUENCE { p INTEGER, q INTEGER, g INTEGER }
//! DSAPublicKey ::= INTEGER
//! ```
//!
//! The parameters can be left out where they are those of the issuer's key.

use der::asn1::{AnyRef, UintRef};
use der::{Decode, Reader, SliceReader};
use dsa::signature::hazmat::PrehashVerifier;
use dsa::{BoxedUint, Components, Signature, VerifyingKey};

use super::bit_length;
use super::key::{KeyError, SignatureError};

/// A public key, with or without its domain parameters.
pub(super) struct DsaPublicKey {
    /// The length of p; 0 when the parameters are absent.
    pub(super) bits: usize,
    /// Whether the parameters are to be taken from the issuer's key.
    pub(super) lacks_parameters: bool,
    /// Absent when the parameters are, or when the sizes are none of FIPS 186-4, or the numbers make
    /// no key.
    key: Option<VerifyingKey>,
}

impl DsaPublicKey {
    /// Reads the parameters and the subjectPublicKey.
    pub(super) fn decode(
        parameters: Option<AnyRef<'_>>,
        public: &[u8],
    ) -> Result<DsaPublicKey, KeyError> {
        let malformed = |_: der::Error| KeyError::Malformed("DSA public key");
        let y = UintRef::from_der(public).map_err(malformed)?;
        let Some(parameters) = parameters.filter(|parameters| !parameters.is_null()) else {
            return Ok(DsaPublicKey {
                bits: 0,
                lacks_parameters: true,
                key: None,
            });
        };
        let mut fields = SliceReader::new(parameters.value()).map_err(malformed)?;
        let p: UintRef<'_> = fields.decode().map_err(malformed)?;
        let q: UintRef<'_> = fields.decode().map_err(malformed)?;
        let g: UintRef<'_> = fields.decode().map_err(malformed)?;
        fields.finish().map_err(malformed)?;
        Ok(DsaPublicKey {
            bits: bit_length(p.as_bytes()),
            lacks_parameters: false,
            key: verifying_key([p, q, g, y].map(|number| number.as_bytes())),
        })
    }

    /// Verifies a DER-encoded signature over a digest.
    pub(super) fn verify(&self, digest: &[u8], signature: &[u8]) -> Result<(), SignatureError> {
        let key = self.key.as_ref().ok_or(SignatureError::Unsupported)?;
        // The crate takes the leftmost octets of a digest longer than q, as the standard wants.
        Signature::try_from(signature)
            .and_then(|signature| key.verify_prehash(digest, &signature))
            .map_err(|_| SignatureError::Invalid)
    }
}

/// The sizes of p and q that FIPS 186-4 section 4.2 has.
const SIZES: [(usize, usize); 4] = [(1024, 160), (2048, 224), (2048, 256), (3072, 256)];

/// The key of p, q, g and y. The crate wants g and y to have as much room as p.
fn verifying_key([p, q, g, y]: [&[u8]; 4]) -> Option<VerifyingKey> {
    let sizes = (bit_length(p), bit_length(q));
    let is_odd = q.last().is_some_and(|octet| octet & 1 == 1);
    if !SIZES.contains(&sizes) || !is_odd {
        return None;
    }
    let number = |octets: &[u8], bits: usize| {
        let bits = u32::try_from(bits).ok()?;
        BoxedUint::from_be_slice(octets, bits).ok()
    };
    let (p, y) = (number(p, sizes.0)?, number(y, sizes.0)?);
    if y >= p {
        return None;
    }
    let components =
        Components::from_components(p, number(q, sizes.1)?, number(g, sizes.0)?).ok()?;
    VerifyingKey::from_components(components, y).ok()
}
