//! The lexical tokens that structured header fields share (RFC 5322 section 3.2): white space,
//! nested comments, quoted strings.

/// Reads an unfolded field body from left to right.
#[derive(Clone)]
pub(crate) struct Lexer<'a> {
    octets: &'a [u8],
    at: usize,
}

impl<'a> Lexer<'a> {
    pub(crate) fn new(octets: &'a [u8]) -> Lexer<'a> {
        Lexer { octets, at: 0 }
    }

    /// Octets read so far.
    pub(crate) fn offset(&self) -> usize {
        self.at
    }

    /// The octets between two offsets.
    pub(crate) fn between(&self, start: usize, end: usize) -> &'a [u8] {
        self.octets.get(start..end).unwrap_or_default()
    }

    pub(crate) fn is_at_end(&self) -> bool {
        self.at >= self.octets.len()
    }

    pub(crate) fn peek(&self) -> Option<u8> {
        self.octets.get(self.at).copied()
    }

    pub(crate) fn rest(&self) -> &'a [u8] {
        self.octets.get(self.at..).unwrap_or_default()
    }

    pub(crate) fn advance(&mut self, octets: usize) {
        self.at = (self.at + octets).min(self.octets.len());
    }

    /// Takes `octet` if it is next.
    pub(crate) fn take(&mut self, octet: u8) -> bool {
        let is_next = self.peek() == Some(octet);
        self.at += usize::from(is_next);
        is_next
    }

    /// Takes the longest run of octets for which `wanted` holds, which may be empty.
    pub(crate) fn take_while(&mut self, wanted: impl Fn(u8) -> bool) -> &'a [u8] {
        let rest = self.rest();
        let length = rest.iter().position(|octet| !wanted(*octet));
        let run = &rest[..length.unwrap_or(rest.len())];
        self.at += run.len();
        run
    }

    pub(crate) fn skip_white_space(&mut self) {
        self.take_while(is_white_space);
    }

    /// Skips white space and comments.
    pub(crate) fn skip_cfws(&mut self) -> Result<(), &'static str> {
        loop {
            self.skip_white_space();
            if self.peek() != Some(b'(') {
                return Ok(());
            }
            self.comment()?;
        }
    }

    /// Takes a comment with those nested in it; gives its text without the outer parentheses.
    pub(crate) fn comment(&mut self) -> Result<Vec<u8>, &'static str> {
        let mut text = Vec::new();
        let mut depth = 0usize;
        while let Some(octet) = self.peek() {
            self.at += 1;
            match octet {
                b'(' => depth += 1,
                b')' => depth -= 1,
                b'\\' => match self.peek() {
                    Some(quoted) => {
                        self.at += 1;
                        text.push(quoted);
                        continue;
                    }
                    None => break,
                },
                _ => {}
            }
            if depth == 0 {
                return Ok(text);
            }
            if !(octet == b'(' && depth == 1) {
                text.push(octet);
            }
        }
        Err("a comment is not closed")
    }

    /// Takes a quoted string; gives its text without quotes and backslashes.
    pub(crate) fn quoted_string(&mut self) -> Result<Vec<u8>, &'static str> {
        let mut text = Vec::new();
        self.take(b'"');
        while let Some(octet) = self.peek() {
            self.at += 1;
            match octet {
                b'"' => return Ok(text),
                b'\\' => match self.peek() {
                    Some(quoted) => {
                        self.at += 1;
                        text.push(quoted);
                    }
                    None => break,
                },
                _ => text.push(octet),
            }
        }
        Err("a quoted string is not closed")
    }
}

pub(crate) fn is_white_space(octet: u8) -> bool {
    matches!(octet, b' ' | b'\t' | b'\r' | b'\n')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_nest_and_quote() {
        let mut lexer = Lexer::new(b" (a (b \\) c) d) \"x \\\" y\" z");
        lexer.skip_white_space();
        assert_eq!(lexer.comment().unwrap(), b"a (b ) c) d");
        lexer.skip_cfws().unwrap();
        assert_eq!(lexer.quoted_string().unwrap(), b"x \" y");
        lexer.skip_cfws().unwrap();
        assert_eq!(lexer.rest(), b"z");
        assert!(Lexer::new(b"(a (b)").comment().is_err());
        assert!(Lexer::new(b"\"a\\").quoted_string().is_err());
        let deep = [b"(".repeat(100_000), b")".repeat(100_000)].concat();
        assert_eq!(Lexer::new(&deep).comment().unwrap().len(), 199_998);
    }
}
