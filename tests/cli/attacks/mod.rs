//! Attacks on signed and encrypted mail, each made after a published description, through the built
//! program.
//!
//! The table in SECURITY.md has a row for each test here: what is tried, who described it, and the
//! code of the answer, which the test has to expect. `tests/project/attacks.rs` holds the two
//! together.

mod authors;
mod content;
pub(crate) mod element;
mod encryption;
mod header_protection;
mod labels;
mod layers;
mod signers;
mod structure;

use crate::place::{Place, Run};

/// A part with text that nobody signed.
const UNSIGNED: &str = "Content-Type: text/html\r\n\r\n<p>Send the money to Mallory.</p>";

/// The entity of a message: its Content-* fields and what follows.
fn entity(message: &str) -> &str {
    &message[message.find("Content-Type").unwrap()..]
}

/// The message with a multipart of these parts in place of its content.
fn with_parts(message: &str, subtype: &str, parts: &[&str]) -> String {
    let header = &message[..message.find("Content-Type").unwrap()];
    let parts: String = parts
        .iter()
        .map(|part| format!("--outer\r\n{}\r\n", part.trim_end_matches("\r\n")))
        .collect();
    format!("{header}Content-Type: multipart/{subtype}; boundary=outer\r\n\r\n{parts}--outer--\r\n")
}

impl Place {
    /// Holds that a message is accepted although something is wrong with it, which is told.
    #[track_caller]
    fn accepts_with(&self, arguments: &[&str], message: &str, severity: &str, code: &str) -> Run {
        let run = self.filter(&[arguments, &["--json", "-o", "out.eml"]].concat(), message);
        assert_eq!(run.status, 0, "{run:?}");
        assert_eq!(crate::office::findings(&run.json(), severity), [code]);
        run
    }
}
