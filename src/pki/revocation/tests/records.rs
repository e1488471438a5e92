//! Bounds, and records of the CA itself.

use super::*;

#[test]
fn a_flood_of_lists_ends_in_a_finding() {
    let mut world = World::with(Vec::new());
    let forged = |number| ListDraft::of("Middle").number(number).sign(3);
    world.carried = (0..100).map(forged).collect();
    let report = world.report();
    assert_eq!(report.revocation_check, Check::Fail);
    // One that is newer is looked at first.
    let list = ListDraft::of("Middle").days(0, Some(1)).sign(1);
    world.carried.push(list);
    assert_good(&world);
}

struct Records(RevocationRecord);

impl RevocationSource for Records {
    fn find_lists(&self, _: &Name) -> Vec<CertificateList> {
        Vec::new()
    }

    fn find_record(&self, _: &Certificate, issuer: &Certificate) -> Option<RevocationRecord> {
        (*issuer.subject() == name("Root")).then_some(self.0)
    }
}

#[test]
fn records_of_the_ca_take_the_place_of_lists() {
    let root = Draft::ca("Root", 0).self_signed(0);
    let leaf = leaf().issued_by("Root", 0);
    let judge = |record, days| {
        validate_path(&PathRequest {
            certificate: &leaf,
            issuers: &CertificatePool::new([root.clone()], []),
            extra: &[],
            time: time().plus_days(days),
            purpose: Purpose::Sign,
            sha1: WeakDigests::Reject,
            policies: PolicyInputs::default(),
            revocation: Some(Revocation {
                strictness: Strictness::Hard,
                source: &Records(record),
                carried: &[],
            }),
        })
    };
    assert_eq!(
        judge(RevocationRecord::Good, 0).revocation_check,
        Check::Pass
    );
    let revoked = RevocationRecord::Revoked(RevokedCertificate {
        date: time(),
        reason: crate::pki::RevocationReason::Superseded,
        invalidity_date: None,
    });
    let report = judge(revoked, 0);
    assert_eq!(report.findings[0].reason.code(), "crl.revoked");
    assert!(judge(revoked, -1).trusted);
}

/// What is looked up in a list of a hundred thousand is found without unpacking it.
#[test]
fn long_lists_are_looked_through_where_they_are() {
    let mut out = DerWriter::new();
    for number in 1..100_000u32 {
        out.sequence(|entry| {
            entry.unsigned(&number.to_be_bytes());
            entry.raw(&crate::pki::validity::encode(time()));
        });
    }
    let mut draft = ListDraft::of("Middle");
    draft.entries = vec![out.into_vec()];
    let list = draft.sign(1);
    assert_eq!(list.entries(), 99_999);
    let find = |number: &[u8]| {
        let serial = crate::pki::SerialNumber::from_unsigned(number).unwrap();
        list.find_entry(&name("Middle"), &serial)
    };
    assert!(find(&[1, 0x86, 0x9f]).is_some());
    assert!(find(&[1, 0x86, 0xa0]).is_none());
    assert_found(&World::with(vec![list.clone()]), "crl.revoked");
}
