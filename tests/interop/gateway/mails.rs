//! The messages that go through the server, and what has to become of each.

use super::site::{SIGNERS, Site};

/// What has to become of a message for one recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It arrives signed by Alice.
    Signed,
    /// It arrives encrypted for Bob, and signed by Alice inside.
    Encrypted,
    /// It arrives as it was.
    AsItWas,
    /// It arrives as it was, but for a field at its top with this result.
    Noted(&'static str),
    /// It arrives decrypted, and its signature was accepted.
    Decrypted,
    /// Its sender gets it back with a text of ours that names this reason.
    Returned(&'static str),
}

/// One message.
pub(super) struct Mail {
    /// What no other message has in its header, and in its sender or recipient.
    pub(super) mark: String,
    pub(super) is_outbound: bool,
    pub(super) sender: String,
    pub(super) recipients: Vec<(String, Fate)>,
    pub(super) message: String,
}

/// What is made once and sent many times, with [`MARK`] in its header.
pub(super) struct Templates {
    signed_by_alice: String,
    signed: Vec<String>,
    encrypted: String,
    not_for_us: String,
    rollover: String,
}

const MARK: &str = "MARK";

/// How many octets a mark has.
pub(super) const MARK_LENGTH: usize = 7;

/// The text of every body.
pub(super) const TEXT: &str = "The quick brown fox jumps over the lazy dog.";

fn plain(from: &str, to: &str) -> String {
    format!(
        "From: {from}\nTo: {to}\nSubject: Figures\nDate: Tue, 24 Nov 2026 08:00:00 +0000\n\
         Message-ID: <{MARK}@example.org>\n\n{TEXT}\n"
    )
}

fn malformed(from: &str, to: &str) -> String {
    let header = "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=open\n\n--open\n";
    plain(from, to).replacen("\n\n", &format!("\n{header}\n"), 1)
}

fn eight_bit(from: &str, to: &str) -> String {
    let header = "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\
                  Content-Transfer-Encoding: 8bit\n\nGr\u{fc}\u{df}e. ";
    plain(from, to).replacen("\n\n", &format!("\n{header}"), 1)
}

impl Templates {
    pub(super) fn new(site: &Site) -> Templates {
        let text = |octets: Vec<u8>| String::from_utf8(octets).unwrap();
        let to_alice = |name: &str| plain(&format!("{name}@partner.example"), ALICE);
        let partner = |line: &str, message: &str| text(site.partner_with(line, message.as_bytes()));
        let own = plain(ALICE, "dora@other.example");
        let signer = |number: usize| partner("sign", &to_alice(&format!("p{number}")));
        Templates {
            signed_by_alice: text(site.admin("sign", own.as_bytes())),
            signed: (0..SIGNERS).map(signer).collect(),
            encrypted: partner("encrypt --sign --certificate alice.pem", &to_alice("bob")),
            not_for_us: partner("encrypt --recipient bob@partner.example", &to_alice("bob")),
            rollover: partner(
                &format!("sign --signer {}", site.new_certificate),
                &to_alice("carol"),
            ),
        }
    }

    /// The message that is rejected at first because its certificate is new, with nothing of it
    /// kept unless the keystore can be written.
    pub(super) fn rollover(&self, number: usize) -> Mail {
        let mark = mark(number);
        Mail {
            is_outbound: false,
            sender: format!("{mark}@partner.example"),
            recipients: to(ALICE, Fate::Noted("fail")),
            message: self.rollover.replace(MARK, &mark),
            mark,
        }
    }

    /// The `number`th of `count` messages: one out, one in, and so on.
    pub(super) fn mail(&self, number: usize, count: usize) -> Mail {
        let mark = mark(number);
        let mut mail = match number % 2 {
            0 => outbound(self, &mark, number / 2),
            _ => self.inbound(&mark, number / 2, SIGNERS * number / count),
        };
        mail.message = mail.message.replace(MARK, &mark);
        mail.mark = mark;
        mail
    }

    fn inbound(&self, mark: &str, kind: usize, signer: usize) -> Mail {
        let signed = &self.signed[signer];
        let sender = format!("{mark}@partner.example");
        let mail = |fate: Fate, message: String| Mail {
            mark: String::new(),
            is_outbound: false,
            sender: sender.clone(),
            recipients: to(ALICE, fate),
            message,
        };
        match kind % 9 {
            0 => mail(Fate::Noted("none"), plain("erin@partner.example", ALICE)),
            1 | 2 => mail(Fate::Noted("pass"), signed.clone()),
            3 => mail(Fate::Noted("fail"), signed.replace("quick", "slow")),
            4 => mail(Fate::Decrypted, self.encrypted.clone()),
            5 => mail(
                Fate::Noted("none"),
                malformed("erin@partner.example", ALICE),
            ),
            6 => mail(Fate::Noted("none"), self.not_for_us.clone()),
            7 => {
                let message = plain("teller@bank.example", ALICE);
                let mut mail = mail(Fate::Returned("policy.signature-required"), message);
                mail.sender = format!("{mark}@bank.example");
                mail
            }
            _ => {
                let mut mail = mail(Fate::Noted("pass"), signed.clone());
                mail.sender = String::new();
                mail.recipients[0].0 = format!("{mark}@example.com");
                mail
            }
        }
    }
}

/// Alice, the one of our users who has a certificate.
const ALICE: &str = "alice@example.com";

fn mark(number: usize) -> String {
    format!("n{number:05}n")
}

fn to(address: &str, fate: Fate) -> Vec<(String, Fate)> {
    vec![(address.to_owned(), fate)]
}

fn outbound(templates: &Templates, mark: &str, kind: usize) -> Mail {
    let dora = "dora@other.example";
    let bob = "bob@partner.example";
    let own = format!("{mark}@example.com");
    let mail = |recipients: Vec<(String, Fate)>, message: String| Mail {
        mark: String::new(),
        is_outbound: true,
        sender: own.clone(),
        recipients,
        message,
    };
    match kind % 11 {
        0 => mail(to(dora, Fate::Signed), plain(ALICE, dora)),
        1 => mail(to(bob, Fate::Encrypted), plain(ALICE, bob)),
        2 => mail(
            to(dora, Fate::Returned("policy.recipient-certificate-missing")),
            plain(ALICE, dora).replace("Figures", "[encrypt] Figures"),
        ),
        3 => mail(to(dora, Fate::AsItWas), malformed(ALICE, dora)),
        4 => mail(to(dora, Fate::AsItWas), templates.signed_by_alice.clone()),
        5 => mail(
            [to(bob, Fate::Encrypted), to(dora, Fate::Signed)].concat(),
            plain(ALICE, &format!("{bob}, {dora}")),
        ),
        // The null sender, and a blind copy.
        6 => Mail {
            sender: String::new(),
            ..mail(
                to(&format!("{mark}@other.example"), Fate::Signed),
                plain(ALICE, bob),
            )
        },
        7 => mail(to(bob, Fate::Encrypted), eight_bit(ALICE, bob)),
        8 => mail(
            to("frank@example.com", Fate::AsItWas),
            plain(ALICE, "frank@example.com"),
        ),
        9 => mail(
            to(bob, Fate::Encrypted),
            plain(ALICE, bob).replace("Figures", "[encrypt] x"),
        ),
        _ => hostile(kind / 11, mark, mail(Vec::new(), plain(ALICE, dora))),
    }
}

/// Addresses that shells and programs may take for something else.
fn hostile(kind: usize, mark: &str, mail: Mail) -> Mail {
    let local = match kind % 8 {
        0 => format!("-oQ{mark}"),
        1 => format!("\"$(touch pwned) {mark}\""),
        2 => format!("`touch${{IFS}}pwned`{mark}"),
        3 => format!("\"; touch pwned; {mark}\""),
        4 => format!("|{mark}&'*?~#"),
        5 => format!("--split-dir={mark}"),
        6 => format!("\"{mark}\\\" -t <x>, y\""),
        _ => format!("${{HOME}}{mark}"),
    };
    Mail {
        sender: format!("{local}@example.com"),
        recipients: to(&format!("{local}@other.example"), Fate::Signed),
        ..mail
    }
}
