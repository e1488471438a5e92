//! The last steps of a file that is complete: to the disk, to its place, and the place to the disk.
//!
//! Several files take them together. Flushing one by one costs a commit of the file system's journal
//! each, and one more for each place; together nearly all of them share one.

use std::collections::BTreeSet;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rustix::fs::{Advice, fadvise};

use super::output::{cannot_write, parent};
use super::staged::Staged;
use crate::error::CommandError;

/// A file that is complete and not yet in its place. Dropped, it is gone.
pub struct CompleteFile {
    staged: Staged,
    path: PathBuf,
    name: String,
}

/// Where files are left that somebody else settles.
#[derive(Clone, Default)]
pub struct Shelf(Arc<Mutex<Vec<CompleteFile>>>);

impl CompleteFile {
    pub(super) fn new(staged: Staged, path: PathBuf, name: String) -> CompleteFile {
        CompleteFile { staged, path, name }
    }

    /// Lets the writing to the disk begin, without waiting for it. Where that cannot be done, the
    /// flush does it all.
    fn begin(&self) {
        // What is written to the disk need not stay in memory, is the advice; its first effect is
        // that the writing begins.
        let _ = fadvise(self.staged.file(), 0, None, Advice::DontNeed);
    }

    fn flush(&self) -> Result<(), CommandError> {
        let flushed = self.staged.file().sync_all();
        flushed.map_err(|error| cannot_write(&self.name, error))
    }

    fn put_in_place(self) -> Result<PathBuf, CommandError> {
        let CompleteFile { staged, path, name } = self;
        let put = staged.persist(&path);
        put.map_err(|error| cannot_write(&name, error))?;
        Ok(path)
    }

    /// Flushes the file and puts it in its place.
    ///
    /// # Errors
    /// It cannot be written (74).
    pub(super) fn settle(self) -> Result<(), CommandError> {
        self.flush()?;
        flush_directory(parent(&self.put_in_place()?));
        Ok(())
    }
}

impl Shelf {
    pub(super) fn put(&self, file: CompleteFile) {
        self.files().push(file);
    }

    /// The files that were left here.
    pub fn take(&self) -> Vec<CompleteFile> {
        std::mem::take(&mut *self.files())
    }

    fn files(&self) -> std::sync::MutexGuard<'_, Vec<CompleteFile>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Settles groups of files, all together: each is put in its place when it is on the disk. Returns for
/// each group whether all of it is settled.
pub fn settle(groups: Vec<Vec<CompleteFile>>) -> Vec<Result<(), CommandError>> {
    for file in groups.iter().flatten() {
        file.begin();
    }
    let flushed: Vec<Result<(), CommandError>> = groups
        .iter()
        .map(|files| files.iter().try_for_each(CompleteFile::flush))
        .collect();
    let mut directories = BTreeSet::new();
    let settled = groups.into_iter().zip(flushed).map(|(files, flushed)| {
        flushed?;
        for file in files {
            directories.insert(parent(&file.put_in_place()?).to_owned());
        }
        Ok(())
    });
    let settled = settled.collect();
    directories.iter().for_each(|path| flush_directory(path));
    settled
}

/// A name reaches the disk with its directory. Some file systems cannot do that; the content is safe
/// either way.
fn flush_directory(path: &Path) {
    let _: io::Result<()> = File::open(path).and_then(|directory| directory.sync_all());
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::stdio::{Access, Output};

    fn left(shelf: &Shelf, path: &Path, content: &[u8]) -> Vec<CompleteFile> {
        let mut output = Output::open(Some(path), Access::Shared).unwrap();
        output.write_octets(content).unwrap();
        output.leaving_on(shelf).commit().unwrap();
        shelf.take()
    }

    #[test]
    fn what_is_left_on_a_shelf_appears_when_it_is_settled() {
        let directory = tempfile::tempdir().unwrap();
        let at = |name: &str| directory.path().join(name);
        let shelf = Shelf::default();
        fs::write(at("old"), "old").unwrap();
        let groups = vec![
            left(&shelf, &at("old"), b"new"),
            left(&shelf, &at("first"), b"first"),
            Vec::new(),
        ];
        assert_eq!(fs::read(at("old")).unwrap(), b"old");
        assert!(!at("first").exists());
        let settled = settle(groups);
        assert_eq!(settled.len(), 3);
        assert!(settled.iter().all(Result::is_ok));
        assert_eq!(fs::read(at("old")).unwrap(), b"new");
        assert_eq!(fs::read(at("first")).unwrap(), b"first");
        assert_eq!(directory.path().read_dir().unwrap().count(), 2);
    }

    #[test]
    fn one_that_cannot_be_put_in_place_is_told_and_the_others_are() {
        let directory = tempfile::tempdir().unwrap();
        let at = |name: &str| directory.path().join(name);
        let shelf = Shelf::default();
        let groups = vec![
            left(&shelf, &at("taken"), b"one"),
            left(&shelf, &at("free"), b"two"),
        ];
        fs::create_dir(at("taken")).unwrap();
        let settled = settle(groups);
        let error = settled[0].as_ref().unwrap_err();
        assert_eq!(error.exit_status().code(), 74);
        assert!(settled[1].is_ok());
        assert_eq!(fs::read(at("free")).unwrap(), b"two");
    }

    #[test]
    fn what_is_never_settled_leaves_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let shelf = Shelf::default();
        drop(left(&shelf, &directory.path().join("out"), b"text"));
        assert_eq!(directory.path().read_dir().unwrap().count(), 0);
    }
}
