//! The log of decisions: one line of JSON each, whole lines however many processes write.
//!
//! A line says who, by which rule, what and why. It never holds content, a subject or a secret.

mod line;

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use crate::commands::policy::envelope::MessageArgs;
use crate::commands::policy::explanation::Explanation;
use crate::error::{CommandError, ErrorKind};
use crate::report::json;
use crate::stdio::input_name;
use line::Line;

/// How long to wait for another writer, which holds the file for the time of one write.
const PATIENCE: Duration = Duration::from_secs(10);

/// Between two attempts to lock the file.
const PAUSE: Duration = Duration::from_millis(10);

/// The file that is appended to. It is opened for each line, so it may be renamed at any time.
pub(super) struct Log<'p> {
    path: &'p Path,
}

impl<'p> Log<'p> {
    /// The log in the file at `path`, which is made if it is missing.
    pub(super) fn new(path: &'p Path) -> Log<'p> {
        Log { path }
    }

    /// Writes a decision.
    ///
    /// # Errors
    /// The file cannot be opened or written, or is locked for too long.
    pub(super) fn decision(&self, explanation: &Explanation) -> Result<(), CommandError> {
        self.append(&Line::of_decision(explanation))
    }

    /// Writes that no decision was possible, or that it could not be carried out.
    ///
    /// # Errors
    /// As [`Log::decision`].
    pub(super) fn failure(
        &self,
        error: &CommandError,
        args: &MessageArgs,
    ) -> Result<(), CommandError> {
        self.append(&Line::of_failure(error, args))
    }

    fn append(&self, line: &Line<'_>) -> Result<(), CommandError> {
        let name = input_name(Some(self.path));
        let failed = |error| CommandError::io(format!("cannot write the log {name}"), error);
        let octets = json::encode(line).map_err(failed)?;
        let mut file = OpenOptions::new()
            .append(true)
            .create(true)
            .mode(0o600)
            .open(self.path)
            .map_err(failed)?;
        lock(&file).map_err(|error| {
            CommandError::new(ErrorKind::Temporary, format!("cannot lock the log {name}"))
                .caused_by(error)
        })?;
        let end = file.metadata().map_err(failed)?.len();
        file.write_all(&octets).map_err(|error| {
            // A full disk must not leave half a line, to which the next would be joined.
            let _ = file.set_len(end);
            failed(error)
        })
    }
}

/// Locks the file (flock) until it is closed.
fn lock(file: &File) -> io::Result<()> {
    let start = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) if start.elapsed() >= PATIENCE => {
                return Err(io::ErrorKind::WouldBlock.into());
            }
            Err(TryLockError::WouldBlock) => thread::sleep(PAUSE),
        }
    }
}
