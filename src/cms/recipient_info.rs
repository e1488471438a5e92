//! RecipientInfo: the content-encryption key, encrypted for one recipient.
//!
//! ```text
//! RecipientInfo ::= CHOICE {
//!   ktri KeyTransRecipientInfo,
//!   kari [1] KeyAgreeRecipientInfo,
//!   kekri [2] KEKRecipientInfo,
//!   pwri [3] PasswordRecipientInfo,
//!   ori [4] OtherRecipientInfo }
//! ```
//!
//! RFC 5652 section 6.2. Key transport and key agreement can be opened; the others are only named.
//! Which of the algorithms are known is decided when a key is asked for, so that one recipient with
//! a new algorithm does not keep the others from reading.

use std::fmt;
use std::io::BufRead;
use std::sync::Arc;

use cms::enveloped_data::{self, OriginatorIdentifierOrKey};
use const_oid::ObjectIdentifier;
use spki::AlgorithmIdentifierOwned;
use zeroize::Zeroizing;

pub use super::identifier::CertificateIdentifier as RecipientIdentifier;

use super::decryption::DecryptError;
use super::error::CmsError;
use super::size_budget::SizeBudget;
use crate::asn1::ber::{BerReader, Tag};
use crate::asn1::oid;
use crate::crypto::UnsupportedAlgorithm;
use crate::crypto::agreement::KeyAgreement;
use crate::crypto::key::PrivateKey;
use crate::crypto::transport::KeyTransport;
use crate::limits;

/// One recipient. A KeyAgreeRecipientInfo for several recipients is several of these.
#[derive(Clone, Debug)]
pub struct RecipientInfo {
    identifier: Option<RecipientIdentifier>,
    management: KeyManagement,
}

/// How a recipient gets the content-encryption key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecipientKind {
    /// The key is encrypted to the recipient's public key.
    KeyTransport,
    /// The key is wrapped under a key agreed with the recipient's public key.
    KeyAgreement,
    /// The key is wrapped under a symmetric key that the recipient has already.
    KeyEncryptionKey,
    /// The key is wrapped under a key derived from a password.
    Password,
    /// Something of another standard.
    Other,
}

impl RecipientKind {
    /// The word of the report.
    pub fn as_str(self) -> &'static str {
        match self {
            RecipientKind::KeyTransport => "key-transport",
            RecipientKind::KeyAgreement => "key-agreement",
            RecipientKind::KeyEncryptionKey => "key-encryption-key",
            RecipientKind::Password => "password",
            RecipientKind::Other => "other",
        }
    }
}

impl fmt::Display for RecipientKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[derive(Clone, Debug)]
enum KeyManagement {
    Transport {
        algorithm: AlgorithmIdentifierOwned,
        encrypted_key: Vec<u8>,
    },
    Agreement {
        /// Shared by all recipients of one KeyAgreeRecipientInfo.
        terms: Arc<AgreementTerms>,
        encrypted_key: Vec<u8>,
    },
    Unsupported {
        kind: RecipientKind,
        algorithm: ObjectIdentifier,
    },
}

#[derive(Debug)]
struct AgreementTerms {
    /// The originator's public point; `None` when a certificate is named instead.
    originator_point: Option<Vec<u8>>,
    ukm: Option<Vec<u8>>,
    algorithm: AlgorithmIdentifierOwned,
}

impl RecipientInfo {
    /// The certificate or key that the recipient is named by: none, or one.
    pub fn identifiers(&self) -> &[RecipientIdentifier] {
        self.identifier.as_slice()
    }

    /// How the recipient gets the key.
    pub fn kind(&self) -> RecipientKind {
        match &self.management {
            KeyManagement::Transport { .. } => RecipientKind::KeyTransport,
            KeyManagement::Agreement { .. } => RecipientKind::KeyAgreement,
            KeyManagement::Unsupported { kind, .. } => *kind,
        }
    }

    /// The name of the key management algorithm, with its number if it is not supported.
    pub fn algorithm(&self) -> String {
        let supported = match &self.management {
            KeyManagement::Transport { algorithm, .. } => {
                KeyTransport::decode(algorithm).map(|known| known.name().to_owned())
            }
            KeyManagement::Agreement { terms, .. } => terms.agreement().map(|known| known.name()),
            KeyManagement::Unsupported { algorithm, .. } => return oid::describe(algorithm),
        };
        supported.unwrap_or_else(|unsupported| oid::describe(&unsupported.oid))
    }

    /// Whether a private key can open this at all.
    ///
    /// # Errors
    /// What is not supported.
    pub fn check_supported(&self) -> Result<(), UnsupportedAlgorithm> {
        match &self.management {
            KeyManagement::Transport { algorithm, .. } => {
                KeyTransport::decode(algorithm).map(|_| ())
            }
            KeyManagement::Agreement { terms, .. } => {
                terms.agreement()?;
                terms.originator_point().map(|_| ())
            }
            KeyManagement::Unsupported { kind, algorithm } => Err(unsupported(*kind, *algorithm)),
        }
    }

    /// The content-encryption key of `length` octets. If anything is wrong with the encrypted key
    /// it is a random one, so that nothing is told before the content.
    pub(super) fn content_key(
        &self,
        key: &PrivateKey,
        length: usize,
    ) -> Result<Zeroizing<Vec<u8>>, DecryptError> {
        self.check_supported()
            .map_err(DecryptError::KeyManagement)?;
        Ok(match &self.management {
            KeyManagement::Transport {
                algorithm,
                encrypted_key,
            } => {
                let transport =
                    KeyTransport::decode(algorithm).map_err(DecryptError::KeyManagement)?;
                key.decrypt_key_transport(&transport, encrypted_key, length)?
            }
            KeyManagement::Agreement {
                terms,
                encrypted_key,
            } => {
                let agreement = terms.agreement().map_err(DecryptError::KeyManagement)?;
                let point = terms
                    .originator_point()
                    .map_err(DecryptError::KeyManagement)?;
                agreement.unwrap(key, point, terms.ukm.as_deref(), encrypted_key, length)?
            }
            KeyManagement::Unsupported { kind, algorithm } => {
                let error = unsupported(*kind, *algorithm);
                return Err(DecryptError::KeyManagement(error));
            }
        })
    }
}

fn unsupported(kind: RecipientKind, oid: ObjectIdentifier) -> UnsupportedAlgorithm {
    let problem = match kind {
        RecipientKind::KeyEncryptionKey => "a key-encryption key is needed, which is not supported",
        RecipientKind::Password => "a password is needed, which is not supported",
        _ => return UnsupportedAlgorithm::unknown(oid),
    };
    UnsupportedAlgorithm { oid, problem }
}

impl AgreementTerms {
    fn agreement(&self) -> Result<KeyAgreement, UnsupportedAlgorithm> {
        KeyAgreement::decode(&self.algorithm)
    }

    /// Static-static agreement, with the key of a certificate, is not used in mail.
    fn originator_point(&self) -> Result<&[u8], UnsupportedAlgorithm> {
        self.originator_point
            .as_deref()
            .ok_or(UnsupportedAlgorithm {
                oid: self.algorithm.oid,
                problem: "key agreement with the key of a certificate is not supported",
            })
    }
}

/// Reads the RecipientInfos, the next element of `reader`.
pub(super) fn decode_all<R: BufRead>(
    reader: &mut BerReader<R>,
    budget: &mut SizeBudget,
) -> Result<Vec<RecipientInfo>, CmsError> {
    let mut recipients = Vec::new();
    reader.enter(Tag::SET)?;
    while reader.peek()?.is_some() {
        decode(reader, budget, &mut recipients)?;
    }
    reader.leave()?;
    Ok(recipients)
}

fn push(recipients: &mut Vec<RecipientInfo>, recipient: RecipientInfo) -> Result<(), CmsError> {
    if recipients.len() == limits::RECIPIENTS {
        return Err(CmsError::TooMany {
            what: "recipients",
            limit: limits::RECIPIENTS,
        });
    }
    recipients.push(recipient);
    Ok(())
}

fn decode<R: BufRead>(
    reader: &mut BerReader<R>,
    budget: &mut SizeBudget,
    recipients: &mut Vec<RecipientInfo>,
) -> Result<(), CmsError> {
    match reader.peek()? {
        Some(tag) if tag.is(Tag::SEQUENCE) => {
            let recipient = decode_key_transport(reader, budget)?;
            push(recipients, recipient)
        }
        Some(tag) if tag.is(Tag::context(1)) => decode_key_agreement(reader, budget, recipients),
        Some(tag) if (2..=4).any(|number| tag.is(Tag::context(number))) => {
            let recipient = decode_unsupported(reader, budget, tag)?;
            push(recipients, recipient)
        }
        _ => Err(CmsError::Malformed("RecipientInfo")),
    }
}

/// ```text
/// KeyTransRecipientInfo ::= SEQUENCE {
///   version CMSVersion,
///   rid RecipientIdentifier,
///   keyEncryptionAlgorithm KeyEncryptionAlgorithmIdentifier,
///   encryptedKey OCTET STRING }
/// ```
///
/// RFC 5652 section 6.2.1. The version is passed over: what it says, the identifier shows.
fn decode_key_transport<R: BufRead>(
    reader: &mut BerReader<R>,
    budget: &mut SizeBudget,
) -> Result<RecipientInfo, CmsError> {
    reader.enter(Tag::SEQUENCE)?;
    skip_version(reader)?;
    let identifier = if reader.next_is(Tag::context(0))? {
        RecipientIdentifier::KeyIdentifier(read_string(reader, Tag::context(0), budget)?)
    } else {
        decode_issuer_serial(reader, budget)?
    };
    let algorithm = budget.decode(reader)?;
    let encrypted_key = read_string(reader, Tag::OCTET_STRING, budget)?;
    reader.leave()?;
    Ok(RecipientInfo {
        identifier: Some(identifier),
        management: KeyManagement::Transport {
            algorithm,
            encrypted_key,
        },
    })
}

/// ```text
/// KeyAgreeRecipientInfo ::= SEQUENCE {
///   version CMSVersion,
///   originator [0] EXPLICIT OriginatorIdentifierOrKey,
///   ukm [1] EXPLICIT UserKeyingMaterial OPTIONAL,
///   keyEncryptionAlgorithm KeyEncryptionAlgorithmIdentifier,
///   recipientEncryptedKeys SEQUENCE OF RecipientEncryptedKey }
/// RecipientEncryptedKey ::= SEQUENCE {
///   rid CHOICE {
///     issuerAndSerialNumber IssuerAndSerialNumber,
///     rKeyId [0] IMPLICIT RecipientKeyIdentifier },
///   encryptedKey OCTET STRING }
/// ```
///
/// RFC 5652 section 6.2.2.
fn decode_key_agreement<R: BufRead>(
    reader: &mut BerReader<R>,
    budget: &mut SizeBudget,
    recipients: &mut Vec<RecipientInfo>,
) -> Result<(), CmsError> {
    reader.enter(Tag::context(1))?;
    skip_version(reader)?;
    reader.enter(Tag::context(0))?;
    let originator_point = decode_originator(reader, budget)?;
    reader.leave()?;
    let mut ukm = None;
    if reader.next_is(Tag::context(1))? {
        reader.enter(Tag::context(1))?;
        ukm = Some(read_string(reader, Tag::OCTET_STRING, budget)?);
        reader.leave()?;
    }
    let terms = Arc::new(AgreementTerms {
        originator_point,
        ukm,
        algorithm: budget.decode(reader)?,
    });
    reader.enter(Tag::SEQUENCE)?;
    while reader.peek()?.is_some() {
        reader.enter(Tag::SEQUENCE)?;
        let identifier = if reader.next_is(Tag::context(0))? {
            decode_recipient_key_identifier(reader, budget)?
        } else {
            decode_issuer_serial(reader, budget)?
        };
        let encrypted_key = read_string(reader, Tag::OCTET_STRING, budget)?;
        reader.leave()?;
        let recipient = RecipientInfo {
            identifier: Some(identifier),
            management: KeyManagement::Agreement {
                terms: Arc::clone(&terms),
                encrypted_key,
            },
        };
        push(recipients, recipient)?;
    }
    reader.leave()?;
    Ok(reader.leave()?)
}

/// ```text
/// OriginatorIdentifierOrKey ::= CHOICE {
///   issuerAndSerialNumber IssuerAndSerialNumber,
///   subjectKeyIdentifier [0] SubjectKeyIdentifier,
///   originatorKey [1] OriginatorPublicKey }
/// OriginatorPublicKey ::= SEQUENCE {
///   algorithm AlgorithmIdentifier,
///   publicKey BIT STRING }
/// ```
///
/// The algorithm is passed over: its parameters may be absent, NULL or a curve, and the curve can
/// only be that of the recipient (RFC 5753 section 3.1.1).
fn decode_originator<R: BufRead>(
    reader: &mut BerReader<R>,
    budget: &mut SizeBudget,
) -> Result<Option<Vec<u8>>, CmsError> {
    if !reader.next_is(Tag::context(1))? {
        reader.skip()?;
        return Ok(None);
    }
    let OriginatorIdentifierOrKey::OriginatorKey(key) = budget.decode(reader)? else {
        return Ok(None);
    };
    let malformed = CmsError::Malformed("OriginatorPublicKey");
    let point = key.public_key.as_bytes().ok_or(malformed)?;
    Ok(Some(point.to_vec()))
}

/// ```text
/// RecipientKeyIdentifier ::= SEQUENCE {
///   subjectKeyIdentifier SubjectKeyIdentifier,
///   date GeneralizedTime OPTIONAL,
///   other OtherKeyAttribute OPTIONAL }
/// ```
fn decode_recipient_key_identifier<R: BufRead>(
    reader: &mut BerReader<R>,
    budget: &mut SizeBudget,
) -> Result<RecipientIdentifier, CmsError> {
    reader.enter(Tag::context(0))?;
    let identifier = read_string(reader, Tag::OCTET_STRING, budget)?;
    while reader.peek()?.is_some() {
        reader.skip()?;
    }
    reader.leave()?;
    Ok(RecipientIdentifier::KeyIdentifier(identifier))
}

/// ```text
/// KEKRecipientInfo ::= SEQUENCE {
///   version CMSVersion,
///   kekid KEKIdentifier,
///   keyEncryptionAlgorithm KeyEncryptionAlgorithmIdentifier,
///   encryptedKey OCTET STRING }
/// PasswordRecipientInfo ::= SEQUENCE {
///   version CMSVersion,
///   keyDerivationAlgorithm [0] KeyDerivationAlgorithmIdentifier OPTIONAL,
///   keyEncryptionAlgorithm KeyEncryptionAlgorithmIdentifier,
///   encryptedKey OCTET STRING }
/// OtherRecipientInfo ::= SEQUENCE {
///   oriType OBJECT IDENTIFIER,
///   oriValue ANY DEFINED BY oriType }
/// ```
///
/// RFC 5652 sections 6.2.3 to 6.2.5. Only the algorithm is kept, for the report.
fn decode_unsupported<R: BufRead>(
    reader: &mut BerReader<R>,
    budget: &mut SizeBudget,
    tag: Tag,
) -> Result<RecipientInfo, CmsError> {
    let (kind, algorithm) = if tag.is(Tag::context(2)) {
        // KekIdentifier of the `cms` crate takes no OtherKeyAttribute.
        reader.enter(tag)?;
        skip_version(reader)?;
        reader.skip()?;
        let algorithm: AlgorithmIdentifierOwned = budget.decode(reader)?;
        reader.octet_string(Tag::OCTET_STRING)?;
        reader.leave()?;
        (RecipientKind::KeyEncryptionKey, algorithm.oid)
    } else {
        match budget.decode(reader)? {
            enveloped_data::RecipientInfo::Pwri(info) => {
                (RecipientKind::Password, info.key_enc_alg.oid)
            }
            enveloped_data::RecipientInfo::Ori(info) => (RecipientKind::Other, info.ori_type),
            _ => return Err(CmsError::Malformed("RecipientInfo")),
        }
    };
    Ok(RecipientInfo {
        identifier: None,
        management: KeyManagement::Unsupported { kind, algorithm },
    })
}

fn skip_version<R: BufRead>(reader: &mut BerReader<R>) -> Result<(), CmsError> {
    if !reader.next_is(Tag::INTEGER)? {
        return Err(CmsError::Malformed("version"));
    }
    Ok(reader.skip()?)
}

fn decode_issuer_serial<R: BufRead>(
    reader: &mut BerReader<R>,
    budget: &mut SizeBudget,
) -> Result<RecipientIdentifier, CmsError> {
    let element = budget.read_element(reader)?;
    RecipientIdentifier::decode_issuer_serial(&element.der)
        .ok_or(CmsError::Malformed("IssuerAndSerialNumber"))
}

fn read_string<R: BufRead>(
    reader: &mut BerReader<R>,
    tag: Tag,
    budget: &mut SizeBudget,
) -> Result<Vec<u8>, CmsError> {
    let content = reader.octet_string(tag)?.read_all(limits::BER_ELEMENT)?;
    budget.spend(content.len())?;
    Ok(content)
}
