//! Progress on a terminal of work that takes over a second.

use std::fs;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::office::MAIL;
use crate::place::Place;

/// What a terminal shows of judging two files, the second of which comes after that time.
fn shown(place: &Place, option: &str, delay: Duration) -> String {
    let signed = place.signed(MAIL);
    place.write("ready.eml", &signed);
    let pipe = place.path("late.eml");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    let program = env!("CARGO_BIN_EXE_smime");
    let line = format!("'{program}' --color=never {option} verify ready.eml late.eml");
    let terminal = Command::new("script")
        .args(["-qec", &line, "/dev/null"])
        .current_dir(place.path("."))
        .env("SMIME_KEYSTORE", place.path("store"))
        .env("TERM", "xterm")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    thread::sleep(delay);
    fs::write(&pipe, &signed).unwrap();
    let output = terminal.wait_with_output().unwrap();
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{shown}");
    for file in ["ready.eml", "late.eml"] {
        assert!(
            shown.contains(&format!("smime: accepted: {file}")),
            "{shown}"
        );
    }
    shown
}

#[test]
fn long_work_shows_on_a_terminal_how_far_it_is() {
    let shown = shown(&Place::office(), "", Duration::from_secs(2));
    assert!(shown.contains("verify: 1 of 2 files"), "{shown}");
    // In the end the line is cleared.
    let last = shown.rfind(" files,").unwrap();
    assert!(shown[last..].contains("\x1b[2K"), "{shown:?}");
}

#[test]
fn no_progress_shows_none() {
    let shown = shown(&Place::office(), "--no-progress", Duration::from_secs(2));
    assert!(!shown.contains("of 2 files"), "{shown}");
}
