mod lists;
mod records;
mod scopes;
mod signers;

use super::*;
use crate::asn1::oid;
use crate::asn1::tag::Tag;
use crate::asn1::write::{DerWriter, element};
use crate::crypto::digest::{DigestAlgorithm, WeakDigests};
use crate::crypto::key::Signed;
use crate::pki::test_pki::{Draft, key_number, name, time};
use crate::pki::{CertificatePool, KeyUsages, PathReport, PolicyInputs, Purpose, validate_path};
use const_oid::ObjectIdentifier;
use der::Encode;

const REMOVE: u8 = 8;
const HOLD: u8 = 6;
const KEY_COMPROMISE: u8 = 1;
const SUPERSEDED: u8 = 4;

/// A CRL in the making: complete, issued a day ago, due in a day.
#[derive(Clone)]
struct ListDraft {
    issuer: Name,
    days: (i64, Option<i64>),
    number: u8,
    entries: Vec<Vec<u8>>,
    extensions: Vec<Vec<u8>>,
    digest: Option<DigestAlgorithm>,
}

fn extension(id: ObjectIdentifier, critical: bool, value: &[u8]) -> Vec<u8> {
    let mut out = DerWriter::new();
    out.sequence(|out| {
        out.oid(&id);
        if critical {
            out.element(Tag::BOOLEAN, &[0xff]);
        }
        out.octet_string(value);
    });
    out.into_vec()
}

fn wrapped(number: u8, content: &[u8]) -> Vec<u8> {
    element(Tag::context(number.into()).as_constructed(), content)
}

fn primitive(number: u8, content: &[u8]) -> Vec<u8> {
    element(Tag::context(number.into()).as_primitive(), content)
}

/// A distribution point name: one URI.
fn at(uri: &str) -> Vec<u8> {
    wrapped(0, &wrapped(0, &primitive(6, uri.as_bytes())))
}

/// GeneralNames without their tag: one directory name.
fn directory(common_name: &str) -> Vec<u8> {
    wrapped(4, name(common_name).der())
}

fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    element(Tag::SEQUENCE, &parts.concat())
}

impl ListDraft {
    fn of(issuer: &str) -> ListDraft {
        ListDraft {
            issuer: name(issuer),
            days: (-1, Some(1)),
            number: 5,
            entries: Vec::new(),
            extensions: Vec::new(),
            digest: None,
        }
    }

    fn days(mut self, this_update: i64, next_update: Option<i64>) -> ListDraft {
        self.days = (this_update, next_update);
        self
    }

    fn number(mut self, number: u8) -> ListDraft {
        self.number = number;
        self
    }

    fn revoke(self, serial: u8, reason: u8) -> ListDraft {
        let reason = extension(oid::CRL_REASON, false, &[0x0a, 1, reason]);
        self.entry(serial, -2, &reason)
    }

    fn entry(mut self, serial: u8, days: i64, extensions: &[u8]) -> ListDraft {
        let mut out = DerWriter::new();
        out.sequence(|out| {
            out.integer(serial);
            out.raw(&crate::pki::validity::encode(time().plus_days(days)));
            if !extensions.is_empty() {
                out.element(Tag::SEQUENCE, extensions);
            }
        });
        self.entries.push(out.into_vec());
        self
    }

    fn with(mut self, id: ObjectIdentifier, value: &[u8]) -> ListDraft {
        self.extensions.push(extension(id, true, value));
        self
    }

    fn scope(self, parts: &[&[u8]]) -> ListDraft {
        self.with(oid::ISSUING_DISTRIBUTION_POINT, &sequence(parts))
    }

    fn delta_to(self, base: u8) -> ListDraft {
        self.with(oid::DELTA_CRL_INDICATOR, &[2, 1, base])
    }

    fn sign_der(&self, key: usize) -> Vec<u8> {
        let key = key_number(key);
        let algorithm = key.signature_algorithm(self.digest);
        let identifier = algorithm.algorithm_identifier().unwrap().to_der().unwrap();
        let mut tbs = DerWriter::new();
        tbs.sequence(|tbs| {
            tbs.integer(1).raw(&identifier).raw(self.issuer.der());
            let date = |days: i64| crate::pki::validity::encode(time().plus_days(days));
            tbs.raw(&date(self.days.0));
            if let Some(next) = self.days.1 {
                tbs.raw(&date(next));
            }
            if !self.entries.is_empty() {
                tbs.element(Tag::SEQUENCE, &self.entries.concat());
            }
            let number = extension(oid::CRL_NUMBER, false, &[2, 1, self.number]);
            let extensions = [number, self.extensions.concat()].concat();
            tbs.raw(&wrapped(0, &sequence(&[&extensions])));
        });
        let tbs = tbs.into_vec();
        let signature = key.sign(&algorithm, Signed::Message(&tbs)).unwrap();
        let mut list = DerWriter::new();
        list.sequence(|list| {
            list.raw(&tbs).raw(&identifier).bit_string(&signature);
        });
        list.into_vec()
    }

    fn sign(&self, key: usize) -> CertificateList {
        CertificateList::decode(&self.sign_der(key)).unwrap()
    }
}

/// Root (key 0) above Middle (key 1, number 7) above an end entity (key 2, number 9).
struct World {
    leaf: Certificate,
    pool: Vec<Certificate>,
    lists: Vec<CertificateList>,
    carried: Vec<CertificateList>,
    strictness: Strictness,
    days: i64,
    sha1: WeakDigests,
}

fn leaf() -> Draft {
    Draft::leaf("user", 2).serial(9)
}

fn middle() -> Draft {
    Draft::ca("Middle", 1).serial(7)
}

impl World {
    /// The root's CRL is there and lists nobody.
    fn with(lists: Vec<CertificateList>) -> World {
        World::of(leaf().issued_by("Middle", 1), lists)
    }

    fn of(leaf: Certificate, mut lists: Vec<CertificateList>) -> World {
        lists.push(ListDraft::of("Root").sign(0));
        World {
            leaf,
            pool: vec![middle().issued_by("Root", 0)],
            lists,
            carried: Vec::new(),
            strictness: Strictness::Hard,
            days: 0,
            sha1: WeakDigests::Reject,
        }
    }

    fn knowing(mut self, certificate: Certificate) -> World {
        self.pool.push(certificate);
        self
    }

    fn soft(mut self) -> World {
        self.strictness = Strictness::Soft;
        self
    }

    fn on_day(mut self, days: i64) -> World {
        self.days = days;
        self
    }

    fn report(&self) -> PathReport {
        let root = Draft::ca("Root", 0).self_signed(0);
        validate_path(&PathRequest {
            certificate: &self.leaf,
            issuers: &CertificatePool::new([root], self.pool.clone()),
            extra: &[],
            time: time().plus_days(self.days),
            purpose: Purpose::Sign,
            sha1: self.sha1,
            policies: PolicyInputs::default(),
            revocation: Some(Revocation {
                strictness: self.strictness,
                source: &ListPool::new(self.lists.clone()),
                carried: &self.carried,
            }),
        })
    }

    /// What was found, as `depth code`, and the check.
    fn outcome(&self) -> (String, Check) {
        let report = self.report();
        let codes = report.findings.iter().map(|finding| {
            let depth = finding.place.certificate.unwrap();
            format!("{depth} {} {}", finding.severity, finding.reason)
        });
        let codes: Vec<String> = codes.collect();
        assert_eq!(report.trusted, !codes.join(" ").contains("reject"));
        (codes.join(", "), report.revocation_check)
    }
}

fn assert_good(world: &World) {
    assert_eq!(world.outcome(), (String::new(), Check::Pass));
}

fn assert_found(world: &World, code: &str) {
    assert_eq!(world.outcome(), (format!("0 reject {code}"), Check::Fail));
}

/// A certificate with one distribution point.
fn leaf_at(point: &[&[u8]]) -> Certificate {
    let points = sequence(&[&sequence(point)]);
    let draft = leaf().with(oid::CRL_DISTRIBUTION_POINTS, false, &points);
    draft.issued_by("Middle", 1)
}
