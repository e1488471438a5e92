//! What others can get of a process that holds secrets, out of its memory or the files that it keeps
//! beside: nothing.

use std::fs;
use std::io::Write;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::media::{SERVICE, is_superuser};
use crate::office::MAIL;
use crate::place::Place;

/// Octets of a message that no pipe holds, nor the memory that the program keeps for it.
const LARGE: usize = 8 << 20;

/// Starts a run that waits for the rest of its message, and has read some of it.
fn waiting(command: &mut Command) -> Child {
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    // More than a pipe holds: the program has to take some before this returns.
    let beginning = MAIL.repeat(LARGE / MAIL.len());
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

/// The file without a name that a process has open in that directory, as far as one may look.
fn unnamed_file(child: &Child, directory: &Path) -> Option<PathBuf> {
    let descriptors = fs::read_dir(format!("/proc/{}/fd", child.id())).ok()?;
    let mut paths = descriptors.map(|entry| entry.unwrap().path());
    paths.find(|path| fs::read_link(path).is_ok_and(|target| target.starts_with(directory)))
}

#[test]
fn what_is_kept_on_disk_has_no_name_and_cannot_be_read() {
    let place = Place::new();
    let nowhere = place.path("missing");
    let mut command = place.command(["verify", "--no-keystore"]);
    let mut child = command
        .env("TMPDIR", &nowhere)
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    // The program ends where it cannot keep what comes, which is the sign that it would have.
    let mut stdin = child.stdin.take().unwrap();
    let beginning = MAIL.repeat(LARGE / MAIL.len());
    let _ = stdin.write_all(beginning.as_bytes());
    drop(stdin);
    assert_eq!(place.ending(child).status, 74);

    let kept = place.path("kept");
    fs::create_dir(&kept).unwrap();
    let mut command = place.command(["verify", "--no-keystore"]);
    let child = waiting(command.env("TMPDIR", &kept));
    if is_superuser() {
        let start = Instant::now();
        let path = loop {
            match unnamed_file(&child, &kept) {
                Some(path) if fs::metadata(&path).unwrap().len() > 1 << 20 => break path,
                _ => assert!(start.elapsed() < Duration::from_secs(60)),
            }
            sleep(Duration::from_millis(5));
        };
        let octets = fs::read(path).unwrap();
        assert!(!octets.windows(5).any(|window| window == b"alice"));
    }
    assert_eq!(fs::read_dir(&kept).unwrap().count(), 0);
    end(child);
}
