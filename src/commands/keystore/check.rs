//! `smime keystore check`: is everything whole?

use serde::Serialize;

use crate::commands::Context;
use crate::error::{CommandError, ExitStatus};
use crate::keystore::{Check, Damage, LOCK_TIMEOUT, PassphraseSource, Repair};
use crate::report::json::FORMAT;
use crate::stdio::{Style, Text};

/// Look at every file of the keystore, and name what is damaged.
///
/// Reads certificates, records, keys, CRLs, the index, settings and policy, compares them with each
/// other, and checks owners and modes. Keys that have a passphrase are opened if it is given by one
/// of the sources under Passphrases; it is not asked for. What a killed run left behind is no
/// damage. Exit status 0 if all is well, 1 if something is damaged.
#[derive(clap::Args)]
#[command(after_help = "Example: smime keystore check --repair")]
pub(super) struct Args {
    /// Repair what can be without losing anything.
    ///
    /// Modes, lost directories, the index and the record of serial numbers. No certificate and no key
    /// is ever removed.
    #[arg(long)]
    repair: bool,
}

#[derive(Serialize)]
struct Document {
    format: u32,
    keystore: String,
    verdict: &'static str,
    files: usize,
    certificates: usize,
    keys: usize,
    keys_opened: bool,
    unused_keys: usize,
    leftovers: usize,
    damages: Vec<Row>,
    repaired: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    file: String,
    what: String,
}

impl From<&Damage> for Row {
    fn from(damage: &Damage) -> Row {
        Row {
            file: damage.file.to_string_lossy().into_owned(),
            what: damage.what.clone(),
        }
    }
}

pub(super) fn run(args: Args, context: &Context) -> Result<ExitStatus, CommandError> {
    let keystore = context.keystore()?;
    let is_given = context.passphrases().given_for_keystore()?.is_some();
    let source: Option<&dyn PassphraseSource> = is_given.then_some(context.passphrases());
    let Repair { repaired, check } = if args.repair {
        keystore.lock(LOCK_TIMEOUT)?.repair(source)?
    } else {
        Repair {
            repaired: Vec::new(),
            check: keystore.check(source)?,
        }
    };
    let is_whole = check.damages.is_empty();
    let document = Document {
        format: FORMAT,
        keystore: keystore.dir().to_string_lossy().into_owned(),
        verdict: if is_whole { "whole" } else { "damaged" },
        files: check.files,
        certificates: check.certificates,
        keys: check.keys,
        keys_opened: check.keys_opened,
        unused_keys: check.unused_keys,
        leftovers: check.leftovers,
        damages: check.damages.iter().map(Row::from).collect(),
        repaired: repaired.iter().map(Row::from).collect(),
    };
    context.print(&document, |text| show(&document, &check, text))?;
    if is_whole {
        return Ok(ExitStatus::DONE);
    }
    context.console().hint(if args.repair {
        "What is left cannot be repaired: bring the files back from a backup."
    } else {
        "`smime keystore check --repair` repairs what can be without losing anything."
    });
    Ok(ExitStatus::REJECTED)
}

fn show(document: &Document, check: &Check, text: &mut Text) {
    for (rows, word, style) in [
        (&document.repaired, "repaired", Style::Good),
        (&document.damages, "damaged", Style::Bad),
    ] {
        for row in rows {
            text.styled(style, word);
            text.line(format_args!(": {}: {}", row.file, row.what));
        }
    }
    let keys = match (check.keys, check.keys_opened) {
        (0, _) => "no keys".to_owned(),
        (count, true) => format!("{count} keys, which were opened"),
        (count, false) => format!("{count} keys, which were not opened"),
    };
    text.line(format_args!(
        "{}: {} files, {} certificates, {keys}",
        document.verdict, check.files, check.certificates
    ));
    for (count, what) in [
        (check.unused_keys, "keys that no certificate names, kept"),
        (check.leftovers, "leftovers, which are no damage"),
    ] {
        if count > 0 {
            text.line(format_args!("{count} {what}"));
        }
    }
}
