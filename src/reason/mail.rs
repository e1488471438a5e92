//! RFC 5322 and MIME: can the message be read the same way by everyone?

use super::Entry;
use super::Severity::{Reject, Warning};

pub(super) const NOT_MIME: Entry = Entry {
    severity: Reject,
    clause: "RFC 2045 section 4",
    summary: "the message does not conform to MIME",
    causes: "There is no `MIME-Version: 1.0` field although the message has Content-* fields or \
        8-bit lines, or a Content-Type or Content-Transfer-Encoding field cannot be parsed.",
    hint: "Have the program that writes the message add `MIME-Version: 1.0` and correct Content-* \
        fields.",
    sender: "Have the program add `MIME-Version: 1.0` before its Content-* fields, and declare a \
        character set for text that is not ASCII.",
    receiver: "Nothing: the message was not made by the rules, and only its author's program can \
        change that.",
    administrator: "Find the script or device that writes it; a policy passes such mail on \
        untouched (`policy.not-processed`), so nothing is lost meanwhile.",
    example: "A scanner sends `Content-Type: text/plain; charset=utf-8` without a `MIME-Version` \
        field.",
};

pub(super) const HEADER_MALFORMED: Entry = Entry {
    severity: Reject,
    clause: "RFC 5322 section 2.2",
    summary: "the message header cannot be parsed",
    causes: "A header line has no colon or no field name, or the header holds a NUL or a bare CR. \
        Over a signature or ciphertext also: white space before a colon, or two Content-Type fields \
        that differ.",
    hint: "Look at the line named in the detail; a program that builds the header by joining \
        strings usually wrote it.",
    sender: "Build the header with a mail library, and check that no value brings a line end of \
        its own.",
    receiver: "Save the message as the server has it (the raw source, no mailbox file) and try \
        again.",
    administrator: "If every message fails, look for a filter that puts a line without a colon, or \
        the `From ` line of a mailbox file, before the header.",
    example: "A message saved from a mailbox file, whose first line is `From sender@example.com \
        Mon Jan 12 10:00:00 2026`.",
};

pub(super) const BOUNDARY_MISSING: Entry = Entry {
    severity: Reject,
    clause: "RFC 2046 section 5.1.1",
    summary: "a multipart entity has no boundary parameter, or its delimiter never occurs",
    causes: "The Content-Type field was rewritten or cut, or the body was replaced.",
    hint: "Compare the boundary parameter with the delimiter lines of the body.",
    sender: "Send the message again; if it happens each time, report it to the maker of the mail \
        program.",
    receiver: "Ask for the message again, sent as an attachment of another message so that no \
        filter rewrites it.",
    administrator: "Look for a filter that rewrites Content-Type or replaces bodies, and exempt \
        multipart/signed from it.",
    example: "`Content-Type: multipart/signed` without `boundary=`, or with a boundary that no \
        line of the body shows.",
};

pub(super) const BOUNDARY_UNTERMINATED: Entry = Entry {
    severity: Reject,
    clause: "RFC 2046 section 5.1.1",
    summary: "a multipart entity has no close delimiter",
    causes: "The message was truncated on its way, or a program forgot the final `--boundary--` \
        line.",
    hint: "Ask for the message again; compare its size with the sender's copy.",
    sender: "Send the message again, and split what is larger than the receiver's limit.",
    receiver: "Compare the size with the sender's copy; a download that broke off is fetched \
        again.",
    administrator: "Look for a size limit or a time-out that cuts messages, and for filters that \
        write no final delimiter.",
    example: "The body ends in the middle of the attachment, and `--boundary--` never comes.",
};

pub(super) const SIGNED_PART_COUNT: Entry = Entry {
    severity: Reject,
    clause: "RFC 1847 section 2.1",
    summary: "a multipart/signed entity does not have exactly two body parts",
    causes: "A mailing list or virus scanner added or removed a part inside the signed structure.",
    hint: "Have the intermediary wrap the message instead of changing the multipart/signed entity.",
    sender: "Nothing, if your copy in the folder of sent mail verifies: it was changed on the way.",
    receiver: "Ask for a copy that did not pass the list or scanner.",
    administrator: "Have the list or scanner leave multipart/signed alone, or wrap the whole \
        message as one part of its own.",
    example: "A list appends its footer as a third part behind `smime.p7s`.",
};

pub(super) const TRANSFER_ENCODING_INVALID: Entry = Entry {
    severity: Reject,
    clause: "RFC 2045 section 6",
    summary: "a Content-Transfer-Encoding is unknown, not allowed here, or its data cannot be \
        decoded",
    causes: "A composite part is labelled base64 or quoted-printable, or base64 data holds foreign \
        characters or was cut.",
    hint: "Look at the part named in the detail.",
    sender: "Label multipart and message/rfc822 parts 7bit, 8bit or binary, and encode leaf parts \
        with a library.",
    receiver: "Ask for the message again; `smime inspect` shows the part.",
    administrator: "Look for a gateway that recodes attachments, and exempt signed and encrypted \
        mail from it.",
    example: "`Content-Transfer-Encoding: base64` over lines with `%` in them, or on a multipart.",
};

pub(super) const BARE_LINE_FEED: Entry = Entry {
    severity: Warning,
    clause: "RFC 5322 section 2.3",
    summary: "lines end in LF, or in a mixture of LF and CRLF, where the standard has CRLF",
    causes: "The message was stored by a Unix program; its lines are read as if they ended in \
        CRLF.",
    hint: "Nothing, if the signature is valid.",
    sender: "Nothing: mail programs put CRLF in place when they send.",
    receiver: "Nothing, unless the signature fails too: then see the `smime.damage-` reason beside \
        it.",
    administrator: "Nothing; a file on a Unix machine usually has LF.",
    example: "A message that was written with `cat > message.eml`.",
};

pub(super) const LINE_TOO_LONG: Entry = Entry {
    severity: Warning,
    clause: "RFC 5322 section 2.1.1",
    summary: "a line is longer than 998 octets",
    causes: "A program wrote HTML or data on one line without encoding it; relays may break it, \
        and with it a signature.",
    hint: "Encode the part as quoted-printable or base64.",
    sender: "Encode the part as quoted-printable or base64, which `smime sign` does for what it \
        signs.",
    receiver: "Nothing, if the signature is valid.",
    administrator: "Find relays that break long lines, before somebody's signature does.",
    example: "An HTML newsletter that is one line of 40,000 characters.",
};

pub(super) const NESTING_TOO_DEEP: Entry = Entry {
    severity: Reject,
    clause: "limit of this program",
    summary: "entities are nested too deeply, or there are too many of them",
    causes: "A mail loop that forwards as attachment again and again, or an attack.",
    hint: "See LIMITS in smime(1).",
    sender: "Forward only the last message, not a chain of forwards.",
    receiver: "Do not open it in another program to get at its inside.",
    administrator: "Look for a mail loop in the Received fields; the limits are fixed, see LIMITS \
        in smime(1).",
    example: "A bounce that holds a bounce that holds a bounce, 70 deep.",
};

pub(super) const MULTIPLE_FROM: Entry = Entry {
    severity: Reject,
    clause: "RFC 5322 section 3.6",
    summary: "the header has no usable From field, or more than one, or one with several mailboxes",
    causes: "A forged message that shows one author to the recipient and another to the program, \
        or a broken generator.",
    hint: "Have the sender use exactly one From field with one mailbox.",
    sender: "Write one From field with one mailbox; who else signs the letter can stand in the \
        text.",
    receiver: "Do not rely on the name that your mail program shows: another program shows another \
        one.",
    administrator: "Have the mail server refuse messages with several From fields, as RFC 5322 \
        allows none.",
    example: "`From: alice@example.com` followed by a second line `From: bob@example.com`.",
};
