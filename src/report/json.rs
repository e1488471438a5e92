//! The report for programs: JSON documents, one a line.

use std::io;

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

use crate::report::Report;
use crate::stdio::is_hidden;
use crate::verdict::{Outcome, Verdict};

/// The number of the format. Keys are only ever added; another meaning would be another number.
pub const FORMAT: u32 = 1;

/// The document of a report.
pub fn document<'a>(report: &Report<'a>) -> impl Serialize + use<'a> {
    #[derive(Serialize)]
    struct Document<'a> {
        format: u32,
        command: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        file: Option<&'a str>,
        verdict: Outcome,
        #[serde(skip_serializing_if = "Option::is_none")]
        error: Option<Failure>,
        #[serde(flatten)]
        found: &'a Verdict,
    }
    #[derive(Serialize)]
    struct Failure {
        exit: u8,
        summary: String,
        hint: String,
    }
    Document {
        format: FORMAT,
        command: report.command,
        file: report.file,
        verdict: report.outcome,
        error: report.error.map(|error| Failure {
            exit: error.exit_status().code(),
            summary: error.summary(),
            hint: error.hints().join(" "),
        }),
        found: report.verdict,
    }
}

/// The octets of `document`: one line of JSON with its line end.
///
/// What a terminal would obey or hide is written as `\u` escapes, which readers undo.
///
/// # Errors
/// A map of the document has a key that is no string, which is a bug.
pub fn encode(document: &impl Serialize) -> io::Result<Vec<u8>> {
    let mut octets = Vec::new();
    document.serialize(&mut Serializer::with_formatter(&mut octets, Visible))?;
    octets.push(b'\n');
    Ok(octets)
}

struct Visible;

impl Formatter for Visible {
    fn write_string_fragment<W: io::Write + ?Sized>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = rest.find(is_hidden) {
            writer.write_all(&rest.as_bytes()[..at])?;
            let mut hidden = rest[at..].chars();
            for unit in hidden
                .next()
                .map(|c| c.encode_utf16(&mut [0; 2]).to_vec())
                .unwrap_or_default()
            {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = hidden.as_str();
        }
        writer.write_all(rest.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{CommandError, ErrorKind};
    use crate::report::samples;

    fn value(report: &Report<'_>) -> serde_json::Value {
        serde_json::from_slice(&encode(&document(report)).unwrap()).unwrap()
    }

    #[test]
    fn the_keys_are_those_of_the_contract() {
        let verdict = samples::verdict();
        let value = value(&Report::of("verify", &verdict));
        let keys: Vec<&String> = value.as_object().unwrap().keys().collect();
        let mut expected = [
            "format",
            "command",
            "verdict",
            "message",
            "layers",
            "findings",
            "extracted",
            "policy",
            "resend_would_pass",
        ];
        expected.sort_unstable();
        assert_eq!(keys, expected);
        assert_eq!(value["verdict"], "rejected");
        let signer = &value["layers"][0]["signers"][0];
        assert_eq!(signer["checks"]["revocation"], "not-checked");
        assert_eq!(signer["subject"], "CN=Other\u{202e}");
        assert_eq!(value["findings"][1]["code"], "smime.from-mismatch");
        assert_eq!(value["findings"][1]["rule"], "RFC 8550 section 3");
    }

    #[test]
    fn an_error_has_its_status_and_hint() {
        let error = CommandError::new(ErrorKind::NoInput, "cannot open mail.eml").hint("Look.");
        let value = value(&Report::failed("sign", &error, &Verdict::default()));
        assert_eq!(value["verdict"], "error");
        assert_eq!(value["error"]["exit"], 66);
        assert_eq!(value["error"]["hint"], "Look.");
    }

    #[test]
    fn no_octet_of_the_document_steers_a_terminal() {
        let octets = encode(&["a\u{202e}\u{9b}\u{e0041}\x7f"]).unwrap();
        assert_eq!(octets, b"[\"a\\u202e\\u009b\\udb40\\udc41\\u007f\"]\n");
    }
}
