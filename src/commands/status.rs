//! `smime status`: the keystore on one screen.

use std::path::Path;

use serde::Serialize;

use crate::commands::Context;
use crate::commands::certificates::{Row, list};
use crate::error::{CommandError, ExitStatus};
use crate::keystore::Status;
use crate::report::json::FORMAT;
use crate::stdio::{Style, Text};

/// Show the state of the keystore on one screen.
///
/// Protection, the local CA, how many certificates there are, those that end soon, those that wait
/// for approval, the policy file, and damage.
#[derive(clap::Args)]
#[command(after_help = "Example: smime status")]
pub(super) struct Args {
    /// How soon a certificate must end to be listed.
    #[arg(long, value_name = "DAYS", default_value_t = 30, value_parser = clap::value_parser!(i64).range(0..))]
    expiring: i64,
}

#[derive(Serialize)]
struct Document {
    format: u32,
    keystore: String,
    protection: &'static str,
    authority: Option<Row>,
    keys_protected: Option<bool>,
    identities: usize,
    third_parties: usize,
    held: Vec<Row>,
    trusted: usize,
    expiring: Vec<Row>,
    expired: usize,
    revoked: usize,
    crls: usize,
    policy: Option<String>,
    damages: Vec<DamageRow>,
}

#[derive(Serialize)]
struct DamageRow {
    file: String,
    what: String,
}

pub(super) fn run(args: Args, context: &Context) -> Result<ExitStatus, CommandError> {
    let now = context.now()?;
    let keystore = context.keystore()?;
    let status = keystore.status(now, args.expiring)?;
    let policy = status.has_policy.then(|| lossy(&keystore.policy_path()));
    let document = document(&status, lossy(keystore.dir()), policy);
    context.print(&document, |text| {
        overview(&document, text);
        for (rows, what) in [
            (
                &document.expiring,
                format!("end within {} days", args.expiring),
            ),
            (&document.held, "wait for `smime cert approve`".to_owned()),
        ] {
            if !rows.is_empty() {
                text.end()
                    .styled(Style::Odd, format_args!("certificates that {what}"))
                    .end();
                list(rows, text);
            }
        }
    })?;
    context.warn_of_damage(&keystore);
    Ok(ExitStatus::DONE)
}

/// A path as text: JSON has no other, and nobody reads it back.
fn lossy(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn document(status: &Status, keystore: String, policy: Option<String>) -> Document {
    let damages = status.damages.iter().map(|damage| DamageRow {
        file: lossy(&damage.file),
        what: damage.what.clone(),
    });
    Document {
        format: FORMAT,
        keystore,
        protection: status.protection.word(),
        authority: status
            .authority
            .as_ref()
            .map(|own| Row::from(&own.to_stored())),
        keys_protected: status.keys_protected,
        identities: status.identities,
        third_parties: status.third_parties,
        held: status.held.iter().map(Row::from).collect(),
        trusted: status.trusted,
        expiring: status.expiring.iter().map(Row::from).collect(),
        expired: status.expired,
        revoked: status.revoked,
        crls: status.lists,
        policy,
        damages: damages.collect(),
    }
}

fn overview(document: &Document, text: &mut Text) {
    let mut row = |name: &str, style: Style, value: String| {
        text.styled(Style::Head, format_args!("{name:14}"));
        text.add(" ").styled(style, value).end();
    };
    row("keystore", Style::Plain, document.keystore.clone());
    let style = if document.protection == "on" {
        Style::Good
    } else {
        Style::Odd
    };
    row("protection", style, document.protection.to_owned());
    let authority = document.authority.as_ref();
    let authority = authority.map_or("none; `smime ca init` makes one".to_owned(), Row::headline);
    row("local CA", Style::Plain, authority);
    let keys = match document.keys_protected {
        None => "none",
        Some(true) => "protected by a passphrase",
        Some(false) => "protected by file modes alone",
    };
    row("private keys", Style::Plain, keys.to_owned());
    row("identities", Style::Plain, document.identities.to_string());
    row(
        "third parties",
        Style::Plain,
        document.third_parties.to_string(),
    );
    row("held", Style::Plain, document.held.len().to_string());
    row("trusted CAs", Style::Plain, document.trusted.to_string());
    row(
        "ending soon",
        Style::Plain,
        document.expiring.len().to_string(),
    );
    row("expired", Style::Plain, document.expired.to_string());
    row("revoked", Style::Plain, document.revoked.to_string());
    row("CRLs", Style::Plain, document.crls.to_string());
    let policy = document.policy.as_deref().unwrap_or("built-in default");
    row("policy", Style::Plain, policy.to_owned());
}
