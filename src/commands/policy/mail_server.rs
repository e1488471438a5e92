//! How `policy apply` ends: so that a mail server understands it.
//!
//! Postfix pipe(8) takes a message for undeliverable at every status that it does not know, and at
//! most that it does. So there are four: 0, 1 (rejected), 2 (wrong usage) and 75 (everything that
//! may be different next time). The first line on stderr begins with an enhanced status code (RFC
//! 3463), which goes before the status and ends up in the text that the sender reads.

use std::ffi::OsString;

use crate::commands::Context;
use crate::error::{CommandError, ErrorKind, ExitStatus};
use crate::report::text::decisive;
use crate::stdio::escape;
use crate::verdict::Verdict;

/// Whether the arguments are those of `policy apply`, parsed or not.
pub(in crate::commands) fn is_meant(arguments: &[OsString]) -> bool {
    let mut words = arguments.iter().skip_while(|word| *word != "policy");
    let mut is_after_option = false;
    words.next();
    // A file may be called `apply` too, but stands after the command. What follows an option may be
    // its value; mail is better deferred in vain than bounced.
    for word in words {
        if word == "apply" {
            return true;
        }
        if !is_after_option && OTHERS.iter().any(|other| word == other) {
            return false;
        }
        is_after_option = word.as_encoded_bytes().starts_with(b"-");
    }
    false
}

/// The other commands of `smime policy`.
const OTHERS: [&str; 4] = ["check", "show", "init", "validate"];

/// The status in place of `status`.
pub(in crate::commands) fn status(status: ExitStatus) -> ExitStatus {
    match status {
        ExitStatus::DONE | ExitStatus::REJECTED | ExitStatus::USAGE => status,
        _ => ExitStatus::TEMPORARY,
    }
}

/// The first line for a run that ends with `status` because of `why`.
pub(in crate::commands) fn first_line(status: ExitStatus, why: &str) -> String {
    let code = match status {
        ExitStatus::REJECTED => "5.7.1",
        // The administrator can mend that, and the mail waits until then.
        ExitStatus::USAGE => "4.3.5",
        _ => "4.3.0",
    };
    let why = why.replace(['\r', '\n'], " ");
    format!("{code} {}\n", escape(&why))
}

/// Why a message is rejected, on one line.
pub(super) fn rejection(verdict: &Verdict) -> String {
    let Some(finding) = decisive(&verdict.findings) else {
        return "rejected by the policy".to_owned();
    };
    let address = finding.detail.get("address");
    let address = address.map_or_else(String::new, |address| format!(": {address}"));
    format!("{}{address} [{}]", finding.summary(), finding.reason)
}

/// Tells an error in the manner of this module, and returns how the run ends.
pub(super) fn fail(context: &Context, error: &CommandError) -> ExitStatus {
    let status = status(error.exit_status());
    context.report_error(error);
    tell_first(context, first_line(status, &summary(context, error)));
    status
}

fn summary(context: &Context, error: &CommandError) -> String {
    let what = match error.kind() {
        ErrorKind::Usage => error.summary(),
        _ => format!("{}; try again later", error.summary()),
    };
    about(context, &what)
}

/// The text, with the name of the file where there are several.
pub(super) fn about(context: &Context, text: &str) -> String {
    match context.file_name() {
        Some(name) => format!("{name}: {text}"),
        None => text.to_owned(),
    }
}

/// Puts `line` before all that was told so far.
pub(super) fn tell_first(context: &Context, line: String) {
    let told = context.console().take_gathered();
    context.console().write(&(line + &told));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_other_commands_are_known() {
        let definition = crate::commands::definition();
        let policy = definition.find_subcommand("policy").unwrap();
        let names = policy.get_subcommands().map(clap::Command::get_name);
        let others: Vec<&str> = names.filter(|name| *name != "apply").collect();
        assert!(
            others.iter().all(|name| OTHERS.contains(name)),
            "{others:?}"
        );
        assert_eq!(others.len(), OTHERS.len());
    }

    #[test]
    fn a_file_may_be_called_like_the_command() {
        let is_meant = |line: &str| {
            let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            is_meant(&words)
        };
        for line in [
            "smime policy apply --direction inbound",
            "smime -k store policy --json apply",
            "smime policy -k check apply",
            "smime policy --quite apply",
            "smime policy apply check",
        ] {
            assert!(is_meant(line), "{line}");
        }
        for line in [
            "smime policy check apply",
            "smime -q policy check --direction inbound apply",
            "smime policy show",
            "smime apply policy",
            "smime sign apply",
        ] {
            assert!(!is_meant(line), "{line}");
        }
    }
}
