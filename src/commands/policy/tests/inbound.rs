//! The truth table of inbound mail: every mode with every signature in every encryption.

use super::messages::{Encryption, Message, Signature, every, plain, signed};
use super::{Copy, Person, State, Store};

const DEMANDS: [&str; 3] = ["required", "if-possible", "off"];
const REQUIRE: [&[&str]; 4] = [&[], &["signed"], &["encrypted"], &["signed", "encrypted"]];
const ON_FAILURE: [&str; 3] = ["reject", "mark", "pass"];

/// A rule of inbound mail.
#[derive(Clone, Copy, Debug)]
struct Mode {
    decrypt: &'static str,
    verify: &'static str,
    require: &'static [&'static str],
    on_failure: &'static str,
    signature: &'static str,
}

impl Mode {
    fn policy(&self) -> String {
        format!(
            "[[rule]]\nname = \"it\"\ndirection = \"inbound\"\nrevocation = \"soft\"\n\
             decrypt = \"{}\"\nverify = \"{}\"\nrequire = {:?}\non-failure = \"{}\"\n\
             signature = \"{}\"\n",
            self.decrypt, self.verify, self.require, self.on_failure, self.signature
        )
    }

    /// Whether signatures are looked at.
    fn looks(&self) -> bool {
        self.verify != "off" || self.require.contains(&"signed")
    }

    fn asks_for_nothing(&self) -> bool {
        self.verify == "off" && self.decrypt == "off" && self.require.is_empty()
    }

    fn decrypts(&self) -> bool {
        self.decrypt != "off"
    }

    /// What smime-policy(5) says is wrong with a message.
    fn failures(&self, message: &Message) -> Vec<&'static str> {
        let mut failures = Vec::new();
        let signature = self.seen_signature(message);
        match (message.encryption, self.decrypt) {
            (Encryption::Damaged, "required" | "if-possible") => {
                failures.push("cms.decryption-failed");
            }
            (Encryption::Foreign, "required") => failures.push("cms.recipient-not-found"),
            _ => {}
        }
        if let (Signature::Bad(code), true) = (signature, self.looks()) {
            failures.push(code);
        }
        let is_demanded = self.verify == "required" || self.require.contains(&"signed");
        let is_undecided = !failures.is_empty();
        if is_demanded && (signature != Signature::Good || is_undecided) {
            failures.push("policy.signature-required");
        }
        if self.require.contains(&"encrypted") && message.encryption == Encryption::None {
            failures.push("policy.encryption-required");
        }
        failures
    }

    /// The signature, where it can be seen.
    fn seen_signature(&self, message: &Message) -> Signature {
        match message.encryption {
            Encryption::None => message.signature,
            Encryption::Ours if self.decrypts() => message.signature,
            _ => Signature::None,
        }
    }
}

#[track_caller]
fn hold(store: &Store, mode: Mode, message: &Message) {
    let what = format!(
        "{mode:?}: {:?} {:?} of {:?}",
        message.signature, message.encryption, message.sender
    );
    let ended = store.judged(&["--direction=inbound"], &message.text);
    let failures = mode.failures(message);
    let found: Vec<&str> = ended.document["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["severity"] == "reject")
        .map(|finding| finding["code"].as_str().unwrap())
        .collect();
    assert_eq!(found, failures, "{what}: {ended:#?}");
    let action = match (failures.is_empty(), mode.on_failure) {
        (true, _) | (_, "pass") => "deliver",
        (false, word) => word,
    };
    assert_eq!(ended.document["policy"]["actions"][0], action, "{what}");
    assert_eq!(ended.status, u8::from(action == "reject"), "{what}");
    match (&ended.copies[..], action) {
        ([], "reject") => assert!(ended.told.contains(failures[0]), "{what}: {}", ended.told),
        ([copy], _) if action != "reject" => hold_copy(mode, message, copy, &failures, &what),
        other => panic!("{what}: {other:?}"),
    }
}

/// What is delivered.
#[track_caller]
fn hold_copy(mode: Mode, message: &Message, copy: &Copy, failures: &[&str], what: &str) {
    if mode.asks_for_nothing() {
        assert_eq!(copy.message, message.text, "{what}");
        return;
    }
    let (noted, rest) = copy.message.split_at(copy.message.find("From: ").unwrap());
    let result = match (mode.seen_signature(message), failures) {
        _ if !mode.looks() => "",
        (Signature::None, _) => "smime=none",
        (Signature::Good, []) => "smime=pass",
        (Signature::Good, _) => "smime=policy",
        (Signature::Bad(_), _) => "smime=fail",
    };
    assert!(noted.contains(result), "{what}: {noted}");
    assert_eq!(noted.is_empty(), result.is_empty(), "{what}: {noted}");
    if let (Some(first), true) = (failures.first(), mode.looks()) {
        assert!(
            noted.contains(&format!("reason={first}")),
            "{what}: {noted}"
        );
    }
    let is_opened =
        failures.is_empty() && mode.decrypts() && message.encryption == Encryption::Ours;
    let is_stripped = failures.is_empty()
        && mode.looks()
        && mode.signature == "strip"
        && mode.seen_signature(message) == Signature::Good;
    if !is_opened && !is_stripped {
        assert_eq!(rest, message.text, "{what}");
        return;
    }
    assert!(
        rest.contains("The figures.\r\n") || message.signature == TAMPERED,
        "{what}: {rest}"
    );
    assert!(!rest.contains("pkcs7-mime"), "{what}: {rest}");
    let is_signed = rest.contains("multipart/signed");
    let stays_signed = message.signature != Signature::None && !is_stripped;
    assert_eq!(is_signed, stays_signed, "{what}: {rest}");
}

const TAMPERED: Signature = Signature::Bad("cms.message-digest-mismatch");

/// A store that can read what is to the recipient, and knows of the revocation.
fn store() -> (Store, Person) {
    let recipient = Person::inside(State::Present);
    let revoked = Person::outside(State::Revoked, 0);
    (Store::of(&[recipient, revoked]), recipient)
}

#[test]
fn every_mode_with_every_message() {
    let (store, recipient) = store();
    let messages = every(recipient);
    for (number, decrypt) in DEMANDS.into_iter().enumerate() {
        for verify in DEMANDS {
            for (of_signature, require) in REQUIRE.into_iter().enumerate() {
                for on_failure in ON_FAILURE {
                    let mode = Mode {
                        decrypt,
                        verify,
                        require,
                        on_failure,
                        signature: ["keep", "strip"][(number + of_signature) % 2],
                    };
                    store.policy(&mode.policy());
                    for message in &messages {
                        // What fails ends in three ways, what does not in one; the ways do not
                        // depend on whose signature it is.
                        let fails = !mode.failures(message).is_empty();
                        if on_failure == "reject" || fails && message.sender.state == State::Present
                        {
                            hold(&store, mode, message);
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn recipients_whose_rules_say_the_same_share_a_message() {
    let (store, recipient) = store();
    let rule = |name: &str, signature: &str| {
        format!(
            "[[rule]]\nname = \"{name}\"\ndirection = \"inbound\"\n\
             internal = \"{name}@example.com\"\nsignature = \"{signature}\"\n"
        )
    };
    let sender = Person::outside(State::Present, 0);
    let message = signed(sender, &plain(sender, recipient));
    let arguments = [
        "--direction=inbound",
        "--envelope-to=a@example.com",
        "--envelope-to=b@example.com",
        "--envelope-to=a@example.com",
    ];
    store.policy(&(rule("a", "strip") + &rule("b", "strip")));
    let copies = store.judged(&arguments, &message).copies;
    assert_eq!(copies.len(), 1);
    assert_eq!(copies[0].recipients, ["a@example.com", "b@example.com"]);
    assert!(store.judged_as_one(&arguments, &message).is_some());

    store.policy(&(rule("a", "strip") + &rule("b", "keep")));
    assert_eq!(store.judged(&arguments, &message).copies.len(), 2);
    assert_eq!(store.judged_as_one(&arguments, &message), None);
}
