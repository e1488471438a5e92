//! What became of each message.

use std::collections::HashMap;

use super::mails::{Fate, MARK_LENGTH, Mail, TEXT};
use super::site::Site;
use crate::postfix::Postfix;

/// What became of all.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) delivered: usize,
    pub(super) returned: usize,
    /// How often Postfix had to keep one and try again.
    pub(super) deferred: usize,
    /// How many runs of the filter were killed.
    pub(super) killed: usize,
    /// How many came more often than they were sent.
    pub(super) doubled: usize,
}

impl Tally {
    /// Holds that each message ended as it should: at least once, and more often only where a run of
    /// its filter was killed.
    pub(super) fn new(
        site: &Site,
        mails: &[Mail],
        (killed, log): (&[String], &str),
        postfix: &Postfix,
    ) -> Tally {
        let runs = log.lines().filter(|line| line.contains("relay=smime"));
        let mut tally = Tally {
            killed: killed.len(),
            deferred: runs.filter(|line| line.contains("status=deferred")).count(),
            ..Tally::default()
        };
        let mut arrived = arrived(postfix);
        let mut protected = Protected::default();
        for mail in mails {
            let copies = arrived.remove(&mail.mark).unwrap_or_default();
            let of_this = |line: &&String| line.contains(&mail.mark);
            let killed = killed.iter().filter(of_this).count();
            let extra = copies.len().checked_sub(mail.recipients.len());
            assert!(
                extra.is_some_and(|extra| extra <= killed),
                "{}: there are {}, and {killed} filters were killed\n{log}",
                mail.mark,
                copies.len(),
            );
            tally.doubled += extra.unwrap_or_default();
            for (recipient, fate) in &mail.recipients {
                let (to, counter) = match fate {
                    Fate::Returned(_) => (&mail.sender, &mut tally.returned),
                    _ => (recipient, &mut tally.delivered),
                };
                let own: Vec<&Arrival> = copies.iter().filter(|copy| copy.to == *to).collect();
                assert!(!own.is_empty(), "{}: nothing for {to}\n{log}", mail.mark);
                *counter += 1;
                for copy in own {
                    assert!(
                        copy.is(*fate, &mail.message),
                        "{}: not {fate:?}\n{}\n{log}",
                        mail.mark,
                        copy.text
                    );
                    protected.add(*fate, &copy.text);
                }
            }
        }
        assert!(arrived.is_empty(), "{:?}", arrived.keys());
        protected.verify(site);
        tally
    }
}

/// A message in a mailbox.
struct Arrival {
    to: String,
    text: String,
}

/// All of them, by the mark in the message, or in the one that it returns.
fn arrived(postfix: &Postfix) -> HashMap<String, Vec<Arrival>> {
    let mut arrived: HashMap<String, Vec<Arrival>> = HashMap::new();
    for file in std::fs::read_dir(postfix.mailboxes().join("all/new")).unwrap() {
        let octets = std::fs::read(file.unwrap().path()).unwrap();
        let text = String::from_utf8(octets).unwrap();
        let behind = |start: &str| text.split_once(start).unwrap().1;
        let mark = behind("\nMessage-ID: <")[..MARK_LENGTH].to_owned();
        let to = behind("\nDelivered-To: ").lines().next().unwrap();
        let to = to.to_owned();
        arrived.entry(mark).or_default().push(Arrival { to, text });
    }
    arrived
}

impl Arrival {
    /// Whether this is what has to become of the message that was sent.
    fn is(&self, fate: Fate, sent: &str) -> bool {
        let (header, _) = self.text.split_once("\n\n").unwrap();
        let notes: Vec<&str> = header.split("\nAuthentication-Results: ").skip(1).collect();
        let has_result = |result: &str| {
            let start = format!("mx.example.com;\n smime={result}\n");
            matches!(notes[..], [note] if format!("{note}\n").starts_with(&start))
        };
        match fate {
            Fate::Signed => header.contains("\nContent-Type: multipart/signed;"),
            Fate::Encrypted => {
                header.contains("\nContent-Type: application/pkcs7-mime;")
                    && !self.text.contains(TEXT)
            }
            Fate::AsItWas => notes.is_empty() && self.text.ends_with(sent),
            Fate::Noted(result) => has_result(result) && self.text.ends_with(sent),
            Fate::Decrypted => {
                has_result("pass") && self.text.contains(TEXT) && !sent.contains(TEXT)
            }
            Fate::Returned(code) => {
                let text = self.text.replace("\n    ", " ");
                header.contains("<MAILER-DAEMON@")
                    && text.contains("\nStatus: 5.7.1\n")
                    && text.contains(&format!("[{code}]"))
            }
        }
    }
}

/// What was protected, for the partner to read.
#[derive(Default)]
struct Protected {
    signed: Vec<String>,
    encrypted: Vec<String>,
}

impl Protected {
    fn add(&mut self, fate: Fate, text: &str) {
        match fate {
            Fate::Signed => self.signed.push(text.to_owned()),
            Fate::Encrypted => self.encrypted.push(text.to_owned()),
            _ => {}
        }
    }

    /// Holds that the partner accepts all of it.
    fn verify(&self, site: &Site) {
        for (name, messages, layers) in [
            ("signed", &self.signed, &["signed"][..]),
            ("encrypted", &self.encrypted, &["enveloped", "signed"]),
        ] {
            std::fs::create_dir(site.path(name)).unwrap();
            let mut line = format!("verify --json --output-dir {name}-read");
            for (number, text) in messages.iter().enumerate() {
                let file = format!("{name}/{number}");
                std::fs::write(site.path(&file), text).unwrap();
                line = format!("{line} {file}");
            }
            let told = String::from_utf8(site.partner(&line)).unwrap();
            assert_eq!(told.lines().count(), messages.len());
            for line in told.lines() {
                let report: serde_json::Value = serde_json::from_str(line).unwrap();
                let found = report["layers"].as_array().unwrap().iter();
                // With a tag, once Bob has signed something that says he reads that.
                let kind = |layer: &serde_json::Value| {
                    let kind = layer["kind"].as_str().unwrap();
                    kind.trim_start_matches("auth-").to_owned()
                };
                let found: Vec<String> = found.map(kind).collect();
                assert_eq!(report["verdict"], "accepted");
                assert_eq!(found, layers);
            }
        }
    }
}
