//! What the rules of the policy ask for.

use super::Entry;
use super::Severity::{Info, Reject};

pub(super) const NOT_PROCESSED: Entry = Entry {
    severity: Info,
    clause: "rule of the policy",
    summary: "the message is passed on as it is",
    causes: "It does not conform to MIME, is exempted by the matching rule, or the rule asks for \
        nothing.",
    hint: "Nothing, if that is intended.",
    sender: "Nothing.",
    receiver: "Nothing.",
    administrator: "See why with `smime policy check`: it names the rule and what the message \
        lacks.",
    example: "A calendar invitation, under a rule with `except = [\"calendar\"]`.",
};

pub(super) const PROTECTION_DISABLED: Entry = Entry {
    severity: Info,
    clause: "setting `protection`",
    summary: "protection is off, so every message is passed on as it is",
    causes: "There is no CA yet, the keystore was reset, or the setting was turned off.",
    hint: "Run `smime ca init`, or `smime settings protection on`.",
    sender: "Nothing.",
    receiver: "Nothing.",
    administrator: "Turn it on: `smime ca init` in a new keystore, else `smime settings protection \
        on`.",
    example: "The gateway runs, and `smime ca reset` was run yesterday.",
};

pub(super) const NO_RULE_MATCHED: Entry = Entry {
    severity: Info,
    clause: "rule of the policy",
    summary: "no rule of the policy matched; the built-in default decides",
    causes: "There is no policy file, or its rules are for other addresses.",
    hint: "Run `smime policy init` to start one.",
    sender: "Nothing.",
    receiver: "Nothing.",
    administrator: "Write a rule for these addresses; `smime policy show` prints those in force.",
    example: "All rules are for `*@example.com`, and the sender is at example.net.",
};

pub(super) const COPIES_DIFFER: Entry = Entry {
    severity: Info,
    clause: "rule of the policy",
    summary: "the recipients get different messages",
    causes: "Rules treat them differently, some have certificates and others none, or a blind recipient gets a copy of their own.",
    hint: "Give `policy apply` a directory with `--split-dir`, or hand over one recipient at a time.",
    sender: "Nothing.",
    receiver: "Nothing.",
    administrator: "Have the mail server hand over one recipient at a time, or send each message in the directory of `--split-dir` to its recipients.",
    example: "A mail to two people, of whom one has a certificate, under `encrypt = \"others-plain\"`.",
};

pub(super) const SIGNER_CERTIFICATE_MISSING: Entry = Entry {
    severity: Reject,
    clause: "policy key `sign`",
    summary: "the rule requires a signature, and the sender has no usable certificate and key",
    causes: "No certificate was issued or imported for the sender, or it has expired.",
    hint: "Run `smime cert issue ADDRESS`, or import one.",
    sender: "Ask the administrator for a certificate.",
    receiver: "Nothing.",
    administrator: "`smime cert issue ADDRESS`, or `smime cert import FILE` with the user's key.",
    example: "A new employee sends to a partner for whom signing is required.",
};

pub(super) const RECIPIENT_CERTIFICATE_MISSING: Entry = Entry {
    severity: Reject,
    clause: "policy key `encrypt`",
    summary: "the rule requires encryption, and a recipient has no usable certificate",
    causes: "No certificate of the recipient was imported or extracted, or it has expired.",
    hint: "Import the recipient's certificate, or ask them for a signed message.",
    sender: "Ask the recipient for a signed message, or for the certificate.",
    receiver: "Send a signed message: its certificate is taken from it.",
    administrator: "`smime cert import FILE`; or choose `others-plain` if plain mail is allowed.",
    example: "The first message to a new partner, under `encrypt = \"required\"`.",
};

pub(super) const SIGNATURE_REQUIRED: Entry = Entry {
    severity: Reject,
    clause: "policy key `require`",
    summary: "the rule requires a signed message, and this one has no accepted signature",
    causes: "It was sent without a signature, or its signature was not accepted.",
    hint: "Ask the sender to sign.",
    sender: "Sign the message and send it again.",
    receiver: "Ask the sender to sign.",
    administrator: "Look at the rule with `smime policy check`; add the partner's CA if the \
        signature was refused for it.",
    example: "An unsigned message, under `require = [\"signed\"]`.",
};

pub(super) const ENCRYPTION_REQUIRED: Entry = Entry {
    severity: Reject,
    clause: "policy key `require`",
    summary: "the rule requires an encrypted message, and this one is not",
    causes: "It was sent without encryption.",
    hint: "Ask the sender to encrypt.",
    sender: "Encrypt the message and send it again.",
    receiver: "Send the sender your certificate, for instance in a signed message.",
    administrator: "Look at the rule with `smime policy check`.",
    example: "A plain message, under `require = [\"encrypted\"]`.",
};

pub(super) const ALREADY_SIGNED: Entry = Entry {
    severity: Info,
    clause: "policy key `except`",
    summary: "the message is signed already",
    causes: "The sender's own program signs.",
    hint: "Nothing.",
    sender: "Nothing.",
    receiver: "Nothing.",
    administrator: "Without `except = [\"already-signed\"]` in the rule it would be signed once \
        more.",
    example: "The user's mail program signs on its own.",
};

pub(super) const ALREADY_ENCRYPTED: Entry = Entry {
    severity: Info,
    clause: "policy key `except`",
    summary: "the message is encrypted already",
    causes: "The sender's own program encrypts.",
    hint: "Nothing.",
    sender: "Nothing.",
    receiver: "Nothing.",
    administrator: "Without `except = [\"already-encrypted\"]` in the rule it would be encrypted \
        once more.",
    example: "The user's mail program encrypts on its own.",
};
