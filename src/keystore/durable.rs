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
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{MetadataExt, fchown};
use std::path::{Path, PathBuf};
use std::thread;

use super::error::{KeystoreError, io_error};
use super::medium;
use crate::crypto::random;

/// How many files are flushed at the same time: threads that wait, of which one commit of the journal
/// frees many.
const FLUSHERS: usize = 64;

/// How many files of a change are open at the same time. A process may have 1024 open.
const OPEN_FILES: usize = 256;

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
            let _ = medium::remove(&entry.path());
        }
    }

    /// Makes the directory `path` if it is missing, with mode 0700, and flushes its parent.
    pub(super) fn make_dir(&self, path: &Path) -> Result<(), KeystoreError> {
        match medium::make_dir(path) {
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
        match medium::create_new(path) {
            Ok(file) => {
                self.give_away(&file);
                medium::flush(&file, path).map_err(io_error("flush", path))?;
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
            pending: Vec::new(),
        }
    }

    /// Writes one file, whole and durable.
    pub(super) fn write(&self, path: &Path, bytes: &[u8]) -> Result<(), KeystoreError> {
        self.change().commit(path, bytes)
    }

    fn give_away(&self, file: &File) {
        give_away(file, self.owner);
    }
}

/// Gives a file to `owner` (user and group) if it belongs to somebody else.
pub(super) fn give_away(file: &File, owner: (u32, u32)) {
    let Ok(metadata) = file.metadata() else {
        return;
    };
    if (metadata.uid(), metadata.gid()) != owner {
        // Only the superuser may; for anybody else the file stays as it is, which is right.
        let _ = fchown(file, Some(owner.0), Some(owner.1));
    }
}

/// User and group of the keystore's directory, to whom its files belong.
pub(super) fn owner(dir: &Path) -> Result<(u32, u32), KeystoreError> {
    let metadata = fs::metadata(dir).map_err(io_error("examine", dir))?;
    Ok((metadata.uid(), metadata.gid()))
}

/// A change made of several files, of which the last one written makes it count.
///
/// Files that are put are named by nothing yet, or are hints. The commit first makes all of them
/// durable, then renames its own file into place, so that no crash leaves a record whose parts are
/// missing.
///
/// Most of the time of a change is spent waiting for the medium. Files are therefore flushed at the
/// same time from several threads, which file systems answer with one commit of their journal.
pub(super) struct Change<'a> {
    scratch: &'a Scratch,
    pending: Vec<Pending>,
}

/// A file that has been written under its temporary name.
struct Pending {
    temporary: PathBuf,
    target: PathBuf,
    file: File,
}

impl Change<'_> {
    /// Writes a file that does not count by itself. It is in place after the next flush at the
    /// latest.
    pub(super) fn put(&mut self, target: &Path, bytes: &[u8]) -> Result<(), KeystoreError> {
        if self.pending.len() >= OPEN_FILES {
            self.flush()?;
        }
        let temporary = self.scratch.dir.join(random_name("")?);
        let file = medium::create_new(&temporary).map_err(io_error("create", &temporary))?;
        self.scratch.give_away(&file);
        let written = medium::write(&file, &temporary, bytes);
        let written = written.map_err(io_error("write", &temporary));
        // Noted even if it is half written, so that it is removed.
        self.pending.push(Pending {
            temporary,
            target: target.to_owned(),
            file,
        });
        written
    }

    /// Makes everything that was put durable, then brings it into place.
    pub(super) fn flush(&mut self) -> Result<(), KeystoreError> {
        at_once(&self.pending, |pending| {
            medium::flush(&pending.file, &pending.temporary)
                .map_err(io_error("flush", &pending.target))
        })?;
        let mut dirs = BTreeSet::new();
        for Pending {
            temporary, target, ..
        } in &self.pending
        {
            medium::rename(temporary, target).map_err(io_error("write", target))?;
            dirs.extend(target.parent().map(Path::to_owned));
        }
        self.pending.clear();
        at_once(&Vec::from_iter(dirs), |dir| sync_dir(dir))
    }

    /// Writes the file that makes the change count. When this returns, the change is durable.
    pub(super) fn commit(&mut self, target: &Path, bytes: &[u8]) -> Result<(), KeystoreError> {
        self.flush()?;
        self.put(target, bytes)?;
        self.flush()
    }
}

impl Drop for Change<'_> {
    fn drop(&mut self) {
        for pending in &self.pending {
            let _ = medium::remove(&pending.temporary);
        }
    }
}

/// Does `work` on all items, on several threads if there are several items.
fn at_once<T: Sync>(
    items: &[T],
    work: impl Fn(&T) -> Result<(), KeystoreError> + Sync,
) -> Result<(), KeystoreError> {
    if let [item] = items {
        return work(item);
    }
    let share = items.len().div_ceil(FLUSHERS).max(1);
    thread::scope(|scope| {
        let work = &work;
        let threads: Vec<_> = items
            .chunks(share)
            .map(|chunk| scope.spawn(move || chunk.iter().try_for_each(work)))
            .collect();
        threads.into_iter().try_for_each(|thread| {
            thread
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    })
}

/// Removes a file durably; one that is missing is no error.
pub(super) fn remove(path: &Path) -> Result<(), KeystoreError> {
    match medium::remove(path) {
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

/// The paths of what is in a directory; none if it is missing.
pub(super) fn list(dir: &Path) -> Result<Vec<PathBuf>, KeystoreError> {
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(io_error("list", dir)(error)),
    };
    let paths = entries.map(|entry| entry.map(|entry| entry.path()));
    paths
        .collect::<io::Result<_>>()
        .map_err(io_error("list", dir))
}

/// `prefix` and 32 random hex digits.
pub(super) fn random_name(prefix: &str) -> Result<String, KeystoreError> {
    let number = u128::from_be_bytes(random::array()?);
    Ok(format!("{prefix}{number:032x}"))
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
    medium::flush_dir(dir).map_err(io_error("flush directory", dir))
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
