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

impl Protection<'_> {
    /// Whether it is S/MIME, so that a layer begins here.
    pub fn is_smime(&self) -> bool {
        !matches!(self, Protection::Pgp | Protection::None)
    }
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

/// What a message is already that somebody wants to protect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlreadyProtected {
    /// Signed, by S/MIME or OpenPGP.
    Signed,
    /// Encrypted, or an object that only its content tells.
    Encrypted,
}

/// Tells whether an entity is protected already, by its outermost form.
pub fn already_protected(entity: &Entity) -> Option<AlreadyProtected> {
    match protection(entity) {
        Protection::None => None,
        Protection::ClearSigned { .. } | Protection::SignedPartCount { .. } => {
            Some(AlreadyProtected::Signed)
        }
        Protection::Opaque { smime_type, .. } => match smime_type {
            Some(SmimeType::SignedData) => Some(AlreadyProtected::Signed),
            // Compression protects nothing.
            Some(SmimeType::CompressedData) => None,
            _ => Some(AlreadyProtected::Encrypted),
        },
        Protection::Pgp if entity.content_type.is("multipart", "signed") => {
            Some(AlreadyProtected::Signed)
        }
        Protection::Pgp => Some(AlreadyProtected::Encrypted),
    }
}

/// The type of the second part of a multipart/signed that is of no form known here: a relay may have
/// put another label on a signature. `None` for every other entity.
pub fn foreign_signature_type(entity: &Entity) -> Option<String> {
    let is_signed = entity.content_type.is("multipart", "signed");
    match (is_signed, protection(entity), &entity.children[..]) {
        (true, Protection::None, [_, second, ..]) => Some(second.content_type.essence()),
        _ => None,
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

    /// The same for a part that stands where the signature belongs: other types and names of CMS
    /// objects occur there too.
    fn stands_for_signature(&self) -> bool {
        let subtype = self.content_type.subtype.as_str();
        let is_named = || matches!(self.extension().as_deref(), Some("p7s" | "p7m" | "p7"));
        self.is_signature_part()
            || self.content_type.type_ == "application"
                && match subtype {
                    "pkcs7-mime" | "x-pkcs7-mime" => true,
                    "octet-stream" => is_named(),
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
        Some(part) if part.stands_for_signature() => true,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::scanner::scan_reader;

    fn form(header: &str, body: &str) -> String {
        let scan = scan_reader(format!("{header}\n\n{body}").as_bytes()).unwrap();
        match protection(&scan.root) {
            Protection::ClearSigned {
                content,
                signature,
                protocol,
                ..
            } => {
                assert_eq!((content.path.as_str(), signature.path.as_str()), ("1", "2"));
                format!("clear {}", protocol_fits(protocol.as_deref()))
            }
            Protection::SignedPartCount { count } => format!("count {count}"),
            Protection::Opaque { smime_type, .. } => {
                let word = smime_type.as_ref().map(SmimeType::as_str);
                format!("opaque {}", word.unwrap_or("unknown"))
            }
            Protection::Pgp => "pgp".to_owned(),
            Protection::None => "none".to_owned(),
        }
    }

    #[test]
    fn opaque_forms_and_old_labels() {
        for (header, expected) in [
            (
                "application/pkcs7-mime; smime-type=signed-data",
                "opaque signed-data",
            ),
            (
                "Application/X-PKCS7-MIME; smime-type=Enveloped-Data",
                "opaque enveloped-data",
            ),
            (
                "application/pkcs7-mime; smime-type=authEnveloped-data",
                "opaque authEnveloped-data",
            ),
            (
                "application/pkcs7-mime; smime-type=compressed-data",
                "opaque compressed-data",
            ),
            (
                "application/pkcs7-mime; smime-type=certs-only",
                "opaque certs-only",
            ),
            ("application/pkcs7-mime; smime-type=other", "opaque other"),
            ("application/pkcs7-mime", "opaque unknown"),
            (
                "application/pkcs7-mime; name=smime.p7c",
                "opaque certs-only",
            ),
            (
                "application/octet-stream; name=\"SMIME.P7M\"",
                "opaque unknown",
            ),
            (
                "application/octet-stream; name=smime.p7z",
                "opaque compressed-data",
            ),
            (
                "application/octet-stream; name=smime.p7c",
                "opaque certs-only",
            ),
            (
                "application/octet-stream\nContent-Disposition: attachment; filename=a.p7m",
                "opaque unknown",
            ),
            (
                "application/octet-stream; name=\"=?utf-8?q?smime=2Ep7m?=\"",
                "opaque unknown",
            ),
            (
                "application/x-pkcs7-signature; name=smime.p7s",
                "opaque signature",
            ),
            ("application/octet-stream; name=a.pdf", "none"),
            ("application/octet-stream", "none"),
            ("text/plain; name=smime.p7m", "none"),
            ("application/pgp", "pgp"),
        ] {
            assert_eq!(
                form(&format!("Content-Type: {header}"), ""),
                expected,
                "{header}"
            );
        }
    }

    #[test]
    fn clear_signed_forms() {
        let signed = |protocol: &str, signature: &str, more: &str| {
            form(
                &format!("Content-Type: multipart/signed; boundary=BB{protocol}"),
                &format!("--BB\n\nx\n--BB\nContent-Type: {signature}\n\ny\n{more}--BB--\n"),
            )
        };
        let smime = "; protocol=\"Application/PKCS7-Signature\"";
        let old = "; protocol=\"application/x-pkcs7-signature\"";
        let pgp = "; protocol=\"application/pgp-signature\"";
        let part = "application/pkcs7-signature";
        assert_eq!(signed(smime, part, ""), "clear true");
        assert_eq!(
            signed(old, "application/x-pkcs7-signature", ""),
            "clear true"
        );
        assert_eq!(signed(smime, "application/octet-stream", ""), "clear true");
        assert_eq!(
            signed("", "application/octet-stream; name=smime.p7s", ""),
            "clear false"
        );
        for label in [
            "application/octet-stream; name=smime.p7m",
            "application/octet-stream\nContent-Disposition: attachment; filename=SMIME.P7S",
            "application/x-pkcs7-mime",
            "application/pkcs7-mime; smime-type=signed-data; name=smime.p7m",
        ] {
            assert_eq!(signed("", label, ""), "clear false", "{label}");
            assert_eq!(signed(old, label, ""), "clear true", "{label}");
        }
        assert_eq!(
            signed("", "application/octet-stream; name=a.pdf", ""),
            "none"
        );
        assert_eq!(signed(pgp, part, ""), "clear false");
        assert_eq!(signed(smime, part, "--BB\n\nfooter\n"), "count 3");
        assert_eq!(
            signed("", "text/plain", &format!("--BB\nContent-Type: {part}\n\n")),
            "count 3"
        );
        assert_eq!(signed(pgp, "application/pgp-signature", ""), "pgp");
        assert_eq!(signed(smime, "application/pgp-signature", ""), "pgp");
        assert_eq!(signed("", "text/plain", ""), "none");
        let header = format!("Content-Type: multipart/signed; boundary=BB{smime}");
        assert_eq!(form(&header, "--BB\n\nx\n--BB--\n"), "count 1");
        assert_eq!(form(&header, ""), "count 0");
        let encrypted = "Content-Type: multipart/encrypted; boundary=BB; protocol=";
        assert_eq!(
            form(&format!("{encrypted}\"application/pgp-encrypted\""), ""),
            "pgp"
        );
        assert_eq!(form(&format!("{encrypted}x"), ""), "none");
    }

    #[test]
    fn calendars_are_found_in_multiparts_but_not_in_messages() {
        let calendar = |text: &str| is_calendar(&scan_reader(text.as_bytes()).unwrap().root);
        let part = "Content-Type: text/calendar; method=REQUEST\n\nx";
        let multipart = "Content-Type: multipart/alternative; boundary=BB\n\n--BB\n\n--BB\n";
        assert!(calendar(part));
        assert!(calendar(&format!("{multipart}{part}\n--BB--")));
        let forwarded = format!("{multipart}Content-Type: message/rfc822\n\n{part}\n--BB--");
        assert!(!calendar(&forwarded));
        assert!(!calendar("A: b\n\nx"));
    }
}
