//! What changed a message on its way, where a digest does not match.

use super::Entry;
use super::Severity::Warning;

pub(super) const LINE_ENDS: Entry = Entry {
    severity: Warning,
    clause: "RFC 8551 section 3.1.1",
    summary: "the digest is that of the same content with other line ends than CRLF",
    causes: "The sender's program signed before it made the line ends CRLF, or something on the \
        way put a second CR before them.",
    hint: "Ask the sender to have the program signed with canonical line ends; with `openssl`, \
        leave out `-binary`.",
    sender: "Sign the canonical form, in which each line ends in CRLF; with `openssl smime`, leave \
        out `-binary`.",
    receiver: "Ask for the message again, once the sender's program is changed.",
    administrator: "Look for a relay or script that puts CR before a CR that is there.",
    example: "`openssl cms -sign -binary` over a file with LF.",
};

pub(super) const FINAL_LINE_END: Entry = Entry {
    severity: Warning,
    clause: "RFC 2046 section 5.1.1",
    summary: "the digest matches if the line ends at the end of the signed content are changed",
    causes: "The sender's program counts the line end before the delimiter differently, or a relay \
        or list added or removed empty lines there.",
    hint: "Tell the sender's vendor, or the operator of the list, that the line end before a \
        delimiter belongs to the delimiter.",
    sender: "Tell the maker of the program that the line end before a delimiter does not belong to \
        the content.",
    receiver: "Ask for an opaque signature, which nothing can rewrap.",
    administrator: "Look for a list or filter that adds or removes empty lines at the end of \
        parts.",
    example: "A relay adds an empty line behind the signed part.",
};

pub(super) const TRAILING_SPACE: Entry = Entry {
    severity: Warning,
    clause: "RFC 8551 section 3.1.2",
    summary: "the digest matches if white space at the ends of lines is changed",
    causes: "A relay, a list or an editor removed white space at the ends of lines, or padded \
        lines with it.",
    hint: "Have the sender's program encode such lines as quoted-printable, as `smime sign` does; \
        have the relay leave bodies alone.",
    sender: "Send the text as quoted-printable, which keeps blanks at line ends.",
    receiver: "Verify the server's copy, not one that passed an editor.",
    administrator: "Have relays and virus scanners leave bodies alone.",
    example: "The signature delimiter `-- ` of a mail became `--`.",
};

pub(super) const FROM_ESCAPED: Entry = Entry {
    severity: Warning,
    clause: "RFC 4155 section 2",
    summary: "the digest matches if `>From ` at the start of lines becomes `From `, or the other \
        way round",
    causes: "The message was kept in a mailbox file, which escapes such lines, by the receiver or \
        by an archive or filter on the way.",
    hint: "Verify the message before it goes into a mailbox file, or use maildir; have the \
        sender's program encode such lines.",
    sender: "Send the text as quoted-printable with `=46rom `, as `smime sign` does.",
    receiver: "Verify before the message goes into a mailbox file, or keep mail as maildir.",
    administrator: "Verify in the mail server, before delivery escapes such lines.",
    example: "A line `From here on it rains.` became `>From here on it rains.`",
};

pub(super) const DOTS_DOUBLED: Entry = Entry {
    severity: Warning,
    clause: "RFC 5321 section 4.5.2",
    summary: "the digest matches if dots at the start of lines are doubled, or are no longer",
    causes: "A program on the way speaks SMTP badly: it adds the dot that protects a line and \
        nobody takes it off, or takes one off that nobody added.",
    hint: "Look at scripts and content filters that hand mail over by SMTP of their own; have them \
        use a library for it.",
    sender: "Hand mail to the server by a library for SMTP, or through sendmail.",
    receiver: "Ask for the message again, over another way.",
    administrator: "Look at scripts and content filters that speak SMTP of their own.",
    example: "A line `.profile` became `..profile`.",
};

pub(super) const LINES_WRAPPED: Entry = Entry {
    severity: Warning,
    clause: "RFC 5321 section 4.5.3.1.6",
    summary: "the digest matches if lines that were broken are joined again",
    causes: "A relay broke lines of more than 998 octets: Postfix goes on after a space, Sendmail \
        puts `!` at the end as well.",
    hint: "Have the sender's program encode long lines before it signs, as `smime sign` does.",
    sender: "Encode long lines before signing, as `smime sign` does.",
    receiver: "Ask for an opaque signature.",
    administrator: "Raise the limit of the relay, if it breaks lines shorter than 998 octets.",
    example: "Sendmail broke a line of HTML with `!` at its end.",
};

pub(super) const TRANSFER_ENCODING: Entry = Entry {
    severity: Warning,
    clause: "RFC 8551 section 3.1.3",
    summary: "the digest matches if parts are 8bit again that were encoded on the way",
    causes: "The sender signed 8-bit content, and a relay encoded it because the next one does not \
        announce 8BITMIME.",
    hint: "Have the sender's program sign in 7bit, as RFC 8551 asks for; have the relay that lacks \
        8BITMIME replaced.",
    sender: "Sign in 7bit: quoted-printable or base64 before signing.",
    receiver: "Ask for the message again, once the sender's program is changed.",
    administrator: "Find the relay without 8BITMIME; with Postfix, `disable_mime_output_conversion \
        = yes` keeps bodies as they are.",
    example: "A part in 8bit was signed, and arrives as quoted-printable.",
};

pub(super) const REWRAPPED: Entry = Entry {
    severity: Warning,
    clause: "RFC 1847 section 2.1",
    summary: "the digest matches if the lines of base64 or quoted-printable are broken elsewhere",
    causes: "A content filter or a store that takes messages apart, and puts them together again, \
        encoded the part anew.",
    hint: "Have the filter pass multipart/signed on as it is; virus scanners and mail stores \
        usually have a setting for it.",
    sender: "Use an opaque signature for this receiver.",
    receiver: "Verify the copy that the server got, before the filter.",
    administrator: "Have filters and mail stores pass multipart/signed on as it is.",
    example: "Base64 in lines of 76 characters arrives in lines of 72.",
};

pub(super) const TEXT_ADDED: Entry = Entry {
    severity: Warning,
    clause: "RFC 1847 section 2.1",
    summary: "the digest matches without text, or a part, that was added to what was signed",
    causes: "A mailing list appended a footer, or a gateway a disclaimer or a warning about \
        external mail.",
    hint: "Have the list or gateway leave signed messages alone, or put its text outside the \
        signed part.",
    sender: "Use an opaque signature for this list.",
    receiver: "Ask for a copy that did not pass the list or gateway.",
    administrator: "Exempt signed messages from footers, disclaimers and warnings about external \
        mail.",
    example: "`This message comes from outside the company` stands before the text.",
};

pub(super) const PART_HEADER: Entry = Entry {
    severity: Warning,
    clause: "RFC 1847 section 2.1",
    summary: "the digest matches if the header of a part is written differently",
    causes: "A gateway or a mail store parsed the part and wrote its header anew, with other \
        folding, quotes, case or order.",
    hint: "Have the gateway pass multipart/signed on as it is; where that cannot be had, ask the \
        sender for opaque signatures (`smime sign --opaque`).",
    sender: "Use an opaque signature for this receiver.",
    receiver: "Verify the copy that the server got, before it was taken apart.",
    administrator: "Have the gateway or store keep multipart/signed as it came.",
    example: "`charset=utf-8` became `charset=\"utf-8\"`.",
};

pub(super) const MULTIPART: Entry = Entry {
    severity: Warning,
    clause: "RFC 2046 section 5.1.1",
    summary: "the digest matches if the text before the first part of a multipart, or behind its \
        last, is changed",
    causes: "A gateway or a mail store took the multipart apart and put it together with another \
        preamble or epilogue.",
    hint: "Have the gateway pass multipart/signed on as it is; where that cannot be had, ask the \
        sender for opaque signatures (`smime sign --opaque`).",
    sender: "Use an opaque signature for this receiver.",
    receiver: "Verify the copy that the server got, before it was taken apart.",
    administrator: "Have the gateway or store keep multipart/signed as it came.",
    example: "`This is a multi-part message in MIME format.` was dropped.",
};

pub(super) const TABS: Entry = Entry {
    severity: Warning,
    clause: "RFC 2049 section 3",
    summary: "the digest matches if spaces become tabs, or tabs become spaces",
    causes: "An editor, a terminal or a gateway between character sets replaced them.",
    hint: "Do not copy signed messages through an editor or terminal; have the sender's program \
        encode tabs.",
    sender: "Send text with tabs as quoted-printable.",
    receiver: "Verify the file that the server stores, not one that was copied from a window.",
    administrator: "Look for a gateway that expands tabs.",
    example: "A message pasted from a terminal has eight blanks for each tab.",
};

pub(super) const NUL_REMOVED: Entry = Entry {
    severity: Warning,
    clause: "RFC 2045 section 2.7",
    summary: "the digest matches with a NUL in the content",
    causes: "The sender signed a NUL, which no message may hold outside an encoding, and a relay \
        removed it.",
    hint: "Have the sender's program encode such content as base64.",
    sender: "Send such content as base64.",
    receiver: "Ask for the message again, once the sender's program is changed.",
    administrator: "Nothing: the relay is right to remove it.",
    example: "A log file with a zero byte was sent as 8bit text.",
};
