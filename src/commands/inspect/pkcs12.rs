//! PKCS #12 files: how they are built and protected, and what they hold.

use crate::commands::Context;
use crate::error::{CommandError, ErrorKind};
use crate::pki::match_keys;
use crate::pki::pkcs12::{Contents, Outline, Pkcs12Error, Unreadable, outline};
use crate::report::page::Page;
use crate::verdict::Finding;

use super::certificate::CertificateFacts;
use super::file_report::{FileKeys, KeyFacts};
use super::warn_of_locked;

/// Reads a file called `name`. What is not encrypted shows without its passphrase; one that does not
/// fit is a finding.
///
/// # Errors
/// The passphrase is to come from what cannot be read.
pub(super) fn read(context: &Context, octets: &[u8], name: &str) -> Result<FileKeys, CommandError> {
    let mut keys = FileKeys::new("pkcs12");
    match context.pkcs12_contents(octets, name) {
        Ok(Ok(contents)) => {
            add(&mut keys, contents);
            return Ok(keys);
        }
        Ok(Err(error)) => {
            let finding = Finding::new(error.reason());
            keys.findings.push(match error {
                Pkcs12Error::WrongPassphrase => finding,
                error => finding.with("problem", error),
            });
        }
        Err(error) if error.kind() == ErrorKind::Denied => {
            warn_of_locked(context, "opened", &error);
        }
        Err(error) => return Err(error),
    }
    keys.outline = outline(octets).ok();
    Ok(keys)
}

fn add(keys: &mut FileKeys, contents: Contents) {
    let certificates = contents.certificates.iter();
    let certificates: Vec<_> = certificates.map(|one| one.certificate.clone()).collect();
    let private: Vec<_> = contents.keys.iter().map(|one| one.key.clone()).collect();
    let matched = match_keys(&certificates, &private);
    let entries = contents.certificates.iter();
    keys.certificates = entries
        .map(|entry| {
            let has_key = matched.has_key(&entry.certificate);
            let name = entry.labels.friendly_name.clone();
            CertificateFacts::new(&entry.certificate, has_key, name)
        })
        .collect();
    keys.keys = contents.keys.iter().map(KeyFacts::from).collect();
    let unreadable = contents.unreadable.iter();
    keys.unreadable = unreadable
        .map(|entry| match entry {
            Unreadable::Certificate(error) => error.to_string(),
            Unreadable::Key(error) => error.to_string(),
        })
        .collect();
    keys.outline = Some(contents.outline);
}

/// Shows how a file is built.
pub(super) fn show(page: &mut Page<'_>, outline: &Outline) {
    page.section("PKCS #12 file", "");
    let integrity = outline.integrity.as_ref();
    let integrity = integrity.map_or_else(|| "none".to_owned(), |code| code.describe());
    page.fact(0, "integrity", &integrity);
    for (index, safe) in outline.safes.iter().enumerate() {
        let encryption = safe.encryption.as_ref();
        let encryption =
            encryption.map_or_else(|| "not encrypted".to_owned(), |cipher| cipher.describe());
        page.fact(0, &format!("safe {index}"), &encryption);
        let Some(bags) = &safe.bags else {
            page.fact(0, "", "- not opened");
            continue;
        };
        for bag in bags {
            let mut line = format!("- {}", bag.kind.name().replace('-', " "));
            if let Some(name) = &bag.friendly_name {
                line += &format!(" \"{name}\"");
            }
            if let Some(encryption) = &bag.encryption {
                line += &format!(", {}", encryption.describe());
            }
            page.fact(0, "", &line);
        }
    }
}
