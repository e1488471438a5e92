//! Compressed content in all its encodings, damaged, and expanding without end.

use super::super::content_info::{Object, decode_object};
use super::super::test_compressed::{object, zlib};
use super::super::test_recipient::scramble;
use super::*;
use crate::asn1::write::DerWriter;

fn content(octets: &[u8]) -> Result<Vec<u8>, DecompressionError> {
    match decode_object(&Source::from_bytes(octets.to_vec())).unwrap() {
        Object::CompressedData(compressed) => {
            assert_eq!(compressed.content_type, oid::DATA);
            let content = compressed.content?;
            Ok(content.read_all(64 << 20).unwrap().unwrap())
        }
        _ => panic!("another type"),
    }
}

#[test]
fn content_comes_back_in_every_encoding() {
    for length in [0, 1, 100, 70_000, 3 << 20] {
        let octets: Vec<u8> = (0..length)
            .map(|i: u32| (i.wrapping_mul(i) >> 7) as u8)
            .collect();
        let der = object(&oid::ZLIB, &zlib(&octets));
        assert!(content(&der).unwrap() == octets, "{length}");
        if length < 100_000 {
            assert!(content(&scramble(&der)).unwrap() == octets, "{length}");
        }
    }
}

#[test]
fn damage_is_told() {
    let octets = zlib(b"Content-Type: text/plain\r\n\r\nHello, hello, hello\r\n");
    let damaged = Err(DecompressionError::Damaged);
    for length in 0..octets.len() {
        assert_eq!(content(&object(&oid::ZLIB, &octets[..length])), damaged);
    }
    let followed = [&octets[..], b"\0"].concat();
    assert_eq!(content(&object(&oid::ZLIB, &followed)), damaged);
    let mut changed = octets.clone();
    *changed.last_mut().unwrap() ^= 1;
    assert_eq!(content(&object(&oid::ZLIB, &changed)), damaged);
    assert_eq!(content(&object(&oid::ZLIB, &octets[1..])), damaged);
}

#[test]
fn other_algorithms_are_named() {
    let unsupported = UnsupportedAlgorithm::unknown(oid::RC4);
    assert_eq!(
        content(&object(&oid::RC4, b"")),
        Err(DecompressionError::Unsupported(unsupported))
    );
}

#[test]
fn expansion_has_a_limit() {
    let free = limits::EXPANSION_FREE as usize;
    // Zeros shrink to a thousandth: more than the ratio allows, but so few may stand for them.
    let small = object(&oid::ZLIB, &zlib(&vec![0; free]));
    assert_eq!(content(&small).unwrap().len(), free);
    let bomb = zlib(&vec![0; 40 << 20]);
    assert!(bomb.len() < 50_000);
    match content(&object(&oid::ZLIB, &bomb)) {
        Err(DecompressionError::Limit(limit)) => {
            assert!((limits::EXPANSION_FREE..40 << 20).contains(&limit));
        }
        other => panic!("{:?}", other.map(|octets| octets.len())),
    }
    let one_more = object(&oid::ZLIB, &zlib(&vec![0; free + 1]));
    assert_eq!(
        content(&one_more),
        Err(DecompressionError::Limit(limits::EXPANSION_FREE))
    );
    assert_eq!(expansion_limit(0), limits::EXPANSION_FREE);
    let most = limits::DECOMPRESSED_SIZE / limits::EXPANSION_RATIO;
    assert_eq!(expansion_limit(most), most * limits::EXPANSION_RATIO);
    assert_eq!(expansion_limit(most + 1), limits::DECOMPRESSED_SIZE);
    assert_eq!(expansion_limit(u64::MAX), limits::DECOMPRESSED_SIZE);
}

#[test]
fn what_has_no_content_is_malformed() {
    let der = object(&oid::ZLIB, b"");
    for end in 1..der.len() {
        assert!(decode_object(&Source::from_bytes(der[..end].to_vec())).is_err());
    }
    let mut out = DerWriter::new();
    out.sequence(|info| {
        info.oid(&oid::COMPRESSED_DATA)
            .nested(Tag::context(0), |explicit| {
                explicit.sequence(|fields| {
                    fields.integer(0).sequence(|identifier| {
                        identifier.oid(&oid::ZLIB);
                    });
                    fields.sequence(|content| {
                        content.oid(&oid::DATA);
                    });
                });
            });
    });
    let result = decode_object(&Source::from_bytes(out.into_vec()));
    assert!(matches!(result, Err(CmsError::Malformed(_))));
}
