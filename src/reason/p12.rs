//! RFC 7292: PKCS #12 files.

use super::Entry;
use super::Severity::Reject;

pub(super) const WRONG_PASSPHRASE: Entry = Entry {
    severity: Reject,
    clause: "RFC 7292 section 4",
    summary: "the passphrase does not open the PKCS #12 file",
    causes: "A wrong passphrase, or one typed in another character set.",
    hint: "Give the file's own passphrase with `--file-passphrase-file` or \
        `SMIME_FILE_PASSPHRASE`.",
    sender: "Tell the passphrase over another channel, letter for letter.",
    receiver: "Type the passphrase of the file, not that of the keystore.",
    administrator: "In scripts, give it with `--file-passphrase-file FILE`.",
    example: "The file's passphrase is the one that was chosen when it was exported from Outlook.",
};

pub(super) const MAC_INVALID: Entry = Entry {
    severity: Reject,
    clause: "RFC 7292 section 5.1",
    summary: "the integrity code of the PKCS #12 file does not match its content",
    causes: "The file was damaged or altered after it was written.",
    hint: "Export the file again.",
    sender: "Export the file again.",
    receiver: "Copy the file again, in binary mode.",
    administrator: "Nothing.",
    example: "A file that was changed by a transfer in text mode.",
};

pub(super) const CIPHER_UNSUPPORTED: Entry = Entry {
    severity: Reject,
    clause: "RFC 7292 appendix C",
    summary: "the PKCS #12 file uses an algorithm that is not supported",
    causes: "It was written by a very old or a special program.",
    hint: "See the algorithm named in the detail; export the file again with AES.",
    sender: "Export with AES-256.",
    receiver: "Import it in the program that wrote it, and export it anew.",
    administrator: "Nothing.",
    example: "A file whose keys are encrypted with an algorithm of its own.",
};

pub(super) const ENCODING_INVALID: Entry = Entry {
    severity: Reject,
    clause: "RFC 7292 section 4",
    summary: "the PKCS #12 file cannot be decoded",
    causes: "The file was damaged, or is not PKCS #12.",
    hint: "Export the file again.",
    sender: "Export the file again.",
    receiver: "Look whether it is PKCS #12: `smime inspect FILE`.",
    administrator: "Nothing.",
    example: "A web page that was saved in place of the download.",
};
