//! Message authentication with a digest: HMAC (RFC 2104).

use ::hmac::{Hmac, KeyInit, Mac};
use subtle::ConstantTimeEq;

use super::digest::{DigestAlgorithm, with_digest};

/// The authentication code of `data`.
pub fn hmac(algorithm: DigestAlgorithm, key: &[u8], data: &[u8]) -> Vec<u8> {
    with_digest!(algorithm, D => match Hmac::<D>::new_from_slice(key) {
        Ok(mac) => mac.chain_update(data).finalize().into_bytes().to_vec(),
        // A key of any length is taken, so there is none to refuse.
        Err(_) => Vec::new(),
    })
}

/// Whether `code` authenticates `data`; compared in constant time.
pub fn verify_hmac(algorithm: DigestAlgorithm, key: &[u8], data: &[u8], code: &[u8]) -> bool {
    !code.is_empty() && bool::from(hmac(algorithm, key, data).ct_eq(code))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::test_hex::hex;

    #[test]
    fn known_answers_of_rfc_4231_and_2202() {
        let cases = [
            (
                DigestAlgorithm::Sha256,
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
            (
                DigestAlgorithm::Sha1,
                "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
            ),
        ];
        for (algorithm, code) in cases {
            let data = b"what do ya want for nothing?";
            assert_eq!(hmac(algorithm, b"Jefe", data), hex(code));
            assert!(verify_hmac(algorithm, b"Jefe", data, &hex(code)));
            assert!(!verify_hmac(algorithm, b"jefe", data, &hex(code)));
            assert!(!verify_hmac(algorithm, b"Jefe", data, &hex(code)[1..]));
            assert!(!verify_hmac(algorithm, b"Jefe", data, b""));
        }
    }
}
