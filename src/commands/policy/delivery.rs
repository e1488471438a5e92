//! Where the copies of a message go: to the output if there is one, else into a directory.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use crate::address::Address;
use crate::commands::Context;
use crate::commands::message::write_message;
use crate::commands::policy::envelope::no_recipient;
use crate::error::{CommandError, ErrorKind};
use crate::smime::SmimeError;
use crate::source::Source;
use crate::stdio::{Access, Output, input_name, parent};

/// Writes a message.
type WriteMessage<'d> = Box<dyn FnOnce(&mut dyn Write) -> Result<(), SmimeError> + 'd>;

/// One message that is written, and its envelope recipients.
pub(super) struct Copy<'d> {
    recipients: Vec<Address>,
    write: WriteMessage<'d>,
}

impl<'d> Copy<'d> {
    /// The message as it came.
    pub(super) fn unchanged(recipients: Vec<Address>, source: &'d Source) -> Copy<'d> {
        let write = |out: &mut dyn Write| {
            io::copy(&mut source.reader(), out)?;
            Ok(source.check_unchanged()?)
        };
        Copy::written(recipients, Box::new(write))
    }

    /// What `write` writes.
    pub(super) fn written(recipients: Vec<Address>, write: WriteMessage<'d>) -> Copy<'d> {
        Copy { recipients, write }
    }
}

/// Writes the one message that all copies are.
///
/// # Errors
/// Writing fails.
pub(super) fn write_one(
    copies: Vec<Copy<'_>>,
    context: &Context,
    path: Option<&Path>,
) -> Result<(), CommandError> {
    match copies.into_iter().next() {
        Some(copy) => {
            let output = context.message_output(Access::Shared)?;
            write_message(output, copy.write, ("apply the policy to", path))?;
            // The log tells of what is delivered.
            context.settle()
        }
        None => Ok(()),
    }
}

/// Fills a directory beside `directory` and renames it: all files are there, or none.
///
/// # Errors
/// A copy is for nobody (2); the directory is not empty (73); writing fails.
pub(super) fn split(
    copies: Vec<Copy<'_>>,
    directory: &Path,
    path: Option<&Path>,
) -> Result<(), CommandError> {
    if copies.iter().any(|copy| copy.recipients.is_empty()) {
        return Err(no_recipient());
    }
    let name = input_name(Some(directory));
    let cannot_create = |error: io::Error| {
        CommandError::new(ErrorKind::CannotCreate, format!("cannot create {name}"))
            .caused_by(error)
            .hint("--split-dir names a directory that is empty or missing.")
    };
    let mode = match fs::read_dir(directory) {
        Ok(entries) => {
            if entries.count() > 0 {
                return Err(cannot_create(io::ErrorKind::DirectoryNotEmpty.into()));
            }
            Some(
                fs::metadata(directory)
                    .map_err(cannot_create)?
                    .permissions(),
            )
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(cannot_create(error)),
    };
    let parent = parent(directory);
    let staged = tempfile::Builder::new()
        .prefix(".smime-")
        .tempdir_in(parent)
        .map_err(cannot_create)?;
    for (number, copy) in copies.into_iter().enumerate() {
        let file = |kind: &str| staged.path().join(format!("{}.{kind}", number + 1));
        let output = Output::open(Some(&file("eml")), Access::Shared)?;
        write_message(Some(output), copy.write, ("apply the policy to", path))?;
        let mut list = Output::open(Some(&file("rcpt")), Access::Shared)?;
        for address in &copy.recipients {
            list.write_octets(format!("{address}\n").as_bytes())?;
        }
        list.commit()?;
    }
    if let Some(mode) = mode {
        fs::set_permissions(staged.path(), mode).map_err(cannot_create)?;
    }
    // A rename takes the place of an empty directory, and of no other.
    fs::rename(staged.path(), directory).map_err(cannot_create)?;
    let _ = staged.keep();
    let _ = File::open(parent).and_then(|parent| parent.sync_all());
    Ok(())
}
