//! The mailboxes of an address field: RFC 5322 section 3.4, with the groups of it and of RFC 6854.
//!
//! An own reader, because its answers decide who is taken for the author and for whom a message is
//! encrypted: what cannot be read is reported, never guessed or dropped. Only encoded words are
//! decoded by a library.

use crate::address::Address;
use crate::limits;
use crate::mail::HeaderFields;
use crate::mail::header::{decode_text, octets_to_text};
use crate::mail::lexer::{Lexer, is_white_space};

/// One mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mailbox {
    /// The display name, decoded; else the comments beside the address; else empty.
    pub display: String,
    /// The addr-spec.
    pub address: Address,
}

/// The mailboxes of one or more address fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AddressList {
    /// The mailboxes in order, those of groups included.
    pub mailboxes: Vec<Mailbox>,
    /// Items that cannot be read as a mailbox, as text.
    pub unreadable: Vec<String>,
    /// Whether any of it was a group, even an empty one.
    pub has_group: bool,
}

impl AddressList {
    /// Reads an unfolded field body.
    pub fn read(body: &[u8]) -> AddressList {
        let mut list = AddressList::default();
        list.extend(body);
        list
    }

    /// The addr-specs in order.
    pub fn addresses(&self) -> impl Iterator<Item = &Address> {
        self.mailboxes.iter().map(|mailbox| &mailbox.address)
    }

    fn extend(&mut self, body: &[u8]) {
        let mut lexer = Lexer::new(body);
        let mut in_group = false;
        while !lexer.is_at_end() {
            if self.mailboxes.len() + self.unreadable.len() >= limits::RECIPIENTS {
                self.unreadable.push(format!(
                    "everything after the first {} addresses",
                    limits::RECIPIENTS
                ));
                return;
            }
            let start = lexer.offset();
            let item = read_item(&mut lexer);
            let raw = lexer.between(start, lexer.offset());
            let stop = lexer.peek();
            lexer.advance(1);
            let names_group = item.as_ref().is_ok_and(Item::is_phrase);
            match stop {
                Some(b':') if !in_group && names_group => {
                    (in_group, self.has_group) = (true, true);
                    continue;
                }
                Some(b';') if in_group => in_group = false,
                Some(b':' | b';') => {
                    self.unreadable.push(octets_to_text(raw).trim().to_owned());
                    continue;
                }
                _ => {}
            }
            match item.and_then(|item| item.mailbox()) {
                Ok(Some(mailbox)) => self.mailboxes.push(mailbox),
                Ok(None) => {}
                Err(_) => self.unreadable.push(octets_to_text(raw).trim().to_owned()),
            }
        }
    }
}

impl HeaderFields {
    /// The mailboxes of all fields with these names, in the order of the names.
    pub fn address_list(&self, names: &[&str]) -> AddressList {
        let mut list = AddressList::default();
        for name in names {
            for field in self.all(name) {
                list.extend(&field.unfolded());
            }
        }
        list
    }

    /// The addr-specs of all To and Cc fields; what cannot be read is in
    /// [`address_list`](HeaderFields::address_list).
    pub fn to_and_cc(&self) -> Vec<Address> {
        self.address_list(&["To", "Cc"])
            .addresses()
            .cloned()
            .collect()
    }

    /// The addr-specs of all Bcc fields.
    pub fn bcc(&self) -> Vec<Address> {
        self.address_list(&["Bcc"]).addresses().cloned().collect()
    }
}

/// A lexical token of an address list.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    /// A run of atom characters, or an encoded word.
    Atom(String),
    /// A quoted string, without its quotes.
    Quoted(String),
    /// A domain literal, brackets included.
    Literal(String),
    /// One of `<>@.`.
    Special(u8),
}

/// What stands between two commas.
#[derive(Default)]
struct Item {
    tokens: Vec<Token>,
    comments: Vec<String>,
}

const NOT_A_MAILBOX: &str = "it is not a mailbox";

/// Reads up to a comma, colon or semicolon outside angle brackets, which is left.
///
/// Where a token cannot be read, the item still ends at the next comma.
fn read_item(lexer: &mut Lexer<'_>) -> Result<Item, &'static str> {
    let mut item = Item::default();
    let mut in_angle = false;
    let mut result = Ok(());
    while let Some(octet) = lexer.peek() {
        if matches!(octet, b',' | b':' | b';') && !in_angle {
            break;
        }
        match octet {
            b'<' => in_angle = true,
            b'>' => in_angle = false,
            _ => {}
        }
        if let Err(why) = item.read_token(lexer, octet) {
            result = Err(why);
        }
    }
    result.map(|()| item)
}

/// Text for a token. Octets that are not UTF-8 are kept as replacement characters, which no
/// address can have.
fn text(octets: &[u8]) -> Result<String, &'static str> {
    if octets
        .iter()
        .any(|octet| octet.is_ascii_control() && *octet != b'\t')
    {
        return Err("it holds a control character");
    }
    Ok(String::from_utf8_lossy(octets).into_owned())
}

fn is_atom(octet: u8) -> bool {
    !octet.is_ascii_control() && !is_white_space(octet) && !b"()<>[]:;@\\,.\"".contains(&octet)
}

/// The length of an encoded word at the start: `=?charset?q?text?=`. Real ones hold characters
/// that RFC 2047 section 5 (3) does not allow in a phrase, such as commas.
fn encoded_word_length(octets: &[u8]) -> Option<usize> {
    let rest = octets.strip_prefix(b"=?")?;
    let charset = memchr::memchr(b'?', rest)?;
    let rest = &rest[charset + 1..];
    let [b'q' | b'Q' | b'b' | b'B', b'?', data @ ..] = rest else {
        return None;
    };
    let end = memchr::memchr(b'?', data)?;
    let length = octets.len() - data.len() + end + 2;
    let word = octets.get(..length)?;
    (word.ends_with(b"?=") && word.iter().all(u8::is_ascii_graphic)).then_some(length)
}

impl Item {
    /// Reads what starts with `octet`; always takes at least that.
    fn read_token(&mut self, lexer: &mut Lexer<'_>, octet: u8) -> Result<(), &'static str> {
        let start = lexer.offset();
        let token = match octet {
            b' ' | b'\t' | b'\r' | b'\n' => {
                lexer.skip_white_space();
                return Ok(());
            }
            b'(' => {
                let comment = lexer.comment()?;
                self.comments.push(text(&comment)?);
                return Ok(());
            }
            b'"' => {
                let quoted = lexer.quoted_string()?;
                Token::Quoted(text(&quoted)?)
            }
            b'[' => {
                lexer.take_while(|octet| octet != b']');
                lexer.advance(1);
                Token::Literal(text(lexer.between(start, lexer.offset()))?)
            }
            b'<' | b'>' | b'@' | b'.' => {
                lexer.advance(1);
                Token::Special(octet)
            }
            _ => {
                match encoded_word_length(lexer.rest()) {
                    Some(length) => lexer.advance(length),
                    None => drop(lexer.take_while(is_atom)),
                }
                if lexer.offset() == start {
                    // A backslash, a control character, or a list separator inside <>.
                    lexer.advance(1);
                    return Err(NOT_A_MAILBOX);
                }
                Token::Atom(text(lexer.between(start, lexer.offset()))?)
            }
        };
        self.tokens.push(token);
        Ok(())
    }

    /// Whether it is the words that stand before the colon of a group.
    fn is_phrase(&self) -> bool {
        !self.tokens.is_empty() && phrase(&self.tokens).is_some()
    }

    /// The mailbox; `None` if there is nothing between the commas, which is obsolete syntax.
    fn mailbox(self) -> Result<Option<Mailbox>, &'static str> {
        let Item { tokens, comments } = self;
        let special = |octet| move |token: &Token| *token == Token::Special(octet);
        let Some(open) = tokens.iter().position(special(b'<')) else {
            if tokens.is_empty() {
                return Ok(None);
            }
            let display = decode_text(comments.join(" ").as_bytes());
            let address = addr_spec(&tokens)?;
            return Ok(Some(Mailbox { display, address }));
        };
        let before = &tokens[..open];
        let [inside @ .., Token::Special(b'>')] = &tokens[open + 1..] else {
            return Err(NOT_A_MAILBOX);
        };
        let address = addr_spec(inside)?;
        let display = match phrase(before) {
            Some(words) if words.is_empty() => decode_text(comments.join(" ").as_bytes()),
            Some(words) => decode_text(words.as_bytes()),
            // `user@example.com <user@example.com>` is wrong but says one thing only.
            None if addr_spec(before)? == address => address.as_str().to_owned(),
            None => return Err("the display name shows another address"),
        };
        Ok(Some(Mailbox { display, address }))
    }
}

/// The words of a phrase with single spaces between them; dots are let through (RFC 5322 section
/// 4.1). `None` if there is something else.
fn phrase(tokens: &[Token]) -> Option<String> {
    let mut words = String::new();
    for token in tokens {
        match token {
            Token::Special(b'.') => words.push('.'),
            Token::Atom(word) | Token::Quoted(word) => {
                if !words.is_empty() {
                    words.push(' ');
                }
                words.push_str(word);
            }
            _ => return None,
        }
    }
    Some(words)
}

fn addr_spec(tokens: &[Token]) -> Result<Address, &'static str> {
    let at = tokens
        .iter()
        .rposition(|token| *token == Token::Special(b'@'))
        .ok_or(NOT_A_MAILBOX)?;
    let local = match &tokens[..at] {
        [Token::Quoted(local)] => {
            format!("\"{}\"", local.replace('\\', "\\\\").replace('"', "\\\""))
        }
        tokens => dotted(tokens)?,
    };
    let domain = match &tokens[at + 1..] {
        [Token::Literal(literal)] => literal.clone(),
        tokens => dotted(tokens)?,
    };
    let text = format!("{local}@{domain}");
    if text.contains(char::REPLACEMENT_CHARACTER) {
        return Err("its address is not UTF-8");
    }
    Address::parse(&text).map_err(|error| error.why)
}

/// Atoms with dots between them; two atoms with only white space between them are not one.
fn dotted(tokens: &[Token]) -> Result<String, &'static str> {
    let mut text = String::new();
    let mut after_atom = false;
    for token in tokens {
        match token {
            Token::Atom(atom) if !after_atom => {
                text.push_str(atom);
                after_atom = true;
            }
            Token::Special(b'.') => {
                text.push('.');
                after_atom = false;
            }
            _ => return Err(NOT_A_MAILBOX),
        }
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> (Vec<(String, String)>, Vec<String>) {
        let list = AddressList::read(body.as_bytes());
        let pair = |m: Mailbox| (m.display, m.address.as_str().to_owned());
        (
            list.mailboxes.into_iter().map(pair).collect(),
            list.unreadable,
        )
    }

    #[test]
    fn every_form_of_mailbox() {
        for (body, display, address) in [
            ("user@example.com", "", "user@example.com"),
            (" <user@example.com> ", "", "user@example.com"),
            ("A B <user@example.com>", "A B", "user@example.com"),
            (
                "John Q. Public <j@example.com>",
                "John Q. Public",
                "j@example.com",
            ),
            (
                "\"B, A \\\"x\\\"\" <user@example.com>",
                "B, A \"x\"",
                "user@example.com",
            ),
            ("\"a b\"@example.com", "", "\"a b\"@example.com"),
            ("a@[192.0.2.1]", "", "a@[192.0.2.1]"),
            ("user@example.com (A (B))", "A (B)", "user@example.com"),
            (
                "(x) a . b (y) @ (z) example . com",
                "x y z",
                "a.b@example.com",
            ),
            (
                "=?utf-8?q?J=C3=B6rg,?= <j@example.com>",
                "J\u{f6}rg,",
                "j@example.com",
            ),
            (
                "=?utf-8?q?J=C3=B6?= =?utf-8?b?cmc=?= <j@example.com>",
                "J\u{f6}rg",
                "j@example.com",
            ),
            (
                "J\u{f6}rg <j\u{f6}@b\u{fc}cher.example>",
                "J\u{f6}rg",
                "j\u{f6}@b\u{fc}cher.example",
            ),
            (
                "a@example.com <a@EXAMPLE.com>",
                "a@EXAMPLE.com",
                "a@EXAMPLE.com",
            ),
        ] {
            let expected = (display.to_owned(), address.to_owned());
            assert_eq!(read(body), (vec![expected], vec![]), "{body}");
        }
    }

    #[test]
    fn lists_and_groups() {
        let body = "a@example.com,, \"b, c\" <b@example.com>, Us: d@example.com,\
                    E <e@example.com>; , f@example.com, Undisclosed:;";
        let list = AddressList::read(body.as_bytes());
        let addresses: Vec<_> = list.addresses().map(Address::as_str).collect();
        let expected = ["a", "b", "d", "e", "f"].map(|name| format!("{name}@example.com"));
        assert_eq!(addresses, expected);
        assert!(list.unreadable.is_empty() && list.has_group);
    }

    #[test]
    fn what_cannot_be_read_is_kept_and_the_rest_is_read() {
        for body in [
            "nobody",
            "a@example.com b@example.com",
            "<a@example.com> <b@example.com>",
            "<a@example.com> x",
            "a b@example.com",
            "x@example.net <a@example.com>",
            "<a@example.com",
            "a@example.com>",
            "<>",
            "<@example.net:a@example.com>",
            "a@",
            "\"open <a@example.com>",
            "(open a@example.com",
            "\"x\u{1}\" <a@example.com>",
            "a@exam\0ple.com",
            "a\\b@example.com",
            "a;b@example.com",
        ] {
            let (mailboxes, unreadable) = read(&format!("first@example.com, {body}"));
            assert_eq!(mailboxes[0].1, "first@example.com");
            assert!(!unreadable.is_empty(), "{body}: {mailboxes:?}");
        }
        let (mailboxes, unreadable) = read("nobody, <a@example.com> x, last@example.com");
        assert_eq!(mailboxes[0].1, "last@example.com");
        assert_eq!(unreadable, ["nobody", "<a@example.com> x"]);
        let list = AddressList::read(b"j\xf6@example.com, J\xf6rg <j@example.com>");
        assert_eq!((list.mailboxes.len(), list.unreadable.len()), (1, 1));
    }

    #[test]
    fn long_lists_are_cut_with_a_word() {
        let (mailboxes, unreadable) = read(&"a@example.com,".repeat(limits::RECIPIENTS + 1));
        assert_eq!((mailboxes.len(), unreadable.len()), (limits::RECIPIENTS, 1));
    }
}
