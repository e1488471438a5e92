//! The truth table of outbound mail: every `sign` with every `encrypt`, for a signer and recipients
//! whose certificates are in every state.

use serde_json::Value;

use super::{Ended, Person, Reader, State, Store};

/// What happens to each recipient: with `+` a usable certificate is there, with `-` not.
const ENCRYPT: [(&str, [(&str, &str); 5]); 4] = [
    (
        "required",
        [
            ("+", "encrypt"),
            ("-", "reject"),
            ("++", "encrypt encrypt"),
            ("+-", "reject reject"),
            ("--", "reject reject"),
        ],
    ),
    (
        "others-reject",
        [
            ("+", "encrypt"),
            ("-", "reject"),
            ("++", "encrypt encrypt"),
            ("+-", "encrypt reject"),
            ("--", "reject reject"),
        ],
    ),
    (
        "others-plain",
        [
            ("+", "encrypt"),
            ("-", "plain"),
            ("++", "encrypt encrypt"),
            ("+-", "encrypt plain"),
            ("--", "plain plain"),
        ],
    ),
    (
        "off",
        [
            ("+", "plain"),
            ("-", "plain"),
            ("++", "plain plain"),
            ("+-", "plain plain"),
            ("--", "plain plain"),
        ],
    ),
];

/// What happens with a usable certificate and key of the sender, and without.
const SIGN: [(&str, [&str; 2]); 3] = [
    ("required", ["sign", "reject"]),
    ("if-possible", ["sign", "plain"]),
    ("off", ["plain", "plain"]),
];

/// A rule for each row of the product, triggered by its words in the subject.
fn policy() -> String {
    let rules = SIGN.iter().flat_map(|(sign, _)| {
        ENCRYPT.iter().map(move |(encrypt, _)| {
            format!(
                "[[rule]]\nname = \"{sign} {encrypt}\"\ndirection = \"outbound\"\n\
                 subject = \"[{sign} {encrypt}]\"\nsign = \"{sign}\"\nencrypt = \"{encrypt}\"\n"
            )
        })
    });
    rules.collect()
}

/// Everybody's mail, with a body that is easy to find again.
fn mail(sender: Person, recipients: &[Person], subject: &str) -> String {
    let recipients: Vec<String> = recipients.iter().map(|to| to.address()).collect();
    format!(
        "From: {}\r\nTo: {}\r\nSubject: {subject}\r\nMIME-Version: 1.0\r\n\r\nThe figures.\r\n",
        sender.address(),
        recipients.join(", ")
    )
}

/// What was done to a copy, as its reader sees it.
#[track_caller]
fn done(message: &str, as_it_came: &str, reader: Person) -> &'static str {
    let is = |message: &str, kind: &str| {
        let header = message.split("\r\n\r\n").next().unwrap();
        header.contains(&format!("Content-Type: {kind}"))
    };
    if message == as_it_came {
        return "pass";
    }
    if is(message, "multipart/signed") {
        return "sign";
    }
    assert!(is(message, "application/pkcs7-mime"), "{message}");
    assert!(!message.contains("The figures"), "{message}");
    let opened = Reader(reader)
        .open(message)
        .expect("it is encrypted to the reader");
    assert!(opened.contains("The figures.\r\n"), "{opened}");
    match is(&opened, "multipart/signed") {
        true => "sign, encrypt",
        false => "encrypt",
    }
}

/// The words of the actions of each recipient.
fn actions(ended: &Ended) -> Vec<String> {
    let rows = ended.document["recipients"].as_array().unwrap().iter();
    let words = |row: &Value| {
        let words = row["actions"].as_array().unwrap().iter();
        let words: Vec<_> = words.map(|word| word.as_str().unwrap()).collect();
        words.join(", ")
    };
    rows.map(words).collect()
}

fn codes(row: &Value) -> Vec<&str> {
    let findings = row["findings"].as_array().unwrap().iter();
    findings
        .map(|finding| finding["code"].as_str().unwrap())
        .collect()
}

/// One row of the product of both tables.
#[track_caller]
fn hold(
    store: &Store,
    (sign, by_signer): (&str, [&str; 2]),
    (encrypt, expected): (&str, &str),
    sender: Person,
    recipients: &[Person],
) {
    let what = format!("sign {sign}, encrypt {encrypt}, from {sender:?} to {recipients:?}");
    let message = mail(sender, recipients, &format!("[{sign} {encrypt}] Figures"));
    let ended = store.judged(&["--direction=outbound"], &message);
    let signature = by_signer[usize::from(sender.state != State::Present)];
    let mut wanted = Vec::new();
    for (index, outcome) in expected.split(' ').enumerate() {
        let action = match (signature, outcome) {
            ("reject", _) | (_, "reject") => "reject",
            ("plain", "plain") => "pass",
            ("plain", "encrypt") => "encrypt",
            ("sign", "plain") => "sign",
            ("sign", "encrypt") => "sign, encrypt",
            other => panic!("{other:?}"),
        };
        wanted.push(action);
        let row = &ended.document["recipients"][index];
        let mut reasons = Vec::new();
        if signature == "reject" {
            reasons.push("policy.signer-certificate-missing");
        }
        if outcome == "reject" {
            reasons.push("policy.recipient-certificate-missing");
        }
        if action == "pass" {
            reasons.push("policy.not-processed");
        }
        assert_eq!(codes(row), reasons, "{what}: {ended:#?}");
    }
    assert_eq!(actions(&ended), wanted, "{what}: {ended:#?}");
    let is_rejected = wanted.contains(&"reject");
    assert_eq!(ended.status, u8::from(is_rejected), "{what}");
    let verdict = match (is_rejected, wanted.iter().all(|action| *action == "pass")) {
        (true, _) => "rejected",
        (false, true) => "not-processed",
        (false, false) => "accepted",
    };
    assert_eq!(ended.document["verdict"], verdict, "{what}");
    for copy in &ended.copies {
        for recipient in &copy.recipients {
            let index = recipients
                .iter()
                .position(|to| to.address() == *recipient)
                .unwrap();
            let found = done(&copy.message, &message, recipients[index]);
            assert_eq!(found, wanted[index], "{what}: {recipient}");
        }
    }
    // Whoever is passed over is named with the reason.
    for (person, facts) in [(sender, &ended.document["signer"])].into_iter().chain(
        recipients
            .iter()
            .enumerate()
            .map(|(index, to)| (*to, &ended.document["recipients"][index]["certificate"])),
    ) {
        let chosen = facts["sha256"].is_string();
        assert_eq!(chosen, person.state == State::Present, "{what}: {facts}");
        let passed: Vec<&str> = facts["passed_over"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|row| row["codes"].as_array().unwrap())
            .map(|code| code.as_str().unwrap())
            .collect();
        assert_eq!(passed, passed_over(person), "{what}: {facts}");
    }
}

/// Why the certificate of a person is not used.
fn passed_over(person: Person) -> Vec<&'static str> {
    let (_, code) = match person.state {
        State::Present => return Vec::new(),
        state => State::UNUSABLE
            .into_iter()
            .find(|(other, _)| *other == state)
            .unwrap(),
    };
    match (person.state, person.is_internal) {
        (State::WrongUsage, true) => vec!["cert.key-usage-forbids-signing"],
        (State::WrongUsage, false) => vec!["cert.key-usage-forbids-encryption"],
        // What is held for a user is nobody's identity.
        (State::Held, true) => Vec::new(),
        _ => code.into_iter().collect(),
    }
}

#[test]
fn every_sign_with_every_encrypt_in_every_state() {
    let unusable = State::UNUSABLE.map(|(state, _)| state);
    let mut people = vec![
        Person::inside(State::Present),
        Person::outside(State::Present, 0),
        Person::outside(State::Present, 1),
    ];
    for state in unusable {
        people.extend([0, 1].map(|number| Person::outside(state, number)));
        people.push(Person::inside(state));
    }
    let store = Store::of(&people);
    store.policy(&policy());
    for sign in SIGN {
        for (encrypt, rows) in ENCRYPT {
            for (certificates, expected) in rows {
                // Every state of the recipients' certificates under a good signer.
                for state in unusable {
                    let recipients = recipients(certificates, state);
                    let sender = Person::inside(State::Present);
                    hold(&store, sign, (encrypt, expected), sender, &recipients);
                    if !certificates.contains('-') {
                        break;
                    }
                }
                // Every state of the signer's under one of theirs.
                let recipients = recipients(certificates, State::Missing);
                for state in unusable {
                    let sender = Person::inside(state);
                    hold(&store, sign, (encrypt, expected), sender, &recipients);
                }
            }
        }
    }
}

fn recipients(certificates: &str, state: State) -> Vec<Person> {
    let mut recipients = Vec::new();
    for (number, certificate) in (0..).zip(certificates.chars()) {
        recipients.push(match certificate {
            '+' => Person::outside(State::Present, number),
            _ => Person::outside(state, number),
        });
    }
    recipients
}
