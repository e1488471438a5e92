//! Opening what is read: a file, or stdin.

use std::fs::{File, Metadata};
use std::io;
use std::os::fd::AsFd;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use crate::error::{CommandError, ErrorKind};
use crate::source::Source;
use crate::stdio::escape;

/// The name of an input in messages: the path, or `stdin` for none and for `-`.
pub fn input_name(path: Option<&Path>) -> String {
    match path {
        Some(path) if path != Path::new("-") => escape(&path.to_string_lossy()).into_owned(),
        _ => "stdin".to_owned(),
    }
}

/// Opens an input: the file at `path`, or stdin if there is none or it is `-`.
///
/// A regular file is read where it is; anything else is read to its end into a spool.
///
/// # Errors
/// The file is missing, unreadable or a directory (66); reading fails (74); the input is the
/// regular file that stdout writes to, which would feed on itself (2).
pub fn open_input(path: Option<&Path>) -> Result<Source, CommandError> {
    let name = input_name(path);
    let (file, metadata) = open(path).map_err(|error| {
        CommandError::new(ErrorKind::NoInput, format!("cannot open {name}")).caused_by(error)
    })?;
    if metadata.is_dir() {
        let what = format!("cannot read {name}: it is a directory");
        return Err(CommandError::new(ErrorKind::NoInput, what)
            .hint("Name a file, or `-` to read from stdin."));
    }
    refuse_stdout(&metadata, &name)?;
    let source = if metadata.is_file() {
        Source::from_file(file)
    } else {
        Source::from_reader(&mut { file })
    };
    source.map_err(|error| CommandError::io(format!("cannot read {name}"), error))
}

/// Reads an input that has to be small, such as a file of certificates or a key.
///
/// # Errors
/// As [`open_input`]; longer than `limit` octets (65).
pub fn read_whole(path: Option<&Path>, limit: usize) -> Result<Vec<u8>, CommandError> {
    let source = open_input(path)?;
    let name = input_name(path);
    let octets = source
        .read_all(limit)
        .map_err(|error| CommandError::io(format!("cannot read {name}"), error))?;
    octets.ok_or_else(|| {
        CommandError::data(format!(
            "cannot read {name}: it is larger than {} MiB",
            limit >> 20
        ))
    })
}

fn open(path: Option<&Path>) -> io::Result<(File, Metadata)> {
    let file = match path {
        Some(path) if path != Path::new("-") => File::open(path)?,
        // A duplicate, so that the offset is shared and nothing is lost in a buffer.
        _ => File::from(io::stdin().as_fd().try_clone_to_owned()?),
    };
    let metadata = file.metadata()?;
    Ok((file, metadata))
}

fn refuse_stdout(input: &Metadata, name: &str) -> Result<(), CommandError> {
    let stdout = io::stdout()
        .as_fd()
        .try_clone_to_owned()
        .and_then(|owned| File::from(owned).metadata());
    match stdout {
        Ok(stdout)
            if input.is_file()
                && stdout.is_file()
                && (stdout.dev(), stdout.ino()) == (input.dev(), input.ino()) =>
        {
            Err(
                CommandError::usage(format!("{name} and stdout are the same file"))
                    .hint("Use `-o FILE`, which may name the input file."),
            )
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_file_and_a_directory_are_no_input() {
        let missing = open_input(Some(Path::new("/nonexistent/mail.eml")));
        assert_eq!(missing.err().unwrap().exit_status().code(), 66);
        let directory = open_input(Some(Path::new("/"))).err().unwrap();
        assert_eq!(directory.exit_status().code(), 66);
        assert!(directory.summary().ends_with("it is a directory"));
    }
}
