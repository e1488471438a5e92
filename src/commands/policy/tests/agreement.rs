//! `check` and `apply` agree on random policies, messages and stores.

use proptest::prelude::*;
use proptest::sample::{Index, select, subsequence};

use super::messages::{encrypted, plain, signed};
use super::{Person, State, Store};

const STATES: [State; 8] = [
    State::Present,
    State::Missing,
    State::Expired,
    State::NotYetValid,
    State::Weak,
    State::Revoked,
    State::Held,
    State::WrongUsage,
];

/// Everybody who may be in a store; those with a usable certificate oftener than others.
fn everybody() -> Vec<Person> {
    let mut people = Vec::new();
    for state in STATES {
        people.push(Person::inside(state));
        people.push(Person::outside(state, 0));
    }
    people.extend([1, 2].map(|number| Person::outside(State::Present, number)));
    people
}

/// A line `key = value` or none.
fn key(name: &'static str, values: &'static [&'static str]) -> BoxedStrategy<String> {
    let value = proptest::option::weighted(0.5, select(values));
    let line = value.prop_map(move |value| match value {
        Some(value) => format!("{name} = {value}\n"),
        None => String::new(),
    });
    line.boxed()
}

const DEMANDS: &[&str] = &["\"required\"", "\"if-possible\"", "\"off\""];
const SWITCH: &[&str] = &["\"on\"", "\"off\""];

/// The lines of a rule, for one direction or the other.
fn rule() -> impl Strategy<Value = String> {
    let conditions = vec![
        key(
            "external",
            &[
                "\"*@example.net\"",
                "\"present0@example.net\"",
                "\"*@*.net\"",
                "\"*\"",
            ],
        ),
        key(
            "internal",
            &[
                "\"*@example.com\"",
                "\"present0@example.com\"",
                "\"x@example.com\"",
            ],
        ),
        key("subject", &["\"[encrypt]\"", "\"figures\""]),
        key("header", &["\"X-Encrypt: yes\"", "\"X-Encrypt\""]),
    ];
    let outbound = vec![
        key("strip-trigger", &["true", "false"]),
        key("sign", DEMANDS),
        key(
            "encrypt",
            &[
                "\"required\"",
                "\"others-reject\"",
                "\"others-plain\"",
                "\"off\"",
            ],
        ),
        key(
            "except",
            &[
                "\"calendar\"",
                "[\"already-signed\", \"already-encrypted\"]",
                "[\"already-encrypted\", \"calendar\"]",
            ],
        ),
        key("include", &["\"leaf\"", "\"intermediates\"", "\"chain\""]),
        key(
            "cipher",
            &["\"auto\"", "\"aes-256-gcm\"", "\"aes-128-cbc\""],
        ),
        key("digest", &["\"auto\"", "\"sha512\""]),
        key("protect-headers", SWITCH),
    ];
    let inbound = vec![
        key("decrypt", DEMANDS),
        key("verify", DEMANDS),
        key(
            "require",
            &[
                "[]",
                "\"signed\"",
                "\"encrypted\"",
                "[\"signed\", \"encrypted\"]",
            ],
        ),
        key("on-failure", &["\"reject\"", "\"mark\"", "\"pass\""]),
        key("signature", &["\"keep\"", "\"strip\""]),
        key("rollover", &["\"reject-first\"", "\"accept\"", "\"hold\""]),
        key("envelope-from", &["\"reject\"", "\"warn\"", "\"off\""]),
        key("revocation", &["\"off\"", "\"soft\"", "\"hard\""]),
        key("extraction", SWITCH),
        key("sha1", &["\"reject\"", "\"accept\""]),
    ];
    let body = prop_oneof![
        outbound.prop_map(|keys| format!("direction = \"outbound\"\n{}", keys.concat())),
        inbound.prop_map(|keys| format!("direction = \"inbound\"\n{}", keys.concat())),
    ];
    (conditions, body).prop_map(|(keys, body)| format!("[[rule]]\n{body}{}", keys.concat()))
}

/// A message and the options it is judged with.
#[derive(Clone, Debug)]
struct Case {
    arguments: Vec<String>,
    message: String,
}

/// What stands where the body is; the last ones are no message with MIME.
const BODIES: [&str; 6] = [
    "MIME-Version: 1.0\r\n\r\nThe figures.\r\n",
    "MIME-Version: 1.0\r\nContent-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\n",
    "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nThe \
     figures.\r\n--b--\r\n",
    "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nopen\r\n",
    "Content-Type: text/plain\r\n\r\nThe figures.\r\n",
    "\r\nGr\u{fc}\u{df}e\r\n",
];

const SUBJECTS: [&str; 4] = [
    "Figures",
    "[encrypt] Figures",
    "=?utf-8?Q?=5Bencrypt=5D_Figures?=",
    "=?utf-8?B?W2VuY3J5cHRd?=",
];

fn outbound() -> impl Strategy<Value = Case> {
    let people = everybody();
    let (inside, outside): (Vec<_>, Vec<_>) = people.into_iter().partition(|p| p.is_internal);
    (
        select(inside),
        subsequence(outside.clone(), 1..4),
        proptest::option::weighted(0.2, select(outside.clone())),
        proptest::option::weighted(0.3, subsequence(outside, 1..3)),
        select(&SUBJECTS[..]),
        select(&["", "X-Encrypt: yes\r\n", "X-Encrypt: no\r\n"][..]),
        select(&BODIES[..]),
        0..8_u8,
    )
        .prop_map(
            |(sender, to, blind, envelope, subject, header, body, already)| {
                let list = |people: &[Person]| {
                    let addresses: Vec<String> = people.iter().map(|to| to.address()).collect();
                    addresses.join(", ")
                };
                let blind = blind.map(|to| format!("Bcc: {}\r\n", to.address()));
                let message = format!(
                    "From: {}\r\nTo: {}\r\n{}Subject: {subject}\r\n{header}{body}",
                    sender.address(),
                    list(&to),
                    blind.unwrap_or_default(),
                );
                let is_whole = body == BODIES[0];
                let message = match already {
                    0 if is_whole => signed(Person::inside(State::Present), &message),
                    1 if is_whole => encrypted(to[0], &message.replace("Bcc:", "X-Blind:")),
                    2 => String::new(),
                    3 => message.replace("From: ", "From "),
                    _ => message,
                };
                let envelope = envelope.unwrap_or_default();
                let envelope = envelope
                    .iter()
                    .map(|to| format!("--envelope-to={}", to.address()));
                Case {
                    arguments: ["--direction=outbound".to_owned()]
                        .into_iter()
                        .chain(envelope)
                        .collect(),
                    message,
                }
            },
        )
}

fn inbound() -> impl Strategy<Value = Case> {
    let states = [&STATES[..], &[State::Untrusted, State::Present]].concat();
    (
        select(states),
        select(&["", "bounces@example.org", "<>", "present0@example.net"][..]),
        proptest::option::weighted(0.3, Just("x@example.com")),
        0..10_u8,
        any::<Index>(),
    )
        .prop_map(|(state, envelope, other, kind, at)| {
            let sender = match state {
                State::Missing => Person::outside(State::Present, 1),
                state => Person::outside(state, 0),
            };
            let recipient = Person::inside(State::Present);
            let message = plain(sender, recipient);
            let message = match kind {
                0 => message,
                1 => encrypted(recipient, &message),
                2 => encrypted(recipient, &signed(sender, &message)),
                3 => encrypted(sender, &message),
                4 => signed(sender, &encrypted(recipient, &message)),
                5 => signed(sender, &message).replace("figures", "numbers"),
                // One octet is another, wherever that is.
                6 | 7 => {
                    let mut octets = signed(sender, &message).into_bytes();
                    let at = at.index(octets.len());
                    octets[at] = if octets[at] == b'x' { b'y' } else { b'x' };
                    String::from_utf8(octets).unwrap()
                }
                _ => signed(sender, &message),
            };
            let mut arguments = vec!["--direction=inbound".to_owned()];
            if !envelope.is_empty() {
                arguments.push(format!("--envelope-from={envelope}"));
            }
            if let Some(other) = other {
                arguments.push(format!("--envelope-to={}", recipient.address()));
                arguments.push(format!("--envelope-to={other}"));
            }
            Case { arguments, message }
        })
}

proptest! {
    // Each case is a store with eight messages, every one judged four times.
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..Default::default() })]

    #[test]
    fn check_and_apply_agree(
        people in subsequence(everybody(), 4..12),
        rules in proptest::collection::vec(rule(), 0..5),
        cases in proptest::collection::vec(prop_oneof![outbound(), inbound()], 8),
    ) {
        let store = Store::of(&people);
        store.policy(&rules.concat());
        for case in cases {
            let arguments: Vec<&str> = case.arguments.iter().map(String::as_str).collect();
            store.judged(&arguments, &case.message);
            store.judged_as_one(&arguments, &case.message);
        }
    }
}
