//! Which piece of a message is copied and which is encoded.

use std::collections::HashSet;
use std::io::{self, Read};

use super::plain_lines::LINE;
use super::safe_header::{Additions, Role, Unsafe, is_safe, is_safe_header, safe_header};
use super::{Decoding, Encoding, Insertion, SigningFormError, Step};
use crate::mail::header_protection::legacy_display::{self, LegacyDisplay, main_bodies};
use crate::mail::header_protection::{HP, HeaderProtection, protected_fields};
use crate::mail::transfer_encoding::{is_invalid_encoding, needs_encoding};
use crate::mail::{BodyFacts, Entity, TransferEncoding};
use crate::reason::Reason;
use crate::source::Source;
use crate::verdict::Finding;

/// Plans the form of a message that conforms.
///
/// With `protection` the fields of the message go inside; where that hides any from others, the
/// main body parts show them.
pub(super) fn plan(
    root: &Entity,
    source: &Source,
    protection: Option<HeaderProtection>,
) -> Result<Vec<Step>, SigningFormError> {
    let mut planner = Planner {
        source,
        steps: Vec::new(),
        protection,
        display: None,
        main_bodies: HashSet::new(),
    };
    if let Some(protection) = protection {
        let fields = protected_fields(&root.header, protection);
        let fields = fields.map_err(|unsafe_field| unsafe_header(root, unsafe_field))?;
        planner.push(Step::Literal(fields));
    }
    if protection == Some(HeaderProtection::Cipher) {
        planner.display = LegacyDisplay::of(&root.header);
        let paths = main_bodies(root).into_iter().map(|part| part.path.clone());
        planner.main_bodies = paths.collect();
    }
    planner.entity(root, Role::Root)?;
    Ok(planner.steps)
}

struct Planner<'a> {
    source: &'a Source,
    steps: Vec<Step>,
    protection: Option<HeaderProtection>,
    /// What the main body parts show.
    display: Option<LegacyDisplay>,
    /// The paths of the main body parts.
    main_bodies: HashSet<String>,
}

/// What becomes of a body without children.
enum Leaf {
    Copy,
    Plain,
    Encode(Decoding, Encoding),
}

/// What becomes of a body, with the legacy display element in it where one goes there.
struct Displayed {
    leaf: Leaf,
    insertion: Option<Insertion>,
    /// Parameters that Content-Type then has.
    parameters: Vec<(&'static str, &'static str)>,
}

impl Displayed {
    fn as_it_is(leaf: Leaf) -> Displayed {
        Displayed {
            leaf,
            insertion: None,
            parameters: Vec::new(),
        }
    }
}

impl Planner<'_> {
    fn entity(&mut self, entity: &Entity, role: Role) -> Result<(), SigningFormError> {
        if is_composite(entity) {
            self.header(entity, role, seven_bit(entity), &[])?;
            return self.parts(entity);
        }
        let Displayed {
            leaf,
            insertion,
            parameters,
        } = self.displayed(entity)?;
        let encoding = match leaf {
            Leaf::Encode(_, encoding) => changed(entity, encoding),
            Leaf::Copy | Leaf::Plain => seven_bit(entity),
        };
        self.header(entity, role, encoding, &parameters)?;
        let range = entity.body_range.clone();
        match (leaf, insertion) {
            (Leaf::Encode(decoding, encoding), insertion) => self.push(Step::Encode {
                range,
                decoding,
                encoding,
                insertion,
            }),
            (Leaf::Copy, None) => self.push(Step::Copy(range)),
            (Leaf::Plain, None) => self.push(Step::Plain(range)),
            (Leaf::Copy | Leaf::Plain, Some(Insertion { at, octets })) => {
                let at = range.start + at;
                self.push(Step::Copy(range.start..at));
                self.push(Step::Literal(octets));
                self.push(Step::Copy(at..range.end));
            }
        }
        Ok(())
    }

    fn displayed(&self, entity: &Entity) -> Result<Displayed, SigningFormError> {
        let leaf = self.leaf(entity)?;
        let display = self.display.as_ref();
        let display = display.filter(|_| self.main_bodies.contains(&entity.path));
        let Some(display) = display else {
            return Ok(Displayed::as_it_is(leaf));
        };
        let leaf = match (leaf, &entity.transfer_encoding) {
            // To put something in, it has to be decoded even if it could be copied.
            (Leaf::Copy | Leaf::Plain, TransferEncoding::Base64) => {
                Leaf::Encode(Decoding::Base64, Encoding::Base64)
            }
            (Leaf::Copy | Leaf::Plain, TransferEncoding::QuotedPrintable) => {
                Leaf::Encode(Decoding::QuotedPrintable, Encoding::QuotedPrintable)
            }
            (leaf, _) => leaf,
        };
        let decoding = match leaf {
            Leaf::Encode(decoding, _) => decoding,
            Leaf::Copy | Leaf::Plain => Decoding::Exact,
        };
        let element = match display.element(entity, &mut self.reader(entity, decoding)) {
            Ok(element) => element,
            Err(error) if is_invalid_encoding(&error) => None,
            Err(error) => return Err(error.into()),
        };
        let Some(element) = element else {
            return Ok(Displayed::as_it_is(self.leaf(entity)?));
        };
        let leaf = match leaf {
            Leaf::Copy | Leaf::Plain if !is_safe_text(&element.octets) => {
                Leaf::Encode(Decoding::Canonical, Encoding::QuotedPrintable)
            }
            leaf => leaf,
        };
        let mut parameters = vec![(legacy_display::PARAMETER, "1")];
        parameters.extend(element.charset.map(|charset| ("charset", charset)));
        let insertion = Insertion {
            at: element.at,
            octets: element.octets,
        };
        Ok(Displayed {
            leaf,
            insertion: Some(insertion),
            parameters,
        })
    }

    /// The header, and the empty line after it.
    fn header(
        &mut self,
        entity: &Entity,
        role: Role,
        encoding: Option<&str>,
        parameters: &[(&str, &str)],
    ) -> Result<(), SigningFormError> {
        let (start, end) = (entity.range.start, entity.body_range.start);
        let mut parameters = parameters.to_vec();
        if role == Role::Root {
            parameters.extend(self.protection.map(|protection| (HP, protection.word())));
        }
        let additions = Additions {
            encoding,
            parameters: &parameters,
        };
        if role != Role::Root && additions.is_none() && is_safe_header(entity) {
            self.push(Step::Copy(start..end));
            return Ok(());
        }
        let header = safe_header(entity, role, additions);
        let mut header = header.map_err(|unsafe_field| unsafe_header(entity, unsafe_field))?;
        if role == Role::Root || end > entity.header_range.end {
            header.extend_from_slice(b"\r\n");
        }
        self.push(Step::Literal(header));
        Ok(())
    }

    /// The body of an entity with children.
    fn parts(&mut self, entity: &Entity) -> Result<(), SigningFormError> {
        if is_protected(entity) {
            if !entity.children.iter().all(is_all_7bit) || !entity.facts.is_7bit() {
                let why = "a protected part is not 7bit, and encoding would break the protection";
                return Err(cannot_encode(entity, why));
            }
            self.push(Step::Copy(entity.body_range.clone()));
            return Ok(());
        }
        if !entity.is_multipart() {
            return entity
                .children
                .iter()
                .try_for_each(|message| self.entity(message, Role::Message));
        }
        self.push(Step::Plain(entity.preamble.clone()));
        for (index, delimiter) in entity.delimiters.iter().enumerate() {
            self.push(Step::Plain(delimiter.clone()));
            if let Some(part) = entity.children.get(index) {
                self.entity(part, Role::Part)?;
            }
        }
        self.push(Step::Plain(entity.epilogue.clone()));
        Ok(())
    }

    fn leaf(&self, entity: &Entity) -> Result<Leaf, SigningFormError> {
        use TransferEncoding::{Base64, Binary, EightBit, QuotedPrintable, SevenBit, Unknown};
        let safe = is_safe(&entity.facts);
        let content_type = &entity.content_type;
        if content_type.type_ == "message" && is_unencodable(&content_type.subtype) {
            return match (safe, only_trailing_space(&entity.facts)) {
                (true, _) => Ok(Leaf::Copy),
                (false, true) => Ok(Leaf::Plain),
                (false, false) => Err(cannot_encode(entity, "this type may not be encoded")),
            };
        }
        let kind = Kind::of(entity);
        // Canonical line ends are no change to text, and to lines; to other octets they are.
        let keeps_octets = matches!(
            (&entity.transfer_encoding, kind),
            (Binary, Kind::Other) | (SevenBit | EightBit | Binary, Kind::WideText)
        );
        if safe && !(keeps_octets && entity.facts.bare_lf > 0) {
            return Ok(Leaf::Copy);
        }
        match &entity.transfer_encoding {
            SevenBit | EightBit | Binary if keeps_octets => {
                Ok(Leaf::Encode(Decoding::Exact, Encoding::Base64))
            }
            SevenBit | EightBit | Binary => {
                let decoding = Decoding::Canonical;
                Ok(Leaf::Encode(
                    decoding,
                    self.encoding(entity, kind, decoding)?,
                ))
            }
            QuotedPrintable => {
                let decoding = Decoding::QuotedPrintable;
                match self.encoding(entity, kind, decoding) {
                    Ok(encoding) => Ok(Leaf::Encode(decoding, encoding)),
                    Err(error) => unreadable(entity, error),
                }
            }
            Base64 => {
                let decoding = Decoding::Base64;
                match io::copy(&mut self.reader(entity, decoding), &mut io::sink()) {
                    Ok(_) => Ok(Leaf::Encode(decoding, Encoding::Base64)),
                    Err(error) => unreadable(entity, error),
                }
            }
            Unknown(_) => Err(cannot_encode(entity, "the transfer encoding is unknown")),
        }
    }

    fn reader(&self, entity: &Entity, decoding: Decoding) -> Box<dyn Read + Send> {
        decoding.reader(&entity.body_source(self.source))
    }

    /// Which encoding suits the content (RFC 2045 section 6.7: data that is mostly text).
    fn encoding(&self, entity: &Entity, kind: Kind, decoding: Decoding) -> io::Result<Encoding> {
        if kind != Kind::Text && decoding == Decoding::Canonical {
            return Ok(Encoding::Base64);
        }
        let mut reader = self.reader(entity, decoding);
        let (mut total, mut encoded) = (0u64, 0u64);
        let mut buffer = vec![0; 32 << 10];
        // Other content is read too: what cannot be decoded has to be known before it is signed.
        loop {
            let octets = match reader.read(&mut buffer)? {
                0 => break,
                count => &buffer[..count],
            };
            let unsafe_octet =
                |octet: &&u8| !matches!(octet, b'\r' | b'\n') && needs_encoding(**octet);
            total += octets.len() as u64;
            encoded += octets.iter().filter(unsafe_octet).count() as u64;
        }
        Ok(if kind == Kind::Text && encoded <= total / 3 {
            Encoding::QuotedPrintable
        } else {
            Encoding::Base64
        })
    }

    fn push(&mut self, step: Step) {
        match (self.steps.last_mut(), step) {
            (_, Step::Copy(range) | Step::Plain(range)) if range.is_empty() => {}
            (Some(Step::Copy(before)), Step::Copy(range)) if before.end == range.start => {
                before.end = range.end;
            }
            (Some(Step::Literal(before)), Step::Literal(octets)) => before.extend(octets),
            (_, step) => self.steps.push(step),
        }
    }
}

/// What content is, as far as its encoding goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    /// Text in which an octet LF is no line end.
    WideText,
    Other,
}

impl Kind {
    fn of(entity: &Entity) -> Kind {
        let charset = entity.content_type.parameter("charset").unwrap_or_default();
        let charset = charset.to_ascii_lowercase();
        let wide = [
            "utf-16",
            "utf16",
            "utf-32",
            "utf32",
            "ucs-",
            "iso-10646-ucs",
        ];
        // Reports, such as message/delivery-status, are text too.
        match entity.content_type.type_.as_str() {
            "text" if wide.iter().any(|prefix| charset.starts_with(prefix)) => Kind::WideText,
            "text" | "message" => Kind::Text,
            _ => Kind::Other,
        }
    }
}

fn is_composite(entity: &Entity) -> bool {
    !entity.children.is_empty()
}

/// RFC 2045 section 6.4, RFC 2046 sections 5.2.2 and 5.2.3. message/rfc822 is here when it could
/// not be opened.
fn is_unencodable(subtype: &str) -> bool {
    ["rfc822", "partial", "external-body"].contains(&subtype)
}

/// Whether octets inside are signed or encrypted themselves (RFC 1847).
fn is_protected(entity: &Entity) -> bool {
    let content_type = &entity.content_type;
    content_type.is("multipart", "signed") || content_type.is("multipart", "encrypted")
}

fn is_all_7bit(entity: &Entity) -> bool {
    let mut all = entity.walk();
    all.all(|entity| entity.facts.is_7bit() && entity.header_facts.is_7bit())
}

fn only_trailing_space(facts: &BodyFacts) -> bool {
    is_safe(&BodyFacts {
        trailing_space: 0,
        ..facts.clone()
    })
}

/// The label that replaces one which promises less than is there.
fn seven_bit(entity: &Entity) -> Option<&'static str> {
    use TransferEncoding::{Binary, EightBit};
    matches!(entity.transfer_encoding, EightBit | Binary).then_some("7bit")
}

/// The label of an encoding that was not the encoding before.
fn changed(entity: &Entity, encoding: Encoding) -> Option<&'static str> {
    let before = entity.transfer_encoding.name();
    (before != encoding.name()).then_some(encoding.name())
}

/// What becomes of a body that cannot be decoded.
fn unreadable(entity: &Entity, error: io::Error) -> Result<Leaf, SigningFormError> {
    if !is_invalid_encoding(&error) {
        return Err(error.into());
    }
    if only_trailing_space(&entity.facts) {
        return Ok(Leaf::Plain);
    }
    Err(cannot_encode(entity, &error.to_string()))
}

/// Text that needs no encoding.
fn is_safe_text(octets: &[u8]) -> bool {
    let mut lines = octets.split(|octet| *octet == b'\n');
    octets.is_ascii() && lines.all(|line| line.len() <= LINE)
}

fn unsafe_header(entity: &Entity, field: Unsafe) -> SigningFormError {
    let finding = Finding::new(Reason::MailHeaderMalformed).at(entity.place());
    refused(finding.saying(field.why).with("field", field.field))
}

fn cannot_encode(entity: &Entity, why: &str) -> SigningFormError {
    let finding = Finding::new(Reason::MailTransferEncodingInvalid);
    refused(finding.at(entity.place()).saying(why))
}

fn refused(finding: Finding) -> SigningFormError {
    SigningFormError::Refused(vec![finding])
}
