//! Whether a CRL tells of a certificate, and of which reasons: RFC 5280 section 6.3.3 (b) and (d).

use super::CertificateList;
use crate::pki::certificate::{Certificate, CertificateError};
use crate::pki::distribution_point::{DistributionPoint, IssuingDistributionPoint, share_a_name};
use crate::pki::general_name::GeneralName;
use crate::pki::name::Name;
use crate::pki::revocation_reason::ReasonFlags;

/// The reasons that `list`, a complete CRL, covers for `certificate` as far as `point`, one of its
/// distribution points, goes; `None` if it is about others.
///
/// # Errors
/// What the list says about its scope cannot be read.
pub(super) fn covered_reasons(
    list: &CertificateList,
    point: &DistributionPoint,
    certificate: &Certificate,
) -> Result<Option<ReasonFlags>, CertificateError> {
    let scope = list
        .issuing_distribution_point_der()
        .map(IssuingDistributionPoint::decode)
        .transpose()?;
    Ok(
        is_in_scope(list, scope.as_ref(), point, certificate).then(|| {
            // (d)
            let some = scope.and_then(|scope| scope.only_some_reasons);
            point.reasons.intersection(some.unwrap_or(ReasonFlags::ALL))
        }),
    )
}

fn is_in_scope(
    list: &CertificateList,
    scope: Option<&IssuingDistributionPoint>,
    point: &DistributionPoint,
    certificate: &Certificate,
) -> bool {
    // (b)(1)
    let by_the_right_one = match &point.crl_issuer {
        Some(names) => {
            let indirect = scope.is_some_and(|scope| scope.indirect);
            indirect && names.contains(&GeneralName::Directory(list.issuer().clone()))
        }
        None => list.issuer() == certificate.issuer(),
    };
    let Some(scope) = scope.filter(|_| by_the_right_one) else {
        return by_the_right_one;
    };
    // (b)(2)(i)
    let at_the_right_place = scope.name.as_ref().is_none_or(|name| {
        let names = name.in_full(list.issuer());
        names_of(point, certificate.issuer())
            .iter()
            .any(|others| share_a_name(&names, others))
    });
    // (b)(2)(ii) to (iv)
    let of_the_right_kind = match certificate.is_ca() {
        true => !scope.only_user_certificates,
        false => !scope.only_ca_certificates,
    };
    at_the_right_place && of_the_right_kind && !scope.only_attribute_certificates
}

/// The names that a CRL for `point` may call itself by: those of the point, or of the CRL's issuer
/// where the point has none. A relative name follows the CRL issuer's, which is the certificate's
/// issuer unless the point says otherwise.
fn names_of(point: &DistributionPoint, issuer: &Name) -> Vec<Vec<GeneralName>> {
    match (&point.name, &point.crl_issuer) {
        (Some(name), None) => vec![name.in_full(issuer)],
        (Some(name), Some(_)) => point
            .crl_issuers()
            .map(|crl_issuer| name.in_full(crl_issuer))
            .collect(),
        (None, crl_issuer) => crl_issuer.iter().cloned().collect(),
    }
}
