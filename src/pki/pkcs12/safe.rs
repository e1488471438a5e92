//! Reads the safes of a PKCS #12 file and the bags in them: RFC 7292 sections 4.1 and 4.2.

use const_oid::ObjectIdentifier;
use der::asn1::{AnyRef, OctetStringRef};
use der::{Decode, Encode, Reader as _, SliceReader, Tag, TagNumber, Tagged};
use pkcs12::CertBag;
use pkcs12::pbe_params::EncryptedPrivateKeyInfo;
use spki::AlgorithmIdentifierOwned;
use zeroize::Zeroizing;

use super::read::Budget;
use super::{
    Bag, BagKind, CertificateEntry, Contents, KeyEntry, Labels, Pkcs12Error, Safe, Unreadable,
};
use crate::asn1::{ber, oid};
use crate::crypto::UnsupportedAlgorithm;
use crate::crypto::key::PrivateKey;
use crate::crypto::password::{Password, PasswordScheme, Protection, protection_of};
use crate::limits;
use crate::pki::certificate::Certificate;

/// Steps into a SEQUENCE that is all there is.
pub(super) fn sequence<'a>(
    der: &'a [u8],
    what: &'static str,
) -> Result<SliceReader<'a>, Pkcs12Error> {
    AnyRef::from_der(der)
        .and_then(|any| inside(any, Tag::Sequence))
        .map_err(|_| Pkcs12Error::malformed(what))
}

fn inside<'a>(any: AnyRef<'a>, tag: Tag) -> der::Result<SliceReader<'a>> {
    any.tag().assert_eq(tag)?;
    SliceReader::new(any.value())
}

/// Reads a ContentInfo: SEQUENCE { contentType OBJECT IDENTIFIER, content [0] EXPLICIT ANY }. Like
/// the bags it is read where it stands: the types of `cms` and `pkcs12` would copy keys.
pub(super) fn content_info(
    info: AnyRef<'_>,
) -> Result<(ObjectIdentifier, AnyRef<'_>), Pkcs12Error> {
    let malformed = |_: der::Error| Pkcs12Error::malformed("ContentInfo");
    let mut info = inside(info, Tag::Sequence).map_err(malformed)?;
    let content_type = info.decode().map_err(malformed)?;
    let content = explicit_zero(&mut info).map_err(malformed)?;
    Ok((content_type, content))
}

fn explicit_zero<'a>(reader: &mut SliceReader<'a>) -> der::Result<AnyRef<'a>> {
    const ZERO: Tag = Tag::ContextSpecific {
        constructed: true,
        number: TagNumber(0),
    };
    let any: AnyRef<'a> = reader.decode()?;
    any.tag().assert_eq(ZERO)?;
    AnyRef::from_der(any.value())
}

/// Collects what the safes hold, under one form of the passphrase; without one, what is not encrypted.
pub(super) struct SafeReader<'a> {
    password: Option<&'a Password>,
    budget: &'a mut Budget,
    /// What was found so far.
    pub(super) contents: Contents,
    /// How many safes and keys were decrypted so far.
    pub(super) decrypted_parts: usize,
}

impl<'a> SafeReader<'a> {
    pub(super) fn new(password: Option<&'a Password>, budget: &'a mut Budget) -> SafeReader<'a> {
        SafeReader {
            password,
            budget,
            contents: Contents::default(),
            decrypted_parts: 0,
        }
    }

    /// Reads an AuthenticatedSafe: SEQUENCE OF ContentInfo.
    pub(super) fn read_authenticated_safe(&mut self, safes: &[u8]) -> Result<(), Pkcs12Error> {
        let safes = ber::to_der(safes)?;
        let mut safes = sequence(&safes, "AuthenticatedSafe")?;
        while !safes.is_finished() {
            let (content_type, content) = content_info(safes.decode()?)?;
            match content_type {
                oid::DATA => {
                    self.begin_safe(None);
                    let safe = content.decode_as::<&OctetStringRef>()?.as_bytes();
                    self.read_safe_contents(&Zeroizing::new(ber::to_der(safe)?), 0)?;
                }
                oid::ENCRYPTED_DATA => {
                    let (algorithm, encrypted) = encrypted_data(content)?;
                    self.begin_safe(Some(Protection::of(&algorithm)));
                    if let Some(safe) = self.decrypt(&algorithm, &encrypted)? {
                        self.read_safe_contents(&safe, 0)?;
                    }
                }
                // Encrypted to a public key, which nothing writes.
                other => {
                    let algorithm = UnsupportedAlgorithm::unknown(other);
                    self.begin_safe(Some(Protection::unusable(&other, &algorithm)));
                    if self.password.is_some() {
                        return Err(Pkcs12Error::CipherUnsupported(algorithm));
                    }
                }
            }
        }
        Ok(())
    }

    fn begin_safe(&mut self, encryption: Option<Protection>) {
        self.contents.outline.safes.push(Safe {
            encryption,
            bags: None,
        });
    }

    /// The bags of the safe that is read.
    fn bags(&mut self) -> Option<&mut Vec<Bag>> {
        let safe = self.contents.outline.safes.last_mut()?;
        Some(safe.bags.get_or_insert_default())
    }

    /// Decrypts a SEQUENCE; `None` without a passphrase. Wrong keys happen on valid padding; what is
    /// then no SEQUENCE from end to end counts as not decrypted.
    fn decrypt(
        &mut self,
        algorithm: &AlgorithmIdentifierOwned,
        encrypted: &[u8],
    ) -> Result<Option<Zeroizing<Vec<u8>>>, Pkcs12Error> {
        let Some(password) = self.password else {
            return Ok(None);
        };
        let scheme = PasswordScheme::decode(algorithm)?;
        self.budget.spend(scheme.cost())?;
        let plain = scheme.decrypt(password, encrypted)?;
        let plain = match ber::to_der(&plain) {
            Ok(der) => Zeroizing::new(der),
            Err(_) => return Err(Pkcs12Error::WrongPassphrase),
        };
        sequence(&plain, "").map_err(|_| Pkcs12Error::WrongPassphrase)?;
        self.decrypted_parts += 1;
        Ok(Some(plain))
    }

    /// Reads SafeContents: SEQUENCE OF SafeBag.
    fn read_safe_contents(&mut self, safe: &[u8], depth: usize) -> Result<(), Pkcs12Error> {
        if depth >= limits::PKCS12_DEPTH {
            let what = "safes are nested too deeply".to_owned();
            return Err(Pkcs12Error::EncodingInvalid(what));
        }
        self.bags();
        let mut bags = sequence(safe, "SafeContents")?;
        while !bags.is_finished() {
            self.read_bag(bags.decode()?, depth)?;
        }
        Ok(())
    }

    /// ```text
    /// SafeBag ::= SEQUENCE {
    ///     bagId         BAG-TYPE.&id ({PKCS12BagSet}),
    ///     bagValue      [0] EXPLICIT BAG-TYPE.&Type({PKCS12BagSet}{@bagId}),
    ///     bagAttributes SET OF PKCS12Attribute OPTIONAL }
    /// ```
    fn read_bag(&mut self, bag: AnyRef<'_>, depth: usize) -> Result<(), Pkcs12Error> {
        let malformed = |_: der::Error| Pkcs12Error::malformed("SafeBag");
        let mut bag = inside(bag, Tag::Sequence).map_err(malformed)?;
        let kind: ObjectIdentifier = bag.decode().map_err(malformed)?;
        let value = explicit_zero(&mut bag).map_err(malformed)?;
        let labels = match bag.is_finished() {
            true => Labels::default(),
            false => read_labels(bag.decode().map_err(malformed)?).map_err(malformed)?,
        };
        let value = Zeroizing::new(value.to_der().map_err(malformed)?);
        let told = Bag {
            kind: BagKind(kind),
            encryption: match kind {
                oid::SHROUDED_KEY_BAG => protection_of(&value),
                _ => None,
            },
            friendly_name: labels.friendly_name.clone(),
        };
        if let Some(bags) = self.bags() {
            bags.push(told);
        }
        match kind {
            oid::CERT_BAG => self.read_certificate(&value, labels)?,
            oid::KEY_BAG => self.read_key(&value, labels),
            oid::SHROUDED_KEY_BAG => {
                let info = EncryptedPrivateKeyInfo::from_der(&value)
                    .map_err(|_| Pkcs12Error::malformed("EncryptedPrivateKeyInfo"))?;
                let encrypted = info.encrypted_data.as_bytes();
                if let Some(key) = self.decrypt(&info.encryption_algorithm, encrypted)? {
                    self.read_key(&key, labels);
                }
            }
            oid::SAFE_CONTENTS_BAG => self.read_safe_contents(&value, depth + 1)?,
            // Secrets, CRLs, and what is not known.
            _ => {}
        }
        Ok(())
    }

    fn read_key(&mut self, der: &[u8], labels: Labels) {
        let contents = &mut self.contents;
        match PrivateKey::decode(der) {
            Ok(key) => contents.keys.push(KeyEntry { key, labels }),
            Err(error) => contents.unreadable.push(Unreadable::Key(error)),
        }
    }

    fn read_certificate(&mut self, bag: &[u8], labels: Labels) -> Result<(), Pkcs12Error> {
        let bag = CertBag::from_der(bag).map_err(|_| Pkcs12Error::malformed("CertBag"))?;
        if bag.cert_id != pkcs12::PKCS_12_X509_CERT_OID {
            return Ok(());
        }
        let contents = &mut self.contents;
        match Certificate::decode(bag.cert_value.as_bytes()) {
            Ok(certificate) => contents.certificates.push(CertificateEntry {
                certificate,
                labels,
            }),
            Err(error) => contents.unreadable.push(Unreadable::Certificate(error)),
        }
        Ok(())
    }
}

/// Reads an EncryptedData (RFC 5652 section 8) down to its algorithm and ciphertext. NSS writes it
/// in pieces, which the type of `cms` does not take.
fn encrypted_data(data: AnyRef<'_>) -> Result<(AlgorithmIdentifierOwned, Vec<u8>), Pkcs12Error> {
    let malformed = |_: der::Error| Pkcs12Error::malformed("EncryptedData");
    let mut data = inside(data, Tag::Sequence).map_err(malformed)?;
    data.decode::<AnyRef<'_>>().map_err(malformed)?; // version
    let info: AnyRef<'_> = data.decode().map_err(malformed)?;
    let mut info = inside(info, Tag::Sequence).map_err(malformed)?;
    info.decode::<ObjectIdentifier>().map_err(malformed)?;
    let algorithm = info.decode().map_err(malformed)?;
    let content: AnyRef<'_> = info.decode().map_err(malformed)?;
    let encrypted = match content.tag() {
        Tag::ContextSpecific {
            constructed: false,
            number: TagNumber(0),
        } => content.value().to_vec(),
        Tag::ContextSpecific {
            constructed: true,
            number: TagNumber(0),
        } => {
            let mut pieces = SliceReader::new(content.value()).map_err(malformed)?;
            let mut whole = Vec::with_capacity(content.value().len());
            while !pieces.is_finished() {
                let piece: &OctetStringRef = pieces.decode().map_err(malformed)?;
                whole.extend_from_slice(piece.as_bytes());
            }
            whole
        }
        _ => return Err(Pkcs12Error::malformed("EncryptedData")),
    };
    Ok((algorithm, encrypted))
}

/// Reads the attributes of a bag. Those that are not labels, or are odd, are passed over.
fn read_labels(attributes: AnyRef<'_>) -> der::Result<Labels> {
    let mut labels = Labels::default();
    let mut attributes = inside(attributes, Tag::Set)?;
    while !attributes.is_finished() {
        let mut attribute = inside(attributes.decode()?, Tag::Sequence)?;
        // Identifiers of other attributes may be longer than the type holds.
        let kind: AnyRef<'_> = attribute.decode()?;
        let mut values = inside(attribute.decode()?, Tag::Set)?;
        let (Ok(kind), false) = (kind.decode_as(), values.is_finished()) else {
            continue;
        };
        let value: AnyRef<'_> = values.decode()?;
        match (kind, value.tag()) {
            (oid::FRIENDLY_NAME, Tag::BmpString) => {
                let units = value.value().chunks(2).map(|unit| match unit {
                    [high, low] => u16::from_be_bytes([*high, *low]),
                    _ => 0xfffd, // half a character
                });
                let name = char::decode_utf16(units)
                    .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
                    .collect();
                labels.friendly_name = Some(name);
            }
            (oid::LOCAL_KEY_ID, Tag::OctetString) => {
                labels.local_key_id = Some(value.value().to_vec());
            }
            _ => {}
        }
    }
    Ok(labels)
}
