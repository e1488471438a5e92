//! RFC 8551 and 8550: what the message as a whole is, and who is its author.

use super::Entry;
use super::Severity::{Info, Reject, Warning};

pub(super) const NOT_SIGNED: Entry = Entry {
    severity: Reject,
    clause: "RFC 8551 section 3",
    summary: "the message is not signed",
    causes: "It was sent without a signature, or the signature was removed on the way.",
    hint: "Ask the sender to sign, or check which intermediary removes `smime.p7s` attachments.",
    sender: "Turn signing on in the mail program, or sign with `smime sign`.",
    receiver: "Ask the sender for a signed copy; a signature that was removed on the way cannot be \
        found again here.",
    administrator: "If the sender did sign, look for the relay that drops `smime.p7s` attachments \
        or rewrites Content-Type.",
    example: "An ordinary message, without multipart/signed and without `smime.p7m`.",
};

pub(super) const NOT_ENCRYPTED: Entry = Entry {
    severity: Reject,
    clause: "RFC 8551 section 3",
    summary: "the message is not encrypted",
    causes: "It was sent without encryption.",
    hint: "Use `smime verify` for a signed message; ask the sender to encrypt if it should have \
        been.",
    sender: "Encrypt, with the receiver's certificate.",
    receiver: "Read it as it is, or verify its signature with `smime verify`.",
    administrator: "If it should have been encrypted, look at the rule that matched with `smime \
        policy check`.",
    example: "`smime decrypt` was given a message that is only signed.",
};

pub(super) const PROTOCOL_MISMATCH: Entry = Entry {
    severity: Warning,
    clause: "RFC 1847 section 2.1",
    summary: "the protocol parameter of multipart/signed does not name the type of the signature \
        part",
    causes: "An old or careless program wrote the Content-Type field.",
    hint: "Nothing; the signature itself decides.",
    sender: "Update the mail program; it should write `protocol=\"application/pkcs7-signature\"`.",
    receiver: "Nothing.",
    administrator: "Nothing, unless a gateway rewrites Content-Type fields.",
    example: "`protocol=\"application/x-pkcs7-signature\"` beside a part of type \
        application/pkcs7-signature.",
};

pub(super) const MICALG_MISMATCH: Entry = Entry {
    severity: Warning,
    clause: "RFC 8551 section 3.5.3.2",
    summary: "the micalg parameter does not name the digest that was used",
    causes: "An old or careless program wrote the Content-Type field.",
    hint: "Nothing; the digest named in the signature decides.",
    sender: "Update the mail program; it should write the digest that it uses.",
    receiver: "Nothing.",
    administrator: "Nothing, unless a gateway rewrites Content-Type fields.",
    example: "`micalg=sha1` over a signature that uses SHA-256.",
};

pub(super) const TYPE_MISMATCH: Entry = Entry {
    severity: Warning,
    clause: "RFC 8551 section 3.2.2",
    summary: "the smime-type parameter does not fit the content",
    causes: "An old or careless program wrote the Content-Type field.",
    hint: "Nothing; the content itself decides.",
    sender: "Update the mail program.",
    receiver: "Nothing.",
    administrator: "Nothing, unless a gateway rewrites Content-Type fields.",
    example: "`smime-type=enveloped-data` on a message that is signed.",
};

pub(super) const FROM_MISMATCH: Entry = Entry {
    severity: Reject,
    clause: "RFC 8550 section 3",
    summary: "the From address is not among the addresses of the signer's certificate",
    causes: "The message was sent from another account than the one the certificate was issued \
        for, the From field was rewritten by a list, or it is forged.",
    hint: "Compare the addresses in the detail; the sender needs a certificate for the address \
        that is in From.",
    sender: "Send from the address that your certificate holds, or get a certificate for the one \
        you send from.",
    receiver: "Compare the two addresses. If both are known to be the sender's, ask for a \
        certificate with both; if not, do not rely on the message.",
    administrator: "Issue one certificate for all of a user's addresses (`smime cert issue \
        ADDRESS...`); have lists keep the author in From.",
    example: "`From: sales@example.com`, signed with the certificate of alice@example.com.",
};

pub(super) const SENDER_DIFFERS: Entry = Entry {
    severity: Warning,
    clause: "RFC 8550 section 3",
    summary: "the Sender field, or the display name of From, shows another address",
    causes: "Mail sent on behalf of somebody, a mailing list, or an attempt to look like somebody \
        else.",
    hint: "Trust the address in From, which is the one that was compared with the certificate.",
    sender: "Leave addresses out of your display name.",
    receiver: "Go by the address in From, not by the name before it.",
    administrator: "Nothing; lists and assistants write Sender for good reasons.",
    example: "`From: \"boss@example.com\" <stranger@example.net>`.",
};

pub(super) const AUTHOR_UNKNOWN: Entry = Entry {
    severity: Warning,
    clause: "rule of this program",
    summary: "there is no From field to compare the signer's address with",
    causes: "A bare CMS object, such as a saved `smime.p7m`, says nothing about its author.",
    hint: "Give the whole message, or the address you expect with `--expect ADDRESS`.",
    sender: "Nothing.",
    receiver: "Verify the whole message, or say whom you expect with `--expect ADDRESS`.",
    administrator: "Have scripts hand over whole messages, not attachments taken out of them.",
    example: "`smime verify smime.p7m`, for an attachment that was saved on its own.",
};

pub(super) const ENVELOPE_FROM_MISMATCH: Entry = Entry {
    severity: Reject,
    clause: "RFC 5321 section 4.1.1.2",
    summary: "the envelope sender differs from the header From",
    causes: "A forwarder, mailing list or bounce address (VERP), or a forged From.",
    hint: "If such senders are expected, use `settings envelope-from warn` or the policy key \
        `envelope-from`.",
    sender: "Send with your own address as envelope sender, or ask the list to.",
    receiver: "Look who is who: the envelope sender is the last one that sent it, From is the \
        author.",
    administrator: "Where lists, forwarders and bounce addresses are expected, use `envelope-from \
        warn` in the settings or the rule.",
    example: "Envelope `list-bounces@example.org`, `From: alice@example.com`.",
};

pub(super) const UNSIGNED_CONTENT: Entry = Entry {
    severity: Reject,
    clause: "RFC 8551 section 3.5",
    summary: "the message holds content outside the signed part",
    causes: "A mailing list added a footer, or somebody put a signed message inside another to \
        borrow its signature.",
    hint: "Only the part named in the detail is signed. `smime inspect --part` takes it out.",
    sender: "Nothing: it was added after you signed.",
    receiver: "Rely on the signed part alone; `smime inspect --part PATH -o FILE` takes it out.",
    administrator: "Have the list or scanner wrap signed messages as they are, without text beside \
        them.",
    example: "A multipart/mixed of a signed message and a footer `Unsubscribe here`.",
};

pub(super) const PROTECTED_HEADER_MISMATCH: Entry = Entry {
    severity: Reject,
    clause: "RFC 9788 section 4",
    summary: "a header field outside differs from the protected one",
    causes: "A mailing list or gateway changed the field on the way, or somebody wants to look \
        like somebody else. Another author rejects; other fields are a warning.",
    hint: "Compare the two in the detail; what the author wrote is the protected one.",
    sender: "Nothing: your protected fields are intact inside.",
    receiver: "Believe the protected field. Another author outside than inside means that somebody \
        pretends.",
    administrator: "Have lists and gateways leave From and Subject of signed mail alone.",
    example: "Inside `Subject: Invoice 17`, outside `Subject: [list] Invoice 17`.",
};

pub(super) const NESTED_ENCRYPTION: Entry = Entry {
    severity: Info,
    clause: "RFC 8551 section 6",
    summary: "an encrypted part beside others, or inside another message, was not decrypted",
    causes: "An encrypted message was forwarded as an attachment, a mailing list added a footer, \
        or somebody hid ciphertext in a message to have it decrypted.",
    hint: "If it is to be read, take the part out with `smime inspect --part` and give it to \
        `smime decrypt`.",
    sender: "Forward the content, or encrypt the whole message anew for the reader.",
    receiver: "If you expect it, take the part out and decrypt it on its own; never quote what it \
        holds to somebody who sent it unasked.",
    administrator: "Nothing.",
    example: "An encrypted message that was forwarded as an attachment.",
};

pub(super) const CERTS_ONLY: Entry = Entry {
    severity: Reject,
    clause: "RFC 8551 section 3.8",
    summary: "the message only carries certificates; it signs nothing",
    causes: "Somebody sent certificates.",
    hint: "Import them with `smime cert import` or `smime trust add`.",
    sender: "Nothing, if you meant to send certificates; a signed message carries them too.",
    receiver: "Store them: `smime cert import FILE` for people, `smime trust add FILE` for CAs.",
    administrator: "Check a CA's fingerprint over another channel before it is trusted.",
    example: "A message with an attachment `smime.p7c`.",
};
