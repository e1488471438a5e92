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

#[cfg(test)]
mod tests {
    use super::super::digest::DigestAlgorithm;
    use super::super::key::{KeyKind, PublicKey, Signed};
    use super::super::signature::SignatureAlgorithm;
    use super::super::test_hex::hex;
    use super::*;

    // OpenSSL made the keys and the signatures over "Verified, not made.".
    const KEY: &str = "\
    308201b73082012b06072a8648ce3804013082011e02818100d19441461a2b048cc7405358d099a512c9609426\
    f7ff5786f142fb09b8351894a1365251b285b10b3a8382b53ea96303fbb97ef788330ef0e4ebeb9c7a0921947d\
    d2723e283750ab1217a3922c3fa033b6f0f602dc8af51893dc9ce40376c6c8fe055bf2b347f3d775c9239767a5\
    90e62b41eebd9c722ee66e0e6b262914b9a7021500ff4426c2d52cc4d4e2e494f1618fe9d180bda6cd0281806f\
    6c44f47e5a8b875b53225210c1a11cc26f2adf8c95af5dac2609777ec7fef8fa3358fbf53f9c56e6824df07a81\
    0d24cd8609e6e284273c587ca4c6ba51c1f90b3ca58e2879e1c6eae8f029dfe35c29d71442410256e7dcbba5da\
    742b5859288d5e2b39f96bf70bb24bbad8de29fd21e630b63802ed58ebaf8803a24ce8ee150381850002818100\
    9cd9748ed4c6078e981a9c98e44a794063e263759b056863a1c9fcbd7395f4302960bf221edb3b40aa3b8f2b62\
    e5551b1b3468d5acb05f6bbf99ffb77e8f080d8a830a383f65fb5eb811d4243d43960b1f3c5070ae6250577520\
    fdd688b78953cebe8f54f0bdcbc1f00c43622ca7e916223eee30db3ede4e4102de778d01a441";
    const BY_SHA1: &str = "\
    302d0214066002732d2d35596a06c7336dd8b8e2cade0b95021500bf2b2e1e4226be336d771ab0b8cbb13f0513\
    f792";
    const BY_SHA256: &str = "\
    302e021500af19be718c332f7f43dd881ffa285f5a82e41256021500e98dddcfd385600239a2a50a58a880d290\
    02bc6f";
    /// A p of 1024 bits and a q of 224.
    const ODD_SIZES: &str = "\
    308201bf3082013306072a8648ce3804013082012602818100d8ee7c791b3f54e64c2c6c772aaf7c21b427fa73\
    b741ede13d0d63780d9b970c3f48c5b233a8b99a279dacc17958f6c4d17dc8d5baab03819397da96a96b65bf16\
    922cfd7a2baa8fc0a9e31df1ff8544b77d49b18a71699e69dc7bf57aa1f749637255b25c2c7dc35e2d42bb02b3\
    534e653212aa81a4dbc3a2431a7d858e79df021d009e749f844a8c616182c690b0b4c75671ebe4bd2bcc4ffc98\
    103cb8a30281801db930571b3ee6ecfb724194f798e0a1b31ebe62c8b72f9397178793131951052c8938ed1bbe\
    1b9c08f580e649924705b1993e86a44f7ccf2654b127cc44903f6c21c438dd7d0d3017963ba92825d891297e3a\
    b524fdc5bdff578a6c0c12b4cfb31f1172463b7ffb6f2fe9731594662095af6c59cd7ec37babfd59e6f6b1cb9b\
    03818500028181008e9082e19fa3fcdc00cecd65a8f085f4a4a82eec9d7eaebbab443d91d47db3420a83a882ce\
    fc648f365dd65e5f34100bf75a1f71ddda51b277e9ac318f140806b1f99578df80cad6eaf910d0fcb5f5158f7e\
    20b15daf58cc380ebcbfd4a53629d1e2e1750de42e23868a45c493c76699618ed65ec19b391ced74b37b2d88be\
    fa";

    fn verify(
        key: &PublicKey,
        digest: DigestAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), SignatureError> {
        let algorithm = SignatureAlgorithm::Dsa(digest);
        key.verify(&algorithm, Signed::Message(message), signature)
    }

    #[test]
    fn signatures_verify_and_changed_ones_do_not() {
        let key = PublicKey::decode(&hex(KEY)).unwrap();
        assert_eq!(key.kind(), KeyKind::Dsa { bits: 1024 });
        // The second digest is longer than q.
        for (digest, signature) in [
            (DigestAlgorithm::Sha1, hex(BY_SHA1)),
            (DigestAlgorithm::Sha256, hex(BY_SHA256)),
        ] {
            let message = b"Verified, not made.";
            assert_eq!(verify(&key, digest, message, &signature), Ok(()));
            let invalid = Err(SignatureError::Invalid);
            assert_eq!(verify(&key, digest, b"Made.", &signature), invalid);
            assert_eq!(
                verify(&key, DigestAlgorithm::Sha512, message, &signature),
                invalid
            );
            for at in 0..signature.len() {
                let mut changed = signature.clone();
                changed[at] ^= 1;
                assert_eq!(verify(&key, digest, message, &changed), invalid, "{at}");
                assert_eq!(verify(&key, digest, message, &signature[..at]), invalid);
            }
        }
        let algorithm = SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha1);
        assert_eq!(
            key.verify(&algorithm, Signed::Message(b""), &hex(BY_SHA1)),
            Err(SignatureError::AlgorithmMismatch)
        );
    }

    /// Without parameters, or with none of the standard, nothing is computed.
    #[test]
    fn keys_that_cannot_be_computed_with_say_so() {
        let spki = hex(KEY);
        let (parameters, public) = (&spki[17..307], &spki[311..]);
        let any = AnyRef::from_der(parameters).unwrap();
        let unsupported = Err(SignatureError::Unsupported);
        for parameters in [None, Some(AnyRef::NULL)] {
            let key = DsaPublicKey::decode(parameters, public).unwrap();
            assert!(key.lacks_parameters);
            assert_eq!(key.verify(&[0; 20], &hex(BY_SHA1)), unsupported);
        }
        // p itself in place of the public key, which is less.
        let p = &parameters[4..136];
        let key = DsaPublicKey::decode(Some(any), p).unwrap();
        assert_eq!(key.verify(&[0; 20], &hex(BY_SHA1)), unsupported);
        assert!(DsaPublicKey::decode(Some(any), &public[1..]).is_err());
        assert!(DsaPublicKey::decode(Some(AnyRef::from_der(p).unwrap()), public).is_err());

        let odd = PublicKey::decode(&hex(ODD_SIZES)).unwrap();
        let found = verify(&odd, DigestAlgorithm::Sha1, b"", &hex(BY_SHA1));
        assert_eq!(found, unsupported);
    }
}
