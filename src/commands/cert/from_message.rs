//! Certificates of a signed message, for import by hand.
//!
//! Taken are those whose signature on the message verifies, the ones that their encryption key
//! preference names, and the CA certificates that came along. Nobody else's: a message can carry
//! any certificate, but a signature shows that its sender has the key.

use std::io::{self, Read};
use std::path::Path;

use super::gate::{Item, items};
use crate::cms::{CertificateIdentifier, SignedContent, SignedData};
use crate::commands::files::Bundle;
use crate::commands::message::smime_error;
use crate::crypto::digest::WeakDigests;
use crate::error::CommandError;
use crate::limits;
use crate::mail;
use crate::pki::Certificate;
use crate::pki::certificate_file::CertificateFile;
use crate::reason::Reason;
use crate::report::text::decisive;
use crate::smime::chain::{self, Chain};
use crate::smime::lookup::{NoKeys, names};
use crate::smime::{Input, ObjectBody, verify_signature};
use crate::source::Source;
use crate::stdio::input_name;
use crate::verdict::Finding;

/// Whether an input is a message that carries certificates, rather than a file of certificates.
pub(super) fn is_message(source: &Source) -> bool {
    mail::scan(source).is_ok_and(|scan| mail::protection(&scan.root).is_smime())
}

/// Takes the certificates out of a message.
///
/// # Errors
/// It cannot be read, or carries no certificates that can be seen (65).
pub(super) fn items_of_message(
    source: Source,
    path: &Path,
) -> Result<(Vec<Item>, Vec<Finding>), CommandError> {
    // An import decrypts nothing.
    let chain = chain::open(Input::Message(source), &NoKeys)
        .map_err(|error| smime_error(error, "read", Some(path)))?;
    if chain
        .findings
        .iter()
        .any(|finding| finding.reason == Reason::SmimeCertsOnly)
    {
        return Ok(items(certs_only(&chain, path)?));
    }
    let mut found = Vec::new();
    let mut findings = Vec::new();
    for layer in &chain.layers {
        if let Some((signed_data, content)) = layer.kind.signed_content() {
            signers(signed_data, content, &mut found, &mut findings).map_err(|error| {
                CommandError::io(format!("cannot read {}", input_name(Some(path))), error)
            })?;
        }
    }
    if chain.has_signature() {
        return Ok((found, findings));
    }
    let name = input_name(Some(path));
    let error = CommandError::data(format!("{name} is a message without a signature"));
    Err(match decisive(&chain.findings) {
        Some(finding) => error.caused_by(format!("{} [{}]", finding.summary(), finding.reason)),
        None => error,
    }
    .hint_if(
        chain.broken,
        "If it is encrypted, use `smime decrypt` first.",
    )
    .hint("Certificates come in PEM, DER, PKCS #7, PKCS #12 and signed messages."))
}

fn certs_only(chain: &Chain, path: &Path) -> Result<Bundle, CommandError> {
    let mut octets = Vec::new();
    if let Some(at) = &chain.reached {
        ObjectBody::new(&at.source, &at.entity)
            .take(limits::OBJECT_SIZE as u64)
            .read_to_end(&mut octets)
            .map_err(|error| {
                CommandError::io(format!("cannot read {}", input_name(Some(path))), error)
            })?;
    }
    Ok(Bundle {
        certificates: CertificateFile::read(&octets).certificates,
        keys: Vec::new(),
    })
}

fn signers(
    signed_data: &SignedData,
    content: SignedContent<'_>,
    found: &mut Vec<Item>,
    findings: &mut Vec<Finding>,
) -> io::Result<()> {
    let carried = signed_data.certificates.iter();
    let carried: Vec<Certificate> = carried
        .filter_map(|der| Certificate::decode(der).ok())
        .collect();
    let mut taken: Vec<Certificate> = Vec::new();
    let mut capabilities = Vec::new();
    for info in &signed_data.signer_infos {
        let Some(certificate) = find(&carried, &info.sid) else {
            findings.push(Finding::new(Reason::CmsSignerCertificateNotFound));
            continue;
        };
        let Ok(key) = certificate.public_key() else {
            findings.push(Finding::new(Reason::CmsSignatureAlgorithmUnsupported));
            continue;
        };
        let check = verify_signature(info, content, (certificate, &key), WeakDigests::Reject)?;
        if crate::verdict::rejects(&check.findings) {
            findings.extend(check.findings);
            continue;
        }
        taken.push(certificate.clone());
        let preferred = info.encryption_key_preference();
        taken.extend(preferred.and_then(|named| find(&carried, &named)).cloned());
        capabilities.extend(info.capabilities_der());
    }
    if taken.is_empty() {
        return Ok(());
    }
    taken.extend(carried.into_iter().filter(Certificate::is_ca));
    let bundle = Bundle {
        certificates: taken,
        keys: Vec::new(),
    };
    let (mut more, problems) = items(bundle);
    // Several signers of one message are rare; what each announced cannot be told apart then.
    if let [announced] = capabilities.as_slice() {
        more.iter_mut()
            .for_each(|item| item.capabilities = Some(announced.clone()));
    }
    found.extend(more);
    findings.extend(problems);
    Ok(())
}

fn find<'a>(carried: &'a [Certificate], named: &CertificateIdentifier) -> Option<&'a Certificate> {
    carried.iter().find(|certificate| names(named, certificate))
}
