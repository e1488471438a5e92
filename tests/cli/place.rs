//! A temporary directory with a keystore in it, and the built program run there.

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

/// Where a case plays.
pub(crate) struct Place {
    directory: TempDir,
}

/// How a run ended.
pub(crate) struct Run {
    pub(crate) status: i32,
    pub(crate) stdout: Vec<u8>,
    /// With the path of the place as `[PLACE]`.
    pub(crate) stderr: String,
}

impl Place {
    /// An empty place.
    pub(crate) fn new() -> Place {
        Place {
            directory: tempfile::tempdir().unwrap(),
        }
    }

    /// The path of a file here.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Runs `smime` here with these arguments and nothing on stdin.
    pub(crate) fn run<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Run {
        self.run_with(arguments, &[], b"")
    }

    /// Runs `smime` with more environment and something on stdin. JSON has to keep the schema.
    pub(crate) fn run_with<S: AsRef<OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = S>,
        environment: &[(&str, &str)],
        stdin: &[u8],
    ) -> Run {
        let arguments: Vec<S> = arguments.into_iter().collect();
        let mut child = self
            .command(&arguments)
            .envs(environment.iter().copied())
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        // A program that refuses its arguments does not read.
        let _ = child.stdin.take().unwrap().write_all(stdin);
        let run = self.ending(child);
        let words = |word: &S| word.as_ref().to_string_lossy().into_owned();
        crate::schema::hold(&arguments.iter().map(words).collect::<Vec<_>>(), &run);
        run
    }

    /// The program with these arguments, here; its streams may still be changed.
    pub(crate) fn command<S: AsRef<OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = S>,
    ) -> Command {
        self.prepared(Command::new(env!("CARGO_BIN_EXE_smime")), arguments)
    }

    /// The same under limits that the shell sets, such as `ulimit -v 100000`.
    pub(crate) fn command_under<S: AsRef<OsStr>>(
        &self,
        limits: &str,
        arguments: impl IntoIterator<Item = S>,
    ) -> Command {
        let mut shell = Command::new("sh");
        let line = format!("{limits} && exec \"$@\"");
        shell.args(["-c", &line, "sh", env!("CARGO_BIN_EXE_smime")]);
        self.prepared(shell, arguments)
    }

    fn prepared<S: AsRef<OsStr>>(
        &self,
        mut command: Command,
        arguments: impl IntoIterator<Item = S>,
    ) -> Command {
        command
            .args(arguments)
            .current_dir(self.directory.path())
            .env_clear()
            .env("SMIME_KEYSTORE", self.path("store"))
            .env("TZ", "UTC")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Waits for the end of a run.
    pub(crate) fn ending(&self, child: Child) -> Run {
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        let here = self.directory.path().to_str().unwrap();
        Run {
            status: output.status.code().unwrap(),
            stdout: output.stdout,
            stderr: stderr.replace(here, "[PLACE]"),
        }
    }

    /// Writes a file here.
    pub(crate) fn write(&self, name: &str, octets: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, octets).unwrap();
        path
    }

    /// Reads a file here.
    pub(crate) fn read(&self, name: impl AsRef<Path>) -> Vec<u8> {
        std::fs::read(self.directory.path().join(name)).unwrap()
    }
}

impl Place {
    /// A place with a keystore whose keys have no passphrase, and a CA in it.
    pub(crate) fn with_authority() -> Place {
        let place = Place::new();
        place
            .run(["ca", "init", "--no-passphrase", "--key-type", "ec-p256"])
            .done();
        place.run(["settings", "key-type", "ec-p256"]).done();
        place
    }

    /// Issues a certificate and returns its fingerprint.
    pub(crate) fn issue(&self, arguments: &[&str]) -> String {
        let arguments = ["cert", "issue"].iter().chain(arguments);
        let run = self.run(arguments).done();
        run.text().trim_end().to_owned()
    }
}

impl std::fmt::Debug for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let stdout = String::from_utf8_lossy(&self.stdout);
        let (status, stderr) = (self.status, &self.stderr);
        write!(
            f,
            "status {status}\n--- stdout\n{stdout}\n--- stderr\n{stderr}"
        )
    }
}

impl Run {
    /// Holds that the run ended so, with exactly this on stderr.
    #[track_caller]
    pub(crate) fn ended(self, status: i32, stderr: &str) -> Run {
        assert_eq!(self.stderr, stderr);
        assert_eq!(self.status, status, "{self:?}");
        self
    }

    /// Holds that the run was done without a word.
    #[track_caller]
    pub(crate) fn done(self) -> Run {
        self.ended(0, "")
    }

    /// What is on stdout, as text.
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.stdout).unwrap()
    }

    /// The one document on stdout.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.stdout).unwrap()
    }
}
