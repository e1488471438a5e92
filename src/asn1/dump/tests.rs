use super::*;
use crate::asn1::oid;
use crate::asn1::write::{DerWriter, element};

/// Offset, depth, length and text of each line, and how it ended.
fn lines(octets: &[u8], values: Values) -> (Vec<String>, Option<String>) {
    let mut lines = Vec::new();
    let ending = dump(octets, values, &mut |line| {
        let text = match &line.kind {
            LineKind::Element {
                tag,
                length_of_header,
                length,
                value,
            } => {
                let length = length.map_or("inf".to_owned(), |length| length.to_string());
                let value = value.as_deref().unwrap_or("-");
                format!("{length_of_header}+{length} {tag} {value}")
            }
            LineKind::EndOfContents => "end".to_owned(),
            LineKind::MorePieces { count, octets } => format!("{count} more, {octets}"),
        };
        lines.push(format!("{} {} {text}", line.offset, line.depth));
        Ok(())
    });
    let error = match ending.unwrap() {
        Ending::Complete => None,
        Ending::Broken(error) => Some(error.to_string()),
    };
    (lines, error)
}

fn shown(octets: &[u8]) -> Vec<String> {
    let (lines, error) = lines(octets, Values::Shown);
    assert_eq!(error, None);
    lines
}

#[test]
fn each_element_has_its_line() {
    let mut out = DerWriter::new();
    out.sequence(|out| {
        out.oid(&oid::SHA256).raw(&element(Tag::INTEGER, &[0xfe]));
        out.raw(&element(Tag::NULL, b""));
        out.raw(&element(Tag::UTF8_STRING, "Z\u{fc}rich".as_bytes()));
        out.raw(&element(Tag::BMP_STRING, b"\0A\0b"));
        out.raw(&element(Tag::BOOLEAN, &[0xff]));
        out.raw(&element(
            Tag::context(1).as_primitive(),
            b"user@example.com",
        ));
        out.raw(&element(Tag::BIT_STRING, &[5, 0xa0]));
    });
    assert_eq!(
        shown(&out.into_vec()),
        [
            "0 0 2+56 SEQUENCE -",
            "2 1 2+9 OBJECT IDENTIFIER sha256 (2.16.840.1.101.3.4.2.1)",
            "13 1 2+1 INTEGER -2",
            "16 1 2+0 NULL -",
            "18 1 2+7 UTF8String `Z\u{fc}rich`",
            "27 1 2+4 BMPString `Ab`",
            "33 1 2+1 BOOLEAN true",
            "36 1 2+16 [1] `user@example.com`",
            "54 1 2+2 BIT STRING a0, 5 bits unused",
        ]
    );
}

#[test]
fn indefinite_lengths_show_their_end() {
    assert_eq!(
        shown(&[0x30, 0x80, 0x24, 0x80, 4, 1, 0xab, 0, 0, 0, 0]),
        [
            "0 0 2+inf SEQUENCE -",
            "2 1 2+inf OCTET STRING -",
            "4 2 2+1 OCTET STRING ab",
            "7 1 end",
            "9 0 end",
        ]
    );
}

#[test]
fn strings_that_hold_an_encoding_are_looked_into() {
    let inner = element(Tag::SEQUENCE, &element(Tag::INTEGER, &[7]));
    let octets = element(Tag::OCTET_STRING, &inner);
    let bits = element(Tag::BIT_STRING, &[&[0][..], &inner].concat());
    let both = element(Tag::SEQUENCE, &[octets, bits].concat());
    assert_eq!(
        shown(&both),
        [
            "0 0 2+15 SEQUENCE -",
            "2 1 2+5 OCTET STRING 3003020107",
            "4 2 2+3 SEQUENCE -",
            "6 3 2+1 INTEGER 7",
            "9 1 2+6 BIT STRING 3003020107",
            "12 2 2+3 SEQUENCE -",
            "14 3 2+1 INTEGER 7",
        ]
    );
}

#[test]
fn the_pieces_of_a_long_string_are_counted() {
    let pieces: Vec<u8> = (0..11)
        .flat_map(|_| element(Tag::OCTET_STRING, b"ab"))
        .collect();
    let string = element(Tag::context(0), &pieces);
    let lines = shown(&string);
    assert_eq!(lines.len(), 10);
    assert_eq!(lines[9], "34 1 3 more, 6");
}

#[test]
fn a_cut_encoding_is_shown_up_to_the_cut() {
    let content = element(Tag::OCTET_STRING, &[0xcc; 100]);
    let whole = element(Tag::SEQUENCE, &content);
    let (found, error) = lines(&whole[..20], Values::Shown);
    assert_eq!(
        found[1],
        format!("2 1 2+100 OCTET STRING {}...", "cc".repeat(16))
    );
    assert_eq!(error.unwrap(), "the encoding ends too early, at octet 20");
    let (found, error) = lines(&whole[..3], Values::Shown);
    assert_eq!(found.len(), 1);
    assert_eq!(error.unwrap(), "the encoding ends too early, at octet 3");
    for end in 0..whole.len() {
        lines(&whole[..end], Values::Shown);
    }
}

#[test]
fn what_may_be_secret_is_hidden() {
    let mut out = DerWriter::new();
    out.sequence(|out| {
        out.integer(1);
        out.raw(&element(Tag::INTEGER, &[9; 64]));
        out.raw(&element(Tag::OCTET_STRING, &[9; 32]));
    });
    let (found, _) = lines(&out.into_vec(), Values::Hidden);
    assert_eq!(found[1], "2 1 2+1 INTEGER 1");
    assert_eq!(found[2], "5 1 2+64 INTEGER -");
    assert_eq!(found[3], "71 1 2+32 OCTET STRING -");
}

#[test]
fn nesting_ends_at_the_limit() {
    let mut octets = element(Tag::NULL, b"");
    for _ in 0..200 {
        octets = element(Tag::OCTET_STRING, &octets);
    }
    assert!(shown(&octets).len() <= limits::BER_DEPTH + 2);
    let (found, error) = lines(&[0x30, 0x80].repeat(500), Values::Shown);
    assert!(found.len() <= limits::BER_DEPTH + 1);
    assert!(error.unwrap().contains("nested too deeply"));
}
