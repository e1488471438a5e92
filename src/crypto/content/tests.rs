use const_oid::db::rfc5911;
use der::{Decode, Encode};
use spki::AlgorithmIdentifierOwned;

use super::*;
use crate::crypto::UnsupportedAlgorithm;
use crate::crypto::test_hex::hex;

/// Every cipher, those included that are only read.
fn all() -> impl Iterator<Item = ContentCipher> {
    ContentCipher::OFFERED.into_iter().chain([
        ContentCipher::TripleDesCbc,
        ContentCipher::Rc2Cbc { bits: 40 },
        ContentCipher::Rc2Cbc { bits: 64 },
        ContentCipher::Rc2Cbc { bits: 80 },
        ContentCipher::Rc2Cbc { bits: 128 },
    ])
}

/// Encrypts with pieces of `piece` octets.
fn encrypt(mut encryptor: Encryptor, content: &[u8], piece: usize) -> (Vec<u8>, Option<Vec<u8>>) {
    let mut out = Vec::new();
    for piece in content.chunks(piece) {
        encryptor.update(piece, &mut out);
    }
    let tag = encryptor.finish(&mut out).unwrap();
    (out, tag)
}

fn with_key(
    parameters: &ContentParameters,
    key: &[u8],
    additional_data: &[u8],
    length: usize,
) -> Encryptor {
    let (parameters, key) = (parameters.clone(), key.to_vec().into());
    Encryptor::with_key(parameters, key, additional_data, Some(length as u64)).unwrap()
}

fn decrypt(
    parameters: &ContentParameters,
    key: &[u8],
    additional_data: &[u8],
    encrypted: &[u8],
    tag: Option<&[u8]>,
    piece: usize,
) -> Result<Vec<u8>, DecryptionFailed> {
    let length = encrypted.len() as u64;
    let mut decryptor = Decryptor::new(parameters, key, additional_data, length)?;
    let mut out = Vec::new();
    for piece in encrypted.chunks(piece) {
        decryptor.update(piece, &mut out);
    }
    decryptor.finish(tag, &mut out)?;
    Ok(out)
}

#[test]
fn content_comes_back_however_it_is_cut() {
    let content: Vec<u8> = (0..200u8).collect();
    for cipher in all() {
        for length in [0, 1, 7, 8, 15, 16, 17, 31, 32, 33, 200] {
            let encryptor = Encryptor::new(cipher, Some(length as u64)).unwrap();
            let key = encryptor.key().to_vec();
            let parameters = encryptor.parameters().clone();
            let (encrypted, tag) = encrypt(encryptor, &content[..length], 13);
            for piece in [1, 5, 8, 16, 48, 1000] {
                let key = key.clone();
                let encryptor = with_key(&parameters, &key, &[], length);
                let again = encrypt(encryptor, &content[..length], piece);
                assert_eq!(again, (encrypted.clone(), tag.clone()));
                let tag = tag.as_deref();
                let plain = decrypt(&parameters, &key, &[], &encrypted, tag, piece);
                assert_eq!(plain.as_deref(), Ok(&content[..length]), "{cipher:?}");
            }
        }
    }
}

#[test]
fn damaged_content_does_not_decrypt() {
    for cipher in all() {
        let encryptor = Encryptor::new(cipher, Some(64)).unwrap();
        let key = encryptor.key().to_vec();
        let parameters = encryptor.parameters().clone();
        let (encrypted, tag) = encrypt(encryptor, &[b'a'; 64], 64);
        let tag = tag.as_deref();
        let failed = Err(DecryptionFailed);
        let attempt = |encrypted: &[u8], tag| decrypt(&parameters, &key, &[], encrypted, tag, 64);
        // Cut: within a block for CBC, anywhere for GCM.
        assert_eq!(attempt(&encrypted[..encrypted.len() - 1], tag), failed);
        assert_eq!(attempt(b"", tag), failed);
        assert_eq!(
            decrypt(&parameters, &key[1..], &[], &encrypted, tag, 64),
            failed
        );
        if let Some(tag) = tag {
            for index in [0, 33, encrypted.len() - 1] {
                let mut changed = encrypted.clone();
                changed[index] ^= 1;
                assert_eq!(attempt(&changed, Some(tag)), failed);
            }
            let mut changed = tag.to_vec();
            changed[15] ^= 1;
            assert_eq!(attempt(&encrypted, Some(&changed)), failed);
            assert_eq!(attempt(&encrypted, Some(&tag[..12])), failed);
            assert_eq!(attempt(&encrypted, None), failed);
            let with_data = decrypt(&parameters, &key, b"data", &encrypted, Some(tag), 64);
            assert_eq!(with_data, failed);
        } else {
            assert_eq!(attempt(&encrypted, Some(&[0; 16])), failed);
            let with_data = decrypt(&parameters, &key, b"data", &encrypted, tag, 64);
            assert_eq!(with_data, failed);
        }
    }
}

/// The AES-GCM specification, test cases 4 to 6, 10, 16 and 18: additional data, a cut last block,
/// nonces of 96, 64 and 480 bits, keys of 128, 192 and 256 bits.
#[test]
fn gcm_known_answers() {
    let key = hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
    let content = hex(
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72\
         1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
    );
    let data = hex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
    let long_nonce = "9313225df88406e555909c5aff5269aa6a7a9538534f7da1e4c303d2a318a728\
         c3c0c95156809539fcf0e2429a6b525416aedbf5a0de6a57a637b39b";
    let cases = [
        (
            ContentCipher::Aes128Gcm,
            "cafebabefacedbaddecaf888",
            "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e\
             21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091",
            "5bc94fbc3221a5db94fae95ae7121a47",
        ),
        (
            ContentCipher::Aes128Gcm,
            "cafebabefacedbad",
            "61353b4c2806934a777ff51fa22a4755699b2a714fcdc6f83766e5f97b6c7423\
             73806900e49f24b22b097544d4896b424989b5e1ebac0f07c23f4598",
            "3612d2e79e3b0785561be14aaca2fccb",
        ),
        (
            ContentCipher::Aes128Gcm,
            long_nonce,
            "8ce24998625615b603a033aca13fb894be9112a5c3a211a8ba262a3cca7e2ca7\
             01e4a9a4fba43c90ccdcb281d48c7c6fd62875d2aca417034c34aee5",
            "619cc5aefffe0bfa462af43c1699d050",
        ),
        (
            ContentCipher::Aes192Gcm,
            "cafebabefacedbaddecaf888",
            "3980ca0b3c00e841eb06fac4872a2757859e1ceaa6efd984628593b40ca1e19c\
             7d773d00c144c525ac619d18c84a3f4718e2448b2fe324d9ccda2710",
            "2519498e80f1478f37ba55bd6d27618c",
        ),
        (
            ContentCipher::Aes256Gcm,
            "cafebabefacedbaddecaf888",
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa\
             8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
            "76fc6ece0f4e1768cddf8853bb2d551b",
        ),
        (
            ContentCipher::Aes256Gcm,
            long_nonce,
            "5a8def2f0c9e53f1f75d7853659e2a20eeb2b22aafde6419a058ab4f6f746bf4\
             0fc0c3b780f244452da3ebf1c5d82cdea2418997200ef82e44ae7e3f",
            "a44a8266ee1c8eb0c8b5d4cf5ae9f19a",
        ),
    ];
    for (cipher, nonce, encrypted, tag) in cases {
        let parameters = ContentParameters {
            cipher,
            iv: hex(nonce),
            tag_length: 16,
        };
        let key = key[..cipher.key_len()].to_vec();
        for piece in [1, 7, 16, 100] {
            let encryptor = with_key(&parameters, &key, &data, content.len());
            let result = encrypt(encryptor, &content, piece);
            assert_eq!(result, (hex(encrypted), Some(hex(tag))));
            for tag_length in 12..=16 {
                let parameters = ContentParameters {
                    tag_length,
                    ..parameters.clone()
                };
                let tag = &hex(tag)[..tag_length];
                let plain = decrypt(&parameters, &key, &data, &hex(encrypted), Some(tag), piece);
                assert_eq!(plain.as_deref(), Ok(&content[..]));
            }
        }
    }
}

#[test]
fn identifiers_lead_back() {
    for cipher in all() {
        let parameters = ContentParameters::generate(cipher, Some(5)).unwrap();
        let identifier = parameters.algorithm_identifier().unwrap();
        assert_eq!(ContentCipher::decode(&identifier), Ok(parameters));
        let offered = ContentCipher::OFFERED.contains(&cipher);
        assert_eq!(ContentCipher::from_name(cipher.name()).is_some(), offered);
    }
}

#[test]
fn tag_length_defaults_to_twelve_and_odd_lengths_are_refused() {
    let decode =
        |der: &str| ContentCipher::decode(&AlgorithmIdentifierOwned::from_der(&hex(der)).unwrap());
    let gcm = "301b060960864801650304012e300e040c000000000000000000000000";
    let parameters = decode(gcm).unwrap();
    assert_eq!(parameters.tag_length, 12);
    let again = parameters.algorithm_identifier().unwrap();
    assert_eq!(again.to_der().unwrap(), hex(gcm));
    let malformed = Err(UnsupportedAlgorithm::malformed(rfc5911::ID_AES_256_GCM));
    let tag_of_eleven = "301e060960864801650304012e3011040c00000000000000000000000002010b";
    assert_eq!(decode(tag_of_eleven), malformed);
    assert_eq!(decode("300f060960864801650304012e30020400"), malformed);
    let short_iv = "300d060960864801650304012a0400";
    assert!(decode(short_iv).is_err());
}

/// The effective key bits are said by a number of a table, and the key has as many.
#[test]
fn rc2_says_its_key_bits_by_a_number() {
    for (bits, version) in [
        (40, "0200a0"),
        (48, "013e"),
        (80, "0148"),
        (104, "0114"),
        (128, "013a"),
    ] {
        let version = hex(version);
        let parameters = ContentParameters {
            cipher: ContentCipher::Rc2Cbc { bits },
            iv: vec![7; 8],
            tag_length: 0,
        };
        let identifier = parameters.algorithm_identifier().unwrap();
        let der = identifier.to_der().unwrap();
        let number = [&[0x02][..], &version].concat();
        assert!(der.windows(number.len()).any(|at| at == number), "{bits}");
        assert_eq!(ContentCipher::decode(&identifier).as_ref(), Ok(&parameters));
        assert_eq!(parameters.cipher.name(), format!("rc2-{bits}-cbc"));
        assert_eq!(parameters.cipher.key_len(), usize::from(bits) / 8);
    }
    let of_no_octets = hex("301906082a864886f70d0302300d02010704080707070707070707");
    let identifier = AlgorithmIdentifierOwned::from_der(&of_no_octets).unwrap();
    let malformed = Err(UnsupportedAlgorithm::malformed(rfc5911::RC_2_CBC));
    assert_eq!(ContentCipher::decode(&identifier), malformed);
}

/// RFC 2268 section 5 gives one block under the zero key; here as CBC with a zero vector.
#[test]
fn rc2_uses_the_effective_key_bits() {
    let parameters = ContentParameters {
        cipher: ContentCipher::Rc2Cbc { bits: 128 },
        iv: vec![0; 8],
        tag_length: 0,
    };
    let key = hex("88bca90e90875a7f0f79c384627bafb2");
    let encryptor = with_key(&parameters, &key, &[], 8);
    let (encrypted, _) = encrypt(encryptor, &[0; 8], 8);
    assert_eq!(encrypted[..8], hex("2269552ab0f85ca6"));
}

/// The crate's own CCM takes a message in one piece; ours has to agree however it is cut, over
/// lengths of additional data on both sides of the longer form.
#[test]
fn ccm_agrees_with_the_crate_in_one_piece() {
    use ::ccm::Ccm;
    use ::ccm::aead::{Aead as _, KeyInit, Payload};
    use ::ccm::consts::{U8, U10, U12, U13, U16};

    let content: Vec<u8> = (0..100u8).collect();
    let long = vec![7; 70_000];
    for additional in [
        &b""[..],
        b"a",
        &long[..14],
        &long[..0xfeff],
        &long[..0xff00],
        &long,
    ] {
        for length in [0, 1, 15, 16, 17, 100] {
            let (msg, aad) = (&content[..length], additional);
            let theirs = [
                (
                    Ccm::<aes::Aes128, U8, U13>::new(&[5; 16].into())
                        .encrypt(&[9; 13].into(), Payload { msg, aad }),
                    ContentCipher::Aes128Ccm,
                    (13, 8),
                ),
                (
                    Ccm::<aes::Aes192, U10, U8>::new(&[5; 24].into())
                        .encrypt(&[9; 8].into(), Payload { msg, aad }),
                    ContentCipher::Aes192Ccm,
                    (8, 10),
                ),
                (
                    Ccm::<aes::Aes256, U16, U12>::new(&[5; 32].into())
                        .encrypt(&[9; 12].into(), Payload { msg, aad }),
                    ContentCipher::Aes256Ccm,
                    (12, 16),
                ),
            ];
            for (expected, cipher, (nonce, tag_length)) in theirs {
                let parameters = ContentParameters {
                    cipher,
                    iv: vec![9; nonce],
                    tag_length,
                };
                let key = vec![5; cipher.key_len()];
                for piece in [1, 7, 16, 1000] {
                    let encryptor = with_key(&parameters, &key, aad, length);
                    let (mut encrypted, tag) = encrypt(encryptor, msg, piece);
                    encrypted.extend(tag.unwrap());
                    assert_eq!(Ok(&encrypted), expected.as_ref());
                }
            }
        }
    }
}

/// RFC 8439 section 2.8.2.
#[test]
fn chacha20_poly1305_known_answer() {
    let parameters = ContentParameters {
        cipher: ContentCipher::ChaCha20Poly1305,
        iv: hex("070000004041424344454647"),
        tag_length: 16,
    };
    let key: Vec<u8> = (0x80..0xa0).collect();
    let data = hex("50515253c0c1c2c3c4c5c6c7");
    let content = b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip \
                    for the future, sunscreen would be it.";
    let expected = hex(
        "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6\
         3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36\
         92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc\
         3ff4def08e4b7a9de576d26586cec64b6116",
    );
    let tag = hex("1ae10b594f09e26a7e902ecbd0600691");
    for piece in [1, 16, 50, 200] {
        let encryptor = with_key(&parameters, &key, &data, content.len());
        let result = encrypt(encryptor, content, piece);
        assert_eq!(result, (expected.clone(), Some(tag.clone())));
        let plain = decrypt(&parameters, &key, &data, &expected, Some(&tag), piece);
        assert_eq!(plain.as_deref(), Ok(&content[..]));
    }
}

#[test]
fn ccm_needs_the_length_and_holds_the_content_to_it() {
    let cipher = ContentCipher::Aes256Ccm;
    assert!(matches!(
        Encryptor::new(cipher, None),
        Err(EncryptorError::ContentLength)
    ));
    for actual in [0, 6, 8] {
        let mut encryptor = Encryptor::new(cipher, Some(7)).unwrap();
        encryptor.update(&vec![1; actual], &mut Vec::new());
        assert!(encryptor.finish(&mut Vec::new()).is_err(), "{actual}");
    }
    // The nonce leaves room for the length: 12 octets up to 16 MiB.
    for (length, nonce) in [(0, 12), (0xff_ffff, 12), (0x100_0000, 11), (u64::MAX, 7)] {
        let parameters = ContentParameters::generate(cipher, Some(length)).unwrap();
        assert_eq!(parameters.iv.len(), nonce, "{length}");
        assert!(Decryptor::new(&parameters, &[0; 32], &[], length).is_ok());
        let long = ContentParameters {
            iv: vec![0; nonce + 1],
            ..parameters
        };
        assert_eq!(
            Decryptor::new(&long, &[0; 32], &[], length).is_ok(),
            length == 0
        );
    }
}

#[test]
fn parameters_out_of_bounds_are_refused() {
    for (cipher, nonce, tag, fits) in [
        (ContentCipher::Aes128Ccm, 7, 8, true),
        (ContentCipher::Aes128Ccm, 13, 14, true),
        (ContentCipher::Aes128Ccm, 6, 16, false),
        (ContentCipher::Aes128Ccm, 14, 16, false),
        (ContentCipher::Aes128Ccm, 12, 6, false),
        (ContentCipher::Aes128Ccm, 12, 13, false),
        (ContentCipher::ChaCha20Poly1305, 12, 16, true),
        (ContentCipher::ChaCha20Poly1305, 8, 16, false),
    ] {
        let parameters = ContentParameters {
            cipher,
            iv: vec![0; nonce],
            tag_length: tag,
        };
        let identifier = parameters.algorithm_identifier().unwrap();
        let expected = match fits {
            true => Ok(parameters),
            false => Err(UnsupportedAlgorithm::malformed(cipher.oid())),
        };
        assert_eq!(ContentCipher::decode(&identifier), expected);
    }
}
