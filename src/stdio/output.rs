//! Where the result goes: stdout, or a file that appears complete or not at all.

use std::fs::{File, OpenOptions, Permissions};
use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::PermissionsExt;
use std::path::{Component, Path, PathBuf};

use crate::error::{CommandError, ErrorKind};
use crate::source::Source;
use crate::stdio::escape;
use crate::stdio::settling::{CompleteFile, Shelf};
use crate::stdio::staged::Staged;

/// Who may read a file that is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Whom the old file, or else the umask, lets.
    Shared,
    /// The owner alone: the file holds a private key.
    Private,
}

impl Access {
    /// The mode of a new file.
    fn mode(self) -> u32 {
        match self {
            Access::Shared => 0o666, // less the umask
            Access::Private => 0o600,
        }
    }
}

/// The result of a command on its way out.
///
/// Opening looks whether the target can be written; the first octet is written when the verdict is
/// known, and [`Output::commit`] puts the file in place. Dropped without it, nothing has happened,
/// except that a pipe or stdout keeps what was written.
pub struct Output {
    target: Target,
    access: Access,
    name: String,
    buffer: Vec<u8>,
    /// Who settles the file, where that is somebody else.
    shelf: Option<Shelf>,
}

enum Target {
    /// A stream that is written to as it is: stdout.
    Stream(File),
    /// A device, pipe or socket, which is opened at the first octet: opening a pipe waits.
    Special(PathBuf),
    /// A regular file, or none yet, where a staged file has a name and is made at the first octet.
    Regular(PathBuf),
    /// The staged file.
    Staged(Staged, PathBuf),
}

/// Octets that are gathered before they are written.
const BUFFER: usize = 64 << 10;

/// Symbolic links that are followed.
const LINKS: usize = 40;

impl Output {
    /// Opens the file at `path` for the result, or stdout if there is none or it is `-`.
    ///
    /// # Errors
    /// The file cannot be created there (73).
    pub fn open(path: Option<&Path>, access: Access) -> Result<Output, CommandError> {
        let (target, name) = match path {
            Some(path) if !is_stdout(path) => {
                let name = escape(&path.to_string_lossy()).into_owned();
                let target =
                    target_at(path, access).map_err(|error| cannot_create(&name, error))?;
                (target, name)
            }
            _ => {
                // A duplicate without the line buffer of the standard library.
                let stdout = io::stdout().as_fd().try_clone_to_owned();
                let stdout = stdout.map_err(|error| cannot_create("stdout", error))?;
                (Target::Stream(File::from(stdout)), "stdout".to_owned())
            }
        };
        Ok(Output {
            target,
            access,
            name,
            buffer: Vec::new(),
            shelf: None,
        })
    }

    /// Leaves the file on `shelf` when it is committed, instead of settling it.
    pub fn leaving_on(mut self, shelf: &Shelf) -> Output {
        self.shelf = Some(shelf.clone());
        self
    }

    /// Writes all of `source`.
    ///
    /// # Errors
    /// Reading or writing fails (74), or a pipe cannot be opened (73).
    pub fn write_source(&mut self, source: &Source) -> Result<(), CommandError> {
        let mut reader = source.reader();
        let mut piece = vec![0; BUFFER];
        loop {
            let read = reader
                .read(&mut piece)
                .map_err(|error| CommandError::io("cannot read what is to be written", error))?;
            if read == 0 {
                return Ok(());
            }
            self.write_octets(&piece[..read])?;
        }
    }

    /// Writes `octets`.
    ///
    /// # Errors
    /// As [`Output::write_source`].
    pub fn write_octets(&mut self, octets: &[u8]) -> Result<(), CommandError> {
        self.write_all(octets).map_err(|error| self.failed(error))
    }

    /// Writes what is left, to the disk if it is a file, and puts the file in place, unless that is
    /// left to others.
    ///
    /// # Errors
    /// As [`Output::write_source`].
    pub fn commit(mut self) -> Result<(), CommandError> {
        self.flush().map_err(|error| self.failed(error))?;
        let Target::Staged(staged, path) = self.target else {
            return Ok(());
        };
        let mode = match (self.access, path.metadata()) {
            (Access::Shared, Ok(old)) => Some(old.permissions()),
            (Access::Shared, Err(_)) => None,
            (Access::Private, _) => Some(Permissions::from_mode(self.access.mode())),
        };
        if let Some(mode) = mode {
            let changed = staged.file().set_permissions(mode);
            changed.map_err(|error| cannot_write(&self.name, error))?;
        }
        let complete = CompleteFile::new(staged, path, self.name);
        match &self.shelf {
            Some(shelf) => {
                shelf.put(complete);
                Ok(())
            }
            None => complete.settle(),
        }
    }

    /// Tells what went wrong in writing: for users of [`Write`].
    pub fn failed(&self, error: io::Error) -> CommandError {
        match self.target {
            Target::Special(_) | Target::Regular(_) => cannot_create(&self.name, error),
            Target::Stream(_) | Target::Staged(..) => cannot_write(&self.name, error),
        }
    }

    fn ready(&mut self) -> io::Result<&File> {
        match &self.target {
            Target::Special(path) => {
                // Appending spares the beginning of a file behind /dev/fd/N.
                self.target = Target::Stream(OpenOptions::new().append(true).open(path)?);
            }
            Target::Regular(path) => {
                let staged = Staged::create(path, self.access.mode())?;
                self.target = Target::Staged(staged, path.clone());
            }
            Target::Stream(_) | Target::Staged(..) => {}
        }
        match &self.target {
            Target::Stream(file) => Ok(file),
            Target::Staged(staged, _) => Ok(staged.file()),
            Target::Special(_) | Target::Regular(_) => Err(io::ErrorKind::NotFound.into()),
        }
    }
}

/// Octets are gathered; [`Output::commit`] writes the rest.
impl Write for Output {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        if octets.len() >= BUFFER {
            self.flush()?;
            self.ready()?.write_all(octets)?;
            return Ok(octets.len());
        }
        self.buffer.extend_from_slice(octets);
        if self.buffer.len() >= BUFFER {
            self.flush()?;
        }
        Ok(octets.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let octets = std::mem::take(&mut self.buffer);
        self.ready()?.write_all(&octets)?;
        self.buffer = octets;
        self.buffer.clear();
        Ok(())
    }
}

fn cannot_create(name: &str, error: io::Error) -> CommandError {
    let missing = error.kind() == io::ErrorKind::NotFound;
    CommandError::new(ErrorKind::CannotCreate, format!("cannot create {name}"))
        .caused_by(error)
        .hint_if(missing, "Make the directory first.")
}

pub(super) fn cannot_write(name: &str, error: io::Error) -> CommandError {
    CommandError::io(format!("cannot write {name}"), error)
}

/// Whether that name of an output means stdout.
pub(crate) fn is_stdout(path: &Path) -> bool {
    ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"]
        .iter()
        .any(|name| path == Path::new(name))
}

/// Follows symbolic links and looks whether the file there can be made.
fn target_at(path: &Path, access: Access) -> io::Result<Target> {
    let mut path = path.to_owned();
    for _ in 0..LINKS {
        // /dev/stdout and /dev/fd/N name open files: a rename would part them from their names.
        if path.starts_with("/proc") || path.starts_with("/dev") && path.metadata().is_ok() {
            return Ok(Target::Special(path));
        }
        match path.symlink_metadata() {
            Ok(metadata) if metadata.is_symlink() => {
                let link = path.read_link()?;
                path = parent(&path).join(link);
            }
            Ok(metadata) if metadata.is_dir() => {
                return Err(io::ErrorKind::IsADirectory.into());
            }
            Ok(metadata) if !metadata.is_file() => return Ok(Target::Special(path)),
            Ok(_) => break,
            Err(error) if error.kind() == io::ErrorKind::NotFound => break,
            Err(error) => return Err(error),
        }
    }
    if !matches!(path.components().next_back(), Some(Component::Normal(_))) {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    // A file without a name shows that the directory is there and can be written to.
    Ok(match Staged::unnamed(&path, access.mode()) {
        Some(staged) => Target::Staged(staged, path),
        None => {
            tempfile::tempfile_in(parent(&path))?;
            Target::Regular(path)
        }
    })
}

/// The directory that the file at `path` is in.
pub(crate) fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(directory: &Path) -> Vec<String> {
        let entries = directory.read_dir().unwrap();
        entries
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect()
    }

    fn mode(path: &Path) -> u32 {
        path.metadata().unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn a_file_appears_at_commit_and_a_failed_run_leaves_the_old_one() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("out.eml");
        std::fs::write(&path, "old").unwrap();
        std::fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();

        let mut output = Output::open(Some(&path), Access::Shared).unwrap();
        assert_eq!(names(directory.path()), ["out.eml"]);
        output.write_octets(&vec![b'x'; BUFFER + 1]).unwrap();
        drop(output);
        assert_eq!(std::fs::read(&path).unwrap(), b"old");
        assert_eq!(names(directory.path()), ["out.eml"]);

        let mut output = Output::open(Some(&path), Access::Shared).unwrap();
        output
            .write_source(&Source::from_bytes(b"new".to_vec()))
            .unwrap();
        output.commit().unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"new");
        assert_eq!(mode(&path), 0o640);
    }

    #[test]
    fn links_are_followed_even_where_nothing_is_yet() {
        let directory = tempfile::tempdir().unwrap();
        let link = directory.path().join("link");
        std::os::unix::fs::symlink("target", &link).unwrap();
        let output = Output::open(Some(&link), Access::Private).unwrap();
        output.commit().unwrap();
        let target = directory.path().join("target");
        assert!(link.symlink_metadata().unwrap().is_symlink());
        assert_eq!(
            (target.metadata().unwrap().len(), mode(&target)),
            (0, 0o600)
        );
    }

    #[test]
    fn what_cannot_be_created_is_73_before_any_work() {
        let directory = tempfile::tempdir().unwrap();
        let looping = directory.path().join("loop");
        std::os::unix::fs::symlink("loop", &looping).unwrap();
        for path in [
            directory.path().to_owned(),
            directory.path().join("missing/out.eml"),
            directory.path().join(".."),
        ] {
            let error = Output::open(Some(&path), Access::Shared).err().unwrap();
            assert_eq!(error.exit_status().code(), 73, "{}", path.display());
        }
        assert!(Output::open(Some(Path::new("/dev/null")), Access::Shared).is_ok());
        let mut full = Output::open(Some(Path::new("/dev/full")), Access::Shared).unwrap();
        full.write_octets(b"x").unwrap();
        assert_eq!(full.commit().unwrap_err().exit_status().code(), 74);
    }
}
