//! Where the revocation status of a certificate is told, and of which certificates a CRL tells:
//! cRLDistributionPoints (RFC 5280 section 4.2.1.13) and issuingDistributionPoint (section 5.2.5).

use super::certificate::CertificateError;
use super::extension::boolean;
use super::fields::{Field, Fields, tag};
use super::general_name::GeneralName;
use super::name::Name;
use super::revocation_reason::ReasonFlags;
use crate::limits;

/// The name of a distribution point.
///
/// ```text
/// DistributionPointName ::= CHOICE {
///     fullName [0] GeneralNames,
///     nameRelativeToCRLIssuer [1] RelativeDistinguishedName }
/// ```
#[derive(Clone, Debug)]
pub(super) enum PointName {
    /// Names that all mean the same place.
    Full(Vec<GeneralName>),
    /// The content of the SET that follows the name of the CRL's issuer.
    Relative(Vec<u8>),
}

impl PointName {
    fn decode(field: Field<'_>, what: &'static str) -> Result<PointName, CertificateError> {
        let mut fields = Fields::new(field.value, what);
        let choice = fields.next()?;
        fields.finish()?;
        match choice {
            Some(field) if field.tag == tag::context_constructed(0) => {
                general_names(field, what).map(PointName::Full)
            }
            Some(field) if field.tag == tag::context_constructed(1) => {
                Ok(PointName::Relative(field.value.to_vec()))
            }
            _ => Err(CertificateError::Encoding { what }),
        }
    }

    /// The names in full, of a point whose CRL `issuer` issues.
    pub(super) fn in_full(&self, issuer: &Name) -> Vec<GeneralName> {
        match self {
            PointName::Full(names) => names.clone(),
            PointName::Relative(part) => {
                let name = issuer.with_part(part);
                name.map(GeneralName::Directory).into_iter().collect()
            }
        }
    }
}

/// Whether a name is in both lists. Names of kinds that are not read are equal to nothing.
pub(super) fn share_a_name(one: &[GeneralName], other: &[GeneralName]) -> bool {
    let is_read = |name: &&GeneralName| {
        matches!(
            name,
            GeneralName::Rfc822(_)
                | GeneralName::Dns(_)
                | GeneralName::Directory(_)
                | GeneralName::Uri(_)
        )
    };
    one.iter().filter(is_read).any(|name| other.contains(name))
}

/// One place where the status of a certificate is told.
///
/// ```text
/// DistributionPoint ::= SEQUENCE {
///     distributionPoint [0] DistributionPointName OPTIONAL,
///     reasons [1] ReasonFlags OPTIONAL,
///     cRLIssuer [2] GeneralNames OPTIONAL }
/// ```
#[derive(Clone, Debug)]
pub(super) struct DistributionPoint {
    pub(super) name: Option<PointName>,
    /// The reasons that its CRL covers.
    pub(super) reasons: ReasonFlags,
    /// Who issues its CRL, if not the certificate's issuer.
    pub(super) crl_issuer: Option<Vec<GeneralName>>,
}

impl DistributionPoint {
    /// The point that every certificate has without saying so (section 6.3.3): its issuer's CRL.
    pub(super) fn implied(issuer: &Name) -> DistributionPoint {
        let name = vec![GeneralName::Directory(issuer.clone())];
        DistributionPoint {
            name: Some(PointName::Full(name)),
            reasons: ReasonFlags::ALL,
            crl_issuer: None,
        }
    }

    /// Reads `CRLDistributionPoints ::= SEQUENCE SIZE (1..MAX) OF DistributionPoint`.
    pub(super) fn decode_all(der: &[u8]) -> Result<Vec<DistributionPoint>, CertificateError> {
        let what = "cRLDistributionPoints";
        let mut list = Fields::inside(der, tag::SEQUENCE, what)?;
        let mut points = Vec::new();
        while let Some(item) = list.optional(tag::SEQUENCE)? {
            if points.len() == limits::DISTRIBUTION_POINTS {
                return Err(CertificateError::TooMany {
                    what: "distribution points",
                    limit: limits::DISTRIBUTION_POINTS,
                });
            }
            let mut fields = Fields::new(item.value, what);
            let name = fields.optional(tag::context_constructed(0))?;
            let reasons = fields.optional(tag::context(1))?;
            let crl_issuer = fields.optional(tag::context_constructed(2))?;
            fields.finish()?;
            points.push(DistributionPoint {
                name: name
                    .map(|field| PointName::decode(field, what))
                    .transpose()?,
                reasons: reasons
                    .map(|field| reason_flags(field, what))
                    .transpose()?
                    .unwrap_or(ReasonFlags::ALL),
                crl_issuer: crl_issuer
                    .map(|field| general_names(field, what))
                    .transpose()?,
            });
        }
        list.finish()?;
        Ok(points)
    }

    /// The distinguished names of who issues its CRL.
    pub(super) fn crl_issuers(&self) -> impl Iterator<Item = &Name> {
        let names = self.crl_issuer.iter().flatten();
        names.filter_map(|name| match name {
            GeneralName::Directory(name) => Some(name),
            _ => None,
        })
    }

    /// Where the CRL can be fetched.
    pub(super) fn uris(&self) -> impl Iterator<Item = &str> {
        let names = match &self.name {
            Some(PointName::Full(names)) => names.as_slice(),
            _ => &[],
        };
        names.iter().filter_map(|name| match name {
            GeneralName::Uri(uri) => Some(uri.as_str()),
            _ => None,
        })
    }
}

/// Of which certificates a CRL tells.
///
/// ```text
/// IssuingDistributionPoint ::= SEQUENCE {
///     distributionPoint          [0] DistributionPointName OPTIONAL,
///     onlyContainsUserCerts      [1] BOOLEAN DEFAULT FALSE,
///     onlyContainsCACerts        [2] BOOLEAN DEFAULT FALSE,
///     onlySomeReasons            [3] ReasonFlags OPTIONAL,
///     indirectCRL                [4] BOOLEAN DEFAULT FALSE,
///     onlyContainsAttributeCerts [5] BOOLEAN DEFAULT FALSE }
/// ```
#[derive(Clone, Debug)]
pub(super) struct IssuingDistributionPoint {
    pub(super) name: Option<PointName>,
    pub(super) only_user_certificates: bool,
    pub(super) only_ca_certificates: bool,
    pub(super) only_some_reasons: Option<ReasonFlags>,
    pub(super) indirect: bool,
    pub(super) only_attribute_certificates: bool,
}

impl IssuingDistributionPoint {
    pub(super) fn decode(der: &[u8]) -> Result<IssuingDistributionPoint, CertificateError> {
        let what = "issuingDistributionPoint";
        let mut fields = Fields::inside(der, tag::SEQUENCE, what)?;
        let name = fields.optional(tag::context_constructed(0))?;
        let flag = |fields: &mut Fields<'_>, number| match fields.optional(tag::context(number))? {
            Some(field) => boolean(field.value).ok_or(CertificateError::Encoding { what }),
            None => Ok(false),
        };
        let only_user_certificates = flag(&mut fields, 1)?;
        let only_ca_certificates = flag(&mut fields, 2)?;
        let only_some_reasons = fields.optional(tag::context(3))?;
        let indirect = flag(&mut fields, 4)?;
        let only_attribute_certificates = flag(&mut fields, 5)?;
        fields.finish()?;
        Ok(IssuingDistributionPoint {
            name: name
                .map(|field| PointName::decode(field, what))
                .transpose()?,
            only_user_certificates,
            only_ca_certificates,
            only_some_reasons: only_some_reasons
                .map(|field| reason_flags(field, what))
                .transpose()?,
            indirect,
            only_attribute_certificates,
        })
    }
}

fn general_names(
    field: Field<'_>,
    what: &'static str,
) -> Result<Vec<GeneralName>, CertificateError> {
    let mut fields = Fields::new(field.value, what);
    let mut names = Vec::new();
    while let Some(name) = fields.next()? {
        names.push(GeneralName::decode(name));
    }
    Ok(names)
}

fn reason_flags(field: Field<'_>, what: &'static str) -> Result<ReasonFlags, CertificateError> {
    ReasonFlags::from_content(field.value).ok_or(CertificateError::Encoding { what })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asn1::tag::Tag;
    use crate::asn1::write::element;

    #[test]
    fn more_points_than_anybody_has_are_refused() {
        let decode = |count| {
            let points = [0x30, 0].repeat(count);
            DistributionPoint::decode_all(&element(Tag::SEQUENCE, &points))
        };
        let most = limits::DISTRIBUTION_POINTS;
        assert_eq!(decode(most).unwrap().len(), most);
        assert!(matches!(
            decode(most + 1),
            Err(CertificateError::TooMany { limit, .. }) if limit == most
        ));
    }
}
