//! The encrypted archive that `ca reset --backup` writes and `ca restore` reads.

use std::path::Path;

use crate::commands::Context;
use crate::crypto::password::{PasswordError, sealed};
use crate::error::{CommandError, ErrorKind};
use crate::keystore::Archive;
use crate::limits;
use crate::stdio::{Access, Output, Passphrase, input_name, read_whole};

/// What the file begins with; the sealed archive follows.
const MAGIC: &[u8] = b"smime-backup 1\n";

/// The passphrase for an archive that is to be written to `path`.
///
/// # Errors
/// Something is there already (73), or there is no passphrase (77). An empty one protects nothing, and
/// private keys may be in the archive without any other protection.
pub(super) fn new_passphrase(context: &Context, path: &Path) -> Result<Passphrase, CommandError> {
    let name = input_name(Some(path));
    if path.symlink_metadata().is_ok() {
        let what = format!("{name} exists already");
        return Err(CommandError::new(ErrorKind::CannotCreate, what)
            .hint("A backup takes the place of no other file: name a new one."));
    }
    let (passphrase, _) = context.passphrases().for_new_file(&name)?;
    if passphrase.is_empty() {
        let what = format!("the passphrase for {name} is empty");
        return Err(CommandError::new(ErrorKind::Denied, what)
            .hint("A variable or file that should hold it is empty."));
    }
    Ok(passphrase)
}

/// Writes an archive.
///
/// # Errors
/// It cannot be encrypted or written.
pub(super) fn write(path: &Path, archive: &Archive, passphrase: &str) -> Result<(), CommandError> {
    let sealed = sealed::seal(passphrase, &archive.encode()).map_err(|error| {
        CommandError::new(ErrorKind::Io, "cannot encrypt the backup").caused_by(error)
    })?;
    let mut output = Output::open(Some(path), Access::Private)?;
    output.write_octets(MAGIC)?;
    output.write_octets(&sealed)?;
    output.commit()
}

/// Reads an archive.
///
/// # Errors
/// The file is missing (66) or no backup (65), or the passphrase is missing or wrong (77).
pub(super) fn read(context: &Context, path: &Path) -> Result<Archive, CommandError> {
    let name = input_name(Some(path));
    let cannot = |kind| CommandError::new(kind, format!("cannot open the backup {name}"));
    let octets = read_whole(Some(path), limits::ARCHIVE_SIZE)?;
    let sealed = octets.strip_prefix(MAGIC).ok_or_else(|| {
        cannot(ErrorKind::Data)
            .caused_by("it is no file that `smime ca reset --backup` has written")
    })?;
    let passphrase = context.passphrases().for_file(&name)?;
    let plain = sealed::open(&passphrase, sealed).map_err(|error| {
        let kind = match error {
            PasswordError::WrongPassphrase => ErrorKind::Denied,
            _ => ErrorKind::Data,
        };
        cannot(kind).caused_by(error)
    })?;
    Archive::decode(&plain)
        .ok_or_else(|| cannot(ErrorKind::Data).caused_by("it holds something else than a keystore"))
}
