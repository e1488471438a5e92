//! Copies for Bcc recipients: a file each, which tells of nobody else.

use std::fs;
use std::io::Write;
use std::path::Path;

use crate::address::Address;
use crate::commands::message::write_message;
use crate::error::{CommandError, ErrorKind};
use crate::smime::{RecipientCertificate, SmimeError};
use crate::stdio::{Access, Output, escape};

/// Writes one copy for each Bcc recipient into `directory`, as ADDRESS.eml, encrypted to nobody else.
///
/// # Errors
/// The directory or a file in it cannot be made (73); encryption or writing fails.
pub(super) fn write_copies(
    directory: &Path,
    bcc: &[(Address, RecipientCertificate)],
    encrypt: impl Fn(&[RecipientCertificate], &mut dyn Write) -> Result<(), SmimeError>,
    path: Option<&Path>,
) -> Result<(), CommandError> {
    fs::create_dir_all(directory).map_err(|error| {
        let what = format!("cannot create {}", escape(&directory.to_string_lossy()));
        CommandError::new(ErrorKind::CannotCreate, what)
            .caused_by(error)
            .hint("--bcc-dir names a directory, which is made if it is missing.")
    })?;
    for (address, recipient) in bcc {
        // An address may hold a slash; no name may lead out of the directory.
        let name = address.canonical().replace(['/', '\0'], "_");
        let output = Output::open(Some(&directory.join(format!("{name}.eml"))), Access::Shared)?;
        let copy = std::slice::from_ref(recipient);
        write_message(Some(output), |out| encrypt(copy, out), ("encrypt", path))?;
    }
    Ok(())
}
