//! How certificates are shown: as a document, as a list, as fingerprints.

use serde::Serialize;

use crate::commands::Context;
pub(super) use crate::commands::certificate_row::{FACT_NAMES, Row, short};
use crate::error::CommandError;
use crate::keystore::Keystore;
use crate::report::json::FORMAT;
use crate::stdio::{Table, Text};

/// The document of every command that answers with certificates.
#[derive(Serialize)]
pub(super) struct Certificates {
    format: u32,
    pub(super) certificates: Vec<Row>,
}

impl Certificates {
    pub(super) fn new(certificates: Vec<Row>) -> Certificates {
        Certificates {
            format: FORMAT,
            certificates,
        }
    }
}

/// Adds a list of certificates to a text.
pub(super) fn list(rows: &[Row], text: &mut Text) {
    if rows.is_empty() {
        return;
    }
    let mut table = Table::with_headings(&[
        "SHA256",
        "KIND",
        "ADDRESSES",
        "VALID UNTIL",
        "KEY",
        "USAGE",
        "ORIGIN",
    ]);
    for row in rows {
        let addresses = match row.addresses.is_empty() {
            true => row.subject.clone(),
            false => row.addresses.join(", "),
        };
        let mut until = row.not_after.to_local_date();
        if row.revoked.is_some() {
            until.push_str(" (revoked)");
        }
        let (kind, origin) = (row.kind.unwrap_or("-"), row.origin.unwrap_or("-"));
        let usage = row.usage.join(",");
        table.row([
            row.short(),
            kind,
            &addresses,
            &until,
            &row.key,
            &usage,
            origin,
        ]);
    }
    table.add_to(text);
}

/// Adds a list of CAs to a text.
pub(super) fn list_authorities(rows: &[Row], text: &mut Text) {
    if rows.is_empty() {
        return;
    }
    let mut table = Table::with_headings(&["SHA256", "VALID UNTIL", "KEY", "SUBJECT"]);
    for row in rows {
        let until = row.not_after.to_local_date();
        table.row([row.short(), &until, &row.key, &row.subject]);
    }
    table.add_to(text);
}

impl Context {
    /// Warns of everything in the keystore that was damaged and passed over.
    pub(super) fn warn_of_damage(&self, keystore: &Keystore) {
        for damage in keystore.damages() {
            let file = damage.file.display();
            self.console().warning(format_args!(
                "the keystore file {file} is damaged and was passed over: {}",
                damage.what
            ));
        }
    }

    /// Prints certificates, as a document or as their fingerprints.
    ///
    /// # Errors
    /// Writing fails.
    pub(super) fn print_fingerprints(&self, rows: Vec<Row>) -> Result<(), CommandError> {
        let document = Certificates::new(rows);
        self.print(&document, |text| {
            for row in &document.certificates {
                text.line(&row.sha256);
            }
        })
    }
}
