//! Whom a message has to be from.

use super::*;

#[test]
fn the_author_has_to_be_in_the_certificate() {
    let world = World::new();
    let signed = sign(&world.alice, MESSAGE);
    let from = "From: Alice <alice@example.com>";
    let with_from = |other: &str| replace(&signed, from, other);
    let mismatch = [Reason::SmimeFromMismatch];
    assert_eq!(
        world.rejection(&with_from("From: mallory@example.com")),
        mismatch
    );
    assert_eq!(
        world.rejection(&with_from("From: Alice@example.com")),
        mismatch
    );
    assert_eq!(
        reasons(&world.verify(&with_from("From: alice@EXAMPLE.com")).verdict),
        []
    );
    let unusable = [Reason::MailMultipleFrom];
    for other in [
        "From: Alice <alice@example.com>\r\nFrom: mallory@example.com",
        "From: alice@example.com, mallory@example.com",
        "From: Alice",
        "From:",
        "X-From: alice@example.com",
    ] {
        assert_eq!(world.rejection(&with_from(other)), unusable, "{other}");
    }
    let shown = world.verify(&with_from(
        "From: \"mallory@example.net\" <alice@example.com>",
    ));
    assert!(shown.verdict.has(Reason::SmimeSenderDiffers) && shown.release.is_some());
    let sender = world.verify(&with_from(&format!("{from}\r\nSender: list@example.net")));
    assert!(sender.verdict.has(Reason::SmimeSenderDiffers) && sender.release.is_some());
}

#[test]
fn an_expected_author_takes_the_place_of_from() {
    let mut world = World::new();
    let signed = sign(&world.alice, MESSAGE);
    let other = replace(
        &signed,
        "From: Alice <alice@example.com>",
        "From: list@example.net",
    );
    world.expected = Some(Address::parse("alice@example.com").unwrap());
    assert_eq!(reasons(&world.verify(&other).verdict), []);
    world.expected = Some(Address::parse("bob@example.com").unwrap());
    assert_eq!(world.rejection(&signed), [Reason::SmimeFromMismatch]);
}

#[test]
fn the_envelope_sender_is_compared_as_the_profile_says() {
    let mut world = World::new();
    let signed = sign(&world.alice, MESSAGE);
    for (envelope, mode, rejected, found) in [
        ("alice@EXAMPLE.com", EnvelopeFrom::Reject, false, false),
        ("bounce@example.net", EnvelopeFrom::Reject, true, true),
        ("bounce@example.net", EnvelopeFrom::Warn, false, true),
        ("bounce@example.net", EnvelopeFrom::Off, false, false),
        ("", EnvelopeFrom::Reject, false, false),
    ] {
        world.envelope_from = Some(envelope);
        world.profile.envelope_from = mode;
        let verdict = world.verify(&signed).verdict;
        assert_eq!(
            verdict.outcome() == Outcome::Rejected,
            rejected,
            "{envelope} {mode:?}"
        );
        assert_eq!(
            verdict.has(Reason::SmimeEnvelopeFromMismatch),
            found,
            "{envelope} {mode:?}"
        );
    }
}
