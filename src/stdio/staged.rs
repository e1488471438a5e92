//! A file that gets its name when it is complete.
//!
//! Where the system can do that (Linux, most file systems), what is being written has no name at all:
//! a run that is killed leaves nothing behind. Elsewhere it has a name of its own beside the target,
//! which is removed unless the run is killed.

use std::fs::{self, File, OpenOptions, Permissions};
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher, RandomState};
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use rustix::fs::{AtFlags, CWD, OFlags, linkat};
use rustix::io::Errno;
use tempfile::NamedTempFile;

use super::output::parent;

/// Where the names of open files are, by which one without a name can be given one.
const DESCRIPTORS: &str = "/proc/self/fd";

/// The names of staged files begin so.
const PREFIX: &str = ".smime-";

/// Between two attempts to take the name beside a target.
const PAUSE: Duration = Duration::from_millis(2);

/// How often the same file is found there before it is taken for what a killed run has left. Runs that
/// are alive have it for an instant.
const PATIENCE: u32 = 50;

/// How often others are found there before this is given up.
const ATTEMPTS: u32 = 5000;

/// A file on its way to a target in the same directory. Dropped, it is gone.
pub(super) enum Staged {
    Unnamed(File),
    Named(NamedTempFile),
}

impl Staged {
    /// Makes an empty file for `target` with that mode, less the umask.
    pub(super) fn create(target: &Path, mode: u32) -> io::Result<Staged> {
        // An error of any other kind comes again at once.
        if let Some(staged) = Staged::unnamed(target, mode) {
            return Ok(staged);
        }
        let directory = parent(target);
        let mut builder = tempfile::Builder::new();
        builder.prefix(PREFIX);
        builder.permissions(Permissions::from_mode(mode));
        builder.tempfile_in(directory).map(Staged::Named)
    }

    /// The same, where it can be without a name.
    pub(super) fn unnamed(target: &Path, mode: u32) -> Option<Staged> {
        if !Path::new(DESCRIPTORS).exists() {
            return None;
        }
        let mut options = OpenOptions::new();
        options.read(true).write(true).mode(mode);
        options.custom_flags(OFlags::TMPFILE.bits().cast_signed());
        options.open(parent(target)).ok().map(Staged::Unnamed)
    }

    pub(super) fn file(&self) -> &File {
        match self {
            Staged::Unnamed(file) => file,
            Staged::Named(named) => named.as_file(),
        }
    }

    /// Puts the file in the place of what is at `target`, if anything is.
    pub(super) fn persist(self, target: &Path) -> io::Result<()> {
        match self {
            Staged::Unnamed(file) => link(&file, target),
            Staged::Named(named) => named.persist(target).map(drop).map_err(|error| error.error),
        }
    }
}

/// Names a file that has no name.
///
/// A link cannot take the place of another file, a rename can. The name in between is the same for
/// every run with this target, so that what a run that is killed between the two has left is taken
/// away by the next one.
fn link(file: &File, target: &Path) -> io::Result<()> {
    let descriptor = PathBuf::from(DESCRIPTORS).join(file.as_raw_fd().to_string());
    let link = |to: &Path| linkat(CWD, &descriptor, CWD, to, AtFlags::SYMLINK_FOLLOW);
    match link(target) {
        Err(Errno::EXIST) => {}
        linked => return Ok(linked?),
    }
    let mut beside = name_beside(target, &BuildHasherDefault::<DefaultHasher>::new());
    let (mut found, mut times) = (None, 0);
    for _ in 0..ATTEMPTS {
        match link(&beside) {
            Err(Errno::EXIST) => {}
            linked => {
                linked?;
                return fs::rename(&beside, target).inspect_err(|_| {
                    let _ = fs::remove_file(&beside);
                });
            }
        }
        let other = identity(&beside);
        times = if other == found { times + 1 } else { 0 };
        found = other;
        if times >= PATIENCE {
            match fs::remove_file(&beside) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    // It belongs to somebody else, who shall not be in the way.
                    beside = name_beside(target, &RandomState::new());
                }
                _ => {}
            }
        }
        thread::sleep(PAUSE);
    }
    Err(io::ErrorKind::ResourceBusy.into())
}

/// What tells a file from others that had its name.
fn identity(path: &Path) -> Option<(u64, i64, i64)> {
    let metadata = path.symlink_metadata().ok()?;
    Some((metadata.ino(), metadata.ctime(), metadata.ctime_nsec()))
}

fn name_beside(target: &Path, hasher: &impl BuildHasher) -> PathBuf {
    let digits = hasher.hash_one(target.file_name());
    target.with_file_name(format!("{PREFIX}{digits:016x}"))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn names(directory: &Path) -> usize {
        directory.read_dir().unwrap().count()
    }

    #[test]
    fn what_is_not_complete_has_no_name() {
        let directory = tempfile::tempdir().unwrap();
        let target = directory.path().join("out");
        let mut file = Staged::create(&target, 0o600).unwrap();
        file.file().write_all(b"half").unwrap();
        if let Staged::Unnamed(_) = file {
            assert_eq!(names(directory.path()), 0);
        }
        drop(file);
        assert_eq!(names(directory.path()), 0);
        for content in ["first", "second"] {
            file = Staged::create(&target, 0o640).unwrap();
            file.file().write_all(content.as_bytes()).unwrap();
            file.persist(&target).unwrap();
            assert_eq!(fs::read(&target).unwrap(), content.as_bytes());
            assert_eq!(names(directory.path()), 1);
        }
    }

    #[test]
    fn what_a_killed_run_left_is_taken_away() {
        let directory = tempfile::tempdir().unwrap();
        let target = directory.path().join("out");
        fs::write(&target, "old").unwrap();
        let left = name_beside(&target, &BuildHasherDefault::<DefaultHasher>::new());
        fs::write(left, "left").unwrap();
        let staged = Staged::create(&target, 0o600).unwrap();
        staged.file().write_all(b"new").unwrap();
        staged.persist(&target).unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"new");
        if OpenOptions::new()
            .write(true)
            .custom_flags(OFlags::TMPFILE.bits().cast_signed())
            .open(directory.path())
            .is_ok()
        {
            assert_eq!(names(directory.path()), 1);
        }
    }

    #[test]
    fn several_at_once_put_whole_files_in_place() {
        let directory = tempfile::tempdir().unwrap();
        let target = directory.path().join("out");
        std::thread::scope(|scope| {
            for writer in b'a'..b'i' {
                let target = &target;
                scope.spawn(move || {
                    for _ in 0..50 {
                        let staged = Staged::create(target, 0o600).unwrap();
                        staged.file().write_all(&[writer; 1000]).unwrap();
                        staged.persist(target).unwrap();
                        let found = fs::read(target).unwrap();
                        assert_eq!(found.len(), 1000);
                        assert!(found.iter().all(|octet| *octet == found[0]));
                    }
                });
            }
        });
        assert_eq!(names(directory.path()), 1);
    }

    #[test]
    fn a_directory_is_not_replaced() {
        let directory = tempfile::tempdir().unwrap();
        let target = directory.path().join("taken");
        fs::create_dir(&target).unwrap();
        let staged = Staged::create(&target, 0o600).unwrap();
        assert!(staged.persist(&target).is_err());
        assert_eq!(names(directory.path()), 1);
    }
}
