//! nameConstraints, RFC 5280 section 4.2.1.10: which names a CA lets appear below it.
//!
//! A constraint says nothing about names of other forms. Where one of the same form cannot be
//! compared, because either is malformed or of a form that is not processed, the name is refused
//! (section 4.2.1.10, third paragraph). Whom the constraints concern is up to `path_validation`.

use std::fmt;

use super::certificate::{Certificate, CertificateError};
use super::fields::{Field, Fields, tag};
use super::general_name::GeneralName;
use super::name::Name;
use crate::asn1::oid;

mod within;

/// The constraints of one CA.
///
/// ```text
/// NameConstraints ::= SEQUENCE {
///     permittedSubtrees [0] GeneralSubtrees OPTIONAL,
///     excludedSubtrees [1] GeneralSubtrees OPTIONAL }
/// GeneralSubtrees ::= SEQUENCE SIZE (1..MAX) OF GeneralSubtree
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NameConstraints {
    permitted: Vec<GeneralName>,
    excluded: Vec<GeneralName>,
}

impl NameConstraints {
    pub(super) fn decode(der: &[u8]) -> Result<NameConstraints, CertificateError> {
        let mut fields = Fields::inside(der, tag::SEQUENCE, "nameConstraints")?;
        let permitted = fields.optional(tag::context_constructed(0))?;
        let excluded = fields.optional(tag::context_constructed(1))?;
        fields.finish()?;
        Ok(NameConstraints {
            permitted: subtrees(permitted)?,
            excluded: subtrees(excluded)?,
        })
    }

    /// The constraint that `name` violates. Each comparison is taken from `budget`; where that is
    /// too little, it is zero afterwards.
    pub(super) fn violated_by<'a>(
        &'a self,
        name: &ConstrainedName<'_>,
        budget: &mut usize,
    ) -> Result<Option<Violation<'a>>, OutOfComparisons> {
        let comparisons = 1 + self.permitted.len() + self.excluded.len();
        let left = budget.checked_sub(comparisons);
        *budget = left.unwrap_or(0);
        left.ok_or(OutOfComparisons)?;
        let excluded = self.excluded.iter().find(|base| {
            within::concerns(base, name) && within::is_within(base, name) != Some(false)
        });
        if let Some(base) = excluded {
            return Ok(Some(Violation::Excluded(base)));
        }
        let concerning = || {
            self.permitted
                .iter()
                .filter(|base| within::concerns(base, name))
        };
        let comparable = concerning().all(|base| within::is_within(base, name).is_some());
        let permitted = concerning().any(|base| within::is_within(base, name) == Some(true));
        if concerning().next().is_none() || (comparable && permitted) {
            return Ok(None);
        }
        Ok(Some(Violation::NotPermitted(concerning().collect())))
    }
}

/// ```text
/// GeneralSubtree ::= SEQUENCE {
///     base GeneralName,
///     minimum [0] BaseDistance DEFAULT 0, maximum [1] BaseDistance OPTIONAL }
/// ```
///
/// Section 4.2.1.10 allows neither of the distances; what they would mean is not defined.
fn subtrees(field: Option<Field<'_>>) -> Result<Vec<GeneralName>, CertificateError> {
    let what = "nameConstraints";
    let Some(field) = field else {
        return Ok(Vec::new());
    };
    let mut list = Fields::new(field.value, what);
    let mut bases = Vec::new();
    while let Some(subtree) = list.optional(tag::SEQUENCE)? {
        let mut fields = Fields::new(subtree.value, what);
        let base = fields.next()?.ok_or(CertificateError::Encoding { what })?;
        if let Some(minimum) = fields.optional(tag::context(0))?
            && minimum.value != [0]
        {
            return Err(CertificateError::Encoding { what });
        }
        fields.finish()?;
        bases.push(GeneralName::decode(base));
    }
    list.finish()?;
    Ok(bases)
}

/// How a name violates a constraint.
#[derive(Debug)]
pub(super) enum Violation<'a> {
    /// It is within this excluded subtree, or cannot be compared with it.
    Excluded(&'a GeneralName),
    /// It is in none of these, which are all that are permitted of its form, or it cannot be
    /// compared with one of them.
    NotPermitted(Vec<&'a GeneralName>),
}

/// In words, for a report.
impl fmt::Display for Violation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// Subtrees that are listed; hostile certificates have thousands.
        const SHOWN: usize = 5;
        match self {
            Violation::Excluded(base) => write!(f, "excluded {base}"),
            Violation::NotPermitted(bases) => {
                let shown: Vec<String> =
                    bases.iter().take(SHOWN).map(ToString::to_string).collect();
                write!(f, "permitted {}", shown.join(", "))?;
                match bases.len().checked_sub(SHOWN + 1) {
                    Some(more) => write!(f, " and {} more", more + 1),
                    None => Ok(()),
                }
            }
        }
    }
}

/// The budget of comparisons is used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OutOfComparisons;

/// A name of a certificate that constraints apply to.
#[derive(Clone, Copy, Debug)]
pub(super) enum ConstrainedName<'a> {
    /// The subject.
    Subject(&'a Name),
    /// A mail address of the subject: an emailAddress attribute.
    EmailAddress(&'a str),
    /// A name of subjectAltName.
    Alternative(&'a GeneralName),
}

impl fmt::Display for ConstrainedName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ConstrainedName::Subject(name) => write!(f, "DirName:{name}"),
            ConstrainedName::EmailAddress(text) => write!(f, "email:{text}"),
            ConstrainedName::Alternative(name) => name.fmt(f),
        }
    }
}

/// Visits the names of a certificate that constraints apply to, as long as `visit` wants more.
///
/// RFC 5280 has an emailAddress attribute count only where there is no subjectAltName. Here it
/// always does, because it always counts as an address of the certificate.
pub(super) fn find_name<T>(
    certificate: &Certificate,
    mut visit: impl FnMut(&ConstrainedName<'_>) -> Option<T>,
) -> Option<T> {
    let subject = certificate.subject();
    let alternatives = certificate.subject_alternative_names();
    let mails = subject.texts(oid::EMAIL_ADDRESS);
    let alternatives = alternatives.iter().map(ConstrainedName::Alternative);
    let distinguished = (!subject.is_empty()).then_some(ConstrainedName::Subject(subject));
    distinguished
        .into_iter()
        .chain(mails.map(ConstrainedName::EmailAddress))
        .chain(alternatives)
        .find_map(|name| visit(&name))
}

#[cfg(test)]
mod tests;
