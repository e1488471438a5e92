//! `check` and `apply` in this process, and how they end.

use std::fs;
use std::path::Path;

use clap::Parser;
use serde_json::Value;

use super::{Person, Store};
use crate::cms::CertificateIdentifier;
use crate::commands::policy::judge::Judge;
use crate::commands::policy::{Command, apply, check};
use crate::commands::{self, Cli, Context};
use crate::crypto::key::PrivateKey;
use crate::error::CommandError;
use crate::smime::lookup::{KeyLookup, LookupError, names};
use crate::smime::{DecryptRequest, Input, decrypt};
use crate::source::Source;

/// One message that was written.
#[derive(Debug)]
pub(super) struct Copy {
    pub(super) recipients: Vec<String>,
    pub(super) message: String,
}

/// How `apply` ended.
#[derive(Debug)]
pub(super) struct Ended {
    pub(super) status: u8,
    pub(super) document: Value,
    pub(super) told: String,
    pub(super) copies: Vec<Copy>,
}

impl Store {
    /// Checks and applies with `--split-dir`, and holds that both say the same: status, actions,
    /// reasons and recipients; and that a copy was written for everybody who is to get one.
    #[track_caller]
    pub(super) fn judged(&self, arguments: &[&str], message: &str) -> Ended {
        let (status, checked) = self.check(arguments, message);
        let directory = self.path("copies");
        let split = format!("--split-dir={directory}");
        let ended = self.apply(&[arguments, &[split.as_str()]].concat(), message, None);
        assert_eq!(ended.status, in_a_mail_server(status), "{ended:#?}");
        assert_same_documents(&checked, &ended.document);
        let copies = copies_in(Path::new(&directory));
        let _ = fs::remove_dir_all(&directory);
        let rows = ended.document["recipients"].as_array();
        if let Some(rows) = rows.filter(|rows| !rows.is_empty() && status <= 1) {
            let wanted = rows.iter().filter(|row| row["rejected"] == false);
            let mut wanted: Vec<_> = wanted.map(|row| &row["address"]).collect();
            let mut served: Vec<_> = copies.iter().flat_map(|copy| &copy.recipients).collect();
            wanted.sort_by_key(|address| address.as_str());
            served.sort();
            assert_eq!(served, wanted, "{ended:#?}");
        }
        Ended { copies, ..ended }
    }

    /// Checks and applies for one output, and holds that both say the same, or that `check` says why
    /// one output does not do. Returns what was written.
    #[track_caller]
    pub(super) fn judged_as_one(&self, arguments: &[&str], message: &str) -> Option<String> {
        let (status, checked) = self.check(arguments, message);
        let output = self.path("output.eml");
        let ended = self.apply(arguments, message, Some(&output));
        let findings = checked["findings"].as_array().unwrap().iter();
        let differ = findings.filter(|finding| finding["code"] == "policy.copies-differ");
        if differ.count() > 0 {
            assert_eq!((status, ended.status), (0, 2), "{ended:#?}");
        } else {
            assert_eq!(ended.status, in_a_mail_server(status), "{ended:#?}");
            assert_same_documents(&checked, &ended.document);
        }
        let written = fs::read(&output).ok();
        let _ = fs::remove_file(&output);
        assert_eq!(written.is_some(), ended.status == 0, "{ended:#?}");
        written.map(|octets| String::from_utf8_lossy(&octets).into_owned())
    }

    /// The status of `check`, and its document.
    fn check(&self, arguments: &[&str], message: &str) -> (u8, Value) {
        let (global, command) = self.parsed("check", arguments);
        let Command::Check(args) = command else {
            panic!("{arguments:?}");
        };
        let context = Context::new(global, "policy check");
        let explained = Judge::open(&context, &args.message)
            .and_then(|judge| check::explain(source(message), &judge, None));
        match explained {
            Ok((explanation, status)) => {
                let document = serde_json::to_value(explanation.document(&context)).unwrap();
                (status.code(), document)
            }
            Err(error) => (error.exit_status().code(), failure(&error)),
        }
    }

    /// Runs `apply` and lets it write to `output`.
    fn apply(&self, arguments: &[&str], message: &str, output: Option<&str>) -> Ended {
        let (global, command) = self.parsed("apply", arguments);
        let Command::Apply(args) = command else {
            panic!("{arguments:?}");
        };
        let context = Context::new(global, "policy apply")
            .about(Path::new("message.eml"), output.map(Into::into));
        let judge = match Judge::open(&context, &args.message) {
            Ok(judge) => judge,
            Err(error) => panic!("{error}"),
        };
        let status = apply::filter(source(message), &args, &judge, None, (None, &context));
        let documents = context.take_documents();
        let told = context.console().take_gathered();
        let code = match status.code() {
            0 => "",
            1 => "5.7.1 ",
            2 => "4.3.5 ",
            75 => "4.3.0 ",
            other => panic!("status {other}: {told}"),
        };
        assert!(told.starts_with(code), "{told}");
        Ended {
            status: status.code(),
            document: match documents.is_empty() {
                true => Value::Null,
                false => serde_json::from_slice(&documents).unwrap(),
            },
            told,
            copies: Vec::new(),
        }
    }

    fn parsed(&self, verb: &str, arguments: &[&str]) -> (commands::GlobalArgs, Command) {
        let keystore = self.keystore().display().to_string();
        let words = ["smime", "--keystore", &keystore, "--json"];
        let words = [&words[..], &["--time=2026-11-24T08:00:00Z", "policy", verb]].concat();
        let cli = Cli::try_parse_from([&words[..], arguments].concat()).unwrap();
        match cli.command {
            commands::Command::Policy(args) => (cli.global, args.command),
            _ => panic!("{arguments:?}"),
        }
    }
}

/// The status of `apply` where other commands end with `status`.
fn in_a_mail_server(status: u8) -> u8 {
    if status <= 2 { status } else { 75 }
}

fn source(message: &str) -> Result<Source, CommandError> {
    Ok(Source::from_bytes(message.as_bytes().to_vec()))
}

fn failure(error: &CommandError) -> Value {
    serde_json::json!({"findings": [], "error": {"exit": error.exit_status().code()}})
}

/// All but what only `apply` can know.
#[track_caller]
fn assert_same_documents(checked: &Value, applied: &Value) {
    if checked["error"] != Value::Null {
        assert_eq!(checked["error"]["exit"], applied["error"]["exit"]);
        return;
    }
    let without = |document: &Value| {
        let mut document = document.clone();
        let object = document.as_object_mut().unwrap();
        // That there could be several files.
        object.remove("file");
        object.remove("command");
        object.remove("extracted");
        document
    };
    assert_eq!(without(checked), without(applied));
}

fn copies_in(directory: &Path) -> Vec<Copy> {
    let read = |name: String| {
        let octets = fs::read(directory.join(name)).ok()?;
        Some(String::from_utf8_lossy(&octets).into_owned())
    };
    (1..)
        .map_while(|number| {
            Some(Copy {
                recipients: read(format!("{number}.rcpt"))?
                    .lines()
                    .map(str::to_owned)
                    .collect(),
                message: read(format!("{number}.eml"))?,
            })
        })
        .collect()
}

/// Somebody with that person's key.
pub(super) struct Reader(pub(super) Person);

impl Reader {
    /// The message as it is once it is decrypted; `None` if it is not for this reader.
    pub(super) fn open(&self, message: &str) -> Option<String> {
        let opened = decrypt(DecryptRequest {
            input: Input::Message(source(message).unwrap()),
            keys: self,
        });
        let mut content = Vec::new();
        opened.unwrap().release?.write(&mut content).unwrap();
        Some(String::from_utf8(content).unwrap())
    }
}

impl KeyLookup for Reader {
    fn holds(&self, recipient: &CertificateIdentifier) -> Result<bool, LookupError> {
        Ok(names(recipient, &self.0.identity().certificate))
    }

    fn find_key(
        &self,
        recipient: &CertificateIdentifier,
    ) -> Result<Option<PrivateKey>, LookupError> {
        let is_held = self.holds(recipient)?;
        Ok(is_held.then(|| self.0.identity().key))
    }
}
