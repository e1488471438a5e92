//! Reads a PKCS #12 file, in DER or BER: which passphrase form fits, and whether the file is whole.

use der::Reader as _;
use der::asn1::{OctetStringRef, UintRef};
use pkcs12::MacData;
use zeroize::Zeroizing;

use super::mac::Integrity;
use super::safe::{SafeReader, content_info, sequence};
use super::{Contents, Outline, Pkcs12Error};
use crate::asn1::{ber, oid, pem};
use crate::crypto::UnsupportedAlgorithm;
use crate::crypto::password::Password;
use crate::limits;

/// The label of a file in PEM: so GnuTLS writes it unless told otherwise.
pub const PEM_LABEL: &str = "PKCS12";

/// Iterations that one file may cost, all its parts and all attempts together.
pub(super) struct Budget(pub(super) u64);

impl Budget {
    pub(super) fn spend(&mut self, iterations: u64) -> Result<(), Pkcs12Error> {
        match self.0.checked_sub(iterations) {
            Some(rest) => self.0 = rest,
            None => {
                let what = "too many iterations in all its parts together".to_owned();
                return Err(Pkcs12Error::TooExpensive(what));
            }
        }
        Ok(())
    }
}

/// Reads a PKCS #12 file, in DER, in BER, or one of them in PEM.
///
/// Every form in which programs have used a passphrase is tried: an empty one as an absent one
/// too, one with other than ASCII characters in the character sets of older programs. An entry
/// that cannot be used is listed as unreadable; bags of other kinds (secrets, CRLs) are passed
/// over.
///
/// # Errors
/// The passphrase is wrong, the file is damaged, or it uses something that is not known here.
pub fn decode(octets: &[u8], passphrase: &str) -> Result<Contents, Pkcs12Error> {
    decode_within(
        octets,
        passphrase,
        limits::PKCS12_ITERATIONS,
        Mismatch::Explained,
    )
}

/// Reads a PKCS #12 file that opens without a passphrase, or with an empty one; `None` where it takes
/// one. What is altered counts as that: only the passphrase can show the difference.
///
/// # Errors
/// The file is damaged, or uses something that is not known here.
pub fn decode_if_open(octets: &[u8]) -> Result<Option<Contents>, Pkcs12Error> {
    match decode_within(octets, "", limits::PKCS12_ITERATIONS, Mismatch::Believed) {
        Err(Pkcs12Error::WrongPassphrase) => Ok(None),
        read => read.map(Some),
    }
}

/// What to make of an integrity code that no form of the passphrase fits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mismatch {
    /// Find out, by decrypting, whether passphrase or file is to blame.
    Explained,
    /// The passphrase is wrong, which saves that work.
    Believed,
}

pub(super) fn decode_within(
    octets: &[u8],
    passphrase: &str,
    iterations: u64,
    mismatch: Mismatch,
) -> Result<Contents, Pkcs12Error> {
    let file = whole_file(octets)?;
    let (safes, data) = decode_pfx(&file)?;
    let integrity = data.map(Integrity::decode).transpose()?;
    let mut budget = Budget(iterations);
    let mut forms: Vec<(bool, Password)> = Vec::new();
    for form in Password::forms(passphrase) {
        let matches = match &integrity {
            Some(integrity) => {
                let same =
                    |(_, tried): &&(bool, Password)| integrity.sees_no_difference(tried, &form);
                match forms.iter().find(same) {
                    Some((matches, _)) => *matches,
                    None => {
                        budget.spend(integrity.cost())?;
                        integrity.verify(&form, safes)?
                    }
                }
            }
            None => false,
        };
        forms.push((matches, form));
    }
    // All forms stay candidates: a file may use one for integrity and another for secrecy.
    forms.sort_by_key(|(matches, _)| !matches);
    let matches = integrity
        .as_ref()
        .map(|_| forms.iter().any(|(matches, _)| *matches));
    if (matches, mismatch) == (Some(false), Mismatch::Believed) {
        return Err(Pkcs12Error::WrongPassphrase);
    }
    let opened = open(safes, forms.iter().map(|(_, form)| form), &mut budget);
    match (opened, matches) {
        ((Ok(mut contents), _), None | Some(true)) => {
            contents.outline.integrity = integrity.as_ref().map(Integrity::protection);
            Ok(contents)
        }
        // A part decrypts, so the passphrase is right and the content was altered.
        ((_, Decrypted::Some), Some(false)) => Err(Pkcs12Error::MacInvalid),
        ((Ok(_), Decrypted::None), Some(false)) => Err(Pkcs12Error::WrongPassphrase),
        ((Err(Pkcs12Error::WrongPassphrase), Decrypted::Some), None) => {
            let what = "the passphrase decrypts only a part of it";
            Err(Pkcs12Error::EncodingInvalid(what.to_owned()))
        }
        ((Err(Pkcs12Error::WrongPassphrase), _), Some(true)) => {
            let what = "the passphrase fits the integrity code and does not decrypt the content";
            Err(Pkcs12Error::EncodingInvalid(what.to_owned()))
        }
        ((Err(error), _), _) => Err(error),
    }
}

/// How a file is built, as far as it shows without the passphrase.
///
/// # Errors
/// The file is damaged.
pub fn outline(octets: &[u8]) -> Result<Outline, Pkcs12Error> {
    let file = whole_file(octets)?;
    let (safes, data) = decode_pfx(&file)?;
    let mut budget = Budget(0);
    let mut reader = SafeReader::new(None, &mut budget);
    reader.read_authenticated_safe(safes)?;
    Ok(Outline {
        integrity: data.map(Integrity::describe),
        ..reader.contents.outline
    })
}

/// The file in DER.
fn whole_file(octets: &[u8]) -> Result<Zeroizing<Vec<u8>>, Pkcs12Error> {
    if octets.len() > limits::OBJECT_SIZE {
        let limit = limits::OBJECT_SIZE;
        let what = format!("it is larger than {limit} octets");
        return Err(Pkcs12Error::EncodingInvalid(what));
    }
    let unframed = pem::is_pem(octets)
        .then(|| only_frame(octets))
        .transpose()?;
    let octets = unframed.as_ref().map_or(octets, |der| der.as_slice());
    Ok(Zeroizing::new(ber::to_der(octets)?))
}

/// The content of a PEM frame that is all there is.
fn only_frame(octets: &[u8]) -> Result<Zeroizing<Vec<u8>>, Pkcs12Error> {
    let frames = pem::decode_all(octets);
    let frames = frames.map_err(|error| Pkcs12Error::EncodingInvalid(error.to_string()))?;
    match <[_; 1]>::try_from(frames) {
        Ok([frame]) if frame.label == PEM_LABEL => Ok(frame.der),
        _ => {
            let what = "it has other frames of PEM in it".to_owned();
            Err(Pkcs12Error::EncodingInvalid(what))
        }
    }
}

/// Whether any part was decrypted: nothing but the right passphrase makes a whole SEQUENCE.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Decrypted {
    None,
    Some,
}

/// Reads the safes with the first form of the passphrase that decrypts them.
fn open<'a>(
    safes: &[u8],
    forms: impl Iterator<Item = &'a Password>,
    budget: &mut Budget,
) -> (Result<Contents, Pkcs12Error>, Decrypted) {
    let mut decrypted = Decrypted::None;
    for form in forms {
        let mut reader = SafeReader::new(Some(form), budget);
        let result = reader.read_authenticated_safe(safes);
        if reader.decrypted_parts > 0 {
            decrypted = Decrypted::Some;
        }
        match result {
            Err(Pkcs12Error::WrongPassphrase) => {}
            Err(error) => return (Err(error), decrypted),
            Ok(()) => return (Ok(reader.contents), decrypted),
        }
    }
    (Err(Pkcs12Error::WrongPassphrase), decrypted)
}

/// ```text
/// PFX ::= SEQUENCE {
///     version  INTEGER {v3(3)}(v3,...),
///     authSafe ContentInfo,
///     macData  MacData OPTIONAL }
/// ```
///
/// RFC 7292 section 4. Gives the content of authSafe, which the integrity code is over.
fn decode_pfx(file: &[u8]) -> Result<(&[u8], Option<MacData>), Pkcs12Error> {
    let mut pfx = sequence(file, "PFX")?;
    let version: UintRef<'_> = pfx.decode()?;
    if version.as_bytes() != [3] {
        let what = "it is not of version 3".to_owned();
        return Err(Pkcs12Error::EncodingInvalid(what));
    }
    let (content_type, content) = content_info(pfx.decode()?)?;
    if content_type != oid::DATA {
        // Signed with a public key (RFC 7292 section 3.1), which nothing writes.
        let algorithm = UnsupportedAlgorithm::unknown(content_type);
        return Err(Pkcs12Error::CipherUnsupported(algorithm));
    }
    let safes = content.decode_as::<&OctetStringRef>()?.as_bytes();
    let integrity = match pfx.is_finished() {
        true => None,
        false => {
            let malformed = |_: der::Error| Pkcs12Error::malformed("MacData");
            Some(pfx.decode().map_err(malformed)?)
        }
    };
    Ok((safes, integrity))
}
