//! The header that a message protects, against the one outside (RFC 9788 section 4).
//!
//! Protected fields win: the certificate is compared with the author among them, and they are what
//! is released. That the author outside is another one rejects, because programs that do not read
//! protected fields show that one; other differences are told.

use crate::mail::header_protection::{
    ComparedField, HeaderProtection, Outside, ProtectedHeader, Scheme, legacy_display,
};
use crate::mail::merge::merge_header;
use crate::mail::{HeaderFields, LineEnding};
use crate::reason::{Reason, Severity};
use crate::smime::chain::{Chain, Content, EntityAt};
use crate::smime::error::SmimeError;
use crate::verdict::{Finding, Place};

/// What a message protects of its header.
pub(super) struct Protected {
    /// The header with the protected fields.
    pub(super) header: HeaderFields,
    /// What is shown of the message.
    pub(super) content: EntityAt,
    /// The body of that without what repeats obscured fields, where there is any.
    pub(super) body: Option<Vec<legacy_display::BodyPiece>>,
    facts: ProtectedHeaderFacts,
    place: Place,
}

/// What is known of the header that a message protects.
#[derive(Clone, Debug)]
pub struct ProtectedHeaderFacts {
    /// The path of the entity whose header it is.
    pub part: String,
    /// By which rules.
    pub scheme: Scheme,
    /// The fields that are protected, or can only be the author's, inside and outside.
    pub fields: Vec<ComparedField>,
    /// The names of the others outside.
    pub unprotected: Vec<String>,
}

impl Protected {
    /// Finds it in the content of the innermost layer.
    ///
    /// # Errors
    /// Reading the content fails.
    pub(super) fn find(chain: &Chain) -> Result<Option<Protected>, SmimeError> {
        let (Some((_, scan)), Some(Content::Entity(payload))) = (&chain.message, &chain.content)
        else {
            return Ok(None);
        };
        let Some(innermost) = chain.layers.len().checked_sub(1) else {
            return Ok(None);
        };
        let message = match chain.has_encryption() {
            true => HeaderProtection::Cipher,
            false => HeaderProtection::Clear,
        };
        let outer = &scan.root.header;
        let Some(found) = ProtectedHeader::find(&payload.entity, outer, message) else {
            return Ok(None);
        };
        let content = EntityAt::new(payload.source.clone(), found.content.clone());
        let body = match found.scheme {
            Scheme::Hp(HeaderProtection::Cipher) => {
                legacy_display::body_without(&content.entity, &content.source, found.header)?
            }
            _ => None,
        };
        Ok(Some(Protected {
            header: found.header.clone(),
            body,
            facts: ProtectedHeaderFacts {
                part: match found.scheme {
                    Scheme::Wrapped => found.content.path.clone(),
                    _ => payload.entity.path.clone(),
                },
                scheme: found.scheme,
                fields: found.compared(outer),
                unprotected: found.unprotected(outer),
            },
            place: Place::layer(innermost),
            content,
        }))
    }

    /// What is known of it, whether or not it is believed.
    pub(super) fn facts(&self) -> &ProtectedHeaderFacts {
        &self.facts
    }

    /// The header that the message has for its readers; that of an entity without Content-* fields.
    pub(super) fn merged(&self, outer: &HeaderFields) -> HeaderFields {
        let none = HeaderFields::default();
        HeaderFields::new(merge_header(
            outer,
            Some(&self.header),
            &none,
            LineEnding::Crlf,
        ))
    }

    /// Every difference outside: another author rejects, the others are warnings.
    pub(super) fn mismatches(&self, outer: &HeaderFields) -> Vec<Finding> {
        let mut findings = Vec::new();
        let differing = self.facts.fields.iter();
        let differing = differing.filter(|field| field.state == Outside::Differs);
        let (authors, differing): (Vec<_>, Vec<_>) =
            differing.partition(|field| field.name.eq_ignore_ascii_case("From"));
        if !authors.is_empty() {
            let text = |header: &HeaderFields| header.text("From").unwrap_or_default();
            findings.push(
                Finding::new(Reason::SmimeProtectedHeaderMismatch)
                    .saying("the author outside is another than the protected one")
                    .with("field", "From")
                    .with("protected", text(&self.header))
                    .with("outside", text(outer)),
            );
        }
        let (told, rest) = differing.split_at(differing.len().min(DETAILED));
        let warning = || {
            Finding::new(Reason::SmimeProtectedHeaderMismatch)
                .weighing(Severity::Warning)
                .hinting("Go by the protected fields, which are those that are written out.")
        };
        findings.extend(told.iter().map(|one| {
            warning()
                .saying(format!(
                    "the field {} outside is not the protected one",
                    one.name
                ))
                .with("field", &one.name)
                .with("protected", one.protected.join(" | "))
                .with("outside", one.outside.join(" | "))
        }));
        if !rest.is_empty() {
            let names: Vec<_> = rest.iter().map(|one| one.name.as_str()).collect();
            findings.push(warning().with("field", names.join(", ")));
        }
        let place = &self.place;
        findings
            .into_iter()
            .map(|finding| finding.at(place.clone()))
            .collect()
    }
}

/// Takes decrypted header fields out of the findings about a rejected message: the report may go to
/// whoever sent it.
pub(super) fn withhold_decrypted(findings: &mut [Finding]) {
    for finding in findings {
        match finding.reason {
            Reason::SmimeProtectedHeaderMismatch => drop(finding.detail.remove("protected")),
            Reason::SmimeFromMismatch
            | Reason::SmimeSenderDiffers
            | Reason::SmimeEnvelopeFromMismatch
            | Reason::MailMultipleFrom => {
                finding.detail.remove("from");
                finding.detail.remove("shown");
            }
            _ => {}
        }
    }
}

/// Differing fields whose values are told.
const DETAILED: usize = 8;
