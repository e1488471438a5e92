//! A sender with another certificate than the stored one.

use super::Entry;
use super::Severity::{Reject, Warning};

pub(super) const ROLLOVER_FIRST_MESSAGE: Entry = Entry {
    severity: Reject,
    clause: "behavior of rollover `reject-first`",
    summary: "the sender signs with a new certificate; it is trusted and now stored, and this \
        first message is rejected",
    causes: "The sender's certificate was renewed or replaced.",
    hint: "Compare the two certificates in the report; if the change is expected, have the message \
        sent again: it will pass.",
    sender: "Send the message again: it will pass.",
    receiver: "Compare the certificates in the report; ask the sender by telephone if you did not \
        expect a change.",
    administrator: "Choose `accept` or `hold` for the setting `rollover` if rejected first \
        messages are a burden.",
    example: "A partner renewed the certificate last week, and this is the first message with it.",
};

pub(super) const ROLLOVER_ACCEPTED: Entry = Entry {
    severity: Warning,
    clause: "behavior of rollover `accept`",
    summary: "the sender signs with a new certificate that is trusted; it was stored beside the \
        old one",
    causes: "The sender's certificate was renewed or replaced.",
    hint: "Compare the two certificates in the report.",
    sender: "Nothing.",
    receiver: "Look whether the change was expected.",
    administrator: "Nothing; with `hold` each new certificate waits for approval.",
    example: "A partner renewed the certificate, under the same CA.",
};

pub(super) const MISMATCH_UNTRUSTED: Entry = Entry {
    severity: Reject,
    clause: "behavior of rollover",
    summary: "the sender signs with another certificate than the one imported by hand, and no \
        trusted CA stands behind it",
    causes: "The sender's certificate was replaced by one of an unknown CA, or somebody else signs \
        in the sender's name.",
    hint: "Ask the sender over another channel; import the new certificate by hand if it is \
        theirs.",
    sender: "Send your new certificate to the receiver over another channel, or sign with the old \
        one.",
    receiver: "Ask the sender over another channel; import the certificate by hand if it is \
        theirs.",
    administrator: "Add the CA that issued it with `smime trust add`, if it is to be trusted.",
    example: "The partner's old certificate was imported, and the new one is self-signed.",
};

pub(super) const HELD: Entry = Entry {
    severity: Reject,
    clause: "behavior of rollover `hold`",
    summary: "the sender signs with a new certificate, which is held until it is approved",
    causes: "The sender's certificate was renewed or replaced.",
    hint: "Compare the two certificates in the report and run `smime cert approve`; then have the \
        message sent again.",
    sender: "Send the message again, once the receiver has approved.",
    receiver: "Compare the certificates; `smime cert approve SELECTOR` stores the new one.",
    administrator: "See what waits with `smime status`.",
    example: "`rollover hold`, and a partner signs with a new certificate.",
};
