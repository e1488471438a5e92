//! The steps by which a keystore changes on its medium, one function for each kind of step. Nothing
//! else in this module writes, so tests can stop at every one (see `tests::faults`).

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

#[cfg(test)]
use super::tests::faults::step;

/// A kind of step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(test), allow(dead_code))]
pub(super) enum Step {
    MakeDirectory,
    Create,
    Write,
    Flush,
    FlushDirectory,
    Rename,
    Remove,
    RemoveTree,
}

/// Outside tests every step is taken.
#[cfg(not(test))]
fn step(_: Step, _: &Path) -> io::Result<()> {
    Ok(())
}

/// Makes a directory with mode 0700.
pub(super) fn make_dir(path: &Path) -> io::Result<()> {
    step(Step::MakeDirectory, path)?;
    DirBuilder::new().mode(0o700).create(path)
}

/// Makes a file with mode 0600 that was not there before.
pub(super) fn create_new(path: &Path) -> io::Result<File> {
    step(Step::Create, path)?;
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
}

/// Writes the whole content of a file.
pub(super) fn write(mut file: &File, path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Err(error) = step(Step::Write, path) {
        // What a full disk or a sudden end leaves.
        file.write_all(&bytes[..bytes.len() / 2])?;
        return Err(error);
    }
    file.write_all(bytes)
}

/// Makes the content of a file durable.
pub(super) fn flush(file: &File, path: &Path) -> io::Result<()> {
    step(Step::Flush, path)?;
    file.sync_all()
}

/// Makes the names in a directory durable.
pub(super) fn flush_dir(path: &Path) -> io::Result<()> {
    step(Step::FlushDirectory, path)?;
    File::open(path)?.sync_all()
}

/// Brings a file into place.
pub(super) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    step(Step::Rename, from)?;
    fs::rename(from, to)
}

/// Removes a file.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    step(Step::Remove, path)?;
    fs::remove_file(path)
}

/// Removes a directory with everything in it, of which some may be left when it fails.
pub(super) fn remove_tree(path: &Path) -> io::Result<()> {
    if let Err(error) = step(Step::RemoveTree, path) {
        // What a sudden end leaves.
        for entry in fs::read_dir(path)?.flatten().take(2) {
            let _ = fs::remove_file(entry.path());
        }
        return Err(error);
    }
    fs::remove_dir_all(path)
}
