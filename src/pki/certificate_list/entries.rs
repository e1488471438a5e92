//! The entries of a CRL, RFC 5280 section 5.3, read where they stand.

use super::{CertificateError, Fields, Name, SerialNumber, limits, oid, tag, validity};
use crate::pki::extension::boolean;
use crate::pki::fields::Field;
use crate::pki::general_name::GeneralName;
use crate::pki::revocation_reason::RevocationReason;
use crate::time::Time;

const WHAT: &str = "an entry of the certificate list";

/// What a CRL says of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RevokedCertificate {
    /// When it was revoked.
    pub date: Time,
    /// Why.
    pub reason: RevocationReason,
    /// Since when its key is suspected, if that is told.
    pub invalidity_date: Option<Time>,
}

/// One entry.
///
/// ```text
/// SEQUENCE { userCertificate CertificateSerialNumber, revocationDate Time,
///     crlEntryExtensions Extensions OPTIONAL }
/// ```
struct Entry<'a> {
    serial: &'a [u8],
    date: Field<'a>,
    extensions: Option<Field<'a>>,
}

impl<'a> Entry<'a> {
    fn next(list: &mut Fields<'a>) -> Result<Option<Entry<'a>>, CertificateError> {
        let Some(item) = list.optional(tag::SEQUENCE)? else {
            return Ok(None);
        };
        let malformed = CertificateError::Encoding { what: WHAT };
        let mut fields = Fields::new(item.value, WHAT);
        let serial = fields.require(tag::INTEGER)?.value;
        let date = fields.next()?.ok_or(malformed)?;
        let extensions = fields.optional(tag::SEQUENCE)?;
        fields.finish()?;
        Ok(Some(Entry {
            serial,
            date,
            extensions,
        }))
    }

    /// Calls `visit` with identifier, criticality and value of each extension.
    fn visit_extensions(
        &self,
        mut visit: impl FnMut(&'a [u8], bool, &'a [u8]),
    ) -> Result<(), CertificateError> {
        let Some(extensions) = self.extensions else {
            return Ok(());
        };
        let mut list = Fields::new(extensions.value, WHAT);
        while let Some(item) = list.optional(tag::SEQUENCE)? {
            let mut fields = Fields::new(item.value, WHAT);
            let id = fields.require(tag::OBJECT_IDENTIFIER)?.value;
            let critical = match fields.optional(tag::BOOLEAN)? {
                Some(field) => {
                    boolean(field.value).ok_or(CertificateError::Encoding { what: WHAT })?
                }
                None => false,
            };
            let value = fields.require(tag::OCTET_STRING)?.value;
            fields.finish()?;
            visit(id, critical, value);
        }
        list.finish()
    }
}

/// Reads every entry once: how many there are, and whether each critical extension is known.
pub(super) fn inspect(revoked: &[u8]) -> Result<(usize, bool), CertificateError> {
    let mut list = Fields::new(revoked, WHAT);
    let (mut count, mut understood) = (0, true);
    while let Some(entry) = Entry::next(&mut list)? {
        count += 1;
        if count > limits::CRL_ENTRIES {
            return Err(CertificateError::TooMany {
                what: "entries in the certificate list",
                limit: limits::CRL_ENTRIES,
            });
        }
        if validity::time(entry.date).is_none() {
            return Err(CertificateError::Encoding { what: WHAT });
        }
        entry.visit_extensions(|id, critical, _| {
            let known = [
                oid::CRL_REASON,
                oid::INVALIDITY_DATE,
                oid::CERTIFICATE_ISSUER,
                oid::HOLD_INSTRUCTION_CODE,
            ];
            understood &= !critical || known.iter().any(|known| known.as_bytes() == id);
        })?;
    }
    list.finish()?;
    Ok((count, understood))
}

/// Finds the entry of a certificate in a list whose issuer is `list_issuer`.
///
/// Section 5.3.3: an entry without certificateIssuer is about the same issuer as the one before.
/// Where one number occurs twice, the entry that revokes counts.
pub(super) fn find(
    revoked: &[u8],
    list_issuer: &Name,
    issuer: &Name,
    serial: &SerialNumber,
) -> Option<RevokedCertificate> {
    let wanted = minimal(serial.as_bytes());
    let mut list = Fields::new(revoked, WHAT);
    let mut names: Option<&[u8]> = None;
    let mut found: Option<RevokedCertificate> = None;
    while let Some(entry) = Entry::next(&mut list).ok()? {
        let mut reason = RevocationReason::Unspecified;
        let mut invalidity_date = None;
        let matches = minimal(entry.serial) == wanted;
        let read = entry.visit_extensions(|id, _, value| {
            if id == oid::CERTIFICATE_ISSUER.as_bytes() {
                names = Some(value);
            } else if matches && id == oid::CRL_REASON.as_bytes() {
                reason = enumerated(value);
            } else if matches && id == oid::INVALIDITY_DATE.as_bytes() {
                invalidity_date = Fields::new(value, WHAT)
                    .next()
                    .ok()
                    .flatten()
                    .and_then(validity::time);
            }
        });
        let about = |names: Option<&[u8]>| match names {
            None => list_issuer == issuer,
            Some(names) => names_it(names, issuer),
        };
        if !matches || read.is_err() || !about(names) {
            continue;
        }
        let entry = RevokedCertificate {
            date: validity::time(entry.date)?,
            reason,
            invalidity_date,
        };
        if found.is_none_or(|found| found.reason == RevocationReason::RemoveFromCrl) {
            found = Some(entry);
        }
    }
    found
}

/// The reason in `CRLReason ::= ENUMERATED`; one that is not known is unspecified.
fn enumerated(value: &[u8]) -> RevocationReason {
    match value {
        [0x0a, 1, number] => RevocationReason::from_number(*number).unwrap_or_default(),
        _ => RevocationReason::Unspecified,
    }
}

/// Whether GeneralNames hold the name. With names that cannot be read, an entry may be about
/// anybody, so it is about this one.
fn names_it(names: &[u8], issuer: &Name) -> bool {
    let Ok(names) = GeneralName::decode_all(names) else {
        return true;
    };
    names.contains(&GeneralName::Directory(issuer.clone()))
}

/// An INTEGER without superfluous octets.
fn minimal(mut content: &[u8]) -> &[u8] {
    while let [0, second, ..] = content
        && second & 0x80 == 0
    {
        content = &content[1..];
    }
    content
}
