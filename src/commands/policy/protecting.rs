//! Outbound copies as they are written: triggers taken out, signed, encrypted.

use std::io::Write;
use std::path::Path;

use crate::commands::Context;
use crate::commands::message::smime_error;
use crate::commands::policy::delivery::Copy;
use crate::commands::policy::judge::Active;
use crate::commands::policy::outbound::OutboundCopy;
use crate::commands::signing::open_signer;
use crate::crypto::key::RsaScheme;
use crate::error::CommandError;
use crate::keystore::StoredCertificate;
use crate::mail::Scan;
use crate::mail::header_edit::{FieldEdit, edit_header, remove_text};
use crate::policy::decision::OutboundAction;
use crate::policy::rule::Rule;
use crate::smime::{
    EncryptRequest, PreparedMessage, RecipientCertificate, RsaTransport, SignRequest,
    SignatureForm, SigningIdentity, SmimeError,
};
use crate::source::Source;
use crate::stdio::input_name;

/// What is to be written for whom; copies that are rejected are not among them.
///
/// # Errors
/// A key cannot be unlocked, or the message cannot be read.
pub(super) fn copies<'d>(
    (source, scan): (&'d Source, &'d Scan),
    signer: Option<&StoredCertificate>,
    copies: &'d [OutboundCopy],
    (active, context, path): (&'d Active<'_>, &Context, Option<&Path>),
) -> Result<Vec<Copy<'d>>, CommandError> {
    let now = context.now()?;
    let signs =
        |copy: &OutboundCopy| matches!(copy.action, OutboundAction::Protect { sign: true, .. });
    let signers: Vec<SigningIdentity> = match signer {
        Some(stored) if copies.iter().any(signs) => {
            vec![open_signer(&active.lookups, stored, now)?]
        }
        _ => Vec::new(),
    };
    let mut written = Vec::new();
    for copy in copies {
        let OutboundAction::Protect { sign, encrypt } = copy.action else {
            if copy.action == OutboundAction::PassOn {
                written.push(Copy::unchanged(copy.recipients.clone(), source));
            }
            continue;
        };
        let edited = without_triggers(source, scan, copy.rule.as_ref()).map_err(|error| {
            CommandError::io(format!("cannot read {}", input_name(path)), error)
        })?;
        let message =
            PreparedMessage::read(edited).map_err(|error| smime_error(error, "protect", path))?;
        let profile = active.profile_under(copy.rule.as_ref());
        let recipients: Vec<RecipientCertificate> = copy
            .certificates
            .iter()
            .map(|stored| RecipientCertificate {
                certificate: stored.certificate.clone(),
                capabilities: stored.capabilities.clone(),
            })
            .collect();
        let signers = signers.clone();
        let write = move |out: &mut dyn Write| -> Result<(), SmimeError> {
            let signature = SignRequest {
                signers: &signers,
                form: SignatureForm::Clear,
                include: profile.include,
                digest: profile.digest.fixed(),
                rsa_scheme: RsaScheme::Pkcs1,
                time: now,
                protect_headers: profile.protect_headers,
            };
            if !encrypt {
                message.sign(&signature, out)?;
            } else {
                let request = EncryptRequest {
                    recipients: &recipients,
                    cipher: profile.cipher,
                    transport: RsaTransport::AsAnnounced,
                    sign: sign.then_some(&signature),
                    protect_headers: profile.protect_headers,
                };
                message.encrypt(&request, out)?;
            }
            Ok(source.check_unchanged()?)
        };
        written.push(Copy::written(copy.recipients.clone(), Box::new(write)));
    }
    Ok(written)
}

/// The message without what triggered the rule, if that is to go, and without Bcc fields: who is
/// named there gets a copy of their own.
fn without_triggers(source: &Source, scan: &Scan, rule: Option<&Rule>) -> std::io::Result<Source> {
    let rule = rule.filter(|rule| rule.strip_trigger);
    let has_bcc = scan.root.header.first("Bcc").is_some();
    if rule.is_none() && !has_bcc {
        return Ok(source.clone());
    }
    edit_header(source, scan, b"", |field| {
        if field.is("Bcc") {
            return FieldEdit::Drop;
        }
        if let Some(trigger) = rule.and_then(|rule| rule.subject.as_ref())
            && field.is("Subject")
            && let Some(edited) = remove_text(field, trigger)
        {
            return FieldEdit::Replace(edited);
        }
        match rule.and_then(|rule| rule.header.as_ref()) {
            Some(trigger) if field.is(&trigger.name) && trigger.is_met_by(&field.value()) => {
                FieldEdit::Drop
            }
            _ => FieldEdit::Keep,
        }
    })
}
