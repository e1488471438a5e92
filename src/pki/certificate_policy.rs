//! The extensions about certificate policies, RFC 5280 sections 4.2.1.4, 4.2.1.5, 4.2.1.11 and
//! 4.2.1.14. What they do to a path is up to `policy_graph`; qualifiers are not read, since none is
//! shown.

use super::certificate::CertificateError;
use super::extension::unsigned;
use super::fields::{Fields, tag};
use super::oid::Oid;
use crate::limits;

fn identifier(fields: &mut Fields<'_>, what: &'static str) -> Result<Oid, CertificateError> {
    let field = fields.require(tag::OBJECT_IDENTIFIER)?;
    Oid::from_content(field.value).ok_or(CertificateError::Encoding { what })
}

fn bounded(length: usize, what: &'static str) -> Result<(), CertificateError> {
    let limit = limits::POLICIES;
    match length < limit {
        true => Ok(()),
        false => Err(CertificateError::TooMany { what, limit }),
    }
}

/// Reads `certificatePolicies ::= SEQUENCE SIZE (1..MAX) OF PolicyInformation`.
///
/// ```text
/// PolicyInformation ::= SEQUENCE {
///     policyIdentifier CertPolicyId,
///     policyQualifiers SEQUENCE SIZE (1..MAX) OF PolicyQualifierInfo OPTIONAL }
/// ```
pub(super) fn certificate_policies(der: &[u8]) -> Result<Vec<Oid>, CertificateError> {
    let what = "certificatePolicies";
    let mut list = Fields::inside(der, tag::SEQUENCE, what)?;
    let mut policies = Vec::new();
    while let Some(information) = list.optional(tag::SEQUENCE)? {
        bounded(policies.len(), what)?;
        let mut fields = Fields::new(information.value, what);
        policies.push(identifier(&mut fields, what)?);
        fields.optional(tag::SEQUENCE)?;
        fields.finish()?;
    }
    list.finish()?;
    Ok(policies)
}

/// That a policy of the issuer is as good as one of the subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PolicyMapping {
    pub(super) issuer_domain: Oid,
    pub(super) subject_domain: Oid,
}

/// ```text
/// PolicyMappings ::= SEQUENCE SIZE (1..MAX) OF SEQUENCE {
///     issuerDomainPolicy CertPolicyId, subjectDomainPolicy CertPolicyId }
/// ```
pub(super) fn policy_mappings(der: &[u8]) -> Result<Vec<PolicyMapping>, CertificateError> {
    let what = "policyMappings";
    let mut list = Fields::inside(der, tag::SEQUENCE, what)?;
    let mut mappings = Vec::new();
    while let Some(mapping) = list.optional(tag::SEQUENCE)? {
        bounded(mappings.len(), what)?;
        let mut fields = Fields::new(mapping.value, what);
        mappings.push(PolicyMapping {
            issuer_domain: identifier(&mut fields, what)?,
            subject_domain: identifier(&mut fields, what)?,
        });
        fields.finish()?;
    }
    list.finish()?;
    Ok(mappings)
}

/// After how many certificates a policy is required, and mapping ends.
///
/// ```text
/// PolicyConstraints ::= SEQUENCE {
///     requireExplicitPolicy [0] SkipCerts OPTIONAL,
///     inhibitPolicyMapping [1] SkipCerts OPTIONAL }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct PolicyConstraints {
    pub(super) require_explicit_policy: Option<u32>,
    pub(super) inhibit_policy_mapping: Option<u32>,
}

impl PolicyConstraints {
    pub(super) fn decode(der: &[u8]) -> Result<PolicyConstraints, CertificateError> {
        let what = "policyConstraints";
        let mut fields = Fields::inside(der, tag::SEQUENCE, what)?;
        let mut number = |at| match fields.optional(tag::context(at))? {
            Some(field) => unsigned(field.value)
                .map(Some)
                .ok_or(CertificateError::Encoding { what }),
            None => Ok(None),
        };
        let (require_explicit_policy, inhibit_policy_mapping) = (number(0)?, number(1)?);
        fields.finish()?;
        Ok(PolicyConstraints {
            require_explicit_policy,
            inhibit_policy_mapping,
        })
    }
}

/// Reads `InhibitAnyPolicy ::= SkipCerts`.
pub(super) fn inhibit_any_policy(der: &[u8]) -> Result<u32, CertificateError> {
    let what = "inhibitAnyPolicy";
    let mut fields = Fields::new(der, what);
    let field = fields.require(tag::INTEGER)?;
    fields.finish()?;
    unsigned(field.value).ok_or(CertificateError::Encoding { what })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asn1::oid;
    use crate::asn1::write::DerWriter;

    fn tlv(tag: u8, value: &[u8]) -> Vec<u8> {
        [&[tag, u8::try_from(value.len()).unwrap()], value].concat()
    }

    #[test]
    fn policies_are_read_with_and_without_qualifiers() {
        let plain = tlv(0x30, &tlv(6, &[0x2a, 3]));
        let qualified = tlv(0x30, &[tlv(6, &[0x2a, 4]), tlv(0x30, &[5, 0])].concat());
        let all = certificate_policies(&tlv(0x30, &[plain, qualified].concat())).unwrap();
        let all: Vec<String> = all.iter().map(Oid::to_string).collect();
        assert_eq!(all, ["1.2.3", "1.2.4"]);
        assert!(certificate_policies(&[0x30, 0]).unwrap().is_empty());
        for der in [&[0x30, 2, 5, 0][..], &[0x30, 2, 0x30, 0], &[0x31, 0]] {
            assert!(certificate_policies(der).is_err(), "{der:02x?}");
        }
    }

    #[test]
    fn a_list_without_end_is_refused() {
        let list = |count| {
            let mut out = DerWriter::new();
            out.sequence(|list| {
                for _ in 0..count {
                    list.sequence(|one| {
                        one.oid(&oid::ANY_POLICY);
                    });
                }
            });
            certificate_policies(&out.into_vec())
        };
        assert_eq!(list(limits::POLICIES).unwrap().len(), limits::POLICIES);
        assert!(matches!(
            list(limits::POLICIES + 1),
            Err(CertificateError::TooMany { .. })
        ));
    }

    #[test]
    fn mappings_are_pairs() {
        let pair = tlv(0x30, &[tlv(6, &[0x2a, 3]), tlv(6, &[0x2a, 4])].concat());
        let all = policy_mappings(&tlv(0x30, &pair)).unwrap();
        assert_eq!(all[0].issuer_domain.to_string(), "1.2.3");
        assert_eq!(all[0].subject_domain.to_string(), "1.2.4");
        let alone = tlv(0x30, &tlv(0x30, &tlv(6, &[0x2a, 3])));
        assert!(policy_mappings(&alone).is_err());
    }

    #[test]
    fn numbers_of_certificates_are_read() {
        let read = |der: &[u8]| {
            PolicyConstraints::decode(der)
                .ok()
                .map(|it| (it.require_explicit_policy, it.inhibit_policy_mapping))
        };
        assert_eq!(read(&[0x30, 0]), Some((None, None)));
        assert_eq!(read(&[0x30, 3, 0x80, 1, 0]), Some((Some(0), None)));
        let both = [0x30, 6, 0x80, 1, 2, 0x81, 1, 3];
        assert_eq!(read(&both), Some((Some(2), Some(3))));
        assert_eq!(read(&[0x30, 3, 0x80, 1, 0xff]), None);
        assert_eq!(read(&[0x30, 3, 0x82, 1, 0]), None);
        assert_eq!(inhibit_any_policy(&[2, 1, 7]).unwrap(), 7);
        assert!(inhibit_any_policy(&[2, 1, 0xff]).is_err());
        assert!(inhibit_any_policy(&[4, 1, 0]).is_err());
    }
}
