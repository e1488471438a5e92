//! Running what the documentation shows, in a shell, with the built program in front of the path.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Runs a script in `directory`, which is its home too; `environment` is all that it knows of
/// keystores and passphrases.
pub(crate) fn run(directory: &Path, environment: &[(&str, &str)], script: &str) -> Output {
    let binary = Path::new(env!("CARGO_BIN_EXE_smime"));
    let path = format!(
        "{}:{}",
        binary.parent().unwrap().display(),
        std::env::var("PATH").unwrap_or_default()
    );
    let mut shell = Command::new("sh");
    shell
        .args(["-eu", "-s"])
        .current_dir(directory)
        .env("PATH", path)
        .env("HOME", directory)
        .env("TZ", "UTC")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    for name in [
        "XDG_DATA_HOME",
        "SMIME_KEYSTORE",
        "SMIME_PASSPHRASE",
        "SMIME_PASSPHRASE_FILE",
    ] {
        shell.env_remove(name);
    }
    let mut child = shell.envs(environment.iter().copied()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // A shell that stops at a failure does not read the rest.
    let _ = stdin.write_all(script.as_bytes());
    drop(stdin);
    child.wait_with_output().unwrap()
}

/// Holds that the script ended well.
#[track_caller]
pub(crate) fn succeeds(output: &Output) {
    assert!(
        output.status.success(),
        "{}\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Whether a command printed what is shown, in which `...` stands for anything.
pub(crate) fn fits(shown: &str, printed: &str) -> bool {
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let (shown, printed) = (flat(shown), flat(printed));
    if !shown.contains("...") {
        return shown == printed;
    }
    let mut rest = printed.as_str();
    shown.split("...").map(str::trim).all(|piece| {
        let found = rest.split_once(piece);
        found.is_some_and(|(_, behind)| {
            rest = behind;
            true
        })
    })
}

#[test]
fn what_is_shown_has_to_be_printed() {
    assert!(fits("a ... c\n...", "a b c d"));
    assert!(!fits("a ... c", "a b"));
    assert!(!fits("", "a warning") && !fits("a", "a b"));
}
