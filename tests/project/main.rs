//! What must hold for the project as a whole: layers, catalogue, pages, completions, examples.

// Clippy knows test functions, not what they call.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods
)]

mod attacks;
mod catalogue;
mod dependencies;
mod examples;
mod inventory;
mod layers;
mod limits;
mod markdown;
mod packaging;
mod pages;
mod postfix_filter;
mod readme;
mod roff;
mod shell;
mod threats;
mod tutorial;

use std::path::{Path, PathBuf};

/// A path inside the project.
fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The text of a file of the project.
fn text(path: impl AsRef<Path>) -> String {
    let path = path.as_ref();
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// All files below a directory with that extension, in order.
fn files(directory: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = all_files(directory);
    found.retain(|path| path.extension().is_some_and(|found| found == extension));
    found
}

/// All files below a directory, in order.
fn all_files(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let entries = std::fs::read_dir(directory)
        .unwrap_or_else(|error| panic!("{}: {error}", directory.display()));
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(all_files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}
