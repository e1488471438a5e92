//! What others made: messages, certificates and keys of other projects and of standards bodies.
//!
//! They are read where `SMIME_CORPORA` points, else at `../shared/corpora` beside the package, and
//! are no part of it. Where the folder is absent, each test says that it did not run; with
//! `CI=true` that is a failure.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a test binary; the exemptions of clippy.toml end at #[test] functions"
)]

mod certificates;
mod fuzz;
mod fuzzed;
mod hierarchies;
mod makers;
mod mime_messages;
mod mime_random;
mod mime_structure;
mod mozilla_comm;
mod paths;
#[path = "../interop/peer.rs"]
#[allow(dead_code, reason = "the other test binary needs more of it")]
mod peer;
mod pkcs12;
mod pkits;
mod rfc4134;
mod signing_form;
mod transport;
mod wycheproof;

use std::path::{Path, PathBuf};

use fuzzed::checks::lookups;

/// The folder, or `None` where there is none: the test then returns.
pub(crate) fn corpora() -> Option<PathBuf> {
    let folder = match std::env::var_os("SMIME_CORPORA") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora"),
    };
    if folder.is_dir() {
        return Some(folder);
    }
    let ci = std::env::var("CI").is_ok_and(|value| value == "true");
    assert!(!ci, "no corpora at {}", folder.display());
    println!("not run: no corpora at {}", folder.display());
    None
}

/// Every regular file below `folder`, in the order of their paths.
pub(crate) fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_path_buf()];
    while let Some(next) = waiting.pop() {
        let entries = std::fs::read_dir(&next).unwrap();
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
