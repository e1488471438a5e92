//! Protection that is no layer of the message: in a part beside others, or inside another message.
//!
//! A signature is checked, because that harms nobody, and says something about its part alone. For
//! ciphertext it is told whom it is for; to decrypt it as though it were the message would let
//! anybody have it read out who can put it into a message (behavior rule 24).

use std::io::BufRead;

use super::path_name;
use crate::asn1::oid;
use crate::cms::{CmsError, CompressedData, EnvelopedData, Object, SignedData};
use crate::mail::transfer_encoding::is_invalid_encoding;
use crate::mail::{self, Entity, HeaderFields, Protection, content_path};
use crate::pki::{Certificate, Issuers, RevocationSource};
use crate::policy::profile::{RevocationMode, WeakDigests};
use crate::reason::Reason;
use crate::smime::chain::{Chain, Content, DigestedContent, EntityAt, SignedOctets};
use crate::smime::compressed::{compressed_facts, compression_finding};
use crate::smime::decrypt::enveloped_facts;
use crate::smime::error::SmimeError;
use crate::smime::from::Author;
use crate::smime::lookup::KeyLookup;
use crate::smime::object_body::ObjectBody;
use crate::smime::signer::{Carried, SignerContext};
use crate::smime::verify::JudgementTime;
use crate::smime::verify::VerifyRequest;
use crate::source::Source;
use crate::verdict::{Finding, Form, Layer, LayerKind, Outcome, Place};

/// Looks at protection beside the layers.
pub(super) struct Looker<'a> {
    keys: &'a dyn KeyLookup,
    issuers: &'a dyn Issuers,
    untrusted: &'a [Certificate],
    time: JudgementTime,
    sha1: WeakDigests,
    revocation: RevocationMode,
    lists: &'a dyn RevocationSource,
    /// The header of the message, which may say when it was received.
    header: Option<&'a HeaderFields>,
}

/// What was seen.
#[derive(Default)]
pub(super) struct Looked {
    pub(super) layer: Option<Layer>,
    /// What an opaque signature signs, or what was compressed.
    pub(super) content: Option<Content>,
    pub(super) certificates: Vec<Certificate>,
    pub(super) findings: Vec<Finding>,
}

impl<'a> Looker<'a> {
    pub(super) fn new(request: &'a VerifyRequest<'_>, chain: &'a Chain) -> Looker<'a> {
        Looker {
            keys: request.keys,
            issuers: request.issuers,
            untrusted: request.untrusted,
            time: request.time,
            sha1: request.profile.sha1,
            revocation: request.profile.revocation,
            lists: request.lists,
            header: chain.message.as_ref().map(|(_, scan)| &scan.root.header),
        }
    }

    /// Looks at one entity.
    ///
    /// # Errors
    /// Reading or spooling fails, or the keystore cannot be read.
    pub(super) fn look(&self, source: &Source, entity: &Entity) -> Result<Looked, SmimeError> {
        match mail::protection(entity) {
            Protection::ClearSigned {
                content, signature, ..
            } => {
                let object = ObjectBody::new(source, signature);
                let content = content.source(source);
                self.look_into(object, &entity.path, Some(content))
            }
            Protection::Opaque { entity, .. } => {
                let object = ObjectBody::new(source, entity);
                self.look_into(object, &entity.path, None)
            }
            Protection::SignedPartCount { count } => {
                let finding = Finding::new(Reason::MailSignedPartCount).with("parts", count);
                Ok(Looked::only(finding.at(entity.place())))
            }
            Protection::Pgp | Protection::None => Ok(Looked::default()),
        }
    }

    /// Looks into an object, which signs `beside` if it has no content.
    pub(super) fn look_into(
        &self,
        object: impl BufRead,
        path: &str,
        beside: Option<Source>,
    ) -> Result<Looked, SmimeError> {
        let place = place(path);
        match Object::decode(object) {
            Ok(Object::SignedData(signed_data)) => self.signed(*signed_data, path, beside),
            Ok(Object::EnvelopedData(enveloped) | Object::AuthEnvelopedData(enveloped)) => {
                self.enveloped(&enveloped, path)
            }
            Ok(Object::CompressedData(compressed)) => compressed_content(*compressed, path),
            Ok(Object::Other(content_type)) => {
                let finding = Finding::new(Reason::CmsContentTypeUnexpected);
                let finding = finding.with("content-type", oid::describe(&content_type));
                Ok(Looked::only(finding.at(place)))
            }
            Err(CmsError::Io(error)) if is_invalid_encoding(&error) => {
                let finding = Finding::new(Reason::MailTransferEncodingInvalid);
                Ok(Looked::only(finding.with("problem", error).at(place)))
            }
            Err(CmsError::Io(error)) => Err(error.into()),
            Err(error) => {
                let finding = Finding::new(Reason::CmsEncodingInvalid).with("problem", error);
                Ok(Looked::only(finding.at(place)))
            }
        }
    }

    fn enveloped(&self, enveloped: &EnvelopedData, path: &str) -> Result<Looked, SmimeError> {
        let layer = enveloped_facts(enveloped, 0, self.keys)?;
        let held = layer.recipients.iter().any(|recipient| recipient.held);
        let name = path_name(path);
        let finding = Finding::new(Reason::SmimeNestedEncryption)
            .with("key-held", if held { "yes" } else { "no" })
            .hinting(format!(
                "If it is to be read, take it out with `smime inspect --part {name} -o FILE` and \
                 give that to `smime decrypt`."
            ));
        Ok(Looked {
            layer: Some(layer),
            ..Looked::only(finding.at(place(path)))
        })
    }

    fn signed(
        &self,
        mut signed_data: SignedData,
        path: &str,
        beside: Option<Source>,
    ) -> Result<Looked, SmimeError> {
        let mut findings = Vec::new();
        let carried = Carried::decode(&signed_data, 0, &mut findings);
        let form = match (&signed_data.econtent, &beside) {
            (Some(_), None) => Form::Opaque,
            _ => Form::Clear,
        };
        let mut is_absent = false;
        let (content, signed) = match (signed_data.econtent.take(), beside) {
            (_, Some(beside)) => {
                let octets = SignedOctets::Canonical(beside);
                // It is among the parts already.
                (None, DigestedContent::compute(octets, &signed_data)?)
            }
            (Some(content), None) => {
                let signed = DigestedContent::inside(content.clone(), &mut signed_data);
                (Some(read_content(content, path)?), signed)
            }
            (None, None) if !signed_data.signer_infos.is_empty() => {
                findings.push(Finding::new(Reason::CmsContentMissing));
                is_absent = true;
                let nothing = SignedOctets::AsIs(Source::from_bytes(Vec::new()));
                (None, DigestedContent::compute(nothing, &signed_data)?)
            }
            (None, None) => {
                findings.push(Finding::new(Reason::SmimeCertsOnly));
                let count = carried.certificates.len();
                return Ok(Looked {
                    certificates: carried.certificates,
                    findings: placed(findings, path)
                        .map(|finding| finding.with("certificates", count))
                        .collect(),
                    ..Looked::default()
                });
            }
        };
        if signed_data.signer_infos.is_empty() {
            findings.push(Finding::new(Reason::CmsSignerMissing));
        }
        let mut signers = Vec::new();
        for (index, info) in signed_data.signer_infos.iter().enumerate() {
            let context = SignerContext {
                author: &Author::Unasked,
                stored: &[],
                issuers: self.issuers,
                untrusted: self.untrusted,
                time: self.time.resolve(self.header, info.signing_time()),
                sha1: self.sha1,
                revocation: self.revocation,
                lists: self.lists,
            };
            let content = signed.of(&signed_data);
            let mut judgement = context.judge(info, content, &carried, (0, index))?;
            if is_absent {
                judgement.leave_content_out(info);
            }
            judgement.signer.verdict = match judgement.accepted() && !is_absent {
                true => Outcome::Accepted,
                false => Outcome::Rejected,
            };
            findings.append(&mut judgement.findings);
            signers.push(judgement.signer);
        }
        Ok(Looked {
            layer: Some(Layer {
                index: 0,
                kind: LayerKind::Signed,
                form,
                content_cipher: None,
                signers,
                recipients: Vec::new(),
            }),
            content,
            certificates: carried.certificates,
            findings: placed(findings, path).collect(),
        })
    }
}

impl Looked {
    fn only(finding: Finding) -> Looked {
        Looked {
            findings: vec![finding],
            ..Looked::default()
        }
    }
}

/// The place of an entity. Layers are those of the message, so there is none.
fn place(path: &str) -> Place {
    Place::default().in_part(path_name(path))
}

fn placed(findings: Vec<Finding>, path: &str) -> impl Iterator<Item = Finding> {
    findings.into_iter().map(move |mut finding| {
        finding.place = Place {
            layer: None,
            part: Some(path_name(path).to_owned()),
            ..finding.place
        };
        finding
    })
}

fn compressed_content(compressed: CompressedData, path: &str) -> Result<Looked, SmimeError> {
    let layer = Some(compressed_facts(0));
    Ok(match compressed.content {
        Ok(octets) => Looked {
            layer,
            content: Some(read_content(octets, path)?),
            ..Looked::default()
        },
        Err(error) => Looked {
            layer,
            ..Looked::only(compression_finding(&error).at(place(path)))
        },
    })
}

/// What an object beside the layers holds: an entity if it has a Content-Type.
fn read_content(octets: Source, path: &str) -> Result<Content, SmimeError> {
    match mail::scan(&octets) {
        Ok(scan) if scan.root.header.first("Content-Type").is_some() => {
            let mut entity = scan.root;
            entity.put_under(&content_path(path));
            Ok(Content::Entity(EntityAt::new(octets, entity)))
        }
        Err(mail::MailError::Io(error)) => Err(error.into()),
        _ => Ok(Content::Octets(octets)),
    }
}
