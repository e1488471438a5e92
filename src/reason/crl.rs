//! RFC 5280 section 6.3: revocation.

use super::Entry;
use super::Severity::Reject;

pub(super) const REVOKED: Entry = Entry {
    severity: Reject,
    clause: "RFC 5280 section 6.3",
    summary: "the certificate is revoked",
    causes: "Its key was lost or stolen, its owner left, or another certificate took its place; \
        the detail has date and reason.",
    hint: "Do not rely on the certificate. Its owner needs a new one.",
    sender: "Get a new certificate and sign anew; do not use the old key again.",
    receiver: "Do not rely on new mail; mail from before the date of the revocation may be judged \
        at its own time.",
    administrator: "Remove the certificate, so that nobody encrypts to it.",
    example: "A laptop was stolen, and its certificate revoked the same day.",
};

pub(super) const UNAVAILABLE: Entry = Entry {
    severity: Reject,
    clause: "RFC 5280 section 6.3",
    summary: "no CRL tells whether the certificate is revoked",
    causes: "The issuer's CRL is neither in the keystore, nor given, nor in the message, or it \
        covers other certificates only. A warning under `soft`.",
    hint: "Get the CRL from the address in the certificate, and store it with `smime crl add` or \
        give it with `--crl FILE`.",
    sender: "Nothing.",
    receiver: "Get the CRL and give it with `--crl FILE`.",
    administrator: "Fetch CRLs by a timer and store them with `smime crl add`; or use `revocation \
        soft`.",
    example: "`revocation hard`, and no CRL of the partner's CA was ever stored.",
};

pub(super) const STALE: Entry = Entry {
    severity: Reject,
    clause: "RFC 5280 section 5.1.2.5",
    summary: "the CRL is out of date, so a later revocation would not be on it",
    causes: "Nobody fetched the issuer's next CRL, or the issuer stopped issuing them; \
        `next-update` says when it was due. A warning under `soft`.",
    hint: "Get the newest CRL and store it with `smime crl add`; for the local CA, run `smime ca \
        crl`.",
    sender: "Nothing.",
    receiver: "Get the newest CRL and give it with `--crl FILE`.",
    administrator: "Have a timer fetch CRLs more often than they end; for the local CA it runs \
        `smime ca crl`.",
    example: "The next update was due on Sunday.",
};

pub(super) const SIGNATURE_INVALID: Entry = Entry {
    severity: Reject,
    clause: "RFC 5280 section 6.3.3 (g)",
    summary: "the signature of the CRL is not valid under its issuer's key",
    causes: "The file was damaged, the issuer has a new key that is not known here, or somebody \
        made the CRL up. A warning under `soft`.",
    hint: "Fetch the CRL again; if the issuer has a new certificate, add it.",
    sender: "Nothing.",
    receiver: "Fetch the CRL again.",
    administrator: "If the CA has a new key, add its new certificate.",
    example: "The download of a CRL broke off.",
};

pub(super) const ISSUER_NOT_CRL_SIGNER: Entry = Entry {
    severity: Reject,
    clause: "RFC 5280 section 6.3.3 (f)",
    summary: "the issuer of the CRL may not sign CRLs, or has no valid certificate for it",
    causes: "The certificate of the signer lacks the key usage cRLSign, is missing, or has no path \
        to the trust anchor of the certificate in question. A warning under `soft`.",
    hint: "Give the certificate of the CRL's signer with `--untrusted FILE`, or ask the CA about \
        its CRLs.",
    sender: "Nothing.",
    receiver: "Give the certificate of the CRL's signer with `--untrusted FILE`.",
    administrator: "Ask the CA which certificate signs its CRLs, and whether it has cRLSign.",
    example: "A CA certificate with keyCertSign and without cRLSign signs its own CRL.",
};
