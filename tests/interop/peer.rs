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
        Peer::find(&FOUND, "openssl", &["version"], "OpenSSL 3")
    }

    /// gpgsm of GnuPG 2, likewise.
    pub(crate) fn gpgsm() -> Option<Peer> {
        static FOUND: OnceLock<bool> = OnceLock::new();
        Peer::find(&FOUND, "gpgsm", &["--version"], "gpgsm (GnuPG) 2")
    }

    /// cmsutil of NSS, likewise; certutil and pk12util come with it.
    pub(crate) fn cmsutil() -> Option<Peer> {
        static FOUND: OnceLock<bool> = OnceLock::new();
        Peer::find(&FOUND, "cmsutil", &[], "Usage:  cmsutil")
    }

    /// certtool of GnuTLS 3, likewise.
    pub(crate) fn certtool() -> Option<Peer> {
        static FOUND: OnceLock<bool> = OnceLock::new();
        Peer::find(&FOUND, "certtool", &["--version"], "certtool 3")
    }

    /// keytool of a Java runtime, likewise.
    pub(crate) fn keytool() -> Option<Peer> {
        static FOUND: OnceLock<bool> = OnceLock::new();
        let answer = "Key and Certificate Management Tool";
        Peer::find(&FOUND, "keytool", &["-help"], answer)
    }

    /// A Python with the package cryptography, likewise.
    pub(crate) fn python() -> Option<Peer> {
        static FOUND: OnceLock<bool> = OnceLock::new();
        let program = "from cryptography.hazmat.primitives.serialization import pkcs7; \
                       print('pkcs7_decrypt_der' in dir(pkcs7))";
        Peer::find(&FOUND, "python3", &["-c", program], "True")
    }

    /// A Python with the package pkilint, likewise.
    pub(crate) fn pkilint() -> Option<Peer> {
        static FOUND: OnceLock<bool> = OnceLock::new();
        let program = "import pkilint.bin.lint_cabf_smime_cert; print('pkilint')";
        Peer::find(&FOUND, "python3", &["-c", program], "pkilint")
    }

    /// Another program that comes with this one.
    pub(crate) fn beside(self, program: &'static str) -> Peer {
        Peer { program }
    }

    fn find(
        found: &OnceLock<bool>,
        program: &'static str,
        arguments: &[&str],
        answer: &str,
    ) -> Option<Peer> {
        let found = *found.get_or_init(|| answers(program, arguments, answer));
        is_there(program, found).then_some(Peer { program })
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

/// Whether a peer was `found`: if not, that is said, and with `CI=true` it is a failure.
pub(crate) fn is_there(peer: &str, found: bool) -> bool {
    let ci = std::env::var("CI").is_ok_and(|value| value == "true");
    assert!(found || !ci, "{peer} is missing");
    if !found {
        println!("not run: {peer} is missing");
    }
    found
}

/// Whether the program is there and its answer starts with `start`.
fn answers(program: &str, arguments: &[&str], start: &str) -> bool {
    let output = Command::new(program).args(arguments).output();
    output.is_ok_and(|output| {
        // NSS tells its usage on stderr.
        let answers = [output.stdout, output.stderr];
        answers
            .iter()
            .any(|answer| answer.starts_with(start.as_bytes()))
    })
}
