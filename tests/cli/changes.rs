//! Every command that changes a keystore, each ready to be run in a place of its own, and what
//! processes that come afterwards see of the keystore.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::LazyLock;

use serde_json::Value;

use crate::office::{copy, from_carol};
use crate::place::{Place, Run};
use crate::rollover::{renewed, trusting, verify};

/// All passphrases there are: of the keystore that is made, of the one that is changed, of files.
const ENVIRONMENT: [(&str, &str); 3] = [
    ("SMIME_PASSPHRASE", "one"),
    ("SMIME_NEW_PASSPHRASE", "one"),
    ("SMIME_FILE_PASSPHRASE", "of the file"),
];

/// How the state of a place is called where there is no keystore, or one without anything in it.
pub(crate) const NOTHING: &str = "nothing";

/// A command that changes the keystore.
pub(crate) struct Change {
    pub(crate) arguments: Vec<String>,
    /// The keystore of the template that it changes; none for one that makes a keystore.
    from: Option<&'static str>,
}

impl Change {
    /// The words of the command, without what follows them.
    pub(crate) fn name(&self) -> String {
        self.arguments.join(" ")
    }

    /// Whether it does something else in the first place, and goes on if the keystore cannot be written.
    pub(crate) fn is_by_the_way(&self) -> bool {
        self.arguments[0] == "verify"
    }

    /// A place with everything it needs, and the keystore in `store`.
    pub(crate) fn begin(&self) -> Place {
        let place = Place::new();
        self.begin_in(&place, &place.path("store"));
        place
    }

    /// The same with the keystore elsewhere.
    pub(crate) fn begin_in(&self, place: &Place, store: &Path) {
        for entry in fs::read_dir(TEMPLATE.place.path("")).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                fs::copy(&path, place.path("").join(path.file_name().unwrap())).unwrap();
            }
        }
        if let Some(from) = self.from {
            copy(&TEMPLATE.place.path(from), store);
        }
    }

    /// Starts it on the keystore in `store`.
    pub(crate) fn spawn(&self, place: &Place, store: &Path) -> Child {
        self.command(place, store).spawn().unwrap()
    }

    /// The command, ready to be started there; its streams and arguments may still be changed.
    pub(crate) fn command(&self, place: &Place, store: &Path) -> Command {
        // A backup takes the place of no other.
        if self.arguments.contains(&"--backup".to_owned()) {
            let _ = fs::remove_file(place.path("out"));
        }
        let mut command = place.command(&self.arguments);
        command.envs(ENVIRONMENT).env("SMIME_KEYSTORE", store);
        command
    }

    /// Runs it on the keystore in `store`.
    pub(crate) fn run(&self, place: &Place, store: &Path) -> Run {
        place.ending(self.spawn(place, store))
    }
}

struct Template {
    place: Place,
    changes: Vec<Change>,
}

static TEMPLATE: LazyLock<Template> = LazyLock::new(template);

/// All of them.
pub(crate) fn changes() -> &'static [Change] {
    &TEMPLATE.changes
}

/// Makes the keystores `store` and, after a reset, `reset`; the files that are imported into them;
/// and a list of commands.
fn template() -> Template {
    let place = trusting();
    let quiet = |arguments: &[&str]| {
        let run = place.run_with(arguments, &ENVIRONMENT, b"");
        assert_eq!(run.status, 0, "{arguments:?} {run:?}");
        run.text().trim_end().to_owned()
    };
    let (_, new) = renewed(&place);
    quiet(&["settings", "rollover", "hold"]);
    verify(&place, &[], &new, 1);
    for person in ["eve@example.net", "frank@example.net"] {
        quiet(&["-k", "partner", "cert", "issue", person]);
    }
    place.certificate_of("partner", "eve@example.net");
    let export = ["-k", "partner", "cert", "export", "frank@example.net"];
    quiet(&[&export[..], &["--with-private-key", "-o", "frank.p12"]].concat());
    let from_dave = from_carol().replace("Carol <carol@", "Dave <dave@");
    let signed = place.made(&["-k", "partner", "sign"], &from_dave);
    place.write("dave.eml", signed);
    quiet(&["-k", "partner", "ca", "crl", "-o", "partner.crl"]);
    quiet(&["crl", "add", "partner.crl"]);
    quiet(&["-k", "partner", "ca", "crl", "-o", "next.crl"]);
    quiet(&["cert", "issue", "soon@example.com", "--days", "5"]);
    let other = [
        "-k",
        "other",
        "ca",
        "init",
        "--no-passphrase",
        "--key-type=ec-p256",
    ];
    quiet(&other);
    quiet(&["-k", "other", "ca", "export", "-o", "other-ca.pem"]);
    let first = |arguments: &[&str], list: &str| -> String {
        let run = place.run(arguments).done();
        run.json()[list][0]["sha256"].as_str().unwrap().to_owned()
    };
    let trusted = first(&["trust", "list", "--json"], "certificates");
    let list = first(&["crl", "list", "--json"], "crls");
    copy(&place.path("store"), &place.path("reset"));
    quiet(&["-k", "reset", "ca", "reset", "--yes", "--backup", "backup"]);
    place.write("out", "old");

    let change = |from, arguments: &[&str]| Change {
        arguments: arguments.iter().map(|&word| word.to_owned()).collect(),
        from,
    };
    let changes = [
        &["cert", "issue", "erin@example.com"][..],
        &["cert", "import", "eve.pem"],
        &["cert", "import", "frank.p12"],
        &["cert", "renew", "alice@example.com", "--rekey"],
        &["cert", "renew", "--expiring", "30"],
        &["cert", "revoke", "bob@example.com"],
        &["cert", "remove", "bob@example.com"],
        &["cert", "approve", "carol@example.net"],
        &["trust", "add", "other-ca.pem"],
        &["trust", "remove", &trusted],
        &["crl", "add", "next.crl"],
        &["crl", "remove", &list],
        &["ca", "crl", "-o", "out"],
        &["settings", "rollover", "accept"],
        &["settings", "protection", "off"],
        &["policy", "init"],
        &["keystore", "passphrase"],
        &["ca", "reset", "--yes", "--backup", "out"],
        &["verify", "dave.eml", "-o", "out"],
    ];
    let mut changes: Vec<Change> = changes
        .iter()
        .map(|arguments| change(Some("store"), arguments))
        .collect();
    changes.push(change(Some("reset"), &["ca", "restore", "backup"]));
    changes.push(change(None, &["ca", "restore", "backup"]));
    changes.push(change(None, &["ca", "init", "--key-type=ec-p256"]));
    Template { place, changes }
}

/// What matters of the keystore in `store`, as text, with what is random left out.
pub(crate) fn state(place: &Place, store: &Path) -> String {
    let run = |arguments: &[&str]| {
        let mut command = place.command(arguments);
        let child = command.env("SMIME_KEYSTORE", store).spawn();
        place.ending(child.unwrap())
    };
    let status = run(&["status", "--json"]);
    if status.status == 78 {
        return NOTHING.to_owned();
    }
    let status = status.done().json();
    let mut lines = Vec::new();
    let listed = run(&["cert", "list", "--json"]).done().json();
    for one in listed["certificates"].as_array().unwrap() {
        // An intermediate is stored before what it leads to, and counts for nothing by itself.
        if one["kind"] == "ca" && one["private_key"] == false {
            continue;
        }
        let facts = ["kind", "origin", "subject", "addresses", "private_key"];
        lines.push(facts.map(|fact| one[fact].to_string()).join(" "));
    }
    lines.sort();
    for fact in ["trusted", "crls", "revoked"] {
        if status[fact] != 0 {
            lines.push(format!("{fact}: {}", status[fact]));
        }
    }
    if status["authority"] != Value::Null {
        let facts = ["protection", "keys_protected"];
        lines.push(facts.map(|fact| status[fact].to_string()).join(" "));
    }
    for name in ["settings.toml", "policy.toml"] {
        lines.extend(fs::read_to_string(store.join(name)));
    }
    if lines.is_empty() {
        return NOTHING.to_owned();
    }
    lines.join("\n")
}

/// Holds that nothing is damaged and every key opens.
#[track_caller]
pub(crate) fn hold_whole(place: &Place, store: &Path, arguments: &[&str]) -> Value {
    let arguments = [&["keystore", "check", "--json"], arguments].concat();
    let mut command = place.command(arguments);
    command.envs(ENVIRONMENT).env("SMIME_KEYSTORE", store);
    let check = place.ending(command.spawn().unwrap()).done().json();
    assert_eq!(check["verdict"], "whole", "{check}");
    let opened = check["keys"] == 0 || check["keys_opened"] == true;
    assert!(opened, "{check}");
    check
}

/// The names in a directory that are generated and begin so.
pub(crate) fn named(directory: &Path, prefix: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).into_iter().flatten();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .filter(|path| {
            let name = path.file_name().unwrap().to_str().unwrap();
            name.starts_with(prefix)
        })
        .collect()
}

#[test]
fn each_changes_what_it_is_for() {
    for change in changes() {
        let place = change.begin();
        let store = place.path("store");
        let before = state(&place, &store);
        let run = change.run(&place, &store);
        assert_eq!(run.status, 0, "{} {run:?}", change.name());
        hold_whole(&place, &store, &[]);
        // A CRL that is issued, or takes the place of another, is not told from the other here.
        let is_silent =
            change.arguments[..2] == ["ca", "crl"] || change.arguments[..2] == ["crl", "add"];
        assert_eq!(
            state(&place, &store) == before,
            is_silent,
            "{}",
            change.name()
        );
    }
}
