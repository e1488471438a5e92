//! Programs that others made, run with files of a temporary directory.

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

/// A program that is there.
#[derive(Clone, Copy)]
pub(crate) struct Peer {
    program: &'static str,
}

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) succeeded: bool,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
}

impl Peer {
    /// OpenSSL from 3.0 on, or `None` where there is none: the test then returns.
    pub(crate) fn openssl() -> Option<Peer> {
        static FOUND: OnceLock<bool> = OnceLock::new();
        let found = FOUND.get_or_init(|| answers("openssl", &["version"], "OpenSSL 3"));
        Peer::if_there("openssl", *found)
    }

    /// gpgsm of GnuPG 2, or `None` where there is none: the test then returns.
    pub(crate) fn gpgsm() -> Option<Peer> {
        static FOUND: OnceLock<bool> = OnceLock::new();
        let found = FOUND.get_or_init(|| answers("gpgsm", &["--version"], "gpgsm (GnuPG) 2"));
        Peer::if_there("gpgsm", *found)
    }

    fn if_there(program: &'static str, found: bool) -> Option<Peer> {
        let ci = std::env::var("CI").is_ok_and(|value| value == "true");
        assert!(found || !ci, "{program} is missing");
        if !found {
            println!("not run: {program} is missing");
        }
        found.then_some(Peer { program })
    }

    /// Runs it in `directory` with nothing on stdin.
    pub(crate) fn run(&self, directory: &Path, arguments: &[&str]) -> Run {
        let output = Command::new(self.program)
            .args(arguments)
            .current_dir(directory)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        Run::of(output)
    }
}

impl Run {
    /// The end of a process.
    pub(crate) fn of(output: Output) -> Run {
        Run {
            succeeded: output.status.success(),
            stdout: output.stdout,
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// What it wrote, if it succeeded.
    #[track_caller]
    pub(crate) fn done(self) -> Vec<u8> {
        assert!(self.succeeded, "{}", self.stderr);
        self.stdout
    }
}

/// Whether the program is there and its answer starts with `start`.
fn answers(program: &str, arguments: &[&str], start: &str) -> bool {
    let output = Command::new(program).args(arguments).output();
    output.is_ok_and(|output| output.stdout.starts_with(start.as_bytes()))
}
