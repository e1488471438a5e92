//! The README tells the truth: its tour runs as it stands there, and its commands are CI's.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::{project, text};

/// The code blocks of the README with that language, in order.
fn blocks(language: &str) -> Vec<String> {
    let readme = text(project("README.md"));
    let fence = format!("```{language}\n");
    let parts = readme.split(&fence).skip(1);
    parts
        .map(|part| part.split("```").next().unwrap().to_owned())
        .collect()
}

#[test]
fn ci_calls_the_two_commands_of_the_readme() {
    let ci = text(project(".ci/run"));
    let readme = text(project("README.md"));
    for command in ["sh examples/quickstart/run.sh", "cargo test"] {
        assert!(
            readme.contains(command) && ci.lines().any(|line| line == command),
            "{command}"
        );
    }
}

#[test]
fn the_tour_runs_as_it_is_written() {
    let tour = blocks("sh")
        .into_iter()
        .find(|block| block.contains("smime ca init"))
        .unwrap();
    let directory = tempfile::tempdir().unwrap();
    let binary = std::path::Path::new(env!("CARGO_BIN_EXE_smime"));
    let path = format!(
        "{}:{}",
        binary.parent().unwrap().display(),
        std::env::var("PATH").unwrap_or_default()
    );
    let mut shell = Command::new("sh")
        .args(["-eu", "-s"])
        .current_dir(directory.path())
        .env("PATH", path)
        .env("HOME", directory.path())
        .env_remove("XDG_DATA_HOME")
        .env_remove("SMIME_KEYSTORE")
        .env("SMIME_PASSPHRASE", "only for the test of the tour")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    shell
        .stdin
        .take()
        .unwrap()
        .write_all(tour.as_bytes())
        .unwrap();
    let output = shell.wait_with_output().unwrap();
    assert!(
        output.status.success(),
        "{}\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
