//! Whether a name is within a subtree, form by form: RFC 5280 section 4.2.1.10, and RFC 9598
//! section 6 for internationalized mailboxes.

use core::net::Ipv4Addr;

use super::ConstrainedName;
use crate::address::Address;
use crate::pki::general_name::GeneralName;
use crate::pki::oid::Oid;

/// The form of a name: a constraint of one says nothing about the others.
#[derive(PartialEq, Eq)]
enum Form<'a> {
    /// rfc822Name, and SmtpUTF8Mailbox, which is constrained by it (RFC 9598 section 6).
    Mailbox,
    Dns,
    Directory,
    Uri,
    Ip,
    /// Another otherName, by its type.
    Other(&'a Oid),
    /// A form without a meaning here, by its tag.
    Numbered(u8),
}

fn form(name: &GeneralName) -> Form<'_> {
    match name {
        GeneralName::Rfc822(_) | GeneralName::SmtpUtf8Mailbox(_) | GeneralName::Unread(1) => {
            Form::Mailbox
        }
        GeneralName::Dns(_) | GeneralName::Unread(2) => Form::Dns,
        GeneralName::Directory(_) | GeneralName::Unread(4) => Form::Directory,
        GeneralName::Uri(_) | GeneralName::Unread(6) => Form::Uri,
        GeneralName::Ip(_) | GeneralName::Unread(7) => Form::Ip,
        GeneralName::Other(kind) => Form::Other(kind),
        GeneralName::Unread(number) => Form::Numbered(*number),
    }
}

/// Whether a subtree constrains names of this form.
pub(super) fn concerns(base: &GeneralName, name: &ConstrainedName<'_>) -> bool {
    form(base)
        == match name {
            ConstrainedName::Subject(_) => Form::Directory,
            ConstrainedName::EmailAddress(_) => Form::Mailbox,
            ConstrainedName::Alternative(name) => form(name),
        }
}

/// Whether a name is within the subtree at `base`; `None` if that cannot be told.
pub(super) fn is_within(base: &GeneralName, name: &ConstrainedName<'_>) -> Option<bool> {
    match (base, name) {
        (GeneralName::Directory(base), ConstrainedName::Subject(name)) => {
            Some(name.starts_with(base))
        }
        (GeneralName::Rfc822(base), ConstrainedName::EmailAddress(text)) => mailbox(base, text),
        (base, ConstrainedName::Alternative(name)) => match (base, name) {
            (
                GeneralName::Rfc822(base),
                GeneralName::Rfc822(text) | GeneralName::SmtpUtf8Mailbox(text),
            ) => mailbox(base, text),
            (GeneralName::Dns(base), GeneralName::Dns(host)) => Some(domain(base, host)),
            (GeneralName::Directory(base), GeneralName::Directory(name)) => {
                Some(name.starts_with(base))
            }
            (GeneralName::Uri(base), GeneralName::Uri(uri)) => {
                Some(host_within(base, uri_host(uri)?)?)
            }
            (GeneralName::Ip(base), GeneralName::Ip(address)) => network(base, address),
            _ => None,
        },
        _ => None,
    }
}

/// A base is a mailbox, a host, or a domain with a dot before it, which stands for the hosts below.
///
/// Domains compare as A-labels without case, local parts exactly. A mailbox that can be written as
/// rfc822Name and is written as SmtpUTF8Mailbox is the same mailbox.
fn mailbox(base: &str, text: &str) -> Option<bool> {
    let address = Address::parse(text).ok()?;
    if base.contains('@') {
        return Some(Address::parse(base).ok()? == address);
    }
    host_within(base, address.domain())
}

/// A base is a host, or a domain with a dot before it, which stands for the hosts below.
fn host_within(base: &str, host: &str) -> Option<bool> {
    match base.strip_prefix('.') {
        Some("") => None,
        None if base.is_empty() => None,
        Some(_) => Some(ends_with(host, base) && host.len() > base.len()),
        None => Some(host.eq_ignore_ascii_case(base)),
    }
}

/// A name of the DNS is within the base if labels on the left make one of the other; the empty base
/// holds all. With a dot before it, which is no valid base and occurs, at least one label is missing.
fn domain(base: &str, host: &str) -> bool {
    if base.is_empty() || host.eq_ignore_ascii_case(base) {
        return true;
    }
    let before = host.len().checked_sub(base.len() + 1);
    let dotted = before.is_some_and(|at| host.as_bytes()[at] == b'.');
    (dotted || base.starts_with('.')) && ends_with(host, base)
}

fn ends_with(text: &str, end: &str) -> bool {
    let at = text.len().checked_sub(end.len());
    at.is_some_and(|at| text.as_bytes()[at..].eq_ignore_ascii_case(end.as_bytes()))
}

/// The host of a URI; `None` where there is none, or an address, which no constraint can be compared
/// with.
fn uri_host(uri: &str) -> Option<&str> {
    let (_, rest) = uri.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    let host = match host.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|octet| octet.is_ascii_digit()) => host,
        _ => host,
    };
    let host = host.strip_suffix('.').unwrap_or(host);
    let is_name = !host.is_empty()
        && !host.starts_with('[')
        && !host.contains(':')
        && host.parse::<Ipv4Addr>().is_err();
    is_name.then_some(host)
}

/// A base is an address and a mask, RFC 4632: four octets each, or sixteen.
fn network(base: &[u8], address: &[u8]) -> Option<bool> {
    let known = |length| matches!(length, 4 | 16);
    if !known(address.len()) || !base.len().is_multiple_of(2) || !known(base.len() / 2) {
        return None;
    }
    if base.len() != 2 * address.len() {
        return Some(false);
    }
    let (network, mask) = base.split_at(address.len());
    let ones: u32 = mask.iter().map(|octet| octet.count_ones()).sum();
    let leading: u32 = mask
        .iter()
        .scan(true, |open, octet| {
            let counts = *open;
            *open &= *octet == 0xff;
            counts.then(|| octet.leading_ones())
        })
        .sum();
    if ones != leading {
        return None;
    }
    let mut octets = network.iter().zip(mask).zip(address);
    Some(octets.all(|((network, mask), address)| network & mask == address & mask))
}
