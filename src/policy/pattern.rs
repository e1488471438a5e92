//! Patterns that stand for addresses: one address, a domain, or a domain's subdomains.

use std::fmt;

use crate::address::Address;

/// What the `internal` and `external` keys of a rule list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    text: String,
    kind: PatternKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum PatternKind {
    Any,
    Address(Address),
    Domain(String),
    Subdomains(String),
}

impl Pattern {
    /// Reads `*`, `user@example.com`, `*@example.com`, or `*@*.example.com`, which stands for all
    /// subdomains and not for the domain itself.
    ///
    /// # Errors
    /// The text is none of these; the message says what is expected.
    pub fn parse(text: &str) -> Result<Pattern, String> {
        let domain = |domain: &str| {
            // The placeholder borrows the domain rules of an address.
            let address = Address::parse(&format!("any@{domain}"));
            address
                .map(|address| address.domain().to_owned())
                .map_err(|_| expected(text))
        };
        let kind = if text == "*" || text == "*@*" {
            PatternKind::Any
        } else if let Some(parent) = text.strip_prefix("*@*.") {
            PatternKind::Subdomains(format!(".{}", domain(parent)?))
        } else if let Some(name) = text.strip_prefix("*@") {
            PatternKind::Domain(domain(name)?)
        } else if text.contains('*') {
            return Err(expected(text));
        } else {
            PatternKind::Address(Address::parse(text).map_err(|_| expected(text))?)
        };
        Ok(Pattern {
            text: text.to_owned(),
            kind,
        })
    }

    /// Whether the pattern stands for `address`.
    pub fn matches(&self, address: &Address) -> bool {
        match &self.kind {
            PatternKind::Any => true,
            PatternKind::Address(own) => own == address,
            PatternKind::Domain(domain) => address.domain() == domain,
            PatternKind::Subdomains(suffix) => address.domain().ends_with(suffix.as_str()),
        }
    }

    /// Whether every address that `other` stands for is one of this pattern's.
    pub fn covers(&self, other: &Pattern) -> bool {
        match (&self.kind, &other.kind) {
            (PatternKind::Any, _) => true,
            (_, PatternKind::Address(address)) => self.matches(address),
            (PatternKind::Domain(own), PatternKind::Domain(other)) => own == other,
            (PatternKind::Subdomains(own), PatternKind::Domain(other)) => other.ends_with(own),
            (PatternKind::Subdomains(own), PatternKind::Subdomains(other)) => other.ends_with(own),
            _ => false,
        }
    }
}

fn expected(text: &str) -> String {
    format!("`{text}` is none of `user@example.com`, `*@example.com`, `*@*.example.com` and `*`")
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_stands_for_its_addresses() {
        let matches = |pattern: &str, address: &str| {
            Pattern::parse(pattern)
                .unwrap()
                .matches(&Address::parse(address).unwrap())
        };
        assert!(matches("user@Example.com", "user@example.com"));
        assert!(!matches("user@example.com", "User@example.com"));
        assert!(matches("*@example.com", "anyone@EXAMPLE.com"));
        assert!(!matches("*@example.com", "a@sub.example.com"));
        assert!(matches("*@*.example.com", "a@sub.example.com"));
        assert!(matches("*@*.example.com", "a@b.sub.example.com"));
        assert!(!matches("*@*.example.com", "a@example.com"));
        assert!(!matches("*@*.example.com", "a@badexample.com"));
        assert!(matches("*", "a@b.example"));
        assert!(matches("*@bücher.example", "a@xn--bcher-kva.example"));
        for text in [
            "",
            "user",
            "us*r@example.com",
            "*example.com",
            "user@*.example.com",
            "@a",
        ] {
            assert!(Pattern::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn covering_is_inclusion() {
        let covers = |wide: &str, narrow: &str| {
            Pattern::parse(wide)
                .unwrap()
                .covers(&Pattern::parse(narrow).unwrap())
        };
        assert!(covers("*", "*@example.com"));
        assert!(covers("*@example.com", "a@example.com"));
        assert!(covers("*@*.example.com", "*@a.example.com"));
        assert!(!covers("*@example.com", "*@*.example.com"));
        assert!(!covers("a@example.com", "*@example.com"));
    }
}
