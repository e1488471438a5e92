//! Input that just keeps to a bound is accepted, and input just beyond it is refused with the code for
//! it. Whatever it holds, neither memory nor time on the processor goes beyond a bound either.

mod files;
mod messages;
mod objects;

use std::io::Write;
use std::process::Stdio;

use crate::place::{Place, Run};

/// Kibibytes of address space, and seconds on the processor, for a program that is not optimized.
const BOUNDS: &str = "ulimit -v 393216 && ulimit -t 60";

/// Runs the program within the bounds.
#[track_caller]
fn bounded(place: &Place, arguments: &[&str], stdin: &str) -> Run {
    let mut command = place.command_under(BOUNDS, arguments);
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    // A program that refuses its input does not read it to the end.
    let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
    place.ending(child)
}

/// Holds that the message is done with, or is refused with that status and code and not released.
#[track_caller]
fn hold(place: &Place, arguments: &[&str], message: &str, refused: Option<(i32, &str)>) {
    let run = bounded(place, &[&["-q"], arguments].concat(), message);
    match refused {
        None => assert_eq!(run.status, 0, "{}", run.stderr),
        Some((status, code)) => {
            assert_eq!(run.status, status, "{}", run.stderr);
            assert!(run.stderr.contains(&format!("[{code}]")), "{}", run.stderr);
            assert!(run.stdout.is_empty());
        }
    }
}
