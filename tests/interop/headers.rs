//! Where programs end the header of a signed message: the reasons for what we reject and let through.

use mail_parser::{MessageParser, MimeHeaders};

use crate::peer::Peer;
use crate::place::Place;

const SEPARATOR: &str = "From rsa@example.com Tue Nov 24 08:00:00 2026";

/// A signed message with a line more in its header.
struct Headers {
    place: Place,
    python: Peer,
}

impl Headers {
    fn new() -> Option<Headers> {
        let (python, place) = (Peer::python()?, Place::new()?);
        place.sign("rsa", "");
        Some(Headers { place, python })
    }

    /// Writes `altered`: the message with `line` at the top or in the middle of its header.
    fn put(&self, line: &str, is_first: bool) {
        let signed = String::from_utf8(self.place.read("signed")).unwrap();
        let altered = match is_first {
            true => format!("{line}\n{signed}"),
            false => signed.replacen("Subject:", &format!("{line}\nSubject:"), 1),
        };
        assert_ne!(altered, signed);
        self.place.write("altered", altered);
    }

    /// Whether Python's email package sees two parts in `altered`; else it sees a text.
    fn python(&self) -> bool {
        let program = "import email; message = email.message_from_bytes(open('altered', 'rb').read()); \
            print(message.get_content_type(), len(message.get_payload()) == 2)";
        let seen = self.place.run(self.python, "-c", &[program]).done();
        let seen = String::from_utf8(seen).unwrap();
        let seen = seen.trim_end();
        assert!(
            ["multipart/signed True", "text/plain False"].contains(&seen),
            "{seen}"
        );
        seen.ends_with("True")
    }

    /// Holds that OpenSSL verifies `altered`, and mail-parser sees two parts.
    #[track_caller]
    fn others_go_on(&self) {
        let line = "cms -verify -in altered -CAfile ca.pem -out content";
        self.place.openssl(line, &[]).done();
        let octets = self.place.read("altered");
        let message = MessageParser::default().parse(&octets).unwrap();
        let is_signed = message.content_type().is_some_and(|content_type| {
            (content_type.ctype(), content_type.subtype()) == ("multipart", Some("signed"))
        });
        assert!(is_signed && message.parts[0].sub_parts().unwrap().len() == 2);
    }

    /// What we say of `altered`, and whether it is accepted.
    fn ours(&self) -> (bool, String) {
        let run = self
            .place
            .smime("verify --no-keystore --trust ca.pem altered", &[]);
        (run.succeeded, run.stderr)
    }
}

/// Python ends the header at such a line, or does not; others go on. We reject.
fn other_readers(line: &str, python_goes_on: bool) {
    let Some(headers) = Headers::new() else {
        return;
    };
    headers.put(line, false);
    assert_eq!(headers.python(), python_goes_on, "{line}");
    headers.others_go_on();
    let (is_accepted, told) = headers.ours();
    assert!(
        !is_accepted && told.contains("[mail.header-malformed]"),
        "{told}"
    );
}

cells! {
    other_readers:
    other_readers_of_no_field("this is no field", false),
    other_readers_of_blanks_in_a_name("Send the money: to Mallory", false),
    other_readers_of_blanks_behind_a_name("Send-the-money : to Mallory", false),
    other_readers_of_letters_beyond_ascii("X-\u{c4}: a name", false),
    other_readers_of_an_escaped_separator(">From rsa@example.com", false),
    other_readers_of_a_separator(SEPARATOR, true),
    other_readers_of_no_name(": a field", true),
}

/// All go on behind the line of a mailbox at the very top, and so do we, with a warning.
#[test]
fn separator_of_a_mailbox() {
    let Some(headers) = Headers::new() else {
        return;
    };
    headers.put(SEPARATOR, true);
    assert!(headers.python());
    headers.others_go_on();
    let (is_accepted, told) = headers.ours();
    let warning = "smime: warning: the header starts with the `From ` line of a mailbox";
    assert!(is_accepted && told.contains(warning), "{told}");
}
