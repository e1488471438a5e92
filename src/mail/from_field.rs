//! Who a message says it is from: the From field judged strictly, and what is shown beside it.
//!
//! The signature is compared with one address. Programs that read a malformed or repeated From
//! field in different ways would show one author to the reader and another to the check, so
//! anything but one field with one mailbox is told apart here (RFC 5322 section 3.6.2; a group, as
//! RFC 6854 has it, names no author).

use crate::address::Address;
use crate::mail::HeaderFields;
use crate::mail::address_list::{AddressList, Mailbox};
use crate::mail::header::octets_to_text;

/// The From field or fields of a header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FromField {
    /// One field with one mailbox.
    One {
        /// Its addr-spec.
        address: Address,
        /// Its display name, decoded; may be empty.
        display: String,
    },
    /// No field, or one that holds nothing.
    Missing,
    /// Several fields, or several mailboxes in one.
    Several {
        /// All addr-specs that can be read.
        addresses: Vec<Address>,
    },
    /// One field that does not hold one mailbox: a display name alone, a group, a syntax error.
    Malformed {
        /// The field body.
        text: String,
    },
}

impl HeaderFields {
    /// Judges the From field.
    pub fn from_field(&self) -> FromField {
        let bodies: Vec<_> = self.all("From").map(|field| field.unfolded()).collect();
        let body = match &bodies[..] {
            [] => return FromField::Missing,
            [body] => body,
            _ => {
                let addresses = self.address_list(&["From"]).addresses().cloned().collect();
                return FromField::Several { addresses };
            }
        };
        let AddressList {
            mut mailboxes,
            unreadable,
            has_group,
        } = AddressList::read(body);
        match (mailboxes.len(), unreadable.is_empty() && !has_group) {
            (0, true) => FromField::Missing,
            (1, true) => {
                let Mailbox { display, address } = mailboxes.remove(0);
                FromField::One { address, display }
            }
            (0 | 1, false) => FromField::Malformed {
                text: octets_to_text(body).trim().to_owned(),
            },
            _ => FromField::Several {
                addresses: mailboxes
                    .into_iter()
                    .map(|mailbox| mailbox.address)
                    .collect(),
            },
        }
    }

    /// The address of the Sender field, if it holds exactly one.
    pub fn sender(&self) -> Option<Address> {
        let mut list = self.address_list(&["Sender"]);
        let is_one = list.mailboxes.len() == 1 && list.unreadable.is_empty();
        is_one.then(|| list.mailboxes.remove(0).address)
    }

    /// An address that the display name of From shows and that is not the address of From.
    ///
    /// Compared without regard to case, and with the wide forms of `@` read as `@`.
    pub fn display_address_differs(&self) -> Option<String> {
        let FromField::One { address, display } = self.from_field() else {
            return None;
        };
        addresses_in(&display)
            .into_iter()
            .find(|shown| *shown != address && !shown.differs_only_in_case(&address))
            .map(|shown| shown.as_str().to_owned())
    }
}

/// Everything in a text that looks like an address.
fn addresses_in(text: &str) -> Vec<Address> {
    let text = text.replace(['\u{ff20}', '\u{fe6b}'], "@");
    text.split(|c: char| c.is_whitespace() || "<>()[]\"',;:".contains(c))
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter_map(|word| Address::parse(word).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(text: &str) -> HeaderFields {
        HeaderFields::new(text.as_bytes().to_vec())
    }

    fn verdict(text: &str) -> &'static str {
        match header(text).from_field() {
            FromField::One { .. } => "one",
            FromField::Missing => "missing",
            FromField::Several { .. } => "several",
            FromField::Malformed { .. } => "malformed",
        }
    }

    #[test]
    fn only_one_field_with_one_mailbox_names_an_author() {
        for (text, expected) in [
            ("From: a@example.com\n", "one"),
            ("from : A <a@example.com>\n", "one"),
            ("From:\n =?utf-8?q?A?=\n <a@example.com>\n", "one"),
            ("Subject: x\n", "missing"),
            ("From:\n", "missing"),
            ("From: (a@example.com)\n", "missing"),
            ("From: ,\n", "missing"),
            ("From: A\n", "malformed"),
            ("From: <>\n", "malformed"),
            ("From: A <>\n", "malformed"),
            ("From: Group: a@example.com;\n", "malformed"),
            ("From: Group:;\n", "malformed"),
            ("From: a@example.com, nobody\n", "malformed"),
            ("From: =?utf-8?q?a=40example.com?=\n", "malformed"),
            ("From: b@example.net <a@example.com>\n", "malformed"),
            ("From: a@example.com\0\n", "malformed"),
            ("From: <a@example.com> <b@example.net>\n", "malformed"),
            ("From: a@example.com, b@example.net\n", "several"),
            ("From: a@example.com\nFrom: a@example.com\n", "several"),
            ("From: a@example.com\nFROM:\n", "several"),
        ] {
            assert_eq!(verdict(text), expected, "{text:?}");
        }
        let several = header("From: a@example.com\nX: y\nFrom: B <b@example.net>\n").from_field();
        let FromField::Several { addresses } = several else {
            panic!("{several:?}");
        };
        assert_eq!(addresses.len(), 2);
    }

    #[test]
    fn a_display_name_that_shows_another_address_is_found() {
        for (from, shown) in [
            ("\"b@example.net\" <a@example.com>", Some("b@example.net")),
            (
                "\"B (b@example.net)\" <a@example.com>",
                Some("b@example.net"),
            ),
            (
                "=?utf-8?q?b=40example=2Enet?= <a@example.com>",
                Some("b@example.net"),
            ),
            (
                "\"b\u{ff20}example.net\" <a@example.com>",
                Some("b@example.net"),
            ),
            ("a@example.com (b@example.net)", Some("b@example.net")),
            ("\"A@Example.com\" <a@example.com>", None),
            ("\"me @ work\" <a@example.com>", None),
            ("A <a@example.com>", None),
        ] {
            let header = header(&format!("From: {from}\n"));
            assert_eq!(header.display_address_differs().as_deref(), shown, "{from}");
        }
    }

    #[test]
    fn senders_and_recipients() {
        let header = header(
            "Sender: S <s@example.com>\nBcc: b@example.com\nTo: t@example.com\n\
             CC: Group: c@example.com;\nTo: u@example.com\n",
        );
        assert_eq!(header.sender().unwrap().as_str(), "s@example.com");
        let text = |list: Vec<Address>| list.iter().map(Address::to_string).collect::<Vec<_>>();
        let to_and_cc = text(header.to_and_cc());
        assert_eq!(
            to_and_cc,
            ["t@example.com", "u@example.com", "c@example.com"]
        );
        assert_eq!(text(header.bcc()), ["b@example.com"]);
    }
}
