//! What others can get of the memory of a process that holds secrets: nothing.

use std::fs;
use std::io::Write;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

use crate::media::{SERVICE, is_superuser};
use crate::office::MAIL;
use crate::place::Place;

/// Starts a run that waits for the rest of its message, and has read some of it.
fn waiting(command: &mut Command) -> Child {
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    // More than a pipe holds: the program has to take some before this returns.
    let beginning = MAIL.repeat((1 << 20) / MAIL.len());
    let stdin = child.stdin.as_mut().unwrap();
    stdin.write_all(beginning.as_bytes()).unwrap();
    child
}

fn end(mut child: Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn no_core_is_dumped() {
    let place = Place::new();
    let child = waiting(&mut place.command(["sign", "--no-keystore"]));
    let limits = fs::read_to_string(format!("/proc/{}/limits", child.id())).unwrap();
    let line = limits.lines().find(|line| line.starts_with("Max core"));
    let words: Vec<_> = line.unwrap().split_whitespace().collect();
    assert_eq!(words, ["Max", "core", "file", "size", "0", "0", "bytes"]);
    end(child);
}

#[test]
fn no_other_process_of_the_user_can_look() {
    let place = Place::new();
    let mut command = place.command(["verify", "--no-keystore"]);
    if is_superuser() {
        // Of the superuser's processes everything belongs to the superuser anyway.
        let program = place.path("smime");
        // By a process of its own: a file that this one has open for writing, if only in a child
        // that another test has just forked, cannot be run.
        let copy = Command::new("install")
            .arg(command.get_program())
            .arg(&program)
            .status();
        assert!(copy.unwrap().success());
        chown(place.path(""), Some(SERVICE), None).unwrap();
        command = Command::new(program);
        command.args(["verify", "--no-keystore"]).uid(SERVICE);
    }
    let child = waiting(command.env("SMIME_PASSPHRASE", "a secret"));
    for file in ["environ", "mem", "maps"] {
        let owner = fs::metadata(format!("/proc/{}/{file}", child.id())).unwrap();
        assert_eq!(owner.uid(), 0, "{file}");
    }
    end(child);
}
