//! Every command with its output on a full disk, on a failing one, and to a reader that went away; and
//! input that cannot be read.

use std::fs::{self, File};
use std::io::Write;
use std::process::Stdio;

use crate::changes::{changes, hold_whole};
use crate::office::MAIL;
use crate::place::{Place, Run};
use crate::schema::all_commands;

/// The commands that change no keystore, with arguments that are accepted.
const READERS: &[&[&str]] = &[
    &["ca", "show"],
    &["ca", "export"],
    &["cert", "export", "alice@example.com", "--format=pem"],
    &["cert", "list"],
    &["cert", "show", "alice@example.com"],
    &["cert", "check", "ca.pem", "--trust=ca.pem"],
    &["trust", "list"],
    &["crl", "list"],
    &["settings"],
    &["keystore", "check"],
    &["status"],
    &["sign", "mail.eml"],
    &["encrypt", "mail.eml"],
    &["decrypt", "encrypted.eml"],
    &["verify", "signed.eml"],
    &["inspect", "signed.eml"],
    &["inspect", "--asn1", "signed.eml"],
    &["policy", "check", "--direction=outbound", "mail.eml"],
    &["policy", "apply", "--direction=outbound", "mail.eml"],
    &["policy", "show"],
    &["policy", "validate"],
    &["reasons"],
    &["reasons", "cert.expired"],
    &["completions", "bash"],
];

fn desk() -> Place {
    let place = Place::office();
    place.write("mail.eml", MAIL);
    place.write("signed.eml", place.signed(MAIL));
    let encrypted = place.made(&["encrypt", "--cipher=aes-256-gcm"], MAIL);
    place.write("encrypted.eml", encrypted);
    place.run(["ca", "export", "-o", "ca.pem"]).done();
    let authority = place.authority_of("partner");
    place.run(["-q", "trust", "add", &authority]).done();
    place.run(["ca", "crl", "-o", "own.crl"]).done();
    place.run(["-q", "crl", "add", "own.crl"]).done();
    place
}

#[test]
fn no_command_is_forgotten() {
    let changing = changes().iter().map(|change| change.name());
    let reading = READERS.iter().map(|words| words.join(" "));
    let known: Vec<String> = changing.chain(reading).map(|line| line + " ").collect();
    let commands = all_commands(" ");
    assert!(commands.len() > 30, "{commands:?}");
    let missing: Vec<_> = commands
        .into_iter()
        .filter(|name| {
            !known
                .iter()
                .any(|line| line.starts_with(&format!("{name} ")))
        })
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// A disk that is full.
pub(crate) fn full() -> File {
    File::options().write(true).open("/dev/full").unwrap()
}

/// A reader that went away.
pub(crate) fn nobody() -> std::io::PipeWriter {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    writer
}

/// The status for an output that failed: mail servers try again.
fn failed(words: &[&str]) -> i32 {
    match words.starts_with(&["policy", "apply"]) {
        true => 75,
        false => 74,
    }
}

#[test]
fn what_only_reads() {
    let place = desk();
    let to = |stdout: Stdio, words: &[&str]| -> Run {
        let child = place.command(words).stdout(stdout).spawn().unwrap();
        place.ending(child)
    };
    for words in READERS {
        let as_document = [words, &["--json"][..]].concat();
        for words in [words, &as_document[..]] {
            let run = place.run(words);
            assert!(!run.stdout.is_empty(), "{words:?} {run:?}");
            let run = to(full().into(), words);
            assert_eq!(run.status, failed(words), "{words:?} {run:?}");
            let told = "No space left on device";
            assert!(run.stderr.contains(told), "{words:?} {run:?}");
            let run = to(nobody().into(), words);
            assert_eq!(run.status, failed(words), "{words:?} {run:?}");
            // Nobody has to be told of a reader that has enough, but a mail server has.
            let is_told = run.stderr.contains("smime: error") || run.stderr.contains("4.3.0");
            assert_eq!(is_told, failed(words) == 75, "{words:?} {run:?}");
        }
        for (device, why) in [
            ("/dev/full", "No space left on device"),
            // Nothing is mapped at the address 0.
            ("/proc/self/mem", "Input/output error"),
        ] {
            let run = place.run(words.iter().chain(&["-o", device]));
            assert_eq!(run.status, failed(words), "{words:?} {device} {run:?}");
            assert!(run.stderr.contains(why), "{words:?} {device} {run:?}");
            assert_eq!(run.text(), "", "{words:?} {device}");
        }
    }
}

/// What was done stays done, and the status says that it could not be told.
#[test]
fn what_changes_a_keystore() {
    for change in changes() {
        for is_full in [true, false] {
            let place = change.begin();
            let store = place.path("store");
            let stdout = match is_full {
                true => Stdio::from(full()),
                false => Stdio::from(nobody()),
            };
            let name = change.name();
            let mut command = change.command(&place, &store);
            let child = command.arg("--json").stdout(stdout).spawn();
            let run = place.ending(child.unwrap());
            assert_eq!(run.status, 74, "{name} {run:?}");
            let told = run.stderr.contains("No space left on device");
            assert_eq!(told, is_full, "{name} {run:?}");
            assert_eq!(place.leftovers(), [""; 0], "{name}");
            if store.exists() {
                hold_whole(&place, &store, &[]);
            }
        }
    }
}

/// The memory of a process cannot be read at the address 0.
#[test]
fn input_that_cannot_be_read() {
    let place = desk();
    for words in [
        &["sign", "/proc/self/mem"][..],
        &["encrypt", "/proc/self/mem"],
        &["decrypt", "/proc/self/mem"],
        &["verify", "/proc/self/mem"],
        &["inspect", "/proc/self/mem"],
        &["cert", "check", "/proc/self/mem"],
        &["cert", "import", "/proc/self/mem"],
        &["trust", "add", "/proc/self/mem"],
        &["crl", "add", "/proc/self/mem"],
        &["policy", "validate", "/proc/self/mem"],
        &["policy", "apply", "--direction=inbound", "/proc/self/mem"],
    ] {
        place.write("out", "old");
        let run = place.run(words.iter().chain(&["-o", "out"]));
        assert_eq!((run.status, run.text()), (failed(words), ""), "{run:?}");
        assert!(run.stderr.contains("Input/output error"), "{run:?}");
        assert_eq!(place.read("out"), b"old");
    }
}

#[test]
fn a_directory_that_vanishes_while_the_message_is_still_coming() {
    let place = desk();
    for command in ["sign", "encrypt"] {
        fs::create_dir(place.path("there")).unwrap();
        let mut child = place.command([command, "-o", "there/out"]);
        let mut child = child.stdin(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(MAIL.as_bytes()).unwrap();
        fs::remove_dir(place.path("there")).unwrap();
        drop(stdin);
        // Sooner or later it is noticed; the status is the same.
        let run = place.ending(child);
        assert_eq!(run.status, 73, "{run:?}");
        assert!(!place.path("there").exists());
    }
}
