//! Rewrites DER as the BER that other producers send, for tests: indefinite and non-minimal lengths,
//! strings in pieces and in pieces of pieces.

/// Says which form each element takes. When it runs out, everything stays DER.
pub(crate) struct Choices<'a>(std::slice::Iter<'a, u8>);

impl Choices<'_> {
    pub(crate) fn new(octets: &[u8]) -> Choices<'_> {
        Choices(octets.iter())
    }

    fn below(&mut self, count: u8) -> u8 {
        self.0.next().map_or(0, |octet| octet % count)
    }
}

/// Octets that make every choice the same one.
pub(crate) fn always(choice: u8) -> Vec<u8> {
    vec![choice; 4000]
}

/// Every element is as DER has it.
pub(crate) const DER: u8 = 0;
/// Lengths have more octets than they need.
pub(crate) const NON_MINIMAL: u8 = 1;
/// Lengths are indefinite, and strings consist of pieces.
pub(crate) const INDEFINITE: u8 = 2;

/// Rewrites the elements of `der`. Those that are equal to one of `kept` stay as they are, such as
/// certificates, whose signatures are over their DER.
pub(crate) fn transcode(der: &[u8], kept: &[&[u8]], choices: &mut Choices<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = der;
    while !rest.is_empty() {
        let (tag, header, length) = header(rest);
        let (element, after) = rest.split_at(header + length);
        let content = &element[header..];
        rest = after;
        if kept.contains(&element) {
            out.extend_from_slice(element);
        } else if tag & 0x20 != 0 {
            let content = transcode(content, kept, choices);
            constructed(tag, &content, choices, &mut out);
        } else if tag == 0x04 || tag & 0xc0 == 0x80 {
            octets(tag, content, choices, &mut out);
        } else if tag == 0x03 && content.first() == Some(&0) && choices.below(3) == INDEFINITE {
            let (one, other) = content[1..].split_at((content.len() - 1) / 2);
            let pieces = [one, other].map(|bits| {
                let mut piece = Vec::new();
                primitive(0x03, &[&[0], bits].concat(), choices, &mut piece);
                piece
            });
            constructed(0x23, &pieces.concat(), choices, &mut out);
        } else {
            primitive(tag, content, choices, &mut out);
        }
    }
    out
}

/// The tag, the length of the header, and that of the content.
fn header(der: &[u8]) -> (u8, usize, usize) {
    assert_ne!(der[0] & 0x1f, 0x1f, "a high tag number");
    let count = usize::from(der[1].saturating_sub(0x80));
    let long = &der[2..2 + count];
    let length = match count {
        0 => usize::from(der[1]),
        _ => long
            .iter()
            .fold(0, |length, octet| length << 8 | usize::from(*octet)),
    };
    (der[0], 2 + count, length)
}

/// An OCTET STRING, or what may be one behind an implicit tag.
fn octets(tag: u8, content: &[u8], choices: &mut Choices<'_>, out: &mut Vec<u8>) {
    if choices.below(3) != INDEFINITE {
        return primitive(tag, content, choices, out);
    }
    let mut pieces = Vec::new();
    let size = 1 + usize::from(choices.below(200));
    for piece in content.chunks(size.max(content.len() / 20 + 1)) {
        if choices.below(4) == 3 {
            let mut inner = Vec::new();
            primitive(0x04, piece, choices, &mut inner);
            constructed(0x24, &inner, choices, &mut pieces);
        } else {
            primitive(0x04, piece, choices, &mut pieces);
        }
    }
    constructed(tag | 0x20, &pieces, choices, out);
}

fn constructed(tag: u8, content: &[u8], choices: &mut Choices<'_>, out: &mut Vec<u8>) {
    match choices.below(3) {
        INDEFINITE => {
            out.extend_from_slice(&[tag, 0x80]);
            out.extend_from_slice(content);
            out.extend_from_slice(&[0, 0]);
        }
        form => definite(tag, content, form, out),
    }
}

fn primitive(tag: u8, content: &[u8], choices: &mut Choices<'_>, out: &mut Vec<u8>) {
    definite(tag, content, choices.below(2), out);
}

fn definite(tag: u8, content: &[u8], form: u8, out: &mut Vec<u8>) {
    out.push(tag);
    let length = (content.len() as u32).to_be_bytes();
    match form {
        DER => super::super::write::encode_length(content.len() as u64, out),
        _ => out.extend([&[0x84], &length[..]].concat()),
    }
    out.extend_from_slice(content);
}
