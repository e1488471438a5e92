//! Files that are there whole or not at all, also after a crash.
//!
//! A file is written under a temporary name on the same file system, flushed to the medium, and
//! renamed to its name; then the directory is flushed. Nothing is ever written in place. Files get
//! mode 0600 and directories 0700 at creation, so there is no moment at which others can open them.
//!
//! The temporary names lie in one directory, `tmp`, not beside each target: what a killed process
//! left behind is then found by listing one directory instead of one that holds a file for every
//! correspondent.

use std::collections::BTreeSet;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, fchown};
use std::path::{Path, PathBuf};

use super::error::{KeystoreError, io_error};
use crate::crypto::random;

/// Writes files of one keystore. Only a process that holds the lock may have one.
#[derive(Debug)]
pub(super) struct Scratch {
    dir: PathBuf,
    owner: (u32, u32),
}

impl Scratch {
    /// Makes the scratch directory `dir` if it is missing. What is written belongs to `owner` (user
    /// and group), as far as this process may give files away: an administrator who works on a
    /// service's keystore must not leave files in it that the service cannot read.
    pub(super) fn open(dir: PathBuf, owner: (u32, u32)) -> Result<Scratch, KeystoreError> {
        let scratch = Scratch { dir, owner };
        scratch.make_dir(&scratch.dir)?;
        Ok(scratch)
    }

    /// Removes what earlier processes left behind.
    pub(super) fn sweep(&self) {
        let Ok(entries) = fs::read_dir(&self.dir) else {
            return;
        };
        for entry in entries.flatten() {
            // Best effort: what stays is in nobody's way.
            let _ = fs::remove_file(entry.path());
        }
    }

    /// Makes the directory `path` if it is missing, with mode 0700, and flushes its parent.
    pub(super) fn make_dir(&self, path: &Path) -> Result<(), KeystoreError> {
        match DirBuilder::new().mode(0o700).create(path) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => {
                return Ok(());
            }
            Err(error) => return Err(io_error("create directory", path)(error)),
        }
        let made = File::open(path).map_err(io_error("open directory", path))?;
        self.give_away(&made);
        sync_parent(path)
    }

    /// Writes a new, empty file exclusively; `false` if the name is taken.
    pub(super) fn reserve(&self, path: &Path) -> Result<bool, KeystoreError> {
        match create_new(path) {
            Ok(file) => {
                self.give_away(&file);
                file.sync_all().map_err(io_error("flush", path))?;
                sync_parent(path)?;
                Ok(true)
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(io_error("create", path)(error)),
        }
    }

    /// Begins a change of several files.
    pub(super) fn change(&self) -> Change<'_> {
        Change {
            scratch: self,
            unflushed: BTreeSet::new(),
        }
    }

    /// Writes one file, whole and durable.
    pub(super) fn write(&self, path: &Path, bytes: &[u8]) -> Result<(), KeystoreError> {
        self.change().commit(path, bytes)
    }

    /// Writes `bytes` to a temporary file and renames it to `path`; does not flush the directory.
    fn place(&self, path: &Path, bytes: &[u8]) -> Result<(), KeystoreError> {
        let temporary = self.dir.join(random_name("")?);
        let written = self.write_new(&temporary, bytes);
        let placed =
            written.and_then(|()| fs::rename(&temporary, path).map_err(io_error("write", path)));
        if placed.is_err() {
            let _ = fs::remove_file(&temporary);
        }
        placed
    }

    fn write_new(&self, path: &Path, bytes: &[u8]) -> Result<(), KeystoreError> {
        let mut file = create_new(path).map_err(io_error("create", path))?;
        self.give_away(&file);
        file.write_all(bytes).map_err(io_error("write", path))?;
        file.sync_all().map_err(io_error("flush", path))
    }

    fn give_away(&self, file: &File) {
        let Ok(metadata) = file.metadata() else {
            return;
        };
        if (metadata.uid(), metadata.gid()) != self.owner {
            // Only the superuser may; for anybody else the file stays as it is, which is right.
            let _ = fchown(file, Some(self.owner.0), Some(self.owner.1));
        }
    }
}

/// A change made of several files, of which the last one written makes it count.
///
/// Files that are put are named by nothing yet, or are hints. The commit first makes all of them
/// durable, then renames its own file into place, so that no crash leaves a record whose parts are
/// missing.
pub(super) struct Change<'a> {
    scratch: &'a Scratch,
    unflushed: BTreeSet<PathBuf>,
}

impl Change<'_> {
    /// Writes a file that does not count by itself.
    pub(super) fn put(&mut self, path: &Path, bytes: &[u8]) -> Result<(), KeystoreError> {
        self.scratch.place(path, bytes)?;
        if let Some(parent) = path.parent() {
            self.unflushed.insert(parent.to_owned());
        }
        Ok(())
    }

    /// Writes the file that makes the change count. When this returns, the change is durable.
    pub(super) fn commit(&mut self, path: &Path, bytes: &[u8]) -> Result<(), KeystoreError> {
        for dir in std::mem::take(&mut self.unflushed) {
            sync_dir(&dir)?;
        }
        self.scratch.place(path, bytes)?;
        sync_parent(path)
    }
}

/// Removes a file durably; one that is missing is no error.
pub(super) fn remove(path: &Path) -> Result<(), KeystoreError> {
    match fs::remove_file(path) {
        Ok(()) => sync_parent(path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(io_error("remove", path)(error)),
    }
}

/// Reads a file; `None` if it is missing. One that is longer than `limit` is damaged.
pub(super) fn read(path: &Path, limit: usize) -> Result<Option<Vec<u8>>, KeystoreError> {
    match File::open(path) {
        Ok(file) => read_open(file, path, limit).map(Some),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(io_error("open", path)(error)),
    }
}

/// Reads an open file to its end.
pub(super) fn read_open(file: File, path: &Path, limit: usize) -> Result<Vec<u8>, KeystoreError> {
    use io::Read;
    let mut bytes = Vec::new();
    file.take(limit as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(io_error("read", path))?;
    if bytes.len() > limit {
        return Err(KeystoreError::Damaged {
            file: path.to_owned(),
            what: format!("it is longer than {limit} octets"),
        });
    }
    Ok(bytes)
}

/// `prefix` and 32 random hex digits.
pub(super) fn random_name(prefix: &str) -> Result<String, KeystoreError> {
    let number = u128::from_be_bytes(random::array()?);
    Ok(format!("{prefix}{number:032x}"))
}

fn create_new(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
}

fn sync_parent(path: &Path) -> Result<(), KeystoreError> {
    path.parent().map_or(Ok(()), sync_dir)
}

fn sync_dir(dir: &Path) -> Result<(), KeystoreError> {
    let dir = if dir.as_os_str().is_empty() {
        Path::new(".")
    } else {
        dir
    };
    File::open(dir)
        .and_then(|open| open.sync_all())
        .map_err(io_error("flush directory", dir))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scratch(root: &Path) -> Scratch {
        let metadata = fs::metadata(root).unwrap();
        Scratch::open(root.join("tmp"), (metadata.uid(), metadata.gid())).unwrap()
    }

    #[test]
    fn files_are_private_and_whole() {
        let root = tempfile::tempdir().unwrap();
        let scratch = scratch(root.path());
        let path = root.path().join("file");
        scratch.write(&path, b"first").unwrap();
        scratch.write(&path, b"second").unwrap();
        assert_eq!(read(&path, 100).unwrap().unwrap(), b"second");
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
        let dir = root.path().join("dir");
        scratch.make_dir(&dir).unwrap();
        scratch.make_dir(&dir).unwrap();
        assert_eq!(fs::metadata(&dir).unwrap().mode() & 0o777, 0o700);
        assert_eq!(fs::read_dir(root.path().join("tmp")).unwrap().count(), 0);
    }

    #[test]
    fn a_failed_write_leaves_the_old_file_and_no_temporary_one() {
        let root = tempfile::tempdir().unwrap();
        let scratch = scratch(root.path());
        let path = root.path().join("taken");
        fs::create_dir_all(path.join("child")).unwrap();
        assert!(scratch.write(&path, b"x").is_err());
        assert!(path.join("child").is_dir());
        assert_eq!(fs::read_dir(root.path().join("tmp")).unwrap().count(), 0);
    }

    #[test]
    fn leftovers_are_swept() {
        let root = tempfile::tempdir().unwrap();
        let scratch = scratch(root.path());
        fs::write(root.path().join("tmp/0123"), b"half").unwrap();
        scratch.sweep();
        assert_eq!(fs::read_dir(root.path().join("tmp")).unwrap().count(), 0);
    }

    #[test]
    fn a_name_is_reserved_once() {
        let root = tempfile::tempdir().unwrap();
        let scratch = scratch(root.path());
        assert!(scratch.reserve(&root.path().join("7f")).unwrap());
        assert!(!scratch.reserve(&root.path().join("7f")).unwrap());
    }

    #[test]
    fn reading_is_bounded() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("file");
        assert!(read(&path, 4).unwrap().is_none());
        fs::write(&path, b"12345").unwrap();
        assert!(matches!(read(&path, 4), Err(KeystoreError::Damaged { .. })));
        assert_eq!(read(&path, 5).unwrap().unwrap(), b"12345");
    }

    #[test]
    fn removing_twice_is_no_error() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("file");
        fs::write(&path, b"x").unwrap();
        remove(&path).unwrap();
        remove(&path).unwrap();
        assert!(!path.exists());
    }
}
