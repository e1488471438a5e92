//! Who the message says it is from, and whether the signer's certificate says so too.
//!
//! Stricter than RFC 8550 section 3: the addr-spec of the one mailbox in the one From field has to
//! be in the certificate; neither Sender nor a certificate without addresses will do.

use crate::address::Address;
use crate::mail::conformance::unreadable;
use crate::mail::header::HeaderLine;
use crate::mail::{Entity, FromField, HeaderFields};
use crate::pki::Certificate;
use crate::policy::profile::EnvelopeFrom;
use crate::reason::{Reason, Severity};
use crate::verdict::{Check, Finding};

/// Whom the signature has to be from.
#[derive(Clone, Debug)]
pub(super) enum Author {
    /// The address in From, or the one that was expected in its place.
    Address(Address),
    /// There is no usable From field, which was found already.
    Unusable,
    /// A bare object says nothing about an author, and nobody was expected.
    Unasked,
}

impl Author {
    /// Judges the header, or takes what was expected in its place.
    pub(super) fn find(
        header: Option<&HeaderFields>,
        expected: Option<&Address>,
        findings: &mut Vec<Finding>,
    ) -> Author {
        if let Some(expected) = expected {
            return Author::Address(expected.clone());
        }
        let Some(header) = header else {
            findings.push(Finding::new(Reason::SmimeAuthorUnknown));
            return Author::Unasked;
        };
        let unusable = |summary: &str| Finding::new(Reason::MailMultipleFrom).saying(summary);
        let finding = match header.from_field() {
            FromField::One { address, .. } => {
                findings.extend(other_address_shown(header, &address));
                return Author::Address(address);
            }
            FromField::Missing => unusable("the message has no From field"),
            FromField::Several { addresses } => {
                let listed: Vec<_> = addresses.iter().map(Address::as_str).collect();
                unusable("the message has more than one author in From")
                    .with("from", listed.join(", "))
            }
            FromField::Malformed { text } => {
                unusable("the From field holds no mail address that can be read").with("from", text)
            }
        };
        findings.push(finding);
        Author::Unusable
    }

    /// The address, if there is one.
    pub(super) fn address(&self) -> Option<&Address> {
        match self {
            Author::Address(address) => Some(address),
            Author::Unusable | Author::Unasked => None,
        }
    }

    /// Compares the author with the addresses of a certificate.
    pub(super) fn compare(&self, certificate: &Certificate) -> (Check, Option<Finding>) {
        let author = match self {
            Author::Address(author) => author,
            Author::Unusable => return (Check::Fail, None),
            Author::Unasked => return (Check::NotChecked, None),
        };
        let addresses = certificate.addresses();
        if addresses.contains(author) {
            return (Check::Pass, None);
        }
        let listed: Vec<_> = addresses.iter().map(Address::as_str).collect();
        let mut finding = Finding::new(Reason::SmimeFromMismatch)
            .with("from", author)
            .with("certificate", listed.join(", "));
        if addresses
            .iter()
            .any(|address| address.differs_only_in_case(author))
        {
            finding = finding.hinting(
                "The two differ only in upper and lower case before the @, which mail servers may \
                 tell apart; have the certificate issued for the address as it is written in From.",
            );
        }
        (Check::Fail, Some(finding))
    }
}

/// What makes the header of a message ambiguous, so that other programs may see another author in it.
pub(super) fn ambiguity(message: &Entity) -> Option<Finding> {
    let is_hidden_from = |line| match line {
        HeaderLine::Malformed(line) => {
            let name = line
                .split(|&octet| octet == b':')
                .next()
                .unwrap_or_default();
            name.trim_ascii().eq_ignore_ascii_case(b"from")
        }
        _ => false,
    };
    let hidden = || {
        let is_hidden = message.header.lines().any(is_hidden_from);
        is_hidden.then_some("the header holds a From field that is broken before its colon")
    };
    let what = unreadable(message).or_else(hidden)?;
    Some(Finding::new(Reason::MailHeaderMalformed).saying(what))
}

/// A Sender field or a display name that shows another address than From.
fn other_address_shown(header: &HeaderFields, from: &Address) -> Vec<Finding> {
    let finding = |shown: String, place: &str| {
        Finding::new(Reason::SmimeSenderDiffers)
            .saying(format!("the {place} shows another address than From"))
            .with("from", from)
            .with("shown", shown)
    };
    let sender = header.sender().filter(|sender| sender != from);
    let sender = sender.map(|sender| finding(sender.to_string(), "Sender field"));
    let display = header.display_address_differs();
    let display = display.map(|shown| finding(shown, "display name of From"));
    sender.into_iter().chain(display).collect()
}

/// Compares the envelope sender with the author. The null sender `""` is never compared.
pub(super) fn compare_envelope(
    envelope_from: Option<&str>,
    author: &Author,
    mode: EnvelopeFrom,
) -> Option<Finding> {
    let envelope = envelope_from.filter(|envelope| !envelope.is_empty())?;
    let author = author.address()?;
    let equal = Address::parse(envelope).is_ok_and(|envelope| envelope == *author);
    if equal || mode == EnvelopeFrom::Off {
        return None;
    }
    let finding = Finding::new(Reason::SmimeEnvelopeFromMismatch)
        .with("envelope-from", envelope)
        .with("from", author);
    Some(match mode {
        EnvelopeFrom::Warn => finding.weighing(Severity::Warning),
        EnvelopeFrom::Reject | EnvelopeFrom::Off => finding,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asn1::oid;
    use crate::asn1::tag::Tag;
    use crate::asn1::write::DerWriter;
    use crate::pki::Name;
    use crate::pki::test_pki::{Draft, text_name};

    fn utf8_mailbox(address: &str) -> Vec<u8> {
        let mut name = DerWriter::new();
        name.nested(Tag::context(0), |name| {
            name.oid(&oid::SMTP_UTF8_MAILBOX)
                .nested(Tag::context(0), |value| {
                    value.element(Tag::universal(12), address.as_bytes());
                });
        });
        name.into_vec()
    }

    fn email_address(address: &str) -> Name {
        let mut name = DerWriter::new();
        name.sequence(|name| {
            name.nested(Tag::SET, |part| {
                part.sequence(|attribute| {
                    attribute
                        .oid(&oid::EMAIL_ADDRESS)
                        .element(Tag::universal(22), address.as_bytes());
                });
            });
        });
        Name::decode(&name.into_vec()).unwrap()
    }

    #[test]
    fn every_form_of_address_in_a_certificate_names_its_author() {
        let names = [
            text_name(1, "first@example.com"),
            text_name(1, "second@xn--bcher-kva.example"),
            utf8_mailbox("j\u{f6}rg@b\u{fc}cher.example"),
        ];
        let draft = Draft::leaf("user", 1).alternative_names(&names);
        let certificate = draft
            .subject(email_address("legacy@example.com"))
            .issued_by("Root", 0);
        for (from, expected) in [
            ("first@example.com", Check::Pass),
            ("first@EXAMPLE.com", Check::Pass),
            ("\"first\"@example.com", Check::Pass),
            ("second@b\u{fc}cher.example", Check::Pass),
            ("second@xn--bcher-kva.example", Check::Pass),
            ("j\u{f6}rg@xn--bcher-kva.example", Check::Pass),
            ("j\u{f6}rg@B\u{dc}CHER.example", Check::Pass),
            ("legacy@example.com", Check::Pass),
            ("First@example.com", Check::Fail),
            ("jorg@b\u{fc}cher.example", Check::Fail),
            ("user@example.com", Check::Fail),
        ] {
            let author = Author::Address(Address::parse(from).unwrap());
            let (check, finding) = author.compare(&certificate);
            assert_eq!(check, expected, "{from}");
            assert_eq!(finding.is_some(), expected == Check::Fail, "{from}");
            let hinted = finding.is_some_and(|finding| finding.hint().contains("lower case"));
            assert_eq!(hinted, from.starts_with('F'), "{from}");
        }
    }
}
