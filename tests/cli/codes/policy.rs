use crate::office::MAIL;
use crate::place::Place;

/// Holds what `smime policy check` shows of a message under one rule.
#[track_caller]
fn check_shows(code: &str, direction: &str, rule: &str, message: &str) {
    let place = Place::office();
    if !rule.is_empty() {
        let rule = format!("[[rule]]\nname = \"partners\"\ndirection = \"{direction}\"\n{rule}");
        place.write("store/policy.toml", rule);
    }
    place.write("message.eml", message);
    let line = format!("policy check --direction {direction} message.eml");
    place.shows(code, &line);
}

#[test]
fn not_processed() {
    let rule = "sign = \"off\"\nencrypt = \"off\"\n";
    check_shows("policy.not-processed", "outbound", rule, MAIL);
}

#[test]
fn protection_disabled() {
    let place = Place::office();
    assert_eq!(place.run(["settings", "protection", "off"]).status, 0);
    place.write("message.eml", MAIL);
    place.shows(
        "policy.protection-disabled",
        "policy check --direction outbound message.eml",
    );
}

#[test]
fn no_rule_matched() {
    let rule = "internal = [\"*@example.org\"]\n";
    check_shows("policy.no-rule-matched", "outbound", rule, MAIL);
}

#[test]
fn signer_certificate_missing() {
    let mail = MAIL.replace("alice@example.com", "erin@example.com");
    check_shows(
        "policy.signer-certificate-missing",
        "outbound",
        "sign = \"required\"\n",
        &mail,
    );
}

#[test]
fn recipient_certificate_missing() {
    let mail = MAIL.replace("bob@example.com", "erin@example.net");
    let rule = "encrypt = \"required\"\n";
    check_shows(
        "policy.recipient-certificate-missing",
        "outbound",
        rule,
        &mail,
    );
}

#[test]
fn signature_required() {
    let rule = "require = [\"signed\"]\non-failure = \"reject\"\n";
    check_shows("policy.signature-required", "inbound", rule, MAIL);
}

#[test]
fn encryption_required() {
    let rule = "require = [\"encrypted\"]\non-failure = \"reject\"\n";
    check_shows("policy.encryption-required", "inbound", rule, MAIL);
}

#[test]
fn already_signed() {
    let rule = "sign = \"required\"\nencrypt = \"off\"\nexcept = [\"already-signed\"]\n";
    let signed = Place::office().signed(MAIL);
    check_shows("policy.already-signed", "outbound", rule, &signed);
}

#[test]
fn already_encrypted() {
    let rule = "sign = \"off\"\nencrypt = \"required\"\nexcept = [\"already-encrypted\"]\n";
    let encrypted = Place::office().made(&["encrypt"], MAIL);
    check_shows("policy.already-encrypted", "outbound", rule, &encrypted);
}

#[test]
fn copies_differ() {
    let mail = MAIL.replace("To: Bob", "To: erin@example.net, Bob");
    let rule = "encrypt = \"others-plain\"\n";
    check_shows("policy.copies-differ", "outbound", rule, &mail);
}
