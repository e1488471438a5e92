//! Files of certificates, as commands write them.

use std::io::IsTerminal;
use std::path::Path;

use crate::asn1::pem;
use crate::cms::certs_only;
use crate::commands::Context;
use crate::error::{CommandError, ErrorKind};
use crate::pki::Certificate;
use crate::stdio::Access;

/// The forms of a file of certificates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Encoding {
    /// Text that any program reads.
    Pem,
    /// Binary, one certificate.
    Der,
    /// PKCS #7: binary, any number of certificates.
    P7c,
}

/// Writes certificates to `-o FILE` or stdout; the first alone in DER.
///
/// # Errors
/// Stdout is a terminal and the form binary (2); writing fails.
pub(super) fn write_certificates(
    context: &Context,
    certificates: &[&Certificate],
    encoding: Encoding,
) -> Result<(), CommandError> {
    if encoding != Encoding::Pem {
        refuse_terminal(context)?;
    }
    let octets = match encoding {
        Encoding::Pem => {
            let frames = certificates
                .iter()
                .map(|one| pem::encode("CERTIFICATE", one.der()));
            frames.collect::<String>().into_bytes()
        }
        Encoding::Der => certificates
            .first()
            .map(|one| one.der().to_vec())
            .unwrap_or_default(),
        Encoding::P7c => {
            let ders: Vec<&[u8]> = certificates.iter().map(|one| one.der()).collect();
            certs_only(&ders).map_err(|error| {
                CommandError::new(ErrorKind::Bug, "cannot encode the certificates").caused_by(error)
            })?
        }
    };
    write_file(context, &octets, Access::Shared)
}

/// Refuses to write a binary file to a terminal, where nobody can read it.
///
/// # Errors
/// Stdout is where it would go, and a terminal (2).
pub(super) fn refuse_terminal(context: &Context) -> Result<(), CommandError> {
    let to_stdout = context
        .output_path()
        .is_none_or(|path| path == Path::new("-"));
    if to_stdout && !context.is_json() && std::io::stdout().is_terminal() {
        return Err(
            CommandError::usage("the file is binary, and stdout is a terminal")
                .hint("Name a file with -o FILE."),
        );
    }
    Ok(())
}

/// Writes a file to `-o FILE` or stdout; with `--json` and no `-o` nowhere.
///
/// # Errors
/// As [`Context::message_output`]; writing fails.
pub(super) fn write_file(
    context: &Context,
    octets: &[u8],
    access: Access,
) -> Result<(), CommandError> {
    let Some(mut output) = context.message_output(access)? else {
        return Ok(());
    };
    output.write_octets(octets)?;
    output.commit()
}
