//! Opening the chain: one step for each layer.

use std::io::{self, BufRead, BufReader, Read};
use std::ops::ControlFlow;
use std::sync::Arc;

use super::{Chain, Content, DigestedContent, EntityAt, Input, OpenKind, OpenLayer, SignedOctets};
use crate::asn1::oid;
use crate::cms::{CmsError, CompressedData, Object, SignedData};
use crate::limits;
use crate::mail::canonical::canonical_reader;
use crate::mail::protection::SmimeType;
use crate::mail::transfer_encoding::is_invalid_encoding;
use crate::mail::{self, Entity, Protection};
use crate::reason::{Reason, Severity};
use crate::smime::compressed::{compressed_facts, compression_finding};
use crate::smime::decrypt::open_enveloped;
use crate::smime::error::SmimeError;
use crate::smime::header_protection::Protected;
use crate::smime::lookup::KeyLookup;
use crate::smime::object_body::ObjectBody;
use crate::source::Source;
use crate::verdict::{Finding, Form, Layer, LayerKind, Place};

/// Where the chain stands while it is opened.
enum Position {
    Entity(EntityAt),
    Object {
        object: Source,
        content: Option<Source>,
    },
    Octets {
        octets: Source,
        /// The path that they have if they are an entity.
        path: String,
    },
}

impl Position {
    /// Whether a further layer begins here.
    fn is_protected(&self) -> bool {
        match self {
            Position::Entity(at) => mail::protection(&at.entity).is_smime(),
            Position::Object { .. } => true,
            Position::Octets { .. } => false,
        }
    }
}

/// What stands around a CMS object.
struct Surroundings {
    /// The entity whose body it is; `None` for a bare object.
    position: Option<EntityAt>,
    /// What the label of that entity says is in it.
    claimed: Option<SmimeType>,
    /// The content of a detached signature that was given beside a bare object.
    detached: Option<Source>,
}

impl Surroundings {
    /// The path of what is inside the object. A bare object is the root itself.
    fn content_path(&self) -> String {
        let position = self.position.as_ref();
        mail::content_path(position.map_or("", |at| &at.entity.path))
    }
}

/// Opens layer after layer, with the keys that are held.
///
/// # Errors
/// The input is neither a message nor a CMS object, reading or spooling fails, or a lookup does.
pub fn open(input: Input, keys: &dyn KeyLookup) -> Result<Chain, SmimeError> {
    let mut chain = Chain {
        broken: false,
        ..Chain::unopened()
    };
    let mut position = match input {
        Input::Message(source) => {
            let scan = mail::scan(&source)?;
            chain.findings.extend(scan.findings.iter().cloned());
            let entity = scan.root.clone();
            chain.message = Some((source.clone(), scan));
            Position::Entity(EntityAt::new(source, entity))
        }
        Input::Object { object, content } => Position::Object { object, content },
    };
    loop {
        if chain.layers.len() == limits::LAYERS && position.is_protected() {
            let place = Place::layer(chain.layers.len() - 1);
            chain
                .findings
                .push(Finding::new(Reason::MailNestingTooDeep).at(place));
            chain.broken = true;
            return Ok(chain);
        }
        position = match chain.step(position, keys)? {
            ControlFlow::Continue(next) => next,
            ControlFlow::Break(content) => {
                chain.broken = content.is_none();
                chain.content = content;
                chain.protected = Protected::find(&chain)?;
                return Ok(chain);
            }
        };
    }
}

/// Octets of an epilogue that are looked at: blank ones may follow any message.
const EPILOGUE_LOOK: u64 = 64 << 10;

type Step = ControlFlow<Option<Content>, Position>;

impl Chain {
    fn step(&mut self, position: Position, keys: &dyn KeyLookup) -> Result<Step, SmimeError> {
        match position {
            Position::Octets { octets, path } => self.octets(octets, &path),
            Position::Object { object, content } => {
                let around = Surroundings {
                    position: None,
                    claimed: None,
                    detached: content,
                };
                self.object(object.reader(), around, keys)
            }
            Position::Entity(at) => {
                self.reached = Some(at.clone());
                self.entity(at, keys)
            }
        }
    }

    fn entity(&mut self, at: EntityAt, keys: &dyn KeyLookup) -> Result<Step, SmimeError> {
        let protection = mail::protection(&at.entity);
        if protection.is_smime()
            && let Some(finding) = mail::conformance::ambiguity(&at.entity)
        {
            // Somebody else's program may show what is neither signed nor encrypted.
            self.findings.push(finding.at(self.next_place()));
        }
        match protection {
            Protection::ClearSigned {
                content,
                signature,
                protocol,
                micalg,
            } => {
                if !mail::protection::protocol_fits(protocol.as_deref()) {
                    let finding = Finding::new(Reason::SmimeProtocolMismatch).at(self.next_place());
                    self.findings
                        .push(finding.with("protocol", protocol.unwrap_or_default()));
                }
                self.name_epilogue(&at)?;
                self.clear_signed(&at, content, signature, micalg)
            }
            Protection::SignedPartCount { count } => {
                // A message that was cut lacks a part too, and that it was cut is what helps.
                let finding = match mail::conformance::boundary(&at.entity) {
                    Some((reason, why)) => Finding::new(reason).saying(why),
                    None => Finding::new(Reason::MailSignedPartCount),
                };
                let finding = finding.at(self.next_place());
                self.findings.push(finding.with("parts", count));
                Ok(ControlFlow::Break(None))
            }
            Protection::Opaque { entity, smime_type } => {
                let body = ObjectBody::new(&at.source, entity);
                let around = Surroundings {
                    position: Some(at.clone()),
                    claimed: smime_type,
                    detached: None,
                };
                self.object(body, around, keys)
            }
            Protection::Pgp | Protection::None => Ok(ControlFlow::Break(Some(Content::Entity(at)))),
        }
    }

    /// Names text behind the last delimiter: gateways append footers there. Mail programs do not show
    /// it, and it is not released, so it is no ground for rejection.
    fn name_epilogue(&mut self, at: &EntityAt) -> Result<(), SmimeError> {
        let epilogue = at.source.slice(at.entity.epilogue.clone());
        let start = epilogue.slice(0..EPILOGUE_LOOK.min(epilogue.len()));
        let text = start.read_all(EPILOGUE_LOOK as usize)?.unwrap_or_default();
        if !text.trim_ascii().is_empty() {
            let finding = Finding::new(Reason::SmimeUnsignedContent)
                .weighing(Severity::Info)
                .saying("text follows the signed structure; it is not part of the message")
                .hinting("Nothing; mail programs do not show such text.")
                .at(self.next_place());
            self.findings.push(finding.with("octets", epilogue.len()));
        }
        Ok(())
    }

    fn octets(&mut self, octets: Source, path: &str) -> Result<Step, SmimeError> {
        match mail::scan(&octets) {
            Ok(scan) => {
                let mut entity = scan.root;
                entity.put_under(path);
                // Octets that merely look like lines are no entity: a header has to be there.
                if entity.header.first("Content-Type").is_none() {
                    return Ok(ControlFlow::Break(Some(Content::Octets(octets))));
                }
                Ok(ControlFlow::Continue(Position::Entity(EntityAt::new(
                    octets, entity,
                ))))
            }
            Err(mail::MailError::Io(error)) => Err(error.into()),
            Err(_) => Ok(ControlFlow::Break(Some(Content::Octets(octets)))),
        }
    }

    fn clear_signed(
        &mut self,
        at: &EntityAt,
        content: &Entity,
        signature: &Entity,
        micalg: Option<String>,
    ) -> Result<Step, SmimeError> {
        let place = self.next_place();
        let signature = ObjectBody::new(&at.source, signature);
        let signed_data = match Object::decode(signature) {
            Ok(Object::SignedData(signed_data)) => signed_data,
            Ok(other) => return self.unexpected(other.content_type()),
            Err(error) => return self.unreadable(error),
        };
        let signed_octets = content.source(&at.source);
        if let Some(econtent) = &signed_data.econtent
            && !is_same(canonical_reader(&signed_octets), econtent)?
        {
            self.findings
                .push(Finding::new(Reason::CmsContentDiffers).at(place.clone()));
        }
        let signed =
            DigestedContent::compute(SignedOctets::Canonical(signed_octets), &signed_data)?;
        if let Some(micalg) = micalg {
            let used = signed_data.required_digests();
            let named: Vec<_> = micalg
                .split(',')
                .map(|name| name.trim().replace('-', ""))
                .collect();
            if !used.is_empty()
                && !used
                    .iter()
                    .any(|used| named.iter().any(|n| n == used.name()))
            {
                let finding = Finding::new(Reason::SmimeMicalgMismatch).at(place);
                self.findings.push(finding.with("micalg", micalg));
            }
        }
        self.push_signed(signed_data, signed, Form::Clear, Some(at.clone()));
        let entity = content.clone();
        Ok(ControlFlow::Continue(Position::Entity(EntityAt::new(
            at.source.clone(),
            entity,
        ))))
    }

    fn object(
        &mut self,
        octets: impl BufRead,
        around: Surroundings,
        keys: &dyn KeyLookup,
    ) -> Result<Step, SmimeError> {
        let object = match Object::decode(octets) {
            Ok(object) => object,
            Err(error) if around.position.is_none() && !matches!(error, CmsError::Io(_)) => {
                return Err(SmimeError::Unreadable(Box::new(error)));
            }
            Err(error) => return self.unreadable(error),
        };
        self.compare_claim(&object, around.claimed.as_ref());
        match object {
            Object::SignedData(signed_data) => self.opaque_signed(signed_data, around),
            Object::EnvelopedData(enveloped) | Object::AuthEnvelopedData(enveloped) => {
                let index = self.layers.len();
                let must_be_mime = around.position.is_some();
                let opening = open_enveloped(&enveloped, index, keys, must_be_mime)?;
                self.findings.extend(opening.findings);
                let path = around.content_path();
                self.layers.push(OpenLayer {
                    facts: opening.facts,
                    kind: OpenKind::Encrypted {
                        authenticated: enveloped.is_authenticated(),
                    },
                    position: around.position,
                });
                Ok(match opening.content {
                    None => ControlFlow::Break(None),
                    Some(Content::Entity(mut at)) => {
                        Arc::make_mut(&mut at.entity).put_under(&path);
                        ControlFlow::Continue(Position::Entity(at))
                    }
                    Some(Content::Octets(octets)) => {
                        ControlFlow::Continue(Position::Octets { octets, path })
                    }
                })
            }
            Object::CompressedData(compressed) => Ok(self.compressed(*compressed, around)),
            Object::Other(content_type) => self.unexpected(content_type),
        }
    }

    fn compressed(&mut self, compressed: CompressedData, around: Surroundings) -> Step {
        let path = around.content_path();
        if let Err(error) = &compressed.content {
            let finding = match self.encryption_changed_unnoticed() {
                Some(layer) => Finding::new(Reason::CmsDecryptionFailed).at(Place::layer(layer)),
                None => compression_finding(error).at(self.next_place()),
            };
            self.findings.push(finding);
        }
        self.layers.push(OpenLayer {
            facts: compressed_facts(self.layers.len()),
            kind: OpenKind::Compressed,
            position: around.position,
        });
        match compressed.content {
            Ok(octets) => ControlFlow::Continue(Position::Octets { octets, path }),
            Err(_) => ControlFlow::Break(None),
        }
    }

    /// The encrypted layer, if there is one without a tag right above. What is wrong with compressed
    /// content then depends on decrypted octets, which somebody may have changed to learn them: so it
    /// has to look like any other failure to decrypt (behavior rule 22).
    fn encryption_changed_unnoticed(&self) -> Option<usize> {
        let above = self
            .layers
            .iter()
            .rposition(|layer| !matches!(layer.kind, OpenKind::Compressed))?;
        self.layers[above].is_malleable().then_some(above)
    }

    fn compare_claim(&mut self, object: &Object, claimed: Option<&SmimeType>) {
        let fits = match (object, claimed) {
            (_, None) => true,
            (Object::SignedData(data), Some(SmimeType::CertsOnly)) => data.signer_infos.is_empty(),
            (Object::SignedData(_), Some(SmimeType::SignedData | SmimeType::Signature)) => true,
            (Object::EnvelopedData(_), Some(SmimeType::EnvelopedData))
            | (Object::AuthEnvelopedData(_), Some(SmimeType::AuthEnvelopedData))
            | (Object::CompressedData(_), Some(SmimeType::CompressedData)) => true,
            _ => false,
        };
        if let (false, Some(claimed)) = (fits, claimed) {
            let finding = Finding::new(Reason::SmimeTypeMismatch).at(self.next_place());
            self.findings.push(
                finding
                    .with("smime-type", claimed.as_str())
                    .with("content-type", oid::describe(&object.content_type())),
            );
        }
    }

    fn opaque_signed(
        &mut self,
        mut signed_data: Box<SignedData>,
        around: Surroundings,
    ) -> Result<Step, SmimeError> {
        let (place, path) = (self.next_place(), around.content_path());
        if signed_data.signer_infos.is_empty()
            && signed_data.econtent.is_none()
            && !signed_data.certificates.is_empty()
        {
            let count = signed_data.certificates.len();
            let finding = Finding::new(Reason::SmimeCertsOnly).at(place);
            self.findings.push(finding.with("certificates", count));
            return Ok(ControlFlow::Break(None));
        }
        let (content, signed) = match (signed_data.econtent.take(), around.detached) {
            (Some(content), beside) => {
                if let Some(beside) = beside
                    && !is_same(beside.reader(), &content)?
                    && !is_same(canonical_reader(&beside), &content)?
                {
                    let finding = Finding::new(Reason::CmsContentDiffers);
                    self.findings.push(finding.at(place.clone()));
                }
                let signed = DigestedContent::inside(content.clone(), &mut signed_data);
                (content, signed)
            }
            (None, Some(content)) => {
                let signed = DigestedContent::beside(&content, &signed_data)?;
                (content, signed)
            }
            (None, None) => {
                self.findings
                    .push(Finding::new(Reason::CmsContentMissing).at(place));
                return Ok(ControlFlow::Break(None));
            }
        };
        self.push_signed(signed_data, signed, Form::Opaque, around.position);
        Ok(ControlFlow::Continue(Position::Octets {
            octets: content,
            path,
        }))
    }

    fn push_signed(
        &mut self,
        signed_data: Box<SignedData>,
        content: DigestedContent,
        form: Form,
        position: Option<EntityAt>,
    ) {
        let place = self.next_place();
        if signed_data.signer_infos.is_empty() {
            self.findings
                .push(Finding::new(Reason::CmsSignerMissing).at(place));
        }
        self.layers.push(OpenLayer {
            facts: Layer {
                index: self.layers.len(),
                kind: LayerKind::Signed,
                form,
                content_cipher: None,
                signers: Vec::new(),
                recipients: Vec::new(),
            },
            kind: OpenKind::Signed {
                signed_data,
                content,
            },
            position,
        });
    }

    /// The place of the layer that is being opened.
    fn next_place(&self) -> Place {
        Place::layer(self.layers.len())
    }

    fn unexpected(
        &mut self,
        content_type: const_oid::ObjectIdentifier,
    ) -> Result<Step, SmimeError> {
        let finding = Finding::new(Reason::CmsContentTypeUnexpected).at(self.next_place());
        self.findings
            .push(finding.with("content-type", oid::describe(&content_type)));
        Ok(ControlFlow::Break(None))
    }

    /// Tells what is wrong with octets that should be a CMS object.
    fn unreadable(&mut self, error: CmsError) -> Result<Step, SmimeError> {
        let finding = match error {
            // The transfer encoding is taken off while the object is read.
            CmsError::Io(error) if is_invalid_encoding(&error) => {
                Finding::new(Reason::MailTransferEncodingInvalid).with("problem", error)
            }
            CmsError::Io(error) => return Err(error.into()),
            error => Finding::new(Reason::CmsEncodingInvalid).with("problem", error),
        };
        self.findings.push(finding.at(self.next_place()));
        Ok(ControlFlow::Break(None))
    }
}

/// Whether two contents have the same octets. An object may hold a content although another one
/// stands beside it; programs differ in which of the two they show.
fn is_same(beside: impl Read, inside: &Source) -> io::Result<bool> {
    let (mut left, mut right) = (BufReader::new(beside), inside.reader());
    loop {
        let (one, other) = (left.fill_buf()?, right.fill_buf()?);
        let count = one.len().min(other.len());
        if one[..count] != other[..count] {
            return Ok(false);
        }
        if count == 0 {
            return Ok(one.is_empty() && other.is_empty());
        }
        left.consume(count);
        right.consume(count);
    }
}
