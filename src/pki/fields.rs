//! The elements of a DER value that is held whole, one after the other, as slices of it.
//!
//! Certificates are judged over the bytes that were received, so nothing is decoded into an owned
//! form and written back. Only what DER allows is read: definite, minimal lengths.

use super::certificate::CertificateError;

/// The tags of universal and context-specific elements that are met here.
pub(super) mod tag {
    pub(in crate::pki) const BOOLEAN: u8 = 0x01;
    pub(in crate::pki) const INTEGER: u8 = 0x02;
    pub(in crate::pki) const BIT_STRING: u8 = 0x03;
    pub(in crate::pki) const OCTET_STRING: u8 = 0x04;
    pub(in crate::pki) const OBJECT_IDENTIFIER: u8 = 0x06;
    pub(in crate::pki) const UTF8_STRING: u8 = 0x0c;
    pub(in crate::pki) const PRINTABLE_STRING: u8 = 0x13;
    pub(in crate::pki) const TELETEX_STRING: u8 = 0x14;
    pub(in crate::pki) const IA5_STRING: u8 = 0x16;
    pub(in crate::pki) const UTC_TIME: u8 = 0x17;
    pub(in crate::pki) const GENERALIZED_TIME: u8 = 0x18;
    pub(in crate::pki) const UNIVERSAL_STRING: u8 = 0x1c;
    pub(in crate::pki) const BMP_STRING: u8 = 0x1e;
    pub(in crate::pki) const SEQUENCE: u8 = 0x30;
    pub(in crate::pki) const SET: u8 = 0x31;

    /// Context-specific and primitive.
    pub(in crate::pki) const fn context(number: u8) -> u8 {
        0x80 | number
    }

    /// Context-specific and constructed.
    pub(in crate::pki) const fn context_constructed(number: u8) -> u8 {
        0xa0 | number
    }
}

/// One element.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field<'a> {
    /// The identifier octet.
    pub(super) tag: u8,
    /// The content octets.
    pub(super) value: &'a [u8],
    /// The whole element.
    pub(super) raw: &'a [u8],
}

/// A row of elements.
#[derive(Clone, Debug)]
pub(super) struct Fields<'a> {
    rest: &'a [u8],
    what: &'static str,
}

impl<'a> Fields<'a> {
    /// Reads the elements of `bytes`; `what` names the structure in errors.
    pub(super) fn new(bytes: &'a [u8], what: &'static str) -> Fields<'a> {
        Fields { rest: bytes, what }
    }

    /// Reads the elements inside the one element of `tag` that `bytes` consists of.
    pub(super) fn inside(
        bytes: &'a [u8],
        tag: u8,
        what: &'static str,
    ) -> Result<Fields<'a>, CertificateError> {
        let mut outer = Fields::new(bytes, what);
        let field = outer.require(tag)?;
        outer.finish()?;
        Ok(Fields::new(field.value, what))
    }

    fn error(&self) -> CertificateError {
        CertificateError::Encoding { what: self.what }
    }

    /// The tag of the next element; `None` at the end.
    pub(super) fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// The next element; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Field<'a>>, CertificateError> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let (field, rest) = split(self.rest).ok_or_else(|| self.error())?;
        self.rest = rest;
        Ok(Some(field))
    }

    /// The next element, which has to have `tag`.
    pub(super) fn require(&mut self, tag: u8) -> Result<Field<'a>, CertificateError> {
        match self.next()? {
            Some(field) if field.tag == tag => Ok(field),
            _ => Err(self.error()),
        }
    }

    /// The next element if it has `tag`.
    pub(super) fn optional(&mut self, tag: u8) -> Result<Option<Field<'a>>, CertificateError> {
        match self.peek() {
            Some(next) if next == tag => self.next(),
            _ => Ok(None),
        }
    }

    /// Makes sure that nothing is left.
    pub(super) fn finish(self) -> Result<(), CertificateError> {
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err(self.error())
        }
    }
}

/// Cuts the first element off.
fn split(bytes: &[u8]) -> Option<(Field<'_>, &[u8])> {
    let (&tag, rest) = bytes.split_first()?;
    // A tag number above 30 takes further octets; no structure read here has one.
    if tag & 0x1f == 0x1f {
        return None;
    }
    let (&first, mut rest) = rest.split_first()?;
    let length = if first < 0x80 {
        usize::from(first)
    } else {
        let octets = usize::from(first & 0x7f);
        if octets == 0 || octets > 4 {
            return None;
        }
        let (head, tail) = rest.split_at_checked(octets)?;
        rest = tail;
        let length = head
            .iter()
            .fold(0u64, |sum, octet| sum << 8 | u64::from(*octet));
        if head[0] == 0 || length < 0x80 {
            return None;
        }
        usize::try_from(length).ok()?
    };
    let (value, tail) = rest.split_at_checked(length)?;
    let raw = &bytes[..bytes.len() - tail.len()];
    Some((Field { tag, value, raw }, tail))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Option<Vec<(u8, usize)>> {
        let mut fields = Fields::new(bytes, "test");
        let mut all = Vec::new();
        while let Some(field) = fields.next().ok()? {
            all.push((field.tag, field.value.len()));
        }
        Some(all)
    }

    #[test]
    fn elements_are_read_one_after_the_other() {
        assert_eq!(read(&[0x05, 0, 0x02, 1, 7]), Some(vec![(5, 0), (2, 1)]));
        let mut long = vec![0x04, 0x81, 0x80];
        long.extend([0; 0x80]);
        assert_eq!(read(&long), Some(vec![(4, 0x80)]));
    }

    #[test]
    fn what_der_forbids_is_refused() {
        for bytes in [
            &[0x30u8][..],                            // no length
            &[0x30, 0x80, 0, 0],                      // indefinite
            &[0x04, 0x81, 0x01, 0],                   // not minimal
            &[0x04, 0x82, 0x00, 0x80],                // not minimal
            &[0x04, 0x02, 0],                         // too short
            &[0x1f, 0x81, 0x01, 0],                   // high tag number
            &[0x04, 0x84, 0xff, 0xff, 0xff, 0xff],    // longer than the input
            &[0x04, 0x89, 1, 1, 1, 1, 1, 1, 1, 1, 1], // a length beyond any memory
        ] {
            assert_eq!(read(bytes), None, "{bytes:02x?}");
        }
    }
}
