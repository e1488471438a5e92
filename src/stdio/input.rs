//! Opening what is read: a file, or stdin.

use std::fs::{File, Metadata};
use std::io;
use std::os::fd::AsFd;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use crate::error::{CommandError, ErrorKind};
use crate::nearest::find_nearest;
use crate::source::Source;
use crate::stdio::escape;
use crate::stdio::output::parent;

/// Names of a directory that are compared with a missing one.
const NAMES: usize = 10_000;

/// The name of an input in messages: the path, or `stdin` for none and for `-`.
pub fn input_name(path: Option<&Path>) -> String {
    match path {
        Some(path) if path != Path::new("-") => escape(&path.to_string_lossy()).into_owned(),
        _ => "stdin".to_owned(),
    }
}

/// Opens an input: the file at `path`, or stdin if there is none or it is `-`.
///
/// A regular file is read where it is; anything else, and a file that says it is empty, is read to its
/// end into a spool.
///
/// # Errors
/// The file is missing, unreadable or a directory (66); reading fails (74); the input is the
/// regular file that stdout writes to, which would feed on itself (2).
pub fn open_input(path: Option<&Path>) -> Result<Source, CommandError> {
    let name = input_name(path);
    let (file, metadata) = open(path).map_err(|error| {
        let missing = error.kind() == io::ErrorKind::NotFound;
        let failed = CommandError::new(ErrorKind::NoInput, format!("cannot open {name}"));
        let failed = failed.caused_by(error);
        match path.filter(|_| missing) {
            Some(path) => failed.hint(where_else(path)),
            None => failed,
        }
    })?;
    if metadata.is_dir() {
        let what = format!("cannot read {name}: it is a directory");
        return Err(CommandError::new(ErrorKind::NoInput, what).hint(format!(
            "Name its files, such as `{}/*`.",
            name.trim_end_matches('/')
        )));
    }
    refuse_stdout(&metadata, &name)?;
    // Files that the kernel makes up, as below /proc, say that they are empty.
    let source = if metadata.is_file() && metadata.len() > 0 {
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

/// What to try where there is no file at `path`: the nearest name beside it, if one is near.
fn where_else(path: &Path) -> String {
    let directory = parent(path);
    let Ok(entries) = directory.read_dir() else {
        let directory = escape(&directory.to_string_lossy()).into_owned();
        return format!("There is no directory `{directory}` that can be read.");
    };
    let names: Vec<String> = entries
        .flatten()
        .take(NAMES)
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    let wanted = path.file_name().unwrap_or_default().to_string_lossy();
    match find_nearest(&wanted, names.iter().map(String::as_str)) {
        Some(near) => {
            let near = path.with_file_name(near);
            format!("Did you mean `{}`?", escape(&near.to_string_lossy()))
        }
        None => "Name a file that is there, or `-` to read from stdin.".to_owned(),
    }
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

    #[test]
    fn a_missing_file_is_answered_with_the_nearest_name() {
        let directory = tempfile::tempdir().unwrap();
        let hint = |name: &str| where_else(&directory.path().join(name));
        assert_eq!(
            hint("mesage.eml"),
            "Name a file that is there, or `-` to read from stdin."
        );
        std::fs::write(directory.path().join("message.eml"), "").unwrap();
        let there = directory.path().join("message.eml");
        assert_eq!(
            hint("mesage.eml"),
            format!("Did you mean `{}`?", there.display())
        );
        assert!(hint("nowhere/mesage.eml").starts_with("There is no directory"));
    }
}
