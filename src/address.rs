//! Mail addresses: the addr-spec of RFC 5322 section 3.4.1 and RFC 6531, and how two are compared.
//!
//! Domains compare without regard to case and in A-label form (RFC 5891); local parts compare
//! exactly. This module reads one bare addr-spec. Header fields, with display names, comments and
//! groups, are read by `mail`.

use std::fmt;
use std::hash::{Hash, Hasher};

/// One mail address.
///
/// Equality is that of rule-bearing comparisons: the local part exactly (quotes removed), the
/// domain as lower-case A-labels. The spelling that was given is kept for display.
#[derive(Clone, Debug)]
pub struct Address {
    text: String,
    local: String,
    domain: String,
}

/// Why a text is not an address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a mail address: {why}")]
pub struct AddressError {
    /// What was given, as it was.
    pub text: String,
    /// What is wrong with it.
    pub why: &'static str,
}

impl Address {
    /// Reads a bare addr-spec such as `user@example.com` or `"a b"@example.com`.
    ///
    /// # Errors
    /// No `@`, an empty part, a control character or white space outside quotes, or a domain that
    /// has no A-label form.
    pub fn parse(text: &str) -> Result<Address, AddressError> {
        let fail = |why| AddressError {
            text: text.to_owned(),
            why,
        };
        let at = text.rfind('@').ok_or_else(|| fail("it has no @"))?;
        let (local, domain) = (&text[..at], &text[at + 1..]);
        if text.chars().any(char::is_control) {
            return Err(fail("it has a control character"));
        }
        let local = unquote(local).ok_or_else(|| fail("its local part is malformed"))?;
        let domain = canonical_domain(domain).ok_or_else(|| fail("its domain is malformed"))?;
        Ok(Address {
            text: text.to_owned(),
            local,
            domain,
        })
    }

    /// The spelling that was given.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The local part without quotes.
    pub fn local(&self) -> &str {
        &self.local
    }

    /// The domain as lower-case A-labels.
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// The one spelling shared by all addresses that are equal: quotes removed, A-labels.
    pub fn canonical(&self) -> String {
        format!("{}@{}", self.local, self.domain)
    }

    /// Whether the two differ, and only in the case of the local part.
    pub fn differs_only_in_case(&self, other: &Address) -> bool {
        self.domain == other.domain
            && self.local != other.local
            && self.local.to_lowercase() == other.local.to_lowercase()
    }
}

/// Removes quotes and quoted pairs of a local part; `None` if it is neither dot-atom nor quoted.
fn unquote(local: &str) -> Option<String> {
    if local.is_empty() {
        return None;
    }
    if let Some(quoted) = local.strip_prefix('"') {
        let quoted = quoted.strip_suffix('"')?;
        let mut plain = String::with_capacity(quoted.len());
        let mut chars = quoted.chars();
        while let Some(c) = chars.next() {
            match c {
                '\\' => plain.push(chars.next()?),
                '"' => return None,
                c => plain.push(c),
            }
        }
        return Some(plain);
    }
    // Consecutive, leading and trailing dots are obsolete syntax that real mailboxes have; they
    // compare exactly, so they are let through.
    let special = |c: char| c.is_whitespace() || "()<>[]:;@\\,\"".contains(c);
    (!local.contains(special)).then(|| local.to_owned())
}

fn canonical_domain(domain: &str) -> Option<String> {
    if let Some(literal) = domain.strip_prefix('[') {
        let inner = literal.strip_suffix(']')?;
        let allowed = |c: char| c.is_ascii_alphanumeric() || ".:-".contains(c);
        return inner
            .chars()
            .all(allowed)
            .then(|| domain.to_ascii_lowercase());
    }
    let domain = domain.strip_suffix('.').unwrap_or(domain);
    if domain.is_empty() || domain.starts_with('.') || domain.contains("..") {
        return None;
    }
    if domain.is_ascii() {
        let allowed = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
        return domain
            .chars()
            .all(allowed)
            .then(|| domain.to_ascii_lowercase());
    }
    idna::domain_to_ascii(domain)
        .ok()
        .filter(|ascii| !ascii.is_empty())
}

impl PartialEq for Address {
    fn eq(&self, other: &Address) -> bool {
        self.local == other.local && self.domain == other.domain
    }
}

impl Eq for Address {}

impl Hash for Address {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.local.hash(state);
        self.domain.hash(state);
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::str::FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Address, AddressError> {
        Address::parse(text)
    }
}

impl serde::Serialize for Address {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> serde::Deserialize<'de> for Address {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Address, D::Error> {
        let text = String::deserialize(deserializer)?;
        Address::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Address {
        Address::parse(text).unwrap()
    }

    #[test]
    fn domains_compare_without_case_and_local_parts_with_it() {
        assert_eq!(address("user@Example.COM"), address("user@example.com"));
        assert_ne!(address("User@example.com"), address("user@example.com"));
        assert!(address("User@example.com").differs_only_in_case(&address("user@EXAMPLE.com")));
        assert!(!address("user@example.com").differs_only_in_case(&address("user@example.com")));
    }

    #[test]
    fn labels_and_quotes_have_one_canonical_form() {
        assert_eq!(
            address("info@bücher.example"),
            address("info@xn--bcher-kva.example")
        );
        assert_eq!(address("\"user\"@example.com"), address("user@example.com"));
        assert_eq!(address("\"a \\\"b\"@example.com").local(), "a \"b");
    }

    #[test]
    fn what_is_not_an_address_is_refused() {
        for text in [
            "",
            "user",
            "@example.com",
            "user@",
            "a b@example.com",
            "user@exa mple.com",
            "user@example.com\0",
            "user@.example.com",
            "<user@example.com>",
            "a@b@example.com",
            "user@example..com",
            "user@exam\u{202e}ple.com",
            "\"a@example.com",
        ] {
            assert!(Address::parse(text).is_err(), "{text:?}");
        }
    }
}
