//! What a certificate to be issued should say.

use const_oid::ObjectIdentifier;
use der::flagset::FlagSet;

use crate::address::Address;
use crate::asn1::oid;
use crate::crypto::UnsupportedAlgorithm;
use crate::crypto::key::{KeyError, KeyKind, PublicKey};
use crate::pki::certificate::Certificate;
use crate::pki::extension::{KeyUsage, KeyUsages};
use crate::time::Time;

/// The longest common name, RFC 5280 appendix A.1.
pub(super) const COMMON_NAME_LENGTH: usize = 64;

/// The parts of a subject name that this program writes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SubjectName {
    /// Two letters.
    pub country: Option<String>,
    /// The city or the like.
    pub locality: Option<String>,
    /// The organization.
    pub organization: Option<String>,
    /// The name itself.
    pub common_name: Option<String>,
}

impl SubjectName {
    /// Whether it has no part.
    pub fn is_empty(&self) -> bool {
        *self == SubjectName::default()
    }
}

/// What a key is to be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Usage {
    /// Signing only.
    Sign,
    /// Being encrypted to only.
    Encrypt,
    /// Both.
    Both,
}

impl Usage {
    /// Everything that a key of that kind can be used for.
    pub fn all_of(kind: KeyKind) -> Usage {
        match (kind.can_sign(), kind.can_be_encrypted_to()) {
            (true, false) => Usage::Sign,
            (false, true) => Usage::Encrypt,
            _ => Usage::Both,
        }
    }
}

/// The certificate of a CA.
#[derive(Clone, Debug)]
pub struct CaProfile {
    /// The subject, which must not be empty.
    pub name: SubjectName,
    /// Where its operator can be reached.
    pub email: Option<Address>,
    /// How many intermediate CAs may stand below it; `Some(0)` for one that issues leaves only.
    pub path_length: Option<u8>,
    /// How long it is valid.
    pub days: u32,
}

/// The certificate of a person or system.
#[derive(Clone, Debug)]
pub struct LeafProfile {
    /// The subject; without a common name the first address takes its place, if it is short enough.
    pub name: SubjectName,
    /// The addresses, at least one.
    pub addresses: Vec<Address>,
    /// What the key is for.
    pub usage: Usage,
    /// How long it is valid, at most as long as the CA.
    pub days: u32,
    /// The public key.
    pub key: PublicKey,
    /// Where the CA's CRL is published.
    pub crl_url: Option<String>,
    /// The certificate policies under which it is issued; none says nothing about them.
    pub policies: Vec<ObjectIdentifier>,
}

/// The longest validity of a leaf, S/MIME Baseline Requirements section 6.3.2.
pub const LEAF_DAYS: u32 = 825;

impl LeafProfile {
    /// The profile of a certificate that takes the place of `certificate`, with the same name,
    /// addresses and usage.
    pub fn renewing(certificate: &Certificate, key: PublicKey, days: u32) -> LeafProfile {
        let text = |kind| certificate.subject().texts(kind).last().map(str::to_owned);
        let usages = certificate.key_usage();
        let allows = |any: fn(KeyUsage) -> bool| usages.is_none_or(any);
        let signs = allows(|any| any.digital_signature() || any.non_repudiation());
        let encrypts = allows(|any| any.key_encipherment() || any.key_agreement());
        LeafProfile {
            name: SubjectName {
                country: text(oid::COUNTRY_NAME),
                locality: text(oid::LOCALITY_NAME),
                organization: text(oid::ORGANIZATION_NAME),
                common_name: text(oid::COMMON_NAME),
            },
            addresses: certificate.addresses(),
            usage: match (signs, encrypts) {
                (true, false) => Usage::Sign,
                (false, true) => Usage::Encrypt,
                _ => Usage::Both,
            },
            days,
            key,
            crl_url: None,
            policies: Vec::new(),
        }
    }

    pub(super) fn subject(&self) -> SubjectName {
        let mut name = self.name.clone();
        if name.common_name.is_none() {
            name.common_name = self
                .addresses
                .first()
                .map(|address| address.as_str().to_owned())
                .filter(|text| text.chars().count() <= COMMON_NAME_LENGTH);
        }
        name
    }

    /// The keyUsage of RFC 8550 section 4.4.2 for the kind of key.
    pub(super) fn key_usage(&self) -> Result<KeyUsage, IssueError> {
        use KeyUsages::{DigitalSignature, KeyAgreement, KeyEncipherment};
        let kind = self.key.kind();
        let encrypts = match kind {
            KeyKind::Rsa { .. } => Some(KeyEncipherment),
            KeyKind::Ec(_) | KeyKind::X25519 => Some(KeyAgreement),
            _ => None,
        };
        let signs = match kind {
            KeyKind::Rsa { .. } | KeyKind::RsaPss { .. } | KeyKind::Ec(_) | KeyKind::Ed25519 => {
                Some(DigitalSignature)
            }
            _ => None,
        };
        let usages = match self.usage {
            Usage::Sign => signs.map(FlagSet::from),
            Usage::Encrypt => encrypts.map(FlagSet::from),
            Usage::Both => signs.zip(encrypts).map(|(sign, encrypt)| sign | encrypt),
        };
        usages.map(KeyUsage).ok_or(IssueError::KeyUnsuitable {
            key: kind.to_string(),
            usage: self.usage,
        })
    }
}

/// Why a certificate cannot be issued.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IssueError {
    /// The profile has no address.
    #[error("a certificate for mail needs an address")]
    AddressMissing,
    /// The profile of a CA has no name.
    #[error("a CA needs a name")]
    NameMissing,
    /// A part of the name cannot be written.
    #[error("the {part} `{text}` {why}")]
    NameInvalid {
        /// Which part.
        part: &'static str,
        /// What was given.
        text: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The address of the CRL cannot be written.
    #[error("`{url}` is not a URL in ASCII")]
    UrlInvalid {
        /// What was given.
        url: String,
    },
    /// The certificate would be valid at no time.
    #[error("the certificate would be valid at no time")]
    ValidityEmpty,
    /// The serial number is negative.
    #[error("a serial number must be positive")]
    SerialNegative,
    /// The issuing certificate is not a CA's, or must not sign certificates.
    #[error("the issuing certificate is not allowed to issue certificates")]
    AuthorityNotCa,
    /// The issuing certificate must not sign CRLs.
    #[error("the certificate of the CA does not allow it to sign CRLs")]
    AuthorityNotCrlSigner,
    /// The private key is not that of the issuing certificate.
    #[error("the private key does not belong to the certificate of the CA")]
    AuthorityKeyMismatch,
    /// The issuing certificate has expired or is not valid yet.
    #[error("the certificate of the CA is valid from {from} until {until} only")]
    AuthorityNotValid {
        /// Start of its validity.
        from: Time,
        /// End of its validity.
        until: Time,
    },
    /// The key cannot be used for that.
    #[error("a key of type {key} cannot be used to {}", match usage {
        Usage::Sign => "sign",
        Usage::Encrypt => "be encrypted to",
        Usage::Both => "sign and be encrypted to",
    })]
    KeyUnsuitable {
        /// The key.
        key: String,
        /// What it should be used for.
        usage: Usage,
    },
    /// A key cannot be read, or does not sign.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The signature algorithm has no identifier.
    #[error(transparent)]
    Algorithm(#[from] UnsupportedAlgorithm),
    /// The structure cannot be written; a bug.
    #[error("the certificate cannot be encoded")]
    Encoding,
}

impl From<der::Error> for IssueError {
    fn from(_: der::Error) -> IssueError {
        IssueError::Encoding
    }
}
