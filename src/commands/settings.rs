//! `smime settings`: the defaults of all commands.

use serde::Serialize;

use crate::commands::Context;
use crate::error::{CommandError, ExitStatus};
use crate::keystore::{Keystore, LOCK_TIMEOUT, Setting, Settings};
use crate::report::json::FORMAT;
use crate::stdio::{Table, Text};

/// Show or change the settings of the keystore.
///
/// Without KEY, lists all settings. With KEY alone, prints its value. With a value, sets it.
/// A reset of the keystore keeps the settings, except that it turns protection off.
#[derive(clap::Args)]
#[command(after_help = "Example: smime settings rollover hold")]
pub(super) struct Args {
    /// The setting.
    #[arg(value_name = "KEY")]
    key: Option<String>,
    /// Its new value.
    #[arg(value_name = "VALUE")]
    value: Option<String>,
}

#[derive(Serialize)]
struct Document {
    format: u32,
    settings: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    key: &'static str,
    value: String,
    default: String,
    values: Vec<&'static str>,
}

pub(super) fn run(args: Args, context: &Context) -> Result<ExitStatus, CommandError> {
    let chosen = args.key.as_deref().map(Setting::from_key).transpose()?;
    let keystore = context.keystore()?;
    if let (Some(setting), Some(value)) = (chosen, &args.value) {
        keystore.lock(LOCK_TIMEOUT)?.set(setting, value)?;
        if !context.is_json() {
            return Ok(ExitStatus::DONE);
        }
    }
    let document = Document {
        format: FORMAT,
        settings: rows(&keystore, chosen)?,
    };
    context.print(&document, |text| match (chosen, &*document.settings) {
        (Some(_), [row]) => {
            text.line(&row.value);
        }
        (_, rows) => list(rows, text),
    })?;
    Ok(ExitStatus::DONE)
}

fn rows(keystore: &Keystore, chosen: Option<Setting>) -> Result<Vec<Row>, CommandError> {
    let (settings, defaults) = (keystore.settings()?, Settings::default());
    let protection = keystore.protection()?.word().to_owned();
    let chosen = |setting: &Setting| chosen.is_none_or(|chosen| chosen == *setting);
    let row = |setting: Setting| Row {
        key: setting.as_str(),
        value: settings
            .value(setting)
            .unwrap_or_else(|| protection.clone()),
        // Protection is on as soon as there is a CA.
        default: defaults.value(setting).unwrap_or_else(|| "on".to_owned()),
        values: setting.values(),
    };
    Ok(Setting::ALL.into_iter().filter(chosen).map(row).collect())
}

fn list(rows: &[Row], text: &mut Text) {
    let mut table = Table::with_headings(&["KEY", "VALUE", "", "POSSIBLE VALUES"]);
    for row in rows {
        let mark = if row.value == row.default {
            "(default)"
        } else {
            ""
        };
        let value = if row.value.is_empty() {
            "-"
        } else {
            &row.value
        };
        table.row([row.key, value, mark, &row.values.join(", ")]);
    }
    table.add_to(text);
}
