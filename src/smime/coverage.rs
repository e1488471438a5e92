//! What no signature covers: the whole message, or what lies beside a signed part.

use crate::mail::protection::{SmimeType, foreign_signature_type};
use crate::mail::{self, Entity, Protection};
use crate::reason::Reason;
use crate::smime::chain::{Chain, Content};
use crate::verdict::{Finding, Place};

/// Parts beside the signed one that are named.
const NAMED: usize = 8;

/// What is not covered by a signature: the whole message, or what lies beside the signed part.
pub(super) fn coverage(chain: &Chain, findings: &[Finding]) -> Option<Finding> {
    if chain.has_signature() || chain.broken {
        return None;
    }
    if findings
        .iter()
        .any(|finding| finding.reason == Reason::SmimeCertsOnly)
    {
        return None;
    }
    let below = match &chain.content {
        Some(Content::Entity(at)) => {
            signed_part(&at.entity).map(|part| (parts_beside(&at.entity, &part), part))
        }
        _ => None,
    };
    let place = match chain.layers.len() {
        0 => Place::default(),
        count => Place::layer(count - 1),
    };
    Some(match below {
        Some((beside, part)) => Finding::new(Reason::SmimeUnsignedContent)
            .saying(format!(
                "only part {part} is signed; the rest of the message is not"
            ))
            .hinting(format!(
                "Do not take the message as a whole for signed. `smime inspect --part {part}` \
                 takes the signed part out."
            ))
            .with("signed", &part)
            .with("not-signed", beside)
            .at(place.in_part(part)),
        None => not_signed(chain.content.as_ref()).at(place),
    })
}

/// That there is no signature, with what the message shows instead of one.
fn not_signed(content: Option<&Content>) -> Finding {
    let finding = Finding::new(Reason::SmimeNotSigned);
    let Some(Content::Entity(at)) = content else {
        return finding;
    };
    if matches!(mail::protection(&at.entity), Protection::Pgp) {
        return finding
            .saying("the message is protected by OpenPGP, not by S/MIME")
            .hinting("Judge it with a program for OpenPGP.");
    }
    match foreign_signature_type(&at.entity) {
        Some(found) => finding
            .saying("the message is multipart/signed, with no signature of S/MIME in it")
            .hinting(format!(
                "Its second part is labeled {found}. If a relay changed the label of the signature, \
                 make it application/pkcs7-signature again."
            ))
            .with("signature-part", found),
        None => match forwarded(&at.entity) {
            Some(path) => finding
                .hinting(format!(
                    "The message in part {path} is signed: take it out with `smime inspect --part \
                     {path} -o FILE`, and give that to `smime verify`."
                ))
                .with("signed-message", path),
            None => finding,
        },
    }
}

/// The path of the first message that is forwarded as an attachment and is signed.
fn forwarded(entity: &Entity) -> Option<&str> {
    entity
        .walk()
        .filter(|part| part.is_embedded_message())
        .find(|part| part.children.first().is_some_and(is_signed))
        .map(|part| part.path.as_str())
}

/// The path of a signed part that is reached without entering an embedded message.
fn signed_part(entity: &Entity) -> Option<String> {
    if entity.is_embedded_message() {
        return None;
    }
    let mut children = entity.children.iter();
    children.find_map(|child| match is_signed(child) {
        true => Some(child.path.clone()),
        false => signed_part(child),
    })
}

fn is_signed(entity: &Entity) -> bool {
    matches!(
        mail::protection(entity),
        Protection::ClearSigned { .. }
            | Protection::Opaque {
                smime_type: Some(SmimeType::SignedData),
                ..
            }
    )
}

/// The parts that are not inside `signed`, each with type and size.
fn parts_beside(entity: &Entity, signed: &str) -> String {
    let below = format!("{signed}.");
    let mut parts = entity.walk().filter(|part| {
        let is_leaf = part.children.is_empty() || part.is_embedded_message();
        is_leaf && part.path != signed && !part.path.starts_with(&below)
    });
    let tell = |part: &Entity| {
        let octets = part.body_range.end - part.body_range.start;
        let type_ = part.content_type.essence();
        format!("{} ({type_}, {octets} octets)", part.path)
    };
    let mut told: Vec<String> = parts.by_ref().take(NAMED).map(tell).collect();
    let more = parts.count();
    if told.is_empty() {
        return "nothing but the structure around it".to_owned();
    }
    if more > 0 {
        told.push(format!("and {more} more"));
    }
    told.join(", ")
}
