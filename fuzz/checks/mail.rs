//! Checks of the `mail` layer.

use std::io::{Read, Write};
use std::ops::Range;

use mail_parser::{Message, MessageParser, MessagePart, PartType};
use smime::mail::canonical::{CanonicalReader, LineEndWriter};
use smime::mail::transfer_encoding::{
    Base64Decoder, Base64Encoder, Escapes, QuotedPrintableDecoder, QuotedPrintableEncoder,
    decode_body,
};
use smime::mail::{
    ContentType, Entity, HeaderFields, LineEnding, conformance, entity_conformance, protection,
    scan,
};
use smime::source::Source;

fn source(octets: &[u8]) -> Source {
    Source::from_bytes(octets.to_vec())
}

/// The entities of a message lie within one another as they say, and cover it exactly.
pub(crate) fn entity_scanner(octets: &[u8]) {
    let source = source(octets);
    let Ok(scan) = scan(&source) else {
        return;
    };
    let root = &scan.root;
    assert_eq!(root.range, 0..octets.len() as u64);
    for entity in root.walk() {
        covers(entity, octets);
        protection(entity);
        let _ = decode_body(&source, entity).read_to_end(&mut Vec::new());
    }
    conformance(&scan);
    entity_conformance(&scan);
}

fn covers(entity: &Entity, octets: &[u8]) {
    let within = |inner: &Range<u64>, outer: &Range<u64>| {
        assert!(inner.start <= inner.end, "{inner:?}");
        assert!(
            outer.start <= inner.start && inner.end <= outer.end,
            "{inner:?} in {outer:?}"
        );
    };
    within(&entity.header_range, &entity.range);
    within(&entity.body_range, &entity.range);
    assert_eq!(entity.range.start, entity.header_range.start);
    assert_eq!(entity.range.end, entity.body_range.end);
    let between = entity.header_range.end as usize..entity.body_range.start as usize;
    assert!(matches!(&octets[between], b"" | b"\n" | b"\r\n"));
    if entity.delimiters.is_empty() {
        return;
    }
    // Preamble, then delimiters and children in turn, then the epilogue.
    let mut pieces = vec![entity.preamble.clone(), entity.epilogue.clone()];
    pieces.extend(entity.delimiters.iter().cloned());
    pieces.extend(entity.children.iter().map(|child| child.range.clone()));
    pieces.sort_by_key(|piece| (piece.start, piece.end));
    let mut reached = entity.body_range.start;
    for piece in pieces.iter().filter(|piece| !piece.is_empty()) {
        assert_eq!(
            piece.start, reached,
            "a gap or an overlap in {:?}",
            entity.path
        );
        reached = piece.end;
    }
    assert_eq!(reached, entity.body_range.end, "{:?}", entity.path);
}

/// Header fields are read whatever they are; their lines put together are the header.
pub(crate) fn header_fields(octets: &[u8]) {
    let header = HeaderFields::new(octets.to_vec());
    header.facts();
    header.from_field();
    header.sender();
    header.display_address_differs();
    header.to_and_cc();
    header.bcc();
    header.message_id();
    header.date();
    header.received();
    for field in header.fields() {
        field.value();
        field.unfolded();
        ContentType::read(field.body());
        assert!(
            octets
                .windows(field.raw().len().max(1))
                .any(|part| part == field.raw())
        );
    }
}

/// The canonical form ends every line in CRLF, is its own canonical form, and does not depend on how it
/// is read.
pub(crate) fn canonical_form(octets: &[u8]) {
    let canonical = |octets: &[u8], step: usize| {
        let mut reader = CanonicalReader::new(octets);
        let (mut out, mut buffer) = (Vec::new(), vec![0; step]);
        loop {
            match reader.read(&mut buffer).unwrap() {
                0 => return out,
                read => out.extend_from_slice(&buffer[..read]),
            }
        }
    };
    let form = canonical(octets, 64);
    assert_eq!(form, canonical(octets, 1));
    assert_eq!(form, canonical(&form, 7));
    let lines = form.split_inclusive(|octet| *octet == b'\n');
    for line in lines.filter(|line| line.ends_with(b"\n")) {
        assert!(line.ends_with(b"\r\n"));
    }
    let mut writer = LineEndWriter::new(Vec::new(), LineEnding::Crlf);
    writer.write_all(&form).unwrap();
    assert_eq!(writer.finish().unwrap(), form);
    let mut writer = LineEndWriter::new(Vec::new(), LineEnding::Lf);
    writer.write_all(&form).unwrap();
    assert!(writer.finish().unwrap().len() <= form.len());
}

/// What is encoded comes back; what is not encoded is decoded to the end or refused.
pub(crate) fn transfer_encoding(octets: &[u8]) {
    let mut encoder = Base64Encoder::new(Vec::new(), 64, b"\r\n");
    encoder.write_all(octets).unwrap();
    let encoded = encoder.finish().unwrap();
    let mut decoded = Vec::new();
    Base64Decoder::new(&encoded[..])
        .read_to_end(&mut decoded)
        .unwrap();
    assert_eq!(decoded, octets);
    let _ = Base64Decoder::new(octets).read_to_end(&mut Vec::new());

    let mut encoder = QuotedPrintableEncoder::new(Vec::new());
    encoder.write_all(octets).unwrap();
    let encoded = encoder.finish().unwrap();
    assert!(
        encoded
            .split(|octet| *octet == b'\n')
            .all(|line| line.len() <= 77)
    );
    let mut decoded = Vec::new();
    let decoder = QuotedPrintableDecoder::new(&encoded[..], Escapes::Strict);
    { decoder }.read_to_end(&mut decoded).unwrap();
    assert_eq!(decoded, octets);
    let _ = QuotedPrintableDecoder::new(octets, Escapes::Literal).read_to_end(&mut Vec::new());
}

/// Where a message conforms to MIME, mail-parser cuts it into the same parts.
pub(crate) fn structure(octets: &[u8]) {
    let Ok(scan) = scan(&source(octets)) else {
        return;
    };
    if !conformance(&scan).is_empty() || !is_plain(octets, &scan.root) {
        return;
    }
    let Some(message) = MessageParser::new().parse(octets) else {
        return;
    };
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    bodies(octets, &scan.root, &mut ours);
    parsed_bodies(&message, message.root_part(), &mut theirs);
    assert_eq!(ours, theirs, "{}", String::from_utf8_lossy(octets));
}

/// Whether nothing is there that mail-parser is known to cut in another way: a boundary in the middle of
/// a line or at the start of a longer one, an empty part, an empty header, a message that is nothing but
/// another message.
fn is_plain(octets: &[u8], root: &Entity) -> bool {
    root.walk().all(|entity| {
        let boundary = entity.content_type.boundary().unwrap_or_default();
        let delimiter = [b"--", boundary.as_bytes()].concat();
        let seen = memchr::memmem::find_iter(octets, &delimiter).count();
        let counted = entity.delimiters.is_empty() || seen == entity.delimiters.len();
        // There it panics.
        let mut below = entity.children.iter();
        let is_twice = entity.is_embedded_message() && below.any(Entity::is_embedded_message);
        counted && !is_twice && !entity.range.is_empty() && !entity.header_range.is_empty()
    })
}

/// The bodies that hold no entity, without line ends: what mail-parser takes off them differs.
fn bodies(octets: &[u8], entity: &Entity, out: &mut Vec<String>) {
    if entity.children.is_empty() {
        let body = entity.body_range.start as usize..entity.body_range.end as usize;
        out.push(text(&octets[body]));
    }
    for child in &entity.children {
        bodies(octets, child, out);
    }
}

fn parsed_bodies(message: &Message<'_>, part: &MessagePart<'_>, out: &mut Vec<String>) {
    match &part.body {
        PartType::Multipart(children) if !children.is_empty() => {
            for child in children {
                parsed_bodies(message, message.part(*child).unwrap(), out);
            }
        }
        PartType::Message(inner) => parsed_bodies(inner, inner.root_part(), out),
        _ => {
            let body = part.raw_body_offset() as usize..part.raw_end_offset() as usize;
            out.push(text(&message.raw_message[body]));
        }
    }
}

fn text(octets: &[u8]) -> String {
    let text: Vec<u8> = octets
        .iter()
        .copied()
        .filter(|octet| *octet != b'\r')
        .collect();
    String::from_utf8_lossy(&text).trim_matches('\n').to_owned()
}
