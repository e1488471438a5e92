//! `smime cert show`: all facts of a certificate.

use std::ffi::OsString;
use std::path::Path;

use crate::commands::Context;
use crate::commands::certificates::{Certificates, Row};
use crate::commands::selecting::require_any;
use crate::error::{CommandError, ErrorKind, ExitStatus};
use crate::keystore::Selector;

/// Show everything about a certificate.
///
/// Of a stored one, or of those in a file. Where several fit, shows all of them.
#[derive(clap::Args)]
#[command(after_help = "Example: smime cert show user@example.com")]
pub(in crate::commands) struct Args {
    /// An address, the beginning of a fingerprint, or a file of certificates.
    #[arg(value_name = "SELECTOR|FILE")]
    name: OsString,
}

pub(in crate::commands) fn run(args: Args, context: &Context) -> Result<ExitStatus, CommandError> {
    let now = context.now()?;
    let path = Path::new(&args.name);
    let selector = args
        .name
        .to_str()
        .and_then(|name| name.parse::<Selector>().ok());
    let rows = match selector.filter(|_| !context.has_no_keystore()) {
        // A file may have the name of an address; what is stored comes first.
        Some(selector) => match stored(context, &selector) {
            Err(error) if error.kind() == ErrorKind::NoCertificate && path.exists() => {
                in_file(context, path)?
            }
            rows => rows?,
        },
        None => in_file(context, path)?,
    };
    let document = Certificates::new(rows);
    context.print(&document, |text| {
        for (index, row) in document.certificates.iter().enumerate() {
            if index > 0 {
                text.end();
            }
            row.describe(now, text);
        }
    })?;
    Ok(ExitStatus::DONE)
}

fn stored(context: &Context, selector: &Selector) -> Result<Vec<Row>, CommandError> {
    let keystore = context.keystore()?;
    let found = require_any(&keystore, selector)?;
    context.warn_of_damage(&keystore);
    Ok(found.iter().map(Row::from).collect())
}

fn in_file(context: &Context, path: &Path) -> Result<Vec<Row>, CommandError> {
    let certificates = context.certificates(path).map_err(|error| {
        error.hint_if(
            !path.exists(),
            "A SELECTOR is an address, or the first 8 or more digits of a fingerprint.",
        )
    })?;
    Ok(certificates.iter().map(Row::from).collect())
}
