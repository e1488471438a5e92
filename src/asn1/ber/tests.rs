use std::io::{BufReader, Read};

use proptest::prelude::*;

use super::*;
use crate::asn1::write::{element, encode_length};

/// A value, which has one DER encoding and many BER ones.
#[derive(Clone, Debug)]
enum Value {
    Primitive(Tag, Vec<u8>),
    Octets(Tag, Vec<u8>),
    Bits(u8, Vec<u8>),
    Constructed(Tag, Vec<Value>),
}

fn octets() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..20),
        proptest::collection::vec(any::<u8>(), 120..300),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        (
            prop_oneof![Just(Tag::INTEGER), Just(Tag::context(3).as_primitive())],
            octets()
        )
            .prop_map(|(tag, content)| Value::Primitive(tag, content)),
        (
            prop_oneof![Just(Tag::OCTET_STRING), Just(Tag::UTF8_STRING)],
            octets()
        )
            .prop_map(|(tag, content)| Value::Octets(tag, content)),
        (0..8u8, octets()).prop_map(|(unused, bits)| {
            Value::Bits(if bits.is_empty() { 0 } else { unused }, bits)
        }),
    ];
    leaf.prop_recursive(6, 40, 5, |inner| {
        (
            prop_oneof![
                Just(Tag::SEQUENCE),
                Just(Tag::SET),
                Just(Tag::context(0)),
                Just(Tag::context(77))
            ],
            proptest::collection::vec(inner, 0..5),
        )
            .prop_map(|(tag, values)| Value::Constructed(tag, values))
    })
}

fn der(value: &Value) -> Vec<u8> {
    match value {
        Value::Primitive(tag, content) | Value::Octets(tag, content) => element(*tag, content),
        Value::Bits(unused, bits) => element(Tag::BIT_STRING, &[&[*unused][..], bits].concat()),
        Value::Constructed(tag, values) => {
            element(*tag, &values.iter().flat_map(der).collect::<Vec<u8>>())
        }
    }
}

/// Takes decisions from random octets, in turn.
struct Choices<'a>(std::iter::Cycle<std::slice::Iter<'a, u8>>);

impl Choices<'_> {
    fn below(&mut self, bound: usize) -> usize {
        self.0.next().map_or(0, |octet| usize::from(*octet) % bound)
    }
}

/// An element in any form of length.
fn any_element(tag: Tag, content: &[u8], choices: &mut Choices<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    tag.encode(&mut out);
    match choices.below(4) {
        0 | 1 if tag.constructed => {
            out.push(0x80);
            out.extend_from_slice(content);
            out.extend_from_slice(&[0, 0]);
            return out;
        }
        2 => {
            let zeros = choices.below(100);
            let length = content.len() as u32;
            out.push(0x80 | (zeros + 4) as u8);
            out.extend(std::iter::repeat_n(0, zeros));
            out.extend_from_slice(&length.to_be_bytes());
        }
        _ => encode_length(content.len() as u64, &mut out),
    }
    out.extend_from_slice(content);
    out
}

/// A string in one piece or several, which may be in pieces in turn.
fn any_string(tag: Tag, levels: usize, content: &[u8], choices: &mut Choices<'_>) -> Vec<u8> {
    if levels == 0 || choices.below(3) == 0 {
        return any_element(tag, content, choices);
    }
    let mut pieces = Vec::new();
    let (mut rest, mut empty) = (content, 0);
    while !rest.is_empty() {
        let (piece, after) = rest.split_at((choices.below(80) + empty).min(rest.len()));
        pieces.extend(any_string(Tag::OCTET_STRING, levels - 1, piece, choices));
        // An empty piece is fine, endlessly many are not.
        empty = usize::from(piece.is_empty());
        rest = after;
    }
    any_element(tag.as_constructed(), &pieces, choices)
}

fn any_bits(unused: u8, levels: usize, bits: &[u8], choices: &mut Choices<'_>) -> Vec<u8> {
    let (first, last) = bits.split_at(choices.below(80).min(bits.len()));
    if levels == 0 || last.is_empty() || choices.below(2) == 0 {
        return any_element(Tag::BIT_STRING, &[&[unused][..], bits].concat(), choices);
    }
    let mut pieces = any_bits(0, levels - 1, first, choices);
    pieces.extend(any_bits(unused, levels - 1, last, choices));
    any_element(Tag::BIT_STRING.as_constructed(), &pieces, choices)
}

fn ber(value: &Value, choices: &mut Choices<'_>) -> Vec<u8> {
    match value {
        Value::Primitive(tag, content) => any_element(*tag, content, choices),
        Value::Octets(tag, content) => any_string(*tag, 4, content, choices),
        Value::Bits(unused, bits) => any_bits(*unused, 4, bits, choices),
        Value::Constructed(tag, values) => {
            let mut content = Vec::new();
            for value in values {
                content.extend(ber(value, choices));
            }
            any_element(*tag, &content, choices)
        }
    }
}

proptest! {
    #[test]
    fn every_ber_form_normalizes_to_the_der_form(
        value in value(),
        choices in proptest::collection::vec(any::<u8>(), 1..200),
    ) {
        let der = der(&value);
        prop_assert_eq!(&to_der(&der).unwrap(), &der);
        let ber = ber(&value, &mut Choices(choices.iter().cycle()));
        prop_assert_eq!(&to_der(&ber).unwrap(), &der);

        let twice = [&ber[..], &ber].concat();
        // A reader that yields little at a time must make no difference.
        let mut reader = BerReader::new(BufReader::with_capacity(3, &twice[..]));
        reader.skip().unwrap();
        prop_assert_eq!(reader.offset(), ber.len() as u64);
        let element = reader.read_element(twice.len()).unwrap();
        prop_assert_eq!(reader.peek().unwrap(), None);
        prop_assert_eq!((&element.raw, &element.der), (&ber, &der));
    }

    #[test]
    fn every_truncation_is_an_error(
        value in value(),
        choices in proptest::collection::vec(any::<u8>(), 1..200),
    ) {
        let ber = ber(&value, &mut Choices(choices.iter().cycle()));
        // Every one of a small encoding, a sample of a large one.
        for length in (0..ber.len()).step_by(1 + ber.len() / 200) {
            prop_assert!(to_der(&ber[..length]).is_err());
            prop_assert!(BerReader::new(&ber[..length]).skip().is_err());
            prop_assert!(BerReader::new(&ber[..length]).read_raw(ber.len()).is_err());
        }
    }

    #[test]
    fn any_octets_are_read_or_refused(octets in proptest::collection::vec(any::<u8>(), 0..60)) {
        if let Ok(der) = to_der(&octets) {
            prop_assert_eq!(to_der(&der).unwrap(), der);
        }
        let _ = BerReader::new(&octets[..]).skip();
    }

    #[test]
    fn strings_stream_their_content(
        content in proptest::collection::vec(any::<u8>(), 0..2000),
        choices in proptest::collection::vec(any::<u8>(), 1..200),
        step in 1..50usize,
    ) {
        let mut choices = Choices(choices.iter().cycle());
        let tag = Tag::context(0).as_primitive();
        let string = any_string(tag, 4, &content, &mut choices);
        let inner = [&string[..], &[2, 1, 7]].concat();
        let ber = any_element(Tag::SEQUENCE, &inner, &mut choices);
        let open = |capacity| {
            let mut reader = BerReader::new(BufReader::with_capacity(capacity, &ber[..]));
            reader.enter(Tag::SEQUENCE).unwrap();
            reader
        };
        let finish = |reader: &mut BerReader<BufReader<&[u8]>>| {
            assert_eq!(reader.read_element(3).unwrap().raw, [2, 1, 7]);
            reader.leave().unwrap();
            reader.end().unwrap();
            assert_eq!(reader.offset(), ber.len() as u64);
        };

        let mut reader = open(step);
        let mut read = Vec::new();
        reader.octet_string(tag).unwrap().copy_to(&mut read).unwrap();
        prop_assert_eq!(&read, &content);
        finish(&mut reader);

        let mut reader = open(64);
        let mut string = reader.octet_string(tag).unwrap();
        let (mut read, mut buffer) = (Vec::new(), vec![0; step]);
        loop {
            match string.read(&mut buffer).unwrap() {
                0 => break,
                count => read.extend_from_slice(&buffer[..count]),
            }
        }
        prop_assert_eq!(&read, &content);
        finish(&mut reader);

        // Left before its end.
        let mut reader = open(7);
        let _ = reader.octet_string(tag).unwrap().read(&mut buffer).unwrap();
        finish(&mut reader);
    }
}

fn what(ber: &[u8]) -> String {
    to_der(ber).unwrap_err().to_string()
}

#[test]
fn malformed_encodings_are_named() {
    for (ber, expected) in [
        (&[][..], "the encoding ends too early, at octet 0"),
        (
            &[0x30, 3, 2, 1, 1, 5, 0],
            "octets beyond the end of the element at octet 5",
        ),
        (
            &[0x30, 4, 2, 3, 1, 1, 1],
            "element that is longer than the one around it at octet 2",
        ),
        (
            &[0x30, 0x80, 0x30, 3, 4, 0x80, 0, 0, 0],
            "primitive element of indefinite length at octet 4",
        ),
        (
            &[0x30, 1, 2],
            "element that is longer than the one around it at octet 3",
        ),
        (&[0, 0], "misplaced end-of-contents octets at octet 0"),
        (
            &[0x30, 2, 0, 0],
            "misplaced end-of-contents octets at octet 2",
        ),
        (
            &[0x30, 0x80, 0, 0x81, 0],
            "misplaced end-of-contents octets at octet 2",
        ),
        (
            &[0x30, 0x80, 5, 0],
            "the encoding ends too early, at octet 4",
        ),
        (
            &[0x30, 0x80, 5, 0, 0],
            "the encoding ends too early, at octet 5",
        ),
        (&[0x20, 0], "tag that is reserved at octet 0"),
        (&[4, 0xff], "length octet that is reserved at octet 0"),
        (
            &[0x9f, 30, 0],
            "small tag number in the form of large ones at octet 0",
        ),
        (
            &[0x9f, 0x80, 31, 0],
            "tag number with a leading zero at octet 0",
        ),
        (
            &[0x9f, 0x90, 0x80, 0x80, 0x80, 0, 0],
            "tag number beyond 32 bits at octet 0",
        ),
        (
            &[4, 0x89, 1, 0, 0, 0, 0, 0, 0, 0, 0],
            "length beyond 64 bits at octet 0",
        ),
        (&[0x22, 0], "type in a form that it cannot have at octet 0"),
        (&[0x10, 0], "type in a form that it cannot have at octet 0"),
        (
            &[0x24, 3, 2, 1, 1],
            "unexpected INTEGER where OCTET STRING belongs at octet 2",
        ),
        (
            &[0x23, 8, 3, 2, 1, 2, 3, 2, 0, 1],
            "bits after an incomplete octet at octet 6",
        ),
        (&[0x23, 2, 3, 0], "malformed BIT STRING at octet 2"),
    ] {
        assert_eq!(what(ber), expected, "{ber:02x?}");
    }
}

#[test]
fn an_inner_element_may_not_leave_a_definite_one_around_an_indefinite_one() {
    // SEQUENCE of 4 octets { SEQUENCE, indefinite { OCTET STRING of 2 octets } }
    let ber = [0x30, 4, 0x30, 0x80, 4, 2, 1, 1, 0, 0];
    assert!(what(&ber).contains("longer than the one around it"));
    // The end-of-contents octets lie outside.
    let ber = [0x30, 4, 0x30, 0x80, 5, 0, 0, 0];
    assert!(what(&ber).contains("longer than the one around it"));
}

#[test]
fn nesting_is_limited() {
    let nest = |depth: usize| {
        let mut ber = [0x30, 0x80].repeat(depth);
        ber.extend([0, 0].repeat(depth));
        ber
    };
    assert!(to_der(&nest(limits::BER_DEPTH)).is_ok());
    let deep = nest(limits::BER_DEPTH + 1);
    assert!(matches!(to_der(&deep), Err(BerError::TooDeep { .. })));
    assert!(matches!(
        BerReader::new(&deep[..]).skip(),
        Err(BerError::TooDeep { .. })
    ));
    let mut strings = [0x24, 0x80].repeat(limits::BER_DEPTH + 1);
    strings.extend([0, 0].repeat(limits::BER_DEPTH + 1));
    assert!(matches!(to_der(&strings), Err(BerError::TooDeep { .. })));
    // The depth of what is around an element counts.
    let mut reader = BerReader::new(&deep[..]);
    reader.enter(Tag::SEQUENCE).unwrap();
    assert!(reader.read_element(1000).is_err());
}

#[test]
fn elements_that_are_held_are_limited() {
    let ber = element(Tag::OCTET_STRING, &[7; 100]);
    for limit in [0, 1, 2, 50, 101] {
        let error = BerReader::new(&ber[..]).read_element(limit).unwrap_err();
        assert!(
            matches!(error, BerError::TooLarge { offset: 0, .. }),
            "{limit}"
        );
    }
    assert!(BerReader::new(&ber[..]).read_element(102).is_ok());
    let mut reader = BerReader::new(&ber[..]);
    let mut string = reader.octet_string(Tag::OCTET_STRING).unwrap();
    assert!(string.read_all(99).is_err());
    // A length that lies costs no memory.
    let lie = [4, 0x88, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1];
    assert!(matches!(
        BerReader::new(&lie[..]).read_element(1000),
        Err(BerError::UnexpectedEnd { offset: 11 })
    ));
}

/// Yields zeros without ever copying one.
struct Zeros(u64);

impl Read for Zeros {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        panic!("content is copied")
    }
}

impl BufRead for Zeros {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        static BLOCK: [u8; 1 << 20] = [0; 1 << 20];
        Ok(&BLOCK[..self.0.min(1 << 20) as usize])
    }

    fn consume(&mut self, octets: usize) {
        self.0 -= octets as u64;
    }
}

#[test]
fn content_beyond_four_gibibytes_streams() {
    const SIZE: u64 = (4 << 30) + 5;
    let mut header = vec![0x30, 0x80];
    Tag::OCTET_STRING.encode(&mut header);
    encode_length(SIZE, &mut header);
    let open = || {
        let whole = header.chain(Zeros(SIZE)).chain(&[5u8, 0, 0, 0][..]);
        let mut reader = BerReader::new(whole);
        reader.enter(Tag::SEQUENCE).unwrap();
        reader
    };
    let mut reader = open();
    reader.skip().unwrap();
    assert_eq!(reader.offset(), header.len() as u64 + SIZE);
    assert!(reader.next_is(Tag::NULL).unwrap());
    let mut reader = open();
    let mut string = reader.octet_string(Tag::OCTET_STRING).unwrap();
    assert_eq!(string.copy_to(&mut io::sink()).unwrap(), SIZE);
    assert!(reader.next_is(Tag::NULL).unwrap());
}

#[test]
fn the_end_may_be_padded_with_zeros_and_line_ends_only() {
    for (tail, fine) in [
        (&[][..], true),
        (&[0; 20], true),
        (&[0, 0, 1], false),
        (&[5, 0], false),
        (b"\n", true),
        (b"\0\0\r\n", true),
        (b" \n", false),
        (b"\n\x05\0", false),
    ] {
        let octets = [&[0x30, 0x80, 0, 0][..], tail].concat();
        let mut reader = BerReader::new(&octets[..]);
        reader.enter(Tag::SEQUENCE).unwrap();
        reader.leave().unwrap();
        assert_eq!(reader.end().is_ok(), fine, "{tail:?}");
    }
    let mut reader = BerReader::new(&[0x30, 0x80, 0, 0][..]);
    reader.enter(Tag::SEQUENCE).unwrap();
    assert!(reader.end().is_err());
}

#[test]
fn steps_that_do_not_fit_are_refused() {
    let ber = [0x30, 5, 2, 1, 7, 5, 0];
    let mut reader = BerReader::new(&ber[..]);
    assert!(reader.leave().is_err());
    let mut reader = BerReader::new(&ber[..]);
    assert_eq!(
        reader.enter(Tag::SET).unwrap_err().to_string(),
        "unexpected SEQUENCE where SET belongs at octet 0"
    );
    reader.enter(Tag::SEQUENCE).unwrap();
    assert!(reader.enter(Tag::INTEGER).is_err());
    let mut reader = BerReader::new(&ber[..]);
    reader.enter(Tag::SEQUENCE).unwrap();
    reader.skip().unwrap();
    assert!(reader.leave().is_err());
    let mut reader = BerReader::new(&ber[..]);
    reader.enter(Tag::SEQUENCE).unwrap();
    assert_eq!(reader.decode::<u8>(10).unwrap(), 7);
    assert!(reader.decode::<u8>(10).is_err());
    let mut reader = BerReader::new(&ber[..2]);
    reader.enter(Tag::SEQUENCE).unwrap();
    assert!(matches!(reader.skip(), Err(BerError::UnexpectedEnd { .. })));
    let mut reader = BerReader::new(&[0x30, 0][..]);
    reader.enter(Tag::SEQUENCE).unwrap();
    assert_eq!(
        reader
            .octet_string(Tag::OCTET_STRING)
            .err()
            .unwrap()
            .to_string(),
        "nothing where OCTET STRING belongs at octet 2"
    );
}

#[test]
fn malformed_elements_do_not_spoil_their_neighbours_when_read_raw() {
    // SET { SEQUENCE of nonsense, NULL }
    let ber = [0x31, 6, 0x30, 2, 0xff, 0xff, 5, 0];
    let mut reader = BerReader::new(&ber[..]);
    reader.enter(Tag::SET).unwrap();
    assert_eq!(reader.read_raw(100).unwrap(), [0x30, 2, 0xff, 0xff]);
    assert_eq!(reader.read_element(100).unwrap().der, [5, 0]);
    reader.leave().unwrap();
}

#[test]
fn errors_of_the_input_pass_through_unchanged() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::from(io::ErrorKind::ConnectionReset))
        }
    }
    let mut reader = BerReader::new(BufReader::new([0x04, 5, 1].chain(Broken)));
    let mut string = reader.octet_string(Tag::OCTET_STRING).unwrap();
    let error = string.read_to_end(&mut Vec::new()).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
    assert!(matches!(BerError::from(error), BerError::Io(_)));
    let error = io::Error::from(BerError::TooDeep { offset: 3 });
    assert!(matches!(
        BerError::from(error),
        BerError::TooDeep { offset: 3 }
    ));
}
