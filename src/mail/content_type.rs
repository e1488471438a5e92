//! Content-Type, and Content-Disposition beside it: RFC 2045 section 5.1, with the continuations
//! and character sets of RFC 2231.

use mail_parser::decoders::charsets::map::charset_decoder;

use crate::mail::header::octets_to_text;
use crate::mail::lexer::Lexer;

/// A media type with its parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContentType {
    /// The top-level type in lower case.
    pub type_: String,
    /// The subtype in lower case.
    pub subtype: String,
    /// The parameters in order.
    pub parameters: Vec<Parameter>,
}

/// One parameter, put together from its RFC 2231 pieces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// The attribute in lower case, without `*`.
    pub name: String,
    /// The value, decoded.
    pub value: String,
}

/// Why a field does not follow the grammar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Malformed(pub &'static str);

/// `text/plain`, which an entity without a Content-Type field has (RFC 2045 section 5.2).
impl Default for ContentType {
    fn default() -> ContentType {
        ContentType {
            type_: "text".to_owned(),
            subtype: "plain".to_owned(),
            parameters: Vec::new(),
        }
    }
}

impl ContentType {
    /// `message/rfc822`, the default inside multipart/digest (RFC 2046 section 5.1.5).
    pub(crate) fn message() -> ContentType {
        ContentType {
            type_: "message".to_owned(),
            subtype: "rfc822".to_owned(),
            parameters: Vec::new(),
        }
    }

    /// Reads an unfolded field body by the grammar, comments included.
    ///
    /// A semicolon at the end and unquoted values with `/`, `=`, `?`, `@` and the like are let
    /// through: they are everywhere, and all programs read them alike.
    ///
    /// # Errors
    /// Anything else that the grammar does not allow, or a parameter that occurs twice.
    pub fn parse(body: &[u8]) -> Result<ContentType, Malformed> {
        match ContentType::read(body) {
            (content_type, None) => Ok(content_type),
            (_, Some(malformed)) => Err(malformed),
        }
    }

    /// Reads an unfolded field body as well as possible; beside it the first thing that is wrong.
    ///
    /// Without a readable type and subtype it is the default, `text/plain`.
    pub fn read(body: &[u8]) -> (ContentType, Option<Malformed>) {
        let mut lexer = Lexer::new(body);
        let names = read_type(&mut lexer);
        let (type_, subtype) = match names {
            Ok(names) => names,
            Err(malformed) => return (ContentType::default(), Some(malformed)),
        };
        let (parameters, malformed) = read_parameters(&mut lexer);
        let content_type = ContentType {
            type_,
            subtype,
            parameters,
        };
        (content_type, malformed)
    }

    /// Whether it is this type and subtype, given in lower case.
    pub fn is(&self, type_: &str, subtype: &str) -> bool {
        self.type_ == type_ && self.subtype == subtype
    }

    /// `type/subtype` in lower case.
    pub fn essence(&self) -> String {
        format!("{}/{}", self.type_, self.subtype)
    }

    /// The value of the parameter with that name, given in lower case.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        find_parameter(&self.parameters, name)
    }

    /// The smime-type parameter in lower case (RFC 8551 section 3.2.2).
    pub fn smime_type(&self) -> Option<String> {
        self.parameter("smime-type").map(str::to_ascii_lowercase)
    }

    /// The boundary parameter without the white space at its end, which cannot be part of it;
    /// `None` if that leaves nothing.
    pub fn boundary(&self) -> Option<&str> {
        let boundary = self.parameter("boundary")?.trim_end_matches([' ', '\t']);
        (!boundary.is_empty()).then_some(boundary)
    }
}

/// Content-Disposition (RFC 2183).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disposition {
    /// `inline`, `attachment` or another word, in lower case.
    pub kind: String,
    /// The parameters in order.
    pub parameters: Vec<Parameter>,
}

impl Disposition {
    /// Reads an unfolded field body as well as possible.
    pub fn read(body: &[u8]) -> Disposition {
        let mut lexer = Lexer::new(body);
        let kind = read_token(&mut lexer).unwrap_or_default();
        Disposition {
            kind,
            parameters: read_parameters(&mut lexer).0,
        }
    }

    /// The file name.
    pub fn filename(&self) -> Option<&str> {
        find_parameter(&self.parameters, "filename")
    }
}

fn find_parameter<'a>(parameters: &'a [Parameter], name: &str) -> Option<&'a str> {
    parameters
        .iter()
        .find(|parameter| parameter.name == name)
        .map(|parameter| parameter.value.as_str())
}

fn is_token(octet: u8) -> bool {
    octet.is_ascii_graphic() && !b"()<>@,;:\\\"/[]?=".contains(&octet)
}

/// A token in lower case, with the comments and white space around it.
pub(crate) fn read_token(lexer: &mut Lexer<'_>) -> Option<String> {
    lexer.skip_cfws().ok()?;
    let token = lexer.take_while(is_token);
    lexer.skip_cfws().ok()?;
    let token = std::str::from_utf8(token).ok()?;
    (!token.is_empty()).then(|| token.to_ascii_lowercase())
}

fn read_type(lexer: &mut Lexer<'_>) -> Result<(String, String), Malformed> {
    let type_ = read_token(lexer).ok_or(Malformed("there is no type"))?;
    if !lexer.take(b'/') {
        return Err(Malformed("there is no slash after the type"));
    }
    let subtype = read_token(lexer).ok_or(Malformed("there is no subtype"))?;
    Ok((type_, subtype))
}

/// One parameter as it is written.
struct Piece {
    name: String,
    /// The number of an RFC 2231 continuation.
    section: Option<u32>,
    /// Whether character set, language and percent signs are in it.
    extended: bool,
    value: Vec<u8>,
}

fn read_parameters(lexer: &mut Lexer<'_>) -> (Vec<Parameter>, Option<Malformed>) {
    let mut pieces = Vec::new();
    let mut malformed = None;
    loop {
        if let Err(why) = lexer.skip_cfws() {
            malformed.get_or_insert(Malformed(why));
            break;
        }
        if lexer.is_at_end() {
            break;
        }
        if !lexer.take(b';') {
            malformed.get_or_insert(Malformed("there is text between two parameters"));
            lexer.take_while(|octet| octet != b';');
            continue;
        }
        if matches!(lexer.peek(), Some(b';')) {
            continue;
        }
        match read_piece(lexer) {
            Ok(Some(piece)) => pieces.push(piece),
            Ok(None) => {}
            Err(why) => {
                malformed.get_or_insert(Malformed(why));
            }
        }
    }
    let (parameters, repeated) = join_pieces(pieces);
    if repeated {
        // Worse than anything else: programs read different ones of the two.
        malformed = Some(REPEATED);
    }
    (parameters, malformed)
}

/// A parameter stands there twice, or in two forms of which programs read different ones.
pub(crate) const REPEATED: Malformed = Malformed("a parameter occurs twice");

/// Reads `attribute=value`; nothing after a last semicolon.
fn read_piece(lexer: &mut Lexer<'_>) -> Result<Option<Piece>, &'static str> {
    lexer.skip_cfws()?;
    if lexer.is_at_end() || lexer.peek() == Some(b';') {
        return Ok(None);
    }
    let name = lexer.take_while(is_token);
    let name = std::str::from_utf8(name).unwrap_or_default();
    let name = name.to_ascii_lowercase();
    lexer.skip_cfws()?;
    if name.is_empty() || !lexer.take(b'=') {
        return Err("a parameter is not `name=value`");
    }
    lexer.skip_cfws()?;
    let value = if lexer.peek() == Some(b'"') {
        lexer.quoted_string()?
    } else {
        let end = |octet: u8| matches!(octet, b' ' | b'\t' | b'\r' | b'\n' | b';' | b'"' | b'(');
        let value = lexer.take_while(|octet| !end(octet)).to_vec();
        if value.is_empty() {
            return Err("a parameter has no value");
        }
        value
    };
    let (name, extended) = match name.strip_suffix('*') {
        Some(name) => (name, true),
        None => (name.as_str(), false),
    };
    let (name, section) = match name.split_once('*') {
        Some((name, section)) => (name, Some(section.parse().map_err(|_| BAD_SECTION)?)),
        None => (name, None),
    };
    Ok(Some(Piece {
        name: name.to_owned(),
        section,
        extended,
        value,
    }))
}

const BAD_SECTION: &str = "the number of a parameter continuation is not a number";

/// Puts the pieces of each parameter together; tells whether a piece occurs twice.
///
/// An extended form wins over the plain one beside it, which is there for old programs (RFC 6266
/// section 4.3).
fn join_pieces(pieces: Vec<Piece>) -> (Vec<Parameter>, bool) {
    let mut order: Vec<String> = Vec::new();
    let mut by_name = std::collections::HashMap::<String, Vec<Piece>>::new();
    let mut repeated = false;
    for piece in pieces {
        let same = by_name.entry(piece.name.clone()).or_default();
        if same.is_empty() {
            order.push(piece.name.clone());
        }
        same.push(piece);
    }
    let mut parameters = Vec::with_capacity(order.len());
    for name in order {
        let mut same = by_name.remove(&name).unwrap_or_default();
        // A stable sort: of two equal pieces the first one counts.
        same.sort_by_key(|piece| (piece.section, !piece.extended));
        let key = |piece: &Piece| (piece.section, piece.section.is_none() && piece.extended);
        repeated |= same.windows(2).any(|pair| key(&pair[0]) == key(&pair[1]));
        let whole = same.iter().position(|piece| piece.section.is_none());
        // Two forms of one file name serve old and new programs; two boundaries are an ambiguity.
        repeated |= name == "boundary" && whole.is_some() && same.len() > 1;
        let value = match whole {
            Some(first) => decode_extended(&same[first..=first]),
            None => {
                same.dedup_by_key(|piece| piece.section);
                let contiguous = same
                    .iter()
                    .zip(0u32..)
                    .take_while(|(piece, number)| piece.section == Some(*number))
                    .count();
                decode_extended(&same[..contiguous])
            }
        };
        parameters.push(Parameter { name, value });
    }
    (parameters, repeated)
}

/// Decodes the pieces of one value by the character set that the first one names.
fn decode_extended(pieces: &[Piece]) -> String {
    let mut charset: &[u8] = b"";
    let mut octets = Vec::new();
    for (index, piece) in pieces.iter().enumerate() {
        if !piece.extended {
            octets.extend_from_slice(&piece.value);
            continue;
        }
        let mut value = &piece.value[..];
        if index == 0 {
            let mut parts = value.splitn(3, |octet| *octet == b'\'');
            if let (Some(name), Some(_), Some(text)) = (parts.next(), parts.next(), parts.next()) {
                (charset, value) = (name, text);
            }
        }
        percent_decode(value, &mut octets);
    }
    let is_utf8 = charset.is_empty() || charset.eq_ignore_ascii_case(b"utf-8");
    match charset_decoder(charset) {
        Some(decode) if !is_utf8 => decode(&octets),
        _ => octets_to_text(&octets).into_owned(),
    }
}

fn percent_decode(value: &[u8], octets: &mut Vec<u8>) {
    let digit = |at: usize| {
        value
            .get(at)
            .and_then(|octet| (*octet as char).to_digit(16))
    };
    let mut at = 0;
    while let Some(octet) = value.get(at) {
        match (octet, digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                octets.push((high * 16 + low) as u8);
                at += 3;
            }
            _ => {
                octets.push(*octet);
                at += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests;
