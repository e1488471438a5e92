//! Messages and CMS objects: their report, and parts taken out of them.

use crate::commands::Context;
use crate::commands::lookup::Lookups;
use crate::commands::message::smime_error;
use crate::error::{CommandError, ExitStatus};
use crate::mail::transfer_encoding::is_invalid_encoding;
use crate::smime::inspection::{Inspection, PartError, inspect};
use crate::smime::{Input, SmimeError};
use crate::stdio::{Access, input_name};
use crate::verdict::Finding;

use super::document::{MessageKeys, with_keys};
use super::report::show;
use super::{Args, WHAT_IS_READ, warn_of_locked};

pub(super) fn run(
    args: &Args,
    context: &Context,
    input: Input,
) -> Result<ExitStatus, CommandError> {
    let kind = match input {
        Input::Message(_) => "message",
        Input::Object { .. } => "object",
    };
    let inspection = look(args, context, input)?;
    match &args.part {
        Some(path) => take_out(context, &inspection, path, kind)?,
        None => {
            let keys = MessageKeys::new(&inspection, kind);
            let document = with_keys(context, &inspection.verdict, keys);
            context.print(&document, |text| show(text, &inspection, context, kind))?;
        }
    }
    Ok(ExitStatus::DONE)
}

/// Inspects the input with what the options and the keystore hold, and tells what is locked.
pub(super) fn look(
    args: &Args,
    context: &Context,
    input: Input,
) -> Result<Inspection, CommandError> {
    let path = args.file.as_deref();
    let lookups = Lookups::open_if_enabled(context, &args.identity, &args.trust)?;
    let profile = lookups.profile()?;
    let request = lookups.verify_request(input, &profile);
    let mut inspection = inspect(request).map_err(|error| match error {
        SmimeError::Unreadable(cause) => {
            let what = format!("cannot inspect {}", input_name(path));
            CommandError::data(what).caused_by(cause).hint(WHAT_IS_READ)
        }
        error => smime_error(error, "inspect", path),
    })?;
    if let Some(locked) = inspection.locked.take() {
        let error = smime_error(SmimeError::Lookup(locked), "decrypt", path);
        warn_of_locked(context, "decrypted", &error);
    }
    Ok(inspection)
}

/// Writes one part, for which nobody vouches.
fn take_out(
    context: &Context,
    inspection: &Inspection,
    path: &str,
    kind: &'static str,
) -> Result<(), CommandError> {
    let part = inspection.require_part(path).map_err(|error| {
        let what = "cannot take out a part";
        match (&error, inspection.next_step()) {
            (PartError::Missing { .. }, _) => CommandError::usage(what)
                .caused_by(error)
                .hint("`smime inspect` without --part shows the parts and their numbers."),
            (PartError::Encrypted { .. }, step) => CommandError::data(what)
                .caused_by(error)
                .hint(step.map_or("Give the key with --identity FILE.", Finding::hint)),
        }
    })?;
    let content = part.read().map_err(|error| {
        let what = format!("cannot take out part {path}");
        match is_invalid_encoding(&error) {
            true => CommandError::data(what).caused_by(error),
            false => CommandError::io(what, error),
        }
    })?;
    if let Some(mut output) = context.message_output(Access::Shared)? {
        output.write_source(&content)?;
        output.commit()?;
        context.console().warning(format_args!(
            "part {path} is unverified: whoever could change the message could change it too"
        ));
    }
    if context.is_json() {
        let keys = MessageKeys::new(inspection, kind);
        context.print_document(&with_keys(context, &inspection.verdict, keys))?;
    }
    Ok(())
}
