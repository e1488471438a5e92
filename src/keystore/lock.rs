//! One writer at a time.
//!
//! Writers hold an exclusive lock (flock) on the file `lock`; readers never take it. The operating
//! system drops the lock when a process ends, however it ends, so there are no stale locks. The
//! file is never removed: a process could then lock a file that nobody else sees.

use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::durable;
use super::error::{KeystoreError, io_error};

/// How long a command waits for another writer before it gives up with status 75.
///
/// A writer holds the lock for milliseconds, or while it makes one key.
pub const LOCK_TIMEOUT: Duration = Duration::from_secs(10);

/// The lock, held until it is dropped.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Locks the file at `path`, made if missing, for the keystore `dir`.
    ///
    /// # Errors
    /// [`KeystoreError::Locked`] if another process keeps it for longer than `timeout`.
    pub(super) fn acquire(
        dir: &Path,
        path: &Path,
        timeout: Duration,
    ) -> Result<Lock, KeystoreError> {
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(path)
            .map_err(io_error("open", path))?;
        // Else a service could not lock its keystore again once the superuser has.
        durable::give_away(&file, durable::owner(dir)?);
        match file.try_lock() {
            Ok(()) => return Ok(Lock { _file: file }),
            Err(TryLockError::Error(error)) => return Err(io_error("lock", path)(error)),
            Err(TryLockError::WouldBlock) => {}
        }
        // There is no call that waits with a time limit, and to ask again and again would leave it to
        // chance who is next. A thread that comes too late finds nobody, and lets go.
        let (sender, receiver) = mpsc::channel();
        let waiting = thread::Builder::new().spawn(move || {
            let outcome = file.lock().map(|()| file);
            let _ = sender.send(outcome);
        });
        waiting.map_err(io_error("wait for", path))?;
        match receiver.recv_timeout(timeout) {
            Ok(outcome) => Ok(Lock {
                _file: outcome.map_err(io_error("lock", path))?,
            }),
            Err(_) => Err(KeystoreError::Locked {
                dir: dir.to_owned(),
                waited: timeout,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    #[test]
    fn the_second_writer_waits_and_then_gives_up() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("lock");
        let held = Lock::acquire(dir.path(), &path, Duration::ZERO).unwrap();
        let start = Instant::now();
        let refused = Lock::acquire(dir.path(), &path, Duration::from_millis(60));
        assert!(matches!(refused, Err(KeystoreError::Locked { .. })));
        assert!(start.elapsed() >= Duration::from_millis(60));
        drop(held);
        Lock::acquire(dir.path(), &path, Duration::ZERO).unwrap();
    }

    #[test]
    fn the_second_writer_gets_the_lock_when_the_first_ends() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("lock");
        let held = Lock::acquire(dir.path(), &path, Duration::ZERO).unwrap();
        thread::scope(|scope| {
            scope.spawn(|| Lock::acquire(dir.path(), &path, LOCK_TIMEOUT).unwrap());
            thread::sleep(Duration::from_millis(50));
            drop(held);
        });
    }
}
