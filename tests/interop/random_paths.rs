//! Random hierarchies: `openssl verify` gives the same verdict, or the table says why not.
//!
//! `SMIME_RANDOM_PATHS=5000` asks about more of them, and `SMIME_RANDOM_SEED` about those of a seed
//! that an earlier run told.

use std::fmt::Write as _;

use const_oid::ObjectIdentifier;
use der::Encode;
use smime::asn1::{oid, pem};
use smime::crypto::digest::WeakDigests;
use smime::pki::{
    Certificate, CertificatePool, Oid, PathReport, PathRequest, PolicyInputs, Purpose,
    validate_path,
};
use smime::reason::Severity;
use smime::time::Time;

use crate::peer::Peer;
use crate::random_hierarchy::{Hierarchy, NOW, POLICIES, Random};

/// Hierarchies of each of the two seeds.
const CASES: usize = 75;

/// The same everywhere, so that a change shows.
const FIXED_SEED: u64 = 5280;

/// The inputs of RFC 5280 section 6.1.1 about policies, and how they are said to OpenSSL.
struct Question {
    acceptable: Vec<Oid>,
    require_explicit: bool,
    inhibit_mapping: bool,
    inhibit_any: bool,
}

impl Question {
    fn random(random: &mut Random) -> Question {
        let acceptable = match random.once_in(2) {
            true => random
                .some_of(&POLICIES)
                .into_iter()
                .map(|policy| policy.to_string().parse().unwrap())
                .collect(),
            false => Vec::new(),
        };
        Question {
            acceptable,
            require_explicit: random.once_in(4),
            inhibit_mapping: random.once_in(6),
            inhibit_any: random.once_in(6),
        }
    }

    fn command_line(&self, hierarchy: &Hierarchy) -> String {
        let mut line =
            format!("verify -purpose smimesign -attime {NOW} -policy_check -CAfile root.pem");
        // To OpenSSL no policy at all means that none is acceptable.
        if self.acceptable.is_empty() {
            line.push_str(" -policy anyPolicy");
        }
        for policy in &self.acceptable {
            write!(line, " -policy {policy}").unwrap();
        }
        let flags = [
            (self.require_explicit, " -explicit_policy"),
            (self.inhibit_mapping, " -inhibit_map"),
            (self.inhibit_any, " -inhibit_any"),
            (
                !hierarchy.intermediates.is_empty(),
                " -untrusted untrusted.pem",
            ),
        ];
        line.extend(flags.iter().filter(|(set, _)| *set).map(|(_, flag)| *flag));
        line.push_str(" leaf.pem");
        line
    }

    fn ask_openssl(&self, peer: Peer, hierarchy: &Hierarchy) -> Result<(), String> {
        let place = tempfile::tempdir().unwrap();
        let write = |name: &str, text: String| std::fs::write(place.path().join(name), text);
        write("root.pem", to_pem(&hierarchy.root)).unwrap();
        write("leaf.pem", to_pem(&hierarchy.leaf)).unwrap();
        let untrusted = hierarchy.intermediates.iter().map(to_pem).collect();
        write("untrusted.pem", untrusted).unwrap();
        let line = self.command_line(hierarchy);
        let arguments: Vec<&str> = line.split(' ').collect();
        let run = peer.run(place.path(), &arguments);
        match run.succeeded {
            true => Ok(()),
            false => Err(run.stderr),
        }
    }

    fn ask_us(&self, hierarchy: &Hierarchy) -> PathReport {
        validate_path(&PathRequest {
            certificate: &hierarchy.leaf,
            issuers: &CertificatePool::new([hierarchy.root.clone()], []),
            extra: &hierarchy.intermediates,
            time: Time::from_unix(NOW).unwrap(),
            purpose: Purpose::Sign,
            sha1: WeakDigests::Reject,
            revocation: None,
            policies: PolicyInputs {
                acceptable: &self.acceptable,
                require_explicit: self.require_explicit,
                inhibit_mapping: self.inhibit_mapping,
                inhibit_any: self.inhibit_any,
            },
        })
    }
}

fn to_pem(certificate: &Certificate) -> String {
    pem::encode("CERTIFICATE", certificate.der())
}

fn rejecting(report: &PathReport) -> String {
    let findings = report.findings.iter();
    let reasons = findings.filter(|finding| finding.severity == Severity::Reject);
    reasons.fold(String::new(), |list, finding| {
        list + finding.reason.code() + " "
    })
}

/// Why OpenSSL may reject what is accepted here: the last second of a certificate is still within its
/// validity (RFC 5280 section 4.1.2.5), and to OpenSSL 3.0 it has expired.
fn ends_this_second(theirs: &str, hierarchy: &Hierarchy) -> bool {
    let mut all = hierarchy.below_root().chain([&hierarchy.root]);
    theirs.contains("error 10 at") && all.any(|one| Time::from_unix(NOW) == Some(one.not_after()))
}

/// Why OpenSSL may accept what is rejected here for its policies: a CA names anyPolicy, which does not
/// count there because it is inhibited, and maps a policy that it does not name. Such a mapping needs
/// an anyPolicy that counts (RFC 5280 section 6.1.4 (b)(1)); OpenSSL 3.0 takes the one that is named.
fn maps_an_inhibited_policy(ours: &PathReport, hierarchy: &Hierarchy, question: &Question) -> bool {
    // How many certificates may still come until anyPolicy counts no more.
    let lowered = |counter: u8, authority: &Certificate| {
        let own = authority.find_extension(oid::INHIBIT_ANY_POLICY);
        own.map_or(counter, |own| counter.min(own.value()[2]))
    };
    let mut counter = if question.inhibit_any { 0 } else { u8::MAX };
    counter = lowered(counter, &hierarchy.root);
    let mut found = false;
    for authority in &hierarchy.intermediates {
        let is_inhibited = counter == 0 && !authority.is_self_issued();
        found |= is_inhibited && maps_what_only_any_policy_covers(authority);
        if !authority.is_self_issued() {
            counter = counter.saturating_sub(1);
        }
        counter = lowered(counter, authority);
    }
    found && rejecting(ours) == "path.policy-not-accepted "
}

/// Whether a CA names anyPolicy, and maps a policy that it does not name besides.
fn maps_what_only_any_policy_covers(authority: &Certificate) -> bool {
    // Where an OID stands in the value of an extension.
    let place = |extension, policy: &ObjectIdentifier| {
        let der = policy.to_der().unwrap();
        let value = authority.find_extension(extension)?.value();
        value.windows(der.len()).position(|place| place == der)
    };
    // The one mapping: the policy of the issuer, then that of the subject.
    let places = POLICIES.map(|policy| (place(oid::POLICY_MAPPINGS, &policy), policy));
    let first = places
        .into_iter()
        .filter(|(place, _)| place.is_some())
        .min();
    first.is_some_and(|(_, mapped)| {
        let names = |policy| place(oid::CERTIFICATE_POLICIES, policy).is_some();
        names(&oid::ANY_POLICY) && !names(&mapped)
    })
}

/// Asks both about `count` hierarchies and returns how many both accept.
fn compare(peer: Peer, seed: u64, count: usize) -> usize {
    let (mut accepted, mut explained) = (0, 0);
    let mut surprises = Vec::new();
    for case in 0..count {
        let seed = seed.wrapping_add(case as u64);
        let random = &mut Random(seed);
        let hierarchy = Hierarchy::random(random);
        let question = Question::random(random);
        let ours = question.ask_us(&hierarchy);
        let theirs = question.ask_openssl(peer, &hierarchy);
        match (ours.trusted, theirs) {
            (true, Ok(())) => accepted += 1,
            (false, Err(_)) => {}
            (true, Err(theirs)) if ends_this_second(&theirs, &hierarchy) => explained += 1,
            (false, Ok(())) if maps_an_inhibited_policy(&ours, &hierarchy, &question) => {
                explained += 1;
            }
            (_, theirs) => surprises.push(format!(
                "seed {seed}: {:?}; OpenSSL: {theirs:?}; {}\n{}",
                rejecting(&ours),
                question.command_line(&hierarchy),
                hierarchy.below_root().map(to_pem).collect::<String>()
            )),
        }
    }
    assert!(surprises.is_empty(), "{}", surprises.join("\n"));
    println!("both accept {accepted} of {count}, and of {explained} it is written why not");
    accepted
}

#[test]
fn openssl_gives_the_same_verdict() {
    let Some(peer) = Peer::openssl() else { return };
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse().unwrap());
    let count = number("SMIME_RANDOM_PATHS").map_or(CASES, |count| usize::try_from(count).unwrap());
    let fresh = number("SMIME_RANDOM_SEED").unwrap_or_else(|| {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        u64::try_from(now.unwrap().as_nanos() >> 10).unwrap()
    });
    for seed in [FIXED_SEED, fresh] {
        println!("{count} hierarchies from SMIME_RANDOM_SEED={seed} on");
        let accepted = compare(peer, seed, count);
        // Neither verdict may be rare, or nothing is compared.
        assert!(
            accepted * 10 > count && accepted * 10 < count * 9,
            "{accepted} of {count}"
        );
    }
}
