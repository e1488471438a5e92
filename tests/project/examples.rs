//! Each example runs, with the binary that is being tested.

use std::process::{Command, Stdio};

use crate::{files, project};

#[test]
fn every_example_runs() {
    let scripts: Vec<_> = files(&project("examples"), "sh")
        .into_iter()
        .filter(|path| path.ends_with("run.sh"))
        .collect();
    assert!(scripts.len() >= 2, "{scripts:?}");
    for script in scripts {
        let output = Command::new("sh")
            .arg(&script)
            .env("SMIME", env!("CARGO_BIN_EXE_smime"))
            .env_remove("SMIME_KEYSTORE")
            .env_remove("SMIME_PASSPHRASE")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{} failed:\n{}\n{}",
            script.display(),
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
        );
    }
}
