//! `smime crl list`: the stored CRLs.

use super::row::{Lists, Row};
use crate::commands::Context;
use crate::commands::certificates::short;
use crate::error::{CommandError, ExitStatus};
use crate::stdio::{Table, Text};
use crate::time::Time;

/// List the stored certificate revocation lists.
#[derive(clap::Args)]
#[command(after_help = "Example: smime crl list")]
pub(super) struct Args {}

pub(super) fn run(_: Args, context: &Context) -> Result<ExitStatus, CommandError> {
    let now = context.now()?;
    let keystore = context.keystore()?;
    let mut lists = keystore.lists()?;
    lists.sort_by_cached_key(|list| (list.issuer().to_string(), list.this_update()));
    context.warn_of_damage(&keystore);
    let document = Lists::new(lists.iter());
    context.print(&document, |text| show(&document.crls, now, text))?;
    Ok(ExitStatus::DONE)
}

fn show(rows: &[Row], now: Time, text: &mut Text) {
    if rows.is_empty() {
        return;
    }
    let headings = ["SHA256", "NUMBER", "ISSUED", "NEXT", "ENTRIES", "ISSUER"];
    let mut table = Table::with_headings(&headings);
    for row in rows {
        let number = row.number.as_deref().unwrap_or("-");
        let number = match &row.base_number {
            Some(base) => format!("{number} to {base}"),
            None => number.to_owned(),
        };
        let next = match row.next_update {
            Some(next) if next < now => format!("{} (out of date)", next.to_local_date()),
            Some(next) => next.to_local_date(),
            None => "-".to_owned(),
        };
        let (issued, entries) = (row.this_update.to_local_date(), row.entries.to_string());
        let short = short(&row.sha256);
        table.row([short, &number, &issued, &next, &entries, &row.issuer]);
    }
    table.add_to(text);
}
