//! Every JSON document keeps the published schema, `schema/smime-report.schema.json`.
//!
//! [`hold`] looks at each run with `--json` of all the cases. The validator is Python's `jsonschema`,
//! in `schema.py` beside; it runs once for all of them.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, OnceLock, PoisonError};

use serde_json::{Value, json};

use crate::place::{Place, Run};

fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Holds that what a run put on stdout keeps the schema, if its arguments ask for JSON.
#[track_caller]
pub(crate) fn hold(arguments: &[String], run: &Run) {
    if !arguments.iter().any(|argument| argument == "--json") {
        return;
    }
    let Some(command) = command(arguments) else {
        return;
    };
    for line in run.stdout.split_inclusive(|&octet| octet == b'\n') {
        let document: Value = serde_json::from_slice(line)
            .unwrap_or_else(|error| panic!("{arguments:?} printed no JSON: {error}\n{run:?}"));
        if let Err(broken) = check(&command, &document) {
            panic!("{arguments:?} breaks the schema: {broken}\n{document:#}");
        }
    }
    // Wrong usage has no document; of several files each has one.
    let several = arguments.iter().any(|argument| argument == "--output-dir");
    assert!(
        !run.stdout.is_empty() || run.status == 2 || several || is_broken(run),
        "{arguments:?} printed no document\n{run:?}"
    );
}

/// Whether stdout could not be written.
fn is_broken(run: &Run) -> bool {
    run.status == 74
}

/// The name of the command in the schema, such as `cert-list`.
fn command(arguments: &[String]) -> Option<String> {
    let mut definition = &smime::commands::definition();
    let mut names: Vec<&str> = Vec::new();
    for argument in arguments {
        if let Some(found) = definition.find_subcommand(argument) {
            definition = found;
            names.push(argument);
        }
    }
    (!definition.has_subcommands()).then(|| names.join("-"))
}

/// What is wrong with a document of a command; `Ok` where there is no validator.
fn check(command: &str, document: &Value) -> Result<(), String> {
    let Some(validator) = validator() else {
        return Ok(());
    };
    let mut validator = validator.lock().unwrap_or_else(PoisonError::into_inner);
    let Validator {
        questions, answers, ..
    } = &mut *validator;
    writeln!(
        questions,
        "{}",
        json!({"command": command, "document": document})
    )
    .unwrap();
    let mut answer = String::new();
    answers.read_line(&mut answer).unwrap();
    match answer.strip_suffix('\n') {
        Some("") => Ok(()),
        _ => Err(answer),
    }
}

/// It ends with this process, whose end of the pipe is closed then.
struct Validator {
    _process: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

/// The running validator; `None` where Python has none, which CI does not allow.
fn validator() -> Option<&'static Mutex<Validator>> {
    static VALIDATOR: OnceLock<Option<Mutex<Validator>>> = OnceLock::new();
    let start = || {
        let probe = Command::new("python3")
            .args(["-c", "import jsonschema"])
            .output();
        if !probe.is_ok_and(|output| output.status.success()) {
            let is_ci = std::env::var_os("CI").is_some_and(|value| value == "true");
            assert!(!is_ci, "python3 has no jsonschema");
            println!("not run: JSON documents against the schema (python3 has no jsonschema)");
            return None;
        }
        let mut child = Command::new("python3")
            .arg(project("tests/cli/schema.py"))
            .arg(project("schema/smime-report.schema.json"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let questions = child.stdin.take().unwrap();
        let answers = child.stdout.take().unwrap();
        Some(Mutex::new(Validator {
            _process: child,
            questions,
            answers: BufReader::new(answers),
        }))
    };
    VALIDATOR.get_or_init(start).as_ref()
}

#[test]
fn a_document_with_another_key_or_without_one_breaks_the_schema() {
    if validator().is_none() {
        return;
    }
    let place = Place::with_authority();
    let good = place.run(["status", "--json"]).json();
    check("status", &good).unwrap();
    let mut more = good.clone();
    more["authority"]["more"] = json!(1);
    assert!(check("status", &more).is_err());
    let mut less = good.clone();
    less.as_object_mut().unwrap().remove("crls");
    assert!(check("status", &less).is_err());
    assert!(check("cert-list", &good).is_err());
    // An error is one of any command, and has to say what went wrong.
    let error = place.run(["verify", "--json", "missing"]).json();
    check("cert-list", &error).unwrap();
    let mut silent = error.clone();
    silent.as_object_mut().unwrap().remove("error");
    assert!(check("verify", &silent).is_err());
}

/// All commands that do something, each with its words joined by `separator`.
pub(crate) fn all_commands(separator: &str) -> BTreeSet<String> {
    fn visit(command: &clap::Command, words: &[&str], separator: &str, all: &mut BTreeSet<String>) {
        for inner in command.get_subcommands() {
            let words = [words, &[inner.get_name()]].concat();
            match inner.has_subcommands() {
                true => visit(inner, &words, separator, all),
                false => drop(all.insert(words.join(separator))),
            }
        }
    }
    let mut all = BTreeSet::new();
    visit(&smime::commands::definition(), &[], separator, &mut all);
    all
}

/// One run of each command; what the documents say is the matter of other cases.
struct Round {
    place: Place,
    seen: BTreeSet<String>,
}

impl Round {
    #[track_caller]
    fn ends(&mut self, status: i32, line: &str) -> Value {
        let arguments = line.split(' ').chain(["--json"]);
        let arguments: Vec<String> = arguments.map(str::to_owned).collect();
        let environment = [
            ("SMIME_PASSPHRASE", "of the keystore"),
            ("SMIME_FILE_PASSPHRASE", "of the file"),
            ("SMIME_NEW_PASSPHRASE", "of the keystore"),
        ];
        let run = self.place.run_with(&arguments, &environment, b"");
        assert_eq!(run.status, status, "{line}\n{run:?}");
        let document = run.json();
        if document["verdict"] != "error" {
            self.seen.insert(command(&arguments).unwrap());
        }
        document
    }
}

const MAIL: &str = "From: alice@example.com\nTo: bob@example.com\nSubject: Hello\n\nHello.\n";

#[test]
fn every_command_answers_by_the_schema() {
    let mut round = Round {
        place: Place::new(),
        seen: BTreeSet::new(),
    };
    round.ends(78, "ca show");
    round.place.write("mail.eml", MAIL);
    for line in [
        "ca init --key-type ec-p256",
        "ca show",
        "ca export -o ca.pem",
        "ca export",
        "cert issue alice@example.com bob@example.com --key-type ec-p256",
        "cert list",
        "cert show alice@example.com",
        "cert export alice@example.com -o alice.p12",
        "cert export alice@example.com --format der",
        "cert check alice.p12",
        "settings",
        "settings key-type ec-p256",
        "policy init",
        "policy show",
        "policy validate",
        "policy check --direction outbound mail.eml",
        "policy apply --direction outbound mail.eml -o applied.eml --log log.json",
        "policy apply --direction inbound applied.eml -o back.eml --log log.json",
        "sign mail.eml -o signed.eml",
        "encrypt mail.eml -o encrypted.eml",
        "decrypt encrypted.eml -o decrypted.eml",
        "verify signed.eml -o verified.eml",
        "inspect signed.eml",
        "inspect encrypted.eml",
        "inspect signed.eml --asn1",
        "inspect alice.p12",
        "inspect ca.pem",
        "trust list",
        "crl list",
        "keystore check",
        "keystore passphrase",
        "status",
        "reasons",
        "completions fish",
    ] {
        round.ends(0, line);
    }
    let log = String::from_utf8(round.place.read("log.json")).unwrap();
    for line in log.lines() {
        check("log-line", &serde_json::from_str(line).unwrap()).unwrap();
    }
    assert_eq!(log.lines().count(), 2);

    for line in ["verify mail.eml", "decrypt mail.eml", "cert import ca.pem"] {
        assert_eq!(round.ends(1, line)["verdict"], "rejected");
    }
    for line in [
        "sign",
        "encrypt",
        "decrypt",
        "verify",
        "inspect",
        "cert check",
        "cert import",
    ] {
        assert_eq!(
            round.ends(66, &format!("{line} missing"))["verdict"],
            "error"
        );
    }
    round.ends(66, "policy check --direction outbound missing");
    round.ends(75, "policy apply --direction outbound missing");
    round.ends(73, "ca init");

    let other = Place::with_authority();
    other.run(["ca", "export", "-o", "other.pem"]).done();
    other.issue(&["carol@example.net"]);
    let carol = other.certificate_of("store", "carol@example.net");
    for name in ["other.pem", &carol] {
        round.place.write(name, other.read(name));
    }
    round.ends(0, "trust add other.pem");
    round.ends(
        0,
        "trust remove other.pem"
            .replace("other.pem", &fingerprint(&other))
            .as_str(),
    );
    round.ends(0, "cert import carol.pem");
    round.ends(0, "cert renew alice@example.com");
    let listed = round.ends(0, "cert list");
    let first = listed["certificates"][0]["sha256"]
        .as_str()
        .unwrap()
        .to_owned();
    round.ends(0, &format!("cert revoke {first} --reason superseded"));
    round.ends(0, &format!("cert remove {first}"));
    round.ends(0, "ca crl -o ca.crl");
    let stored = round.ends(0, "crl add ca.crl");
    let crl = stored["crls"][0]["sha256"].as_str().unwrap().to_owned();
    round.ends(0, "inspect ca.crl");
    round.ends(0, &format!("crl remove {crl}"));
    round.ends(67, "cert approve carol@example.net");
    held(&mut round);
    round.ends(0, "ca reset --yes --backup backup.smime");
    round.ends(0, "ca restore backup.smime");
    round.ends(0, "keystore check --repair");

    let unseen: Vec<_> = all_commands("-").difference(&round.seen).cloned().collect();
    assert!(unseen.is_empty(), "no document was looked at of {unseen:?}");
    let published = std::fs::read_to_string(project("schema/smime-report.schema.json")).unwrap();
    let published: Value = serde_json::from_str(&published).unwrap();
    for name in all_commands("-") {
        let definition = json!({"$ref": format!("#/$defs/{name}")});
        let documents = published["anyOf"].as_array().unwrap();
        assert!(
            documents.contains(&definition),
            "{name} is no document of the schema"
        );
    }
}

/// Fingerprint of the CA.
fn fingerprint(place: &Place) -> String {
    let document = place.run(["ca", "show", "--json"]).json();
    let sha256 = document["certificates"][0]["sha256"].as_str();
    sha256.unwrap().to_owned()
}

/// Has a new certificate of carol@example.net held, and approves it.
fn held(round: &mut Round) {
    let theirs = Place::with_authority();
    theirs.issue(&["carol@example.net"]);
    let mail = MAIL.replace("alice@example.com", "carol@example.net");
    theirs.write("mail.eml", mail);
    theirs.run(["sign", "mail.eml", "-o", "theirs.eml"]).done();
    theirs.run(["ca", "export", "-o", "theirs.pem"]).done();
    for name in ["theirs.eml", "theirs.pem"] {
        round.place.write(name, theirs.read(name));
    }
    round.ends(0, "trust add theirs.pem");
    round.ends(1, "verify theirs.eml --rollover hold");
    round.ends(0, "status");
    round.ends(0, "cert approve carol@example.net");
    round.ends(0, "verify theirs.eml -o out.eml");
}

#[test]
fn the_schema_is_named_where_it_is_looked_for() {
    let readme = std::fs::read_to_string(project("README.md")).unwrap();
    assert!(readme.contains("schema/smime-report.schema.json"));
}
