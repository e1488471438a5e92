//! The certificates that may stand above another one, the likeliest first.
//!
//! A hostile message can hold a thousand CAs of one name that certify one another, so each name is
//! looked up and sorted once, and what depends on the certificate below is told while going through.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use crate::pki::certificate::Certificate;
use crate::pki::name::Name;
use crate::pki::path::PathRequest;

/// A certificate that may be that of an issuer.
pub(super) struct Candidate {
    pub(super) certificate: Certificate,
    pub(super) is_anchor: bool,
}

/// All that is known, by subject.
pub(super) struct Candidates<'a> {
    request: &'a PathRequest<'a>,
    extra: HashMap<&'a Name, Vec<&'a Certificate>>,
    found: HashMap<Name, Rc<[Candidate]>>,
}

impl<'a> Candidates<'a> {
    pub(super) fn new(request: &'a PathRequest<'a>) -> Candidates<'a> {
        let mut extra: HashMap<&Name, Vec<&Certificate>> = HashMap::new();
        for certificate in request.extra {
            extra
                .entry(certificate.subject())
                .or_default()
                .push(certificate);
        }
        Candidates {
            request,
            extra,
            found: HashMap::new(),
        }
    }

    /// All certificates of that name: the trusted ones first, then those valid now, then CAs.
    pub(super) fn named(&mut self, subject: &Name) -> Rc<[Candidate]> {
        if let Some(found) = self.found.get(subject) {
            return Rc::clone(found);
        }
        let issuers = self.request.issuers;
        let mut certificates = issuers.find_by_name(subject);
        // An implementation may look up by less than the whole name.
        certificates.retain(|issuer| issuer.subject() == subject);
        let extra = self.extra.get(subject).into_iter().flatten();
        certificates.extend(extra.map(|&issuer| issuer.clone()));
        let mut seen = HashSet::new();
        certificates.retain(|issuer| seen.insert(issuer.fingerprint()));

        let time = self.request.time;
        let mut found: Vec<Candidate> = certificates
            .into_iter()
            .map(|certificate| Candidate {
                is_anchor: issuers.is_anchor(&certificate),
                certificate,
            })
            .collect();
        found.sort_by_key(|candidate| {
            let issuer = &candidate.certificate;
            let valid = issuer.not_before() <= time && time <= issuer.not_after();
            (!candidate.is_anchor, !valid, !issuer.is_ca())
        });
        let found: Rc<[Candidate]> = found.into();
        self.found.insert(subject.clone(), Rc::clone(&found));
        found
    }
}

/// Goes through the certificates of one name: the trusted ones first, then those with the key
/// identifier that `certificate` gives for its issuer, then as they are sorted.
pub(super) fn likeliest_first<'n>(
    named: &'n [Candidate],
    certificate: &Certificate,
) -> impl Iterator<Item = &'n Candidate> {
    let wanted = key_identifier_above(certificate);
    let classes = [true, false]
        .into_iter()
        .flat_map(|is_anchor| [Some(true), None, Some(false)].map(|fits| (is_anchor, fits)));
    classes.flat_map(move |class| {
        let wanted = wanted.clone();
        named.iter().filter(move |candidate| {
            let fits = matches(wanted.as_deref(), &candidate.certificate);
            (candidate.is_anchor, fits) == class
        })
    })
}

/// Whether the key identifier that `certificate` gives for its issuer is that of `issuer`; `None` where
/// one of the two gives none.
pub(super) fn identifies(certificate: &Certificate, issuer: &Certificate) -> Option<bool> {
    matches(key_identifier_above(certificate).as_deref(), issuer)
}

fn key_identifier_above(certificate: &Certificate) -> Option<Vec<u8>> {
    certificate.authority_key_identifier()?.key_identifier
}

fn matches(wanted: Option<&[u8]>, issuer: &Certificate) -> Option<bool> {
    Some(wanted? == issuer.subject_key_identifier()?)
}
