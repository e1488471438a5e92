//! The README tells the truth: its tour runs as it stands there, and its commands are CI's.

use crate::shell::{self, fits};
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
    let environment = [("SMIME_PASSPHRASE", "only for the test of the tour")];
    shell::succeeds(&shell::run(directory.path(), &environment, &tour));
}

/// What `smime verify` prints of a message that a mailing list put a footer into.
const FOOTER: &str = "
smime ca init --key-type ec-p256
smime cert issue sender@example.com --key-type ec-p256
printf 'From: sender@example.com\\nTo: list@example.org\\n\\nHello.\\n' > message.eml
smime sign message.eml -o signed.eml
awk '{ print } /^Hello/ { print \"--\\nTo leave the list, write to it.\" }' signed.eml > listed.eml
exec 2>&1
smime verify listed.eml -o content.eml || true
";

#[test]
fn the_figure_of_a_rejected_message_is_what_is_printed() {
    let figure = blocks("text")
        .into_iter()
        .find(|block| block.starts_with("smime: rejected"))
        .unwrap();
    let directory = tempfile::tempdir().unwrap();
    let environment = [("SMIME_PASSPHRASE", "only for the test of the figure")];
    let output = shell::run(directory.path(), &environment, FOOTER);
    shell::succeeds(&output);
    let printed = String::from_utf8(output.stdout).unwrap();
    // The two fingerprints that `ca init` and `cert issue` print come first.
    let (_, printed) = printed.split_once("smime: ").unwrap();
    let printed = format!("smime: {printed}");
    assert!(fits(&figure, &printed), "{printed}");
}
