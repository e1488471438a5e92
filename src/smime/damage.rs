//! Why a digest does not match: known damage is undone, and named if that makes it match.
//!
//! A name is no excuse: the finding stands beside the one that rejects, and takes nothing away from
//! it. Below an encrypted layer nothing is tried. Relays do not reach into it, and whoever altered
//! ciphertext must not learn more from here about what came of it.

use std::io;

use crate::cms::{ContentDigests, SignerInfo};
use crate::crypto::digest::DigestAlgorithm;
use crate::limits;
use crate::mail::canonical::canonical_reader;
use crate::mail::damage::{Damage, Repair, lost_nul, repairs};
use crate::mail::transfer_encoding::is_invalid_encoding;
use crate::reason::Reason;
use crate::smime::chain::Content;
use crate::source::Source;
use crate::verdict::{Finding, Place};

/// What may still be spent on one message.
pub(super) struct Budget {
    attempts: usize,
    octets: u64,
}

impl Budget {
    pub(super) fn new() -> Budget {
        Budget {
            attempts: limits::DAMAGE_ATTEMPTS,
            octets: limits::DAMAGE_WORK,
        }
    }

    /// Takes what one attempt on `source` costs, if it is there.
    fn spend(&mut self, source: &Source) -> bool {
        let left = self.octets.checked_sub(source.len());
        match (left, self.attempts.checked_sub(1)) {
            (Some(octets), Some(attempts)) => {
                (self.octets, self.attempts) = (octets, attempts);
                true
            }
            _ => false,
        }
    }
}

/// Adds to the findings about a signer what explains its digest, if that does not match.
///
/// # Errors
/// Reading fails.
pub(super) fn explain(
    findings: &mut Vec<Finding>,
    content: Option<&Content>,
    info: &SignerInfo,
    place: &Place,
    budget: &mut Budget,
) -> io::Result<()> {
    let is_mismatch = |finding: &Finding| finding.reason == Reason::CmsMessageDigestMismatch;
    let Some(mismatch) = findings.iter().position(is_mismatch) else {
        return Ok(());
    };
    let signed = info.signed_attributes.as_ref();
    let signed = signed.and_then(|attributes| attributes.message_digest().ok().flatten());
    let (Some(content), Some(digest), Some(algorithm)) = (content, signed, info.digest()) else {
        return Ok(());
    };
    let search = Search {
        digest: &digest,
        algorithm,
        budget,
    };
    let Some(repair) = search.find(content)? else {
        return Ok(());
    };
    let mut first = None;
    for (damage, change) in repair.damages() {
        let finding = Finding::new(reason(*damage)).with("change", change);
        first.get_or_insert_with(|| finding.hint().to_owned());
        findings.push(finding.at(place.clone()));
    }
    // Whoever reads only the one next step is told of the cause, not of the symptom.
    findings[mismatch].hint = first;
    Ok(())
}

struct Search<'a> {
    digest: &'a [u8],
    algorithm: DigestAlgorithm,
    budget: &'a mut Budget,
}

impl Search<'_> {
    /// The repair that gives what was signed: one, a lost NUL, or two of different kinds.
    fn find(self, content: &Content) -> io::Result<Option<Repair>> {
        let (source, entity) = match content {
            // The offsets of an entity are those of the source that it is a part of.
            Content::Entity(at) => {
                let mut entity = (*at.entity).clone();
                entity.move_to_start();
                (at.octets(), Some(entity))
            }
            Content::Octets(octets) => (octets.clone(), None),
        };
        let repairs = repairs(&source, entity.as_ref())?;
        let unchanged = ContentDigests::of(&mut canonical_reader(&source), &[self.algorithm])?;
        let mut changing = Vec::new();
        for repair in &repairs {
            if !self.budget.spend(&source) {
                return Ok(None);
            }
            let Some(digests) = self.digests(repair, &source)? else {
                continue;
            };
            if digests.get(self.algorithm) == Some(self.digest) {
                return Ok(Some(repair.clone()));
            }
            if digests != unchanged {
                changing.push(repair);
            }
        }
        let second = || changing.iter().filter(|repair| repair.is_line_by_line());
        let pairs = changing.iter().enumerate().flat_map(|(index, first)| {
            // Two that go line by line are tried in one order.
            let skipped = changing[..=index].iter().filter(|r| r.is_line_by_line());
            let skip = if first.is_line_by_line() {
                skipped.count()
            } else {
                0
            };
            second().skip(skip).filter_map(|second| first.then(second))
        });
        for repair in lost_nul(&source).chain(pairs) {
            if !self.budget.spend(&source) {
                return Ok(None);
            }
            let digests = self.digests(&repair, &source)?;
            if digests.is_some_and(|d| d.get(self.algorithm) == Some(self.digest)) {
                return Ok(Some(repair));
            }
        }
        Ok(None)
    }

    /// `None` if the repair does not go with the content, as where that cannot be decoded.
    fn digests(&self, repair: &Repair, source: &Source) -> io::Result<Option<ContentDigests>> {
        match ContentDigests::of(&mut repair.reader(source), &[self.algorithm]) {
            Ok(digests) => Ok(Some(digests)),
            Err(error) if is_invalid_encoding(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn reason(damage: Damage) -> Reason {
    match damage {
        Damage::LineEnds => Reason::SmimeDamageLineEnds,
        Damage::FinalLineEnd => Reason::SmimeDamageFinalLineEnd,
        Damage::TrailingSpace => Reason::SmimeDamageTrailingSpace,
        Damage::FromEscaped => Reason::SmimeDamageFromEscaped,
        Damage::DotsDoubled => Reason::SmimeDamageDotsDoubled,
        Damage::LinesWrapped => Reason::SmimeDamageLinesWrapped,
        Damage::TransferEncoding => Reason::SmimeDamageTransferEncoding,
        Damage::Rewrapped => Reason::SmimeDamageRewrapped,
        Damage::TextAdded => Reason::SmimeDamageTextAdded,
        Damage::PartHeader => Reason::SmimeDamagePartHeader,
        Damage::Multipart => Reason::SmimeDamageMultipart,
        Damage::Tabs => Reason::SmimeDamageTabs,
        Damage::NulRemoved => Reason::SmimeDamageNulRemoved,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_and_work_are_spent() {
        let nothing = Source::from_bytes(Vec::new());
        let mut budget = Budget::new();
        assert!((0..limits::DAMAGE_ATTEMPTS).all(|_| budget.spend(&nothing)));
        assert!(!budget.spend(&nothing));

        let octet = Source::from_bytes(vec![0]);
        let mut budget = Budget::new();
        budget.octets = 1;
        assert!(budget.spend(&octet) && !budget.spend(&octet));
        let work = Source::from_bytes(vec![0; limits::DAMAGE_WORK as usize]);
        let mut budget = Budget::new();
        assert!(budget.spend(&work) && !budget.spend(&octet) && budget.spend(&nothing));
    }
}
