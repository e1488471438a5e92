//! What is installed: by the script, and by the Debian package.

use std::collections::BTreeSet;
use std::process::Command;

use crate::roff::pages;
use crate::{all_files, project, text};

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
    for page in pages() {
        let name = page.file_name().unwrap().to_str().unwrap();
        let (_, section) = name.rsplit_once('.').unwrap();
        expected.insert(format!("{share}/man/man{section}/{name}"));
    }
    let installed = all_files(root.path()).into_iter().map(|path| {
        let name = path.strip_prefix(root.path()).unwrap();
        name.to_str().unwrap().to_owned()
    });
    assert_eq!(installed.collect::<BTreeSet<_>>(), expected);
    // It says what it did, one path a line.
    let printed = String::from_utf8(output.stdout).unwrap();
    assert_eq!(printed.lines().count(), expected.len());
}

#[test]
fn ci_builds_the_package_and_tries_it() {
    let ci = text(project(".ci/run"));
    assert!(ci.contains("\ncargo deb ") && ci.contains("sh packaging/try.sh"));
}
