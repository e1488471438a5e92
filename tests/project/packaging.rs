//! What is installed: by the script, and by the Debian package.

use std::collections::BTreeSet;
use std::process::Command;

use crate::{files, project, text};

/// The files below a directory, as paths in it.
fn below(directory: &std::path::Path) -> BTreeSet<String> {
    fn visit(directory: &std::path::Path, root: &std::path::Path, found: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                visit(&path, root, found);
            } else {
                let name = path.strip_prefix(root).unwrap();
                found.insert(name.to_string_lossy().into_owned());
            }
        }
    }
    let mut found = BTreeSet::new();
    visit(directory, directory, &mut found);
    found
}

#[test]
fn the_script_installs_below_destdir_and_prefix() {
    let root = tempfile::tempdir().unwrap();
    let output = Command::new("sh")
        .arg(project("packaging/install.sh"))
        .arg("/opt/mail")
        .env("DESTDIR", root.path())
        .current_dir(root.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let share = "opt/mail/share";
    let mut expected: BTreeSet<String> = [
        "bash-completion/completions/smime",
        "zsh/site-functions/_smime",
        "fish/vendor_completions.d/smime.fish",
        "smime/smime-report.schema.json",
    ]
    .map(|name| format!("{share}/{name}"))
    .into();
    for section in ["1", "5", "7"] {
        for page in files(&project("man"), section) {
            let name = page.file_name().unwrap().to_string_lossy();
            expected.insert(format!("{share}/man/man{section}/{name}"));
        }
    }
    assert_eq!(below(root.path()), expected);
    // It says what it did, one path a line.
    let printed = String::from_utf8(output.stdout).unwrap();
    assert_eq!(printed.lines().count(), expected.len());
}

#[test]
fn ci_builds_the_package_and_tries_it() {
    let ci = text(project(".ci/run"));
    assert!(ci.contains("\ncargo deb ") && ci.contains("sh packaging/try.sh"));
}
