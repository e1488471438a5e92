//! Issues CRLs: complete, direct ones about everything that their issuer has issued.
//!
//! RFC 5280 section 5: version 2, with the authority key identifier and the CRL number that section
//! 5.2 demands of every CA.

use der::Encode;

use super::encode::authority_key_identifier;
use super::{Authority, IssueError};
use crate::asn1::oid;
use crate::asn1::tag::Tag;
use crate::asn1::write::DerWriter;
use crate::crypto::key::Signed;
use crate::pki::certificate_list::{CertificateList, RevokedCertificate};
use crate::pki::revocation_reason::RevocationReason;
use crate::pki::serial_number::SerialNumber;
use crate::pki::validity;
use crate::time::Time;

/// What a CRL says.
#[derive(Clone, Debug)]
pub struct ListProfile {
    /// Its number, greater than that of every CRL before (section 5.2.3).
    pub number: u64,
    /// How many days until the next one is due.
    pub days: u32,
    /// What is revoked.
    pub revoked: Vec<(SerialNumber, RevokedCertificate)>,
}

/// Issues a CRL, dated `now`.
///
/// # Errors
/// The authority may not sign CRLs, is not valid at that time, or its key is another.
pub fn issue_list(
    authority: &Authority<'_>,
    profile: &ListProfile,
    now: Time,
) -> Result<CertificateList, IssueError> {
    let usages = authority.certificate.key_usage();
    if usages.is_some_and(|usages| !usages.crl_sign()) {
        return Err(IssueError::AuthorityNotCrlSigner);
    }
    authority.check(now)?;
    let algorithm = authority.key.signature_algorithm(None);
    let identifier = algorithm.algorithm_identifier()?.to_der()?;
    let key_identifier = authority_key_identifier(authority.certificate)?.to_der()?;
    let mut number = DerWriter::new();
    number.unsigned(&profile.number.to_be_bytes());
    let number = number.into_vec();

    let mut tbs = DerWriter::new();
    tbs.sequence(|tbs| {
        tbs.integer(1).raw(&identifier);
        tbs.raw(authority.certificate.subject().der());
        tbs.raw(&validity::encode(now));
        tbs.raw(&validity::encode(now.plus_days(profile.days.into())));
        // Section 5.1.2.6: absent where nothing is revoked.
        if !profile.revoked.is_empty() {
            tbs.sequence(|entries| {
                for (serial, revoked) in &profile.revoked {
                    entries.sequence(|entry| write_entry(entry, serial, revoked));
                }
            });
        }
        tbs.nested(Tag::context(0), |extensions| {
            extensions.sequence(|all| {
                for (id, value) in [
                    (oid::AUTHORITY_KEY_IDENTIFIER, &key_identifier),
                    (oid::CRL_NUMBER, &number),
                ] {
                    all.sequence(|one| {
                        one.oid(&id).octet_string(value);
                    });
                }
            });
        });
    });
    let tbs = tbs.into_vec();
    let signature = authority.key.sign(&algorithm, Signed::Message(&tbs))?;
    let mut list = DerWriter::new();
    list.sequence(|list| {
        list.raw(&tbs).raw(&identifier).bit_string(&signature);
    });
    CertificateList::decode(&list.into_vec()).map_err(|_| IssueError::Encoding)
}

fn write_entry(entry: &mut DerWriter, serial: &SerialNumber, revoked: &RevokedCertificate) {
    entry.element(Tag::INTEGER, serial.as_bytes());
    entry.raw(&validity::encode(revoked.date));
    // Section 5.3.1: absent rather than unspecified.
    if revoked.reason == RevocationReason::Unspecified {
        return;
    }
    entry.sequence(|extensions| {
        extensions.sequence(|one| {
            let reason = [revoked.reason.number()];
            let mut value = DerWriter::new();
            value.element(Tag::ENUMERATED, &reason);
            one.oid(&oid::CRL_REASON).octet_string(&value.into_vec());
        });
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::test_pki::{Draft, key_number, name, time};
    use crate::pki::{KeyUsages, SerialNumber};

    fn revoked(serial: u8, reason: RevocationReason) -> (SerialNumber, RevokedCertificate) {
        let revoked = RevokedCertificate {
            date: time(),
            reason,
            invalidity_date: None,
        };
        (SerialNumber::from_unsigned(&[serial]).unwrap(), revoked)
    }

    fn profile(revoked: Vec<(SerialNumber, RevokedCertificate)>) -> ListProfile {
        ListProfile {
            number: 256,
            days: 7,
            revoked,
        }
    }

    #[test]
    fn a_list_says_what_it_was_told() {
        let certificate = Draft::ca("CA", 0).self_signed(0);
        let authority = Authority {
            certificate: &certificate,
            key: key_number(0),
        };
        let told = [
            revoked(3, RevocationReason::KeyCompromise),
            revoked(0x90, RevocationReason::Unspecified),
        ];
        let list = issue_list(&authority, &profile(told.to_vec()), time()).unwrap();
        assert_eq!(list.issuer(), &name("CA"));
        assert_eq!(list.number().unwrap().to_string(), "0100");
        assert_eq!(list.this_update(), time());
        assert_eq!(list.next_update(), Some(time().plus_days(7)));
        assert_eq!(list.entries(), 2);
        for (serial, revoked) in &told {
            assert_eq!(list.find_entry(&name("CA"), serial).as_ref(), Some(revoked));
        }
        let key = certificate.public_key().unwrap();
        assert_eq!(list.verify_signature(&key), Ok(()));
        let named = list.authority_key_identifier().unwrap().key_identifier;
        assert_eq!(named.as_deref(), certificate.subject_key_identifier());
        let empty = issue_list(&authority, &profile(Vec::new()), time()).unwrap();
        assert_eq!(empty.entries(), 0);
    }

    #[test]
    fn only_who_may_signs() {
        let sign = |draft: Draft| {
            let certificate = draft.self_signed(0);
            let authority = Authority {
                certificate: &certificate,
                key: key_number(0),
            };
            issue_list(&authority, &profile(Vec::new()), time()).unwrap_err()
        };
        let usages = Draft::ca("CA", 0).usages(KeyUsages::KeyCertSign);
        assert_eq!(sign(usages), IssueError::AuthorityNotCrlSigner);
        let expired = sign(Draft::ca("CA", 0).days(-9, -1));
        assert!(matches!(expired, IssueError::AuthorityNotValid { .. }));
        let other = sign(Draft::ca("CA", 1));
        assert_eq!(other, IssueError::AuthorityKeyMismatch);
    }
}
