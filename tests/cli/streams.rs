//! The rules of the streams, shown on a command that needs no state.

use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

use crate::place::Place;

#[test]
fn a_reader_that_went_away_ends_the_program_quietly() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = Command::new(env!("CARGO_BIN_EXE_smime"))
        .args(["--json", "reasons"])
        .stdout(writer)
        .stderr(Stdio::piped())
        .arg0("smime")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(74));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}

#[test]
fn an_output_file_is_replaced_and_stdout_stays_empty() {
    let place = Place::new();
    place.write("codes.txt", "old");
    let run = place
        .run(["reasons", "cert.expired", "-o", "codes.txt"])
        .done();
    assert_eq!(run.text(), "");
    assert!(
        place
            .read("codes.txt")
            .starts_with(b"cert.expired (reject)\n")
    );
}

#[test]
fn color_is_for_terminals_unless_it_is_asked_for() {
    let place = Place::new();
    assert!(!place.run(["reasons"]).done().text().contains('\x1b'));
    let run = place.run(["reasons", "--color=always"]).done();
    assert!(run.text().contains("\x1b["));
}
