//! SIGINT and SIGTERM in the middle of the work: the program ends by the signal, as a shell expects it,
//! and no output is there in part.

use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::Stdio;
use std::thread;
use std::time::Instant;

use crate::changes::named;
use crate::kills::{INTERRUPT, TERMINATE, send};
use crate::office::MAIL;
use crate::place::Place;

const SIGNALS: [i32; 2] = [INTERRUPT, TERMINATE];

fn names(place: &Place) -> Vec<PathBuf> {
    let mut names = named(&place.path(""), "");
    names.sort();
    names
}

#[test]
fn while_the_message_is_still_coming() {
    let place = Place::office();
    place.write("out.eml", "old");
    let before = names(&place);
    for command in ["sign", "encrypt", "verify", "decrypt"] {
        for signal in SIGNALS {
            let mut command = place.command([command, "-o", "out.eml"]);
            let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
            let mut stdin = child.stdin.take().unwrap();
            stdin.write_all(MAIL.as_bytes()).unwrap();
            send(signal, &child);
            let output = child.wait_with_output().unwrap();
            assert_eq!(output.status.signal(), Some(signal), "{output:?}");
            assert_eq!(output.stdout, b"");
            assert_eq!(place.read("out.eml"), b"old");
            assert_eq!(names(&place), before);
        }
    }
}

#[test]
fn while_the_output_is_written() {
    let place = Place::office();
    let mail = format!(
        "{MAIL}{}",
        "All the figures of the year, again.\r\n".repeat(100_000)
    );
    place.write("large.eml", mail);
    let encrypt = ["encrypt", "large.eml", "-o", "out.eml"];
    let start = Instant::now();
    place.run(encrypt).done();
    let takes = start.elapsed();
    let size = place.read("out.eml").len();
    place.write("out.eml", "old");
    let before = names(&place);
    let mut ended = 0;
    for tenth in 1..=10 {
        let mut child = place.command(encrypt).spawn().unwrap();
        thread::sleep(takes.mul_f64(f64::from(tenth) / 10.0));
        send(SIGNALS[tenth as usize % 2], &child);
        let status = child.wait().unwrap();
        let found = place.read("out.eml");
        if status.signal().is_some() {
            ended += 1;
            assert!(
                found == b"old" || found.len() == size,
                "{tenth}: {}",
                found.len()
            );
        } else {
            assert!(status.success());
            assert_eq!(found.len(), size);
        }
        assert_eq!(names(&place), before, "{tenth}");
        place.write("out.eml", "old");
    }
    assert!(ended > 0);
}
