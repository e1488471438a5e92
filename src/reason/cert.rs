//! RFC 5280 and 8550: a certificate by itself.

use super::Entry;
use super::Severity::{Info, Reject};

pub(super) const ENCODING_INVALID: Entry = Entry {
    severity: Reject,
    clause: "RFC 5280 section 4.1",
    summary: "the certificate cannot be decoded",
    causes: "The file was damaged, or the program that issued it does not encode by DER.",
    hint: "Ask for the certificate again.",
    sender: "Export the certificate again.",
    receiver: "Ask for the certificate again, as a file and not as text in a message.",
    administrator: "If all of a CA's certificates fail, tell its operator: DER is required.",
    example: "A PEM file in which a mail program wrapped a line.",
};

pub(super) const VERSION_UNSUPPORTED: Entry = Entry {
    severity: Reject,
    clause: "RFC 5280 section 4.1.2.1",
    summary: "the certificate is not of X.509 version 3",
    causes: "An old CA, or a script that makes certificates without extensions.",
    hint: "Have the certificate issued anew.",
    sender: "Get a certificate of version 3.",
    receiver: "Ask for another certificate.",
    administrator: "With openssl, give extensions (`-addext`), which makes it version 3.",
    example: "`openssl x509 -req` without `-extfile`.",
};

pub(super) const NOT_YET_VALID: Entry = Entry {
    severity: Reject,
    clause: "RFC 5280 section 4.1.2.5",
    summary: "the certificate is not valid yet",
    causes: "A clock is wrong, or the certificate was issued for later.",
    hint: "Check the clock of this machine; see the dates in the detail.",
    sender: "Wait until it is valid, or have it issued anew.",
    receiver: "Check the date and time zone of this machine.",
    administrator: "Have clocks set by NTP; let the CA date certificates back by some minutes.",
    example: "`notBefore` is tomorrow.",
};

pub(super) const EXPIRED: Entry = Entry {
    severity: Reject,
    clause: "RFC 5280 section 4.1.2.5",
    summary: "the certificate has expired",
    causes: "It was not renewed in time, or the message is old.",
    hint: "Renew the certificate; to judge old mail at its own time, use `--time`.",
    sender: "Renew the certificate and send the message again.",
    receiver: "Mail from when it was valid: judge it then, with `--time RFC3339`. New mail: ask \
        the sender to renew.",
    administrator: "List what expires (`smime cert list --expiring 30`) and renew in time (`smime \
        cert renew --expiring 30`).",
    example: "A message signed today with a certificate that ended last week.",
};

pub(super) const CRITICAL_EXTENSION_UNKNOWN: Entry = Entry {
    severity: Reject,
    clause: "RFC 5280 section 4.2",
    summary: "the certificate has a critical extension that is not understood",
    causes: "The certificate is made for another purpose, or its CA uses rare features.",
    hint: "See the extension named in the detail.",
    sender: "Get a certificate for mail.",
    receiver: "Ask for another certificate.",
    administrator: "Ask the CA why it marks the extension as critical.",
    example: "A private extension with `critical`.",
};

pub(super) const KEY_USAGE_FORBIDS_SIGNING: Entry = Entry {
    severity: Reject,
    clause: "RFC 8550 section 4.4.2",
    summary: "the key usage of the certificate does not allow signing messages",
    causes: "It is an encryption certificate.",
    hint: "Use the signing certificate of the pair.",
    sender: "Choose the signing certificate in the mail program.",
    receiver: "Ask the sender to sign with the other certificate of the pair.",
    administrator: "Issue pairs with `--usage sign` and `--usage encrypt`, or one certificate for \
        both.",
    example: "A signature made with the certificate whose key usage is keyEncipherment.",
};

pub(super) const KEY_USAGE_FORBIDS_ENCRYPTION: Entry = Entry {
    severity: Reject,
    clause: "RFC 8550 section 4.4.2",
    summary: "the key usage of the certificate does not allow encrypting to it",
    causes: "It is a signing certificate.",
    hint: "Ask for the encryption certificate of the pair.",
    sender: "Ask the receiver for the encryption certificate.",
    receiver: "Send the certificate that is meant for encryption.",
    administrator: "Import both certificates of the pair.",
    example: "A partner's certificate with the key usage digitalSignature alone.",
};

pub(super) const EXTENDED_KEY_USAGE_FORBIDS_MAIL: Entry = Entry {
    severity: Reject,
    clause: "RFC 8550 section 4.4.4",
    summary: "the extended key usage of the certificate does not include mail",
    causes: "It is a certificate for a web server, for code or for logging in.",
    hint: "Have a certificate issued with emailProtection.",
    sender: "Get a certificate for mail (emailProtection).",
    receiver: "Ask for a certificate for mail.",
    administrator: "Have the CA's template include emailProtection.",
    example: "The certificate of a web server, with serverAuth alone.",
};

pub(super) const ADDRESS_MISSING: Entry = Entry {
    severity: Reject,
    clause: "RFC 8550 section 3",
    summary: "the certificate holds no mail address",
    causes: "It was issued for a person, server or organization without an address.",
    hint: "Have a certificate issued with the address in subjectAltName.",
    sender: "Get a certificate that holds your address.",
    receiver: "Ask for a certificate with the address in it.",
    administrator: "Have the CA's template put the address into subjectAltName.",
    example: "`CN=Alice Example`, and no address anywhere.",
};

pub(super) const ADDRESS_MISMATCH: Entry = Entry {
    severity: Reject,
    clause: "RFC 8550 section 3",
    summary: "the certificate does not hold the address that was asked for",
    causes: "The certificate was issued for another address of the same person, or for somebody \
        else.",
    hint: "Compare the addresses in the detail; have a certificate issued for the address.",
    sender: "Get a certificate for the address.",
    receiver: "Compare the addresses; import under the address that the certificate holds.",
    administrator: "Issue certificates for all of a user's addresses.",
    example: "`smime cert import bob.pem --address robert@example.com`.",
};

pub(super) const WEAK_KEY: Entry = Entry {
    severity: Reject,
    clause: "RFC 8550 section 4.3",
    summary: "the key of the certificate is weak",
    causes: "It is an old certificate, or one of a device, or of a CA above it. Below 1024 bits \
        (RSA, DSA) or 224 bits (EC) it is refused, below 2048 bits or on P-224 it draws a warning.",
    hint: "Have a certificate with a longer key issued.",
    sender: "Make a new key of at least 2048 bits and get a certificate for it.",
    receiver: "Ask for a certificate with a stronger key.",
    administrator: "Re-issue old certificates; `smime cert renew SELECTOR --rekey` makes a new \
        key.",
    example: "RSA with 512 bits, from the 1990s.",
};

pub(super) const KEY_UNSUPPORTED: Entry = Entry {
    severity: Reject,
    clause: "RFC 8550 section 4.3",
    summary: "the public key of the certificate is of a kind that is not supported",
    causes: "It is of an algorithm outside the S/MIME standards, or on an unusual elliptic curve.",
    hint: "See the algorithm named in the detail; have a certificate for an RSA, P-256 or P-384 \
        key issued.",
    sender: "Get a certificate for an RSA, P-256 or P-384 key.",
    receiver: "Ask for such a certificate.",
    administrator: "Choose standard curves in the CA's template.",
    example: "An EC key on brainpoolP256r1.",
};

pub(super) const IS_CA: Entry = Entry {
    severity: Reject,
    clause: "RFC 5280 section 4.2.1.9",
    summary: "the certificate is that of a certification authority",
    causes: "A CA certificate was given where one of a person or system belongs.",
    hint: "Use `smime trust add FILE` to trust a CA.",
    sender: "Sign with your own certificate, not with your CA's.",
    receiver: "Add it as a CA if you trust it: `smime trust add FILE`.",
    administrator: "Give users certificates of their own.",
    example: "`smime cert import ca.pem`.",
};

pub(super) const KEY_MISMATCH: Entry = Entry {
    severity: Reject,
    clause: "RFC 5958 section 2",
    summary: "the private key does not belong to the certificate",
    causes: "Files of two identities were mixed.",
    hint: "Find the key whose public half is in the certificate.",
    sender: "Export certificate and key together, as one PKCS #12 file.",
    receiver: "Nothing.",
    administrator: "Compare the public keys: `openssl pkey -pubout` and `openssl x509 -pubkey` \
        must print the same.",
    example: "alice.key beside the certificate of bob.",
};

pub(super) const PROFILE_DEVIATION: Entry = Entry {
    severity: Info,
    clause: "CA/Browser Forum S/MIME Baseline Requirements section 7.1",
    summary: "the certificate deviates from the profile that public CAs keep",
    causes: "The CA is a private one, or older than the requirements; nothing is wrong with its \
        mail for that.",
    hint: "Nothing, to read its mail; whoever runs the CA can follow the section named in the \
        detail.",
    sender: "Nothing.",
    receiver: "Nothing.",
    administrator: "Whoever runs the CA: follow the section named in the detail if the \
        certificates are to be taken for public ones.",
    example: "A certificate of a company's own CA without a policy of the CA/Browser Forum.",
};

pub(super) const DUPLICATE: Entry = Entry {
    severity: Info,
    clause: "rule of this program",
    summary: "the certificate is stored already",
    causes: "It was imported or extracted before.",
    hint: "Nothing.",
    sender: "Nothing.",
    receiver: "Nothing.",
    administrator: "Nothing.",
    example: "The same file was imported twice.",
};
