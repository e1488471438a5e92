//! What the user is told about certificates that an import has stored.

use std::collections::BTreeMap;

use crate::commands::Context;
use crate::keystore::{Kind, Outcome, StoredCertificate};
use crate::time::Time;

/// So many certificates are told of one by one; of more, how many they are.
const SINGLY: usize = 20;

/// Tells what became of each certificate, and which of them have expired.
pub(super) fn tell(context: &Context, all: &[(Outcome, StoredCertificate)], now: Time) {
    let singly = all.len() <= SINGLY;
    if !singly {
        tell_numbers(context, all);
    }
    for (outcome, stored) in all {
        let whose = match stored.addresses.first() {
            Some(address) => address.to_string(),
            None => stored.certificate.subject().to_string(),
        };
        if singly {
            let (done, kind) = (done(*outcome), kind(stored.kind));
            context
                .console()
                .note(format_args!("{whose}: {done}: {kind}"));
        }
        if stored.certificate.not_after() < now {
            context.console().warning(format_args!(
                "{whose}: the certificate has expired; it only serves for mail of its time"
            ));
        }
    }
}

fn tell_numbers(context: &Context, all: &[(Outcome, StoredCertificate)]) {
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (outcome, stored) in all {
        let same = counts.entry((done(*outcome), kind(stored.kind)));
        *same.or_default() += 1;
    }
    for ((done, kind), count) in counts {
        context
            .console()
            .note(format_args!("{done}: {kind} ({count} of them)"));
    }
}

fn done(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Stored => "stored",
        Outcome::Raised => "stored, with more known about it than before",
        Outcome::Known => "stored already",
    }
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Identity => "a user's certificate and private key",
        Kind::ThirdParty => "a third party's certificate",
        Kind::Held => "a held certificate",
        Kind::Ca => "an intermediate, which is not trusted for itself",
    }
}
