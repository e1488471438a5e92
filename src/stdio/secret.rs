//! Reading of secrets: from a file, a descriptor, the environment, or the terminal without echo.
//!
//! The errors name the source, never what it held.

use std::env;
use std::fs::File;
use std::io::{self, Read};
use std::os::fd::AsFd;
use std::path::Path;

use zeroize::Zeroizing;

use crate::error::{CommandError, ErrorKind};
use crate::limits;
use crate::stdio::{can_ask, escape};

/// A passphrase, which leaves memory when it is dropped.
pub type Passphrase = Zeroizing<String>;

/// Reads a passphrase from a file; one line end at the end is dropped.
pub(crate) fn from_file(path: &Path) -> Result<Passphrase, CommandError> {
    let name = escape(&path.to_string_lossy()).into_owned();
    read(File::open(path), &name)
}

/// Reads a passphrase from a file descriptor that the process was started with.
pub(crate) fn from_descriptor(descriptor: u32) -> Result<Passphrase, CommandError> {
    let name = format!("file descriptor {descriptor}");
    read(open_descriptor(descriptor), &name)
}

fn open_descriptor(descriptor: u32) -> io::Result<File> {
    match descriptor {
        0 => Ok(File::from(io::stdin().as_fd().try_clone_to_owned()?)),
        descriptor => File::open(format!("/dev/fd/{descriptor}")),
    }
}

fn read(file: io::Result<File>, name: &str) -> Result<Passphrase, CommandError> {
    let octets = file
        .and_then(|file| read_short(file, limits::PASSPHRASE))
        .map_err(|error| {
            denied(format!("cannot read the passphrase from {name}")).caused_by(error)
        })?;
    let octets = octets.strip_suffix(b"\n").unwrap_or(&octets);
    let octets = octets.strip_suffix(b"\r").unwrap_or(octets);
    let text = std::str::from_utf8(octets);
    text.map(|text| Zeroizing::new(text.to_owned()))
        .map_err(|_| denied(format!("the passphrase from {name} is not UTF-8")))
}

/// Reads a passphrase from a variable; `None` if it is not set.
pub(crate) fn from_environment(name: &str) -> Result<Option<Passphrase>, CommandError> {
    match env::var(name) {
        Ok(value) => Ok(Some(Zeroizing::new(value))),
        Err(env::VarError::NotPresent) => Ok(None),
        Err(env::VarError::NotUnicode(_)) => Err(denied(format!("{name} is not UTF-8"))),
    }
}

/// Asks on the terminal; `None` where there is none.
pub(crate) fn ask(question: &str) -> Result<Option<Passphrase>, CommandError> {
    if !can_ask() {
        return Ok(None);
    }
    let question = format!("smime: {}", escape(question));
    match rpassword::prompt_password(question) {
        Ok(answer) => Ok(Some(Zeroizing::new(answer))),
        Err(error) => Err(denied("cannot ask for the passphrase").caused_by(error)),
    }
}

fn read_short(reader: impl Read, limit: usize) -> io::Result<Zeroizing<Vec<u8>>> {
    // Room for all of it from the start: a vector that grows leaves copies behind.
    let mut octets = Zeroizing::new(Vec::with_capacity(limit + 1));
    reader.take(limit as u64 + 1).read_to_end(&mut octets)?;
    if octets.len() > limit {
        return Err(io::Error::other(format!(
            "it is longer than {limit} octets"
        )));
    }
    Ok(octets)
}

fn denied(context: impl Into<String>) -> CommandError {
    CommandError::new(ErrorKind::Denied, context)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_end_is_dropped_and_no_more() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("secret");
        for (content, secret) in [("a b\n", "a b"), ("a\r\n", "a"), ("a\n\n", "a\n"), ("", "")] {
            std::fs::write(&path, content).unwrap();
            assert_eq!(**from_file(&path).unwrap(), *secret);
        }
        std::fs::write(&path, b"\xff").unwrap();
        assert_eq!(from_file(&path).unwrap_err().exit_status().code(), 77);
    }

    #[test]
    fn a_short_text_is_bounded() {
        assert_eq!(&**read_short(&b"four"[..], 4).unwrap(), b"four");
        assert!(read_short(&b"five5"[..], 4).is_err());
    }
}
