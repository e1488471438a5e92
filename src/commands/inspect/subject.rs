//! What kind of thing the input is.

use zeroize::Zeroizing;

use crate::asn1::pem;
use crate::error::CommandError;
use crate::limits;
use crate::mail;
use crate::pki::certificate_file::FileKind;
use crate::source::Source;

use super::policy::is_policy;

/// What is inspected.
pub(super) enum Subject {
    /// A message or MIME entity.
    Message(Source),
    /// A bare CMS object, without PEM around it.
    Object(Source),
    /// A policy file.
    Policy(Zeroizing<Vec<u8>>),
    /// Certificates, requests or keys.
    File(Zeroizing<Vec<u8>>),
}

/// Octets that tell binary kinds apart.
const START: usize = 4 << 10;

/// Octets in which the usual header fields are found.
const HEADER: u64 = 1 << 20;

/// Header fields of which no mail lacks all.
const MAIL_FIELDS: &[&str] = &[
    "From",
    "To",
    "Subject",
    "Date",
    "Received",
    "MIME-Version",
    "Content-Type",
    "Message-ID",
];

impl Subject {
    /// Looks at the input called `name`.
    ///
    /// # Errors
    /// It cannot be read (74), or a file is too large to be one (65).
    pub(super) fn of(source: &Source, name: &str) -> Result<Subject, CommandError> {
        let failed = |error| CommandError::io(format!("cannot read {name}"), error);
        let start = source.slice(0..START as u64).read_all(START);
        let start = start.map_err(failed)?.unwrap_or_default();
        if start.first() == Some(&0x30) {
            match FileKind::of(&start) {
                FileKind::Pkcs7 => return Ok(Subject::Object(source.clone())),
                FileKind::Unknown | FileKind::Pem => {}
                _ => return file(source, name),
            }
            // No text has such an octet in second place.
            if start.get(1).is_some_and(|octet| *octet >= 0x80) {
                return file(source, name);
            }
        }
        let is_mail = is_mail(source);
        if start.first() == Some(&0x30) && !is_mail {
            return file(source, name);
        }
        let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&start);
        let is_frame = text.trim_ascii_start().starts_with(b"-----BEGIN ");
        let is_small = source.len() <= limits::OBJECT_SIZE as u64;
        if is_frame || (is_small && !is_mail) {
            // Programs write prose around frames, some of it in the form of header fields.
            let octets = file_octets(source, name)?;
            if pem::is_pem(&octets) {
                return Ok(from_pem(octets));
            }
            if is_policy(&octets) {
                return Ok(Subject::Policy(octets));
            }
        }
        Ok(Subject::Message(source.clone()))
    }
}

fn is_mail(source: &Source) -> bool {
    // The header is enough, and the rest can be long.
    let scan = mail::scan(&source.slice(0..HEADER));
    scan.is_ok_and(|scan| {
        let header = &scan.root.header;
        MAIL_FIELDS.iter().any(|name| header.first(name).is_some())
    })
}

/// A file that is only a CMS object is looked at as one, everything else item by item.
fn from_pem(octets: Zeroizing<Vec<u8>>) -> Subject {
    let frames = pem::decode_all(&octets).unwrap_or_default();
    match frames.as_slice() {
        [frame]
            if matches!(
                frame.label.as_str(),
                "CMS" | "PKCS7" | "PKCS #7 SIGNED DATA"
            ) =>
        {
            Subject::Object(Source::from_bytes(frame.der.to_vec()))
        }
        _ => Subject::File(octets),
    }
}

fn file(source: &Source, name: &str) -> Result<Subject, CommandError> {
    file_octets(source, name).map(Subject::File)
}

fn file_octets(source: &Source, name: &str) -> Result<Zeroizing<Vec<u8>>, CommandError> {
    let octets = source
        .read_all(limits::OBJECT_SIZE)
        .map_err(|error| CommandError::io(format!("cannot read {name}"), error))?;
    octets.map(Zeroizing::new).ok_or_else(|| {
        let limit = limits::OBJECT_SIZE >> 20;
        CommandError::data(format!("cannot read {name}: it is larger than {limit} MiB"))
    })
}
