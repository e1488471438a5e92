//! Two keystores that are made once and copied, the mail that goes between them, and what holds of
//! every rejection.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::place::{Place, Run};

/// A message from Alice to Bob.
pub(crate) const MAIL: &str = "From: Alice <alice@example.com>\r\n\
    To: Bob <bob@example.com>\r\n\
    Subject: Figures\r\n\
    Date: Tue, 24 Nov 2026 08:00:00 +0000\r\n\
    Message-ID: <1@example.com>\r\n\
    MIME-Version: 1.0\r\n\
    Content-Type: text/plain; charset=utf-8\r\n\
    \r\n\
    Hello Bob,\r\n\
    the figures are in.\r\n";

/// `store` with a CA, Alice and Bob; `partner` with another CA, Carol and Dave.
static KEYSTORES: LazyLock<Place> = LazyLock::new(|| {
    let place = Place::new();
    for (keystore, authority, people) in [
        (
            "store",
            "Example CA",
            ["alice@example.com", "bob@example.com"],
        ),
        (
            "partner",
            "Partner CA",
            ["carol@example.net", "dave@example.net"],
        ),
    ] {
        let at = ["--keystore", keystore];
        let init = [
            "ca",
            "init",
            "--no-passphrase",
            "--key-type=ec-p256",
            "--name",
            authority,
        ];
        place.run(at.iter().chain(&init)).done();
        place
            .run(at.iter().chain(&["settings", "key-type", "ec-p256"]))
            .done();
        for person in people {
            place
                .run(at.iter().chain(&["cert", "issue", person]))
                .done();
        }
    }
    place
});

/// Copies a directory with everything in it, modes too.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    fs::set_permissions(to, from.metadata().unwrap().permissions()).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &target),
            false => drop(fs::copy(entry.path(), target).unwrap()),
        }
    }
}

impl Place {
    /// A place with copies of both keystores; `store` is the one in use.
    pub(crate) fn office() -> Place {
        let place = Place::new();
        for keystore in ["store", "partner"] {
            copy(&KEYSTORES.path(keystore), &place.path(keystore));
        }
        place
    }

    /// Runs `smime` with a message on stdin.
    pub(crate) fn filter(&self, arguments: &[&str], message: &str) -> Run {
        self.run_with(arguments, &[], message.as_bytes())
    }

    /// What a run that must be done without a word makes of a message.
    #[track_caller]
    pub(crate) fn made(&self, arguments: &[&str], message: &str) -> String {
        let run = self.filter(arguments, message).done();
        run.text().to_owned()
    }

    /// The message, signed by its author.
    #[track_caller]
    pub(crate) fn signed(&self, message: &str) -> String {
        self.made(&["sign"], message)
    }

    /// A message of the partner to Alice, signed by Carol.
    #[track_caller]
    pub(crate) fn signed_by_carol(&self) -> String {
        self.made(&["-k", "partner", "sign"], &from_carol())
    }

    /// Writes the certificate of a CA to a file here and returns its name.
    pub(crate) fn authority_of(&self, keystore: &str) -> String {
        let name = format!("{keystore}-ca.pem");
        self.run(["-k", keystore, "ca", "export", "-o", &name])
            .done();
        name
    }

    /// Writes the certificate of an address to a file here, `alice.pem` for Alice's, and returns its
    /// name.
    pub(crate) fn certificate_of(&self, keystore: &str, address: &str) -> String {
        let name = format!("{}.pem", address.split('@').next().unwrap());
        let export = ["-k", keystore, "cert", "export", address];
        let options = ["--format=pem", "-o", &name];
        self.run(export.iter().chain(&options)).done();
        name
    }

    /// Holds that a message is rejected for exactly these reasons, whichever way the answer is
    /// asked for, and that not one octet of it gets out. Returns the document.
    #[track_caller]
    pub(crate) fn rejects(&self, arguments: &[&str], message: &str, codes: &[&str]) -> Value {
        let run = self.filter(arguments, message);
        assert_eq!((run.status, run.text()), (1, ""), "{run:?}");
        let lines: Vec<&str> = run.stderr.lines().collect();
        let decisive = format!(" [{}]", codes[0]);
        assert!(
            lines[0].starts_with("smime: rejected: ") && lines[0].ends_with(&decisive),
            "{run:?}"
        );
        assert!(
            lines[lines.len() - 1].starts_with("smime: hint: "),
            "{run:?}"
        );

        let quiet = self.filter(&[&["-q"], arguments].concat(), message);
        assert_eq!((quiet.status, quiet.text()), (1, ""), "{quiet:?}");
        assert_eq!(quiet.stderr.lines().collect::<Vec<_>>(), lines[..1]);

        self.write("kept.eml", "kept");
        let run = self.filter(&[arguments, &["-o", "kept.eml"]].concat(), message);
        assert_eq!((run.status, run.text()), (1, ""), "{run:?}");
        let run = self.filter(
            &[arguments, &["-o", "kept.eml", "--json"]].concat(),
            message,
        );
        assert_eq!(run.status, 1, "{run:?}");
        assert_eq!(self.read("kept.eml"), b"kept");
        assert_eq!(self.leftovers(), [""; 0]);

        let document = run.json();
        hold_the_contract(&document);
        assert_eq!(document["verdict"], "rejected");
        let rejecting: Vec<&str> = findings(&document, "reject");
        assert_eq!(rejecting, codes, "{document:#}");
        document
    }

    /// Staged files that a run left behind.
    pub(crate) fn leftovers(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path("")).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
        names.filter(|name| name.starts_with(".smime")).collect()
    }
}

/// A message of the partner to Alice.
pub(crate) fn from_carol() -> String {
    MAIL.replace("Alice <alice@example.com>", "Carol <carol@example.net>")
        .replace("Bob <bob@example.com>", "Alice <alice@example.com>")
}

/// The boundary of a message that was signed here.
pub(crate) fn boundary(signed: &str) -> &str {
    let (_, rest) = signed.split_once("boundary=\"").unwrap();
    rest.split_once('"').unwrap().0
}

/// The text with the line ends of Unix.
pub(crate) fn lf(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// The codes of the findings with that severity, in their order.
pub(crate) fn findings<'d>(document: &'d Value, severity: &str) -> Vec<&'d str> {
    let findings = document["findings"].as_array().unwrap().iter();
    findings
        .filter(|finding| finding["severity"] == severity)
        .map(|finding| finding["code"].as_str().unwrap())
        .collect()
}

/// The checks of the only signer that say anything else than `pass`.
pub(crate) fn checks(document: &Value) -> Value {
    let signers = document["layers"][0]["signers"].as_array().unwrap();
    assert_eq!(signers.len(), 1);
    let mut checks = signers[0]["checks"].as_object().unwrap().clone();
    checks.retain(|_, check| check != "pass");
    checks.remove("revocation");
    Value::Object(checks)
}

/// The one finding with that code.
#[track_caller]
pub(crate) fn finding<'d>(document: &'d Value, code: &str) -> &'d Value {
    let mut findings = document["findings"].as_array().unwrap().iter();
    let found = findings.find(|finding| finding["code"] == code);
    assert!(found.is_some(), "no {code} in {document:#}");
    found.unwrap()
}

/// Octets in base64, in lines without an end of the last.
pub(crate) fn base64_lines(octets: &[u8], end_of_line: &str) -> String {
    let text = STANDARD.encode(octets);
    let lines = text.as_bytes().chunks(64).map(String::from_utf8_lossy);
    lines.collect::<Vec<_>>().join(end_of_line)
}

/// [`MAIL`] with a CMS object in the place of its content.
pub(crate) fn around(smime_type: &str, object: &[u8]) -> String {
    let header = MAIL.split_once("Content-Type").unwrap().0;
    format!(
        "{header}Content-Type: application/pkcs7-mime; smime-type={smime_type}\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{}\r\n",
        base64_lines(object, "\r\n")
    )
}

/// Changes the CMS object of a message: the base64 behind the last header that names it.
pub(crate) fn edit_object(message: &str, edit: impl FnOnce(&mut Vec<u8>)) -> String {
    let end_of_line = if message.contains("\r\n") {
        "\r\n"
    } else {
        "\n"
    };
    let blank = end_of_line.repeat(2);
    let header = message.rfind("filename=\"smime.p7").unwrap();
    let start = header + message[header..].find(&blank).unwrap() + blank.len();
    let end = message[start..]
        .find(&blank)
        .map_or(message.len(), |end| start + end);
    let text: String = message[start..end].split_whitespace().collect();
    let mut object = STANDARD.decode(text).unwrap();
    edit(&mut object);
    let mut edited = message[..start].to_owned() + &base64_lines(&object, end_of_line);
    if end == message.len() {
        edited += end_of_line;
    }
    edited + &message[end..]
}

/// Replaces these octets wherever they stand, which has to be somewhere.
#[track_caller]
pub(crate) fn replace_octets(octets: &mut [u8], from: &[u8], to: &[u8]) {
    assert_eq!(from.len(), to.len());
    let places = octets.windows(from.len()).enumerate();
    let places: Vec<usize> = places
        .filter(|(_, w)| *w == from)
        .map(|(at, _)| at)
        .collect();
    assert!(!places.is_empty(), "the octets are not there");
    for at in places {
        octets[at..at + to.len()].copy_from_slice(to);
    }
}

/// Holds that a document has every key of the contract, and verdicts and checks have its words.
#[track_caller]
pub(crate) fn hold_the_contract(document: &Value) {
    let has = |value: &Value, keys: &[&str]| {
        let object = value.as_object().unwrap();
        for key in keys {
            assert!(object.contains_key(*key), "no {key} in {value:#}");
        }
    };
    has(
        document,
        &[
            "format",
            "command",
            "verdict",
            "message",
            "layers",
            "findings",
            "extracted",
            "policy",
            "resend_would_pass",
        ],
    );
    assert_eq!(document["format"], 1);
    let verdict = document["verdict"].as_str().unwrap();
    assert!(["accepted", "rejected", "not-processed", "error"].contains(&verdict));
    assert_eq!(document.get("error").is_some(), verdict == "error");
    has(
        &document["message"],
        &[
            "message_id",
            "date",
            "subject",
            "header_from",
            "header_to",
            "envelope_from",
            "envelope_to",
        ],
    );
    for (index, layer) in document["layers"].as_array().unwrap().iter().enumerate() {
        has(
            layer,
            &[
                "index",
                "kind",
                "form",
                "content_cipher",
                "signers",
                "recipients",
            ],
        );
        assert_eq!(layer["index"], index);
        for signer in layer["signers"].as_array().unwrap() {
            has(
                signer,
                &[
                    "index",
                    "verdict",
                    "addresses",
                    "subject",
                    "issuer",
                    "serial",
                    "sha256",
                    "not_before",
                    "not_after",
                    "signing_time",
                    "digest",
                    "signature",
                    "checks",
                    "path",
                ],
            );
            let checks = &signer["checks"];
            has(
                checks,
                &[
                    "integrity",
                    "signature",
                    "path",
                    "validity",
                    "revocation",
                    "identity",
                    "pinning",
                ],
            );
            for check in checks.as_object().unwrap().values() {
                assert!(["pass", "fail", "not-checked"].contains(&check.as_str().unwrap()));
            }
            assert_eq!(checks["revocation"], "not-checked");
        }
        for recipient in layer["recipients"].as_array().unwrap() {
            has(
                recipient,
                &[
                    "kind",
                    "issuer",
                    "serial",
                    "key_identifier",
                    "algorithm",
                    "held",
                ],
            );
        }
    }
    for finding in document["findings"].as_array().unwrap() {
        has(
            finding,
            &[
                "code", "severity", "layer", "signer", "summary", "rule", "hint", "detail",
            ],
        );
        assert_ne!(finding["hint"], "");
    }
    for extracted in document["extracted"].as_array().unwrap() {
        has(extracted, &["address", "sha256", "outcome", "code"]);
    }
}
