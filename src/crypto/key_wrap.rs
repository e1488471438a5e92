//! Key wrap: a content-encryption key encrypted under another key, with a check of its own.
//!
//! AES key wrap (RFC 3394, 3565), and triple DES key wrap (RFC 3217 section 3) to read old mail.

use aes_kw::{KeyInit, KwAes128, KwAes192, KwAes256};
use cbc::Decryptor;
use cipher::{Array, BlockModeDecrypt, KeyIvInit};
use const_oid::ObjectIdentifier;
use const_oid::db::rfc5911;
use des::TdesEde3;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::digest::DigestAlgorithm;
use crate::asn1::oid;

/// A key wrap algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyWrap {
    /// Triple DES with three keys; it is read only.
    TripleDes,
    /// AES-128.
    Aes128,
    /// AES-192.
    Aes192,
    /// AES-256.
    Aes256,
}

/// The initialization vector of the outer encryption (RFC 3217 section 3.1 step 6).
const TRIPLE_DES_IV: [u8; 8] = [0x4a, 0xdd, 0xa2, 0x2c, 0x79, 0xe8, 0x21, 0x05];

const DES_BLOCK: usize = 8;

impl KeyWrap {
    /// Every algorithm.
    pub const ALL: [KeyWrap; 4] = [
        KeyWrap::TripleDes,
        KeyWrap::Aes128,
        KeyWrap::Aes192,
        KeyWrap::Aes256,
    ];

    /// The object identifier.
    pub fn oid(self) -> ObjectIdentifier {
        match self {
            KeyWrap::TripleDes => oid::DES_EDE3_WRAP,
            KeyWrap::Aes128 => rfc5911::ID_AES_128_WRAP,
            KeyWrap::Aes192 => rfc5911::ID_AES_192_WRAP,
            KeyWrap::Aes256 => rfc5911::ID_AES_256_WRAP,
        }
    }

    /// Finds the algorithm with that object identifier.
    pub fn from_oid(oid: &ObjectIdentifier) -> Option<KeyWrap> {
        KeyWrap::ALL.into_iter().find(|wrap| wrap.oid() == *oid)
    }

    /// The wrap that suits a content-encryption key of so many octets.
    pub fn for_key_length(octets: usize) -> KeyWrap {
        match octets {
            0..=16 => KeyWrap::Aes128,
            17..=24 => KeyWrap::Aes192,
            _ => KeyWrap::Aes256,
        }
    }

    /// The bits of the key-encryption key, those of parity included.
    pub fn bits(self) -> u32 {
        match self {
            KeyWrap::Aes128 => 128,
            KeyWrap::TripleDes | KeyWrap::Aes192 => 192,
            KeyWrap::Aes256 => 256,
        }
    }

    /// Wraps a key whose length is a multiple of 8 octets, 16 or more. `None` for another one, and
    /// for an algorithm that is read only.
    pub fn wrap(self, kek: &[u8], secret: &[u8]) -> Option<Vec<u8>> {
        // RFC 3394 section 2: two blocks at least.
        if secret.len() < 2 * aes_kw::IV_LEN {
            return None;
        }
        let mut wrapped = vec![0; secret.len() + aes_kw::IV_LEN];
        match self {
            KeyWrap::TripleDes => return None,
            KeyWrap::Aes128 => KwAes128::new_from_slice(kek)
                .ok()?
                .wrap_key(secret, &mut wrapped)
                .ok()?,
            KeyWrap::Aes192 => KwAes192::new_from_slice(kek)
                .ok()?
                .wrap_key(secret, &mut wrapped)
                .ok()?,
            KeyWrap::Aes256 => KwAes256::new_from_slice(kek)
                .ok()?
                .wrap_key(secret, &mut wrapped)
                .ok()?,
        };
        Some(wrapped)
    }

    /// Unwraps a key. `None` when the check does not hold, or there is nothing that could be a key.
    pub fn unwrap(self, kek: &[u8], wrapped: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let length = wrapped.len().checked_sub(aes_kw::IV_LEN)?;
        let mut secret = Zeroizing::new(vec![0; length]);
        match self {
            KeyWrap::TripleDes => return unwrap_triple_des(kek, wrapped),
            _ if length < 2 * aes_kw::IV_LEN => return None,
            KeyWrap::Aes128 => KwAes128::new_from_slice(kek)
                .ok()?
                .unwrap_key(wrapped, &mut secret)
                .ok()?,
            KeyWrap::Aes192 => KwAes192::new_from_slice(kek)
                .ok()?
                .unwrap_key(wrapped, &mut secret)
                .ok()?,
            KeyWrap::Aes256 => KwAes256::new_from_slice(kek)
                .ok()?
                .unwrap_key(wrapped, &mut secret)
                .ok()?,
        };
        Some(secret)
    }
}

/// Encrypted twice, the second time backward; in front an initialization vector, at the end eight
/// octets of the key's SHA-1 (RFC 3217 section 3.2). The key is one of triple DES there; OpenSSL
/// wraps those of AES so too, by default.
fn unwrap_triple_des(kek: &[u8], wrapped: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    if !wrapped.len().is_multiple_of(DES_BLOCK) || wrapped.len() < 3 * DES_BLOCK {
        return None;
    }
    let mut octets = Zeroizing::new(wrapped.to_vec());
    decrypt_triple_des(kek, &TRIPLE_DES_IV, &mut octets)?;
    octets.reverse();
    let (iv, inner) = octets.split_at_mut(DES_BLOCK);
    decrypt_triple_des(kek, iv, inner)?;
    let (secret, check) = inner.split_at(inner.len() - DES_BLOCK);
    let digest = DigestAlgorithm::Sha1.digest(secret);
    bool::from(digest[..DES_BLOCK].ct_eq(check)).then(|| Zeroizing::new(secret.to_vec()))
}

fn decrypt_triple_des(kek: &[u8], iv: &[u8], octets: &mut [u8]) -> Option<()> {
    let mut cipher = Decryptor::<TdesEde3>::new_from_slices(kek, iv).ok()?;
    cipher.decrypt_blocks(Array::slice_as_chunks_mut(octets).0);
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::test_hex::hex;

    #[test]
    fn key_wrap_of_rfc_3394() {
        // Sections 4.1, 4.3 and 4.6.
        let kek = hex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
        let key = hex("00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f");
        let cases = [
            (
                KeyWrap::Aes128,
                16,
                "1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5",
            ),
            (
                KeyWrap::Aes192,
                16,
                "96778b25ae6ca435f92b5b97c050aed2468ab8a17ad84e5d",
            ),
            (
                KeyWrap::Aes256,
                32,
                "28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21",
            ),
        ];
        for (wrap, length, expected) in cases {
            let kek = &kek[..wrap.bits() as usize / 8];
            let wrapped = wrap.wrap(kek, &key[..length]).unwrap();
            assert_eq!(wrapped, hex(expected));
            assert_eq!(*wrap.unwrap(kek, &wrapped).unwrap(), key[..length]);
            let mut damaged = wrapped.clone();
            damaged[3] ^= 1;
            assert!(wrap.unwrap(kek, &damaged).is_none());
            assert!(wrap.unwrap(kek, &wrapped[..7]).is_none());
            assert!(wrap.wrap(kek, &key[..5]).is_none());
        }
    }

    #[test]
    fn triple_des_key_wrap_of_rfc_3217() {
        // Section 3.4.
        let kek = hex("255e0d1c07b646dfb3134cc843ba8aa71f025b7c0838251f");
        let key = hex("2923bf85e06dd6ae529149f1f1bae9eab3a7da3d860d3e98");
        let wrapped =
            hex("690107618ef092b3b48ca1796b234ae9fa33ebb4159604037db5d6a84eb3aac2768c632775a467d4");
        let wrap = KeyWrap::TripleDes;
        assert_eq!(*wrap.unwrap(&kek, &wrapped).unwrap(), key);
        for index in 0..wrapped.len() {
            let mut damaged = wrapped.clone();
            damaged[index] ^= 1;
            assert!(wrap.unwrap(&kek, &damaged).is_none());
        }
        for length in 0..wrapped.len() {
            assert!(wrap.unwrap(&kek, &wrapped[..length]).is_none());
        }
        assert!(wrap.unwrap(&kek[1..], &wrapped).is_none());
        assert!(wrap.wrap(&kek, &key).is_none());
    }
}
