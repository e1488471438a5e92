//! Decryption: finding the key, opening the content, and one answer for every failure.
//!
//! Every failure that depends on secret or decrypted data is `cms.decryption-failed` (behavior rule
//! 22): key transport, unwrapping, padding, tag, and content without a tag that is not MIME. Told
//! apart are public facts only: no recipient is held, an algorithm is not supported.

use crate::asn1::{hex, oid};
use crate::cms::{self, CertificateIdentifier, DecryptError, EnvelopedData, RecipientInfo};
use crate::crypto::UnsupportedAlgorithm;
use crate::crypto::key::PrivateKey;
use crate::mail;
use crate::pki::{Name, SerialNumber};
use crate::reason::{Reason, Severity};
use crate::smime::chain::{self, Content, EntityAt, Input, OpenKind};
use crate::smime::error::SmimeError;
use crate::smime::header_protection::withhold_decrypted;
use crate::smime::lookup::KeyLookup;
use crate::smime::release::Release;
use crate::source::Source;
use crate::spool::Spool;
use crate::verdict::{
    Finding, Form, Layer, LayerKind, Place, Recipient, RecipientKind, Verdict, rejects,
};

/// What to decrypt, and with which keys.
pub struct DecryptRequest<'a> {
    /// The message or object.
    pub input: Input,
    /// The private keys.
    pub keys: &'a dyn KeyLookup,
}

/// What came of it.
pub struct Decryption {
    /// The verdict.
    pub verdict: Verdict,
    /// The content of the innermost encrypted layer; `None` if the verdict rejects.
    pub release: Option<Release>,
}

/// Decrypts a message: what is released is the content of the innermost encrypted layer on the
/// chain from the root, with compression taken off, and with a signature inside it left as it is and
/// not judged.
///
/// # Errors
/// The input cannot be read at all, or a lookup or the spool fails.
pub fn decrypt(request: DecryptRequest<'_>) -> Result<Decryption, SmimeError> {
    let chain = chain::open(request.input, request.keys)?;
    let mut verdict = Verdict::default();
    if let Some((_, scan)) = &chain.message {
        verdict.message = scan.root.header.facts();
    }
    let innermost = chain
        .layers
        .iter()
        .rposition(|layer| matches!(layer.kind, OpenKind::Encrypted { .. }));
    verdict.findings.extend(chain.findings.iter().cloned());
    verdict.layers = chain
        .layers
        .iter()
        .map(|layer| layer.facts.clone())
        .collect();
    let Some(innermost) = innermost else {
        if !rejects(&verdict.findings) {
            verdict
                .findings
                .push(Finding::new(Reason::SmimeNotEncrypted));
        }
        return Ok(Decryption {
            verdict,
            release: None,
        });
    };
    // Nobody wants to read what is compressed, so that is taken off too.
    let last = chain.with_compression(innermost);
    // What is wrong below the innermost encrypted layer is for verification to judge.
    verdict.findings.retain(|finding| {
        finding.place.layer.is_none_or(|layer| layer <= last) || finding.severity < Severity::Reject
    });
    if chain.layers[innermost].is_malleable() && !rejects(&verdict.findings) {
        let mut finding = Finding::new(Reason::CmsContentNotAuthenticated);
        if chain.layers.len() > last + 1 {
            finding = finding
                .saying(
                    "the encryption does not protect against changes, and the signature inside was \
                     not judged",
                )
                .hinting("Use `smime verify`, or `smime decrypt --verify`.");
        }
        verdict.findings.push(finding.at(Place::layer(innermost)));
    }
    let outer = chain.message.as_ref().map(|(_, scan)| &scan.root.header);
    if let (Some(protected), Some(outer)) = (&chain.protected, outer) {
        verdict.findings.extend(protected.mismatches(outer));
        match rejects(&verdict.findings) {
            true => withhold_decrypted(&mut verdict.findings),
            false => verdict.message = protected.merged(outer).facts(),
        }
    }
    let release = match rejects(&verdict.findings) {
        true => None,
        false => Release::below_layer(&chain, last),
    };
    Ok(Decryption { verdict, release })
}

/// What came of opening one encrypted layer.
pub(super) struct Opening {
    pub(super) facts: Layer,
    pub(super) findings: Vec<Finding>,
    pub(super) content: Option<Content>,
}

/// Tries every key that fits. In mail the content has to be a MIME entity, in a bare object not.
pub(super) fn open_enveloped(
    enveloped: &EnvelopedData,
    index: usize,
    keys: &dyn KeyLookup,
    must_be_mime: bool,
) -> Result<Opening, SmimeError> {
    let mut opening = Opening {
        facts: enveloped_facts(enveloped, index, keys)?,
        findings: Vec::new(),
        content: None,
    };
    let held: Vec<_> = identified(enveloped)
        .zip(&opening.facts.recipients)
        .filter(|(_, recipient)| recipient.held)
        .map(|((number, _, identifier), _)| (number, identifier))
        .collect();
    let place = Place::layer(index);
    if held.is_empty() {
        opening
            .findings
            .push(Finding::new(Reason::CmsRecipientNotFound).at(place));
        return Ok(opening);
    }
    let mut unsupported = None;
    for (number, identifier) in held {
        let Some(key) = keys.find_key(identifier)? else {
            continue;
        };
        match try_key(enveloped, number, &key, must_be_mime)? {
            Trial::Opened(content) => {
                opening.content = Some(content);
                return Ok(opening);
            }
            Trial::NotMime => {
                let finding = Finding::new(Reason::CmsDecryptedNotMime).at(place);
                opening.findings.push(finding);
                return Ok(opening);
            }
            Trial::Unsupported(finding) => unsupported = Some(finding),
            Trial::Failed => {}
        }
    }
    let finding = unsupported.map_or_else(
        || Finding::new(Reason::CmsDecryptionFailed),
        |finding| *finding,
    );
    opening.findings.push(finding.at(place));
    Ok(opening)
}

/// What the report shows of an encrypted layer, opened or not.
pub(super) fn enveloped_facts(
    enveloped: &EnvelopedData,
    index: usize,
    keys: &dyn KeyLookup,
) -> Result<Layer, SmimeError> {
    let recipients = identified(enveloped)
        .map(|(_, info, identifier)| recipient_facts(info, identifier, keys))
        .collect::<Result<_, SmimeError>>()?;
    Ok(Layer {
        index,
        kind: match enveloped.is_authenticated() {
            true => LayerKind::AuthEnveloped,
            false => LayerKind::Enveloped,
        },
        form: Form::Opaque,
        content_cipher: Some(cipher_name(enveloped)),
        signers: Vec::new(),
        recipients,
    })
}

/// Every identifier of every recipient, with the number of its RecipientInfo: key agreement names
/// several in one.
fn identified(
    enveloped: &EnvelopedData,
) -> impl Iterator<Item = (usize, &RecipientInfo, &CertificateIdentifier)> {
    let recipients = enveloped.recipients.iter().enumerate();
    recipients.flat_map(|(number, info)| {
        let identifiers = info.identifiers().iter();
        identifiers.map(move |identifier| (number, info, identifier))
    })
}

enum Trial {
    Opened(Content),
    /// The tag holds, and the content is no MIME entity.
    NotMime,
    Unsupported(Box<Finding>),
    Failed,
}

fn try_key(
    enveloped: &EnvelopedData,
    recipient: usize,
    key: &PrivateKey,
    must_be_mime: bool,
) -> Result<Trial, SmimeError> {
    let mut spool = Spool::new();
    let is_decrypted = match enveloped.decrypt(recipient, key, &mut spool) {
        Ok(()) => true,
        Err(DecryptError::Io(error)) => return Err(error.into()),
        // What has no tag is looked at all the same: without that the time would tell whether the
        // padding was right.
        Err(DecryptError::Failed) if must_be_mime && !enveloped.is_authenticated() => false,
        Err(DecryptError::Failed) => return Ok(Trial::Failed),
        Err(DecryptError::KeyManagement(error)) => {
            return Ok(unsupported(Reason::CmsKeyManagementUnsupported, &error));
        }
        Err(DecryptError::ContentEncryption(error)) => {
            return Ok(unsupported(Reason::CmsContentEncryptionUnsupported, &error));
        }
        Err(DecryptError::Random(error)) => return Err(std::io::Error::other(error).into()),
    };
    let octets = Source::from_spool(spool);
    if !must_be_mime {
        return Ok(Trial::Opened(Content::Octets(octets)));
    }
    let entity = match mail::scan(&octets) {
        Ok(scan) => Some(scan).filter(|scan| mail::entity_conformance(scan).is_empty()),
        Err(mail::MailError::Io(error)) => return Err(error.into()),
        Err(_) => None,
    };
    if !is_decrypted {
        return Ok(Trial::Failed);
    }
    Ok(match (entity, enveloped.is_authenticated()) {
        (Some(scan), _) => Trial::Opened(Content::Entity(EntityAt::new(octets, scan.root))),
        (None, true) => Trial::NotMime,
        // Without a tag this depends on the decrypted octets, so it looks like any other failure.
        (None, false) => Trial::Failed,
    })
}

fn unsupported(reason: Reason, error: &UnsupportedAlgorithm) -> Trial {
    let finding = Finding::new(reason)
        .with("algorithm", oid::describe(&error.oid))
        .with("problem", error.problem);
    Trial::Unsupported(Box::new(finding))
}

/// The cipher of the report; name and identifier where it is not known.
fn cipher_name(enveloped: &EnvelopedData) -> String {
    match enveloped.content_parameters() {
        Ok(parameters) => parameters.cipher.name().to_owned(),
        Err(_) => oid::describe(&enveloped.content_encryption.oid),
    }
}

fn recipient_facts(
    info: &RecipientInfo,
    identifier: &CertificateIdentifier,
    keys: &dyn KeyLookup,
) -> Result<Recipient, SmimeError> {
    let (issuer, serial, key_identifier) = match identifier {
        CertificateIdentifier::IssuerSerial { issuer_der, serial } => {
            let issuer = Name::decode(issuer_der).map(|name| name.to_string());
            let serial = SerialNumber::from_content(serial).map(|serial| serial.to_string());
            (
                Some(issuer.unwrap_or_default()),
                Some(serial.unwrap_or_default()),
                None,
            )
        }
        CertificateIdentifier::KeyIdentifier(key) => (None, None, Some(hex::encode(key))),
    };
    let known = keys.find_recipient(identifier)?;
    Ok(Recipient {
        kind: match info.kind() {
            cms::RecipientKind::KeyTransport => RecipientKind::KeyTransport,
            cms::RecipientKind::KeyAgreement => RecipientKind::KeyAgreement,
            _ => RecipientKind::Other,
        },
        issuer,
        serial,
        key_identifier,
        algorithm: info.algorithm(),
        held: keys.holds(identifier)?,
        addresses: known.map_or_else(Vec::new, |known| {
            known.addresses().iter().map(ToString::to_string).collect()
        }),
    })
}
