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

/// An entry of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevokedEntry {
    /// The serial number of the certificate.
    pub serial: SerialNumber,
    /// Who issued the certificate, where the entry or one before it names another than the issuer of
    /// the list.
    pub certificate_issuer: Option<Name>,
    /// What is said of it.
    pub revoked: RevokedCertificate,
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

    /// The names in certificateIssuer, where the entry has some.
    fn issuer_names(&self) -> Option<&'a [u8]> {
        let mut names = None;
        let read = self.visit_extensions(|id, _, value| {
            if id == oid::CERTIFICATE_ISSUER.as_bytes() {
                names = Some(value);
            }
        });
        read.ok().and(names)
    }

    /// What is said of the certificate.
    fn read(&self) -> Option<RevokedCertificate> {
        let mut revoked = RevokedCertificate {
            date: validity::time(self.date)?,
            reason: RevocationReason::Unspecified,
            invalidity_date: None,
        };
        let read = self.visit_extensions(|id, _, value| {
            if id == oid::CRL_REASON.as_bytes() {
                revoked.reason = enumerated(value);
            } else if id == oid::INVALIDITY_DATE.as_bytes() {
                let date = Fields::new(value, WHAT).next().ok().flatten();
                revoked.invalidity_date = date.and_then(validity::time);
            }
        });
        read.ok().map(|()| revoked)
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
    inspect_up_to(revoked, limits::CRL_ENTRIES)
}

fn inspect_up_to(revoked: &[u8], limit: usize) -> Result<(usize, bool), CertificateError> {
    let mut list = Fields::new(revoked, WHAT);
    let (mut count, mut understood) = (0, true);
    while let Some(entry) = Entry::next(&mut list)? {
        count += 1;
        if count > limit {
            return Err(CertificateError::TooMany {
                what: "entries in the certificate list",
                limit,
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
        names = entry.issuer_names().or(names);
        let is_about = || match names {
            None => list_issuer == issuer,
            Some(names) => names_it(names, issuer),
        };
        // Of a long list, one entry is read.
        if minimal(entry.serial) != wanted || !is_about() {
            continue;
        }
        if found.is_none_or(|found| found.reason == RevocationReason::RemoveFromCrl) {
            found = entry.read().or(found);
        }
    }
    found
}

/// Every entry, in the order of the list.
pub(super) fn all(revoked: &[u8]) -> impl Iterator<Item = RevokedEntry> {
    let mut list = Fields::new(revoked, WHAT);
    let mut names: Option<&[u8]> = None;
    std::iter::from_fn(move || {
        let entry = Entry::next(&mut list).ok()??;
        names = entry.issuer_names().or(names);
        Some(RevokedEntry {
            serial: SerialNumber::from_content(entry.serial)?,
            certificate_issuer: names.and_then(directory_name),
            revoked: entry.read()?,
        })
    })
}

/// The first distinguished name among GeneralNames.
fn directory_name(names: &[u8]) -> Option<Name> {
    let names = GeneralName::decode_all(names).ok()?;
    names.into_iter().find_map(|name| match name {
        GeneralName::Directory(name) => Some(name),
        _ => None,
    })
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asn1::tag::Tag;
    use crate::asn1::write::element;

    #[test]
    fn more_entries_than_any_list_has_are_refused() {
        let date = element(Tag::universal(23), b"261124080000Z");
        let entry = element(Tag::SEQUENCE, &[&[2, 1, 1], &date[..]].concat());
        let entries = |count: usize| entry.repeat(count);
        assert_eq!(inspect_up_to(&entries(50), 50).unwrap(), (50, true));
        let error = inspect_up_to(&entries(51), 50).unwrap_err();
        assert!(matches!(error, CertificateError::TooMany { limit: 50, .. }));
        // As many take tens of mebibytes.
        assert!(inspect(&entries(5_000)).is_ok());
    }
}
