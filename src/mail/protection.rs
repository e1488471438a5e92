//! Which S/MIME form an entity claims to have (RFC 8551 section 3), with the labels of older
//! programs; OpenPGP is told apart (RFC 3156).
//!
//! Labels are claims. What an object is, its content decides; here it is only found.

use crate::mail::content_type::Disposition;
use crate::mail::entity::Entity;
use crate::mail::header::decode_text;

/// The cryptographic form of one entity, without those inside it.
#[derive(Clone, Debug)]
pub enum Protection<'a> {
    /// multipart/signed of S/MIME with two parts.
    ClearSigned {
        /// The signed part; the signature covers its whole range.
        content: &'a Entity,
        /// The part that holds the signature.
        signature: &'a Entity,
        /// The protocol parameter in lower case; see also [`protocol_fits`].
        protocol: Option<String>,
        /// The micalg parameter in lower case.
        micalg: Option<String>,
    },
    /// multipart/signed of S/MIME with fewer or more parts than two.
    SignedPartCount {
        /// How many.
        count: usize,
    },
    /// A CMS object is the body.
    Opaque {
        /// The entity that holds it.
        entity: &'a Entity,
        /// What the label says is in it.
        smime_type: Option<SmimeType>,
    },
    /// OpenPGP, which this program does not read.
    Pgp,
    /// None of these.
    None,
}

/// The smime-type parameter (RFC 8551 section 3.2.2), or what a file name says in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SmimeType {
    /// `signed-data`; also `signed-receipt` of RFC 2634.
    SignedData,
    /// `enveloped-data`.
    EnvelopedData,
    /// `authEnveloped-data`.
    AuthEnvelopedData,
    /// `compressed-data`, or the name ends in .p7z.
    CompressedData,
    /// `certs-only`, or the name ends in .p7c.
    CertsOnly,
    /// A signature without content: application/pkcs7-signature, or the name ends in .p7s.
    Signature,
    /// Any other word, in lower case.
    Other(String),
}

/// Tells which form an entity has.
pub fn protection(entity: &Entity) -> Protection<'_> {
    let content_type = &entity.content_type;
    if content_type.is("multipart", "signed") {
        return signed(entity);
    }
    if content_type.is("multipart", "encrypted") {
        let protocol = content_type.parameter("protocol").unwrap_or_default();
        let first = entity.children.first();
        let is_pgp = protocol.eq_ignore_ascii_case("application/pgp-encrypted")
            || first.is_some_and(|part| part.content_type.is("application", "pgp-encrypted"));
        return if is_pgp {
            Protection::Pgp
        } else {
            Protection::None
        };
    }
    if content_type.is("application", "pgp") {
        return Protection::Pgp;
    }
    match opaque_type(entity) {
        Some(smime_type) => Protection::Opaque { entity, smime_type },
        None => Protection::None,
    }
}

/// Whether the protocol parameter of multipart/signed names S/MIME.
pub fn protocol_fits(protocol: Option<&str>) -> bool {
    matches!(
        protocol,
        Some("application/pkcs7-signature" | "application/x-pkcs7-signature")
    )
}

/// Whether the entity, or a part of it outside embedded messages, is text/calendar.
pub fn is_calendar(entity: &Entity) -> bool {
    entity.content_type.is("text", "calendar")
        || (entity.is_multipart() && entity.children.iter().any(is_calendar))
}

impl Entity {
    /// The file name of Content-Disposition, else the name of Content-Type.
    pub fn file_name(&self) -> Option<String> {
        let disposition = self
            .header
            .first("Content-Disposition")
            .map(|field| Disposition::read(&field.unfolded()));
        let name = disposition
            .as_ref()
            .and_then(Disposition::filename)
            .or_else(|| self.content_type.parameter("name"))?;
        Some(decode_text(name.as_bytes()))
    }

    fn extension(&self) -> Option<String> {
        let name = self.file_name()?;
        let (_, extension) = name.trim().rsplit_once('.')?;
        Some(extension.to_ascii_lowercase())
    }

    fn is_signature_part(&self) -> bool {
        let subtype = self.content_type.subtype.as_str();
        self.content_type.type_ == "application"
            && match subtype {
                "pkcs7-signature" | "x-pkcs7-signature" => true,
                // Relays and old programs relabel the part; its name then is what is left.
                "octet-stream" | "pkcs7-mime" | "x-pkcs7-mime" => {
                    self.extension().as_deref() == Some("p7s")
                }
                _ => false,
            }
    }
}

fn signed(entity: &Entity) -> Protection<'_> {
    let lower = |name| {
        let value = entity.content_type.parameter(name);
        value.map(|value| value.trim().to_ascii_lowercase())
    };
    let protocol = lower("protocol");
    let parts = &entity.children;
    let is_smime = match parts.get(1) {
        Some(part) if part.is_signature_part() => true,
        Some(part) if part.content_type.is("application", "pgp-signature") => false,
        _ => protocol_fits(protocol.as_deref()) || parts.iter().any(Entity::is_signature_part),
    };
    match &parts[..] {
        [content, signature] if is_smime => Protection::ClearSigned {
            content,
            signature,
            protocol,
            micalg: lower("micalg"),
        },
        parts if is_smime => Protection::SignedPartCount { count: parts.len() },
        parts => {
            let is_pgp = protocol.as_deref() == Some("application/pgp-signature")
                || parts
                    .iter()
                    .any(|part| part.content_type.is("application", "pgp-signature"));
            if is_pgp {
                Protection::Pgp
            } else {
                Protection::None
            }
        }
    }
}

/// What the label of a CMS object says; `None` if the entity does not claim to be one.
fn opaque_type(entity: &Entity) -> Option<Option<SmimeType>> {
    let content_type = &entity.content_type;
    if content_type.type_ != "application" {
        return None;
    }
    let by_name = || match entity.extension().as_deref() {
        Some("p7m") => Some(None),
        Some("p7c") => Some(Some(SmimeType::CertsOnly)),
        Some("p7z") => Some(Some(SmimeType::CompressedData)),
        Some("p7s") => Some(Some(SmimeType::Signature)),
        _ => None,
    };
    match content_type.subtype.as_str() {
        "pkcs7-mime" | "x-pkcs7-mime" => Some(match content_type.smime_type() {
            Some(word) => Some(SmimeType::from_word(word)),
            None => by_name().flatten(),
        }),
        "pkcs7-signature" | "x-pkcs7-signature" => Some(Some(SmimeType::Signature)),
        "octet-stream" => by_name(),
        _ => None,
    }
}

impl SmimeType {
    fn from_word(word: String) -> SmimeType {
        match word.trim() {
            "signed-data" | "signed-receipt" => SmimeType::SignedData,
            "enveloped-data" => SmimeType::EnvelopedData,
            "authenveloped-data" => SmimeType::AuthEnvelopedData,
            "compressed-data" => SmimeType::CompressedData,
            "certs-only" => SmimeType::CertsOnly,
            _ => SmimeType::Other(word),
        }
    }

    /// The parameter value as the standard spells it.
    pub fn as_str(&self) -> &str {
        match self {
            SmimeType::SignedData => "signed-data",
            SmimeType::EnvelopedData => "enveloped-data",
            SmimeType::AuthEnvelopedData => "authEnveloped-data",
            SmimeType::CompressedData => "compressed-data",
            SmimeType::CertsOnly => "certs-only",
            SmimeType::Signature => "signature",
            SmimeType::Other(word) => word,
        }
    }
}
